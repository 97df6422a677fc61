# What scripts rely on: exit codes, words on stderr, data on stdout.
. tests/it/lib/it.sh
code() { # code WANT COMMAND...
	want=$1
	shift
	"$@" >"$work/out" 2>"$work/err" </dev/null && got=0 || got=$?
	[ "$got" = "$want" ] || fail "$*: exit $got, not $want: $(cat "$work/err")"
}
code 2 "$bellman"
code 2 "$bellman" tial
grep -q 'did you mean "tail"' "$work/err" || fail "no suggestion"
code 0 "$bellman" --help
code 0 "$bellman" tail --help
code 2 "$bellman" show
code 2 "$bellman" tail --since yesterday
code 3 "$bellman" tail -s "$work/nobody.sock"
[ ! -s "$work/out" ] || fail "words on stdout"
code 2 "$bellman" check rov
code 2 "$bellmand"
code 2 "$bellmand" -c "$work/none.yaml"
printf 'listn: 5\nlimits: {routers: many}\n' >"$work/bad.yaml"
code 2 "$bellmand" -c "$work/bad.yaml" --check-config
grep -q 'bad.yaml:1:1: unknown key "listn".*did you mean "listen"' "$work/err" || fail "place or suggestion missing: $(cat "$work/err")"
grep -q 'bad.yaml:2:19: .*"many" is not a whole number' "$work/err" || fail "second error missing: $(cat "$work/err")"
# an old name of a key is accepted and said; together with the new one it is an error
printf 'rules: {clique: [174]}\n' >"$work/old.yaml"
code 0 "$bellmand" -c "$work/old.yaml" --check-config
grep -q 'old.yaml:1:9: note: "clique" in rules is an old name .*write provider_free' "$work/err" || fail "no word of the old name: $(cat "$work/err")"
code 0 "$bellmand" -c "$work/old.yaml" --dump-config
grep -q 'provider_free: \[174\]' "$work/out" || fail "the dump keeps the old name: $(cat "$work/out")"
printf 'rules: {clique: [174], provider_free: [701]}\n' >"$work/old.yaml"
code 2 "$bellmand" -c "$work/old.yaml" --check-config

# the properties of Kafka: the place of the one that is wrong; what is not good has a note
kafka() { # kafka LINES...
	printf 'collector: a\nkafka:\n  properties:\n    bootstrap.servers: "127.0.0.1:9"\n' >"$work/kafka.yaml"
	for line in "$@"; do echo "    $line" >>"$work/kafka.yaml"; done
}
kafka 'linger.ms: 5' 'sasl.passwort: geheim'
code 2 "$bellmand" -c "$work/kafka.yaml" --check-config
grep -q 'kafka.yaml:6:5: .*sasl.passwort.*did you mean "sasl.password"' "$work/err" || fail "place or suggestion missing: $(cat "$work/err")"
! grep -q geheim "$work/err" || fail "a secret is shown"
code 2 timeout 10 "$bellmand" -c "$work/kafka.yaml" # the daemon does not start either
kafka 'enable.idempotence: false' 'acks: 0'
code 2 "$bellmand" -c "$work/kafka.yaml" --check-config
grep -q 'kafka.yaml:6:5: .*acks: with 0 ' "$work/err" || fail "acks: 0 is accepted: $(cat "$work/err")"
kafka 'message.timeout.ms: 5000'
code 0 "$bellmand" -c "$work/kafka.yaml" --check-config
grep -q 'kafka.yaml:5:5: note: .*message.timeout.ms: ' "$work/err" || fail "no note: $(cat "$work/err")"
printf 'collector: a\nkafka: {}\n' >"$work/kafka.yaml"
code 2 "$bellmand" -c "$work/kafka.yaml" --check-config
grep -q 'kafka.yaml:2:8: .*bootstrap.servers is missing' "$work/err" || fail "no place: $(cat "$work/err")"

