# The demo tells its whole story, leaves nothing behind, and ends well.
. tests/it/lib/it.sh
TMPDIR=$work "$bellman" demo --fast --color never >"$work/out" || fail "demo: exit $?"
grep -q 'All of it was seen' "$work/out" || fail "the story has no end"
for kind in rov.invalid.asn hijack.more-specific leak.otc; do
	grep -q "opened *$kind" "$work/out" || fail "$kind was not opened"
	grep -q "closed *$kind" "$work/out" || fail "$kind was not closed"
done
! grep -q "$(printf '\033')" "$work/out" || fail "colours without a terminal"
[ -z "$(find "$work" -name 'bellman-demo*')" ] || fail "something is left behind"
