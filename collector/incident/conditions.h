/*
 * conditions: what is wrong with the collector itself, or with what it hears from: a source of RPKI
 * data that is lost, a topic that is missing, a full disk, two routers of one name. A condition is
 * an incident without members: whoever knows says that it holds, and that it is over.
 *
 *   none --set--> OPENED --set with another severity, or with other words--> UPDATED --clear-->
 * CLOSED
 *
 * One that comes and goes is closed only when it has stayed away for a while, and says how often it
 * came back. No clock, no I/O: the time comes in, records go out through a callback.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "proto/record.h"

struct conditions;

/* emit: gets every record, without a number and a collector; it is valid during the call. NULL when
 * out of memory. */
struct conditions *conditions_new(void (*emit)(void *ctx, const struct record *), void *ctx);
void conditions_free(struct conditions *);

/* It holds. kind: "rpki.lost"; about: what it is about, with the kind its identity. text: the
 * summary, cut when it is too long. Out
 * of memory it is not told. Returns whether a record went out. */
bool conditions_set(struct conditions *, const char *kind, const char *about, uint8_t severity,
    const char *text, int64_t now_us);
/* It is over; text says how. Nothing when it did not hold. */
void conditions_clear(
    struct conditions *, const char *kind, const char *about, const char *text, int64_t now_us);
/* Does it hold? */
bool conditions_holds(const struct conditions *, const char *kind, const char *about);

/* Is this an incident of this table, by its kind? */
bool conditions_are_of(const char *kind);
/* At start: the last record of a condition, open or closed. Nothing is emitted: who knows says
 * whether it still holds. */
void conditions_restore(struct conditions *, const struct record *);
/* Call about once a second. */
void conditions_tick(struct conditions *, int64_t now_us);

/* The open conditions, by index from 0; false behind the last one. */
bool conditions_get(const struct conditions *, uint32_t index, struct record *out);
