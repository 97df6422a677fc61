"""A router that speaks BMP: it has peers and a table, and tells both again whenever it connects."""
import ipaddress
import socket
import struct
import time

import wire

PACKED = 3800  # octets of NLRI in one UPDATE

# What the neighbour is to us: the roles in our OPEN and in its OPEN.
ROLES = {"customer": ("provider", "customer"), "provider": ("customer", "provider"), "peer": ("peer", "peer"),
         "rs": ("rs-client", "rs"), "rs-client": ("rs", "rs-client"), None: (None, None)}


def listed(prefixes):
    return [prefixes] if isinstance(prefixes, str) else list(prefixes)


def family_of(prefix):
    return wire.IPV6 if ":" in prefix else wire.IPV4


def blocks(inside, length, count):
    """The first `count` networks of that length inside a prefix."""
    net = ipaddress.ip_network(inside)
    step = 1 << (net.max_prefixlen - length)
    first = int(net.network_address)
    make = type(net.network_address)
    return ["%s/%d" % (make(first + k * step), length) for k in range(count)]


class Peer:
    def __init__(self, address, asn, relation=None, kind=wire.GLOBAL, rd=b"\0" * 8, table=None, add_path=(),
                 views=("pre", "post", "out-post"), roles=None, local_as=None, bgp_id=None, families=(wire.IPV4, wire.IPV6)):
        self.address, self.asn, self.kind, self.rd, self.table = address, asn, kind, rd, table
        self.roles = ROLES[relation] if roles is None else roles
        self.add_path, self.views, self.local_as, self.families = tuple(add_path), tuple(views), local_as, families
        self.bgp_id = bgp_id or (address if not isinstance(address, bytes) and "." in address else "192.0.2.250")
        self.restart = None
        self.port = 40000
        self.up = True


