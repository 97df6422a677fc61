"""An edge router of a network in a World (world.py): its neighbours tell it what they have, it uses the best of it, passes on
what is to be passed on, and shows all that in BMP, pre-policy, post-policy, Loc-RIB and Adj-RIB-Out."""
import collections
import functools
import struct

import wire
from router import Router
from world import WRONG_AS

PACKED = 3600  # octets of NLRI in one UPDATE
RANK = {"customer": 0, "peer": 1, "provider": 2}


@functools.lru_cache(300000)
def attributes(path, med, with_next_hop):
    numbers = struct.pack(">BB%dI" % len(path), 2, len(path), *path) if path else b""
    out = b"\x40\x01\x01\0\x40\x02" + bytes([len(numbers)]) + numbers
    if with_next_hop:
        out += b"\x40\x03\x04\xc0\0\x02\x01"
    return out + (b"\x80\x04\x04" + struct.pack(">I", med) if med else b"")


def chunks(octets):
    part, n = [], 0
    for x in octets:
        part.append(x)
        n += len(x)
        if n > PACKED:
            yield b"".join(part)
            part, n = [], 0
    if part:
        yield b"".join(part)


def update(head, attrs, announced=b"", withdrawn=b""):
    size = 23 + len(withdrawn) + len(attrs) + len(announced)
    return b"".join((b"\3", struct.pack(">IB", 6 + len(head) + size, 0), head, b"\xff" * 16, struct.pack(">HBH", size, 2, len(withdrawn)),
                     withdrawn, struct.pack(">H", len(attrs)), attrs, announced))


class Neighbor:
    def __init__(self, asn, relation, peer, told):
        self.asn, self.relation, self.peer, self.told = asn, relation, peer, told
        self.changed = {}  # number of a pair -> (path or None, MED), where it is not as told at first
        self.up = True


