# The whole daemon: a router tells of hijacks and takes them back while the broker is killed with -9 and comes back, and
# bellmand is killed with -9 twice. The consumer ends with every transition, in order per incident, copies with equal ids.
set -eu
. tests/kafka/broker.sh
command -v kcat >/dev/null 2>&1 || { echo "kcat is missing"; exit 1; }
prefix=daemon.$$
python3 tests/kafka/daemon_case.py "$BUILD" "$CASE_DIR" "$KAFKA_BOOTSTRAP" $prefix &
case_pid=$!
sleep 8
echo "broker killed with -9"
broker_stop -9
sleep 4
broker_start
echo "broker back"
wait $case_pid
