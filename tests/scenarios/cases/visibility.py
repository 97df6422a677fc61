"""Whether our own prefixes are where they were: in Loc-RIB of border routers, and out to those who carry them to the world."""
from daemon import OTHERS, OUR_PREFIX, OURS, VRPS
from router import Router, blocks
from story import brief
from suite import right, scenario

HOLD = {"visibility_hold_s": 1}
OUT, LOC = "visibility.out", "visibility.loc-rib"
MANY = blocks("198.18.0.0/15", 24, 200)
AGGREGATE = "203.0.112.0/23"


def border(d, name, provider, neighbor="192.0.2.9", connect=True, role="provider"):
    """A border router with a provider, a customer, an iBGP neighbour and a Loc-RIB."""
    r = Router(d, name, OURS)
    r.prov = r.peer(neighbor, provider, role)
    r.cust = r.peer("192.0.2.1", 64501, "customer")
    r.inside = r.peer("10.0.0.1", OURS)
    r.loc_rib()
    if connect:
        r.connect()
    return r


def two_borders(w, prefixes=OUR_PREFIX, own=None, **more):
    d = w.daemon(own=own or {"asns": [OURS], "prefixes": [{"prefix": OUR_PREFIX}]}, watch=HOLD, **more)
    one, two = border(d, "edge1", 64510), border(d, "edge2", 64511, "192.0.2.13")
    for r in (one, two):
        r.carry(r.inside, prefixes, "", to=[r.prov])
    d.quiet(4)  # where they are for hold_s, they belong
    right("nothing is told of what is as it should be", not d.told(kind="visibility"), brief(d.told()))
    return d, one, two


def lists(*prefixes):
    return {"asns": [OURS], "prefixes": [{"prefix": p} for p in prefixes]}


@scenario
def provider_session_down(w):
    """Two providers have 200 own prefixes, the session with one goes down: one incident of that session with the full count, milder while
    the other has them; it closes when they go out again."""
    d, one, two = two_borders(w, MANY, lists(*MANY))
    one.down(one.prov)
    i = d.opens(OUT)[0]
    right("a warning about all", i["severity"] == "warning" and i["prefixes"]["count"] == 200, brief([i]))
    right("the session is named", i["router"] == "edge1" and i["peer"] == "192.0.2.9" and i["peer_as"] == 64510, i)
    right("what remains is said", "192.0.2.13 AS64511 of edge2" in i["summary"] and "went down" in i["summary"], i["summary"])
    d.quiet(3)
    right("one incident, told once", len(d.told(kind="visibility")) == 1, brief(d.told()))
    one.up(one.prov)
    one.route(one.prov, "out-post", MANY, "64500")
    d.closes(OUT)


@scenario
def all_transit_gone(w):
    """The second provider's session goes down, too: nobody carries our prefix any more, which is critical and told of that session. The
    first comes back: it is milder again; and over with the second."""
    d, one, two = two_borders(w)
    one.down(one.prov)
    d.opens(OUT, where=lambda i: i["severity"] == "warning")
    d.quiet(3)
    two.down(two.prov)
    i = d.opens(OUT, where=lambda i: i["severity"] == "critical")[0]
    right("it is of the last session", i["router"] == "edge2" and "no transit any more" in i["summary"] and OUR_PREFIX in i["summary"], brief([i]))
    right("the other one is related", len(i["related"]) == 1, i.get("related"))
    d.quiet(3)
    one.up(one.prov)
    one.route(one.prov, "out-post", OUR_PREFIX, "64500")
    d.opens(OUT, where=lambda i: i["router"] == "edge2" and i["severity"] == "warning")
    two.up(two.prov)
    two.route(two.prov, "out-post", OUR_PREFIX, "64500")
    d.closes(OUT)


