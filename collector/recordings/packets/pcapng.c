/*
 * pcapng (draft-ietf-opsawg-pcapng): sections in either byte order, as many interfaces as they
 * describe, each with its own link type and clock; packets in the three blocks that hold them. All
 * other blocks are passed over, however long they are. libpcap reads this form only when all
 * interfaces are alike, which captures of several, or merged ones, are not.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "collector/recordings/packets/link.h"
#include "collector/recordings/packets/packets.h"
#include "collector/recordings/reader.h"
#include "collector/recordings/window.h"

enum {
	BLOCK_SECTION = 0x0a0d0d0a,
	BLOCK_INTERFACE = 1,
	BLOCK_PACKET = 2, /* obsolete */
	BLOCK_SIMPLE = 3,
	BLOCK_ENHANCED = 6,
	BLOCK_MIN = 12,		      /* type, length, length again */
	BLOCK_MAX = 16 * 1024 * 1024, /* of those that are read */
	MAGIC = 0x1a2b3c4d,
	MAGIC_REVERSED = 0x4d3c2b1a,
	OPTION_TSRESOL = 9,
	OPTION_TSOFFSET = 14,
	INTERFACES_MAX = 65536, /* of a section */
};

struct interface {
	uint16_t link;
	uint32_t snap;	    /* 0: no limit */
	uint8_t resolution; /* if_tsresol: 10^-n seconds, with 0x80 2^-n */
	int64_t offset_s;
	bool reported; /* that it is not read */
};

struct pcapng {
	struct reader *reader;
	struct packets *packets;
	struct window w;
	bool swapped; /* the section is of the other byte order than this machine's */
	bool failed;
	struct interface *interfaces;
	unsigned interfaces_n, interfaces_max;
	uint64_t unread; /* packets of link types that are not read */
	struct note odd;
};

/* --- numbers of the section's byte order */

static uint16_t
u16(const struct pcapng *x, const uint8_t *at)
{
	uint16_t v;

	memcpy(&v, at, sizeof(v));
	return x->swapped ? __builtin_bswap16(v) : v;
}

static uint32_t
u32(const struct pcapng *x, const uint8_t *at)
{
	uint32_t v;

	memcpy(&v, at, sizeof(v));
	return x->swapped ? __builtin_bswap32(v) : v;
}

static uint64_t
u64(const struct pcapng *x, const uint8_t *at)
{
	uint64_t v;

	memcpy(&v, at, sizeof(v));
	return x->swapped ? __builtin_bswap64(v) : v;
}

/* --- errors */

/* The file cannot be read on. */
#define fail(x, fmt, ...)                                                                          \
	do {                                                                                       \
		(x)->failed = true;                                                                \
		reader_warn((x)->reader, "%s: after %" PRIu64 " octets: " fmt, (x)->reader->path,  \
		    (x)->reader->counts.octets, __VA_ARGS__);                                      \
	} while (0)

/* This packet cannot be had; the next one can. */
#define skip_packet(x, fmt, ...)                                                                   \
	do {                                                                                       \
		packets_skip((x)->packets);                                                        \
		reader_note((x)->reader, &(x)->odd, 1, "packet %" PRIu64 ": " fmt,                 \
		    (x)->reader->counts.records, __VA_ARGS__);                                     \
	} while (0)

/* --- time */

/* Microseconds since 1970 of a packet; 0 when there is no such time. */
static int64_t
time_of(const struct interface *i, uint64_t units)
{
	unsigned n = i->resolution & 0x7f;
	uint64_t second = 1, rest;
	int64_t at;

	if (n > (i->resolution & 0x80 ? 63 : 19))
		return 0;
	if (i->resolution & 0x80) {
		second <<= n;
		rest = units & (second - 1);
		rest = n > 40 ? (rest >> (n - 40)) * 1000000 >> 40 : rest * 1000000 >> n;
	} else {
		for (unsigned k = 0; k < n; k++)
			second *= 10;
		rest = units % second;
		rest = second > 1000000 ? rest / (second / 1000000) : rest * (1000000 / second);
	}
	units /= second;
	if (units > INT64_MAX || __builtin_add_overflow((int64_t)units, i->offset_s, &at))
		return 0;
	return packets_time(at, (int64_t)rest);
}

/* --- blocks */

