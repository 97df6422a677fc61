#!/usr/bin/env python3
"""The daemon between a router that never rests and a broker that is killed: daemon_case.py BUILD DIR BROKERS TOPIC-PREFIX"""
import ipaddress
import json
import os
import signal
import socket
import sqlite3
import struct
import subprocess
import sys
import threading
import time

build, folder, brokers, prefix = sys.argv[1:]
SECONDS, KILLS, ORIGINS = 30, (11, 20), 150


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


port = free_port()
sock = folder + "/control.sock"
with open(folder + "/bellman.yaml", "w") as f:
    f.write(f"""collector: kafkatest
listen: [{{address: 127.0.0.1, port: {port}}}]
state_dir: {folder}/state
control: {sock}
http: {{listen: []}}
own: {{asns: [64500], prefixes: [{{prefix: 10.0.0.0/8}}]}}
incidents: {{hold_ms: 100, feed_grace_s: 60, settle_s: 20}}
kafka:
  format: json
  topics: {{alerts: {prefix}.alerts, events: {prefix}.events}}
  properties: {{bootstrap.servers: "{brokers}"}}
""")


# --- the router ----------------------------------------------------------------------------------------------------
def bmp(kind, body):
    return struct.pack(">BIB", 3, 6 + len(body), kind) + body


def peer():
    return struct.pack(">BB8s16sI4sII", 0, 0x40, b"\0" * 8, b"\0" * 12 + b"\xc0\0\2\1", 64510, b"\1\1\1\1", int(time.time()), 0)


def bgp(kind, body):
    return b"\xff" * 16 + struct.pack(">HB", 19 + len(body), kind) + body


def open_(asn):
    return bgp(1, struct.pack(">BHH4sB", 4, asn, 90, b"\1\2\3\4", 8) + b"\2\6\x41\4" + struct.pack(">I", asn))


def route(i, on):
    net = ipaddress.ip_network((0x0A000000 + i * 256, 24))
    nlri = bytes([24]) + net.network_address.packed[:3]
    if not on:
        return bmp(0, peer() + bgp(2, struct.pack(">H", len(nlri)) + nlri + b"\0\0"))
    # each by a neighbour of its own: many at once by one neighbour would be told as one
    attrs = b"\x40\1\1\0\x40\2\x0a\2\2" + struct.pack(">II", 65536 + i, 131072 + i) + b"\x40\3\4\1\1\1\1"
    return bmp(0, peer() + bgp(2, b"\0\0" + struct.pack(">H", len(attrs)) + attrs + nlri))


start = bmp(4, b"\0\1\0\4test\0\2\0\2r1") + bmp(3, peer() + b"\0" * 16 + b"\0\xb3\xc3\x50" + open_(64500) + open_(64510))
eor = bmp(0, peer() + bgp(2, b"\0\0\0\0"))
table, lock, changes = set(), threading.Lock(), 0


def connect():
    for _ in range(600):
        try:
            s = socket.create_connection(("127.0.0.1", port))
            s.sendall(start + b"".join(route(i, True) for i in sorted(table)) + eor)
            return s
        except OSError:
            time.sleep(0.1)
    sys.exit("bellmand does not take connections")


def router():
    """A route on, a route off, sixty a second; after a loss the table is told again. Ends with an empty table."""
    global changes
    s, i, end = connect(), 0, time.time() + SECONDS
    while time.time() < end or table:
        i += 1
        n = i % ORIGINS
        on = n not in table and time.time() < end
        with lock:
            (table.add if on else table.discard)(n)
        changes += 1
        try:
            s.sendall(route(n, on))
        except OSError:
            s.close()
            s = connect()
        time.sleep(1 / 60)
    return s


# --- bellmand, killed and started again -------------------------------------------------------------------------------
log = open(folder + "/log", "a")


def start_daemon():
    return subprocess.Popen([build + "/bellmand", "-c", folder + "/bellman.yaml"], stderr=log, stdin=subprocess.DEVNULL)


def stats():
    out = subprocess.run([build + "/bellman", "show", "stats", "-o", "json", "-s", sock], capture_output=True, text=True)
    return json.loads(out.stdout) if out.returncode == 0 else {}


daemon = start_daemon()
held = []
worker = threading.Thread(target=lambda: held.append(router()), daemon=True)
begin = time.time()
worker.start()
for at in KILLS:
    time.sleep(max(0, begin + at - time.time()))
    daemon.send_signal(signal.SIGKILL)
    daemon.wait()
    print("bellmand killed with -9")
    time.sleep(0.5)
    daemon = start_daemon()
worker.join(120)
if worker.is_alive():
    sys.exit("the router does not come to its end")
deadline = time.time() + 150  # what has come and gone again and again is closed a minute after the last time
while time.time() < deadline:
    s = stats()
    if s and s["incidents_open"] == 0 and s["kafka_lag"] == 0 and s["journal_pending"] == 0:
        break
    time.sleep(0.5)
print("at the end: open %s, lag %s, position %s" % (s.get("incidents_open"), s.get("kafka_lag"), s.get("kafka_position")))
daemon.terminate()
daemon.wait()

# --- what the consumer has -----------------------------------------------------------------------------------------------
out = subprocess.run(["kcat", "-q", "-C", "-b", brokers, "-t", prefix + ".alerts", "-o", "beginning", "-e", "-f", "%k\t%h\t%s\n"],
                     capture_output=True, text=True, timeout=120)
got, order, twice = {}, {}, 0
for line in out.stdout.splitlines():
    key, headers, value = line.split("\t", 2)
    record = json.loads(value)
    uid = dict(h.split("=", 1) for h in headers.split(","))["id"]
    if key != record["id"]:
        sys.exit("key %s is not the incident's id" % key)
    if record["seq"] in got:
        if got[record["seq"]][0] != uid:
            sys.exit("record %d came twice with different ids" % record["seq"])
        twice += 1
        continue
    got[record["seq"]] = (uid, record)
    order.setdefault(key, []).append(record)

db = sqlite3.connect(folder + "/state/journal.sqlite")
journal = {seq: (key, transition) for seq, key, transition in db.execute("SELECT seq, key, transition FROM record WHERE kind = 1")}
missing = [seq for seq in journal if seq not in got]
if missing:
    sys.exit("%d of %d transitions are missing, the first %d" % (len(missing), len(journal), missing[0]))
if set(got) - set(journal):
    sys.exit("the topic has what the journal has not")
for key, records in order.items():
    seqs = [r["seq"] for r in records]
    if seqs != sorted(seqs):
        sys.exit("incident %s out of order" % key)
    if records[0]["transition"] != "opened" or records[-1]["transition"] != "closed":
        sys.exit("incident %s: %s" % (key, [r["transition"] for r in records]))
    for a, b in zip(records, records[1:]):
        if a["transition"] == "closed" and b["transition"] != "opened" or a["transition"] != "closed" and b["transition"] == "opened":
            sys.exit("incident %s: %s after %s" % (key, b["transition"], a["transition"]))
print("%d changes of routes, %d transitions of %d incidents, all delivered in order, %d twice with equal ids" % (changes, len(got), len(order), twice))
if len(order) < ORIGINS or s.get("incidents_open") != 0:
    sys.exit("too few incidents, or some stay open")
os._exit(0)
