#!/bin/sh
# The fuzz corpora of other projects, which may not be given on with this one: replayed through our targets
# where they lie beside the project, said aloud where they do not. usage: replay_others.sh BUILD TARGET...
set -eu
build=$1
shift
corpora=${BELLMAN_SHARED:-../shared}/data/fuzz
[ -d "$corpora" ] || { echo "SKIPPED: $corpora is not here"; exit 0; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
for archive in "$corpora"/*.tar.gz; do
	tar -xzf "$archive" -C "$work"
done
# flat: the replay reads one folder
mkdir "$work/flat"
find "$work" -path "$work/flat" -prune -o -type f -print | while read -r file; do
	cp "$file" "$work/flat/$(echo "$file" | cksum | cut -d' ' -f1)"
done
for target in "$@"; do
	"$build/tests/fuzz/${target}_replay" "$work/flat"
done
