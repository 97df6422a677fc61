# The broker is killed with -9 and started again, twice, while records keep coming.
set -eu
. tests/kafka/broker.sh
probe=$BUILD/tests/tools/sink_probe
n=20000 topic=killed.$$

"$probe" sink "$CASE_DIR/journal.db" "$KAFKA_BOOTSTRAP" $topic $n & sink=$!
"$probe" write "$CASE_DIR/journal.db" $n 100 1200 & writer=$!
trap 'kill $sink $writer 2>/dev/null || true' EXIT
for round in 1 2; do
	sleep 4
	echo "broker: kill -9"
	broker_stop -9
	sleep 2
	broker_start
done
wait $writer
wait $sink
trap - EXIT
"$probe" verify "$KAFKA_BOOTSTRAP" $topic $n
