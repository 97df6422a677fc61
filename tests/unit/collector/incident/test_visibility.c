/* Whether own prefixes are where they were: what is told, about what, and when it is over. */
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

static struct told *
find(struct fixture *w, const char *kind, const char *about)
{
	for (unsigned i = 0; i < w->open_n; i++)
		if (strcmp(w->open[i].about, about) == 0 && strcmp(w->open[i].kind, kind) == 0)
			return &w->open[i];
	return NULL;
}

/* What is told of the Adj-RIBs-Out by this; with severity 0 when nothing is. */
static struct told
of(struct fixture *w, const char *about)
{
	const struct told *t = find(w, "visibility.out", about);

	return t != NULL ? *t : (struct told){ .severity = 0 };
}

static void
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
	text_copy(t->text, sizeof(t->text), said->text);
	t->severity = said->severity;
	t->prefixes = said->prefixes->n;
	t->related = said->prefixes->related_n;
}

static void
on_clear(void *ctx, const char *kind, const char *about, const char *text)
{
	struct fixture *w = ctx;
	struct told *t = find(w, kind, about);

	ck_assert_uint_gt(strlen(text), 0);
	w->ends += t != NULL;
	if (t != NULL)
		*t = w->open[--w->open_n];
}

static void
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

static void
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

static const struct visibility_ops ops = {
	.set = on_set, .clear = on_clear, .keep_only = on_keep_only, .keep = on_keep
};

static struct ip_prefix
prefix_at(unsigned i)
{
	struct ip_prefix p;
	char text[32];

	snprintf(text, sizeof(text), "203.0.%u.0/24", i);
	ck_assert(ip_prefix_parse(text, true, &p));
	return p;
}

static struct detect *
rules(unsigned own, uint16_t generation)
{
	static const uint32_t asns[] = { 64500 };
	struct detect_own v[MANY] = { { .origins = NULL } };
	struct detect_config c = { .own_asns = asns, .own_asns_n = 1, .own = v, .own_n = own };

	for (unsigned i = 0; i < own; i++)
		v[i].prefix = prefix_at(i);
	return detect_new(&c, generation);
}

static void
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

static void
end(struct fixture *w)
{
	visibility_free(w->v);
	detect_free(w->detect);
}

static void
wait_s(struct fixture *w, unsigned seconds)
{
	for (unsigned i = 0; i < seconds; i++) {
		w->now += SECOND;
		visibility_tick(w->v, w->detect, w->now);
	}
}

/* --- two border routers, each with a provider, a customer and an iBGP neighbour */

enum place { OUT, LOC, IN };

static struct visibility_source
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

static void
say(struct fixture *w, unsigned router, enum place place, const struct ip_prefix *p, bool there)
{
	static const uint8_t views[] = { VIEW_OUT_POST, VIEW_LOC_RIB, VIEW_IN_POST };
	struct visibility_source s = at(router, place);

	visibility_at(w->v, &s, p, views[place], false, there,
	    there ? REASON_ANNOUNCED : REASON_WITHDRAWN, w->now);
}

/* What is there of a prefix, at both, or no longer. */
static void
everywhere(struct fixture *w, const struct ip_prefix *p, bool there)
{
	for (unsigned r = 0; r < 2; r++)
		for (int k = 2; k >= 0; k--)
			say(w, r, (enum place)k, p, there);
}

static void
session(struct fixture *w, unsigned router, enum place place, bool up)
{
	struct visibility_source s = at(router, place);

	visibility_peer(w->v, &s, up, "hold timer expired", w->now);
}

/* Both have it and are told all. */
static void
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

