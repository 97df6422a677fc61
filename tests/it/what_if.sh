# `bellman what-if`: what another ROA, or a rule that is off, would change; nothing changes by asking.
. tests/it/lib/it.sh
export PYTHONPATH=tests/it/lib PYTHONDONTWRITEBYTECODE=1
cat >"$work/router.py" <<'P'
"""router.py PORT NAME: a customer (AS64501) and a provider (AS64502); what we originate goes to the provider."""
import socket, struct, sys, time
from bmp import *

def path(*asns):
    segment = bytes([2, len(asns)]) + struct.pack(">%dI" % len(asns), *asns) if asns else b""
    return attribute(1, b"\0", 0x40) + attribute(2, segment, 0x40) + NEXT_HOP

def net(a, b, c, n=24):
    return bytes([n, a, b, c])

s = socket.create_connection(("127.0.0.1", int(sys.argv[1])))
out = initiation(sys.argv[2].encode()) + peer_up(1) + peer_up(2)
def tell(i, flags, attributes, *nlri):
    global out
    out += bmp(0, peer(i, flags=flags) + update(attributes, b"".join(nlri)))
tell(1, 64, path(64501), net(198, 51, 100))
tell(2, 64, path(64502, 64777), net(192, 0, 2))
tell(2, 64, path(64502, 64778), net(20, 0, 0))
tell(2, 64, path(64502, 64775, 64776, 64888), net(192, 0, 8))
out += bmp(0, peer(2, flags=80) + update(path(64500, 64501), net(198, 51, 100)))
out += bmp(0, peer(2, flags=80) + update(path(64500), net(203, 0, 113))) # Adj-RIB-Out, after the policy
for i in (1, 2):
    out += bmp(0, peer(i, flags=64) + update())
out += bmp(0, peer(2, flags=80) + update())
s.sendall(out)
time.sleep(600)
P
cat >"$work/vrps.json" <<'J'
{"metadata": {"generated": 1}, "roas": [
 {"asn": "AS64500", "prefix": "203.0.113.0/24", "maxLength": 24, "ta": "x"},
 {"asn": "AS64999", "prefix": "20.0.0.0/24", "maxLength": 24, "ta": "x"}],
 "aspas": [{"customer_asid": 64888, "providers": [64777]}, {"customer_asid": 64775, "providers": [64774]},
  {"customer_asid": 64776, "providers": [64774]}]}
J
config <<Y
own: {asns: [64500], prefixes: [{prefix: 203.0.113.0/24}]}
neighbors: [{asn: 64501, relation: customer}, {asn: 64502, relation: provider}]
rpki: {files: [$work/vrps.json], max_age_s: 0}
incidents: {hold_ms: 300, settle_s: 3, baseline: off}
Y
routers=
trap 'status=$?; for r in $routers; do kill $r 2>/dev/null || true; done; [ -z "$pid" ] || kill -9 "$pid" 2>/dev/null || true; rm -rf "$work"; exit $status' EXIT
code() { # code WANT COMMAND...
	want=$1
	shift
	"$@" -s "$sock" >"$work/out" 2>"$work/err" </dev/null && got=0 || got=$?
	[ "$got" = "$want" ] || fail "$*: exit $got, not $want: $(cat "$work/out" "$work/err")"
}
has() { grep -qE -- "$1" "$work/out" || fail "no \"$1\" in: $(cat "$work/out")"; }
says() { grep -qF -- "$1" "$work/err" || fail "no \"$1\" on stderr: $(cat "$work/err")"; }

start
for name in ams1 fra1; do
	python3 "$work/router.py" "$port" $name &
	routers="$routers $!"
done
ready() { [ "$("$bellman" show routes 203.0.113.0/24 -s "$sock" 2>/dev/null | grep -c valid)" = 2 ] &&
	[ "$("$bellman" show incidents -o csv -s "$sock" 2>/dev/null | wc -l)" = 3 ]; }
until_true 20 ready || fail "the routes have not come"
state() { "$bellman" show incidents -o json -s "$sock" | json '[(r["id"], r["severity"], r["prefixes"]["count"]) for r in v]'; }
state >"$work/before"

