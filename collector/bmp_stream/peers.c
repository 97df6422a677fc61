/* The peers of a session, by key. */
#include <stdlib.h>

#include "collector/bmp_stream/internal.h"

bool
bmp_peer_key_equal(const struct bmp_peer_key *a, const struct bmp_peer_key *b)
{
	return a->type == b->type && a->v6 == b->v6 &&
	       memcmp(a->distinguisher, b->distinguisher, 8) == 0 &&
	       memcmp(a->address, b->address, 16) == 0 && memcmp(a->bgp_id, b->bgp_id, 4) == 0;
}

void
peer_key_of(const struct bmp_peer_header *h, struct bmp_peer_key *k)
{
	memset(k, 0, sizeof(*k));
	k->type = h->type;
	memcpy(k->distinguisher, h->distinguisher, 8);
	if (h->type == BMP_PEER_LOC_RIB) {
		memcpy(k->bgp_id, h->bgp_id, 4);
		return;
	}
	k->v6 = bmp_peer_is_v6(h);
	if (k->v6)
		memcpy(k->address, h->address, 16);
	else
		memcpy(k->address, h->address + 12, 4);
}

static uint32_t
hash_key(const struct bmp_peer_key *k)
{
	const uint8_t *b = (const uint8_t *)k;
	uint32_t h = 2166136261U;

	for (size_t i = 0; i < sizeof(*k); i++)
		h = (h ^ b[i]) * 16777619U;
	return h ^ h >> 15;
}

struct bmp_peer *
bmp_stream_peer(struct bmp_stream *s, const struct bmp_peer_key *k)
{
	struct bmp_peer *p = s->buckets[hash_key(k) & (s->buckets_n - 1)];

	while (p != NULL && !bmp_peer_key_equal(&p->key, k))
		p = p->chain;
	return p;
}

static struct bmp_peer *
peer_new(struct bmp_stream *s, const struct bmp_peer_key *k)
{
	struct bmp_peer **bucket = &s->buckets[hash_key(k) & (s->buckets_n - 1)], *p;

	if (s->peers_n >= s->peers_max || (p = calloc(1, sizeof(*p))) == NULL) {
		s->peers_refused++;
		return NULL;
	}
	p->key = *k;
	p->sent_role = p->received_role = BGP_ROLE_NONE;
	p->sent.role = p->received.role = BGP_ROLE_NONE;
	p->chain = *bucket;
	*bucket = p;
	p->next = s->peers;
	s->peers = p;
	s->peers_n++;
	return p;
}

/*
 * GoBGP announces its Loc-RIB with BGP ID 0.0.0.0 and sends the routes with its own: they are of
 * the peer that was announced.
 */
static struct bmp_peer *
announced_without_id(struct bmp_stream *s, const struct bmp_peer_header *h, struct bmp_peer_key k)
{
	struct bmp_peer *p;

	memset(k.bgp_id, 0, sizeof(k.bgp_id));
	p = bmp_stream_peer(s, &k);
	if (p == NULL || !p->up || p->implicit)
		return NULL;
	memcpy(p->bgp_id, h->bgp_id, 4);
	if (h->as != 0)
		p->as = h->as;
	if (p->local_as == 0)
		p->local_as = h->as;
	return p;
}

struct bmp_peer *
peer_for(struct bmp_stream *s, const struct bmp_peer_header *h, bool announced)
{
	struct bmp_peer_key k;
	struct bmp_peer *p;

	peer_key_of(h, &k);
	if (s->last != NULL && bmp_peer_key_equal(&s->last->key, &k))
		return s->last;
	p = bmp_stream_peer(s, &k);
	if (p == NULL && k.type == BMP_PEER_LOC_RIB && !announced)
		p = announced_without_id(s, h, k);
	if (p == NULL)
		p = peer_new(s, &k);
	if (p != NULL)
		s->last = p;
	return p;
}

/* Several Peer Ups for one peer add up (RFC 9069 6.1.1). */
void
peer_merge_open(struct bgp_open *into, const struct bgp_open *from)
{
	if (!from->empty && into->version == 0) {
		*into = *from;
	} else if (!from->empty) {
		into->as4 |= from->as4;
		for (unsigned i = 0; i < from->families_n; i++)
			if (!bgp_open_has_family(into, from->families[i]) &&
			    into->families_n < BGP_FAMILIES_MAX)
				into->families[into->families_n++] = from->families[i];
		for (unsigned i = 0; i < from->addpaths_n; i++)
			if (bgp_open_addpath(into, from->addpaths[i].family) == 0 &&
			    into->addpaths_n < BGP_FAMILIES_MAX)
				into->addpaths[into->addpaths_n++] = from->addpaths[i];
		for (int i = 0; i < 8; i++)
			into->caps_seen[i] |= from->caps_seen[i];
		if (from->role != BGP_ROLE_NONE)
			into->role = from->role;
	}
	into->fqdn_host = into->software = rd_of("", 0); /* they would outlive the message */
}

void
peers_free(struct bmp_stream *s)
{
	while (s->peers != NULL) {
		struct bmp_peer *p = s->peers;

		s->peers = p->next;
		free(p);
	}
}
