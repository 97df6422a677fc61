#!/usr/bin/env python3
"""The live scenario: real routers, a real RTR cache, and what bellmand must say of it.

usage: scenario.py BUILD   (through run.sh, as root)
Each step prints one line. The first expectation that is not met ends the lab with exit 1, the logs
of all daemons, and the incidents as they are.
"""
import json
import signal
import sys
import time

from lab import (CUSTOMER, Bellmand, Failed, KafkaMock, Lab, StayRtr, otc, start_routers, until)

VALID = ("203.0.113.0/24", 24, 64520)
SIGNED = ("192.0.2.0/24", 24, 64530)    # the holder's VRP
FLIPPED = ("192.0.2.0/24", 24, 64531)   # as if the other one were the holder

ROV, OTC, PEERLOCK, HIJACK = "rov.invalid.asn", "leak.otc", "leak.peerlock", "hijack.more-specific"
started = time.monotonic()


def step(text):
    print("%5.1f s  %s" % (time.monotonic() - started, text), flush=True)


def expect(condition, what):
    if not condition:
        raise Failed(what)


class Watch:
    """What the collector says of its incidents."""

    def __init__(self, bellman):
        self.bellman = bellman

    def open(self, kind, origin=None):
        """The open incident of a kind (and an origin), or None."""
        for r in self.bellman.ask("show", "incidents"):
            if r["kind"] == kind and origin in (None, r.get("origin")):
                return r
        return None

    def history(self, incident_id):
        return [r for r in self.bellman.transitions() if r["id"] == incident_id]

    def wait(self, what, kind, origin=None, seconds=15, **wanted):
        """Wait until the open incident has these values."""
        def probe():
            r = self.open(kind, origin)
            return r if r and all(r.get(k) == v for k, v in wanted.items()) else None
        try:
            return until(what, probe, seconds)
        except Failed as e:
            raise Failed("%s; it is %s" % (e, json.dumps(self.open(kind, origin)))) from None

    def wait_told(self, what, incident, seconds=15, **wanted):
        """Wait until its last transition in the journal has these values."""
        def probe():
            last = self.history(incident["id"])[-1]
            return last if all(last.get(k) == v for k, v in wanted.items()) else None
        try:
            return until(what, probe, seconds, 0.3)
        except Failed as e:
            raise Failed("%s; it says %s" % (e, json.dumps(self.history(incident["id"])[-1]))) from None

    def calm(self, seconds=2.5):
        """Wait until it has had nothing to say for a while; what it has said so far."""
        said, since = self.bellman.transitions(), time.monotonic()
        while time.monotonic() - since < seconds:
            time.sleep(0.3)
            now = self.bellman.transitions()
            if len(now) != len(said):
                said, since = now, time.monotonic()
        return said

    def wait_closed(self, incident, reason, seconds=15):
        """Wait until it is closed, for this reason."""
        def probe():
            last = self.history(incident["id"])[-1]
            return last if last["transition"] == "closed" else None
        last = until("%s is closed" % incident["kind"], probe, seconds, 0.3)
        expect(last["reason"] == reason,
               "%s closed by %s, not %s" % (incident["kind"], last["reason"], reason))
        expect(self.open(incident["kind"], incident.get("origin")) is None, "closed, yet shown as open")


def routers_up(bellman):
    return sum(1 for r in bellman.ask("show", "routers") if r.get("up") or r.get("state") == "up")


