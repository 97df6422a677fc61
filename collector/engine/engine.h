/*
 * engine: one worker's whole knowledge as a function of its inputs. Bytes of BMP sessions, RPKI
 * snapshots, a prepared configuration and the time go in; findings and events come out through
 * callbacks. No socket, no clock, no thread: sockets, captures, tests, fuzzers and benches are
 * equal feeders.
 *
 *   bytes --bmp_stream--> UPDATE --rib--> change --detect--> finding
 *
 * Work that could stall others (a full-table peer that goes down, stale routes, an RPKI delta) is
 * queued and done in slices by engine_work.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "collector/bmp_stream/bmp_stream.h"
#include "collector/detect/finding.h"
#include "collector/rib/rib.h"
#include "collector/rpki/aspa.h"
#include "collector/rpki/vrp.h"
#include "collector/rpki/vrp_edit.h"
#include "collector/rpki/aspa_edit.h"
#include "collector/rpki/vrp_trial.h"
#include "collector/sav/sav.h"
#include "parsers/bgp/nlri/nlri.h"
#include "parsers/bgp/rd.h"

struct engine;
struct engine_session;

enum { ENGINE_NAME_MAX = 64, ENGINE_TEXT_MAX = 192, ENGINE_DIGEST_MAX = 16 };

enum engine_event_type {
	EVENT_ROUTER_UP,   /* a session is bound to its router */
	EVENT_ROUTER_DOWN, /* the session ended: the feed is lost */
	/* the router's whole table has come, and what was stale is gone */
	EVENT_ROUTER_SYNCED,
	/* it is away and nothing is left of it: its number is never used again */
	EVENT_ROUTER_FORGOTTEN,
	/* It has more than an option allows, whose name is the text: what is over is left out. And
	 * no longer so. */
	EVENT_LIMIT_REACHED,
	EVENT_LIMIT_OVER,
	EVENT_PEER_UP,
	EVENT_PEER_DOWN,
	/* it is up as it was when the router was here last, or shows to be by what it sends */
	EVENT_PEER_STILL_UP,
	/* a view of the peer is monitored from now on; views_monitored are all of this family */
	EVENT_PEER_MONITORED,
	/* its feed is worth less than it seems, the text says why; and no longer so. Told again
	 * when the text is another. */
	EVENT_TROUBLE,
	EVENT_TROUBLE_OVER,
	/* the roles of a neighbour do not fit, or not what is configured; and they do again */
	EVENT_ROLES_MISFIT,
	EVENT_ROLES_FIT,
	/* what a neighbour is to us does not fit our own ASPA; and it does: that is told at first,
	 * too */
	EVENT_ASPA_MISFIT,
	EVENT_ASPA_FITS,
	/* the peer has told all that it has in these views (views_monitored) of the family: by an
	 * End-of-RIB, by a Peer Down, or since the time for it is over */
	EVENT_PEER_COMPLETE,
	/* how many routes a neighbour of another network sends (volume) */
	EVENT_VOLUME,
	/* a route of a family that is neither plain nor labelled, VPN or EVPN */
	EVENT_ROUTE_ANNOUNCED,
	EVENT_ROUTE_WITHDRAWN,
	/* a network of this AS (peer_as) is a neighbour of ours; again every few hours */
	EVENT_NEIGHBOR,
	/* a router has an own prefix (prefix) from us; it was withdrawn, and none has it any more
	 */
	EVENT_OWN_THERE,
	EVENT_OWN_GONE,
	/* what a neighbour is to us was inferred (inferred); again every few hours */
	EVENT_INFERRED,
	/* a direct way was left (router_name, prefix, detour); that is over. Whoever keeps it tells
	 * all engines (engine_know_detour) */
	EVENT_DETOUR,
	EVENT_DETOUR_OVER,
	/* a prefix of ours, what is above one of them and ours, or a quarter of one: a view of a
	 * peer has it from us now, or no longer (there); told again when that is said anew */
	EVENT_OWN_AT,
	/* how many prefixes of a neighbour (peer_as) a router uses and passes on (spread) */
	EVENT_SPREAD,
};

