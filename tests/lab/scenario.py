#!/usr/bin/env python3
"""The live scenario: real routers, a real RTR cache, and what bellmand must say of them.

usage: scenario.py BUILD   (through run.sh, as root)
Each step prints one line. The first expectation that is not met ends the lab with exit 1, the logs
of all daemons, and the incidents as they are.
"""
import json
import sys
import time

import losses
import routes
from lab import CUSTOMER, Bellmand, Failed, KafkaMock, Lab, StayRtr, start_routers, until
from watch import VRPS, Watch, expect, started, step


def end(watch, net, rov, hijacks):
    net.provider.withdraw("198.51.100.128/25")
    net.provider.withdraw("2001:db8:ff00::/48")
    for r in hijacks:
        watch.wait_closed(r, "withdrawn")
    step("withdrawn: closed")
    net.customer.stop()
    watch.wait_closed(rov, "peer-down")
    step("session with %s lost: closed by peer-down" % CUSTOMER)
    always = {"feed.no-end-of-rib", "roa.missing"}  # GoBGP sends none; our own prefixes have no ROA here
    until("nothing is open at the end but what is always so", lambda: {
        r["kind"] for r in watch.bellman.ask("show", "incidents")} <= always)


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
    rtr.start(VRPS)
    kafka.start("bmp.alerts.v1", "bmp.events.v1")
    bellman = Bellmand(lab, build, kafka)
    watch = Watch(bellman)
    bellman.start()
    step("bellmand, StayRTR and Kafka are up")
    net = start_routers(lab)
    watch.wait_routers(3)
    step("two FRR and GoBGP are connected")
    try:
        routes.valid_route(watch, net)
        rov = routes.origin_validation(watch, net, rtr)
        leaks = routes.leaks(watch, net)
        rov_6, hijack_6 = routes.ipv6(watch, net)
        routes.add_path(watch, net)
        losses.outage(watch, net, rtr)
        losses.second_router(watch, net, rov_6, rov, leaks[0], leaks[2], hijack_6)
        losses.empty_cache(watch, net, rtr)
        losses.crash(watch, net, leaks)
        losses.crash_while_away(watch, net, rtr, rov, leaks[0], leaks[2])
        losses.silence(watch, net, [rov, leaks[2], hijack_6])
        end(watch, net, rov, [leaks[2], hijack_6])
        check_kafka(watch, kafka)
        bellman.stop()
        expect(bellman.process.returncode == 0, "bellmand ends with 0, not %s" % bellman.process.returncode)
        step("SIGTERM: bellmand ended in order")
    except Failed:
        if bellman.alive():
            for r in bellman.ask("tail", "-n", "25"):
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
