/* What is muted, for how long, and what speaks all the same. */
#include "tests/unit/support/harness.h"

#include "base/pure/text.h"
#include "collector/incident/mutes.h"

enum { SECOND = 1000000 };
static const int64_t start_us = 1700000000LL * SECOND;

struct fixture {
	struct mutes *table;
	unsigned begun, covered, spoke, forgotten, ended;
	struct mute_member member; /* the last one told */
	char why[128];
};

static void
on_covers(void *ctx, const struct mute *m, const struct mute_member *member)
{
	struct fixture *w = ctx;

	ck_assert_uint_gt(m->number, 0);
	w->covered++;
	w->member = *member;
}

static void
on_speaks(void *ctx, const struct mute *m, const struct mute_member *member, const char *why)
{
	struct fixture *w = ctx;

	ck_assert_uint_gt(m->number, 0);
	w->spoke++;
	w->member = *member;
	text_copy(w->why, sizeof(w->why), why);
}

static void
on_forgets(void *ctx, const struct mute *m, const struct mute_member *member)
{
	struct fixture *w = ctx;

	(void)m;
	(void)member;
	w->forgotten++;
}

static void
on_ended(void *ctx, const struct mute *m, const char *why)
{
	struct fixture *w = ctx;

	ck_assert_uint_gt(m->number, 0);
	w->ended++;
	text_copy(w->why, sizeof(w->why), why);
}

static void
on_begins(void *ctx, const struct mute *m)
{
	struct fixture *w = ctx;

	ck_assert(!m->pending);
	w->begun++;
}

static const struct mutes_ops ops = { on_begins, on_covers, on_speaks, on_forgets, on_ended };

static void
setup(struct fixture *w)
{
	memset(w, 0, sizeof(*w));
	w->table = mutes_new(&ops, w);
	ck_assert_ptr_nonnull(w->table);
}

static uint32_t
set(struct fixture *w, const char *target, int64_t seconds)
{
	struct mute m = { .ack = seconds == 0, .set_us = start_us };
	const struct mute *in;
	char error[256];

	text_copy(m.target, sizeof(m.target), target);
	m.until_us = seconds == 0 ? 0 : start_us + seconds * SECOND;
	in = mutes_set(w->table, &m, error, sizeof(error));
	ck_assert_msg(in != NULL, "%s", error);
	return in->number;
}

#define ONE   "0123456789abcdef0123456789abcdef"
#define OTHER "fedcba9876543210fedcba9876543210"

static struct record
incident(const char *id, uint8_t severity, uint64_t prefixes)
{
	struct record r = { .kind = RECORD_INCIDENT };

	text_copy(r.incident.id, sizeof(r.incident.id), id);
	text_copy(r.incident.kind, sizeof(r.incident.kind), "leak.otc");
	r.incident.transition = TRANSITION_UPDATED;
	r.incident.severity = severity;
	r.incident.prefixes_n = prefixes;
	r.incident.muted = true; /* whatever it was */
	return r;
}

static bool
told(struct fixture *w, const char *id, uint8_t severity, uint64_t prefixes, int64_t seconds)
{
	struct record r = incident(id, severity, prefixes), shown = r;

	mutes_apply(w->table, &r, start_us + seconds * SECOND);
	mutes_mark(w->table, &shown, start_us + seconds * SECOND);
	ck_assert(shown.incident.muted == r.incident.muted);
	return r.incident.muted;
}

START_TEST(by_id_until_its_time_is_over)
{
	struct fixture w;

	setup(&w);
	ck_assert(!told(&w, ONE, SEVERITY_WARNING, 3, 0));
	set(&w, ONE, 60);
	ck_assert(told(&w, ONE, SEVERITY_WARNING, 3, 1));
	ck_assert(!told(&w, OTHER, SEVERITY_WARNING, 3, 1));
	ck_assert(told(&w, ONE, SEVERITY_NOTICE, 29, 59));
	ck_assert_uint_eq(w.ended, 0);
	ck_assert(!told(&w, ONE, SEVERITY_WARNING, 3, 60));
	ck_assert_uint_eq(w.ended, 1);
	ck_assert_str_eq(w.why, "its time is over");
	mutes_free(w.table);
}
END_TEST

