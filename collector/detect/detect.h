/*
 * detect: the rules. Each is a truth value of one route, computed from facts and nothing else: no
 * state, no clock, no I/O. What depends on the AS path alone is found out once per distinct
 * path (detect_path) and comes in as bits.
 *
 * The findings that follow from a truth value that flipped are the engine's; what they mean
 * together is the incident table's.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/pure/cursor.h"
#include "base/pure/ip.h"
#include "collector/detect/customer_lists.h"
#include "collector/detect/delegated.h"
#include "collector/rpki/vrp.h"
#include "parsers/bmp/bmp.h"
#include "proto/record.h"

/* Bit numbers of the rules that are true of a route. Append only: the journal and the consumers
 * know rules by name, the RIB by bit. */
enum rule {
	/* RFC 6811: covered, no VRP names the origin */
	RULE_ROV_ASN,
	/* RFC 6811: the origin is authorised, but not for this length */
	RULE_ROV_LENGTH,
	/* RFC 9234 5 */
	RULE_LEAK_OTC,
	/* a provider-free network in the path of a customer or peer, or between two others */
	RULE_LEAK_PEERLOCK,
	/* own prefix, foreign origin */
	RULE_HIJACK_EXACT,
	/* more specific of an own prefix, foreign origin */
	RULE_HIJACK_SPECIFIC,
	/* more specific of an own prefix, own origin, longer than we announce it */
	RULE_OWN_SPECIFIC,
	/* a network that gives transit to nobody, between two others */
	RULE_LEAK_NO_TRANSIT,
	/* our own provider or peer in the path of a customer */
	RULE_LEAK_UPSTREAM,
	/* ours: from a provider, peer or route server to another one (RFC 9234 5, the OTC that
	 * would be there) */
	RULE_LEAK_OWN,
	/* new behind an AS that is caught leaking just now */
	RULE_LEAK_BURST,
	/* new of an AS that is caught originating what is others' just now */
	RULE_ORIGIN_BURST,
	/* draft-ietf-sidrops-aspa-verification */
	RULE_ASPA,
	/* own prefix and origin, behind an AS that is no neighbour of ours */
	RULE_FIRST_HOP,
	/* less specific of an own prefix, foreign origin, where ours is not */
	RULE_COVERING,
	/* asks to drop the traffic of who did not ask for it (RFC 7999) */
	RULE_BLACKHOLE,
	/* address space that is nobody's to announce */
	RULE_BOGON_PREFIX,
	/* was not to leave the AS, and does (RFC 1997) */
	RULE_NO_EXPORT,
	/* the path does not begin with the neighbour (RFC 4271 6.3) */
	RULE_FIRST_AS,
	/* longer than what is routed between networks */
	RULE_TOO_SPECIFIC,
	/* an AS number in the path that is nobody's to use */
	RULE_BOGON_ASN,
	/* RFC 9774 */
	RULE_AS_SET,
	RULE_LONG_PATH,
	/* a direct way was left for a much longer one, through strangers, to the same AS */
	RULE_LEAK_DETOUR,
	/* a neighbour sends what its list does not have (customer_lists.h) */
	RULE_UNLISTED,
	RULES
};

