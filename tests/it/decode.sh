# bellman decode against golden files: our own recordings of FRR and GoBGP.
# UPDATE_GOLDEN=1 writes them anew; look at the difference before you commit it.
. tests/it/lib/it.sh
golden=tests/golden
same() { # same NAME COMMAND...: what it prints is the golden file
	file=$1
	shift
	"$@" >"$work/$file" || fail "$file: exit $?"
	[ -z "${UPDATE_GOLDEN:-}" ] || cp "$work/$file" "$golden/$file"
	diff -u "$golden/$file" "$work/$file" || fail "$file is not as it was"
}
for f in tests/fixtures/*.bmp; do
	name=$(basename "$f" .bmp)
	same "$name.txt" "$bellman" decode "$f"
	same "$name.summary.json" "$bellman" decode --summary "$f"
	same "$name.json" "$bellman" decode -o json "$f"
done

# every line is an object, and no name comes twice in one
python3 - "$work" <<'P' || fail "JSON"
import glob, json, sys
def once(pairs):
    names = [k for k, _ in pairs]
    assert len(names) == len(set(names)), names
    return dict(pairs)
n = 0
for path in glob.glob(sys.argv[1] + "/*.json"):
    for line in open(path):
        json.loads(line, object_pairs_hook=once)
        n += 1
assert n > 50, n
P

# filters: fewer messages, each as asked for
f=tests/fixtures/frr-8.4.4-live.bmp
all=$("$bellman" decode -o json "$f" | wc -l)
[ "$("$bellman" decode -o json --type peer_up,initiation "$f" | json 'len(v) > 1 and set(x["type"] for x in v) == {"peer_up", "initiation"}')" = True ] || fail "--type"
[ "$("$bellman" decode -o json --peer 10.77.0.11 "$f" | json 'len(v) > 1 and all(x["peer"]["address"] == "10.77.0.11" for x in v)')" = True ] || fail "--peer address"
[ "$("$bellman" decode -o json --peer AS64511 "$f" | json 'len(v) > 1 and all(x["peer"]["as"] == 64511 for x in v)')" = True ] || fail "--peer AS"
[ "$("$bellman" decode -o json --prefix 0.0.0.0/0 "$f" | json 'len(v) > 1 and all(x["type"] == "route_monitoring" for x in v)')" = True ] || fail "--prefix"
[ "$("$bellman" decode -o json --prefix 192.0.2.0/24 "$f" | wc -l)" -lt "$("$bellman" decode -o json --prefix 0.0.0.0/0 "$f" | wc -l)" ] || fail "--prefix is too wide"
[ "$("$bellman" decode -o json -n 3 "$f" | wc -l)" = 3 ] || fail "-n"
[ "$("$bellman" decode -o json --problems "$f" | wc -l)" -lt "$all" ] || fail "--problems"
for bad in "--type nope" "--peer nope" "--prefix 1.2.3.4/33" "-n 0" "-o xml"; do
	"$bellman" decode $bad "$f" >/dev/null 2>&1 && fail "$bad was accepted"
done
exit 0
