#!/bin/sh
# The Kafka suites against a real broker: Apache Kafka, one node, on loopback, in a folder of its own.
# Cases are tests/kafka/[0-9]*.sh, run in order, each in a shell of its own with these set:
#   BUILD KAFKA_BOOTSTRAP KAFKA_WORK KAFKA_JARS KAFKA_PORT KAFKA_CONTROLLER_PORT  CASE_DIR (empty, its own)
# and with tests/kafka/broker.sh to stop and start the broker. A case prints what it checked and
# exits 0 when all of it holds. The broker is up when a case begins, and up when it ends.
#
# environment: KAFKA_VERSION (3.9.1), BUILD (build), ONLY (a case's number: run that one alone)
set -eu
cd "$(dirname "$0")/../.."

: "${BUILD:=build}" "${KAFKA_VERSION:=3.9.1}"
command -v java > /dev/null || sh tests/tools/deps.sh default-jre-headless
command -v mvn > /dev/null || sh tests/tools/deps.sh maven
sh tests/tools/deps.sh kcat python3

KAFKA_JARS=$PWD/build/kafka/$KAFKA_VERSION
case $KAFKA_VERSION in
	3.*) binding=slf4j-reload4j ;;
	*) binding=slf4j-simple ;;
esac
if ! ls "$KAFKA_JARS"/kafka_2.13-*.jar > /dev/null 2>&1; then
	echo "kafka: fetching Apache Kafka $KAFKA_VERSION"
	mvn -q -B -f tests/kafka/pom.xml dependency:copy-dependencies -Dkafka.version="$KAFKA_VERSION" \
		-Dslf4j.binding=$binding -DincludeScope=runtime -DoutputDirectory="$KAFKA_JARS"
fi

KAFKA_WORK=$(mktemp -d /tmp/bellman-kafka.XXXXXX)
set -- $(python3 -c 'import socket
s = [socket.socket() for i in range(2)]
for x in s: x.bind(("127.0.0.1", 0))
print(*[x.getsockname()[1] for x in s])')
KAFKA_PORT=$1 KAFKA_CONTROLLER_PORT=$2 KAFKA_BOOTSTRAP=127.0.0.1:$1
export BUILD KAFKA_JARS KAFKA_WORK KAFKA_PORT KAFKA_CONTROLLER_PORT KAFKA_BOOTSTRAP

. tests/kafka/broker.sh
trap 'broker_stop -9; rm -rf "$KAFKA_WORK"' EXIT
trap 'exit 130' INT TERM

broker_format
broker_start
echo "kafka: Apache Kafka $KAFKA_VERSION on $KAFKA_BOOTSTRAP"

passed=0 failed=0
for script in tests/kafka/[0-9]*.sh; do
	name=$(basename "$script" .sh)
	[ -z "${ONLY:-}" ] || [ "${name%%-*}" = "$ONLY" ] || continue
	CASE_DIR=$KAFKA_WORK/$name
	export CASE_DIR
	mkdir "$CASE_DIR"
	echo "== $name"
	begin=$(date +%s)
	if timeout 300 sh "$script"; then
		passed=$((passed + 1))
		echo "passed: $name ($(($(date +%s) - begin)) s)"
	else
		failed=$((failed + 1))
		echo "FAILED: $name"
	fi
done
echo "$passed passed, $failed failed"
[ "$failed" = 0 ] && [ "$passed" -gt 0 ]