def play_rov(watch, frr, gobgp, customer, provider, rtr):
    """Opens; severity follows the policy of the routers; the cache has the last word."""
    customer.announce("192.0.2.0/24", 64531)
    provider.announce("192.0.2.0/24", 64513, 64530)
    opened = watch.wait("the invalid route is an incident in Loc-RIB", ROV, 64531, severity="major")
    expect(len([r for r in watch.history(opened["id"]) if r["transition"] == "opened"]) == 1,
           "opened once")
    step("invalid route: opened, %s (%s)" % (opened["severity"], opened["summary"]))

    frr.refuse("192.0.2.0/24")
    gobgp.refuse("192.0.2.0/24")
    watch.wait_told("refused by both routers: severity falls", opened, severity="info",
                    transition="updated", reason="severity", views=["adj-rib-in-pre"])
    step("both routers refuse it: info, before policy only")
    frr.accept("192.0.2.0/24")
    gobgp.accept("192.0.2.0/24")
    watch.wait_told("accepted again: severity rises", opened, severity="major",
                    transition="updated")
    step("both accept it: major")

    rtr.serve([VALID, FLIPPED])
    watch.wait_closed(opened, "rpki", 25)
    other = watch.wait("the other route is invalid now", ROV, 64530)
    step("VRPs say otherwise: closed by rpki, and %s opened" % other["origin"])
    rtr.serve([VALID, SIGNED])
    watch.wait_closed(other, "rpki", 25)
    again = watch.wait("invalid again", ROV, 64531, severity="major")
    expect(again["id"] == opened["id"], "the same incident has the same id")
    step("VRPs as before: the same incident opened again")
    return again


def play_leaks(watch, customer, provider):
    customer.announce("198.19.0.0/16", 64541, more=otc(64512))
    customer.announce("198.18.0.0/16", 174, 64540)
    provider.announce("198.51.100.128/25", 64666)
    leaks = [watch.wait("a leak by OTC", OTC, severity="major"),
             watch.wait("a leak with AS174 in a customer's path", PEERLOCK, severity="major"),
             watch.wait("a hijack of a more specific of our own", HIJACK, severity="critical")]
    for r in leaks:
        step("%s: %s (%s)" % (r["kind"], r["severity"], r["summary"]))
    return leaks


def play_outage(watch, frr, rtr):
    """A BMP session or a cache that goes and comes back tells nothing new of incidents."""
    before = watch.calm()
    frr.bmp(False)
    until("FRR is gone", lambda: routers_up(watch.bellman) == 1)
    frr.bmp(True)
    until("FRR is back", lambda: routers_up(watch.bellman) == 2)
    rtr.stop()
    time.sleep(1)
    rtr.start([VALID, SIGNED])
    new = watch.calm(8)[len(before):]
    expect(not new, "nothing new after a re-dump, but: %s" % json.dumps(new))
    step("FRR's BMP session and the RTR cache gone and back: nothing new")


def play_crash(watch, customer, leaks):
    """kill -9: incidents go on where they were; what ended meanwhile is closed."""
    before = watch.calm()
    watch.bellman.stop(signal.SIGKILL)
    customer.withdraw("198.18.0.0/16")
    watch.bellman.start()

    def both_up():
        # GoBGP notices a dead station only by writing to it
        customer.announce("203.0.113.0/24", 64520, more="med %d" % (time.monotonic() * 10 % 1000))
        return routers_up(watch.bellman) == 2
    until("both routers are back", both_up, 30, 1)
    watch.wait_closed(leaks[1], "withdrawn", 45)
    new = [r for r in watch.calm()[len(before):] if r["id"] != leaks[1]["id"]]
    expect(not new, "nothing new after a crash, but: %s" % json.dumps(new))
    for r in (leaks[0], leaks[2]):
        expect(watch.open(r["kind"])["id"] == r["id"], "%s is still open" % r["kind"])
    step("kill -9: nothing told twice; the leak that ended meanwhile is closed")


