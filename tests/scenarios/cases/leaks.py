"""Route leaks: who leaks, where it ends, and that it ends."""
import itertools

from daemon import LARGE, OUR_PREFIX, OURS
from router import Router, blocks
from story import brief
from suite import edge, quick, right, scenario

ONE, TWO = LARGE[:2]
LEAKED = "198.51.100.128/25"  # nothing about it is invalid: no VRP is longer
NOBODY = [("192.0.2.0/24", 24, 64499)]
SANDWICH = "64510 %d 65540 %d 65536" % (ONE, TWO)  # AS65540 tells one large network what it has of another
FROM_CUSTOMER = "64501 64510 64999"


def play(d, r, order, withdraw):
    """A customer's leak, marked with OTC of the provider it has it from, goes through four views."""
    steps = {"pre": (r.cust, FROM_CUSTOMER), "post": (r.cust, FROM_CUSTOMER), "loc": (r.loc, FROM_CUSTOMER),
             "out-post": (r.lateral, "64500 " + FROM_CUSTOMER)}
    for view in order:
        p, path = steps[view]
        if withdraw:
            r.withdraw(p, view, LEAKED)
        else:
            r.route(p, view, LEAKED, path, otc=64510)
        d.heard()


VIEWS = ("pre", "post", "loc", "out-post")


@quick
def leak_ends_as_routers_end_it(w):
    """A leak withdrawn in the order of a router, first where it came in, then where it went out, is over everywhere."""
    d = w.daemon(vrps=NOBODY)
    r = edge(d)
    play(d, r, VIEWS, False)
    i = d.opens("leak.otc")[0]
    right("the customer leaks", "64501" in i["summary"], i["summary"])
    d.until("passed on: critical", lambda: [x["severity"] for x in d.open("leak")] == ["critical"])
    play(d, r, VIEWS, True)
    d.closes()
    d.quiet()
    right("once", len([x for x in d.told() if x["transition"] == "opened"]) == 1, brief(d.told()))


@scenario
def leak_ends_in_every_order_of_views(w):
    """Announced and withdrawn in any order of the four views: nothing is left, neither open nor as members."""
    orders = list(itertools.permutations(VIEWS))
    d = w.daemon(vrps=NOBODY)
    r = edge(d)
    for come, go in zip(orders, orders[7:] + orders[:7]):
        play(d, r, come, False)
        play(d, r, go, True)
    d.closes()
    d.quiet()
    left = d.show("incidents")
    right("nothing is left", not left and d.stats()["incident_members"] == 0, "%s, %d members" % (brief(left), d.stats()["incident_members"]))


@quick
def leaker_is_the_stranger_between(w):
    """Far behind our provider a network stands between two that buy from nobody: it is the leaker, not our provider."""
    d = w.daemon(vrps=NOBODY)
    r = edge(d)
    r.carry(r.prov, [LEAKED, "198.51.100.0/25"], SANDWICH)
    i = d.opens("leak")[0]
    right("AS65540 is named as the leaker", "AS65540" in i["summary"].split("leak")[0], i["summary"])


@scenario
def we_do_not_leak_by_ibgp(w):
    """The same heard of a route reflector by iBGP: the leaker is in the path, and not we."""
    d = w.daemon(vrps=NOBODY)
    r = edge(d)
    reflector = r.peer("192.0.2.99", OURS, None)
    r.route(reflector, "pre", LEAKED, "%d 65540 %d 65536" % (ONE, TWO))
    r.route(r.loc, "loc", LEAKED, "%d 65540 %d 65536" % (ONE, TWO))
    i = d.opens("leak")[0]
    right("AS65540 leaks", "AS65540" in i["summary"].split("leak")[0], i["summary"])
    right("we do not", "64500" not in i["summary"].split("leak")[0] and "we leak" not in i["summary"], i["summary"])


@scenario
def two_leakers_behind_one_neighbour(w):
    """Another network leaks behind the same provider: a second incident, by its own name."""
    d = w.daemon(vrps=NOBODY, incidents={"update_s": 300})
    r = edge(d)
    r.carry(r.prov, LEAKED, SANDWICH)
    d.opens("leak")
    d.quiet()
    r.carry(r.prov, "198.51.100.0/25", "64510 %d 65541 %d 65537" % (ONE, LARGE[2]))
    both = d.opens("leak", 2)
    right("both are named", all(any(a in x["summary"] for x in both) for a in ("AS65540", "AS65541")), brief(both))


