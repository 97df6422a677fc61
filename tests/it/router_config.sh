# `bellman router-config`: each platform has its block, filled in; FRR and GoBGP, where they are installed, take theirs
# and are then seen.
. tests/it/lib/it.sh
"$bellman" router-config >"$work/list" || fail "no list"
[ "$(wc -l <"$work/list")" = 13 ] || fail "platforms: $(cat "$work/list")"
for platform in $(sed '1d; s/ .*//' "$work/list"); do
	"$bellman" router-config "$platform" --collector 2001:db8::10 --port 21019 --name NOC --as AS65010 --peer 198.51.100.9 \
		--source lo0 --source-address 192.0.2.77 >"$work/block" || fail "router-config $platform"
	case $platform in
	openbgpd | exabgp) ! grep -q '21019' "$work/block" || fail "$platform has no BMP" ;;
	*) grep -q '2001:db8::10' "$work/block" && grep -q '21019' "$work/block" || fail "$platform: $(cat "$work/block")" ;;
	esac
	! grep -q '[{][A-Z_]*[}]' "$work/block" || fail "$platform: a placeholder is left: $(cat "$work/block")"
	! grep -q '192.0.2.1 \|192.0.2.10\|64500' "$work/block" || fail "$platform: not what was asked for: $(cat "$work/block")"
done
refused() {
	! "$bellman" router-config "$@" >"$work/out" 2>"$work/err" && [ ! -s "$work/out" ] && [ -s "$work/err" ] || fail "taken: $*"
}
refused cisco
refused frr bird
refused frr --collector collector.example.net
refused frr --port 0
refused frr --as 4294967296
refused junos --name 'x; rm'
refused eos --source "$(printf 'a\nb')"

config </dev/null
start
seen() { "$bellman" show routers -s "$sock" | grep -q "$1"; }
router=
trap 'status=$?; [ -z "$router" ] || kill $router 2>/dev/null || true; [ -z "$pid" ] || kill -9 "$pid" 2>/dev/null || true; rm -rf "$work"; exit $status' EXIT
tried=
if command -v gobgpd >/dev/null; then
	{
		printf '[global.config]\n  as = 64500\n  router-id = "192.0.2.1"\n  port = -1\n'
		"$bellman" router-config gobgp --collector 127.0.0.1 --port "$port"
	} >"$work/gobgp.toml"
	gobgpd -f "$work/gobgp.toml" --api-hosts "127.0.0.1:$(free_port)" >"$work/gobgp.log" 2>&1 &
	router=$!
	until_true 30 seen GoBGP || fail "GoBGP does not come: $(cat "$work/gobgp.log")"
	kill "$router"
	wait "$router" 2>/dev/null || true
	tried="GoBGP"
fi
if [ -x /usr/lib/frr/bgpd ] && [ "$(id -u)" = 0 ]; then
	"$bellman" router-config frr --collector 127.0.0.1 --port "$port" >"$work/bgpd.conf"
	chmod 755 "$work"
	/usr/lib/frr/bgpd -M bmp -Z -S -n -p 0 -P 0 --vty_socket "$work" -i "$work/bgpd.pid" -f "$work/bgpd.conf" \
		--log stdout >"$work/bgpd.log" 2>&1 &
	router=$!
	frr() { seen "$(hostname)"; }
	until_true 30 frr || fail "FRR does not come: $(cat "$work/bgpd.log")"
	! grep -i 'unknown command\|error' "$work/bgpd.log" || fail "FRR does not take its block"
	kill "$router"
	wait "$router" 2>/dev/null || true
	tried="$tried FRR"
fi
router=
stop
echo "tried: ${tried:-none is installed}"
