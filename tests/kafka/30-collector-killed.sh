# Writer and sink are killed with -9, again and again, and started again: nothing is lost, order is
# kept, and what comes twice has one id. The writer goes on where its journal ends.
set -eu
probe=$BUILD/tests/tools/sink_probe
n=20000 topic=collector.$$ kills=0

last() {
	python3 -c 'import sqlite3, sys
try: print(sqlite3.connect(sys.argv[1], timeout=5).execute("SELECT seq FROM last_seq").fetchone()[0])
except Exception: print(0)' "$CASE_DIR/journal.db"
}

while [ "$(last)" -lt $n ]; do
	left=$((n - $(last)))
	"$probe" write "$CASE_DIR/journal.db" $left 100 4000 > /dev/null 2>&1 & writer=$!
	"$probe" sink "$CASE_DIR/journal.db" "$KAFKA_BOOTSTRAP" $topic $n > /dev/null 2>&1 & sink=$!
	sleep 0.7
	kill -9 $writer $sink 2>/dev/null || true
	wait $writer $sink 2>/dev/null || true
	kills=$((kills + 1))
	[ $kills -lt 60 ] || { echo "no end in sight"; exit 1; }
done
echo "both killed $kills times while $n records were written"
"$probe" sink "$CASE_DIR/journal.db" "$KAFKA_BOOTSTRAP" $topic $n
"$probe" verify "$KAFKA_BOOTSTRAP" $topic $n
