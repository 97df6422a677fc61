"""Restarts and reloads of the collector, while routers and RPKI sources are late, away or renamed."""
import json
import os

from daemon import OTHERS, OUR_PREFIX, OURS, VICTIM_PREFIX, VRPS
from router import Router, blocks
from story import brief
from suite import edge, quick, right, scenario

HALF = "203.0.113.128/25"
LEAKED = "192.0.2.128/25"
INVALID = "64510 65551"


def three_events(r):
    """An invalid of a customer, a hijack, a leak."""
    r.carry(r.prov, "192.0.2.0/25", "64510 64497", to=[r.lateral, r.cust])
    r.carry(r.cust, VICTIM_PREFIX, "64501", to=[r.lateral])
    r.carry(r.prov, HALF, INVALID)
    r.carry(r.cust, LEAKED, "64501 64510 64999", to=[r.lateral], otc=64510)


def nothing_told(d, mark, why):
    d.quiet()
    right("%s tells nothing" % why, not d.told(mark), brief(d.told(mark)))


def now(d):
    return sorted((x["id"], x["severity"]) for x in d.show("incidents") if not x["kind"].startswith(("rpki", "feed", "router", "collector")))


@quick
def restart_tells_nothing(w):
    """SIGTERM and kill -9, the router is back with the same table: nothing is told, the same incidents are open."""
    d = w.daemon(vrps=OTHERS)
    r = edge(d)
    three_events(r)
    d.opens("", 3)
    d.quiet()
    before = now(d)
    for kill in (False, True):
        mark = d.mark()
        r.close()
        d.restart(kill)
        r.connect()
        nothing_told(d, mark, "kill -9" if kill else "SIGTERM")
        right("the same is open", now(d) == before, now(d))


@scenario
def what_ended_meanwhile_is_closed(w):
    """While the collector was down a hijack ended: closed once its router is complete, and only that."""
    d = w.daemon(vrps=OTHERS)
    r = edge(d)
    three_events(r)
    d.opens("", 3)
    d.quiet()
    mark = d.mark()
    r.close()
    d.stop()
    r.forget(HALF)
    d.start()
    r.connect()
    d.until("the hijack is closed", lambda: not d.open("hijack"))
    d.quiet()
    right("nothing else is told", [x["transition"] for x in d.told(mark)] == ["closed"], brief(d.told(mark)))


@quick
def cache_is_later_than_the_router(w):
    """After a restart the cache takes 3 s: origin validation waits for it, and tells nothing new."""
    c = w.cache(VRPS)
    d = w.daemon(vrps=None, caches=[c])
    r = edge(d)
    r.carry(r.prov, VICTIM_PREFIX, INVALID)
    d.opens("rov")
    d.quiet()
    mark = d.mark()
    d.stop()
    r.close()
    c.slow_s = 3
    d.start(wait_rpki=False)
    r.connect()
    d.until("the cache is in force", d.rpki_in_force)
    nothing_told(d, mark, "a slow cache")


@scenario
def cache_is_away_at_a_restart(w):
    """After a restart the cache stays away for longer than anything waits: unknown, never closed; back: as it was."""
    c = w.cache(VRPS)
    d = w.daemon(vrps=None, caches=[c], incidents={"settle_s": 2})
    r = edge(d)
    r.carry(r.prov, VICTIM_PREFIX, INVALID)
    d.opens("rov")
    d.quiet()
    mark = d.mark()
    d.stop()
    r.close()
    c.stop()
    d.start(wait_rpki=False)
    r.connect()
    d.until("half a minute is over: it is told that RPKI is missing", lambda: d.open_troubles("rpki."), 45)
    d.quiet()
    right("nothing is closed", not [x for x in d.told(mark) if x["transition"] in ("closed", "opened")], brief(d.told(mark)))
    c.start()
    d.until("in force", d.rpki_in_force, 60)
    d.quiet()
    right("nothing is closed or opened", not [x for x in d.told(mark) if x["transition"] in ("closed", "opened")], brief(d.told(mark)))
    right("open as it was", [x["transition"] for x in d.open("rov")] in (["opened"], ["updated"]), brief(d.open("rov")))


