#!/usr/bin/env python3
"""A day of ten routers (mesh.py): day.py [--hours N] [--roles] [--outside N] [--inside N]

Time is that of the collector's clock, which the day sets, a minute at a time. Nothing of warning or more may be told. Exit 1
when something is."""
import argparse
import pathlib
import sys
import time

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent / "scenarios")]

import story  # noqa: E402
from cases.clocks import Clock  # noqa: E402
from mesh import EAST, NEIGHBORS, US, WEST, Mesh  # noqa: E402
from suite import World  # noqa: E402

GRAVE = ("warning", "major", "critical")
ARTIFACTS = ("collector.overloaded", "journal.failing", "clock.")  # of a clock that is set
STEP_S = 30  # what takes longer at once looks to the collector as if it were behind with its work


def is_grave(r):
    """Of what is not only because the clock is set."""
    return story.is_incident(r) and r["severity"] in GRAVE and not r["kind"].startswith(ARTIFACTS)


class Day:
    def __init__(self, suite, roles=False, outside=3000, inside=4000, seed=1):
        neighbors = None if roles else [{"asn": asn, "relation": relation} for _, asn, relation in NEIGHBORS.values()]
        self.clock = Clock(suite, vrps=[], own={"asns": [US], "confederation": [WEST, EAST]}, rules=None, incidents={}, neighbors=neighbors)
        self.d, self.offset = self.clock.daemon, 0
        self.mesh = Mesh(self.d, roles, outside, inside, seed)
        self.d.set_vrps(self.mesh.vrps())
        self.d.options["incidents"] = {}  # as it is delivered
        self.d.configure()
        self.d.start()
        time.sleep(2)  # until what VRPs make ours is known to all, as it is long before a router comes
        for r in self.mesh.routers.values():
            r.clock = lambda: time.time() + self.offset

    def pass_s(self, seconds):
        self.wait_read()
        for _ in range(max(1, seconds // STEP_S)):
            self.offset += min(seconds, STEP_S)
            self.clock.set(int(self.offset), int(self.offset))
            time.sleep(0.02)

    def wait_read(self):
        end = time.monotonic() + 120
        while self.d.stats().get("bytes", 0) < self.d.sent:
            if time.monotonic() > end:
                raise SystemExit("not all octets are read")
            time.sleep(0.01)

    def play(self, minutes, events=20):
        """All that was told of warning or more."""
        self.mesh.fill()
        for r in self.mesh.routers.values():
            r.connect()
        self.pass_s(600)
        n = 0
        for minute in range(minutes):
            n += self.mesh.minute(minute, events)
            self.pass_s(60)
            if minute % 60 == 59:
                name = self.mesh.dice.choice(list(self.mesh.routers))
                self.mesh.routers[name].close()
                time.sleep(0.1)
                self.mesh.routers[name].connect()
        time.sleep(1)
        self.pass_s(600)
        time.sleep(2)
        self.events = n
        return [r for r in self.d.records if is_grave(r)]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--hours", type=float, default=24)
    parser.add_argument("--roles", action="store_true", help="relations are known from the OPENs, not configured")
    parser.add_argument("--outside", type=int, default=3000)
    parser.add_argument("--inside", type=int, default=4000)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    suite, start = World(), time.monotonic()
    try:
        day = Day(suite, options.roles, options.outside, options.inside, options.seed)
        grave = day.play(int(options.hours * 60))
        stats = day.d.stats()
        print("%d routers, %d routes, %d hours, %d changes of routes: %d records of warning or more (at most 0), %d of incidents, %d of all; %.0f s" % (
            stats["routers_up"], stats["routes"], options.hours, day.events, len(grave), sum(map(story.is_incident, day.d.records)),
            len(day.d.records), time.monotonic() - start))
        for r in [r for r in day.d.records if story.is_incident(r)][:40]:
            print("    %-8s %-8s %-24s %s" % (r["severity"], r["transition"], r["kind"], r["summary"][:230]))
    finally:
        suite.remove()
    return 1 if grave else 0


if __name__ == "__main__":
    sys.exit(main())
