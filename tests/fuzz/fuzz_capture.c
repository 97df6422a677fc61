/*
 * Any octets as captured frames: link layers and tunnels, fragments, and the TCP streams put
 * together from them. Input: a link type, then frames, each with a length of two octets (the top
 * bit: more was sent than captured).
 */
#include "collector/recordings/packets/link.h"
#include "collector/recordings/packets/packets.h"
#include "tests/fuzz/fuzz.h"

struct received {
	int open;
	unsigned begun;
	uint64_t octets;
};

static void *
on_begin(void *ctx, const struct recording_stream *s)
{
	struct received *g = ctx;

	assert(s->name[0] != '\0' && s->address[0] != '\0');
	g->open++;
	g->begun++;
	return g;
}

static bool
on_bytes(void *ctx, void *stream, const uint8_t *data, size_t n, int64_t time_us)
{
	struct received *g = stream;

	(void)ctx;
	assert(time_us > 0 && n > 0);
	for (size_t i = 0; i < n; i++)
		g->octets += data[i] & 1;
	return true;
}

static void
on_end(void *ctx, void *stream, bool closed)
{
	(void)ctx;
	(void)closed;
	assert(--((struct received *)stream)->open >= 0);
}

static void
on_warn(void *ctx, const char *text)
{
	(void)ctx;
	assert(strlen(text) > 0);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const int types[] = { LINK_ETHERNET, LINK_RAW, LINK_SLL, LINK_SLL2, LINK_NULL,
		LINK_IPV4, LINK_IPV6, LINK_LOOP };
	static const int more[] = { LINK_PPP, LINK_PPP_HDLC, LINK_CISCO_HDLC, LINK_JUNIPER_ETHER };
	static const struct recording_ops ops = {
		.stream_begin = on_begin, .bytes = on_bytes, .stream_end = on_end, .warn = on_warn
	};
	struct received g = { .open = 0 };
	struct reader r = { .path = "fuzz", .name = "fuzz", .ops = &ops, .ctx = &g };
	struct packets *t = packets_new(&r);
	int64_t us = 1700000000000000;
	struct cursor in = cur_of(data, size);
	unsigned kind = cur_u8(&in);
	int type = kind < 252 ? types[kind % 8] : more[kind - 252];

	assert(t != NULL);
	while (cur_left(&in) > 2) {
		unsigned head = cur_u16(&in);
		size_t n = head & 0x7fff;
		uint8_t *exact;

		if (n > cur_left(&in))
			n = cur_left(&in);
		exact = fuzz_exact(cur_take(&in, n), n);
		packets_add(t, type, exact, n, n + (head >> 15) * 100, us++);
		fuzz_exact_free(exact);
	}
	packets_end(t);
	packets_free(t);
	assert(g.open == 0 && g.begun == r.counts.streams);
	return 0;
}