@scenario
def file_is_away_at_a_restart(w):
    """The VRP file comes seconds after the routes: nothing is closed for want of it."""
    d = w.daemon()
    r = edge(d)
    three_events(r)
    d.opens("rov", where=lambda x: x["origin"] == 64501)
    d.quiet()
    before = now(d)
    mark = d.mark()
    r.close()
    d.stop()
    os.rename(d.vrp_file, d.vrp_file + ".away")
    d.start(wait_rpki=False)
    r.connect()
    d.quiet()
    os.rename(d.vrp_file + ".away", d.vrp_file)
    d.until("in force", d.rpki_in_force)
    d.quiet()
    right("nothing is closed or opened", not [x for x in d.told(mark) if x["transition"] in ("closed", "opened")], brief(d.told(mark)))
    right("the same is open", now(d) == before, now(d))


@quick
def second_router_is_evidence(w):
    """A hijack of two routers; after a restart only the second is back, and has it: open, not unknown; it withdraws: closed."""
    d = w.daemon(vrps=OTHERS, incidents={"settle_s": 2})
    one, two = edge(d, "ams1"), edge(d, "fra1")
    one.carry(one.prov, HALF, INVALID)
    d.opens("hijack")
    two.carry(two.prov, HALF, INVALID)
    d.until("two routers", lambda: d.show("incidents", "kind ~ hijack")[0]["routers"] == 2)
    d.quiet()
    mark = d.mark()
    one.close()
    two.close()
    d.restart()
    two.connect()
    d.until("the wait is over", lambda: [x for x in d.since(mark) if x.get("event") == "session.synced"])
    d.quiet(4)
    right("open by what fra1 has", [x["transition"] for x in d.open("hijack")] in (["opened"], ["updated"]), brief(d.told(mark)))
    two.drop(two.prov, HALF)
    d.until("closed, or unknown for ams1, which was not heard",
            lambda: not d.open("hijack") or d.open("hijack")[0]["transition"] == "unknown")
    one.forget(HALF)
    one.connect()
    d.closes("hijack", "both are heard, and neither has it")


@scenario
def first_is_back_without_it(w):
    """A hijack of two routers; after a restart the first is back without it, the second later with it: nothing is closed."""
    d = w.daemon(vrps=OTHERS)
    one, two = edge(d, "ams1"), edge(d, "fra1")
    one.carry(one.prov, HALF, INVALID)
    d.opens("hijack")
    two.carry(two.prov, HALF, INVALID)
    d.until("two routers", lambda: d.show("incidents", "kind ~ hijack")[0]["routers"] == 2)
    d.quiet()
    mark = d.mark()
    one.close()
    two.close()
    d.restart()
    one.forget(HALF)
    one.connect()
    d.quiet(2.5)
    two.connect()
    d.quiet()
    right("nothing is closed or opened", not [x for x in d.told(mark) if x["transition"] in ("closed", "opened")], brief(d.told(mark)))


@scenario
def router_is_renamed(w):
    """From a restart on routers: gives the router another name: its hijack is known again, and closes with its end."""
    d = w.daemon(vrps=OTHERS, incidents={"settle_s": 3})
    r = edge(d, "ams1")
    r.carry(r.prov, HALF, INVALID)
    d.opens("hijack")
    d.quiet()
    r.close()
    d.stop()
    d.configure(routers=[{"name": "amsterdam", "address": "127.0.0.1"}])
    d.start()
    r.connect()
    d.until("amsterdam is complete", lambda: [x for x in d.records if x.get("event") == "session.synced" and x["router"] == "amsterdam"])
    d.quiet(4.5)
    right("still one, and open", [x["transition"] for x in d.open("hijack")] in (["opened"], ["updated"]), brief(d.told()))
    r.drop(r.prov, HALF)
    d.closes("hijack")


