#!/bin/sh
# Run Check suites, JOBS at once (one a core); what each says comes in one piece. A failing one is named, and the
# run goes on to the end. usage: BUILD=... run_units.sh SUITE...
if [ "${1:-}" = --one ]; then
	said=$("$2" 2>&1) && failed= || failed="FAILED: $2"
	printf '%s\n' "$said"
	[ -z "$failed" ] || { echo "$failed" >&2; exit 1; }
	exit 0
fi
printf '%s\n' "$@" | xargs -P "${JOBS:-$(nproc)}" -n 1 sh "$0" --one