enum {
	RULES_ROV = 1 << RULE_ROV_ASN | 1 << RULE_ROV_LENGTH,
	RULES_LEAK = 1 << RULE_LEAK_OTC | 1 << RULE_LEAK_PEERLOCK | 1 << RULE_LEAK_NO_TRANSIT |
		     1 << RULE_LEAK_UPSTREAM | 1 << RULE_LEAK_OWN | 1 << RULE_LEAK_BURST |
		     1 << RULE_ASPA | 1 << RULE_LEAK_DETOUR,
	RULES_BURST = 1 << RULE_LEAK_BURST | 1 << RULE_ORIGIN_BURST,
	/* what shows by itself what an AS does */
	RULES_PROVE_ORIGIN = RULES_ROV | 1 << RULE_HIJACK_EXACT | 1 << RULE_HIJACK_SPECIFIC,
	RULES_PROVE_LEAK = 1 << RULE_LEAK_OTC | 1 << RULE_LEAK_PEERLOCK |
			   1 << RULE_LEAK_NO_TRANSIT | 1 << RULE_LEAK_UPSTREAM,
	/* who does it is not the origin */
	RULES_OF_SENDERS = RULES_LEAK | 1 << RULE_FIRST_AS | 1 << RULE_NO_EXPORT |
			   1 << RULE_UNLISTED,
	RULES_ON_VRPS = RULES_ROV | 1 << RULE_BLACKHOLE, /* whose truth rests on VRPs */
	RULES_HIJACK = 1 << RULE_HIJACK_EXACT | 1 << RULE_HIJACK_SPECIFIC | 1 << RULE_FIRST_HOP,
};

/* Whose doing it is: routes of one group of rules and one doer are one incident. */
enum doer { DOER_ORIGIN, DOER_LEAKER };

/* What a route that breaks the rule counts as in the scores of MANRS (collector/norms/score.h). */
enum norm { NORM_NONE, NORM_LEAK, NORM_HIJACK, NORM_BOGON_PREFIX, NORM_BOGON_ASN, NORMS };

/* Name and group of each rule, whose doing it is, the MANRS action that it serves, and what it
 * counts as there. */
#define EACH_RULE(X)                                                                               \
	X(ROV_ASN, "rov.invalid.asn", "rov.invalid.asn", ORIGIN, 1, HIJACK)                        \
	X(ROV_LENGTH, "rov.invalid.length", "rov.invalid.length", ORIGIN, 1, NONE)                 \
	X(LEAK_OTC, "leak.otc", "leak", LEAKER, 1, LEAK)                                           \
	X(LEAK_PEERLOCK, "leak.peerlock", "leak", LEAKER, 1, LEAK)                                 \
	X(HIJACK_EXACT, "hijack.exact", "hijack", ORIGIN, 3, HIJACK)                               \
	X(HIJACK_SPECIFIC, "hijack.more-specific", "hijack", ORIGIN, 3, HIJACK)                    \
	X(OWN_SPECIFIC, "own.more-specific", "own.more-specific", ORIGIN, 1, NONE)                 \
	X(LEAK_NO_TRANSIT, "leak.no-transit", "leak", LEAKER, 1, LEAK)                             \
	X(LEAK_UPSTREAM, "leak.upstream", "leak", LEAKER, 1, LEAK)                                 \
	X(LEAK_OWN, "leak.own", "leak", LEAKER, 1, LEAK)                                           \
	X(LEAK_BURST, "leak.burst", "leak", LEAKER, 1, LEAK)                                       \
	X(ORIGIN_BURST, "origin.burst", "rov.invalid.asn", ORIGIN, 1, HIJACK)                      \
	X(ASPA, "aspa.invalid", "leak", LEAKER, 1, LEAK)                                           \
	X(FIRST_HOP, "hijack.first-hop", "hijack", LEAKER, 3, HIJACK)                              \
	X(COVERING, "hijack.less-specific", "hijack.less-specific", ORIGIN, 3, HIJACK)             \
	X(BLACKHOLE, "blackhole.accepted", "blackhole.accepted", ORIGIN, 1, NONE)                  \
	X(BOGON_PREFIX, "bogon.prefix", "bogon.prefix", ORIGIN, 1, BOGON_PREFIX)                   \
	X(NO_EXPORT, "route.no-export", "route.no-export", LEAKER, 1, NONE)                        \
	X(FIRST_AS, "path.first-as", "path.first-as", LEAKER, 1, NONE)                             \
	X(TOO_SPECIFIC, "route.too-specific", "route.too-specific", ORIGIN, 1, NONE)               \
	X(BOGON_ASN, "bogon.asn", "bogon.asn", ORIGIN, 1, BOGON_ASN)                               \
	X(AS_SET, "path.as-set", "path.as-set", ORIGIN, 1, NONE)                                   \
	X(LONG_PATH, "path.long", "path.long", ORIGIN, 1, NONE)                                    \
	X(LEAK_DETOUR, "leak.detour", "leak", LEAKER, 1, LEAK)                                     \
	X(UNLISTED, "route.unlisted", "route.unlisted", LEAKER, 1, NONE)

