#!/usr/bin/env python3
"""Follows the incidents of Bellman in Kafka (kafka.format: json): what is open, and what happens to it.

usage: consumer.py BROKERS [TOPIC]      needs confluent-kafka

The topic is a log of records. One of an incident that is known already (same id, revision no higher) is a repetition: it
changes nothing. A new revision says all there is to say: no record before it is needed.
"""
import json
import signal
import sys

from confluent_kafka import Consumer

BAD = {"major", "critical"}


def take(incidents, record):
    """The record when it is news, else None; incidents: those that are not closed, by id."""
    known = incidents.get(record["id"])
    if known and known["revision"] >= record["revision"]:
        return None
    incidents[record["id"]] = record  # of closed ones the revision is still of use: forget them after a day or so
    return record


def show(record):
    if record["test"] or record["muted"] or record["dry_run"]:
        return
    call = ", ".join("AS%d %s %s" % (c["asn"], c["name"], c["contact"]) for c in record.get("call", []))
    print(record["at"], "WAKE " if record["severity"] in BAD and record["transition"] == "opened" else "     ",
          record["severity"].ljust(8), record["transition"].ljust(8), record["kind"], record["summary"], "| call", call or "nobody known",
          "|", record["doc"], flush=True)


def main():
    brokers, topic = sys.argv[1], sys.argv[2] if len(sys.argv) > 2 else "bmp.alerts.v1"
    consumer = Consumer({"bootstrap.servers": brokers, "group.id": "bellman-example", "auto.offset.reset": "earliest",
                         "enable.auto.commit": False})
    consumer.subscribe([topic])
    incidents, stop = {}, []
    for s in (signal.SIGINT, signal.SIGTERM):
        signal.signal(s, lambda *_: stop.append(1))
    while not stop:
        message = consumer.poll(0.5)
        if message is None:
            continue
        if message.error():
            print("kafka:", message.error(), file=sys.stderr)
            continue
        if message.value() is None:  # a tombstone of a compacted topic
            continue
        record = take(incidents, json.loads(message.value()))
        if record:
            show(record)
        consumer.commit(message, asynchronous=True)  # behind the work: what is not done comes again
    consumer.close()


if __name__ == "__main__":
    main()
