/* The peers of a session, by key. */
#include <stddef.h>
#include <stdlib.h>

#include "base/hash.h"
#include "collector/bmp_stream/stream_private.h"

enum { KEY_OCTETS = offsetof(struct bmp_peer_key, address) };
_Static_assert(KEY_OCTETS == 1 + 8 + 16 + 4, "what identifies a peer has no holes");

bool
bmp_peer_key_equal(const struct bmp_peer_key *a, const struct bmp_peer_key *b)
{
	return memcmp(a, b, KEY_OCTETS) == 0;
}

static void
peer_key_of(const struct bmp_peer_header *h, struct bmp_peer_key *k)
{
	memset(k, 0, sizeof(*k));
	k->type = h->type;
	memcpy(k->distinguisher, h->distinguisher, 8);
	if (h->type == BMP_PEER_LOC_RIB) {
		memcpy(k->bgp_id, h->bgp_id, 4);
	} else {
		memcpy(k->octets, h->address_octets, 16);
		k->address = h->address;
	}
}

static uint32_t
hash_key(const struct bmp_peer_key *k)
{
	return (uint32_t)hash_bytes(hash_seed(), k, KEY_OCTETS);
}

struct bmp_peer *
bmp_stream_peer(struct bmp_stream *s, const struct bmp_peer_key *k)
{
	uint32_t hash = hash_key(k);
	struct stream_peer *p;

	for (uint32_t at = 0; (p = ptrmap_next(&s->by_key, hash, &at)) != NULL;)
		if (bmp_peer_key_equal(&p->peer.key, k))
			return &p->peer;
	return NULL;
}

struct bmp_peer *
bmp_stream_next_peer(const struct bmp_stream *s, const struct bmp_peer *before)
{
	struct stream_peer *p = before != NULL ? stream_peer(before)->next : s->peers;

	return p != NULL ? &p->peer : NULL;
}

unsigned
bmp_stream_peers(const struct bmp_stream *s)
{
	return s->by_key.n;
}

uint64_t
bmp_stream_peers_refused(const struct bmp_stream *s)
{
	return s->peers_refused;
}

/* Is a peer of the same table shown by the same address, although its octets are others? */
static bool
address_is_taken(const struct bmp_stream *s, const struct bmp_peer_key *k)
{
	for (const struct bmp_peer *p = NULL; (p = bmp_stream_next_peer(s, p)) != NULL;)
		if (p->key.type == k->type && ip_addr_equal(&p->key.address, &k->address) &&
		    memcmp(p->key.distinguisher, k->distinguisher, 8) == 0)
			return true;
	return false;
}

/* What is told once of a peer whose address is not where, or what, it should be. */
static void
note_address(struct bmp_stream *s, struct bmp_peer *p, enum bmp_address_form form)
{
	if (form == BMP_ADDRESS_AS_SAID)
		return;
	s->odd_addresses = true;
	stream_quirk(
	    s, p, form == BMP_ADDRESS_LEFT ? QUIRK_PEER_ADDRESS_LEFT : QUIRK_PEER_V_FLAG_WRONG);
}

static struct bmp_peer *
peer_new(struct bmp_stream *s, const struct bmp_peer_key *k, enum bmp_address_form form)
{
	struct stream_peer *p = s->by_key.n < s->peers_max ? calloc(1, sizeof(*p)) : NULL;

	if (p == NULL || !ptrmap_add(&s->by_key, hash_key(k), p)) {
		free(p);
		s->peers_refused++;
		return NULL;
	}
	p->peer.key = *k;
	if (k->address.family == IP_V4 && (form != BMP_ADDRESS_AS_SAID || s->odd_addresses) &&
	    address_is_taken(s, k)) {
		p->peer.key.address.family = IP_V6;
		memcpy(p->peer.key.address.b, k->octets, 16);
	}
	p->peer.sent_role = p->peer.received_role = BGP_ROLE_NONE;
	p->peer.sent.role = p->peer.received.role = BGP_ROLE_NONE;
	p->next = s->peers;
	s->peers = p;
	note_address(s, &p->peer, form);
	return &p->peer;
}

