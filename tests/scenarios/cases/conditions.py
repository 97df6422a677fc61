"""What the collector says of itself and of what it hears from: each trouble opens, says where and what, and is over when it is."""
import json
import os
import resource
import struct
import threading

from daemon import OTHERS, VRPS
from router import Router
from suite import edge, quick, right, scenario
import wire

QUICK_SETTLE = {"settle_s": 2}


def trouble(d, kind):
    return d.until("%s is told" % kind, lambda: d.open_troubles(kind))[0]


def over(d, kind):
    d.until("%s is over" % kind, lambda: not d.open_troubles(kind))


@quick
def configured_router_is_missing(w):
    """A router of the configuration that never came is an incident; it is over when it is there and monitored."""
    d = w.daemon(vrps=OTHERS, incidents=QUICK_SETTLE, routers=[{"name": "ams1", "address": "127.0.0.5"}])
    first = trouble(d, "router.missing")
    right("says who and where", first["router"] == "ams1" and "127.0.0.5" in first["summary"], first)
    r = edge(d, "something-else", source="127.0.0.5")
    over(d, "router.missing")
    r.close()
    again = trouble(d, "router.missing")
    right("the same incident", again["id"] == first["id"], again)
    right("says since when", "away since" in again["summary"], again)
    r.connect()
    over(d, "router.missing")


@scenario
def missing_router_leaves_the_configuration(w):
    """What is no longer expected is not missing: by a reload, and by a restart with another configuration."""
    d = w.daemon(vrps=OTHERS, incidents=QUICK_SETTLE, routers=[{"name": "ams1", "address": "127.0.0.5"}, {"name": "ams2", "address": "127.0.0.6"}])
    d.until("both", lambda: len(d.open_troubles("router.missing")) == 2)
    d.reload(routers=[{"name": "ams2", "address": "127.0.0.6"}])
    d.until("one is left", lambda: [x["router"] for x in d.open_troubles("router.missing")] == ["ams2"])
    d.stop()
    d.configure(routers=[])
    d.start()
    over(d, "router.missing")


@scenario
def missing_router_over_a_restart(w):
    """A restart of the collector neither closes nor repeats that a router is missing."""
    d = w.daemon(vrps=OTHERS, incidents=QUICK_SETTLE, routers=[{"name": "ams1", "address": "127.0.0.5"}])
    before = trouble(d, "router.missing")
    mark = d.mark()
    d.restart()
    d.quiet(4)
    right("nothing is told of it but its words", {x["transition"] for x in d.troubles(mark, "router.")} <= {"updated"}, d.troubles(mark, "router."))
    right("it is open", d.open_troubles("router.missing")[0]["id"] == before["id"])


@scenario
def source_leaves_the_configuration_over_a_restart(w):
    """An RPKI source was lost, the collector is restarted without it: the incident ends."""
    d = w.daemon(start=False, vrps=VRPS, incidents=QUICK_SETTLE)
    d.configure(rpki={"files": [d.vrp_file, d.folder + "/never.json"]})
    d.start(wait_rpki=False)
    trouble(d, "rpki.missing")
    d.stop()
    d.configure(rpki={"files": [d.vrp_file]})
    d.start()
    over(d, "rpki.")


@scenario
def end_of_rib_never_comes(w):
    """One table of a router has no End-of-RIB though others have: told with the table; over when it comes."""
    d = w.daemon(vrps=OTHERS, incidents=QUICK_SETTLE)
    r = edge(d, connect=False)
    r.route(r.lateral, "post", "192.0.2.0/24", "64509 64499")
    r.connect(complete=False)
    r.tell_complete([r.prov, r.cust, r.loc])
    r.tell_complete([r.lateral], views=("pre", "out-post"))
    told = trouble(d, "feed.incomplete")
    right("names the table", "192.0.2.17 AS64509" in told["summary"] and "IPv4 of adj-rib-in-post" in told["summary"], told)
    right("and the router", told["router"] == "edge1", told)
    r.tell_complete([r.lateral])
    over(d, "feed.incomplete")


