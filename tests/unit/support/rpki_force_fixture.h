/*
 * VRPs that are tried out before they are used: a table of routes stands for the workers, the
 * sources are made of calls, and what the owner saw is noted.
 */
#pragma once

#include "collector/rpki/rpki_data.h"
#include "tests/unit/support/harness.h"

enum { ROUTES = 64, HOLD_S = 3600 };

/* A route of a router's table. */
static struct {
	struct ip_prefix prefix;
	uint32_t origin;
	bool ours;
} routes[ROUTES];
static unsigned routes_n;

static struct rpki_data *d;
static struct rpki_source *source;
static int64_t now;
static struct rpki_limits limits;

/* What the owner saw. */
static struct {
	struct vrp_set *set; /* in force */
	struct vrp_trial *trial;
	size_t trials, sets;
	bool late; /* answers come when the test gives them */
	/* about the sources f and b, and all: 1 open, 2 and grave; about any */
	int about[RPKI_ALARMS][3];
	enum rpki_state state;
	bool open[RPKI_ALARMS], grave[RPKI_ALARMS];
	char text[RPKI_ALARMS][400], closed[RPKI_ALARMS][400];
} seen;

/* As a worker does it. */
static inline void
count_routes(struct vrp_trial *t)
{
	for (unsigned i = 0; i < routes_n; i++) {
		uint32_t blamed[VRP_TRIAL_BLAMED_MAX], origin = routes[i].origin;
		const struct ip_prefix *p = &routes[i].prefix;
		unsigned n = 0;

		if (vrp_trial_turns(t, seen.set, vrp_validate(seen.set, p, true, origin), p, true,
			origin, blamed, &n))
			vrp_trial_add(t, p, routes[i].ours, blamed, n);
	}
	vrp_trial_end_router(t);
}

static inline void
answer(void)
{
	struct vrp_trial *t = seen.trial;

	seen.trial = NULL;
	if (t == NULL)
		return;
	count_routes(t);
	rpki_data_tried(d, t, now);
	vrp_trial_free(t);
}

static inline bool
on_try_out(void *ctx, struct vrp_set *set, const struct vrp_delta *delta)
{
	(void)ctx;
	ck_assert_ptr_null(seen.trial);
	seen.trial = vrp_trial_new(set, delta);
	ck_assert_ptr_nonnull(seen.trial);
	seen.trials++;
	return true;
}

static inline void
on_in_force(void *ctx, struct vrp_set *set, const struct vrp_delta *delta, bool by_config)
{
	(void)ctx;
	(void)delta;
	(void)by_config;
	vrp_set_unref(seen.set);
	seen.set = vrp_set_ref(set);
	seen.sets++;
}

static inline void
on_alarm(void *ctx, enum rpki_alarm a, const char *about, bool holds, bool grave, const char *text)
{
	unsigned k = strcmp(about, "f") == 0 ? 0 : strcmp(about, "b") == 0 ? 1 : 2;

	(void)ctx;
	ck_assert_uint_lt(strlen(text), 400);
	snprintf(holds ? seen.text[a] : seen.closed[a], sizeof(seen.text[a]), "%.399s", text);
	seen.about[a][k] = holds ? 1 + grave : 0;
	seen.open[a] = seen.grave[a] = false;
	for (k = 0; k < 3; k++) {
		seen.open[a] |= seen.about[a][k] > 0;
		seen.grave[a] |= seen.about[a][k] > 1;
	}
}

static inline void
on_state(void *ctx, enum rpki_state state)
{
	(void)ctx;
	seen.state = state;
}

static inline void
on_note(void *ctx, const char *text)
{
	(void)ctx;
	(void)text;
}

static const struct rpki_data_ops ops = { .in_force = on_in_force,
	.state = on_state,
	.try_out = on_try_out,
	.alarm = on_alarm,
	.note = on_note };

/* --- words */

static inline void
tick(void)
{
	rpki_data_tick(d, now);
	for (int i = 0; i < 10 && !seen.late && seen.trial != NULL; i++)
		answer();
	ck_assert_msg(seen.late || seen.trial == NULL, "trials come to an end");
}

static inline void
after(int s)
{
	now += (int64_t)s * 1000000;
	tick();
}

