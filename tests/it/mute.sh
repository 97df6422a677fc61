# Muted, acknowledged: what records say of it, what is told, what a restart knows, what speaks all the same.
. tests/it/lib/it.sh
export PYTHONPATH=tests/it/lib PYTHONDONTWRITEBYTECODE=1
cat >"$work/router.py" <<'P'
"""router.py PORT COMMAND-FIFO; each line: up | routes FROM TO | withdraw FROM TO | eor."""
import socket, sys
from bmp import *

s = socket.create_connection(("127.0.0.1", int(sys.argv[1])))
for line in open(sys.argv[2]):
    w = line.split()
    nlri = b"".join(map(prefix, range(int(w[1]), int(w[2])))) if len(w) > 1 else b""
    s.sendall({"up": lambda: initiation() + peer_up(),
        "routes": lambda: monitoring(update(base() + NEXT_HOP, nlri)),
        "withdraw": lambda: monitoring(update(withdrawn=nlri)),
        "eor": lambda: monitoring(update())}[w[0]]())
P
config <<'Y'
own: {asns: [64500], prefixes: [{prefix: 10.0.0.0/8}]}
incidents: {hold_ms: 300, feed_grace_s: 3, settle_s: 30}
Y
router() { # a new connection; write to descriptor 7
	rm -f "$work/fifo"
	mkfifo "$work/fifo"
	python3 "$work/router.py" "$port" "$work/fifo" &
	exec 7>"$work/fifo"
}
ask() { "$bellman" "$@" -s "$sock"; }
shown() { ask show incidents -o json 'kind ~ hijack' | json '[(r["prefixes"]["count"], r["muted"]) for r in v]'; }
told() { ask tail -n 1000 -o json | json '[(r["event"], r["summary"].rpartition(": ")[2]) for r in v if r.get("event", "").split(".")[0] in ("mute", "ack")]'; }
shows() { [ "$(shown)" = "$1" ]; }
tells() { [ "$(told)" = "[$1]" ]; }
windows() { [ "$(ask tail -n 3 -o json 'kind ~ mute' | json '[r["event"] for r in v]')" = "$1" ]; }
refused() { # refused WORDS COMMAND...
	words=$1
	shift
	ask "$@" >"$work/out" 2>&1 && fail "taken: $*" || rc=$?
	[ "$rc" = 4 ] && grep -q "$words" "$work/out" || fail "$*: $rc $(cat "$work/out")"
}

start
router
printf 'up\nroutes 0 2\neor\n' >&7
until_true 10 shows "[(2, False)]" || fail "not opened: $(shown)"
id=$(ask show incidents -o json | json 'v[0]["id"]')

# --- what is wrong is said
refused "no incident with id 0123456789abcdef0123456789abcdef is open" mute 0123456789abcdef0123456789abcdef --for 2h --why x
refused "column 13" mute "severity >= red" --for 2h --why x
refused "366 days" mute "$id" --for 400d --why x
refused "32 hexadecimal digits" ack "kind ~ hijack" --why x
refused "nothing is muted by that" unmute "$id"
ask show mutes >"$work/out" && fail "there are mutes: $(cat "$work/out")"

# --- by id, over a restart
ask mute "$id" --for 2h --why maintenance >/dev/null || fail "not muted"
shows "[(2, True)]" || fail "not shown as muted: $(shown)"
printf 'routes 2 5\n' >&7
until_true 10 shows "[(5, True)]" || fail "$(shown)"
stop KILL
exec 7>&-
start
[ "$(ask show incidents -o json 'kind ~ hijack' | json '[r["muted"] for r in v]')" = "[True]" ] || fail "a restart forgot it: $(shown)"
[ "$(ask show mutes -o json | json '[(r["target"], r["why"], r["incidents"]) for r in v]')" = "[('$id', 'maintenance', 1)]" ] ||
	fail "$(ask show mutes)"
router
printf 'up\nroutes 0 5\neor\n' >&7
sleep 1
tells "('mute.set', 'maintenance')" || fail "$(told)"

# --- worse speaks, and is told
printf 'routes 5 120\n' >&7
until_true 10 shows "[(120, False)]" || fail "it does not speak: $(shown)"
until_true 10 tells "('mute.set', 'maintenance'), ('mute.ended', '120 prefixes, were 2')" || fail "$(told)"
[ "$(ask tail -n 1 -o json type incident | json 'v[0]["muted"]')" = False ] || fail "$(ask tail -n 1 -o json)"

