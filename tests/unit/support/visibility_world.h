/* Two border routers and what they have of our own prefixes, for the suites of visibility: what is
 * told, and what is kept over a restart. */
#pragma once

#include "tests/unit/support/harness.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/pure/text.h"
#include "collector/incident/visibility.h"

enum { SECOND = 1000000, HOLD = 90, OPEN_MAX = 64, KEPT_MAX = 1024, MANY = 20 };

struct told {
	char kind[32], about[160], text[RECORD_TEXT_MAX];
	uint8_t severity;
	uint32_t prefixes;
	unsigned related;
	bool unknown;
};

struct kept {
	char key[256], value[900];
};

struct fixture {
	struct visibility *v;
	struct detect *detect;
	struct visibility_config config;
	struct told open[OPEN_MAX];
	unsigned open_n, changes, ends;
	struct kept kept[KEPT_MAX];
	unsigned kept_n;
	int64_t now;
};

static inline struct told *
find(struct fixture *w, const char *kind, const char *about)
{
	for (unsigned i = 0; i < w->open_n; i++)
		if (strcmp(w->open[i].about, about) == 0 && strcmp(w->open[i].kind, kind) == 0)
			return &w->open[i];
	return NULL;
}

/* What is told of the Adj-RIBs-Out by this; with severity 0 when nothing is. */
static inline struct told
of(struct fixture *w, const char *about)
{
	const struct told *t = find(w, "visibility.out", about);

	return t != NULL ? *t : (struct told){ .severity = 0 };
}

static inline void
on_set(void *ctx, const struct condition_said *said)
{
	struct fixture *w = ctx;
	struct told *t = find(w, said->kind, said->about);

	if (t == NULL) {
		ck_assert_uint_lt(w->open_n, OPEN_MAX);
		t = &w->open[w->open_n++];
		*t = (struct told){ .severity = 0 };
		text_copy(t->kind, sizeof(t->kind), said->kind);
		text_copy(t->about, sizeof(t->about), said->about);
	}
	w->changes += t->severity != said->severity || strcmp(t->text, said->text) != 0;
	w->changes += t->unknown;
	t->unknown = false;
	text_copy(t->text, sizeof(t->text), said->text);
	t->severity = said->severity;
	t->prefixes = said->prefixes->n;
	t->related = said->prefixes->related_n;
}

static inline void
on_clear(void *ctx, const char *kind, const char *about, const char *text)
{
	struct fixture *w = ctx;
	struct told *t = find(w, kind, about);

	ck_assert_uint_gt(strlen(text), 0);
	w->ends += t != NULL;
	if (t != NULL)
		*t = w->open[--w->open_n];
}

static inline void
on_unknown(void *ctx, const char *kind, const char *about)
{
	struct fixture *w = ctx;
	struct told *t = find(w, kind, about);

	w->changes += t != NULL && !t->unknown;
	if (t != NULL)
		t->unknown = true;
}

static inline void
on_keep_only(void *ctx, const char *const *abouts, size_t n)
{
	struct fixture *w = ctx;

	for (unsigned i = w->open_n; i-- > 0;) {
		bool is = false;

		for (size_t k = 0; k < n; k++)
			is |= strcmp(abouts[k], w->open[i].about) == 0;
		if (!is)
			on_clear(w, w->open[i].kind, w->open[i].about, "not so");
	}
}

static inline void
on_keep(void *ctx, const char *key, const char *value, size_t len)
{
	struct fixture *w = ctx;
	unsigned i = 0;

	while (i < w->kept_n && strcmp(w->kept[i].key, key) != 0)
		i++;
	if (value == NULL && i < w->kept_n)
		w->kept[i] = w->kept[--w->kept_n];
	if (value == NULL)
		return;
	ck_assert_uint_lt(i, KEPT_MAX);
	w->kept_n += i == w->kept_n;
	text_copy(w->kept[i].key, sizeof(w->kept[i].key), key);
	ck_assert_uint_lt(len, sizeof(w->kept[i].value));
	snprintf(w->kept[i].value, sizeof(w->kept[i].value), "%.*s", (int)len, value);
}

