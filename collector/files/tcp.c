#include "collector/files/tcp.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/ip.h"
#include "collector/files/bgp_mirror.h"
#include "collector/files/framer.h"

enum { BUCKETS = 4096, PORT_BGP = 179, MARKER = 16, LATE_MAX = 64 * 1024 * 1024 };

enum kind { KIND_NEW, KIND_BMP, KIND_BGP, KIND_OTHER };

struct key {
	uint8_t from[16], to[16];
	uint16_t from_port, to_port;
	uint8_t v6;
};

/* Octets that came too early; `n` of them follow. */
struct waiting {
	struct waiting *next;
	uint32_t seq;
	size_t n;
	uint8_t data[];
};

/* One direction of a connection. */
struct conn {
	struct tcp *tcp;
	struct key key;
	uint8_t kind;  /* enum kind */
	bool started;  /* next is known */
	bool closed;   /* it has ended: what still comes of it came before */
	bool syn_data; /* the SYN brought octets: does it count itself? */
	bool fin;
	uint32_t isn, next, fin_seq;
	int64_t time_us;
	struct waiting *waiting; /* by sequence number */
	size_t waiting_n, waiting_octets;
	struct framer framer;	  /* of BMP */
	struct bgp_mirror mirror; /* of BGP */
	bool begun;
	void *stream;
	struct conn *chain, *list_next, **list_prev;
};

struct tcp {
	struct reader *reader;
	struct conn *buckets[BUCKETS];
	struct conn *all, **last;
	unsigned n;
	uint64_t refused;
};

struct tcp *
tcp_new(struct reader *r)
{
	struct tcp *t = calloc(1, sizeof(*t));

	if (t != NULL) {
		t->reader = r;
		t->last = &t->all;
	}
	return t;
}

/* --- streams ------------------------------------------------------------------------------------
 */

static void
name_of(const struct conn *c, char *text, size_t size)
{
	struct ip_addr from = c->key.v6 ? ip_addr_v6(c->key.from) : ip_addr_v4(c->key.from),
		       to = c->key.v6 ? ip_addr_v6(c->key.to) : ip_addr_v4(c->key.to);
	char a[IP_ADDR_TEXT_MAX], b[IP_ADDR_TEXT_MAX];

	snprintf(text, size, "%s port %u to %s port %u", ip_addr_format(&from, a), c->key.from_port,
	    ip_addr_format(&to, b), c->key.to_port);
}

static bool
on_messages(void *ctx, const uint8_t *data, size_t n)
{
	struct conn *c = ctx;
	struct reader *r = c->tcp->reader;

	if (!c->begun) {
		/* the router is who sends BMP, and who receives BGP */
		const uint8_t *router = c->kind == KIND_BGP ? c->key.to : c->key.from;
		struct ip_addr a = c->key.v6 ? ip_addr_v6(router) : ip_addr_v4(router);
		char address[IP_ADDR_TEXT_MAX], name[160], text[512];

		name_of(c, name, sizeof(name));
		snprintf(text, sizeof(text), "%.300s: %s", r->path, name);
		c->stream = reader_begin(r, text, ip_addr_format(&a, address));
		c->begun = true;
	}
	return reader_bytes(r, c->stream, data, n, c->time_us);
}

static void
lost(struct conn *c, uint32_t octets, const char *why)
{
	struct reader *r = c->tcp->reader;
	char name[160];

	r->counts.gaps++;
	r->counts.gap_octets += octets;
	name_of(c, name, sizeof(name));
	if (c->kind != KIND_OTHER)
		reader_warn(r, "%s: %s: %u octets are missing (%s)", r->path, name, octets, why);
	framer_lost(&c->framer);
	bgp_mirror_lost(&c->mirror);
}

/* What is this? Asked when its first octets are there. */
static uint8_t
classify(const struct conn *c, const uint8_t *data, size_t n)
{
	static const uint16_t bmp_ports[] = { 1790, 5000, 11019 };
	static const uint8_t marker[MARKER] = { 255, 255, 255, 255, 255, 255, 255, 255, 255, 255,
		255, 255, 255, 255, 255, 255 };

	if (c->key.from_port == PORT_BGP || c->key.to_port == PORT_BGP ||
	    (n >= MARKER && memcmp(data, marker, MARKER) == 0))
		return KIND_BGP;
	if (framer_plausible(data, n))
		return KIND_BMP;
	for (size_t i = 0; i < sizeof(bmp_ports) / sizeof(bmp_ports[0]); i++)
		if (c->key.to_port == bmp_ports[i])
			return KIND_BMP;
	return KIND_OTHER;
}

static void
begin(struct conn *c, const uint8_t *data, size_t n)
{
	c->kind = classify(c, data, n);
	if (c->kind == KIND_BMP && !framer_plausible(data, n))
		framer_lost(&c->framer); /* the capture began in the middle of a message */
	c->tcp->reader->counts.bgp_sessions += c->kind == KIND_BGP;
}

