/*
 * attrs: interned path attributes. A block (all attributes of a route but MP_REACH/MP_UNREACH, plus
 * the MP next hop) is two parts, each interned by its octets:
 *
 * - path: AS_PATH, always in the 4-octet form, with a verdict of the owner's, which is found once
 *   per distinct path
 * - rest: every other attribute, raw and in order, with a placeholder where the path was cut out
 *
 * so the block can be rebuilt. There is no table of blocks: a block is named by the handles of its
 * parts, so that an UPDATE costs two lookups, and a route no third element. Handles are 32-bit; 0
 * is none. References are counted, one of a block is one of each of its parts.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/slab.h"
#include "base/tagidx.h"
#include "parsers/bgp/update.h"

/* The path in the upper half, 0: there is no AS_PATH; the rest, which is never 0, in the lower. */
typedef uint64_t attrs_block;

struct attrs_parts {
	struct slab slab;
	struct tagidx index;
};

enum attrs_part { ATTRS_PATH, ATTRS_REST, ATTRS_PARTS };

/* What the parts that one party brought in take up; those that others use as well are still its. */
struct attrs_account {
	uint64_t octets;
	uint64_t refused; /* blocks over the limit */
	uint64_t no_room; /* parts that found none in the tables of all */
	bool used, closed;
};

struct attrs {
	struct attrs_parts part[ATTRS_PARTS];
	uint32_t max; /* parts of a kind */
	uint64_t seed;
	uint64_t refused;
	struct attrs_account *accounts; /* the first is nobody's */
	uint32_t accounts_max;
	uint64_t account_octets; /* the limit of each; 0: none */
	uint8_t *scratch;	 /* one worker, one UPDATE at a time */
};

struct attrs_limits {
	uint32_t blocks;	 /* most parts of a kind at once */
	uint64_t part_octets;	 /* most octets per kind of part */
	uint64_t account_octets; /* most octets per account; 0: no limit */
};

/* Reserves address space for the limits. false when it cannot be had. */
bool attrs_init(struct attrs *, const struct attrs_limits *, uint64_t seed);
void attrs_fini(struct attrs *);

/* A block in the form it is looked up; borrows from the UPDATE and from the scratch space until the
 * next one. */
struct attrs_probe {
	struct cursor value[ATTRS_PARTS];
	uint32_t hash[ATTRS_PARTS];
	bool has_path; /* one that is there may be empty: that is legal */
	bool has_otc;
};

/* What belongs to a route and is no attribute; either may be NULL. */
struct attrs_extra {
	const struct cursor *mp_next_hop; /* of MP_REACH_NLRI */
	const struct cursor *nlri; /* the part of the NLRI that does not identify it: labels */
};
/*
 * Cut the attributes of a split UPDATE into parts. as4: width of ASNs in AS_PATH; a 2-octet path is
 * widened with AS4_PATH (RFC 6793), and BGPSEC_PATH is read as one where there is none (RFC
 * 8205 4.4). The attributes have not necessarily been checked.
 */
void attrs_probe_make(struct attrs *, struct attrs_probe *, const struct bgp_update *,
    const struct attrs_extra *, bool as4);
/* Bring what the lookup will touch nearer. */
void attrs_prefetch(const struct attrs *, const struct attrs_probe *);
/* The second step: the elements that are likely meant. */
void attrs_prefetch_entries(const struct attrs *, const struct attrs_probe *);
/* The same of a block that is known. */
void attrs_prefetch_block(const struct attrs *, attrs_block);
/* The block, 0 when a part of it is not there. Takes no reference. */
attrs_block attrs_find(const struct attrs *, const struct attrs_probe *);
/* The same with a reference of the caller's; what is missing is made, for that account. 0 when over
 * a limit (counted). */
attrs_block attrs_intern(struct attrs *, const struct attrs_probe *, uint32_t account);

/* An account of its own; 0, which is nobody's and has no limit, when out of memory or numbers. */
uint32_t attrs_account_open(struct attrs *);
/* Its owner is gone. Its number is another one's when its parts are gone, too. */
void attrs_account_close(struct attrs *, uint32_t account);
/* Valid until the next one is opened. */
const struct attrs_account *attrs_account(const struct attrs *, uint32_t account);

/* A route refers to the block, or no longer does; the last one frees its parts. */
void attrs_ref(struct attrs *, attrs_block);
/* The same of so many routes at once; which need not be the last ones. */
void attrs_ref_n(struct attrs *, attrs_block, uint32_t n);
void attrs_unref_n(struct attrs *, attrs_block, uint32_t n);
void attrs_unref(struct attrs *, attrs_block);

/* --- what is in a block */

/* Handle of the path, 0 when the block has no AS_PATH. */
static inline uint32_t
attrs_path(const struct attrs *a, attrs_block block)
{
	(void)a;
	return (uint32_t)(block >> 32);
}
bool attrs_otc(const struct attrs *, attrs_block, uint32_t *otc);
/* The NLRI's own data, as in attrs_extra; empty when there is none. */
struct cursor attrs_nlri(const struct attrs *, attrs_block);
/* Value of an attribute but AS_PATH, of MP_REACH_NLRI its next hop; empty when there is none. */
struct cursor attrs_value(const struct attrs *, attrs_block, uint8_t code);

/* AS_PATH value, 4-octet ASNs, as segments. */
struct cursor path_value(const struct attrs *, uint32_t path);
/* Origin AS (RFC 6811 2): last AS of a final AS_SEQUENCE. false when the path ends in a set, or is
 * empty. */
bool path_origin(const struct attrs *, uint32_t path, uint32_t *origin);
/* The owner's verdict on a path, 16 bits; false when it has none of this generation (0 is never
 * one). */
bool path_verdict(const struct attrs *, uint32_t path, uint16_t generation, uint16_t *verdict);
void path_verdict_set(struct attrs *, uint32_t path, uint16_t generation, uint16_t verdict);
/* Call each with paths that are interned, some buckets from the cursor on (0 at first; while more
 * come in some may be seen twice). true when all have been seen; else about `budget` have. */
bool paths_each(const struct attrs *, uint32_t *cursor, uint32_t budget,
    void (*each)(void *ctx, uint32_t path), void *ctx);
/* Handle of the path with exactly these octets, 0 when none is interned. */
uint32_t path_find(const struct attrs *, struct cursor value);

/* Rebuild the attribute TLVs in their order, AS_PATH with 4-octet ASNs, without what was extra.
 * Returns octets written, 0 if too small. Its only users are tests: it proves that a block loses
 * nothing. */
size_t attrs_rebuild(const struct attrs *, attrs_block, uint8_t *out, size_t size);

struct attrs_sizes {
	size_t parts[ATTRS_PARTS]; /* live elements */
	size_t bytes;		   /* memory of all tables */
};
/* What is kept now, and the memory that it takes. */
void attrs_sizes(const struct attrs *, struct attrs_sizes *);
