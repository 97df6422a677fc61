/* sinks/journal_queue: order, bounds, what is dropped first, and what is never. */
#include "sinks/journal_queue.h"
#include "tests/unit/support/harness.h"
#include "tests/unit/support/records.h"

static struct journal_queue q;

static void
setup(void)
{
	memset(&q, 0, sizeof(q));
}

static void
teardown(void)
{
	journal_queue_free(&q);
}

static bool
put_event(int64_t at_us)
{
	struct record r = sample_event();

	r.at_us = at_us;
	return journal_queue_put(&q, journal_entry_of_record(&r), 0);
}

static void
put_incident(unsigned id, uint8_t transition, uint8_t severity, int64_t at_us)
{
	struct record r = sample_incident();

	snprintf(r.incident.id, sizeof(r.incident.id), "%032x", id);
	r.incident.transition = transition;
	r.incident.severity = severity;
	r.at_us = at_us;
	ck_assert(journal_queue_put(&q, journal_entry_of_record(&r), 0));
}

static size_t
size_of(const struct record *r)
{
	struct journal_entry *e = journal_entry_of_record(r);
	size_t n = sizeof(*e) + e->len;

	free(e);
	return n;
}

/* "e" for an event, "12o" for incident 12 opened: what waits, in order. */
static const char *
waiting(void)
{
	static char text[4096];
	size_t n = 0;

	text[0] = '\0';
	for (const struct journal_entry *e = q.first; e != NULL; e = e->next)
		n += (size_t)(e->kind == RECORD_EVENT
				  ? snprintf(text + n, sizeof(text) - n, "e ")
				  : snprintf(text + n, sizeof(text) - n, "%lx%c ",
					strtoul(e->id, NULL, 16), " oucn"[e->transition]));
	return text;
}

START_TEST(in_order)
{
	struct journal_entry *batch[4];
	struct journal_entry *list, *next;
	struct record r, want = sample_incident();
	uint64_t tickets = 0;

	q.max = 1 << 20;
	for (int i = 0; i < 3; i++)
		ck_assert(put_event(i));
	ck_assert(journal_queue_put(&q, journal_entry_of_record(&want), 77));
	ck_assert_uint_eq(journal_queue_begin(&q, batch, 2), 2);
	ck_assert_ptr_null(journal_queue_done(&q, false)); /* they stay */
	ck_assert_uint_eq(q.n, 4);
	ck_assert_uint_eq(journal_queue_begin(&q, batch, 4), 4);
	ck_assert_int_eq(batch[3]->queued_us, 77);
	list = journal_queue_done(&q, true);
	ck_assert_uint_eq(q.n, 0);
	ck_assert_uint_eq(q.octets, 0);
	ck_assert_ptr_null(q.first);
	for (int i = 0; list != NULL; i++, list = next) {
		next = list->next;
		ck_assert_uint_gt(list->ticket, tickets);
		tickets = list->ticket;
		list->seq = 9;
		ck_assert(journal_entry_record(list, &r));
		ck_assert_uint_eq(r.seq, 9);
		ck_assert_int_eq(r.at_us, i < 3 ? i : want.at_us);
		if (i == 3) {
			r.seq = want.seq;
			ck_assert(records_equal(&r, &want));
		}
		free(list);
	}
	ck_assert_uint_eq(tickets, 4);
}
END_TEST

START_TEST(state_entries)
{
	struct journal_entry *e = journal_entry_of_state("mute", "key", "a\0b", 3);

	ck_assert_str_eq(e->room, "mute");
	ck_assert_str_eq(e->key, "key");
	ck_assert_uint_eq(e->len, 3);
	ck_assert_int_eq(memcmp(e->octets, "a\0b", 3), 0);
	ck_assert(!e->forget && e->kind == 0);
	ck_assert(!journal_entry_record(e, &(struct record){ 0 }));
	q.max = 100; /* and there is always room for it */
	ck_assert(journal_queue_put(&q, e, 0));
	e = journal_entry_of_state("mute", "key", NULL, 0);
	ck_assert(e->forget);
	ck_assert(journal_queue_put(&q, e, 0));
	ck_assert_uint_eq(q.n, 2);
}
END_TEST

/* Events may not fill the room; when an incident needs theirs, the oldest of them go. */
START_TEST(events_make_room)
{
	struct record event = sample_event(), incident = sample_incident();
	uint64_t taken = 0, refused = 0;

	q.max = 32 * (size_of(&event) + size_of(&incident));
	for (int i = 0; i < 1000; i++)
		*(put_event(100 + i) ? &taken : &refused) += 1;
	ck_assert_uint_gt(taken, 20);
	ck_assert_uint_le(q.octets, q.max - q.max / 4);
	ck_assert_uint_eq(q.gap.events, refused);
	ck_assert_uint_eq(q.dropped, refused);
	ck_assert_int_eq(q.gap.from_us, 100 + (int64_t)taken);
	ck_assert_int_eq(q.gap.until_us, 1099);
	for (unsigned i = 0; i < 32; i++)
		put_incident(i, TRANSITION_OPENED, SEVERITY_INFO, 5000);
	ck_assert_uint_le(q.octets, q.max);
	ck_assert_uint_gt(q.gap.events, refused);
	ck_assert_uint_eq(q.gap.updates + q.gap.incidents, 0);
	ck_assert_int_eq(q.gap.from_us, 100); /* the oldest */
	ck_assert_uint_eq(q.dropped_incidents, 0);
}
END_TEST

/* Room for `n` incidents' records. */
static void
room_for(size_t n)
{
	struct record r = sample_incident();

	q.max = n * size_of(&r);
}

