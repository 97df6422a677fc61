"""How much neighbours send, and their sessions: what is told of them, once, with cause and numbers, and what is not."""
from daemon import OTHERS
from router import blocks
from suite import edge, right, scenario
import wire

QUICK = {"warm_up_s": 1, "within_s": 2, "surge_at": 40, "loss_at": 40, "loss_hold_s": 1, "down_s": 2, "flaps_quiet_s": 3}


def watched(w, **more):
    """Quick, and with customer tables of 50 routes."""
    d = w.daemon(vrps=OTHERS, watch={**QUICK, **more.pop("watch", {})}, **more)
    r = edge(d, connect=False)
    r.route(r.cust, "pre", blocks("20.0.0.0/12", 24, 50), "64501")
    r.connect()
    return d, r


def warm(d):
    """Nobody can see when a table is judged; it is some seconds after it is whole."""
    d.quiet(6)


def trouble(d, kind):
    return d.until("%s is told" % kind, lambda: d.open_troubles(kind))[0]


def over(d, kind):
    d.until("%s is over" % kind, lambda: not d.open_troubles(kind))


HOLD_TIMER = b"\xff" * 16 + b"\0\x15\3\4\0"


def cease(subcode, text=b"", data=b""):
    """A NOTIFICATION: Cease."""
    body = data or (bytes([len(text)]) + text if text else b"")
    return b"\xff" * 16 + (21 + len(body)).to_bytes(2, "big") + b"\x03\x06" + bytes([subcode]) + body


@scenario
def surge_of_a_neighbour(w):
    """A customer sends three times what he ever did: one incident with both numbers; over when it is as before."""
    d, r = watched(w)
    warm(d)
    more = blocks("20.16.0.0/12", 24, 100)
    r.route(r.cust, "pre", more, "64501")
    told = trouble(d, "peer.surge")
    right("who and where", (told["router"], told["peer"], told["peer_as"]) == ("edge1", r.cust.address, 64501), told)
    right("both numbers", "150 IPv4 routes" in told["summary"] and "50 before" in told["summary"], told)
    right("a warning", told["severity"] == "warning", told)
    r.withdraw(r.cust, "pre", more)
    over(d, "peer.surge")
    right("opened and closed", len(d.troubles(0, "peer.")) == 2, d.troubles(0, "peer."))


@scenario
def slow_growth_and_what_comes_back(w):
    """Nothing is told of a first table, of what grows slowly, of what comes back after it was gone, of a re-dump and a reconnect."""
    d, r = watched(w, watch={"loss_at": 1000})
    warm(d)
    r.withdraw(r.cust, "pre", blocks("20.0.0.0/12", 24, 45))
    d.quiet(6)
    r.route(r.cust, "pre", blocks("20.0.0.0/12", 24, 45), "64501")
    d.quiet(6)
    for k in range(4):
        r.route(r.cust, "pre", blocks("20.%d.0.0/16" % (32 + k), 24, 20), "64501")
        d.quiet(6)
    r.tell_all()
    d.quiet(3)
    r.close()
    r.route(r.cust, "pre", blocks("20.64.0.0/16", 24, 90), "64501")
    r.connect()
    d.quiet(6)
    right("nothing is told", not d.troubles(0, "peer."), d.troubles(0, "peer."))


@scenario
def surge_is_not_told_beside_the_leak(w):
    """A customer leaks 100 routes of another network: that is the leak; that he sends much more than ever is not told beside it."""
    d, r = watched(w)
    warm(d)
    r.route(r.cust, "pre", blocks("20.16.0.0/12", 24, 100), "64501 64505 64496")
    d.opens("leak")
    d.quiet(10)
    right("the leak alone", not d.troubles(0, "peer."), d.troubles(0, "peer."))


@scenario
def surge_over_a_restart(w):
    """What a surge is measured by outlives the collector: it is still one afterwards, and over when it is over."""
    d, r = watched(w)
    warm(d)
    more = blocks("20.16.0.0/12", 24, 100)
    r.route(r.cust, "pre", more, "64501")
    told = trouble(d, "peer.surge")
    mark = d.mark()
    d.restart()
    r.close()
    r.connect()
    d.quiet(8)
    right("nothing is told of it", not d.troubles(mark, "peer."), d.troubles(mark, "peer."))
    right("it is open", d.open_troubles("peer.surge")[0]["id"] == told["id"])
    r.withdraw(r.cust, "pre", more)
    over(d, "peer.surge")


