#!/bin/sh
# Run the integration scripts. Exit 77 means skipped, and is said aloud.
passed=0 failed=0 skipped=0
for t in "$@"; do
	name=$(basename "$t" .sh)
	start=$(date +%s)
	timeout 300 sh "$t" >"$BUILD/it-$name.log" 2>&1
	rc=$?
	took=$(($(date +%s) - start))
	case $rc in
	0) echo "ok       $name (${took} s)"; passed=$((passed + 1)) ;;
	77) echo "SKIPPED  $name: $(tail -n 1 "$BUILD/it-$name.log")"; skipped=$((skipped + 1)) ;;
	*) echo "FAILED   $name (exit $rc, ${took} s), last lines of $BUILD/it-$name.log:"
	   tail -n 70 "$BUILD/it-$name.log"; failed=$((failed + 1)) ;;
	esac
done
echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" -eq 0 ]
