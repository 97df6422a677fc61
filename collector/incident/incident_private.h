/* What the files of the incident table share; nobody else includes it. They call each other only
 * downwards, in the order of the page in incident.h. */
#pragma once

#include "base/ptrmap.h"
#include "collector/incident/incident.h"
#include "collector/incident/tally.h"

enum {
	MS_US = 1000,
	SECOND_US = 1000000,
	FLAPPING = 3, /* returns from which on it is told sparingly */
};

/* What the rules saw of some routes. Equal ones are kept once. */
struct seen {
	uint32_t refs, hash, size;
	uint32_t origin, otc, provider_free_as, via_as, leaker_as;
	uint32_t leaked_from_as, leaked_to_as, direct_from_as, direct_to_as;
	uint32_t aspa_customer, aspa_other, aspa_providers[RECORD_ASPA_MAX];
	struct ip_prefix own;
	struct ip_addr next_hop;
	uint8_t aspa_providers_n;
	uint8_t has_origin, has_otc, own_origin, by_us, of_customers, vrps_n, communities_n;
	uint8_t benign; /* enum benign */
	uint8_t inferred, inferred_relation;
	uint32_t inferred_as;
	uint32_t registry_day, left_as;
	char registry[12];
	uint16_t path_len;
	struct vrp vrps[FINDING_VRPS_MAX];
	uint32_t communities[RECORD_COMMUNITIES_MAX];
	uint8_t path[]; /* path_len octets */
};

/* Routes of an incident that are counted together (incidents_each_way). */
struct way {
	struct way *next;
	uint32_t asn;
	uint8_t rule, ipv6, ours, doubtful;
	uint32_t n[WAY_STAGES];
};

/* A route of which a rule is true. */
struct member {
	uint32_t source, path_id;
	struct ip_prefix prefix;
	uint8_t view, cause;
	bool dry_run;
	bool behind;	 /* it was announced behind the End-of-RIB of its table */
	uint8_t stage;	 /* where it is counted in its way */
	struct way *way; /* NULL: nowhere */
	uint32_t rules;
	uint64_t order;	  /* when it came, among all members */
	int64_t since_us; /* wall clock */
	int64_t router_us;
	int64_t heard_us; /* when it was told last */
	struct seen *seen;
	struct incident *incident;
	struct member *prev, *next; /* of the incident, newest first */
};

/* A peer of a router, or its Loc-RIB, in one family. */
struct source {
	uint32_t router, peer;
	enum source_family family;
	struct ip_addr address;
	uint32_t as;
	uint8_t relation, views_monitored;
	bool relation_configured;
	uint8_t like; /* as of a finding */
	uint32_t like_in, like_out, like_full;
	char table[RECORD_NAME_MAX], distinguisher[RECORD_RD_MAX];
};

/* What a source has of an incident. */
struct holding {
	uint32_t source;
	uint32_t routes;
	uint32_t n[VIEWS];
	int64_t since_us; /* wall clock */
};

/* Who has not said yet whether its members are over. */
struct awaited {
	char router[RECORD_NAME_MAX], distinguisher[RECORD_RD_MAX];
	struct ip_addr peer;
	uint32_t peer_as;
	uint8_t family; /* enum holder_family */
	uint8_t views;
	bool any_peer; /* a record of 0.1.0 does not say who */
	uint32_t routes;
	int64_t since_us;
};

/* How wide the scope is: the doing of one AS, or what is told together. */
enum width { WIDTH_ONE, WIDTH_VRP, WIDTH_NEIGHBOR, WIDTH_KIND, WIDTH_BASELINE };

/* What is looked at, or counted, between two records of an incident; named as there. */
struct lasting {
	char id[RECORD_ID_MAX];
	uint8_t severity, benign; /* benign: of the facts */
	bool flapping, dry_run, standing;
	uint32_t occurrence, revision, routers_n, flaps;
	int64_t first_seen_us;
	uint64_t prefixes_peak;
};

