/* What the files of the rules share: the configuration, prepared. */
#pragma once

#include "collector/detect/detect.h"
#include "parsers/bgp/update.h"

/* A network of which it is known to whom it gives transit, or of whom it buys it. */
struct network {
	uint32_t asn;
	uint32_t group; /* number of its organisation; 0: by itself */
	bool provider_free, no_transit, carrier;
	bool group_free;		    /* it, or one of its organisation, is provider-free */
	const struct detect_peerlock *lock; /* NULL: it may be behind anybody */
};

enum { PERHAPS = 64 };

/* Exceptions from the rules, those that are in force. */
struct exceptions {
	struct detect_exception *v; /* the ones for any prefix, and then by prefix */
	size_t n, anywhere_n;
	bool lengths[128 + 1]; /* that there are prefixes of */
	bool name_neighbors;   /* at least one does */
	uint32_t good_before;  /* the first day on which one of them is over */
};

struct detect {
	uint16_t generation;
	uint32_t on;	  /* bit per rule that may be true */
	uint32_t dry_run; /* those in dry-run */
	uint32_t burst_at;
	struct detect_infer infer;
	struct exceptions exceptions;
	uint32_t for_own,
	    for_customers; /* bit per rule that is limited to what is ours, or theirs */
	uint32_t seen_as;  /* the AS of ours that the world sees; 0 when none is configured */
	/* sorted; own_asns with the members of the confederation */
	uint32_t *own_asns, *confederation, *own_siblings, *customers, *upstreams;
	size_t own_asns_n, confederation_n, own_siblings_n, customers_n, upstreams_n;
	struct network *networks; /* sorted, none of ours */
	size_t networks_n;
	uint64_t perhaps[PERHAPS]; /* a bit per last 12 bits of an AS that is among them */
	struct detect_peerlock *locks;
	size_t locks_n;
	struct detect_community *blackholes;
	struct ip_prefix *bogons_allowed;
	size_t bogons_allowed_n;
	uint32_t *bogon_asns_allowed; /* sorted */
	size_t bogon_asns_allowed_n;
	struct delegated *delegated;  /* NULL: none */
	struct customer_lists *lists; /* NULL: none */
	/* AS numbers or prefixes of documentation are configured as ours or neighbours' */
	bool lab;
	size_t blackholes_n;
	char **vrfs;
	size_t vrfs_n;
	struct detect_own *own; /* sorted by prefix */
	size_t *own_above;	/* of each the place of the one that it lies in; own_n: in none */
	size_t own_n;
	struct detect_neighbor *neighbors;
	size_t neighbors_n;
	/* which first 16 bits lie in or below an own prefix, per family: turns most routes away
	 * with one load */
	uint64_t near4[65536 / 64], near6[65536 / 64];
};

bool detect_in_sorted(const uint32_t *v, size_t n, uint32_t key);
/* May the AS stand in a path wherever it goes? The rest is a matter of where. */
bool detect_is_ordinary_as(const struct detect *, uint32_t asn);
/* NULL when it is none of them. */
const struct network *detect_network(const struct detect *, uint32_t asn);
/* false: it is certainly none of them. */
static inline bool
detect_may_be_network(const struct detect *d, uint32_t asn)
{
	return d->perhaps[asn / 64 % PERHAPS] >> (asn % 64) & 1;
}

static inline bool
path_is_confederation(const struct as_segment *seg)
{
	return seg->type == AS_CONFED_SEQUENCE || seg->type == AS_CONFED_SET;
}

/* path_leak.c */

enum { PATH_STEPS_MAX = 64 };

/* AS numbers of one organisation that follow each other are one step. near: the one nearest to us,
 * which names it; far: the one nearest to the origin. */
struct step {
	uint32_t near, far;
	const struct network *network, *far_network; /* of near and far; NULL: of no list */
};

/* A path from our neighbour to the origin, and where it shows something; 0 is nowhere, but for
 * free_at: the first step is no place where a path goes on from somebody. */
struct steps {
	struct step v[PATH_STEPS_MAX];
	unsigned n;
	uint64_t seen;	   /* a bit for each AS of the path, of 64 */
	bool again;	   /* one of them was there already: perhaps an AS is twice in the path */
	int free_at;	   /* the first that is provider-free; -1: none is */
	unsigned inside;   /* the first of them that is not the path's first step */
	unsigned stranger; /* one between two that are provider-free, nearest to the second */
	unsigned beyond;   /* that second one */
	unsigned unlocked; /* a neighbour that the one behind it does not list */
	/* one of no_transit with somebody on both sides, one that buys from a stranger whom a
	 * provider-free one is told of it by, and one that is behind the first step at all */
	unsigned transits, bought, bought_inside;
};

