"""The Internet as one network's neighbours tell it: prefixes with their origins, VRPs, and the path of each origin by each
neighbour.

real() is made of public data (the data of others that tests may use where it is, docs/CAPTURES.md): prefixes with origins as
seen, a snapshot of all VRPs, relations of ASes. made() is a graph and a table by chance, for where that is not.
A path is the shortest one that is valley-free (Gao, Rexford): up from customers to providers, over at most one peer, down to
customers. A provider tells all that it has, a peer and a customer what is theirs and their customers'."""
import bz2
import collections
import gzip
import ipaddress
import json
import os
import pathlib
import pickle
import random
import zlib

HERE = pathlib.Path(__file__).resolve().parent
SHARED = pathlib.Path(os.environ.get("BELLMAN_SHARED", HERE.parents[1] / ".." / "shared")) / "data"
PAIRS, VRPS, RELATIONS = (SHARED / name for name in (
    "table/prefix-origin-derived.csv.gz", "rpki/rpki-client-20250720T093135Z.json.bz2", "asrel/20180101.as-rel.txt.gz"))

VALID, NOT_FOUND, WRONG_AS, TOO_LONG = range(4)


class World:
    """us: our AS; providers, peers, customers: the neighbours of ours that have sessions.
    pairs: (octets of NLRI, is IPv6, origin, state by VRPs), all that anybody tells; ours: those of us.
    told[neighbour]: origin -> path, as it comes in. signed: what validators say, VRPs and ASPAs."""

    def __init__(self):
        self.us, self.providers, self.peers, self.customers = 0, [], [], []
        self.pairs, self.ours, self.told, self.signed = [], [], {}, None

    def neighbors(self):
        return ([(a, "provider") for a in self.providers] + [(a, "peer") for a in self.peers] +
                [(a, "customer") for a in self.customers])


# --- relations and paths
class Relations:
    def __init__(self):
        self.providers, self.customers, self.peers = (collections.defaultdict(list) for _ in range(3))

    def buys(self, customer, provider):
        self.providers[customer].append(provider)
        self.customers[provider].append(customer)

    def peering(self, a, b):
        self.peers[a].append(b)
        self.peers[b].append(a)

    def known(self):
        return set(self.providers) | set(self.customers) | set(self.peers)

    def paths(self, start, us, all_of_it):
        """origin -> path from `start` on; all_of_it: as its customers hear it, else what it has from its customers."""
        UP, DOWN = 0, 1
        first = (start, UP if all_of_it else DOWN)
        before, queue = {first: None}, collections.deque([first])
        while queue:
            at = queue.popleft()
            asn, way = at
            on = [(x, DOWN) for x in self.customers.get(asn, ())]
            if way == UP:
                on += [(x, DOWN) for x in self.peers.get(asn, ())] + [(x, UP) for x in self.providers.get(asn, ())]
            for x in on:
                if x not in before and x[0] != us:
                    before[x] = at
                    queue.append(x)
        out = {}
        for at in before:  # in the order of their distance
            if at[0] not in out:
                path, x = [], at
                while x is not None:
                    path.append(x[0])
                    x = before[x]
                out[at[0]] = tuple(reversed(path))
        return out


