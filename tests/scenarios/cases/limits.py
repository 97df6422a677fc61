"""The collector under attack and in want: of room, of a disk, of a reader, of a name. What it promises, it keeps."""
import json
import os
import resource
import signal
import socket
import sqlite3
import struct
import subprocess
import threading
import time

import wire
from cache import ERROR, pdu
from daemon import BUILD, OTHERS, OUR_PREFIX, OURS, VICTIM_PREFIX, VRPS, Wrong
from router import Router
from story import brief
from suite import edge, quick, right, scenario

HALF, OTHER_HALF = "203.0.113.128/25", "203.0.113.0/25"
INVALID = "64510 65551"


@scenario
def two_daemons_one_state(w):
    """A second collector on the same state_dir does not start, and says why; the first goes on."""
    d = w.daemon(vrps=OTHERS)
    other = dict(d.options, listen=[{"address": "127.0.0.1", "port": d.port + 1}], control=d.folder + "/other.sock")
    with open(d.folder + "/other.yaml", "w") as f:
        json.dump(other, f)
    p = subprocess.run([BUILD + "/bellmand", "-c", d.folder + "/other.yaml"], capture_output=True, text=True, timeout=20)
    right("refused", p.returncode != 0 and d.folder + "/state" in p.stderr, (p.returncode, p.stderr[-300:]))
    r = edge(d)
    r.carry(r.prov, HALF, INVALID)
    d.opens("hijack")


@scenario
def hanging_up_on_show_hurts_nobody(w):
    """Clients that ask for everything and hang up, again and again: the daemon lives and judges."""
    d = w.daemon(vrps=OTHERS)
    big = Router(d, "big")
    for k in range(3000):
        big.peer("10.0.%d.%d" % (k >> 8, k & 255), 64512 + k % 1000, None, views=("pre",))
    big.connect(complete=False)
    r = edge(d)
    d.heard()
    over = time.monotonic() + 4

    def rude():
        while time.monotonic() < over:
            with socket.socket(socket.AF_UNIX) as s:
                try:
                    s.connect(d.control)
                    s.sendall(b"show\twhat=peers\tformat=json\n")
                except OSError:
                    time.sleep(0.01)
    clients = [threading.Thread(target=rude, daemon=True) for _ in range(3)]
    for c in clients:
        c.start()
    for k in range(4):
        r.carry(r.prov, "203.0.113.%d/32" % k, "64510 %d" % (65540 + k))
        d.until("judged", lambda: len(d.show("incidents", "kind ~ hijack")) >= 1, 8)
    for c in clients:
        c.join()
    d.until("all are there", lambda: d.stats().get("peers_up", 0) >= 3000)


@scenario
def silent_control_clients_shut_nobody_out(w):
    """300 clients that connect to the control socket and stay silent: an operator still gets an answer."""
    d = w.daemon()
    held = []
    for _ in range(300):
        s = socket.socket(socket.AF_UNIX)
        try:
            s.connect(d.control)
        except OSError:
            s.close()
            break
        held.append(s)
        d.keep(s)
    d.until("an answer", lambda: d.command("show", "stats").returncode == 0, 30)


@scenario
def control_path_of_something_else(w):
    """control: names a regular file: it is not deleted."""
    d = w.daemon(start=False)
    with open(d.control, "w") as f:
        f.write("precious\n")
    try:
        d.start()
    except Wrong:
        pass
    with open(d.control) if os.path.isfile(d.control) else open(os.devnull) as f:
        right("still there", f.read() == "precious\n")
    if d.alive():
        d.process.terminate()
        d.process.wait(10)
    d.process = None


@scenario
def history_is_told_whole(w):
    """tail of a history of 6,000 records gives every one, to a fast reader and to a slow one."""
    d = w.daemon(vrps=OTHERS)
    r = Router(d, "edge1")
    p = r.peer("192.0.2.9", 64510, None)
    r.connect()
    for _ in range(3000):
        r.down(p, forget=False)
        r.send(r.peer_up(p))
    d.heard()
    d.until("it is written", lambda: d.stats()["journal_pending"] == 0 and d.stats()["journal_seq"] > 6000)
    want = d.stats()["journal_seq"]
    for words in (["-n", "1000000"], ["--since", "1h"]):
        lines = d.command("tail", "-o", "json", *words).stdout.splitlines()
        right("every record with %s" % words[0], len(lines) == want, "%d of %d" % (len(lines), want))
    slow = subprocess.Popen([BUILD + "/bellman", "tail", "-n", "1000000", "-o", "json", "-s", d.control], stdout=subprocess.PIPE)
    time.sleep(0.7)  # the reader is slow: that is the case
    lines = slow.stdout.read().splitlines()
    slow.wait()
    right("every record for a slow reader", len(lines) == want, "%d of %d" % (len(lines), want))
    right("the last three", len(d.command("tail", "-n", "3", "-o", "json").stdout.splitlines()) == 3)