static bool
no_id(const uint8_t id[4])
{
	return be32(id) == 0;
}

/* The one Loc-RIB of that distinguisher; NULL when there is none, or several. */
static struct bmp_peer *
only_loc_rib(struct bmp_stream *s, const uint8_t distinguisher[8])
{
	struct bmp_peer *found = NULL;

	for (struct bmp_peer *p = NULL; (p = bmp_stream_next_peer(s, p)) != NULL;) {
		if (p->key.type != BMP_PEER_LOC_RIB ||
		    memcmp(p->key.distinguisher, distinguisher, 8) != 0)
			continue;
		if (found != NULL)
			return NULL;
		found = p;
	}
	return found;
}

/*
 * GoBGP announces its Loc-RIB with BGP ID 0.0.0.0 and sends the routes with its own ID, in either
 * order: both are one peer. Where both have an ID, or a Peer Up brings one, it is another Loc-RIB.
 */
static struct bmp_peer *
same_loc_rib(struct bmp_stream *s, const struct bmp_peer_header *h, const struct bmp_peer_key *k,
    bool announced)
{
	struct bmp_peer *p = only_loc_rib(s, k->distinguisher);

	if (p == NULL || (announced && !no_id(h->bgp_id)) ||
	    (!no_id(h->bgp_id) && !no_id(p->key.bgp_id)))
		return NULL;
	if (!no_id(h->bgp_id))
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
		return s->current = s->last;
	p = bmp_stream_peer(s, &k);
	if (p == NULL && k.type == BMP_PEER_LOC_RIB)
		p = same_loc_rib(s, h, &k, announced);
	if (p == NULL)
		p = peer_new(s, &k, (enum bmp_address_form)h->address_form);
	if (p != NULL)
		s->last = p;
	return s->current = p;
}

void
peer_refresh(struct bmp_peer *p, const struct bmp_peer_header *h)
{
	if (h->as != 0)
		p->as = h->as;
	memcpy(p->bgp_id, h->bgp_id, 4);
}

void
peer_forget_encoding(struct bmp_peer *p)
{
	memset(&stream_peer(p)->encoding, 0, sizeof(struct encoding_memory));
}

void
peer_forget_session(struct bmp_peer *p)
{
	memset(&p->sent, 0, sizeof(p->sent));
	memset(&p->received, 0, sizeof(p->received));
	p->sent.role = p->received.role = BGP_ROLE_NONE;
	p->sent_role = p->received_role = BGP_ROLE_NONE;
	p->role_conflict = false;
	p->local_as = 0;
	stream_peer(p)->opens = stream_peer(p)->connection = stream_peer(p)->up_at = 0;
	stream_peer(p)->up_views = 0;
	memset(&p->local_address, 0, sizeof(p->local_address));
	p->table_name[0] = '\0';
	memset(&stream_peer(p)->quirks, 0, sizeof(struct quirk_memory));
	peer_forget_encoding(p);
}

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
		for (unsigned i = 0; i < from->labels_n; i++)
			if (bgp_open_labels(into, from->labels[i].family) == 1 &&
			    into->labels_n < BGP_TUPLES_MAX)
				into->labels[into->labels_n++] = from->labels[i];
		for (int i = 0; i < 8; i++)
			into->caps_seen[i] |= from->caps_seen[i];
		if (from->role != BGP_ROLE_NONE)
			into->role = from->role;
	}
	into->fqdn_host = into->software = cur_of("", 0); /* they would outlive the message */
}

void
peers_free(struct bmp_stream *s)
{
	while (s->peers != NULL) {
		struct stream_peer *p = s->peers;

		s->peers = p->next;
		free(p);
	}
	ptrmap_free(&s->by_key);
}