@scenario
def same_name_back_in_the_other_order(w):
    """Two routers of one sysName, from two addresses, are back after a restart in the other order: nothing is closed or opened."""
    d = w.daemon(vrps=OTHERS)
    one, two = edge(d, "router", source="127.0.0.2"), edge(d, "router", source="127.0.0.3", connect=False)
    one.carry(one.prov, HALF, INVALID)
    d.opens("hijack")
    two.route(two.prov, "pre", "192.0.2.0/24", "64510 64499")
    two.connect()
    d.quiet()
    mark = d.mark()
    one.close()
    two.close()
    d.restart()
    two.connect()
    d.quiet(2)
    one.connect()
    d.quiet()
    right("nothing is closed or opened", not [x for x in d.told(mark) if x["transition"] in ("closed", "opened")], brief(d.told(mark)))


@scenario
def reload_of_the_same_tells_nothing(w):
    """SIGHUP with an unchanged file: nothing is told of routes or RPKI."""
    d = w.daemon()
    d.steady = False  # a restart would tell of VRPs
    r = edge(d)
    three_events(r)
    d.until("told", lambda: len(d.open()) >= 3)
    d.quiet()
    mark = d.mark()
    d.reload()
    nothing_told(d, mark, "a reload")
    right("no change of VRPs", not [x for x in d.since(mark) if x.get("event") == "rpki.updated"], brief(d.since(mark)))


@scenario
def reload_with_a_slow_cache(w):
    """SIGHUP of an unchanged file with a VRP file and a cache that takes 2 s to answer: nothing is told."""
    c = w.cache(VRPS)
    d = w.daemon(vrps=[("192.0.2.0/24", 24, 64499)], caches=[c], wait_rpki=False)
    d.until("both", lambda: d.stats()["vrps_ipv4"] == 3)
    r = edge(d)
    r.carry(r.prov, VICTIM_PREFIX, INVALID)
    d.opens("rov")
    d.quiet()
    c.slow_s = 2
    mark = d.mark()
    d.reload()
    d.quiet(3)
    right("nothing is told", not d.told(mark), brief(d.told(mark)))
    right("VRPs were never fewer", not [x for x in d.since(mark) if x.get("event") == "rpki.updated"], brief(d.since(mark)))


@scenario
def reload_while_a_cache_is_away(w):
    """SIGHUP while one of two caches is away: its data stays until it is expired, nothing is closed."""
    one, two = w.cache(VRPS), w.cache([("192.0.2.0/24", 24, 64499)])
    d = w.daemon(vrps=None, caches=[one, two], wait_rpki=False)
    d.until("both", lambda: d.stats()["vrps_ipv4"] == 3)
    r = edge(d)
    r.carry(r.prov, VICTIM_PREFIX, INVALID)
    d.opens("rov")
    d.quiet()
    d.restartable = False  # only the old process knows what the cache said
    mark = d.mark()
    one.stop()
    d.until("the loss is told", lambda: [x for x in d.since(mark) if x.get("kind", x.get("event", "")) == "rpki.lost"])
    d.reload(incidents={"update_s": 2})
    d.quiet()
    right("nothing is closed", not [x for x in d.told(mark) if x["transition"] == "closed"], brief(d.told(mark)))
    right("three VRPs are in force", d.stats()["vrps_ipv4"] == 3, d.stats()["vrps_ipv4"])


@scenario
def reload_takes_rpki_out(w):
    """rpki: is taken out by a reload: no ghost of it judges a new route."""
    d = w.daemon()
    r = edge(d)
    r.carry(r.prov, VICTIM_PREFIX, INVALID)
    d.opens("rov")
    d.reload(rpki={})
    d.until("no VRP is in force", lambda: d.stats()["vrps_ipv4"] == 0)
    d.closes("rov", "closed: the operator took the rule's data away")
    right("for the configuration", d.told()[-1]["reason"] == "config", brief(d.told()[-1:]))
    mark = d.mark()
    r.carry(r.lateral, VICTIM_PREFIX, "64509 65550")
    nothing_told(d, mark, "a new route")