START_TEST(by_time_also_when_nothing_happens)
{
	struct fixture w;

	setup(&w);
	set(&w, "kind ~ leak", 60);
	mutes_tick(w.table, start_us + 59 * SECOND);
	ck_assert_uint_eq(w.ended, 0);
	mutes_tick(w.table, start_us + 60 * SECOND);
	ck_assert_uint_eq(w.ended, 1);
	mutes_free(w.table);
}
END_TEST

START_TEST(graver_speaks)
{
	struct fixture w;

	setup(&w);
	set(&w, ONE, 60);
	ck_assert(told(&w, ONE, SEVERITY_WARNING, 3, 1));
	ck_assert(!told(&w, ONE, SEVERITY_MAJOR, 3, 2));
	ck_assert_uint_eq(w.ended, 1);
	ck_assert_str_eq(w.why, "it got worse: major, was warning");
	ck_assert(!told(&w, ONE, SEVERITY_WARNING, 3, 3));
	mutes_free(w.table);
}
END_TEST

START_TEST(tenfold_speaks)
{
	struct fixture w;

	setup(&w);
	set(&w, ONE, 60);
	ck_assert(told(&w, ONE, SEVERITY_WARNING, 3, 1));
	ck_assert(told(&w, ONE, SEVERITY_WARNING, 99, 1));
	ck_assert(!told(&w, ONE, SEVERITY_WARNING, 100, 2));
	ck_assert_str_eq(w.why, "it got worse: 100 prefixes, were 3");
	set(&w, OTHER, 60);
	ck_assert(told(&w, OTHER, SEVERITY_WARNING, 30, 3));
	ck_assert(told(&w, OTHER, SEVERITY_WARNING, 299, 3));
	ck_assert(!told(&w, OTHER, SEVERITY_WARNING, 300, 3));
	mutes_free(w.table);
}
END_TEST

START_TEST(another_prefix_of_ours_speaks)
{
	struct record r = incident(ONE, SEVERITY_CRITICAL, 1);
	struct fixture w;

	setup(&w);
	set(&w, "kind ~ leak", 60);
	r.incident.own_n = 1;
	mutes_apply(w.table, &r, start_us);
	ck_assert(r.incident.muted);
	ck_assert_uint_eq(w.member.own, 1);
	r.incident.prefixes_n = 2; /* two halves of the same */
	mutes_apply(w.table, &r, start_us);
	ck_assert(r.incident.muted);
	r.incident.own_n = 2;
	mutes_mark(w.table, &r, start_us);
	ck_assert(!r.incident.muted);
	mutes_apply(w.table, &r, start_us);
	ck_assert(!r.incident.muted);
	ck_assert_str_eq(w.why, "it got worse: 2 prefixes of ours, were 1");
	mutes_free(w.table);
}
END_TEST

/* From 10 s to 20 s. */
static uint32_t
plan(struct fixture *w, const char *target, int64_t from, int64_t until)
{
	struct mute m = { .pending = true,
		.set_us = start_us,
		.from_us = start_us + from * SECOND,
		.until_us = start_us + until * SECOND };
	const struct mute *in;
	char error[256];

	text_copy(m.target, sizeof(m.target), target);
	in = mutes_set(w->table, &m, error, sizeof(error));
	ck_assert_msg(in != NULL, "%s", error);
	return in->number;
}

