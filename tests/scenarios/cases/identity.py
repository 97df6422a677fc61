"""Who a router is: what one of them says is never evidence for another."""
from daemon import OUR_PREFIX
from router import Router
from suite import edge, quick, right, scenario

HIJACK = "64510 65551"


def names(d, state=None):
    return sorted(r["router"] for r in d.show("routers") if state in (None, r["state"]))


def up(d, *wanted):
    d.until("up are %s" % (wanted,), lambda: names(d, "up") == sorted(wanted))


@quick
def half_open_router_is_replaced(w):
    """A router is back while its former connection still looks open: what the living session says counts, and
    the former one is closed."""
    d = w.daemon()
    r = edge(d)
    r.carry(r.prov, OUR_PREFIX, HIJACK)
    d.opens("hijack")
    left = r.abandon()
    r.connect()
    d.until("the former connection is closed", lambda: left.recv(1) == b"")
    r.drop(r.prov, OUR_PREFIX)
    d.closes()
    right("one router", names(d) == ["edge1"], names(d))


@scenario
def two_of_one_name_over_a_restart(w):
    """They stay apart by their addresses and are told of. Neither speaks for the other, whoever is back first, also
    after a restart."""
    d = w.daemon()
    a, b = edge(d, "router", source="127.0.0.2"), Router(d, "router", source="127.0.0.3")
    b.peer("192.0.2.66", 64502)
    b.connect()
    up(d, "router", "router@127.0.0.3")
    d.until("it is told", lambda: [r for r in d.records if r.get("event") == "router.same-name" and "127.0.0.3" in r["summary"]])
    a.carry(a.prov, OUR_PREFIX, HIJACK)
    opened = d.opens("hijack")[0]
    for restart in (False, True):
        if restart:
            d.stop()
        a.close()
        b.close()
        if restart:
            d.start()
        else:
            d.until("both are lost", lambda: names(d, "down") == ["router", "router@127.0.0.3"])
        b.connect()
        up(d, "router@127.0.0.3")
        d.calm()  # the other one is still waited for
        right("nothing is closed", not [r for r in d.told() if r["transition"] == "closed"])
        a.connect()
        up(d, "router", "router@127.0.0.3")
        d.opens("hijack", where=lambda r: r["id"] == opened["id"])
    a.drop(a.prov, OUR_PREFIX)
    d.closes()


@scenario
def back_without_initiation(w):
    """A router that is back from its address and does not say its name is the same one."""
    d = w.daemon()
    r = edge(d)
    r.carry(r.prov, OUR_PREFIX, HIJACK)
    d.opens("hijack")
    r.close()
    d.until("it is lost", lambda: names(d, "down") == ["edge1"])
    r.dial()
    r.send(*[r.peer_up(p) for p in r.peers])
    r.tell_complete()
    d.closes()
    right("one router", names(d) == ["edge1"], names(d))


@quick
def session_anew_without_peer_down(w):
    """A Peer Up of another session: what the former one told is gone with the End-of-RIB, and not before."""
    d = w.daemon()
    d.steady = False  # the table is told in parts here
    r = edge(d)
    r.carry(r.prov, OUR_PREFIX, HIJACK)
    d.opens("hijack")
    r.forget(OUR_PREFIX)
    mark = d.mark()
    r.prov.port += 1
    r.send(r.peer_up(r.prov))
    r.withdraw(r.loc, "loc", OUR_PREFIX)
    d.until("it is told", lambda: [x for x in d.since(mark) if x.get("event") == "peer.up"])
    d.quiet()
    right("it is still there", d.open("hijack"))
    r.tell_complete([r.prov])
    d.closes()


@scenario
def session_is_no_longer_allowed(w):
    """A reload ends the sessions that the access list no longer has; an empty list admits nobody."""
    d = w.daemon()
    r = edge(d)
    up(d, "edge1")
    d.reload(access={"allow": ["192.0.2.0/24"]})
    d.until("it is ended", lambda: d.stats()["sessions"] == 0)
    d.reload(access={"allow": []})
    late = edge(d, connect=False)
    late.dial()
    right("nobody is let in", late.socket.recv(1) == b"")
    d.reload(access=None)
    r = edge(d)
    up(d, "edge1")


@scenario
def name_by_a_reload(w):
    """A reload gives a router another name while its incident is open: the same router, the same incident, nothing is
    told of it; what ends it under the new name, ends it, also after a restart."""
    d = w.daemon()
    r = edge(d, "ams1")
    r.carry(r.prov, OUR_PREFIX, HIJACK)
    d.opens("hijack")
    d.quiet()
    mark = d.mark()
    d.reload(routers=[{"name": "amsterdam", "address": "127.0.0.1"}])
    up(d, "amsterdam")
    d.quiet()
    right("nothing is told of routes", not d.told(mark), [x["summary"] for x in d.told(mark)])
    d.stop()
    r.close()
    d.start()
    r.forget(OUR_PREFIX)
    r.connect()
    d.closes()
    right("one router", names(d) == ["amsterdam"], names(d))
