"""Origin validation: who is accused, how gravely, and for how long."""
import ipaddress
import random

from daemon import OTHERS, OUR_PREFIX, OURS, VICTIM, VICTIM_PREFIX, VRPS
from router import Router, blocks
from story import brief
from suite import edge, quick, right, scenario

THIRD, THIRD_AS = "192.0.2.0/24", 64497
THREE = [(VICTIM_PREFIX, 24, VICTIM), (THIRD, 24, THIRD_AS), ("203.0.113.0/24", 24, 64498)]
NOT_OURS = {"asns": [OURS]}
BAD = "64501 65551"


def severity(d):
    now = d.open("rov")
    return now[0]["severity"] if now else "closed"


@scenario
def invalid_goes_up_and_down(w):
    """Severity is that of the furthest view, upwards as the route spreads and downwards as it is taken back."""
    d = w.daemon()
    r = edge(d)
    steps = [(r.cust, "pre", "info"), (r.cust, "post", "warning"), (r.loc, "loc", "major"), (r.cust, "out-post", "major"),
             (r.lateral, "out-post", "critical")]
    r.carry(r.prov, "192.0.2.0/24", "64510 64497", to=[r.lateral, r.cust])  # every view has something
    for p, view, want in steps:
        r.route(p, view, VICTIM_PREFIX, BAD)
        d.until("%s after %s" % (want, view), lambda: severity(d) == want)
    for (p, view, _), want in zip(reversed(steps), ["major", "major", "warning", "info", "closed"]):
        r.withdraw(p, view, VICTIM_PREFIX)
        d.until("%s without %s" % (want, view), lambda: severity(d) == want)


@scenario
def only_a_customer_is_left(w):
    """Passed on to a provider and to a customer it is critical; the provider's part is taken back: major again."""
    d = w.daemon()
    r = edge(d)
    r.carry(r.lateral, VICTIM_PREFIX, "64509 65551", to=[r.prov, r.cust])
    d.until("critical", lambda: severity(d) == "critical")
    r.withdraw(r.prov, "out-post", VICTIM_PREFIX)
    d.until("major", lambda: severity(d) == "major")


@quick
def right_origin_takes_over(w):
    """Replaced by the right origin without a withdrawal: closed, as replaced."""
    d = w.daemon()
    r = edge(d)
    r.carry(r.prov, VICTIM_PREFIX, "64510 65551")
    d.opens("rov.invalid.asn")
    r.carry(r.prov, VICTIM_PREFIX, "64510 64496")
    d.closes()
    last = d.told()[-1]
    right("closed as replaced", last["transition"] == "closed" and last["reason"] == "replaced", brief([last]))


@scenario
def example_is_one_that_is_true(w):
    """One of two invalid routes is mended: what is told of it, and shown, is the other one."""
    d = w.daemon(vrps=THREE, own=NOT_OURS)
    r = edge(d)
    r.route(r.prov, "pre", ["203.0.113.0/24", VICTIM_PREFIX], "64510 65551")
    d.opens("rov.invalid.asn")
    d.quiet()
    mark = d.mark()
    r.route(r.prov, "pre", "203.0.113.0/24", "64510 64498")
    d.until("shown is the other one", lambda: [x["prefixes"]["examples"] for x in d.show("incidents")] == [[VICTIM_PREFIX]])
    d.until("and told", lambda: d.told(mark))
    d.quiet()
    right("nothing told since names the mended one", "203.0.113.0" not in str([x["summary"] for x in d.told(mark)]), brief(d.told(mark)))


@quick
def new_victim_is_news(w):
    """A network with an old invalid route takes another network's prefix: told at once and by name, not with the next growth."""
    d = w.daemon(vrps=THREE, own=NOT_OURS, incidents={"update_s": 300})
    r = edge(d)
    r.carry(r.prov, "203.0.113.0/24", "64510 65551")
    d.opens("rov.invalid.asn")
    d.quiet()
    mark = d.mark()
    r.carry(r.prov, VICTIM_PREFIX, "64510 65551")
    d.until("the new victim is named", lambda: VICTIM_PREFIX in str([(x["summary"], x["prefixes"]) for x in d.told(mark)]), 6)


