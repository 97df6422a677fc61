# Topics that take only small batches, and records that are larger than that: the small ones arrive once and in order,
# the large ones are set aside, and nothing waits for them.
set -eu
probe=$BUILD/tests/tools/sink_probe
n=4000 big=250 topic=refusals.$$

for kind in alerts events; do
	"$probe" topic "$KAFKA_BOOTSTRAP" $topic.$kind max.message.bytes=2000
done
"$probe" write "$CASE_DIR/journal.db" $n 100 0 $big
begin=$(date +%s)
"$probe" sink "$CASE_DIR/journal.db" "$KAFKA_BOOTSTRAP" $topic $n compression.codec=none > "$CASE_DIR/out" 2> "$CASE_DIR/log" ||
	{ tail -5 "$CASE_DIR/log"; exit 1; }
cat "$CASE_DIR/out"
echo "$(grep -c 'is set aside: Broker: Message size too large' "$CASE_DIR/log") of $n set aside within $(($(date +%s) - begin)) s"
grep -q " set_aside=$((n / big)) " "$CASE_DIR/out" || { echo "not what is too large was set aside"; exit 1; }
# a reader that stops in the midst of thousands of small batches has proven nothing: a second one has the same to read
"$probe" verify "$KAFKA_BOOTSTRAP" $topic $n $big > "$CASE_DIR/verified" ||
	"$probe" verify "$KAFKA_BOOTSTRAP" $topic $n $big > "$CASE_DIR/verified" || { cat "$CASE_DIR/verified"; exit 1; }
cat "$CASE_DIR/verified"
grep -q ' 0 twice,' "$CASE_DIR/verified" || { echo "records came twice"; exit 1; }