static inline void
in_step(struct rpki_source *s)
{
	struct rpki_source_report r = { .in_step = true, .why = "", .first_rejected = "" };

	rpki_source_report(s, &r, now);
}

static inline void
setup(void)
{
	memset(&seen, 0, sizeof(seen));
	routes_n = 0;
	now = 1000000000;
	limits = (struct rpki_limits){ .settle_s = 120,
		.hold_s = HOLD_S,
		.loss = { .percent = 100, .least = 1000 },
		.max_invalid = 3 };
	d = rpki_data_new(&ops, NULL);
	ck_assert_ptr_nonnull(d);
	source = rpki_data_add(d, RPKI_FILE, "f", now);
	in_step(source);
	rpki_data_configured(d, &limits, now);
}

static inline void
teardown(void)
{
	rpki_data_free(d);
	vrp_set_unref(seen.set);
	vrp_trial_free(seen.trial);
}

static inline void
route(const char *prefix, uint32_t origin, bool ours)
{
	ck_assert_uint_lt(routes_n, ROUTES);
	ck_assert(ip_prefix_parse(prefix, true, &routes[routes_n].prefix));
	routes[routes_n].origin = origin;
	routes[routes_n++].ours = ours;
}

/* n routes of 10.0.k.0/24, of AS 1000 + k or of one AS. */
static inline void
some_routes(unsigned n, uint32_t origin)
{
	char text[32];

	for (unsigned k = 0; k < n; k++) {
		snprintf(text, sizeof(text), "10.0.%u.0/24", k);
		route(text, origin != 0 ? origin : 1000 + k, false);
	}
}

/* "10.0.0.0/16 24 64500, ..." beside one that is always there. */
static inline void
say(const char *vrps)
{
	struct vrp_list l = { 0 };
	char prefix[64];
	unsigned max_len, asn;
	struct vrp v;

	memset(&v, 0, sizeof(v));
	ip_prefix_parse("203.0.113.0/24", true, &v.prefix);
	v.max_len = 24;
	v.asn = 64500;
	ck_assert(vrp_list_add(&l, &v));
	while (vrps != NULL && sscanf(vrps, "%63s %u %u", prefix, &max_len, &asn) == 3) {
		ck_assert(ip_prefix_parse(prefix, true, &v.prefix));
		v.max_len = (uint8_t)max_len;
		v.asn = asn;
		ck_assert(vrp_list_add(&l, &v));
		vrps = strchr(vrps, ',');
		vrps = vrps != NULL ? vrps + 1 : NULL;
	}
	vrp_list_sort_unique(&l);
	rpki_source_said(source, &l, NULL, now);
	tick();
}

static inline bool
in_force(const char *prefix, uint8_t max_len, uint32_t asn)
{
	struct vrp v;

	memset(&v, 0, sizeof(v));
	ck_assert(ip_prefix_parse(prefix, true, &v.prefix));
	v.max_len = max_len;
	v.asn = asn;
	return vrp_set_has(seen.set, &v);
}

static inline bool
tells(enum rpki_alarm a, const char *words)
{
	return seen.open[a] && strstr(seen.text[a], words) != NULL;
}

/* VRPs 100.0.k.0/24 of AS 64500, then `more` for the first routes, of AS 0. */
static inline void
say_many(struct rpki_source *s, unsigned n, unsigned more)
{
	struct vrp_list l = { 0 };
	struct vrp v;

	memset(&v, 0, sizeof(v));
	v.max_len = 24;
	for (unsigned k = 0; k < n + more; k++) {
		uint8_t b[16] = { k < n ? 100 : 10, 0, (uint8_t)(k < n ? k : k - n) };

		ip_prefix_make(&v.prefix, IP_V4, b, 24);
		v.asn = k < n ? 64500 : 0;
		ck_assert(vrp_list_add(&l, &v));
	}
	vrp_list_sort_unique(&l);
	rpki_source_said(s, &l, NULL, now);
	in_step(s);
	tick();
}

static inline struct rpki_source *
two_sources(void)
{
	struct rpki_source *b = rpki_data_add(d, RPKI_CACHE, "b", now);

	limits.loss = (struct vrp_loss_limits){ .percent = 10, .least = 5 };
	limits.max_invalid = 20;
	rpki_data_configured(d, &limits, now);
	return b;
}
