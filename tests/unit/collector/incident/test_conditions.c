/* The life of what is wrong with the collector itself. */
#include "tests/unit/support/harness.h"

#include "base/pure/text.h"
#include "collector/incident/conditions.h"

enum { LOG_MAX = 64, SECOND = 1000000 };

struct fixture {
	struct conditions *table;
	struct record log[LOG_MAX];
	unsigned n;
	int64_t now;
};

static void
on_record(void *ctx, const struct record *r)
{
	struct fixture *w = ctx;

	ck_assert_uint_lt(w->n, LOG_MAX);
	w->log[w->n++] = *r;
}

/* What was written of a condition, as the journal has it. */
static bool
recall(void *ctx, const char *id, struct record *out)
{
	const struct fixture *w = ctx;

	for (unsigned k = w->n; k > 0; k--)
		if (strcmp(w->log[k - 1].incident.id, id) == 0) {
			*out = w->log[k - 1];
			return true;
		}
	return false;
}

static const struct conditions_ops ops = { .emit = on_record, .recall = recall };

static void
setup(struct fixture *w)
{
	memset(w, 0, sizeof(*w));
	w->now = 1700000000LL * SECOND;
	w->table = conditions_new(&ops, w);
	ck_assert_ptr_nonnull(w->table);
}

static void
set(struct fixture *w, uint8_t severity, const char *text)
{
	const struct condition_said said = {
		.kind = "rpki.lost", .about = "cache-1", .severity = severity, .text = text
	};

	conditions_set(w->table, &said, w->now);
}

static void
clear(struct fixture *w)
{
	conditions_clear(w->table, "rpki.lost", "cache-1", "it is back", w->now);
}

static void
pass(struct fixture *w, unsigned seconds)
{
	for (; seconds > 0; seconds--) {
		w->now += SECOND;
		conditions_tick(w->table, w->now);
	}
}

static const struct record_incident *
last(const struct fixture *w, uint8_t transition, unsigned n)
{
	ck_assert_uint_eq(w->n, n);
	ck_assert_uint_eq(w->log[n - 1].incident.transition, transition);
	return &w->log[n - 1].incident;
}

START_TEST(test_life)
{
	struct fixture w;
	struct record shown;
	const struct record_incident *r;

	setup(&w);
	clear(&w);
	ck_assert_uint_eq(w.n, 0);
	set(&w, SEVERITY_WARNING, "cache-1 is lost");
	r = last(&w, TRANSITION_OPENED, 1);
	ck_assert_str_eq(r->summary, "cache-1 is lost");
	ck_assert_uint_eq(r->occurrence, 1);
	ck_assert_uint_eq(r->revision, 1);
	ck_assert(conditions_holds(w.table, "rpki.lost", "cache-1"));
	ck_assert(!conditions_holds(w.table, "rpki.lost", "cache-2"));
	for (int k = 0; k < 10; k++)
		set(&w, SEVERITY_WARNING, "cache-1 is lost");
	ck_assert_uint_eq(w.n, 1);
	set(&w, SEVERITY_MAJOR, "cache-1 is lost for long");
	ck_assert_uint_eq(last(&w, TRANSITION_UPDATED, 2)->severity, SEVERITY_MAJOR);
	ck_assert(conditions_get(w.table, 0, &shown));
	ck_assert_uint_eq(shown.incident.severity, SEVERITY_MAJOR);
	clear(&w);
	r = last(&w, TRANSITION_CLOSED, 3);
	ck_assert_str_eq(r->summary, "it is back");
	ck_assert_uint_eq(r->revision, 3);
	ck_assert(!conditions_get(w.table, 0, &shown));
	conditions_free(w.table);
}
END_TEST

/* Words that change are told twice at once, then once a minute, and not forgotten meanwhile. */
START_TEST(test_words_are_rationed)
{
	struct fixture w;
	char text[32];

	setup(&w);
	for (int k = 0; k < 119; k++) {
		snprintf(text, sizeof(text), "%d records behind", k);
		set(&w, SEVERITY_MAJOR, text);
		pass(&w, 1);
	}
	ck_assert_uint_ge(w.n, 4);
	ck_assert_uint_le(w.n, 6);
	pass(&w, 60);
	ck_assert_str_eq(w.log[w.n - 1].incident.summary, "118 records behind");
	conditions_free(w.table);
}
END_TEST

/* What comes back soon is the same occurrence; often, and it is told sparingly; after long, another
 * occurrence. The revision always goes up. */