/* What is wrong with a feed. */
enum engine_trouble {
	TROUBLE_NO_PEERS,      /* a session, and no peer in it */
	TROUBLE_INCOMPLETE,    /* some tables have no End-of-RIB, though others have */
	TROUBLE_NO_END_OF_RIB, /* none has */
	TROUBLE_DOUBTFUL,      /* it may be read otherwise than it was meant */
	TROUBLE_CLOCK,	       /* its times cannot be used */
	TROUBLE_DIFFERS,       /* it counts otherwise than it has told */
	TROUBLE_ROV,	       /* it takes for valid what is invalid by our VRPs */
	TROUBLE_ROV_STRICTER,  /* it calls invalid what is not so by our VRPs */
	TROUBLE_SENDS_INVALID, /* by its own count, to other networks */
	TROUBLE_ROV_STATE,     /* it tells other networks what it makes of routes */
	ENGINE_TROUBLES
};

/* What a neighbour is to us by the sizes of its tables, and what these were: routes of the family
 * that shows it best, those it sent, those it got, and the largest table of its router. */
struct engine_inferred {
	uint8_t relation; /* enum relation; NEIGHBOR_UNKNOWN: nothing is inferred */
	uint32_t in, out, full;
};

/* What a neighbour sends of a family: as it comes in where that is monitored, else as accepted. */
struct engine_volume {
	uint32_t routes;
	bool settled; /* it has told all, and nothing is left of a former session */
	bool anew;    /* its session, or the router's, began since it was told last */
	/* Which views are monitored: routes is what it sends; how many of them are accepted; how
	 * many it is told. */
	bool has_sent, has_accepted, has_told;
	uint32_t accepted, told;
};

/* Of a family: prefixes of a neighbour in Loc-RIB, and in Adj-RIB-Out to other networks; whether
 * these views are monitored. */
struct engine_spread {
	uint32_t used, spread;
	bool has_used, has_spread;
};

/* Of a way around a direct one: from left over the leaker to right. */
struct engine_way {
	uint32_t left, leaker, right;
};

struct engine_event {
	uint8_t type;
	uint8_t trouble; /* EVENT_TROUBLE and its end, enum engine_trouble */
	bool mild;	 /* EVENT_TROUBLE: nothing is missing */
	uint8_t views_monitored;
	uint8_t view;	  /* route events and EVENT_OWN_AT, enum bmp_view */
	bool outside;	  /* of a peer: certainly a network that is not ours */
	bool unmonitored; /* it is down for BMP only, its session may be up */
	bool there;	  /* EVENT_OWN_AT, and why: enum reason */
	bool full;	  /* EVENT_ROUTER_SYNCED: it has a table of the Internet (infer_table) */
	uint8_t cause;
	struct bgp_family family; /* route events, and what of a peer is monitored or complete */
	struct ip_addr neighbor;  /* EVENT_PEER_COMPLETE; family IP_NONE: Loc-RIB */
	uint32_t router;	  /* number, stable for the life of the engine */
	uint32_t peer;		  /* of events about a peer: its number */
	struct ip_prefix prefix;  /* EVENT_OWN_*, EVENT_DETOUR* */
	bool own_prefix;	  /* the same: it is one itself, and lies not only in one */
	struct engine_inferred inferred; /* EVENT_INFERRED */
	uint8_t relation;		 /* of the neighbour: enum relation */
	struct engine_volume volume;	 /* EVENT_VOLUME; of EVENT_PEER_DOWN what it sent before */
	struct engine_spread spread;	 /* EVENT_SPREAD */
	/* EVENT_PEER_DOWN: reason (RFC 7854 4.9), 0 the router no longer reports it; codes of the
	 * NOTIFICATION, 0 none; event of the state machine, 0 none */
	uint8_t down_reason, notify_code, notify_subcode;
	uint16_t fsm_event;
	struct engine_way detour; /* EVENT_DETOUR* */
	char router_name[ENGINE_NAME_MAX];
	/* of the session (router events), of the neighbour (peer and route events) */
	char address[ENGINE_NAME_MAX];
	uint32_t peer_as;
	/* VRF or other table of the peer, as the router calls it, and its distinguisher; "" when
	 * not said, and in the global table */
	char table[ENGINE_NAME_MAX], distinguisher[BGP_RD_TEXT_MAX];
	uint32_t digest; /* route events: engine_route_digest */
	int64_t at_us, router_us;
	/* sysDescr, reason, route; an ellipsis where it is cut. A route is text already: its
	 * octets may be twenty times as many, and so each worker makes the text of its own. */
	char text[ENGINE_TEXT_MAX];
};

