#include "collector/recordings/tcp/bgp_mirror.h"

#include <string.h>

#include "parsers/bgp/message.h"

enum { BMP_ROOM = BGP_MESSAGE_MAX + 128 };

void
bgp_mirror_init(struct bgp_mirror *m, const struct ip_addr *from, bgp_mirror_emit *emit, void *ctx)
{
	memset(m, 0, sizeof(*m));
	m->held = sbuf_of(4 * BGP_MESSAGE_MAX);
	m->peer.address = *from;
	m->emit = emit;
	m->ctx = ctx;
}

void
bgp_mirror_fini(struct bgp_mirror *m)
{
	sbuf_free(&m->held);
}

/* The OPEN says who the sender is. */
static void
learn_peer(struct bgp_mirror *m, struct cursor body)
{
	struct faults ignored = { .n = 0 };
	struct bgp_open open;

	bgp_open_parse(body, &open, &ignored);
	m->peer.as = open.as;
	memcpy(m->peer.bgp_id, open.bgp_id, sizeof(m->peer.bgp_id));
}

/* Written before the first message, so that a connection without BGP makes no stream. */
static bool
put_initiation(struct bgp_mirror *m, const char *router)
{
	uint8_t out[512];

	m->initiated = true;
	return m->emit(
	    m->ctx, out, bmp_write_initiation(out, sizeof(out), router, BGP_MIRROR_DESCR));
}

static bool
put_message(struct bgp_mirror *m, const char *router, const uint8_t *at, size_t len)
{
	struct faults ignored = { .n = 0 };
	struct cursor message = cur_of(at, len), body;
	uint8_t out[BMP_ROOM];
	size_t total;

	if (!m->initiated && !put_initiation(m, router))
		return false;
	if (bgp_message(&message, &body, &total, &ignored) == BGP_OPEN)
		learn_peer(m, body);
	return m->emit(m->ctx, out, bmp_write_mirroring(out, sizeof(out), &m->peer, -1, at, len));
}

bool
bgp_mirror_begins(const uint8_t *at, size_t n)
{
	return memcmp(at, bgp_marker, n < sizeof(bgp_marker) ? n : sizeof(bgp_marker)) == 0;
}

/* Where a message may begin; n when nowhere. */
static size_t
search_message(const uint8_t *at, size_t n)
{
	size_t i = 0;

	while (i < n && !bgp_mirror_begins(at + i, n - i))
		i++;
	return i;
}

/* Hand on the whole messages. Returns the octets that are done with. Behind a marker with a length
 * that no message has, the search goes on. */
static size_t
emit_whole(struct bgp_mirror *m, const char *router, const uint8_t *at, size_t n, bool *ok)
{
	size_t done = 0;

	while (*ok) {
		size_t skip = search_message(at + done, n - done), len;

		m->dropped += skip;
		done += skip;
		if (n - done < BGP_HEADER_LEN)
			break;
		len = be16(at + done + BGP_MARKER_LEN);
		if (len < BGP_HEADER_LEN) {
			m->dropped++;
			done++;
			continue;
		}
		if (len > n - done)
			break;
		*ok = put_message(m, router, at + done, len);
		done += len;
	}
	return done;
}

bool
bgp_mirror_feed(
    struct bgp_mirror *m, const char *router, const uint8_t *data, size_t n, int64_t time_us)
{
	bool ok = true;

	m->peer.sec = (uint32_t)(time_us / 1000000);
	m->peer.usec = (uint32_t)(time_us % 1000000);
	sbuf_add(&m->held, data, n);
	if (m->held.failed)
		return false;
	sbuf_drop(&m->held, emit_whole(m, router, (const uint8_t *)m->held.data, m->held.len, &ok));
	return ok;
}

void
bgp_mirror_lost(struct bgp_mirror *m)
{
	m->dropped += m->held.len;
	sbuf_clear(&m->held);
}

void
bgp_mirror_end(struct bgp_mirror *m)
{
	bgp_mirror_lost(m);
}