class Router:
    def __init__(self, daemon, name="edge1", asn=64500, source="127.0.0.1"):
        self.daemon, self.name, self.asn, self.source = daemon, name, asn, source
        self.clock = wire.now
        self.peers = []
        self.table = {}  # (peer, view, path id, prefix): (path, attributes)
        self.socket = None
        self.loc = None
        daemon.routers.append(self)

    # --- who there is
    def peer(self, address, asn, relation=None, **more):
        p = Peer(address, asn, relation, **more)
        self.peers.append(p)
        if self.socket:
            self.send(self.peer_up(p))
            self.tell_complete([p])
        return p

    def loc_rib(self, table="global", rd=b"\0" * 8):
        """The Loc-RIB of the router, or of a VRF; the first one is where carry() puts what is in use."""
        p = Peer("0.0.0.0", self.asn, kind=wire.LOC_RIB, rd=rd, table=table, views=("loc",), bgp_id="192.0.2.254")
        self.peers.append(p)
        self.loc = self.loc or p
        if self.socket:
            self.send(self.peer_up(p))
            self.tell_complete([p])
        return p

    # --- the connection
    def connect(self, complete=True):
        """Initiation, Peer Up of each session, the table, and unless told otherwise End-of-RIB of all of it."""
        self.dial()
        self.send(wire.initiation(self.name), *[self.peer_up(p) for p in self.peers if p.up])
        self.tell_all(complete)
        return self

    def tell_all(self, complete=True):
        """The whole table, and End-of-RIB."""
        same = {}
        for (p, view, path_id, prefix), (path, attrs) in self.table.items():
            key = (p, view, path_id, family_of(prefix), path, repr(attrs))
            same.setdefault(key, (attrs, []))[1].append(prefix)
        for (p, view, path_id, _, path, _), (attrs, prefixes) in same.items():
            self.send_routes(p, view, prefixes, path, path_id, attrs)
        if complete:
            self.tell_complete()

    def dial(self):
        """As a router does: again, when nobody listens yet."""
        end = time.monotonic() + 10
        while True:
            try:
                self.socket = socket.create_connection(("127.0.0.1", self.daemon.port), timeout=20, source_address=(self.source, 0))
                break
            except ConnectionRefusedError:
                if time.monotonic() > end or not self.daemon.alive():
                    raise
                time.sleep(0.02)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def close(self):
        if self.socket:
            self.socket.close()
            self.socket = None

    def reset(self):
        """Ends the connection as a router does that loses power: no FIN."""
        if self.socket:
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            self.close()

    def abandon(self):
        """The connection stays open and silent, and the router forgets it."""
        left, self.socket = self.socket, None
        self.daemon.keep(left)
        return left

    def send(self, *messages):
        if self.socket is None:
            return
        data = b"".join(messages)
        self.socket.sendall(data)
        self.daemon.sent += len(data)

    # --- messages
    def header(self, p, view):
        return wire.peer_header(p.kind, wire.FLAGS[view], p.rd, p.address, p.asn, p.bgp_id, self.clock())

    def opens(self, p):
        ours, theirs = p.roles
        local = self.asn if p.local_as is None else p.local_as
        sent = wire.open_message(local, "192.0.2.254", ours, p.families, p.add_path)
        got = wire.open_message(p.asn, p.bgp_id, theirs, p.families, p.add_path, p.restart)
        return sent, got

    def peer_up(self, p):
        local = "::" if not isinstance(p.address, bytes) and ":" in p.address else "0.0.0.0" if p.kind == wire.LOC_RIB else "192.0.2.254"
        return wire.peer_up(self.header(p, p.views[0]), local, *self.opens(p), p.table, (179, p.port))

    def up(self, p):
        p.up = True
        self.send(self.peer_up(p))
        self.tell_complete([p])

    def down(self, p, reason=4, forget=True, notification=b""):
        """Peer Down; the router loses what it had of that peer. notification: of reasons 1 and 3."""
        p.up = False
        self.send(wire.peer_down(self.header(p, p.views[0]), reason, notification))
        if forget:
            self.table = {k: v for k, v in self.table.items() if k[0] is not p}

    def report(self, p, gauges):
        """A Statistics Report, as in wire.statistics()."""
        self.send(wire.statistics(self.header(p, p.views[0]), gauges))

    def tell_complete(self, peers=None, views=None):
        """End-of-RIB of every view and family."""
        out = []
        for p in self.peers if peers is None else peers:
            if p.up:
                for view in views or p.views:
                    out += [wire.monitoring(self.header(p, view), wire.end_of_rib(f)) for f in p.families]
        self.send(*out)

    # --- routes
    def route(self, p, view, prefixes, path, path_id=None, **attrs):
        """Announce. path is text, as a person writes it; attrs as in wire.attributes()."""
        prefixes = listed(prefixes)
        for prefix in prefixes:
            self.table[p, view, path_id, prefix] = (path, attrs)
        self.send_routes(p, view, prefixes, path, path_id, attrs)

    def send_routes(self, p, view, prefixes, path, path_id, attrs):
        self.send(*self.updates(p, view, prefixes, path, path_id, attrs))

    def updates(self, p, view, prefixes, path, path_id, attrs):
        out = []
        head = self.header(p, view)
        for family in (wire.IPV4, wire.IPV6):
            for octets in self.packed([x for x in prefixes if family_of(x) == family], path_id):
                if family == wire.IPV4:
                    message = wire.update(wire.attributes(path, **attrs), octets)
                else:
                    message = wire.update(wire.attributes(path, with_next_hop=False, **attrs) + wire.reach(family, octets))
                out.append(wire.monitoring(head, message))
        return out

    @staticmethod
    def packed(prefixes, path_id):
        part = b""
        for prefix in prefixes:
            part += wire.nlri(prefix, path_id)
            if len(part) > PACKED:
                yield part
                part = b""
        if part:
            yield part

    def withdraw(self, p, view, prefixes, path_id=None):
        prefixes = listed(prefixes)
        out, head = [], self.header(p, view)
        for prefix in prefixes:
            self.table.pop((p, view, path_id, prefix), None)
        for family in (wire.IPV4, wire.IPV6):
            for octets in self.packed([x for x in prefixes if family_of(x) == family], path_id):
                message = wire.update(withdrawn=octets) if family == wire.IPV4 else wire.update(wire.unreach(family, octets))
                out.append(wire.monitoring(head, message))
        self.send(*out)

    def carry(self, p, prefixes, path, upto="loc", to=(), **attrs):
        """A route as it goes through the router: received from p, accepted, used, passed on to others."""
        steps = ("pre", "post", "loc")
        for view in steps[:steps.index(upto) + 1]:
            self.route(self.loc if view == "loc" else p, view, prefixes, path, **attrs)
        for other in to:
            longer = path if other.asn == self.asn else ("%d %s" % (self.asn, path)).strip()
            self.route(other, "out-post", prefixes, longer, **attrs)

    def drop(self, p, prefixes, upto="loc", to=()):
        """The inverse of carry(), in the order of a router: first what came in is gone."""
        steps = ("pre", "post", "loc")
        for view in steps[:steps.index(upto) + 1]:
            self.withdraw(self.loc if view == "loc" else p, view, prefixes)
        for other in to:
            self.withdraw(other, "out-post", prefixes)

    def forget(self, prefixes):
        """The router loses these while nobody listens: for what is true after the next connect()."""
        prefixes = set(listed(prefixes))
        self.table = {k: v for k, v in self.table.items() if k[3] not in prefixes}
