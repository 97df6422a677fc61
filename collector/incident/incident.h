/*
 * incident: what findings mean together. Members with the same kind and scope are one incident with
 * a stable id; it opens, is updated when something that matters changes, closes on positive
 * evidence, and is unknown while its feed is lost.
 *
 *   none --first member--> held (siblings are collected) --hold over, or critical--> OPENED
 *   open --severity or view changed, count doubled, long enough--> UPDATED
 *   open --last member gone, and still gone a moment later--> CLOSED
 *   open --every feed that showed it lost for longer than the grace--> UNKNOWN --feed back and
 * complete--> UPDATED or CLOSED
 *   UNKNOWN --for longer than anybody would wait--> CLOSED ("feed-gone")
 *
 * Severity is the kind times the furthest view. No clock, no I/O: the time comes in, records go out
 * through a callback. Same inputs, same records.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "collector/detect/finding.h"
#include "proto/record.h"

struct incidents;

struct incident_config {
	const char *collector;
	uint32_t hold_ms;      /* collect siblings before a non-critical opening */
	uint32_t update_s;     /* least time between updates that are growth only */
	uint32_t feed_grace_s; /* after a feed is lost, before its incidents become unknown */
	uint32_t forget_s;     /* unknown for so long: closed, its router will not come back */
	uint32_t settle_s;     /* after a start, for feeds to come back */
	uint32_t max;	       /* incidents at once */
};

enum feed_state { FEED_DOWN, FEED_UP, FEED_SYNCED };

/* emit: gets every record, without a number; it is valid during the call. */
struct incidents *incidents_new(
    const struct incident_config *, void (*emit)(void *ctx, const struct record *), void *ctx);
void incidents_free(struct incidents *);
/* Other times from now on. */
void incidents_configure(struct incidents *, const struct incident_config *);

/* At start: the last record of an incident that was open. Nothing is emitted. */
void incidents_restore(struct incidents *, const struct record *, int64_t now_us);
/* A rule flipped. f->router is a number that incidents_feed has introduced. */
void incidents_finding(struct incidents *, const struct finding *, int64_t now_us);
/* A router's feed changed state. number: the caller's, stable; name: for texts, and to find it
 * again after a restart. */
void incidents_feed(struct incidents *, uint32_t number, const char *name, enum feed_state,
    uint8_t views_monitored, int64_t now_us);
/* Call every 100 to 250 ms. */
void incidents_tick(struct incidents *, int64_t now_us);

/* Step through what is open now, as the record of its last transition brought up to date; index
 * from 0. */
bool incidents_get(const struct incidents *, uint32_t index, struct record *out);
/* How many incidents_get steps through. */
uint32_t incidents_shown(const struct incidents *);
struct incidents_stats {
	uint32_t open, unknown, held;
	uint64_t opened, updated, closed, refused;
	uint64_t members;
};
/* The counts as they are now. */
void incidents_stats(const struct incidents *, struct incidents_stats *);
