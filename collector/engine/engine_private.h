/*
 * What the files of the engine share. They call each other only downwards:
 *
 *   engine                 the inputs other than bytes, work and time
 *   session, info          what a stream says of its router; what can be seen
 *   routers                names, coming and going, the timers of a feed
 *   troubles               what is wrong with a feed
 *   infer                  what a neighbour is by the sizes of its tables
 *   volumes, counts        how many routes a neighbour sends; what its router counts
 *   rov_states, survey     what a router makes of what is invalid; what is counted only
 *   spread                 prefixes of each neighbour that are used and passed on
 *   peers                  neighbours, and what they are to us
 *   apply                  UPDATEs of plain IPv4 and IPv6
 *   pipeline               their way into the RIB
 *   other_families         UPDATEs of all others
 *   jobs, trial, touched   work in slices
 *   explain, what_if       why a route is judged so; what others would make of it
 *   evaluate               from a change to findings
 *   finding_build          what a finding says
 *   facts                  what the rules look at
 *   leaks                  leaks where they came in, and the same routes elsewhere
 *   passed_on              what goes out that should not
 *   bursts                 who is caught at it, and what is new of him
 *   detours                direct ways that were left
 *   proven                 who did of late what the rules can prove
 *   presence, own_gone     which own prefixes there are, and are no more
 *   visible                where they are
 *   neighbors              who may stand next to us in a path
 *   relations              what an AS is to us
 *   inferred               what was inferred of neighbours, by name
 *   path_aspas             paths verified by ASPAs
 *   nlri_routes            routes known by a key
 *   sav                    what permit lists are made of
 *   place                  where a walk is that goes on later
 *   tables, vrf, events, statistics, event_text
 */
#pragma once

#include <assert.h>
#include <string.h>

#include "base/hash.h"
#include "base/ptrmap.h"
#include "collector/engine/counted_private.h"
#include "collector/engine/engine.h"
#include "collector/engine/leaks_private.h"
#include "collector/engine/pipeline_private.h"

/* What is to be taken out of a table: nothing, what is stale, everything. */
enum emptying { EMPTY_NOTHING, EMPTY_STALE, EMPTY_ALL };

/* Routes of a peer in one view and family. */
struct table {
	struct routes routes;
	struct peer *peer;
	struct bgp_family family;
	uint8_t view;
	bool end_of_rib; /* seen in this session */
	bool detached;	 /* no longer the peer's: only to be emptied */
	struct rov_states rov_states;
	struct rov_look rov_look;
	struct rov_marks marks, marks_now; /* now: of the walk that goes on */

	/* Jobs that wait for it (jobs.c): taking out routes, and evaluating them again. */
	bool queued;
	uint8_t emptying, cause; /* enum emptying; enum reason of it */
	uint32_t emptying_at;	 /* cursor of routes_next */
	bool evaluating;
	uint8_t evaluating_cause; /* enum reason */
	uint32_t evaluating_at;	  /* cursor of nets_next */

	struct table *next;	   /* of the peer */
	struct table *next_queued; /* of the engine */
};

struct peer {
	struct bmp_peer_key key;
	uint32_t number; /* of this engine's peers, never given twice */
	struct router *router;
	struct ip_addr address;
	uint32_t as, local_as;
	uint8_t sent_role, received_role; /* of the OPENs in the last Peer Up */
	uint32_t detours;		  /* direct ways that it left, and that are remembered */
	uint8_t relation;
	uint8_t
	    out_cause; /* what it gets is to be evaluated (passed_on.c): enum reason, 0 it is not */
	/* as which it is counted (relations.c) */
	uint32_t counted_as;
	uint8_t counted_relation;
	/* what it is by the sizes of its tables, where nothing else says it; what it looks like
	 * just now, enum relation, and since when (inferred.c) */
	struct engine_inferred inferred;
	uint32_t inferred_as; /* its AS then */
	uint8_t looks_like;
	int64_t looks_like_us;
	bool relation_configured, up, implicit;
	/* Its BGP session began anew and the table of the one before is not swept: since when, 0
	 * never. doubtful: perhaps it did not, and only an End-of-RIB or routes show it. */
	int64_t anew_us;
	bool anew_doubtful;
	bool late;	 /* it, or a view of it, began after the router had told all */
	int64_t live_us; /* since when the session knows it */
	bool outside;	 /* certainly a network that is not ours */
	/* The last Peer Down was none of a BGP session: its monitoring ended (RFC 7854 4.9, reason
	 * 5), or it is a Loc-RIB. */
	bool unmonitored;
	/* Its table is global, or one of those that carry the Internet: the rules judge it. */
	bool judged;
	char table_name[RECORD_NAME_MAX]; /* of the last Peer Up that said it, or "" */
	/* Views in which something of a family has come, also an End-of-RIB: a bit per enum
	 * bmp_view. */
	uint8_t monitored[PEER_FAMILIES];
	uint8_t complete[PEER_FAMILIES]; /* the same, of those whose End-of-RIB has come */
	struct volume_told volumes[PEER_FAMILIES];
	int64_t up_us;	      /* when its BGP session began, for all we know */
	uint64_t doubts_over; /* quirks of this session that are explained by now */
	uint32_t roles_told;  /* what was said of its roles; 0: nothing, they fit */
	/* what was said of it and our ASPA; 0: nothing, 1: it fits */
	uint32_t aspa_told;
	uint64_t quirks;
	uint64_t updates, announced, withdrawn, faults; /* of former sessions */
	struct bmp_peer *live;				/* in the present session; NULL when none */
	struct table *tables, *last;
	struct peer_statistics *statistics; /* NULL: none reported */
	struct rov_past *rov_past;
	struct peer *next;
};

