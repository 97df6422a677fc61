# `bellman explain`: which facts made which rule true in which view, and why others are not.
. tests/it/lib/it.sh
export PYTHONPATH=tests/it/lib PYTHONDONTWRITEBYTECODE=1
cat >"$work/router.py" <<'P'
"""router.py PORT: one router with a customer (AS64501) and a neighbour of whom nothing is known (AS64502)."""
import socket, struct, sys, time
from bmp import *

def path(*asns):
    return attribute(1, b"\0", 0x40) + attribute(2, bytes([2, len(asns)]) + struct.pack(">%dI" % len(asns), *asns), 0x40) + NEXT_HOP

def net(a, b, c, n=24):
    return bytes([n, a, b, c])

OTC = attribute(35, struct.pack(">I", 174), 0xc0)
COMMUNITY = attribute(8, struct.pack(">HHI", 64501, 7, 0xffffff01), 0xc0)
s = socket.create_connection(("127.0.0.1", int(sys.argv[1])))
out = initiation() + peer_up(1) + peer_up(2)
out += bmp(3, b"\x03" + peer(0, asn=64500)[1:10] + b"\0" * 16 + peer(0, asn=64500)[26:] + b"\0" * 20 + open_message(64500) * 2)
out += bmp(0, b"\x03" + peer(0, asn=64500)[1:10] + b"\0" * 16 + peer(0, asn=64500)[26:] + update(path(64501, 174, 64777) + OTC, net(192, 0, 2)))
for flags in (0, 64): # before and after the policy
    def tell(i, attributes, *nlri):
        global out
        out += bmp(0, peer(i, flags=flags) + update(attributes, b"".join(nlri)))
    tell(1, path(64501, 64999) + COMMUNITY, net(203, 0, 113))
    tell(1, path(64501, 64997), net(198, 51, 100))
    tell(1, path(64501, 64996), *[net(198, 51, 128 + k) for k in range(12)])
    for k in range(17): # as many incidents
        tell(1, path(64501, 65100 + k), net(198, 51, k))
    tell(1, path(64501, 174, 64777) + OTC, net(192, 0, 2))
    tell(2, path(64502, 174, 64777) + OTC, net(192, 0, 2))
    tell(2, path(64502, 64500), net(203, 0, 112, 23))
    for i in (1, 2):
        out += bmp(0, peer(i, flags=flags) + update())
s.sendall(out)
time.sleep(600)
P
cat >"$work/vrps.json" <<'J'
{"metadata": {"generated": 1}, "roas": [
 {"asn": "AS64500", "prefix": "203.0.112.0/23", "maxLength": 23, "ta": "x"},
 {"asn": "AS64997", "prefix": "198.51.0.0/16", "maxLength": 20, "ta": "x"},
 {"asn": "AS64777", "prefix": "192.0.2.0/24", "maxLength": 24, "ta": "x"},
 {"asn": "AS64778", "prefix": "192.0.2.0/24", "maxLength": 24, "ta": "x"}]}
J
config <<Y
own: {asns: [64500], prefixes: [{prefix: 203.0.112.0/23}]}
neighbors: [{asn: 64501, relation: customer}]
rpki: {files: [$work/vrps.json], max_age_s: 0}
incidents: {hold_ms: 300, settle_s: 5, group_at: 100, baseline: off}
Y
code() { # code WANT COMMAND...
	want=$1
	shift
	"$@" -s "$sock" >"$work/out" 2>"$work/err" </dev/null && got=0 || got=$?
	[ "$got" = "$want" ] || fail "$*: exit $got, not $want: $(cat "$work/out" "$work/err")"
}
has() { grep -qF -- "$1" "$work/out" || fail "no \"$1\" in: $(cat "$work/out")"; }
says() { grep -qF -- "$1" "$work/err" || fail "no \"$1\" on stderr: $(cat "$work/err")"; }

