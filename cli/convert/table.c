/*
 * Routes and attributes lie one behind the other in pieces of memory that are given back together:
 * a recording of a full table has millions, and most stay until the end. What is replaced is
 * written over where it fits, and else lost until then.
 */
#include "cli/convert/table.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/ptrmap.h"

enum { VIEWS = 8, PIECE = 1 << 20 };

struct piece {
	struct piece *next;
	_Alignas(16) uint8_t data[];
};

struct table_attrs {
	uint32_t hash;
	uint32_t len;
	uint8_t data[];
};

struct table {
	struct ptrmap routes; /* by peer, view, family, path id and key */
	struct ptrmap blocks; /* by their octets */
	struct table_route **peers;
	size_t peers_n;
	size_t views[VIEWS];
	struct piece *pieces;
	size_t left; /* of the first one */
};

struct table *
table_new(void)
{
	return calloc(1, sizeof(struct table));
}

/* NULL when out of memory. */
static void *
room_for(struct table *t, size_t size)
{
	struct piece *p;

	size = (size + 15) & ~(size_t)15;
	if (size > t->left) {
		t->left = size > PIECE ? size : PIECE;
		p = malloc(sizeof(*p) + t->left);
		if (p == NULL) {
			t->left = 0;
			return NULL;
		}
		p->next = t->pieces;
		t->pieces = p;
	}
	t->left -= size;
	return t->pieces->data + t->left; /* from its end on */
}

/* --- attributes */

