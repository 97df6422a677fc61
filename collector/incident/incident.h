/*
 * incident: what findings mean together. Routes of which a human would say that the same event did
 * it are members of one incident: one group of rules, and one AS whose doing it is. It has a stable
 * id; it opens, is updated when something that matters changes, closes on positive evidence, and is
 * unknown while nobody who is alive and complete can say.
 *
 *   none --first member--> held (siblings are collected) --hold over, or critical--> OPENED
 *   held --last member over--> OPENED and CLOSED, but for a detour: a moment says nothing
 *   open --graver, milder for a while, another victim, many more or fewer members--> UPDATED
 *   open --last member over, and still over a moment later--> CLOSED
 *   open --all who told of it are lost, or what it is judged by is stale--> UNKNOWN --back and
 * complete--> UPDATED or CLOSED
 *
 * A member knows its incident: whatever the end of a finding says, it ends where it began. A
 * finding that says nothing new changes nothing, so that everything may be told again at any time.
 *
 * Many incidents of one kind at once that have one cause are told as one: those of one VRP, of one
 * neighbour, or, when there is no room, of the kind. What comes back soon is the same occurrence,
 * and when it comes back often it is told sparingly.
 *
 * Rules in dry-run have a table of their own inside this one, of what would be told were they on:
 * its records are marked, its ids are others. A route of which such a rule is the primary one is a
 * member there, with all its rules; here it is what it would be were those rules off. So nothing
 * that is told of other rules depends on what is in dry-run.
 *
 * No clock, no I/O: the time comes in, records go out through a callback. Same inputs, same
 * records.
 *
 *   incident    the findings, from the first member to the closing
 *   first_day   what third parties did wrong before we looked
 *   knowledge   who knows: feeds, views, VRPs
 *   telling     what is to be told, and when
 *   restore     after a start: who is waited for
 *   scope       which incident a route belongs to, and what is told together
 *   companions  what a hijacker does to others at the same time
 *   scope_text  what a scope is called
 *   describe    a record of what is there now
 *   severity    how grave it is
 *   words       summaries
 *   why         why it is as grave as that
 *   baseline    what of that is known
 *   members     the routes; who has them
 *   sources     routers and their peers
 *   by_neighbor what is open of one of them
 *   ways        how far what each of them sends got, counted as members come and go
 *   table       the incidents by id, and those of the past
 *   packed      the record of one, as it was told last
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "collector/detect/finding.h"
#include "proto/record.h"

struct incidents;

/* How far the routes of an incident got, in the words of a line of `bellman tail`. Filtered:
 * received, and known not to be accepted. In use: also by another router of ours. Passed on: to
 * another network. */
enum furthest {
	FURTHEST_FILTERED,
	FURTHEST_RECEIVED,
	FURTHEST_ACCEPTED,
	FURTHEST_IN_USE,
	FURTHEST_PASSED_ON,
	FURTHESTS
};
const char *furthest_name(uint8_t); /* "filtered" ... "in-use", "passed-on" */
/* How grave an incident of enum rule is whose routes got as far as enum furthest, before size,
 * whose it is, and benign causes count (docs/RULES.md has the table). An enum severity. */
uint8_t furthest_severity(uint8_t rule, uint8_t furthest);

struct incident_config {
	const char *collector;
	uint32_t hold_ms;      /* collect siblings before a non-critical opening */
	uint32_t update_s;     /* least time between updates that raise nothing */
	uint32_t feed_grace_s; /* after a feed is lost, before its incidents become unknown */
	uint32_t forget_s;     /* unknown for so long: closed, its router will not come back */
	uint32_t settle_s;     /* after a start, for feeds to come back */
	uint32_t reopen_s;     /* what comes back within is the same occurrence; 0: 300 */
	uint32_t group_at;     /* more than so many at once are told as one; 0: 8 */
	uint32_t large_at;     /* prefixes from which on one is a step graver; 0: 1000 */
	uint8_t baseline;      /* 1: what third parties did before we looked is told as one */
	uint32_t max;	       /* incidents at once */
	uint32_t members_max;  /* member routes of all incidents at once; 0: 4,000,000 */
	/* Bit per rule that is off, or in dry-run: what was open of it before a restart and is so
	 * no more is over for that reason. Of what is found now each finding says it. */
	uint32_t off, dry_run;
	/* by enum rule: an incident of it is told as no graver than that; 0: as it is */
	uint8_t severity_max[RULES];
	/* by enum rule and enum furthest: it is as grave as that; 0: as it is by itself */
	uint8_t severity_by_view[RULES][FURTHESTS];
};

/* Families that the rules judge; a route of one is another than of the other. */
enum source_family { SOURCE_V4, SOURCE_V6, SOURCE_V4_LABELLED, SOURCE_V6_LABELLED };

static inline enum source_family
source_family(bool v6, bool labelled)
{
	return (enum source_family)((unsigned)v6 | (unsigned)labelled << 1);
}

