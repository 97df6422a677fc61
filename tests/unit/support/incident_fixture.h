/* A table of incidents with one router that is complete, and what the table told. */
#pragma once

#include "collector/incident/incident.h"
#include "tests/unit/support/harness.h"

enum { LOG_MAX = 256, SECOND = 1000000 };

struct fixture {
	struct incidents *table;
	struct record log[LOG_MAX];
	unsigned n, events;
	int64_t now;
};

static inline void
on_record(void *ctx, const struct record *r)
{
	struct fixture *w = ctx;

	if (r->kind == RECORD_EVENT) {
		w->events++;
		return;
	}
	ck_assert_uint_lt(w->n, LOG_MAX);
	w->log[w->n++] = *r;
}

static inline void
on_kept(void *ctx, const struct record *r, unsigned part)
{
	(void)part;
	(void)ctx;
	(void)r;
}

static const struct incidents_ops ops = { .emit = on_record, .keep = on_kept };

static const struct incident_config usual = { .collector = "t",
	.hold_ms = 2000,
	.update_s = 300,
	.feed_grace_s = 30,
	.forget_s = 3600,
	.settle_s = 120,
	.max = 1000 };

/* Before origin validation has said anything. */
static inline void
setup_unjudged(struct fixture *w)
{
	memset(w, 0, sizeof(*w));
	w->now = 1700000000LL * SECOND;
	w->table = incidents_new(&usual, &ops, w);
	incidents_feed(w->table, 0, "r1", FEED_UP,
	    1 << VIEW_IN_PRE | 1 << VIEW_IN_POST | 1 << VIEW_LOC_RIB | 1 << VIEW_OUT_POST, w->now);
	incidents_feed(w->table, 0, "r1", FEED_SYNCED, 0, w->now);
}

static inline void
setup(struct fixture *w)
{
	setup_unjudged(w);
	incidents_verdicts(w->table, VERDICTS_WHOLE, w->now);
}

static inline void
pass(struct fixture *w, double seconds)
{
	for (int i = 0; i < (int)(seconds * 10); i++) {
		w->now += SECOND / 10;
		incidents_tick(w->table, w->now);
	}
}

static inline struct finding
make(enum rule rule, uint8_t view, const char *prefix, uint32_t as)
{
	struct finding f = { .rules = 1U << rule,
		.view = view,
		.path_id = as, /* each origin has a route of its own */
		.has_origin = true,
		.origin = as,
		.leaker_as = as,
		.via_as = 64501,
		.peer_as = 64501,
		.relation = NEIGHBOR_CUSTOMER,
		.views_monitored = (1U << VIEWS) - 1,
		.cause = REASON_ANNOUNCED };

	ip_prefix_parse(prefix, true, &f.prefix);
	ip_prefix_parse("203.0.113.0/24", true, &f.own);
	ip_addr_parse("192.0.2.1", &f.address);
	return f;
}

static inline void
on(struct fixture *w, struct finding f)
{
	f.at_us = w->now;
	incidents_finding(w->table, &f, w->now);
}

/* The router's feed is complete, and so is the peer of make() in every view. */
static inline void
told_all(struct fixture *w)
{
	struct ip_addr peer;

	ip_addr_parse("192.0.2.1", &peer);
	incidents_feed(w->table, 0, "r1", FEED_SYNCED, 0xff, w->now);
	incidents_complete(w->table, 0, &peer, "", SOURCE_V4, 0xff, w->now);
}

static inline void
off(struct fixture *w, struct finding f, uint8_t cause)
{
	f.rules = 0;
	f.cause = cause;
	incidents_finding(w->table, &f, w->now);
}

/* The open incident at this index. */
static inline bool
nth(struct fixture *w, unsigned index, struct record *out)
{
	uint64_t cursor = 0;

	do
		if (!incidents_next(w->table, &cursor, out))
			return false;
	while (index-- > 0);
	return true;
}

static inline const struct record_incident *
last(const struct fixture *w)
{
	ck_assert_uint_gt(w->n, 0);
	return &w->log[w->n - 1].incident;
}