struct table_attrs *
table_attrs_get(struct table *t, const uint8_t *data, size_t len)
{
	uint32_t hash = (uint32_t)hash_bytes(hash_seed(), data, len);
	struct table_attrs *a;

	for (uint32_t at = 0; (a = ptrmap_next(&t->blocks, hash, &at)) != NULL;) {
		if (a->len == len && memcmp(a->data, data, len) == 0)
			return a;
	}
	a = room_for(t, sizeof(*a) + len);
	if (a == NULL || !ptrmap_add(&t->blocks, hash, a))
		return NULL;
	*a = (struct table_attrs){ .hash = hash, .len = (uint32_t)len };
	memcpy(a->data, data, len);
	return a;
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
	t->views[r->view]--;
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

static struct table_route *
find(const struct table *t, uint32_t hash, uint32_t peer, uint8_t view, struct bgp_family family,
    const struct bgp_nlri *n)
{
	struct table_route *r;

	for (uint32_t at = 0; (r = ptrmap_next(&t->routes, hash, &at)) != NULL;)
		if (r->peer == peer && r->view == view && bgp_family_equal(r->family, family) &&
		    r->path_id == n->path_id && r->key_len == n->key_len &&
		    memcmp(r->octets, n->key, n->key_len) == 0)
			break;
	return r;
}

/* The one of that name, written over; a new one; NULL when out of memory. */
static struct table_route *
place(
    struct table *t, struct table_route *r, uint32_t hash, uint32_t peer, const struct bgp_nlri *n)
{
	size_t nlri_len = cur_left(&n->octets);

	if (r != NULL && r->nlri_len == nlri_len)
		return r;
	if (r != NULL)
		drop(t, r);
	r = room_for(t, sizeof(*r) + n->key_len + nlri_len);
	if (r == NULL || !room_for_peer(t, peer) || !ptrmap_add(&t->routes, hash, r))
		return NULL;
	r->prev = &t->peers[peer];
	r->next = *r->prev;
	if (r->next != NULL)
		r->next->prev = &r->next;
	*r->prev = r;
	return r;
}

static bool
set(struct table *t, uint32_t hash, uint32_t peer, uint8_t view, struct bgp_family family,
    const struct bgp_nlri *n, struct table_attrs *attrs, uint32_t sec)
{
	size_t nlri_len = cur_left(&n->octets);
	struct table_route *was = find(t, hash, peer, view, family, n), *r;

	if (attrs == NULL) {
		if (was != NULL)
			drop(t, was);
		return true;
	}
	r = place(t, was, hash, peer, n);
	if (r == NULL)
		return false;
	t->views[view] += r != was;
	*r = (struct table_route){ .hash = hash,
		.peer = peer,
		.view = view,
		.has_path_id = n->has_path_id,
		.path_id = n->path_id,
		.family = family,
		.sec = sec,
		.attrs = attrs,
		.next = r->next,
		.prev = r->prev,
		.key_len = n->key_len,
		.nlri_len = (uint16_t)nlri_len };
	memcpy(r->octets, n->key, n->key_len);
	memcpy(r->octets + n->key_len, n->octets.pos, nlri_len);
	return true;
}

/* Places first, so that memory is waited for once. */
bool
table_set(struct table *t, uint32_t peer, uint8_t view, struct bgp_family family,
    const struct bgp_nlri *v, size_t n, struct table_attrs *attrs, uint32_t sec)
{
	uint32_t hashes[TABLE_NLRI_MAX];

	assert(n <= TABLE_NLRI_MAX);
	for (size_t i = 0; i < n; i++) {
		hashes[i] = hash_of(peer, view, family, v[i].path_id, v[i].key, v[i].key_len);
		ptrmap_prefetch(&t->routes, hashes[i]);
	}
	for (size_t i = 0; i < n; i++)
		if (!set(t, hashes[i], peer, view, family, &v[i], attrs, sec))
			return false;
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

/* A route and the beginning of what it is sorted by: the family, eight octets of the key. */
struct item {
	uint64_t key;
	uint32_t family;
	struct table_route *route;
};

static struct item
item_of(struct table_route *r)
{
	struct item i = { .family = (uint32_t)r->family.afi << 8 | r->family.safi, .route = r };

	for (unsigned k = 0; k < 8; k++)
		i.key = i.key << 8 | (k < r->key_len ? r->octets[k] : 0U);
	return i;
}

/* One octet of it; the key's last one is 0, the family's first one is 10. */
static unsigned
digit(const struct item *i, unsigned at)
{
	return at < 8 ? i->key >> 8 * at & 0xff : i->family >> 8 * (at - 8) & 0xff;
}

/* Octet by octet from the last one on: what is equal stays in the order it has. Octets in which
 * all are the same are passed over. Returns which of the two has the result. */
static struct item *
sort_items(struct item *from, struct item *to, size_t n)
{
	enum { DIGITS = 8 + 3 };

	for (unsigned at = 0; at < DIGITS; at++) {
		size_t starts[256] = { 0 }, sum = 0;
		struct item *was = from;

		for (size_t i = 0; i < n; i++)
			starts[digit(&from[i], at)]++;
		if (starts[digit(&from[0], at)] == n)
			continue;
		for (unsigned d = 0; d < 256; d++) {
			size_t many = starts[d];

			starts[d] = sum;
			sum += many;
		}
		for (size_t i = 0; i < n; i++)
			to[starts[digit(&from[i], at)]++] = from[i];
		from = to;
		to = was;
	}
	return from;
}

/* Those that begin alike are sorted by all that they have. */
static void
sort_alike(struct table_route **v, const struct item *items, size_t n)
{
	for (size_t i = 0, end; i < n; i = end) {
		for (end = i; end < n && items[end].key == items[i].key &&
			      items[end].family == items[i].family;
		     end++)
			v[end] = items[end].route;
		if (end - i > 1)
			qsort(v + i, end - i, sizeof(struct table_route *), order);
	}
}

struct table_route **
table_sorted(const struct table *t, uint8_t view, size_t *n)
{
	size_t max = t->views[view] + 1;
	struct table_route **v = calloc(max, sizeof(struct table_route *));
	struct item *items = calloc(max, sizeof(*items)), *room = calloc(max, sizeof(*room));
	bool ok = v != NULL && items != NULL && room != NULL;

	*n = 0;
	for (size_t i = 0; ok && i < t->peers_n; i++)
		for (struct table_route *r = t->peers[i]; r != NULL; r = r->next)
			if (r->view == view)
				items[(*n)++] = item_of(r);
	if (ok && *n > 0)
		sort_alike(v, sort_items(items, room, *n), *n);
	free(items);
	free(room);
	if (!ok) {
		free(v);
		return NULL;
	}
	return v;
}

void
table_free(struct table *t)
{
	if (t == NULL)
		return;
	while (t->pieces != NULL) {
		struct piece *p = t->pieces;

		t->pieces = p->next;
		free(p);
	}
	free(t->peers);
	ptrmap_free(&t->routes);
	ptrmap_free(&t->blocks);
	free(t);
}