static bool
mirror(struct conn *c, const uint8_t *data, size_t n)
{
	struct ip_addr to = c->key.v6 ? ip_addr_v6(c->key.to) : ip_addr_v4(c->key.to);
	char router[IP_ADDR_TEXT_MAX];

	return bgp_mirror_feed(&c->mirror, ip_addr_format(&to, router), data, n, c->time_us);
}

/* Octets in order. */
static void
deliver(struct conn *c, const uint8_t *data, size_t n)
{
	if (n == 0)
		return;
	c->next += (uint32_t)n;
	if (c->kind == KIND_NEW)
		begin(c, data, n);
	if ((c->kind == KIND_BMP && !framer_feed(&c->framer, data, n)) ||
	    (c->kind == KIND_BGP && !mirror(c, data, n)))
		c->tcp->reader->stopped = true;
}

/* --- order --------------------------------------------------------------------------------------
 */

static int32_t
distance(uint32_t from, uint32_t to)
{
	return (int32_t)(to - from);
}

static void
forget_first(struct conn *c)
{
	struct waiting *w = c->waiting;

	c->waiting = w->next;
	c->waiting_n--;
	c->waiting_octets -= w->n;
	free(w);
}

/* Hand out what is in turn among those that wait. */
static void
drain(struct conn *c)
{
	while (c->waiting != NULL && distance(c->next, c->waiting->seq) <= 0) {
		struct waiting *w = c->waiting;
		size_t old = c->next - w->seq;

		if (old < w->n) {
			c->tcp->reader->counts.retransmitted += old;
			deliver(c, w->data + old, w->n - old);
		} else {
			c->tcp->reader->counts.retransmitted += w->n;
		}
		forget_first(c);
	}
}

/* What should come first has not come and will not: go on behind it. */
static void
skip_gap(struct conn *c, const char *why)
{
	if (c->waiting == NULL)
		return;
	lost(c, (uint32_t)distance(c->next, c->waiting->seq), why);
	c->next = c->waiting->seq;
	drain(c);
}

static void
wait_for_turn(struct conn *c, uint32_t seq, const uint8_t *data, size_t n)
{
	struct waiting **at = &c->waiting, *w = malloc(sizeof(*w) + n);

	if (w == NULL) {
		c->tcp->reader->stopped = true;
		return;
	}
	c->tcp->reader->counts.reordered++;
	w->seq = seq;
	w->n = n;
	memcpy(w->data, data, n);
	while (*at != NULL && distance((*at)->seq, seq) >= 0)
		at = &(*at)->next;
	w->next = *at;
	*at = w;
	c->waiting_n++;
	c->waiting_octets += n;
	while (c->waiting_octets > TCP_WAITING_MAX || c->waiting_n > TCP_SEGMENTS_MAX)
		skip_gap(c, "not in the capture");
}

static void
take_octets(struct conn *c, uint32_t seq, const uint8_t *data, size_t n)
{
	int32_t early = distance(c->next, seq);
	size_t old;

	if (c->syn_data && n > 0 && seq + 1 == c->next) {
		/* a tool wrote octets into the SYN and did not count it */
		c->next--;
		early = 0;
	}
	c->syn_data &= n == 0;
	if (early > 0) {
		wait_for_turn(c, seq, data, n);
		return;
	}
	old = c->next - seq; /* unsigned: half the space away is as far as it gets */
	if (old >= n) {
		c->tcp->reader->counts.retransmitted += n;
		return;
	}
	c->tcp->reader->counts.retransmitted += old;
	deliver(c, data + old, n - old);
	drain(c);
}

/* --- connections --------------------------------------------------------------------------------
 */

static void
init_kinds(struct conn *c)
{
	framer_init(&c->framer, on_messages, c);
	bgp_mirror_init(&c->mirror, c->key.v6, c->key.from, on_messages, c);
}

static void
fini_kinds(struct conn *c)
{
	framer_fini(&c->framer);
	bgp_mirror_fini(&c->mirror);
}

static void
end(struct conn *c, bool closed)
{
	while (c->waiting != NULL) {
		if (distance(c->next, c->waiting->seq) > 0)
			skip_gap(c, "not in the capture");
		else
			drain(c);
	}
	if (c->kind == KIND_BMP)
		framer_end(&c->framer);
	bgp_mirror_end(&c->mirror);
	c->tcp->reader->counts.dropped += c->framer.dropped + c->mirror.dropped;
	if (c->begun)
		reader_end(c->tcp->reader, c->stream, closed);
	fini_kinds(c);
	init_kinds(c);
	c->begun = c->started = c->fin = c->syn_data = false;
	c->closed = closed;
	c->kind = KIND_NEW;
}

