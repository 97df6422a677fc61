# bellman decode against golden files: our own recordings of FRR and GoBGP, and faults made by hand.
# UPDATE_GOLDEN=1 writes them anew; look at the difference before you commit it.
. tests/it/lib/it.sh
export PYTHONPATH=tests/it/lib PYTHONDONTWRITEBYTECODE=1
golden=tests/golden
same() { # same NAME COMMAND...: what it prints is the golden file
	file=$1
	shift
	"$@" >"$work/$file" || fail "$file: exit $?"
	[ -z "${UPDATE_GOLDEN:-}" ] || cp "$work/$file" "$golden/$file"
	diff -u "$golden/$file" "$work/$file" || fail "$file is not as it was"
}
for f in tests/fixtures/*.bmp; do
	name=$(basename "$f" .bmp)
	same "$name.txt" "$bellman" decode "$f"
	same "$name.summary.json" "$bellman" decode --summary "$f"
	same "$name.json" "$bellman" decode -o json "$f"
done

# one line a route: of BMP, of MRT updates made of it, of a dump; what bgpdump -m prints of the same is the same
f=tests/fixtures/frr-8.4.4-live.bmp
same routes.txt "$bellman" decode --brief "$f"
same routes.json "$bellman" decode --brief -o json "$f"
same routes.bgpdump "$bellman" decode --bgpdump "$f"
json 'len(v) > 5 and all(x["kind"] in ("announce", "withdraw") and x["route"] and x["peer"] for x in v)' <"$work/routes.json" |
	grep -q True || fail "--brief -o json"
[ "$(wc -l <"$work/routes.txt")" = "$(wc -l <"$work/routes.json")" ] || fail "--brief: as many routes as text and as JSON"
for to in mrt mrt-updates; do
	"$bellman" convert --to $to "$f" "$work/$to" 2>/dev/null || fail "convert --to $to"
	"$bellman" decode --bgpdump "$work/$to" >"$work/$to.ours" 2>/dev/null || fail "--bgpdump of $to"
	command -v bgpdump >/dev/null || continue
	bgpdump -m "$work/$to" 2>/dev/null | grep -v '|STATE|' >"$work/$to.theirs"
	diff -u "$work/$to.theirs" "$work/$to.ours" || fail "$to: bgpdump says something else"
done
[ "$("$bellman" decode -b -n 2 "$f" | wc -l)" = 2 ] || fail "--brief -n"
[ "$("$bellman" decode -b --peer 10.77.0.11 "$f" | grep -vc 'from 10.77.0.11 ')" = 0 ] || fail "--brief --peer"
"$bellman" decode -b --prefix 198.51.100.0/30 "$f" >/dev/null 2>"$work/err" && fail "--brief --prefix of none"
grep -q "has a route that was asked for" "$work/err" || fail "--brief of none: $(cat "$work/err")"
for bad in "-b --summary" "-b --type peer_up" "-m -o json" "-m --records" "-b --problems"; do
	"$bellman" decode $bad "$f" >/dev/null 2>&1 && fail "$bad was accepted"
done

# the next hop of a VPN is an address behind a distinguisher; a time that nobody knows is left out
python3 - >"$work/vpn.bmp" <<'P'
import sys
from bmp import *
RD, six, near = bytes.fromhex("0000fbf400000064"), bytes.fromhex("20010db8") + b"\0" * 11 + b"\1", b"\xfe\x80" + b"\0" * 13 + b"\1"
v4, v6 = b"\x70\0\x06\x41" + RD + b"\xcb\0\x71", b"\x78\0\x06\x41" + RD + six[:4]
out = initiation()
for a in (reach(1, 128, v4, b"\0" * 8 + b"\xc0\0\2\1"), reach(2, 128, v6, b"\0" * 8 + six), reach(2, 1, b"\x20" + six[:4], six + near),
    reach(2, 128, v6, b"\0" * 8 + six + b"\0" * 8 + near)):
    out += bmp(0, peer(sec=0) + update(base() + a))
sys.stdout.buffer.write(out)
P
got=$("$bellman" decode -b -o json "$work/vpn.bmp" | json '[x["next_hop"] for x in v], [x for x in v if "time" in x]')
[ "$got" = "(['192.0.2.1', '2001:db8::1', '2001:db8::1', '2001:db8::1'], [])" ] || fail "--brief of VPNs: $got"
[ "$("$bellman" decode -b "$work/vpn.bmp" | grep -c '^- + .* next-hop \(192.0.2.1\|2001:db8::1\)')" = 4 ] || fail "--brief of VPNs as text"

# faults are pointed at: a MED of three octets, a torn marker, attributes and NLRI that are cut
python3 - >"$work/faults.bmp" <<'P'
import struct, sys

def bmp(kind, body):
    return struct.pack(">BIB", 3, 6 + len(body), kind) + body

def update(attributes, nlri=b"\x18\xcb\x00\x71"):
    body = struct.pack(">HH", 0, len(attributes)) + attributes + nlri
    return b"\xff" * 16 + struct.pack(">HB", 19 + len(body), 2) + body

peer = bytes(10 + 12) + bytes([192, 0, 2, 1]) + struct.pack(">I4sII", 64501, b"\1\1\1\1", 1700000000, 0)
path = b"\x40\x01\x01\x00" + b"\x40\x02\x06\x02\x01" + struct.pack(">I", 64501) + b"\x40\x03\x04\xc0\x00\x02\x01"
short_med = update(path + b"\x80\x04\x03\x00\x00\x01")
out = bmp(4, b"\0\1\0\1d\0\2\0\2r6")
for message in (short_med, b"\xfe" + short_med[1:], update(path[:18], b"\x21\xcb\x00\x71\x00\x00")):
    out += bmp(0, peer + message)
sys.stdout.buffer.write(out + out[:9])
P
same faults.txt "$bellman" decode --problems "$work/faults.bmp"
same faults.summary.json "$bellman" decode --summary "$work/faults.bmp"
same faults.json "$bellman" decode --problems -o json "$work/faults.bmp"

# what is wrong with MRT records is data, too: octets behind an entry, a message longer than its record, octets of no record,
# a record that was torn and one that is cut; the records around them are whole
python3 - >"$work/faults.mrt" <<'P'
import struct, sys

def mrt(kind, sub, body, sec=1700000000):
    return struct.pack(">IHHI", sec, kind, sub, len(body)) + body

path = b"\x40\x01\x01\x00" + b"\x40\x02\x06\x02\x01" + struct.pack(">I", 64501) + b"\x40\x03\x04\xc0\x00\x02\x01"

def message(prefixes, cut=0):
    body = struct.pack(">HH", 0, len(path)) + path + b"".join(b"\x18\x0a" + bytes(p) for p in prefixes)
    bgp = b"\xff" * 16 + struct.pack(">HB", 19 + len(body), 2) + body
    ends = struct.pack(">IIHH", 64501, 64500, 0, 1) + b"\xc0\0\2\1\xc0\0\2\xfe"
    return mrt(16, 4, ends + bgp[:len(bgp) - cut])

index = mrt(13, 1, b"\1\1\1\1\0\0\0\1\2\1\1\1\1\xc0\0\2\1" + struct.pack(">I", 64501))
entry = b"\0\0" + struct.pack(">IH", 1700000000, len(path)) + path
rib = mrt(13, 2, b"\0\0\0\0\x18\xcb\0\x71\0\1" + entry + b"\xaa\xbb")
many = [(1, i) for i in range(9)]
sys.stdout.buffer.write(index + rib + message(many, 10) + message([(2, 0)]) + b"\0" * 5 + message([(3, 0)]) +
    message([(4, 0)])[:40] + message([(5, 0)]) + message(many)[:-7])
P
same faults.mrt.txt "$bellman" decode --problems "$work/faults.mrt"
same faults.mrt.json "$bellman" decode --problems -o json "$work/faults.mrt"
same faults.mrt.summary.json "$bellman" decode --summary "$work/faults.mrt"
same faults.mrt.records.json "$bellman" decode --problems --records -o json "$work/faults.mrt"

# what is wrong with NLRI is told in every family: a MAC of 40 bits, a type 3 that is cut, labels past the prefix;
# and none of it is counted twice
python3 - >"$work/families.bmp" <<'P'
import sys
from bmp import *
RD = bytes.fromhex("0000fbf400000064")
mac = b"\2\x21" + RD + b"\0" * 14 + b"%c\2\0\0\0\0\1\0\0\x27\x10"
out = initiation() + peer_up()
for a in (reach(25, 70, mac % 0x30), reach(25, 70, mac % 0x28), reach(25, 70, b"\3\x20" + RD), unreach(25, 70, b"\3\x20" + RD),
    reach(1, 128, b"\x20\0\x06\x41\xcb", b"\0" * 8 + b"\xc0\0\2\1")):
    out += monitoring(update(a if a[1] == 15 else base() + a))
sys.stdout.buffer.write(out)
P
got=$("$bellman" decode -o json --problems "$work/families.bmp" | json '[(m["number"], [f["code"] for f in m["faults"]]) for m in v]')
[ "$got" = "[(4, ['nlri-malformed']), (5, ['nlri-overrun']), (6, ['nlri-overrun']), (7, ['nlri-length'])]" ] || fail "families: $got"
got=$("$bellman" decode --summary "$work/families.bmp" | json '(v[0]["announced"], v[0]["faults"])')
[ "$got" = "({'25/70': 1}, {'nlri-length': 1, 'nlri-overrun': 2, 'nlri-malformed': 1})" ] || fail "families, counted: $got"

# every line is an object, and no name comes twice in one
python3 - "$work" <<'P' || fail "JSON"
import glob, json, sys
def once(pairs):
    names = [k for k, _ in pairs]
    assert len(names) == len(set(names)), names
    return dict(pairs)
n = 0
for path in glob.glob(sys.argv[1] + "/*.json"):
    for line in open(path):
        json.loads(line, object_pairs_hook=once)
        n += 1
assert n > 50, n
P

# filters: fewer messages, each as asked for
f=tests/fixtures/frr-8.4.4-live.bmp
all=$("$bellman" decode -o json "$f" | wc -l)
[ "$("$bellman" decode -o json --type peer_up,initiation "$f" | json 'len(v) > 1 and set(x["type"] for x in v) == {"peer_up", "initiation"}')" = True ] || fail "--type"
[ "$("$bellman" decode -o json --peer 10.77.0.11 "$f" | json 'len(v) > 1 and all(x["peer"]["address"] == "10.77.0.11" for x in v)')" = True ] || fail "--peer address"
[ "$("$bellman" decode -o json --peer AS64511 "$f" | json 'len(v) > 1 and all(x["peer"]["as"] == 64511 for x in v)')" = True ] || fail "--peer AS"
[ "$("$bellman" decode -o json --prefix 0.0.0.0/0 "$f" | json 'len(v) > 1 and all(x["type"] == "route_monitoring" for x in v)')" = True ] || fail "--prefix"
[ "$("$bellman" decode -o json --prefix 192.0.2.0/24 "$f" | wc -l)" -lt "$("$bellman" decode -o json --prefix 0.0.0.0/0 "$f" | wc -l)" ] || fail "--prefix is too wide"
[ "$("$bellman" decode -o json -n 3 "$f" | wc -l)" = 3 ] || fail "-n"
[ "$("$bellman" decode -o json --problems "$f" | wc -l)" -lt "$all" ] || fail "--problems"
[ "$("$bellman" decode -o json --peer 64511 "$f")" = "$("$bellman" decode -o json --peer AS64511 "$f")" ] || fail "--peer number"
[ "$("$bellman" decode -o json --peer ::ffff:10.77.0.11 "$f")" = "$("$bellman" decode -o json --peer 10.77.0.11 "$f")" ] || fail "--peer mapped"
# of an address, the prefixes that cover it
address=$("$bellman" decode -o json --prefix 0.0.0.0/0 "$f" | json 'next(p["prefix"] for m in v for p in m["update"].get("nlri", []) if p["prefix"].endswith("/24"))' | sed 's/0.24$/7/')
"$bellman" decode -o json --prefix "$address" "$f" >"$work/cover" || fail "--prefix $address"
[ "$(json 'all("%s/24" % "'"${address%7}"'0" in str(m) for m in v)' <"$work/cover")" = True ] || fail "--prefix $address: something else"
"$bellman" decode --prefix "$address/32" "$f" >/dev/null 2>&1 && fail "--prefix $address/32 was found"
for bad in "--type nope" "--peer nope" "--prefix 1.2.3.4/33" "-n 0" "-n -1" "-n 2x" "--peer AS-1" "--peer AS4294967297" \
	"-o xml"; do
	"$bellman" decode $bad "$f" >/dev/null 2>&1 && fail "$bad was accepted"
done

# what could not be written is not a success; who has read enough is no error to be told of
if [ -w /dev/full ]; then
	for o in "-o json" "-n 1" --summary; do
		"$bellman" decode $o "$f" >/dev/full 2>/dev/null && fail "decode $o to a full device"
	done
fi
"$bellman" decode -o json "$f" 2>"$work/err" | head -n 1 >/dev/null
[ -s "$work/err" ] && fail "a reader that has enough: $(cat "$work/err")"
exit 0