# what was wrong with the words is said in one line, and what would be right
f=tests/fixtures/frr-8.4.4-live.bmp
says() { # says TEXT COMMAND...
	text=$1
	shift
	code 2 "$@"
	[ "$(wc -l <"$work/err")" = 1 ] || fail "$*: more than a line: $(cat "$work/err")"
	grep -qF -- "$text" "$work/err" || fail "$*: $(cat "$work/err")"
}
says 'bellman decode: -o is text or json, not "xml"; try bellman decode --help' "$bellman" decode -o xml "$f"
says '-n is a number of messages from 1 on, not "0"' "$bellman" decode -n 0 "$f"
says 'there is no option --sumary' "$bellman" decode --sumary "$f"
says 'there is no option -z' "$bellman" decode -z "$f"
says '--peer needs a value' "$bellman" decode "$f" --peer
says 'which file?' "$bellman" decode
says 'has an empty name in it' "$bellman" decode --type "" "$f"
says 'has an empty name in it' "$bellman" decode --type initiation,,peer_up "$f"
says '"foo:bar" is no peer' "$bellman" decode --peer foo:bar "$f"
says 'neither a prefix' "$bellman" decode --prefix 10.0.1 "$f"
for o in "--peer AS1" "--prefix 10.0.0.0/8" "--type initiation"; do
	says 'records' "$bellman" decode --records $o "$f"
	says '--summary counts all' "$bellman" decode --summary $o "$f"
done
says '--summary counts all' "$bellman" decode --summary --problems "$f"
says '--records and --summary' "$bellman" decode --records --summary "$f"
says '--to is bmp, openbmp, mrt or mrt-updates, not "xml"' "$bellman" convert --to xml "$f" "$work/o"
says '--view is one of adj-rib-in-pre, ' "$bellman" convert --to mrt --view foo "$f" "$work/o"
says 'two files' "$bellman" convert --to mrt "$f"
says 'into what?' "$bellman" convert "$f" "$work/o"
says 'a port is a number from 1 to 65535' "$bellman" replay "$f" --to 127.0.0.1:99999
says 'a port is a number from 1 to 65535' "$bellman" replay "$f" --to 127.0.0.1:0
says '--speed is max or a factor' "$bellman" replay "$f" --to 127.0.0.1:1 --speed 2x
for c in tail show check demo; do
	says "bellman $c: there is no option --nope" "$bellman" $c --nope
done
says '--color is auto, always or never, not "blue"' "$bellman" tail --color blue
says '-o is text, wide, json or csv, not "xml"' "$bellman" show routers -o xml
says 'what? right would be routers, peers' "$bellman" show
says 'stats takes no "x"' "$bellman" show stats x
says 'it checks rov or aspa, not "moon"' "$bellman" check moon
says 'by which ASPAs?' "$bellman" check aspa
says 'by which ASPAs?' "$bellman" check aspa --vrps x
says 'by which VRPs?' "$bellman" check rov
says 'where to?' "$bellman" replay "$f"

config </dev/null
start
code 4 "$bellman" tail -s "$sock" 'severity >= bad'
grep -q 'column 13' "$work/err" || fail "no column: $(cat "$work/err")"
code 1 "$bellman" show incidents -s "$sock"
code 1 "$bellman" show routes 192.0.2.0/24 -s "$sock"
code 2 "$bellman" show nothing -s "$sock"
"$bellman" tail -s "$sock" -o json | head -n 1 | json 'v[0]["event"]' | grep -q collector.started || fail "tail -o json"
code 0 "$bellman" show rpki 192.0.2.0/24 AS64500 -s "$sock"
grep -q not-found "$work/out" || fail "rpki"

cat >"$work/vrps.json" <<'J'
{"metadata": {"generated": 1}, "roas": [
 {"asn": "AS64500", "prefix": "192.0.2.0/24", "maxLength": 24, "ta": "x"},
 {"asn": 64501, "prefix": "2001:db8::/32", "maxLength": 48}]}
J
printf '%s\n' '{"id":1,"prefix":"192.0.2.0/24","origin":64500}' '{"id":"b","prefix":"192.0.2.0/25","origin":64500}' \
	'{"id":3,"prefix":"192.0.2.0/24","origin":null}' '{"id":4,"prefix":"2001:db8:1::/48","origin":64501}' \
	'{"id":5,"prefix":"198.51.100.0/24","origin":1}' >"$work/routes"