# --- prefixes
def nlri(prefix):
    net = ipaddress.ip_network(prefix)
    return bytes([net.prefixlen]) + net.network_address.packed[:(net.prefixlen + 7) // 8]


def number(prefix):
    address, length = prefix.split("/")
    six = ":" in address
    packed = ipaddress.ip_address(address).packed
    return six, int.from_bytes(packed, "big"), int(length)


class Validator:
    """RFC 6811, as plain as it is written."""

    def __init__(self, vrps):
        self.at = collections.defaultdict(list)
        for prefix, longest, asn in vrps:
            self.at[number(prefix)].append((longest, asn))
        self.lengths = [sorted({k[2] for k in self.at if k[0] == six}) for six in (False, True)]

    def state(self, key, origin):
        six, value, length = key
        state, width = NOT_FOUND, 128 if six else 32
        for shorter in self.lengths[six]:
            if shorter > length:
                break
            for longest, asn in self.at.get((six, value >> (width - shorter) << (width - shorter), shorter), ()):
                if asn == origin and asn != 0:
                    if length <= longest:
                        return VALID
                    state = TOO_LONG
                elif state == NOT_FOUND:
                    state = WRONG_AS
        return state


def keep_some_invalid(rows, most):
    """All that is not invalid, and of what is the whole of some origins, about `most` prefixes."""
    by = collections.defaultdict(list)
    for row in rows:
        if row[3] >= WRONG_AS:
            by[row[2]].append(row)
    out, n = [row for row in rows if row[3] < WRONG_AS], 0
    for origin in sorted(by, key=lambda a: zlib.crc32(b"%d" % a)):
        if n + len(by[origin]) <= most:
            out += by[origin]
            n += len(by[origin])
    return out


# --- of public data
US, PROVIDERS, PEERS, CUSTOMERS = 6412, [1299, 3356], [6939], [42781, 35181]  # as they are in the relations


def provider_free():
    """Who has no provider by the relations that all of this is made of: the largest of them."""
    r = relations()
    return sorted(sorted((a for a in r.customers if not r.providers.get(a)), key=lambda a: -len(r.customers[a]))[:16])


# what is in the table and nobody's to announce; who drops what is invalid drops that, too
BOGONS = ("2002::/16", "192.88.99.0/24")


def missing():
    return [str(p) for p in (PAIRS, VRPS, RELATIONS) if not p.exists()]


def without_dates(snapshot):
    """Of long ago, and to be judged by as if it were of now."""
    for x in snapshot["roas"] + snapshot.get("aspas", []):
        x.pop("expires", None)
    return {"roas": snapshot["roas"], "aspas": snapshot.get("aspas", [])}


def relations():
    r = Relations()
    with gzip.open(RELATIONS, "rt") as f:
        for line in f:
            if not line.startswith("#"):
                a, b, what = map(int, line.split("|")[:3])
                if what == -1:
                    r.buys(b, a)
                else:
                    r.peering(a, b)
    return r


def real(pairs=640000, invalid=6000, cache=None):
    """cache: a folder to keep it in, for it takes a minute to make."""
    name = cache and pathlib.Path(cache) / ("world-%d-%d.pickle" % (pairs, invalid))
    if name and name.exists():
        with open(name, "rb") as f:
            return pickle.load(f)
    w = World()
    w.us, w.providers, w.peers, w.customers = US, PROVIDERS, PEERS, CUSTOMERS
    snapshot = json.loads(bz2.open(VRPS).read())
    w.signed = without_dates(snapshot)
    judge = Validator((x["prefix"], x["maxLength"], int(str(x["asn"]).removeprefix("AS"))) for x in snapshot["roas"])
    rows = []
    with gzip.open(PAIRS, "rt") as f:
        for line in f:
            prefix, origin, sources = line.strip().split(",")
            if sources != "2":  # seen in the table, not in VRPs only
                key, origin = number(prefix), int(origin)
                rows.append((nlri(prefix), key[0], origin, judge.state(key, origin) if prefix not in BOGONS else WRONG_AS))
    w.ours = [row for row in rows if row[2] == US and row[3] < WRONG_AS]
    w.pairs = keep_some_invalid([row for row in rows if row[2] != US], invalid)
    if len(w.pairs) > pairs:  # whole origins, by chance
        w.pairs.sort(key=lambda row: (row[3] < WRONG_AS, zlib.crc32(b"x%d" % row[2])))
        w.pairs = w.pairs[:pairs]
    r = relations()
    adopt(r, {row[2] for row in w.pairs})
    tell(w, r)
    if name:
        name.parent.mkdir(parents=True, exist_ok=True)
        with open(name, "wb") as f:
            pickle.dump(w, f)
    return w


def adopt(r, origins):
    """Networks that are younger than the relations buy from one or two that sell to some."""
    sellers = sorted(a for a in r.customers if len(r.customers[a]) >= 5 and a != US)
    known = r.known()
    for origin in sorted(origins - known):
        dice = random.Random(origin)
        for seller in dice.sample(sellers, dice.choice([1, 2])):
            r.buys(origin, seller)


def tell(w, r):
    """What each neighbour tells us."""
    for asn, relation in w.neighbors():
        w.told[asn] = r.paths(asn, w.us, relation == "provider")


# --- by chance
def made(pairs=4000, ases=800, invalid=40, seed=1):
    """Eight networks buy from nobody; every other one buys from one or two that came before it."""
    dice, r, w = random.Random(seed), Relations(), World()
    # numbers as the registries hand them out; nobody of the lists of large and content networks is among them
    numbers = dice.sample(range(196608, 210000), ases)
    top, transit = numbers[:8], numbers[:ases // 5]
    for i, a in enumerate(top):
        for b in top[:i]:
            r.peering(a, b)
    for i, a in enumerate(numbers[8:], 8):
        for seller in dice.sample(transit[:min(i, len(transit))], dice.choice([1, 2])):
            r.buys(a, seller)
    for a, b in zip(transit[8::2], transit[9::2]):
        if a not in r.providers[b] and b not in r.providers[a]:
            r.peering(a, b)
    w.us = numbers[len(transit) // 2]
    w.providers, w.peers = r.providers[w.us][:2], r.peers[w.us][:1] or [top[0]]
    w.customers = r.customers[w.us][:2]
    if len(w.customers) < 2:
        for a in numbers[-2:]:
            r.buys(a, w.us)
        w.customers = r.customers[w.us][:2]
    vrps, rows = [], []
    for k in range(pairs):
        prefix = "%d.%d.%d.0/24" % (60 + k // 65536, k // 256 % 256, k % 256)
        origin = w.us if k % 400 == 0 else dice.choice(numbers)
        state = dice.choice([VALID, NOT_FOUND])
        if k < 2 * invalid and k % 2 and origin != w.us:
            state = WRONG_AS
        if state != NOT_FOUND:
            vrps.append({"prefix": prefix, "maxLength": 24, "asn": origin if state == VALID else origin + 20000, "ta": "test"})
        rows.append((nlri(prefix), False, origin, state))
    w.ours = [row for row in rows if row[2] == w.us]
    w.pairs = [row for row in rows if row[2] != w.us]
    w.signed = {"roas": vrps}
    tell(w, r)
    return w