@scenario
def new_victim_among_many_is_named(w):
    """The same where the network has more old invalid routes than a record has examples."""
    d = w.daemon(vrps=THREE + [("2001:db8::/32", 32, VICTIM)], own=NOT_OURS, incidents={"update_s": 300})
    r = edge(d)
    r.carry(r.prov, blocks("2001:db8::/32", 48, 14), "64510 65551")
    d.opens("rov.invalid.asn")
    d.quiet()
    mark = d.mark()
    r.carry(r.prov, VICTIM_PREFIX, "64510 65551")
    d.until("the new victim is named", lambda: VICTIM_PREFIX in str([(x["summary"], x["prefixes"]) for x in d.told(mark)]), 6)


@scenario
def standing_invalid_hides_no_new_mass(w):
    """A network with one old invalid route originates 400 of others: that is told within seconds, with their number."""
    d = w.daemon(vrps=THREE + [("2001:db8::/32", 32, VICTIM)], own=NOT_OURS, incidents={"update_s": 300})
    r = edge(d)
    r.carry(r.prov, THIRD, "64510 65551")
    d.opens("rov")
    d.quiet()
    mark = d.mark()
    r.carry(r.prov, blocks("2001:db8::/32", 48, 400), "64510 65551")
    d.until("400 or 401 are told", lambda: any(x["prefixes"]["count"] >= 400 for x in d.told(mark)))
    right("the newest are the examples", "2001:db8" in str(d.told(mark)[-1]["prefixes"]["examples"]), d.told(mark)[-1]["prefixes"])


@scenario
def rise_names_what_rose(w):
    """Severity rises because of a second prefix: the update names that one."""
    d = w.daemon(vrps=THREE, own=NOT_OURS)
    r = edge(d)
    r.carry(r.prov, THIRD, "64510 64497", to=[r.lateral])
    r.carry(r.prov, "203.0.113.0/24", "64510 65551", upto="pre")
    d.opens("rov")
    mark = d.mark()
    r.carry(r.prov, VICTIM_PREFIX, "64510 65551", to=[r.lateral])
    d.until("critical", lambda: severity(d) == "critical")
    risen = [x for x in d.told(mark) if x["severity"] == "critical"][0]
    right("it names the prefix that is passed on", VICTIM_PREFIX in risen["summary"] or risen["evidence"].get("prefix") == VICTIM_PREFIX, risen["summary"])


@scenario
def sender_is_named_not_receiver(w):
    """A customer's invalid that is passed on to a peer: the incident's peer and path are the customer's, also in the evidence."""
    d = w.daemon()
    r = edge(d)
    r.carry(r.cust, VICTIM_PREFIX, BAD, to=[r.lateral])
    d.until("critical", lambda: severity(d) == "critical")
    d.quiet()
    i = d.show("incidents", "kind ~ rov")[0]
    right("the neighbour is the customer", i["peer_as"] == 64501, i["peer_as"])
    right("the path is as it was received", i["as_path"] == BAD, i["as_path"])


@scenario
def present_peer_is_named(w):
    """Two neighbours send an invalid; the first session goes down: the incident names the other, and closes with its end."""
    d = w.daemon()
    r = edge(d)
    r.carry(r.cust, VICTIM_PREFIX, BAD, upto="post")
    r.carry(r.prov, VICTIM_PREFIX, "64510 65551", upto="post")
    d.opens("rov")
    d.quiet()
    r.down(r.cust)
    d.until("the provider is named", lambda: [x["peer"] for x in d.show("incidents", "kind ~ rov")] == ["192.0.2.9"])
    r.down(r.prov)
    d.closes()
    right("closed as peer-down", d.told()[-1]["reason"] == "peer-down", brief(d.told()[-1:]))