@scenario
def most_of_a_table_is_gone(w):
    """A customer withdraws most of what he sent, his session stays up: told with both numbers; over when it is back."""
    d, r = watched(w)
    warm(d)
    gone = blocks("20.0.0.0/12", 24, 45)
    r.withdraw(r.cust, "pre", gone)
    told = trouble(d, "peer.loss")
    right("both numbers", "5 IPv4 routes" in told["summary"] and "sent 50 before" in told["summary"], told)
    r.route(r.cust, "pre", gone, "64501")
    over(d, "peer.loss")
    right("opened and closed", len(d.troubles(0, "peer.")) == 2, d.troubles(0, "peer."))


@scenario
def table_is_lost_while_the_router_is_away(w):
    """A router is away for a moment and back with a tenth of a customer's table, whose session was up: a loss; not so when it is a new session."""
    d, r = watched(w)
    warm(d)
    gone = blocks("20.0.0.0/12", 24, 50)[5:]
    r.close()
    r.forget(gone)
    r.connect()
    told = trouble(d, "peer.loss")
    right("both numbers", "5 IPv4 routes" in told["summary"] and "sent 50 before" in told["summary"], told)
    r.route(r.cust, "pre", gone, "64501")
    over(d, "peer.loss")
    warm(d)
    mark = d.mark()
    r.down(r.cust, 3, notification=cease(10))
    r.up(r.cust)
    r.route(r.cust, "pre", blocks("20.0.0.0/12", 24, 5), "64501")
    r.tell_all()
    warm(d)
    right("nothing of a new session", not d.troubles(mark, "peer."), d.troubles(mark, "peer."))


@scenario
def limit_of_a_neighbour(w):
    """Near its limit, over it, and cut off by the router: one incident, graver each time; over when the session is back and below."""
    d, r = watched(w, neighbors=[{"asn": 64501, "relation": "customer", "max_prefix": 60}])
    told = trouble(d, "peer.max-prefix")
    right("near it", "50 IPv4 routes" in told["summary"] and "near its limit of 60" in told["summary"], told)
    right("a warning", told["severity"] == "warning", told)
    r.route(r.cust, "pre", blocks("20.16.0.0/12", 24, 30), "64501")
    d.until("over it", lambda: trouble(d, "peer.max-prefix")["severity"] == "major")
    r.down(r.cust, 1, notification=cease(1, data=b"\0\1\1\0\0\0\x3c"))
    d.until("cut off", lambda: "ended its session" in trouble(d, "peer.max-prefix")["summary"])
    d.quiet(4)
    right("why", "Maximum Number of Prefixes Reached" in trouble(d, "peer.max-prefix")["summary"], d.open_troubles())
    right("and that is all", {x["kind"] for x in d.troubles(0, "peer.")} == {"peer.max-prefix"}, d.troubles(0, "peer."))
    r.up(r.cust)
    r.route(r.cust, "pre", blocks("20.0.0.0/12", 24, 20), "64501")
    over(d, "peer.max-prefix")


@scenario
def session_flaps(w):
    """A provider's session comes and goes twelve times: opened once with the cause, closed once when it is quiet."""
    d, r = watched(w)
    for k in range(12):
        r.down(r.prov, 3, notification=cease(4, b"maintenance, ticket 4711"), forget=False)
        r.up(r.prov)
        r.tell_all()
    told = trouble(d, "peer.flapping")
    right("who", (told["router"], told["peer"], told["peer_as"]) == ("edge1", "192.0.2.9", 64510), told)
    right("why", "Administrative Reset" in told["summary"] and "ticket 4711" in told["summary"], told)
    over(d, "peer.flapping")
    right("two records", len(d.troubles(0, "peer.")) == 2, d.troubles(0, "peer."))
    right("how often", "12 times" in d.troubles(0, "peer.")[-1]["summary"], d.troubles(0, "peer."))


@scenario
def session_stays_down(w):
    """A session that is back at once is no incident; one that stays down is, with the cause, what it cost and what rested on it."""
    d, r = watched(w)
    r.down(r.cust, 3, notification=cease(10), forget=False)
    r.up(r.cust)
    r.tell_all()
    d.quiet(3)
    right("nothing of a short one", not d.troubles(0, "peer."), d.troubles(0, "peer."))
    r.route(r.cust, "pre", "203.0.113.128/25", "64501 65551")
    hijack = d.opens("hijack")[0]
    r.down(r.cust, 3, notification=cease(10))
    told = trouble(d, "peer.down")
    right("why", "BFD Down" in told["summary"], told)
    right("what it cost", "51 routes" in told["summary"] and "1 open incident was about" in told["summary"], told)
    right("which", told["related"] == [hijack["id"]], told)
    right("a warning", told["severity"] == "warning", told)
    mark = d.mark()
    d.restart()
    r.close()
    r.connect()
    d.quiet(4)
    right("nothing by a restart", not d.troubles(mark, "peer."), d.troubles(mark, "peer."))
    r.up(r.cust)
    over(d, "peer.down")


