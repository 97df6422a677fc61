#!/usr/bin/env python3
"""What a network hears of us about an ordinary Internet: table.py [--seat SEAT] [--rov] [--pairs N] [--churn N] [--cache FOLDER]

A daemon with its defaults, an edge router with two providers, a peer and two customers, and the table of the Internet out of
public data (world.py), 640,000 prefixes of which 6,000 are invalid. Printed is, step by step, what was told: the first day,
churn, a provider's session that flaps, the table told again, a router that is back, and at the end somebody who takes prefixes
of ours. SEAT says where what the neighbours are to us is known from: configured, roles, nothing. --rov: the network drops what
is invalid, and bogons. Exit 1 when a step told more than it may, 77 when the data is not here."""
import argparse
import collections
import functools
import json
import os
import pathlib
import random
import sys
import time

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent / "scenarios")]

import story  # noqa: E402
import world  # noqa: E402
from cases.clocks import Clock  # noqa: E402
from edge import Edge  # noqa: E402
from suite import World  # noqa: E402

GRAVE = ("warning", "major", "critical")
ARTIFACTS = ("collector.overloaded", "journal.failing", "clock.")  # of a clock that is set
LIMITS = {"first day": 10, "first day, invalids dropped": 0, "churn": 5, "session flap": 2, "told again": 0, "router back": 0,
          "own prefixes taken": 3}
SEATS = ("configured", "roles", "nothing")
MOST_S = 25  # what takes longer at once looks to the collector as if it were behind with its work


def is_grave(r):
    """Of what is not only because the clock is set."""
    return story.is_incident(r) and r["severity"] in GRAVE and not r["kind"].startswith(ARTIFACTS)