/* Section header: check the version, and forget the interfaces of the section before. */
static void
read_section(struct pcapng *x, const uint8_t *body, size_t n)
{
	if (n < 16) {
		fail(x, "a section header of %zu octets: 28 are the least", n + BLOCK_MIN);
		return;
	}
	if (u16(x, body + 4) != 1)
		fail(x, "a section of pcapng %u.%u: 1.0 can be read", u16(x, body + 4),
		    u16(x, body + 6));
	x->interfaces_n = 0;
}

static void
read_options(const struct pcapng *x, struct interface *i, const uint8_t *at, size_t n)
{
	while (n >= 4) {
		unsigned code = u16(x, at), len = u16(x, at + 2);
		size_t padded = 4 + ((len + 3U) & ~3U);

		if (code == 0 || 4 + (size_t)len > n)
			return;
		if (code == OPTION_TSRESOL && len == 1)
			i->resolution = at[4];
		if (code == OPTION_TSOFFSET && len == 8)
			i->offset_s = (int64_t)u64(x, at + 4);
		at += padded < n ? padded : n;
		n -= padded < n ? padded : n;
	}
}

static void
read_interface(struct pcapng *x, const uint8_t *body, size_t n)
{
	struct interface i = { .resolution = 6 }, *more;
	unsigned max = x->interfaces_max > 0 ? x->interfaces_max * 2 : 16;

	if (n < 8) {
		fail(x, "an interface description of %zu octets: 20 are the least", n + BLOCK_MIN);
		return;
	}
	if (x->interfaces_n == INTERFACES_MAX) {
		fail(x, "more than %u interfaces in a section", x->interfaces_n);
		return;
	}
	if (x->interfaces_n == x->interfaces_max) {
		more = realloc(x->interfaces, max * sizeof(*more));
		if (more == NULL) {
			fail(x, "%s", "out of memory");
			return;
		}
		x->interfaces = more;
		x->interfaces_max = max;
	}
	i.link = u16(x, body);
	i.snap = u32(x, body + 4);
	read_options(x, &i, body + 8, n - 8);
	x->interfaces[x->interfaces_n++] = i;
}

/* data: room octets that the block has for it. */
static void
read_packet(struct pcapng *x, uint32_t interface, bool timed, uint64_t units, uint32_t captured,
    uint32_t sent, const uint8_t *data, size_t room)
{
	struct interface *i;

	if (interface >= x->interfaces_n) {
		skip_packet(x, "of interface %u: its section describes %u before it, from 0",
		    interface, x->interfaces_n);
		return;
	}
	if (captured > room) {
		skip_packet(
		    x, "says to hold %u octets: its block has %zu for them", captured, room);
		return;
	}
	i = &x->interfaces[interface];
	if (link_known(i->link)) {
		packets_add(
		    x->packets, i->link, data, captured, sent, timed ? time_of(i, units) : 0);
		return;
	}
	x->unread++;
	packets_skip(x->packets);
	if (!i->reported)
		reader_note(x->reader, &x->odd, 1,
		    "interface %u: link type %u (of the LINKTYPE_ list) is not read", interface,
		    i->link);
	i->reported = true;
}

/* The enhanced packet block and the obsolete one: they differ in the width of the interface's
 * number. */
static void
read_timed(struct pcapng *x, uint32_t type, const uint8_t *body, size_t n)
{
	if (n < 20)
		skip_packet(x, "a block of %zu octets: 32 are the least", n + BLOCK_MIN);
	else
		read_packet(x, type == BLOCK_PACKET ? u16(x, body) : u32(x, body), true,
		    (uint64_t)u32(x, body + 4) << 32 | u32(x, body + 8), u32(x, body + 12),
		    u32(x, body + 16), body + 20, n - 20);
}

/* A packet of the first interface, without a time; its length is bounded by interface and block. */
static void
read_simple(struct pcapng *x, const uint8_t *body, size_t n)
{
	uint32_t sent, captured;

	if (n < 4) {
		skip_packet(x, "a block of %zu octets: 16 are the least", n + BLOCK_MIN);
		return;
	}
	sent = captured = u32(x, body);
	if (x->interfaces_n > 0 && x->interfaces[0].snap != 0 && captured > x->interfaces[0].snap)
		captured = x->interfaces[0].snap;
	read_packet(x, 0, false, 0, captured, sent, body + 4, n - 4);
}

