# `bellman suggest`: configuration from what sessions show; it is taken as it is, and then nothing is left to suggest.
. tests/it/lib/it.sh
export PYTHONPATH=tests/it/lib PYTHONDONTWRITEBYTECODE=1
cat >"$work/router.py" <<'P'
"""router.py PORT: by their sizes a provider (AS64501), a customer (AS64502), a peer (AS64503), and three that fit nothing."""
import socket, struct, sys, time
from bmp import *

IN, OUT = 64, 80 # after the policy

def path(*asns):
    return attribute(1, b"\0", 0x40) + attribute(2, bytes([2, len(asns)]) + struct.pack(">%dI" % len(asns), *asns), 0x40) + NEXT_HOP

s = socket.create_connection(("127.0.0.1", int(sys.argv[1])))
out = initiation() + b"".join(peer_up(i) for i in range(1, 7))
def tell(i, flags, attributes, nlri):
    global out
    for k in range(0, len(nlri), 500):
        out += bmp(0, peer(i, flags=flags) + update(attributes, b"".join(nlri[k:k + 500])))
full = [prefix(n) for n in range(2000)]
ours = [bytes([24, 198, 51, 100]), bytes([24, 10, 77, 0]), bytes([32, 198, 51, 100, 1])] # the last two are for us alone
tell(1, IN, path(64501, 65001), full)
tell(1, OUT, path(64500), ours)
tell(2, IN, path(64502), [bytes([24, 192, 0, 2])])
tell(2, OUT, path(64500, 64501, 65001), full)
tell(3, IN, path(64503), [bytes([24, 192, 0, 3])])
tell(3, OUT, path(64500), ours)
tell(4, IN, path(64504), [bytes([24, 192, 0, 4])])           # what it gets is not shown
tell(5, IN, path(64505), full[:800])                         # half full
tell(5, OUT, path(64500), ours)
tell(6, OUT, path(64500, 64501, 65001), full)                # sends nothing
for i in range(1, 7):
    out += bmp(0, peer(i, flags=IN) + update())
    if i != 4:
        out += bmp(0, peer(i, flags=OUT) + update())
s.sendall(out)
time.sleep(600)
P
cat >"$work/vrps.json" <<'J'
{"metadata": {"generated": 1}, "roas": [
 {"asn": "AS64500", "prefix": "203.0.112.0/23", "maxLength": 24, "ta": "x"},
 {"asn": "AS64500", "prefix": "203.0.113.0/24", "maxLength": 24, "ta": "x"},
 {"asn": "AS64999", "prefix": "192.0.0.0/24", "maxLength": 24, "ta": "x"}]}
J
rest() {
	echo "rpki: {files: [$work/vrps.json], max_age_s: 0}"
	echo "incidents: {hold_ms: 300, settle_s: 3}"
}
rest >"$work/rest"
config <"$work/rest"
router=
trap 'status=$?; [ -z "$router" ] || kill $router 2>/dev/null || true; [ -z "$pid" ] || kill -9 "$pid" 2>/dev/null || true; rm -rf "$work"; exit $status' EXIT
code() { # code WANT COMMAND...
	want=$1
	shift
	"$@" -s "$sock" >"$work/out" 2>"$work/err" </dev/null && got=0 || got=$?
	[ "$got" = "$want" ] || fail "$*: exit $got, not $want: $(cat "$work/out" "$work/err")"
}
has() { grep -qF -- "$1" "$work/out" || fail "no \"$1\" in: $(cat "$work/out")"; }
begin() {
	start
	python3 "$work/router.py" "$port" &
	router=$!
	until_true 20 ready || fail "the routes have not come"
}
ready() { [ "$("$bellman" show routers -s "$sock" -o json 2>/dev/null | json '[(r["routes"], r["synced"]) for r in v]')" = "[(6812, True)]" ] &&
	[ "$("$bellman" show stats -s "$sock" -o json | json 'v[0]["vrps_ipv4"]')" = 3 ]; }

begin
code 0 "$bellman" suggest
has '  # r1 192.0.2.1: ipv4-unicast 2000 in, 3 out, largest table 2000'
has '  - {asn: 64501, relation: provider}'
has '  - {asn: 64502, relation: customer}'
has '  - {asn: 64503, relation: peer}'
has '  # not proposed: AS64504: what it gets is not shown (Adj-RIB-Out, RFC 8671)'
has '  # not proposed: AS64505: the sizes fit nothing'
has '  # not proposed: AS64506: it sends nothing: a collector, or a customer without routes'
has '  # of our side in the OPENs: AS64500 in 6 sessions'
has '  asns: [64500]'
has '    - {prefix: "198.51.100.0/24"}'
has '    # originated by AS64500, and passed on'
has '    - {prefix: "203.0.112.0/23", max_length: 24}'
has '    # a VRP of AS64500, max 24; not seen in our routes; 1 more inside of it'
! grep -q '"10\.77\|/32\|64999' "$work/out" || fail "too much is ours: $(cat "$work/out")"
cp "$work/out" "$work/suggested"
code 0 "$bellman" suggest -o json
got=$(json '([(r["asn"], r["relation"]) for r in v if r["suggest"] == "neighbor"], [r["asn"] for r in v if r["suggest"] == "unclear"], [r["prefix"] for r in v if r["suggest"] == "own_prefix"], [r["asns"] for r in v if r["suggest"] == "own_asns"])' <"$work/out")
want="([(64501, 'provider'), (64502, 'customer'), (64503, 'peer')], [64504, 64505, 64506], ['198.51.100.0/24', '203.0.112.0/23'], [[64500]])"
[ "$got" = "$want" ] || fail "json: $got"
code 2 "$bellman" suggest more
grep -q 'it takes no "more"' "$work/err" || fail "$(cat "$work/err")"
stop
kill $router

# it is valid as it is, and when it is in force there is nothing left
cat "$work/suggested" >>"$work/rest"
config <"$work/rest"
"$bellmand" -c "$work/bellman.yaml" --check-config >"$work/out" 2>&1 || fail "what is suggested is not taken: $(cat "$work/out")"
begin
got=$("$bellman" show peers -o json -s "$sock" | json 'sorted((r["peer_as"], r["relation"], r["relation_from"]) for r in v)[:3]')
[ "$got" = "[(64501, 'provider', 'configured'), (64502, 'customer', 'configured'), (64503, 'peer', 'configured')]" ] || fail "$got"
code 1 "$bellman" suggest
! grep -q '^neighbors:\|^own:' "$work/out" || fail "it is suggested again: $(cat "$work/out")"
grep -q 'there is nothing to suggest' "$work/err" || fail "no word: $(cat "$work/err")"
stop
[ "$rc" = 0 ] || fail "bellmand ended with $rc"
