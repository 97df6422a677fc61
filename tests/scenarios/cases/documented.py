"""Kinds of events that were in the news, as small scenarios of four views: what a NOC should have got. Numbers are cut down,
addresses and AS numbers are those of documentation."""
from daemon import LARGE, OUR_PREFIX, OURS, VICTIM, VICTIM_PREFIX, VRPS
from router import blocks
from story import brief
from suite import edge, right, scenario
from wire import BLACKHOLE

ONE, TWO, THREE = LARGE
MANY = blocks("2001:db8::/33", 48, 300)
NOBODY = [("192.0.2.0/24", 24, 64499)]
CONTENT = {"provider_free": LARGE, "no_transit": [65541]}


def one_incident(d, *names, count=None):
    """One incident for the event, that names one of these, and counts all of it."""
    d.until("it is told", lambda: d.open())
    d.quiet()
    now = d.open()
    right("one incident", len(now) == 1, "%d: %s" % (len(now), brief(now[:3])))
    right("it names %s" % " or ".join(names), any(n in now[0]["summary"] for n in names), now[0]["summary"])
    if count:
        shown = d.show("incidents")
        right("it counts all", [x["prefixes"]["count"] for x in shown if x["id"] == now[0]["id"]] == [count], [x["prefixes"] for x in shown])
    return now[0]


def over(d, r, routes, p, to):
    for prefixes in routes:
        r.drop(p, prefixes, to=to)
    d.closes()


@scenario
def more_specific_and_our_answer(w):
    """A stranger's half of our prefix; we announce it, too (two origins are said), then quarters (a note about us); it prepends; it ends."""
    half = "203.0.113.128/25"
    d = w.daemon()
    r = edge(d)
    r.route(r.loc, "loc", OUR_PREFIX, "")
    r.route(r.prov, "out-post", OUR_PREFIX, "64500")
    r.carry(r.prov, half, "64510 65551")
    one_incident(d, "65551")
    r.route(r.loc, "loc", half, "")
    r.route(r.prov, "out-post", half, "64500")
    d.quiet()
    right("still open", d.open("hijack"), brief(d.told()))
    right("two origins are said", "moas" in str(d.show("incidents")).lower())
    quarters = ["203.0.113.128/26", "203.0.113.192/26"]
    r.route(r.loc, "loc", quarters, "")
    r.route(r.prov, "out-post", quarters, "64500")
    d.quiet()
    loud = [x for x in d.open() if x["severity"] == "critical" and x["origin"] == OURS]
    right("our answer is no alarm at critical", not loud, brief(loud))
    r.carry(r.prov, half, "64510 65551 65551", upto="post")
    d.until("the path of now", lambda: any("65551 65551" in x["as_path"] for x in d.show("incidents", "kind ~ hijack")))
    r.drop(r.prov, half, upto="post")
    r.withdraw(r.loc, "loc", quarters)
    r.withdraw(r.prov, "out-post", quarters)
    d.closes("hijack")


@scenario
def content_network_leaks_between_providers(w):
    """A large content network tells our provider what it has of three others: one leak that names it."""
    d = w.daemon(vrps=NOBODY, rules={"provider_free": LARGE, "no_transit": [65540]})
    r = edge(d)
    parts = [MANY[:120], MANY[120:210], MANY[210:]]
    for part, asn in zip(parts, (65541, 65542, 65543)):
        r.carry(r.prov, part, "64510 65540 %d" % asn, to=[r.cust])
    one_incident(d, "65540", count=300)
    over(d, r, parts, r.prov, [r.cust])


@scenario
def leaked_more_specifics_of_many(w):
    """The same with ROAs at the length of the aggregates and 30 origins behind the leaker: one leak, not 30 invalids."""
    aggregates = blocks("2001:db8::/34", 40, 30)
    d = w.daemon(vrps=NOBODY + [(a, 40, 4200000000 + k) for k, a in enumerate(aggregates)])
    r = edge(d)
    parts = [blocks(a, 48, 5) for a in aggregates]
    for k, part in enumerate(parts):
        r.carry(r.prov, part, "64510 65540 %d" % (4200000000 + k), to=[r.cust])
    one_incident(d, "65540", count=150)
    over(d, r, parts, r.prov, [r.cust])


