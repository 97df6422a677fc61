"""Leaks that show by who is in a path: content networks, networks that are behind few others, our own neighbours."""
import itertools

from daemon import LARGE
from router import blocks
from story import brief
from suite import edge, quick, right, scenario

ONE, TWO = LARGE[:2]
CONTENT, CARRIER, SIBLING = 65541, 65542, 65543  # CONTENT gives transit to nobody but SIBLING; CARRIER may sell it to it
RULES = {"provider_free": LARGE, "no_transit": [CONTENT], "carriers": [CARRIER], "siblings": [[CONTENT, SIBLING]]}
NOBODY = [("192.0.2.0/24", 24, 64499)]
LEAKED = "198.51.100.0/25"
VIEWS = ("pre", "post", "loc", "out-post")


def one_leak(d, kind, leaker):
    i = d.opens(kind)[0]
    right("AS%d leaks" % leaker, "AS%d " % leaker in i["summary"].split("leaks")[0], i["summary"])
    d.quiet()
    right("one incident", len(d.open()) == 1, brief(d.open()))
    return d.open()[0]


@quick
def content_network_gives_transit(w):
    """A content network tells our provider what it has of two others: it leaks, and between whom is said."""
    d = w.daemon(vrps=NOBODY, rules=RULES)
    r = edge(d)
    many = blocks("2001:db8::/34", 48, 60)
    parts = {65536: many[:30], 65537: many[30:]}
    for origin, prefixes in parts.items():
        r.carry(r.prov, prefixes, "64510 %d %d" % (CONTENT, origin), to=[r.cust])
    i = one_leak(d, "leak.no-transit", CONTENT)
    right("whom it told", i["facts"]["leaked_to_as"] == 64510 and i["facts"]["leaked_from_as"] in parts, i["facts"])
    right("all of it", [x["prefixes"]["count"] for x in d.show("incidents")] == [60], d.show("incidents")[0]["prefixes"])
    r.drop(r.prov, many, to=[r.cust])
    d.closes()


@scenario
def content_network_is_taught_to_a_large_one(w):
    """A small network gives a content network transit, and a large network has it: the small one leaks. It does so as our customer, too."""
    for first in ("prov", "cust"):
        d = w.daemon(vrps=NOBODY, rules=RULES)
        r = edge(d)
        p = getattr(r, first)
        path = "64510 %d 65538 65540 %d" % (ONE, CONTENT) if first == "prov" else "64501 65540 %d" % CONTENT
        r.carry(p, LEAKED, path, to=[r.lateral])
        one_leak(d, "leak.no-transit", 65540)
        r.drop(p, LEAKED, to=[r.lateral])
        d.closes()


@scenario
def content_networks_as_they_are(w):
    """Peers and route servers show a content network behind themselves, carriers and large networks sell to it, it has siblings,
    somebody keeps a route away from it: nothing is told."""
    d = w.daemon(vrps=NOBODY, rules=RULES)
    r = edge(d)
    server = r.peer("192.0.2.41", 64511, "rs")
    content = r.peer("192.0.2.42", CONTENT, "peer")
    prefixes = iter(blocks("2001:db8::/34", 48, 20))
    for p, path in ((r.lateral, "64509 %d" % CONTENT), (r.lateral, "64509 65538 %d" % CONTENT), (server, "65538 %d" % CONTENT),
                    (content, "%d" % CONTENT), (content, "%d %d" % (CONTENT, SIBLING)), (r.prov, "64510 %d %d" % (ONE, CONTENT)),
                    (r.prov, "64510 %d %d %d" % (ONE, CARRIER, CONTENT)), (r.prov, "64510 %d %d %d" % (ONE, CONTENT, SIBLING)),
                    (r.prov, "64510 %d 65538 %d 65538" % (ONE, CONTENT)), (r.prov, "64510 65538 %d" % CONTENT),
                    (r.cust, "64501 %d 64501" % CONTENT)):
        r.carry(p, next(prefixes), path, to=[r.cust])
    d.quiet()
    right("nothing is told", not d.told(), brief(d.told()))


