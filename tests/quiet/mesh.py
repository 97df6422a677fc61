"""Ten routers of one network on an ordinary day: two ASes of a confederation with a full mesh of iBGP in each, a reflector whose
Adj-RIB-Out is monitored, customers, providers, peers and a route server, VRFs, thousands of internal more-specifics, black holes
that customers ask for. Nothing of that is wrong."""
import random

import wire
from router import Router, blocks

US, WEST, EAST = 6412, 65001, 65002  # what others see, and its members
REFLECTOR, BORDERS = "r6", (("r7", "r8"), ("r6", "r9"))  # sessions between the members
MEMBER = {"r%d" % k: WEST if k < 8 else EAST for k in range(1, 11)}
# our neighbours: name -> (router, AS, relation)
NEIGHBORS = {"prov1": ("r1", 1299, "provider"), "prov2": ("r2", 3356, "provider"), "peer1": ("r3", 6939, "peer"),
             "rs": ("r3", 59947, "rs"), "cust1": ("r4", 42781, "customer"), "cust2": ("r5", 35181, "customer"),
             "cust3": ("r9", 48832, "customer"), "site": ("r10", 65010, "customer")}
HOLE = ("65535:666",)
OWN = "80.184.0.0/14"  # one ROA for all of it, no longer than /20
SPACE = {"cust1": "85.112.0.0/19", "cust2": "85.112.64.0/19", "cust3": "85.112.96.0/19"}
VRFS = {"red": b"\0\0\x19\x0c\0\0\0\1", "green": b"\0\0\x19\x0c\0\0\0\2", "blue": b"\0\0\x19\x0c\0\0\0\3"}