struct rule_info {
	const char *name;
	const char *group; /* rules of one group are one event when one AS does it */
	uint8_t doer;	   /* enum doer */
	const char *manrs_action;
	uint8_t norm; /* enum norm */
};
extern const struct rule_info rule_info[RULES];

/* The gravest of the rules that are true of a route: it says what the event is, the others are
 * facets of it. RULES for none. */
enum rule rules_primary(uint32_t rules);

/* From the two Role capabilities of a session (RFC 9234 4.2); NEIGHBOR_UNKNOWN when they say
 * nothing, or disagree. */
enum relation relation_from_roles(uint8_t sent_role, uint8_t received_role);

/* Several with the same prefix count as one: what any of them allows is allowed. */
struct detect_own {
	struct ip_prefix prefix;
	/* The longest length that we announce to others; without has_max_length any. */
	bool has_max_length;
	uint8_t max_length;
	const uint32_t *origins; /* allowed; empty: own_asns and own_siblings */
	size_t origins_n;
	bool
	    derived; /* of a VRP that names us: who has a valid ROA, and a customer, may be in it */
	const uint32_t *scrubbers; /* may stand next to us in a path; as an origin it is said */
	size_t scrubbers_n;
};

struct detect_neighbor {
	bool has_asn, has_address, has_relation;
	uint32_t asn;
	struct ip_addr address;
	uint8_t relation; /* enum relation; NEIGHBOR_UNKNOWN: nothing is said of it */
	/* for whoever shows it, "" or NULL when not said: no rule looks at them */
	bool has_name, has_contact;
	const char *name, *contact;
	/* the same: the limit on its routes that is configured on our routers, 0 for none; of IPv6
	 * when that has another one */
	bool has_max_prefix, has_max_prefix_ipv6;
	uint32_t max_prefix, max_prefix_ipv6;
	/* files of what it may announce, which somebody else reads into detect_config.lists */
	bool has_lists;
	const char *const *lists;
	size_t lists_n;
};

/* AS numbers of one organisation. */
struct detect_siblings {
	const uint32_t *asns;
	size_t asns_n;
};

/* A network that is behind these neighbours of its and their siblings, and behind nobody else. */
struct detect_peerlock {
	uint32_t asn;
	const uint32_t *via;
	size_t via_n;
};

/* A community (RFC 1997: two parts) or large community (RFC 8092: three). */
struct detect_community {
	uint8_t parts;
	uint32_t part[3];
};

/* Of a route that it matches the rule is not true. What it does not name may be anything. */
struct detect_exception {
	bool has_rule, has_prefix, has_origin, has_neighbor, has_until;
	uint8_t rule;		 /* enum rule */
	struct ip_prefix prefix; /* and what is more specific */
	uint32_t origin;
	uint32_t neighbor; /* of the session, or whom the path says that we have it from */
	uint32_t until;	   /* the last day, in days since 1970 UTC */
	const char *why;   /* for people; detect keeps it not */
};

/* Whose routes a rule may be true of. What is ours: in or below an own prefix, or originated by us,
 * or a leak of ours. What is customers': that, and what they originate or we have from them; a
 * customer is who the configuration or the roles of a session call customer or rs-client. */
enum whose { WHOSE_ALL, WHOSE_CUSTOMERS, WHOSE_OWN, WHOSES };
const char *whose_name(uint8_t); /* "all", "customers", "own" */