@scenario
def one_leak_two_neighbours_two_collectors(w):
    """One leak heard from two providers, and on another collector from a third, is one incident with one id."""
    ids = []
    for name, neighbours in (("c1", (64510, 64511)), ("c2", (64508,))):
        d = w.daemon(vrps=NOBODY, collector=name)
        r = Router(d, "edge-" + name)
        for k, asn in enumerate(neighbours):
            p = r.peer("192.0.2.%d" % (9 + k), asn, "provider", views=("pre", "post"))
            if not r.socket:
                r.connect()
            r.carry(p, LEAKED, "%d %d 65540 %d 65536" % (asn, ONE, TWO), upto="post")
        d.until("it is told", lambda: d.open("leak"))
        d.quiet()
        ids.append(sorted(x["id"] for x in d.open("leak")))
    right("one incident each, the same id", len(ids[0]) == 1 and ids[0] == ids[1], ids)


@scenario
def leak_in_here_out_there(w):
    """In at one router, out at another, by iBGP between them and without OTC: one incident, passed on, critical."""
    d = w.daemon(vrps=NOBODY, workers=2)
    one, two = edge(d, "edge1"), edge(d, "edge2")
    for x, y in ((one, two), (two, one)):
        x.mate = x.peer("192.0.2.%d" % (98 if x is one else 99), OURS, None)
    one.carry(one.cust, LEAKED, FROM_CUSTOMER, otc=64510)
    d.opens("leak.otc")
    two.route(two.mate, "pre", LEAKED, FROM_CUSTOMER)
    two.route(two.loc, "loc", LEAKED, FROM_CUSTOMER)
    two.route(two.lateral, "out-post", LEAKED, "64500 " + FROM_CUSTOMER)
    d.until("critical", lambda: [x["severity"] for x in d.open("leak")] == ["critical"])
    one.drop(one.cust, LEAKED)
    two.withdraw(two.mate, "pre", LEAKED)
    two.withdraw(two.loc, "loc", LEAKED)
    two.withdraw(two.lateral, "out-post", LEAKED)
    d.closes()


@scenario
def leak_over_routers_whatever_the_workers(w):
    """In at one router, out at three others, with one worker and with four, and out before in: the same incident; and it ends."""
    ids = []
    for workers, first in ((1, "in"), (4, "in"), (4, "out")):
        d = w.daemon(vrps=NOBODY, workers=workers)
        routers = [edge(d, "edge%d" % k) for k in range(1, 5)]

        def come():
            routers[0].carry(routers[0].cust, LEAKED, FROM_CUSTOMER, otc=64510)

        def go():
            for r in routers[1:]:
                r.route(r.loc, "loc", LEAKED, FROM_CUSTOMER)
                r.route(r.lateral, "out-post", LEAKED, "64500 " + FROM_CUSTOMER)

        for step in (come, go) if first == "in" else (go, come):
            step()
            d.quiet()
        d.until("critical", lambda: [x["severity"] for x in d.open("leak")] == ["critical"])
        ids.append([x["id"] for x in d.open("leak")])
        routers[0].close()
        routers[0].connect()
        d.quiet()
        right("the same after the router was away", [x["id"] for x in d.open("leak")] == ids[-1], brief(d.open("leak")))
        right("one worker knows what the others do", d.stats()["leaked_routes"] == 1, d.stats()["leaked_routes"])
        routers[0].drop(routers[0].cust, LEAKED)
        for r in routers[1:]:
            r.withdraw(r.loc, "loc", LEAKED)
            r.withdraw(r.lateral, "out-post", LEAKED)
        d.closes()
        right("nothing is left", d.stats()["leaked_routes"] == 0 and d.stats()["incident_members"] == 0)
        d.finish()
    right("one incident each, the same id", len(ids[0]) == 1 and ids[0] == ids[1] == ids[2], ids)