struct incident {
	struct lasting rec;
	uint8_t *packed; /* its record as it was told last (packed.c); NULL: none was */
	uint32_t packed_n;
	uint64_t number;  /* of all incidents, in order */
	uint8_t rule;	  /* enum rule: what it began with */
	uint8_t width;	  /* enum width */
	uint32_t doer_as; /* 0: several, or not known */
	bool own;	  /* about what is ours: never refused */
	bool published;	  /* an opening was told */
	bool unknown, unknown_told;
	bool restored;	     /* from the journal: less than was told is no evidence yet */
	bool await_verdict;  /* its VRPs have not come back */
	bool await_registry; /* what registries have not handed out is not known now */
	bool await_rest;     /* more had it than the record names */

	uint32_t kept_revision; /* at a restart: of what was kept of it */

	struct member *members;
	uint32_t routes;
	uint32_t benign;   /* of them, those that are probably as they should be */
	uint32_t inferred; /* those that rest on an inferred relation */
	uint32_t ours;	   /* those of our own prefixes */
	struct tally prefixes, doers, victims;
	struct tally others; /* prefixes of a hijack that are not ours (companions.c) */
	int64_t alone_us;    /* since when a hijack has only what came with it; 0: it has not */
	uint64_t prefix_set; /* of its prefixes: the keys of all, XORed */
	uint32_t rules_n[RULES];
	struct way *ways;
	uint64_t view_counts[VIEWS];
	bool holders_news; /* more have it than was told or kept */
	struct holding *holdings;
	uint32_t holdings_n, holdings_max;
	struct awaited *awaited;
	uint32_t awaited_n, awaited_max;
	uint8_t cause;	     /* what opened it */
	uint8_t close_cause; /* of the last member that ended */

	int64_t held_us; /* since when */
	int64_t hold_until_us, close_at_us, update_at_us, gone_us, restored_us;
	int64_t fell_us;    /* when a milder severity was told last */
	int64_t flapped_us; /* when it came back last */
	uint8_t recent_flaps;
	bool flap_due; /* that it flaps is to be told */
	bool unheard;  /* its opening waits for somebody who is there */
	bool heard;    /* somebody who was there told of what has gone while it was held */
	uint8_t update_reason;
	uint8_t seen_views; /* since it began: an opening that comes after the end says them */

	/* as it was told last */
	int64_t published_us;
	uint8_t published_severity, published_views;
	uint32_t published_n, published_victims;
	uint64_t published_set;
	uint64_t published_order;
	uint64_t added, removed; /* prefixes, since then */
	uint8_t tokens;		 /* updates that may be told soon */
	int64_t tokens_us;

	char alias[RECORD_ID_MAX]; /* what an older version's id is today; "" */
	struct group *groups[2];   /* in which it is held */
	struct incident *prev, *next;
};

/* Numbers of an id that is not open. */
struct past {
	char id[RECORD_ID_MAX];
	uint32_t occurrence, revision, flaps;
	int64_t closed_us, first_seen_us;
	struct past *newer;
};

/* Siblings that may be told together. */
struct group {
	char id[RECORD_ID_MAX]; /* of what tells them together */
	uint32_t held;		/* not told yet */
	uint32_t recent;	/* told one by one, of late */
	int64_t recent_us;
	int64_t arrived_us;	/* the last that is held */
	int64_t joined_us;	/* a member joined the whole */
	struct incident *whole; /* what tells them together; NULL */
	uint8_t width;
	struct tally known; /* prefix and doer of what has been in it */
	struct group *next;
};

struct feed {
	char name[RECORD_NAME_MAX];
	uint8_t state; /* enum feed_state */
	uint8_t views_monitored;
	bool known, was_synced, lost_told;
	bool full;	       /* it has a table of the Internet */
	uint8_t parts;	       /* bit per enum baseline_part: its first table was taken in */
	uint64_t synced_order; /* of the last member when it was complete */
	int64_t lost_us, up_us;
};

