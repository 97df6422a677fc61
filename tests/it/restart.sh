# Killed with -9 and started again, routers reconnecting: nothing new is told, and what ended meanwhile is closed.
. tests/it/lib/it.sh
cat >"$work/router.py" <<'P'
"""A router that holds its connection: router.py PORT COMMAND-FIFO; each line: up | route PREFIX ASN.. | withdraw PREFIX | eor."""
import ipaddress, socket, struct, sys, time

def bmp(kind, body):
    return struct.pack(">BIB", 3, 6 + len(body), kind) + body

def peer():
    return struct.pack(">BB8s16sI4sII", 0, 0, b"\0" * 8, b"\0" * 12 + b"\xc0\0\2\1", 64510, b"\1\1\1\1", int(time.time()), 0)

def bgp(kind, body):
    return b"\xff" * 16 + struct.pack(">HB", 19 + len(body), kind) + body

def opn(asn):
    return bgp(1, struct.pack(">BHH4sB", 4, asn, 90, b"\1\2\3\4", 8) + b"\2\6\x41\4" + struct.pack(">I", asn))

def nlri(p):
    n = ipaddress.ip_network(p)
    return bytes([n.prefixlen]) + n.network_address.packed[: (n.prefixlen + 7) // 8]

def update(attrs, announce, withdraw=b""):
    return bgp(2, struct.pack(">H", len(withdraw)) + withdraw + struct.pack(">H", len(attrs)) + attrs + announce)

s = socket.create_connection(("127.0.0.1", int(sys.argv[1])))
for line in open(sys.argv[2]):
    w = line.split()
    if w[0] == "up":
        out = bmp(4, b"\0\1\0\4test\0\2\0\2r1") + bmp(3, peer() + b"\0" * 16 + b"\0\xb3\xc3\x50" + opn(64500) + opn(64510))
    elif w[0] == "route":
        path = b"".join(struct.pack(">I", int(a)) for a in w[2:])
        attrs = b"\x40\1\1\0" + b"\x40\2" + bytes([2 + len(path), 2, len(w) - 2]) + path + b"\x40\3\4\1\1\1\1"
        out = bmp(0, peer() + update(attrs, nlri(w[1])))
    elif w[0] == "withdraw":
        out = bmp(0, peer() + update(b"", b"", nlri(w[1])))
    elif w[0] == "eor":
        out = bmp(0, peer() + update(b"", b""))
    s.sendall(out)
P
config <<'Y'
own: {asns: [64500], prefixes: [{prefix: 203.0.113.0/24}]}
incidents: {hold_ms: 300, feed_grace_s: 3, settle_s: 30}
Y
router() { # a new connection; write to descriptor 7
	rm -f "$work/fifo"
	mkfifo "$work/fifo"
	python3 "$work/router.py" "$port" "$work/fifo" &
	router_pid=$!
	exec 7>"$work/fifo"
}
incidents() { "$bellman" tail -n 1000 -o json -s "$sock" type incident | json '[(r["kind"], r["transition"]) for r in v]'; }
seen() { [ "$(incidents)" = "$1" ]; }

start
router
printf 'up\nroute 203.0.113.0/25 64510 64666\nroute 203.0.113.0/24 64510 64667\neor\n' >&7
two="[('hijack.more-specific', 'opened'), ('hijack.exact', 'opened')]"
until_true 10 seen "$two" || fail "not opened: $(incidents)"

# the router reconnects and sends its table again
exec 7>&-
wait "$router_pid" || true
router
printf 'up\nroute 203.0.113.0/24 64510 64667\nroute 203.0.113.0/25 64510 64666\neor\n' >&7
sleep 3
seen "$two" || fail "a reconnect told something: $(incidents)"

# Bellman is killed, and started again
stop KILL
exec 7>&-
wait "$router_pid" || true
start
[ "$("$bellman" show incidents -o json -s "$sock" | json 'len(v)')" = 2 ] || fail "the open incidents did not come back"
router
printf 'up\nroute 203.0.113.0/25 64510 64666\nroute 203.0.113.0/24 64510 64667\neor\n' >&7
sleep 3
seen "$two" || fail "a restart told something: $(incidents)"

# killed again; one hijack ends while nobody looks
stop KILL
exec 7>&-
wait "$router_pid" || true
start
router
printf 'up\nroute 203.0.113.0/24 64510 64667\neor\n' >&7
until_true 15 seen "[('hijack.more-specific', 'opened'), ('hijack.exact', 'opened'), ('hijack.more-specific', 'closed')]" ||
	fail "what ended meanwhile was not closed: $(incidents)"

# the feed is lost: unknown, not closed; then it is back
exec 7>&-
wait "$router_pid" || true
unknown() { incidents | grep -q "('hijack.exact', 'unknown')"; }
until_true 10 unknown || fail "the feed is lost and nobody says so: $(incidents)"
router
printf 'up\nroute 203.0.113.0/24 64510 64667\neor\n' >&7
back() { incidents | grep -q "('hijack.exact', 'unknown'), ('hijack.exact', 'updated')"; }
until_true 15 back || fail "the feed is back and nobody says so: $(incidents)"
printf 'withdraw 203.0.113.0/24\n' >&7
closed() { incidents | grep -q "('hijack.exact', 'updated'), ('hijack.exact', 'closed')"; }
until_true 10 closed || fail "not closed: $(incidents)"
[ "$("$bellman" tail -n 1000 -o json -s "$sock" type incident | json 'len({r["id"] for r in v})')" = 2 ] || fail "ids changed"
[ "$("$bellman" tail -n 1000 -o json -s "$sock" | json '[r["seq"] for r in v] == sorted({r["seq"] for r in v})')" = True ] || fail "numbers"
exec 7>&-
stop
[ "$rc" = 0 ] || fail "bellmand ended with $rc"
