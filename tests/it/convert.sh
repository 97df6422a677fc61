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
