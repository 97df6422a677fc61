/*
 * mutes: which incidents nobody is to be woken for, on an operator's word. What is muted is told
 * and written like everything else, marked `muted`; this table only says what is to be marked.
 *
 *   mute   what it is about (an id, or a filter, which covers what is open and what is to come),
 *          until when, by whom, why; planned for later it is pending until then (a maintenance
 *          window), and covers nothing before
 *   ack    the same of one incident, without a time: until that is closed
 *
 * Of each incident that a mute covers it is kept how grave it was then. One that gets worse speaks:
 * the mute is over for it, whatever it does later. Worse is graver, or about more prefixes of ours,
 * or about ten times the prefixes when they are many.
 *
 * No clock, no I/O. Times are wall time in microseconds, like those of records.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "proto/record.h"

struct mutes;

enum {
	MUTES_MAX = 256,	 /* at a time */
	MUTE_MEMBERS_MAX = 4096, /* incidents that one covers; any further one speaks */
	MUTE_TARGET_MAX = 1024,	 /* octets of a filter, with NUL */
	MUTE_TENFOLD = 10,	 /* so many times the prefixes is worse, */
	MUTE_MANY = 100,	 /* from so many on */
};

struct mute {
	uint32_t number; /* from 1 */
	bool ack;
	char target[MUTE_TARGET_MAX]; /* an id of 32 hexadecimal digits, or a filter */
	char who[RECORD_NAME_MAX], why[RECORD_VALUE_MAX];
	int64_t set_us, until_us; /* until_us 0: no time, an ack */
	int64_t from_us;	  /* 0: from set_us on */
	bool pending;		  /* it has not begun */
};

/* What an operator asks for; borrowed. */
enum mute_verb { MUTE_SET, MUTE_ACK, MUTE_END };
struct mute_request {
	uint8_t verb;		  /* enum mute_verb */
	const char *target, *who; /* of MUTE_END the target may be a number or "all", too */
	const char *why;	  /* not of MUTE_END */
	int64_t for_us;		  /* of MUTE_SET */
	int64_t from_us;	  /* of MUTE_SET; 0: now */
};

/* An incident as it was when it was muted. */
struct mute_member {
	char id[RECORD_ID_MAX];
	uint8_t severity;
	uint64_t prefixes;
	uint32_t own; /* prefixes of ours; UINT32_MAX: not known */
	bool speaks;  /* it got worse since */
};

/* What happens to a mute, called from within the functions below; the table is not to be called. */
struct mutes_ops {
	/* Its time has come: to be kept as begun. What is open may be covered, by mutes_apply. */
	void (*begins)(void *ctx, const struct mute *);
	/* To be kept: the incident is covered, or speaks now. */
	void (*covers)(void *ctx, const struct mute *, const struct mute_member *);
	/* It is over for this incident, the mute holds for others. */
	void (*speaks)(void *ctx, const struct mute *, const struct mute_member *, const char *why);
	/* No longer to be kept: the mute is about to end. */
	void (*forgets)(void *ctx, const struct mute *, const struct mute_member *);
	/* It is over, and about to be forgotten. */
	void (*ended)(void *ctx, const struct mute *, const char *why);
};

/* ops: borrowed. NULL when out of memory. */
struct mutes *mutes_new(const struct mutes_ops *, void *ctx);
void mutes_free(struct mutes *);

/* Whether a target is the id of an incident: 32 hexadecimal digits in lower case. */
bool mute_is_id(const char *target);

/* Add a mute. A new one ends one of the same target and sort that has begun, when it begins at
 * once, and else one that would begin at the same time. m->number 0: it gets the next one; else it
 * is one of before a restart. Returns what is in the table, borrowed until the next call; NULL with
 * the reason in error. */
const struct mute *mutes_set(struct mutes *, const struct mute *m, char *error, size_t size);
/* An incident that a mute covered before a restart. */
void mutes_restore(struct mutes *, uint32_t number, const struct mute_member *);
/* End those of this target or number (in text), or "all"; acks as well. why: for the op. Returns
 * how many. */
unsigned mutes_end(struct mutes *, const char *target, const char *why);
/* Begin those whose time has come, end those whose time is over. */
void mutes_tick(struct mutes *, int64_t now_us);

/* A record that is to be told: whether it is muted goes into it, and the table takes note of it.
 * Anything but an incident is left alone, and so is one of a rule in dry-run. */
void mutes_apply(struct mutes *, struct record *, int64_t now_us);
/* The same of an incident that is only shown: nothing is taken note of. */
void mutes_mark(const struct mutes *, struct record *, int64_t now_us);

/* By index from 0, in order of numbers; NULL behind the last. covered: how many incidents. */
const struct mute *mutes_get(const struct mutes *, unsigned index, unsigned *covered);