START_TEST(hold_on_both_sides)
{
	struct ip_prefix p = prefix_at(0);
	struct fixture w;

	begin(&w, 1);
	session(&w, 0, OUT, true);
	say(&w, 0, OUT, &p, true);
	wait_s(&w, HOLD - 1);
	say(&w, 0, OUT, &p, false); /* it did not belong there yet */
	wait_s(&w, 3 * HOLD);
	ck_assert_uint_eq(w.changes, 0);
	say(&w, 0, OUT, &p, true);
	wait_s(&w, HOLD + 1);
	ck_assert_uint_eq(w.kept_n, 1);
	say(&w, 0, OUT, &p, false);
	wait_s(&w, HOLD - 1);
	say(&w, 0, OUT, &p, true);
	wait_s(&w, HOLD);
	ck_assert_uint_eq(w.changes, 0);
	say(&w, 0, OUT, &p, false);
	wait_s(&w, HOLD);
	ck_assert_uint_eq(w.open_n, 1);
	ck_assert_uint_eq(w.open[0].severity, SEVERITY_CRITICAL);
	end(&w);
}
END_TEST

START_TEST(one_session_is_one_incident)
{
	struct fixture w;

	settled(&w, MANY);
	session(&w, 0, OUT, false);
	wait_s(&w, HOLD);
	ck_assert_uint_eq(w.open_n, 1);
	ck_assert_str_eq(w.open[0].kind, "visibility.out");
	ck_assert_str_eq(w.open[0].about, "session edge1 192.0.2.1");
	ck_assert_uint_eq(w.open[0].prefixes, MANY);
	ck_assert_uint_eq(w.open[0].severity, SEVERITY_WARNING);
	ck_assert_ptr_nonnull(strstr(w.open[0].text, "hold timer expired"));
	ck_assert_ptr_nonnull(strstr(w.open[0].text, "still to 192.0.2.2 AS64511 of edge2"));
	/* the other one, too: now nobody has them, which is told of that session */
	session(&w, 1, OUT, false);
	wait_s(&w, HOLD - 1);
	ck_assert_uint_eq(w.open_n, 1);
	ck_assert_uint_eq(w.open[0].severity, SEVERITY_WARNING);
	wait_s(&w, 2);
	ck_assert_uint_eq(w.open_n, 2);
	ck_assert_uint_eq(of(&w, "session edge1 192.0.2.1").severity, SEVERITY_WARNING);
	ck_assert_uint_eq(of(&w, "session edge2 192.0.2.2").severity, SEVERITY_CRITICAL);
	ck_assert_uint_eq(of(&w, "session edge2 192.0.2.2").related, 1);
	for (unsigned r = 0; r < 2; r++) {
		session(&w, r, OUT, true);
		for (unsigned i = 0; i < MANY; i++) {
			struct ip_prefix p = prefix_at(i);

			say(&w, r, OUT, &p, true);
		}
		wait_s(&w, 1);
		ck_assert_uint_eq(w.open_n, 1 - r);
	}
	end(&w);
}
END_TEST

START_TEST(withdrawn_is_of_the_prefix)
{
	struct ip_prefix p = prefix_at(3);
	struct fixture w;

	settled(&w, MANY);
	everywhere(&w, &p, false);
	wait_s(&w, HOLD);
	ck_assert_uint_eq(w.open_n, 1);
	ck_assert_str_eq(w.open[0].about, "203.0.3.0/24");
	ck_assert_uint_eq(w.open[0].severity, SEVERITY_CRITICAL);
	ck_assert_ptr_nonnull(strstr(w.open[0].text, "withdrawn by 10.0.0.1"));
	everywhere(&w, &p, true);
	wait_s(&w, 1);
	ck_assert_uint_eq(w.open_n, 0);
	/* all of them at once are one */
	for (unsigned i = 0; i < MANY; i++) {
		p = prefix_at(i);
		everywhere(&w, &p, false);
	}
	wait_s(&w, HOLD);
	ck_assert_uint_eq(w.open_n, 1);
	ck_assert_str_eq(w.open[0].about, "own prefixes");
	ck_assert_uint_eq(w.open[0].prefixes, MANY);
	end(&w);
}
END_TEST