@scenario
def stub_leaks_below_a_large_network(w):
    """A stub below a customer of a large network leaks what it has of a content network; seen from the large one's
    customer: one leak that names the stub."""
    d = w.daemon(vrps=NOBODY, rules=CONTENT)
    r = edge(d)
    r.carry(r.prov, MANY, "64510 %d 65538 65540 65541" % ONE, to=[r.cust])
    one_incident(d, "65540", count=300)
    over(d, r, [MANY], r.prov, [r.cust])


@scenario
def leak_from_three_places(w):
    """A national network leaks a content network's routes to a large one: seen behind another large one, and from two providers."""
    for neighbour, relation, path in ((64510, "provider", "64510 %d %d 65540 65541" % (ONE, TWO)), (ONE, "peer", "%d 65540 65541" % ONE),
                                      (64511, "provider", "64511 %d 65540 65541" % TWO)):
        d = w.daemon(vrps=NOBODY, rules=CONTENT)
        r = edge(d)
        p = r.peer("192.0.2.33", neighbour if neighbour != 64510 else 64508, relation)
        r.carry(p, MANY[:40], path.replace("64510", "64508"), to=[r.cust])
        one_incident(d, "65540", count=40)
        over(d, r, [MANY[:40]], p, [r.cust])


@scenario
def african_leak_over_asia(w):
    """A network leaks a content network's valid routes to a large network, which we hear of behind our provider."""
    d = w.daemon(vrps=NOBODY + [("2001:db8::/33", 48, 65541)], rules=CONTENT)
    r = edge(d)
    r.carry(r.prov, MANY[:40], "64510 %d 65540 65541" % THREE, to=[r.cust])
    one_incident(d, "65540", count=40)
    over(d, r, [MANY[:40]], r.prov, [r.cust])


@scenario
def hoster_leaks_with_prepends(w):
    """A hoster leaks to a large network, prepending itself; some of it is behind another large network: one leak, all of it."""
    d = w.daemon(vrps=NOBODY)
    r = edge(d)
    large = r.peer("192.0.2.33", ONE, "provider")
    six = " ".join(["65540"] * 6)
    parts = [MANY[:250], MANY[250:]]
    r.carry(large, parts[0], "%d %s 65538 65539" % (ONE, six), to=[r.cust])
    r.carry(large, parts[1], "%d %s %d 65541" % (ONE, six, TWO), to=[r.cust])
    one_incident(d, "65540", count=300)
    over(d, r, parts, large, [r.cust])


@scenario
def optimiser_leak(w):
    """A customer's customer leaks an optimiser's more-specifics of 40 networks: one leak that names one of the two, no invalid each."""
    aggregates = blocks("2001:db8::/34", 40, 40)
    d = w.daemon(vrps=NOBODY + [(a, 40, 4200000000 + k) for k, a in enumerate(aggregates)])
    r = edge(d)
    large = r.peer("192.0.2.33", ONE, "provider")
    parts = [blocks(a, 41, 2) for a in aggregates]
    for k, part in enumerate(parts):
        r.carry(large, part, "%d 65540 65541 %d %d" % (ONE, TWO, 4200000000 + k), to=[r.cust])
    one_incident(d, "65540", "65541", count=80)
    over(d, r, parts, large, [r.cust])


@scenario
def mass_origination_as_a_third_network(w):
    """A network originates 300 prefixes of others, a third of them with ROAs: one incident, major or more, with all 300."""
    d = w.daemon(vrps=NOBODY + [(p, 48, VICTIM) for p in MANY[::3]])
    r = edge(d)
    r.carry(r.prov, MANY, "64510 65538 65540", to=[r.cust])
    i = one_incident(d, "65540", count=300)
    right("major or critical", i["severity"] in ("major", "critical"), i["severity"])
    over(d, r, [MANY], r.prov, [r.cust])


