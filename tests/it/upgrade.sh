# A state directory of 0.1.0, killed with seven incidents open: they come back as they were shown then, and go on
# with the same words. What 0.1.0 showed is in journal-0.1.0.json.
. tests/it/lib/it.sh
mkdir -p "$work/state"
cp tests/fixtures/journal-0.1.0.sqlite "$work/state/journal.sqlite"
config <<'Y'
own: {asns: [64500], prefixes: [{prefix: 203.0.113.0/24, origins: [64599]}, {prefix: 198.51.100.0/24}]}
incidents: {settle_s: 1, feed_grace_s: 1}
journal: {retain_days: 36500}
Y

words() { # of each incident, what an upgrade may not change
	json 'sorted((r["id"], r["kind"], r["severity"], r["summary"], r["origin"], r["as_path"], r["peer"], r["peer_as"],
		r["router"], r["first_seen"], str(r["prefixes"]["examples"]), str(r["evidence"]), r["manrs_action"]) for r in v)'
}
start
words <tests/fixtures/journal-0.1.0.json >"$work/want"
"$bellman" show incidents -o json -s "$sock" | words >"$work/got"
cmp -s "$work/want" "$work/got" || fail "incidents came back otherwise: $(diff "$work/want" "$work/got")"

# no router comes: all become unknown; the grave ones are told once more, in the words of their facts
unknown() { "$bellman" show incidents -o json -s "$sock" 'transition = unknown' >"$work/unknown" && [ "$(wc -l <"$work/unknown")" = 7 ]; }
until_true 15 unknown || fail "not unknown: $(cat "$work/unknown")"
words <"$work/unknown" >"$work/got"
cmp -s "$work/want" "$work/got" || fail "shown in other words: $(diff "$work/want" "$work/got")"
"$bellman" tail -n 1000 -o json -s "$sock" 'transition = unknown' >"$work/told"
[ "$(wc -l <"$work/told")" = "$(json 'sum(r["severity"] in ("critical", "major") for r in v)' <"$work/unknown")" ] || fail "told: $(cat "$work/told")"
[ "$(json 'sorted({(r["revision"], r["reason"]) for r in v})' <"$work/told")" = "[(3, 'feed-lost')]" ] ||
	fail "revisions: $(json '[(r["revision"], r["reason"]) for r in v]' <"$work/told")"

# the records of then are still there, reasons and all
"$bellman" tail -n 1000 -o json -s "$sock" 'transition = opened' >"$work/out"
[ "$(json '{r["reason"] for r in v}' <"$work/out")" = "{'announced'}" ] || fail "reasons: $(cat "$work/out")"
[ "$(wc -l <"$work/out")" = 7 ] || fail "records of 0.1.0 are missing"
stop
[ "$rc" = 0 ] || fail "bellmand ended with $rc"