/* Is what a neighbour is to us to be inferred from the sizes of its tables, and do rules use it? */
enum infer { INFER_OFF, INFER_SUGGEST_ONLY, INFER_ON, INFERS };
const char *infer_name(uint8_t); /* "off", "suggest-only", "on" */
/* What it takes: a table of that many routes, and that much time without a doubt. */
struct detect_infer {
	uint8_t mode; /* enum infer */
	uint32_t after_s, table_at;
};

/* Borrowed by detect_new. */
struct detect_config {
	struct detect_infer infer;
	uint32_t today;	    /* days since 1970 UTC: exceptions that ended before are none */
	const uint8_t *off; /* enum rule: never true; what is not below RULES is somebody else's */
	size_t off_n;
	const uint8_t *dry_run; /* the same: true, and no reason to tell anybody */
	size_t dry_run_n;
	uint8_t whose[RULES]; /* enum whose */
	const struct detect_exception *exceptions;
	size_t exceptions_n;
	uint32_t burst_at; /* detect_burst_at */
	/* Ours. The first is the one that the world sees: of a confederation its identifier. */
	const uint32_t *own_asns;
	size_t own_asns_n;
	const uint32_t *confederation; /* its members (RFC 5065 2) */
	size_t confederation_n;
	const uint32_t *own_siblings; /* of our organisation: they may originate what is ours */
	size_t own_siblings_n;
	const uint32_t *upstreams; /* neighbours of ours that no session shows */
	size_t upstreams_n;
	const struct detect_community *blackholes; /* beside BLACKHOLE (RFC 7999) */
	size_t blackholes_n;
	const uint32_t *provider_free; /* networks that have no provider */
	size_t provider_free_n;
	const uint32_t *no_transit; /* that give transit to their own organisation only */
	size_t no_transit_n;
	const uint32_t *carriers; /* that may sell it to those, beside the provider-free */
	size_t carriers_n;
	const struct detect_peerlock *peerlock;
	size_t peerlock_n;
	const struct detect_siblings *siblings; /* of others */
	size_t siblings_n;
	const struct ip_prefix *bogons_allowed; /* special space that is in use here */
	size_t bogons_allowed_n;
	const uint32_t *bogon_asns_allowed;
	size_t bogon_asns_allowed_n;
	struct delegated
	    *delegated; /* what registries have left; a reference is taken; NULL: none */
	struct customer_lists *lists; /* a reference is taken; NULL: none */
	/* Tables that carry the Internet, beside the global one: by name or distinguisher. */
	const char *const *vrfs;
	size_t vrfs_n;
	const struct detect_own *own;
	size_t own_n;
	uint8_t derive; /* 1: prefixes of VRPs that name us are to be among them */
	const struct detect_neighbor *neighbors;
	size_t neighbors_n;
};

struct detect; /* the configuration, prepared; immutable */
struct route_facts;

/* NULL when out of memory. generation: not 0, another one for each configuration. */
struct detect *detect_new(const struct detect_config *, uint16_t generation);
void detect_free(struct detect *);
uint16_t detect_generation(const struct detect *);
/* The first day, in days since 1970 UTC, on which one of the exceptions is over, and another detect
 * is to be made; UINT32_MAX when none of them ends. */
uint32_t detect_good_before(const struct detect *);
const struct detect_infer *detect_infer(const struct detect *);
/* Bit per rule that is in dry-run. */
uint32_t detect_dry_run(const struct detect *);
/* How many routes within a minute catch an AS at it, so that what else is new of it counts; 0: none
 * do. */
uint32_t detect_burst_at(const struct detect *);
/* Is any rule for the routes of customers only? */
bool detect_is_for_customers(const struct detect *);
/* Do the rules want route_facts.as_path of every route? */
bool detect_wants_paths(const struct detect *);

/* Configured relation of a neighbour: by address, else by AS number, else NEIGHBOR_UNKNOWN. */
enum relation detect_relation(const struct detect *, const struct ip_addr *, uint32_t asn);
/* Does the configuration call a neighbour of this AS, wherever it is, a customer? */
bool detect_is_customer(const struct detect *, uint32_t asn);

