/* What the files of the engine share; nobody else includes it. */
#pragma once

#include "collector/engine/engine.h"

struct router;
struct peer;

/* Routes of a peer in one view and family, and what is to be done with them. */
enum table_job { JOB_NONE, JOB_SWEEP_STALE, JOB_DROP };

struct table {
	struct routes routes;
	struct peer *peer;
	struct bgp_family family;
	uint8_t view;
	bool end_of_rib; /* seen in this session */
	bool detached;	 /* no longer the peer's: only to be emptied */
	bool queued;	 /* there is, or was, something to be done */
	bool evaluate;	 /* each route: the neighbour is another to us */
	uint8_t job, cause;
	uint32_t cursor;	/* of the job, among the slots */
	uint32_t evaluate_at;	/* the last net that was looked at */
	struct table *next;	/* of the peer */
	struct table *next_job; /* of the engine */
};

struct peer {
	struct bmp_peer_key key;
	struct router *router;
	struct ip_addr address;
	uint32_t as, local_as;
	uint8_t sent_role, received_role; /* of the OPENs in the last Peer Up */
	uint8_t relation;
	bool relation_configured, up, implicit;
	uint64_t quirks;
	uint64_t updates, announced, withdrawn, faults; /* of former sessions */
	struct bmp_peer *live;				/* in the present session; NULL when none */
	struct table *tables, *last;
	struct peer_statistics *statistics; /* NULL: none reported */
	struct peer *next;
};

struct peer_statistics {
	int64_t at_us;
	unsigned n;
	struct engine_statistic v[ENGINE_STATISTICS_MAX];
};

struct router {
	struct engine *engine;
	uint32_t number;
	char name[ENGINE_NAME_MAX], address[ENGINE_NAME_MAX];
	char sys_name[BMP_TEXT_MAX], sys_descr[BMP_TEXT_MAX];
	struct engine_session *session; /* NULL: down */
	uint32_t sessions;
	int64_t since_us, last_update_us;
	bool synced, sync_due, any_end_of_rib, expired;
	uint8_t views_monitored;
	struct peer *peers;
	uint32_t peers_n;
	struct bmp_counters counters; /* of former sessions */
	uint64_t peers_refused;	      /* of former sessions */
	struct router *next;
};

struct engine_session {
	struct engine *engine;
	struct bmp_stream *stream;
	struct router *router;
	char address[ENGINE_NAME_MAX], configured[ENGINE_NAME_MAX];
	int64_t now_us;
};

/* Leaks where they came in: so that Loc-RIB and Adj-RIB-Out know the same route again. */
struct leak {
	const struct router *router; /* NULL: empty slot */
	uint32_t prefix, path;
	uint32_t neighbor_as;
	uint32_t n[2]; /* routes per leak rule */
	bool dead;     /* being taken out: still tells the neighbour */
};

struct revalidation {
	struct vrp_cover *cover;
	struct revalidation *next;
};

struct engine {
	struct rib rib;
	const struct detect *detect, *detect_old;
	const struct engine_ops *ops;
	void *ctx;
	struct engine_config config;
	struct router *routers, *routers_last;
	uint32_t routers_n;
	struct table *jobs, *jobs_last;
	uint64_t jobs_n;
	int64_t base_s; /* route times count from here */
	int64_t now_us;
	struct vrp_set *vrps;
	struct revalidation *reval, *reval_last;
	uint32_t reval_at; /* prefix number in the scan, then index into touched */
	uint8_t reval_phase;
	uint32_t *touched;
	size_t touched_n, touched_max;
	struct leak *leaks;
	uint32_t leaks_n, leaks_max;
	uint8_t reevaluate; /* whole-table judging after a new configuration: 0 none */
	uint64_t findings_on, findings_off, treated_as_withdraw;
};

/* engine.c */
struct table *table_of(
    struct engine *, struct peer *, uint8_t view, struct bgp_family, bool addpath);
void table_queue(struct engine *, struct table *, enum table_job, uint8_t cause);
/* What the neighbour is to us: as configured, else as the roles say. true: it was another before,
 * and its routes have to be evaluated again. */
bool peer_relation_refresh(const struct engine *, struct peer *);
void peer_drop_tables(struct engine *, struct peer *, uint8_t cause);
/* A peer of a former session that this one, complete, has not told of: down. */
void peer_not_confirmed(struct engine *, struct peer *);
/* Free the peers that the session does not know and that have no routes; even_up: those, too, that
 * were up when their session was lost. Does nothing while tables are being emptied. */
void peers_forget(struct engine *, struct router *, bool even_up);
void engine_emit_router(
    struct engine *, const struct router *, enum engine_event_type, const char *text);
static inline uint32_t
engine_seconds(const struct engine *e)
{
	return (uint32_t)(e->now_us / 1000000 - e->base_s);
}

/* apply.c: may its attributes be believed (RFC 7606)? false: what it announces is withdrawn. Routes
 * that cannot be read do not count: only they are lost (RFC 7606 5.3, 5.4). */
bool update_usable(struct engine *, struct bmp_update *);
void engine_apply(struct engine_session *, struct peer *, struct bmp_peer *, struct bmp_update *);

/* engine/other_families.c: routes of other families than plain IPv4 and IPv6 */
enum { NLRI_ROOM = 4608 }; /* the longest NLRI (FlowSpec: 4097) and a key */
bool other_family_has_keys(struct bgp_family);
/* The routes in the field BGP_REACH or BGP_UNREACH of an UPDATE; those that cannot be read are
 * noted in the last. */
void other_family_apply(
    struct engine *, struct peer *, struct bmp_update *, enum bgp_update_field, struct faults *);
/* The NLRI of a route as it was sent; it borrows from room and from the tables. */
bool other_family_nlri(const struct engine *, const struct table *, uint32_t prefix, uint32_t block,
    uint8_t room[NLRI_ROOM], struct bgp_nlri *);
/* Tell of a change, when it is of a family whose changes are events. */
void other_family_changed(
    struct engine *, const struct table *, const struct change *, uint8_t cause, int64_t router_us);
/* Every route of the table that leads to exactly this prefix, whatever its distinguisher. */
void other_family_find(struct engine *, struct table *, const struct ip_prefix *,
    void (*each)(void *ctx, uint32_t prefix, uint32_t path_id, const struct bgp_nlri *), void *ctx);

/* engine/evaluate.c: judge a change and send the findings that follow; cause: enum finding_cause
 * for what becomes true */
void engine_evaluate(
    struct engine *, struct table *, struct change *, uint8_t cause, int64_t router_us);
/* Judge a route as it stands. */
void engine_reevaluate(
    struct engine *, struct table *, uint32_t prefix, uint32_t path_id, uint8_t cause);
struct rov_result engine_rov(
    struct engine *, uint32_t prefix, const struct ip_prefix *, bool has_origin, uint32_t origin);
bool engine_origin(const struct engine *, const struct table *, uint32_t block, uint32_t *origin);

/* leaks.c */
uint16_t leak_inherited(const struct engine *, const struct table *, uint32_t prefix, uint32_t path,
    const struct leak **);
void leak_count(struct engine *, const struct table *, uint32_t prefix, uint32_t path, uint16_t on,
    uint16_t off);

/* statistics.c: keep what a report says of the peer */
void engine_statistics_keep(struct peer *, const struct bmp_msg *, int64_t now_us);