static void
read_block(struct pcapng *x, uint32_t type, const uint8_t *body, size_t n)
{
	switch (type) {
	case BLOCK_SECTION:
		read_section(x, body, n);
		break;
	case BLOCK_INTERFACE:
		read_interface(x, body, n);
		break;
	case BLOCK_SIMPLE:
		read_simple(x, body, n);
		break;
	default:
		read_timed(x, type, body, n);
	}
}

/* --- the file */

static bool
is_read(uint32_t type)
{
	return type == BLOCK_SECTION || type == BLOCK_INTERFACE || type == BLOCK_PACKET ||
	       type == BLOCK_SIMPLE || type == BLOCK_ENHANCED;
}

static void
done(struct pcapng *x, size_t n)
{
	x->reader->counts.octets += n;
	window_done(&x->w, n);
}

/* Over a block of any length, without holding it. */
static void
pass(struct pcapng *x, uint64_t n)
{
	while (n > 0) {
		size_t some = n < SOURCE_CHUNK / 2 ? (size_t)n : SOURCE_CHUNK / 2;

		if (!window_need(&x->w, some)) {
			reader_warn(x->reader, "%s: ends inside a block, %" PRIu64 " octets short",
			    x->reader->path, n - x->w.n);
			done(x, x->w.n);
			return;
		}
		done(x, some);
		n -= some;
	}
}

/* The byte order of the section that begins at the front. */
static bool
find_order(struct pcapng *x)
{
	uint32_t magic;

	memcpy(&magic, window_at(&x->w) + 8, sizeof(magic));
	if (magic != MAGIC && magic != MAGIC_REVERSED) {
		fail(x, "a section's byte order is 0x%08x: 0x1a2b3c4d, or its reverse, can be read",
		    magic);
		return false;
	}
	x->swapped = magic != MAGIC;
	return true;
}

/* One block. false: at the end, or when the file cannot be read on. */
static bool
step(struct pcapng *x)
{
	uint32_t type, len;

	if (!window_need(&x->w, BLOCK_MIN))
		return false;
	type = u32(x, window_at(&x->w)); /* a section's is the same in both byte orders */
	if (type == BLOCK_SECTION && !find_order(x))
		return false;
	len = u32(x, window_at(&x->w) + 4);
	if (len < BLOCK_MIN || len % 4 != 0) {
		fail(x,
		    "a block of type %u and %u octets: the length is at least 12, and a "
		    "multiple of 4",
		    type, len);
		return false;
	}
	if (!is_read(type)) {
		pass(x, len);
		return true;
	}
	if (len > BLOCK_MAX) {
		fail(x, "a block of type %u and %u octets: %u are the most that is read", type, len,
		    BLOCK_MAX);
		return false;
	}
	if (!window_need(&x->w, len))
		return false;
	if (u32(x, window_at(&x->w) + len - 4) != len) {
		fail(x, "a block begins with a length of %u and ends with %u: they are to be equal",
		    len, u32(x, window_at(&x->w) + len - 4));
		return false;
	}
	read_block(x, type, window_at(&x->w) + 8, len - BLOCK_MIN);
	done(x, len);
	return !x->failed;
}

static bool
detect_pcapng(const uint8_t *at, size_t n)
{
	return n >= 4 && be32(at) == BLOCK_SECTION;
}

static bool
read_pcapng(struct reader *r)
{
	struct pcapng x = { .reader = r, .packets = packets_new(r) };
	bool ok = x.packets != NULL && window_init(&x.w, r->source, BLOCK_MAX);

	if (ok) {
		while (!r->stopped && step(&x)) {
		}
		if (!r->stopped && !x.failed && x.w.n > 0)
			reader_warn(r, "%s: ends inside a block, %zu octets left", r->path, x.w.n);
		packets_end(x.packets);
		reader_note_end(r, &x.odd, "packets and interfaces that are not read");
		if (x.failed) /* what was there before has been read */
			ok = r->counts.records > 0;
		else if (x.unread > 0) /* unless there was nothing else */
			ok = r->counts.records > x.unread;
		window_fini(&x.w);
	}
	packets_free(x.packets);
	free(x.interfaces);
	return ok;
}

const struct recording_reader pcapng_reader = {
	.name = "pcapng", .detect = detect_pcapng, .read = read_pcapng
};