class Mesh:
    def __init__(self, daemon, roles, outside=3000, inside=4000, seed=1):
        self.dice, self.outside, self.inside = random.Random(seed), outside, inside
        self.routers = {name: Router(daemon, name, asn) for name, asn in MEMBER.items()}
        self.ibgp, self.ebgp, self.out, self.holes = {}, {}, [], {}
        for name, r in self.routers.items():
            self.add_inside(name, r)
            r.loc_rib()
        for k, (name, (at, asn, relation)) in enumerate(NEIGHBORS.items()):
            self.ebgp[name] = self.routers[at].peer("192.0.2.%d" % (1 + k), asn, relation if roles else None, local_as=US)
        for at in ("r5", "r10"):
            for k, (table, rd) in enumerate(VRFS.items()):
                self.routers[at].peer("172.16.%d.1" % k, 64600 + k, kind=wire.RD_PEER, rd=rd, table=table, views=("pre", "post"))
                self.routers[at].loc_rib(table, rd)

    def add_inside(self, name, r):
        """Its sessions within the confederation; the reflector shows what it sends."""
        for k, other in enumerate(MEMBER):
            mesh = MEMBER[other] == MEMBER[name] and other != name
            if mesh or (name, other) in BORDERS or (other, name) in BORDERS:
                views = ("pre", "post", "out-post") if name == REFLECTOR and mesh else ("pre", "post")
                self.ibgp[name, other] = r.peer("198.18.%d.%d" % (int(name[1:]), k + 1), MEMBER[other], local_as=MEMBER[name], views=views)

    # --- what a route does in the network
    def ways(self, at):
        """Who has it from whom when it comes in at a router: (router, the one it has it from, is it another member's)."""
        out = [(x, at, False) for x in MEMBER if MEMBER[x] == MEMBER[at] and x != at]
        first = next(pair if MEMBER[pair[0]] == MEMBER[at] else pair[::-1] for pair in BORDERS)
        out.append((first[1], first[0], True))
        out += [(x, first[1], True) for x in MEMBER if MEMBER[x] == MEMBER[first[1]] and x != first[1]]
        return out

    def places(self, at, source, path):
        """(router, peer, view, path) of all tables that a route gets into; source: the neighbour it is from, None: ours."""
        loc = {name: r.loc for name, r in self.routers.items()}
        there = []
        if source:
            there += [(at, self.ebgp[source], view, path) for view in ("pre", "post")]
        there.append((at, loc[at], "loc", path))
        for x, of, foreign in self.ways(at):
            inside = ("(%d) %s" % (MEMBER[at], path)).strip() if foreign else path
            there += [(x, self.ibgp[x, of], view, inside) for view in ("pre", "post")] + [(x, loc[x], "loc", inside)]
        if MEMBER[at] == WEST and at != REFLECTOR:
            there += [(REFLECTOR, self.ibgp[REFLECTOR, x], "out-post", path) for x in MEMBER
                      if MEMBER[x] == WEST and x not in (REFLECTOR, at)]
        return there

    def going_out(self, source, path):
        """The same for neighbours that it is told to."""
        relation = NEIGHBORS[source][2] if source else "customer"
        shown = path if source != "site" else ""  # a private AS is taken off
        for name, (at, _, other) in NEIGHBORS.items():
            if name != source and (other == "customer" or relation == "customer"):
                yield at, self.ebgp[name], "out-post", ("%d %s" % (US, shown)).strip()

    def announce(self, at, source, prefixes, path, export=True, **attrs):
        told = self.places(at, source, path) + (list(self.going_out(source, path)) if export else [])
        for router, peer, view, way in told:
            self.routers[router].route(peer, view, prefixes, way, **attrs)

    def withdraw(self, at, source, prefixes, export=True):
        """In some order: routers do not wait for each other."""
        told = self.places(at, source, "") + (list(self.going_out(source, "")) if export else [])
        self.dice.shuffle(told)
        for router, peer, view, _ in told:
            self.routers[router].withdraw(peer, view, prefixes)

    # --- the table
    def vrps(self):
        return ([(OWN, 20, US)] + [(SPACE[c], 19, NEIGHBORS[c][1]) for c in SPACE] +
                [(p, 24, 200000 + k) for k, p in enumerate(blocks("62.0.0.0/8", 24, self.outside // 2))])

    def fill(self):
        """Nobody listens yet."""
        for k, prefix in enumerate(blocks("62.0.0.0/8", 24, self.outside)):
            source, asn = self.dice.choice(["prov1", "prov2", "peer1", "rs"]), 200000 + k
            first = NEIGHBORS[source][1]
            path = "%d %d" % (asn % 7 + 8400, asn) if source == "rs" else "%d %d %d" % (first, 201000 + k % 97, asn)
            self.out.append((source, prefix, path))
        for source, prefix, path in self.out:
            self.announce(NEIGHBORS[source][0], source, [prefix], path)
        self.announce("r1", "prov1", ["0.0.0.0/0"], "1299", export=False)
        for c, space in SPACE.items():
            self.announce(NEIGHBORS[c][0], c, [space], str(NEIGHBORS[c][1]))
        self.announce("r10", "site", ["80.184.32.0/20"], "65010")
        for at in ("r1", "r2", "r9"):  # the same from everywhere
            self.announce(at, None, [OWN, "80.184.0.0/20", "80.184.16.0/20"], "")
        self.fill_inside()
        for at in ("r5", "r10"):
            self.fill_vrfs(self.routers[at])

    def fill_inside(self):
        """Loopbacks, links, customers' statics, of every router; some are private."""
        names = list(MEMBER)
        kinds = [("80.185.0.0/16", 32), ("80.186.0.0/16", 30), ("80.187.0.0/17", 29), ("10.64.0.0/12", 24)]
        self.internal = {name: [] for name in names}
        for inside, length in kinds:
            for k, prefix in enumerate(blocks(inside, length, self.inside // len(kinds))):
                self.internal[names[k % len(names)]].append(prefix)
        for name, prefixes in self.internal.items():
            self.announce(name, None, prefixes, "", export=False)

    @staticmethod
    def fill_vrfs(r):
        for p in r.peers:
            if p.kind == wire.RD_PEER:
                for view in ("pre", "post"):
                    r.route(p, view, blocks("10.0.0.0/8", 24, 50) + ["80.184.0.0/20", "62.0.0.0/24"], str(p.asn))
            elif p.kind == wire.LOC_RIB and p is not r.loc:
                r.route(p, "loc", blocks("10.0.0.0/8", 24, 50) + ["80.184.0.0/20", "62.0.0.0/24"], "64600")

    # --- a minute of the day
    def minute(self, number, events):
        """How many things happened."""
        for _ in range(events):
            self.one_change()
        for k in [k for k in self.holes if k <= number]:
            at, customer, prefix = self.holes.pop(k)
            self.withdraw(at, customer, [prefix])
        if self.dice.random() < 30 / 1440:
            self.black_hole(number)
        if self.dice.random() < 12 / 1440:
            self.session_flap()
        if self.dice.random() < 3 / 1440:
            self.routers[self.dice.choice(list(MEMBER))].tell_all()
        return events

    def one_change(self):
        what = self.dice.random()
        if what < 0.3:  # links go up and down
            name = self.dice.choice(list(MEMBER))
            prefix = self.dice.choice(self.internal[name])
            self.withdraw(name, None, [prefix], export=False)
            self.announce(name, None, [prefix], "", export=False)
            return
        source, prefix, path = self.dice.choice(self.out)
        at = NEIGHBORS[source][0]
        if what < 0.5:
            self.withdraw(at, source, [prefix])
        first, rest = path.split(" ", 1)
        self.announce(at, source, [prefix], " ".join([first] * self.dice.randint(1, 3) + [rest]), med=self.dice.randint(1, 99))

    def black_hole(self, number):
        customer = self.dice.choice(list(SPACE))
        prefix = SPACE[customer].rsplit(".", 1)[0] + ".%d/32" % self.dice.randrange(1, 255)
        at = NEIGHBORS[customer][0]
        self.announce(at, customer, [prefix], str(NEIGHBORS[customer][1]), communities=HOLE)
        self.holes[number + self.dice.randint(5, 60)] = (at, customer, prefix)

    def session_flap(self):
        """Of a neighbour or within the network; what was told over it is told again."""
        name, p = self.dice.choice([(NEIGHBORS[n][0], p) for n, p in self.ebgp.items()] + [(a, p) for (a, _), p in self.ibgp.items()])
        r = self.routers[name]
        r.down(p, forget=False)
        r.up(p)
        for (q, view, path_id, prefix), (path, attrs) in list(r.table.items()):
            if q is p:
                r.send_routes(p, view, [prefix], path, path_id, attrs)
