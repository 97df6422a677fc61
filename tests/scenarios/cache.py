"""An RTR cache (RFC 6810, RFC 8210, version 2) that can be told to misbehave."""
import ipaddress
import socket
import struct
import threading
import time

NOTIFY, SERIAL_QUERY, RESET_QUERY, RESPONSE, IPV4, IPV6, END_OF_DATA, CACHE_RESET, ERROR = 0, 1, 2, 3, 4, 6, 7, 8, 10
ASPA = 11


def pdu(version, kind, field, body=b""):
    return struct.pack(">BBHI", version, kind, field, 8 + len(body)) + body


def vrp(row, version=1, announce=True):
    prefix, longest, asn = row
    net = ipaddress.ip_network(prefix)
    body = struct.pack(">BBBB", announce, net.prefixlen, longest, 0) + net.network_address.packed + struct.pack(">I", asn)
    return pdu(version, IPV4 if net.version == 4 else IPV6, 0, body)


def aspa(customer, providers=()):
    """Of version 2; without providers: withdrawn."""
    return pdu(2, ASPA, 0x100 if providers else 0, struct.pack(">%dI" % (1 + len(providers)), customer, *providers))


class Relay:
    """Octets between who connects to it and a port, in pieces: of `piece` octets each, and after `stop` of those that come
    from the port nothing more."""

    def __init__(self, port, piece=65536, stop=None):
        self.to, self.piece, self.stop = port, piece, stop
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while True:
            try:
                client, _ = self.listener.accept()
                there = socket.create_connection(("127.0.0.1", self.to))
            except OSError:
                return
            client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            threading.Thread(target=self.carry, args=(client, there, None), daemon=True).start()
            threading.Thread(target=self.carry, args=(there, client, self.stop), daemon=True).start()

    def carry(self, one, other, stop):
        """stop: a Relay may be told of another while it works."""
        said = 0
        try:
            while True:
                got = one.recv(4096)
                if not got:
                    break
                while got:
                    if stop is not None and said >= self.stop:
                        got = b""
                        continue
                    size = self.piece if stop is None else min(self.piece, self.stop - said)
                    other.sendall(got[:size])
                    said, got = said + len(got[:size]), got[size:]
                    time.sleep(0.0005)
        except OSError:
            pass
        for s in (one, other):
            try:
                s.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass

    def close(self):
        self.listener.close()


class Cache:
    """Serves `vrps` from its start on. `answer` is asked first for what a query (kind, serial) gets: octets, or None for
    silence, or Cache.HONEST. `slow_s` is how long a full answer takes. `tls`: an ssl.SSLContext, or a function that is
    given the socket of who connects, in place of TLS."""
    HONEST = object()

    def __init__(self, vrps, version=1, session=77, serial=1, slow_s=0, refresh=3600, retry=1, expire=7200, answer=None,
                 aspas=(), tls=None):
        self.vrps, self.version, self.session, self.serial = list(vrps), version, session, serial
        self.slow_s, self.timers, self.answer = slow_s, (refresh, retry, expire), answer
        self.aspas = dict(aspas)  # customer -> providers, in a cache of version 2
        self.tls = tls
        self.deltas = {}
        self.queries = []
        self.lock = threading.Lock()
        self.clients = []
        self.listener = None
        with socket.socket() as s:
            s.bind(("127.0.0.1", 0))
            self.port = s.getsockname()[1]
        self.start()

    def start(self):
        self.listener = socket.socket()
        self.listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self.listener.bind(("127.0.0.1", self.port))
        self.listener.listen(8)
        threading.Thread(target=self.accept, args=(self.listener,), daemon=True).start()
        return self

    def stop(self):
        """Gone: nobody listens, connections are closed."""
        if self.listener:
            self.listener.shutdown(socket.SHUT_RDWR)
            self.listener.close()
            self.listener = None
        self.hang_up()

    def hang_up(self):
        with self.lock:
            left, self.clients = self.clients, []
        for c in left:
            try:
                c.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass
            c.close()

    def restart(self, vrps=None, session=None, answer=None, slow_s=0):
        self.stop()
        self.vrps = self.vrps if vrps is None else list(vrps)
        self.session = self.session + 1 if session is None else session
        self.serial, self.deltas, self.answer, self.slow_s = 1, {}, answer, slow_s
        self.start()

    def accept(self, listener):
        while True:
            try:
                client, _ = listener.accept()
            except OSError:
                return
            with self.lock:
                self.clients.append(client)
            threading.Thread(target=self.serve, args=(client,), daemon=True).start()

    def serve(self, client):
        data = b""
        try:
            if callable(self.tls):
                self.tls(client)
                return
            if self.tls:
                client = self.shake_hands(client)
            while True:
                got = client.recv(4096)
                if not got:
                    return
                data += got
                while len(data) >= 8 and len(data) >= struct.unpack(">I", data[4:8])[0]:
                    size = struct.unpack(">I", data[4:8])[0]
                    one, data = data[:size], data[size:]
                    self.reply(client, one)
        except OSError:  # of TLS, too
            client.close()

    def shake_hands(self, client):
        tls = self.tls.wrap_socket(client, server_side=True)
        with self.lock:
            self.clients = [tls if c is client else c for c in self.clients]
        return tls

    def reply(self, client, query):
        version, kind = query[0], query[1]
        serial = struct.unpack(">I", query[8:12])[0] if kind == SERIAL_QUERY else None
        with self.lock:
            self.queries.append((version, kind, serial))
        out = Cache.HONEST if self.answer is None else self.answer(version, kind, serial)
        if out is Cache.HONEST:
            out = self.honest(version, kind, serial)
        if out:
            client.sendall(out)

    def honest(self, version, kind, serial):
        if version != self.version:
            return pdu(self.version, ERROR, 4, struct.pack(">II", 0, 0))
        if kind == SERIAL_QUERY:
            if serial == self.serial:
                return pdu(version, RESPONSE, self.session) + self.end()
            if serial in self.deltas:
                return pdu(version, RESPONSE, self.session) + self.deltas[serial] + self.end()
            return pdu(version, CACHE_RESET, 0)
        if kind == RESET_QUERY:
            if self.slow_s:
                time.sleep(self.slow_s)
            return self.full()
        return b""

    def end(self):
        timers = struct.pack(">III", *self.timers) if self.version > 0 else b""
        return pdu(self.version, END_OF_DATA, self.session, struct.pack(">I", self.serial) + timers)

    def full(self):
        return (pdu(self.version, RESPONSE, self.session) + b"".join(vrp(v, self.version) for v in self.vrps) +
                b"".join(aspa(c, p) for c, p in sorted(self.aspas.items())) + self.end())

    def change(self, announce=(), withdraw=(), octets=None):
        """A delta of one serial, and the notice that there is one. octets: this instead of a right delta."""
        delta = b"".join(vrp(v, self.version) for v in announce) + b"".join(vrp(v, self.version, False) for v in withdraw)
        self.vrps = [v for v in self.vrps if v not in withdraw] + list(announce)
        before, self.serial = self.serial, (self.serial + 1) & 0xFFFFFFFF
        self.deltas = {before: delta if octets is None else octets}
        self.notify()

    def notify(self, session=None):
        out = pdu(self.version, NOTIFY, self.session if session is None else session, struct.pack(">I", self.serial))
        with self.lock:
            clients = list(self.clients)
        for c in clients:
            try:
                c.sendall(out)
            except OSError:
                pass
