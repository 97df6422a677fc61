#include "cli/convert/table.h"

#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/ptrmap.h"

enum { VIEWS = 8 };

struct table_attrs {
	uint32_t hash;
	uint32_t refs;
	uint32_t len;
	uint8_t data[];
};

struct table {
	struct ptrmap routes; /* by peer, view, family, path id and key */
	struct ptrmap blocks; /* by their octets */
	struct table_route **peers;
	size_t peers_n;
	size_t views[VIEWS];
};

struct table *
table_new(void)
{
	return calloc(1, sizeof(struct table));
}

/* --- attributes */

static struct table_attrs *
attrs_get(struct table *t, const uint8_t *data, size_t len)
{
	uint32_t hash = (uint32_t)hash_bytes(hash_seed(), data, len);
	struct table_attrs *a;

	for (uint32_t at = 0; (a = ptrmap_next(&t->blocks, hash, &at)) != NULL;) {
		if (a->len == len && memcmp(a->data, data, len) == 0) {
			a->refs++;
			return a;
		}
	}
	a = malloc(sizeof(*a) + len);
	if (a == NULL || !ptrmap_add(&t->blocks, hash, a)) {
		free(a);
		return NULL;
	}
	*a = (struct table_attrs){ .hash = hash, .refs = 1, .len = (uint32_t)len };
	memcpy(a->data, data, len);
	return a;
}

static void
attrs_put(struct table *t, struct table_attrs *a)
{
	if (--a->refs > 0)
		return;
	ptrmap_remove(&t->blocks, a->hash, a);
	free(a);
}

struct cursor
table_attrs_of(const struct table_route *r)
{
	return cur_of(r->attrs->data, r->attrs->len);
}

/* --- routes */

static uint32_t
hash_of(uint32_t peer, uint8_t view, struct bgp_family f, uint32_t path_id, const uint8_t *key,
    size_t key_len)
{
	const uint32_t words[] = { peer, path_id,
		(uint32_t)view << 24 | (uint32_t)f.safi << 16 | f.afi };

	return (uint32_t)hash_bytes(hash_bytes(hash_seed(), words, sizeof(words)), key, key_len);
}

static void
drop(struct table *t, struct table_route *r)
{
	ptrmap_remove(&t->routes, r->hash, r);
	*r->prev = r->next;
	if (r->next != NULL)
		r->next->prev = r->prev;
	attrs_put(t, r->attrs);
	t->views[r->view]--;
	free(r);
}

static bool
room_for_peer(struct table *t, uint32_t peer)
{
	size_t n = t->peers_n != 0 ? t->peers_n : 64;
	struct table_route **v;

	while (n <= peer)
		n *= 2;
	if (n == t->peers_n)
		return true;
	v = calloc(n, sizeof(*v));
	if (v == NULL)
		return false;
	for (size_t i = 0; i < t->peers_n; i++) {
		v[i] = t->peers[i];
		if (v[i] != NULL)
			v[i]->prev = &v[i];
	}
	free(t->peers);
	t->peers = v;
	t->peers_n = n;
	return true;
}