def play_silence(watch, frr, gobgp, incidents):
    """No feed, no claim: open incidents are unknown until a router tells again."""
    gobgp.stop(signal.SIGKILL)  # ended in order it may, or may not, tell of its peers' end
    frr.bmp(False)
    for r in incidents:
        watch.wait_told("no feed: %s is unknown" % r["kind"], r, transition="unknown")
    step("all feeds lost: %d incidents unknown" % len(incidents))
    frr.bmp(True)
    for r in incidents:
        watch.wait_told("the feed is back: %s goes on" % r["kind"], r, 30, transition="updated",
                        reason="feed-restored")
    step("FRR is back: they go on")
    gobgp.start()

    def fresh():
        """Both routers tell of both routes again, and nothing of before is waited for."""
        for prefix in ("198.19.0.0/16", "198.51.100.128/25"):
            routes = watch.bellman.ask("show", "routes", prefix)
            if any(r["stale"] for r in routes) or len({r["router"] for r in routes}) < 2:
                return False
        return True
    until("GoBGP has started anew and told everything", fresh, 60, 0.5)
    step("GoBGP, started anew, has told everything")


def play_end(watch, customer, provider, rov, leaks):
    customer.withdraw("198.19.0.0/16")
    provider.withdraw("198.51.100.128/25")
    watch.wait_closed(leaks[0], "withdrawn")
    watch.wait_closed(leaks[2], "withdrawn")
    step("withdrawn: closed")
    customer.stop()
    watch.wait_closed(rov, "peer-down", 20)
    step("session with %s lost: closed by peer-down" % CUSTOMER)
    expect(not watch.bellman.ask("show", "incidents"), "nothing is open at the end")


def check_kafka(watch, kafka):
    """Each transition of the journal is in the topic, in order, under the incident's id."""
    journal = {}
    for r in watch.bellman.transitions():
        journal.setdefault(r["id"], []).append(r["seq"])

    def delivered():
        got = {}
        for key, value in kafka.consume("bmp.alerts.v1"):
            r = json.loads(value)
            expect(key == r["id"], "the key is the incident's id")
            numbers = got.setdefault(key, [])
            if r["seq"] not in numbers:  # a copy after a crash carries the same number
                numbers.append(r["seq"])
        return got if got == journal else None
    try:
        until("everything is in Kafka", delivered, 15, 0.5)
    except Failed:
        raise Failed("Kafka has not what the journal has: %s" % json.dumps(journal)) from None
    step("Kafka: %d transitions of %d incidents, in order"
         % (sum(len(v) for v in journal.values()), len(journal)))


def play(lab, build):
    rtr, kafka = StayRtr(lab), KafkaMock(lab, build)
    rtr.start([VALID, SIGNED])
    kafka.start("bmp.alerts.v1", "bmp.events.v1")
    bellman = Bellmand(lab, build, kafka)
    watch = Watch(bellman)
    bellman.start()
    step("bellmand, StayRTR and Kafka are up")
    frr, gobgp, customer, provider = start_routers(lab)
    until("both routers are connected", lambda: routers_up(bellman) == 2, 20)
    step("FRR and GoBGP are connected")
    try:
        customer.announce("203.0.113.0/24", 64520)
        until("the valid route is seen at both routers",
              lambda: len({r["router"] for r in bellman.ask("show", "routes", "203.0.113.0/24")}) == 2)
        expect(not bellman.transitions(), "a valid route is no incident")
        step("valid route: seen at both, no incident")
        rov = play_rov(watch, frr, gobgp, customer, provider, rtr)
        leaks = play_leaks(watch, customer, provider)
        play_outage(watch, frr, rtr)
        play_crash(watch, customer, leaks)
        play_silence(watch, frr, gobgp, [rov, leaks[0], leaks[2]])
        play_end(watch, customer, provider, rov, leaks)
        check_kafka(watch, kafka)
        bellman.stop()
        expect(bellman.process.returncode == 0, "bellmand ends with 0, not %s" % bellman.process.returncode)
        step("SIGTERM: bellmand ended in order")
    except Failed:
        if bellman.alive():
            for r in bellman.transitions()[-12:]:
                print(json.dumps(r), file=sys.stderr)
        raise


def main():
    try:
        with Lab() as lab:
            play(lab, sys.argv[1])
    except Failed as e:
        print("lab: FAILED: %s" % e, file=sys.stderr)
        return 1
    print("lab: all passed in %.0f s" % (time.monotonic() - started))
    return 0


sys.exit(main())