/* What a router may have too much of. */
enum limit { LIMIT_PEERS, LIMIT_ATTRIBUTES, LIMIT_ROUTES, LIMITS };

struct router {
	uint32_t number;
	char name[ENGINE_NAME_MAX], address[ENGINE_NAME_MAX];
	uint64_t name_hash; /* router_name_hash */
	char sys_name[BMP_TEXT_MAX], sys_descr[BMP_TEXT_MAX];
	char down_reason[ENGINE_TEXT_MAX]; /* of the last session that ended */
	struct engine_session *session;	   /* NULL: down */
	uint32_t sessions;
	int64_t since_us, last_update_us;
	bool synced, sync_due, any_end_of_rib, expired;
	bool settled;	 /* the time for peers to tell all is over */
	int64_t late_us; /* when a view of a peer began last after that; 0: none did */
	uint8_t views_monitored;
	struct peer *peers;
	uint32_t peers_n, anew_n;     /* those whose session began anew */
	struct bmp_counters counters; /* of former sessions */
	uint64_t peers_refused;	      /* of former sessions */
	bool had_peers;
	uint32_t account;	 /* of its attributes (rib/attrs.h) */
	uint64_t routes_refused; /* routes there was no room for in the RIB */
	uint8_t limits_told;	 /* bit per enum limit */
	/* as they were when it was looked at last, and when it was over the limit last; 0: never */
	uint64_t refused_seen[LIMITS];
	int64_t refused_us[LIMITS];
	/* what is told of it (troubles.c): hashes of the texts, those found out in this session;
	 * how often its clock was wrong in it, and when last, 0: it is right */
	uint32_t troubles_told[ENGINE_TROUBLES];
	uint16_t troubles_known;
	uint64_t clock_seen;
	int64_t clock_us, looked_us;
	bool counts_compared; /* a gauge of it was, in this session */
	/* what it makes of origins (rov_states.c): which table is next, whether all were looked
	 * at, how often all had been walked over when the session began */
	uint32_t rov_at, rov_walks;
	bool rov_looked;
	bool full_table; /* when it was synchronised last: infer_is_full */
	struct rov_sum rov[ROV_ODDS];
	struct router_spread spread;
	struct router *next;
	/* of those that are away and not expired, who left first first; lost_prev NULL: not one */
	struct router *lost_next, **lost_prev;
};

struct engine_session {
	struct engine *engine;
	struct bmp_stream *stream;
	struct router *router;
	char address[ENGINE_NAME_MAX], configured[ENGINE_NAME_MAX];
};

/* A relation that is no more than inferred, where relations are counted. */
enum { RELATION_INFERRED = 0x80 };

/* An AS and how many neighbours of it are what to us; the last ones by inference. */
enum {
	AS_CUSTOMER,
	AS_PEER,
	AS_PROVIDER,
	AS_RS,
	AS_KNOWN, /* up to here */
	AS_LIKE_CUSTOMER = AS_KNOWN,
	AS_LIKE_PEER,
	AS_LIKE_PROVIDER,
	AS_RELATIONS
};
struct as_relation {
	uint32_t asn; /* 0: empty slot */
	uint32_t here[AS_RELATIONS];
	uint32_t there[AS_RELATIONS]; /* engines of other workers that have some */
};

/* What was found out of it at that version of the relations. */
struct sender {
	uint32_t asn, version;
	uint8_t relation; /* enum relation, RELATION_INFERRED */
};
enum { SENDERS = 256 };