/* What a neighbour is to us by the AS numbers of the session, where the configuration does not say
 * it: NEIGHBOR_INTERNAL, NEIGHBOR_COLLECTOR of the well-known ones, else NEIGHBOR_UNKNOWN. */
enum relation detect_relation_by_as(const struct detect *, uint32_t local_as, uint32_t remote_as);
/* Can a session with this AS be one of our confederation? False only when the configuration names
 * the members. */
bool detect_may_be_member(const struct detect *, uint32_t asn);
bool detect_is_private_as(uint32_t asn); /* RFC 6996 */
/* Of our organisation, with a number of its own? */
bool detect_is_own_sibling(const struct detect *, uint32_t asn);
/* Do the rules judge the routes of the VRF? table: its name, or "". */
bool detect_judges_vrf(const struct detect *, const char *table, const char *distinguisher);
/* Is it the AS of a network of ours: in own_asns, or a member of the confederation? */
bool detect_is_ours(const struct detect *, uint32_t asn);
/*
 * Origin of a route that was originated within the AS of the speaker (RFC 6811 2): one with an
 * empty path, or one of confederation segments only. session_as: the speaker's, 0 when not known.
 * false when nobody can say which AS the world sees: it is not known, or is private and none of
 * ours.
 */
bool detect_local_origin(
    const struct detect *, uint32_t session_as, bool confederation, uint32_t *origin);
/* Do the communities ask to drop the traffic (RFC 7999, and those of the configuration)? */
bool detect_is_blackhole(const struct detect *, struct cursor communities, struct cursor large);
/* Do they say that the route is not to leave the AS (RFC 1997)? */
bool detect_is_no_export(struct cursor communities);

/* What detect_path finds out about a path, as bits. */
enum {
	PATH_PROVIDER_FREE = 1,
	/* a provider-free AS with a stranger between itself and an earlier one, or one of peerlock
	 * behind who is not listed */
	PATH_BEYOND_STRANGER = 2,
	PATH_EMPTY = 4,
	PATH_SET = 8,
	PATH_CONFED = 16,  /* confederation segments only, at least one */
	PATH_MEMBERS = 64, /* at least one confederation segment */
	/* a provider-free AS behind the first AS of the path, of another organisation */
	PATH_PROVIDER_FREE_INSIDE = 32,
	/* one of no_transit gives it, or is given it by who is none that sells it to such ones, and
	 * a provider-free network is told of it */
	PATH_NO_TRANSIT = 256,
	/* the first AS of the path is one of no_transit and gives it */
	PATH_NO_TRANSIT_FIRST = 512,
	/* one of no_transit behind who is none that sells it to such ones */
	PATH_NO_TRANSIT_INSIDE = 1024,
	/* a network that everybody is near to (struct path_detour) behind so many that they may be
	 * the way around a direct one */
	PATH_FAR = 2048,
	PATH_BOGON_ASN = 4096, /* an AS number that may be a bogon where the route is */
	/* more than 50 AS numbers without prepends, or more than 100 without those of its end */
	PATH_LONG = 8192,
	PATH_ENDS_WITH_US = 128, /* with an AS of ours, not of confederation segments only */
};
/* Beside them: by its hops the path is invalid for who has it from a customer, a peer or a route
 * server; from a provider (draft-ietf-sidrops-aspa-verification). Who has the ASPAs finds out. */
enum { PATH_ASPA_UPSTREAM = 1 << 14, PATH_ASPA_DOWNSTREAM = 1 << 15 };
/* The bits of an AS_PATH value with AS numbers of four octets. */
uint16_t detect_path(const struct detect *, struct cursor path);
/* The provider-free AS beyond a stranger, or else the first one that is not the path's first AS, or
 * that one. 0 when there is none. */
uint32_t detect_path_provider_free(const struct detect *, struct cursor path, bool beyond_stranger);