/* What leaves the engine. Both are called from within its functions, with structs that are valid
 * during the call. */
struct engine_ops {
	void (*finding)(void *ctx, const struct finding *);
	void (*event)(void *ctx, const struct engine_event *);
};

struct engine_config {
	struct rib_limits rib;
	uint32_t message_max;
	uint32_t peers_per_router;
	uint32_t stale_s;  /* so long the routes of a lost session are kept */
	uint32_t settle_s; /* after that a session without End-of-RIB counts as complete */
	/* so long a router that is away is shown; one that never had a peer is forgotten at once */
	uint32_t forget_s;
	/* routers that are away: the routes of who left first are forgotten; 0: no limit */
	uint32_t lost_max;
	/* leaked routes that are followed to other views, at most; 0: a million */
	uint32_t leaks_max;
	/* What a router counts and what is kept of it differ by so many routes, and percent, for so
	 * long: that is told. The same of routes that it calls valid and our VRPs invalid. */
	uint32_t differ_least, differ_percent, differ_s;
	uint32_t rov_mismatch_least, rov_mismatch_s;
	uint64_t seed; /* of the hash tables */
};

/* detect: borrowed until it is replaced. NULL when out of memory. */
struct engine *engine_new(
    const struct engine_config *, const struct detect *, const struct engine_ops *, void *ctx);
/* All sessions must be closed before. */
void engine_free(struct engine *);

/*
 * A connection. address: of the router, text; configured: its configured name, or NULL. The router
 * it belongs to is known with the first message: configured name, else sysName, else address. While
 * that router has a live session already, "#2" and so on is added. NULL when out of memory.
 */
struct engine_session *engine_session_open(
    struct engine *, const char *address, const char *configured, int64_t now_us);
/* As bmp_stream_feed. */
size_t engine_session_feed(struct engine_session *, const uint8_t *buf, size_t len, int64_t now_us);
/* The connection is gone: its routes are kept, stale, until it is back or stale_s has passed. Frees
 * the session. */
void engine_session_close(struct engine_session *, const char *why, int64_t now_us);
/* Ask feed to return after the present message (from a callback of engine_ops). */
void engine_session_pause(struct engine_session *);
/* NULL while framing holds, else a sentence on what broke it. */
const char *engine_session_broken(const struct engine_session *, char *buf, size_t size);
/* NULL, or when the router has sent a Termination a sentence that says why. */
const char *engine_session_terminated(const struct engine_session *, char *buf, size_t size);
/* Messages so far of peers over peers_per_router, which are not used. */
uint64_t engine_session_refused(const struct engine_session *);
/* Peers it has told of. */
unsigned engine_session_peers(const struct engine_session *);
const char *engine_session_name(const struct engine_session *); /* "" before the first message */

/* The router of that name is called otherwise from now on; nothing when there is none. No router
 * has the new name. */
void engine_rename(struct engine *, const char *from, const char *to);

/* A new snapshot (a reference is taken) with the difference to the one before (taken over, freed by
 * the engine). cause: enum reason of what that changes, REASON_RPKI or REASON_CONFIG. */
void engine_set_rpki(struct engine *, struct vrp_set *, struct vrp_cover *, uint8_t cause);
/* Other ASPAs are in force; a reference is taken. Paths are verified anew, and if any is another
 * now, the routes are evaluated again, in engine_work. */
void engine_set_aspas(struct engine *, struct aspa_set *);
/* Find out, in slices, what other VRPs than those in force would turn invalid (rpki/vrp_trial.h).
 * The trial is taken over until engine_tried gives it back; one that is not done is dropped. */