enum { KEPT_PARTS_MAX = 64 };

enum feed_state { FEED_DOWN, FEED_UP, FEED_SYNCED };

/* What origin validation can say. */
enum verdicts {
	VERDICTS_PENDING, /* not all sources have answered, or not everything is evaluated by them
			   */
	VERDICTS_WHOLE,	  /* every route is evaluated by whole data */
	VERDICTS_FROZEN,  /* the data is too old: what was said stays, but nobody knows */
};

/* What leaves the table; the record is valid during the call. */
struct incidents_ops {
	/* A record to be told, without a number. */
	void (*emit)(void *ctx, const struct record *);
	/* What is to be known after a restart and is not told, or not for so long: who has an open
	 * incident now, and the numbers of one that was closed. By id and part it takes the place
	 * of what was kept before. part: 0, and 1 and so on of more holders than a record has room
	 * for. */
	void (*keep)(void *ctx, const struct record *, unsigned part);
	/* What is to be known of the baseline after a restart, by key; value NULL: no longer. NULL:
	 * nobody keeps it. */
	void (*keep_baseline)(void *ctx, const char *key, const char *value, size_t len);
};

/* All times that come in are of a clock that is never set; wall_offset_us is what wall time has
 * more. NULL when out of memory. */
struct incidents *incidents_new(
    const struct incident_config *, const struct incidents_ops *, void *ctx);
void incidents_free(struct incidents *);
/* Other times from now on. */
void incidents_configure(struct incidents *, const struct incident_config *);
void incidents_set_clock(struct incidents *, int64_t wall_offset_us);

/* At start: the last record of an incident, and what was kept of it, or NULL. One that was open
 * comes back as it was; of one that was closed the numbers are known. Nothing is emitted. */
void incidents_restore(
    struct incidents *, const struct record *, const struct record *kept, int64_t now_us);
/* After that: a further part of what was kept, of the same revision and with more holders. Others
 * are ignored; returns whether this one was not. */
bool incidents_restore_part(struct incidents *, const struct record *kept);
/* At start, before incidents_restore: what was kept of the baseline. */
void incidents_baseline_restore(struct incidents *, const char *key, const char *value, size_t len);
/* What is true of a route now. f->router is a number that incidents_feed has introduced. */
void incidents_finding(struct incidents *, const struct finding *, int64_t now_us);
/* The router has a table of the Internet, or not; said when its feed is complete. */
void incidents_full_table(struct incidents *, uint32_t number, bool full);
/* A router's feed changed state. number: the caller's, stable; name: for texts, and to find it
 * again after a restart. views_monitored: in this session so far. */
void incidents_feed(struct incidents *, uint32_t number, const char *name, enum feed_state state,
    uint8_t views_monitored, int64_t now_us);
/* A worker has a route of ours for this prefix, or no longer: by as many as have said so it is
 * announced. */
void incidents_own(struct incidents *, const struct ip_prefix *, bool there);
/* The router is called otherwise from now on. */
void incidents_rename(struct incidents *, uint32_t number, const char *name);
/* What views of a peer are monitored by now, in this family: nothing may be concluded from the
 * silence of others. */
void incidents_monitored(struct incidents *, uint32_t router, uint32_t peer, enum source_family,
    uint8_t views_monitored, int64_t now_us);
/* This peer, family IP_NONE for Loc-RIB, of this table has told all that it has in these views of
 * the family: who waits for it waits no longer. */
void incidents_complete(struct incidents *, uint32_t router, const struct ip_addr *peer,
    const char *distinguisher, enum source_family, uint8_t views, int64_t now_us);
/* What origin validation can say has changed. */
void incidents_verdicts(struct incidents *, enum verdicts, int64_t now_us);
/* Is every route evaluated by all files of what registries have not handed out, and are these of
 * these days? Until it is said it is so. What rests on them and is not told again while it is not
 * so is not over. */
void incidents_registries(struct incidents *, bool whole, int64_t now_us);
/* The same of the lists of what neighbours may announce. */
void incidents_lists(struct incidents *, bool whole, int64_t now_us);
/* Call every 100 to 250 ms. */
void incidents_tick(struct incidents *, int64_t now_us);
/* The process ends: what is to be known after a restart is kept. */
void incidents_stop(struct incidents *, int64_t now_us);

/* Findings were refused for want of room, and there is room again: have them told again. Asking
 * answers true once. */
bool incidents_want_again(struct incidents *);

/* Step through what is open now, as the record of its last transition brought up to date; *cursor
 * is 0 at first. Incidents may come and go between two calls. */
bool incidents_next(struct incidents *, uint64_t *cursor, struct record *out);

/* What is open of what a neighbour sends; peer: the engine's number of it. */
struct incidents_share {
	uint32_t incidents; /* told, in which it has a part */
	/* that it sends, of the one in which it has most; what is no leak, hijack or invalid origin
	 * counts from a warning on */
	uint32_t routes;
	char id[RECORD_ID_MAX]; /* of that; "" when there is none */
};
void incidents_of_neighbor(const struct incidents *, uint32_t router, uint32_t peer,
    enum source_family, struct incidents_share *out);