/* What was inferred of a neighbour, by its name of this process (inferred.c). */
struct inferred_known {
	uint64_t name; /* 0: empty slot */
	struct engine_inferred inferred;
};

/* Routes from an AS that a neighbour gets and should not. */
struct passed_on {
	uint32_t asn;	  /* 0: empty slot */
	uint32_t peer, n; /* number of the peer; how many */
	bool is_leak;
};

/* A difference of VRPs whose routes have not been evaluated yet. */
struct vrp_change {
	struct vrp_set *before; /* what it is a difference to */
	struct vrp_cover *cover;
	uint8_t cause; /* enum reason */
	struct vrp_change *next;
};

/* Nets at or below a VRP of a difference. */
struct touched {
	uint32_t scan_at; /* cursor of nets_next */
	uint32_t *v;
	size_t n, max;
	size_t at;	  /* the next to be worked on */
	bool incomplete;  /* out of memory: some are missing */
	bool host_routes; /* and all of these, too */
};

/* VRPs that are tried out. */
struct trial {
	struct vrp_trial *trial; /* NULL: none are */
	bool found, done;	 /* what they touch; all that there is to count */
	struct touched touched;
	uint32_t router; /* number of the one that is being counted, or of the next */
};

enum reconfigure_state { RECONFIGURE_IDLE, RECONFIGURE_NETS };
enum revalidate_state { REVALIDATE_IDLE, REVALIDATE_SCAN, REVALIDATE_ROUTES };

/* Work in slices, done in jobs.c. */
struct jobs {
	struct table *tables, *tables_last; /* those with something to be done */
	uint64_t tables_n;

	enum reconfigure_state reconfigure;
	uint8_t reconfigure_cause; /* enum reason */
	bool own_only;		   /* what is not near an own prefix is passed over */
	uint8_t own_due;	   /* the same is to begin: enum reason, of why; 0: it is not */
	uint32_t reconfigure_at;   /* cursor of nets_next */

	enum revalidate_state revalidate;
	struct touched touched;
	struct vrp_change *changes, *changes_last;

	struct trial trial;

	bool verifying;		       /* other ASPAs: does any path become another? */
	struct aspa_set *aspas_before; /* what routes have been evaluated by; NULL: none */
	uint32_t verify_at;	       /* cursor of paths_next */
};

/* Prefixes, sorted. */
struct prefixes {
	struct ip_prefix *v;
	size_t n, max;
};

/* The AS numbers of our neighbours, of all routers of the collector. */
struct neighbor {
	uint32_t asn;
	bool told; /* the collector knows that it is still one */
};
struct neighbors {
	struct neighbor *v; /* sorted */
	size_t n, max;
	bool judged;	 /* they are known: who is not among them is a stranger */
	int64_t told_us; /* since when they are told */
};

/* A guess about a neighbour, and how far its routes have been looked through for some that do not
 * fit (infer.c). */
struct infer_trial {
	struct peer *peer; /* NULL: none is tried */
	struct engine_inferred guess;
	bool others; /* those of other neighbours are looked at */
	/* which of the tables, where in it, how much of that has been seen, what does not fit */
	uint32_t table, at, slots, routes, odd;
};

/* What is known of the attributes of the UPDATE that is being applied, as a table has them. */
struct block_facts {
	const struct table *table; /* NULL: nothing is known */
	attrs_block block;
	bool silent;		  /* detect_is_silent */
	bool far;		  /* PATH_FAR */
	struct route_facts facts; /* what does not depend on the prefix */
};

