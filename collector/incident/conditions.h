/*
 * conditions: what is wrong with the collector itself, or with what it hears from: a source of RPKI
 * data that is lost, a topic that is missing, a full disk, two routers of one name. A condition is
 * an incident without members: whoever knows says that it holds, and that it is over.
 *
 *   none --set--> OPENED --set with another severity, or with other words--> UPDATED --clear-->
 * CLOSED
 *
 * One that comes and goes is closed only when it has stayed away for a while, and says how often it
 * came back. Those that are over are forgotten when they would be a new occurrence anyway, and of a
 * kind so many are kept (CONDITIONS_OF_KIND) that one which floods leaves room for the others; what
 * finds no room is counted in a condition of its own, "limit.alarms". No clock, no I/O: the time
 * comes in, records go out through a callback.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "collector/incident/incident.h"
#include "proto/record.h"

struct conditions;

enum { CONDITIONS_OF_KIND = 2000 };

struct conditions_ops {
	/* Gets every record, without a number and a collector; it is valid during the call. */
	void (*emit)(void *ctx, const struct record *);
	/* The last record of that id, which was closed and forgotten: its numbers go on. false
	 * when there is none. May be NULL. */
	bool (*recall)(void *ctx, const char *id, struct record *out);
};

/* NULL when out of memory. */
struct conditions *conditions_new(const struct conditions_ops *, void *ctx);
void conditions_free(struct conditions *);

struct condition_prefixes;

/* What is said of a condition that holds; borrowed for the call. */
struct condition_said {
	const char *kind;  /* "rpki.lost" */
	const char *about; /* what it is about, with the kind its identity */
	uint8_t severity;
	const char *text; /* the summary, cut when it is too long */
	/* where it is, for filters; NULL when that is nowhere */
	const char *router, *peer;
	uint32_t peer_as;
	const char *related; /* id of an incident that it belongs to; NULL: none */
	bool dry_run;	     /* nobody is told who does not ask for it */
	const struct condition_prefixes *prefixes; /* it is about; NULL: none */
};

/* Of a condition that is about prefixes, as a record has it. */
struct condition_prefixes {
	uint32_t n;
	const struct ip_prefix *examples;
	unsigned examples_n;
	uint8_t cause, relation; /* enum reason, enum relation */
	unsigned related_n;	 /* other conditions that have to do with it */
	const char *related_kinds[RECORD_RELATED_MAX], *related_abouts[RECORD_RELATED_MAX];
};

/* It holds. Out of memory or room it is not told. Returns whether a record of it went out. */
bool conditions_set(struct conditions *, const struct condition_said *, int64_t now_us);
/* It is over; text says how. Nothing when it did not hold. */
void conditions_clear(
    struct conditions *, const char *kind, const char *about, const char *text, int64_t now_us);
/* Nobody knows whether it holds still: UNKNOWN, until it is said to hold, or to be over. Nothing
 * when it did not hold. */
void conditions_unknown(struct conditions *, const char *kind, const char *about, int64_t now_us);
/* Does it hold? */
bool conditions_holds(const struct conditions *, const char *kind, const char *about);

/* One of the table, as conditions_clear_those sees it. */
struct condition_seen {
	const char *id, *kind, *router; /* router: "" when it is about none */
	bool said;			/* to hold or to be over, since it was restored */
	bool dry_run;
	int64_t told_us; /* when a record of it went out last */
};
/* All open ones of which `which` says so are over: what they are about is no longer there. */
void conditions_clear_those(struct conditions *,
    bool (*which)(const void *ctx, const struct condition_seen *), const void *ctx,
    const char *text, int64_t now_us);
/* Is that the id of the condition of this kind and about this? */
bool conditions_is(const char *id, const char *kind, const char *about);

/* Is this an incident of this table, by its kind? */
bool conditions_are_of(const char *kind);
/* At start: the last record of a condition, open or closed. Nothing is emitted: who knows says
 * whether it still holds. */
void conditions_restore(struct conditions *, const struct record *);
/* Call about once a second. */
void conditions_tick(struct conditions *, int64_t now_us);
/* Forget those that have been over for long. Their last records must be where recall finds them. */
void conditions_forget(struct conditions *, int64_t now_us);
/* How many are in memory, open or not. */
uint32_t conditions_count(const struct conditions *);

/* How many of those that are told are of each kind, severity and state; none in dry-run. */
void conditions_count_open(
    const struct conditions *, void (*each)(void *ctx, const struct incident_count *), void *ctx);
/* The open conditions, by index from 0; false behind the last one. */
bool conditions_get(const struct conditions *, uint32_t index, struct record *out);
