# HTTP: what monitoring systems ask for, who may ask, and that no request, however odd, slow or often, hurts another one.
. tests/it/lib/it.sh
web=$(free_port)
http="[{address: 127.0.0.1, port: $web}], connections: 40, per_address: 30, idle_s: 2, peers: 2, token: \"s3cret token\""
workers=1
config </dev/null
start
export PYTHONPATH=tests/it/lib PYTHONDONTWRITEBYTECODE=1
python3 - "$web" "$port" "$pid" <<'P' || fail "http"
import http.client, json, re, socket, subprocess, shutil, sys, threading, time
from bmp import *
web, port, pid = (int(a) for a in sys.argv[1:4])
TOKEN = {"Authorization": "Bearer s3cret token"}

def get(path, method="GET", body=None, port=web, **headers):
    c = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    c.request(method, path, body=body, headers=dict(TOKEN, **{k.replace("_", "-"): v for k, v in headers.items()}))
    r = c.getresponse()
    return r.status, {k.lower(): v for k, v in r.getheaders()}, r.read()

def until(what, probe):
    end = time.time() + 20
    while not probe():
        assert time.time() < end, what
        time.sleep(.1)

# --- who may ask
for said in (None, "", "Bearer", "Bearer wrong", "Bearer s3cret token2", "Bearer s3cret toke", "Basic s3cret token", "s3cret token"):
    status, fields, body = get("/metrics", Authorization=said or "")
    assert status == 401 and "Bearer" in fields["www-authenticate"] and b"s3cret" not in body, (said, status)
assert get("/metrics", Authorization="bearer s3cret token")[0] == 200
assert get("/livez", Authorization="")[::2] == (200, b"ok\n")
assert get("/readyz", Authorization="")[::2] == (200, b"ok\n")
assert get("/healthz", Authorization="")[0] == 401

# --- metrics: the grammar, each sample of a family that is told of, none twice
router = socket.create_connection(("127.0.0.1", port))
router.sendall(initiation(b'r1"} 1\nevil 1 \\') + b"".join(peer_up(i) for i in (1, 2, 3)))
router.sendall(b"".join(monitoring(update(base() + NEXT_HOP, prefix(n))) for n in range(50)))
def metric(text, name, **labels):
    for line in text.splitlines():
        m = re.fullmatch(r'(\w+)(?:\{(.*)\})? (\S+)', line)
        if m and m[1] == name and all('%s="%s"' % l in (m[2] or "") for l in labels.items()):
            return float(m[3])
def scrape(**headers):
    status, fields, body = get("/metrics", **headers)
    assert status == 200, (status, body)
    return fields["content-type"], body.decode()
until("routes", lambda: metric(scrape()[1], "bellman_routes") == 50)
kind, text = scrape()
assert kind == "text/plain; version=0.0.4; charset=utf-8", kind
kind, open_text = scrape(Accept="application/openmetrics-text;version=1.0.0,text/plain;version=0.0.4;q=0.5,*/*;q=0.1")
assert kind.startswith("application/openmetrics-text; version=1.0.0"), kind
seen, family, types = set(), None, {}
for line in open_text.split("\n")[:-1]:
    m = re.fullmatch(r"# TYPE (\w+) (gauge|counter|info|histogram)", line)
    if m:
        assert m[1] not in types, m[1]
        family, types[m[1]] = m[1], m[2]
        continue
    if re.fullmatch(r"# (HELP|UNIT) %s .+" % family, line) or line == "# EOF":
        continue
    m = re.fullmatch(r'(\w+)(\{(?:\w+="(?:[^"\\\n]|\\["\\n])*",?)+\})? (-?[0-9.e+]+)', line)
    assert m, line
    if types[family] == "histogram":
        assert m[1] in (family + "_bucket", family + "_sum", family + "_count"), line
    else:
        assert m[1] == family + {"gauge": "", "counter": "_total", "info": "_info"}[types[family]], line
    assert m[1] + (m[2] or "") not in seen, line
    seen.add(m[1] + (m[2] or ""))