@scenario
def session_is_gone_when_the_router_is_back(w):
    """A router is back that names a session no longer: away for so long that it was forgotten, or over a restart; it is down."""
    d, r = watched(w, limits={"stale_s": 2})
    d.quiet(4)
    for restart, p in (False, r.cust), (True, r.lateral):
        mark = d.mark()
        if restart:
            d.restart()
        r.close()
        p.up = False
        r.table = {k: v for k, v in r.table.items() if k[0] is not p}
        d.quiet(5)
        r.connect()
        told = d.until("%s is told" % p.address, lambda: [x for x in d.open_troubles("peer.down") if x["peer"] == p.address])[0]
        right("why", "no longer reports it" in told["summary"], told)
        d.quiet(4)
        right("it alone", len(d.troubles(mark, "peer.")) == 1, d.troubles(mark, "peer."))
    for p in r.cust, r.lateral:
        r.up(p)
    over(d, "peer.down")


@scenario
def somebody_takes_a_session_down(w):
    """Administrative shutdown: a notice, with the words of who did it (RFC 9003)."""
    d, r = watched(w)
    r.down(r.lateral, 3, notification=cease(2, "moving to the new site, back on Monday".encode()))
    told = trouble(d, "peer.down")
    right("a notice", told["severity"] == "notice", told)
    right("their words", "back on Monday" in told["summary"], told)
    r.up(r.lateral)
    over(d, "peer.down")
    r.down(r.lateral, 5)
    d.quiet(4)
    right("who is no longer configured is not missed", not d.open_troubles("peer."), d.open_troubles("peer."))


@scenario
def session_that_is_down_is_removed(w):
    """A session that is down and told of is taken out of the router's configuration: it is missed no longer, and that is said once."""
    d, r = watched(w)
    r.down(r.lateral, 1, notification=HOLD_TIMER)
    trouble(d, "peer.down")
    mark = d.mark()
    for _ in range(2):
        r.down(r.lateral, 5)
    over(d, "peer.down")
    right("why", d.troubles(mark, "peer.")[-1]["summary"].endswith("is no longer configured"), d.troubles(mark, "peer."))
    d.quiet(2)
    right("once", len(d.troubles(mark, "peer.")) == 1, d.troubles(mark, "peer."))


@scenario
def many_sessions_go_down_together(w):
    """Twelve sessions of a router go down in one go: one incident of the router; over when they are up."""
    d, r = watched(w)
    many = [r.peer("192.0.2.%d" % (100 + k), 64511) for k in range(12)]
    d.heard()
    for p in many:
        r.down(p, 1, notification=HOLD_TIMER)
    told = trouble(d, "router.peers-down")
    right("how many, where, why", "12 BGP sessions of edge1" in told["summary"] and "Hold Timer" in told["summary"], told)
    d.quiet(4)
    right("none of them by itself", not d.troubles(0, "peer."), d.troubles(0, "peer."))
    for p in many:
        r.up(p)
    over(d, "router.peers-down")
    right("they are up", d.troubles(0, "router.")[-1]["summary"].endswith("are up"), d.troubles(0, "router.")[-1])
    for p in many:
        r.down(p, 1, notification=HOLD_TIMER)
    trouble(d, "router.peers-down")
    for p in many[1:] + many[:1]:
        r.up(p)
    r.down(many[0], 5)
    over(d, "router.peers-down")
    right("how the last one went", "192.0.2.100 AS64511 is no longer configured" in d.troubles(0, "router.")[-1]["summary"],
          d.troubles(0, "router.")[-1])


@scenario
def many_sessions_flap_together(w):
    """Twelve sessions of a router flap: one incident of the router, also over a restart, and of the others none; over when they are
    quiet. One that flaps alone is told by itself."""
    d, r = watched(w, watch={"flaps_quiet_s": 6, "down_s": 20})
    many = [r.peer("192.0.2.%d" % (100 + k), 64511) for k in range(12)]
    d.heard()

    def flap(peers):
        for _ in range(3):
            for p in peers:
                r.down(p, 1, notification=HOLD_TIMER)
            for p in peers:
                r.up(p)

    flap(many)
    told = d.until("all are told", lambda: [t for t in d.open_troubles("router.peers-flapping") if "12 BGP sessions" in t["summary"]])[0]
    right("where, why", "of edge1 flap" in told["summary"] and "Hold Timer" in told["summary"] and told["severity"] == "major", told)
    right("none of them by itself", not d.troubles(0, "peer."), d.troubles(0, "peer."))
    mark = d.mark()
    r.close()
    d.restart(True)
    r.connect()
    d.quiet(2)
    right("a restart tells nothing", not d.troubles(mark, "peer.") and not d.troubles(mark, "router.peers"), d.troubles(mark, ""))
    over(d, "router.peers-flapping")
    flap([r.lateral])
    trouble(d, "peer.flapping")
    right("alone", not d.open_troubles("router.peers-flapping"), d.open_troubles(""))