@scenario
def reload_of_own_prefixes(w):
    """A reload allows the origin: closed for the configuration; and forbids it again: opened."""
    d = w.daemon(vrps=OTHERS)
    r = edge(d)
    r.carry(r.prov, HALF, INVALID)
    d.opens("hijack")
    d.reload(own={"asns": [OURS], "prefixes": [{"prefix": OUR_PREFIX, "origins": [OURS, 65551]}]})
    d.closes("hijack")
    right("for the configuration", d.told()[-1]["reason"] == "config", brief(d.told()[-1:]))
    mark = d.mark()
    d.reload(own={"asns": [OURS], "prefixes": [{"prefix": OUR_PREFIX}]})
    d.opens("hijack")
    d.quiet()
    right("one record for one opening", len(d.told(mark)) == 1, brief(d.told(mark)))


@scenario
def refused_reload_is_told(w):
    """A reload with an error, or of what needs a restart, is refused as a whole: told as an incident until one succeeds."""
    d = w.daemon()
    r = edge(d)
    r.carry(r.prov, VICTIM_PREFIX, INVALID)
    d.opens("rov")
    d.quiet()
    mark = d.mark()
    d.reload(workers="many")
    d.alarms("collector.reload-refused", mark)
    d.steady = False  # a start takes what a reload refuses, and refused again it tells nothing new
    d.reload(workers=3)
    d.quiet()
    right("still refused", d.open_troubles("collector.reload-refused"), brief(d.since(mark)))
    d.reload(workers=1)
    d.until("over", lambda: not d.open_troubles("collector.reload-refused"))
    right("no word of routes", not d.told(mark), brief(d.told(mark)))


@scenario
def workers_do_not_matter(w):
    """One worker or four: the same incidents, counts and views."""
    ends = []
    for n in (1, 4):
        d = w.daemon(vrps=OTHERS, workers=n)
        routers = [edge(d, "edge%d" % k) for k in range(4)]
        for r in routers:
            three_events(r)
        d.until("all have told", lambda: len(d.open()) >= 3 and all(x["routers"] == 4 for x in d.show("incidents")))
        d.quiet()
        ends.append(sorted((x["id"], x["severity"], x["prefixes"]["count"], sorted(x["view_counts"].items())) for x in d.show("incidents")))
    right("the same", ends[0] == ends[1], ends)


@scenario
def two_collectors_same_ids(w):
    """Two collectors with other routers, neighbours and addresses of them: the same events have the same ids."""
    ids = []
    for name, last in (("c1", 9), ("c2", 109)):
        d = w.daemon(vrps=OTHERS, collector=name)
        r = Router(d, "edge-" + name)
        r.prov = r.peer("192.0.2.%d" % last, 64510, "provider")
        r.lateral = r.peer("192.0.2.17", 64509, "peer")
        r.cust = r.peer("192.0.2.%d" % (last + 1), 64501, "customer")
        r.loc_rib()
        r.connect()
        three_events(r)
        d.opens("", 3)
        d.quiet()
        ids.append(sorted((x["kind"], x["id"]) for x in d.show("incidents")))
    right("the same", ids[0] == ids[1], ids)


@scenario
def history_survives_kill(w):
    """What was told before kill -9 is told by tail afterwards, with the same numbers; new numbers are new."""
    d = w.daemon(vrps=OTHERS)
    r = edge(d)
    for k in range(3):
        r.carry(r.prov, HALF, "64510 %d" % (65540 + k))
        d.opens("hijack")
        r.drop(r.prov, HALF)
        d.closes()
        told = {x["seq"]: x["summary"] for x in d.records}
        d.restart(kill=True)
        rows = [json.loads(line) for line in d.command("tail", "-n", "100000", "-o", "json").stdout.splitlines()]
        again = {x["seq"]: x["summary"] for x in rows}
        right("nothing told is gone or another", all(again.get(s) == t for s, t in told.items()),
              [(s, t, again.get(s)) for s, t in told.items() if again.get(s) != t])
        r.close()
        r.connect()