@scenario
def leak_with_a_prepend_on_import(w):
    """Our import policy prepends: the route in Loc-RIB is the leaked one all the same."""
    d = w.daemon(vrps=NOBODY)
    r = edge(d)
    r.carry(r.prov, "192.0.2.0/24", "64510 64499", to=[r.lateral])
    r.route(r.cust, "pre", LEAKED, FROM_CUSTOMER, otc=64510)
    r.route(r.cust, "post", LEAKED, "64501 " + FROM_CUSTOMER, otc=64510)
    r.route(r.loc, "loc", LEAKED, "64501 64501 " + FROM_CUSTOMER)
    d.until("in use: major", lambda: [x["severity"] for x in d.open("leak")] == ["major"])


@scenario
def first_as_of_the_path_may_be_large(w):
    """A customer that is itself in the list of networks without providers, and a route server's member, leak nothing by that."""
    d = w.daemon(vrps=NOBODY)
    r = edge(d)
    large = r.peer("192.0.2.40", ONE, "customer")
    server = r.peer("192.0.2.41", 64511, "rs")
    r.carry(large, LEAKED, "%d 65536" % ONE)
    r.carry(server, "198.51.100.0/25", "%d 65537" % TWO, otc=64511)
    d.quiet()
    right("nothing is told", not d.told(), brief(d.told()))


@scenario
def large_peer_passes_on_another_large_one(w):
    """A peer that buys from nobody gives us what it has of another such network: a leak."""
    d = w.daemon(vrps=NOBODY)
    r = edge(d)
    large = r.peer("192.0.2.40", ONE, "peer")
    r.carry(large, LEAKED, "%d %d 65536" % (ONE, TWO))
    i = d.opens("leak")[0]
    right("the peer leaks", "AS%d" % ONE in i["summary"].split("leak")[0], i["summary"])


@scenario
def leak_of_many_is_one(w):
    """A customer leaks 12,000 prefixes of as many origins' paths and takes them back: one incident, the full count, few records."""
    d = w.daemon(vrps=NOBODY)
    r = edge(d)
    many = blocks("2001:db8::/32", 48, 12000)
    for k in range(0, len(many), 500):
        r.carry(r.cust, many[k:k + 500], "64501 64510 %d" % (4200000000 + k), to=[r.lateral], otc=64510)
    d.until("all are counted", lambda: [x["prefixes"]["count"] for x in d.show("incidents")] == [12000])
    r.drop(r.cust, many, to=[r.lateral])
    d.closes()
    right("one opening, at most 12 records", len(d.told()) <= 12 and len({x["id"] for x in d.told()}) == 1, "%d records" % len(d.told()))
    right("the peak is told", d.told()[-1]["prefixes"]["peak"] == 12000, d.told()[-1]["prefixes"])


@scenario
def leaking_session_goes_down(w):
    """A customer leaks, then its session goes down: closed, as peer-down."""
    d = w.daemon(vrps=NOBODY)
    r = edge(d)
    r.carry(r.cust, LEAKED, FROM_CUSTOMER, upto="post", otc=64510)
    d.opens("leak.otc")
    r.down(r.cust)
    d.closes()
    right("reason", d.told()[-1]["reason"] == "peer-down", d.told()[-1]["reason"])


@scenario
def relation_by_reload(w):
    """neighbors: makes the customer a provider by a reload: no leak any more, at once; and back."""
    d = w.daemon(vrps=NOBODY)
    r = edge(d)
    r.carry(r.cust, LEAKED, FROM_CUSTOMER, to=[r.lateral], otc=64510)
    d.opens("leak.otc")
    d.quiet()
    d.reload(neighbors=[{"asn": 64501, "relation": "provider"}])
    d.until("the customer's leak is over", lambda: not [x for x in d.open("leak") if "64501 (customer)" in x["summary"]])
    r.drop(r.cust, LEAKED, to=[r.lateral])
    d.closes()
    d.reload(neighbors=[])
    r.carry(r.cust, LEAKED, FROM_CUSTOMER, upto="post", otc=64510)
    d.opens("leak.otc")


@scenario
def relation_by_new_opens(w):
    """A session comes up again with other roles: its routes are judged by these."""
    d = w.daemon(vrps=NOBODY)
    r = edge(d)
    r.carry(r.cust, LEAKED, FROM_CUSTOMER, upto="post", otc=64510)
    d.opens("leak.otc")
    r.down(r.cust, forget=False)
    r.cust.roles = ("customer", "provider")
    r.up(r.cust)
    r.carry(r.cust, LEAKED, FROM_CUSTOMER, upto="post", otc=64510)
    r.tell_complete([r.cust])
    d.closes()