/* What shows that a path is of a leak. */
struct path_leak {
	uint32_t leaker;   /* 0: nobody in the path: the neighbour */
	uint32_t shown_by; /* the provider-free or no-transit AS that decides; 0: none */
};
/* rule: RULE_LEAK_PEERLOCK or RULE_LEAK_NO_TRANSIT, which is true of a route with the path. */
struct path_leak detect_path_leak(const struct detect *, struct cursor path, enum rule);

/*
 * A way through strangers: from the AS left of them, nearer to us, to the one right of them, which
 * are next to each other in other paths, or have a session.
 */
enum { DETOUR_STRANGERS = 3, DETOUR_STRANGERS_MAX = 16 };
struct path_detour {
	uint32_t left, right;
	uint32_t leaker; /* the one of them who most likely leaks */
	/* a network that everybody is near to: it is provider-free, or peers with all; so a way to
	 * it of that many strangers is none that anybody would have who lost his own */
	bool right_is_near;
	unsigned strangers_n; /* networks, without prepends; no more are there */
	uint32_t strangers[DETOUR_STRANGERS_MAX]; /* the one next to left first */
	uint32_t last; /* stranger, next to right: also where there are more than strangers_n */
};
/*
 * Is the second path what the first one was, but for DETOUR_STRANGERS or more networks between two
 * that were next to each other, and longer? What a network writes more than once, and those of one
 * organisation, count once; the length is with all.
 */
bool detect_path_detour(
    const struct detect *, struct cursor before, struct cursor after, struct path_detour *);
/* Does the path go from `left` by way of `over` to `right`, others between them or not? */
bool detect_path_goes(struct cursor path, uint32_t left, uint32_t over, uint32_t right);
/* Are the two next to each other in the path, in that order? */
bool detect_path_joins(struct cursor path, uint32_t left, uint32_t right);
/* The way of a path that comes back to us: from whom we have it to an AS of ours, with no AS of
 * ours in between. false when it is none, or has nobody in between. */
bool detect_path_back(const struct detect *, struct cursor path, struct path_detour *);

/* A provider or peer of ours that is behind who sent us a route. */
struct upstream {
	uint32_t asn, left; /* it, and whoever has the route of it */
	bool provider;	    /* it, or one behind it, is one; else they are peers */
	bool inferred;	    /* by the sizes of its tables only */
};
/*
 * The first provider or peer behind the first network of the path that is none of ours, of another
 * organisation than that. is_upstream: what an AS is to us. false: there is none.
 */
bool detect_path_upstream(const struct detect *, struct cursor path, uint32_t local_as,
    bool (*is_upstream)(void *ctx, uint32_t asn, bool *provider), void *ctx, struct upstream *);

/* The first AS of the path that is none of ours: who sent it to us. 0 when there is none.
 * local_as: of the session, ours also when the configuration does not say so. */
uint32_t detect_path_sender(const struct detect *, struct cursor path, uint32_t local_as);

/* The AS to the left of this one in the path, nearer to us, its prepends passed over; 0 when there
 * is none. */
uint32_t detect_path_left_of(struct cursor path, uint32_t asn);
/* The same on both sides, 0 where there is none or the AS is not in the path. */
void detect_path_beside(struct cursor path, uint32_t asn, uint32_t *left, uint32_t *right);

/* Who stands next to us in a path that others bring us with our AS at its end. */
struct first_hop {
	uint32_t asn;	 /* 0: nobody does, or it was put there by us, or is a sibling */
	uint32_t sender; /* of a route that we send on: whom we have it from; else 0 */
};
/* Ours that follow each other, prepends and members of the confederation count as one. */
struct first_hop detect_first_hop(const struct detect *, struct cursor path);
/* The registry that has not handed out the prefix, in no block of IANA's (bogons.h); NULL: none
 * says so. And the AS number of a path that one has not handed out, the nearest to us; asn 0: none.
 */