void engine_try_rpki(struct engine *, struct vrp_trial *);
/* The trial that is done, whose owner is the caller; NULL when none is. */
struct vrp_trial *engine_tried(struct engine *);
/* A new configuration: everything is evaluated again, in slices. detect as in engine_new; the one
 * before is used until engine_work has nothing left to do, and must not be freed earlier. */
void engine_set_detect(struct engine *, const struct detect *);

/* What EVENT_NEIGHBOR of all engines of the collector says, together, in pieces. */
struct engine_neighbors {
	bool anew; /* the first piece: who was named before and is not named again is none */
	bool more; /* pieces come */
	/* They are known well enough to call who is not among them a stranger. */
	bool judged;
	uint32_t n;
	const uint32_t *asns;
};
/* Take them over; what is evaluated by that is evaluated again. */
void engine_set_neighbors(struct engine *, const struct engine_neighbors *);

/* The own prefixes that were there and that no engine of the collector has any more, in pieces. */
struct engine_own_gone {
	bool anew, more; /* as above */
	uint32_t n;
	const struct ip_prefix *prefixes;
};
void engine_set_own_gone(struct engine *, const struct engine_own_gone *);

/* What EVENT_INFERRED said of a neighbour, in this process or one before, of whatever engine: holds
 * as soon as it comes; NEIGHBOR_UNKNOWN: nothing is known of it. The texts are those of the event.
 */
struct engine_inference {
	const char *router, *address, *distinguisher;
	uint32_t asn;
	struct engine_inferred inferred;
};
void engine_set_inferred(struct engine *, const struct engine_inference *);

/* What EVENT_DETOUR of an engine, of this process or of one before, has said. */
struct engine_detour {
	const char *router; /* its name */
	struct ip_prefix prefix;
	struct engine_way way;
	bool there; /* else it is over */
};
/* Before the router comes: nothing is evaluated again. */
void engine_know_detour(struct engine *, const struct engine_detour *);

/* The VRPs in force are too old to judge by, or no longer: while they are, what origin validation
 * said of a route stays while its origin stays, and it says nothing of others. Then everything is
 * evaluated again. */
void engine_freeze_rov(struct engine *, bool frozen);
/* Send a finding for each route of which a rule is true, in slices: for whoever has lost some. */
void engine_tell_again(struct engine *);

/* Do up to about `budget` steps (a step costs 0.1 to 1 microseconds) of queued work; true when
 * there is more. */
bool engine_work(struct engine *, uint32_t budget, int64_t now_us);
/* Timers: call a few times a second. */
void engine_tick(struct engine *, int64_t now_us);

/* --- several engines: one knows what another has seen */

enum engine_shared_type { SHARED_LEAK, SHARED_RELATION };

/* What an engine tells the others: that something begins to be true in it, or ceases. They add it
 * up; the order does not matter. */
struct engine_shared {
	uint8_t type;  /* enum engine_shared_type */
	uint8_t cause; /* SHARED_LEAK: enum reason */
	/* SHARED_RELATION: enum relation of a neighbour with this AS, and whether it is inferred */
	uint8_t relation;
	bool inferred;		 /* SHARED_LEAK: by an inferred relation only */
	struct ip_prefix prefix; /* SHARED_LEAK */
	uint64_t path;		 /* the same: its name, of this process */
	uint32_t asn;		 /* who leaks; the neighbour */
	/* SHARED_LEAK: bit per enum rule; SHARED_RELATION: 1 or 0 */
	uint32_t begin, cease;
};

/* share gets the ctx of engine_ops; before the first session. Without it nobody is told. */
void engine_set_share(struct engine *, void (*share)(void *ctx, const struct engine_shared *));
/* Another engine has told this. */
void engine_hear(struct engine *, const struct engine_shared *);

/* Has there been no room for a leaked route, and is there little now? */
bool engine_leaks_full(struct engine *);

/* --- to be looked at */

struct engine_table_info {
	uint8_t view;
	struct bgp_family family;
	uint32_t routes, stale;
	bool path_ids, end_of_rib;
};
/* A counter or gauge of a Statistics Report; names are in parsers/bmp/bmp.h. */
struct engine_statistic {
	uint16_t type;
	bool per_family;
	struct bgp_family family; /* zero unless per_family */
	uint64_t value;
};
enum { ENGINE_STATISTICS_MAX = 96 }; /* of a peer; what is more is left out */

