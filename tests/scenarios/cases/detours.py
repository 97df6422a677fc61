"""Direct ways that are left for long ones through strangers: leaks of which no network in the path proves anything."""
import itertools

from daemon import LARGE, OUR_PREFIX, OURS
from router import blocks
from story import brief
from suite import edge, quick, right, scenario

ONE = LARGE[0]
CONTENT = 65541  # everybody is next to it
RULES = {"provider_free": LARGE, "no_transit": [CONTENT]}
NOBODY = [("192.0.2.0/24", 24, 64499)]
DIRECT = "64510 %d 65536" % ONE
AROUND = "64510 65538 65540 65539 %d 65536" % ONE
EIGHT = blocks("198.51.100.0/25", 28, 8)


def explained(d, prefix):
    return " ".join(d.command("explain", prefix).stdout.split())


@quick
def direct_way_is_left(w):
    """A provider leaves a direct way for one through three strangers: one leak, mild for one prefix, graver for eight. A restart, and
    a BGP session that begins anew, tell nothing; two workers; repaired: replaced."""
    for prefixes, worst in ((EIGHT[:1], "notice"), (EIGHT, "warning")):
        d = w.daemon(vrps=NOBODY, rules=RULES, workers=2)
        r = edge(d)
        r.carry(r.prov, prefixes, DIRECT, to=[r.cust])
        d.quiet()
        right("quiet before", not d.told(), brief(d.told()))
        r.carry(r.prov, prefixes, AROUND, to=[r.cust])
        i = d.opens("leak.detour")[0]
        d.quiet()
        i = d.open()[0]
        right("one, %s" % worst, len(d.open()) == 1 and i["severity"] == worst, brief(d.open()))
        right("who leaks", i["summary"].startswith("AS65540 leaks"), i["summary"])
        right("what was left", (i["facts"]["direct_from_as"], i["facts"]["direct_to_as"]) == (64510, ONE), i["facts"])
        said = explained(d, prefixes[0])
        right("explained", "AS64510 to AS%d, left by this route, which goes over AS65540" % ONE in said and "TRUE leak.detour" in said, said)
        for kill in (False, True):
            mark = d.mark()
            r.close()
            d.restart(kill)
            r.connect()
            d.quiet()
            right("a restart tells nothing", not d.told(mark), brief(d.told(mark)))
        mark = d.mark()
        r.up(r.prov)
        r.carry(r.prov, prefixes, AROUND, to=[r.cust])
        r.tell_complete()
        d.quiet()
        right("another session tells nothing", not d.told(mark), brief(d.told(mark)))
        r.carry(r.prov, prefixes, DIRECT, to=[r.cust])
        d.closes()
        right("as replaced", d.told()[-1]["reason"] == "replaced", brief(d.told()[-1:]))
        said = explained(d, prefixes[0])
        right("and why not any more", "leak.detour: the path has 3 networks; a way around a direct one has 5 or more" in said, said)


@scenario
def direct_way_is_lost(w):
    """Failover, and what looks like a detour and is none: by one or two others, to who may be far, to another end, as a first route."""
    d = w.daemon(vrps=NOBODY, rules=RULES)
    r = edge(d)
    changes = (("64510 %d 65536" % ONE, "64510 65538 %d 65536" % ONE),
               ("64510 %d 65536" % ONE, "64510 65538 65538 65538 65538 65539 %d 65536" % ONE),
               ("64510 65537 65536", "64510 65538 65540 65539 65537 65536"),
               ("64510 %d 65536" % ONE, "64510 65538 65540 65539 %d 65537 65536" % ONE),
               ("64510 65538 65540 65539 %d 65536" % ONE, "64510 65538 65540 65539 65539 %d 65536" % ONE))
    for k, paths in enumerate(changes):
        for path in paths:
            r.carry(r.prov, blocks("2001:db8:%x::/40" % (k << 8), 48, 20), path, to=[r.cust])
    d.quiet()
    right("nothing is told", not d.told(), brief(d.told()))


@scenario
def long_way_for_a_moment(w):
    """A network looks for another way, and one through strangers is the first it finds: over before it is told."""
    d = w.daemon(vrps=NOBODY, rules=RULES, incidents={"hold_ms": 3000})
    r = edge(d)
    r.carry(r.prov, EIGHT, DIRECT, to=[r.cust])
    d.quiet()
    r.carry(r.prov, EIGHT, AROUND, to=[r.cust])
    r.carry(r.prov, EIGHT, "64510 65538 %d 65536" % ONE, to=[r.cust])
    d.quiet(5)
    right("nothing is told", not d.told(), brief(d.told()))


@scenario
def content_network_is_reached_by_strangers(w):
    """A peer had a prefix from a content network itself, and has it over three strangers: the second of them is named."""
    d = w.daemon(vrps=NOBODY, rules=RULES)
    r = edge(d)
    r.carry(r.lateral, EIGHT[0], "64509 %d" % CONTENT, to=[r.cust])
    r.carry(r.lateral, EIGHT[0], "64509 65538 65540 65539 %d" % CONTENT, to=[r.cust])
    i = d.opens("leak.detour")[0]
    right("who leaks", i["summary"].startswith("AS65540 leaks"), i["summary"])
    r.drop(r.lateral, EIGHT[0], to=[r.cust])
    d.closes()


@scenario
def what_is_ours_comes_back(w):
    """Our own prefix comes in from a peer over three strangers though he has a session with us: one leak, major or critical, and no
    hijack beside it. From a provider, or over a provider of ours, it is as it should be."""
    d = w.daemon(vrps=[(OUR_PREFIX, 24, OURS)], rules=RULES)
    r = edge(d)
    d.until("who our neighbours are is known", lambda: not d.open())
    d.quiet()
    for p, path in ((r.prov, "64510 65538 65540 64510 64500"), (r.lateral, "64509 65538 65540 64510 64500")):
        r.carry(p, OUR_PREFIX, path, upto="pre")
        d.quiet()
        right("nothing is told", not d.told(), brief(d.told()))
        r.drop(p, OUR_PREFIX, upto="pre")
    r.carry(r.lateral, OUR_PREFIX, "64509 65538 65540 65539 64500", upto="pre")
    i = d.opens("leak.detour")[0]
    d.quiet()
    right("one, grave", len(d.open()) == 1 and i["severity"] in ("major", "critical"), brief(d.open()))
    right("the stranger next to us is a facet of it", "hijack.first-hop" in str(d.show("incidents")), d.show("incidents"))
    r.drop(r.lateral, OUR_PREFIX, upto="pre")
    d.closes()


@scenario
def detour_in_any_order(w):
    """The way changes in four views in every order, and back in every order: one incident, and nothing is left."""
    views = ("pre", "post", "loc", "out-post")
    d = w.daemon(vrps=NOBODY, rules=RULES)
    r = edge(d)
    orders = list(itertools.permutations(views))
    r.carry(r.prov, EIGHT[0], DIRECT, to=[r.cust])

    def say(view, path):
        p = {"loc": r.loc, "out-post": r.cust}.get(view, r.prov)
        r.route(p, view, EIGHT[0], "%d %s" % (OURS, path) if view == "out-post" else path)

    for k, order in enumerate(orders[::4]):
        for view in order:
            say(view, AROUND)
        d.until("all views are members", lambda: [len(x["views"]) for x in d.show("incidents")] == [4])
        for view in orders[(7 * k + 5) % 24]:
            say(view, DIRECT)
        d.until("nothing is left", lambda: not d.show("incidents"))