@scenario
def withdrawn_everywhere(w):
    """An own prefix is withdrawn within our network, and so from everywhere: one incident of the prefix; of 30 at once one for all."""
    prefixes = [OUR_PREFIX] + MANY[:30]
    d, one, two = two_borders(w, prefixes, lists(*prefixes))
    for r in (one, two):
        r.drop(r.inside, OUR_PREFIX, to=[r.prov])
    i = d.opens(OUT)[0]
    right("critical, with who withdrew it", i["severity"] == "critical" and OUR_PREFIX in i["summary"] and "withdrawn by 10.0.0.1" in i["summary"], brief([i]))
    d.quiet(3)
    right("one incident", len(d.told(kind="visibility")) == 1, brief(d.told()))
    for r in (one, two):
        r.carry(r.inside, OUR_PREFIX, "", to=[r.prov])
    d.closes(OUT)
    for r in (one, two):
        r.drop(r.inside, MANY[:30], to=[r.prov])
    d.quiet(4)
    right("few", 1 <= len(d.open(OUT)) <= 2 and all(x["severity"] == "critical" for x in d.open(OUT)), brief(d.open(OUT)))
    right("all of them", max(x["prefixes"]["count"] for x in d.open(OUT)) == 30, brief(d.open(OUT)))


@scenario
def missing_in_one_loc_rib(w):
    """One of two border routers loses an own prefix from its Loc-RIB with its iBGP session: a warning of that session, and the other still
    has it."""
    d, one, two = two_borders(w)
    two.down(two.inside)
    two.withdraw(two.loc, "loc", OUR_PREFIX)
    i = d.opens(LOC)[0]
    right("a warning of the session", i["severity"] == "warning" and i["peer"] == "10.0.0.1" and i["router"] == "edge2", brief([i]))
    right("who has it", "still in that of edge1" in i["summary"], i["summary"])
    two.up(two.inside)
    two.carry(two.inside, OUR_PREFIX, "")
    d.closes(LOC)


@scenario
def an_aggregate_instead(w):
    """An aggregate of ours is announced instead, or both halves are: nothing is lost. When the aggregate goes, it is."""
    d, one, two = two_borders(w)
    for r in (one, two):
        r.carry(r.inside, AGGREGATE, "", to=[r.prov])
        r.drop(r.inside, OUR_PREFIX, to=[r.prov])
    d.quiet(4)
    right("nothing", not d.told(kind="visibility"), brief(d.told()))
    halves = ["203.0.113.0/25", "203.0.113.128/25"]
    for r in (one, two):
        r.carry(r.inside, halves, "", to=[r.prov])
        r.drop(r.inside, AGGREGATE, to=[r.prov])
    d.quiet(4)
    right("nothing", not d.told(kind="visibility"), brief(d.told()))
    for r in (one, two):
        r.drop(r.inside, halves[:1], to=[r.prov])
    d.opens(OUT, where=lambda i: i["severity"] == "critical")
    for r in (one, two):
        r.carry(r.inside, AGGREGATE, "", to=[r.prov])
    d.closes(OUT)


@scenario
def a_lost_feed_says_nothing(w):
    """The BMP session of a border router is lost, and its provider's session with it for all we know: nothing is told. What is gone when it is
    back is."""
    d, one, two = two_borders(w)
    two.close()
    d.quiet(5)
    right("nothing", not d.told(kind="visibility"), brief(d.told()))
    two.prov.up = False
    two.table = {k: v for k, v in two.table.items() if k[0] is not two.prov}
    two.connect()
    i = d.opens(OUT)[0]
    right("a warning", i["severity"] == "warning" and i["router"] == "edge2", brief([i]))


@scenario
def away_beyond_stale(w):
    """The feed of a border router is lost for so long that its routes are forgotten: nothing is told, then and when it comes back with all it
    had. What it comes back without is told, and is over when it goes out again."""
    d, one, two = two_borders(w, limits={"stale_s": 1})
    for lost in (False, True):
        two.close()
        d.calm(5)
        if lost:
            two.table = {k: v for k, v in two.table.items() if k[0] is not two.prov}
        two.connect()
        if not lost:
            d.calm(9)
        right("nothing", not d.told(kind="visibility"), brief(d.told()))
    i = d.opens(OUT)[0]
    right("a warning", i["severity"] == "warning" and i["router"] == "edge2" and "edge2 has withdrawn it" in i["summary"], brief([i]))
    two.route(two.prov, "out-post", OUR_PREFIX, "64500")
    d.closes(OUT)


@scenario
def monitoring_ends(w):
    """A Peer Down that only says that its neighbour is monitored no more (RFC 7854 4.9, reason 5) is none of BGP: nothing is told."""
    d, one, two = two_borders(w)
    two.down(two.prov, reason=5)
    d.calm(4)
    right("nothing", not d.told(kind="visibility"), brief(d.told()))