@scenario
def nobody_is_allowed_by_an_empty_list(w):
    """access: {allow: []} lets nobody in, or is refused; it does not let everybody in."""
    d = w.daemon(start=False)
    d.configure(access={"allow": []})
    if d.check_config().returncode == 2:
        return
    d.start()
    s = socket.create_connection(("127.0.0.1", d.port))
    s.sendall(wire.initiation("edge1"))
    s.settimeout(5)
    try:
        right("hung up", s.recv(1) == b"")
    except ConnectionResetError:
        pass
    except socket.timeout:
        raise Wrong("a router is let in")
    finally:
        s.close()


@scenario
def access_by_reload(w):
    """A reload takes an address out of access.allow: its session ends, others stay."""
    d = w.daemon(vrps=OTHERS, access={"allow": ["127.0.0.0/8"]})
    one, two = edge(d, "edge1", source="127.0.0.2"), edge(d, "edge2", source="127.0.0.3")
    d.until("both", lambda: d.stats()["sessions"] == 2)
    d.reload(access={"allow": ["127.0.0.2/32"]})
    d.until("one is left", lambda: [x["router"] for x in d.show("routers") if x["state"] == "up"] == ["edge1"])
    two.close()
    one.carry(one.prov, HALF, INVALID)
    d.opens("hijack")


@scenario
def one_address_takes_not_all_slots(w):
    """Many sessions of one address that say Initiation and nothing more: another router is let in, and it is told."""
    d = w.daemon(vrps=OTHERS, limits={"routers": 40})
    for k in range(45):
        try:
            s = socket.create_connection(("127.0.0.1", d.port), source_address=("127.0.0.66", 0))
            s.sendall(wire.initiation("idle%d" % k))
            d.keep(s)
        except OSError:
            break
    d.until("they are there", lambda: d.stats()["sessions"] + d.stats()["sessions_refused"] >= 40)
    d.sent = 0
    r = edge(d, "edge1", source="127.0.0.2", connect=False)
    r.route(r.prov, "pre", HALF, INVALID)

    def let_in():
        try:
            r.connect()
            return d.until("told", lambda: d.open("hijack"), 3)
        except (OSError, Wrong):
            r.close()
            return False
    d.until("a router is let in", let_in)
    d.until("it is told that slots are short", lambda: d.open_troubles() or [x for x in d.records if "refus" in str(x.get("event"))])


@scenario
def routers_are_forgotten(w):
    """2,000 sessions, each under a new name: routers that said nothing and left are forgotten."""
    d = w.daemon(limits={"stale_s": 1})
    for k in range(2000):
        with socket.create_connection(("127.0.0.1", d.port)) as s:
            s.sendall(wire.initiation("name-%06d" % k))
    d.until("all were heard", lambda: d.log_text().count("session: accepted") >= 2000, 30)
    d.until("forgotten", lambda: d.stats()["routers"] < 1100, 30)


@scenario
def nobody_reads_the_log(w):
    """Standard error is a pipe that nobody reads: routers are judged, questions answered, SIGTERM ends it."""
    d = w.daemon(start=False, vrps=OTHERS)
    reader, writer = os.pipe()
    d.log.close()
    d.log = os.fdopen(writer, "wb")
    d.configure(log={"level": "debug"})
    d.start()
    r = edge(d, connect=False)
    for k in range(400):
        r.connect()
        r.close()
    r.carry(r.prov, HALF, INVALID)
    r.connect()
    d.opens("hijack")
    d.stop(seconds=15)
    os.close(reader)


@scenario
def log_reader_dies(w):
    """Whoever reads the log is gone: the daemon goes on."""
    d = w.daemon(start=False, vrps=OTHERS)
    reader, writer = os.pipe()
    d.log.close()
    d.log = os.fdopen(writer, "wb")
    d.start()
    os.close(reader)
    r = edge(d)
    r.carry(r.prov, HALF, INVALID)
    d.opens("hijack")


