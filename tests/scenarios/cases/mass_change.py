"""Changes of VRPs that would turn a great part of the table invalid: tried out first, told as one, held back for a while."""
from daemon import OUR_PREFIX, OURS, VICTIM, VICTIM_PREFIX, VRPS
from router import Router, blocks
from story import brief
from suite import edge, quick, right, scenario

MANY = blocks("2001:db8::/33", 48, 2400)
MISTAKE = ("2001:db8::/32", 48, 64499)  # no wider than others are


def table(d, prefixes=None, origin=None):
    """A router with many routes of as many networks, that no VRP covers."""
    r = edge(d)
    prefixes = MANY if prefixes is None else prefixes
    for k in range(0, len(prefixes), 100):
        r.carry(r.prov, prefixes[k:k + 100], "64510 %d" % (origin or 4200000000 + k))
    r.carry(r.prov, VICTIM_PREFIX, "64510 64496")
    d.quiet()
    right("nothing is told at first", not d.told() and not d.open_troubles("rpki"), brief(d.records))
    return r


def held(d, mark=0, kind="rpki.mass-change"):
    """The one incident of it; nothing follows."""
    d.alarms(kind, mark)
    d.quiet()
    right("nothing is told of routes", not d.told(mark), brief(d.told(mark)))
    now = d.open_troubles(kind)
    right("one incident", len(now) == 1, brief(now))
    return now[0]


@quick
def narrow_vrp_against_thousands(w):
    """A new VRP, no wider than others, would turn 2400 routes invalid: one incident that names it and their number; the VRP goes: it
    closes, and for that reason."""
    d = w.daemon()
    table(d)
    d.set_vrps(VRPS + [MISTAKE])
    i = held(d)
    right("the VRP and how many", "2001:db8::/32 AS64499" in i["summary"] and " 2400 routes" in i["summary"], i["summary"])
    right("major", i["severity"] == "major", i["severity"])
    right("it is not in force", d.show("rpki", MANY[0], "64500")[0]["state"] == "not-found")
    right("one is held back", d.show("rpki")[0]["vrps_held_back"] == 1, d.show("rpki"))
    d.set_vrps(VRPS)
    d.until("it is over", lambda: not d.open_troubles("rpki"))
    right("since it is gone", "no longer say it" in d.troubles()[-1]["summary"], d.troubles()[-1]["summary"])
    d.quiet()
    right("nothing was told of routes", not d.told(), brief(d.told()))


@scenario
def mass_change_is_let_in_after_its_time(w):
    """What is still there after rpki.hold_s is meant so: let in, the incident closes, and what follows is told as one."""
    d = w.daemon(start=False)
    d.configure(rpki={"files": [d.vrp_file], "hold_s": 6})
    d.start()
    table(d)
    d.set_vrps(VRPS + [MISTAKE])
    held(d)
    d.until("it is over", lambda: not d.open_troubles("rpki"), 20)
    right("since its time is over", "in force" in d.troubles()[-1]["summary"], d.troubles()[-1]["summary"])
    d.until("the routes are told", lambda: sum(x["prefixes"]["count"] for x in d.open("rov")) == 2400)
    opened = [x for x in d.told() if x["transition"] == "opened"]
    right("few openings", len(opened) <= 9, "%d openings" % len(opened))


@scenario
def reload_lets_in_a_mass_change(w):
    """hold_s: 0 and a reload let in at once what is held back; max_invalid: 0 holds back nothing of the kind."""
    d = w.daemon()
    table(d)
    d.set_vrps(VRPS + [MISTAKE])
    held(d)
    d.reload(rpki={"files": [d.vrp_file], "hold_s": 0})
    d.opens("rov", what="let in", where=lambda x: x["prefixes"]["count"] == 2400)
    d.set_vrps(VRPS)
    d.closes()
    d.reload(rpki={"files": [d.vrp_file], "max_invalid": 0})
    mark = d.mark()
    d.set_vrps(VRPS + [MISTAKE])
    d.until("told as what it does", lambda: sum(x["prefixes"]["count"] for x in d.open("rov")) == 2400)
    right("nothing is held back", not d.troubles(mark), brief(d.troubles(mark)))


