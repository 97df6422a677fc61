"""What a neighbour is: of our own, of a confederation, of a VRF, at a route server, one of several of an organisation."""
from daemon import OTHERS, OUR_PREFIX, OURS, VICTIM_PREFIX
from router import Router
from story import brief
from suite import edge, quick, right, scenario
from wire import RD_PEER

HALF, STRANGER = "203.0.113.128/25", "64510 65551"
RED, BLUE = b"\0\0\xfb\xf4\0\0\0\1", b"\0\0\xfb\xf4\0\0\0\2"  # 64500:1, 64500:2
INVALID = "64510 65536"


def own(**more):
    return dict({"asns": [OURS], "prefixes": [{"prefix": OUR_PREFIX}]}, **more)


@quick
def vrfs_are_named_in_every_event(w):
    """One neighbour address and AS in two VRFs, and their Loc-RIBs: every event names its VRF, and a filter finds it."""
    d = w.daemon(vrps=OTHERS)
    r = Router(d, "pe1")
    red = r.peer("192.0.2.1", 64501, kind=RD_PEER, rd=RED)
    r.peer("192.0.2.1", 64501, kind=RD_PEER, rd=BLUE, table="blue")
    r.loc_rib("red", rd=RED)
    r.connect()
    d.quiet()
    r.down(red)
    down = d.until("the peer is down", lambda: [x for x in d.records if x.get("event") == "peer.down"])[0]
    right("it is the one in red", (down["table"], down["distinguisher"]) == ("red", "64500:1"), down)
    right("in words, too", "VRF red (64500:1)" in down["summary"], down["summary"])
    ups = {(x["table"], x["distinguisher"]) for x in d.records if x.get("event") == "peer.up"}
    right("the others are their own", ("blue", "64500:2") in ups and ("red", "64500:1") in ups, ups)
    found = d.command("tail", "-n", "20", "table blue").stdout
    right("a filter by table", "blue" in found and "red" not in found, found)
    rows = {(x["distinguisher"], x["table"], x["state"]) for x in d.show("peers") if x["peer"] == "192.0.2.1"}
    right("what is down keeps its name", rows == {("64500:1", "red", "down"), ("64500:2", "blue", "up")}, rows)


@scenario
def internet_in_a_vrf_is_judged(w):
    """rules.vrfs names the table that carries the Internet, by its name or its distinguisher: it is judged, another is not."""
    for name in ("inet", "64500:1"):
        d = w.daemon(vrps=OTHERS, rules={"vrfs": [name]})
        r = Router(d, "pe1")
        inet = r.peer("192.0.2.9", 64510, kind=RD_PEER, rd=RED)
        other = r.peer("192.0.2.9", 64510, kind=RD_PEER, rd=BLUE)
        r.loc_rib("inet", rd=RED)
        r.connect()
        r.route(other, "pre", HALF, STRANGER)
        d.quiet()
        right("another VRF is a customer's business", not d.told(), brief(d.told()))
        r.route(inet, "pre", HALF, STRANGER)
        d.opens("hijack")
        d.reload(rules={})
        d.closes()


@scenario
def members_of_a_confederation_are_ours(w):
    """own.confederation: routes of members are ours, whatever their path, and what goes to a member is not passed on."""
    d = w.daemon(own=own(confederation=[65001, 65002]))
    r = Router(d, "edge1", asn=65001)
    inside = r.peer("192.0.2.7", 65001, None)
    member = r.peer("192.0.2.8", 65002, None)
    outside = r.peer("192.0.2.9", 64510, None, local_as=OURS)
    r.loc_rib()
    r.connect()
    for peer, view, path in ((inside, "pre", ""), (member, "pre", "(65002)"), (r.loc, "loc", "(65002)"), (member, "out-post", "(65001)"),
                             (outside, "out-post", "64500")):
        r.route(peer, view, OUR_PREFIX, path)
    d.quiet()
    right("nothing is told", not d.told(), brief(d.told()))
    r.route(outside, "pre", VICTIM_PREFIX, INVALID)
    r.route(r.loc, "loc", VICTIM_PREFIX, INVALID)
    r.route(member, "out-post", VICTIM_PREFIX, "(65001) " + INVALID)
    d.opens("rov")
    d.quiet()
    right("in use, not passed on", [x["severity"] for x in d.open("rov")] == ["major"], brief(d.open()))
    r.route(outside, "pre", OUR_PREFIX, "(65002)")
    d.opens("hijack", what="nobody outside has segments of ours to send")


