"""What a route says by itself: bogons, black holes, and what was not to leave. Others have real numbers here: in a lab
of documentation numbers those are ordinary."""
from daemon import OTHERS, OURS, VICTIM_PREFIX
from story import brief
from suite import edge, quick, right, scenario
from wire import BLACKHOLE

NO_EXPORT = "65535:65281"
FAR, FAR_AS = "20.9.0.0/16", 3215
GRAVE = ("warning", "major", "critical")


def only(d, kind):
    """One incident, of that kind."""
    d.opens(kind)
    d.quiet()
    now = d.open()
    right("one incident", len(now) == 1, brief(now))
    return now[0]


@quick
def bogons_come_and_go(w):
    """Private space and IPv4 written as IPv6 from a provider: an incident for each origin, which ends with its routes."""
    d = w.daemon()
    r = edge(d)
    r.carry(r.prov, ["5bce:6e00::/23", "5bce:7000::/24"], "64510 201776 47598", to=[r.cust])
    i = only(d, "bogon.prefix")
    right("it says why", "2000::/3" in i["summary"] and "AS47598" in i["summary"], i["summary"])
    r.carry(r.prov, "10.20.0.0/16", "64510 3215")
    d.until("another origin, another incident", lambda: len(d.open("bogon.prefix")) == 2)
    r.drop(r.prov, ["5bce:6e00::/23", "5bce:7000::/24"], to=[r.cust])
    r.drop(r.prov, "10.20.0.0/16")
    d.closes()


@scenario
def inside_private_space_is_ordinary(w):
    """Loopbacks, statics, iBGP, a VRF, a site with a private AS, a default route: nothing is told of them."""
    d = w.daemon()
    r = edge(d)
    inside = r.peer("10.0.0.2", OURS)
    site = r.peer("10.0.0.6", 65010)
    vrf = r.peer("10.1.0.6", 64999, kind=1, rd=b"\0\0\xfb\xf4\0\0\0\7")
    r.route(r.loc, "loc", ["10.0.0.0/30", "10.255.0.1/32", "192.168.0.0/16", "100.64.0.0/10"], "")
    for view in ("pre", "post"):
        r.route(inside, view, ["10.3.0.0/16", "10.255.0.2/32"], "")
        r.route(site, view, "172.16.4.0/22", "65010 65011")
        r.route(vrf, view, "10.9.0.0/16", "64999")
        r.route(r.prov, view, "0.0.0.0/0", "64510")
    r.route(r.loc, "loc", "172.16.4.0/22", "65010 65011")
    r.route(r.loc, "loc", "0.0.0.0/0", "64510")
    r.route(inside, "out-post", ["10.0.0.0/30", "192.168.0.0/16"], "")
    d.quiet()
    right("nothing is told", not d.told(), brief(d.told()))
    r.route(r.prov, "out-post", "192.168.0.0/16", "64500")  # now it is let out
    i = only(d, "bogon.prefix")
    right("grave enough to be looked at", i["severity"] in GRAVE, i["severity"])
    r.withdraw(r.prov, "out-post", "192.168.0.0/16")
    d.closes()


@scenario
def wanted_all_the_same(w):
    """rules.bogons_allowed and bogon_asns_allowed: a reload closes what they name."""
    d = w.daemon()
    r = edge(d)
    r.carry(r.cust, "10.64.0.0/16", "64501")
    r.carry(r.prov, FAR, "64510 65535 3215")
    d.until("both are told", lambda: len(d.open()) == 2)
    d.reload(rules={"bogons_allowed": ["10.64.0.0/10"], "bogon_asns_allowed": [65535]})
    d.closes()
    right("for the reason config", all(x["reason"] == "config" for x in d.told() if x["transition"] == "closed"), brief(d.told()))


