# Recorded BMP of every kind: decoded, replayed, fed to the daemon, converted; packed or not; in constant memory.
. tests/it/lib/it.sh

cat >"$work/make.py" <<'P'
"""make.py KIND MEGABYTES > FILE: bmp, pcap (two routers, segments out of order), mrt (updates), rib (a dump of two peers)."""
import struct, sys

kind, size = sys.argv[1], int(float(sys.argv[2]) * 1e6)
out = sys.stdout.buffer
T = 1700000000

def bmp(t, body):
    return struct.pack(">BIB", 3, 6 + len(body), t) + body

def peer(i=1, sec=T):
    return struct.pack(">BB8s16sI4sII", 0, 0, b"\0" * 8, b"\0" * 12 + bytes([192, 0, 2, i]), 64500 + i, bytes([i] * 4), sec, 0)

def bgp(t, body):
    return b"\xff" * 16 + struct.pack(">HB", 19 + len(body), t) + body

def opn(asn):
    return bgp(1, struct.pack(">BHH4sB", 4, asn, 90, b"\1\2\3\4", 8) + b"\2\6\x41\4" + struct.pack(">I", asn))

def attrs(asn):
    return b"\x40\1\1\0" + b"\x40\2\x0a\2\2" + struct.pack(">II", asn, 64999) + b"\x40\3\4\1\1\1\1"

def prefix(n):
    return bytes([24, 10 + (n >> 16) % 100, n >> 8 & 255, n & 255])

def update(n, asn=64501):
    a = attrs(asn)
    return bgp(2, b"\0\0" + struct.pack(">H", len(a)) + a + prefix(n))