@scenario
def max_length_is_cut(w):
    """A VRP gives way to one with a shorter maximal length, and all that it made valid would be invalid: the end of the old one waits."""
    d = w.daemon(vrps=VRPS + [("2001:db8::/32", 48, 64497)])
    table(d, origin=64497)
    d.set_vrps(VRPS + [("2001:db8::/32", 32, 64497)])
    i = held(d)
    right("it is the end that does it", "end of a VRP for 2001:db8::/32 AS64497" in i["summary"] and " 2400 routes" in i["summary"], i["summary"])
    right("still valid", d.show("rpki", MANY[0], "64497")[0]["state"] == "valid")
    d.set_vrps(VRPS + [("2001:db8::/32", 48, 64497)])
    d.until("it is over", lambda: not d.open_troubles("rpki"))
    d.quiet()
    right("nothing was told of routes", not d.told(), brief(d.told()))


@scenario
def many_narrow_vrps_at_once(w):
    """2400 new VRPs, each of which turns one route invalid, beside some that hurt nobody: those are held back, these are in force."""
    d = w.daemon()
    table(d)
    harmless = [("192.0.2.%d/32" % k, 32, 64497) for k in range(20)]
    d.set_vrps(VRPS + harmless + [(p, 48, 0) for p in MANY])
    i = held(d)
    right("how many", "2399 more" in i["summary"] and " 2400 routes" in i["summary"], i["summary"])
    right("the harmless are in force", d.stats()["vrps_ipv4"] == 22, d.stats()["vrps_ipv4"])
    right("the others are not", d.stats()["vrps_ipv6"] == 0, d.stats()["vrps_ipv6"])


@scenario
def ordinary_news_beside_a_mass_change(w):
    """With the VRP that is held back comes an ordinary one, which makes one route invalid: that is told at once, and so is a hijack."""
    d = w.daemon()
    r = table(d)
    d.set_vrps([(OUR_PREFIX, 24, OURS), (VICTIM_PREFIX, 24, 64498), MISTAKE])
    d.opens("rov")
    d.alarms("rpki.mass-change")
    right("that one only", [x["prefixes"]["examples"] for x in d.open("rov")] == [[VICTIM_PREFIX]], brief(d.open()))
    r.carry(r.lateral, "203.0.113.128/25", "64509 65551")
    d.opens("hijack")
    d.set_vrps(VRPS)
    d.closes("rov")
    d.until("it is over", lambda: not d.open_troubles("rpki"))


@scenario
def news_while_a_mass_change_is_held(w):
    """Ordinary changes of VRPs go on while one is held back, and its number stays what it was."""
    d = w.daemon()
    table(d)
    d.set_vrps(VRPS + [MISTAKE])
    held(d)
    mark = d.mark()
    d.set_vrps([(OUR_PREFIX, 24, OURS), (VICTIM_PREFIX, 24, 64498), MISTAKE])
    d.opens("rov")
    d.set_vrps(VRPS + [MISTAKE])
    d.closes("rov")
    right("nothing new of the first", not d.troubles(mark), brief(d.troubles(mark)))


@scenario
def mass_change_that_hits_us(w):
    """Our own announcements are among the routes that would be invalid: critical, told at once, how many of ours and which."""
    ours = ["2001:db8:1000::/48", "2001:db8:1001::/48"]
    d = w.daemon(own={"asns": [OURS], "prefixes": [{"prefix": OUR_PREFIX}] + [{"prefix": p} for p in ours]})
    r = table(d)
    for p in ours:
        r.route(r.loc, "loc", p, "")
        r.route(r.prov, "out-post", p, "64500")
    d.quiet()
    d.set_vrps(VRPS + [MISTAKE])
    i = held(d)
    right("critical", i["severity"] == "critical", i["severity"])
    right("how many, and which", ", 2 of ours (%s, %s)" % tuple(ours) in i["summary"], i["summary"])


@scenario
def default_vrp_that_hits_us(w):
    """The same for a VRP of 0.0.0.0/0, which is held back for being what it is, whatever it would do."""
    d = w.daemon(vrps=[(VICTIM_PREFIX, 24, VICTIM)])
    r = edge(d)
    r.route(r.loc, "loc", OUR_PREFIX, "")
    r.route(r.prov, "out-post", OUR_PREFIX, "64500")
    r.carry(r.prov, "192.0.2.0/24", "64510 64497")
    d.quiet()
    d.set_vrps([(VICTIM_PREFIX, 24, VICTIM), ("0.0.0.0/0", 0, 64499)])
    d.until("ours is named", lambda: [x for x in d.open_troubles("rpki.default-vrp") if x["severity"] == "critical"])
    i = held(d, kind="rpki.default-vrp")
    right("which", "2 routes" in i["summary"] and ", 1 of ours (%s)" % OUR_PREFIX in i["summary"], i["summary"])