@scenario
def otc_of_the_origin_is_a_note(w):
    """OTC that the origin set itself on a route from a peer is a known habit: below major. From a provider: nothing."""
    d = w.daemon(vrps=NOBODY)
    r = edge(d)
    r.carry(r.prov, "198.51.100.0/25", "64510 65536", otc=65536)
    d.quiet()
    right("from a provider: nothing", not d.told(), brief(d.told()))
    r.carry(r.lateral, LEAKED, "64509 65537", otc=65537)
    d.quiet()
    right("from a peer: below major", not [x for x in d.told() if x["severity"] in ("major", "critical")], brief(d.told()))


@scenario
def we_leak(w):
    """A provider's route, marked with OTC, in what we tell another provider and a peer: we leak, once, critical."""
    d = w.daemon(vrps=NOBODY)
    r = edge(d)
    other = r.peer("192.0.2.10", 64511, "provider")
    r.carry(r.prov, LEAKED, "64510 65536", otc=64510)
    d.quiet()
    right("nothing before", not d.told(), brief(d.told()))
    for p in (other, r.lateral):
        r.route(p, "out-post", LEAKED, "64500 64510 65536", otc=64510)
    d.until("critical", lambda: any(x["severity"] == "critical" and "we leak" in x["summary"] for x in d.open("leak")))
    d.quiet()
    right("one incident", len(d.open("leak")) == 1, brief(d.open("leak")))
    for p in (other, r.lateral):
        r.withdraw(p, "out-post", LEAKED)
    d.closes()


@scenario
def we_leak_what_came_in_elsewhere(w):
    """A peer's routes come in at one router and go out to a provider at another, without OTC: we leak, with any number of workers."""
    many = blocks("2001:db8::/32", 48, 20)
    for workers in (1, 4):
        d = w.daemon(vrps=NOBODY, workers=workers)
        one, two = edge(d, "edge1"), edge(d, "edge2")
        two.mate = two.peer("192.0.2.98", OURS, None)
        far = one.peer("192.0.2.65", 64508, "peer")
        one.carry(far, many, "64508 65540")
        two.route(two.mate, "pre", many, "64508 65540")
        two.route(two.loc, "loc", many, "64508 65540")
        d.quiet()
        right("nothing before", not d.told(), brief(d.told()))
        two.route(two.prov, "out-post", many, "64500 64508 65540")
        d.until("critical", lambda: [x["severity"] for x in d.open("leak")] == ["critical"])
        i = d.open("leak")[0]
        right("it is us", "we leak" in i["summary"] and i["kind"] == "leak.own", i["summary"])
        right("from whom and to whom", "from AS64508 to AS64510 (provider)" in i["summary"], i["summary"])
        two.withdraw(two.prov, "out-post", many)
        d.closes()
        d.finish()


@scenario
def exceptions_and_customers_are_no_leak_of_ours(w):
    """A default route of a provider to a peer, customers' and our routes to all, a peer's routes to customers: nothing."""
    many = blocks("2001:db8::/32", 48, 20)
    d = w.daemon(vrps=NOBODY)
    r = edge(d)
    other = r.peer("192.0.2.65", 64508, "peer")
    r.carry(r.prov, ["0.0.0.0/0", "::/0"], "64510", to=[r.cust, other])
    r.carry(r.cust, many, "64501 65540", to=[r.prov, r.lateral, other])
    r.carry(r.lateral, blocks("2001:db8:8000::/34", 48, 20), "64509 65540", to=[r.cust])
    for p in (r.prov, r.lateral, other):
        r.route(p, "out-post", OUR_PREFIX, "64500")
    d.quiet()
    right("nothing is told", not d.told(), brief(d.told()))


@scenario
def both_say_they_are_the_provider(w):
    """OPENs whose roles do not fit (RFC 9234 4.2): that is told, and no leak is made of it."""
    d = w.daemon(vrps=NOBODY)
    r = edge(d)
    odd = r.peer("192.0.2.60", 64508, roles=("provider", "provider"))
    r.route(odd, "pre", LEAKED, "64508 65536", otc=64508)
    d.until("it is told", lambda: [x for x in d.records if "role" in str(x.get("kind", x.get("event"))) or "role" in x["summary"].lower()])
    d.quiet()
    right("no leak", not d.told(), brief(d.told()))