/* What is told apart on the first day: it may be complete at different times. */
enum baseline_part { PART_ROV, PART_LEAK, PARTS };

enum { BASELINE_SHARDS = 256, KNOWN_ASNS_MAX = 4 };

/* A prefix of the baseline, and whose doing it is. */
struct known {
	uint8_t part, rule; /* enum rule: what it began with */
	uint8_t reach;	    /* how far the furthest of its routes got */
	uint8_t vias_n, victims_n;
	struct ip_prefix prefix;
	uint32_t doer; /* 0: no single one */
	uint32_t vias[KNOWN_ASNS_MAX], victims[KNOWN_ASNS_MAX];
	int64_t since_us, gone_us; /* wall clock; gone_us 0: it is there, or nobody knows */
	struct known *next;
};

struct baseline_router {
	char name[RECORD_NAME_MAX];
	uint8_t parts;
};

struct baseline {
	struct known **buckets;
	uint32_t n;
	bool dirty[BASELINE_SHARDS], any_dirty; /* not kept yet */
	struct baseline_router *routers;
	uint32_t routers_n, routers_at; /* at: where it is looked for room next */
	int64_t taken_us[PARTS]; /* when the first tables were taken in, wall clock; 0: not yet */
	bool has_state;
	int64_t waiting_us[PARTS], rov_held_us; /* since when */
	int64_t started_us, swept_us, flushed_us;
};

struct slot {
	uint64_t number;
	struct incident *incident; /* NULL: gone */
};

/* What of ours is announced by us, and by how many workers' word. */
struct own_announced {
	struct ip_prefix prefix;
	uint32_t times;
};
struct own_there {
	struct own_announced *v; /* sorted */
	size_t n, max;
};

struct incidents {
	struct incident_config config;
	char collector[RECORD_NAME_MAX];
	const struct incidents_ops *ops;
	void *ctx;
	int64_t wall_us;	       /* what wall time has more */
	const struct finding *finding; /* that is being looked at; NULL: none is */
	uint8_t verdicts;
	bool lists_missing;	   /* the same of lists of what neighbours may announce */
	bool registries_missing;   /* not all that are configured are in force and of these days */
	bool judged;		   /* by whole VRPs, at some time since the start */
	bool reconsider;	   /* what is told of all of them: the configuration is another */
	struct incidents *dry_run; /* of the rules in dry-run; NULL: this is that table */
	struct record_incident *record; /* the one that is looked at (packed.c) */

	struct incident *list, *last;
	struct ptrmap by_id;
	uint32_t n;
	uint64_t numbers;
	struct slot *slots; /* in order of number */
	uint32_t slots_n, slots_max, slots_free;

	struct ptrmap past_by_id;
	struct past *past_oldest, *past_newest;
	uint32_t past_n;

	struct ptrmap members_by_key, seen_by_hash;
	uint64_t members, orders, awaited;

	struct feed *feeds;
	uint32_t feeds_n;
	struct source *sources;
	uint32_t sources_n, sources_max;
	struct tally source_by_key; /* value: its number */

	struct own_there own_there;
	struct baseline baseline;
	struct group *groups;
	struct ptrmap group_by_id;
	int64_t groups_swept_us;

	int64_t looked_us; /* for those who are lost */
	uint32_t keeps;	   /* that are left until then */
	bool owed;	   /* findings were refused */
	uint64_t opened, updated, closed, refused;
};

/* --- own_there.c */

/* Do we announce this prefix ourselves? */
bool own_there_has(const struct own_there *, const struct ip_prefix *);
void own_there_free(struct own_there *);
/* Is it about more-specifics of ours, longer than our ROA allows, inside of what somebody hijacks?
 */
bool incident_answers_hijack(const struct incidents *, const struct incident *);

/* --- packed.c */

/* The octets that are not zero, and where they are; `to` has room for twice as many. Returns how
 * many that is. */
