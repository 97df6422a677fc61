"""Whose a route is when its path does not say: empty paths where the own AS is told oddly, late, or not at all."""
import struct

import wire
from daemon import OUR_PREFIX, OURS
from router import Router
from story import brief
from suite import right, scenario

EMPTY = wire.attributes("") + wire.attribute(5, struct.pack(">I", 100))


def our_own(r, p, view="pre"):
    r.send(wire.monitoring(r.header(p, view), wire.update(EMPTY, wire.nlri(OUR_PREFIX))),
           wire.monitoring(r.header(p, view), wire.end_of_rib(wire.IPV4)))


def silent(d):
    d.quiet()
    right("nothing is told", not d.told(), brief(d.told()))
    right("the route is there", len(d.show("routes", OUR_PREFIX)) == 1)


@scenario
def opens_without_anything_in_them(w):
    """An iBGP peer whose Peer Up has two bare OPENs of 19 octets: the header says its AS, and that is the origin."""
    d = w.daemon()
    d.steady = False
    r = Router(d)
    p = r.peer("192.0.2.3", OURS, None, views=("pre",))
    r.opens = lambda peer: (wire.bgp(1, b""), wire.bgp(1, b""))
    r.connect(complete=False)
    our_own(r, p)
    silent(d)


@scenario
def routes_before_their_peer_up(w):
    """Routes of an iBGP peer, and of a Loc-RIB, come before any Peer Up."""
    for loc in (False, True):
        d = w.daemon()
        d.steady = False
        r = Router(d)
        p = r.loc_rib() if loc else r.peer("192.0.2.3", OURS, None, views=("pre",))
        r.dial()
        r.send(wire.initiation("edge1"))
        our_own(r, p, "loc" if loc else "pre")
        silent(d)


@scenario
def loc_rib_as_a_global_peer(w):
    """A Loc-RIB that is told as a global peer of address 0 and AS 0: no verdict, or our own; never a stranger."""
    d = w.daemon()
    d.steady = False
    r = Router(d)
    p = r.peer("0.0.0.0", 0, None, views=("pre",), bgp_id="0.0.0.0")
    r.connect(complete=False)
    our_own(r, p)
    silent(d)


@scenario
def table_dump_of_an_ibgp_peer(w):
    """An MRT table of an iBGP peer and of a local route: paths are empty, and the format has no own AS."""
    def mrt(subtype, body):
        return struct.pack(">IHHI", 1700000000, 13, subtype, len(body)) + body

    def peer(address, asn):
        return b"\x02" + bytes(address) + bytes(address) + struct.pack(">I", asn)
    attrs = EMPTY
    entry = b"".join(struct.pack(">HIH", k, 1700000000, len(attrs)) + attrs for k in (0, 1))
    index = bytes([192, 0, 2, 254]) + struct.pack(">HH", 0, 2) + peer((192, 0, 2, 1), OURS) + peer((0, 0, 0, 0), 0)
    rib = struct.pack(">I", 0) + wire.nlri(OUR_PREFIX) + struct.pack(">H", 2) + entry
    d = w.daemon(start=False)
    d.set_text(mrt(1, index) + mrt(2, rib), d.folder + "/rib.mrt")
    d.configure(files=[{"path": d.folder + "/rib.mrt", "name": "dump"}])
    d.start()
    d.until("it is read", lambda: len(d.show("routes", OUR_PREFIX)) == 2)
    d.calm()
    right("nothing is told", not d.told(), brief(d.told()))


@scenario
def label_stack_without_the_capability(w):
    """Two labels without capability 8, withdrawn with label 0x800000: gone, as IPv6 labelled unicast and as VPN-IPv6."""
    d = w.daemon()
    d.steady = False
    r = Router(d)
    families = ((1, 1), (2, 4), (2, 128))
    p = r.peer("192.0.2.9", 64510, "provider", families=families, views=("pre",))
    r.connect()
    labels = b"\x00\x06\x40" + b"\x00\x0c\x81"
    for family, rd in ((families[1], b""), (families[2], b"\0\0\xfb\xf4\0\0\0\1")):
        net = rd + bytes([0x20, 0x01, 0x0D, 0xB8, 0, 1])
        attrs = wire.attributes("64510", with_next_hop=False) + wire.reach(family, bytes([8 * len(labels + net)]) + labels + net, rd)
        r.send(wire.monitoring(r.header(p, "pre"), wire.update(attrs)))
        d.until("there", lambda: d.stats()["routes"] == 1)
        back = b"\x80\0\0" + net
        r.send(wire.monitoring(r.header(p, "pre"), wire.update(wire.unreach(family, bytes([8 * len(back)]) + back))))
        d.until("gone", lambda: d.stats()["routes"] == 0)