/* The router still has it, and one provider does not get it: a policy, of that session. */
START_TEST(a_policy_is_of_the_session)
{
	struct ip_prefix p = prefix_at(0);
	struct fixture w;

	settled(&w, 1);
	say(&w, 0, OUT, &p, false);
	wait_s(&w, HOLD);
	ck_assert_uint_eq(w.open_n, 1);
	ck_assert_str_eq(w.open[0].about, "session edge1 192.0.2.1");
	ck_assert_ptr_nonnull(strstr(w.open[0].text, "edge1 has withdrawn it from 192.0.2.1"));
	say(&w, 0, OUT, &p, true);
	wait_s(&w, 1);
	say(&w, 0, OUT, &p, false);
	say(&w, 1, OUT, &p, false);
	wait_s(&w, HOLD);
	ck_assert_uint_eq(w.open_n, 1);
	ck_assert_str_eq(w.open[0].about, "203.0.0.0/24");
	ck_assert_uint_eq(w.open[0].severity, SEVERITY_CRITICAL);
	end(&w);
}
END_TEST

START_TEST(loc_rib_of_a_border_router)
{
	struct ip_prefix p = prefix_at(0);
	struct fixture w;

	settled(&w, 1);
	session(&w, 1, IN, false);
	w.now += SECOND;
	say(&w, 1, LOC, &p, false);
	wait_s(&w, HOLD);
	ck_assert_uint_eq(w.open_n, 1);
	ck_assert_str_eq(w.open[0].kind, "visibility.loc-rib");
	ck_assert_str_eq(w.open[0].about, "session edge2 10.0.0.1");
	ck_assert_uint_eq(w.open[0].severity, SEVERITY_WARNING);
	ck_assert_ptr_nonnull(strstr(w.open[0].text, "still in that of edge1"));
	/* it goes out no longer, either: the same cause, and one incident */
	say(&w, 1, OUT, &p, false);
	wait_s(&w, HOLD);
	ck_assert_uint_eq(w.open_n, 1);
	ck_assert_str_eq(w.open[0].kind, "visibility.out");
	ck_assert_str_eq(w.open[0].about, "session edge2 10.0.0.1");
	end(&w);
}
END_TEST

START_TEST(who_says_nothing_says_nothing)
{
	struct ip_prefix p = prefix_at(0);
	struct visibility_source s = at(0, OUT);
	struct fixture w;

	settled(&w, 1);
	visibility_router(w.v, "edge1", FEED_DOWN, w.now);
	visibility_at(w.v, &s, &p, VIEW_OUT_POST, false, false, REASON_FEED_LOST, w.now + SECOND);
	wait_s(&w, 500);
	ck_assert_uint_eq(w.changes, 0);
	/* what the other one loses meanwhile leaves nobody of whom it is known */
	session(&w, 1, OUT, false);
	wait_s(&w, HOLD);
	ck_assert_uint_eq(w.open_n, 1);
	ck_assert_uint_eq(w.open[0].severity, SEVERITY_MAJOR);
	ck_assert_ptr_nonnull(
	    strstr(w.open[0].text, "not known whether still to 192.0.2.1 AS64510 of edge1"));
	visibility_router(w.v, "edge1", FEED_UP, w.now);
	session(&w, 0, OUT, true);
	say(&w, 0, OUT, &p, true);
	visibility_router(w.v, "edge1", FEED_SYNCED, w.now);
	wait_s(&w, 1);
	ck_assert_uint_eq(w.open[0].severity, SEVERITY_WARNING);
	/* its monitoring ends, and not the session */
	s.unmonitored = true;
	visibility_peer(w.v, &s, false, "", w.now);
	visibility_at(w.v, &s, &p, VIEW_OUT_POST, false, false, REASON_PEER_DOWN, w.now);
	wait_s(&w, HOLD);
	ck_assert_uint_eq(w.open_n, 1);
	end(&w);
}
END_TEST