size_t pack_zeros(const void *from, size_t n, uint8_t *to);
/* The same back, n: as returned, size: of the whole. */
void unpack_zeros(const uint8_t *from, size_t n, void *to, size_t size);
/* The record of an incident as it was kept last, without evidence. Valid until that of
 * another one of the table is asked for. */
struct record_incident *incident_record(const struct incidents *, const struct incident *);
/* It is as this from now on, all but the evidence. */
void incident_keep_record(struct incident *, const struct record_incident *);

/* --- table.c */

struct incident *incident_find(const struct incidents *, const char *id);
/* NULL when there is no room. own: then the reserve may be used. */
struct incident *incident_make(struct incidents *, const char *id, bool own);
/* It is found by this id, too. */
void incident_alias(struct incidents *, struct incident *, const char *id);
/* Forget it; its members must be gone. Its numbers are kept. */
void incident_drop(struct incidents *, struct incident *, int64_t now_us);
const struct past *past_find(const struct incidents *, const char *id);
void past_keep(struct incidents *, const struct past *);
void incident_table_free(struct incidents *);

/* --- sources.c */

/* The source of a finding, as it describes it. UINT32_MAX when out of memory. */
uint32_t source_of_finding(struct incidents *, const struct finding *);
uint32_t source_find(const struct incidents *, uint32_t router, uint32_t peer, enum source_family);
/* The feed of that number, NULL when it was never introduced. */
struct feed *feed_of(const struct incidents *, uint32_t number);
struct feed *feed_make(struct incidents *, uint32_t number);
/* The feed of a router's name that has a session, else one without, else NULL. */
const struct feed *feed_named(const struct incidents *, const char *name);
void sources_free(struct incidents *);

/* --- ways.c */

/* Count a member of the incident; no longer. Out of memory it is not counted. */
void way_add(const struct incidents *, struct incident *, struct member *);
void way_remove(struct incident *, struct member *);
void ways_free(struct incident *);

/* --- members.c */

struct member *member_find(const struct incidents *, const struct finding *, uint32_t source);
/* A member of no incident; NULL when there is no room. */
struct member *member_make(struct incidents *, const struct finding *, uint32_t source);
/* Does the finding say nothing new of it? */
bool member_is_as(const struct member *, const struct finding *);
/* Take over what the finding says. Returns false, and nothing is changed, when out of memory. */
bool member_update(struct incidents *, struct member *, const struct finding *);
/* Its AS_PATH; of one that is too long, the AS numbers that fit and "...". */
void member_path(const struct member *, char *out, size_t size);
void member_free(struct incidents *, struct member *);
/* There is no room for it (NULL: not even to be made): it is to be told again when there is. */
void member_refuse(struct incidents *, struct member *);
/* Put it in, take it out. Returns false when out of memory. */
bool member_attach(struct incidents *, struct incident *, struct member *);
void member_detach(struct member *);
void incident_free_members(struct incident *);
uint64_t prefix_key(const struct ip_prefix *);
/* Whose prefix it is: for a hijack which one of ours, else who is authorised. */
uint64_t victim_key(const struct member *, uint32_t *asn);

/* More than so many at once are told as one. */
static inline uint32_t
group_limit(const struct incidents *t)
{
	enum { GROUP_AT = 8 };

	return t->config.group_at != 0 ? t->config.group_at : GROUP_AT;
}

/* --- baseline.c */

/* Is there one? Not of rules in dry-run. */
static inline bool
baseline_is_on(const struct incidents *t)
{
	return t->config.baseline && t->dry_run != NULL;
}

/* Could the route be part of the baseline? Nothing that is ours or of our customers is. */
bool baseline_may_have(const struct incidents *, const struct member *, enum baseline_part *);
/* Is it as one that is known? What is learned of that on the way is kept. */
bool baseline_has(struct incidents *, const struct member *);
/* From now on it is known. */
void baseline_learn(struct incidents *, const struct member *, int64_t wall_us);
/* Once a minute: note what is gone, forget what is for long. present: the incident, or NULL;
 * absent_is_gone: whoever could tell of it is there. */
