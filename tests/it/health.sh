# `bellman health` and `bellman test-alert`: what is well, what is not, and that a made-up incident goes all the way.
. tests/it/lib/it.sh
health() { "$bellman" health -s "$sock" "$@" >"$work/said" 2>&1 && rc=0 || rc=$?; }
test_alert() { "$bellman" test-alert -s "$sock" "$@" >"$work/said" 2>&1 && rc=0 || rc=$?; }
said() { [ "$rc" = "$1" ] && grep -q "$2" "$work/said" || fail "$3: $rc, $(cat "$work/said")"; }

health
said 3 'no daemon' "health without a daemon"
config </dev/null
start
health
said 0 '^healthy: 0 BMP sessions, incidents open: 0, no RPKI source, journal [0-9]* waiting, Kafka not configured, up ' "health"
said 0 'warning *health.no-router *no router is connected' "health without a router"
health --strict
said 1 '^not healthy' "health --strict without a router"
health -o json
[ "$(json 'v[0]["healthy"] and [r["kind"] for r in v[0]["reasons"]] == ["health.no-router"]' <"$work/said")" = True ] ||
	fail "health in JSON: $(cat "$work/said")"

# a warning is told, and does not count unless it is asked to
cp "$work/bellman.yaml" "$work/good.yaml"
echo 'nonsense: 1' >>"$work/bellman.yaml"
kill -HUP "$pid"
warned() { health; [ "$rc" = 0 ] && grep -q 'warning *collector.reload-refused' "$work/said"; }
until_true 10 warned || fail "no warning in health: $(cat "$work/said")"
health --strict
said 1 '^not healthy' "health --strict"

# a made-up incident: opened, closed, marked, and no reason to be ill
test_alert --for 1s --severity critical
said 0 '^opened  record [0-9]*; journal: yes; Kafka: not configured' "test-alert"
said 0 '^closed  record [0-9]*; journal: yes' "test-alert"
"$bellman" tail -n 99 -o json -s "$sock" 'kind = collector.test-alert' >"$work/records"
[ "$(json '[r["transition"] for r in v] == ["opened", "closed"] and all(r["test"] for r in v) and v[0]["severity"] == "critical" \
	and v[0]["summary"].startswith("TEST by ")' <"$work/records")" = True ] || fail "records: $(cat "$work/records")"
"$bellman" tail -n 99 -o json -s "$sock" 'not kind = collector.test-alert and type = incident' | json 'any(r["test"] for r in v)' |
	grep -q False || fail "another one is marked as a test"
test_alert --for 1s -o json
[ "$(json '[r["delivered"] for r in v]' <"$work/said")" = '[True, True]' ] || fail "test-alert in JSON: $(cat "$work/said")"

# one at a time; one that a restart leaves open is closed
"$bellman" test-alert -s "$sock" --for 1h --severity major >"$work/long" 2>&1 &
long=$!
opened() { "$bellman" show incidents -s "$sock" | grep -q collector.test-alert; }
until_true 10 opened || fail "it does not open"
test_alert
said 4 'a test is open already' "a second test"
health
said 0 '^healthy' "health during a test"
kill "$long"
wait "$long" 2>/dev/null || true
stop
cp "$work/good.yaml" "$work/bellman.yaml"
start
closed() { [ "$("$bellman" tail -n 1 -o json -s "$sock" 'kind = collector.test-alert' | json 'v[-1]["transition"]')" = closed ]; }
until_true 10 closed || fail "a test of before the restart is open"

# a daemon that hangs is told apart from one that is slow
kill -STOP "$pid"
health --timeout 1s
kill -CONT "$pid"
said 3 'does not answer in time' "health of a daemon that hangs"
stop

# librdkafka does not run under ThreadSanitizer
case $BUILD in */tsan) echo "SKIPPED: Kafka"; exit 0 ;; esac

# Kafka away: the test says so, and health as soon as it is told
port=$(free_port)
config <<Y
kafka: {properties: {bootstrap.servers: "127.0.0.1:1"}}
Y
start
test_alert --for 1s --timeout 1s
said 1 'Kafka: NO' "test-alert without a broker"
ill() { health; [ "$rc" = 1 ] && grep -q 'kafka.failing' "$work/said"; }
until_true 60 ill || fail "Kafka is away, and health says $rc: $(cat "$work/said")"
stop
