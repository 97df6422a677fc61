"""The first day on a real table: what is wrong already is told as one, and from then on what is new."""
import json

from daemon import LARGE, VRPS
from router import blocks
from story import brief
from suite import edge, right, scenario

MANY = 3000  # prefixes of third parties that are invalid
NETWORKS = 700
FIRST = 4200000000  # their AS numbers are of nobody else
NEWS = "198.18.0.0/24"


def prefix(k):
    return "60.%d.%d.0/24" % (64 + k // 256, k % 256)


def holder(k):
    return FIRST + 100000 + k % 900


def origin(k):
    return FIRST + k % NETWORKS


def world():
    return VRPS + [(prefix(k), 24, holder(k)) for k in range(MANY)] + [(NEWS, 24, FIRST + 200000), ("198.18.1.0/24", 24, 64501)]


def fill(r, ks=range(MANY), upto="loc"):
    """Two neighbours send them; the path of an origin is always the same."""
    by = {}
    for k in ks:
        by.setdefault(origin(k), []).append(prefix(k))
    for asn, prefixes in by.items():
        side = r.prov if asn % 3 else r.lateral
        r.carry(side, prefixes, "%d %d" % (side.asn, asn), upto=upto)


def baseline(d, *words):
    p = d.command("baseline", *words, "-o", "json")
    right("bellman baseline works: " + p.stderr, p.returncode == 0)
    return json.loads(p.stdout)


def summaries(d, mark=0):
    return [x for x in d.told(mark) if x["scope"].startswith("baseline")]


def first_day(w, **more):
    d = w.daemon(vrps=world(), **more)
    r = edge(d, connect=False)
    fill(r)
    r.connect()
    d.until("it is told as one", lambda: summaries(d))
    return d, r


@scenario
def first_day_is_one_record(w):
    """Thousands of invalid routes of others, by hundreds of networks and two neighbours, are one record on the first day; bellman
    baseline says what they are."""
    d, r = first_day(w)
    d.quiet()
    told = d.told()
    right("one record", len(told) == 1, brief(told[:5]))
    right("with the count of all", told[0]["prefixes"]["count"] == MANY, told[0]["prefixes"])
    right("a warning", told[0]["severity"] == "warning", told[0]["severity"])
    right("by rule and neighbour", "rov.invalid.asn %d" % MANY in told[0]["summary"] and "AS64510" in told[0]["summary"], told[0]["summary"])
    b = baseline(d)
    right("all are known", (b["state"], b["prefixes"], b["networks"], b["routers"]) == ("taken", MANY, NETWORKS, 1), b)
    right("by rule", b["rules"] == [{"kind": "rov.invalid.asn", "prefixes": MANY}], b["rules"])
    right("by neighbour", sorted(x["as"] for x in b["neighbors"]) == [64509, 64510] and sum(x["prefixes"] for x in b["neighbors"]) == MANY, b["neighbors"])
    text = d.command("baseline").stdout
    right("as text, too", "taken" in text and "%d prefixes by %d networks, of 1 router;" % (MANY, NETWORKS) in text, text)


@scenario
def news_after_the_first_day(w):
    """A new prefix of an old origin, another origin of an old prefix, one of ours: each is told at once and by name, others are not."""
    d, r = first_day(w)
    d.quiet()
    mark = d.mark()
    r.carry(r.prov, NEWS, "64510 %d" % origin(1))
    d.until("the new prefix is named", lambda: [x for x in d.told(mark) if NEWS in x["summary"] and x["prefixes"]["count"] == 1], 6)
    mark = d.mark()
    r.carry(r.lateral, prefix(5), "64509 65551")
    d.until("the new origin is named", lambda: [x for x in d.told(mark) if "AS65551" in x["summary"] and prefix(5) in x["summary"]], 6)
    mark = d.mark()
    r.carry(r.prov, "203.0.113.0/24", "64510 %d" % origin(2))
    d.until("ours is critical", lambda: [x for x in d.told(mark, "hijack") if x["severity"] == "critical"], 6)
    d.quiet()
    mark = d.mark()
    r.drop(r.prov, prefix(7))
    r.drop(r.lateral, prefix(9))
    d.quiet()
    fill(r, (7, 9))
    d.quiet()
    right("what goes and comes back is no news", not d.told(mark), brief(d.told(mark)))
    r.drop(r.prov, NEWS)
    d.until("the new one is over", lambda: not [x for x in d.open("rov") if NEWS in x["summary"]])


@scenario
def further_than_on_the_first_day(w):
    """A filter lets an invalid route through that was known and filtered: that is news, and over when it is filtered again."""
    d = w.daemon(vrps=world())
    r = edge(d, connect=False)
    fill(r, upto="pre")
    r.connect()
    d.until("it is told as one", lambda: summaries(d))
    d.quiet()
    right("all are filtered", [x["severity"] for x in d.open()] == ["info"], brief(d.open()))
    mark = d.mark()
    fill(r, (11,), upto="loc")
    d.until("it is in use", lambda: [x for x in d.open("rov") if prefix(11) in x["summary"] and x["severity"] == "major"], 6)
    d.quiet()
    r.withdraw(r.loc, "loc", prefix(11))
    side = r.prov if origin(11) % 3 else r.lateral
    r.withdraw(side, "post", prefix(11))
    d.until("it is over", lambda: len(d.open()) == 1)
    right("told twice", len([x for x in d.told(mark) if x["transition"] == "opened"]) == 1, brief(d.told(mark)))


@scenario
def first_day_outlives_a_restart(w):
    """A restart, also by kill -9, tells none of it again, and what came meanwhile is told."""
    d, r = first_day(w)
    d.quiet()
    for kill in (False, True):
        mark = d.mark()
        r.close()
        d.restart(kill=kill)
        r.connect()
        d.quiet(8)
        right("a restart tells nothing", not d.told(mark), brief(d.told(mark)))
    mark = d.mark()
    r.close()
    d.restart()
    r.carry(r.prov, NEWS, "64510 %d" % origin(1))
    r.connect()
    d.until("what came meanwhile is told", lambda: [x for x in d.told(mark) if NEWS in x["summary"]])
    right("as the baseline", baseline(d)["prefixes"] == MANY, baseline(d))


@scenario
def second_router_is_compared(w):
    """Weeks later another router comes: of its table only what nobody knew is told."""
    d, r = first_day(w, incidents={"settle_s": 1})
    d.quiet(3)
    mark = d.mark()
    other = edge(d, "edge2", connect=False)
    fill(other)
    other.carry(other.prov, NEWS, "64510 %d" % origin(1))
    other.connect()
    d.until("what is new is told", lambda: [x for x in d.told(mark) if NEWS in x["summary"]])
    d.quiet()
    right("and nothing else", len(d.told(mark)) == 1, brief(d.told(mark)))


@scenario
def customers_are_news_on_the_first_day(w):
    """A customer's invalid route, and somebody's who takes a customer's prefix, are told by themselves."""
    d = w.daemon(vrps=world())
    r = edge(d, connect=False)
    fill(r)
    r.carry(r.cust, prefix(1), "64501")
    r.carry(r.prov, "198.18.1.0/24", "64510 65551")
    r.connect()
    d.until("it is told as one", lambda: summaries(d))
    d.until("the customer's is told", lambda: [x for x in d.open("rov") if x["origin"] == 64501])
    d.until("the customer's prefix is told", lambda: [x for x in d.open("rov") if x["origin"] == 65551 and "198.18.1.0/24" in x["summary"]])
    d.quiet()
    right("three", len(d.open()) == 3, brief(d.open()))


@scenario
def vrps_later_than_the_table(w):
    """The VRPs come when the table is long complete: still one record."""
    d = w.daemon(vrps=[], wait_rpki=False)
    r = edge(d, connect=False)
    fill(r)
    r.connect()
    d.quiet()
    d.set_vrps(world())
    d.until("it is told as one", lambda: summaries(d))
    d.quiet()
    right("one record", len(d.told()) == 1, brief(d.told()[:5]))


@scenario
def baseline_is_taken_anew(w):
    """bellman baseline reset takes what is there now: open incidents of others are closed as known, ours stay, and it is told."""
    d, r = first_day(w)
    d.quiet()
    r.carry(r.prov, NEWS, "64510 65551")
    r.carry(r.prov, "203.0.113.0/24", "64510 65550")
    d.opens("rov", where=lambda x: NEWS in x["summary"])
    d.opens("hijack")
    mark = d.mark()
    said = baseline(d, "reset", "--why", "they do not answer")
    right("it says so", "%d prefixes" % (MANY + 1) in said["said"], said)
    event = d.tells("baseline.reset", mark)[0]
    right("with who and why", event["details"]["why"] == "they do not answer" and "uid" in event["details"]["who"], event)
    d.until("closed as known", lambda: [x for x in d.told(mark) if x["transition"] == "closed" and x["reason"] == "baseline"])
    d.opens("hijack")
    d.quiet()
    mark = d.mark()
    r.drop(r.prov, NEWS)
    d.quiet()
    r.carry(r.prov, NEWS, "64510 65551")
    d.quiet()
    right("it is known now", not d.told(mark, "rov"), brief(d.told(mark)))
    right("resets are refused with words", d.command("baseline", "forget").returncode == 2)


@scenario
def few_on_the_first_day(w):
    """A few invalid routes of others are told one by one on the first day as on any other."""
    d = w.daemon(vrps=world())
    r = edge(d, connect=False)
    fill(r, range(4))
    r.connect()
    d.opens("rov", 4)
    d.quiet()
    right("no baseline", baseline(d)["prefixes"] == 0, baseline(d))


@scenario
def no_first_day(w):
    """incidents.baseline: off tells them as on any other day."""
    d = w.daemon(vrps=world(), incidents={"baseline": "off"})
    r = edge(d, connect=False)
    fill(r)
    r.connect()
    d.until("they are told", lambda: d.open("rov"))
    d.quiet()
    right("not as a first day", not summaries(d), brief(summaries(d)))
    right("nothing to take anew", "off" in d.command("baseline", "reset").stderr)


@scenario
def standing_leaks_that_flap_are_no_news(w):
    """What a stranger leaks since before the first day goes and comes back at once, with a prefix that is new behind him: nothing is
    told, and the baseline of leaks alone is a note. When he leaks others, too, all of it is."""
    leaks, new, others = blocks("70.0.0.0/16", 24, 30), "70.1.0.0/24", blocks("70.2.0.0/16", 24, 30)
    leaked = "64510 %d 4200000001 %d 4200000002" % tuple(LARGE[:2])
    d = w.daemon(vrps=VRPS, rules={"provider_free": LARGE})
    r = edge(d, connect=False)
    for k, prefix in enumerate(leaks):  # several leakers, so that they are many
        r.carry(r.prov, prefix, leaked if k > 9 else leaked.replace("4200000001", str(4200000010 + k)))
    r.connect()
    told = d.until("it is told as one", lambda: summaries(d))
    right("a note", told[0]["severity"] == "notice", told)
    d.quiet()
    mark = d.mark()
    r.drop(r.prov, leaks[10:])
    for prefix in leaks[10:]:
        r.carry(r.prov, prefix, leaked)
    r.carry(r.prov, new, "64510 4200000001 4200000003")
    d.quiet(5)
    right("nothing is told", not d.told(mark), brief(d.told(mark)))
    r.carry(r.prov, others, leaked)
    r.carry(r.prov, "70.1.1.0/24", "64510 4200000001 4200000003")
    d.until("all of it is", lambda: [x for x in d.open("leak") if x["prefixes"]["count"] == 31], 8)
