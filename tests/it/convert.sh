# bellman convert: what is written says what was read.
. tests/it/lib/it.sh
export PYTHONPATH=tests/it/lib PYTHONDONTWRITEBYTECODE=1
records() { "$bellman" decode --records -o json "$1" | json "$2"; }

# a label is the peer's own: two peers with one route of VPN and of EVPN, each with its label, ESI, gateway
python3 - >"$work/labels.bmp" <<'P'
import sys
from bmp import *
RD = bytes.fromhex("0000fbf400000064")
out = initiation()
for i, label, esi in ((1, b"\0\x06\x41", b"\0" * 10), (2, b"\0\x0c\x81", bytes(range(10)))):
    vpn = b"\x70" + label + RD + b"\xcb\0\x71"
    mac = b"\x02\x21" + RD + esi + b"\0" * 4 + b"\x30\x02\0\0\0\0\1" + b"\0" + label
    out += peer_up(i) + monitoring(update(base() + reach(1, 128, vpn, b"\0" * 8 + b"\xc0\0\2\1")), i)
    out += monitoring(update(base() + reach(25, 70, mac)), i)
    out += monitoring(update(base() + NEXT_HOP, prefix(1)), i)
sys.stdout.buffer.write(out)
P
"$bellman" convert --to mrt "$work/labels.bmp" "$work/labels.mrt" 2>/dev/null || fail "convert --to mrt"
got=$(records "$work/labels.mrt" '[(r["nlri"]["labels"][0]["label"], [e["peer_index"] for e in r["entries"]]) for r in v[1:] if r["family"] == "ipv4-vpn"]')
[ "$got" = "[(100, [0]), (200, [1])]" ] || fail "labels: $got"
got=$(records "$work/labels.mrt" '[(r["nlri"]["esi"], [e["peer_index"] for e in r["entries"]]) for r in v[1:] if r["family"] == "l2vpn-evpn"]')
[ "$got" = "[('00:00:00:00:00:00:00:00:00:00', [0]), ('00:01:02:03:04:05:06:07:08:09', [1])]" ] || fail "ESI: $got"
got=$(records "$work/labels.mrt" '[len(r["entries"]) for r in v[1:] if "UNICAST" in r["subtype"]]')
[ "$got" = "[2]" ] || fail "a plain route of two peers: $got"

# what is wrong in one place takes nothing from another: a withdrawn field that cannot be read, an MP_REACH that is
# cut, a route of EVPN that is malformed; and what was read with path ids in doubt is not there once it is proved
python3 - >"$work/damage.bmp" <<'P'
import sys
from bmp import *
RD = bytes.fromhex("0000fbf400000064")
good = b"\x18\xc6\x33\x64"
out = initiation() + peer_up()
out += monitoring(update(base() + NEXT_HOP, good, withdrawn=bytes.fromhex("21c000020101")))
out += monitoring(update(base() + NEXT_HOP + reach(2, 1, bytes.fromhex("2020010db8202001"), b"\x20\1" + b"\0" * 13 + b"\1"), b"\x18\xc0\0\2"))
out += monitoring(update(base() + reach(25, 70, b"\3\2\1\2" + b"\3\x11" + RD + b"\0" * 4 + b"\x20\xc0\0\2\1")))
sys.stdout.buffer.write(out)
P
"$bellman" convert --to mrt "$work/damage.bmp" "$work/damage.mrt" 2>/dev/null || fail "convert damage"
got=$(records "$work/damage.mrt" '[r["nlri"].get("prefix", r["nlri"].get("route_type")) for r in v[1:]]')
echo "convert: what is left of damaged messages: $got"
[ "$got" = "['192.0.2.0/24', '198.51.100.0/24', '2001:db8::/32', 3]" ] || fail "damage: $got"
got=$(records "$work/damage.mrt" '[r.get("path_identifier") for r in v[1:]]')
[ "$got" = "[None, None, None, None]" ] || fail "damage, path ids: $got"