@scenario
def mass_origination_as_a_victim(w):
    """The same with one of our own prefixes among them: one incident, critical, a hijack of ours first."""
    d = w.daemon(vrps=VRPS + [(p, 48, VICTIM) for p in MANY[::3]])
    r = edge(d)
    r.carry(r.prov, [OUR_PREFIX] + MANY, "64510 65538 65540", to=[r.cust])
    i = one_incident(d, "65540")
    right("critical, and ours", i["severity"] == "critical" and OUR_PREFIX in i["summary"], brief([i]))
    over(d, r, [[OUR_PREFIX] + MANY], r.prov, [r.cust])


@scenario
def peer_leaks_more_specifics(w):
    """A peer's customer leaks more-specifics of 30 networks with the origins kept, or as its own: one incident either way."""
    aggregates = blocks("2001:db8::/34", 40, 30)
    for kept in (True, False):
        d = w.daemon(vrps=NOBODY + [(a, 44, 4200000000 + k) for k, a in enumerate(aggregates)])
        r = edge(d)
        parts = [blocks(a, 48, 4) for a in aggregates]
        for k, part in enumerate(parts):
            r.carry(r.lateral, part, "64509 65540" + (" %d" % (4200000000 + k) if kept else ""), to=[r.cust])
        one_incident(d, "65540", count=120)
        over(d, r, parts, r.lateral, [r.cust])


@scenario
def mass_origination_replaced(w):
    """A network with a handful of prefixes originates 300 of others that were told by others before; repaired: closed as replaced."""
    d = w.daemon(vrps=NOBODY + [(p, 48, 65530 + k % 5) for k, p in enumerate(MANY) if k % 3 == 0])
    r = edge(d)
    r.carry(r.prov, blocks("2001:db8:8000::/40", 48, 10), "64510 65538 65540", to=[r.cust])
    for k in range(5):
        r.carry(r.prov, MANY[k::5], "64510 65537 %d" % (65530 + k), to=[r.cust])
    d.quiet()
    right("quiet before", not d.told(), brief(d.told()))
    r.carry(r.prov, MANY, "64510 65538 65540 65540", to=[r.cust])
    one_incident(d, "65540", count=300)
    for k in range(5):
        r.carry(r.prov, MANY[k::5], "64510 65537 %d" % (65530 + k), to=[r.cust])
    d.closes()
    right("as replaced", d.told()[-1]["reason"] == "replaced", brief(d.told()[-1:]))


@scenario
def forged_first_hop(w):
    """Part of our prefix, origin-valid by a loose ROA, behind an AS that is no neighbour of ours: a hijack."""
    d = w.daemon(vrps=[(OUR_PREFIX, 28, OURS)])
    r = edge(d)
    r.carry(r.prov, "203.0.113.64/26", "64510 65551 64500")
    i = one_incident(d, "65551")
    right("major or critical", i["severity"] in ("major", "critical"), i["severity"])
    right("we do not announce it", "MOAS" not in i["summary"], i["summary"])
    over(d, r, ["203.0.113.64/26"], r.prov, [])


@scenario
def blackhole_and_a_leak_at_once(w):
    """A stranger's /32 with the blackhole community is accepted, then the /24 leaks with its origin: two incidents, named right."""
    for ours in (False, True):
        d = w.daemon(own={"asns": [OURS], "prefixes": [{"prefix": VICTIM_PREFIX, "origins": [VICTIM]}]} if ours else {"asns": [OURS]})
        r = edge(d)
        r.carry(r.lateral, VICTIM_PREFIX, "64509 64496", to=[r.cust])
        r.carry(r.lateral, "198.51.100.1/32", "64509 65538 65540", communities=[BLACKHOLE])
        i = one_incident(d, "65540")
        right("major or critical", i["severity"] in ("major", "critical"), i["severity"])
        right("that a blackhole was accepted is said", "blackhole" in str(d.told()).lower(), brief(d.told()))
        r.carry(r.lateral, VICTIM_PREFIX, "64509 65538 65539 65540 64496", to=[r.cust])
        d.opens("leak")
        r.drop(r.lateral, "198.51.100.1/32")
        r.drop(r.lateral, VICTIM_PREFIX, to=[r.cust])
        d.closes()