assert open_text.endswith("\n# EOF\n")
assert metric(text, "bellman_peers", state="up", relation="unknown") == 3 or metric(text, "bellman_peers_up") == 3
assert sum(l.startswith("bellman_peer_up{") for l in text.splitlines()) == 2 and metric(text, "bellman_metrics_left_out") == 1, "limit"
assert metric(text, "bellman_bmp_messages_total", type="route_monitoring") == 50
counts = [metric(text, "bellman_record_seconds_bucket", le=b) for b in ("0.0005", "0.1", "60", "+Inf")]
assert counts == sorted(counts) and counts[-1] == metric(text, "bellman_record_seconds_count") > 3, counts
assert metric(text, "bellman_journal_writable") == 1 and metric(text, "process_resident_memory_bytes") > 1e6
assert abs(metric(text, "process_start_time_seconds") - time.time()) < 60
assert not [l for l in text.splitlines() if l.startswith("evil")]
if shutil.which("promtool"):
    p = subprocess.run(["promtool", "check", "metrics"], input=text, capture_output=True, text=True)
    assert p.returncode == 0 and not p.stderr and not p.stdout, (p.stdout + p.stderr)[:2000]
else:
    print("promtool is not here")

# --- health
status, fields, body = get("/healthz")
health = json.loads(body)
assert status == 200 and health["status"] == "ok" and health["collector"] == "it", health
assert {"collector", "journal", "rpki", "routers"} <= {c["name"] for c in health["checks"]}, health

# --- requests that nobody should send
def problem(answer, status):
    assert answer[0] == status and answer[1]["content-type"] == "application/problem+json", answer
    p = json.loads(answer[2])
    assert p["status"] == status and p["detail"] and p["title"], p
problem(get("/nothing"), 404)
problem(get("/metrics/x"), 404)
problem(get("/%"), 400)
problem(get("/a?b=%00"), 400)
problem(get("/%ff"), 400)
problem(get("/" + "a" * 9000), 414)
for method in ("POST", "PUT", "DELETE", "OPTIONS", "PATCH", "TRACE", "BREW"):
    answer = get("/metrics", method, body="x" * 100 if method == "POST" else None)
    problem(answer, 405)
    assert answer[1]["allow"] == "GET, HEAD"
status, fields, body = get("/metrics", "HEAD")
assert status == 200 and body == b"" and int(fields["content-length"]) > 1000

def raw(octets, wait=3):
    s = socket.create_connection(("127.0.0.1", web), timeout=wait)
    got = b""
    try:
        s.sendall(octets)
        while len(got) < 1 << 20:
            more = s.recv(65536)
            if not more:
                break
            got += more
    except OSError:
        pass
    s.close()
    return got
request = b"GET /metrics?a=%20b HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer s3cret token\r\nAccept: */*\r\n\r\n"
held = []
for n in range(len(request)):  # cut short, and gone
    s = socket.create_connection(("127.0.0.1", web))
    s.sendall(request[:n])
    s.close()
for octets in (b"\0" * 1000, b"\r\n" * 500, b"GET\r\n\r\n", b"GET / HTTP/9.9\r\n\r\n", b"GET  /metrics  HTTP/1.1\r\nHost: x\r\n\r\n",
               b"GET /metrics HTTP/1.1\r\n\r\n", b"A" * 70000, b"GET /metrics HTTP/1.1\r\n" + b"X: y\r\n" * 5000 + b"\r\n",
               b"POST /metrics HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999999999999999\r\n\r\n",
               b"POST /metrics HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nffffffffffffffff\r\n",
               b"GET /metrics HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n", b"\x16\x03\x01\x02\x00\x01\x00"):
    got = raw(octets)
    assert got == b"" or re.match(rb"HTTP/1\.[01] (4\d\d|505)", got), (octets[:40], got[:100])
