# share/examples, each with the program that it is for, where that is installed: kcat, confluent-kafka, Alertmanager,
# ClickHouse (chdb). EXAMPLES_PYTHON: the Python that has them, where it is not the system's.
. tests/it/lib/it.sh
case $BUILD in */tsan) echo "ThreadSanitizer does not know the threads of librdkafka"; exit 77 ;; esac
python=${EXAMPLES_PYTHON:-python3}
"$python" -c 'import confluent_kafka' 2>/dev/null || [ ! -x /usr/bin/python3 ] || python=/usr/bin/python3 # Debian's package
export PYTHONPATH=tests/it/lib PYTHONDONTWRITEBYTECODE=1
others=
trap 'status=$?; kill $others 2>/dev/null || true; [ -z "$pid" ] || kill -9 "$pid" 2>/dev/null || true; rm -rf "$work"; exit $status' EXIT
for f in share/examples/*.py; do
	python3 -c 'import sys; compile(open(sys.argv[1]).read(), sys.argv[1], "exec")' "$f" || fail "$f"
done
[ "$(wc -l <share/examples/alertmanager.py)" -le 60 ] || fail "alertmanager.py is longer than 60 lines"
python3 - <<'P' || fail "TOML"
try:
    import tomllib
except ImportError:
    raise SystemExit(0)
for f in ("vector.toml", "telegraf.conf"):
    with open("share/examples/" + f, "rb") as text:
        assert tomllib.load(text), f
P

# --- a hijack, in Kafka as JSON
"$BUILD/tests/tools/kafka_mock" -b 1 -p 2 bmp.alerts.v1 bmp.events.v1 >"$work/brokers" 2>"$work/mock.log" &
others="$others $!"
up() { [ -s "$work/brokers" ]; }
until_true 20 up || fail "no broker: $(cat "$work/mock.log")"
brokers=$(head -n 1 "$work/brokers")
config <<Y
own: {asns: [64500], prefixes: [{prefix: 10.0.0.0/8}]}
incidents: {hold_ms: 300}
kafka: {format: json, properties: {bootstrap.servers: "$brokers"}}
Y
start
cat >"$work/router.py" <<'P'
import socket, sys
from bmp import *
s = socket.create_connection(("127.0.0.1", int(sys.argv[1])))
nlri = prefix(0) + prefix(1)
s.sendall(initiation() + peer_up() + monitoring(update(base() + NEXT_HOP, nlri)) + monitoring(update()))
input()
s.sendall(monitoring(update(withdrawn=nlri)))
input()
P
mkfifo "$work/go"
python3 "$work/router.py" "$port" <"$work/go" &
others="$others $!"
exec 7>"$work/go"
opened() { "$bellman" show incidents -s "$sock" 'kind ~ hijack' | grep -q hijack; }
until_true 20 opened || fail "no incident"
tried=

# --- Alertmanager: it is there, and resolved when it is over
if command -v prometheus-alertmanager >/dev/null; then
	printf 'route: {receiver: none}\nreceivers: [{name: none}]\n' >"$work/am.yml"
	am=$(free_port)
	prometheus-alertmanager --config.file="$work/am.yml" --storage.path="$work/am" --web.listen-address="127.0.0.1:$am" \
		--cluster.listen-address= >"$work/am.log" 2>&1 &
	others="$others $!"
	sed 's/^EVERY_S, KEPT_S = 15, 90/EVERY_S, KEPT_S = 1, 90/' share/examples/alertmanager.py >"$work/alertmanager.py"
	ln -s "$(realpath "$bellman")" "$work/bellman"
	PATH="$work:$PATH" BELLMAN_SOCKET="$sock" "$python" "$work/alertmanager.py" "http://127.0.0.1:$am" 2>"$work/glue.log" &
	others="$others $!"
	alerts() { python3 -c "
import json, urllib.request
print([(a['labels']['alertname'], a['labels']['severity'], a['annotations']['doc']) for a in json.load(urllib.request.urlopen('http://127.0.0.1:$am/api/v2/alerts?active=true'))])" 2>/dev/null; }
	alerted() { alerts | grep -q "hijack.*critical.*RULES.md#hijack"; }
	until_true 30 alerted || fail "no alert: $(alerts) $(cat "$work/glue.log" "$work/am.log")"
	tried="$tried Alertmanager"
fi

# --- Kafka: kcat, and the consumer
if command -v kcat >/dev/null && command -v jq >/dev/null; then
	critical() { sh share/examples/kcat.sh "$brokers" >"$work/kcat" 2>&1 && grep -q "opened.*hijack" "$work/kcat"; }
	until_true 30 critical || fail "kcat: $(cat "$work/kcat")"
	tried="$tried kcat"
fi
if "$python" -c 'import confluent_kafka' 2>/dev/null; then
	"$python" share/examples/consumer.py "$brokers" >"$work/consumed" 2>"$work/consumer.log" &
	consumer=$!
	others="$others $consumer"
	woken() { grep -q 'WAKE .*hijack.*RULES.md#hijack' "$work/consumed"; }
	until_true 60 woken || fail "consumer: $(cat "$work/consumed" "$work/consumer.log")"
	tried="$tried confluent-kafka"
fi
echo over >&7
ends() { ! opened; }
until_true 20 ends || fail "it does not end"
if [ -n "${consumer:-}" ]; then
	closed() { grep -q 'closed .*hijack' "$work/consumed"; }
	until_true 30 closed || fail "consumer: it is not closed: $(cat "$work/consumed")"
	kill "$consumer"
	wait "$consumer" || fail "consumer ends with $?: $(cat "$work/consumer.log")"
fi
if [ -n "${am:-}" ]; then
	resolved() { ! alerts | grep -q hijack; }
	until_true 30 resolved || fail "not resolved: $(alerts)"
fi

# --- ClickHouse: the records of the journal, each of them twice
if "$python" -c 'import chdb' 2>/dev/null; then
	"$bellman" tail -s "$sock" --since 1h -o json >"$work/records"
	(cd "$(pwd)" && "$python" - "$work/records" "$work/chdb" <<'P') || fail "ClickHouse"
import json, sys
import chdb.session
s = chdb.session.Session(sys.argv[2])
text = "\n".join(l for l in open("share/examples/clickhouse.sql").read().split("\n") if not l.startswith("--"))
for statement in text.split(";\n"):
    if statement.strip():
        s.query(statement)
lines = [l.strip() for l in open(sys.argv[1])]
for l in lines + lines:
    s.query("INSERT INTO bellman.incoming FORMAT JSONAsString " + l)
incidents = [r for r in map(json.loads, lines) if "id" in r]
got = str(s.query("SELECT count() FROM bellman.incidents FINAL")).strip()
assert got == str(len({(r["id"], r["revision"]) for r in incidents})), (got, len(incidents))
kinds = sorted({r["kind"] for r in incidents})
assert str(s.query("SELECT DISTINCT kind FROM bellman.incidents ORDER BY kind FORMAT TSV")).split() == kinds
last = {}
for r in incidents:
    last[r["id"]] = r
wanted = sorted(r["id"] for r in last.values() if r["transition"] != "closed")
assert str(s.query("SELECT id FROM bellman.open ORDER BY id FORMAT TSV")).split() == wanted
one = json.loads(str(s.query("SELECT prefixes, origin, toString(at) AS at FROM bellman.incidents WHERE kind LIKE 'hijack%' LIMIT 1 FORMAT JSONEachRow")))
assert "10.0.0" in one["prefixes"][0] and one["origin"], one
P
	tried="$tried ClickHouse"
fi
stop
echo "tried:${tried:- none is installed}"
