#!/bin/sh
# Install the Debian packages that a build needs and that are missing. As root, or through sudo.
# usage: deps.sh [PACKAGE...]   (default: what `make all check` needs)
set -eu

BUILD_PKGS="gcc make pkg-config libuv1-dev librdkafka-dev libprotobuf-c-dev protobuf-c-compiler
            protobuf-compiler libprotobuf-dev libsqlite3-dev libjansson-dev libyaml-dev libxxhash-dev
            libpcap-dev zlib1g-dev libbz2-dev libzstd-dev libssl-dev libsmartcols-dev
            libncurses-dev libmicrohttpd-dev
            check python3 python3-jsonschema procps openssl mandoc"
missing=
for p in ${*:-$BUILD_PKGS}; do
	dpkg-query -W -f='${Status}' "$p" 2>/dev/null | grep -q 'ok installed' || missing="$missing $p"
done
[ -n "$missing" ] || exit 0

if [ "$(id -u)" = 0 ]; then
	as_root=
elif command -v sudo >/dev/null 2>&1; then
	as_root=sudo
else
	echo "deps: missing Debian packages:$missing" >&2
	echo "deps: neither root nor sudo here; install them and run make again" >&2
	exit 1
fi
echo "deps: installing$missing" >&2
$as_root apt-get update -qq || echo "deps: apt-get update failed, trying with the lists at hand" >&2
# shellcheck disable=SC2086
$as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing >/dev/null
