# Listeners, access, limits, half-open and broken connections; nobody suffers for another.
. tests/it/lib/it.sh
port=$(free_port)
port6=$(free_port)
cat >"$work/bellman.yaml" <<Y
collector: it
listen:
  - {address: 127.0.0.1, port: $port}
  - {address: "::1", port: $port6}
workers: 4
state_dir: $work/state
http: {listen: []}
control: $sock
access: {allow: [127.0.0.1/32, 127.0.1.0/24, "::1/128"]}
limits: {routers: 4, initiation_s: 2, peers_per_router: 3}
routers: [{name: named, address: 127.0.0.1}]
Y
cat /proc/net/if_inet6 2>/dev/null | grep -q ' lo$' || { echo "no IPv6 loopback here"; exit 77; }
start
python3 - "$port" "$port6" "$bellman" "$sock" <<'P' || fail "server"
import json, socket, struct, subprocess, sys, time
port, port6, bellman, sock = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3], sys.argv[4]

def show(what):
    out = subprocess.run([bellman, "show", what, "-o", "json", "-s", sock], capture_output=True, text=True).stdout
    return [json.loads(l) for l in out.splitlines()]

def bmp(kind, body):
    return struct.pack(">BIB", 3, 6 + len(body), kind) + body

def initiation(name):
    return bmp(4, b"\0\1\0\1d\0\2" + struct.pack(">H", len(name)) + name)

init = initiation(b"r6")

def connect(host="127.0.0.1", p=port, source=None):
    s = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
    if source:
        s.bind((source, 0))
    s.connect((host, p))
    s.settimeout(6)
    return s

def closed(s, within):
    begin = time.time()
    try:
        gone = s.recv(1) == b""
    except ConnectionResetError:
        gone = True
    except socket.timeout:
        gone = False
    return gone and time.time() - begin < within

# IPv6, and its name by sysName; IPv4 by its configured name
a = connect("::1", port6)
a.sendall(init)
b = connect()
b.sendall(init[:3])
time.sleep(0.2)
b.sendall(init[3:])
time.sleep(0.5)
names = sorted(r["router"] for r in show("routers"))
assert names == ["named", "r6"], names

# not in the access list: refused, and the others live
c = connect(source="127.0.0.2")
assert closed(c, 2), "127.0.0.2 was let in"

# says nothing: closed after initiation_s; a half header is nothing
d = connect()
d.sendall(b"\3\0\0")
assert closed(d, 5), "a silent connection is kept"

# framing lost: this one is closed, at once
e = connect()
e.sendall(initiation(b"e") + b"\3\0\0\0\0\0")
assert closed(e, 2), "length 0 is accepted"
f = connect()
f.sendall(initiation(b"f") + b"\3\x7f\xff\xff\xff\0")
assert closed(f, 2), "two gigabytes are awaited"

# framing holds: one bad message after another, and the session lives (a BGP message cut, an unknown type, a peer type of 9)
peer = struct.pack(">BB8s16sI4sII", 0, 0, b"\0" * 8, b"\0" * 12 + b"\xc0\0\2\1", 64510, b"\1\1\1\1", int(time.time()), 0)
for bad in (bmp(0, peer + b"\xff" * 16 + b"\0\x17"), bmp(77, b"what"), bmp(0, b"\x09" + peer[1:]), bmp(3, peer), bmp(1, peer + b"\0\0\0\5"), bmp(0, b"")):
    a.sendall(bad)
time.sleep(0.5)
r6 = [r for r in show("routers") if r["router"] == "r6"][0]
assert r6["state"] == "up" and r6["messages"]["unknown"] == 1 and r6["faults"], r6

# the limit of peers, one of which has only sent nonsense: the last two are left out, their messages counted
for n in (2, 3, 4, 5):
    other = peer[:25] + bytes([n]) + peer[26:]
    a.sendall(bmp(0, other + b"\xff" * 16 + b"\0\x17\2\0\0\0\0") * 2)
time.sleep(0.5)
r6 = [r for r in show("routers") if r["router"] == "r6"][0]
assert r6["peers"] == 2 and r6["refused_peer_messages"] == 4, r6
assert show("stats")[0]["refused_peer_messages"] == 4
text = subprocess.run([bellman, "show", "peers", "-s", sock], capture_output=True, text=True).stdout.splitlines()
assert "OUT-PRE" in text[0] and text[0].index("OUT-PRE") < text[0].index("OUT-POST"), text[0]

# the limit of routers: two are in, two more, and the fifth is refused; a configured name is the first one's of its address
g, h = connect(), connect()
g.sendall(initiation(b"g"))
h.sendall(initiation(b"h"))
time.sleep(0.3)
i = connect()
assert closed(i, 2), "a fifth router was let in"
assert show("stats")[0]["sessions"] == 4
def up():
    return sorted(r["router"] for r in show("routers") if r["state"] == "up")
assert up() == ["g", "h", "named", "r6"], up()
h.close()
time.sleep(0.5)
j = connect()
j.sendall(initiation(b"h"))
time.sleep(0.3)
assert up() == ["g", "h", "named", "r6"], "the name is not found again"
# we never close our side first: a router that only half-closes has said all it has to say
j.shutdown(socket.SHUT_WR)
assert closed(j, 3)
assert show("stats")[0]["sessions_refused"] == 2

# back, on whatever worker it was, it meets its routes; who has its name elsewhere is another router
for s in (a, b, g):
    s.close()
time.sleep(0.3)
for n in range(6):
    name = b"back%d" % n
    hello = initiation(name)
    update = b"\0\0\0\x14\x40\1\1\0\x40\2\6\2\1\0\0\xfb\xfe\x40\3\4\1\1\1\1\x18\x14\0" + bytes([n])
    k = connect(source="127.0.1.%d" % (10 + n))
    k.sendall(hello + bmp(0, peer + b"\xff" * 16 + struct.pack(">HB", 19 + len(update), 2) + update))
    time.sleep(0.3)
    k.close()
    time.sleep(0.2)
    k = connect(source="127.0.1.%d" % (10 + n))
    k.sendall(hello[:9])
    time.sleep(0.05)
    k.sendall(hello[9:])
    other = connect(source="127.0.1.%d" % (110 + 7 * n))
    other.sendall(hello)
    time.sleep(0.4)
    mine = {r["router"]: r for r in show("routers") if r["router"].startswith(name.decode())}
    assert set(mine) == {name.decode(), "%s@127.0.1.%d" % (name.decode(), 110 + 7 * n)}, mine
    assert [mine[name.decode()][x] for x in ("sessions", "stale", "state")] == [2, 1, "up"], mine
    other.close()
    k.close()
P
stop
[ "$rc" = 0 ] || fail "bellmand ended with $rc"
[ "$(grep -c "more peers than limits.peers_per_router" "$work/log")" = 1 ] || fail "a limit of peers is not told once"