@scenario
def no_end_of_rib_at_all(w):
    """A router that never sends End-of-RIB is told of once, as a notice."""
    d = w.daemon(vrps=OTHERS, incidents=QUICK_SETTLE)
    r = edge(d, connect=False)
    r.route(r.lateral, "pre", "192.0.2.0/24", "64509 64499")
    r.connect(complete=False)
    told = trouble(d, "feed.no-end-of-rib")
    right("no more than a notice", told["severity"] == "notice", told)
    right("one table is not told beside it", not d.open_troubles("feed.incomplete"))
    r.tell_complete()
    over(d, "feed.no-end-of-rib")


@scenario
def router_without_peers(w):
    """A session in which no peer is told of: nothing is monitored, and that is said."""
    d = w.daemon(vrps=OTHERS, incidents=QUICK_SETTLE, limits={"initiation_s": 60})
    r = Router(d, "bare")
    r.connect()
    told = trouble(d, "feed.no-peers")
    right("names it", told["router"] == "bare" and "bare" in told["summary"], told)
    r.peer("192.0.2.9", 64510, "provider")
    over(d, "feed.no-peers")


@scenario
def roles_and_configuration_differ(w):
    """The OPENs say provider, the configuration says customer: told with both; over when the configuration is right."""
    d = w.daemon(vrps=OTHERS, neighbors=[{"asn": 64510, "relation": "customer"}])
    r = edge(d)
    told = trouble(d, "peer.roles")
    right("says where", (told["router"], told["peer"], told["peer_as"]) == ("edge1", "192.0.2.9", 64510), told)
    right("says both", "provider" in told["summary"] and "customer" in told["summary"], told)
    right("one neighbour", len(d.open_troubles("peer.roles")) == 1)
    d.restart()
    r.close()
    r.connect()
    d.quiet()
    right("still", [x["id"] for x in d.open_troubles("peer.roles")] == [told["id"]])
    d.reload(neighbors=[])
    over(d, "peer.roles")


@scenario
def roles_are_mended_while_the_collector_is_away(w):
    """Roles that did not fit before a restart and do after it: the incident ends when the router is back."""
    d = w.daemon(vrps=OTHERS)
    r = edge(d, connect=False)
    odd = r.peer("192.0.2.60", 64508, roles=("provider", "provider"))
    r.connect()
    told = trouble(d, "peer.roles")
    right("says which", "192.0.2.60 AS64508" in told["summary"], told)
    d.stop()
    r.close()
    odd.roles = ("provider", "customer")
    d.start()
    d.quiet(3)
    right("not before the router is back", d.open_troubles("peer.roles"))
    r.connect()
    over(d, "peer.roles")


@scenario
def routes_without_peer_up(w):
    """Routes of a peer that was never announced as up: read with doubt, which is said; its Peer Up ends that."""
    d = w.daemon(vrps=OTHERS, incidents=QUICK_SETTLE)
    r = edge(d)
    ghost = r.peer("192.0.2.70", 64511)
    r.peers.remove(ghost)
    r.down(ghost)
    r.close()
    d.until("it is away", lambda: [x for x in d.records if x.get("event") == "session.down"])
    r.connect()
    ghost.up = True
    r.route(ghost, "pre", "192.0.2.0/24", "64511 64499")
    told = trouble(d, "peer.doubtful")
    right("names the peer", "192.0.2.70 AS64511" in told["summary"], told)
    r.send(r.peer_up(ghost))
    over(d, "peer.doubtful")


@scenario
def clock_of_a_router(w):
    """A router whose messages say 2009: its times are not used, which is told once and keeps nothing open."""
    d = w.daemon(vrps=OTHERS)
    r = edge(d, connect=False)
    r.clock = lambda: 1234567890.0
    r.connect()
    events = lambda: [x for x in d.records if x.get("event") == "router.clock"]
    d.until("it is told", events)
    d.quiet()
    right("once, as a notice", [(x["severity"], x["router"]) for x in events()] == [("notice", "edge1")], events())
    right("nothing is open", not d.show("incidents"), d.show("incidents"))


