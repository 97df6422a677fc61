/*
 * Tails: where readers are in the records. One thread reads for all of them, in turns: from the
 * journal, and from a ring of the newest records, which the journal may not have yet and which
 * nobody has to fetch from a disk. A reader who stops costs its place and one piece.
 *
 *   start --begins by number--> back --so many that match--> forward --nothing left--> waits, or
 * end
 *     +-----begins by time, or now------------------------->
 *
 * Numbers of records increase by one. Where a number does not come that should be next, records are
 * missing: the reader was so slow that retention was faster, or they could not be written. The
 * reader is told.
 */
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/jw.h"
#include "collector/control/control_private.h"

enum {
	RECENT = 1024,	 /* records in the ring */
	BATCH = 512,	 /* records of a query to the journal */
	SLICE_US = 5000, /* of reading for one tail, before the next has its turn */
};

enum phase { PHASE_START, PHASE_BACK, PHASE_FORWARD };
enum where { WITH_READER, WAITS_TO_RUN, RUNS, WAITS_FOR_RECORDS, PIECE_IS_READY };

struct tail {
	struct tails *tails;
	struct tail_wanted wanted;
	void *reader; /* NULL: it is gone. Guarded, as all until the next line */
	enum where where;
	struct tail *next; /* of the list of `where` */
	/* the thread's, while it runs; the loop's while a piece is ready */
	enum phase phase;
	uint64_t newest; /* when it was asked for */
	/* PHASE_BACK: what is next lies above low and below back; so many are wanted yet; where to
	 * begin by those that were found */
	uint64_t low, back;
	uint32_t wanted_yet;
	uint64_t begin;
	uint64_t after;	   /* the number that was dealt with */
	uint64_t expected; /* the number that should come next; 0: not known */
	uint64_t missing;  /* records, which the reader has not been told of */
	int64_t slice_end_us;
	struct record_look look;
	struct sbuf piece;
	bool placed;	    /* the reader knows a place */
	bool ended, failed; /* failed: the reader knows that the journal cannot be read */
};

struct list {
	struct tail *first, *last;
};

struct tails {
	struct journal *journal; /* the thread's */
	void (*wake)(void *ctx);
	void *ctx;
	pthread_t thread;
	pthread_mutex_t
	    lock; /* of all that follows; never held for longer than a record is copied */
	pthread_cond_t work;
	bool stopping;
	struct list runnable, waiting, ready;
	struct record *recent; /* ring of RECENT */
	uint64_t recent_n, newest;
	uint64_t written; /* the disk has all up to this number */
};

/* --- lists */

static void
list_put(struct list *l, struct tail *t, enum where where)
{
	t->where = where;
	t->next = NULL;
	if (l->first == NULL)
		l->first = t;
	else
		l->last->next = t;
	l->last = t;
}

static struct tail *
list_take(struct list *l)
{
	struct tail *t = l->first;

	if (t != NULL)
		l->first = t->next;
	return t;
}

static void
list_leave(struct list *l, struct tail *t)
{
	struct tail *before = NULL;

	for (struct tail *at = l->first; at != t; at = at->next)
		before = at;
	if (before == NULL)
		l->first = t->next;
	else
		before->next = t->next;
	if (l->last == t)
		l->last = before;
}

static void
tail_free(struct tail *t)
{
	record_filter_free(t->wanted.filter);
	sbuf_free(&t->piece);
	free(t);
}

static void
list_free(struct list *l)
{
	struct tail *t;

	while ((t = list_take(l)) != NULL)
		tail_free(t);
}

/* --- the ring; the lock is held */

static const struct record *
recent_at(const struct tails *s, uint64_t i)
{
	return &s->recent[i % RECENT];
}

static uint64_t
recent_first(const struct tails *s)
{
	return s->recent_n > RECENT ? s->recent_n - RECENT : 0;
}