@scenario
def ibgp_is_not_passed_on(w):
    """An invalid in use that goes to our own route reflector, and nowhere else, is in use: major."""
    d = w.daemon()
    r = edge(d)
    reflector = r.peer("192.0.2.99", OURS, None)
    r.route(reflector, "out-post", THIRD, "64510")
    r.carry(r.prov, VICTIM_PREFIX, "64510 65551", to=[reflector])
    d.until("major", lambda: severity(d) == "major")
    d.quiet()
    right("never more", "critical" not in [x["severity"] for x in d.told()], brief(d.told()))


@scenario
def collector_is_not_passed_on(w):
    """The table for a route collector is read by nobody who forwards: major. neighbors: says which session that is."""
    d = w.daemon(neighbors=[{"asn": 64499, "relation": "collector"}])
    r = edge(d)
    ris = r.peer("192.0.2.77", 64499, None)
    r.carry(r.prov, VICTIM_PREFIX, "64510 65551", to=[ris])
    d.until("major", lambda: severity(d) == "major")
    d.quiet()
    right("never more", "critical" not in [x["severity"] for x in d.told()], brief(d.told()))


@scenario
def filtered_only_where_it_would_be_seen(w):
    """An invalid in pre-policy of a peer whose post-policy nobody monitors is not called filtered because another peer's is."""
    d = w.daemon()
    r = Router(d)
    one = r.peer("192.0.2.9", 64510, "provider", views=("pre",))
    two = r.peer("192.0.2.1", 64501, "customer", views=("pre", "post"))
    r.connect()
    r.carry(two, THIRD, "64501 64497", upto="post")
    r.route(one, "pre", VICTIM_PREFIX, "64510 65551")
    i = d.opens("rov")[0]
    right("it may be in use: more than info", i["severity"] != "info", i["severity"])
    right("the view is said to be missing", "adj-rib-in-post" in i["views_missing"], i["views_missing"])


@scenario
def vrps_open_and_close_with_their_reason(w):
    """A ROA that is changed makes routes invalid, and right again: opened and closed for RPKI, with the VRP as evidence."""
    d = w.daemon()
    r = edge(d)
    r.carry(r.prov, VICTIM_PREFIX, "64510 64496")
    d.quiet()
    right("nothing before", not d.told(), brief(d.told()))
    d.set_vrps([(OUR_PREFIX, 24, OURS), (VICTIM_PREFIX, 24, 64499)])
    i = d.opens("rov.invalid.asn")[0]
    right("opened for RPKI", i["reason"] == "rpki", i["reason"])
    right("the VRP is named", "64499" in str(i["evidence"]), i["evidence"])
    d.set_vrps(VRPS)
    d.closes()
    right("closed for RPKI", d.told()[-1]["reason"] == "rpki", d.told()[-1]["reason"])


@scenario
def order_of_vrps_and_routes_does_not_matter(w):
    """VRPs first or routes first: the same incidents, severities and views in the end."""
    ends = []
    for first in (True, False):
        d = w.daemon(vrps=VRPS if first else [("192.0.2.128/25", 25, 64499)])
        r = edge(d)
        r.carry(r.cust, VICTIM_PREFIX, "64501", to=[r.lateral])
        r.carry(r.prov, VICTIM_PREFIX, "64510 65550", upto="pre")
        if not first:
            d.quiet()
            d.set_vrps(VRPS)
        d.opens("rov", 2)
        d.quiet()
        reasons = {x["reason"] for x in d.told() if x["transition"] == "opened"}
        right("opened for what did it", reasons == {"announced" if first else "rpki"}, reasons)
        ends.append(sorted((x["id"], x["severity"], tuple(x["views"])) for x in d.show("incidents", "kind ~ rov")))
    right("the same end", ends[0] == ends[1], ends)