@scenario
def words_of_others_are_clean(w):
    """Names and words of routers and caches, with escapes, newlines, broken UTF-8 and bidi: text, JSON and log stay clean."""
    nasty = [b'r"1\\', b"r\n12:00:00Z CRITICAL opened hijack.exact forged", b"r\x1b[2Jred", b"r\xff\xfe\xc3(", "r\u2028\u202egnp".encode(),
             b"r\0nul", b"x" * 300, "\U000e0041tag".encode()]
    error = pdu(1, ERROR, 3, struct.pack(">II", 0, len(nasty[1] + nasty[2])) + nasty[1] + nasty[2])
    c = w.cache(VRPS, answer=lambda version, kind, serial: error)
    d = w.daemon(caches=[c], wait_rpki=False, incidents={"settle_s": 2})
    for k, name in enumerate(nasty):
        r = Router(d, name)
        p = r.peer("192.0.2.%d" % (k + 1), 64510, "provider", views=("pre",))
        r.connect()
        r.route(p, "pre", "203.0.113.%d/32" % k, "64510 %d" % (65536 + k))
        d.keep(r)
    d.quiet()
    for words in (["tail", "-n", "10000"], ["show", "routers"], ["show", "incidents"], ["show", "peers"], ["show", "rpki"]):
        out = d.command(*words, text=False).stdout
        text = out.decode()
        right("no control characters in %s" % words, not [x for x in text if ord(x) < 32 and x != "\n"] and "\u202e" not in text, repr(text[:300]))
        right("no forged line in %s" % words, not [x for x in text.splitlines() if x.startswith("12:00:00Z CRIT")])
        for line in d.command(*words, "-o", "json", text=False).stdout.splitlines():
            json.loads(line.decode())
    log = open(d.folder + "/log", "rb").read()
    log.decode()
    right("no control characters in the log", not [x for x in log if x < 32 and x != 10])


@scenario
def journal_is_deleted(w):
    """The files of state_dir are deleted under the daemon: that is told, and what comes then is kept and survives a restart."""
    d = w.daemon(vrps=OTHERS)
    r = edge(d)
    d.heard()
    mark = d.mark()
    for name in os.listdir(d.folder + "/state"):
        if name.startswith("journal"):
            os.unlink(d.folder + "/state/" + name)
    r.carry(r.prov, HALF, INVALID)
    d.opens("hijack")
    d.alarms("journal.", mark)
    d.quiet()
    before = [x["id"] for x in d.show("incidents", "kind ~ hijack")]
    r.close()
    d.restart()
    r.connect()
    d.quiet()
    right("the hijack is still open", [x["id"] for x in d.show("incidents", "kind ~ hijack")] == before, d.show("incidents"))


@scenario
def journal_is_damaged(w):
    """Pages of the journal are overwritten while the daemon is down: it starts, sets the damaged file aside, tells it, and writes."""
    d = w.daemon(vrps=OTHERS)
    r = edge(d)
    for k in range(60):
        r.send(r.peer_up(r.prov))
        r.down(r.prov, forget=False)
    d.heard()
    d.stop()
    r.close()
    path = d.folder + "/state/journal.sqlite"
    size = os.path.getsize(path)
    with open(path, "r+b") as f:
        f.seek(4096)
        f.write(b"\xa5" * (size - 4096))
    d.records.clear()
    d.start()
    d.alarms("journal.")
    r.connect()
    r.carry(r.prov, HALF, INVALID)
    d.opens("hijack")
    d.until("it is written", lambda: d.stats()["journal_pending"] == 0)
    aside = [x for x in os.listdir(d.folder + "/state") if x.startswith("journal") and not x.startswith("journal.sqlite-") and x != "journal.sqlite"]
    right("set aside", aside, os.listdir(d.folder + "/state"))


