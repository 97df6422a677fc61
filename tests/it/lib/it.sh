# Shared by the integration scripts (sourced): a bellmand of its own in a temporary folder on loopback, stopped by pid.
set -eu
BUILD=${BUILD:-build}
bellman=$BUILD/bellman
bellmand=$BUILD/bellmand
work=$(mktemp -d)
sock=$work/control.sock
pid=
trap 'status=$?; [ -z "$pid" ] || kill -9 "$pid" 2>/dev/null || true; rm -rf "$work"; exit $status' EXIT

fail() {
	echo "FAIL: $*"
	[ ! -f "$work/log" ] || tail -n 60 "$work/log"
	exit 1
}

free_port() {
	python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'
}

config() { # config: further YAML on standard input
	port=${port:-$(free_port)}
	{
		cat <<-EOF
		collector: it
		listen: [{address: 127.0.0.1, port: $port}]
		workers: ${workers:-2}
		state_dir: $work/state
		control: $sock
		http: {listen: ${http:-[]}}
		EOF
		cat
	} >"$work/bellman.yaml"
}

start() {
	"$bellmand" -c "$work/bellman.yaml" >>"$work/log" 2>&1 &
	pid=$!
	for _ in $(seq 100); do
		"$bellman" show stats -s "$sock" >/dev/null 2>&1 && return 0
		kill -0 "$pid" 2>/dev/null || fail "bellmand ended at its start"
		sleep 0.1
	done
	fail "bellmand does not answer"
}

stop() { # stop [SIGNAL]
	kill "-${1:-TERM}" "$pid"
	wait "$pid" 2>/dev/null && rc=0 || rc=$?
	pid=
}

json() { # json EXPRESSION: evaluate over the JSON lines of standard input, as list `v`
	python3 -c '
import json, sys
v = [json.loads(l) for l in sys.stdin if l.strip()]
print(eval(sys.argv[1]))' "$1"
}

until_true() { # until_true SECONDS COMMAND...
	limit=$1
	shift
	for _ in $(seq $((limit * 10))); do
		"$@" && return 0
		sleep 0.1
	done
	return 1
}
