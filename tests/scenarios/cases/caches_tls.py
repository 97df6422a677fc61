"""RTR over TLS (RFC 8210 section 9.2): who the cache is, who it is not, keys that change, octets that come late."""
import json
import os
import shutil
import subprocess
import time

from cache import Relay
from certs import Certificate
from daemon import VICTIM_PREFIX, VRPS, Skipped, Wrong, free_port
from story import brief
from suite import edge, quick, right, scenario

INVALID = "64510 65551"


class Keys:
    """A CA, and a daemon's folder for what it signs."""

    def __init__(self, w, **more):
        self.d = w.daemon(vrps=None, start=False, **more)
        self.ca = Certificate(self.d.folder, "ca")
        self.right = self.made("right", "DNS:localhost")

    def made(self, name, san, by=None, days=2):
        return Certificate(self.d.folder, name, san, by or self.ca, days)

    def configure(self, port, **tls):
        """The daemon knows the cache at the port."""
        keys = dict({"ca": self.ca.pem, "name": "localhost"}, **tls)
        self.d.configure(rpki={"caches": [{"name": "c", "host": "127.0.0.1", "port": port, "tls": keys}]})
        return self.d


def judged(d):
    r = edge(d)
    r.carry(r.prov, VICTIM_PREFIX, INVALID, to=[r.lateral])
    d.opens("rov")
    d.quiet()
    return d.mark()


def untouched(d, mark):
    d.quiet()
    bad = [x for x in d.told(mark) if x["transition"] in ("closed", "opened")]
    right("nothing is closed or opened", not bad, brief(bad))


def source(d):
    return [r for r in d.show("rpki") if r.get("source") == "cache"][0]


@quick
def cache_over_tls(w):
    """A cache with the right certificate, which wants to see ours: its VRPs are judged by, and it is shown how it is reached."""
    keys = Keys(w)
    ours = keys.made("ours", "IP:127.0.0.1")
    c = w.cache(VRPS, tls=keys.right.serve(clients=keys.ca))
    d = keys.configure(c.port, certificate=ours.pem, key=ours.key).start()
    mark = judged(d)
    row = source(d)
    right("shown as TLS", (row["transport"], row["tls_version"]) == ("tls", "TLSv1.3"), row)
    n = len(c.queries)
    c.restart()
    d.until("asked again", lambda: len(c.queries) > n and source(d)["status"] == "in-step")
    untouched(d, mark)


def closes(client):
    client.recv(100)
    client.close()


def no_tls(client):
    client.recv(100)
    client.sendall(b"\x01\x0a\x00\x04\x00\x00\x00\x10" + bytes(8))
    client.recv(100)
    client.close()


@scenario
def cache_that_is_somebody_else(w):
    """Wrong name, no name, a CA that nobody knows, out of date, no TLS, closed in the handshake, we are nobody to it: told with
    what would be right, and no verdict; then it is the right one: over, and judged."""
    keys = Keys(w)
    stranger = Certificate(keys.d.folder, "stranger")
    wrong = [(keys.made("elsewhere", "DNS:elsewhere.example").serve(), "not for localhost"),
             (keys.made("localhost", None).serve(), "no dNSName"),
             (keys.made("theirs", "DNS:localhost", stranger).serve(), "unknown CA"),
             (keys.made("old", "DNS:localhost", days=-1).serve(), "expired on"),
             (no_tls, "speaks no TLS"),
             (closes, "closed in the TLS handshake"),
             (keys.right.serve(clients=stranger), "refuses us")]
    c = w.cache(VRPS, tls=wrong[0][0])
    d = keys.configure(c.port)
    d.configure(incidents={"settle_s": 2})
    d.start(wait_rpki=False)
    r = edge(d)
    r.carry(r.prov, VICTIM_PREFIX, INVALID)
    for tls, why in wrong:
        c.stop()
        c.tls = tls
        c.start()
        d.reload()  # it is tried at once
        d.until("it is known: " + why, lambda: why in source(d)["last_error"] and "right would be" in source(d)["last_error"])
        if c.tls is wrong[0][0]:
            d.until("it is told", lambda: [x for x in d.open_troubles("rpki.missing") if why in x["summary"]])
    right("nothing was asked", not c.queries, c.queries)
    right("no verdict", not d.told(), brief(d.told()))
    c.stop()
    c.tls = keys.right.serve()
    c.start()
    d.reload()
    d.until("the alarm is over", lambda: not d.open_troubles("rpki."))
    d.opens("rov")


@scenario
def cache_that_becomes_somebody_else(w):
    """A cache comes back with a certificate that is out of date, and later with a new one: what it said stays in force."""
    keys = Keys(w)
    c = w.cache(VRPS, tls=keys.right.serve())
    d = keys.configure(c.port).start()
    mark = judged(d)
    d.restartable = False
    c.stop()
    c.tls = keys.made("old", "DNS:localhost", days=-1).serve()
    c.start()
    d.until("told, with the reason", lambda: [x for x in d.open_troubles("rpki.lost") if "expired on" in x["summary"]])
    untouched(d, mark)
    c.stop()
    c.tls = keys.right.serve()
    c.start()
    d.until("over", lambda: not d.open_troubles("rpki."), 30)
    untouched(d, mark)


