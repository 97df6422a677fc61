# The demo tells its whole story, leaves nothing behind, and ends well.
. tests/it/lib/it.sh
TMPDIR=$work "$bellman" demo --fast --color never >"$work/out" || fail "demo: exit $?"
grep -q 'All of it was seen' "$work/out" || fail "the story has no end"
for kind in rov.invalid.asn hijack.more-specific leak.otc; do
	grep -q "opened *$kind" "$work/out" || fail "$kind was not opened"
	grep -q "closed *$kind" "$work/out" || fail "$kind was not closed"
done
! grep -q "$(printf '\033')" "$work/out" || fail "colours without a terminal"
# --stay: what is open can be looked at, and then the story ends as ever
TMPDIR=$work "$bellman" demo --fast --stay --color never >"$work/out" &
demo=$!
stays() { grep -q '^Ctrl-C here' "$work/out"; }
until_true 60 stays || fail "it does not stay: $(cat "$work/out")"
BELLMAN_SOCKET=$(sed -n 's/.*export BELLMAN_SOCKET=//p' "$work/out") "$bellman" show incidents >"$work/open" || fail "nothing to look at"
grep -q 'leak.otc' "$work/open" && grep -q 'hijack.more-specific' "$work/open" || fail "not open: $(cat "$work/open")"
kill -TERM "$demo"
wait "$demo" || fail "demo --stay: exit $?"
grep -q 'All of it was seen' "$work/out" || fail "the story of --stay has no end"
[ -z "$(find "$work" -name 'bellman-demo*')" ] || fail "something is left behind"