struct engine_peer_info {
	const struct bmp_peer_key *key;
	struct ip_addr address;
	char distinguisher[BGP_RD_TEXT_MAX];
	char vrf[BGP_RD_TEXT_MAX]; /* the same, "" in the global table */
	const char *table_name;	   /* "" when the router has not said it */
	uint32_t as, local_as;
	uint8_t relation;
	struct engine_inferred inferred; /* where relation is NEIGHBOR_UNKNOWN */
	bool relation_configured, up, implicit;
	bool judged;	 /* by the rules: its table is global, or carries the Internet */
	uint64_t quirks; /* bit per enum bmp_quirk */
	uint64_t updates, announced, withdrawn, faults;
	unsigned tables_n;
	struct engine_table_info tables[16];
	/* the last value of each that was reported; NULL: nothing was */
	const struct engine_statistic *statistics;
	unsigned statistics_n;
	int64_t statistics_us; /* when a report came last */
};
struct engine_router_info {
	uint32_t number;
	const char *name, *address, *sys_name, *sys_descr;
	bool up, synced;
	uint32_t sessions;	 /* so far */
	int64_t since_us;	 /* of the present state */
	const char *down_reason; /* why the last session that is over ended; "" when none is */
	uint32_t peers, peers_up;
	uint64_t peers_refused; /* messages of peers over peers_per_router, all sessions */
	uint64_t routes, stale;
	uint8_t views_monitored;
	struct bmp_counters counters; /* all sessions */
};
/*
 * Where a walk is that goes on later, while the engine lives on: zero at the start, and again at
 * the end. Whoever is there all the time is met; a newcomer may not be, and where a peer is
 * forgotten meanwhile another may be met twice.
 */
struct engine_place {
	uint32_t router;      /* number of the router that is next, or the first behind it */
	uint32_t peers_left;  /* of its peers; 0: all */
	uint32_t tables_done; /* of the next peer's tables */
	uint32_t route_at;    /* cursor of routes_next in the next table, or of nets_next */
	uint32_t listed;      /* rows so far, where a walk gives no more than so many */
};
/* Walk on from the place. `each` returns false to pause behind what it got. Returns true when there
 * may be more. Texts are valid during the call. */
bool engine_routers(const struct engine *, struct engine_place *,
    bool (*each)(void *ctx, const struct engine_router_info *), void *ctx);
bool engine_peers(const struct engine *, struct engine_place *,
    bool (*each)(void *ctx, const char *router, const struct engine_peer_info *), void *ctx);

/* One route found by engine_lookup. */
struct engine_route {
	const char *router;
	struct engine_peer_info *peer;
	uint8_t view;
	struct bgp_family family;
	const struct bgp_nlri *nlri; /* of a labelled, VPN or EVPN route; else NULL */
	struct ip_prefix prefix;
	uint32_t path_id;
	int64_t since_us;
	bool stale;
	bool judged;	     /* the rules look at it */
	uint32_t rules_true; /* bit per enum rule */
	struct rov_result rov;
	bool has_origin, has_otc;
	uint32_t origin, otc;
	/* values of attributes, borrowed; the next hop may be of MP_REACH_NLRI (4 to 48 octets) */
	struct cursor path, communities, large, extended, next_hop;
	const struct route_facts *facts; /* what the rules looked at; NULL: not judged */
	attrs_block block;		 /* the handle of its attributes, for the engine */
};
/* The same for routes for exactly this prefix, in whatever VPN; it pauses also when it has looked
 * at much without finding any. What belongs together may still come after `each` returned false:
 * all paths of a table, or some hundred slots of one. */
bool engine_lookup(struct engine *, const struct ip_prefix *, struct engine_place *,
    bool (*each)(void *ctx, const struct engine_route *), void *ctx);