START_TEST(a_window_begins_and_ends)
{
	struct fixture w;

	setup(&w);
	plan(&w, "kind ~ leak", 10, 20);
	ck_assert(!told(&w, ONE, SEVERITY_WARNING, 3, 0));
	ck_assert(!told(&w, ONE, SEVERITY_MAJOR, 3, 9));
	ck_assert_uint_eq(w.covered, 0);
	mutes_tick(w.table, start_us + 10 * SECOND);
	ck_assert_uint_eq(w.begun, 1);
	ck_assert(told(&w, ONE, SEVERITY_MAJOR, 3, 10)); /* as grave as it is when it begins */
	ck_assert(!told(&w, ONE, SEVERITY_CRITICAL, 3, 11));
	ck_assert(told(&w, OTHER, SEVERITY_WARNING, 3, 19));
	ck_assert(!told(&w, OTHER, SEVERITY_WARNING, 3, 20));
	ck_assert_uint_eq(w.ended, 1);
	ck_assert_uint_eq(w.begun, 1);
	mutes_free(w.table);
}
END_TEST

START_TEST(several_windows_of_one_target)
{
	struct fixture w;
	unsigned covered;

	setup(&w);
	ck_assert_uint_eq(plan(&w, ONE, 10, 20), 1);
	ck_assert_uint_eq(plan(&w, ONE, 30, 40), 2);
	ck_assert_uint_eq(set(&w, ONE, 5), 3);
	ck_assert_uint_eq(w.ended, 0);
	ck_assert_uint_eq(plan(&w, ONE, 30, 35), 4); /* corrects the one of the same time */
	ck_assert_uint_eq(w.ended, 1);
	ck_assert(told(&w, ONE, SEVERITY_WARNING, 3, 4));
	ck_assert(!told(&w, ONE, SEVERITY_WARNING, 3, 9));
	ck_assert(told(&w, ONE, SEVERITY_WARNING, 3, 15));
	ck_assert(!told(&w, ONE, SEVERITY_WARNING, 3, 25));
	ck_assert(told(&w, ONE, SEVERITY_WARNING, 3, 31));
	ck_assert(!told(&w, ONE, SEVERITY_WARNING, 3, 36));
	ck_assert_ptr_null(mutes_get(w.table, 0, &covered));
	mutes_free(w.table);
}
END_TEST

START_TEST(a_window_of_before_a_restart)
{
	struct mute m = { .number = 3, .target = "kind ~ leak", .until_us = start_us + 9 * SECOND },
		    later = m;
	struct fixture w;
	char error[256];

	setup(&w);
	later.number = 4;
	later.pending = true;
	later.from_us = start_us + 5 * SECOND;
	ck_assert_ptr_nonnull(mutes_set(w.table, &m, error, sizeof(error)));
	ck_assert_ptr_nonnull(mutes_set(w.table, &later, error, sizeof(error)));
	later.number = 5;
	ck_assert_ptr_nonnull(mutes_set(w.table, &later, error, sizeof(error)));
	ck_assert_uint_eq(w.ended, 0); /* a restart ends nothing */
	mutes_tick(w.table, start_us + 60 * SECOND);
	ck_assert_uint_eq(w.begun, 0); /* nobody was there */
	ck_assert_uint_eq(w.ended, 3);
	mutes_free(w.table);
}
END_TEST

START_TEST(of_a_filter_only_the_one_that_got_worse_speaks)
{
	struct fixture w;

	setup(&w);
	set(&w, "kind ~ leak", 60);
	ck_assert(told(&w, ONE, SEVERITY_WARNING, 3, 1));
	ck_assert(told(&w, OTHER, SEVERITY_NOTICE, 3, 1));
	ck_assert_uint_eq(w.covered, 2);
	ck_assert(!told(&w, ONE, SEVERITY_CRITICAL, 3, 2));
	ck_assert_uint_eq(w.spoke, 1);
	ck_assert_str_eq(w.member.id, ONE);
	ck_assert(w.member.speaks);
	ck_assert(!told(&w, ONE, SEVERITY_WARNING, 3, 3));
	ck_assert_uint_eq(w.spoke, 1);
	ck_assert(told(&w, OTHER, SEVERITY_NOTICE, 3, 3));
	ck_assert_uint_eq(w.ended, 0);
	mutes_free(w.table);
}
END_TEST