class Play:
    def __init__(self, suite, w, seat="configured", drops_invalid=False, churn=60000, rules=None, log=print):
        self.w, self.churn_events, self.log, self.over = w, churn, log, []
        self.dice, self.drops = random.Random(7), drops_invalid
        neighbors = [{"asn": asn, "relation": relation} for asn, relation in w.neighbors()] if seat == "configured" else None
        self.clock = Clock(suite, vrps=None, files=["/nowhere"], own={"asns": [w.us]}, rules=rules, incidents={}, neighbors=neighbors)
        self.d = d = self.clock.daemon
        with open(d.vrp_file, "w") as f:
            json.dump(w.signed, f)
        d.options["rpki"] = {"files": [d.vrp_file], "max_age_s": 0}
        d.options["incidents"] = {}  # as it is delivered
        d.configure()
        d.start()
        time.sleep(1)  # until what VRPs make ours is known to all
        self.offset = 0
        self.edge = Edge(d, w, seat == "roles", drops_invalid)
        self.edge.router.clock = lambda: time.time() + self.offset

    # --- time
    def pass_s(self, seconds, steps=1):
        """All is taken in, and the time goes by; what is to be told by then is told."""
        self.edge.flush()
        self.wait_read()
        steps = max(steps, seconds // MOST_S)
        for _ in range(steps):
            self.offset += seconds / steps
            self.clock.set(int(self.offset), int(self.offset))
            time.sleep(0.1)

    def wait_read(self):
        d, seen = self.d, 0
        end = time.monotonic() + 600
        while d.stats().get("bytes", 0) < d.sent:
            if time.monotonic() > end:
                raise SystemExit("not all octets are read")
            time.sleep(0.1)
        while seen != len(d.records):
            seen = len(d.records)
            time.sleep(0.5)

    # --- what was told
    def step(self, name, play):
        mark, start, before = self.d.mark(), time.monotonic(), self.d.sent
        play()
        told = self.d.since(mark)
        grave = [r for r in told if is_grave(r)]
        limit = LIMITS[name]
        self.log("%-28s %4d records of warning or more (at most %d), %d of incidents, %d of all; %.1f MB, %.0f s" % (
            name, len(grave), limit, sum(map(story.is_incident, told)), len(told), (self.d.sent - before) / 1e6, time.monotonic() - start))
        kinds = collections.Counter((r["severity"], r["transition"], r["kind"]) for r in told if story.is_incident(r))
        for (severity, transition, kind), n in kinds.most_common(12):
            example = next(r for r in told if story.is_incident(r) and (r["severity"], r["transition"], r["kind"]) == (severity, transition, kind))
            self.log("    %5d %-8s %-8s %-24s %s" % (n, severity, transition, kind, example["summary"][:230]))
        if len(grave) > limit:
            self.over.append("%s: %d of warning or more, %d are allowed" % (name, len(grave), limit))
        return told

    # --- steps
    def first_day(self):
        self.edge.connect()
        self.pass_s(600)
        self.pass_s(3000)

    def one_event(self):
        """How many events it was: a change of path or MED, a withdrawal here or everywhere, of one prefix or of all of an origin."""
        e, dice = self.edge, self.dice
        i = dice.randrange(len(self.w.pairs))
        n = dice.choice(e.neighbors[:3])
        numbers = e.groups[self.w.pairs[i][2]][:40] if dice.random() < 0.3 else [i]
        numbers = [k for k in numbers if e.has(n, k)[0] is not None]
        if not numbers:
            return 0
        path, med = e.has(n, numbers[0])
        what = dice.random()
        if what < 0.05:
            for other in e.neighbors:
                had = [k for k in numbers if e.has(other, k)[0] is not None]
                self.away.append((other, had))
                e.change(other, had, None)
        elif what < 0.15:
            self.away.append((n, numbers))
            e.change(n, numbers, None)
        elif what < 0.55:
            e.change(n, numbers, path[:1] + (path[0],) * dice.randint(1, 3) + path[1:] if len(path) < 9 else n.told[self.w.pairs[i][2]], med)
        elif what < 0.75:
            e.restore(n, numbers)
        else:
            e.change(n, numbers, path, dice.randint(1, 200))
        return len(numbers)

    def churn(self):
        """Some hours of it: what is withdrawn comes back within minutes."""
        left, self.away = self.churn_events, []
        part = max(200, left // 100)
        while left > 0:
            n = 0
            while n < part:
                n += self.one_event() or 0
            left -= n
            self.pass_s(60)
            for other, numbers in self.away:
                self.edge.restore(other, numbers)
            self.away = []
            self.pass_s(60)
        self.pass_s(1800)

    def flap(self):
        n = self.edge.neighbors[0]
        self.edge.session_down(n)
        self.pass_s(10)
        self.edge.session_up(n)
        self.pass_s(1800)

    def told_again(self):
        self.edge.dump()
        self.edge.router.tell_complete()
        self.pass_s(1800)

    def router_back(self):
        self.edge.router.close()
        time.sleep(0.5)
        self.pass_s(20)
        self.edge.connect()
        self.pass_s(1800)

    def take_ours(self, most=200):
        """Somebody whom a provider has it from originates what is ours, and more specifics of it."""
        e, n = self.edge, self.edge.neighbors[0]
        who = max((a for a in n.told if len(n.told[a]) == 4 and a < 64496), default=max(n.told))
        rows = list(self.w.ours)
        for octets, six, _, _ in list(self.w.ours):
            for k in range(1 << max(0, min(24 - octets[0], 5)) if not six else 0):
                if octets[0] < 24:
                    value = int.from_bytes(octets[1:].ljust(3, b"\0"), "big") + k
                    rows.append((bytes([24]) + value.to_bytes(3, "big"), False, who, 0))
        rows = rows[:most]
        heads = [e.head(n.peer, "pre"), e.head(n.peer, "post")]
        specific = rows[len(self.w.ours):]
        e.tell(heads, rows, n.told[who])
        e.tell([e.head(e.loc, "loc")], specific, n.told[who])
        for c in e.neighbors:
            if c.relation == "customer":
                e.tell([e.head(c.peer, "out-post")], specific, (self.w.us,) + n.told[who])
        self.pass_s(600)

    def all_steps(self):
        states = collections.Counter(row[3] >= world.WRONG_AS for row in self.w.pairs)
        self.log("AS%d: %d prefixes of %d networks, %d invalid; %d ours" % (
            self.w.us, len(self.w.pairs), len(self.edge.groups), states[True], len(self.w.ours)))
        self.step("first day, invalids dropped" if self.drops else "first day", self.first_day)
        stats = self.d.stats()
        self.log("    %d routes, %d prefixes; rules true of %s" % (stats["routes"], stats["prefixes"], stats.get("rules_broken", "?")))
        self.step("churn", self.churn)
        self.step("session flap", self.flap)
        self.step("told again", self.told_again)
        self.step("router back", self.router_back)
        self.step("own prefixes taken", self.take_ours)
        return self.over


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seat", choices=SEATS, default="configured")
    parser.add_argument("--rov", action="store_true")
    parser.add_argument("--pairs", type=int, default=640000)
    parser.add_argument("--invalid", type=int, default=6000)
    parser.add_argument("--churn", type=int, default=60000)
    parser.add_argument("--dated", action="store_true", help="with a list of provider-free networks out of the relations, and without ASPAs, which are younger")
    parser.add_argument("--cache", default=os.environ.get("TMPDIR", "/tmp") + "/quiet.world", help="where the world is kept; it takes a while to make")
    options = parser.parse_args()
    if world.missing():
        print("SKIPPED: " + ", ".join(world.missing()) + " not here")
        return 77
    suite = World()
    try:
        log = functools.partial(print, flush=True)
        log(" ".join(sys.argv[1:]) or "as ever")
        rules, w = None, world.real(options.pairs, options.invalid, options.cache)
        if options.dated:
            rules = {"provider_free": world.provider_free(), "no_transit": []}
            w.signed["aspas"] = []
        play = Play(suite, w, options.seat, options.rov, options.churn, rules, log)
        over = play.all_steps()
    finally:
        suite.remove()
    for line in over:
        print("TOO MUCH: " + line)
    return 1 if over else 0


if __name__ == "__main__":
    sys.exit(main())