@scenario
def first_day_of_syntax(w):
    """A first table with hundreds of bogon AS numbers and AS_SETs: few records, and none that wakes anybody."""
    d = w.daemon()
    r = edge(d, connect=False)
    for k in range(300):
        r.carry(r.prov, "20.%d.%d.0/24" % (k // 256, k % 256), "64510 3215 23456 %d" % (140000 + k))
        r.carry(r.lateral, "21.%d.%d.0/24" % (k // 256, k % 256), "64509 3215 {%d,%d}" % (150000 + k, 160000 + k))
    r.connect()
    d.until("it is told", lambda: d.open("path.as-set") and d.open("bogon.asn"))
    d.quiet()
    told = [x for x in d.told() if x["transition"] == "opened"]
    right("at most ten records", len(told) <= 10, brief(told))
    right("none is grave", not [x for x in told if x["severity"] in GRAVE], brief(told))


@scenario
def who_may_ask_for_a_black_hole(w):
    """Ours, a customer's and whom a VRP names are ordinary; a stranger's is accepted, then sent on, then over."""
    d = w.daemon(vrps=OTHERS + [(FAR, 24, FAR_AS), ("20.8.0.0/16", 24, 64510)], own={"asns": [OURS]},
                 neighbors=[{"asn": 64509, "relation": "peer"}])
    r = edge(d)
    r.carry(r.prov, "20.8.0.1/32", "64510", communities=[BLACKHOLE])
    r.carry(r.cust, "20.7.0.1/32", "64501", to=[r.prov], communities=[BLACKHOLE, NO_EXPORT])
    r.route(r.loc, "loc", "203.0.113.9/32", "", communities=[BLACKHOLE])
    r.route(r.prov, "out-post", "203.0.113.9/32", "64500", communities=[BLACKHOLE, NO_EXPORT])
    other = r.peer("192.0.2.49", 3320)  # perhaps a customer: no VRP says whose it is
    r.carry(other, "20.5.0.1/32", "3320", communities=[BLACKHOLE])
    d.quiet()
    right("nothing is told", not d.told(), brief(d.told()))
    r.carry(r.lateral, "20.6.0.1/32", "64509 3320", communities=[BLACKHOLE])
    i = only(d, "blackhole.accepted")
    right("what it asks for is said", i["evidence"].get("asked_for") == "BLACKHOLE", i["evidence"])
    before = i["severity"]
    r.route(r.prov, "out-post", "20.6.0.1/32", "64500 64509 3320", communities=[BLACKHOLE])
    d.until("graver when it is sent on", lambda: d.open("blackhole")[0]["severity"] == "critical")
    right("than it was", before != "critical", before)
    r.withdraw(r.prov, "out-post", "20.6.0.1/32")
    r.drop(r.lateral, "20.6.0.1/32")
    d.closes()


@scenario
def sender_that_is_not_in_its_path(w):
    """A peer whose paths begin with others: one incident of his, however many origins; a route server does so always."""
    d = w.daemon()
    r = edge(d)
    server = r.peer("192.0.2.41", 64508, "rs")
    for k in range(30):
        for view in ("pre", "post"):
            r.route(server, view, "22.%d.0.0/16" % k, "%d %d" % (3200 + k, 5000 + k))
            r.route(r.lateral, view, "23.%d.0.0/16" % k, "%d %d" % (3200 + k, 5000 + k))
    i = only(d, "path.first-as")
    right("it is his", "AS64509" in i["summary"] and i["prefixes"]["count"] == 30, (i["summary"], i["prefixes"]))
    for view in ("pre", "post"):
        r.withdraw(r.lateral, view, ["23.%d.0.0/16" % k for k in range(30)])
    d.closes()


@scenario
def what_was_not_to_leave(w):
    """Routes of others with NO_EXPORT go out to a peer: we do it, one incident; ours may carry it."""
    d = w.daemon()
    r = edge(d)
    r.route(r.lateral, "out-post", "203.0.113.0/24", "64500", communities=[NO_EXPORT])
    for p, path in ((FAR, "64501 3215"), ("20.11.0.0/16", "64501 5511")):
        r.carry(r.cust, p, path, communities=[NO_EXPORT])
    d.quiet()
    right("nothing is told", not d.told(), brief(d.told()))
    for p, path in ((FAR, "64501 3215"), ("20.11.0.0/16", "64501 5511")):
        r.route(r.lateral, "out-post", p, "64500 " + path, communities=[NO_EXPORT])
    i = only(d, "route.no-export")
    right("both are counted", i["prefixes"]["count"] == 2, i["prefixes"])
    r.withdraw(r.lateral, "out-post", [FAR, "20.11.0.0/16"])
    d.closes()