@scenario
def customer_tells_us_what_our_provider_says(w):
    """A customer buys from our provider, too, and sends us its routes, without OTC anywhere; with a customer of its own between
    them that one leaks. The provider's session comes later, and nothing is different."""
    d = w.daemon(vrps=NOBODY, rules=RULES)
    r = edge(d)
    r.carry(r.cust, LEAKED, "64501 64508 65536", to=[r.lateral])
    d.quiet()
    right("nothing yet", not d.told(), brief(d.told()))
    r.peer("192.0.2.65", 64508, "provider")
    for path, leaker in ((None, 64501), ("64501 65540 64508 65536", 65540)):
        if path:
            r.carry(r.cust, LEAKED, path, to=[r.lateral])
        i = one_leak(d, "leak.upstream", leaker)
        right("critical", i["severity"] == "critical", brief([i]))
        r.drop(r.cust, LEAKED, to=[r.lateral])
        d.closes()


@scenario
def customer_sells_to_our_peer(w):
    """Who peers with us may buy from a customer of ours: a note at most, also where it goes on to everybody."""
    d = w.daemon(vrps=NOBODY, rules=RULES)
    r = edge(d)
    r.carry(r.cust, LEAKED, "64501 64509 65536", to=[r.prov])
    d.quiet()
    loud = [x for x in d.told() if x["severity"] not in ("info", "notice")]
    right("a note at most", not loud, brief(loud))
    right("it is said why", all("may buy" in x["summary"] for x in d.told()), brief(d.told()))


@scenario
def behind_whom_a_network_may_be(w):
    """rules.peerlock: behind a neighbour that is listed, and in front of us, a network is right; behind anybody else somebody leaks."""
    d = w.daemon(vrps=NOBODY, rules=dict(RULES, peerlock=[{"asn": 65544, "via": [ONE, 65538]}]))
    r = edge(d)
    itself = r.peer("192.0.2.43", 65544, "peer")
    prefixes = iter(blocks("2001:db8::/34", 48, 20))
    for p, path in ((itself, "65544 65536"), (r.prov, "64510 %d 65544 65536" % ONE), (r.lateral, "64509 65538 65538 65544")):
        r.carry(p, next(prefixes), path, to=[r.cust])
    d.quiet()
    right("nothing is told", not d.told(), brief(d.told()))
    r.carry(r.prov, LEAKED, "64510 65540 65540 65544", to=[r.cust])
    one_leak(d, "leak.peerlock", 65540)
    r.drop(r.prov, LEAKED, to=[r.cust])
    d.closes()


@scenario
def leaks_by_the_path_end_in_every_order(w):
    """Leaks of each of these kinds, announced and withdrawn in any order of the four views: nothing is left."""
    orders = list(itertools.permutations(VIEWS))
    d = w.daemon(vrps=NOBODY, rules=RULES)
    r = edge(d)
    paths = ((r.prov, "64510 %d 65536" % CONTENT), (r.cust, "64501 64510 65536"), (r.prov, "64510 %d 65540 %d" % (ONE, CONTENT)))
    for k, (come, go) in enumerate(zip(orders, orders[11:] + orders[:11])):
        p, path = paths[k % len(paths)]
        steps = {"pre": (p, path), "post": (p, path), "loc": (r.loc, path), "out-post": (r.lateral, "64500 " + path)}
        for view in come:
            r.route(steps[view][0], view, LEAKED, steps[view][1])
            d.heard()
        for view in go:
            r.withdraw(steps[view][0], view, LEAKED)
            d.heard()
    d.closes()
    d.quiet()
    left = d.show("incidents")
    right("nothing is left", not left and d.stats()["incident_members"] == 0, "%s, %d members" % (brief(left), d.stats()["incident_members"]))
