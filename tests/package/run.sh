#!/bin/sh
# The Debian packages: built from what is in the tree, looked at by lintian, and in a bare Debian 12 (debootstrap)
# installed, run, upgraded, removed and purged. Root only; needs the Debian mirror. There is no systemd as process 1 in
# the chroot: what the unit starts is started by hand, as the user of the unit, with the sockets of its manager.
#
# It costs about four minutes on two cores: two for the build, half a minute for lintian, one for debootstrap.
# BASE=FOLDER keeps the bare system between runs, and makes it one less. usage: run.sh
set -eu
cd "$(dirname "$0")/../.."
export DEBIAN_FRONTEND=noninteractive LC_ALL=C.UTF-8
[ "$(id -u)" = 0 ] || { echo "package: root is needed for the chroot"; exit 77; }
sh tests/tools/deps.sh build-essential debhelper dpkg-dev fakeroot lintian debootstrap
work=$(mktemp -d)
base=${BASE:-$work/base}
root=$work/root
pid=
finish() {
	status=$?
	[ -z "$pid" ] || kill "$pid" 2>/dev/null || true
	umount "$root/proc" 2>/dev/null || true
	umount "$root/dev" 2>/dev/null || true
	! grep -q " $root/" /proc/mounts || exit 1 # never remove what is mounted
	rm -rf "$work"
	exit "$status"
}
trap finish EXIT
fail() {
	echo "FAIL: $*"
	[ ! -f "$work/log" ] || tail -n 40 "$work/log"
	exit 1
}
in_root() { chroot "$root" "$@"; }
step() { printf '%4d s  %s\n' $(($(date +%s) - began)) "$*"; }
began=$(date +%s)

# --- build: from a copy, so that the tree stays as it is
mkdir "$work/bellman"
git ls-files -co --exclude-standard | tar cf - -T - | tar xf - -C "$work/bellman"
(cd "$work/bellman" && dpkg-buildpackage -b -us -uc "-j$(nproc)") >"$work/log" 2>&1 || fail "dpkg-buildpackage"
for deb in bellman bellman-dbgsym; do
	[ -s "$(echo "$work/${deb}"_*.deb)" ] || fail "no package $deb"
done
deb=$(echo "$work"/bellman_*.deb)
step "built $(basename "$deb")"

# --- lintian: nothing that it calls a warning or an error
lintian --allow-root --fail-on error,warning --display-info "$work"/bellman_*.changes >"$work/log" 2>&1 || fail "lintian"
cat "$work/log"
step "lintian: no warnings and no errors"

# --- a bare Debian 12
[ -d "$base/usr" ] || debootstrap --variant=minbase bookworm "$base" >"$work/log" 2>&1 || fail "debootstrap"
cp -a "$base" "$root"
cp /etc/apt/sources.list "$root/etc/apt/" 2>/dev/null || true
cp -r /etc/apt/apt.conf.d/. "$root/etc/apt/apt.conf.d/"
cp /etc/resolv.conf "$root/etc/"
mount -t proc proc "$root/proc"
mount --bind /dev "$root/dev"
printf '#!/bin/sh\nexit 101\n' >"$root/usr/sbin/policy-rc.d"
chmod 755 "$root/usr/sbin/policy-rc.d"
step "bare Debian 12"
cp "$deb" "$root/root/bellman.deb"
in_root sh -c 'apt-get update -qq && apt-get install -y -qq --no-install-recommends /root/bellman.deb' >"$work/log" 2>&1 || fail "apt-get install"
[ "$(in_root id -gn bellman)" = bellman ] || fail "no user bellman"
in_root sh -c '[ "$(stat -c "%U:%G %a" /var/lib/bellman)" = "bellman:bellman 750" ]' || fail "/var/lib/bellman: $(ls -ld "$root/var/lib/bellman")"
step "installed: $(in_root dpkg-query -W -f '${Package} ${Version}, ${Installed-Size} KiB' bellman)"

# --- run: what the unit runs, as who it runs it
unit=$root/lib/systemd/system/bellmand.service
exec_start=$(sed -n 's/^ExecStart=//p' "$unit")
user=$(sed -n 's/^User=//p' "$unit")
port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
printf 'listen: [{address: 127.0.0.1, port: %s}]\n' "$port" >"$root/etc/bellman/bellman.yaml"
mkdir -p "$root/run/bellman"
in_root chown bellman:bellman /run/bellman
in_root chmod 750 /run/bellman
# shellcheck disable=SC2086
chroot --userspec="$user:$user" --groups= "$root" $exec_start >"$work/log" 2>&1 &
pid=$!
for _ in $(seq 100); do
	in_root bellman health >"$work/health" 2>/dev/null && break
	kill -0 "$pid" 2>/dev/null || fail "bellmand ended at its start"
	sleep 0.2
done
grep -q '^healthy' "$work/health" || fail "not healthy: $(cat "$work/health")"
in_root bellman test-alert --for 1s || fail "test-alert"
# a member of the group may ask, others may not
in_root useradd -G bellman member
in_root useradd other
chroot --userspec=member:member --groups="$(in_root getent group bellman | cut -d: -f3)" "$root" bellman health >/dev/null || fail "a member of the group may not ask"
! chroot --userspec=other:other --groups= "$root" bellman health >/dev/null 2>&1 || fail "anybody may ask"
step "runs as $user: $(cat "$work/health")"

# --- upgrade: the configuration, which was changed, stays
in_root sh -c 'apt-get install -y -qq --reinstall -o Dpkg::Options::=--force-confold /root/bellman.deb' >"$work/log" 2>&1 || fail "upgrade"
grep -q "port: $port" "$root/etc/bellman/bellman.yaml" || fail "an upgrade replaced the configuration"
kill "$pid"
wait "$pid" || fail "bellmand ended with $?"
pid=

# --- remove: configuration and journal stay; purge: nothing does
in_root apt-get remove -y -qq bellman >"$work/log" 2>&1 || fail "apt-get remove"
[ ! -e "$root/usr/sbin/bellmand" ] && [ -s "$root/var/lib/bellman/journal.sqlite" ] && [ -s "$root/etc/bellman/bellman.yaml" ] ||
	fail "remove took too little, or too much"
in_root apt-get purge -y -qq bellman >"$work/log" 2>&1 || fail "apt-get purge"
left=$(find "$root/etc" "$root/usr" "$root/lib" "$root/var/lib" -name '*bellman*' ! -path '*/deb-systemd-helper*' ! -path '*/cache/*' 2>/dev/null || true)
[ -z "$left" ] || fail "purge left $left"
step "removed and purged"
echo "package: all passed"
