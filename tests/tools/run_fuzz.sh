#!/bin/sh
# Runs each fuzz target with the options given, from the committed corpus and what earlier runs found, and says
# what it did; stops at the first finding and shows it. usage: BUILD=... run_fuzz.sh OPTIONS TARGET...
set -eu
options=$1
shift
for target in "$@"; do
	found=$BUILD/corpus/$target log=$BUILD/$target.log
	mkdir -p "$found"
	# shellcheck disable=SC2086
	if ! "$BUILD/tests/fuzz/$target" $options -artifact_prefix="$BUILD/$target-" "$found" \
		"tests/fuzz/corpus/$target" >"$log" 2>&1; then
		tail -40 "$log"
		echo "$target: FOUND something, see $log"
		exit 1
	fi
	awk -v target="$target" '/executed_units/ { runs = $2 } /exec_per_sec/ { rate = $2 } /DONE/ { for (i = 1; i < NF; i++) {
		if ($i == "cov:") cov = $(i + 1); if ($i == "corp:") corpus = $(i + 1) } }
		END { printf "%s: %d runs, %d a second, %d edges, corpus %s, nothing found\n", target, runs, rate, cov, corpus }' "$log"
done
