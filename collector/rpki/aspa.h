/*
 * ASPAs (autonomous system provider authorizations): an immutable snapshot of who the providers of
 * an AS are by its own word, and verification of AS paths against it
 * (draft-ietf-sidrops-aspa-verification), in both directions in one pass.
 *
 * A snapshot is built by one thread and then only read; it is shared by reference count, which is
 * atomic. Verification allocates nothing.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* One provider of a customer. Provider 0 lists nobody: alone it says that there is no provider, and
 * beside others it has no effect. (AS 0 on a path is malformed, RFC 7607, and none of ours.) */
struct aspa_pair {
	uint32_t customer, provider;
};

/* A growing list; aspa_list_sort_unique makes it a set. ASPAs of one customer are a union. */
struct aspa_list {
	struct aspa_pair *v;
	size_t n, cap;
};
bool aspa_list_add(
    struct aspa_list *, uint32_t customer, uint32_t provider); /* false: out of memory */
void aspa_list_sort_unique(struct aspa_list *);
/* The first pair of a customer or after it in a sorted list, as an index; n where there is none. */
size_t aspa_list_find(const struct aspa_list *, uint32_t customer);
size_t aspa_list_customers(const struct aspa_list *); /* sorted: how many customers */
/* Both sorted. */
bool aspa_list_same(const struct aspa_list *, const struct aspa_list *);
/* Another list of the same; false: out of memory, then *to is empty. */
bool aspa_list_copy(struct aspa_list *to, const struct aspa_list *from);
/* All pairs of `more` besides, sorted and unique again. false: out of memory, *to is as before. */
bool aspa_list_join(struct aspa_list *to, const struct aspa_list *more);
void aspa_list_free(struct aspa_list *);

struct aspa_set; /* the snapshot */

/* A snapshot of the sorted unique list (copied). Reference count 1. NULL when out of memory. */
struct aspa_set *aspa_set_new(const struct aspa_list *, uint64_t generation);
struct aspa_set *aspa_set_ref(struct aspa_set *);
void aspa_set_unref(struct aspa_set *); /* NULL is fine */
uint64_t aspa_set_generation(const struct aspa_set *);
size_t aspa_set_count(const struct aspa_set *); /* customers; set NULL: 0 */
size_t aspa_set_bytes(const struct aspa_set *);
/* Providers of a customer, sorted, borrowed; 0 among them only when alone. NULL, *n 0: it has no
 * ASPA. set NULL: the same. */
const uint32_t *aspa_providers(const struct aspa_set *, uint32_t customer, size_t *n);
/* The pairs of all; false: out of memory, then *out is empty. */
bool aspa_set_list(const struct aspa_set *, struct aspa_list *out);

/* What the customer says of a neighbour. */
enum aspa_hop { ASPA_NO_ATTESTATION, ASPA_PROVIDER, ASPA_NOT_PROVIDER };
enum aspa_hop aspa_hop(const struct aspa_set *, uint32_t customer, uint32_t provider);

enum aspa_state { ASPA_UNKNOWN, ASPA_VALID, ASPA_INVALID };
const char *aspa_state_name(uint8_t); /* "unknown", "valid", "invalid" */

/* What makes a path invalid before any hop is looked at. Each is a matter of its own. */
enum aspa_gate {
	ASPA_GATE_NONE,
	ASPA_GATE_EMPTY,    /* no AS on it */
	ASPA_GATE_SET,	    /* an AS_SET, or a confederation's segment */
	ASPA_GATE_FIRST_AS, /* it does not begin with the neighbour */
};

/* A hop that the customer's ASPA contradicts: `other` is no provider of it. customer 0: none. */
struct aspa_broken {
	uint32_t customer, other;
};

/*
 * Both answers about one path, by its hops alone; up: received from a customer, a peer, a route
 * server or as its client, down: received from a provider.
 *
 * rising: the broken hop next to the origin, of those that should have gone up: all on it that is
 * left of the customer did not come to us by way of a provider. `rising.other` is the AS that had
 * the route from no customer of its own and passed it on: who leaked, if one did. descending: the
 * broken hop next to us, of those that should go down. Upstream is invalid by the rising one alone,
 * downstream when the descending one is left of it.
 */
struct aspa_verdict {
	uint8_t up, down; /* enum aspa_state */
	struct aspa_broken rising, descending;
};

/* A path is walked from the neighbour to the origin; what is prepended counts once. */
struct aspa_walk {
	const struct aspa_set *set;
	const void *entry; /* of the last AS */
	uint32_t first, last;
	uint32_t n; /* ASes, without what is prepended */
	/* Where the hops are, as places from the left, from 1; 0: there is none. The last place
	 * where a rising hop is broken, is not proven; the first where a descending one is. */
	uint32_t up_broken, up_unproven, down_broken, down_unproven;
	struct aspa_broken rising, descending;
	bool set_seen;
};
void aspa_walk_start(struct aspa_walk *, const struct aspa_set *); /* set NULL: no ASPA */
void aspa_walk_as(struct aspa_walk *, uint32_t asn);
void aspa_walk_set(struct aspa_walk *); /* an AS_SET, or a segment of a confederation */
/* neighbour: NULL where the first AS need not be it (a route server is transparent). */
enum aspa_gate aspa_walk_gate(const struct aspa_walk *, const uint32_t *neighbour);
/* By the hops, whatever the gate. */
struct aspa_verdict aspa_walk_end(const struct aspa_walk *);
/* The same for an array, neighbour first. */
struct aspa_verdict aspa_verify(const struct aspa_set *, const uint32_t *asns, size_t n);

/* The customers whose providers differ between two snapshots (NULL: empty), sorted; free(*out).
 * false: out of memory. */
bool aspa_changed(
    const struct aspa_set *before, const struct aspa_set *after, uint32_t **out, size_t *n);
