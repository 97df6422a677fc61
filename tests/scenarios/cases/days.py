"""Days on which routers, caches, files, reloads and restarts fail at random, held against a naive judge of what is known.

A seed is a day; SCENARIO_SEED=n plays that one in a_day_of_failures instead of its own."""
import os
import random

from daemon import OTHERS, OUR_PREFIX, OURS, Wrong
from router import blocks
from story import brief
from suite import edge, right, scenario

INVALIDS = [(p, 65536 + k) for k, p in enumerate(blocks("198.51.100.0/24", 28, 5))]
HIJACKS = [(p, 65544 + k) for k, p in enumerate(blocks("203.0.113.0/24", 28, 3))]
EVENTS = INVALIDS + HIJACKS  # (prefix, origin that has no business with it)
BURSTS, STEPS = 7, 4


class Day:
    """What is true (the tables of the routers, and the VRPs), and what the collector can know of it (what it was told)."""

    def __init__(self, w, seed):
        self.dice, self.words = random.Random(seed), []
        self.cache = w.cache(OTHERS)
        self.file_rows = [("192.0.2.0/24", 24, 64497)]
        self.d = w.daemon(vrps=self.file_rows, caches=[self.cache], wait_rpki=False, incidents={"settle_s": 4, "feed_grace_s": 1},
                          own={"asns": [OURS], "prefixes": [{"prefix": OUR_PREFIX}]}, workers=2)
        self.d.steady = False
        self.d.until("all VRPs", lambda: self.d.stats()["vrps_ipv4"] == 2)
        self.routers = [edge(self.d, "edge%d" % k) for k in (1, 2)]
        self.known = {r: set() for r in self.routers}  # as last told by a session that was complete
        self.allowed = set()  # origins with a ROA of their own
        self.opened = {e: 0 for e in EVENTS}

    def note(self, *words):
        self.words.append(" ".join(map(str, words)))

    def has(self, r, event):
        return any(k[3] == event[0] for k in r.table)

    # --- what happens
    def announce(self):
        r, event = self.dice.choice(self.routers), self.dice.choice(EVENTS)
        self.note("announce", r.name, *event)
        r.carry(r.prov, event[0], "64510 %d" % event[1])
        if r.socket:
            self.known[r].add(event)

    def withdraw(self):
        r = self.dice.choice(self.routers)
        there = [e for e in EVENTS if self.has(r, e)]
        if there:
            event = self.dice.choice(there)
            self.note("withdraw", r.name, *event)
            r.drop(r.prov, event[0])
            if r.socket:
                self.known[r].discard(event)

    def lose_router(self):
        r = self.dice.choice(self.routers)
        self.note("lose", r.name)
        r.close() if self.dice.random() < 0.5 else r.reset()

    def connect_router(self, r=None):
        r = r or self.dice.choice(self.routers)
        if not r.socket:
            self.note("connect", r.name)
            r.connect()
            self.known[r] = {e for e in EVENTS if self.has(r, e)}

    def lose_cache(self):
        self.note("cache away")
        self.cache.stop()

    def cache_back(self):
        if not self.cache.listener:
            self.note("cache back")
            self.cache.restart()

    def break_file(self):
        self.note("file broken")
        self.d.put_text("<html>")

    def mend_file(self):
        self.note("file right")
        self.d.set_vrps(self.file_rows)

    def reload(self):
        self.note("reload")
        self.d.reload()

    def restart(self):
        kill = self.dice.random() < 0.5
        self.note("kill" if kill else "restart")
        self.d.heard()
        self.d.quiet(0.5)  # what was told by a router and is not yet judged dies with the process
        there = [r for r in self.routers if r.socket]
        for r in there:
            r.close()
        self.d.restart(kill, wait_rpki=False)
        for r in there:
            r.connect()

    def redump(self):
        for r in self.routers:
            if r.socket:
                self.note("redump", r.name)
                r.tell_all()

    # --- what must be so
    def judge(self):
        self.d.heard()
        for event in EVENTS:
            said = [r.name for r in self.routers if event in self.known[r]]
            living = [r.name for r in self.routers if r.socket and event in self.known[r]]
            where = "%s of AS%d (told by %s, of these connected: %s)" % (*event, said, living)
            if living:
                self.d.until("open: " + where, lambda: [x["transition"] != "unknown" for x in self.of(event)] == [True])
            elif said:
                right("not closed: " + where, len(self.of(event)) == 1, brief(self.history(event)))
            else:
                self.d.until("closed: " + where, lambda: not self.of(event))
        self.d.calm()
        for event in EVENTS:
            right("as it was: %s of AS%d" % event, len(self.of(event)) == bool([r for r in self.routers if event in self.known[r]]), brief(self.history(event)))

    def of(self, event):
        return [x for x in self.d.open() if x.get("origin") == event[1]]

    def history(self, event):
        return [x for x in self.d.told() if x.get("origin") == event[1]]


def play(w, seed):
    day = Day(w, seed)
    steps = [day.announce] * 5 + [day.withdraw] * 4 + [day.lose_router] * 2 + [day.connect_router] * 3 + [
        day.lose_cache, day.cache_back, day.cache_back, day.break_file, day.mend_file, day.mend_file, day.reload, day.restart, day.redump]
    try:
        for _ in range(BURSTS):
            for _ in range(STEPS):
                day.dice.choice(steps)()
            day.judge()
        day.cache_back()
        day.mend_file()
        for r in day.routers:
            day.connect_router(r)
        day.judge()
        try:
            day.d.until("no trouble is left", lambda: not day.d.open_troubles("rpki.") and not day.d.open_troubles("feed."))
        except Wrong as wrong:
            raise Wrong("%s; open: %s" % (wrong, brief(day.d.open_troubles())))
    except Wrong as wrong:
        raise Wrong("seed %d, %s; the day: %s" % (seed, wrong, ", ".join(day.words)))


@scenario
def a_day_of_failures(w):
    """Nothing closes that is still there by what was told last, all closes that is over, all opens that is there."""
    play(w, int(os.environ.get("SCENARIO_SEED", "1")))


@scenario
def another_day_of_failures(w):
    """The same with other dice."""
    play(w, 2)


@scenario
def a_third_day_of_failures(w):
    """And others."""
    play(w, 3)