"$bellman" check rov --vrps "$work/vrps.json" <"$work/routes" >"$work/out" || fail "check rov"
got=$(json '[(r["id"], r["state"], r.get("reason")) for r in v]' <"$work/out")
want="[(1, 'valid', None), ('b', 'invalid', 'invalid-length'), (3, 'invalid', 'invalid-asn'), (4, 'valid', None), (5, 'not-found', None)]"
[ "$got" = "$want" ] || fail "check rov: $got"
gzip -c "$work/vrps.json" >"$work/vrps.json.gz"
"$bellman" check rov --vrps "$work/vrps.json.gz" <"$work/routes" | cmp -s - "$work/out" || fail "check rov: packed VRPs"

cat >"$work/aspas.json" <<'J'
{"roas": [], "aspas": [{"customer_asid": 64500, "providers": [64501]},
 {"customer": "AS64501", "providers": ["AS64502", "AS64503"]}, {"customer": 64502, "providers": [0]}]}
J
path() { # path ID DIRECTION NEIGHBOUR SEGMENTS
	printf '{"id":%s,"direction":"%s","neighbor_as":%s,"path":[%s]}\n' "$@"
}
{
	path 1 upstream 64502 '{"type":"seq","asns":[64502,64501,64500]}'
	path 2 upstream 64666 '{"type":"seq","asns":[64666,64500]}'
	path '"c"' downstream 64666 '{"type":"seq","asns":[64666,64500]}'
	path 4 downstream 64502 '{"type":"seq","asns":[64502,64666,64500]}'
	path 5 downstream 64999 '{"type":"seq","asns":[64999,64666,64500]}'
	path 6 upstream 64502 '{"type":"seq","asns":[64501,64500]}'
	path 7 upstream null '{"type":"seq","asns":[64501,64500]}'
	path 8 upstream 64501 '{"type":"seq","asns":[64501]},{"type":"set","asns":[64500]}'
	path 9 upstream 64501 ''
} >"$work/paths"
"$bellman" check aspa --aspas "$work/aspas.json" <"$work/paths" >"$work/out" || fail "check aspa"
got=$(json '[(r["id"], r["state"]) for r in v]' <"$work/out")
want="[(1, 'valid'), (2, 'invalid'), ('c', 'valid'), (4, 'invalid'), (5, 'unknown'), (6, 'invalid'), (7, 'valid'), (8, 'invalid'), (9, 'invalid')]"
[ "$got" = "$want" ] || fail "check aspa: $got"
printf '%s\n' '{"id":1,"direction":"sideways","path":[]}' '{"id":2,"direction":"upstream","path":[{"type":"seq","asns":["x"]}]}' \
	'{"id":3,"direction":"upstream","path":7}' >"$work/paths"
code 1 "$bellman" check aspa --aspas "$work/aspas.json" "$work/paths"
grep -q 'line 1: "direction" is neither' "$work/err" && grep -q 'line 2: one of "asns" is no AS number' "$work/err" &&
	grep -q 'line 3: "path" is no array' "$work/err" || fail "check aspa: $(cat "$work/err")"
# every subject of show has an answer, if only that there is nothing
for subject in $("$bellman" complete show '' | cut -f1); do
	case $subject in
	incident) set -- "$subject" 00000000 ;;
	routes) set -- routes --counts ;;
	*) set -- "$subject" ;;
	esac
	for format in text wide csv json; do
		[ "$subject $format" != "incident csv" ] || continue
		"$bellman" show "$@" -o $format -s "$sock" >"$work/out" 2>"$work/err" && got=0 || got=$?
		[ $got = 0 ] || [ $got = 1 ] || fail "show $* -o $format: exit $got: $(cat "$work/err")"
		[ -s "$work/out" ] || [ -s "$work/err" ] || fail "show $* -o $format: no word"
	done
done

stop
[ "$rc" = 0 ] || fail "bellmand ended with $rc"
[ ! -e "$sock" ] || fail "the socket is left behind"
