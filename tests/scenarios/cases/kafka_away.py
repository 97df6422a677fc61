"""Kafka dies, or is taken out of the configuration: what that means for the journal."""
import os
import subprocess

import wire
from daemon import BUILD, OTHERS, free_port
from suite import edge, scenario

HALF = "203.0.113.128/25"


class Mock:
    """librdkafka's mock of a cluster, a process."""

    def __init__(self, d):
        self.process = subprocess.Popen([BUILD + "/tests/tools/kafka_mock", "-s", "200"], stdout=subprocess.PIPE, text=True)
        self.servers = self.process.stdout.readline().strip()
        d.keep(self)

    def close(self):
        self.process.kill()
        self.process.wait()
        self.process.stdout.close()


def kafka(servers):
    return {"format": "json", "properties": {"bootstrap.servers": servers}}


def delivered(d):
    stats = d.stats()
    return stats["kafka_connected"] and stats["kafka_lag"] == 0 and stats["journal_pending"] == 0


@scenario
def kafka_dies_and_the_collector_restarts(w):
    """The broker dies, the collector is killed and started with another: what was told meanwhile is delivered, the alarm is over."""
    d = w.daemon(start=False, vrps=OTHERS)
    first = Mock(d)
    d.configure(kafka=kafka(first.servers))
    d.start()
    r = edge(d)
    r.carry(r.prov, HALF, "64510 65551")
    d.opens("hijack")
    d.until("delivered", lambda: delivered(d), 30)
    first.process.kill()
    r.drop(r.prov, HALF)
    d.closes("hijack")
    d.alarms("kafka.")
    second = Mock(d)
    d.configure(kafka=kafka(second.servers))
    r.close()
    d.restart(kill=True)
    r.connect()
    d.until("all is delivered", lambda: delivered(d), 30)
    d.until("over", lambda: not d.open_troubles("kafka."), 30)


@scenario
def kafka_leaves_the_configuration(w):
    """kafka: is taken out by a reload: its alarm is over, and its position does not keep the journal from its size."""
    d = w.daemon(vrps=OTHERS, kafka=kafka("127.0.0.1:%d" % free_port()), journal={"max_mb": 4})
    r = edge(d)
    d.alarms("kafka.")
    d.reload(kafka=None)
    d.until("over", lambda: not d.open_troubles("kafka."))
    d.trimmed = True
    down = wire.peer_down(r.header(r.cust, "pre"), 1)
    for _ in range(60):
        r.send(*((down, r.peer_up(r.cust)) * 250))
    d.heard()
    d.until("all is written", lambda: d.stats()["journal_pending"] == 0, 40)
    d.until("the journal is of its size", lambda: os.path.getsize(d.folder + "/state/journal.sqlite") < 8 << 20, 40)