void baseline_sweep(
    struct incidents *, const struct incident *present, bool absent_is_gone, int64_t now_us);
/* Only what is there now, as it is now; and when absent ones need not be gone, these. */
void baseline_renew(
    struct incidents *, const struct incident *present, bool absent_is_gone, int64_t now_us);
/* The parts in which the first table of the router of that name was taken in; that of those, too.
 */
uint8_t baseline_router(const struct incidents *, const char *name);
void baseline_router_add(struct incidents *, const char *name, uint8_t parts);
/* Have it kept: when the tables were taken; the entries that changed, now and then or at once. */
void baseline_keep_state(struct incidents *);
void baseline_flush(struct incidents *, bool at_once, int64_t now_us);
/* A sentence of all it knows. */
void baseline_words(const struct incidents *, char *out, size_t size);
void baseline_free(struct incidents *);

/* --- words.c */

/* A sentence; r is described. */
void incident_words(const struct incidents *, const struct incident *, struct record_incident *r);

/* --- words_syntax.c */

/* What many routes of such a rule are called, in front of how many networks. */
const char *syntax_routes(uint8_t rule);
/* The sentence of a rule on what a route says by itself; false when it is another rule. */
bool syntax_words(const struct incident *, const struct record_incident *, const char *who,
    const char *what, char *out, size_t size);

/* --- severity.c */

/* Severity as of now. */
uint8_t incident_severity(const struct incidents *, const struct incident *);
/* How far its routes got; has it so many prefixes that it is a step graver? */
enum furthest incident_furthest(const struct incidents *, const struct incident *);
bool incident_is_large(const struct incidents *, const struct incident *);
uint8_t incident_views(const struct incident *);
/* Why all of it is probably as it should be (enum benign), or BENIGN_NONE. */
uint8_t incident_benign(const struct incidents *, const struct incident *);
/* Do all its routes rest on a relation that is no more than inferred? */
bool incident_is_inferred(const struct incident *);
/* Views in which nobody looks: nothing may be concluded from their silence. */
uint8_t incident_views_missing(const struct incidents *, const struct incident *);
/* Relations to which a route is not passed on: it stays in our network, or is only looked at. */
bool incident_stays_inside(uint8_t relation);

/* --- describe.c */

/* Who has it, from that holder on: as many as a record has room for, and how many there are. */
void incident_holders(
    const struct incidents *, const struct incident *, uint32_t from, struct record_incident *);
/* The record of it as it is now: as incident_record(), with evidence. It is not kept.
 */
struct record_incident *incident_describe(struct incidents *, struct incident *);

/* --- scope.c */

/* The incident that a route belongs to; made when it is the first. NULL when there is no room. */
struct incident *scope_incident(struct incidents *, const struct member *, int64_t now_us);
/* Does a member still belong to its incident? */
bool scope_covers(struct incidents *, const struct incident *, const struct member *);
/* What tells of the baseline, NULL when nothing does; made when it is missing (NULL: no memory).
 */
struct incident *scope_baseline_find(const struct incidents *);
struct incident *scope_baseline(struct incidents *, const struct member *, int64_t now_us);
/* It is to be told: together with its siblings when they are many. Returns what is to be told,
 * which may be another incident: then this one is gone. */
struct incident *scope_gather(struct incidents *, struct incident *, int64_t now_us);
/* Siblings are still arriving: what is not critical waits for them. */
bool scope_gathering(const struct incident *, int64_t now_us);
/* It is told by itself. */
void scope_told(struct incident *, int64_t now_us);
/* It is gone. */
void scope_forget(struct incidents *, struct incident *);
/* Forget groups of which nothing is left. */
void scope_tick(struct incidents *, int64_t now_us);
void scope_free(struct incidents *);

