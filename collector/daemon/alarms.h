/*
 * alarms: how the parts of the daemon say that something is wrong with the collector itself, or
 * with what it hears. Each is an incident (collector/incident/conditions.h) with a life in the
 * journal, in Kafka and in `tail`, like any other. Everything here happens on the coordinator's
 * thread.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "collector/daemon/mute_keeper.h"
#include "collector/daemon/records.h"

struct alarms;

/* records, mutes: borrowed. NULL when out of memory. */
struct alarms *alarms_new(struct records *records, struct mute_keeper *mutes);
void alarms_free(struct alarms *);

/* It holds: opened, or updated when the severity rises or the words are others. kind is like
 * "rpki.lost" (its first word is one of conditions_are_of); about: the source, the topic, the
 * router; severity: enum severity. */
void alarm_on(struct alarms *, const char *kind, const char *about, uint8_t severity,
    const char *fmt, ...) __attribute__((format(printf, 5, 6)));
/* It is over: closed when it was open, else nothing. */
void alarm_off(struct alarms *, const char *kind, const char *about, const char *fmt, ...)
    __attribute__((format(printf, 4, 5)));

/* At start: the last record of a condition. Returns false when the record is of another table. */
bool alarms_restore(struct alarms *, const struct record *);
/* Call about once a second. */
void alarms_tick(struct alarms *);
/* The open ones, by index from 0; false behind the last one. */
bool alarms_get(const struct alarms *, uint32_t index, struct record *out);
