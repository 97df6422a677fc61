/*
 * alarms: how the parts of the daemon say that something is wrong with the collector itself, or
 * with what it hears. Each is an incident (collector/incident/conditions.h) with a life in the
 * journal, in Kafka and in `tail`, like any other. Everything here happens on the coordinator's
 * thread.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "collector/daemon/records.h"
#include "collector/incident/conditions.h"

struct alarms;

/* pass: each record passes it on its way. All is borrowed. NULL when out of memory. */
struct alarms *alarms_new(
    struct records *records, void (*pass)(void *ctx, struct record *), void *ctx);
void alarms_free(struct alarms *);

/* It holds: opened, or updated when the severity rises or the words are others. kind is like
 * "rpki.lost" (its first word is one of conditions_are_of); about: the source, the topic, the
 * router; severity: enum severity. */
void alarm_on(struct alarms *, const char *kind, const char *about, uint8_t severity,
    const char *fmt, ...) __attribute__((format(printf, 5, 6)));
/* The same where it is about a router, or about a neighbour of one; peer: "" for none; related: id
 * of an incident that it belongs to, NULL for none. */
struct alarm_place {
	const char *router, *peer;
	uint32_t peer_as;
	const char *related;
};
void alarm_on_at(struct alarms *, const char *kind, const char *about, const struct alarm_place *,
    uint8_t severity, const char *fmt, ...) __attribute__((format(printf, 6, 7)));
/* The same, and whatever else there is to say of it. */
void alarm_say(struct alarms *, const struct condition_said *);
/* It is over: closed when it was open, else nothing. */
void alarm_off(struct alarms *, const char *kind, const char *about, const char *fmt, ...)
    __attribute__((format(printf, 4, 5)));

/* Nobody knows whether it holds still; nothing when it is not open. */
void alarm_unknown(struct alarms *, const char *kind, const char *about);
/* Does it hold? */
bool alarm_holds(const struct alarms *, const char *kind, const char *about);

/* What a configuration can turn off, or have told only to who asks. */
#define EACH_WATCH(X)                                                                              \
	X(SURGE, "peer.surge")                                                                     \
	X(LOSS, "peer.loss")                                                                       \
	X(MAX_PREFIX, "peer.max-prefix")                                                           \
	X(FLAPPING, "peer.flapping")                                                               \
	X(DOWN, "peer.down")                                                                       \
	X(PEERS_DOWN, "router.peers-down")                                                         \
	X(PEERS_FLAPPING, "router.peers-flapping")                                                 \
	X(DIFFERS, "feed.differs")                                                                 \
	X(ROV_MISMATCH, "router.rov-mismatch")                                                     \
	X(ROV_STRICTER, "router.rov-stricter")                                                     \
	X(SENDS_INVALID, "router.sends-invalid")                                                   \
	X(ROV_STATE, "router.rov-state")                                                           \
	X(VISIBLE_OUT, "visibility.out")                                                           \
	X(VISIBLE_LOC, "visibility.loc-rib")
#define WATCH_VALUE(watch, name) WATCH_##watch,
enum watch { EACH_WATCH(WATCH_VALUE) WATCHES };
extern const char *const watch_names[WATCHES];
/* Bit per enum watch. What is open and was to be told otherwise is over. */
void alarms_configure(struct alarms *, uint32_t off, uint32_t dry_run);

/* Of the kinds that begin so ("rpki."), those are over that are about none of these n: what they
 * were about left the configuration. */
void alarms_keep_only(
    struct alarms *, const char *kinds, const char *const *abouts, size_t n, const char *text);
/* Of a kind, or of all for NULL, those about a router are over; unsaid: only those that nobody has
 * spoken of since the start. */
void alarms_off_router(
    struct alarms *, const char *kind, const char *router, bool unsaid, const char *text);

/* At start: the last record of a condition. Returns false when the record is of another table. */
bool alarms_restore(struct alarms *, const struct record *);
/* Is somebody reading the log? Call a few times a second: what it has is written. */
void alarms_watch_log(struct alarms *);
/* Call about once a second. */
void alarms_tick(struct alarms *);
/* As conditions_count_open. */
void alarms_count(
    const struct alarms *, void (*each)(void *ctx, const struct incident_count *), void *ctx);
/* The open ones, by index from 0; false behind the last one. */
bool alarms_get(const struct alarms *, uint32_t index, struct record *out);