struct engine {
	struct rib rib;
	struct pipeline pipeline;
	const struct detect *detect;
	const struct engine_ops *ops;
	void *ctx;
	struct engine_config config;
	struct router *routers, *routers_last;
	struct router *lost, **lost_last;
	struct ptrmap routers_by_name;
	struct bmp_counters forgotten;		      /* of routers that are no longer known */
	uint64_t peers_refused;			      /* the same */
	uint32_t routers_n, routers_numbered, lost_n; /* lost_n: without a session, not expired */
	uint32_t peers_n; /* so far: numbers of peers are never given twice */
	struct jobs jobs;
	int64_t base_s; /* route times count from here */
	int64_t now_us;
	struct vrp_set *vrps;
	struct aspa_set *aspas;	  /* NULL: there are none */
	uint16_t path_generation; /* of what is found out about a path; never 0 */
	bool rov_frozen;	  /* the VRPs are too old to judge by */
	struct neighbors neighbors;
	struct prefixes own_there; /* of ours, that a router of this engine has from us */
	struct prefixes own_gone;  /* those that no router of the collector has any more */
	/* open addressing */
	struct leak *leaks;
	struct known_leak *known;
	uint32_t leaks_n, leaks_max, known_n, known_max;
	uint64_t leaks_refused; /* there was no room for */
	bool leaks_full;	/* since when at most half of it is used */
	struct leaks_due due;
	struct as_relation *relations; /* open addressing */
	uint32_t relations_n, relations_max;
	uint32_t relations_version; /* another one when they, or the configuration, change */
	int64_t customers_us;	    /* when a customer came or went last; 0: that is settled */
	struct sender senders[SENDERS];
	struct inferred_known *inferred; /* open addressing */
	uint32_t inferred_n, inferred_max;
	int64_t inferred_us, inferred_told_us; /* when that was looked at, and told, last */
	struct infer_trial infer_trial;
	struct passed_on *passed_on; /* open addressing */
	uint32_t passed_on_n, passed_on_max, passed_on_count;
	void (*share)(void *ctx, const struct engine_shared *); /* NULL: with nobody */
	struct bursts bursts;
	struct survey survey;
	struct spread spread;
	struct proven proven[PROVEN];	     /* by prefix; of two in one place the later */
	uint64_t proven_bits[PROVEN / 64];   /* places that have one, or had */
	struct proven_before *proven_before; /* NULL: nothing was proven yet */
	struct detours detours;
	uint64_t findings_on, findings_off, treated_as_withdraw;
	struct block_facts block_facts;
};

static inline uint32_t
engine_seconds(const struct engine *e)
{
	return (uint32_t)(e->now_us / 1000000 - e->base_s);
}

static inline uint64_t
router_name_hash(const struct engine *e, const char *name)
{
	return hash_bytes(e->config.seed, name, strlen(name));
}

/* Parts of the address space: what the first 16 bits are (IPv6: 32). */
static inline unsigned
address_part(const struct ip_prefix *p)
{
	uint32_t first = (uint32_t)p->b[0] << 8 | p->b[1];

	if (p->family == IP_V6)
		first = first << 16 | (uint32_t)p->b[2] << 8 | p->b[3];
	return first * 0x9e3779b1U >> 22;
}

/* Was a direct way left with this part of it? */
static inline bool
detours_may(const struct engine *e, const struct ip_prefix *p)
{
	unsigned at = address_part(p);

	return e->detours.n > 0 && e->detours.bits[at / 64] >> at % 64 & 1;
}

/* Is anything proven with this part of it, or was? */
static inline bool
proven_may(const struct engine *e, const struct ip_prefix *p)
{
	unsigned at = address_part(p);

	return e->proven_bits[at / 64] >> at % 64 & 1;
}

/* --- routers.c */

/* Bind the session to the router of its name, a new one or one that has no session. Without memory
 * the session stays without a router. */
void router_bind(struct engine_session *);
/* The session is over: the routes stay, and so do the counts. */
void router_unbind(struct engine_session *, const char *why);
/* A feed is complete, or has been away for too long. */
void routers_tick(struct engine *);
/* Send the event of the routers whose feed is complete and whose tables are swept. */
void routers_announce_synced(struct engine *);
void routers_free(struct engine *);

/* --- troubles.c */

/* Look for what is wrong with the feed, and tell what is new: at once, and every few seconds. */
void router_look(struct engine *, struct router *);
void router_look_now_and_then(struct engine *, struct router *);
/* A session begins: what is known of the one before says nothing of it. */
void router_begin_look(struct router *);
/* What is wrong with its feed is to be told again. */
void router_tell_feed_again(struct router *);
/* It has another name: all that is wrong is news. */
void router_tell_troubles_again(struct router *);
/* The peer is no longer there. */
void peer_roles_over(struct engine *, struct peer *);
void peer_aspa_over(struct engine *, struct peer *);

/* --- peers.c */

/* The engine's peer for a peer of the stream: after a reconnect found again by its key. NULL when
 * out of memory. */
struct peer *peer_of(struct engine *, struct router *, struct bmp_peer *live);
/* Its BGP session began anew: every route is stale until it is announced again or swept, table by
 * table at the End-of-RIB, and all that is left after settle_s. doubtful: it may be the session of
 * before; then a table of which nothing came again by then is left as it is. */
void peer_begin_anew(struct engine *, struct peer *, bool doubtful);
/* The table has come: what is stale is gone. */
void peer_sweep(struct engine *, struct peer *);
/* The same for those whose session began anew settle_s ago, and views that began late. */
void peers_tick(struct engine *, struct router *);
/* The session knows it from now on, or something has come in a view that was not monitored: when
 * others are settled, it is waited for. */
