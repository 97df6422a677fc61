# SIGHUP: whole or not at all.
. tests/it/lib/it.sh
config </dev/null
start
echo 'own: {asns: [64500], prefixes: [{prefix: 203.0.113.0/33}]}' >>"$work/bellman.yaml"
kill -HUP "$pid"
refused() { grep -q 'reload refused: the configuration has errors' "$work/log"; }
until_true 5 refused || fail "a broken file was not refused"
grep -q 'is no prefix' "$work/log" || fail "no word on what is wrong"
sed -i 's,/33,/24,' "$work/bellman.yaml"
kill -HUP "$pid"
reloaded() { grep -q 'main: reloaded' "$work/log"; }
until_true 5 reloaded || fail "not reloaded"
"$bellman" tail -n 5 -o json -s "$sock" | json 'v[-1]["event"]' | grep -q collector.reloaded || fail "not told"
sed -i 's/^workers: .*/workers: 1/' "$work/bellman.yaml"
kill -HUP "$pid"
restart() { grep -q 'a restart is needed for: workers' "$work/log"; }
until_true 5 restart || fail "a change that needs a restart was taken"
stop
[ "$rc" = 0 ] || fail "bellmand ended with $rc"
