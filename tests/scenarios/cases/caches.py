"""RTR caches: restarting, flushing, slow, silent, wrong, gone."""
import struct

from cache import CACHE_RESET, ERROR, IPV4, RESET_QUERY, SERIAL_QUERY, Cache, pdu, vrp
from daemon import OUR_PREFIX, OURS, VICTIM, VICTIM_PREFIX, VRPS
from router import blocks
from story import brief
from suite import edge, quick, right, scenario

ALL = VRPS + [("192.0.2.0/24", 24, 64497), ("2001:db8::/32", 48, VICTIM)]
INVALID = "64510 65551"
NO_DATA = pdu(1, ERROR, 2, struct.pack(">II", 0, 0))


def standing(w, cache, **more):
    """An invalid route that stays where it is for the whole scenario: in use and passed on."""
    d = w.daemon(vrps=None, caches=[cache], **more)
    r = edge(d)
    r.carry(r.prov, VICTIM_PREFIX, INVALID, to=[r.lateral])
    d.until("critical", lambda: [x["severity"] for x in d.open("rov")] == ["critical"])
    d.quiet()
    return d, r, d.mark()


def untouched(d, mark):
    """The route is where it was, and no ROA changed."""
    d.quiet()
    bad = [x for x in d.told(mark) if x["transition"] in ("closed", "opened")]
    right("nothing is closed or opened", not bad, brief(bad))
    now = d.show("incidents", "kind ~ rov")
    right("in the end it is open", [x["transition"] for x in now] in (["opened"], ["updated"]), brief(now))


def back_in_step(d, cache, queries):
    d.until("the cache is asked for everything, and has answered",
            lambda: any(q[1] == RESET_QUERY for q in cache.queries[queries:]) and d.stats()["vrps_ipv4"] + d.stats()["vrps_ipv6"] == len(set(cache.vrps)))


@scenario
def cache_restarts_with_a_new_session(w):
    """A cache restarts, answers Cache Reset, and then all of it again: nothing is told of routes."""
    c = w.cache(ALL)
    d, _, mark = standing(w, c)
    n = len(c.queries)
    c.restart()
    back_in_step(d, c, n)
    untouched(d, mark)


@quick
def cache_flushes_before_it_is_whole(w):
    """A new session id in the answer to a Serial Query, and the full answer takes a second: what is known stays in force meanwhile."""
    c = w.cache(ALL)
    d, _, mark = standing(w, c)
    n = len(c.queries)
    c.restart(answer=lambda version, kind, serial: c.full() if kind == SERIAL_QUERY else Cache.HONEST, slow_s=1)
    back_in_step(d, c, n)
    untouched(d, mark)


@scenario
def notify_of_another_session(w):
    """A Serial Notify with another session id on a living connection, and a slow answer."""
    c = w.cache(ALL)
    d, _, mark = standing(w, c)
    n = len(c.queries)
    c.session, c.slow_s = 99, 1
    c.notify()
    back_in_step(d, c, n)
    untouched(d, mark)


@scenario
def delta_says_what_is_known(w):
    """A delta announces a record twice, another withdraws one that is not there: RFC 8210 calls these errors; a monitor goes on."""
    for octets in (vrp(VRPS[0]), vrp(("203.0.113.128/25", 25, 64999), announce=False)):
        c = w.cache(ALL, slow_s=1)
        d, _, mark = standing(w, c)
        n = len(c.queries)
        c.change(octets=octets)
        back_in_step(d, c, n)
        untouched(d, mark)


@scenario
def full_answer_with_a_bad_record(w):
    """One record of the full answer comes twice, or has host bits: never in step, or without that one; told in any case."""
    twice = w.cache(ALL + ALL[:1])
    bad = w.cache(ALL)
    host_bits = pdu(1, IPV4, 0, bytes([1, 24, 24, 0, 192, 0, 2, 7]) + struct.pack(">I", 64499))
    bad.answer = lambda version, kind, serial: bad.full().replace(bad.end(), host_bits + bad.end()) if kind == RESET_QUERY else Cache.HONEST
    for c in (twice, bad):
        d = w.daemon(vrps=None, caches=[c], wait_rpki=False, incidents={"settle_s": 3})
        r = edge(d)
        r.carry(r.prov, VICTIM_PREFIX, INVALID)
        d.until("either judged or told", lambda: d.open("rov") or d.open_troubles("rpki."))