void peer_begins(struct engine *, struct peer *);
/* The peer has told all that it has in these views, in every family. */
void peer_is_complete(struct engine *, struct peer *, uint8_t views);
/* The same for all whom the session knows, in the views that their router shows. */
void peers_are_complete(struct engine *, struct router *);
/* What is known of the session has changed: AS numbers, roles, name of the table. */
void peer_learn(struct engine *, struct peer *);
/* Something else was inferred of it: count that, and evaluate what rests on it. */
void peer_count_inferred(struct engine *, struct peer *);
/* Are there rules for the table that look at what other neighbours are to us? */
bool table_looks_at_relations(const struct engine *, const struct table *);
/* What some AS is to us has changed, so routes that it sent and that go out must be evaluated. */
void peers_evaluate_by_relations(struct engine *);
/* When customers have come or gone, and rules are for their routes only, evaluate all again, once
 * it has been quiet. Call now and then. */
void peers_customers_tick(struct engine *);
/* What every neighbour is to us under a new configuration. Evaluates nothing. */
void peers_refresh_relations(struct engine *);
void peer_drop_tables(struct engine *, struct peer *, uint8_t cause);
/* It is certain now whether UPDATEs of this view and family have path ids: drop what was decoded
 * the other way. */
void peer_drop_misread(
    struct engine *, struct peer *, uint8_t view, struct bgp_family, bool path_ids);
/* A new session of the router: a route that is announced again in it is fresh, all others are stale
 * until they are swept. */
void router_make_stale(struct router *);
/* Free the peers that the session does not know and that have no routes; even_up: those, too, that
 * were up when their session was lost. Does nothing while tables are being emptied. */
void peers_forget(struct engine *, struct router *, bool even_up);
void router_peers_free(struct engine *, struct router *);

/* --- neighbors.c */

/* A network of that AS is a neighbour of ours: it is told when that is news, and now and then. */
void neighbor_seen(struct engine *, uint32_t asn);
/* The same for whom a route of the table with this path, the first one with it, has come from,
 * where the session does not say it: in Loc-RIB, within our network, from a route server. */
void neighbor_seen_in(struct engine *, const struct table *, struct cursor path);
bool neighbor_is(const struct engine *, uint32_t asn);
/* The AS next to us in the path that is no neighbour of ours; 0 when there is none. */
uint32_t neighbor_stranger(const struct engine *, struct cursor path);
/* Call now and then. */
void neighbors_tick(struct engine *);

/* --- presence.c: which of our own prefixes the routers have from us */

/* A route for this prefix, which may be one of ours, has changed; cause: enum reason. Links and
 * loopbacks do not count, unless one is an own prefix. */
void presence_changed(struct engine *, const struct table *, const struct change *,
    const struct ip_prefix *, uint8_t cause);
/* Does somebody who may originate it, and no forged path, give us this prefix, which is own or lies
 * in an own one? */
bool presence_is_ours(
    struct engine *, const struct table *, attrs_block block, const struct ip_prefix *);

/* --- visible.c: where our own prefixes are */

/* A route for this prefix has changed, or is evaluated again. cause: enum reason. */
void visible_changed(struct engine *, const struct table *, const struct change *,
    const struct ip_prefix *, uint8_t cause);

/* --- own_gone.c */

/* Where it is in the set, or would be; is it in it; put it in, false when out of memory; take out
 * one that is in it. */
size_t prefixes_place(const struct prefixes *, const struct ip_prefix *);
bool prefixes_have(const struct prefixes *, const struct ip_prefix *);
bool prefixes_add(struct prefixes *, const struct ip_prefix *);
void prefixes_take_out(struct prefixes *, const struct ip_prefix *);
/* The own prefix that is gone and is more specific than this one; NULL when there is none. Neither
 * a default route nor what is as short is above anybody in particular. */
const struct ip_prefix *own_gone_in(const struct engine *, const struct ip_prefix *);
/* Free both sets of the engine. */
void own_gone_free(struct engine *);

/* --- inferred.c */

/* What it is by the sizes of its tables; NEIGHBOR_UNKNOWN when no rule may use that. */
static inline uint8_t
peer_inferred(const struct engine *e, const struct peer *p)
{
	return p->relation == NEIGHBOR_UNKNOWN && p->judged &&
		       detect_infer(e->detect)->mode == INFER_ON
		   ? p->inferred.relation
		   : NEIGHBOR_UNKNOWN;
}
/* Its AS number is known: what was inferred of it before is so still. */
void inferred_recall(struct engine *, struct peer *);
void inferred_free(struct engine *);

