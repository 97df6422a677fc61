/*
 * sav: which source addresses may come in from a customer (source address validation, BCP 38): a
 * permit list, by one of three methods, out of the routes in Adj-RIB-In of all routers.
 *
 *   EFP-A  enhanced feasible-path uRPF, algorithm A (RFC 8704 3.1): of each origin that any
 *          customer sends a route of, all prefixes that it originates anywhere, on each customer
 *          interface that one of these prefixes was received on.
 *   EFP-B  algorithm B (RFC 8704 3.4): one list for all customer interfaces, of all that any of
 *          them sent, and all that the same origins originate anywhere.
 *   BAR    BAR-SAV (draft-ietf-sidrops-bar-sav): Z = { the customer }; every AS whose ASPA names a
 *          member of Z as provider is of Z, and every AS without an ASPA that AS paths show as a
 *          customer of a member; until there is no more. What Z originates, and what VRPs allow
 *          anyone of Z to originate, is the list.
 *
 * Which hops of a path show a customer. `x y` on a path, x nearer to us: x passes on what it has
 * from y. That does not make y its customer: where x is our peer's provider, say, y may be a
 * provider of x. But where x is in our customer cone, it is: what x passes on to anybody who is no
 * customer of its own it has from its customers. (It would have to be in the cone of who provides
 * for us, and we for it, to be otherwise.) Since Z begins with a customer of ours and grows by
 * customers only, every hop with x in Z counts, whatever session it came by, and no other is
 * asked for. A leak breaks that rule, so no route counts that is one, and beyond an AS that cannot
 * be a customer (ours, a provider or peer of ours, one that has no provider) the cone does not go.
 * Whether an ASPA of y is there decides before any path does: what y says of itself is more than
 * what is concluded.
 *
 * A lateral peer is no customer, and the rule on hops does not hold of it: who is behind a peer may
 * be above our providers, and passes on to these what it has of anybody. Algorithm A asks for no
 * hops, and RFC 8704 has it for lateral peers, too: by that one their lists are made.
 *
 * How it is fed: sav_wants says which walk over all routers comes next; what they have goes to
 * sav_take, in any order and as often as it likes, and sav_walked says that it is over. Nothing
 * here depends on the order.
 *
 * A list from half the data would drop packets of customers. So everything that may be missing is a
 * gap, in words, and whoever uses a list looks at them first.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/pure/ip.h"
#include "collector/rpki/aspa.h"
#include "collector/rpki/rpki_state.h"
#include "collector/rpki/vrp.h"

enum sav_method { SAV_BAR, SAV_EFP_A, SAV_EFP_B, SAV_METHODS };
const char *sav_method_name(uint8_t);			  /* "bar", "efp-a", "efp-b" */
bool sav_method_parse(const char *name, uint8_t *method); /* false: it is none */

/* Whose list: of all interfaces of an AS, or of one neighbour. */
struct sav_target {
	uint32_t asn;		 /* 0: by address only */
	struct ip_addr neighbor; /* family IP_NONE: all sessions of the AS */
};

/* --- what the routers have */

enum sav_walk { SAV_WALK_EDGES, SAV_WALK_ORIGINS, SAV_WALK_ROUTES, SAV_WALK_NONE };

/* On which interfaces a route was received. */
enum { SAV_ON_CUSTOMER = 1, SAV_ON_TARGET = 2 };

/* What a walk asks of each worker. */
enum { SAV_ORIGIN_BITS = 32768, SAV_ORIGIN_WORDS = SAV_ORIGIN_BITS / 64 };
struct sav_ask {
	uint8_t walk; /* enum sav_walk */
	struct sav_target target;
	bool no_invalid;	  /* routes that are invalid by RFC 6811 count for nothing */
	struct ip_prefix explain; /* family IP_NONE: nothing, else witnesses of it are wanted */
	/* SAV_WALK_ROUTES: only routes of these origins are, as sav_asked says; some others may
	 * come as well */
	uint64_t origins[SAV_ORIGIN_WORDS];
};
/* May somebody want routes of this origin? */
static inline uint32_t
sav_origin_bit(uint32_t asn)
{
	return asn * 0x9e3779b1U >> 17; /* SAV_ORIGIN_BITS of them */
}
static inline bool
sav_asked(const struct sav_ask *a, uint32_t asn)
{
	uint32_t bit = sav_origin_bit(asn);

	return a->origins[bit / 64] >> bit % 64 & 1;
}

/* A session that routes come in by. Told in the first walk. */
struct sav_session {
	char router[64];
	struct ip_addr neighbor;
	uint32_t asn, local_as;
	bool target, customer, relation_known, upstream; /* upstream: a provider, a peer */
	bool lateral;					 /* a peer */
	bool router_up, synced, up, heard;		 /* heard: Adj-RIB-In of it has been */
	uint32_t stale;					 /* routes of a former session */
};

enum { SAV_PATH_MAX = 16 };
/* A route for a prefix that is asked about, or in it, or that covers it. */
struct sav_witness {
	char router[64];
	struct ip_addr neighbor;
	uint32_t asn, origin;
	struct ip_prefix prefix;
	bool customer, target;
	bool left_out;	/* it is a leak, or of addresses that are nobody's: it counts for nothing */
	bool invalid;	/* left out for that, by RFC 6811 */
	uint8_t path_n; /* hops, the first SAV_PATH_MAX are here */
	uint32_t path[SAV_PATH_MAX];
};