bool
table_set(struct table *t, uint32_t peer, uint8_t view, struct bgp_family family,
    const struct bgp_nlri *n, const uint8_t *attrs, size_t attrs_len, uint32_t sec)
{
	uint32_t hash = hash_of(peer, view, family, n->path_id, n->key, n->key_len);
	size_t nlri_len = cur_left(&n->octets);
	struct table_route *r;

	for (uint32_t at = 0; (r = ptrmap_next(&t->routes, hash, &at)) != NULL;) {
		if (r->peer == peer && r->view == view && bgp_family_equal(r->family, family) &&
		    r->path_id == n->path_id && r->key_len == n->key_len &&
		    memcmp(r->octets, n->key, n->key_len) == 0) {
			drop(t, r);
			break;
		}
	}
	if (attrs == NULL)
		return true;
	r = malloc(sizeof(*r) + n->key_len + nlri_len);
	if (r == NULL || !room_for_peer(t, peer)) {
		free(r);
		return false;
	}
	*r = (struct table_route){ .hash = hash,
		.peer = peer,
		.view = view,
		.has_path_id = n->has_path_id,
		.path_id = n->path_id,
		.family = family,
		.sec = sec,
		.attrs = attrs_get(t, attrs, attrs_len),
		.key_len = n->key_len,
		.nlri_len = (uint16_t)nlri_len };
	if (r->attrs == NULL || !ptrmap_add(&t->routes, hash, r)) {
		if (r->attrs != NULL)
			attrs_put(t, r->attrs);
		free(r);
		return false;
	}
	memcpy(r->octets, n->key, n->key_len);
	memcpy(r->octets + n->key_len, n->octets.pos, nlri_len);
	r->prev = &t->peers[peer];
	r->next = *r->prev;
	if (r->next != NULL)
		r->next->prev = &r->next;
	*r->prev = r;
	t->views[view]++;
	return true;
}

void
table_drop_peer(struct table *t, uint32_t peer)
{
	while (peer < t->peers_n && t->peers[peer] != NULL)
		drop(t, t->peers[peer]);
}

void
table_drop_misread(
    struct table *t, uint32_t peer, uint8_t view, struct bgp_family family, bool path_ids)
{
	struct table_route *r = peer < t->peers_n ? t->peers[peer] : NULL, *next;

	for (; r != NULL; r = next) {
		next = r->next;
		if (r->view == view && bgp_family_equal(r->family, family) &&
		    r->has_path_id != path_ids)
			drop(t, r);
	}
}

size_t
table_count(const struct table *t, uint8_t view)
{
	return t->views[view];
}

/* --- in order */

static int
order_octets(const uint8_t *a, size_t a_n, const uint8_t *b, size_t b_n)
{
	int d = memcmp(a, b, a_n < b_n ? a_n : b_n);

	return d != 0 ? d : a_n < b_n ? -1 : a_n > b_n;
}

static int
order_nlri(const struct table_route *a, const struct table_route *b)
{
	int d;

	if (a->family.afi != b->family.afi)
		return a->family.afi < b->family.afi ? -1 : 1;
	if (a->family.safi != b->family.safi)
		return a->family.safi < b->family.safi ? -1 : 1;
	d = order_octets(a->octets, a->key_len, b->octets, b->key_len);
	if (d != 0 || bgp_family_is_plain(a->family))
		return d;
	return order_octets(
	    a->octets + a->key_len, a->nlri_len, b->octets + b->key_len, b->nlri_len);
}

static int
order(const void *x, const void *y)
{
	const struct table_route *a = *(struct table_route *const *)x,
				 *b = *(struct table_route *const *)y;
	int d = order_nlri(a, b);

	if (d != 0)
		return d;
	if (a->path_id != b->path_id)
		return a->path_id < b->path_id ? -1 : 1;
	return a->peer < b->peer ? -1 : a->peer > b->peer;
}

bool
table_same_nlri(const struct table_route *a, const struct table_route *b)
{
	return order_nlri(a, b) == 0;
}

struct table_route **
table_sorted(const struct table *t, uint8_t view, size_t *n)
{
	struct table_route **v = calloc(t->views[view] + 1, sizeof(struct table_route *));

	*n = 0;
	for (size_t i = 0; v != NULL && i < t->peers_n; i++)
		for (struct table_route *r = t->peers[i]; r != NULL; r = r->next)
			if (r->view == view)
				v[(*n)++] = r;
	if (v != NULL)
		qsort(v, *n, sizeof(struct table_route *), order);
	return v;
}

void
table_free(struct table *t)
{
	if (t == NULL)
		return;
	for (uint32_t p = 0; p < t->peers_n; p++)
		table_drop_peer(t, p);
	free(t->peers);
	ptrmap_free(&t->routes);
	ptrmap_free(&t->blocks);
	free(t);
}
