#include "collector/recordings/mrt/peers.h"

#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "parsers/bgp/message.h"

static const struct bgp_family families[] = { { AFI_IPV4, SAFI_UNICAST },
	{ AFI_IPV4, SAFI_MULTICAST }, { AFI_IPV6, SAFI_UNICAST }, { AFI_IPV6, SAFI_MULTICAST } };
enum { FAMILIES = sizeof(families) / sizeof(families[0]) };

/* Is it this peer? Messages hold no BGP ID: a peer that is known by messages alone may have any. */
static bool
is_peer(const struct mrt_peer_state *p, uint32_t as, const uint8_t *bgp_id)
{
	return p->spec.as == as && (bgp_id == NULL || !p->in_table ||
				       memcmp(p->spec.bgp_id, bgp_id, sizeof(p->spec.bgp_id)) == 0);
}

/* Give the peer a distinguisher that no other peer of its address has. */
static void
distinguish(struct mrt_peers *t, struct mrt_peer_state *p)
{
	uint64_t d = ++t->distinguisher;

	p->spec.type = BMP_PEER_LOCAL;
	for (int i = 7; i >= 0; i--, d >>= 8)
		p->spec.distinguisher[i] = (uint8_t)d;
}

struct mrt_peer_state *
mrt_peers_get(struct mrt_peers *t, const struct ip_addr *a, uint32_t as, const uint8_t *bgp_id)
{
	uint32_t hash = (uint32_t)hash_bytes(hash_seed(), a, sizeof(*a));
	struct mrt_peer_state *p;
	bool address_taken = false;

	for (uint32_t at = 0; (p = ptrmap_next(&t->by_address, hash, &at)) != NULL;) {
		if (!ip_addr_equal(&p->spec.address, a))
			continue;
		if (is_peer(p, as, bgp_id))
			return p; /* of several, the first that was there */
		address_taken = true;
	}
	if (t->by_address.n == MRT_PEERS_MAX || (p = calloc(1, sizeof(*p))) == NULL)
		return NULL;
	if (!ptrmap_add(&t->by_address, hash, p)) {
		free(p);
		return NULL;
	}
	p->spec.address = *a;
	p->spec.as = as;
	if (address_taken)
		distinguish(t, p);
	p->next = t->all;
	t->all = p;
	return p;
}

void
mrt_peers_free(struct mrt_peers *t)
{
	for (struct mrt_peer_state *p = t->all, *next; p != NULL; p = next) {
		next = p->next;
		free(p->sent.data);
		free(p->received.data);
		free(p);
	}
	ptrmap_free(&t->by_address);
}

void
mrt_peer_keep_open(struct mrt_open *o, struct cursor message)
{
	size_t n = cur_left(&message);
	uint8_t *copy;

	if (n > MRT_OPEN_MAX || (copy = malloc(n)) == NULL)
		return;
	memcpy(copy, message.pos, n);
	free(o->data);
	o->data = copy;
	o->n = n;
}

/* --- Peer Up */

/* The OPEN that begins at octet `at` of a written Peer Up. */
static struct cursor
open_at(const uint8_t *peer_up, size_t n, size_t at)
{
	struct cursor r = cur_of(peer_up, n);

	cur_take(&r, at);
	if (cur_left(&r) < BGP_HEADER_LEN)
		return cur_of(r.end, 0);
	return cur_sub(&r, be16(r.pos + 16));
}

enum { OPENS_AT = BMP_HEADER_LEN + BMP_PEER_HEADER_LEN + 20 };

size_t
mrt_peer_write_up(struct mrt_peer_state *p, void *buf, size_t size)
{
	struct bgp_addpath addpaths[FAMILIES];
	struct bgp_open_spec sent = { .as = p->local_as,
		.role = BGP_ROLE_NONE,
		.families = families,
		.families_n = FAMILIES },
			     received = sent;
	struct cursor made_sent, made_received;
	uint8_t made[1024];
	struct writer w;
	size_t n;

	for (int i = 0; i < FAMILIES; i++)
		addpaths[i] =
		    (struct bgp_addpath){ families[i], BGP_ADDPATH_RECEIVE | BGP_ADDPATH_SEND };
	received.as = p->spec.as;
	sent.addpaths = received.addpaths = addpaths;
	sent.addpaths_n = received.addpaths_n = p->path_ids ? FAMILIES : 0;
	memcpy(sent.bgp_id, p->local_id, 4);
	memcpy(received.bgp_id, p->spec.bgp_id, 4);
	n = bmp_write_peer_up(
	    made, sizeof(made), &p->spec, &p->local_address, &sent, &received, NULL);
	made_sent = open_at(made, n, OPENS_AT);
	made_received = open_at(made, n, OPENS_AT + cur_left(&made_sent));
	if (n == 0)
		return 0;
	w = wr_of(buf, size);
	wr_bytes(&w, made, OPENS_AT);
	if (p->sent.n > 0)
		wr_bytes(&w, p->sent.data, p->sent.n);
	else
		wr_bytes(&w, made_sent.pos, cur_left(&made_sent));
	if (p->received.n > 0)
		wr_bytes(&w, p->received.data, p->received.n);
	else
		wr_bytes(&w, made_received.pos, cur_left(&made_received));
	n = wr_len(&w);
	if (n == 0)
		return 0;
	w.start[3] = (uint8_t)(n >> 8);
	w.start[4] = (uint8_t)n;
	return n;
}

enum {
	DOWN_LOCAL_NOTIFICATION = 1,
	DOWN_LOCAL = 2,
	DOWN_REMOTE_NOTIFICATION = 3,
	NO_EVENT = 0,
};

size_t
mrt_peer_write_down(
    struct mrt_peer_state *p, struct cursor notification, bool local, void *buf, size_t size)
{
	size_t n = bmp_write_peer_down(buf, size, &p->spec, DOWN_LOCAL, NO_EVENT);
	struct writer w;

	if (n == 0 || cur_left(&notification) == 0)
		return n;
	w = wr_of(buf, size);
	w.pos += BMP_HEADER_LEN + BMP_PEER_HEADER_LEN;
	wr_u8(&w, local ? DOWN_LOCAL_NOTIFICATION : DOWN_REMOTE_NOTIFICATION);
	wr_bytes(&w, notification.pos, cur_left(&notification));
	n = wr_len(&w);
	if (n == 0)
		return 0;
	w.start[2] = (uint8_t)(n >> 16);
	w.start[3] = (uint8_t)(n >> 8);
	w.start[4] = (uint8_t)n;
	return n;
}
