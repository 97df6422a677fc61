# Every capture at once over TCP into one bellmand: no session is dropped by us, counts per type are those expected.
. tests/it/lib/it.sh
shared=${BELLMAN_SHARED:-../shared}/data
[ -d "$shared/bmp" ] || { echo "captures are not here ($shared)"; exit 77; }
config </dev/null
start
# shellcheck disable=SC2046
"$bellman" replay $(find "$shared/bmp" "$shared/lab" -name '*.bmp') --to "127.0.0.1:$port" 2>"$work/replay" || fail "replay: $(tail -n 3 "$work/replay")"
done_() { [ "$("$bellman" show stats -o json -s "$sock" | json 'v[0]["sessions"]')" = 0 ]; }
until_true 20 done_ || fail "sessions do not end"
"$bellman" show stats -o json -s "$sock" >"$work/stats"
"$bellman" show routers -o json -s "$sock" >"$work/routers"
python3 - "$shared" "$work/stats" "$work/log" <<'P' || fail "counts differ"
import json, sys
want = {}
files = json.load(open(sys.argv[1] + "/bmp/expected.json"))["files"]
n = 0
for name, f in files.items():
    if name.endswith(".bmp"):
        n += 1
        for k, c in f["framing_messages"].items():
            want[k] = want.get(k, 0) + c
for name, f in json.load(open(sys.argv[1] + "/lab/expected.json")).items():
    n += 1
    for k, c in f["framing"]["by_type"].items():
        want[k] = want.get(k, 0) + c
got = {k: c for k, c in json.load(open(sys.argv[2]))["messages"].items() if c}
print("streams", n, "messages", got)
if got != want:
    sys.exit("want %s" % want)
log = open(sys.argv[3]).read()
closed = [l for l in log.splitlines() if "session: closed" in l]
bad = [l for l in closed if "closed by the router" not in l and "Termination" not in l]
print("closed", len(closed), "by us", len(bad))
sys.exit(bool(bad) or len(closed) != n)
P
grep -E '^(streams|closed)' "$work/log" || true
stop
[ "$rc" = 0 ] || fail "bellmand ended with $rc"
