"""Whoever had a route is waited for by himself: each peer, view and family. Nobody else's End-of-RIB, and no silence, ends it."""
import wire
from daemon import OTHERS
from router import Router
from story import brief
from suite import edge, right, scenario

HALF, OTHER_HALF = "203.0.113.128/25", "203.0.113.0/25"
INVALID = "64510 65551"


def nothing_begins_or_ends(d, mark, why):
    ends = [x for x in d.told(mark) if x["transition"] in ("closed", "opened")]
    right("%s: nothing is closed or opened" % why, not ends, brief(d.told(mark)))


def again(d, r, restart):
    """The session is lost, and is back with all but the table; the collector may have been killed meanwhile."""
    full, r.table = r.table, {}
    r.close()
    if restart:
        d.restart(kill=True)
    r.connect(complete=False)
    return full


def hijacked(w, settle_s, **options):
    d = w.daemon(vrps=OTHERS, incidents={"settle_s": settle_s, "feed_grace_s": 60}, **options)
    d.steady = False  # the table is told in parts here
    r = edge(d)
    r.carry(r.prov, HALF, INVALID, upto="pre")
    d.opens("hijack")
    d.quiet()
    return d, r, d.mark()


@scenario
def end_of_rib_of_another_family(w):
    """After a reconnect, and a restart, the IPv6 table is told to its end, and of IPv4 nothing: an IPv4 hijack is not over."""
    d, r, mark = hijacked(w, 60)
    for restart in (False, True):
        full = again(d, r, restart)
        for p in r.peers:
            for view in p.views:
                r.send(wire.monitoring(r.header(p, view), wire.end_of_rib(wire.IPV6)))
        d.calm(7)
        nothing_begins_or_ends(d, mark, "IPv6 is complete")
        r.table = full
        r.tell_all()
        d.quiet()
        nothing_begins_or_ends(d, mark, "IPv4, too")
    again(d, r, True)
    r.tell_complete()
    d.closes("hijack", "without it, and complete")


@scenario
def dump_that_pauses(w):
    """The router tells two neighbours to their End-of-RIB and pauses for seconds before the third: it is not over there."""
    d, r, mark = hijacked(w, 60)
    for restart in (False, True):
        full = again(d, r, restart)
        r.tell_complete([r.cust, r.lateral, r.loc])
        d.calm(7)
        nothing_begins_or_ends(d, mark, "a pause")
        r.table = full
        r.tell_all()
        d.quiet()
        nothing_begins_or_ends(d, mark, "all of it")


@scenario
def neighbour_is_late(w):
    """A router was rebooted: its session with the neighbour is not there yet. A hijack by it is unknown then, not closed, however long it
    takes; it is back with the neighbour, and it ends by it."""
    d, r, mark = hijacked(w, 3)
    for restart in (False, True):
        full, r.table = r.table, {}
        r.close()
        if restart:
            d.restart()
        r.peers.remove(r.prov)
        r.connect()
        d.calm(5)
        right("unknown", [x["transition"] for x in d.open("hijack")] == ["unknown"], brief(d.told(mark)))
        r.peers.append(r.prov)
        r.table = full
        r.send(r.peer_up(r.prov))
        r.tell_all()
        d.until("open again", lambda: [x["transition"] for x in d.open("hijack")] == ["updated"])
        nothing_begins_or_ends(d, mark, "late")
    r.down(r.prov)
    d.closes("hijack", "a Peer Down says that it is over")


@scenario
def neighbour_is_late_and_sends_no_end_of_rib(w):
    """The same without End-of-RIB: what the neighbour has not told within seconds, when it is there at last, is not over for that."""
    d, r, mark = hijacked(w, 3)
    full, r.table = r.table, {}
    r.close()
    r.peers.remove(r.prov)
    r.connect()
    d.until("unknown", lambda: [x["transition"] for x in d.open("hijack")] == ["unknown"])
    r.peers.append(r.prov)
    r.send(r.peer_up(r.prov))
    r.route(r.prov, "pre", "192.0.2.0/24", "64510 64499")
    d.calm(5)
    nothing_begins_or_ends(d, mark, "a part of it")
    r.table = full
    r.tell_all(complete=False)
    d.until("open again", lambda: [x["transition"] for x in d.open("hijack")] == ["updated"])
    nothing_begins_or_ends(d, mark, "all of it")


@scenario
def view_is_not_shown_any_more(w):
    """After a reconnect the router shows only what it receives: of what was in its Loc-RIB nobody knows."""
    for restart in (False, True):
        d = w.daemon(vrps=OTHERS, incidents={"settle_s": 3})
        d.steady = False
        r = edge(d)
        r.carry(r.prov, HALF, INVALID)
        d.opens("hijack")
        d.quiet()
        mark = d.mark()
        r.close()
        if restart:
            d.restart()
        r.forget(HALF)
        r.peers.remove(r.loc)
        for p in r.peers:
            p.views = ("pre",)
        r.connect()
        d.calm(6)
        nothing_begins_or_ends(d, mark, "a view less")


