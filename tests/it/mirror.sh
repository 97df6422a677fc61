# BGP messages by Route Mirroring, and BGP sessions in captures: read as the session is, checked, found, converted.
. tests/it/lib/it.sh
export PYTHONPATH=tests/it/lib PYTHONDONTWRITEBYTECODE=1
python3 - "$work" <<'P'
import struct, sys
from bmp import *
def put(name, data):
    open(sys.argv[1] + "/" + name, "wb").write(data)
def mirrored(*messages):
    return bmp(6, peer() + b"".join(struct.pack(">HH", 0, len(m)) + m for m in messages))
paths = capability(69, b"\0\1\1\3")  # path ids, both ways
two = b"\0\0\0\7" + prefix(1) + b"\0\0\0\x08" + prefix(2)
bad = update(attribute(1, b"\x09", 0x40) + base()[5:] + NEXT_HOP, b"\0\0\0\7" + prefix(3))
twice = update(base() + reach(25, 70, b"") + reach(25, 70, b""))
stream = initiation() + peer_up(1, paths) + monitoring(update(base() + NEXT_HOP, two))
stream += mirrored(update(base() + NEXT_HOP, two), bgp(4, b"")) + mirrored(bad) + mirrored(update()) + mirrored(twice)
put("mirror.bmp", stream)
# a session of 2-octet AS numbers; what the other side sends comes between
old = lambda asn: bgp(1, struct.pack(">BHH4sB", 4, asn, 90, b"\1\2\3\4", 0))
a = [old(64501), update(base(width=2) + NEXT_HOP, prefix(1)), update(base(width=2) + NEXT_HOP, prefix(2)), update(), update(b"", b"", prefix(2))]
b = [old(64500), bgp(4, b"")]
packets, seq = [segment(9, 254, 4000, 179, 1000, b"", 2), segment(254, 9, 179, 4000, 5000, b"", 0x12)], {0: 1001, 1: 5001}
for side, m in ((0, a[0]), (1, b[0]), (1, b[1]), (0, a[1]), (0, a[2]), (0, a[3]), (0, a[4])):
    packets.append(segment(*((9, 254, 4000, 179) if side == 0 else (254, 9, 179, 4000)), seq[side], m))
    seq[side] += len(m)
put("session.pcap", pcap(packets))
stream = initiation() + peer_up() + monitoring(update(base() + NEXT_HOP, prefix(1)))
put("bmp.pcap", pcap([segment(9, 254, 40000, 1790, 1, stream[:100]), segment(9, 254, 40000, 1790, 101, stream[100:])], T + 5))
P
is() { # is WHAT GOT WANT
	[ "$2" = "$3" ] || fail "$1: $2, not $3"
}
j() { "$bellman" decode -o json "$@" 2>"$work/err"; }

# path ids as negotiated, faults of each, End-of-RIB; routes are counted where they are monitored
is "mirrored" "$(j "$work/mirror.bmp" | json '[(x["type"], len(x.get("nlri", []))) for x in v[3]["mirrored"]]')" "[('update', 2), ('keepalive', 0)]"
is "path ids" "$(j "$work/mirror.bmp" | json '[n["path_id"] for n in v[3]["mirrored"][0]["nlri"]]')" "[7, 8]"
is "problems" "$(j --problems "$work/mirror.bmp" | json '[(m["number"], [f["code"] for f in m["faults"]]) for m in v]')" \
	"[(5, ['attr-value']), (7, ['mp-duplicate'])]"
is "action" "$(j --problems "$work/mirror.bmp" | json 'v[1]["action"]')" "a BGP speaker would reset the session; routes treated as withdrawn"
is "End-of-RIB" "$(j "$work/mirror.bmp" | json 'v[5]["mirrored"][0]["end_of_rib"]')" "ipv4-unicast"
is "counted" "$("$bellman" decode --summary "$work/mirror.bmp" | json '(v[0]["announced"], v[0]["end_of_rib"], v[0]["faults"])')" \
	"({'1/1': 2}, {}, {'attr-value': 1, 'mp-duplicate': 1})"
