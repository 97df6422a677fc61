# The control socket: where it is made, who gets an answer while many ask and none reads, and what a reader is told when
# the daemon goes away.
. tests/it/lib/it.sh

# --- the start says what is wrong
sock=$work/run/control.sock
config </dev/null
start
[ -S "$sock" ] || fail "the folder of the socket was not made"
stop
[ ! -e "$sock" ] || fail "the socket is left behind"
echo precious >"$sock"
"$bellmand" -c "$work/bellman.yaml" 2>"$work/err" && fail "it started" || rc=$?
[ "$rc" = 1 ] && grep -q "cannot start: control socket $sock: .* left alone" "$work/err" || fail "$rc: $(cat "$work/err")"
[ "$(cat "$sock")" = precious ] || fail "the file is gone"
rm "$sock"
(ulimit -v 2000000 && exec "$bellmand" -c "$work/bellman.yaml" 2>"$work/err") && fail "it started" || rc=$?
memory=$((100 * 1024)) # KiB that readers may cost
patience=2             # s that an event may take beside them
if grep -q Sanitizer "$work/err"; then # cannot live with that, and keeps what was freed
	memory=$((4000 * 1024)) patience=10
else
	[ "$rc" = 1 ] && grep -q 'no address space for 2 workers with limits.routes 100000000 within 1953 MiB (ulimit -v)' "$work/err" ||
		fail "$rc: $(cat "$work/err")"
fi

# --- many ask for much
start
export PYTHONPATH=tests/it/lib PYTHONDONTWRITEBYTECODE=1
python3 - "$bellman" "$sock" "$port" "$pid" "$memory" "$patience" <<'P' || fail "control"
import ipaddress, json, os, socket, struct, subprocess, sys, threading, time
bellman, sock, port, pid = sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
PEERS = 10000

def ask(*words, **how):
    return subprocess.run([bellman, *words, "-s", sock], capture_output=True, text=True, timeout=30, **how)

def bmp(kind, body):
    return struct.pack(">BIB", 3, 6 + len(body), kind) + body

def bgp_open(asn):
    return b"\xff" * 16 + struct.pack(">HBBHH4sB", 29, 1, 4, asn, 90, b"\1\2\3\4", 0)

def peer(n, asn=64510):
    return struct.pack(">BB8s16sI4sII", 0, 0, b"\0" * 8, b"\0" * 12 + ipaddress.ip_address(0x0a000000 + n).packed, asn, b"\1\1\1\1", 1700000000, 0)

def up(n):
    return bmp(3, peer(n) + b"\0" * 16 + b"\0\xb3\xc3\x50" + bgp_open(64500) + bgp_open(64510))

def down(n):
    return bmp(2, peer(n) + b"\4")

def connect(request=b""):
    s = socket.socket(socket.AF_UNIX)
    s.connect(sock)
    s.settimeout(30)
    s.sendall(request)
    return s

def rss():
    return int(next(l for l in open("/proc/%d/status" % pid) if l.startswith("VmRSS")).split()[1])

def router(name):
    s = socket.create_connection(("127.0.0.1", port))
    s.sendall(bmp(4, b"\0\2" + struct.pack(">H", len(name)) + name))
    return s

big, quiet = router(b"big"), router(b"quiet")
big.sendall(b"".join(up(n) for n in range(PEERS)))
for _ in range(300):
    rows = ask("show", "routers", "-o", "json").stdout.splitlines()
    if any(json.loads(r)["peers"] == PEERS for r in rows):
        break
    time.sleep(.1)
before = rss()

# who asks and goes, again and again
stop = False
def hang_up():
    while not stop:
        try:
            connect(b"show\twhat=peers\tformat=json\n").close()
        except OSError:
            time.sleep(.001)
threads = [threading.Thread(target=hang_up, daemon=True) for _ in range(2)]
for t in threads:
    t.start()
# who asks and does not read; who says nothing; who follows and does not read
idle = [connect(b"show\twhat=peers\tformat=json\n") for _ in range(250)] + [connect() for _ in range(100)]
tails = [connect(b"tail\tfollow=1\tformat=json\n") for _ in range(100)]
worst, rounds = 0, 0
end = time.time() + 5
while time.time() < end:
    follow = connect(b"tail\tn=0\tfollow=1\tcount=1\tformat=json\tfilter=router = quiet\n")
    assert follow.recv(3) == b"ok\n"
    began = time.time()
    quiet.sendall(down(1) if rounds % 2 else up(1))
    assert b"quiet" in follow.recv(4096), "no event"
    worst = max(worst, time.time() - began)
    follow.close()
    rounds += 1
    assert ask("show", "rpki").returncode in (0, 1)
    big.sendall(b"".join(down(n) + up(n) for n in range(200)))
stop = True
for t in threads:
    t.join()
print("quiet router: %d events, at worst %.0f ms; RSS %d -> %d KiB" % (rounds, worst * 1000, before, rss()))
assert worst < int(sys.argv[6]), worst
assert rss() - before < int(sys.argv[5]), "readers who do not read cost %d KiB" % (rss() - before)

# who reads gets everything
got = ask("show", "peers", "-o", "json")
assert got.returncode == 0 and len(got.stdout.splitlines()) == PEERS + 1, (got.returncode, got.stderr, len(got.stdout.splitlines()))
assert len({(json.loads(l)["router"], json.loads(l)["peer"]) for l in got.stdout.splitlines()}) == PEERS + 1
got = ask("tail", "--since", "1h", "-o", "json")
seqs = [json.loads(l)["seq"] for l in got.stdout.splitlines()]
assert got.returncode == 0 and got.stderr == "" and seqs == list(range(1, seqs[-1] + 1)), "%d of %d" % (len(seqs), seqs[-1])
assert len(seqs) >= PEERS
got = ask("tail", "-n", "5000", "-o", "json")
last = [json.loads(l)["seq"] for l in got.stdout.splitlines()]
assert last == list(range(last[-1] - 4999, last[-1] + 1)), (len(last), last[0], last[-1], [b for a, b in zip(last, last[1:]) if b != a + 1][:5], got.stderr)
for s in tails[:3]:
    s.shutdown(socket.SHUT_WR)
for s in idle + tails:
    s.close()

# who says nothing is closed, in words
began = time.time()
s = connect(b"show\t")
with s.makefile("rb") as said:
    said = said.read()
assert said == b"error\tno request came\n", said
assert 5 < time.time() - began < 20, time.time() - began

# whoever reads us goes: so do we
p = subprocess.Popen([bellman, "tail", "-f", "-n", "1", "-s", sock], stdout=subprocess.PIPE)
p.stdout.readline()
p.stdout.close()
assert p.wait(5) != 0
P

# --- an answer that breaks off
"$bellman" tail -f -s "$sock" >"$work/out" 2>"$work/err" &
follower=$!
sleep 1
stop KILL
wait "$follower" && rc=0 || rc=$?
[ "$rc" = 3 ] && grep -q 'the daemon ended before its answer was complete' "$work/err" || fail "$rc: $(cat "$work/err")"
start
stop
[ "$rc" = 0 ] || fail "bellmand ended with $rc"