@scenario
def forgotten_and_told_in_part(w):
    """A router was away for longer than its routes are kept. It is back, tells one of two, and takes it back: of the other nobody
    knows before its End-of-RIB."""
    d = w.daemon(vrps=OTHERS, limits={"stale_s": 2})
    d.steady = False
    r = edge(d)
    r.route(r.prov, "pre", [HALF, OTHER_HALF], INVALID)
    d.opens("hijack")
    d.quiet()
    r.close()
    d.until("unknown", lambda: [x["transition"] for x in d.open("hijack")] == ["unknown"])
    d.calm(3)
    mark = d.mark()
    r.table = {}
    r.connect(complete=False)
    r.route(r.prov, "pre", HALF, INVALID)
    d.calm(1)
    r.withdraw(r.prov, "pre", HALF)
    d.calm(3)
    nothing_begins_or_ends(d, mark, "a part")
    r.route(r.prov, "pre", OTHER_HALF, INVALID)
    r.tell_complete()
    d.quiet()
    nothing_begins_or_ends(d, mark, "all")


@scenario
def path_ids_from_a_second_peer_up_on(w):
    """A second Peer Up agrees on path ids: the hijack is told with one now, and is the same; with that it ends."""
    d, r, mark = hijacked(w, 60)
    r.prov.add_path = (wire.IPV4,)
    r.prov.port += 1
    r.table = {}
    r.send(r.peer_up(r.prov))
    r.route(r.prov, "pre", HALF, INVALID, path_id=5)
    d.calm(2)
    r.tell_complete([r.prov])
    d.quiet()
    nothing_begins_or_ends(d, mark, "path ids")
    r.withdraw(r.prov, "pre", HALF, path_id=5)
    d.closes()


@scenario
def vrf_neighbours_are_waited_for_apart(w):
    """The same neighbour address and AS globally and in a VRF that is judged: over a restart each is waited for by itself."""
    red = b"\0\0\xfd\xe9\0\0\0\1"
    d = w.daemon(vrps=OTHERS, rules={"provider_free": [64505], "vrfs": ["65001:1"]}, incidents={"settle_s": 60})
    d.steady = False
    r = Router(d)
    vrf = r.peer("192.0.2.9", 64510, "provider", kind=wire.RD_PEER, rd=red, views=("pre",))
    plain = r.peer("192.0.2.9", 64510, "provider", views=("pre",))
    r.connect()
    r.route(vrf, "pre", HALF, INVALID)
    d.opens("hijack")
    d.quiet()
    holders = d.show("incidents")[0]["holders"]
    right("the holder says which", [h.get("distinguisher") for h in holders] == ["65001:1"], holders)
    mark = d.mark()
    full = again(d, r, True)
    r.tell_complete([plain])
    d.calm(3)
    nothing_begins_or_ends(d, mark, "the global one is complete")
    r.table = full
    r.tell_all()
    d.quiet()
    nothing_begins_or_ends(d, mark, "all are")


@scenario
def relation_taken_out_closes_for_it(w):
    """A leak by what the configuration says the neighbour is: without that entry it is closed for the configuration, in every view,
    also while the router is away."""
    customer = [{"asn": 64530, "relation": "customer"}]
    d = w.daemon(vrps=[], neighbors=customer)
    d.steady = False
    r = edge(d, connect=False)
    p = r.peer("192.0.2.33", 64530, None)
    r.connect()
    r.carry(p, "192.0.2.0/25", "64530 64505 64999")
    for away in (False, True):
        d.opens("leak")
        d.quiet()
        if away:
            r.close()
        mark = d.mark()
        d.reload(neighbors=None)
        d.closes("leak")
        right("for the configuration", d.told(mark)[-1]["reason"] == "config", d.told(mark)[-1]["reason"])
        d.reload(neighbors=customer)


@scenario
def each_of_many_is_waited_for(w):
    """Thirty neighbours of ten routers have a hijack, more than a record names. After a restart nine routers are back without it, and a
    new one is there, too: it is not over before the tenth says so."""
    d = w.daemon(vrps=OTHERS, incidents={"settle_s": 3}, workers=2)
    d.steady = False
    routers = [edge(d, "edge%d" % k, source="127.0.0.%d" % (k + 10)) for k in range(10)]
    for r in routers:
        r.carry(r.prov, HALF, INVALID, to=[r.cust])
    d.opens("hijack")
    d.until("thirty", lambda: d.show("incidents")[0]["holder_count"] == 30)
    d.quiet(2.5)
    mark = d.mark()
    for r in routers:
        r.close()
    d.restart(kill=True)
    for r in routers[1:]:
        r.forget(HALF)
        r.connect()
    edge(d, "newcomer", source="127.0.0.99")
    d.calm(6)
    nothing_begins_or_ends(d, mark, "one is away")
    routers[0].connect()
    d.until("open by it", lambda: [x["router"] for x in d.show("incidents") if x["transition"] != "unknown"] == ["edge0"])
    nothing_begins_or_ends(d, mark, "it has it")
    routers[0].drop(routers[0].prov, HALF, to=[routers[0].cust])
    d.closes()