START_TEST(worse_is_told_by_a_filter_that_no_longer_matches)
{
	struct fixture w;

	setup(&w);
	set(&w, "severity <= warning", 60);
	ck_assert(told(&w, ONE, SEVERITY_WARNING, 3, 1));
	ck_assert(!told(&w, ONE, SEVERITY_MAJOR, 3, 2));
	ck_assert_uint_eq(w.spoke, 1);
	ck_assert(!told(&w, ONE, SEVERITY_WARNING, 3, 3));
	mutes_free(w.table);
}
END_TEST

START_TEST(an_ack_ends_with_the_incident)
{
	struct record r = incident(ONE, SEVERITY_WARNING, 3);
	struct fixture w;

	setup(&w);
	set(&w, ONE, 0);
	ck_assert(told(&w, ONE, SEVERITY_WARNING, 3, 1000000));
	r.incident.transition = TRANSITION_CLOSED;
	mutes_apply(w.table, &r, start_us);
	ck_assert(r.incident.muted);
	ck_assert_uint_eq(w.ended, 1);
	ck_assert(!told(&w, ONE, SEVERITY_WARNING, 3, 1000001));
	mutes_free(w.table);
}
END_TEST

START_TEST(a_mute_outlives_closing)
{
	struct record r = incident(ONE, SEVERITY_WARNING, 3);
	struct fixture w;

	setup(&w);
	set(&w, ONE, 60);
	ck_assert(told(&w, ONE, SEVERITY_WARNING, 3, 1));
	r.incident.transition = TRANSITION_CLOSED;
	mutes_apply(w.table, &r, start_us + SECOND);
	ck_assert(r.incident.muted);
	ck_assert(told(&w, ONE, SEVERITY_WARNING, 3, 2));
	ck_assert(!told(&w, ONE, SEVERITY_MAJOR, 3, 3));
	mutes_free(w.table);
}
END_TEST

START_TEST(ended_by_hand)
{
	struct fixture w;
	unsigned covered;

	setup(&w);
	ck_assert_uint_eq(set(&w, ONE, 60), 1);
	ck_assert_uint_eq(set(&w, "kind ~ leak", 60), 2);
	ck_assert_uint_eq(set(&w, OTHER, 60), 3);
	ck_assert_uint_eq(mutes_end(w.table, "kind ~ hijack", "by hand"), 0);
	ck_assert_uint_eq(mutes_end(w.table, "kind ~ leak", "by hand"), 1);
	ck_assert_uint_eq(mutes_end(w.table, "3", "by hand"), 1);
	ck_assert_str_eq(w.why, "by hand");
	ck_assert_str_eq(mutes_get(w.table, 0, &covered)->target, ONE);
	ck_assert_ptr_null(mutes_get(w.table, 1, &covered));
	ck_assert_uint_eq(mutes_end(w.table, "all", "by hand"), 1);
	ck_assert_uint_eq(w.ended, 3);
	mutes_free(w.table);
}
END_TEST

START_TEST(set_again_it_takes_the_place_of_the_former)
{
	struct fixture w;
	unsigned covered;

	setup(&w);
	ck_assert_uint_eq(set(&w, ONE, 60), 1);
	ck_assert_uint_eq(set(&w, OTHER, 60), 2);
	ck_assert(told(&w, ONE, SEVERITY_WARNING, 3, 1));
	ck_assert_uint_eq(set(&w, ONE, 120), 3);
	ck_assert_uint_eq(w.ended, 1);
	ck_assert_uint_eq(w.forgotten, 1);
	ck_assert(told(&w, ONE, SEVERITY_MAJOR, 3, 90)); /* as grave as it is now is known */
	ck_assert_ptr_nonnull(mutes_get(w.table, 0, &covered));
	ck_assert_ptr_null(mutes_get(w.table, 1, &covered)); /* OTHER's time is over */
	mutes_free(w.table);
}
END_TEST

