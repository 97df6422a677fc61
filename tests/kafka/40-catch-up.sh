# A broker that was away for long: how fast do journal and sink catch up?
set -eu
. tests/kafka/broker.sh
probe=$BUILD/tests/tools/sink_probe
n=200000 topic=catchup.$$

broker_stop
"$probe" write "$CASE_DIR/journal.db" $n 1000 0
"$probe" sink "$CASE_DIR/journal.db" "$KAFKA_BOOTSTRAP" $topic $n & sink=$!
trap 'kill $sink 2>/dev/null || true' EXIT
sleep 2
begin=$(date +%s.%N)
broker_start
wait $sink
trap - EXIT
echo "catch-up: $n records within $(python3 -c "import time; print('%.1f' % (time.time() - $begin))") s of the broker's start"
"$probe" verify "$KAFKA_BOOTSTRAP" $topic $n