/* --- infer.c */

/* Call now and then. */
void infer_tick(struct engine *);
/* Has the router a table of the Internet's size? */
bool infer_is_full(const struct engine *, const struct router *);

/* --- relations.c */

/* A neighbour of this AS is, or is no longer, that to us; relation: with RELATION_INFERRED where it
 * is no more than inferred. Returns whether routes that it sent may
 * be other than they were. */
bool relation_count(struct engine *, uint32_t asn, uint8_t relation, bool begins);
/* The same, of the engine of another worker. */
bool relation_heard(struct engine *, const struct engine_shared *);
/* What the AS that sent us a route with this path is to us, for a table of Adj-RIB-Out:
 * NEIGHBOR_UNKNOWN for a sibling, when its sessions differ, and when it is the one that gets the
 * route. inferred: whether that is all that says so. */
uint8_t relation_of_sender(struct engine *, const struct table *, uint32_t path, bool *inferred);
/* What an AS is to us, wherever it is a neighbour; NEIGHBOR_UNKNOWN for a sibling, when its
 * sessions differ, and when it is no more than inferred. */
uint8_t relation_of_as(struct engine *, uint32_t asn);
/* Has any router, of whatever worker, a session with a customer of this AS? engine: struct engine.
 */
bool relation_has_customer(void *engine, uint32_t asn);
/* The provider or peer of ours that is behind who sent us a route with that path; false: there is
 * none. local_as: of the session, 0 when it is none of the path's anyway. */
bool relation_upstream(struct engine *, uint32_t path, uint32_t local_as, struct upstream *);

/* --- jobs.c */

/* Take routes out; cause: enum reason. */
void job_empty(struct engine *, struct table *, enum emptying, uint8_t cause);
/* What is to be swept stays. */
void job_call_off_sweep(struct table *);
/* Evaluate each route of the table again: the neighbour is another to us (REASON_ROLES), or what
 * else it gets; cause: enum reason of what that changes. */
void job_evaluate(struct engine *, struct table *, uint8_t cause);
/* Evaluate everything again; cause: enum reason of what that changes. */
void job_reconfigure(struct engine *, uint8_t cause);
/* The same for what lies in or above our own prefixes. */
static inline void
job_evaluate_own(struct engine *e, uint8_t cause)
{
	e->jobs.own_due = cause;
}
/* Other VRPs are in force than `before`. That, a reference, and cover are taken over; cause: enum
 * reason of what that changes. */
void job_revalidate(
    struct engine *, struct vrp_set *before, struct vrp_cover *cover, uint8_t cause);
/* The change of VRPs that routes are being evaluated for; else NULL. */
static inline const struct vrp_change *
job_vrp_change(const struct engine *e)
{
	return e->jobs.revalidate == REVALIDATE_ROUTES ? e->jobs.changes : NULL;
}
/* Other ASPAs are in force than `before`, a reference, which is taken over. */
void job_verify_paths(struct engine *, struct aspa_set *before);
/* trial: taken over; one before that is not done is dropped. */
void job_try(struct engine *, struct vrp_trial *);
/* The one that is done, given back; NULL when none is. */
struct vrp_trial *job_tried(struct engine *);
/* Up to about `budget` steps of what is to be done first; true when there is more to do. */
bool jobs_step(struct engine *, uint32_t budget);
void jobs_free(struct engine *);

/* --- touched.c */

/* Find the nets under the cover, up to `budget` are looked at; forget: what is cached of them is
 * void. true when all have been looked at. */
bool touched_find(
    struct engine *, struct touched *, const struct vrp_cover *cover, bool forget, uint32_t budget);
/* Free what it has; it is as at first. */
void touched_free(struct touched *);

/* --- trial.c */

/* Up to about `budget` steps. */
void trial_step(struct engine *, struct trial *, uint32_t budget);
/* Give up, and free all. */
void trial_free(struct trial *);

/* --- tables.c */

/* The peer's table, made when missing; NULL when out of memory. */
struct table *peer_table(struct peer *, uint8_t view, struct bgp_family, bool path_ids);
void peer_table_free(struct table *);

/* --- place.c: walks over routers and peers, a piece at a time */

/* The router that is next, NULL at the end; its peer that is next. */
struct router *place_router(const struct engine *, const struct engine_place *);
struct peer *place_peer(const struct router *, struct engine_place *);
/* It has been seen. */
void place_pass_router(struct engine_place *, const struct router *);
void place_pass_peer(struct engine_place *, const struct router *);

/* --- vrf.c: a peer is of the global table, or of a VRF with a distinguisher */