START_TEST(test_returns)
{
	struct fixture w;
	int64_t first;

	setup(&w);
	for (int k = 0; k < 20; k++) {
		set(&w, SEVERITY_MAJOR, "cache-1 is lost");
		pass(&w, 2);
		clear(&w);
		pass(&w, 2);
	}
	ck_assert_uint_le(w.n, 8);
	first = w.log[0].incident.first_seen_us;
	for (unsigned k = 0; k < w.n; k++) {
		ck_assert_uint_eq(w.log[k].incident.revision, k + 1);
		ck_assert_uint_eq(w.log[k].incident.occurrence, 1);
		ck_assert_int_eq(w.log[k].incident.first_seen_us, first);
	}
	pass(&w, 400);
	ck_assert(w.log[w.n - 1].incident.transition == TRANSITION_CLOSED);
	ck_assert(w.log[w.n - 1].incident.flapping);
	ck_assert_uint_ge(w.log[w.n - 1].incident.flaps, 10);
	pass(&w, 3600);
	set(&w, SEVERITY_MAJOR, "cache-1 is lost");
	ck_assert_uint_eq(w.log[w.n - 1].incident.occurrence, 2);
	ck_assert(!w.log[w.n - 1].incident.flapping);
	ck_assert_int_gt(w.log[w.n - 1].incident.first_seen_us, first);
	conditions_free(w.table);
}
END_TEST

/* After a restart nothing is said until somebody knows; numbers go on. */
START_TEST(test_restart)
{
	struct fixture w, after;

	setup(&w);
	set(&w, SEVERITY_MAJOR, "cache-1 is lost");
	setup(&after);
	after.now = w.now + 10 * (int64_t)SECOND;
	conditions_restore(after.table, &w.log[0]);
	set(&after, SEVERITY_MAJOR, "cache-1 is lost");
	pass(&after, 5);
	ck_assert_uint_eq(after.n, 0);
	clear(&after);
	ck_assert_uint_eq(last(&after, TRANSITION_CLOSED, 1)->revision, 2);
	conditions_free(w.table);
	conditions_free(after.table);
}
END_TEST

/* A closing is as severe as what was told, also when it got milder and that had no turn yet. */
START_TEST(test_milder_and_over)
{
	struct fixture w;

	setup(&w);
	set(&w, SEVERITY_MAJOR, "1");
	set(&w, SEVERITY_MAJOR, "2");
	set(&w, SEVERITY_MAJOR, "3");
	set(&w, SEVERITY_WARNING, "4"); /* two at once, the next after a while */
	ck_assert_uint_eq(last(&w, TRANSITION_UPDATED, 3)->severity, SEVERITY_MAJOR);
	clear(&w);
	ck_assert_uint_eq(last(&w, TRANSITION_CLOSED, 4)->severity, SEVERITY_MAJOR);
	set(&w, SEVERITY_WARNING, "again");
	ck_assert_uint_eq(last(&w, TRANSITION_OPENED, 5)->severity, SEVERITY_WARNING);
	conditions_free(w.table);
}
END_TEST

/* What is over is forgotten, and its numbers go on all the same when it comes back. */
START_TEST(test_forgotten)
{
	struct fixture w;

	setup(&w);
	set(&w, SEVERITY_MAJOR, "cache-1 is lost");
	clear(&w);
	pass(&w, 60);
	conditions_forget(w.table, w.now);
	ck_assert_uint_eq(conditions_count(w.table), 1);
	w.now += 3600 * (int64_t)SECOND;
	conditions_forget(w.table, w.now);
	ck_assert_uint_eq(conditions_count(w.table), 0);
	set(&w, SEVERITY_MAJOR, "cache-1 is lost");
	ck_assert_uint_eq(last(&w, TRANSITION_OPENED, 3)->occurrence, 2);
	ck_assert_uint_eq(w.log[2].incident.revision, 3);
	w.now += 3600 * (int64_t)SECOND;
	conditions_forget(w.table, w.now);
	ck_assert_uint_eq(conditions_count(w.table), 1); /* it is open */
	conditions_free(w.table);
}
END_TEST

static struct record newest;

static void
keep_newest(void *ctx, const struct record *r)
{
	++*(unsigned *)ctx;
	newest = *r;
}

/* A kind that floods takes no room of another, is told of, and room comes back. */
START_TEST(test_flood)
{
	static const struct conditions_ops count = { .emit = keep_newest };
	unsigned n = 0;
	struct conditions *t = conditions_new(&count, &n);
	int64_t now = 1700000000LL * SECOND;
	char about[32];

	for (unsigned k = 0; k < CONDITIONS_OF_KIND + 500; k++) {
		snprintf(about, sizeof(about), "router-%u", k);
		conditions_set(t,
		    &(struct condition_said){ .kind = "peer.roles",
			.about = about,
			.severity = SEVERITY_MAJOR,
			.text = "roles" },
		    now);
	}
	ck_assert_uint_eq(n, CONDITIONS_OF_KIND);
	conditions_tick(t, now);
	ck_assert_str_eq(newest.incident.kind, "limit.alarms");
	ck_assert_uint_eq(newest.incident.transition, TRANSITION_OPENED);
	ck_assert(strstr(newest.incident.summary, "peer.roles") != NULL);
	ck_assert(conditions_set(t,
	    &(struct condition_said){
		.kind = "rpki.lost", .about = "a", .severity = SEVERITY_MAJOR, .text = "lost" },
	    now));
	conditions_clear(t, "peer.roles", "router-7", "they fit", now);
	ck_assert(conditions_set(t,
	    &(struct condition_said){ .kind = "peer.roles",
		.about = "late",
		.severity = SEVERITY_MAJOR,
		.text = "roles" },
	    now));
	ck_assert_uint_eq(conditions_count(t), CONDITIONS_OF_KIND + 2);
	conditions_clear(t, "peer.roles", "late", "they fit", now);
	conditions_tick(t, now + 61 * (int64_t)SECOND);
	ck_assert_str_eq(newest.incident.kind, "limit.alarms");
	ck_assert_uint_eq(newest.incident.transition, TRANSITION_CLOSED);
	conditions_free(t);
}
END_TEST