start
python3 "$work/router.py" "$port" &
router=$!
trap 'status=$?; kill $router 2>/dev/null || true; [ -z "$pid" ] || kill -9 "$pid" 2>/dev/null || true; rm -rf "$work"; exit $status' EXIT
ready() { "$bellman" show routes 203.0.112.0/23 -s "$sock" >"$work/out" 2>&1 && grep -q valid "$work/out"; }
until_true 20 ready || fail "the routes have not come: $(cat "$work/out")"

# a hijack: two views of it, told once
code 0 "$bellman" explain 203.0.113.0/24
has "203.0.113.0/24: 2 routes on 1 router, a rule is true of 2"
has "r1  192.0.2.1 AS64501  adj-rib-in-pre, adj-rib-in-post"
has "path         64501 64999, next hop 192.0.2.1"
has "ROV          invalid: no VRP names this origin"
has "wrong AS   203.0.112.0/23 max 23 AS64500"
has "session      AS64501 is our customer (configured), we are AS64500"
has "own prefix   203.0.112.0/23: its origin may NOT originate it"
has "communities  64501:7 no-export"
has "TRUE         rov.invalid.asn, hijack.more-specific"
has "leak.otc: the route has no OTC attribute (RFC 9234)"
[ "$(grep -c TRUE "$work/out")" = 1 ] || fail "a view is told twice: $(cat "$work/out")"

# who is known makes a leak of it; of the other one it is said what is missing
code 0 "$bellman" explain 192.0.2.0/24
has "path says    it has a provider-free AS, AS174; it has one behind the first AS"
has "OTC          AS174"
has "matched    192.0.2.0/24 max 24 AS64777"
has "wrong AS   192.0.2.0/24 max 24 AS64778"
has "TRUE         leak.otc, leak.peerlock"
has "r1  loc-rib"
has "TRUE         leak.otc (as where it came in), leak.peerlock (as where it came in)"
has "session      AS64502 is of unknown relation"
has "leak.otc: the route has OTC AS174, but nobody says what AS64502 is to us"
code 0 "$bellman" explain 198.51.100.0/24
has "ROV          invalid: longer than its VRPs allow"
has "too long   198.51.0.0/16 max 20 AS64997"
has "hijack.exact: no prefix of ours covers it"
code 0 "$bellman" explain 203.0.112.0/23
has "TRUE         no rule"
has "rov.invalid.asn: a VRP allows AS64500 this prefix and length"
has "hijack.exact: AS64500 may originate our 203.0.112.0/23"

# the same for programs; the octets, and what is in them
code 0 "$bellman" explain 192.0.2.0/24 -o json
got=$(json 'sorted({(r["peer"], r["relation"], tuple(r["rules"]), len(r["rov"]["matched"]), len(r["rov"]["wrong_as"])) for r in v if r["peer"] != "loc-rib"})' <"$work/out")
want="[('192.0.2.1', 'customer', ('leak.otc', 'leak.peerlock'), 1, 1), ('192.0.2.2', 'unknown', (), 1, 1)]"
[ "$got" = "$want" ] || fail "json: $got"
code 0 "$bellman" explain --octets 203.0.113.0/24
has "octets       50010001"
has "communities"
has "64501:7 no-export"

