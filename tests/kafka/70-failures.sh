# The whole daemon and a broker that does not do what it should: topics that are missing, a listener that speaks no TLS,
# a broker that hangs. The operator is told, and nobody waits.
set -eu
. tests/kafka/broker.sh
cp "$KAFKA_WORK/server.properties" "$CASE_DIR/server.properties"
echo auto.create.topics.enable=false >> "$KAFKA_WORK/server.properties"
broker_stop
broker_start
rc=0
python3 tests/kafka/failures_case.py "$KAFKA_BOOTSTRAP" "$(cat "$KAFKA_WORK/pid")" failures.$$ || rc=$?
cp "$CASE_DIR/server.properties" "$KAFKA_WORK/server.properties"
broker_stop
broker_start
exit $rc
