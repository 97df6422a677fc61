# One daemon per state directory: the second refuses and names the first, whatever was deleted in the folder meanwhile;
# kill -9 frees it.
. tests/it/lib/it.sh
config </dev/null
start
sed "s/port: $port/port: $(free_port)/; s|control: .*|control: $work/second.sock|" "$work/bellman.yaml" >"$work/second.yaml"
second() { timeout 20 "$bellmand" -c "$work/second.yaml" >"$work/second.log" 2>&1 && rc=0 || rc=$?; }
refused() {
	second
	[ "$rc" = 1 ] || fail "a second daemon on the same state_dir ended with $rc: $(cat "$work/second.log")"
	grep -q "state_dir $work/state is in use by another bellmand, process $pid;" "$work/second.log" ||
		fail "the refusal does not say by whom: $(cat "$work/second.log")"
}
refused
rm -f "$work"/state/*
refused
"$bellman" show stats -s "$sock" >/dev/null || fail "the first one was disturbed"
stop KILL
start
stop
[ "$rc" = 0 ] || fail "bellmand ended with $rc"