static const struct visibility_ops ops = { .set = on_set,
	.clear = on_clear,
	.unknown = on_unknown,
	.keep_only = on_keep_only,
	.keep = on_keep };

static inline struct ip_prefix
prefix_at(unsigned i)
{
	struct ip_prefix p;
	char text[32];

	snprintf(text, sizeof(text), "203.0.%u.0/24", i);
	ck_assert(ip_prefix_parse(text, true, &p));
	return p;
}

static inline struct detect *
rules(unsigned own, uint16_t generation)
{
	static const uint32_t asns[] = { 64500 };
	struct detect_own v[MANY] = { { .origins = NULL } };
	struct detect_config c = { .own_asns = asns, .own_asns_n = 1, .own = v, .own_n = own };

	for (unsigned i = 0; i < own; i++)
		v[i].prefix = prefix_at(i);
	return detect_new(&c, generation);
}

static inline void
begin(struct fixture *w, unsigned own)
{
	memset(w, 0, sizeof(*w));
	w->now = 1700000000LL * SECOND;
	w->config = (struct visibility_config){ .hold_s = HOLD, .away_s = 120, .group_at = 8 };
	w->detect = rules(own, 1);
	w->v = visibility_new(&ops, w);
	ck_assert_ptr_nonnull(w->v);
	visibility_configure(w->v, &w->config);
}

static inline void
end(struct fixture *w)
{
	visibility_free(w->v);
	detect_free(w->detect);
}

static inline void
wait_s(struct fixture *w, unsigned seconds)
{
	for (unsigned i = 0; i < seconds; i++) {
		w->now += SECOND;
		visibility_tick(w->v, w->detect, w->now);
	}
}

/* --- two border routers, each with a provider, a customer and an iBGP neighbour */

enum place { OUT, LOC, IN };

static inline struct visibility_source
at(unsigned router, enum place place)
{
	static const char *const names[] = { "edge1", "edge2", "edge3", "edge4" };
	static const char *const providers[] = { "192.0.2.1", "192.0.2.2", "192.0.2.3",
		"192.0.2.4" };
	struct visibility_source s = { .router = names[router], .distinguisher = "" };

	s.peer = place == OUT ? providers[router] : place == LOC ? "loc-rib" : "10.0.0.1";
	s.peer_as = place == OUT ? 64510 + router : 64500;
	s.relation = place == OUT  ? NEIGHBOR_PROVIDER
		     : place == IN ? NEIGHBOR_INTERNAL
				   : NEIGHBOR_UNKNOWN;
	s.outside = place == OUT;
	return s;
}

static inline void
say(struct fixture *w, unsigned router, enum place place, const struct ip_prefix *p, bool there)
{
	static const uint8_t views[] = { VIEW_OUT_POST, VIEW_LOC_RIB, VIEW_IN_POST };
	struct visibility_source s = at(router, place);

	visibility_at(w->v, &s, p, views[place], false, there,
	    there ? REASON_ANNOUNCED : REASON_WITHDRAWN, w->now);
}

/* What is there of a prefix, at both, or no longer. */
static inline void
everywhere(struct fixture *w, const struct ip_prefix *p, bool there)
{
	for (unsigned r = 0; r < 2; r++)
		for (int k = 2; k >= 0; k--)
			say(w, r, (enum place)k, p, there);
}

static inline void
session(struct fixture *w, unsigned router, enum place place, bool up)
{
	struct visibility_source s = at(router, place);

	visibility_peer(w->v, &s, up, "hold timer expired", w->now);
}

/* Both have it and are told all. */
static inline void
settled(struct fixture *w, unsigned own)
{
	begin(w, own);
	for (unsigned r = 0; r < 2; r++)
		for (int k = 0; k < 3; k++)
			session(w, r, (enum place)k, true);
	for (unsigned i = 0; i < own; i++) {
		struct ip_prefix p = prefix_at(i);

		everywhere(w, &p, true);
	}
	wait_s(w, HOLD + 1);
	ck_assert_uint_eq(w->open_n, 0);
}