/*
 * Routes of an incident that one neighbour sends: of one family, and with the same gravest rule.
 * Where each got is counted by view: sent, accepted, used (Loc-RIB), and spread, which is to
 * another network. Sessions within our network and with route collectors do not count.
 */
enum way_stage { WAY_SENT, WAY_ACCEPTED, WAY_USED, WAY_SPREAD, WAY_STAGES };
struct incidents_way {
	const char *id; /* of the incident */
	uint32_t occurrence;
	bool unknown;		   /* nobody who is there can say whether they still are */
	uint32_t asn;		   /* whom we have them from; 0: they are our own doing */
	uint8_t rule;		   /* enum rule */
	bool ipv6, ours, doubtful; /* doubtful: benign, or by a relation that is inferred */
	uint32_t n[WAY_STAGES];
	uint32_t unproved; /* sent, of which no view shows whether they are accepted */
};
/* Call each for all of them; what it gets is borrowed for the call. It costs by incidents and
 * neighbours, not by routes. */
void incidents_each_way(
    const struct incidents *, void (*each)(void *ctx, const struct incidents_way *), void *ctx);

/* Why an incident is as grave as it is. */
enum { INCIDENT_WHY_MAX = 8 };
struct incident_why {
	uint8_t furthest; /* enum furthest */
	uint32_t rules;	  /* bit per enum rule that is true of a member now */
	/* who has it where it got furthest; peer: family IP_NONE in Loc-RIB */
	bool has_holder;
	char router[RECORD_NAME_MAX];
	struct ip_addr peer;
	uint32_t peer_as;
	uint8_t relation;
	unsigned because_n;
	char because[INCIDENT_WHY_MAX][RECORD_VALUE_MAX]; /* sentences, what weighs most first */
};
/* As it is now. false when there is no such incident. */
bool incidents_why(const struct incidents *, const char *id, struct incident_why *out);
/* Its prefixes in order, up to max, of the newest of its routes when these are very many. Returns
 * how many are in out. */
unsigned incidents_prefixes(
    const struct incidents *, const char *id, struct ip_prefix *out, unsigned max);

/* A route of an incident. All is borrowed. */
struct incident_route {
	const char *router;
	struct ip_addr peer; /* family IP_NONE: in Loc-RIB */
	uint32_t peer_as;
	uint8_t view;
	uint32_t path_id;
	struct ip_prefix prefix;
	const char *as_path; /* as a record has it */
	int64_t since_us;    /* that it is of the incident; wall clock */
};
/* Call each for its newest routes, up to max, the newest first; what it gets is borrowed for the
 * call. */
void incidents_routes(const struct incidents *, const char *id, unsigned max,
    void (*each)(void *ctx, const struct incident_route *), void *ctx);

/* The baseline: what third parties did wrong already when we began to look. */
enum { BASELINE_TOP = 10 };
struct incidents_top {
	uint32_t asn, n;
};
struct incidents_baseline {
	bool on, taken;	  /* taken: the first day is over */
	int64_t since_us; /* wall clock */
	uint32_t known;	  /* prefixes, for each whose doing it is */
	uint32_t gone;	  /* of these not there now */
	/* of these, RPKI-invalid; of them those that the network accepts, or may, where nobody sees
	 * whether it does */
	uint32_t invalid, invalid_accepted;
	uint32_t rules[RULES];
	uint32_t networks, neighbors, routers;
	struct incidents_top doers[BASELINE_TOP], vias[BASELINE_TOP]; /* most first */
	unsigned doers_n, vias_n;
	struct ip_prefix examples[RECORD_EXAMPLES_MAX];
	unsigned examples_n;
};
/* As it is now. */
void incidents_baseline(const struct incidents *, struct incidents_baseline *out);
/* What is there now is the baseline: open incidents of third parties are closed as known. Of what a
 * router has that is away, what was known stays. */
void incidents_baseline_reset(struct incidents *, int64_t now_us);

struct incidents_stats {
	uint32_t open, unknown, held;
	uint32_t critical; /* open or unknown */
	uint32_t dry_run;  /* open or unknown, of rules in dry-run; counted nowhere else */
	uint64_t opened, updated, closed, refused;
	uint64_t members;
};
/* The counts as they are now. */
void incidents_stats(const struct incidents *, struct incidents_stats *);

/* How many incidents that were told are of a kind, and so grave. */
struct incident_count {
	const char *kind;
	uint8_t severity; /* enum severity, as it was told last */
	bool unknown;	  /* else open */
	uint32_t n;	  /* at least one */
};
/* Each kind, severity and state that there is one of. */
void incidents_count(
    const struct incidents *, void (*each)(void *ctx, const struct incident_count *), void *ctx);