@scenario
def leak_that_changes_its_path(w):
    """A leak with prepends between two large networks behind a neighbour: the leaker is named, the path is followed, the end is told."""
    nine = " ".join(["65540"] * 9)
    eight = blocks("192.0.2.0/24", 28, 8)
    for relation in ("provider", "peer"):
        d = w.daemon(vrps=[(VICTIM_PREFIX, 24, VICTIM)])
        r = edge(d)
        p = r.peer("192.0.2.33", 64508, relation)
        before = "64508 %d 65542 65543" % ONE if relation == "provider" else "64508 65542 65543"
        r.carry(p, eight, before, to=[r.cust])
        d.quiet()
        right("quiet before", not d.told(), brief(d.told()))
        r.carry(p, eight, "64508 65539 %s %d %d 65542 65543" % (nine, TWO, ONE), to=[r.cust])
        one_incident(d, "65540", "65539", count=8)
        r.carry(p, eight, "64508 65539 %s %d %d %d 65542 65543" % (nine, THREE, ONE, ONE), to=[r.cust])
        d.until("the path is followed", lambda: any(" %d " % THREE in x["as_path"] for x in d.show("incidents")))
        r.carry(p, eight, before, to=[r.cust])
        d.closes()


@scenario
def route_policy_that_lets_all_out(w):
    """Routes of a peer go out to a provider and a peer, without OTC anywhere: we leak, one incident, critical."""
    d = w.daemon(vrps=NOBODY)
    r = edge(d)
    other = r.peer("192.0.2.65", 64508, "peer")
    r.carry(other, MANY[:40], "64508 65540")
    d.quiet()
    for p in (r.prov, r.lateral):
        r.route(p, "out-post", MANY[:40], "64500 64508 65540")
    i = one_incident(d, "we leak", count=40)
    right("critical", i["severity"] == "critical", i["severity"])
    for p in (r.prov, r.lateral):
        r.withdraw(p, "out-post", MANY[:40])
    d.closes()


@scenario
def route_policy_that_lets_all_out_with_otc(w):
    """The same with the OTC attribute that we set on ingress."""
    d = w.daemon(vrps=NOBODY)
    r = edge(d)
    other = r.peer("192.0.2.65", 64508, "peer")
    r.carry(other, MANY[:40], "64508 65540", upto="pre")
    r.route(other, "post", MANY[:40], "64508 65540", otc=64508)
    r.route(r.loc, "loc", MANY[:40], "64508 65540", otc=64508)
    d.quiet()
    right("nothing before", not d.told(), brief(d.told()))
    for p in (r.prov, r.lateral):
        r.route(p, "out-post", MANY[:40], "64500 64508 65540", otc=64508)
    i = one_incident(d, "we leak", count=40)
    right("critical", i["severity"] == "critical", i["severity"])
    for p in (r.prov, r.lateral):
        r.withdraw(p, "out-post", MANY[:40])
    d.closes()


@scenario
def bogon_beside_a_right_route(w):
    """An IPv6 prefix of space that nobody was ever given, beside a right IPv4 one of the same origin: a bogon, and that only."""
    d = w.daemon(vrps=NOBODY)
    r = edge(d)
    r.carry(r.prov, "5bce:6e00::/23", "64510 65538 65540", to=[r.cust])
    d.until("it is told", lambda: [x for x in d.open_troubles("bogon") + d.open("bogon")])
