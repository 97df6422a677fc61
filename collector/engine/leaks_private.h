/* What the files about leaks and bursts keep and call: leaks, bursts, proven, detours. */
#pragma once

#include "collector/engine/engine.h"

struct router;
struct table;

enum { LEAK_RULES = 7 };

/* A route that is a leak by itself, where it came in. */
struct leak {
	const struct router *router; /* NULL: empty slot */
	uint32_t net, path;
	uint32_t leaker_as, local_as;
	uint64_t name;		/* of its path (leaks.c) */
	bool certain;		/* by more than an inferred relation */
	uint32_t n[LEAK_RULES]; /* routes per rule that shows where a leak comes in */
};

/* The same route, wherever it is. */
struct known_leak {
	uint64_t prefix, path; /* names of them; path 0: empty slot */
	uint32_t leaker_as;
	bool certain;		    /* of one of them it is */
	uint32_t here[LEAK_RULES];  /* struct leak, per rule */
	uint32_t there[LEAK_RULES]; /* engines of other workers that have some */
};

/* Nets of leaks that began or ceased elsewhere, to be evaluated here: by jobs.c, in slices. */
struct leak_due {
	uint32_t net;
	uint32_t router; /* number of the one where it was evaluated at once */
	uint8_t cause;	 /* enum reason */
};
struct leaks_due {
	struct leak_due *v;
	uint32_t at, n, max;
	bool all;      /* there were too many: everything is */
	uint8_t cause; /* then */
	bool peers;    /* what some peers get, too */
};

enum burst_kind { BURST_ORIGIN, BURST_LEAK };

/* Who does at this time what the rules can prove. */
struct offender {
	const struct router *router; /* NULL: empty slot */
	uint32_t asn;
	uint8_t kind;		    /* enum burst_kind */
	bool caught;		    /* often enough */
	uint32_t since_s, last_s;   /* when the first was proven, and the last; engine_seconds */
	uint32_t proven[BMP_VIEWS]; /* routes */
	/* nets of what was new of it before it was caught */
	uint32_t *noted, noted_n, noted_max;
};

/* A route that was new. */
struct recent {
	const struct router *router;
	uint32_t net, at_ms;
};
enum { BURSTS_RECENT = 8192 };

/* Who did of late, with which address space, what the rules can prove. */
struct proven {
	uint32_t router, asn, at_s; /* router: its number; at_s: engine_seconds */
	struct ip_prefix prefix;
};
enum { PROVEN = 1024 };

/* A deed of a day. */
struct proven_before {
	uint32_t print, at_s; /* print 0: none; at_s: engine_seconds, when it was there last */
};

struct bursts {
	struct recent recent[BURSTS_RECENT]; /* a ring */
	uint32_t recent_at;		     /* routes so far */
	struct offender *v;		     /* open addressing */
	uint32_t n, max, leaks_n;
	const struct offender *evaluating; /* what was noted of it */
};

/* A way around a direct one that was left (detours.c). */
struct detour {
	struct ip_prefix prefix;
	uint64_t router;      /* struct router.name_hash: it may come back anywhere */
	uint32_t left, right; /* were next to each other */
	uint32_t leaker;      /* is between them now; 0: empty slot */
	uint32_t n;	      /* routes of this engine that go so */
	uint32_t since_s;     /* none does since then, as the router says; engine_seconds */
	uint32_t told_s;      /* the collector knows since then that some do */
	uint32_t peer;	      /* number of who sent one last */
	uint32_t made_by;     /* of who left it, and 1 more; 0: that was before */
	bool used;	      /* there were some */
};

enum { DETOURS_MAX = 65536 };
struct detours {
	struct detour *v;	    /* open addressing by prefix and router */
	uint32_t n, max, at;	    /* at: which is looked at next */
	uint32_t refused_s;	    /* one had no part of the room left; 0: never */
	uint64_t bits[PROVEN / 64]; /* parts of the address space that have some, or had */
};

/* --- leaks.c */

/* The leak that this route belongs to, for a view in which the rules cannot see it; NULL when it is
 * none. */
const struct known_leak *leak_of(
    const struct engine *, const struct table *, const struct ip_prefix *, uint32_t path);
/* Who leaks a route as it came in; 0: it is no leak. */
uint32_t leak_known(const struct engine *, const struct router *, uint32_t net, uint32_t path);
/* Its rules. */
uint32_t leak_rules(const struct known_leak *);
/* Rules that begin and cease to be true of a route where it comes in. */
struct leak_change {
	uint32_t net, path;
	uint32_t begin, cease;
	uint32_t leaker_as;
	bool inferred; /* what begins rests on a relation that is no more than inferred */
	uint8_t cause; /* enum reason of what follows elsewhere */
};
/* Returns whether the same route is another thing now: then the other views of this router must be
 * evaluated; other routers, and those of other workers, will be. */
bool leak_count(
    struct engine *, const struct table *, const struct ip_prefix *, const struct leak_change *);