# of others, of a customer, of ours; of both routers together
code 0 "$bellman" what-if --roa "192.0.2.0/24 AS64999"
has "^1 prefix would flip, in 2 routes.$"
has "^Invalid then: 1 \(0 of ours, 0 of customers, 1 of others\)$"
has "^192.0.2.0/24 +AS64777 +not-found +invalid-AS +others +2  (ams1, fra1|fra1, ams1)$"
code 0 "$bellman" what-if --roa "198.51.0.0/16-20 as64501"
has "^198.51.100.0/24 +AS64501 +not-found +too-long +customer +4 "
code 0 "$bellman" what-if --roa "20.0.0.0/24 64778" --roa "198.51.100.0/24 AS64501"
has "Invalid then: 0"
has "^20.0.0.0/24 +AS64778 +invalid-AS +valid "
code 0 "$bellman" what-if --no-roa "203.0.113.0/24 AS64500"
has "^203.0.113.0/24 +AS64500 +valid +not-found +ours +2 "
code 1 "$bellman" what-if --no-roa "203.0.113.0/24-24 AS64500" --roa "203.0.112.0/23 AS0" --color never
has "^203.0.113.0/24 +AS64500 +valid +invalid-AS +ours +2 "
code 1 "$bellman" what-if --roa "0.0.0.0/0 AS64999" --no-roa "203.0.113.0/24 AS64500" -o json
got=$(json '([(r["prefix"], r["from"], r["to"], r["whose"], r["routes"], sorted(r["routers"])) for r in v[1:]], v[0])' <"$work/out")
want="([('203.0.113.0/24', 'valid', 'invalid-asn', 'ours', 2, ['ams1', 'fra1'])\
, ('198.51.100.0/24', 'not-found', 'invalid-asn', 'customer', 4, ['ams1', 'fra1'])\
, ('192.0.2.0/24', 'not-found', 'invalid-asn', 'others', 2, ['ams1', 'fra1'])\
, ('192.0.8.0/24', 'not-found', 'invalid-asn', 'others', 2, ['ams1', 'fra1'])]\
, {'flips': 4, 'routes': 10, 'invalid': 4, 'ours_invalid': 1, 'customers_invalid': 1})"
[ "$got" = "$want" ] || fail "json: $got"
code 0 "$bellman" what-if --roa "10.0.0.0/8 AS1"
has "^0 prefixes would flip"
code 0 "$bellman" what-if --roa "203.0.113.0/24 AS64500"
says "203.0.113.0/24-24 AS64500 is in force already"

# ASPAs: one of ours without our provider; a customer's without us, whom our provider would drop; one that is gone
code 1 "$bellman" what-if --aspa "AS64500 AS64503"
has "^0 prefixes would flip"
says "AS64502 is a provider of ours (AS64500), and not among those of the ASPA"
[ "$(grep -c AS64502 "$work/err")" = 1 ] || fail "told twice: $(cat "$work/err")"
code 0 "$bellman" what-if --aspa "AS64501 AS64503"
has "^198.51.100.0/24 +AS64501 +aspa-ok +aspa-inv\. +customer +2 "
code 0 "$bellman" what-if --aspa "64500 64502, 64503"
has "^0 prefixes would flip"
code 0 "$bellman" what-if --aspa "64777 64503" -o json
has '"flips":0'
code 0 "$bellman" what-if --no-aspa AS64888
has "^192.0.8.0/24 +AS64888 +aspa-inv\. +aspa-ok +others +2 "
code 0 "$bellman" explain 192.0.8.0/24
has "ASPA +invalid as from a customer or peer, invalid as from a provider"
has "broken +AS64776 is no provider of AS64888"
has "TRUE +aspa.invalid"

# a rule that is off
code 0 "$bellman" what-if --rule rov.invalid.asn=off
has "^Without rov.invalid.asn: 1 open incident would close, 0 would stay"
has "^  [0-9a-f]{8}  .* closes  AS64778 originates 20.0.0.0/24"
code 0 "$bellman" what-if --rule leak.otc=off --rule hijack.exact=off -o json
[ ! -s "$work/out" ] || fail "incidents of other rules: $(cat "$work/out")"
code 4 "$bellman" what-if --rule rov.invalid=off
says 'there is no rule "rov.invalid"; right would be rov.invalid.asn, '

# nothing has changed
state | cmp -s - "$work/before" || fail "incidents have changed"
[ "$("$bellman" show routes 203.0.113.0/24 -s "$sock" | grep -c valid)" = 2 ] || fail "routes have changed"

# what was wrong with the words
wrong() { # wrong TEXT ARGUMENT...
	text=$1
	shift
	code 2 "$bellman" what-if "$@"
	says "$text"
}
right='right would be "203.0.113.0/24-25 AS64500"'
wrong "it begins with no prefix; $right" --roa "203.0.113/24 AS64500"
wrong "its prefix has bits behind its length; $right" --roa "203.0.113.1/24 AS64500"
wrong "its maximum length is none from the prefix's own on; $right" --roa "203.0.113.0/24-23 AS64500"
wrong "it ends with no AS number; $right" --roa "203.0.113.0/24"
wrong "it ends with no AS number; $right" --roa "203.0.113.0/24 ASx"
wrong "it begins with no prefix; $right" --no-roa ""
wrong 'A ROA is one word' --roa "203.0.113.0/24 1" AS64500
wrong "--rule is NAME=off, as leak.otc=off" --rule leak.otc
wrong 'it is no AS number with its providers behind it; right would be "AS64500 AS64501,AS64502"' --aspa AS64500
wrong 'it is no AS number with its providers behind it' --aspa "AS64500 ASx"
wrong 'it is no AS number; right would be "AS64500"' --no-aspa "AS64500 AS64501"
wrong "what if what?"
wrong 'no VRP 203.0.113.0/24-25 AS64500 is in force' --no-roa "203.0.113.0/24-25 AS64500"
says '--no-roa "203.0.113.0/24-24 AS64500"'
wrong 'and none covers the prefix' --no-roa "10.0.0.0/8 AS1"
stop
[ "$rc" = 0 ] || fail "bellmand ended with $rc"
