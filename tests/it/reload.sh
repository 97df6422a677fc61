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
told() { "$bellman" tail -n 5 -o json -s "$sock" 'kind = collector.reloaded' | grep -q '"event":"collector.reloaded"'; }
until_true 5 told || fail "not told"
sed -i 's/^workers: .*/workers: 1/' "$work/bellman.yaml"
kill -HUP "$pid"
restart() { grep -q 'a restart is needed for: workers' "$work/log"; }
until_true 5 restart || fail "a change that needs a restart was taken"
warned() { "$bellman" show incidents -s "$sock" | grep -q 'collector.reload-refused.*a restart is needed for: workers'; }
until_true 5 warned || fail "a refused reload is no incident: $("$bellman" show incidents -s "$sock")"
"$bellman" tail -n 9 -s "$sock" | grep -q 'collector.reload-refused.*the configuration has errors: .*is no prefix' || fail "it is not told why"
# what is no file is not read, and nobody waits for it
cp "$work/bellman.yaml" "$work/good.yaml"
rm "$work/bellman.yaml"
mkfifo "$work/bellman.yaml"
kill -HUP "$pid"
no_file() { grep -q 'bellman.yaml: is no regular file' "$work/log"; }
until_true 5 no_file || fail "a FIFO for a configuration: no word"
"$bellman" show stats -s "$sock" >/dev/null || fail "no answer"
sed 's/^workers: .*/workers: 2/' "$work/good.yaml" >"$work/new" && mv "$work/new" "$work/bellman.yaml"
kill -HUP "$pid"
over() { [ "$("$bellman" tail -n 99 -o json -s "$sock" 'kind = collector.reload-refused' | json 'v[-1]["transition"]')" = closed ]; }
until_true 20 over || fail "a good configuration does not end it"
stop
[ "$rc" = 0 ] || fail "bellmand ended with $rc"
