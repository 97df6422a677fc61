"""Much at once, and things that come and go."""
import time

from daemon import OTHERS, OUR_PREFIX, OURS, VICTIM, VICTIM_PREFIX, VRPS
from router import Router, blocks
from story import brief
from suite import edge, quick, right, scenario

HALF = "203.0.113.128/25"
INVALID = "64510 65551"
TABLE = 20000  # incidents that a collector keeps


def rhythm(d, seconds):
    """Let the world go on for so long: flapping is a matter of time."""
    end = time.monotonic() + seconds
    d.until("time", lambda: time.monotonic() > end)


@quick
def fast_flaps_are_two_records(w):
    """A bad route announced and withdrawn 500 times as fast as it goes, in four views: a few records."""
    d = w.daemon()
    r = edge(d)
    for _ in range(500):
        r.carry(r.cust, VICTIM_PREFIX, "64501", to=[r.lateral])
        r.drop(r.cust, VICTIM_PREFIX, to=[r.lateral])
    d.heard()
    d.closes()
    d.quiet()
    right("at most 6 records", len(d.told()) <= 6, brief(d.told()))
    right("no members are left", d.stats()["incident_members"] == 0, d.stats()["incident_members"])


@scenario
def slow_flaps_are_rationed(w):
    """A hijack that comes and goes every 3 s, six times, is told as flapping, not six times over."""
    d = w.daemon(vrps=OTHERS)
    r = edge(d)
    for _ in range(6):
        r.carry(r.prov, HALF, INVALID)
        rhythm(d, 1.5)
        r.drop(r.prov, HALF)
        rhythm(d, 1.5)
    d.calm()  # its end is told later
    right("at most 6 records", len(d.told()) <= 6, "%d records" % len(d.told()))
    right("flapping is said", "flap" in str(d.told()).lower())


@scenario
def flapping_session_is_rationed(w):
    """The session that carries an invalid goes down and up four times: opened once, and in the end it is open."""
    d = w.daemon()
    r = edge(d)
    for _ in range(4):
        r.carry(r.cust, VICTIM_PREFIX, "64501", upto="post")
        rhythm(d, 1.6)
        r.down(r.cust)
        rhythm(d, 1.6)
        r.up(r.cust)
    r.carry(r.cust, VICTIM_PREFIX, "64501", upto="post")
    d.opens("rov")
    d.quiet()
    right("opened once, closed never", [i["transition"] for i in d.told(kind="rov") if i["transition"] != "updated"] == ["opened"], brief(d.told()))
    right("at most 4 records", len(d.told()) <= 4, brief(d.told()))


@scenario
def policy_that_flaps_is_rationed(w):
    """A bad route stays received; policy lets it in and out every 3 s, four times: few records."""
    d = w.daemon()
    r = edge(d)
    r.route(r.cust, "pre", VICTIM_PREFIX, "64501")
    for _ in range(4):
        r.carry(r.cust, VICTIM_PREFIX, "64501", to=[r.lateral])
        rhythm(d, 1.6)
        r.withdraw(r.lateral, "out-post", VICTIM_PREFIX)
        r.withdraw(r.loc, "loc", VICTIM_PREFIX)
        r.withdraw(r.cust, "post", VICTIM_PREFIX)
        rhythm(d, 1.6)
    d.calm()  # that it is milder is told later
    right("at most 8 records", len(d.told()) <= 8, "%d records" % len(d.told()))


def flood(d, name="flood"):
    """A router whose peer sends more invalid origins than there is room for incidents."""
    r = Router(d, name, 64500)
    p = r.peer("192.0.2.200", 64511, "provider", views=("pre",))
    r.connect()
    nets = blocks("2001:db8::/32", 48, TABLE + 200)
    for k, prefix in enumerate(nets):
        r.send(*r.updates(p, "pre", [prefix], "64511 %d" % (4200000000 + k), None, {}))
    d.heard()
    return r, p