def stream(name, n):
    yield bmp(4, struct.pack(">HH", 1, 1) + b"x" + struct.pack(">HH", 2, len(name)) + name.encode())
    yield bmp(3, peer() + b"\0" * 16 + b"\0\xb3\xc3\x50" + opn(64500) + opn(64501))
    for i in range(n):
        yield bmp(0, peer(sec=T + i // 1000) + update(i))

def mrt(sec, typ, sub, body):
    return struct.pack(">IHHI", sec, typ, sub, len(body)) + body

if kind == "bmp":
    for m in stream("big", size // 105):
        out.write(m)
elif kind == "pcap":
    out.write(struct.pack("=IHHIIII", 0xA1B2C3D4, 2, 4, 0, 0, 262144, 101))
    def segment(host, seq, data, t):
        ip = struct.pack(">BBHHHBBH4s4s", 0x45, 0, 40 + len(data), 0, 0, 64, 6, 0, bytes([192, 0, 2, host]), bytes([192, 0, 2, 254]))
        p = ip + struct.pack(">HHIIBBHHH", 40000, 1790, seq & 0xFFFFFFFF, 0, 0x50, 0x10, 1024, 0, 0) + data
        out.write(struct.pack("=IIII", T + t // 1000, t % 1000 * 1000, len(p), len(p)) + p)
    state = {}
    for host in (1, 2):
        state[host] = [4294967000, b"", stream("r%d" % host, size // 230), []]
    t = 0
    while state:
        for host in list(state):
            s = state[host]
            for m in s[2]:
                s[1] += m
                if len(s[1]) > 1400:
                    break
            else:
                s[3].append((s[0], s[1]))
                for q, d in s[3]:
                    segment(host, q, d, t)
                del state[host]
                continue
            s[3].append((s[0], s[1][:1300]))
            s[0] += 1300
            s[1] = s[1][1300:]
            if len(s[3]) == 4 and t > 10:  # the second before the first, one of them twice
                for k in (1, 0, 2, 2, 3):
                    segment(host, *s[3][k], t)
                s[3] = []
            elif t <= 10:
                segment(host, *s[3].pop(), t)
            t += 1
elif kind == "mrt":
    head = struct.pack(">IIHH4s4s", 64501, 64500, 0, 1, b"\xc0\0\2\1", b"\xc0\0\2\xfe")
    for i in range(size // 88):
        out.write(mrt(T + i // 1000, 16, 4, head + update(i)))
else:
    out.write(mrt(T, 13, 1, b"\1\1\1\1\0\1v" + struct.pack(">H", 2)
        + b"".join(b"\2" + bytes([i] * 4) + bytes([192, 0, 2, i]) + struct.pack(">I", 64500 + i) for i in (1, 2))))
    for i in range(size // 80):
        e = b"".join(struct.pack(">HIH", k, T - 5, 24) + attrs(64501 + k) for k in (0, 1))
        out.write(mrt(T, 13, 2, struct.pack(">I", i) + prefix(i) + b"\0\2" + e))
P
make() { python3 "$work/make.py" "$@"; }
# without the octets: a stream made of MRT says its file's name
summary() { "$bellman" decode --summary "$@" 2>"$work/err" | json '{k: x for k, x in v[0].items() if k != "bytes"}'; }

# packed: the same counts, whatever the file's name
make mrt 1 >"$work/plain"
want=$(summary "$work/plain")
echo "$want" | grep -q "'announced': {'1/1': 11363}" || fail "MRT: $want"
for p in gzip bzip2 zstd; do
	command -v $p >/dev/null || { echo "SKIPPED: no $p here"; continue; }
	$p -c <"$work/plain" >"$work/packed"
	[ "$(summary "$work/packed")" = "$want" ] || fail "$p: counts differ"
	[ "$(summary - <"$work/packed")" = "$want" ] || fail "$p: standard input"
done

# a long file needs no more memory than a short one; FILES_MB=200 for a longer one
for kind in mrt:${FILES_MB:-64} pcap:${FILES_MB:-64} bmp:${FILES_MB:-64} rib:${FILES_MB:-64}; do
	make "${kind%:*}" "${kind#*:}" >"$work/big"
	python3 - "$bellman" "$work/big" "$kind" <<'P' || fail "$kind: memory"
import json, os, resource, subprocess, sys
r = subprocess.run([sys.argv[1], "decode", "--summary", sys.argv[2]], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
rss = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
j = [json.loads(l) for l in r.stdout.decode().splitlines()]
n = sum(x["announced"]["1/1"] for x in j)
size = os.path.getsize(sys.argv[2]) / 1e6
print("%s: %.0f MB, %d routes, RSS %.1f MB" % (sys.argv[3], size, n, rss), r.stderr.decode()[:300])
faults = sum(sum(x["faults"].values()) for x in j)
sys.exit(r.returncode or size < float(sys.argv[3].split(":")[1]) * 0.9 or n < 4500 * size or faults or rss > (120 if "SAN" in os.environ else 48))
P
done
rm -f "$work/big"

# as much as is asked for, and each message with its router
make pcap 30 >"$work/two"
"$bellman" decode -n 5 -o json "$work/two" 2>"$work/err" >"$work/out" || fail "decode -n: $(cat "$work/err")"
[ "$(wc -l <"$work/out")" = 5 ] || fail "decode -n 5: $(wc -l <"$work/out") messages"
[ ! -s "$work/err" ] || fail "decode -n 5: $(cat "$work/err")"
[ "$(json 'v[0]["stream"]' <"$work/out")" = "192.0.2.1 port 40000 to 192.0.2.254 port 1790" ] || fail "decode: whose stream"

# records as they are
"$bellman" decode --records -o json "$work/plain" >"$work/out" 2>"$work/err" || fail "records: $(cat "$work/err")"
[ "$(json '(len(v), v[9]["subtype"], v[9]["message"]["nlri"], any("faults" in r for r in v))' <"$work/out")" = \
	"(11363, '4 MESSAGE_AS4', [{'prefix': '10.0.9.0/24'}], False)" ] || fail "records: $(sed -n 10p "$work/out")"
make rib 0.001 >"$work/rib"
"$bellman" decode --records -o json "$work/rib" >"$work/out" 2>"$work/err" || fail "records of a dump: $(cat "$work/err")"
[ "$(json '[(e["peer_address"], e["peer_as"], e["originated_time"]) for e in v[1]["entries"]]' <"$work/out")" = \
	"[('192.0.2.1', 64501, '2023-11-14T22:13:15.000000Z'), ('192.0.2.2', 64502, '2023-11-14T22:13:15.000000Z')]" ] || fail "records: $(sed -n 2p "$work/out")"
"$bellman" decode --records "$work/two" 2>"$work/err" && fail "a capture has no records"
grep -q 'neither MRT nor OpenBMP, but pcap' "$work/err" || fail "words: $(cat "$work/err")"

# over TCP, each router in the capture a session of its own; and at the recorder's pace
make pcap 0.2 >"$work/two"
make rib 0.1 >"$work/rib.gz"
config <<-EOF
files:
  - {path: $work/rib.gz, name: dump}
  - {path: $work/two}
EOF
start
has() { [ "$("$bellman" show routers -o json -s "$sock" | json "$1")" = "$2" ]; }
until_true 10 has 'sorted(r["router"] for r in v)' "['dump', 'r1', 'r2']" || fail "files: $("$bellman" show routers -s "$sock")"
until_true 10 has 'sorted(r["routes"] for r in v)' "[869, 869, 2500]" || fail "routes: $("$bellman" show routers -s "$sock")"
"$bellman" replay "$work/two" --to "127.0.0.1:$port" --speed 2 2>"$work/replay" || fail "replay: $(cat "$work/replay")"
[ "$(grep -c '871 messages' "$work/replay")" = 2 ] || fail "replay: $(cat "$work/replay")"
until_true 10 has 'len(v)' 5 || fail "no sessions of the replay"
kill -HUP "$pid"
until_true 5 grep -q reloaded "$work/log" || fail "reload"
stop
[ "$rc" = 0 ] || fail "bellmand ended with $rc"
grep -q 'file: read path=.*two format=pcap .* streams=2 skipped=0 gaps=0' "$work/log" || fail "no word of the file"
printf 'files: [{name: x}]\n' >"$work/bad.yaml"
"$bellmand" -c "$work/bad.yaml" --check-config 2>"$work/err" && fail "a file without a path is accepted"
grep -q 'bad.yaml:1:9: files: "path" is missing' "$work/err" || fail "words: $(cat "$work/err")"
config <<-EOF
files: [{path: $work/none}]
EOF
"$bellmand" -c "$work/bellman.yaml" 2>"$work/err" && fail "a file that is not there is accepted"
grep -q 'none: No such file' "$work/err" || fail "words: $(cat "$work/err")"

# converted, and read by another program
"$bellman" convert --to openbmp "$work/two" "$work/two.obmp" 2>/dev/null || fail "convert --to openbmp"
[ "$(summary "$work/two.obmp")" = "$(summary "$work/two")" ] || fail "OpenBMP: counts differ"
"$bellman" convert --to bmp "$work/two" "$work/x" 2>"$work/err" && fail "two routers in one raw file"
[ ! -e "$work/x" ] || fail "a failed conversion leaves a file"
"$bellman" convert --to bmp "$work/rib.gz" "$work/rib.bmp" || fail "convert --to bmp"
"$bellman" convert --to mrt "$work/rib.bmp" "$work/rib.mrt" 2>/dev/null || fail "convert --to mrt"
"$bellman" convert --to mrt "$work/two" - 2>/dev/null >"$work/two.mrt" || fail "convert to standard output"
[ "$(summary "$work/rib.mrt")" = "$(summary "$work/rib.bmp")" ] || fail "MRT: counts differ"
if command -v bgpdump >/dev/null; then
	bgpdump -m "$work/rib.mrt" 2>/dev/null | sort >"$work/a"
	bgpdump -m "$work/rib.gz" 2>/dev/null | sort >"$work/b"
	[ "$(wc -l <"$work/a")" = 2500 ] || fail "bgpdump reads $(wc -l <"$work/a") routes of 2500"
	cmp -s "$work/a" "$work/b" || fail "bgpdump reads something else: $(diff "$work/a" "$work/b" | head -n 4)"
	[ "$(bgpdump -m "$work/two.mrt" 2>/dev/null | wc -l)" = 1738 ] || fail "bgpdump: two routers"
	echo "bgpdump reads what we wrote: 2500 routes, line for line"
	# what others recorded: as BMP, as MRT again, and the same lines: time to the second, without their type,
	# and without aggregators of AS 0, which are discarded (RFC 7607)
	lines() { bgpdump -m "$1" 2>/dev/null | grep -v '|STATE|' | sed 's/^[A-Z0-9_]*|\([0-9]*\)[.0-9]*|/\1|/; s/|0 0[.]0[.]0[.]0|$/||/' | cut -d '|' -f "$2" | sort; }
	mrt=${BELLMAN_SHARED:-../shared}/data/mrt/ripe-bgpdump/test_data
	n=0
	[ -d "$mrt" ] || echo "SKIPPED: $mrt is not here"
	for f in "$mrt"/updates.* "$mrt"/bview.*; do
		[ -f "$f" ] || continue
		case $f in
		*/updates.*) to=mrt-updates fields=1- ;;
		*ipv6_unicast_add_path*) to=mrt fields=2-6 ;; # BIRD left the next hop out
		*) to=mrt fields=2- ;; # of a dump, the time is when it was made
		esac
		"$bellman" convert --to $to "$f" "$work/again" 2>/dev/null || fail "$f: convert --to $to"
		lines "$f" $fields >"$work/a"
		lines "$work/again" $fields >"$work/b"
		cmp -s "$work/a" "$work/b" || fail "$f: $(diff "$work/a" "$work/b" | head -n 6)"
		n=$((n + $(wc -l <"$work/a")))
	done
	echo "bgpdump reads what became of others' files: $n lines, the same"
else
	echo "SKIPPED: no bgpdump here (Debian package bgpdump)"
fi
