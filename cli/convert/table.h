/*
 * table: the routes that are left when a recording has been read: per peer, view, family, path id
 * and NLRI the last attributes. It is a simple table for one pass; the collector has its own in
 * collector/rib/.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "parsers/bgp/family.h"
#include "parsers/bgp/nlri/nlri.h"

struct table_attrs; /* one block for all routes that have it */

struct table_route {
	uint32_t hash; /* of what identifies it */
	uint32_t peer;
	uint8_t view;
	bool has_path_id;
	uint32_t path_id;
	struct bgp_family family;
	uint32_t sec; /* when it was last announced */
	struct table_attrs *attrs;
	struct table_route *next, **prev; /* of the peer */
	uint8_t key_len;
	uint16_t nlri_len;
	uint8_t octets[]; /* key, then the NLRI as sent (without path id) */
};

struct table;

/* NULL when out of memory. */
struct table *table_new(void);
void table_free(struct table *);
/* The attributes of these octets, as long as the table is; NULL when out of memory. */
struct table_attrs *table_attrs_get(struct table *, const uint8_t *data, size_t len);
enum { TABLE_NLRI_MAX = 16 };
/* Sets the attributes of the routes of these NLRI, at most TABLE_NLRI_MAX, one after the other;
 * attrs NULL withdraws them. Returns false when out of memory. */
bool table_set(struct table *, uint32_t peer, uint8_t view, struct bgp_family,
    const struct bgp_nlri *, size_t n, struct table_attrs *attrs, uint32_t sec);
/* Drops all routes of a peer. */
void table_drop_peer(struct table *, uint32_t peer);
/* It is now certain whether a peer sends path ids in that view and family: drops the routes that
 * were read the other way. */
void table_drop_misread(
    struct table *, uint32_t peer, uint8_t view, struct bgp_family, bool path_ids);
size_t table_count(const struct table *, uint8_t view);
/* Routes of a view, sorted by family, NLRI (see table_same_nlri), path id, peer. Yours to free;
 * NULL when out of memory. */
struct table_route **table_sorted(const struct table *, uint8_t view, size_t *n);
struct cursor table_attrs_of(const struct table_route *);
/* Bring what will be written of it nearer. */
static inline void
table_prefetch(const struct table_route *r)
{
	__builtin_prefetch(r);
}
static inline void
table_prefetch_attrs(const struct table_route *r)
{
	__builtin_prefetch(r->attrs);
}
static inline struct cursor
table_nlri_of(const struct table_route *r)
{
	return cur_of(r->octets + r->key_len, r->nlri_len);
}
/* Can one NLRI announce both? In a plain family the prefix decides. In other families an NLRI has
 * more than what identifies the route: labels, ESI and gateway are the peer's own, and so every
 * octet counts. */
bool table_same_nlri(const struct table_route *, const struct table_route *);
