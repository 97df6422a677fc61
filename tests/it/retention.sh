# journal.max_mb is a limit while Kafka is away, and what that costs is an alarm; a Kafka that left the configuration is
# waited for no longer, and that is told.
. tests/it/lib/it.sh
case $BUILD in */tsan) echo "ThreadSanitizer does not know the threads of librdkafka"; exit 77 ;; esac
cat >"$work/flood.py" <<'P'
"""So many sessions of a router's peers that come and go: flood.py PORT N."""
import socket, sys
sys.path.insert(0, "tests/it/lib")
from bmp import bmp, initiation, peer, peer_up
s = socket.create_connection(("127.0.0.1", int(sys.argv[1])))
s.sendall(initiation())
some = b"".join(peer_up(1 + k) + bmp(2, peer(1 + k) + b"\4") for k in range(100))
for _ in range(int(sys.argv[2]) // 100):
    s.sendall(some)
P
config <<'Y'
journal: {max_mb: 16}
kafka: {properties: {bootstrap.servers: "127.0.0.1:9"}}
Y
size() { stat -c %s "$work"/state/journal.sqlite "$work"/state/journal.sqlite-wal | awk '{ n += $1 } END { print int(n / 1048576) }'; }
told() { "$bellman" tail -n 100000 -o json -s "$sock" "$@" >"$work/told"; }
pending() { "$bellman" show stats -o json -s "$sock" | json 'v[0]["journal_pending"]'; }
quiet() { [ "$(pending)" = 0 ]; }

start
python3 "$work/flood.py" "$port" 40000
until_true 60 quiet || fail "records still wait: $(pending)"
[ "$(size)" -le 16 ] || fail "the journal has $(size) MiB, of 16"
unread() { told 'kind = journal.unread and transition = opened'; grep -q "records were deleted that Kafka had not been given" "$work/told"; }
until_true 10 unread || fail "what the limit cost Kafka is not told"
stop

sed -i '/^kafka:/d' "$work/bellman.yaml"
start
gone() { told 'kind = journal.reader-gone'; grep -q "Kafka is not configured any longer: [1-9][0-9]* records" "$work/told"; }
until_true 10 gone || { told; fail "nobody says that Kafka is waited for no longer: $(tail -n 5 "$work/told")"; }
stop
start
sleep 2
told 'kind = journal.reader-gone'
[ "$(wc -l <"$work/told")" = 1 ] || fail "it is told again: $(cat "$work/told")"
stop
[ "$rc" = 0 ] || fail "bellmand ended with $rc"