static bool
is_unsaid(const void *ctx, const struct condition_seen *c)
{
	return strcmp(c->router, ctx) == 0 && !c->said;
}

/* What was open before a restart and is about what is no longer there can be closed: by where it
 * is, and by what it is not about. */
START_TEST(test_orphans)
{
	struct fixture w, after;

	setup(&w);
	conditions_set(w.table,
	    &(struct condition_said){ .kind = "peer.roles",
		.about = "edge1 192.0.2.9",
		.severity = SEVERITY_MAJOR,
		.text = "roles",
		.router = "edge1",
		.peer = "192.0.2.9",
		.peer_as = 64510 },
	    w.now);
	ck_assert_str_eq(w.log[0].incident.peer, "192.0.2.9");
	ck_assert_uint_eq(w.log[0].incident.peer_as, 64510);
	ck_assert(conditions_is(w.log[0].incident.id, "peer.roles", "edge1 192.0.2.9"));
	ck_assert(!conditions_is(w.log[0].incident.id, "peer.roles", "edge2 192.0.2.9"));
	setup(&after);
	conditions_restore(after.table, &w.log[0]);
	conditions_clear_those(after.table, is_unsaid, "edge2", "gone", after.now);
	ck_assert_uint_eq(after.n, 0);
	conditions_clear_those(after.table, is_unsaid, "edge1", "gone", after.now);
	ck_assert_str_eq(last(&after, TRANSITION_CLOSED, 1)->router, "edge1");
	conditions_free(w.table);
	conditions_free(after.table);
}
END_TEST

START_TEST(test_unknown)
{
	struct fixture w;

	setup(&w);
	conditions_unknown(w.table, "rpki.lost", "cache-1", w.now);
	ck_assert_uint_eq(w.n, 0);
	set(&w, SEVERITY_MAJOR, "lost");
	conditions_unknown(w.table, "rpki.lost", "cache-1", w.now);
	ck_assert_uint_eq(last(&w, TRANSITION_UNKNOWN, 2)->reason, REASON_FEED_LOST);
	conditions_unknown(w.table, "rpki.lost", "cache-1", w.now);
	pass(&w, 600);
	ck_assert_uint_eq(w.n, 2);
	set(&w, SEVERITY_MAJOR, "lost");
	last(&w, TRANSITION_UPDATED, 3);
	set(&w, SEVERITY_MAJOR, "lost");
	ck_assert_uint_eq(w.n, 3);
	conditions_unknown(w.table, "rpki.lost", "cache-1", w.now);
	clear(&w);
	last(&w, TRANSITION_CLOSED, 5);
	conditions_free(w.table);
}
END_TEST

START_TEST(test_dry_run_and_related)
{
	struct condition_said said = { .kind = "peer.surge",
		.about = "dry-run edge1 192.0.2.9",
		.severity = SEVERITY_WARNING,
		.text = "much",
		.related = "00112233445566778899aabbccddeeff",
		.dry_run = true };
	struct fixture w, after;

	setup(&w);
	conditions_set(w.table, &said, w.now);
	ck_assert(w.log[0].incident.dry_run);
	ck_assert_uint_eq(w.log[0].incident.related_n, 1);
	ck_assert_str_eq(w.log[0].incident.related[0], said.related);
	setup(&after);
	conditions_restore(after.table, &w.log[0]);
	conditions_clear(after.table, said.kind, said.about, "over", after.now);
	ck_assert(last(&after, TRANSITION_CLOSED, 1)->dry_run);
	ck_assert_str_eq(after.log[0].incident.related[0], said.related);
	conditions_free(w.table);
	conditions_free(after.table);
}
END_TEST

HARNESS_MAIN("conditions")
{
	TEST(test_unknown);
	TEST(test_dry_run_and_related);
	TEST(test_milder_and_over);
	TEST(test_forgotten);
	TEST(test_flood);
	TEST(test_orphans);
	TEST(test_life);
	TEST(test_words_are_rationed);
	TEST(test_returns);
	TEST(test_restart);
}