@scenario
def lost_over_a_restart(w):
    """A restart of the collector says nothing new of what is lost; what is lost or back meanwhile is told."""
    d, one, two = two_borders(w)
    one.down(one.prov)
    d.opens(OUT)
    d.quiet(3)
    for kill in (False, True):
        mark = d.mark()
        for r in (one, two):
            r.close()
        d.restart(kill)
        for r in (one, two):
            r.connect()
        d.quiet(4)
        right("nothing new", not d.told(mark, "visibility") and len(d.open(OUT)) == 1, brief(d.told(mark)))
    for r in (one, two):
        r.close()
    d.stop()
    one.prov.up, two.prov.up = True, False
    two.table = {k: v for k, v in two.table.items() if k[0] is not two.prov}
    one.table[one.prov, "out-post", None, OUR_PREFIX] = ("64500", {})
    d.start()
    for r in (one, two):
        r.connect()
    d.opens(OUT, where=lambda i: i["router"] == "edge2" and i["severity"] == "warning")
    d.until("the first is over", lambda: len(d.open(OUT)) == 1)


@scenario
def one_provider_on_purpose(w):
    """Traffic engineering: an own prefix that goes out to one provider only is missing at no other, also after a restart; when that one
    loses it, nobody has it."""
    d = w.daemon(own=lists(OUR_PREFIX, MANY[0]), watch=HOLD)
    one, two = border(d, "edge1", 64510), border(d, "edge2", 64511, "192.0.2.13")
    for r in (one, two):
        r.carry(r.inside, OUR_PREFIX, "", to=[r.prov])
    one.carry(one.inside, MANY[0], "", to=[one.prov])
    two.carry(two.inside, MANY[0], "")
    d.quiet(4)
    right("nothing", not d.told(kind="visibility"), brief(d.told()))
    one.withdraw(one.prov, "out-post", MANY[0])
    i = d.opens(OUT)[0]
    right("nobody has it", i["severity"] == "critical" and MANY[0] in i["summary"], brief([i]))
    d.command("baseline", "reset", "--why", "meant so")
    d.closes(OUT)
    d.quiet(3)
    right("that is how it is meant", not d.open("visibility"), brief(d.open()))


@scenario
def derived_and_planned(w):
    """An own prefix by a VRP alone is looked after, too; in a maintenance it is muted; in dry-run and off nobody is told."""
    d, one, two = two_borders(w, own={"asns": [OURS]}, vrps=VRPS)
    d.command("mute", "router edge1", "--for", "1h", "--why", "planned")
    one.down(one.prov)
    i = d.opens(OUT)[0]
    right("muted", i.get("muted") is True, i)
    one.up(one.prov)
    one.route(one.prov, "out-post", OUR_PREFIX, "64500")
    d.closes(OUT)
    d.quiet(2)
    d.reload(rules={"dry_run": [OUT]})
    mark = d.mark()
    two.down(two.prov)
    d.until("it would be told", lambda: [x for x in d.dry_run() if x["kind"] == OUT])
    right("nobody is told", not d.told(mark, OUT), brief(d.told(mark)))
    d.reload(rules={"off": [OUT]})
    d.quiet(3)
    d.reload(rules={})
    d.opens(OUT)


@scenario
def without_what_all_others_have(w):
    """Three border routers; the third has other prefixes of ours, and not the one that both others have: a note."""
    d = w.daemon(own=lists(OUR_PREFIX, MANY[0]), watch=HOLD)
    routers = [border(d, "edge%d" % k, 64510 + k, "192.0.2.%d" % (8 + k)) for k in (1, 2, 3)]
    for r in routers:
        r.carry(r.inside, MANY[0], "", to=[r.prov])
    for r in routers[:2]:
        r.carry(r.inside, OUR_PREFIX, "", to=[r.prov])
    i = d.opens(LOC)[0]
    right("a note about the third", i["severity"] == "notice" and i["router"] == "edge3" and OUR_PREFIX in i["summary"], brief([i]))
    d.quiet(3)
    routers[2].carry(routers[2].inside, OUR_PREFIX, "")
    d.closes(LOC)