@scenario
def kinds_can_be_turned_off(w):
    """rules.off and rules.dry_run know these alarms, too; a reload changes it."""
    d, r = watched(w, rules={"off": ["peer.down"]})
    r.down(r.cust, 3, notification=cease(10))
    d.quiet(6)
    right("off", not d.troubles(0, "peer.") and not d.dry_run(), d.troubles(0, "peer."))
    d.reload(rules={"dry_run": ["peer.down"]})
    d.until("in dry-run", d.dry_run)
    right("nobody is told", not d.troubles(0, "peer."), d.troubles(0, "peer."))
    d.reload(rules={})
    trouble(d, "peer.down")
    d.reload(rules={"off": ["peer.down"]})
    over(d, "peer.down")


@scenario
def router_counts_more_than_it_tells(w):
    """A router's own count of what a customer sends stays above what it has told: said with both numbers; over when they agree."""
    d, r = watched(w, watch={"differ_at": 10, "differ_s": 1})
    def until(what, gauges, probe):
        def again():
            r.report(r.cust, gauges)
            return probe()
        return d.until(what, again)
    for k in range(5):
        r.report(r.cust, {18: 50, (19, wire.IPV4): 50, 20: 50})
    d.quiet()
    right("nothing is told where they agree", not d.troubles(0, "feed."), d.troubles(0, "feed."))
    told = until("told", {18: 90}, lambda: d.open_troubles("feed.differs"))[0]
    right("who and where", told["router"] == "edge1" and "192.0.2.1 AS64501, adj-rib-in-pre" in told["summary"], told)
    right("both numbers", "says 90 routes, we hold 50" in told["summary"] and told["severity"] == "warning", told)
    until("over", {18: 50}, lambda: not d.open_troubles("feed.differs"))
    told = until("told", {18: 20}, lambda: d.open_troubles("feed.differs"))[0]
    right("nothing is missing: a notice", told["severity"] == "notice", told)


@scenario
def router_takes_invalid_routes_for_valid(w):
    """A router marks as valid (RFC 8097) what our VRPs call invalid: its validator is stale; over when it marks it as invalid."""
    d, r = watched(w, watch={"rov_mismatch_at": 3, "rov_mismatch_s": 1})
    routes = blocks("198.51.100.0/24", 26, 4)
    mark = lambda state: {"extra": wire.attribute(16, b"\x43\0\0\0\0\0\0" + bytes([state]), 0xC0)}
    for k, prefix in enumerate(routes):
        r.route(r.prov, "post", prefix, "64510 %d" % (65551 + k), **mark(0))
    told = trouble(d, "router.rov-mismatch")
    right("how many, and one of them", "4 routes" in told["summary"] and "198.51.100." in told["summary"], told)
    for k, prefix in enumerate(routes):
        r.route(r.prov, "post", prefix, "64510 %d" % (65551 + k), **mark(2))
    over(d, "router.rov-mismatch")


@scenario
def router_is_stricter_than_our_data(w):
    """A router marks as invalid (RFC 8097) what our VRPs do not know: a notice, and none of it what our VRPs say, too; and it tells
    a neighbour what it makes of routes. Both are over when it does so no longer."""
    d, r = watched(w, watch={"rov_mismatch_at": 3, "rov_mismatch_s": 1})
    mark = lambda state: {"extra": wire.attribute(16, b"\x43\0\0\0\0\0\0" + bytes([state]), 0xC0)}
    for k, prefix in enumerate(blocks("20.0.0.0/22", 24, 4)):
        r.route(r.prov, "post", prefix, "64510 %d" % (65551 + k), **mark(2))
        r.route(r.cust, "out-post", prefix, "64500 64510 %d" % (65551 + k), **mark(2))
    told = trouble(d, "router.rov-stricter")
    right("a notice of four, and one of them", "4 routes" in told["summary"] and "20.0." in told["summary"] and told["severity"] == "notice", told)
    told = trouble(d, "router.rov-state")
    right("who gets it", "goes to 192.0.2.1" in told["summary"] and told["severity"] == "notice", told)
    right("it is no mismatch", not d.open_troubles("router.rov-mismatch"), d.open_troubles())
    for k, prefix in enumerate(blocks("20.0.0.0/22", 24, 4)):
        r.route(r.prov, "post", prefix, "64510 %d" % (65551 + k), **mark(1))
        r.route(r.cust, "out-post", prefix, "64500 64510 %d" % (65551 + k))
    over(d, "router.rov-stricter")
    over(d, "router.rov-state")
