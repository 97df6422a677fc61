#!/bin/sh
# A pure archive may call memory and string functions of libc, and the pure archives named after it, and nothing
# else: no allocation, no I/O, no clock, no exit. (bcmp is how clang asks whether memory is equal.) usage: lint_symbols.sh ARCHIVE [ARCHIVE...]
set -eu
allowed='^(bcmp|mem(cpy|move|set|cmp|chr)|str(len|nlen|cmp|ncmp|chr)|v?snprintf|__(mem(cpy|move|set)|v?snprintf)_chk|__stack_chk_fail|_GLOBAL_OFFSET_TABLE_|__(asan|ubsan|tsan|sanitizer|sancov|lsan)_.*|___?(asan|ubsan|tsan|sanitizer|sancov)_.*|__start___sancov_.*|__stop___sancov_.*|__assert_fail)$'
defined=$(nm --defined-only "$@" 2>/dev/null | awk 'NF==3{print $3}' | sort -u)
bad=$(nm -u "$1" 2>/dev/null | awk '$1=="U"{print $2}' | sed 's/@.*//' | sort -u | grep -Ev "$allowed" || true)
out=
for s in $bad; do
	echo "$defined" | grep -qx "$s" || out="$out $s"
done
if [ -n "$out" ]; then
	echo "lint: $1 calls what it may not:$out" >&2
	exit 1
fi
echo "lint: $(basename "$1") calls libc's mem* and str* only"