/* The steps of a path. A set has no order: what is in it, and behind it, is nowhere. skip: an AS
 * that is passed over in front (a route server that may show itself), or 0. */
void path_split(const struct detect *, struct cursor path, uint32_t skip, struct steps *);
/* The same, with what they show. */
void path_steps(const struct detect *, struct cursor path, uint32_t skip, struct steps *);

/* It, or one of its organisation, is provider-free. */
static inline bool
network_is_of_free(const struct network *n)
{
	return n != NULL && n->group_free;
}

/* Is everybody near to it? It, or one of its organisation, is provider-free; or it peers with all.
 */
static inline bool
network_is_near(const struct network *n)
{
	return n != NULL && (n->group_free || n->no_transit);
}

/* Those bits of detect_path that say what a path shows of leaks. */
uint16_t path_leak_bits(const struct detect *, struct cursor path);
/*
 * Most paths are plain: those of their networks that are provider-free or of such an organisation
 * follow each other, near to us, and none is of another list. They need not be taken apart. Where
 * an AS is in the path twice, what is behind it may count for nothing: it is not plain. A walk from
 * all zeros.
 */
struct plain_walk {
	bool odd; /* it is not plain */
	bool met, gap;
	uint16_t bits; /* while it is plain, what it shows */
	uint32_t last, group;
	unsigned at;
	uint64_t seen;
};
void plain_walk_as(const struct detect *, struct plain_walk *, uint32_t asn);
/* Does a member of the route server send what it has of a provider-free AS? */
bool detect_behind_member(const struct detect *, struct cursor path, uint32_t rs_as);

/* path.c */

/* detect_path, of a path of any kind; the other way to the same answer is for one sequence. */
uint16_t path_bits_of_any(const struct detect *, struct cursor path);

/* aspa.c */

/* The bit of RULE_ASPA, or 0: what comes in as it does to us, what goes out as who gets it sees. */
uint32_t detect_aspa(const struct route_facts *);

/* own.c */

/* Bits of the rules about what is ours that are true of the route. */
uint32_t own_rules(const struct detect *, const struct route_facts *);
/* May its origin originate the own prefix that it is or lies in? false when it is none of ours. */
bool own_allows(const struct detect *, const struct route_facts *);

/* leak.c */

/* Bits of the leak rules that are true of the route by itself. */
unsigned leak_rules_of(const struct detect *, const struct route_facts *);

/* exceptions.c */

/* Keep those that are not over. false when out of memory. */
bool exceptions_init(
    struct exceptions *, const struct detect_exception *, size_t n, uint32_t today);
/* Bits of the rules that are not true of the route. sender: whom we have it from by its path, or
 * 0. */
uint32_t exceptions_find(const struct exceptions *, const struct route_facts *, uint32_t sender);
void exceptions_fini(struct exceptions *);

/* whose.c */

/* Does another network see the route: one that sends it, or one that gets it? */
bool detect_is_outside(const struct route_facts *);
/* Is it a customer's AS, by the configuration or the roles of a session? */
bool detect_is_customers(const struct detect *, const struct route_facts *, uint32_t asn);
/* Originated in our network, or by an AS of ours. */
bool detect_is_own_origin(const struct detect *, const struct route_facts *);
/* Do customers send or originate it? sender: whom we have it from by its path, or 0. */
bool detect_is_of_customers(const struct detect *, const struct route_facts *, uint32_t sender);
/* Bits of the rules among these that are limited to routes that this is none of. */
uint32_t limits_find(
    const struct detect *, const struct route_facts *, unsigned rules, uint32_t sender);

/* syntax.c */

struct bogon;
/* Why the prefix is no bogon here though it lies in such a block, which is set; NULL when it is
 * one, or lies in none (then NULL is set). */
const char *syntax_bogon_is_ordinary(
    const struct detect *, const struct route_facts *, const struct bogon **);
/* The AS number in the path that is nobody's to use where the route is, nearest to us; 0: none. */
uint32_t syntax_bogus_as(const struct detect *, const struct route_facts *);
/* Bits of the rules on what a route says by itself; so_far: of the others that are true of it. */
uint32_t syntax_rules(const struct detect *, const struct route_facts *, uint32_t so_far);
/* Is none of them true of it, as long as the prefix is plain? */
bool syntax_is_silent(const struct detect *, const struct route_facts *);
