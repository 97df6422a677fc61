/* OpenBMP raw messages, one after the other: a stream per router. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/ip.h"
#include "base/text.h"
#include "collector/files/internal.h"
#include "parsers/openbmp.h"
#include "parsers/text.h"

enum { ROUTERS_MAX = 16384, BUCKETS = 1024, MESSAGE_MAX = 17 * 1024 * 1024 };

struct router {
	uint8_t hash[16], ip[16];
	void *stream;
	struct router *chain, *next;
};

struct routers {
	struct router *buckets[BUCKETS], *all;
	unsigned n;
};

static void
begin(struct reader *r, struct router *x, const struct openbmp *m)
{
	struct ip_addr a = m->router_v6 ? ip_addr_v6(m->router_ip) : ip_addr_v4(m->router_ip);
	char address[IP_ADDR_TEXT_MAX] = "", group[128], name[512];
	struct txt w = txt_of(group, sizeof(group));

	if (m->has_router_ip)
		ip_addr_format(&a, address);
	txt_string(&w, m->router_group);
	snprintf(name, sizeof(name), "%.300s: router %s%s%s", r->path, address,
	    group[0] != '\0' ? " " : "", group);
	x->stream = reader_begin(r, name, address);
}

static struct router *
find(struct reader *r, struct routers *t, const struct openbmp *m)
{
	struct router **bucket, *x;

	bucket = &t->buckets[hash_bytes(0, m->router_hash, 16) % BUCKETS];
	for (x = *bucket; x != NULL; x = x->chain)
		if (memcmp(x->hash, m->router_hash, 16) == 0 &&
		    memcmp(x->ip, m->router_ip, 16) == 0)
			return x;
	if (t->n == ROUTERS_MAX || (x = calloc(1, sizeof(*x))) == NULL)
		return NULL;
	t->n++;
	memcpy(x->hash, m->router_hash, 16);
	memcpy(x->ip, m->router_ip, 16);
	x->chain = *bucket;
	*bucket = x;
	x->next = t->all;
	t->all = x;
	begin(r, x, m);
	return x;
}

static void
take(struct reader *r, struct routers *t, const uint8_t *msg, size_t n)
{
	struct faults f = { .n = 0 };
	struct openbmp m;
	struct router *x = NULL;

	r->counts.records++;
	if (openbmp_parse(msg, n, &m, &f))
		x = find(r, t, &m);
	if (x == NULL) {
		if (r->counts.skipped++ == 0)
			reader_warn(r, "%s: message %llu is left out: %s", r->path,
			    (unsigned long long)r->counts.records,
			    f.n > 0 ? fault_text((enum fault_code)f.v[0].code)
				    : "too many routers");
		return;
	}
	reader_bytes(r, x->stream, m.data.pos, rd_left(&m.data), (int64_t)m.sec * 1000000 + m.usec);
}

/* true at the end of the file, or when there is nothing more to be found in it. */
static bool
step(struct reader *r, struct window *w, struct routers *t)
{
	struct faults f = { .n = 0 };
	size_t want = 2;
	int64_t n = 0;

	while (n == 0 && window_need(w, want)) {
		n = openbmp_frame(window_at(w), w->n, MESSAGE_MAX, &f);
		want = w->n + 1;
	}
	if (n > 0 && window_need(w, (size_t)n)) {
		take(r, t, window_at(w), (size_t)n);
		r->counts.octets += (uint64_t)n;
		window_done(w, (size_t)n);
		return false;
	}
	if (n < 0)
		reader_warn(r, "%s: after %llu octets: %s", r->path,
		    (unsigned long long)r->counts.octets, fault_text((enum fault_code)f.v[0].code));
	else if (w->n > 0)
		reader_warn(r, "%s: ends inside a message, %zu octets left", r->path, w->n);
	return true;
}

bool
read_openbmp(struct reader *r)
{
	struct routers *t = calloc(1, sizeof(*t));
	struct window w;
	bool ok = t != NULL && window_init(&w, r->source, MESSAGE_MAX);

	while (ok && !r->stopped && !step(r, &w, t)) {
	}
	if (ok)
		window_fini(&w);
	for (struct router *x = t != NULL ? t->all : NULL, *next; x != NULL; x = next) {
		next = x->next;
		reader_end(r, x->stream, false);
		free(x);
	}
	free(t);
	return ok;
}