@scenario
def cache_that_was_never_there(w):
    """A configured cache that nobody ever reaches: rpki.missing or the like, and no verdict in its stead."""
    c = w.cache(ALL)
    c.stop()
    d = w.daemon(vrps=None, caches=[c], wait_rpki=False, incidents={"settle_s": 2})
    r = edge(d)
    r.carry(r.prov, VICTIM_PREFIX, INVALID)
    d.alarms("rpki.")
    right("no verdict", not d.told(), brief(d.told()))
    c.start()
    d.until("the alarm is over", lambda: not d.open_troubles("rpki."))
    d.opens("rov")


@scenario
def cache_goes_and_comes_back(w):
    """A cache is lost and back with the same data: lost is told and over; routes are as they were."""
    c = w.cache(ALL)
    d, _, mark = standing(w, c)
    n = len(c.queries)
    c.stop()
    d.until("the loss is told", lambda: [x for x in d.since(mark) if x.get("kind", x.get("event", "")) == "rpki.lost"])
    c.start()
    d.until("asked again", lambda: len(c.queries) > n)
    d.until("nothing is left of the alarm", lambda: not d.open_troubles("rpki."))
    untouched(d, mark)


@scenario
def cache_has_no_data_yet(w):
    """A cache restarts and says for a while that it has no data: what was known stays in force."""
    c = w.cache(ALL)
    d, _, mark = standing(w, c)
    d.restartable = False  # only the old process knows what the cache said
    n = len(c.queries)
    c.restart(answer=lambda version, kind, serial: NO_DATA)
    d.until("it was asked a few times", lambda: len(c.queries) >= n + 2)
    untouched(d, mark)
    c.answer = None
    c.hang_up()
    back_in_step(d, c, n)
    untouched(d, mark)


@scenario
def answer_is_cut(w):
    """The connection breaks in the middle of a full answer, three times: what was known stays in force."""
    c = w.cache(ALL)
    d, _, mark = standing(w, c)
    n = len(c.queries)

    def cut(version, kind, serial):
        if kind == SERIAL_QUERY:
            return pdu(1, CACHE_RESET, 0)
        c.clients[-1].sendall(c.full()[:40])
        c.hang_up()
        return None
    c.restart(answer=cut)
    d.until("it was asked a few times", lambda: len([q for q in c.queries[n:] if q[1] == RESET_QUERY]) >= 2, 25)
    untouched(d, mark)
    c.answer = None
    back_in_step(d, c, n)
    untouched(d, mark)


@scenario
def cache_sends_garbage(w):
    """Octets that are no PDU, again and again: what was known stays in force, and it is told."""
    c = w.cache(ALL)
    d, _, mark = standing(w, c)
    n = len(c.queries)
    c.restart(answer=lambda version, kind, serial: b"HTTP/1.1 400 Bad Request\r\n\r\n")
    d.until("it was asked again", lambda: len(c.queries) >= n + 1)
    d.until("told", lambda: [x for x in d.since(mark) if x.get("kind", x.get("event", "")).startswith("rpki.")])
    untouched(d, mark)


@scenario
def cache_is_silent(w):
    """A cache takes the connection and never answers: at the start that is no data, and told."""
    c = w.cache(ALL, answer=lambda version, kind, serial: None)
    d = w.daemon(vrps=None, caches=[c], wait_rpki=False, incidents={"settle_s": 2})
    r = edge(d)
    r.carry(r.prov, VICTIM_PREFIX, INVALID)
    d.until("asked", lambda: c.queries)
    d.alarms("rpki.")
    right("no verdict", not d.told(), brief(d.told()))


@scenario
def closed_after_a_serial_query(w):
    """A cache closes without a word after each Serial Query: the next try is a Reset Query."""
    c = w.cache(ALL)
    d, _, mark = standing(w, c)
    n = len(c.queries)

    def answer(version, kind, serial):
        if kind == SERIAL_QUERY:
            c.hang_up()
            return None
        return Cache.HONEST
    c.restart(answer=answer)
    back_in_step(d, c, n)
    untouched(d, mark)