@scenario
def records_lost_at_the_end_are_told(w):
    """The collector ends, or is killed, while the disk takes nothing: the next one says how many records are lost."""
    d = w.daemon(vrps=OTHERS)
    r = edge(d)
    for kill in (False, True):
        d.heard()
        d.until("written", lambda: d.stats()["journal_pending"] == 0)
        limit = max(os.path.getsize(d.folder + "/state/" + x) for x in os.listdir(d.folder + "/state"))
        resource.prlimit(d.process.pid, resource.RLIMIT_FSIZE, (limit, resource.RLIM_INFINITY))
        for k in range(60):
            r.down(r.cust, forget=False)
            r.send(r.peer_up(r.cust))
        d.heard()
        d.until("the disk takes nothing", lambda: d.stats()["journal_failures"] > 1)
        d.stop(kill=kill)
        mark = d.mark()
        d.start()
        gap = d.alarms("journal.gap", mark)[0]
        right("how many", "lost" in gap["summary"] and "the collector ended" in gap["summary"], gap)
        right("an event of it", [x for x in d.since(mark) if x.get("event") == "journal.gap"])
        r.close()
        d.restart()
        r.connect()
        d.quiet()
        right("once", len([x for x in d.since(mark) if x.get("event") == "journal.gap"]) == 1)


def net_file(*networks):
    return json.dumps({"data": [{"asn": asn, "name": name, "poc_set": [{"role": "Policy", "email": "policy@example.net"},
                                                                       {"role": "NOC", "email": noc}]} for asn, name, noc in networks]})


@scenario
def whom_to_call(w):
    """An incident names its neighbour and whom to call there: by the configuration, else by a file that is read when it changes."""
    d = w.daemon(start=False, vrps=OTHERS, neighbors=[{"asn": 64510, "name": "Example Transit"}])
    path = d.folder + "/net.json"
    d.set_text(net_file((64510, "Transit Inc.", "noc@example.net"), (64509, "Lateral", "ops@example.org")), path)
    d.configure(neighbors_file=path)
    d.start()
    d.until("the file is read", lambda: "names and contacts of 2 networks" in d.log_text())
    r = edge(d)
    r.route(r.prov, "pre", "203.0.113.128/25", "64510 65551")
    one = d.opens("hijack")[0]
    right("the name is ours, the contact the file's", (one["neighbor_name"], one["neighbor_contact"]) == ("Example Transit", "noc@example.net"), one)
    right("shown as text", "Example Transit: noc@example.net" in d.command("show", "incident", one["id"][:8]).stdout)
    d.set_text(net_file((64510, "Transit Inc.", "desk@example.net")), path)
    d.until("the new one", lambda: d.show("incidents", "kind ~ hijack")[0]["neighbor_contact"] == "desk@example.net")
    d.set_text("{", path)
    told = trouble(d, "collector.contacts")
    right("says which and why", "net.json" in told["summary"] and "line 1" in told["summary"], told)
    right("the former stays", d.show("incidents", "kind ~ hijack")[0]["neighbor_contact"] == "desk@example.net")
    d.reload(neighbors_file=None, neighbors=[{"address": "192.0.2.9", "relation": "provider", "contact": "call 1"}, {"asn": 64510, "name": "By AS"}])
    over(d, "collector.contacts")
    now = d.show("incidents", "kind ~ hijack")[0]
    right("by address before AS", (now["neighbor_name"], now["neighbor_contact"]) == ("By AS", "call 1"), now)


@scenario
def collector_is_overloaded(w):
    """A router sends faster than the collector can read, for longer than limits.behind_s: told with its name; over when it has caught up."""
    d = w.daemon(vrps=OTHERS, limits={"behind_s": 1})
    quiet = edge(d, "quiet")
    loud = Router(d, "loud")
    p = loud.peer("192.0.2.200", 64511, "provider", add_path=[(1, 1)], views=("pre",), families=((1, 1),))
    loud.connect()
    d.heard()
    over_now = [False]
    head, attrs = loud.header(p, "pre"), wire.attributes("64511 64499")

    def shout():
        k = 0
        while not over_now[0]:
            octets = b"".join(struct.pack(">I", (k + n) % 200000) + bytes([24, 198, 18, 0]) for n in range(400))
            k += 400
            try:
                loud.socket.sendall(wire.monitoring(head, wire.update(attrs, octets)) * 16)
            except OSError:
                return
    t = threading.Thread(target=shout, daemon=True)
    t.start()
    try:
        told = trouble(d, "collector.overloaded")
        right("says who", "loud" in told["summary"] and "behind" in told["summary"], told)
    finally:
        over_now[0] = True
        t.join(10)
    over(d, "collector.overloaded")
    quiet.carry(quiet.prov, "203.0.113.128/25", "64510 65551")
    d.opens("hijack")
