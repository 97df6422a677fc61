#!/bin/sh
# Run the integration scripts, JOBS at once (two a core: they wait more than they work). Exit 77 means skipped, and is
# said aloud. One or two that fail among others are run once more by themselves, which is said aloud (AGAIN): the
# machine may have been too busy for what they wait for. usage: BUILD=... run_it.sh SCRIPT...
if [ "${1:-}" = --one ]; then
	name=$(basename "$2" .sh) start=$(date +%s)
	log=$BUILD/it-$name.log
	timeout 300 sh "$2" >"$log" 2>&1
	rc=$? took=$(($(date +%s) - start))
	case $rc in
	0) echo "ok       $name (${took} s)" ;;
	77) echo "SKIPPED  $name: $(tail -n 1 "$log")" ;;
	*) printf 'FAILED   %s (exit %s, %s s), last lines of %s:\n%s\n' "$name" $rc $took "$log" "$(tail -n 70 "$log")" ;;
	esac
	exit 0
fi
said=$BUILD/it.log
printf '%s\n' "$@" | xargs -P "${JOBS:-$((2 * $(nproc)))}" -n 1 sh "$0" --one | tee "$said"
failed=$(sed -n 's/^FAILED   \([^ ]*\) .*/\1/p' "$said")
again=$(echo "$failed" | wc -w)
if [ $# -gt 1 ] && [ "$again" -gt 0 ] && [ "$again" -le 2 ]; then
	sed 's/^FAILED   /AGAIN    /' "$said" >"$said.first"
	mv "$said.first" "$said"
	for name in $failed; do
		echo "AGAIN    $name, by itself"
		for script; do
			[ "$(basename "$script" .sh)" != "$name" ] || sh "$0" --one "$script" | tee -a "$said"
		done
	done
fi
failed=$(grep -c '^FAILED   ' "$said")
echo "$(grep -c '^ok ' "$said") passed, $failed failed, $(grep -c '^SKIPPED ' "$said") skipped, $(grep -c '^AGAIN ' "$said") run again"
[ "$failed" -eq 0 ] && [ "$(grep -cE '^(ok|SKIPPED|FAILED)  ' "$said")" -eq $# ]
