#include "collector/recordings/framer.h"

#include <string.h>

#include "parsers/bmp/bmp.h"

/* Octets in which no message was found are searched again when an eighth more of them is held, not
 * with every segment. So few octets are searched each time. */
enum { SEARCH_ALWAYS = 16 * 1024 };
enum { PLAUSIBLE_MAX = 1024 * 1024, HEADERS = BMP_HEADER_LEN + BMP_PEER_HEADER_LEN };

void
framer_init(struct framer *f, framer_emit *emit, void *ctx)
{
	memset(f, 0, sizeof(*f));
	f->held = sbuf_of(FRAMER_MESSAGE_MAX + 1024 * 1024);
	f->emit = emit;
	f->ctx = ctx;
}

void
framer_fini(struct framer *f)
{
	sbuf_free(&f->held);
}

/* Global, unique local or link-local (RFC 4291 2.4, RFC 4193). */
static bool
is_ipv6(const uint8_t address[16])
{
	return address[0] >> 5 == 1 || address[0] >> 1 == 0x7e ||
	       (address[0] == 0xfe && address[1] >> 6 == 2);
}

static bool
plausible_peer(const uint8_t *at)
{
	uint8_t type = at[6], flags = at[7];

	if (type > BMP_PEER_LOC_RIB || (flags & 0x0e) != 0)
		return false;
	return type == BMP_PEER_LOC_RIB || (flags & BMP_FLAG_V) || is_zero(at + 16, 12) ||
	       is_zero(at + 20, 12) || is_ipv6(at + 16);
}

bool
framer_plausible(const uint8_t *at, size_t n)
{
	uint32_t len;

	if (n > 0 && at[0] != 3 && at[0] != 4)
		return false;
	if (n < BMP_HEADER_LEN)
		return n < 2 || at[1] == 0;
	len = be32(at + 1);
	if (len < BMP_HEADER_LEN || len > PLAUSIBLE_MAX || at[5] >= BMP_TYPES)
		return false;
	if (at[5] == BMP_INITIATION || at[5] == BMP_TERMINATION)
		return true;
	return len > HEADERS && (n < HEADERS || plausible_peer(at));
}

bool
framer_whole(const uint8_t *at, size_t n)
{
	bool any = n > 0;

	while (n >= BMP_HEADER_LEN && framer_plausible(at, n) && be32(at + 1) <= n) {
		size_t len = be32(at + 1);

		at += len;
		n -= len;
	}
	return any && n == 0;
}

/*
 * Where does the next message begin? What is before it can be dropped. *sure: it begins there,
 * because another message follows it, or it ends where the octets do. Without *sure it is the first
 * place where one could begin, and octets to come will decide.
 */
static size_t
search_message(const uint8_t *at, size_t n, bool *sure)
{
	size_t perhaps = n;

	*sure = false;
	for (size_t i = 0; i < n; i++) {
		size_t left = n - i, len;

		if (!framer_plausible(at + i, left))
			continue;
		if (i < perhaps && (left < BMP_HEADER_LEN || be32(at + i + 1) > left))
			perhaps = i;
		if (left < BMP_HEADER_LEN)
			break;
		len = be32(at + i + 1);
		if (len == left ||
		    (len + BMP_HEADER_LEN <= left && framer_plausible(at + i + len, left - len))) {
			*sure = true;
			return i;
		}
		if (len < left && len + BMP_HEADER_LEN > left && i < perhaps)
			perhaps = i;
	}
	return perhaps;
}

/* Hand on the whole messages in buf. Returns the octets that are done with. *stop is set when the
 * receiver has had enough. */
static size_t
emit_whole(struct framer *f, const uint8_t *buf, size_t n, bool *stop)
{
	size_t from = 0, at;
	bool sure;

	if (f->state == FRAMER_SEARCHING) {
		if (n < f->search_from)
			return 0;
		from = search_message(buf, n, &sure);
		f->searched += n;
		f->dropped += from;
		if (!sure) {
			f->search_from = n - from > SEARCH_ALWAYS ? n - from + (n - from) / 8 : 0;
			return from;
		}
		f->search_from = 0;
		f->state = FRAMER_IN_STEP;
	}
	at = from;
	while (f->state == FRAMER_IN_STEP && n - at >= BMP_HEADER_LEN) {
		uint32_t len = be32(buf + at + 1);

		if ((buf[at] != 3 && buf[at] != 4) || len < BMP_HEADER_LEN ||
		    len > FRAMER_MESSAGE_MAX) {
			f->state = f->sift ? FRAMER_SEARCHING : FRAMER_PASSING;
		} else if (len > n - at) {
			break;
		} else {
			at += len;
			f->messages++;
		}
	}
	if (f->state == FRAMER_PASSING)
		at = n;
	if (at > from && !f->emit(f->ctx, buf + from, at - from))
		*stop = true;
	return at;
}

bool
framer_feed(struct framer *f, const uint8_t *data, size_t n)
{
	bool stop = false;
	size_t used;

	if (f->held.len == 0) {
		used = emit_whole(f, data, n, &stop);
		if (used < n && !stop)
			sbuf_add(&f->held, data + used, n - used);
	} else {
		sbuf_add(&f->held, data, n);
		used = emit_whole(f, (const uint8_t *)f->held.data, f->held.len, &stop);
		sbuf_drop(&f->held, used);
	}
	if (f->held.len == 0)
		sbuf_free(&f->held); /* a quiet connection costs no buffer */
	return !stop && !f->held.failed;
}

/* Nothing follows the octets that are held: make the search that was put off. */
static void
search_the_rest(struct framer *f)
{
	bool stop = false;

	if (f->state != FRAMER_SEARCHING || f->search_from == 0)
		return;
	f->search_from = 0;
	sbuf_drop(&f->held, emit_whole(f, (const uint8_t *)f->held.data, f->held.len, &stop));
}

void
framer_lost(struct framer *f)
{
	search_the_rest(f);
	f->search_from = 0;
	f->dropped += f->held.len;
	sbuf_clear(&f->held);
	f->state = FRAMER_SEARCHING;
}

void
framer_restart(struct framer *f)
{
	if (f->state == FRAMER_IN_STEP && f->held.len == 0)
		return;
	framer_lost(f);
	f->state = FRAMER_IN_STEP;
}

bool
framer_end(struct framer *f)
{
	bool ok = true;

	search_the_rest(f);
	if (f->state == FRAMER_SEARCHING)
		f->dropped += f->held.len;
	else if (f->held.len > 0)
		ok = f->emit(f->ctx, (const uint8_t *)f->held.data, f->held.len);
	sbuf_free(&f->held);
	return ok;
}
