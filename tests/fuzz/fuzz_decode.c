/*
 * Any octets as a recorded stream, explained as `bellman decode` does it: of each message the JSON
 * is one object on a line of its own, in which no name comes twice, and the text is fit for a
 * terminal.
 */
#include "cli/decode/message.h"
#include "tests/fuzz/fuzz.h"
#include "tests/fuzz/json_check.h"

enum { TEXT_MAX = 1 << 26, MESSAGE_MAX = 1 << 20, PEERS_MAX = 16 };

static struct decode_message message;
static bool json; /* the length of the input says it: half of them each */
static struct sbuf out;

static void
on_update(void *ctx, struct bmp_stream *s, struct bmp_peer *p, struct bmp_update *u)
{
	(void)ctx;
	(void)s;
	(void)p;
	decode_message_update(&message, u);
	if (!u->is_end_of_rib)
		bgp_update_check(u->bgp, &u->context, u->faults);
}

static void
on_mirrored(void *ctx, struct bmp_stream *s, struct bmp_peer *p, const struct bmp_msg *msg,
    unsigned type, struct cursor octets, struct bmp_update *u)
{
	(void)ctx;
	(void)s;
	(void)p;
	(void)msg;
	(void)octets;
	decode_message_mirrored(&message, type, u);
	if (u != NULL && !u->is_end_of_rib)
		bgp_update_check(u->bgp, &u->context, u->faults);
}

static void
check_json(const char *text, size_t n)
{
	assert(n > 0 && text[n - 1] == '\n');
	assert(json_is_object(text, n - 1));
}

/* Lines of what can be seen, and UTF-8 where a name has it. */
static void
check_text(const char *text, size_t n)
{
	for (size_t i = 0; i < n; i++)
		assert((unsigned char)text[i] >= 0x20 ? text[i] != 0x7f : text[i] == '\n');
}

static void
on_message(void *ctx, struct bmp_stream *s, const struct bmp_msg *msg, const struct faults *f)
{
	(void)ctx;
	message.number++;
	message.msg = msg;
	message.v4_revision = bmp_stream_v4_revision(s);
	message.faults = f;
	message.quirks = message.number % 4 == 0 ? UINT64_MAX : 0;
	sbuf_clear(&out);
	decode_message_put(&message, json, false, &out);
	if (json)
		check_json(out.data, out.len);
	else
		check_text(out.data, out.len);
	message.offset += msg->len;
	decode_message_next(&message);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct bmp_stream_ops ops = {
		.update = on_update, .mirrored = on_mirrored, .message = on_message
	};
	struct bmp_stream *s = bmp_stream_new(&ops, NULL, MESSAGE_MAX, PEERS_MAX);
	uint8_t *exact = fuzz_exact(data, size);

	assert(s != NULL);
	json = size % 2 == 0;
	if (out.max == 0)
		out = sbuf_of(TEXT_MAX);
	memset(&message, 0, sizeof(message));
	bmp_stream_feed(s, exact, size, 1700000000000000);
	assert(!out.failed);
	bmp_stream_free(s);
	fuzz_exact_free(exact);
	return 0;
}