/* Which AS numbers are ours has changed: the same route is known by other names. */
void leaks_rename(struct engine *);
/* A leak began or ceased in the engine of another worker. */
void leak_heard(struct engine *, const struct engine_shared *);
void leaks_free(struct engine *);
/* Who leaks a route with this path and OTC, as it came in: whoever is left of the AS that set the
 * OTC, or of the provider-free one; 0 when the path does not show it. */
uint32_t leak_leaker(struct engine *, uint32_t path, bool has_otc, uint32_t otc, uint32_t rules);
/* Is it by the way that was left (detour_of) that the leaker is known? What the path shows may be
 * another one whenever its far end is written otherwise; the leak began with that way. */
static inline bool
leak_is_detour(uint32_t rules)
{
	return rules & 1U << RULE_LEAK_DETOUR &&
	       !(rules & (1U << RULE_LEAK_OTC | 1U << RULE_LEAK_UPSTREAM));
}

/* --- bursts.c */

/* A route has changed: it may turn out to be one of a burst. */
void bursts_see(struct engine *, const struct table *, const struct change *);
/* Which of RULE_ORIGIN_BURST and RULE_LEAK_BURST are true of a route; called when somebody is an
 * offender, or one of them was true. Of the facts only the origin counts; valid: it is, by the
 * VRPs. */
uint32_t bursts_rules(struct engine *, const struct table *, const struct change *,
    const struct route_facts *, bool valid);
/* Who leaks a route of which RULE_LEAK_BURST begins to be true; 0: nobody. */
uint32_t bursts_leaker(const struct engine *, const struct router *, uint32_t path);
/* It is proven of a route what the AS does. Returns the offender when that catches it and nets were
 * noted before, which are to be evaluated; else NULL. */
struct offender *bursts_prove(
    struct engine *, const struct table *, const struct change *, enum burst_kind, uint32_t asn);
/* Of the route of before these rules, which proved it, are not true any more. */
void bursts_unprove(
    struct engine *, const struct table *, const struct change *, uint32_t rules_gone);
/* Forget what is over, and all of the router (NULL: of none). */
void bursts_forget(struct engine *, const struct router *);
void bursts_free(struct engine *);

/* --- proven.c */

/* Something is proven of a route of the AS for the prefix, at that router. Was it of late, for this
 * one, what is above it or within? */
void proven_note(struct engine *, const struct router *, const struct ip_prefix *, uint32_t asn);
bool proven_is(
    const struct engine *, const struct router *, const struct ip_prefix *, uint32_t asn);
/* It is there now, or was until now, in the view (kind: enum burst_kind). Was it known, of the last
 * day? When out of memory nothing is. */
bool proven_again(
    struct engine *, const struct table *, const struct ip_prefix *, uint8_t kind, uint32_t asn);
/* Somebody is caught. Was he, in the last day? */
void proven_caught(struct engine *, const struct router *, uint8_t kind, uint32_t asn);
bool proven_was_caught(struct engine *, const struct router *, uint8_t kind, uint32_t asn);
void proven_free(struct engine *);

/* --- detours.c */

/* A route has another block than before, is no detour by what is known, and something may speak for
 * one: its path is PATH_FAR, it is ours, or proven_may. Returns whether it left a direct way: that
 * is known from now on. */
bool detour_look(
    struct engine *, const struct table *, const struct change *, const struct route_facts *);
/* Fill in what the rules look at, which is false but where detours_may or PATH_ENDS_WITH_US.
 * f->prefix, f->path and f->stranger are there already. */
void detour_facts(struct engine *, const struct table *, uint32_t path, struct route_facts *);
/* The way of a route of which RULE_LEAK_DETOUR is true, without its strangers; false: nobody knows
 * it any more. */
bool detour_of(struct engine *, const struct table *, const struct ip_prefix *, uint32_t path,
    struct path_detour *);
/* Direct ways that routes of the prefix left at the router of that name, those that this path left
 * first. Returns how many, no more than max. */
unsigned detours_left(const struct engine *, const char *router, const struct ip_prefix *,
    struct cursor path, struct engine_way_left *, unsigned max);
/* Another route than before came, and is no detour: one that its neighbour sent, and nobody goes by
 * now, is over when this one goes the direct way, and the router has told all. */
void detour_direct(struct engine *, const struct table *, const struct ip_prefix *, uint32_t path);
/* Of a changed route these rules are true now. */
void detour_count(struct engine *, const struct table *, const struct change *,
    const struct ip_prefix *, uint32_t rules_true);
/* Are at most half of the places taken, and was there one for everybody of late? */
bool detours_have_room(const struct engine *);
/* Look at some: forget what has not been used for a day, tell what still is. */
void detours_tick(struct engine *);
/* The router is called otherwise from now on. */
void detours_rename(struct engine *, const char *from, const char *to);
void detours_free(struct engine *);