@scenario
def cache_comes_back_with_little(w):
    """A cache comes back with no record, then with a quarter, then with all: the loss is an incident, routes wait."""
    rows = ALL + [(p, 48, 64497) for p in blocks("2001:db8::/33", 48, 2000)]
    for few in ([], rows[1500:]):
        c = w.cache(rows)
        d, _, mark = standing(w, c)
        c.restart(vrps=few)
        d.alarms("rpki.", mark)
        d.quiet()
        n = len(c.queries)
        c.restart(vrps=rows)
        d.until("asked", lambda: len(c.queries) > n)
        d.until("the alarm is over", lambda: not d.open_troubles("rpki."))
        untouched(d, mark)


@scenario
def serial_wraps(w):
    """Serial numbers wrap from 2^32-1 to 0; the delta authorises the route: closed for RPKI."""
    c = w.cache(ALL, serial=0xFFFFFFFF)
    d, _, mark = standing(w, c)
    c.change(announce=[(VICTIM_PREFIX, 24, 65551)])
    d.closes("rov")
    right("for RPKI", d.told(mark)[-1]["reason"] == "rpki", brief(d.told(mark)))


@scenario
def roa_replaced_in_one_delta(w):
    """A ROA is exchanged for another that says the same of the route, in one delta: nothing is told."""
    c = w.cache(ALL)
    d, r, mark = standing(w, c)
    r.carry(r.prov, "192.0.2.0/24", "64510 64497")
    d.heard()
    c.change(announce=[("192.0.2.0/23", 24, 64497)], withdraw=[("192.0.2.0/24", 24, 64497)])
    d.until("in force", lambda: "/23" in str(d.show("rpki", "192.0.2.0/24", "64497")))
    untouched(d, mark)


@scenario
def version_0_only(w):
    """A cache of RFC 6810 is spoken to in its version."""
    c = w.cache(ALL, version=0)
    d, _, _ = standing(w, c)
    right("in version 0", any(q[0] == 0 for q in c.queries), c.queries)


@quick
def two_sources_are_waited_for(w):
    """At the start a file says one AS, a cache that takes 3 s says the other one, too: no verdict before both have answered."""
    c = w.cache([(VICTIM_PREFIX, 24, 65551)], slow_s=3)
    d = w.daemon(vrps=[(VICTIM_PREFIX, 24, VICTIM), (OUR_PREFIX, 24, OURS)], caches=[c], wait_rpki=False)
    r = edge(d)
    r.carry(r.prov, VICTIM_PREFIX, INVALID, to=[r.lateral])
    d.until("the cache is in force", lambda: d.stats()["vrps_ipv4"] == 3)
    d.quiet()
    right("no verdict was given", not d.told(), brief(d.told()))


@scenario
def two_caches_one_dies(w):
    """One of two caches dies: what only it said stays in force; the other goes on to count."""
    one, two = w.cache(VRPS), w.cache([("192.0.2.0/24", 24, 64497)])
    d = w.daemon(vrps=None, caches=[one, two], wait_rpki=False)
    d.until("both", lambda: d.stats()["vrps_ipv4"] == 3)
    r = edge(d)
    r.carry(r.prov, VICTIM_PREFIX, INVALID)
    d.opens("rov")
    d.quiet()
    mark = d.mark()
    one.stop()
    d.until("told", lambda: [x for x in d.since(mark) if x.get("kind", x.get("event", "")) == "rpki.lost"])
    two.change(announce=[("203.0.113.0/24", 24, 64499)])
    d.until("in force", lambda: d.stats()["vrps_ipv4"] == 4 or "203.0.113.0/24" in str(d.show("rpki", "203.0.113.0/24", "64499")))
    untouched(d, mark)


@scenario
def every_address_of_a_name_is_tried(w):
    """The cache's name has ::1 and 127.0.0.1, and it listens on the second only."""
    c = w.cache(ALL)
    d = w.daemon(vrps=None, start=False)
    d.configure(rpki={"caches": [{"name": "c", "host": "localhost", "port": c.port}]})
    d.start()
    right("it was asked", c.queries)