@scenario
def handshake_without_end(w):
    """A cache that takes the connection and says nothing, or half of what it has to say: given up after ten seconds, told, tried again."""
    keys = Keys(w)
    c = w.cache(VRPS, tls=keys.right.serve())
    relay = Relay(c.port, stop=300)
    keys.d.keep(relay)
    d = keys.configure(relay.port)
    d.configure(incidents={"settle_s": 2})
    d.start(wait_rpki=False)
    d.until("told", lambda: [x for x in d.open_troubles("rpki.missing") if "handshake not over within 10 s" in x["summary"]], 25)
    relay.stop = 1 << 30
    d.until("over", lambda: not d.open_troubles("rpki."), 25)
    judged(d)


@scenario
def records_in_pieces(w):
    """TLS in pieces of three octets, and then an answer that ends in the midst of a record: what is whole is used, what is cut is not."""
    keys = Keys(w)
    c = w.cache(VRPS, tls=keys.right.serve())
    relay = Relay(c.port, piece=3, stop=1 << 30)
    keys.d.keep(relay)
    d = keys.configure(relay.port).start()
    mark = judged(d)
    n = len(c.queries)
    c.restart(vrps=[], answer=lambda version, kind, serial: c.full())
    c.vrps = VRPS + [(VICTIM_PREFIX, 24, 65551)]
    relay.stop = 1000  # of the new connection: the handshake takes more than that
    d.until("lost", lambda: source(d)["status"] != "in-step")
    d.calm()
    right("nothing of it is used", source(d)["vrps"] == len(VRPS) and not d.told(mark), source(d))
    relay.stop = 1 << 30
    c.hang_up()
    d.until("all of it is", lambda: source(d)["vrps"] == len(VRPS) + 1 and len(c.queries) > n, 30)
    d.closes("rov")


@scenario
def keys_that_change(w):
    """The file of CAs is exchanged: with a reload who was right is no longer, and the data stays. One that cannot be read at a
    reload costs nothing before the next connection, and is told."""
    keys = Keys(w)
    c = w.cache(VRPS, tls=keys.right.serve())
    d = keys.configure(c.port).start()
    mark = judged(d)
    d.restartable = False
    with open(keys.ca.pem) as f:
        good = f.read()
    d.set_text("no certificate\n", keys.ca.pem)
    d.reload()
    d.until("told", lambda: [x for x in d.open_troubles("rpki.keys") if "no certificate in it" in x["summary"]])
    right("still in step", source(d)["status"] == "in-step" and not d.open_troubles("rpki.lost"), source(d))
    stranger = Certificate(d.folder, "stranger")
    with open(stranger.pem) as f:
        d.set_text(f.read(), keys.ca.pem)
    d.reload()
    d.until("who was right is no longer", lambda: [x for x in d.open_troubles("rpki.lost") if "unknown CA" in x["summary"]])
    right("and what is in the file can be used", not d.open_troubles("rpki.keys"))
    untouched(d, mark)
    d.set_text(good, keys.ca.pem)
    d.reload()
    d.until("over", lambda: not d.open_troubles("rpki."))
    untouched(d, mark)


@scenario
def stayrtr_over_tls(w):
    """StayRTR serves TLS: its VRPs are judged by, also of its next session. Passed over where it is not installed."""
    program = shutil.which("stayrtr")
    if not program:
        raise Skipped("stayrtr is not here")
    keys = Keys(w)
    d, port = keys.d, free_port()

    def start():
        now = int(time.time())
        with open(d.folder + "/vrps.json", "w") as f:
            json.dump({"metadata": {"generated": now, "valid": now + 86400, "buildtime": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(now))},
                       "roas": [{"prefix": p, "maxLength": n, "asn": a, "ta": "test", "expires": now + 86400} for p, n, a in VRPS]}, f)
        return subprocess.Popen([program, "-bind", "", "-tls.bind", "127.0.0.1:%d" % port, "-tls.cert", keys.right.pem, "-tls.key",
                                 keys.right.key, "-cache", d.folder + "/vrps.json", "-metrics.addr", "127.0.0.1:0", "-rtr.expire", "600",
                                 "-protocol", "1"], stdin=subprocess.DEVNULL, stdout=d.log, stderr=d.log, cwd=d.folder,
                                env=dict(os.environ, HOME=d.folder))
    cache = start()
    try:
        keys.configure(port)
        d.start()
        mark = judged(d)
        right("over TLS", source(d)["transport"] == "tls" and source(d)["vrps"] == len(VRPS), source(d))
        cache.terminate()
        cache.wait()
        d.until("lost", lambda: source(d)["status"] == "lost")
        cache = start()
        d.until("back", lambda: source(d)["status"] == "in-step", 30)
        untouched(d, mark)
    except Wrong as wrong:
        raise Wrong("%s (StayRTR ended: %s)" % (wrong, cache.poll())) from None
    finally:
        cache.kill()
        cache.wait()
