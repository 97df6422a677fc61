#!/bin/sh
# Run the integration scripts, JOBS at once (two a core: they wait more than they work). Exit 77 means skipped, and is
# said aloud. usage: BUILD=... run_it.sh SCRIPT...
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
failed=$(grep -c '^FAILED   ' "$said")
echo "$(grep -c '^ok ' "$said") passed, $failed failed, $(grep -c '^SKIPPED ' "$said") skipped"
[ "$failed" -eq 0 ] && [ "$(grep -cE '^(ok|SKIPPED|FAILED)  ' "$said")" -eq $# ]