/* Which routes a walk over all of them wants: what is not said is not asked. */
struct engine_wanted {
	struct ip_prefix within; /* of this prefix and its more-specifics; family IP_NONE: any */
	const char *router;	 /* its name begins like this, whatever the case; NULL: any */
	struct ip_addr peer;	 /* of this address; family IP_NONE: any */
	bool loc_rib;		 /* of Loc-RIBs only */
	uint8_t views;		 /* bit per view; 0: any */
	uint32_t rules;		 /* bit per enum rule, one of which is true; 0: whatever */
	bool has_origin;
	uint32_t origin;
	bool has_rov;
	uint8_t rov; /* enum rov_state, of a route that is judged */
};
/* The same for all routes that are wanted. */
bool engine_walk_routes(struct engine *, const struct engine_wanted *, struct engine_place *,
    bool (*each)(void *ctx, const struct engine_route *), void *ctx);
/* The value of an attribute of a route that was given, during that call, that no member has: of
 * this code, empty when there is none. */
struct cursor engine_route_attribute(
    const struct engine *, const struct engine_route *, uint8_t code);

/* --- for a person who asks why (explain.c) */

enum {
	EXPLAIN_VRPS_MAX = 64,
	EXPLAIN_NEAR_MAX = 10,
	EXPLAIN_WAYS_MAX = 4,
	EXPLAIN_OCTETS_MAX = 64 * 1024
};

/* Which facts made which rule true of a route, and why others are not. */
struct engine_explanation {
	bool rov_frozen; /* the RPKI data is too old to judge by */
	/* VRPs that cover it, nearest first: each with what it says of the route */
	unsigned vrps_n; /* all there are; the first EXPLAIN_VRPS_MAX are here */
	struct vrp vrps[EXPLAIN_VRPS_MAX];
	struct ip_prefix own; /* of ours, that it is or lies in; family IP_NONE: none */
	bool own_derived;     /* by a VRP of an AS of ours, and not configured */
	bool own_allowed;     /* its origin may originate that */
	uint16_t path;	      /* bits of detect_path */
	bool has_aspa;	      /* ASPAs say something of the path: */
	struct aspa_verdict aspa;
	uint32_t provider_free, beyond; /* the AS that these bits are about; 0: none */
	uint32_t sender;		/* whom we have it from, by the path; 0: not to be seen */
	uint32_t dry_run;		/* bit per rule that is in dry-run */
	/* direct ways that routes of the prefix left at the router, those first that this one left
	 * (taken); one that comes back to us left the one to us */
	unsigned ways_n;
	struct engine_way_left {
		struct engine_way way;
		bool taken;
	} ways[EXPLAIN_WAYS_MAX];
	unsigned why_n; /* rules that are true, and why */
	struct detect_why why[DETECT_WHY_MAX];
	unsigned why_not_n;
	struct detect_why why_not[DETECT_WHY_MAX];
};
/* Of a route that engine_lookup gives, during that call. One that is not judged has no more than
 * its path explained. */
void engine_explain(struct engine *, const struct engine_route *, struct engine_explanation *out);
/* Its attributes as TLVs in the order of the wire, AS numbers of four octets, without
 * MP_REACH_NLRI; into out of size octets. Returns how many; 0 when they do not fit. */
size_t engine_route_octets(
    const struct engine *, const struct engine_route *, uint8_t *out, size_t size);

/*
 * Prefixes near one that has no routes: those that cover it, the nearest first, and then those
 * within it, in no order, EXPLAIN_NEAR_MAX of each at most. A walk as the others; it pauses
 * also when it has looked at much.
 */
bool engine_near(const struct engine *, const struct ip_prefix *, struct engine_place *,
    bool (*each)(void *ctx, const struct ip_prefix *), void *ctx);

/* --- for a person who asks what if (what_if.c) */

enum { ENGINE_FLIP_ROUTERS_MAX = 4 };

/* Routes for one prefix with one origin that would be another thing to origin validation. */
struct engine_flip {
	struct ip_prefix prefix;
	bool has_origin;
	uint32_t origin;
	struct rov_result before, after;
	bool aspa;	   /* by ASPA, and not by origin validation: */
	bool aspa_invalid; /* the rule would be true; else it is, and would not be */
	bool ours, of_customer;
	uint32_t routes, routers_n, last_router;
	const char *routers[ENGINE_FLIP_ROUTERS_MAX]; /* the first of routers_n */
};
/* A walk as the others over all that the edits would change; nothing changes. */
bool engine_what_if(struct engine *, const struct vrp_edits *, struct engine_place *,
    bool (*each)(void *ctx, const struct engine_flip *), void *ctx);

