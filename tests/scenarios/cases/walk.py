"""Three routers, two neighbours each, at random: whatever is lost, killed, told in part or late, nothing is closed that somebody who
told of it has, and in the end exactly what is there is open. SCENARIO_SEED is another walk."""
import os
import random
import time

from daemon import OTHERS, OUR_PREFIX, OURS, VICTIM_PREFIX
from story import brief
from suite import edge, right, scenario

WALK_S = 40
LATE_S = 2.5  # a closing tells of what was so a moment ago
WRONG = [("203.0.113.128/25", 65551), ("203.0.113.0/25", 65552), (OUR_PREFIX, 65553), ("2001:db8:1::/48", 65551), ("2001:db8:2::/48", 65554),
         (VICTIM_PREFIX, 65555)]
ACTS = ["announce"] * 5 + ["withdraw"] * 4 + ["open"] * 2 + ["peer_up"] * 2 + ["close", "peer_down", "kill", "part", "reload", "again"]


class Walk:
    def __init__(self, w, seed):
        self.random = random.Random(seed)
        self.d = w.daemon(vrps=OTHERS, workers=self.random.choice([1, 2, 4]), limits={"stale_s": 5},
                          incidents={"settle_s": 3, "feed_grace_s": 1},
                          own={"asns": [OURS], "prefixes": [{"prefix": OUR_PREFIX}, {"prefix": "2001:db8::/32"}]})
        self.d.steady = False
        self.routers = [edge(self.d, "edge%d" % k, source="127.0.0.%d" % (k + 10)) for k in range(3)]
        self.told = {}  # key of a route: (origin, since): as the collector must take it for
        self.seen, self.false = 0, []

    @staticmethod
    def origins(r):
        return {(r.name, id(p), view, prefix): int(path.split()[-1]) for (p, view, _, prefix), (path, _) in r.table.items()}

    def learn(self, r, whole):
        """What it has was told to somebody who hears it; whole: and nothing else."""
        if not r.socket:
            return
        has = self.origins(r)
        if whole:
            self.told = {k: v for k, v in self.told.items() if k[0] != r.name or k in has}
        for k, origin in has.items():
            if self.told.get(k, (0,))[0] != origin:
                self.told[k] = (origin, time.monotonic())

    # --- what may happen
    def announce(self, r, p):
        prefix, origin = self.random.choice(WRONG)
        if p.up:
            r.carry(p, prefix, "%d %d" % (p.asn, origin), upto=self.random.choice(["pre", "post", "loc"]))
            self.learn(r, True)

    def withdraw(self, r, p):
        r.drop(p, self.random.choice(WRONG)[0])
        self.learn(r, True)

    def open(self, r, _):
        if not r.socket:
            r.connect()
            self.learn(r, True)

    def close(self, r, _):
        r.close()

    def part(self, r, _):
        """Some of it, and no End-of-RIB; then the session is lost again, or all of it comes."""
        if r.socket:
            return
        full = r.table
        r.table = {k: v for k, v in full.items() if self.random.random() < 0.5}
        r.connect(complete=False)
        self.learn(r, False)
        r.table = full
        time.sleep(self.random.choice([0.2, 2]))
        if self.random.random() < 0.5:
            r.close()
        else:
            self.again(r, None)

    def again(self, r, _):
        r.tell_all()
        self.learn(r, True)

    def peer_down(self, r, p):
        if p.up and r.socket:
            r.down(p)
            self.told = {k: v for k, v in self.told.items() if k[1] != id(p)}

    def peer_up(self, r, p):
        if not p.up:
            r.up(p)

    def kill(self, *_):
        for r in self.routers:
            r.close()
        self.d.restart(kill=self.random.random() < 0.5, wait_rpki=False)

    def reload(self, *_):
        self.d.reload()

    # --- what is right
    def look(self):
        new, self.seen = self.d.records[self.seen:], len(self.d.records)
        for x in new:
            if x.get("transition") == "closed" and x["kind"].startswith(("hijack", "rov")):
                self.false += [(x["seq"], x["reason"], k[0], k[2], k[3]) for k, (origin, since) in self.told.items()
                               if origin == x["origin"] and time.monotonic() - since > LATE_S]

    def wrong_ones(self):
        """origin: how many prefixes"""
        out = {}
        for r in self.routers:
            for key, origin in self.origins(r).items():
                out.setdefault(origin, set()).add(key[3])
        return {origin: len(prefixes) for origin, prefixes in out.items()}

    def shown(self):
        rows = [x for x in self.d.show("incidents") if x["kind"].startswith(("hijack", "rov"))]
        return None if [x for x in rows if x["transition"] == "unknown"] else {x["origin"]: x["prefixes"]["count"] for x in rows}


@scenario
def random_walk(w):
    """Whatever happens: no false closing, and in the end what is open is what is there, with the right counts."""
    walk = Walk(w, os.environ.get("SCENARIO_SEED", "1"))
    end = time.monotonic() + WALK_S
    while time.monotonic() < end:
        r = walk.random.choice(walk.routers)
        getattr(walk, walk.random.choice(ACTS))(r, walk.random.choice([r.prov, r.lateral]))
        walk.look()
        time.sleep(walk.random.choice([0.05, 0.3, 1.2]))
    for r in walk.routers:
        r.prov.up = r.lateral.up = True
        r.close()
        r.connect()
    right("nothing is closed that is there", not walk.false, walk.false)
    # what flaps is over for a minute before that is told
    walk.d.until("exactly what is there, %s" % walk.wrong_ones(), lambda: walk.shown() == walk.wrong_ones(), 90)
    walk.d.calm(2)
    right("and it stays so", walk.shown() == walk.wrong_ones(), brief(walk.d.show("incidents")))
