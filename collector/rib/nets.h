/*
 * nets: the one table of what routes are for, of a worker, shared by all its peers and views. A net
 * has a 32-bit handle as long as a route refers to it. IPv4 and IPv6 prefixes are kept apart (12
 * and 24 octets each); what has a distinguisher, labels or another shape (labelled, VPN, EVPN) is a
 * key: octets that identify the route within its family. The handle's top bits say which.
 *
 * Each prefix carries a small cache for something that depends on the prefix and one number (its
 * origin AS); what it means is the owner's business.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/tagidx.h"
#include "base/pool.h"
#include "base/pure/cursor.h"
#include "base/pure/ip.h"
#include "base/slab.h"

/* Kinds of handles; IPv4 is 0. */
#define NET_V6	 0x80000000U
#define NET_KEY	 0x40000000U
#define NET_KIND (NET_V6 | NET_KEY)

enum {
	NET_KEY_MAX = 200,
	NET_HOLDS_MAX = 1024, /* of a net at once: references that are not a route's */
};

struct nets {
	struct pool v4, v6;
	struct slab keys;
	struct tagidx index4, index6, index_key;
	uint32_t keys_n, keys_max;
	uint64_t seed;
	uint64_t refused; /* over the limit */
};

/* A net in the form in which it is looked up. It is made once per NLRI, for prefetch and lookup. */
struct net_probe {
	uint32_t w[4]; /* address, host order words; IPv4 in w[0] */
	uint32_t hash;
	uint32_t kind;	    /* NET_V6, NET_KEY or 0 */
	uint8_t len;	    /* bits; of a key: octets */
	const uint8_t *key; /* borrowed */
};

/* Reserves address space for so many of each. false when it cannot be had. */
bool nets_init(struct nets *, uint32_t max_v4, uint32_t max_v6, uint32_t max_keys, uint64_t seed);
void nets_fini(struct nets *);

/* The probe of a prefix. */
void net_probe_make(const struct nets *, struct net_probe *, const struct ip_prefix *);
/* key: 1 to NET_KEY_MAX octets, borrowed until the probe has been used. */
void net_probe_key(const struct nets *, struct net_probe *, const uint8_t *key, uint8_t len);
/* Bring the line of the index, then the element that is likely meant, nearer. */
void net_prefetch_head(const struct nets *, const struct net_probe *);
void net_prefetch_entry(const struct nets *, const struct net_probe *);

/* Handle of the net, 0 when it is not there. */
uint32_t net_find(const struct nets *, const struct net_probe *);
/* The same, made when missing, with no reference yet; 0 when the table is full (counted). */
uint32_t net_intern(struct nets *, const struct net_probe *);
/* May one more route refer to it? Whoever sends routes of one net by the million (ADD-PATH) is
 * refused before its references cannot be counted any more. */
bool net_has_room(const struct nets *, uint32_t handle);
/* A route refers to it (net_has_room), or somebody holds it for a moment, or no longer does; the
 * last one frees it. */
void net_ref(struct nets *, uint32_t handle);
void net_unref(struct nets *, uint32_t handle);
/* Free a net that was interned and never referred to. */
void net_drop_unused(struct nets *, uint32_t handle);

/* The prefix behind a handle that is not a key. */
void net_prefix(const struct nets *, uint32_t handle, struct ip_prefix *out);
/* The octets behind a handle that is one; valid as long as the handle. */
struct cursor net_key(const struct nets *, uint32_t handle);

/* The cache is for prefixes, not for keys. */
enum { NET_CACHE_NONE = 7 }; /* values 0-6 may be cached */
/* The cached value for this key; NET_CACHE_NONE when another key, or nothing, is cached. */
unsigned net_cache_get(const struct nets *, uint32_t handle, uint32_t key);
/* Is nothing cached? */
bool net_cache_is_empty(const struct nets *, uint32_t handle);
void net_cache_put(struct nets *, uint32_t handle, uint32_t key, unsigned value);
void net_cache_clear(struct nets *, uint32_t handle);

/* Number of prefixes and keys now. */
uint32_t nets_count(const struct nets *);
/* Highest number of a handle ever given out for IPv4 or IPv6 prefixes: dense arrays are indexed by
 * it. */
static inline uint32_t
nets_top(const struct nets *p, bool v6)
{
	return v6 ? p->v6.used : p->v4.used;
}
/* Is handle number n (1..top, with NET_V6 for IPv6) in use? Not for keys. */
bool net_in_use(const struct nets *, uint32_t handle);
#define NETS_END UINT32_MAX
/*
 * Step through all nets but keys: *cursor, 0 at first, is then the last one that was looked at; up
 * to *budget numbers are. Returns a handle; 0 at the end (*cursor is NETS_END) and when
 * the budget is spent. Nets may come and go between two steps.
 */
uint32_t nets_next(const struct nets *, uint32_t *cursor, uint32_t *budget);
/* The same, but nets that lie in none of the parts are passed over: eight of them cost as much of
 * the budget as one that is returned. What is shorter than a part is returned. */
uint32_t nets_next_in(
    const struct nets *, const struct ip_parts *, uint32_t *cursor, uint32_t *budget);
/* Octets of memory touched at most. */
size_t nets_bytes(const struct nets *);