bool peer_is_global(const struct peer *);
/* Are both of the global table, or of one VRF? */
bool peers_share_table(const struct peer *, const struct peer *);
/* Distinguisher of its table as text, "" for the global one; the name of its table, which another
 * peer of the same table may have said. */
const char *peer_distinguisher(const struct peer *, char buf[BGP_RD_TEXT_MAX]);
const char *peer_table_name(const struct peer *);
/* Has its End-of-RIB come in this session? */
bool peer_has_end(const struct peer *, uint8_t view, struct bgp_family);
/* Something of the family has come in this view. Returns whether that is new. */
bool peer_note_view(struct peer *, uint8_t view, struct bgp_family);
/* Its End-of-RIB has. */
void peer_note_complete(struct peer *, uint8_t view, struct bgp_family);
/* Views in which the routes of this peer in this family can be seen: its own, and Loc-RIB and
 * Adj-RIB-Out of the same table of the router. */
uint8_t peer_views(const struct peer *, struct bgp_family);

/* --- apply.c */

/* Apply an UPDATE to the RIB, evaluate what changes, and send the findings. */
void engine_apply(struct engine_session *, struct peer *, struct bmp_peer *, struct bmp_update *);

/* --- other_families.c: routes of other families than plain IPv4 and IPv6 */

enum { NLRI_ROOM = 4608 }; /* the longest NLRI (FlowSpec: 4097) and a key */

/* Are the routes of the family known by a key? It can be read, and is not plain IPv4 or IPv6. */
bool other_family_has_keys(struct bgp_family);
/* The routes of MP_REACH_NLRI and MP_UNREACH_NLRI. believed: may the attributes be? If not, what
 * is announced is withdrawn (RFC 7606 2). Routes that cannot be read are noted in the last. */
void other_family_announce(
    struct engine *, struct peer *, struct bmp_update *, bool believed, struct faults *);
void other_family_withdraw(struct engine *, struct peer *, struct bmp_update *, struct faults *);

/* --- nlri_routes.c: routes that are known by a key */

/* Is the whole NLRI kept with the attributes? If not, it is put together from key and labels. */
bool nlri_is_kept_whole(struct bgp_family);
/* The NLRI of a route of another family than plain IPv4 and IPv6 as it was sent; it borrows from
 * `room` and from the tables. false when it is none. */
bool nlri_of_route(const struct engine *, const struct table *, uint32_t net, attrs_block block,
    uint8_t room[NLRI_ROOM], struct bgp_nlri *);
/* Send the event of a change, when it is of a family whose changes are events. */
void nlri_route_changed(
    struct engine *, const struct table *, const struct change *, uint8_t cause, int64_t router_us);
/* Routes of the table that lead to exactly this prefix, whatever their distinguisher: some slots
 * from the cursor of routes_next on, no more than the budget, which they are taken from. */
void nlri_routes_find(struct engine *, struct table *, const struct ip_prefix *, uint32_t *cursor,
    uint32_t *budget, void (*each)(void *ctx, uint32_t net, uint32_t path_id), void *ctx);

/* --- evaluate.c */

/* Evaluate the rules for a change of a route that is not known by a key, and send the findings
 * that follow. cause: enum reason of what becomes true. */
void engine_evaluate(
    struct engine *, struct table *, struct change *, uint8_t cause, int64_t router_us);
/* Evaluate again every route of a net in a table. Returns how many there are. */
unsigned engine_reevaluate(struct engine *, struct table *, uint32_t net, uint8_t cause);
/* The same when nothing but VRPs has changed: of routes that they change nothing of no more is
 * looked at than that. */
unsigned engine_revalidate(struct engine *, struct table *, uint32_t net, uint8_t cause);

/* --- finding_build.c */

/* What is true of a route now. */
struct observation {
	const struct table *table;
	uint32_t net, path_id;
	const struct ip_prefix *prefix;
	attrs_block block; /* 0: it is gone */
	uint32_t rules;	   /* bit per enum rule */
	bool inferred;	   /* they rest on a relation that is no more than inferred */
	uint8_t cause;	   /* enum reason */
	int64_t router_us;
};
/* Fill in the finding of an observation. */
void finding_build(struct engine *, const struct observation *, struct finding *);

/* --- passed_on.c */

/* What is kept with the rules that are true of a route, beside their bits: how it is counted. */
#define RULE_NOTE_SHIFT 28U
#define RULE_NOTES	(0xfU << RULE_NOTE_SHIFT)
_Static_assert((unsigned)RULES <= RULE_NOTE_SHIFT, "the notes have bits of their own");

