/*
 * ledger: how we live up to the norms of routing security (MANRS), day by day in UTC. It is told
 * what is so now, and adds up how long it was so:
 *
 *   of each neighbour's session and family: how many routes it sends, how many of them are
 *   accepted, how many it is told; and for how long that was known, and its session down
 *   of each neighbour, family and router: how many of its prefixes are in use and passed on
 *   of each neighbour, family and rule: how many wrong routes it sends, and what became of them,
 *   in the time in which all that one of its sessions sends is known
 *   of each incident and neighbour: for how long its routes got how far, and from when to when
 *   they were passed on, which is what the scores are made of (score.h)
 *
 * A day consists of rows, which whoever keeps them writes down (key and value are text) and gives
 * back after a restart. Time in which nobody watched is in no sum: what is not known is a gap, not
 * zero. While a router is away, or the collector, an incident that is there before and after, with
 * less than BRIDGE_S between, is one.
 *
 * No clock, no I/O; the time comes in, in seconds since 1970 UTC.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "collector/norms/score.h"

struct ledger;

enum {
	LEDGER_NAME_MAX = 200, /* of a session */
	LEDGER_ID_MAX = 36,    /* of an incident */
	LEDGER_KEY_MAX = 320,
	LEDGER_SPANS_MAX = 32, /* of an incident and neighbour in a day; more are counted only */
	LEDGER_ITEMS_MAX = 50000,
	LEDGER_GAP_S = 90, /* so long nobody has told the time: nobody watched */
	LEDGER_BRIDGE_S = 1800
};

/* Where the routes of a session are counted. */
enum ledger_count { LEDGER_SENT, LEDGER_ACCEPTED, LEDGER_TOLD, LEDGER_COUNTS };

/* What becomes of wrong routes: sent by the neighbour; accepted; used (Loc-RIB); spread, to another
 * network; held: sent, and not accepted by a view that is monitored; and unproved: sent, and no
 * view shows whether they are accepted. */
enum ledger_fate {
	FATE_SENT,
	FATE_ACCEPTED,
	FATE_USED,
	FATE_SPREAD,
	FATE_HELD,
	FATE_UNPROVED,
	FATES
};
extern const char *const ledger_fate_names[FATES];

/* How far the routes of an incident are, in the order of enum furthest (incident.h). */
enum ledger_reach {
	REACH_FILTERED,
	REACH_RECEIVED,
	REACH_ACCEPTED,
	REACH_IN_USE,
	REACH_PASSED_ON,
	REACH_UNKNOWN,
	REACHES
};
extern const char *const ledger_reach_names[REACHES];

/* Of a session: nobody knows; it is down; it is known what it sends. */
enum ledger_state { LEDGER_UNKNOWN, LEDGER_DOWN, LEDGER_KNOWN };

/* Borrowed for the call. */
struct ledger_session {
	const char *name; /* router and address: what it is known by */
	uint32_t asn;
	bool ipv6;
	uint8_t relation; /* enum relation */
	uint8_t state;	  /* enum ledger_state */
	bool has[LEDGER_COUNTS];
	uint32_t n[LEDGER_COUNTS];
	uint32_t limit; /* of routes that it may send; 0: none is configured */
};

/* Of a router and a neighbour: its prefixes that are in use there, and that it passes on to other
 * networks. Only of neighbours that have a session, wherever. */
enum ledger_used { LEDGER_USED, LEDGER_SPREAD, LEDGER_USES };
struct ledger_use {
	const char *router;
	uint32_t asn;
	bool ipv6;
	bool has[LEDGER_USES]; /* the view is monitored */
	uint32_t n[LEDGER_USES];
};

/* Wrong routes of a neighbour that belong to one incident. */
struct ledger_way {
	const char *id;
	uint32_t occurrence, asn;
	uint8_t rule;		     /* enum rule: their gravest */
	bool ipv6, ours, doubtful;   /* doubtful: probably as it should be; never scored */
	bool unknown;		     /* nobody can say whether they are still there */
	uint32_t n[FATE_SPREAD + 1]; /* of each fate up to that */
	uint32_t unproved;
};

/* A row to be kept in place of the former one of that day and key. */
typedef void (*ledger_row)(
    void *ctx, const char *day, const char *key, const char *value, size_t len);

/* NULL when out of memory. */
struct ledger *ledger_new(ledger_row put, void *ctx);
void ledger_free(struct ledger *); /* NULL is fine */

/* After a restart, before anything else: a row of the day of now_s. Rows that cannot be read are
 * left out. */
void ledger_restore(struct ledger *, int64_t now_s, const char *key, const char *value, size_t len);
/* What was told held until now. */
void ledger_advance(struct ledger *, int64_t now_s);

/* From now on; a session that is not told again until ledger_end is gone. */
void ledger_begin(struct ledger *);
void ledger_session(struct ledger *, const struct ledger_session *);
/* These two behind the sessions. */
void ledger_use(struct ledger *, const struct ledger_use *);
void ledger_way(struct ledger *, const struct ledger_way *);
void ledger_end(struct ledger *);

/*
 * A row, read: what the words of its key and the numbers of its value are depends on the kind.
 *
 *   c                            watched_s left_out
 *   s ASN 4|6 NAME               relation limit known_s down_s, of each count: s sum most
 *   e ID                         of an incident with spans: its records are evidence (journal.h)
 *   u ASN 4|6 ROUTER             known_s, of used and of passed on: s sum most
 *   w ASN 4|6 RULE               of each fate: routes * seconds; of each fate: most at once
 *   i ASN 4|6 RULE FLAGS ID N    of each reach: seconds; more; spans: from to
 *
 * left_out: what there was no room for, the most at once. more: spans that there was no room for.
 * FLAGS: o (our own doing) or -, d (doubtful) or -. The first number of a value is 1, the version.
 */
enum { LEDGER_NUMBERS_MAX = 2 * LEDGER_SPANS_MAX + 16 };
struct ledger_row_read {
	char kind; /* 'c', 's', 'u', 'w', 'i' */
	uint32_t asn, occurrence;
	bool ipv6, ours, doubtful;
	uint8_t rule;		    /* enum rule */
	char text[LEDGER_NAME_MAX]; /* name of a session, id of an incident */
	uint64_t v[LEDGER_NUMBERS_MAX];
	unsigned n; /* numbers behind the version */
};
/* false when it cannot be read: it is of a later version, or damaged. */
bool ledger_row_parse(const char *key, const char *value, size_t len, struct ledger_row_read *out);

/* Put the rows of today that have changed. */
void ledger_put(struct ledger *);
/* The rows of today as they are; returns the day ("2026-11-27"), "" before any time was told. */
const char *ledger_today(struct ledger *, ledger_row each, void *ctx);