# --- by filter until its time is over, and acknowledged until it is closed
ask mute 'kind ~ hijack' --for 2s --why "two seconds" >/dev/null
shows "[(120, True)]" || fail "$(shown)"
until_true 10 shows "[(120, False)]" || fail "its time is not over: $(ask show mutes)"
ask ack "$id" --why known >/dev/null
shows "[(120, True)]" || fail "$(shown)"
printf 'withdraw 0 120\n' >&7
until_true 10 shows "[]" || fail "not closed: $(shown)"
until_true 10 tells "('mute.set', 'maintenance'), ('mute.ended', '120 prefixes, were 2'), ('mute.set', 'two seconds'), ('mute.ended', 'its time is over'), ('ack.set', 'known'), ('ack.ended', 'it is closed')" ||
	fail "$(told)"

# --- planned: pending, told when it begins, after a restart, too, and ended by time
refused "a time to come" mute 'kind ~ hijack' --from 2020-01-31T02:00Z --for 2h --why x
for when in 02:00 2030-06-31T02:00Z 2030-01-31T02:00 +x; do
	ask mute 'kind ~ hijack' --from $when --for 2h --why x 2>"$work/out" && fail "taken: $when" || [ $? = 2 ]
	grep -q "2[0-9-]*T02:00Z" "$work/out" || fail "$(cat "$work/out")"
done
# whatever is given as an example is taken
for when in $(grep -ho -- '--from [^ ]*' README.md | cut -d' ' -f2) $(grep -o '2[0-9-]*T[0-9:]*\(Z\|+01:00\)\|+30m' "$work/out"); do
	ask mute 'kind ~ leak' --from "$when" --for 2h --why x >"$work/out" 2>&1 || fail "$when: $(cat "$work/out")"
	ask unmute 'kind ~ leak' >/dev/null
done
printf 'routes 0 2\n' >&7
until_true 10 shows "[(2, False)]" || fail "$(shown)"
ask mute 'kind ~ hijack' --from +4s --for 8s --why window >/dev/null || fail "not planned"
ask mute 'kind ~ hijack' --from "$(date -u -d '+2 days' +%Y-%m-%dT03:00+01:00)" --for 2h --why "another night" >"$work/out" || fail "not planned"
grep -q "holds from $(date -u -d '+2 days' +%Y-%m-%d)T02:00:00Z until $(date -u -d '+2 days' +%Y-%m-%d)T04:00:00Z; open incidents that are muted now: 0" "$work/out" ||
	fail "$(cat "$work/out")"
shows "[(2, False)]" || fail "a pending one mutes: $(shown)"
stop KILL
exec 7>&-
start
router
printf 'up\nroutes 0 2\neor\n' >&7
[ "$(ask show mutes -o json | json '[(r["state"], r["why"]) for r in v]')" = "[('pending', 'window'), ('pending', 'another night')]" ] || fail "$(ask show mutes)"
until_true 10 shows "[(2, True)]" || fail "it does not begin: $(ask show mutes)"
[ "$(ask show mutes -o json | json '[(r["state"], r["why"]) for r in v]')" = "[('active', 'window'), ('pending', 'another night')]" ] || fail "$(ask show mutes)"
ask tail -n 100 -o json muted >"$work/out"; json '{r["muted"] for r in v}' <"$work/out" | grep -qx '{True}' || fail "$(cat "$work/out")"
ask show incidents 'not muted and kind ~ hijack' >"$work/out" && fail "shown: $(cat "$work/out")"
until_true 15 shows "[(2, False)]" || fail "it does not end: $(ask show mutes)"
until_true 5 windows "['mute.set', 'mute.begun', 'mute.ended']" || fail "$(ask tail -n 3 'kind ~ mute')"

# --- by hand; what has ended stays so
ask mute severity = info --for 2h --why x >/dev/null
ask unmute severity = info >/dev/null || fail "not unmuted"
ask mute as 7 --for 2h --why x >/dev/null
ask unmute all >/dev/null || fail "not unmuted"
stop KILL
exec 7>&-
start
ask show mutes >"$work/out" && fail "there are mutes: $(cat "$work/out")"
stop
[ "$rc" = 0 ] || fail "bellmand ended with $rc"
