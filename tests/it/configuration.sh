# docs/CONFIGURATION.md is what the table of options makes of it.
. tests/it/lib/it.sh
"$bellmand" --options >"$work/options"
python3 docs/man/configuration_page.py "$work/options" >"$work/page"
[ "$(grep -c '^| `' "$work/page")" = "$(wc -l <"$work/options")" ] || fail "options without a row"
diff docs/CONFIGURATION.md "$work/page" || fail "docs/CONFIGURATION.md is of another table: make docs/CONFIGURATION.md"
! grep -n '^| `.*|  *|$' docs/CONFIGURATION.md || fail "options that nothing is said of"