@scenario
def siblings_are_one_network(w):
    """rules.siblings: a sibling of a large network is no stranger, as a customer neither; own.siblings originate what is ours."""
    d = w.daemon(vrps=OTHERS, own=own(siblings=[64499]), rules={"provider_free": [64505, 64506], "siblings": [[64506, 64508]]})
    r = edge(d)
    sister = r.peer("192.0.2.25", 64508, "customer")
    r.route(r.prov, "pre", "20.0.0.0/24", "64510 64505 64508 64506 64520")
    r.route(sister, "pre", "20.0.1.0/24", "64508 64506 64520")
    r.route(r.prov, "pre", OUR_PREFIX, "64510 64499")
    d.quiet()
    right("nothing is told", not d.told(), brief(d.told()))
    r.route(r.prov, "pre", "20.0.2.0/24", "64510 64505 64520 64506 64521")
    d.opens("leak.peerlock", what="a stranger between the two is a leak")


@scenario
def members_of_a_route_server(w):
    """A large network at a route server is a member like any other; behind a member it is a leak."""
    d = w.daemon(vrps=OTHERS)
    r = Router(d)
    rs = r.peer("192.0.2.33", 64530, "rs")
    r.connect()
    r.route(rs, "pre", "20.0.0.0/24", "64505 64520", otc=64530)
    r.route(rs, "pre", "20.0.1.0/24", "64530 64506 64520", otc=64530)
    d.quiet()
    right("members are no leakers", not d.told(), brief(d.told()))
    r.route(rs, "pre", "20.0.2.0/24", "64520 64505 64521", otc=64530)
    d.opens("leak.peerlock")


@scenario
def neighbor_listed_twice_is_refused(w):
    """One neighbour with two relations: --check-config names it and both lines; two sessions of one AS are fine."""
    d = w.daemon(start=False, neighbors=[{"asn": 64501, "relation": "customer"}, {"asn": 64501, "relation": "peer"}])
    checked = d.check_config()
    right("refused", checked.returncode == 2 and checked.stderr.count("AS64501") == 1 and "in line" in checked.stderr, checked.stderr)
    d.configure(neighbors=[{"asn": 64501, "relation": "customer"}, {"asn": 64501, "address": "192.0.2.1", "relation": "internal"},
                           {"address": "192.0.2.77", "relation": "collector"}])
    checked = d.check_config()
    right("accepted", checked.returncode == 0, checked.stderr)


@scenario
def filtered_only_in_a_family_that_is_shown(w):
    """Post-policy is monitored for IPv4 only: an IPv4 invalid that is not in it is filtered, of an IPv6 one nobody knows."""
    d = w.daemon(vrps=OTHERS + [("2001:db8:1::/48", 48, 64496)])
    r = Router(d)
    p = r.peer("192.0.2.9", 64510, "provider", views=("pre",))
    r.connect()
    r.route(p, "post", "192.0.2.0/24", "64510 64511")
    r.route(p, "pre", "2001:db8:1::/48", INVALID)
    six = d.opens("rov")[0]
    right("it may be in use", six["severity"] == "warning" and "adj-rib-in-post" in six["views_missing"], brief([six]))
    r.route(p, "pre", VICTIM_PREFIX, "64510 65537")
    four = d.until("the other one", lambda: [x for x in d.open("rov") if x["origin"] == 65537])[0]
    right("it is filtered", four["severity"] == "info" and "adj-rib-in-post" not in four["views_missing"], brief([four]))