/* SAV_FAILED: a worker was out of memory; it has nothing else. */
enum sav_piece { SAV_EDGE, SAV_ROUTE, SAV_SESSION, SAV_WITNESS, SAV_FAILED };

struct sav_fact {
	uint32_t piece; /* enum sav_piece */
	union {
		/* of a path: `above` passes on what it has from `below` */
		struct {
			uint32_t above, below;
		} edge;
		/* somewhere in Adj-RIB-In; origin 0: nobody can say */
		struct {
			struct ip_prefix prefix;
			uint8_t seen;
			uint32_t origin;
		} route;
		struct sav_session session;
		struct sav_witness witness;
	};
};
/* Octets of a fact that matter, a whole number of words. */
size_t sav_fact_size(uint32_t piece);

/* --- making a list */

struct sav;

/* NULL when out of memory. */
struct sav *sav_new(enum sav_method, const struct sav_target *);
void sav_free(struct sav *); /* NULL is fine */
/* This AS is nobody's customer by a path: ours, one that has no provider. */
void sav_never(struct sav *, uint32_t asn);
/* Routes that are invalid by RFC 6811 count for nothing, as BAR-SAV has it. */
void sav_no_invalid(struct sav *);
bool sav_is_without_invalid(const struct sav *);
/* Witnesses of this prefix are wanted, too. */
void sav_explain(struct sav *, const struct ip_prefix *);
/* Which walk is next, and what it asks; SAV_WALK_NONE: the list is made. */
enum sav_walk sav_wants(const struct sav *);
void sav_asks(const struct sav *, struct sav_ask *);
/* Facts as the workers write them, sav_fact_size octets each, cut anywhere but in one worker's
 * order. */
void sav_take(struct sav *, const void *octets, size_t n);
/* The walk is over at all routers. vrps and aspas, in force; either may be NULL. */
void sav_walked(struct sav *, const struct vrp_set *vrps, const struct aspa_set *aspas);

/* --- the list */

/* The smallest set of prefixes for it, sorted. */
const struct ip_prefix *sav_prefixes(const struct sav *, size_t *n);
/* Sessions of the target. */
const struct sav_session *sav_sessions(const struct sav *, size_t *n);
uint32_t sav_asn(const struct sav *); /* of the target; 0: nobody knows it */
enum sav_method sav_method_of(const struct sav *);

/* How many prefixes VRPs name the target for that the list does not permit, and the first. */
size_t sav_lacking(const struct sav *, struct ip_prefix *first);

/* Why an AS is behind the customer. */
enum sav_why { SAV_IS_TARGET, SAV_BY_ASPA, SAV_BY_PATH, SAV_BY_ORIGIN };
struct sav_member {
	uint32_t asn, provider; /* the member that it is a customer of */
	uint8_t why;		/* enum sav_why */
};
/* Sorted by AS. With EFP: the origins whose prefixes are in the list. */
const struct sav_member *sav_members(const struct sav *, size_t *n);
const struct sav_member *sav_member(const struct sav *, uint32_t asn); /* NULL: it is none */

/* Why a prefix is in the list, before it was made small. */
enum sav_source { SAV_FROM_ROUTE, SAV_FROM_VRP };
struct sav_entry {
	struct ip_prefix prefix;
	uint32_t asn;	/* whose route or VRP; 0: a route that says no origin */
	uint8_t source; /* enum sav_source */
	uint8_t seen;	/* of a route */
};
/* Sorted by prefix. */
const struct sav_entry *sav_entries(const struct sav *, size_t *n);

/* Of sav_explain, in no order, the first thousand. */
const struct sav_witness *sav_witnesses(const struct sav *, size_t *n);

/* --- what may be missing */

enum { SAV_GAPS_MAX = 32, SAV_GAP_TEXT = 192 };
struct sav_gaps {
	unsigned n; /* the last one says how many there are besides, when there are too many */
	char text[SAV_GAPS_MAX][SAV_GAP_TEXT];
	unsigned more;
};
void sav_gap(struct sav_gaps *, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
/* All that is known here: of sessions and routers, memory, and for BAR of the RPKI data. */
void sav_gaps(const struct sav *, enum rpki_state, struct sav_gaps *);

/* --- prefixes.c */

/* Make a list of prefixes, in any order, the smallest one for the same addresses: sorted, nothing
 * in it covers another, no two can be one. Returns how many are left. */
size_t sav_smallest(struct ip_prefix *, size_t n);
/* Is every address of it in the smallest list? */
bool sav_permits(const struct ip_prefix *list, size_t n, const struct ip_prefix *);

/* --- compare.c */

enum { SAV_NAMED = 3 };
/* Between two smallest lists. */
struct sav_difference {
	size_t gone, come; /* prefixes of the one that the other does not permit wholly */
	struct ip_prefix gone_first[SAV_NAMED], come_first[SAV_NAMED];
	double lost; /* how much of the addresses is gone, of the family that lost more: 0 to 1 */
};
void sav_compare(const struct ip_prefix *before, size_t before_n, const struct ip_prefix *now,
    size_t now_n, struct sav_difference *);
