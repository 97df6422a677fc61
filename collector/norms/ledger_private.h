/*
 * What the files of the ledger share:
 *
 *   ledger       what is so, and for how long
 *   ledger_rows  its rows, written and read
 *   ledger_items what there are rows of
 */
#pragma once

#include "base/ptrmap.h"
#include "collector/norms/ledger.h"

enum { ITEM_SESSION = 's', ITEM_USE = 'u', ITEM_WRONG = 'w', ITEM_WAY = 'i', ITEM_COLLECTOR = 'c' };

/* Compared and hashed as octets. */
struct ledger_name {
	uint32_t asn;
	char kind; /* ITEM_SESSION ... */
	uint8_t ipv6, rule, zero;
	/* a session: its name; what is used: the router; a way: flags, id and occurrence */
	char text[LEDGER_NAME_MAX];
};

/* What one row says, and what is so now. */
struct ledger_item {
	struct ledger_name name;
	bool here, dirty;
	uint32_t round;

	/* a session, or what is used, which has fewer counts */
	uint8_t state, relation;
	bool has[LEDGER_COUNTS];
	uint32_t n[LEDGER_COUNTS], most[LEDGER_COUNTS], limit;
	uint64_t known_s, down_s, count_s[LEDGER_COUNTS], sum[LEDGER_COUNTS];

	/* wrong routes: now, at most, and routes times seconds */
	uint32_t fate[FATES], fate_most[FATES];
	uint64_t fate_s[FATES];

	/* a way */
	uint8_t reach;
	bool open;   /* the last span goes on */
	bool blind;  /* it was open when nobody could see it any more */
	bool beyond; /* it is passed on, in a span that there was no room for */
	uint32_t more, spans_n;
	uint64_t reach_s[REACHES];
	struct norm_span spans[LEDGER_SPANS_MAX];

	struct ledger_item *next;
};

struct ledger {
	ledger_row put;
	void *ctx;
	int64_t now_s; /* 0: no time was told */
	char today[NORM_DAY_MAX];
	uint64_t watched_s, left_out; /* left_out: the most that were missing at once */
	uint32_t missing;	      /* of what is so now, what there is no room for */
	bool dirty;
	uint32_t round, items_n;
	uint64_t neighbors[65536 / 64]; /* a bit per hash of AS and family that has a session */
	uint64_t known[65536 / 64];	/* the same, of which it is known what it sends */
	struct ledger_item *items;
	struct ptrmap by_name;
};

/* --- ledger_items.c */

/* The item of that name, made when there is none; NULL when there is no room. */
struct ledger_item *ledger_item(struct ledger *, const struct ledger_name *);
struct ledger_name ledger_name(char kind, uint32_t asn, bool ipv6, uint8_t rule, const char *text);

/* Forget the one to which that points. */
void ledger_take_out(struct ledger *, struct ledger_item **);

/* --- ledger_rows.c */

/* Put what has changed, as rows of the day in which that second lies. */
void ledger_put_day(struct ledger *, int64_t at_s);