START_TEST(superseded_transitions_go)
{
	room_for(8);
	put_incident(1, TRANSITION_OPENED, SEVERITY_MAJOR, 1);
	put_incident(2, TRANSITION_UPDATED, SEVERITY_MAJOR, 2);
	for (int i = 0; i < 5; i++)
		put_incident(
		    1, i % 2 ? TRANSITION_UNKNOWN : TRANSITION_UPDATED, SEVERITY_MAJOR, 3 + i);
	ck_assert_str_eq(waiting(), "1o 2u 1u 1n 1u 1n 1u ");
	put_incident(2, TRANSITION_CLOSED, SEVERITY_MAJOR, 9);
	put_incident(3, TRANSITION_OPENED, SEVERITY_INFO, 10);
	ck_assert_str_eq(waiting(), "1o 1u 2c 3o ");
	ck_assert_uint_eq(q.gap.updates, 5);
	ck_assert_uint_eq(q.gap.events + q.gap.incidents, 0);
}
END_TEST

START_TEST(whole_lives_go_the_mild_ones_first)
{
	room_for(7);
	put_incident(1, TRANSITION_CLOSED, SEVERITY_CRITICAL, 1); /* its beginning is written */
	put_incident(2, TRANSITION_OPENED, SEVERITY_CRITICAL, 2);
	put_incident(3, TRANSITION_OPENED, SEVERITY_WARNING, 3);
	put_incident(3, TRANSITION_CLOSED, SEVERITY_WARNING, 4);
	put_incident(2, TRANSITION_CLOSED, SEVERITY_CRITICAL, 5);
	put_incident(3, TRANSITION_OPENED, SEVERITY_WARNING, 6);
	put_incident(4, TRANSITION_OPENED, SEVERITY_WARNING, 7);
	put_incident(5, TRANSITION_OPENED, SEVERITY_WARNING, 8);
	ck_assert_str_eq(waiting(), "1c 2o 2c 3o 4o 5o ");
	ck_assert_uint_eq(q.gap.incidents, 1);
	ck_assert_int_eq(q.gap.from_us, 3);
	ck_assert_int_eq(q.gap.until_us, 4);
	put_incident(6, TRANSITION_OPENED, SEVERITY_INFO, 9);
	put_incident(7, TRANSITION_OPENED, SEVERITY_INFO, 10);
	ck_assert_str_eq(waiting(), "1c 3o 4o 5o 6o 7o ");
	ck_assert_uint_eq(q.gap.incidents, 2);
	/* what is left is not dropped, whatever it takes */
	for (unsigned i = 8; i < 40; i++)
		put_incident(i, TRANSITION_OPENED, SEVERITY_INFO, 11);
	ck_assert_uint_eq(q.n, 38);
	ck_assert_uint_eq(q.gap.incidents, 2);
}
END_TEST

/* What is being written is left alone. */
START_TEST(busy_entries_stay)
{
	struct journal_entry *batch[3];
	struct journal_entry *list;

	room_for(4);
	put_incident(1, TRANSITION_OPENED, SEVERITY_INFO, 1);
	put_incident(1, TRANSITION_UPDATED, SEVERITY_INFO, 2);
	put_incident(1, TRANSITION_UPDATED, SEVERITY_INFO, 3);
	ck_assert_uint_eq(journal_queue_begin(&q, batch, 3), 3);
	put_incident(1, TRANSITION_UPDATED, SEVERITY_INFO, 4);
	put_incident(1, TRANSITION_CLOSED, SEVERITY_INFO, 5);
	ck_assert_str_eq(waiting(), "1o 1u 1u 1c ");
	list = journal_queue_done(&q, true);
	ck_assert_str_eq(waiting(), "1c ");
	while (list != NULL) {
		struct journal_entry *e = list;

		list = e->next;
		free(e);
	}
}
END_TEST

/* At random: bounded, in order, and each incident's story goes on from what was written of it. */
START_TEST(stories_hold)
{
	enum { IDS = 12 };
	uint64_t seed = seed_of(_i);
	bool open_now[IDS] = { false }, open_written[IDS] = { false };

	room_for(60);
	for (int i = 0; i < 20000; i++) {
		unsigned id = rnd(&seed) % IDS;
		uint8_t t = TRANSITION_OPENED;

		if (rnd(&seed) % 3 == 0)
			put_event(i);
		if (open_now[id])
			t = rnd(&seed) % 3 == 0 ? TRANSITION_CLOSED : TRANSITION_UPDATED;
		open_now[id] = t != TRANSITION_CLOSED;
		put_incident(id, t, (uint8_t)(1 + rnd(&seed) % 5), i);
		ck_assert_uint_le(q.octets, q.max + q.max / 4);
		if (rnd(&seed) % 200 == 0) { /* the disk takes some */
			struct journal_entry *batch[64];
			struct journal_entry *e;

			journal_queue_begin(&q, batch, 1 + rnd(&seed) % 64);
			for (struct journal_entry *list = journal_queue_done(&q, true);
			     list != NULL;) {
				e = list;
				list = e->next;
				if (e->kind == RECORD_INCIDENT) {
					unsigned n = (unsigned)strtoul(e->id, NULL, 16);

					require(
					    open_written[n] == (e->transition != TRANSITION_OPENED),
					    "transition %u of incident %u", e->transition, n);
					open_written[n] = e->transition != TRANSITION_CLOSED;
				}
				free(e);
			}
		}
	}
	ck_assert_uint_gt(q.gap.updates, 0);
	ck_assert_uint_gt(q.gap.incidents, 0);
}
END_TEST

HARNESS_MAIN("journal_queue")
{
	FIXTURE(setup, teardown);
	TEST(in_order);
	TEST(state_entries);
	TEST(events_make_room);
	TEST(superseded_transitions_go);
	TEST(whole_lives_go_the_mild_ones_first);
	TEST(busy_entries_stay);
	LOOP(stories_hold, 10);
}
