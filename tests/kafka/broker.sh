# A single Kafka broker (KRaft) on loopback, for run.sh and its cases: sourced, not run.
# KAFKA_WORK is its folder, KAFKA_JARS the jars, KAFKA_PORT and KAFKA_CONTROLLER_PORT its ports.

broker_format() {
	cat > "$KAFKA_WORK/server.properties" <<CONF
process.roles=broker,controller
node.id=1
controller.quorum.voters=1@127.0.0.1:$KAFKA_CONTROLLER_PORT
listeners=PLAINTEXT://127.0.0.1:$KAFKA_PORT,CONTROLLER://127.0.0.1:$KAFKA_CONTROLLER_PORT
advertised.listeners=PLAINTEXT://127.0.0.1:$KAFKA_PORT
inter.broker.listener.name=PLAINTEXT
controller.listener.names=CONTROLLER
listener.security.protocol.map=PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT
log.dirs=$KAFKA_WORK/data
num.partitions=6
auto.create.topics.enable=true
offsets.topic.num.partitions=1
offsets.topic.replication.factor=1
transaction.state.log.num.partitions=1
transaction.state.log.replication.factor=1
transaction.state.log.min.isr=1
group.initial.rebalance.delay.ms=0
log.cleaner.dedupe.buffer.size=2097152
num.network.threads=2
num.io.threads=2
broker.session.timeout.ms=3000
broker.heartbeat.interval.ms=500
CONF
	cat > "$KAFKA_WORK/log4j.properties" <<CONF
log4j.rootLogger=WARN, out
log4j.appender.out=org.apache.log4j.ConsoleAppender
log4j.appender.out.layout=org.apache.log4j.PatternLayout
log4j.appender.out.layout.ConversionPattern=%d %p %c{1}: %m%n
CONF
	java -Xmx128m -Dlog4j.configuration="file:$KAFKA_WORK/log4j.properties" -cp "$KAFKA_JARS/*" \
		kafka.tools.StorageTool format -t bGxtYW5fdGVzdF9vbmx5XzE -c "$KAFKA_WORK/server.properties" \
		> "$KAFKA_WORK/format.log" 2>&1 || { cat "$KAFKA_WORK/format.log" >&2; return 1; }
}

# Starts and waits until metadata are answered; prints how long that took.
broker_start() {
	java -Xms128m -Xmx320m -XX:+UseSerialGC -XX:TieredStopAtLevel=1 \
		-Dlog4j.configuration="file:$KAFKA_WORK/log4j.properties" \
		-Dorg.slf4j.simpleLogger.defaultLogLevel=warn \
		-cp "$KAFKA_JARS/*" kafka.Kafka "$KAFKA_WORK/server.properties" >> "$KAFKA_WORK/broker.log" 2>&1 &
	echo $! > "$KAFKA_WORK/pid"
	begin=$(date +%s)
	until kcat -b "$KAFKA_BOOTSTRAP" -L -m 2 > /dev/null 2>&1; do
		if [ $(($(date +%s) - begin)) -gt 60 ] || ! kill -0 "$(cat "$KAFKA_WORK/pid")" 2>/dev/null; then
			echo "kafka: the broker does not start" >&2
			tail -20 "$KAFKA_WORK/broker.log" >&2
			return 1
		fi
		sleep 0.2
	done
	echo "broker: answers after $(($(date +%s) - begin)) s"
}

# broker_stop [-9]
broker_stop() {
	pid=$(cat "$KAFKA_WORK/pid" 2>/dev/null) || return 0
	kill ${1:--15} "$pid" 2>/dev/null || true
	for i in $(seq 100); do
		kill -0 "$pid" 2>/dev/null || break
		sleep 0.1
	done
	kill -9 "$pid" 2>/dev/null || true
	rm -f "$KAFKA_WORK/pid"
}
