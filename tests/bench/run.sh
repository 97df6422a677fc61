#!/bin/sh
# The benches, one after the other, and a table of what came out (`make bench`).
# BENCH_RUNS=5 repeats of the quick ones; the daemon and the rival get 3, the rival's longest 1.
set -eu
BUILD=${BUILD:-build}
RUNS=${BENCH_RUNS:-5}
B=$BUILD/tests/bench
D=$BUILD/bench
OUT=$D/results.jsonl
mkdir -p "$D"
: >"$OUT"

say() { echo "bench: $*" >&2; }
keep() { # keep LABEL COMMAND...: its JSON line, with the label in front
	label=$1; shift
	"$@" | sed "s/^{/{\"label\":\"$label\",/" >>"$OUT"
}
again() { # again N COMMAND...
	n=$1; shift
	while [ "$n" -gt 0 ]; do "$@"; n=$((n - 1)); done
}

say "making the tables"
"$B/bmpgen" "$D/full1.bmp" >"$D/full1.json"
"$B/bmpgen" --peers 4 --vrps "$D/vrps.json" "$D/full4.bmp" >"$D/full4.json"
"$B/bmpgen" --v4 246000 --v6 54000 --vrps "$D/vrps300.json" "$D/t300.bmp" >"$D/t300.json"
"$B/bmpgen" --v4 246000 --v6 54000 --peers 16 --quiet "$D/t16.bmp"
"$B/bmpgen" --v4 246000 --v6 54000 --churn 0 --quiet "$D/base.bmp"
"$B/bmpgen" --v4 246000 --v6 54000 --churn 1000000 --quiet "$D/churn.bmp"
"$B/bmpgen" --v4 62500 --v6 13750 --routers 16 --churn 1000 "$D/m16.bmp" >"$D/m16.json"
"$B/bmpgen" --v4 500 --v6 100 --churn 0 --quiet "$D/tiny.bmp"
routes() { python3 -c 'import json,sys; print(sum(v["ipv4"]+v["ipv6"] for r in json.load(open(sys.argv[1]))["routers"] for p in r["peers"] for v in p["views"]))' "$1"; }

say "from memory"
keep parse "$B/bench_parse" "$RUNS" "$D/full4.bmp"
keep rib1 "$B/bench_engine" rib "$RUNS" "$D/full1.bmp"
keep rib4 "$B/bench_engine" rib "$RUNS" "$D/full4.bmp"
keep rib16 "$B/bench_engine" rib "$RUNS" "$D/t16.bmp"
keep rules1 "$B/bench_engine" rules "$RUNS" "$D/full1.bmp" "$D/vrps.json"
keep rules4 "$B/bench_engine" rules "$RUNS" "$D/full4.bmp" "$D/vrps.json"
keep base "$B/bench_engine" rules "$RUNS" "$D/base.bmp" "$D/vrps300.json"
keep churn "$B/bench_engine" rules "$RUNS" "$D/churn.bmp" "$D/vrps300.json"

keep incidents "$B/bench_incidents" "$RUNS" 100000

say "the command"
timed() { # timed LABEL COMMAND...: its CPU seconds
	label=$1; shift
	keep "$label" python3 -c 'import json,resource,subprocess,sys
subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=True)
u = resource.getrusage(resource.RUSAGE_CHILDREN)
print(json.dumps({"cpu_s": u.ru_utime + u.ru_stime}))' "$@"
}
python3 -c 'import json,random,sys
random.seed(5)
roas = json.load(open(sys.argv[1]))["roas"]
for i in range(1000000):
    r = random.choice(roas)
    print(json.dumps({"id": i, "prefix": r["prefix"], "origin": r["asn"] + (i % 3 == 0)}))' "$D/vrps.json" >"$D/routes.jsonl"
again 3 timed convert "$BUILD/bellman" convert --to mrt "$D/full1.bmp" "$D/full1.mrt"
again 3 timed brief "$BUILD/bellman" decode --brief "$D/full1.mrt"
again 3 timed check "$BUILD/bellman" check rov --vrps "$D/vrps.json" "$D/routes.jsonl"
if command -v bgpdump >/dev/null 2>&1; then
	timed bgpdump bgpdump -m "$D/full1.mrt"
else
	say "NOT MEASURED: bgpdump is not installed"
fi

# bellmand as a process, everything on; VRPS may be "none". WORKERS VRPS
config() {
	rm -rf "$D/state" && mkdir -p "$D/state"
	cat >"$D/bellmand.yaml" <<YAML
collector: bench
listen:
  - {address: 127.0.0.1, port: 21019}
workers: $1
state_dir: $D/state
control: $D/state/control.sock
http: {listen: []}
log: {level: warning}
limits: {routers: 4096}
incidents: {hold_ms: 60000}   # the openings, two seconds after the load, would count as part of it
own:
  asns: [64500]
  prefixes:
    - {prefix: 203.0.113.0/24}
YAML
	[ "$2" = none ] || printf 'rpki:\n  files: [%s]\n' "$2" >>"$D/bellmand.yaml"
}
ours() { # ours LABEL WORKERS VRPS ROUTES [-c COPIES] FILE...
	label=$1; config "$2" "$3"; r=$4; shift 4
	keep "$label" "$B/bench_daemon" bellmand 21019 "$r" "$@" -- "$BUILD/bellmand" -c "$D/bellmand.yaml"
}
if [ -x "$BUILD/bellmand" ]; then
	say "bellmand over TCP"
	again 3 ours full1 1 "$D/vrps.json" "$(routes "$D/full1.json")" "$D/full1.bmp"
	again 3 ours full4 1 "$D/vrps.json" "$(routes "$D/full4.json")" "$D/full4.bmp"
	again 3 ours m64x1 1 none 0 -c 4 "$D"/m16.bmp.*
	again 3 ours m64x2 2 none 0 -c 4 "$D"/m16.bmp.*
	ours many 2 "$D/vrps300.json" 2000 -c 2000 "$D/tiny.bmp"
else
	say "NOT MEASURED: $BUILD/bellmand is not built"
fi

if command -v pmbmpd >/dev/null 2>&1; then
	say "pmbmpd (pmacct) with its RIB, the same files"
	cat >"$D/pmbmpd.conf" <<CONF
daemonize: false
bmp_daemon_ip: 127.0.0.1
bmp_daemon_port: 21790
bmp_daemon_max_peers: 200
bmp_dump_file: $D/pmbmpd.rib
bmp_dump_output: json
bmp_dump_refresh_time: 86400
CONF
	rival() { label=$1; r=$2; shift 2; keep "$label" "$B/bench_daemon" pmbmpd 21790 "$r" "$@" -- pmbmpd -f "$D/pmbmpd.conf"; }
	again 3 rival pm300 "$(routes "$D/t300.json")" "$D/t300.bmp"
	rival pm4 "$(routes "$D/full4.json")" "$D/full4.bmp"
else
	say "NOT MEASURED: pmbmpd is not installed (package pmacct); rival figures are those of an earlier machine"
fi
rm -rf "$D/state"
COMMIT=$(git rev-parse --short HEAD 2>/dev/null || echo unknown) python3 tests/bench/table.py "$OUT" "$D"