/* Away for so long that its routes are forgotten; then it is back. */
static void
away(struct fixture *w, const struct ip_prefix *p)
{
	static const uint8_t views[] = { VIEW_OUT_POST, VIEW_LOC_RIB, VIEW_IN_POST };

	visibility_router(w->v, "edge1", FEED_DOWN, w->now);
	for (int k = 0; k < 3; k++) {
		struct visibility_source s = at(0, (enum place)k);

		visibility_at(w->v, &s, p, views[k], false, false, REASON_FEED_LOST, w->now);
	}
	wait_s(w, 500);
	visibility_router(w->v, "edge1", FEED_UP, w->now);
	session(w, 0, LOC, true);
	session(w, 0, IN, true);
	say(w, 0, LOC, p, true);
	say(w, 0, IN, p, true);
}

/* What it has no more when it is back was withdrawn, which is certain when all is told. */
START_TEST(lost_while_the_feed_was_away)
{
	struct ip_prefix p = prefix_at(0);
	struct visibility_source s = at(0, OUT);
	struct fixture w;

	settled(&w, 1);
	away(&w, &p);
	session(&w, 0, OUT, true);
	visibility_router(w.v, "edge1", FEED_SYNCED, w.now);
	wait_s(&w, 3 * HOLD);
	ck_assert_uint_eq(w.changes, 0);
	visibility_complete(w.v, &s, 1U << VIEW_OUT_POST, true, w.now);
	visibility_complete(w.v, &s, 1U << VIEW_IN_POST, false, w.now);
	wait_s(&w, HOLD + 1);
	ck_assert_uint_eq(w.changes, 0);
	visibility_complete(w.v, &s, 1U << VIEW_OUT_POST, false, w.now);
	wait_s(&w, HOLD - 1);
	ck_assert_uint_eq(w.changes, 0);
	wait_s(&w, 2);
	ck_assert_uint_eq(w.open_n, 1);
	ck_assert_uint_eq(w.open[0].severity, SEVERITY_WARNING);
	ck_assert_ptr_nonnull(strstr(w.open[0].text, "edge1 has withdrawn it from 192.0.2.1"));
	say(&w, 0, OUT, &p, true);
	wait_s(&w, 1);
	ck_assert_uint_eq(w.open_n, 0);
	end(&w);
}
END_TEST

/* A session that it does not name when it is back is down. */
START_TEST(down_while_the_feed_was_away)
{
	struct ip_prefix p = prefix_at(0);
	struct fixture w;

	settled(&w, 1);
	away(&w, &p);
	wait_s(&w, 3 * HOLD);
	ck_assert_uint_eq(w.changes, 0);
	visibility_router(w.v, "edge1", FEED_SYNCED, w.now);
	wait_s(&w, HOLD + 1);
	ck_assert_uint_eq(w.open_n, 1);
	ck_assert_str_eq(w.open[0].about, "session edge1 192.0.2.1");
	ck_assert_ptr_nonnull(strstr(w.open[0].text, "went down"));
	end(&w);
}
END_TEST

