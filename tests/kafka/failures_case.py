#!/usr/bin/env python3
"""A daemon, a router, and a Kafka that fails: failures_case.py BROKERS BROKER-PID TOPIC-PREFIX"""
import collections
import os
import signal
import subprocess
import sys
import time

sys.path.insert(0, "tests/scenarios")
from daemon import BUILD, OUR_PREFIX, Daemon  # noqa: E402
from suite import edge, right  # noqa: E402

brokers, broker_pid, prefix = sys.argv[1], int(sys.argv[2]), sys.argv[3]
ALERTS, EVENTS = prefix + ".alerts", prefix + ".events"


def make_topic(name):
    subprocess.run([BUILD + "/tests/tools/sink_probe", "topic", brokers, name], check=True, timeout=60)


def delivered(topic):
    """The ids of the records in a topic, and how often each is there."""
    out = subprocess.run(["kcat", "-q", "-C", "-b", brokers, "-t", topic, "-o", "beginning", "-e", "-f", "%h\n"],
                         capture_output=True, text=True, timeout=60, check=True).stdout
    return collections.Counter(dict(h.split("=", 1) for h in line.split(","))["id"] for line in out.splitlines())


def kafka(**properties):
    return {"format": "json", "topics": {"alerts": ALERTS, "events": EVENTS},
            "properties": dict({"bootstrap.servers": brokers}, **{k.replace("_", "."): v for k, v in properties.items()})}


def failing(d, *words):
    """An alarm kafka.failing is open that says all of it."""
    return d.until("kafka.failing says " + ", ".join(words),
                   lambda: [r for r in d.open_troubles("kafka.failing") if all(w in r["summary"] for w in words)], 40)


def healthy(d):
    d.until("kafka.failing is closed", lambda: not d.open_troubles("kafka.failing"), 60)


def all_delivered(d):
    d.until("all is delivered", lambda: d.stats()["kafka_lag"] == 0, 60)


def hijack(r, prefix, origin):
    r.carry(r.prov, prefix, "64510 %d" % origin)


def slowest_answer(d, seconds):
    """How long the control socket takes at most."""
    worst, end = 0, time.monotonic() + seconds
    while time.monotonic() < end:
        begin = time.monotonic()
        d.stats()
        worst = max(worst, time.monotonic() - begin)
    return worst


def missing_topics():
    make_topic(ALERTS)
    d = Daemon(kafka=kafka()).start()
    r = edge(d)
    hijack(r, OUR_PREFIX, 65551)
    d.opens("hijack")
    failing(d, EVENTS, "nknown topic")
    time.sleep(15)  # longer than a try
    once = delivered(ALERTS)
    right("an alert is in its topic", len(once) >= 2, once)
    right("the alerts are there once", set(once.values()) == {1}, once)
    right("nothing says that the alerts fail", not [t for t in d.troubles(kind="kafka.") if ALERTS in t["summary"]])
    d.restart()
    r.connect()
    failing(d, EVENTS)
    d.quiet()
    once = delivered(ALERTS)
    right("nor does a restart repeat them", set(once.values()) == {1}, once)
    begin = time.monotonic()
    d.stop()
    right("a stop does not wait for what does not move", time.monotonic() - begin < 8, time.monotonic() - begin)
    d.start()
    r.connect()
    make_topic(EVENTS)
    healthy(d)
    all_delivered(d)
    for topic in (ALERTS, EVENTS):
        once = delivered(topic)
        right("each record is there once", set(once.values()) == {1}, once)
    print("a missing topic is named, the other one has each of its records once")
    return d, r


def no_tls(d):
    """The properties ask for TLS, and the broker speaks none."""
    d.reload(kafka=kafka(security_protocol="ssl"))
    failing(d, ALERTS, "SSL")
    d.reload(kafka=kafka())
    healthy(d)
    all_delivered(d)
    print("a broker without TLS is told with the reason")


def left_out(d, r):
    """What fails is taken out of the configuration while the daemon is down: that, too, is an end of it."""
    d.reload(kafka=kafka(security_protocol="ssl"))
    failing(d, ALERTS, "SSL")
    d.stop()
    d.configure(kafka=None)
    d.start()
    r.connect()
    healthy(d)
    d.reload(kafka=kafka())
    all_delivered(d)
    right("nothing fails", not d.open_troubles("kafka.failing"))
    print("what fails and leaves the configuration is over")


def hung_broker(d, r):
    os.kill(broker_pid, signal.SIGSTOP)
    try:
        hijack(r, "203.0.113.128/25", 65549)  # something that cannot be delivered
        d.opens("hijack", where=lambda i: "65549" in i["summary"])
        d.reload(kafka=kafka(client_id="another"))
        worst = slowest_answer(d, 4)
        right("the control socket answers during a reload", worst < 1, worst)
        hijack(r, "203.0.113.0/26", 65550)
        d.opens("hijack", where=lambda i: "65550" in i["summary"])
        begin = time.monotonic()
        d.stop()
        took = time.monotonic() - begin
        right("a stop does not wait for a broker that hangs", took < 8, took)
    finally:
        os.kill(broker_pid, signal.SIGCONT)
    d.start()
    r.connect()
    all_delivered(d)
    print("a broker that hangs holds up neither a reload (%.2f s) nor a stop (%.1f s)" % (worst, took))


d, r = missing_topics()
no_tls(d)
left_out(d, r)
hung_broker(d, r)
# what is over with Kafka is said by the sink, not by routes: there is no reason among those of routes
wrong = [w for w in d.finish() if "kafka.failing" not in w]
d.remove()
if wrong:
    sys.exit("; ".join(wrong))
