#include "collector/recordings/tcp/tcp.h"

#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/ptrmap.h"
#include "collector/recordings/tcp/conn.h"

struct tcp {
	struct reader *reader;
	struct ptrmap by_key;
	struct tcp_conn *all, **last;
	uint64_t refused;
	struct tcp_notes notes;
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

static uint32_t
key_hash(const struct tcp_key *key)
{
	return (uint32_t)hash_bytes(hash_seed(), key, sizeof(*key));
}

static void
conn_free(struct tcp *t, struct tcp_conn *c)
{
	ptrmap_remove(&t->by_key, key_hash(&c->key), c);
	*c->list_prev = c->list_next;
	if (c->list_next != NULL)
		c->list_next->list_prev = c->list_prev;
	else
		t->last = c->list_prev;
	tcp_conn_fini(c);
	free(c);
}

/* Make room for one more: drop the oldest that is no longer of use, or never was. */
static bool
make_room(struct tcp *t)
{
	struct tcp_conn *c = t->all;

	if (t->by_key.n < TCP_CONNECTIONS_MAX)
		return true;
	while (c != NULL && c->started && c->kind != TCP_KIND_OTHER && c->kind != TCP_KIND_NEW)
		c = c->list_next;
	if (c != NULL) {
		conn_free(t, c);
		return true;
	}
	if (t->refused++ == 0)
		reader_warn(t->reader,
		    "%s: more than %u connections at once: further ones are left out",
		    t->reader->path, t->by_key.n);
	return false;
}

static struct tcp_conn *
find_conn(struct tcp *t, const struct tcp_segment *s)
{
	struct tcp_key key;
	struct tcp_conn *c;
	uint32_t hash;

	memset(&key, 0, sizeof(key));
	memcpy(key.from, s->from, 16);
	memcpy(key.to, s->to, 16);
	key.from_port = s->from_port;
	key.to_port = s->to_port;
	key.v6 = s->v6;
	hash = key_hash(&key);
	for (uint32_t at = 0; (c = ptrmap_next(&t->by_key, hash, &at)) != NULL;)
		if (memcmp(&c->key, &key, sizeof(key)) == 0)
			return c;
	if (!make_room(t) || (c = calloc(1, sizeof(*c))) == NULL)
		return NULL;
	if (!ptrmap_add(&t->by_key, hash, c)) {
		free(c);
		return NULL;
	}
	c->reader = t->reader;
	c->notes = &t->notes;
	c->key = key;
	tcp_conn_init(c);
	c->list_prev = t->last;
	*t->last = c;
	t->last = &c->list_next;
	return c;
}

/* A segment after the end is a retransmission. */
static bool
is_late(struct tcp_conn *c, const struct tcp_segment *s)
{
	uint32_t before = c->next - s->seq;

	if (!c->closed || (s->flags & TCP_SYN) || before > TCP_LATE_MAX)
		return false;
	c->reader->counts.retransmitted += cur_left(&s->payload);
	return true;
}

static void
start_conn(struct tcp_conn *c, const struct tcp_segment *s)
{
	bool syn = s->flags & TCP_SYN;

	tcp_conn_start(c, s->seq, s->seq + (syn ? 1 : 0));
	c->syn_data = syn && cur_left(&s->payload) > 0;
}

void
tcp_add(struct tcp *t, const struct tcp_segment *s, int64_t time_us)
{
	size_t n = cur_left(&s->payload);
	uint32_t seq = s->seq + (s->flags & TCP_SYN ? 1 : 0);
	struct tcp_conn *c = n > 0 || (s->flags & (TCP_SYN | TCP_FIN | TCP_RST)) ? find_conn(t, s)
										 : NULL;

	if (c == NULL || is_late(c, s))
		return;
	c->time_us = time_us;
	if (c->started && (s->flags & TCP_SYN) && s->seq != c->isn)
		tcp_conn_end(c, true); /* the ports are used again */
	if (!c->started) {
		if (n == 0 && !(s->flags & TCP_SYN))
			return;
		start_conn(c, s);
	}
	if (n > 0 && c->syn_data && (s->flags & TCP_SYN)) {
		tcp_conn_deliver(c, s->payload.pos, c->next == seq ? n : 0);
	} else if (n > 0) {
		tcp_conn_add(c, seq, s->payload.pos, n);
	}
	if (s->missing > 0 && (c->kind == TCP_KIND_BMP || c->kind == TCP_KIND_BGP) &&
	    c->next == seq + n)
		tcp_conn_cut(c, (uint32_t)s->missing);
	if (s->flags & TCP_FIN) {
		c->fin = true;
		c->fin_seq = seq + (uint32_t)(n + s->missing);
	}
	if ((s->flags & TCP_RST) || (c->fin && tcp_distance(c->fin_seq, c->next) >= 0))
		tcp_conn_end(c, true);
}

void
tcp_end(struct tcp *t)
{
	for (struct tcp_conn *c = t->all; c != NULL; c = c->list_next)
		if (c->started)
			tcp_conn_end(c, c->fin);
	tcp_notes_end(t->reader, &t->notes);
}

void
tcp_free(struct tcp *t)
{
	if (t == NULL)
		return;
	while (t->all != NULL)
		conn_free(t, t->all);
	ptrmap_free(&t->by_key);
	free(t);
}
