# make install: everything is where it is looked for, the paths in the unit are real, the daemon starts with the
# configuration as it is shipped, and the unit keeps its promise of `systemd-analyze security`. uninstall leaves
# configuration and nothing else.
. tests/it/lib/it.sh
to=$work/root
make -s install-files BUILD="$BUILD" DESTDIR="$to" PREFIX=/usr >"$work/log" 2>&1 || fail "make install"
for f in bin/bellman sbin/bellmand lib/systemd/system/bellmand.service lib/sysusers.d/bellman.conf \
	lib/tmpfiles.d/bellman.conf share/bellman/proto/bellman/v1/incident.proto share/doc/bellman/README.md \
	share/doc/bellman/examples/consumer.py share/bellman/schema/record.schema.json \
	share/man/man8/bellmand.8 share/man/man1/bellman.1 share/man/man5/bellman.yaml.5 \
	share/bash-completion/completions/bellman share/zsh/vendor-completions/_bellman share/fish/vendor_completions.d/bellman.fish; do
	[ -s "$to/usr/$f" ] || fail "no $f in $(find "$to")"
done
unit=$to/usr/lib/systemd/system/bellmand.service
grep -q '@[A-Z]*@' "$unit" && fail "a path is missing: $(grep '@[A-Z]*@' "$unit")"
for word in $(sed -n 's/^Exec[A-Za-z]*=//p; s,^Documentation=.*file:,,p' "$unit" | tr ' ' '\n' | grep '^/usr\|^/etc'); do
	[ -e "$to$word" ] || fail "$word of the unit is not installed"
done
cmp etc/bellman.yaml "$to/etc/bellman/bellman.yaml" || fail "not the configuration"
"$bellmand" -c "$to/etc/bellman/bellman.yaml" --check-config 2>/dev/null || fail "the configuration is not good"
echo 'workers: 1' >"$to/etc/bellman/bellman.yaml"
make -s install-files BUILD="$BUILD" DESTDIR="$to" PREFIX=/usr >"$work/log" 2>&1 || fail "make install, again"
[ "$(cat "$to/etc/bellman/bellman.yaml")" = 'workers: 1' ] || fail "the configuration was replaced"
if command -v systemd-analyze >/dev/null; then
	level=$(systemd-analyze security --offline=true "$unit" 2>/dev/null | sed -n 's/.*exposure level.*: \([0-9.]*\) .*/\1/p')
	[ -n "$level" ] || fail "no exposure level"
	awk "BEGIN { exit !($level <= 2.0) }" || fail "the unit is exposed: $level"
	echo "exposure level $level"
fi
make -s uninstall BUILD="$BUILD" DESTDIR="$to" PREFIX=/usr >"$work/log" 2>&1 || fail "make uninstall"
[ "$(cd "$to" && find . -type f)" = ./etc/bellman/bellman.yaml ] || fail "left behind: $(find "$to" -type f)"