const struct delegated_source *detect_not_handed_out(
    const struct detect *, const struct ip_prefix *);
const struct delegated_source *detect_as_not_handed_out(
    const struct detect *, struct cursor path, uint32_t *asn);

/* What the list of who sends the route says of it; sender: who that is, or NULL. */
enum customer_says detect_customer_says(
    const struct detect *, const struct route_facts *, uint32_t *sender);

/* Does the configuration name a neighbour or upstream of this AS? */
bool detect_names_neighbor(const struct detect *, uint32_t asn);

/* Everything the rules look at. */
struct route_facts {
	const struct ip_prefix *prefix;
	/* RFC 6811 2: of the path, else of the speaker's own AS. A path that ends in a set has no
	 * origin; what nobody knows is no origin either, and no rule judges it. */
	bool has_origin, origin_unknown;
	bool local_origin; /* originated in the speaker's own AS, whatever its number */
	uint32_t origin;
	uint16_t path; /* bits of detect_path */
	struct rov_result rov;
	bool has_otc;
	uint32_t otc;
	uint8_t view;	  /* enum bmp_view */
	uint8_t relation; /* enum relation */
	/* What the neighbour is by the sizes of its tables, where its relation is unknown and rules
	 * may use it; else NEIGHBOR_UNKNOWN. Only rules that say so look at it. */
	uint8_t inferred;
	bool sender_inferred, upstream_inferred; /* the same is all that is known of these two */
	/* of a route on its way out to a provider, peer or route server: what the AS that its path
	 * says we have it from is to us */
	uint8_t sender_relation;
	/* of a customer's: NEIGHBOR_PROVIDER or NEIGHBOR_PEER of ours is behind it, else
	 * NEIGHBOR_UNKNOWN */
	uint8_t upstream;
	uint32_t local_as, remote_as;
	bool blackhole; /* a host route that asks to be dropped */
	/* of that: a VRP above it names the origin or who sends it, or there are no VRPs at all */
	bool blackhole_allowed;
	bool of_no_customer;   /* of that: a provider, peer or route server sends it */
	bool no_export;	       /* of what goes out: it was not to (RFC 1997) */
	struct cursor as_path; /* empty when it has none */
	/* the AS next to us in a path that ends with us, which is no neighbour of ours; 0: none, or
	 * nobody knows our neighbours */
	uint32_t stranger;
	/* it goes around a direct way that it, or another one of its router, had before; and what
	 * is ours comes back to us around our session with who sends it */
	bool detour, comes_back;
	/* it is less specific than an own prefix that is nowhere any more, and its origin is no
	 * neighbour of ours */
	bool covers_gone;
	/* leak rules that are true of the same route where it came in, for views in which the rules
	 * cannot see a leak */
	uint32_t inherited;
	uint32_t rules_before; /* that were true of it: what is stale says nothing of what is new */
	/* of RULES_BURST those that are true: what else its AS did at that time shows it */
	uint32_t burst;
	/* Has any router a session with a customer of this AS? NULL: nobody knows. */
	bool (*has_customer)(void *routers, uint32_t asn);
	void *routers;
};

/* A provider, peer or route server: what we have of one of them we may tell none of them (RFC 9234
 * 5). */
static inline bool
detect_gets_no_transit(uint8_t relation)
{
	return relation == NEIGHBOR_PROVIDER || relation == NEIGHBOR_PEER ||
	       relation == NEIGHBOR_RS;
}

/* So many routes from one AS to one neighbour that gets no transit are our leak; fewer are
 * somebody's exception, though RULE_LEAK_OWN is true of each by itself. Whoever keeps the routes
 * counts. */
enum { LEAK_OWN_LEAST = 5 };