@scenario
def own_hijack_has_room_in_a_flood(w):
    """20,200 forged origins fill the table; then our own prefix is hijacked: told within seconds; and the overflow is told."""
    d = w.daemon(vrps=VRPS + [("2001:db8::/32", 32, VICTIM)])
    quiet = edge(d, "quiet")
    r, p = flood(d)
    quiet.carry(quiet.prov, HALF, INVALID)
    d.until("the hijack is told", lambda: d.show("incidents", "kind ~ hijack"))
    d.until("so is the flood or that the table is full", lambda: d.open_troubles() or d.stats()["incidents_refused"] == 0)


@scenario
def what_found_no_room_is_told_later(w):
    """An own-prefix hijack is told at the latest when the flood is over, though its route does not change any more."""
    d = w.daemon(vrps=VRPS + [("2001:db8::/32", 32, VICTIM)])
    quiet = edge(d, "quiet")
    r, p = flood(d)
    quiet.carry(quiet.prov, HALF, INVALID)
    d.heard()
    r.down(p)
    d.until("the flood is over", lambda: d.stats()["incidents_open"] < 100, 40)
    d.until("the hijack is told", lambda: d.show("incidents", "kind ~ hijack"))


@scenario
def unknown_incidents_make_room(w):
    """The flooder leaves, and what it told is unknown: that keeps no room from an own-prefix hijack."""
    d = w.daemon(vrps=VRPS + [("2001:db8::/32", 32, VICTIM)], limits={"stale_s": 2})
    quiet = edge(d, "quiet")
    r, p = flood(d)
    r.close()
    d.until("unknown, or gone", lambda: d.stats()["incidents_unknown"] > 1000 or d.stats()["incidents_open"] < 100, 40)
    quiet.carry(quiet.prov, HALF, INVALID)
    d.until("the hijack is told", lambda: d.show("incidents", "kind ~ hijack"))


@scenario
def as0_list_and_a_hijack(w):
    """One AS0 record over 6,000 routes of as many origins: held back, as one mass change; a hijack meanwhile is told, and left."""
    d = w.daemon(own={"asns": [OURS], "prefixes": [{"prefix": OUR_PREFIX}]})
    r = edge(d)
    nets = blocks("2001:db8::/32", 48, 6000)
    for k, p in enumerate(nets):
        r.send(*r.updates(r.prov, "pre", [p], "64510 %d" % (4200000000 + k), None, {}))
    d.heard()
    d.set_vrps(VRPS + [("2001:db8::/32", 32, 0)])
    d.alarms("rpki.mass-change")
    r.carry(r.prov, HALF, INVALID)
    d.until("the hijack is told", lambda: d.show("incidents", "kind ~ hijack"))
    right("few openings", d.stats()["incidents_opened"] <= 5, d.stats()["incidents_opened"])
    d.set_vrps(VRPS)
    d.until("only the hijack is left", lambda: len(d.show("incidents")) == 1, 30)


@scenario
def critical_is_told_at_once(w):
    """No hold for what is critical in one view already, though hold_ms is long."""
    d = w.daemon(vrps=OTHERS, incidents={"hold_ms": 20000})
    r = edge(d)
    r.route(r.prov, "pre", HALF, INVALID)
    r.route(r.loc, "loc", HALF, INVALID)
    d.until("told", lambda: d.open("hijack"), 5)


@scenario
def growth_is_told_sparingly(w):
    """An incident that grows from 1 to 2,000 prefixes over seconds is told a handful of times, and ends with the full count."""
    d = w.daemon(vrps=VRPS + [("2001:db8::/32", 32, VICTIM)], incidents={"update_s": 3})
    r = edge(d)
    nets = blocks("2001:db8::/32", 48, 2000)
    for k in range(0, 2000, 100):
        r.route(r.prov, "pre", nets[k:k + 100], INVALID)
        rhythm(d, 0.2)
    d.until("the full count is told", lambda: d.told()[-1]["prefixes"]["count"] == 2000, 20)
    right("a handful", len(d.told()) <= 14, "%d records" % len(d.told()))