# two prefixes that read as one with a path id, as negotiated; then it is proved that none are sent
python3 - >"$work/doubt.bmp" <<'P'
import sys
from bmp import *
both = capability(69, b"\0\1\1\3")
out = initiation() + peer_up(1, both)
for nlri in ("18c0000218c63364", "18cb0071", "18cb0072"):
    out += monitoring(update(base() + NEXT_HOP, bytes.fromhex(nlri)))
sys.stdout.buffer.write(out)
P
"$bellman" convert --to mrt "$work/doubt.bmp" "$work/doubt.mrt" 2>/dev/null || fail "convert doubt"
got=$(records "$work/doubt.mrt" '[r["nlri"]["prefix"] for r in v[1:]]')
[ "$got" = "['203.0.113.0/24', '203.0.114.0/24']" ] || fail "doubt: $got"

# a mandatory attribute that is missing withdraws the route, as in the daemon
python3 - >"$work/missing.bmp" <<'P'
import sys
from bmp import *
out = initiation() + peer_up()
out += monitoring(update(base() + NEXT_HOP, prefix(1) + prefix(2))) + monitoring(update(base()[6:] + NEXT_HOP, prefix(1)))
sys.stdout.buffer.write(out)
P
"$bellman" convert --to mrt "$work/missing.bmp" "$work/missing.mrt" 2>/dev/null || fail "convert missing"
got=$(records "$work/missing.mrt" '[r["nlri"]["prefix"] for r in v[1:]]')
[ "$got" = "['10.0.2.0/24']" ] || fail "missing: $got"

# MRT has no place for a distinguisher: two VRFs and the global table have a neighbour of one address and AS. A file holds
# one of the three, says what it leaves out, and how to have it; each is whole
python3 - >"$work/vrfs.bmp" <<'P'
import struct, sys
from bmp import *
out = initiation()
for n, (kind, rd, name) in enumerate(((0, b"\0" * 8, b""), (1, bytes.fromhex("0000fbf400000001"), b"red"), (1, bytes.fromhex("0000fbf400000002"), b""))):
    header = bytes([kind, 0]) + rd + peer()[10:]
    up = b"\0" * 12 + b"\xc0\0\2\xfe" + struct.pack(">HH", 179, 50000) + open_message(64500) + open_message(64501)
    out += bmp(3, header + up + (struct.pack(">HH", 3, len(name)) + name if name else b""))
    out += bmp(0, header + update(base() + NEXT_HOP, prefix(n)))
sys.stdout.buffer.write(out)
P
for to in mrt mrt-updates; do
	for vrf in "" 64500:1 red 64500:2; do
		"$bellman" convert --to $to ${vrf:+--vrf $vrf} "$work/vrfs.bmp" "$work/vrf.mrt" 2>"$work/err" || fail "VRF '$vrf': $(cat "$work/err")"
		got=$("$bellman" decode -o json --type route_monitoring "$work/vrf.mrt" | json '[p["prefix"] for r in v for p in r["update"].get("nlri", [])]')
		case $vrf in
		"") want="['10.0.0.0/24']" ;;
		64500:2) want="['10.0.2.0/24']" ;;
		*) want="['10.0.1.0/24']" ;;
		esac
		[ "$got" = "$want" ] || fail "$to of VRF '$vrf': $got"
	done
	"$bellman" convert --to $to "$work/vrfs.bmp" "$work/vrf.mrt" 2>"$work/err"
	grep -q '2 messages of VRF red (64500:1) are left out, for which MRT has no place: --vrf 64500:1' "$work/err" || fail "$to: $(cat "$work/err")"
	grep -q '2 messages of VRF 64500:2 are left out' "$work/err" || fail "$to: $(cat "$work/err")"
	code=0
	"$bellman" convert --to $to --vrf green "$work/vrfs.bmp" "$work/none.mrt" 2>"$work/err" || code=$?
	[ $code = 1 ] && [ ! -e "$work/none.mrt" ] || fail "$to of a VRF that is not there: $code"
done