/* All is where it was when it is back; a view that it does not show any more says nothing. */
START_TEST(nothing_was_lost_while_the_feed_was_away)
{
	struct ip_prefix p = prefix_at(0);
	struct visibility_source s = at(0, OUT);
	struct fixture w;

	settled(&w, 1);
	away(&w, &p);
	session(&w, 0, OUT, true);
	say(&w, 0, OUT, &p, true);
	visibility_complete(w.v, &s, 1U << VIEW_OUT_POST, false, w.now);
	visibility_router(w.v, "edge1", FEED_SYNCED, w.now);
	wait_s(&w, 3 * HOLD);
	ck_assert_uint_eq(w.changes, 0);
	visibility_router(w.v, "edge1", FEED_DOWN, w.now);
	visibility_router(w.v, "edge1", FEED_UP, w.now);
	visibility_at(w.v, &s, &p, VIEW_OUT_POST, false, false, REASON_FEED_LOST, w.now);
	visibility_router(w.v, "edge1", FEED_SYNCED, w.now);
	visibility_complete(w.v, &s, 1U << VIEW_LOC_RIB, false, w.now);
	wait_s(&w, 3 * HOLD);
	ck_assert_uint_eq(w.changes, 0);
	/* and counts for nothing */
	session(&w, 1, OUT, false);
	wait_s(&w, HOLD);
	ck_assert_uint_eq(w.open_n, 1);
	ck_assert_uint_eq(w.open[0].severity, SEVERITY_MAJOR);
	ck_assert_ptr_nonnull(
	    strstr(w.open[0].text, "not known whether still to 192.0.2.1 AS64510 of edge1"));
	end(&w);
}
END_TEST

/* As a new process: what was kept, and nothing else. */
static void
restart(struct fixture *w)
{
	visibility_free(w->v);
	w->v = visibility_new(&ops, w);
	visibility_configure(w->v, &w->config);
	for (unsigned i = 0; i < w->kept_n; i++)
		visibility_restore(
		    w->v, w->kept[i].key, w->kept[i].value, strlen(w->kept[i].value), w->now);
}

static void
come_back(struct fixture *w, bool up1, bool up2)
{
	const bool up[] = { up1, up2 };

	for (unsigned r = 0; r < 2; r++) {
		for (unsigned i = 0; i < 2; i++) {
			struct ip_prefix p = prefix_at(i);

			say(w, r, LOC, &p, true);
			say(w, r, IN, &p, true);
			if (!up[r])
				continue;
			session(w, r, OUT, true);
			say(w, r, OUT, &p, true);
		}
		visibility_router(w->v, at(r, LOC).router, FEED_SYNCED, w->now);
		wait_s(w, 1);
	}
}

START_TEST(a_restart_says_nothing_new)
{
	struct fixture w;
	unsigned before;

	settled(&w, 2);
	session(&w, 0, OUT, false);
	wait_s(&w, HOLD);
	ck_assert_uint_eq(w.open_n, 1);
	before = w.changes;
	for (int again = 0; again < 2; again++) {
		restart(&w);
		wait_s(&w, 5);
		come_back(&w, false, true);
		wait_s(&w, 3 * HOLD);
		ck_assert_uint_eq(w.open_n, 1);
		ck_assert_uint_eq(w.changes, before);
		ck_assert_uint_eq(w.ends, 0);
	}
	/* the other way round meanwhile: the one is over, the other is told */
	restart(&w);
	come_back(&w, true, false);
	wait_s(&w, HOLD);
	ck_assert_uint_eq(w.open_n, 1);
	ck_assert_uint_eq(w.ends, 1);
	ck_assert_str_eq(w.open[0].about, "session edge2 192.0.2.2");
	end(&w);
}
END_TEST

START_TEST(what_stands_for_it)
{
	struct ip_prefix p = prefix_at(4), q, quarters[4];
	struct fixture w;

	settled(&w, 5);
	ck_assert(ip_prefix_parse("203.0.4.0/22", true, &q));
	everywhere(&w, &q, true);
	everywhere(&w, &p, false);
	wait_s(&w, 3 * HOLD);
	ck_assert_uint_eq(w.changes, 0);
	/* one half, and both quarters of the other */
	for (unsigned i = 0; i < 3; i++) {
		static const char *const texts[] = { "203.0.4.0/25", "203.0.4.128/26",
			"203.0.4.192/26" };

		ck_assert(ip_prefix_parse(texts[i], true, &quarters[i]));
		everywhere(&w, &quarters[i], true);
	}
	everywhere(&w, &q, false);
	wait_s(&w, 3 * HOLD);
	ck_assert_uint_eq(w.changes, 0);
	everywhere(&w, &quarters[2], false);
	wait_s(&w, HOLD + 1);
	ck_assert_uint_eq(w.open_n, 1);
	everywhere(&w, &q, true);
	wait_s(&w, 1);
	ck_assert_uint_eq(w.open_n, 0);
	end(&w);
}
END_TEST