@scenario
def our_roa_attacked(w):
    """The ROA of our prefix names another AS: critical, for RPKI; it says our prefix and the ROA, and does not accuse us."""
    d = w.daemon()
    r = edge(d)
    r.route(r.loc, "loc", OUR_PREFIX, "")
    r.route(r.prov, "out-post", OUR_PREFIX, "64500")
    d.quiet()
    right("nothing before", not d.told(), brief(d.told()))
    d.set_vrps([(OUR_PREFIX, 24, 65551)] + OTHERS)
    d.until("it is told", lambda: d.open())
    d.quiet()
    right("one, critical", [x["severity"] for x in d.open()] == ["critical"], brief(d.open()))
    i = d.open()[0]
    right("reason", [x for x in d.told() if x["transition"] == "opened"][0]["reason"] == "rpki")
    right("our prefix, the ROA's AS", "our" in i["summary"].lower() and "65551" in str((i["summary"], i["evidence"])), i["summary"])
    d.set_vrps(VRPS)
    d.closes()


@scenario
def one_vrp_against_many_is_one_incident(w):
    """One VRP makes routes of 300 networks invalid: one mass change, not 300 openings, and it closes with the VRP."""
    d = w.daemon()
    r = edge(d)
    nets = blocks("2001:db8::/33", 48, 300)
    for k, p in enumerate(nets):
        r.carry(r.prov, p, "64510 %d" % (4200000000 + k))
    d.quiet()
    d.set_vrps(VRPS + [("2001:db8::/32", 32, 0)])
    d.until("something is told", lambda: d.open() or d.open_troubles("rpki"))
    d.quiet()
    opened = [x for x in d.records if x.get("transition") == "opened"]
    right("few openings", len(opened) <= 3, "%d openings" % len(opened))
    right("it names the VRP", "2001:db8::/32" in str(opened), brief(opened))
    d.set_vrps(VRPS)
    d.closes()


@scenario
def default_route_vrp_is_an_alarm(w):
    """A VRP for 0.0.0.0/0 is an incident of its own, not one of every network that has no ROA."""
    d = w.daemon()
    r = edge(d)
    for k, p in enumerate(blocks("192.0.2.0/24", 32, 60)):
        r.route(r.prov, "pre", p, "64510 %d" % (4200000000 + k))
    d.quiet()
    d.set_vrps(VRPS + [("0.0.0.0/0", 0, 64499)])
    d.alarms("rpki")
    d.quiet()
    right("no opening for each network", len([x for x in d.told() if x["transition"] == "opened"]) <= 1, "%d" % len(d.open()))


@scenario
def deltas_are_a_recomputation(w):
    """After each of 12 random changes of VRPs, what is open is what a naive judge finds in the routes and VRPs of then
    (some of which name us: nothing is derived from them here)."""
    dice = random.Random(11)
    pool = []
    for _ in range(40):
        length = dice.choice([34, 36, 40, 44, 48])
        net = ipaddress.ip_network((int(ipaddress.ip_address("2001:db8::")) + (dice.randrange(16) << 90), length), strict=False)
        pool.append((str(net), min(48, length + dice.choice([0, 0, 4, 8])), 64496 + dice.randrange(5)))
    pool = sorted({v[:2]: v for v in pool}.values())
    routes = {}
    for _ in range(150):
        length = dice.choice([34, 36, 40, 44, 48])
        net = ipaddress.ip_network((int(ipaddress.ip_address("2001:db8::")) + (dice.randrange(16) << 90) + (dice.randrange(64) << 80), length), strict=False)
        routes[str(net)] = 64496 + dice.randrange(5)
    live = set(dice.sample(range(len(pool)), 20))

    def vrps():
        return [("203.0.113.0/24", 24, 64499)] + [pool[k] for k in sorted(live)]

    def judge():
        out = {}
        table = [(ipaddress.ip_network(p), longest, asn) for p, longest, asn in vrps()]
        for prefix, origin in routes.items():
            net = ipaddress.ip_network(prefix)
            covering = [v for v in table if v[0].version == net.version and net.subnet_of(v[0])]
            if covering and not any(v[2] == origin and net.prefixlen <= v[1] for v in covering):
                kind = "rov.invalid.length" if any(v[2] == origin for v in covering) else "rov.invalid.asn"
                out[kind, origin] = out.get((kind, origin), 0) + 1
        return out
    d = w.daemon(vrps=vrps(), own=dict(NOT_OURS, derive="off"))
    r = edge(d)
    for prefix, origin in routes.items():
        r.carry(r.prov, prefix, "64510 %d" % origin)
    for change in range(12):
        for _ in range(dice.choice([1, 2, 6])):
            live ^= {dice.randrange(len(pool))}
        d.set_vrps(vrps())
        d.until("as the judge says, after change %d" % change, lambda: {
            (x["kind"], x["origin"]): x["prefixes"]["count"] for x in d.show("incidents", "kind ~ rov")} == judge())