/* Longer than what is routed between networks: a host, a link. */
static inline bool
detect_is_host_route(const struct ip_prefix *p)
{
	return p->len > (p->family == IP_V4 ? 24 : 48);
}
/* Bit per rule that is true. */
uint32_t detect_route(const struct detect *, const struct route_facts *);
/*
 * The two by which nearly every route is let pass without a look at every rule. Is the prefix one
 * that no rule is about: nothing of ours, no bogon, no host route? And is a route that no rule is
 * true of, as long as its prefix is plain and its origin is not invalid? That looks at nothing that
 * depends on the prefix: it is asked once for all routes of an UPDATE. No is always right.
 */
bool detect_is_plain(const struct detect *, const struct ip_prefix *);
bool detect_is_silent(const struct detect *, const struct route_facts *);
/* Does it rest on a relation that is no more than inferred: is no rule on leaks, hijacks or origin
 * validation true of it without? rules: that are true. */
bool detect_is_inferred(const struct detect *, const struct route_facts *, uint32_t rules);
/* Those of the leak rules that prove that somebody leaks: not those that are true of what is
 * probably as it should be (enum benign). */
uint32_t detect_proofs_of_leak(const struct route_facts *, uint32_t rules);
/* Those of the rules that the configuration lets be true of the route: not off, not for the routes
 * of others, no exception. */
uint32_t detect_admitted(const struct detect *, const struct route_facts *, uint32_t rules);
bool detect_has_own(const struct detect *); /* are there own prefixes? */
/* Is it one that the configuration calls ours, itself? */
bool detect_is_own_prefix(const struct detect *, const struct ip_prefix *);
/* May this AS originate what is, or lies in, an own prefix? */
bool detect_may_originate(const struct detect *, const struct ip_prefix *, uint32_t origin);
/* Is this AS named as one that scrubs the traffic of the own prefix that it is or lies in? */
bool detect_scrubs(const struct detect *, const struct ip_prefix *, uint32_t asn);
/* Does an own prefix lie in it, and is another? */
bool detect_covers_own(const struct detect *, const struct ip_prefix *);
/* Of ours, or of a sibling of ours? */
bool detect_is_of_us(const struct detect *, uint32_t asn);
/* May it be an own prefix, or lie in or above one? A quick look that turns most away. */
bool detect_is_near_own(const struct detect *, const struct ip_prefix *);
/* The longest own prefix equal to or above this one; NULL when it is none of ours. */
const struct detect_own *detect_own_of(const struct detect *, const struct ip_prefix *);

/* --- why not (why.c): for people who ask, not for the hot path */

enum { DETECT_WHY_MAX = 12, DETECT_WHY_TEXT_MAX = 192 };

/* Why a rule is not true of a route. */
struct detect_why {
	uint8_t rule; /* enum rule */
	char text[DETECT_WHY_TEXT_MAX];
};
/*
 * Of the rules that a person would ask about (origin validation, leaks, own prefixes), and of those
 * that the route breaks though they are not true: why they are not. rules_true: bit per rule that
 * is. as_path: the route's. Returns how many there are, no more than DETECT_WHY_MAX.
 */
unsigned detect_why_not(const struct detect *, const struct route_facts *, struct cursor as_path,
    uint32_t rules_true, struct detect_why out[DETECT_WHY_MAX]);
/* The same of the rules that are true: the facts that make each so, in a sentence. */
unsigned detect_why_true(const struct detect *, const struct route_facts *, struct cursor as_path,
    uint32_t rules_true, struct detect_why out[DETECT_WHY_MAX]);
/* What one bit of detect_path says, in words; NULL for what is said elsewhere, and of none. */
const char *detect_path_words(uint16_t bit);
/* May the origin of a route for an own prefix, or within one, originate it? */
bool detect_own_allows(const struct detect *, const struct route_facts *);
/* Networks without a provider, one after the other: *at is 0 at first; 0 behind the last one. */
uint32_t detect_next_provider_free(const struct detect *, size_t *at);
/* Own AS numbers, sorted, with the members of a confederation; borrowed. Returns how many. */
size_t detect_own_asns(const struct detect *, const uint32_t **asns);