START_TEST(names_and_ends)
{
	struct ip_prefix p = prefix_at(0);
	struct fixture w;

	settled(&w, 2);
	session(&w, 0, OUT, false);
	wait_s(&w, HOLD);
	ck_assert_uint_eq(w.open_n, 1);
	/* another name: the same, of that */
	visibility_rename(w.v, "edge1", "ams1");
	wait_s(&w, 1);
	ck_assert_uint_eq(w.open_n, 1);
	ck_assert_str_eq(w.open[0].about, "session ams1 192.0.2.1");
	/* one of them is ours no more */
	detect_free(w.detect);
	w.detect = rules(1, 2);
	wait_s(&w, 1);
	ck_assert_uint_eq(w.open[0].prefixes, 1);
	/* and the other is meant to be so */
	visibility_accept(w.v);
	wait_s(&w, 3 * HOLD);
	ck_assert_uint_eq(w.open_n, 0);
	say(&w, 1, OUT, &p, false);
	wait_s(&w, HOLD);
	ck_assert_uint_eq(w.open[0].severity, SEVERITY_CRITICAL);
	visibility_router_gone(w.v, "edge2");
	wait_s(&w, 1);
	ck_assert_uint_eq(w.open_n, 0);
	end(&w);
	ck_assert_uint_eq(w.kept_n, 1); /* Loc-RIB of the other */
}
END_TEST

/* Where nobody is known to be a provider: who is not known, else peers; all of them. */
START_TEST(without_providers)
{
	struct ip_prefix p = prefix_at(0);
	struct visibility_source peer = at(0, OUT), other = at(1, OUT);
	struct fixture w;

	begin(&w, 1);
	peer.relation = other.relation = NEIGHBOR_PEER;
	visibility_at(w.v, &peer, &p, VIEW_OUT_POST, false, true, REASON_ANNOUNCED, w.now);
	visibility_at(w.v, &other, &p, VIEW_OUT_POST, false, true, REASON_ANNOUNCED, w.now);
	wait_s(&w, HOLD + 1);
	visibility_peer(w.v, &peer, false, "", w.now);
	wait_s(&w, HOLD + 1);
	ck_assert_uint_eq(w.open_n, 0);
	visibility_peer(w.v, &other, false, "", w.now);
	wait_s(&w, HOLD + 1);
	ck_assert_uint_ge(w.open_n, 1);
	for (unsigned i = 0; i < w.open_n; i++)
		ck_assert_uint_le(w.open[i].severity, SEVERITY_MAJOR);
	end(&w);
}
END_TEST

START_TEST(the_one_without_what_all_others_have)
{
	struct ip_prefix p = prefix_at(0), q = prefix_at(1);
	struct fixture w;

	settled(&w, 2);
	for (unsigned r = 0; r < 3; r++) {
		struct visibility_source s = at(r, LOC);

		visibility_complete(w.v, &s, 1U << VIEW_LOC_RIB, false, w.now);
		visibility_router(w.v, s.router, FEED_SYNCED, w.now);
	}
	say(&w, 2, OUT, &q, true);
	say(&w, 2, LOC, &q, true);
	{
		struct visibility_source s = at(2, LOC);

		visibility_complete(w.v, &s, 1U << VIEW_LOC_RIB, false, w.now);
	}
	wait_s(&w, HOLD + 2);
	ck_assert_uint_eq(w.open_n, 1);
	ck_assert_str_eq(w.open[0].about, "router edge3 loc-rib");
	ck_assert_uint_eq(w.open[0].severity, SEVERITY_NOTICE);
	say(&w, 2, LOC, &p, true);
	wait_s(&w, 1);
	ck_assert_uint_eq(w.open_n, 0);
	end(&w);
}
END_TEST