static struct conn **
bucket_of(struct tcp *t, const struct key *key)
{
	return &t->buckets[hash_bytes(0, key, sizeof(*key)) % BUCKETS];
}

static void
conn_free(struct tcp *t, struct conn *c)
{
	struct conn **at = bucket_of(t, &c->key);

	while (*at != c)
		at = &(*at)->chain;
	*at = c->chain;
	*c->list_prev = c->list_next;
	if (c->list_next != NULL)
		c->list_next->list_prev = c->list_prev;
	else
		t->last = c->list_prev;
	t->n--;
	while (c->waiting != NULL)
		forget_first(c);
	fini_kinds(c);
	free(c);
}

/* Room for one more: the oldest that is of no use any more, or never was, goes. */
static bool
make_room(struct tcp *t)
{
	struct conn *c = t->all;

	if (t->n < TCP_CONNECTIONS_MAX)
		return true;
	while (c != NULL && c->started && c->kind != KIND_OTHER && c->kind != KIND_NEW)
		c = c->list_next;
	if (c != NULL) {
		conn_free(t, c);
		return true;
	}
	if (t->refused++ == 0)
		reader_warn(t->reader,
		    "%s: more than %u connections at once: further ones are left out",
		    t->reader->path, t->n);
	return false;
}

static struct conn *
find(struct tcp *t, const struct tcp_segment *s)
{
	struct key key;
	struct conn *c, **bucket;

	memset(&key, 0, sizeof(key));
	memcpy(key.from, s->from, 16);
	memcpy(key.to, s->to, 16);
	key.from_port = s->from_port;
	key.to_port = s->to_port;
	key.v6 = s->v6;
	for (c = *bucket_of(t, &key); c != NULL; c = c->chain)
		if (memcmp(&c->key, &key, sizeof(key)) == 0)
			return c;
	if (!make_room(t) || (c = calloc(1, sizeof(*c))) == NULL)
		return NULL;
	t->n++;
	bucket = bucket_of(t, &key);
	c->tcp = t;
	c->key = key;
	init_kinds(c);
	c->chain = *bucket;
	*bucket = c;
	c->list_prev = t->last;
	*t->last = c;
	t->last = &c->list_next;
	return c;
}

/* After the end: sent again, and seen once more. */
static bool
late(struct conn *c, const struct tcp_segment *s)
{
	uint32_t before = c->next - s->seq;

	if (!c->closed || (s->flags & TCP_SYN) || before > LATE_MAX)
		return false;
	c->tcp->reader->counts.retransmitted += rd_left(&s->payload);
	return true;
}

static void
start(struct conn *c, const struct tcp_segment *s)
{
	bool syn = s->flags & TCP_SYN;

	c->started = true;
	c->closed = false;
	c->isn = s->seq;
	c->next = s->seq + (syn ? 1 : 0);
	c->syn_data = syn && rd_left(&s->payload) > 0;
}

void
tcp_take(struct tcp *t, const struct tcp_segment *s, int64_t time_us)
{
	size_t n = rd_left(&s->payload);
	uint32_t seq = s->seq + (s->flags & TCP_SYN ? 1 : 0);
	struct conn *c = n > 0 || (s->flags & (TCP_SYN | TCP_FIN | TCP_RST)) ? find(t, s) : NULL;

	if (c == NULL || late(c, s))
		return;
	c->time_us = time_us;
	if (c->started && (s->flags & TCP_SYN) && s->seq != c->isn)
		end(c, true); /* the ports are used again */
	if (!c->started) {
		if (n == 0 && !(s->flags & TCP_SYN))
			return;
		start(c, s);
	}
	if (n > 0 && c->syn_data && (s->flags & TCP_SYN)) {
		deliver(c, s->payload.pos, c->next == seq ? n : 0);
		drain(c);
	} else if (n > 0) {
		take_octets(c, seq, s->payload.pos, n);
	}
	if (s->missing > 0 && (c->kind == KIND_BMP || c->kind == KIND_BGP) && c->next == seq + n) {
		lost(c, (uint32_t)s->missing, "cut off by the capture");
		c->next += (uint32_t)s->missing;
		drain(c);
	}
	if (s->flags & TCP_FIN) {
		c->fin = true;
		c->fin_seq = seq + (uint32_t)(n + s->missing);
	}
	if ((s->flags & TCP_RST) || (c->fin && distance(c->fin_seq, c->next) >= 0))
		end(c, true);
}

void
tcp_end(struct tcp *t)
{
	for (struct conn *c = t->all; c != NULL; c = c->list_next)
		if (c->started)
			end(c, c->fin);
}

void
tcp_free(struct tcp *t)
{
	if (t == NULL)
		return;
	while (t->all != NULL)
		conn_free(t, t->all);
	free(t);
}