# an incident: what it is, why it is so grave, whose it is where it got furthest, and its prefixes
opened() { [ "$("$bellman" show incidents -s "$sock" | wc -l)" -ge 21 ]; }
until_true 20 opened || fail "not all incidents are open: $("$bellman" show incidents -s "$sock")"
"$bellman" show incidents -o json 'kind ~ hijack' -s "$sock" >"$work/hijack"
id=$(json 'v[0]["id"]' <"$work/hijack")
code 0 "$bellman" explain "$(echo "$id" | cut -c 1-8)"
has "AS64999 originates 203.0.113.0/24, inside our 203.0.112.0/23"
has "incident     $id, opened"
has "kind         hijack.more-specific, scope hijack|AS64999; also rov.invalid.asn"
has "severity     critical"
has "because    our policy accepts it; nobody uses it"
has "it is about what is ours: the world has it"
has "furthest     accepted: r1 has it from 192.0.2.1 AS64501 (customer)"
has "203.0.113.0/24: 2 routes on 1 router"
code 0 "$bellman" explain "$id" -o json
got=$(json '(v[0]["incident"]["id"], v[0]["more"]["why"]["furthest"], v[0]["more"]["prefixes"], [r["view"] for r in v[1:]].__len__())' <"$work/out")
[ "$got" = "('$id', 'accepted', ['203.0.113.0/24'], 2)" ] || fail "json: $got"
code 0 "$bellman" explain
head -n 1 "$work/out" | grep -q "^$(echo "$id" | cut -c 1-8)  critical hijack.more-specific AS64999 originates" || fail "not the gravest first: $(cat "$work/out")"
many=$("$bellman" show incidents -o json -s "$sock" | json '[r["id"] for r in v if r["scope"].endswith("AS64996")][0]')
code 0 "$bellman" explain "$many"
[ "$(grep -c "routes on 1 router" "$work/out")" = 10 ] || fail "not the first 10: $(grep -c "routes on" "$work/out")"
has "198.51.137.0/24: 2 routes"
has "2 more prefixes: --all has them."
code 0 "$bellman" explain --all "$many"
[ "$(grep -c "routes on 1 router" "$work/out")" = 12 ] || fail "not all: $(grep -c "routes on" "$work/out")"
one=$("$bellman" show incidents -o json -s "$sock" | json 'sorted(r["id"][0] for r in v if [s["id"][0] for s in v].count(r["id"][0]) > 1)[0]')
code 2 "$bellman" explain "$one"
says "$one is the beginning of several ids; which one?"
code 1 "$bellman" explain 00000000000000000000000000000000
says "no incident whose id begins with 00000000000000000000000000000000 is open"

# what is not there: what is near
code 1 "$bellman" explain 203.0.113.128/25
says "no router has a route for exactly 203.0.113.128/25"
says "it is covered by: 203.0.113.0/24 203.0.112.0/23"
code 1 "$bellman" explain 198.0.0.0/8
says "within it there are: 198.51.100.0/24"
code 1 "$bellman" explain 2001:db8::/32
says "none covers it, and none lies within it"
code 0 "$bellman" explain 203.0.113.7
says "203.0.113.7/32 lies in 203.0.113.0/24"
has "hijack.more-specific"
code 2 "$bellman" explain 203.0.113/24
says '"203.0.113/24" is neither a prefix nor an id; right would be 203.0.113.0/24'
code 2 "$bellman" explain a b
code 2 "$bellman" show explain 203.0.113.0/24
says 'that is what `bellman explain` is for'

# one that is over, and what a configuration makes untrue
leak=$("$bellman" show incidents -o json 'kind ~ leak' -s "$sock" | json 'v[0]["id"]')
echo 'rules: {off: [leak.otc, leak.peerlock], dry_run: [rov.invalid.length], exceptions: [{rule: hijack.more-specific, origin: 64999, why: lab}]}' >>"$work/bellman.yaml"
kill -HUP "$pid"
over() { "$bellman" tail -n 1 "id = $leak" -s "$sock" | grep -q closed; }
until_true 20 over || fail "the leak is still open"
code 0 "$bellman" explain "$(echo "$leak" | cut -c 1-10)"
says "it is not open; this is what was told of it last"
has "incident     $leak, closed"
has "192.0.2.0/24: 5 routes on 1 router, a rule is true of 0"
has "leak.otc: the route breaks it, but the rule is off (rules.off)"
code 0 "$bellman" explain 198.51.100.0/24
has "TRUE         rov.invalid.length (dry-run)"
code 0 "$bellman" explain 203.0.113.0/24
has "hijack.more-specific: the route breaks it, but an exception covers it"
stop
[ "$rc" = 0 ] || fail "bellmand ended with $rc"
