#!/bin/sh
# Run Check suites one after the other; a failing one is named, and the run goes on to the end.
bad=0
for t in "$@"; do
	"$t" || { echo "FAILED: $t" >&2; bad=1; }
done
exit $bad