@scenario
def revisions_survive_restarts(w):
    """An incident that was over before a restart, and comes back after it: its revision and occurrence go on, they do not begin anew."""
    d = w.daemon(vrps=OTHERS)
    r = edge(d)
    for kill in (False, True):
        r.carry(r.prov, HALF, INVALID)
        d.opens("hijack")
        r.drop(r.prov, HALF)
        d.closes()
        r.close()
        d.restart(kill)
        r.connect()
    r.carry(r.prov, HALF, INVALID)
    d.opens("hijack")
    pairs = [(x["id"], x["revision"]) for x in d.told()]
    right("no (id, revision) twice", len(pairs) == len(set(pairs)), [p[1] for p in pairs])


LARGE_FILE = 150000


@scenario
def large_file_at_a_restart(w):
    """A VRP file that takes a while to read, and a router that is back at once: nothing is told."""
    rows = VRPS + [(p, 64, 64497) for p in blocks("2001:db8::/36", 64, LARGE_FILE)]
    d = w.daemon(vrps=rows)
    r = edge(d)
    r.carry(r.prov, VICTIM_PREFIX, INVALID)
    d.opens("rov")
    d.quiet()
    mark = d.mark()
    r.close()
    d.restart(wait_rpki=False)
    r.connect()
    d.until("the file is read", d.rpki_in_force)
    nothing_told(d, mark, "a large file")


@scenario
def reload_with_a_large_file(w):
    """A reload of an unchanged configuration with a small file and a large one: nothing is told of routes or VRPs."""
    d = w.daemon(start=False)
    d.steady = False
    d.set_vrps([("192.0.2.0/24", 24, 64499)])
    large = d.folder + "/large.json"
    d.set_vrps(VRPS + [(p, 64, 64497) for p in blocks("2001:db8::/36", 64, LARGE_FILE)], large)
    d.configure(rpki={"files": [d.vrp_file, large]})
    d.start()
    d.until("all of it", lambda: d.stats()["vrps_ipv6"] == LARGE_FILE)
    r = edge(d)
    r.carry(r.prov, VICTIM_PREFIX, INVALID)
    d.opens("rov")
    d.quiet()
    mark = d.mark()
    d.reload()
    d.quiet(3)
    right("nothing is told", not d.told(mark), brief(d.told(mark)))
    right("VRPs were never fewer", not [x for x in d.since(mark) if x.get("event") == "rpki.updated"], brief(d.since(mark)))


@scenario
def filtered_is_a_note_over_a_restart(w):
    """All of a peer that is invalid is filtered. After a restart the router tells it before it has shown that it tells
    the routes that it accepts: a note as before, and not a word."""
    d = w.daemon(vrps=OTHERS)
    r = edge(d)
    r.carry(r.prov, VICTIM_PREFIX, INVALID, upto="pre")
    right("a note", d.opens("rov")[0]["severity"] == "info", brief(d.told()))
    d.quiet()
    mark = d.mark()
    r.close()
    d.restart()
    r.connect(complete=False)
    d.calm(2.5)
    r.tell_complete()
    nothing_told(d, mark, "what is not complete yet")


@scenario
def victims_are_no_news_after_a_restart(w):
    """A leak of more-specifics of 12 networks. After a restart their ROAs come later than the routes: not a word."""
    prefixes = blocks("198.51.100.0/24", 28, 12)
    d = w.daemon(vrps=OTHERS[1:] + [(p, 28, 65600 + k) for k, p in enumerate(prefixes)], own={"asns": [OURS]})
    r = edge(d)
    for k, p in enumerate(prefixes):
        r.carry(r.cust, blocks(p, 29, 1), "64501 64510 %d" % (65600 + k), otc=64510)
    d.until("all victims are counted", lambda: [x["victim_count"] for x in d.show("incidents")] == [12])
    d.quiet()
    mark = d.mark()
    r.close()
    d.stop()
    os.rename(d.vrp_file, d.vrp_file + ".away")
    d.start(wait_rpki=False)
    r.connect()
    d.calm(2.5)
    os.rename(d.vrp_file + ".away", d.vrp_file)
    d.until("in force", d.rpki_in_force)
    nothing_told(d, mark, "what is known since before the restart")
