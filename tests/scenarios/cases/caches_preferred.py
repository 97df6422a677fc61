"""RTR caches in groups by preference: those of a lower number are used rather than the others, and a change of group
changes no verdict that the VRPs do not change."""
from daemon import OUR_PREFIX, OURS, VICTIM, VICTIM_PREFIX, VRPS
from router import blocks
from story import brief
from suite import edge, quick, right, scenario

INVALID = "64510 65551"
MORE = [("192.0.2.0/24", 24, 64497), ("2001:db8::/32", 48, VICTIM)]


def standing(w, *groups, rpki=None, **more):
    """A daemon with caches in groups, and an invalid route that stays where it is, in use and passed on."""
    d = w.daemon(vrps=None, start=False, **more)
    caches = [{"name": "cache%d%s" % (p, chr(97 + k)), "host": "127.0.0.1", "port": c.port, "preference": p * 10}
              for p, group in enumerate(groups) for k, c in enumerate(group)]
    d.configure(rpki=dict({"caches": caches, "switch_s": 2}, **(rpki or {})))
    d.start()
    d.until("all are in step", lambda: [r["status"] for r in d.show("rpki")] == ["in-step"] * len(caches))
    r = edge(d)
    r.carry(r.prov, VICTIM_PREFIX, INVALID, to=[r.lateral])
    d.until("critical", lambda: [x["severity"] for x in d.open("rov")] == ["critical"])
    d.quiet()
    return d, d.mark()


def in_use(d):
    return sorted(r["name"] for r in d.show("rpki") if r["in_use"])


def switched(d, *names):
    d.until("in use: %s" % ", ".join(names), lambda: in_use(d) == sorted(names))


def untouched(d, mark):
    """The route is where it was, and no ROA changed."""
    d.quiet()
    bad = [x for x in d.told(mark) if x["transition"] != "updated"]
    right("nothing is closed or opened, or unknown", not bad, brief(bad))
    right("it is open", len(d.open("rov")) == 1, brief(d.open()))


@quick
def preferred_cache_dies_and_comes_back(w):
    """The preferred cache dies, the other one is used and no route is judged otherwise; it comes back and is used again. What a
    standby says alone is not judged by, and counts when it is in use."""
    one, two = w.cache(VRPS + MORE), w.cache(VRPS + MORE + [("192.0.2.0/25", 25, 64511)])
    d, mark = standing(w, [one], [two])
    right("the preferred one is in use", in_use(d) == ["cache0a"], in_use(d))
    right("the standby is not", d.stats()["vrps_ipv4"] == len(VRPS) + 1, d.stats()["vrps_ipv4"])
    one.stop()
    switched(d, "cache1a")
    d.tells("rpki.group", mark)
    d.until("it counts", lambda: d.stats()["vrps_ipv4"] == len(VRPS) + 2)
    d.until("the loss is told", lambda: [x for x in d.open_troubles("rpki.lost") if "cache0a" in x["summary"]])
    untouched(d, mark)
    mark = d.mark()
    one.start()
    switched(d, "cache0a")
    d.until("the loss is over", lambda: not d.open_troubles("rpki."))
    d.until("as before", lambda: d.stats()["vrps_ipv4"] == len(VRPS) + 1)
    untouched(d, mark)
    one.change(announce=[(VICTIM_PREFIX, 24, 65551)])
    d.closes("rov")
    right("for RPKI", d.told(mark)[-1]["reason"] == "rpki", brief(d.told(mark)))


@scenario
def every_preference_dies(w):
    """Both caches die, one after the other: what was heard last stays in force."""
    one, two = w.cache(VRPS + MORE), w.cache(VRPS + MORE)
    d, mark = standing(w, [one], [two])
    d.restartable = False  # only the old process knows what the lost cache said
    one.stop()
    switched(d, "cache1a")
    two.stop()
    d.until("both losses are told", lambda: len(d.open_troubles("rpki.lost")) == 2)
    untouched(d, mark)
    right("still in use", in_use(d) == ["cache1a"], in_use(d))


@scenario
def next_group_has_not_all_yet(w):
    """The preferred cache dies while the other one has a quarter only: what the first one said stays in force, and that is told,
    until the other one has all."""
    rows = VRPS + [(p, 48, 64497) for p in blocks("2001:db8::/33", 48, 2000)]
    one, two = w.cache(rows), w.cache(rows[1500:])
    d, mark = standing(w, [one], [two])
    d.restartable = False  # only the old process knows what the lost cache said
    one.stop()
    d.until("it is told", lambda: [x for x in d.open_troubles("rpki.shrunken") if "preference 10" in x["summary"]])
    right("the first one's data is in force", in_use(d) == ["cache0a"], in_use(d))
    untouched(d, mark)
    two.change(announce=rows[:1500])
    switched(d, "cache1a")
    d.until("it is over", lambda: not d.open_troubles("rpki.shrunken"))
    untouched(d, mark)


