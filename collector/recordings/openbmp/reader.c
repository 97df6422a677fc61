/*
 * OpenBMP raw messages, one after the other: a stream per router.
 *
 * A message holds whole BMP messages, or, from some collectors, pieces of them. When one is
 * missing, or is cut short, the router's next message that holds whole ones begins its stream anew.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/ptrmap.h"
#include "base/pure/ip.h"
#include "base/pure/md5.h"
#include "base/pure/text.h"
#include "collector/recordings/framer.h"
#include "collector/recordings/openbmp/window.h"
#include "collector/recordings/reader.h"
#include "parsers/openbmp/openbmp.h"

enum { ROUTERS_MAX = 16384 };

/* What tells routers apart: the hash of a collector, the address, and without both the router's
 * words. */
struct identity {
	uint8_t hash[16];
	struct ip_addr ip;
};

struct router {
	struct identity id;
	char address[IP_ADDR_TEXT_MAX];
	struct reader *reader;
	void *stream;
	int64_t time_us; /* of the message that is being read */
	struct framer framer;
	struct router *next;
};

struct routers {
	struct ptrmap by_hash;
	struct router *all;
	struct note skipped, passed, cut;
};

static bool
on_messages(void *ctx, const uint8_t *data, size_t n)
{
	struct router *x = ctx;

	return reader_bytes(x->reader, x->stream, data, n, x->time_us);
}

static void
begin_router(struct reader *r, struct router *x, const struct openbmp *m)
{
	char group[128], name[512];
	struct txt w = txt_of(group, sizeof(group));

	if (m->router_ip.family != IP_NONE)
		ip_addr_format(&m->router_ip, x->address);
	txt_string(&w, m->router_group);
	snprintf(name, sizeof(name), "%.300s: router %s%s%s", r->path, x->address,
	    group[0] != '\0' ? " " : "", group);
	x->reader = r;
	framer_init(&x->framer, on_messages, x);
	x->framer.sift = true;
	x->stream = reader_begin(r, name, x->address);
}

static struct identity
identity_of(const struct openbmp *m)
{
	static const uint8_t none[16];
	struct identity id = { .ip = m->router_ip };

	if (memcmp(m->router_hash, none, 16) == 0 && m->router_ip.family == IP_NONE)
		md5(m->router_group.pos, cur_left(&m->router_group), id.hash);
	else
		memcpy(id.hash, m->router_hash, 16);
	return id;
}

static struct router *
find_router(struct reader *r, struct routers *t, const struct openbmp *m)
{
	struct identity id = identity_of(m);
	uint32_t hash = (uint32_t)hash_bytes(
	    hash_bytes(hash_seed(), id.hash, sizeof(id.hash)), id.ip.b, sizeof(id.ip.b));
	struct router *x;

	for (uint32_t at = 0; (x = ptrmap_next(&t->by_hash, hash, &at)) != NULL;)
		if (memcmp(x->id.hash, id.hash, 16) == 0 && ip_addr_equal(&x->id.ip, &id.ip))
			return x;
	if (t->by_hash.n == ROUTERS_MAX || (x = calloc(1, sizeof(*x))) == NULL)
		return NULL;
	if (!ptrmap_add(&t->by_hash, hash, x)) {
		free(x);
		return NULL;
	}
	x->id = id;
	x->next = t->all;
	t->all = x;
	begin_router(r, x, m);
	return x;
}

static void
read_message(struct reader *r, struct routers *t, const uint8_t *msg, size_t n)
{
	struct faults f = { .n = 0 };
	struct openbmp m;
	struct router *x = NULL;

	r->counts.records++;
	if (openbmp_parse(msg, n, &m, &f))
		x = find_router(r, t, &m);
	if (x == NULL) {
		r->counts.skipped++;
		reader_note(r, &t->skipped, 1, "message %llu is left out: %s",
		    (unsigned long long)r->counts.records,
		    f.n > 0 ? fault_text((enum fault_code)f.v[0].code) : "too many routers");
		return;
	}
	x->time_us = (int64_t)m.sec * 1000000 + m.usec;
	if (framer_whole(m.data.pos, cur_left(&m.data)))
		framer_restart(&x->framer);
	if (!framer_feed(&x->framer, m.data.pos, cur_left(&m.data)))
		r->stopped = true;
}

static void
end_router(struct reader *r, struct routers *t, struct router *x)
{
	framer_end(&x->framer);
	r->counts.dropped += x->framer.dropped;
	if (x->framer.dropped > 0)
		reader_note(r, &t->cut, x->framer.dropped,
		    "router %s: %llu octets are of no whole BMP message and left out", x->address,
		    (unsigned long long)x->framer.dropped);
	reader_end(r, x->stream, false);
	framer_fini(&x->framer);
}

/* false at the end of the file. */
static bool
step(struct reader *r, struct window *w, struct routers *t)
{
	uint64_t passed;
	size_t n = openbmp_window_next(w, &passed);

	if (passed > 0)
		reader_note(r, &t->passed, passed,
		    "after %llu octets: %llu octets are no OpenBMP message of version 1: passed "
		    "over",
		    (unsigned long long)r->counts.octets, (unsigned long long)passed);
	r->counts.octets += passed;
	r->counts.dropped += passed;
	if (n > 0) {
		read_message(r, t, window_at(w), n);
		r->counts.octets += n;
		window_done(w, n);
	} else if (w->n > 0) {
		reader_warn(r, "%s: ends inside a message, %zu octets left", r->path, w->n);
	}
	return n > 0;
}

static bool
read_openbmp(struct reader *r)
{
	struct routers t = { 0 };
	struct window w;

	if (!window_init(&w, r->source, OPENBMP_MESSAGE_MAX))
		return false;
	while (!r->stopped && step(r, &w, &t)) {
	}
	window_fini(&w);
	for (struct router *x = t.all, *next; x != NULL; x = next) {
		next = x->next;
		end_router(r, &t, x);
		free(x);
	}
	ptrmap_free(&t.by_hash);
	reader_note_end(r, &t.skipped, "messages left out");
	reader_note_end(r, &t.passed, "octets between messages");
	reader_note_end(r, &t.cut, "octets of no whole BMP message");
	return true;
}

const struct recording_reader openbmp_reader = {
	.name = "OpenBMP", .detect = openbmp_begins, .read = read_openbmp
};
