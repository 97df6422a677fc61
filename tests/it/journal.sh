# What is told is in the journal, whatever becomes of the daemon, the file and the disk; and their troubles are alarms.
. tests/it/lib/it.sh
command -v prlimit >/dev/null || { echo "needs prlimit"; exit 77; }
cat >"$work/flap.py" <<'P'
"""A router whose peer goes up and down, so many times, so many a second: flap.py PORT N RATE."""
import socket, sys, time
sys.path.insert(0, "tests/it/lib")
from bmp import bmp, initiation, peer, peer_up
s = socket.create_connection(("127.0.0.1", int(sys.argv[1])))
s.sendall(initiation())
start = time.time()
for k in range(int(sys.argv[2])):
    s.sendall(peer_up(1 + k % 200) + bmp(2, peer(1 + k % 200) + b"\4"))
    time.sleep(max(0, start + k / float(sys.argv[3]) - time.time()))
P
config </dev/null
journal=$work/state/journal.sqlite
rows() { python3 -c 'import sqlite3, sys
for r in sqlite3.connect("file:%s?mode=ro" % sys.argv[1], uri=True).execute(sys.argv[2]): print(*r)' "$journal" "$1"; }
told() { "$bellman" tail -n 100000 -o json -s "$sock" "$@"; }
alarm() { # alarm KIND TRANSITION [WORDS]: has it been told?
	told "kind = $1 and transition = $2" >"$work/alarms"
	grep -q "${3:-.}" "$work/alarms"
}

followed() { [ "$(wc -l <"$work/followed.$1")" -ge "$2" ]; } # followed ROUND LINES: so many have come

# killed with -9 while somebody follows: what was told is there, and no number is given twice
for round in 1 2 3; do
	start
	"$bellman" tail -f -n 0 -o json -s "$sock" >"$work/followed.$round" 2>/dev/null &
	follower=$!
	python3 "$work/flap.py" "$port" 100000 2000 2>/dev/null &
	flapper=$!
	until_true 20 followed "$round" $((30 * round)) || fail "round $round: too little is told"
	stop KILL
	wait "$flapper" "$follower" 2>/dev/null || true
done
rows "SELECT seq, summary FROM record" >"$work/rows"
python3 - "$work" <<'P' || fail "what was told is not what the journal has"
import json, sys
rows = dict(l.rstrip("\n").split(" ", 1) for l in open(sys.argv[1] + "/rows"))
told = {}
n = 0
for k in "123":
    lines = open(sys.argv[1] + "/followed." + k).read().split("\n")[:-1]
    for r in map(json.loads, lines):
        n += 1
        assert rows.get(str(r["seq"])) == r["summary"], r
        assert told.setdefault(r["seq"], r["summary"]) == r["summary"], r
assert n > 50, n
P

# deleted under the daemon: it says so, and nothing is missing
start
n=$(rows "SELECT count(*) FROM record")
rm -f "$work"/state/*
until_true 10 alarm journal.replaced opened "was deleted.*nothing is lost" || fail "the journal was deleted and nobody says so"
stop
[ "$(rows "SELECT count(*) FROM record")" -gt "$n" ] || fail "records are missing after the journal was deleted"

# damaged while it is away: the daemon starts, says so, goes on with the numbers, and gives the damaged file back
last=$(rows "SELECT max(seq) FROM record")
dd if=/dev/urandom of="$journal" bs=4096 seek=4 count=40 conv=notrunc status=none
start
until_true 10 alarm journal.replaced updated "was damaged" || until_true 1 alarm journal.replaced opened "was damaged" ||
	fail "the journal is damaged and nobody says so: $(told)"
aside=$(echo "$work"/state/journal.sqlite.damaged-*Z)
[ -f "$aside" ] || fail "the damaged journal is gone"
[ "$(rows "SELECT min(seq) FROM record WHERE type = 'journal.replaced' AND seq > $last")" -gt "$last" ] || fail "numbers are given twice"
stop
start
[ "$("$bellman" show incidents -o json -s "$sock" | grep -c '"kind":"journal.replaced"')" = 1 ] || fail "forgotten at a restart"
rm "$aside"*
until_true 10 alarm journal.replaced closed || fail "the damaged file is moved away, and the alarm stays"

# no room on the disk: said while it lasts, and nothing that could wait is lost
size=$(stat -c %s "$journal")
prlimit --pid "$pid" --fsize="$((size / 2)):unlimited"
python3 "$work/flap.py" "$port" 3000 3000
blind() { told 'type = event' >"$work/blind"; grep -q '"written":false' "$work/blind"; }
until_true 20 blind || fail "tail is blind while the disk is full"
word() { told 'kind = journal.failing' >"$work/word"; grep -q '"written":false' "$work/word"; }
until_true 10 word || fail "no word of the disk"
"$bellman" show stats -o json -s "$sock" >"$work/stats"
[ "$(json 'v[0]["journal_pending"] > 1000 and v[0]["journal_failures"] > 0' <"$work/stats")" = True ] || fail "figures: $(cat "$work/stats")"
prlimit --pid "$pid" --fsize=unlimited:unlimited
until_true 20 alarm journal.failing closed || fail "the disk takes records again, and the alarm stays"
told | json '[r["seq"] for r in v] == sorted({r["seq"] for r in v}) and all("written" not in r for r in v)' >"$work/out"
[ "$(cat "$work/out")" = True ] || fail "numbers: $(told)"
[ "$(rows "SELECT count(*) FROM record WHERE type = 'peer.down' AND seq > $last")" = 3000 ] || fail "what waited was not written"
stop
[ "$rc" = 0 ] || fail "bellmand ended with $rc"