@scenario
def preferred_cache_answers_in_part(w):
    """The preferred cache comes back with a quarter: the other one stays in use until it has all."""
    rows = VRPS + [(p, 48, 64497) for p in blocks("2001:db8::/33", 48, 2000)]
    one, two = w.cache(rows), w.cache(rows)
    d, mark = standing(w, [one], [two])
    one.stop()
    switched(d, "cache1a")
    one.restart(vrps=rows[1500:])
    d.until("it is told", lambda: [x for x in d.open_troubles("rpki.shrunken") if "cache0a" in x["summary"]])
    untouched(d, mark)
    right("the other one is in use", in_use(d) == ["cache1a"], in_use(d))
    one.change(announce=rows[:1500])
    switched(d, "cache0a")
    d.until("it is over", lambda: not d.open_troubles("rpki."))
    untouched(d, mark)


@scenario
def half_of_a_group_dies(w):
    """One of two caches of the preferred group dies: the group stays in use, with what the dead one said."""
    one, two = w.cache(VRPS), w.cache(VRPS + MORE)
    other = w.cache(VRPS + MORE + [("192.0.2.0/25", 25, 64511)])
    d, mark = standing(w, [one, two], [other])
    d.restartable = False  # only the old process knows what the lost cache said
    two.stop()
    d.until("told", lambda: [x for x in d.open_troubles("rpki.lost") if "cache0b" in x["summary"]])
    untouched(d, mark)
    right("the group is in use", in_use(d) == ["cache0a", "cache0b"], in_use(d))
    right("with all it said", d.stats()["vrps_ipv4"] == len(VRPS) + 1, d.stats()["vrps_ipv4"])
    one.stop()
    switched(d, "cache1a")
    untouched(d, mark)


@scenario
def cache_that_comes_and_goes(w):
    """The preferred cache comes and goes faster than switch_s: nothing is changed for it."""
    one, two = w.cache(VRPS + MORE), w.cache(VRPS)
    d, mark = standing(w, [one], [two], rpki={"switch_s": 6})
    for _ in range(3):
        n = len(one.queries)
        one.stop()
        d.until("lost", lambda: d.show("rpki")[0]["status"] == "lost")
        one.start()
        d.until("back", lambda n=n: len(one.queries) > n and d.show("rpki")[0]["status"] == "in-step")
    right("it is in use all the time", not [x for x in d.since(mark) if x.get("event") == "rpki.group"], brief(d.since(mark)))
    untouched(d, mark)


@scenario
def preferences_are_exchanged(w):
    """A reload exchanges the preferences: the other one is used, and nothing is judged otherwise."""
    one, two = w.cache(VRPS + MORE), w.cache(VRPS + MORE)
    d, mark = standing(w, [one], [two])
    rpki = d.options["rpki"]
    for c in rpki["caches"]:
        c["preference"] = 10 - c["preference"]
    d.reload(rpki=rpki)
    switched(d, "cache1a")
    untouched(d, mark)


@scenario
def preferred_cache_is_not_there_at_the_start(w):
    """The preferred cache is not there at the start: the other one is used when the sources had their time, and the data is whole."""
    one, two = w.cache(VRPS), w.cache(VRPS)
    one.stop()
    d = w.daemon(vrps=None, start=False, incidents={"settle_s": 3})
    d.configure(rpki={"caches": [{"name": "one", "host": "127.0.0.1", "port": one.port},
                                 {"name": "two", "host": "127.0.0.1", "port": two.port, "preference": 1}], "switch_s": 2})
    d.start()
    r = edge(d)
    r.carry(r.prov, VICTIM_PREFIX, INVALID)
    r.carry(r.prov, OUR_PREFIX, "64510 %d" % OURS)
    d.opens("rov")
    right("whole", {x["rpki_state"] for x in d.show("rpki")} == {"whole"}, d.show("rpki"))
    d.until("told", lambda: [x for x in d.open_troubles("rpki.missing") if "one" in x["summary"]])
    mark = d.mark()
    one.start()
    switched(d, "one")
    d.until("over", lambda: not d.open_troubles("rpki."))
    d.quiet()
    right("nothing is told of it", not d.told(mark), brief(d.told(mark)))
