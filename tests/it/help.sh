# What the commands say of themselves comes from one table each: help, completion and manual pages agree with what is parsed.
. tests/it/lib/it.sh
page() { # page FILE: mandoc finds nothing to warn of
	mandoc -T lint -W warning "$1" >"$work/lint" || fail "$1: $(head -3 "$work/lint")"
}

# each command has help and a page, with every option; and each option of the help is one
"$bellman" man list >"$work/names"
[ "$(wc -l <"$work/names")" -ge 17 ] || fail "commands are missing: $(cat "$work/names")"
"$bellman" --help >"$work/all"
"$bellman" man >"$work/bellman.1"
page "$work/bellman.1"
while read -r name; do
	grep -q "^  $name " "$work/all" || fail "$name is not listed"
	grep -q "^.Xr bellman-$name 1" "$work/bellman.1" || fail "$name is not in bellman(1)"
	"$bellman" "$name" --help >"$work/help" || fail "$name --help: exit $?"
	grep -q "^usage: bellman $name" "$work/help" || fail "$name: no usage"
	"$bellman" man "$name" >"$work/page.1"
	page "$work/page.1"
	for option in $(sed -n 's/^ *\(-[a-zA-Z],\)\{0,1\} *--\([a-z-]*\).*/\2/p' "$work/help"); do
		"$bellman" complete "$name" "--$option" | grep -q "^--$option" || fail "$name: --$option is not completed"
		grep -q "Fl Fl $(echo "$option" | sed 's/-/\\\\-/g')" "$work/page.1" || fail "$name: --$option is not in the page"
	done
	"$bellman" "$name" --no-such-option >/dev/null 2>"$work/err" && fail "$name takes --no-such-option"
	grep -q 'there is no option --no-such-option' "$work/err" || fail "$name: $(cat "$work/err")"
done <"$work/names"

# a subject of show has its own
for subject in $("$bellman" complete show '' | cut -f1); do
	"$bellman" show "$subject" --help | grep -q "^usage: bellman show $subject" || fail "show $subject --help"
	"$bellman" man show | grep -q "^.Ss bellman show $subject" || fail "show $subject is not in the page"
done
"$bellman" show frob >/dev/null 2>"$work/err" && fail "there is a frob"
grep -q 'there is no "frob"; right would be routers' "$work/err" || fail "frob: $(cat "$work/err")"
"$bellman" show -o json pears >/dev/null 2>"$work/err" && fail "there are pears"
grep -q 'did you mean "peers"' "$work/err" || fail "pears: $(cat "$work/err")"


# the examples of short names are clear; a subject that is the beginning of another gives way to it
short=$("$bellman" --help | tr '\n' ' ' | sed -n 's/.*clear (`bellman \([^`]*\)`).*/\1/p')
"$bellman" "${short:-no example}" --help >"$work/out" || fail "bellman $short: $(cat "$work/err")"
short=$("$bellman" show --help | tr '\n' ' ' | sed -n 's/.*clear (`bellman \([^`]*\)`).*/\1/p')
"$bellman" ${short:-no example} --help >"$work/out" || fail "bellman $short"
"$bellman" show inc --help | grep -q "^usage: bellman show incidents" || fail "show inc"
"$bellman" show r >/dev/null 2>"$work/err" && fail "r is clear"
grep -qx 'bellman show: several begin with "r"; right would be routers, routes or rpki' "$work/err" || fail "show r: $(cat "$work/err")"

# completion: names, words of options, files; every script is one
[ "$("$bellman" complete ta | cut -f1)" = tail ] || fail "ta is not completed"
[ "$("$bellman" complete convert --to mr | cut -f1 | tr '\n' ' ')" = "mrt mrt-updates " ] || fail "no words of --to"
[ "$("$bellman" complete decode x)" = @files ] || fail "no files"
"$bellman" complete show -o json rou | grep -q '^routes' || fail "no subject behind an option"
for shell in bash zsh fish; do
	"$bellman" completion $shell >"$work/$shell" || fail "$shell"
	! command -v $shell >/dev/null || $shell -n "$work/$shell" || fail "the script of $shell"
done
cat >"$work/try" <<END
. "$work/bash"
COMP_WORDS=("$bellman" decode --ou) COMP_CWORD=2
_bellman
[ "\${COMPREPLY[*]}" = --output ] || exit 1
COMP_WORDS=("$bellman" decode tests/it/hel) COMP_CWORD=2
_bellman
[ "\${COMPREPLY[*]}" = tests/it/help.sh ]
END
bash "$work/try" || fail "bash does not complete"

# the configuration's page has every option; the daemon's page every option of its help
"$bellmand" --options >"$work/options"
python3 docs/man/yaml_page.py "$work/options" >"$work/yaml.5"
page "$work/yaml.5"
[ "$(grep -c '^.It Ic ' "$work/yaml.5")" = "$(wc -l <"$work/options")" ] || fail "options are missing in bellman.yaml(5)"
grep -q '^limits.routers	number	1 to 100000	2000' "$work/options" || fail "limits.routers: $(grep limits.routers "$work/options")"
page docs/man/bellmand.8
for option in $("$bellmand" --help | sed -n 's/^.* --\([a-z-]*\) .*/\1/p'); do
	grep -q "Fl Fl $option" docs/man/bellmand.8 || fail "bellmand(8) lacks --$option"
done

# bellman-events(7) has the members that are written, and no others
page docs/man/bellman-events.7
grep -o 'jw_[a-z_0-9]*( *j, "[a-z_]*"\|\(put_[a-z]*\)(j, "[a-z_]*"\|^	    j, "[a-z_]*"' proto/record_json.c | grep -o '"[a-z_]*"' | tr -d '"' | sort -u >"$work/written"
sed -n '/^.Sh OF A TAIL/q; s/^.It Ic \([a-z_]*\) .*/\1/p' docs/man/bellman-events.7 | sort -u >"$work/told"
diff "$work/written" "$work/told" >"$work/diff" || fail "bellman-events(7) is not what is written: $(cat "$work/diff")"