START_TEST(restored)
{
	struct mute m = { .number = 7, .target = "kind ~ leak", .until_us = start_us + SECOND };
	struct mute_member one = { .id = ONE, .severity = SEVERITY_NOTICE, .prefixes = 1 };
	struct mute_member other = { .id = OTHER, .severity = SEVERITY_MAJOR, .speaks = true };
	struct fixture w;
	char error[256];

	setup(&w);
	ck_assert_ptr_nonnull(mutes_set(w.table, &m, error, sizeof(error)));
	mutes_restore(w.table, 7, &one);
	mutes_restore(w.table, 7, &other);
	mutes_restore(w.table, 8, &other); /* whose mute is not there */
	ck_assert(!told(&w, OTHER, SEVERITY_MAJOR, 1, 0));
	ck_assert(told(&w, ONE, SEVERITY_NOTICE, 1, 0));
	ck_assert(!told(&w, ONE, SEVERITY_WARNING, 1, 0));
	ck_assert_uint_eq(w.spoke, 1);
	ck_assert_uint_eq(set(&w, ONE, 60), 8);
	mutes_free(w.table);
}
END_TEST

START_TEST(refused)
{
	struct mute m = { .target = "severity >= nonsense" };
	struct fixture w;
	char error[256], target[64];

	setup(&w);
	ck_assert_ptr_null(mutes_set(w.table, &m, error, sizeof(error)));
	ck_assert_ptr_nonnull(strstr(error, "column"));
	text_copy(m.target, sizeof(m.target), "kind ~ leak and not muted");
	ck_assert_ptr_null(mutes_set(w.table, &m, error, sizeof(error)));
	ck_assert_ptr_nonnull(strstr(error, "without that field"));
	for (unsigned i = 0; i < MUTES_MAX; i++) {
		snprintf(target, sizeof(target), "as %u", i + 1);
		set(&w, target, 60);
	}
	text_copy(m.target, sizeof(m.target), ONE);
	ck_assert_ptr_null(mutes_set(w.table, &m, error, sizeof(error)));
	ck_assert_str_eq(error, "256 mutes hold already; unmute some first");
	ck_assert(!told(&w, ONE, SEVERITY_NOTICE, 1, 0));
	mutes_free(w.table);
}
END_TEST

START_TEST(what_finds_no_room_speaks)
{
	struct fixture w;
	char id[RECORD_ID_MAX];

	setup(&w);
	set(&w, "kind ~ leak", 60);
	for (unsigned i = 0; i <= MUTE_MEMBERS_MAX; i++) {
		snprintf(id, sizeof(id), "%032x", i * 2654435761U);
		ck_assert(told(&w, id, SEVERITY_NOTICE, 1, 0) == (i < MUTE_MEMBERS_MAX));
	}
	mutes_free(w.table);
}
END_TEST

START_TEST(an_event_is_left_alone)
{
	struct record r = { .kind = RECORD_EVENT, .event = { .type = "session.up" } }, was = r;
	struct fixture w;

	setup(&w);
	set(&w, "", 60);
	mutes_apply(w.table, &r, start_us);
	ck_assert_mem_eq(&r, &was, sizeof(r));
	mutes_free(w.table);
}
END_TEST

HARNESS_MAIN("mutes")
{
	TEST(by_id_until_its_time_is_over);
	TEST(by_time_also_when_nothing_happens);
	TEST(graver_speaks);
	TEST(tenfold_speaks);
	TEST(another_prefix_of_ours_speaks);
	TEST(a_window_begins_and_ends);
	TEST(several_windows_of_one_target);
	TEST(a_window_of_before_a_restart);
	TEST(of_a_filter_only_the_one_that_got_worse_speaks);
	TEST(worse_is_told_by_a_filter_that_no_longer_matches);
	TEST(an_ack_ends_with_the_incident);
	TEST(a_mute_outlives_closing);
	TEST(ended_by_hand);
	TEST(set_again_it_takes_the_place_of_the_former);
	TEST(restored);
	TEST(refused);
	TEST(what_finds_no_room_speaks);
	TEST(an_event_is_left_alone);
}
