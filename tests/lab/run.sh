#!/bin/sh
# The live lab (`make check-lab`): FRR, GoBGP, exabgp and StayRTR against bellmand, in a network
# namespace of its own. Needs root and the packages below; says so and exits 77 where it cannot run.
#   run.sh                  the scenario
#   run.sh record DIR       record the streams of the routers, as in tests/fixtures
# KAFKA_BOOTSTRAP=host:port takes that broker in place of the mock; then the network stays the host's.
set -eu
BUILD=${BUILD:-build}
here=$(dirname "$0")
what=${1:-scenario}
case $what:$# in
scenario:[01] | record:2) ;;
*)
	echo "usage: run.sh [scenario], or run.sh record DIR" >&2
	exit 2
	;;
esac

if [ "$(id -u)" != 0 ]; then
	echo "lab: SKIPPED: needs root for a network namespace"
	exit 77
fi
missing=
for c in /usr/lib/frr/bgpd vtysh gobgpd gobgp exabgp stayrtr ip unshare python3; do
	command -v "$c" >/dev/null 2>&1 || missing="$missing $c"
done
if [ -n "$missing" ]; then
	echo "lab: SKIPPED: not installed:$missing (sh tests/tools/deps.sh frr frr-pythontools gobgpd exabgp stayrtr iproute2 kcat)"
	exit 77
fi

# Own users of these daemons, files they may read: nothing of the host's configuration is used.
in_lab='ip link set lo up && ip address add 10.77.0.0/24 dev lo &&
	for n in 3 9 11; do ip address add fd77::$n/128 dev lo nodad || exit; done && exec "$@"'
net=--net
[ -z "${KAFKA_BOOTSTRAP:-}" ] || net=
if [ -n "$net" ] && ! unshare --net --uts true 2>/dev/null; then
	echo "lab: SKIPPED: no permission for a network namespace"
	exit 77
fi
if [ "$what" = record ]; then
	set -- python3 "$here/record.py" "$2"
else
	set -- timeout --kill-after=20 280 python3 "$here/scenario.py" "$BUILD"
fi
# shellcheck disable=SC2086
exec unshare $net --uts --pid --fork --mount-proc --kill-child sh -c "$in_lab" lab "$@"
