"""What the lab announces, what the collector says of it, and waiting for that."""
import json
import time

from lab import Failed, until

VRPS = [("203.0.113.0/24", 24, 64520), ("192.0.2.0/24", 24, 64530), ("198.18.64.0/24", 24, 64540),
        ("198.18.65.0/24", 24, 64540), ("198.18.128.0/24", 24, 64535), ("198.18.129.0/24", 24, 64535),
        ("2001:db8:1::/48", 48, 64538)]
FLIPPED = [("192.0.2.0/24", 24, 64531) if v[0] == "192.0.2.0/24" else v for v in VRPS]  # the other one is the holder

ROV, OTC, PEERLOCK, HIJACK = "rov.invalid.asn", "leak.otc", "leak.peerlock", "hijack.more-specific"
ROUTES = ("rov.", "leak.", "hijack.", "own.")  # kinds of incidents about routes; others are troubles of the collector
started = time.monotonic()


def step(text):
    print("%5.1f s  %s" % (time.monotonic() - started, text), flush=True)


def expect(condition, what):
    if not condition:
        raise Failed(what)


def brief(records):
    return "; ".join("%s %s %s: %s (%s)" % (r["transition"], r["severity"], r["kind"], r["summary"], r["reason"])
                     for r in records) or "nothing"


class Watch:
    """What the collector says of its incidents."""

    def __init__(self, bellman):
        self.bellman = bellman

    # --- what is open
    def open(self, kind, origin=None):
        """The open incident of a kind (and an origin), or None."""
        for r in self.bellman.ask("show", "incidents"):
            if r["kind"].startswith(kind) and origin in (None, r.get("origin")):
                return r
        return None

    def now(self, incident):
        """The incident as it is, or None when it is over."""
        found = [r for r in self.bellman.ask("show", "incidents") if r["id"] == incident["id"]]
        return found[0] if found else None

    def known(self, *incidents):
        """Are all of these open, and not unknown?"""
        return all(r and r["transition"] != "unknown" for r in map(self.now, incidents))

    # --- what was told
    def told(self, kinds=ROUTES):
        return [r for r in self.bellman.transitions() if r["kind"].startswith(kinds)]

    def history(self, incident):
        return [r for r in self.bellman.transitions() if r["id"] == incident["id"]]

    # --- waiting
    def wait(self, what, kind, origin=None, seconds=20, **wanted):
        """Wait until the open incident has these values."""
        def probe():
            r = self.open(kind, origin)
            return r if r and all(r.get(k) == v for k, v in wanted.items()) else None
        try:
            return until(what, probe, seconds)
        except Failed as e:
            raise Failed("%s; it is %s" % (e, json.dumps(self.open(kind, origin)))) from None

    def wait_told(self, what, incident, seconds=20, **wanted):
        """Wait until its last transition in the journal has these values."""
        def probe():
            last = self.history(incident)[-1]
            return last if all(last.get(k) == v for k, v in wanted.items()) else None
        try:
            return until(what, probe, seconds, 0.3)
        except Failed as e:
            raise Failed("%s; it says %s" % (e, json.dumps(self.history(incident)[-1]))) from None

    def wait_closed(self, incident, *reasons, seconds=20):
        """Wait until it is closed, for one of these reasons."""
        last = self.wait_told("%s is closed" % incident["kind"], incident, seconds, transition="closed")
        expect(last["reason"] in reasons,
               "%s closed by %s, not %s" % (incident["kind"], last["reason"], " or ".join(reasons)))
        expect(self.now(incident) is None, "closed, yet shown as open")

    def calm(self, seconds=2.5):
        """Wait until it has had nothing to say of routes for a while; what it has said so far."""
        said, since = self.told(), time.monotonic()
        while time.monotonic() - since < seconds:
            time.sleep(0.3)
            now = self.told()
            if len(now) != len(said):
                said, since = now, time.monotonic()
        return said

    def nothing_new(self, before, why, seconds=2.5, but=()):
        """It comes to rest without a word of routes since `before` (what calm() gave), other than these transitions."""
        new = [r for r in self.calm(seconds)[len(before):] if r["transition"] not in but]
        expect(not new, "nothing new %s, but: %s" % (why, brief(new)))

    # --- who is there
    def routers_up(self):
        return sum(r["state"] == "up" for r in self.bellman.ask("show", "routers"))

    def wait_routers(self, n, seconds=20):
        until("%d routers are connected" % n, lambda: self.routers_up() == n, seconds)

    def wait_synced(self, *names, seconds=30):
        def probe():
            there = {r["router"] for r in self.bellman.ask("show", "routers") if r["state"] == "up" and r["synced"]}
            return there >= set(names)
        until("complete: " + ", ".join(names), probe, seconds, 0.3)

    def rows(self, prefix, **wanted):
        """Routes of a prefix by routers that are there."""
        return [r for r in self.bellman.ask("show", "routes", prefix)
                if not r["stale"] and all(r[k] == v for k, v in wanted.items())]
