/*
 * The RPKI data as a whole, with sources made of calls and a clock made of numbers: the owner,
 * which notes what it is told, and what a source can say.
 */
#pragma once

#include "collector/rpki/rpki_data.h"
#include "tests/unit/support/harness.h"

/* What the owner saw. */
static struct {
	struct vrp_list in_force;
	size_t sets;
	bool by_config; /* the last of them */
	enum rpki_state state;
	char order[64]; /* of sets and states: "s" a set, "0" to "3" a state */
	bool open[RPKI_ALARMS][8];
	bool grave[RPKI_ALARMS];
	char about[8][32], text[RPKI_ALARMS][400];
	unsigned abouts;
} seen;

static struct rpki_data *d;
static int64_t now;
static struct rpki_limits limits;

static inline void
on_in_force(void *ctx, struct vrp_set *set, const struct vrp_delta *delta, bool by_config)
{
	struct vrp_delta all;

	(void)ctx;
	(void)delta;
	vrp_list_free(&seen.in_force);
	ck_assert(vrp_delta_between(NULL, set, &all));
	seen.in_force = all.added;
	seen.sets++;
	seen.by_config = by_config;
	strncat(seen.order, "s", sizeof(seen.order) - strlen(seen.order) - 1);
}

static inline void
on_state(void *ctx, enum rpki_state state)
{
	char digit[2] = { (char)('0' + state) };

	(void)ctx;
	ck_assert_int_ne(state, seen.state);
	seen.state = state;
	strncat(seen.order, digit, sizeof(seen.order) - strlen(seen.order) - 1);
}

static inline unsigned
about_number(const char *about)
{
	unsigned i = 0;

	while (i < seen.abouts && strcmp(seen.about[i], about) != 0)
		i++;
	if (i == seen.abouts) {
		ck_assert_uint_lt(i, 8);
		snprintf(seen.about[seen.abouts++], sizeof(seen.about[0]), "%.31s", about);
	}
	return i;
}

static inline void
on_alarm(void *ctx, enum rpki_alarm a, const char *about, bool holds, bool grave, const char *text)
{
	(void)ctx;
	ck_assert_msg(text[0] != '\0' && strlen(text) < 400, "%s", text);
	seen.open[a][about_number(about)] = holds;
	if (holds) {
		seen.grave[a] = grave;
		snprintf(seen.text[a], sizeof(seen.text[a]), "%.399s", text);
	}
}

static inline void
on_note(void *ctx, const char *text)
{
	(void)ctx;
	(void)text;
}

static const struct rpki_data_ops ops = {
	.in_force = on_in_force, .state = on_state, .alarm = on_alarm, .note = on_note
};

static inline void
setup(void)
{
	memset(&seen, 0, sizeof(seen));
	now = 1000000000;
	limits = (struct rpki_limits){
		.settle_s = 120, .hold_s = 3600, .loss = { .percent = 10, .least = 50 }
	};
	d = rpki_data_new(&ops, NULL);
	ck_assert_ptr_nonnull(d);
}

static inline void
teardown(void)
{
	rpki_data_free(d);
	vrp_list_free(&seen.in_force);
}

/* --- words */

static inline bool
open(enum rpki_alarm a, const char *about)
{
	return seen.open[a][about_number(about)];
}

static inline unsigned
open_alarms(void)
{
	unsigned n = 0;

	for (int a = 0; a < RPKI_ALARMS; a++)
		for (unsigned i = 0; i < seen.abouts; i++)
			n += seen.open[a][i];
	return n;
}

static inline struct rpki_source *
source(enum rpki_source_kind kind, const char *name)
{
	struct rpki_source *s = rpki_data_add(d, kind, name, now);

	ck_assert_ptr_nonnull(s);
	return s;
}

static inline void
configured(void)
{
	rpki_data_configured(d, &limits, now);
	rpki_data_tick(d, now);
}

static inline void
after(int s)
{
	now += (int64_t)s * 1000000;
	rpki_data_tick(d, now);
}

static inline struct vrp
vrp_n(uint32_t n)
{
	uint8_t b[16] = { (uint8_t)(10 + (n >> 16)), (uint8_t)(n >> 8), (uint8_t)n };
	struct vrp v;

	memset(&v, 0, sizeof(v));
	ck_assert(ip_prefix_make(&v.prefix, IP_V4, b, 24));
	v.max_len = 24;
	v.asn = 64500;
	return v;
}

static inline void
report(struct rpki_source *s, bool in_step, bool broken, bool expired)
{
	struct rpki_source_report r = { .in_step = in_step,
		.broken = broken,
		.expired = expired,
		.why = in_step ? "" : "hung up",
		.first_rejected = "" };

	rpki_source_report(s, &r, now);
}

/* The source says VRPs from..from+n-1. */
static inline void
say(struct rpki_source *s, uint32_t from, uint32_t n)
{
	struct vrp_list l = { 0 };

	for (uint32_t i = from; i < from + n; i++) {
		struct vrp v = vrp_n(i);

		ck_assert(vrp_list_add(&l, &v));
	}
	rpki_source_said(s, &l, NULL, now);
	ck_assert_ptr_null(l.v);
	report(s, true, false, false);
	rpki_data_tick(d, now);
}

static inline void
say_one(struct rpki_source *s, const char *prefix, uint32_t asn, const char *ta)
{
	struct vrp_tas tas = { .n = ta != NULL };
	struct vrp_list l = { 0 };
	struct vrp v = vrp_n(1);

	ck_assert(vrp_list_add(&l, &v));
	ck_assert(ip_prefix_parse(prefix, true, &v.prefix));
	v.max_len = v.prefix.len;
	v.asn = asn;
	v.ta = ta != NULL;
	ck_assert(vrp_list_add(&l, &v));
	vrp_list_sort_unique(&l);
	if (ta != NULL)
		snprintf(tas.name[0], sizeof(tas.name[0]), "%s", ta);
	rpki_source_said(s, &l, &tas, now);
	report(s, true, false, false);
	rpki_data_tick(d, now);
}