@scenario
def less_than_a_mass(w):
    """900 routes are no mass: their incident is opened at once, and nothing is held back."""
    d = w.daemon()
    table(d, MANY[:900])
    d.set_vrps(VRPS + [MISTAKE])
    d.until("the routes are told", lambda: sum(x["prefixes"]["count"] for x in d.open("rov")) == 900)
    right("nothing is held back", not d.troubles(), brief(d.troubles()))


@scenario
def number_of_workers_changes_no_number(w):
    """Four routers with 900 routes each, the same ones or others, on one worker or on four: no table has more than 1000, nothing is
    held back. One has 1200: it is, and that is the number."""
    for workers in (1, 4):
        d = w.daemon(workers=workers)
        routers = [edge(d, "edge%d" % k, source="127.0.0.%d" % (10 + k)) for k in range(4)]
        for k, r in enumerate(routers):
            r.carry(r.prov, MANY[300 * k:300 * k + 900], "64510 64497")
        d.quiet()
        d.set_vrps(VRPS + [MISTAKE])
        d.until("the routes are told", lambda: sum(x["prefixes"]["count"] for x in d.open("rov")) == 1800)
        right("nothing is held back", not d.troubles(), brief(d.troubles()))
        d.set_vrps(VRPS)
        d.closes()
        routers[2].carry(routers[2].prov, MANY[:300], "64510 64498")
        d.heard()
        mark = d.mark()
        d.set_vrps(VRPS + [MISTAKE])
        i = held(d, mark)
        right("1200 with %d workers" % workers, " 1200 routes" in i["summary"], i["summary"])


@scenario
def mass_change_by_a_cache(w):
    """The same by a delta of an RTR cache; the cache takes it back with the next one."""
    c = w.cache(VRPS)
    d = w.daemon(vrps=None, caches=[c])
    table(d)
    c.change(announce=[MISTAKE])
    i = held(d)
    right("the cache is named", "RPKI cache cache1" in i["summary"], i["summary"])
    c.change(withdraw=[MISTAKE])
    d.until("it is over", lambda: not d.open_troubles("rpki"))
    d.quiet()
    right("nothing was told of routes", not d.told(), brief(d.told()))


@scenario
def mass_change_while_a_router_is_away(w):
    """The router is back after the VRP was held back: its routes are told of by nobody; and the VRP goes while the router is away."""
    d = w.daemon()
    r = table(d)
    d.set_vrps(VRPS + [MISTAKE])
    held(d)
    r.close()
    d.until("its loss is noticed", lambda: [x for x in d.records if x.get("event") == "session.down"])
    d.set_vrps(VRPS)
    d.until("it is over", lambda: not d.open_troubles("rpki"))
    r.connect()
    d.quiet()
    right("nothing was told of routes", not d.told(), brief(d.told()))


@scenario
def mass_change_over_a_restart(w):
    """The collector is stopped, or killed, while a VRP is held back: it stays so, for the time that is left, and nothing is told anew."""
    for kill in (False, True):
        d = w.daemon(start=False)
        d.configure(rpki={"files": [d.vrp_file], "hold_s": 25})
        d.start()
        r = table(d)
        d.set_vrps(VRPS + [MISTAKE])
        first = held(d)
        mark = d.mark()
        r.close()
        d.restart(kill=kill)
        r.connect()
        d.quiet()
        right("nothing is told of routes", not d.told(mark), brief(d.told(mark)))
        right("nothing of the VRP", not d.troubles(mark, "rpki.mass"), brief(d.troubles(mark, "rpki.mass")))
        right("it is open", [x["summary"] for x in d.open_troubles("rpki.mass")] == [first["summary"]], brief(d.open_troubles()))
        right("it is not in force", d.show("rpki", MANY[0], "64500")[0]["state"] == "not-found")
        d.until("let in when its time is over", lambda: not d.open_troubles("rpki.mass"), 30)
        d.until("the routes are told", lambda: sum(x["prefixes"]["count"] for x in d.open("rov")) == 2400)


@scenario
def mass_change_goes_while_the_collector_is_away(w):
    """The VRP that is held back is gone when the collector is back: its incident closes, nothing of routes."""
    d = w.daemon()
    r = table(d)
    d.set_vrps(VRPS + [MISTAKE])
    held(d)
    r.close()
    d.stop()
    d.set_vrps(VRPS)
    d.start()
    d.until("it is over", lambda: not d.open_troubles("rpki.mass"))
    r.connect()
    d.quiet()
    right("nothing was told of routes", not d.told(), brief(d.told()))
