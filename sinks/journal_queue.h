/*
 * journal_queue: what waits for the disk, in order, in a bounded number of octets. Where there is
 * no room, what matters least goes first, and what went is counted: events; then what a later
 * transition of the same incident says anew; then whole lives of incidents, from opened to closed,
 * that nobody has been told of, the mild ones first. The first word of an incident that stays open
 * and the latest are never dropped, so no `closed` is written without its `opened`; of those there
 * are no more than the incident table has room for.
 *
 * No thread-safety of its own.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "proto/record.h"

/* A record as record_to_pb, without a number; or what a room keeps. */
struct journal_entry {
	struct journal_entry *next;
	uint64_t ticket;    /* in order of arrival, from 1 */
	uint64_t seq;	    /* its number; 0: it has none yet */
	int64_t queued_us;  /* monotonic */
	int64_t at_us;	    /* of the record */
	uint8_t kind;	    /* enum record_kind; 0: state */
	uint8_t transition; /* of an incident */
	uint8_t severity;
	bool dropped;
	bool shown; /* to readers, before it was written */
	char id[RECORD_ID_MAX];
	/* state: */
	const char *room, *key;
	bool forget;
	bool daily; /* a row of a day: room is the day */
	/* the body, or the value */
	size_t len;
	uint8_t octets[];
};

/* What was dropped and has not been told. */
struct journal_gap {
	uint64_t events;
	uint64_t updates;	   /* superseded transitions */
	uint64_t incidents;	   /* whole lives */
	int64_t from_us, until_us; /* wall clock: of the first and the last */
};

struct journal_queue {
	struct journal_entry *first, *last;
	size_t n, octets, max;
	size_t busy;	 /* of those in front, that are being written */
	size_t patience; /* octets at which it is worth while to look for what can be dropped */
	uint64_t tickets;
	uint64_t dropped, dropped_incidents; /* records, ever; of these transitions of incidents */
	struct journal_gap gap;
};

/* Yours to free(); NULL when out of memory, or when the record cannot be encoded. */
struct journal_entry *journal_entry_of_record(const struct record *);
/* value NULL: forget the key. */
struct journal_entry *journal_entry_of_state(
    const char *room, const char *key, const void *value, size_t len);
/* The record of an entry, with its number. false when it is none. */
bool journal_entry_record(const struct journal_entry *, struct record *out);

/* Takes the entry over. false: there was no room for it, which is counted. */
bool journal_queue_put(struct journal_queue *, struct journal_entry *, int64_t now_us);
/* Give the next number, *given + 1, to an entry that wants one and has none. What it has stays,
 * whatever becomes of the entry; call it for all before this one first. */
void journal_entry_number(struct journal_entry *, uint64_t *given);
/* Up to n entries from the front; they stay, untouched, until journal_queue_done. */
size_t journal_queue_begin(struct journal_queue *, struct journal_entry **, size_t n);
/* The entries begun are written (they leave: the list of them is returned), or not (NULL). */
struct journal_entry *journal_queue_done(struct journal_queue *, bool written);
void journal_queue_free(struct journal_queue *);