/* However many there are, each is counted, and once. */
START_TEST(many_sessions)
{
	enum { SESSIONS = 60, LOST = 40 };
	struct fixture w;

	begin(&w, 2);
	for (unsigned there = 0; there < 2; there++) {
		for (unsigned k = 0; k < (there == 0 ? SESSIONS : LOST); k++) {
			struct visibility_source s = at(0, OUT);
			char peer[32];

			snprintf(peer, sizeof(peer), "192.0.2.%u", 100 + k);
			s.peer = peer;
			for (unsigned i = 0; i < 2; i++) {
				struct ip_prefix p = prefix_at(i);

				visibility_at(w.v, &s, &p, VIEW_OUT_POST, false, there == 0,
				    there == 0 ? REASON_ANNOUNCED : REASON_WITHDRAWN, w.now);
			}
		}
		wait_s(&w, HOLD + 1);
	}
	ck_assert_uint_ge(w.open_n, 1);
	ck_assert_ptr_nonnull(strstr(w.open[0].text, "to 40 transit sessions less"));
	ck_assert_ptr_nonnull(strstr(w.open[0].text,
	    "still to 192.0.2.140 AS64510 of edge1, 192.0.2.141 AS64510 of edge1 and 18 more"));
	end(&w);
}
END_TEST

/* --- every order in which it goes and comes back */

static void
step(struct fixture *w, unsigned what, bool back)
{
	struct ip_prefix p = prefix_at(0);
	unsigned router = what % 2;

	if (what < 2) {
		session(w, router, OUT, back);
		if (back)
			say(w, router, OUT, &p, true);
	} else {
		say(w, router, LOC, &p, back);
	}
}

static void
in_order(struct fixture *w, unsigned order, bool back, unsigned seconds)
{
	unsigned left[] = { 0, 1, 2, 3 };

	for (unsigned n = 4; n > 0; n--) {
		unsigned k = order % n;

		order /= n;
		step(w, left[k], back);
		left[k] = left[n - 1];
		wait_s(w, seconds);
	}
}

START_TEST(every_order_ends_empty)
{
	static const unsigned apart[] = { 0, 1, HOLD + 1 };

	for (unsigned k = 0; k < 3; k++)
		for (unsigned back = 0; back < 24; back++) {
			struct fixture w;
			bool critical = false;

			settled(&w, 1);
			in_order(&w, (unsigned)_i, false, apart[k]);
			wait_s(&w, HOLD + 1);
			for (unsigned i = 0; i < w.open_n; i++)
				critical |= w.open[i].severity == SEVERITY_CRITICAL;
			ck_assert(critical);
			in_order(&w, back, true, apart[k]);
			wait_s(&w, 1);
			ck_assert_uint_eq(w.open_n, 0);
			wait_s(&w, 2 * HOLD);
			ck_assert_uint_eq(w.open_n, 0);
			end(&w);
		}
}
END_TEST

HARNESS_MAIN("visibility")
{
	TEST(hold_on_both_sides);
	TEST(one_session_is_one_incident);
	TEST(withdrawn_is_of_the_prefix);
	TEST(a_policy_is_of_the_session);
	TEST(loc_rib_of_a_border_router);
	TEST(who_says_nothing_says_nothing);
	TEST(lost_while_the_feed_was_away);
	TEST(down_while_the_feed_was_away);
	TEST(nothing_was_lost_while_the_feed_was_away);
	TEST(a_restart_says_nothing_new);
	TEST(what_stands_for_it);
	TEST(names_and_ends);
	TEST(without_providers);
	TEST(the_one_without_what_all_others_have);
	TEST(many_sessions);
	LOOP(every_order_ends_empty, 24);
}