/* The same for ASPAs: the routes of which the rule would be true, or no longer, where they come in
 * and where they go out. */
bool engine_what_if_aspa(struct engine *, const struct aspa_edits *, struct engine_place *,
    bool (*each)(void *ctx, const struct engine_flip *), void *ctx);

enum { ENGINE_ORIGINATED_VRPS_MAX = 16 };

/* A prefix that we originate, as Loc-RIB and what we send to other networks show it. */
struct engine_originated {
	struct ip_prefix prefix;
	uint32_t origin;
	bool passed_on; /* seen on its way to another network */
	bool own;	/* in own.prefixes, or in one of them */
	struct rov_result rov;
	/* VRPs that cover it, the most specific first; vrps_n may be more than there is room for */
	size_t vrps_n;
	struct vrp vrps[ENGINE_ORIGINATED_VRPS_MAX];
};
bool engine_originated(struct engine *, struct engine_place *,
    bool (*each)(void *ctx, const struct engine_originated *), void *ctx);

/* A prefix that a neighbour originates itself, by what it sends. */
struct engine_neighbor_origin {
	struct ip_prefix prefix;
	uint32_t asn;
	struct rov_result rov;
};
bool engine_neighbor_origins(struct engine *, struct engine_place *,
    bool (*each)(void *ctx, const struct engine_neighbor_origin *), void *ctx);

/* What there is in the tables of what comes in and of Loc-RIB, by the last walk over them; zero
 * until there was one. Paths of ADD-PATH are left out. */
struct survey_counts {
	uint64_t moas;		   /* prefixes with several origins, none of them ours */
	uint64_t prepended;	   /* routes in whose path an AS stands twice in a row */
	uint64_t long_paths;	   /* as RULE_LONG_PATH */
	uint64_t many_communities; /* routes with 32 or more, large ones counted too */
};

/*
 * What permit lists are made of (sav.c): a walk over all routes that other networks send, for each
 * piece of which `each` gets facts, valid during the call. Routes that were there all the time are
 * met, whatever happens to the others.
 */
bool engine_sav(struct engine *, const struct sav_ask *, struct engine_place *,
    void (*each)(void *ctx, const struct sav_fact *), void *ctx);

struct engine_stats {
	uint64_t routers, routers_up, peers_up, routes, prefixes, blocks, paths;
	uint64_t peers_refused; /* as of a router */
	uint64_t findings_on, findings_off, rules_broken;
	uint64_t treated_as_withdraw, refused;
	uint64_t bytes; /* of all tables */
	/* of them: what routes are for, attributes, the routes themselves */
	uint64_t bytes_nets, bytes_attrs, bytes_routes;
	uint64_t queued; /* tables with work to do */
	/* leaked routes that are known again in other views; those there was no room for */
	uint64_t leaks, leaks_refused;
	uint64_t rpki_generation;
	struct survey_counts survey;
	struct bmp_counters counters;
};
/* The sums of the engine as they are now. */
void engine_stats(const struct engine *, struct engine_stats *);

/* --- texts: into buf of size octets, with an ellipsis at the end when they do not fit */

/* Why a peer is down: the reason, the NOTIFICATION by name, and what a person or the limit of
 * prefixes says in it (RFC 9003, RFC 4486 4; of a hard reset what it holds, RFC 8538 3). */
void engine_down_text(char *buf, size_t size, const struct bmp_peer_down *);
/* The name of a route, as bgp_nlri_text; one that does not fit ends with the digest of what
 * identifies it, so that two which begin alike differ. */
void engine_route_text(char *buf, size_t size, struct bgp_family, const struct bgp_nlri *);
uint32_t engine_route_digest(const struct bgp_nlri *);
/* "… #0badcafe": the end of a route that is cut. */
void engine_digest_text(char buf[ENGINE_DIGEST_MAX], uint32_t digest);