class Edge:
    def __init__(self, daemon, world, roles, drops_invalid, name="edge1"):
        self.w, self.drops = world, drops_invalid
        self.router = r = Router(daemon, name, world.us)
        self.neighbors = [Neighbor(asn, relation, r.peer("192.0.2.%d" % (10 + k), asn, relation if roles else None), world.told[asn])
                          for k, (asn, relation) in enumerate(world.neighbors())]
        self.loc = r.loc_rib()
        self.by_rank = sorted(self.neighbors, key=lambda n: RANK[n.relation])
        self.groups = collections.defaultdict(list)  # origin -> numbers of its pairs
        for i, row in enumerate(world.pairs):
            self.groups[row[2]].append(i)
        self.out, self.waiting = [], 0

    # --- octets
    def put(self, data):
        self.out.append(data)
        self.waiting += len(data)
        if self.waiting > 1 << 20:
            self.flush()

    def flush(self):
        if self.router.socket:
            self.router.send(*self.out)
        self.out, self.waiting = [], 0

    def head(self, peer, view):
        return self.router.header(peer, view)

    def tell(self, heads, rows, path, med=0):
        """path None: withdrawn. heads: per-peer headers, of views that get the same."""
        for six in (False, True):
            for octets in chunks([row[0] for row in rows if row[1] == six]):
                for head in heads:
                    if path is None and six:
                        self.put(update(head, wire.unreach(wire.IPV6, octets)))
                    elif path is None:
                        self.put(update(head, b"", b"", octets))
                    elif six:
                        self.put(update(head, attributes(path, med, False) + wire.reach(wire.IPV6, octets)))
                    else:
                        self.put(update(head, attributes(path, med, True), octets))

    # --- what is there
    def has(self, n, i):
        """(path or None, MED) as it comes in from the neighbour."""
        if not n.up:
            return None, 0
        if i in n.changed:
            return n.changed[i]
        return n.told.get(self.w.pairs[i][2]), 0

    def accepts(self, i):
        return not (self.drops and self.w.pairs[i][3] >= WRONG_AS)

    def best(self, i):
        """(path, MED, neighbour) or None."""
        if not self.accepts(i):
            return None
        found = None
        for n in self.by_rank:
            path, med = self.has(n, i)
            if path is not None:
                if found is None or (RANK[found[2].relation] == RANK[n.relation] and len(path) < len(found[0])):
                    found = (path, med, n)
        return found

    def hears(self, n, best):
        """Does the neighbour get it from us?"""
        return n.up and best is not None and best[2] is not n and (n.relation == "customer" or best[2].relation == "customer")

    # --- the whole of it
    def connect(self):
        r = self.router
        r.dial()
        r.send(wire.initiation(r.name), *[r.peer_up(p) for p in r.peers])
        self.dump()
        r.tell_complete()

    def by_route(self, find):
        """Numbers of pairs by what find(number) says of them, for origins whose pairs are all alike quickly."""
        changed = set().union(*(n.changed for n in self.neighbors))
        for numbers in self.groups.values():
            same = collections.defaultdict(list)
            like = {}
            for i in numbers:
                key = self.accepts(i)
                if i in changed:
                    found = find(i)
                elif key in like:
                    found = like[key]
                else:
                    found = like[key] = find(i)
                if found is not None:
                    same[found].append(i)
            yield from same.items()

    def rows(self, numbers):
        return [self.w.pairs[i] for i in numbers]

    def dump_neighbor(self, n):
        def find(i):
            path, med = self.has(n, i)
            return None if path is None else (path, med, self.accepts(i))
        pre, post = self.head(n.peer, "pre"), self.head(n.peer, "post")
        for (path, med, accepted), numbers in self.by_route(find):
            self.tell((pre, post) if accepted else (pre,), self.rows(numbers), path, med)

    def dump(self):
        for n in self.neighbors:
            if n.up:
                self.dump_neighbor(n)
        loc = self.head(self.loc, "loc")
        outs = [(n, self.head(n.peer, "out-post")) for n in self.neighbors if n.up]
        self.tell([loc], self.w.ours, ())
        for n, head in outs:
            self.tell([head], self.w.ours, (self.w.us,))
        for best, numbers in self.by_route(self.best):
            rows = self.rows(numbers)
            self.tell([loc], rows, best[0], best[1])
            self.tell([head for n, head in outs if self.hears(n, best)], rows, (self.w.us,) + best[0])
        self.flush()

    # --- what happens
    def change(self, n, numbers, path, med=0):
        """The neighbour tells another path of these, or none; what follows is told, too."""
        before = [self.best(i) for i in numbers]
        for i in numbers:
            n.changed[i] = (path, med)
        self.came_in(n, numbers)
        self.follow(numbers, before)

    def restore(self, n, numbers):
        """As it was told at first."""
        before = [self.best(i) for i in numbers]
        for i in numbers:
            n.changed.pop(i, None)
        self.came_in(n, numbers)
        self.follow(numbers, before)

    def came_in(self, n, numbers):
        pre, post = self.head(n.peer, "pre"), self.head(n.peer, "post")
        for i in numbers:
            path, med = self.has(n, i)
            self.tell((pre, post) if self.accepts(i) else (pre,), self.rows([i]), path, med)

    def follow(self, numbers, before):
        """Loc-RIB and what we pass on, where the best is another one now."""
        same = collections.defaultdict(list)
        for i, was in zip(numbers, before):
            now = self.best(i)
            if now != was:
                same[was, now].append(i)
        loc = self.head(self.loc, "loc")
        heads = {n: self.head(n.peer, "out-post") for n in self.neighbors if n.up}
        for (was, now), these in same.items():
            rows = self.rows(these)
            self.tell([loc], rows, now and now[0], now[1] if now else 0)
            for n, head in heads.items():
                if self.hears(n, now):
                    self.tell([head], rows, (self.w.us,) + now[0])
                elif self.hears(n, was):
                    self.tell([head], rows, None)

    def session_down(self, n):
        numbers = [i for i in range(len(self.w.pairs)) if self.accepts(i)]
        before = [self.best(i) for i in numbers]
        n.up = n.peer.up = False
        self.put(wire.peer_down(self.head(n.peer, "pre"), 4))
        self.follow(numbers, before)
        self.flush()

    def session_up(self, n):
        numbers = [i for i in range(len(self.w.pairs)) if self.accepts(i)]
        before = [self.best(i) for i in numbers]
        n.up = n.peer.up = True
        self.put(self.router.peer_up(n.peer))
        self.dump_neighbor(n)
        self.follow(numbers, before)
        out = self.head(n.peer, "out-post")
        self.tell([out], self.w.ours, (self.w.us,))
        for best, these in self.by_route(self.best):
            if self.hears(n, best):
                self.tell([out], self.rows(these), (self.w.us,) + best[0])
        self.flush()
        self.router.tell_complete([n.peer])