pipelined = raw(request * 3 + request.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n"))
assert pipelined.count(b"HTTP/1.1 200") == 4, pipelined[:300]
assert get("/livez")[0] == 200

# --- many, and slow: those who say nothing give way, others are answered all the while
def rss():
    return int(next(l for l in open("/proc/%d/status" % pid) if l.startswith("VmRSS")).split()[1])
before, idle, worst = rss(), [], 0
for n in range(120):
    try:
        s = socket.create_connection(("127.0.0.1", web), timeout=5)
        s.sendall(request[:n % 40])
        idle.append(s)
    except OSError:
        pass
    if n % 10 == 0:
        time.sleep(.3)
        began = time.time()
        assert get("/livez")[0] == 200, n
        worst = max(worst, time.time() - began)
slow = []
for n in range(10):  # who asks and does not read
    s = socket.socket()
    s.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
    s.connect(("127.0.0.1", web))
    s.sendall(request * 100)
    slow.append(s)
time.sleep(.5)
began = time.time()
until("an answer while others do not read", lambda: get("/livez")[0] == 200)
worst = max(worst, time.time() - began)
text = scrape()[1]
print("worst %.0f ms, RSS %d -> %d KiB, gave way %d" % (worst * 1000, before, rss(), metric(text, "bellman_http_refused_total", reason="silent")))
assert worst < 5 and metric(text, "bellman_http_refused_total", reason="silent") > 10, worst
assert metric(text, "bellman_http_connections") <= 40
time.sleep(4)  # idle_s
text = scrape()[1]
assert metric(text, "bellman_http_connections") <= 2, metric(text, "bellman_http_connections")
assert metric(text, "bellman_http_unauthorized_total") >= 9 and metric(text, "bellman_http_requests_total", place="metrics", status="4xx") > 0
P
grep -q 's3cret' "$work/log" && fail "the token is in the log"
"$bellmand" -c "$work/bellman.yaml" --dump-config | grep -q 'token: "\*\*\*\*\*\*\*\*"' || fail "the token is not masked"

# --- another token, without a restart
sed 's/s3cret token/another/' "$work/bellman.yaml" >"$work/new" && mv "$work/new" "$work/bellman.yaml"
kill -HUP "$pid"
code() { # code TOKEN PORT: the status of /metrics
	python3 -c '
import sys, urllib.request, urllib.error
q = urllib.request.Request("http://127.0.0.1:%s/metrics" % sys.argv[2], headers={"Authorization": "Bearer " + sys.argv[1]})
try: print(urllib.request.urlopen(q, timeout=10).status)
except urllib.error.HTTPError as e: print(e.code)
except OSError as e: print("none")' "$1" "$2"
}
is_code() { [ "$(code "$1" "$2")" = "$3" ]; }
until_true 10 is_code another "$web" 200 || fail "the new token does not hold"
[ "$(code "s3cret token" "$web")" = 401 ] || fail "the former token holds"

# --- an address that is configured has to be had; one that nobody asked for is done without, until it is free
second() { # second HTTP: the configuration of another collector
	sed "s/port: $port/port: $(free_port)/; s|control: .*|control: $work/second.sock|; s|state_dir: .*|state_dir: $work/second|" \
		"$work/bellman.yaml" | { [ "$1" = same ] && cat || sed "s/^http: .*/$1/"; } >"$work/second.yaml"
	"$bellmand" -c "$work/second.yaml" 2>"$work/second.log" &
	second=$!
}
second same
wait "$second" && fail "two collectors at one address" || rc=$?
[ "$rc" = 1 ] && grep -q "cannot start: http.listen: cannot listen on 127.0.0.1 port $web: .*in use; right would be" "$work/second.log" ||
	fail "$rc: $(cat "$work/second.log")"
kill -0 "$pid" || fail "the first collector is gone"
holder=
python3 -c '
import socket, sys, time
s = socket.socket(); s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
try: s.bind(("127.0.0.1", 11020)); s.listen(1); print("held", flush=True)
except OSError: print("taken", flush=True)
time.sleep(60)' >"$work/holder" &
holder=$!
until_true 10 test -s "$work/holder" || fail "holder"
second ""
is_up() { "$bellman" show stats -s "$work/second.sock" >/dev/null 2>&1; }
until_true 10 is_up || fail "a taken default address keeps the collector from starting: $(cat "$work/second.log")"
grep -q 'warning .*cannot listen on 127.0.0.1 port 11020' "$work/second.log" || fail "no word: $(cat "$work/second.log")"
[ -z "$("$bellman" show incidents -s "$work/second.sock" -o json)" ] || fail "an alarm about what nobody asked for"
kill "$holder"
if grep -q held "$work/holder"; then # the machine's 11020 was free before: it is had now, unless somebody was faster
	is_listening() { grep -q 'listening address=127.0.0.1 port=11020' "$work/second.log"; }
	until_true 15 is_listening || grep -c 'cannot listen' "$work/second.log" || fail "not tried again"
fi
kill "$second"
wait "$second" || fail "the second collector: $?"

# --- the end does not wait for readers
python3 -c '
import socket, sys, time
held = []
for n in range(20):
    s = socket.create_connection(("127.0.0.1", int(sys.argv[1]))); held.append(s)
    s.sendall(b"GET /metrics HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer another\r\n" + b"\r\n" * (n % 2))
print("asked", flush=True)
time.sleep(60)' "$web" >"$work/asked" &
holder=$!
until_true 10 test -s "$work/asked" || fail "asked"
began=$(date +%s)
stop
[ "$rc" = 0 ] || fail "the end: $rc"
[ $(($(date +%s) - began)) -le 5 ] || fail "the end takes $(($(date +%s) - began)) s"
kill "$holder"