is "--prefix" "$(j --prefix 10.0.2.0/24 "$work/mirror.bmp" | json '[m["number"] for m in v]')" "[3, 4]"
is "--type" "$(j --type keepalive "$work/mirror.bmp" | json '[m["number"] for m in v]')" "[4]"
is "--type" "$(j --type peer_up,update "$work/mirror.bmp" | json '[m["number"] for m in v]')" "[2, 4, 5, 6, 7]"

# a captured session: only what was in it is shown, and its routes are counted, for nothing else tells of them
f=$work/session.pcap
is "capture" "$(j "$f" | json '[(m["number"], m["mirrored"][0]["type"]) for m in v]')" \
	"[(1, 'open'), (2, 'open'), (3, 'keepalive'), (4, 'update'), (5, 'update'), (6, 'update'), (7, 'update')]"
is "2-octet path" "$(j "$f" | json 'v[3]["mirrored"][0]["attributes"]["as_path"]')" "64501 64999"
is "recorded" "$(j "$f" | json 'v[3]["recorded"]')" "2023-11-14T22:13:25.250000Z"
is "counted" "$("$bellman" decode --summary "$f" | json '(v[0]["announced"], v[0]["withdrawn"], v[0]["end_of_rib"], v[0]["faults"])')" \
	"({'1/1': 2}, {'1/1': 1}, {'1/1': 1}, {})"
"$bellman" decode --type open "$f" >"$work/out" || fail "decode --type open"
grep -q '^#1 route_mirroring open  192.0.2.9 AS64501  2023-11-14T22:13:22.250000Z  (' "$work/out" || fail "head: $(head -n 1 "$work/out")"
grep -q 'AS0\|0\.0\.0\.0\|initiation' "$work/out" && fail "what was made here is shown: $(cat "$work/out")"

# when it was recorded, beside the router's time
"$bellman" decode --type route_monitoring "$work/bmp.pcap" >"$work/out" || fail "decode bmp.pcap"
grep -q 'adj-rib-in-pre  2023-11-14T22:13:20Z  recorded 2023-11-14T22:13:26.250000Z  (' "$work/out" || fail "recorded: $(head -n 1 "$work/out")"

# as MRT: every message, with both ends; and what is left at the end
"$bellman" convert --to mrt-updates "$f" "$work/updates.mrt" 2>"$work/err" || fail "mrt-updates: $(cat "$work/err")"
grep -q '7 records, adj-rib-in-pre; 0 messages left out' "$work/err" || fail "mrt-updates: $(cat "$work/err")"
"$bellman" decode --records -o json "$work/updates.mrt" >"$work/records" || fail "records"
is "records" "$(json '[(r["subtype"], r["message"]["type"]) for r in v][2:5]' <"$work/records")" \
	"[('4 MESSAGE_AS4', 'keepalive'), ('1 MESSAGE', 'update'), ('1 MESSAGE', 'update')]"
is "ends" "$(json '[v[3][k] for k in ("peer_as", "local_as", "peer_address", "local_address")]' <"$work/records")" \
	"[64501, 64500, '192.0.2.9', '192.0.2.254']"
is "time" "$(json 'str(v[3]["timestamp"])' <"$work/records")" 2023-11-14T22:13:25.250000Z
is "counted" "$("$bellman" decode --summary "$work/updates.mrt" 2>/dev/null | json '(v[0]["announced"], v[0]["withdrawn"], v[0]["faults"])')" "({'1/1': 2}, {'1/1': 1}, {})"
"$bellman" convert --to mrt "$f" "$work/rib.mrt" 2>"$work/err" || fail "mrt: $(cat "$work/err")"
is "left" "$("$bellman" decode --records -o json "$work/rib.mrt" | json '[(r["nlri"]["prefix"], r["entries"][0]["attributes"]["as_path"]) for r in v[1:]]')" "[('10.0.1.0/24', '64501 64999')]"
# what a router mirrors is said to be left out
"$bellman" convert --to mrt-updates "$work/mirror.bmp" "$work/updates.mrt" 2>"$work/err" || fail "mrt-updates: $(cat "$work/err")"
grep -q '2 records, adj-rib-in-pre; 5 messages left out' "$work/err" || fail "mrt-updates: $(cat "$work/err")"