/* --- companions.c */

/* The hijack that a route belongs to by what its origin does to us at the same time; or NULL. */
struct incident *companion_find(const struct incidents *, const struct member *, int64_t now_us);
/* Is the member there because of other members, which are hijacked? */
bool companion_stays(const struct incident *, const struct member *);
/* A hijack begins: what is held of the same origin belongs to it. */
void companion_gather(struct incidents *, struct incident *, int64_t now_us);
/* The next one that is left in a hijack that is over; NULL when there is none. */
struct member *companion_left(const struct incident *);

/* --- scope_text.c */

#define BASELINE_SCOPE "baseline|first day"
enum { SCOPE_MAX = 224 };

/* Whose doing a route is by this rule; returns its AS, 0 when it is no single one. */
uint32_t scope_doer(const struct member *, enum rule, char *out, size_t size);
/* false: there is no such scope for the route. */
bool scope_text(const struct member *, enum width, char *out, size_t size);
/* The id of a scope. */
void scope_id(const char *text, char id[RECORD_ID_MAX]);

/* --- restore.c */

/* Who has told all it has. */
struct complete {
	const char *router, *distinguisher;
	const struct ip_addr *peer; /* NULL: of those of whom nobody knows which peer it was */
	uint8_t family;		    /* enum holder_family */
	uint8_t views;
};

/* Who waited for that waits no longer. Returns whether somebody is not waited for any more. */
bool restore_resolve(struct incidents *, struct incident *, const struct complete *);
/* Nothing is known of this source's members any more. */
void restore_await(struct incidents *, struct incident *, const struct member *);

static inline bool
is_rov(const struct incident *i)
{
	return 1U << i->rule & RULES_ROV;
}

static inline bool
rests_on_vrps(const struct incident *i)
{
	return 1U << i->rule & RULES_ON_VRPS;
}

/* Has somebody who had it, or who judges it, not said yet whether it is over? */
static inline bool
waits(const struct incident *i)
{
	return i->awaited_n > 0 || i->await_rest || i->await_verdict || i->await_registry;
}

/* --- telling.c */

void incident_tell(
    struct incidents *, struct incident *, enum transition, enum reason, int64_t now_us);
/* Somebody has it who had not when it was told last: after a restart he is to be waited for, too.
 */
void incident_keep_holders(struct incidents *, struct incident *, int64_t now_us);
static inline bool
incident_has_news(const struct incident *i)
{
	return i->holders_news && i->published;
}
/* As of now, not below what was told while not all have come back. */
void incident_set_severity(struct incidents *, struct incident *);
/* How long what has got better must stay so before it is told. */
int64_t incident_calm_us(const struct incident *);
/* It was better, or gone, and is back. */
void incident_count_flap(struct incident *, int64_t now_us);
/* What has changed since it was told last: is it worth a record, and when? cause: of the change. */
void incident_consider(struct incidents *, struct incident *, enum reason cause, int64_t now_us);

/* --- first_day.c */

/* Is it held, because what third parties did before we looked is told together? */
bool first_day_waits(struct incidents *, const struct incident *, int64_t now_us);
/* Have the first tables come in? look: a second has passed. */
void first_day_tick(struct incidents *, bool look, int64_t now_us);

/* --- knowledge.c */

/* Does nobody who tells of it live any more? */
bool incident_is_lost(const struct incidents *, const struct incident *, int64_t now_us);
/* Somebody who knows tells of it again. */
void incident_known_again(struct incidents *, struct incident *, enum reason, int64_t now_us);
/* Is it judged by data that is too old? */
bool incident_frozen(const struct incidents *, const struct incident *);
/* Once a second: does nobody who tells of it live any more, has somebody come back? */
void incident_look_for_lost(struct incidents *, struct incident *, int64_t now_us);
/* The same for feeds: one that has been away for too long is told. */
void feeds_look(struct incidents *, int64_t now_us);