@scenario
def one_of_two_paths(w):
    """ADD-PATH: one path of two is invalid; path ids are exchanged; the invalid one goes."""
    d = w.daemon()
    r = Router(d)
    p = r.peer("192.0.2.9", 64510, "provider", add_path=[(1, 1)], views=("pre",), families=((1, 1),))
    r.connect()
    r.route(p, "pre", VICTIM_PREFIX, "64510 64496", path_id=1)
    r.route(p, "pre", VICTIM_PREFIX, "64510 65551", path_id=2)
    i = d.opens("rov")[0]
    right("AS65551, one route", i["origin"] == 65551 and i["view_counts"] == {"adj-rib-in-pre": 1}, i["view_counts"])
    d.quiet()
    mark = d.mark()
    r.route(p, "pre", VICTIM_PREFIX, "64510 65551", path_id=1)
    r.route(p, "pre", VICTIM_PREFIX, "64510 64496", path_id=2)
    d.quiet()
    right("nothing new when ids are exchanged", not d.told(mark), brief(d.told(mark)))
    r.withdraw(p, "pre", VICTIM_PREFIX, path_id=1)
    d.closes()


@scenario
def repetition_says_nothing(w):
    """Every UPDATE five times; MED and communities change 20 times: told once, counted once."""
    d = w.daemon(vrps=OTHERS)
    r = edge(d)
    for _ in range(5):
        r.carry(r.cust, VICTIM_PREFIX, "64501", to=[r.lateral])
        r.carry(r.prov, "203.0.113.128/25", "64510 65551")
    d.opens("", 2)
    d.quiet()
    mark = d.mark()
    for k in range(20):
        r.carry(r.cust, VICTIM_PREFIX, "64501", to=[r.lateral], med=k, communities=["64501:%d" % k])
        r.carry(r.prov, "203.0.113.128/25", "64510 65551", med=k)
    d.quiet()
    right("nothing of MED and communities", not d.told(mark), brief(d.told(mark)))
    counts = [(x["prefixes"]["count"], max(x["view_counts"].values())) for x in d.show("incidents")]
    right("each route once", set(counts) == {(1, 1)}, counts)


@scenario
def as0_roas(w):
    """An AS0 ROA beside a right one hurts nobody; alone it makes invalid."""
    d = w.daemon(vrps=[(VICTIM_PREFIX, 24, 0), (VICTIM_PREFIX, 24, VICTIM), (THIRD, 32, 0)])
    r = edge(d)
    r.carry(r.prov, VICTIM_PREFIX, "64510 64496", upto="pre")
    r.carry(r.prov, "192.0.2.0/25", "64510 65551", upto="pre")
    i = d.opens("rov")[0]
    right("the covered one only", i["prefixes"]["examples"] == ["192.0.2.0/25"], i["prefixes"])


@scenario
def labelled_unicast_is_the_internet(w):
    """Our prefix with another origin as IPv4 labelled unicast is a hijack like any other."""
    import wire
    d = w.daemon()
    r = Router(d)
    p = r.peer("192.0.2.9", 64510, "provider", families=((1, 1), (1, 4)), views=("pre",))
    r.connect()
    octets = bytes([24 + 24]) + b"\x00\x06\x41" + bytes([203, 0, 113])
    r.send(wire.monitoring(r.header(p, "pre"), wire.update(wire.attributes("64510 65551", with_next_hop=False) + wire.reach((1, 4), octets))))
    d.opens("hijack")