/* The place in the ring of the first record with a higher number; recent_n when there is none. */
static uint64_t
recent_above(const struct tails *s, uint64_t seq)
{
	uint64_t low = recent_first(s), high = s->recent_n;

	while (low < high) {
		uint64_t middle = low + (high - low) / 2;

		if (recent_at(s, middle)->seq <= seq)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/* --- pieces */

void
record_line(
    enum printer_format format, const struct record *r, struct record_look *look, struct sbuf *out)
{
	if (format == PRINTER_JSON ? record_to_json(r, out) : record_to_text(r, look, out))
		sbuf_putc(out, '\n');
}

static void
report_missing(struct tail *t)
{
	if (t->missing == 0)
		return;
	sbuf_printf(&t->piece,
	    t->wanted.format == PRINTER_JSON
		? "{\"dropped\":%llu}\n"
		: "-- %llu records are missing here: they are no longer in the journal --\n",
	    (unsigned long long)t->missing);
	t->missing = 0;
}

/* All that was there when it was asked for is given. */
static bool
has_all(const struct tail *t)
{
	return !t->wanted.follow && t->after >= t->newest;
}

/* The piece has enough, or the slice is over. */
static bool
has_enough(const struct tail *t)
{
	return t->piece.len >= PIECE || t->wanted.count == 0 || has_all(t) ||
	       clock_mono_us() > t->slice_end_us;
}

/* The line of one that is not written says so. */
static void
mark_unwritten(struct tail *t)
{
	bool json = t->wanted.format == PRINTER_JSON;

	if (t->piece.failed)
		return;
	t->piece.len -= json ? 2 : 1;
	sbuf_puts(&t->piece, json ? ",\"written\":false}\n" : "  (not written yet)\n");
}

/* Is it one that the reader wants? */
static bool
is_wanted(const struct tail *t, const struct record *r)
{
	return (t->wanted.until_us == 0 || r->at_us <= t->wanted.until_us) &&
	       record_filter_shows(t->wanted.filter, r);
}

static void
give(struct tail *t, const struct record *r, bool is_written)
{
	if (t->expected != 0 && r->seq > t->expected)
		t->missing += r->seq - t->expected;
	t->expected = 0;
	t->after = r->seq;
	if (!is_wanted(t, r))
		return;
	report_missing(t);
	t->look.now_us = clock_wall_us();
	record_line(t->wanted.format, r, &t->look, &t->piece);
	if (!is_written)
		mark_unwritten(t);
	if (t->wanted.count != UINT32_MAX)
		t->wanted.count--;
}

/* --- forward */

static bool
give_of_journal(void *ctx, const struct record *r)
{
	struct tail *t = ctx;

	if (has_enough(t)) {
		if (t->expected == 0)
			t->expected = r->seq; /* it is there now: it has to come */
		return false;
	}
	give(t, r, true);
	return true;
}

/* What the ring has, when it has what comes next. Its records have all numbers. */
static void
read_ring(struct tails *s, struct tail *t)
{
	struct record r;
	uint64_t at;
	bool found, is_written = true;

	do {
		pthread_mutex_lock(&s->lock);
		at = recent_above(s, t->after);
		found = at < s->recent_n && recent_at(s, at)->seq == t->after + 1;
		if (found) {
			r = *recent_at(s, at);
			is_written = r.seq <= s->written;
		}
		pthread_mutex_unlock(&s->lock);
		if (found) {
			give(t, &r, is_written);
			t->expected = t->after + 1;
		}
	} while (found && !has_enough(t));
}

/* The number of the first record in the ring behind what the tail has. 0: there is none; what came
 * meanwhile is nowhere. */
static uint64_t
ring_goes_on(struct tails *s, struct tail *t)
{
	uint64_t at, seq = 0;

	pthread_mutex_lock(&s->lock);
	at = recent_above(s, t->after);
	if (at < s->recent_n)
		seq = recent_at(s, at)->seq;
	else if (s->newest > t->after)
		t->after = s->newest;
	pthread_mutex_unlock(&s->lock);
	return seq;
}

/* Said once. */
static void
report_failure(const struct tails *s, struct tail *t)
{
	struct jw j = jw_to(&t->piece);

	if (t->failed)
		return;
	t->failed = true;
	if (t->wanted.format != PRINTER_JSON) {
		sbuf_printf(
		    &t->piece, "-- the journal cannot be read: %s --\n", journal_error(s->journal));
		return;
	}
	jw_object(&j, NULL);
	jw_stringf(&j, "error", "the journal cannot be read: %s", journal_error(s->journal));
	jw_end_object(&j);
	sbuf_putc(&t->piece, '\n');
}

/* Read on until there is enough. Returns false when nothing is left for now. */
static bool
read_forward(struct tails *s, struct tail *t)
{
	while (!has_enough(t)) {
		uint64_t before = t->after, next;

		read_ring(s, t);
		if (has_enough(t))
			break;
		if (journal_read(s->journal, t->after, BATCH, give_of_journal, t) < 0)
			report_failure(s, t);
		if (t->after != before || has_enough(t))
			continue;
		t->expected = t->after + 1;
		next = ring_goes_on(s, t);
		if (next == 0)
			return false;
		t->after = next - 1; /* the journal has nothing before it */
	}
	return true;
}

/* --- back */

static void
count_back(struct tail *t, const struct record *r)
{
	t->back = r->seq;
	if (!is_wanted(t, r))
		return;
	t->wanted_yet--;
	t->begin = r->seq - 1;
}

static bool
count_of_journal(void *ctx, const struct record *r)
{
	struct tail *t = ctx;

	if (r->seq <= t->low || clock_mono_us() > t->slice_end_us)
		return false;
	count_back(t, r);
	return t->wanted_yet > 0;
}

/* The newest record of the ring below; false: it has none. */
static bool
count_of_ring(struct tails *s, struct tail *t)
{
	struct record r;
	uint64_t at;
	bool found;

	pthread_mutex_lock(&s->lock);
	at = recent_above(s, t->back - 1);
	found = at > recent_first(s) && recent_at(s, at - 1)->seq > t->low;
	if (found)
		r = *recent_at(s, at - 1);
	pthread_mutex_unlock(&s->lock);
	if (found)
		count_back(t, &r);
	return found;
}

/* Go back by as many records as are wanted and match. Returns true when that is done. */
static bool
read_back(struct tails *s, struct tail *t)
{
	while (t->wanted_yet > 0 && t->back > t->low + 1) {
		uint64_t before = t->back;

		if (clock_mono_us() > t->slice_end_us)
			return false;
		if (count_of_ring(s, t))
			continue;
		journal_read_back(s->journal, t->back, BATCH, count_of_journal, t);
		if (t->back == before && clock_mono_us() <= t->slice_end_us)
			break;
	}
	return true;
}

/* --- turns */

/* The journal begins with this one: what should be before it is gone. */
static bool
note_gone(void *ctx, const struct record *r)
{
	struct tail *t = ctx;

	if (r->seq > t->low + 1)
		t->missing = r->seq - t->low - 1;
	return false;
}

/* Behind the last of this time there is nothing to look for. Of the last minute the journal may not
 * have everything yet. */
static void
end_by_time(struct tails *s, struct tail *t)
{
	const int64_t recent_us = (int64_t)60 * 1000000;
	uint64_t last;

	if (t->wanted.until_us == 0 || t->wanted.until_us > clock_wall_us() - recent_us)
		return;
	last = journal_before_time(s->journal, t->wanted.until_us + 1);
	if (last < t->newest)
		t->newest = last;
}

static void
begin(struct tails *s, struct tail *t)
{
	end_by_time(s, t);
	t->low = t->wanted.by_number ? t->wanted.after
		 : t->wanted.by_time ? journal_before_time(s->journal, t->wanted.since_us)
				     : 0;
	if (t->low > t->newest)
		t->low = t->newest;
	t->back = t->newest + 1;
	t->wanted_yet = t->wanted.last;
	t->begin = t->newest;
	t->after = t->low;
	t->phase = t->wanted.last == UINT32_MAX ? PHASE_FORWARD : PHASE_BACK;
	if (t->wanted.by_number && t->low < t->newest)
		journal_read(s->journal, 0, 1, note_gone, t);
}

/* Where it goes on another time: behind what it says, and once when it has said nothing yet. */
static void
say_place(struct tail *t)
{
	if (!t->wanted.says_place || t->missing > 0 || (t->piece.len == 0 && t->placed))
		return;
	t->placed = true;
	sbuf_printf(&t->piece, CONTROL_PLACE "%llu\n", (unsigned long long)t->after);
}

/* One slice. Returns false when the tail has to wait for records. */
static bool
step(struct tails *s, struct tail *t)
{
	bool more = true, at_end;

	t->slice_end_us = clock_mono_us() + SLICE_US;
	if (t->phase == PHASE_START)
		begin(s, t);
	if (t->phase == PHASE_BACK && read_back(s, t)) {
		t->after = t->begin;
		t->phase = PHASE_FORWARD;
	}
	if (t->phase == PHASE_FORWARD)
		more = read_forward(s, t);
	at_end = !more || (t->phase == PHASE_FORWARD && has_all(t));
	t->ended = t->wanted.count == 0 || (!t->wanted.follow && at_end);
	if (t->ended)
		report_missing(t);
	if (t->phase == PHASE_FORWARD)
		say_place(t);
	return more;
}

/* Where it goes after its slice; the lock is held. */
static void
settle(struct tails *s, struct tail *t, bool more)
{
	if (t->reader == NULL) {
		tail_free(t);
	} else if (t->piece.len > 0 || t->ended) {
		if (s->ready.first == NULL)
			s->wake(s->ctx);
		list_put(&s->ready, t, PIECE_IS_READY);
	} else if (more || s->newest > t->after) {
		list_put(&s->runnable, t, WAITS_TO_RUN);
	} else {
		list_put(&s->waiting, t, WAITS_FOR_RECORDS);
	}
}

static void *
run(void *arg)
{
	struct tails *s = arg;
	struct tail *t;
	sigset_t all;
	bool more;

	sigfillset(&all);
	pthread_sigmask(SIG_BLOCK, &all, NULL);
	pthread_mutex_lock(&s->lock);
	while (!s->stopping) {
		t = list_take(&s->runnable);
		if (t == NULL) {
			pthread_cond_wait(&s->work, &s->lock);
			continue;
		}
		t->where = RUNS;
		pthread_mutex_unlock(&s->lock);
		more = step(s, t);
		pthread_mutex_lock(&s->lock);
		settle(s, t, more);
	}
	pthread_mutex_unlock(&s->lock);
	return NULL;
}

/* --- the loop's side */

struct tails *
tails_start(const char *journal_path, void (*wake)(void *ctx), void *ctx, char *error, size_t size)
{
	struct tails *s = calloc(1, sizeof(*s));

	snprintf(error, size, "out of memory");
	if (s == NULL)
		return NULL;
	s->wake = wake;
	s->ctx = ctx;
	s->recent = calloc(RECENT, sizeof(*s->recent));
	if (s->recent == NULL ||
	    (s->journal = journal_open(journal_path, false, error, size)) == NULL)
		goto fail;
	s->newest = journal_last(s->journal);
	pthread_mutex_init(&s->lock, NULL);
	pthread_cond_init(&s->work, NULL);
	if (pthread_create(&s->thread, NULL, run, s) == 0)
		return s;
	pthread_mutex_destroy(&s->lock);
	pthread_cond_destroy(&s->work);
	journal_close(s->journal);
fail:
	free(s->recent);
	free(s);
	return NULL;
}

void
tails_stop(struct tails *s)
{
	if (s == NULL)
		return;
	pthread_mutex_lock(&s->lock);
	s->stopping = true;
	pthread_cond_signal(&s->work);
	pthread_mutex_unlock(&s->lock);
	pthread_join(s->thread, NULL);
	list_free(&s->runnable);
	list_free(&s->waiting);
	list_free(&s->ready);
	journal_close(s->journal);
	pthread_mutex_destroy(&s->lock);
	pthread_cond_destroy(&s->work);
	free(s->recent);
	free(s);
}

void
tails_record(struct tails *s, const struct record *r)
{
	struct tail *t;

	pthread_mutex_lock(&s->lock);
	s->recent[s->recent_n++ % RECENT] = *r;
	s->newest = r->seq;
	while ((t = list_take(&s->waiting)) != NULL)
		list_put(&s->runnable, t, WAITS_TO_RUN);
	if (s->runnable.first != NULL)
		pthread_cond_signal(&s->work);
	pthread_mutex_unlock(&s->lock);
}

void
tails_written(struct tails *s, uint64_t seq)
{
	pthread_mutex_lock(&s->lock);
	s->written = seq;
	pthread_mutex_unlock(&s->lock);
}

struct tail *
tail_new(struct tails *s, const struct tail_wanted *wanted, void *reader)
{
	struct tail *t = calloc(1, sizeof(*t));

	if (t == NULL) {
		record_filter_free(wanted->filter);
		return NULL;
	}
	t->tails = s;
	t->wanted = *wanted;
	t->reader = reader;
	t->piece = sbuf_of(PIECE_MAX);
	t->look.colour = wanted->format == PRINTER_COLOUR;
	pthread_mutex_lock(&s->lock);
	t->newest = s->newest;
	pthread_mutex_unlock(&s->lock);
	return t;
}

void
tail_read(struct tail *t)
{
	struct tails *s = t->tails;

	pthread_mutex_lock(&s->lock);
	list_put(&s->runnable, t, WAITS_TO_RUN);
	pthread_cond_signal(&s->work);
	pthread_mutex_unlock(&s->lock);
}

void
tail_drop(struct tail *t)
{
	struct tails *s = t->tails;

	pthread_mutex_lock(&s->lock);
	t->reader = NULL;
	if (t->where == WAITS_TO_RUN)
		list_leave(&s->runnable, t);
	else if (t->where == WAITS_FOR_RECORDS)
		list_leave(&s->waiting, t);
	else if (t->where == PIECE_IS_READY)
		list_leave(&s->ready, t);
	if (t->where != RUNS) /* else settle frees it */
		tail_free(t);
	pthread_mutex_unlock(&s->lock);
}

void *
tails_take(struct tails *s, struct sbuf *piece, bool *ended)
{
	struct tail *t;

	pthread_mutex_lock(&s->lock);
	t = list_take(&s->ready);
	if (t != NULL) {
		*piece = t->piece;
		*ended = t->ended;
		t->piece = sbuf_of(PIECE_MAX);
		t->where = WITH_READER;
	}
	pthread_mutex_unlock(&s->lock);
	return t != NULL ? t->reader : NULL;
}
