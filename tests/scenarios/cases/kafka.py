"""Kafka that does not do what it should. The brokers are librdkafka's own, in the daemon's process, or are not there; what
needs a real one is in tests/kafka."""
import socket
import time

from daemon import OUR_PREFIX
from suite import edge, right, scenario

STRANGER = 65551
TOPICS = {"alerts": "noc.alerts", "events": "noc.events"}


def kafka(**properties):
    return {"format": "json", "topics": TOPICS, "properties": {k.replace("_", "."): v for k, v in properties.items()}}


def mock(**properties):
    return kafka(test_mock_num_brokers=1, **properties)


def nobody():
    return kafka(bootstrap_servers="127.0.0.1:1")


def hijack(r):
    r.carry(r.prov, OUR_PREFIX, "64510 %d" % STRANGER)


def no_alarm(d):
    d.until("no kafka.failing is open", lambda: not d.open_troubles("kafka.failing"))


@scenario
def kafka_that_nobody_reaches(w):
    """An alarm names the topics and the reason; the first delivery closes it, and all that waited is delivered."""
    d = w.daemon(kafka=nobody())
    hijack(edge(d))
    d.opens("hijack")
    d.alarms("kafka.failing")
    alarm = d.until("the topics are named", lambda: [r for r in d.open_troubles("kafka.failing")
                                                     if all(t in r["summary"] for t in TOPICS.values())], 90)[0]
    right("the reason is told", "refused" in alarm["summary"], alarm["summary"])
    right("it is one alarm", len(d.open_troubles("kafka.failing")) == 1)
    d.reload(kafka=mock())
    no_alarm(d)
    d.until("all is delivered", lambda: d.stats()["kafka_lag"] == 0)
    right("each record once", d.stats()["kafka_delivered"] == d.stats()["kafka_position"], d.stats())


@scenario
def kafka_leaves_by_a_reload(w):
    """What fails and is not configured any more is over."""
    d = w.daemon(kafka=nobody())
    d.alarms("kafka.failing")
    d.reload(kafka=None)
    no_alarm(d)


@scenario
def kafka_leaves_over_a_restart(w):
    """So it is when the configuration changes while the daemon is down."""
    d = w.daemon(kafka=nobody())
    d.alarms("kafka.failing")
    d.stop()
    d.configure(kafka=None)
    d.start()
    no_alarm(d)


@scenario
def record_too_large_for_kafka(w):
    """It is set aside, with an event that has its id, topic and reason; others go out."""
    d = w.daemon(kafka=mock(message_max_bytes=1000))
    r = edge(d)
    r.carry(r.prov, OUR_PREFIX, "64510 " + "64511 " * 60 + str(STRANGER))
    alert = d.opens("hijack")[0]
    event = d.until("kafka.set-aside", lambda: [e for e in d.records if e.get("event") == "kafka.set-aside" and
                                                alert["id"] in str(e["details"])])[0]
    details = {x["name"]: x["value"] for x in event["details"]} if isinstance(event["details"], list) else event["details"]
    right("the topic is told", details["topic"] == TOPICS["alerts"], details)
    right("the number is told", int(details["number"]) in [t["seq"] for t in d.told()], details)
    right("the reason is told", "message.max.bytes" in details["reason"], details)
    d.until("nothing waits behind it", lambda: d.stats()["kafka_lag"] == 0)
    s = d.stats()
    right("it is counted", s["kafka_set_aside"] >= 1, s)
    right("others are delivered", s["kafka_delivered"] + s["kafka_set_aside"] == s["kafka_position"], s)
    right("nothing fails", not d.troubles(kind="kafka.failing"))


@scenario
def nobody_waits_for_kafka(w):
    """Brokers take connections and never answer: neither a reload nor a stop waits for them, nor does judging."""
    hole = socket.socket()
    hole.bind(("127.0.0.1", 0))
    hole.listen(64)
    address = "127.0.0.1:%d" % hole.getsockname()[1]
    d = w.daemon(kafka=kafka(bootstrap_servers=address))
    d.keep(hole)
    r = edge(d)
    d.quiet()
    for k in range(3):
        d.reload(kafka=kafka(bootstrap_servers=address, client_id="other%d" % k))
        begin = time.monotonic()
        d.stats()
        right("the control socket answers", time.monotonic() - begin < 1)
    begin = time.monotonic()
    hijack(r)
    d.opens("hijack")
    right("judging does not wait", time.monotonic() - begin < 2, time.monotonic() - begin)
    d.stop(seconds=8)