/* A change of a route in Adj-RIB-Out of which RULE_LEAK_OWN is true by itself, or was: count it.
 * Returns the rules, without that one where it is an exception, and the note. */
uint32_t passed_on_judge(struct engine *, struct table *, const struct change *, uint32_t rules);
/* What that returned could not be kept with the route. */
void passed_on_undo(struct engine *, struct table *, const struct change *);
/* Another configuration: all are counted again, as they are evaluated. */
void passed_on_again(struct engine *);

/* --- facts.c: what is known of a route */

/* Origin validation of a route (RFC 6811 2), by the net's cache where it can. */
struct rov_result engine_rov(
    struct engine *, uint32_t net, const struct ip_prefix *, bool has_origin, uint32_t origin);
/* Origin of a route (RFC 6811 2): of its path, the speaker's own AS when the path is empty or has
 * segments of our confederation only. false when it ends in a set, or nobody knows. */
bool engine_origin(
    const struct engine *, const struct table *, attrs_block block, uint32_t *origin);
/* What is found out about paths is void: another configuration, or other ASPAs. */
void engine_forget_paths(struct engine *);
/* Bits of detect_path and of ASPA, found out once per path, configuration and ASPAs; PATH_EMPTY for
 * path 0. */
uint16_t engine_path_bits(struct engine *, uint32_t path);
void engine_facts(struct engine *, const struct table *, uint32_t net, const struct ip_prefix *,
    attrs_block block, struct route_facts *);
/* What does not depend on the prefix, found out once since engine_forget_block. Valid until another
 * block or table is asked for. */
const struct block_facts *engine_block_facts(
    struct engine *, const struct table *, attrs_block block);
/* Origin validation of a route by those of its facts. */
struct rov_result engine_rov_of(
    struct engine *, uint32_t net, const struct ip_prefix *, const struct route_facts *);
/* All facts of what a change made of a route, by those. */
void engine_facts_of_change(struct engine *, const struct table *, const struct change *,
    const struct ip_prefix *, struct route_facts *);
/* The handle of the block may be another one's from now on, or something else is known of it. */
void engine_forget_block(struct engine *);
/* Our own announcement, or one of our space that none of the rules that are true calls a hijack. */
bool route_is_ours(
    const struct engine *, const struct table *, const struct route_facts *, uint32_t rules_true);

/* --- path_aspas.c */

/* All that the ASPAs say of a path by its hops; false: nothing, there are none, or it has segments
 * that are no sequences. */
bool engine_aspa_verdict(const struct aspa_set *, struct cursor path, struct aspa_verdict *);
/* PATH_ASPA_UPSTREAM and PATH_ASPA_DOWNSTREAM of an AS_PATH value, by its hops, and the one that
 * decides; zero when it has neither. A path with an AS_SET or a segment of a confederation has
 * neither. */
uint16_t engine_aspa_bits(const struct aspa_set *, struct cursor path, struct aspa_broken *);
/* That hop of a path, which may be 0. */
struct aspa_broken engine_aspa_broken(const struct engine *, uint32_t path);

/* --- events.c: what happens to routers, peers and routes of families that have no rules */

/* Send an event. text: what happened, or the reason; cut when it is too long. */
void emit_router(struct engine *, const struct router *, enum engine_event_type, const char *text);
void emit_trouble(struct engine *, const struct router *, enum engine_event_type,
    enum engine_trouble, bool mild, const char *text);
void emit_peer(struct engine *, const struct peer *, enum engine_event_type, const char *text,
    int64_t router_us);
/* Its BGP session is down, with so many routes; down: why, NULL when the router does not say it. */
void emit_peer_down(struct engine *, const struct peer *, const struct bmp_peer_down *down,
    uint32_t routes, int64_t router_us);
void emit_volume(
    struct engine *, const struct peer *, struct bgp_family, const struct engine_volume *);
void emit_spread(
    struct engine *, const struct router *, uint32_t asn, bool ipv6, const struct engine_spread *);
/* Views of the peer in this family that are monitored now. */
void emit_monitored(struct engine *, const struct peer *, struct bgp_family);
/* The peer has told all that it has in these views of this family. */
void emit_complete(struct engine *, const struct peer *, struct bgp_family, uint8_t views);
/* What was inferred of the peer. */
void emit_inferred(struct engine *, const struct peer *);
/* The view of the peer has a prefix of ours from us, or no longer; cause: enum reason. */
void emit_own_at(
    struct engine *, const struct table *, const struct ip_prefix *, bool there, uint8_t cause);
void emit_route(struct engine *, const struct table *, enum engine_event_type,
    const struct bgp_nlri *, int64_t router_us);
