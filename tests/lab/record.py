#!/usr/bin/env python3
"""Record small BMP streams of real routers, raw octets as sent:

  tests/fixtures/<router>-<version>-live.bmp     connected from the start
  tests/fixtures/<router>-<version>-redump.bmp   connected again later: everything once more

usage: record.py FOLDER   (through run.sh record, as root)
"""
import os
import re
import socket
import sys
import threading
import time

from lab import STATION, CUSTOMER, BMP_PORT, Lab, otc, run, start_routers, until

NAMES = {"frr": "lab-frr", "gobgp": "GoBGP"}  # as they call themselves


class Recorder(threading.Thread):
    """A station that keeps what each router says, by the sysName in its Initiation."""

    def __init__(self):
        super().__init__(daemon=True)
        self.listener = socket.create_server((STATION, BMP_PORT))
        self.streams, self.connections = [], []

    def drop(self):
        """Close every connection; the routers come back."""
        for connection in self.connections:
            connection.shutdown(socket.SHUT_RDWR)
            connection.close()
        self.connections = []

    def run(self):
        while True:
            connection, _ = self.listener.accept()
            data = bytearray()
            self.connections.append(connection)
            self.streams.append(data)
            threading.Thread(target=self.read, args=(connection, data), daemon=True).start()

    @staticmethod
    def read(connection, data):
        try:
            while octets := connection.recv(65536):
                data += octets
        except OSError:
            pass  # dropped

    def of(self, name):
        """Streams of a router, whole messages only."""
        return [whole(bytes(d)) for d in self.streams if name.encode() in d[:400]]


def whole(data):
    at = 0
    while at + 6 <= len(data) and at + int.from_bytes(data[at + 1:at + 5], "big") <= len(data):
        at += int.from_bytes(data[at + 1:at + 5], "big")
    return data[:at]


def play(recorder, frr, gobgp, customer, provider):
    """A little of everything the lab's rules look at, an outage, and the way back."""
    customer.announce("203.0.113.0/24", 64520)
    customer.announce("192.0.2.0/24", 64531)
    customer.announce("198.18.0.0/16", 174, 64540)
    customer.announce("198.19.0.0/16", 64541, more=otc(64512))
    customer.announce("2001:db8:1::/48", 64520, more="community [ 64511:1 64511:2 ]")
    provider.announce("198.51.100.128/25", 64666, more="large-community [ 64512:1:2 ] med 20")
    provider.announce("192.0.2.0/24", 64530)
    time.sleep(3)
    for router in (frr, gobgp):
        router.refuse("192.0.2.0/24")
    time.sleep(3)
    for router in (frr, gobgp):
        router.accept("192.0.2.0/24")
    time.sleep(3)
    recorder.drop()
    for last in range(1, 6):  # GoBGP finds out by writing
        customer.announce("203.0.113.0/24", 64520, more="med %d" % last)
        time.sleep(1)
    until("both routers are back", lambda: all(len(recorder.of(n)) > 1 for n in NAMES.values()), 20)
    time.sleep(3)
    for prefix in ("192.0.2.0/24", "198.18.0.0/16", "198.19.0.0/16", "2001:db8:1::/48"):
        customer.withdraw(prefix)
    provider.withdraw("198.51.100.128/25")
    time.sleep(3)
    customer.stop()
    until("the sessions with the customer are gone",
          lambda: not frr.established(CUSTOMER) and not gobgp.established(CUSTOMER))
    time.sleep(3)


def main():
    folder = sys.argv[1]
    with Lab() as lab:
        recorder = Recorder()
        recorder.start()
        net = start_routers(lab)
        until("both routers are here", lambda: all(recorder.of(n) for n in NAMES.values()), 20)
        play(recorder, net.frr, net.gobgp, net.customer, net.provider)
        versions = {
            "frr": re.search(r"(\d+\.\d+(\.\d+)?)", run("/usr/lib/frr/bgpd", "--version")).group(1),
            "gobgp": re.search(r"(\d+\.\d+(\.\d+)?)", run("gobgpd", "--version")).group(1),
        }
        os.makedirs(folder, exist_ok=True)
        for router, version in versions.items():
            streams = recorder.of(NAMES[router])
            for kind, data in (("live", streams[0]), ("redump", streams[-1])):
                path = os.path.join(folder, "%s-%s-%s.bmp" % (router, version, kind))
                with open(path, "wb") as f:
                    f.write(data)
                print("recorded %s: %d octets" % (path, len(data)))


main()
