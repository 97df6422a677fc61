#!/bin/sh
# What a reader's screen holds: a function of 70 lines, a file of 800, a line of Markdown of 120 columns (tables and
# what programs print cannot be wrapped). Of the sources without tests/; prints each breach and exits 1 if there is one.
set -eu
export LC_ALL=C.UTF-8
bad=0

# The braces of a function stand alone at the margin: .clang-format sees to it.
git ls-files '*.c' '*.h' | grep -v '^tests/' | xargs awk '
/^{$/ { open = FNR }
/^}$/ && FNR - open - 1 > 70 { printf "%s:%d: a function of %d lines\n", FILENAME, open, FNR - open - 1; n++ }
FNR == 801 { printf "%s: a file of more than 800 lines\n", FILENAME; n++ }
END { exit n > 0 }' || bad=1

git ls-files '*.md' | xargs awk '
FNR == 1 { code = 0 }
/^```/ { code = !code }
!code && !/^\|/ && length > 120 { printf "%s:%d: a line of %d columns\n", FILENAME, FNR, length; n++ }
END { exit n > 0 }' || bad=1
exit $bad