@scenario
def no_room_to_write(w):
    """The journal may not grow (a full disk): told as an incident; what is told meanwhile is written when there is room."""
    d = w.daemon(vrps=OTHERS)
    r = edge(d)
    d.heard()
    d.until("written", lambda: d.stats()["journal_pending"] == 0)
    limit = max(os.path.getsize(d.folder + "/state/" + x) for x in os.listdir(d.folder + "/state"))
    mark = d.mark()
    resource.prlimit(d.process.pid, resource.RLIMIT_FSIZE, (limit, resource.RLIM_INFINITY))
    for k in range(40):
        r.carry(r.prov, "203.0.113.%d/32" % k, "64510 %d" % (4200000000 + k))
    d.until("told", lambda: d.told(mark))
    d.alarms("journal.", mark)
    right("alive", d.alive())
    resource.prlimit(d.process.pid, resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    d.until("all is written", lambda: d.stats()["journal_pending"] == 0, 30)
    d.until("over", lambda: not d.open_troubles("journal."))


@scenario
def journal_keeps_its_size(w):
    """journal.max_mb holds under a load of events: the oldest go, incidents that are open stay."""
    d = w.daemon(vrps=OTHERS, journal={"max_mb": 4})
    r = edge(d)
    r.carry(r.prov, HALF, INVALID)
    d.opens("hijack")
    flap = r.peer_up(r.cust), wire.peer_down(r.header(r.cust, "pre"), 1)
    for _ in range(60):
        r.send(*(flap * 250))
    d.heard()
    d.until("all is written", lambda: d.stats()["journal_pending"] == 0, 40)

    def size():
        return sum(os.path.getsize(d.folder + "/state/" + x) for x in os.listdir(d.folder + "/state") if x == "journal.sqlite")
    d.until("it is of its size", lambda: size() < 8 << 20, 40)
    r.close()
    d.trimmed = True
    d.restart()
    d.until("the hijack is open", lambda: d.show("incidents", "kind ~ hijack"))


@quick
def told_is_durable(w):
    """What a follower was shown before kill -9 is in the journal, and its numbers are given to nothing else."""
    d = w.daemon(vrps=OTHERS)
    seen = {}
    for k in range(3):
        r = edge(d, "edge%d" % k)
        stop = time.monotonic() + 0.6
        while time.monotonic() < stop:
            r.send(wire.peer_down(r.header(r.cust, "pre"), 1), r.peer_up(r.cust))
        d.stop(kill=True)
        r.close()
        with sqlite3.connect("file:%s/state/journal.sqlite" % d.folder, uri=True) as db:
            there = {row[0] for row in db.execute("select seq from record")}
        lost = [x["seq"] for x in d.records if x["seq"] not in there]
        right("nothing that was told is lost", not lost, "%d records" % len(lost))
        for x in d.records:
            right("a number is given once", seen.setdefault(x["seq"], x["at"]) == x["at"])
        d.start()


@scenario
def quiet_router_beside_a_flood(w):
    """One session sends path ids without end as fast as it can: another one on the same worker is judged within a second or two."""
    d = w.daemon(vrps=OTHERS)
    quiet = edge(d, "quiet")
    loud = Router(d, "loud")
    p = loud.peer("192.0.2.200", 64511, "provider", add_path=[(1, 1)], views=("pre",), families=((1, 1),))
    loud.connect()
    d.heard()
    over = [False]

    def shout():
        k = 0
        head = loud.header(p, "pre")
        attrs = wire.attributes("64511 64499")
        while not over[0]:
            octets = b"".join(struct.pack(">I", k + n) + bytes([24, 198, 18, 0]) for n in range(400))
            k += 400
            try:
                loud.socket.sendall(wire.monitoring(head, wire.update(attrs, octets)) * 4)
            except OSError:
                return
    t = threading.Thread(target=shout, daemon=True)
    t.start()
    try:
        for k in range(4):
            quiet.carry(quiet.prov, "203.0.113.%d/32" % k, "64510 %d" % (65540 + k), upto="pre")
            d.until("judged in 3 s", lambda: any("203.0.113.%d/32" % k in x["summary"] + str(x["prefixes"]) for x in d.open("hijack")), 3)
    finally:
        over[0] = True
        loud.close()
        t.join(5)


@scenario
def reload_storm(w):
    """200 SIGHUPs while routes come and go: nothing false is told, and it ends in good order."""
    d = w.daemon(vrps=OTHERS)
    r = edge(d)
    r.carry(r.prov, HALF, INVALID)
    d.opens("hijack")
    d.quiet()
    mark = d.mark()
    for _ in range(200):
        d.process.send_signal(signal.SIGHUP)
        r.route(r.prov, "pre", "192.0.2.0/24", "64510 64499")
        r.withdraw(r.prov, "pre", "192.0.2.0/24")
    d.quiet()
    right("nothing of routes", not d.told(mark), brief(d.told(mark)))


@scenario
def what_is_no_bmp(w):
    """HTTP, TLS, random octets and half messages on the port: closed or waited for, and no router is hurt."""
    d = w.daemon(vrps=OTHERS)
    r = edge(d)
    for data in (b"GET / HTTP/1.1\r\n\r\n", b"\x16\x03\x01\x02\0\x01\0", bytes(range(256)) * 20, b"\x03\xff\xff\xff\xff\x00", b"\x03\0\0", b"\x01\0\0\0\x06\4"):
        for end in ("close", "reset"):
            s = socket.create_connection(("127.0.0.1", d.port))
            s.sendall(data)
            if end == "reset":
                s.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            s.close()
    r.route(r.prov, "pre", HALF, INVALID)
    d.opens("hijack")
    d.until("their sessions are over", lambda: d.stats()["sessions"] == 1)


@scenario
def filter_and_lengths_of_tail(w):
    """tail: wrong durations and filters are refused with words; none of them hurts the daemon."""
    d = w.daemon()
    for words in (["--since", "nan"], ["--since", "inf"], ["--since", "-1h"], ["--since", "1e308d"], ["severity >"], ["a = b"], ["(" * 500]):
        p = d.command("tail", *words)
        right("%s is refused" % words[:2], p.returncode in (2, 4) and p.stderr.strip(), (p.returncode, p.stderr[:200]))
    for line in (b"tail\tsince=nan\n", b"tail\tn=99999999999999999999\n", b"show\twhat=\xff\n", b"\0\n", b"x" * 100000 + b"\n"):
        with socket.socket(socket.AF_UNIX) as s:
            s.connect(d.control)
            s.settimeout(5)
            try:
                s.sendall(line)
                s.recv(4096)
            except OSError:
                pass
    right("alive", d.stats())
