#include "sinks/journal_writer.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include "base/clock.h"
#include "base/clock_steps.h"
#include "base/log.h"
#include "base/pure/text.h"
#include "sinks/journal.h"
#include "sinks/journal_inspector.h"
#include "sinks/journal_private.h"

enum {
	BATCH = 512,
	GATHER_MS = 5, /* from one transaction to the next, unless there is much to write */
	RETRY_MS = 1000,
	STOPPING_RETRY_MS = 100,
	LOOK_MS = 1000, /* how often the files are looked at */
	RENEW_MS = 10000,
	RETAIN_MS = 60000,
	RETAIN_STEPS = 4, /* of deletion, between two batches */
	/* Numbers that are reserved, at least half of them always: more than records find room for
	   while the disk takes none. */
	RESERVE = 1 << 20,
	ROOM_PART = 16,
};

struct journal_writer {
	struct journal_writer_config config;
	char path[JOURNAL_PATH_MAX];
	pthread_t thread;
	struct journal_inspector *inspector;
	/* the thread's own */
	struct journal *journal;
	struct journal *memory; /* what a successor begins with */
	struct journal_files files;
	off_t size; /* of the file, when it was looked at */
	struct clock_trust clock;
	uint64_t seq; /* the last number that is written */
	unsigned damage_seen;
	int64_t looked_us, renewed_us, retained_us;
	bool round;    /* the round of the minute is not done */
	bool deleting; /* there is more to delete */
	struct log_limit limit;
	/* guarded by lock, as all below */
	pthread_mutex_t lock;
	pthread_cond_t more, stop, idle;
	struct journal_queue queue;
	uint64_t given;	   /* the last number given */
	uint64_t reserved; /* up to this none is given to anything else, whatever happens */
	struct journal_entry *done, *done_last;
	bool stopping;
	int64_t deadline_us;
	int64_t written_us; /* when a batch was, last */
	char readers[JOURNAL_READERS_MAX][RECORD_NAME_MAX];
	size_t readers_n;
	bool readers_new;
	struct journal_writer_stats stats;
	struct journal_change change;
	struct journal_retired retired;
	bool changed, has_retired;
};

/* --- waiting */

/* With the lock held. */
static int
wait_ms(struct journal_writer *w, pthread_cond_t *cond, int ms)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	ts.tv_sec += ms / 1000;
	ts.tv_nsec += (long)(ms % 1000) * 1000000;
	ts.tv_sec += ts.tv_nsec / 1000000000;
	ts.tv_nsec %= 1000000000;
	return pthread_cond_timedwait(cond, &w->lock, &ts);
}

/* Wait for work, or for the next look at the files. false: there is none and none will come. */
static bool
wait_for_work(struct journal_writer *w)
{
	bool go_on;

	pthread_mutex_lock(&w->lock);
	while (w->queue.first == NULL && !w->stopping && !w->readers_new && !w->deleting)
		if (wait_ms(w, &w->more, LOOK_MS) == ETIMEDOUT)
			break;
	go_on = w->queue.first != NULL || !w->stopping;
	pthread_mutex_unlock(&w->lock);
	return go_on;
}

/* Sleep, unless it is time to stop. */
static void
pause_for(struct journal_writer *w, int ms)
{
	pthread_mutex_lock(&w->lock);
	if (!w->stopping)
		wait_ms(w, &w->stop, ms);
	else if (ms > GATHER_MS)
		wait_ms(w, &w->stop, STOPPING_RETRY_MS);
	pthread_mutex_unlock(&w->lock);
}

static bool
out_of_time(struct journal_writer *w)
{
	bool late;

	pthread_mutex_lock(&w->lock);
	late = w->stopping && clock_mono_us() > w->deadline_us;
	pthread_mutex_unlock(&w->lock);
	return late;
}

/* --- writing */

static bool
write_state(struct journal_writer *w, const struct journal_entry *e)
{
	const void *value = e->forget ? NULL : e->octets;

	return journal_state_put(w->journal, e->room, e->key, value, e->len) &&
	       journal_state_put(w->memory, e->room, e->key, value, e->len);
}

static bool
write_entry(struct journal_writer *w, const struct journal_entry *e)
{
	struct record r;

	if (e->kind == 0)
		return write_state(w, e);
	if (!journal_entry_record(e, &r)) {
		log_error("journal", "a record cannot be read back; this is a defect");
		return true;
	}
	return journal_put(w->journal, &r, e->octets, e->len) &&
	       (e->kind != RECORD_INCIDENT || journal_remember(w->memory, &r, e->octets, e->len));
}

/* --- reserved numbers */

static const char own_room[] = "journal", reserved_key[] = "reserved";

/* In a transaction: numbers up to `until` may be given from now on. */
static bool
write_reserved(struct journal_writer *w, uint64_t until)
{
	char text[24];
	size_t n = (size_t)snprintf(text, sizeof(text), "%llu", (unsigned long long)until);

	return journal_state_put(w->journal, own_room, reserved_key, text, n) &&
	       journal_state_put(w->memory, own_room, reserved_key, text, n);
}

static uint64_t
read_reserved(struct journal_writer *w)
{
	struct sbuf text = sbuf_of(24);
	uint64_t reserved = 0;

	if (journal_state_get(w->memory, own_room, reserved_key, &text)) {
		sbuf_putc(&text, '\0');
		reserved = strtoull(sbuf_text(&text), NULL, 10);
	}
	sbuf_free(&text);
	return reserved;
}

/* What is to be reserved by a transaction that writes up to seq; 0: there is enough. */
static uint64_t
to_reserve(const struct journal_writer *w, uint64_t seq)
{
	return seq + RESERVE / 2 > w->reserved ? seq + RESERVE : 0;
}

static void
set_reserved(struct journal_writer *w, uint64_t until)
{
	pthread_mutex_lock(&w->lock);
	w->reserved = until;
	pthread_mutex_unlock(&w->lock);
}

/* A transaction of its own. Should it fail, the next batch has it. */
static void
reserve(struct journal_writer *w, uint64_t until)
{
	bool ok = journal_begin(w->journal) && journal_begin(w->memory) &&
		  write_reserved(w, until) && journal_commit(w->journal, w->seq);

	if (ok) {
		journal_commit(w->memory, w->seq);
		set_reserved(w, until);
		return;
	}
	journal_rollback(w->journal);
	journal_rollback(w->memory);
}

/* One transaction: what anybody has seen as written is on the disk. */
static bool
write_batch(struct journal_writer *w, struct journal_entry *const *batch, size_t n)
{
	uint64_t seq = w->seq, until;
	bool ok = journal_begin(w->journal) && journal_begin(w->memory);

	for (size_t i = 0; i < n && ok; i++) {
		ok = write_entry(w, batch[i]);
		if (batch[i]->seq != 0)
			seq = batch[i]->seq;
	}
	until = to_reserve(w, seq);
	ok = ok && (until == 0 || write_reserved(w, until)) && journal_commit(w->journal, seq);
	if (ok) {
		journal_commit(w->memory, seq);
		w->seq = seq;
		if (until != 0)
			set_reserved(w, until);
		return true;
	}
	journal_rollback(w->journal);
	journal_rollback(w->memory);
	return false;
}

static void
put_done(struct journal_writer *w, struct journal_entry *list)
{
	while (list != NULL) {
		struct journal_entry *e = list;

		list = e->next;
		e->next = NULL;
		if (!w->config.keep_written || e->seq == 0) {
			free(e);
			continue;
		}
		if (w->done_last != NULL)
			w->done_last->next = e;
		else
			w->done = e;
		w->done_last = e;
	}
}

static void
written(struct journal_writer *w)
{
	struct journal_entry *list;

	pthread_mutex_lock(&w->lock);
	list = journal_queue_done(&w->queue, true);
	for (const struct journal_entry *e = list; e != NULL; e = e->next)
		w->stats.written += e->seq != 0;
	put_done(w, list);
	w->stats.seq = w->seq;
	w->written_us = clock_mono_us();
	w->stats.error[0] = '\0';
	if (w->queue.first == NULL)
		pthread_cond_broadcast(&w->idle);
	pthread_mutex_unlock(&w->lock);
	w->config.written(w->config.ctx);
}

/* Numbers that nobody has seen are given back: what has them may find no room. */
static void
take_back(struct journal_writer *w, struct journal_entry *const *batch, size_t n)
{
	for (; n > 0 && !batch[n - 1]->shown; n--) {
		struct journal_entry *e = batch[n - 1];

		if (e->seq == 0)
			continue;
		if (e->seq != w->given)
			break;
		w->given--;
		e->seq = 0;
	}
}

static void
failed(struct journal_writer *w, struct journal_entry *const *batch, size_t n)
{
	uint32_t suppressed;
	size_t pending;

	pthread_mutex_lock(&w->lock);
	take_back(w, batch, n);
	journal_queue_done(&w->queue, false);
	w->stats.failures++;
	text_copy(w->stats.error, sizeof(w->stats.error), journal_error(w->journal));
	pending = w->queue.n;
	pthread_mutex_unlock(&w->lock);
	if (log_allowed(&w->limit, clock_mono_us(), &suppressed))
		log_warning("journal", "cannot write, trying again: %s pending=%zu repeated=%u",
		    journal_error(w->journal), pending, suppressed);
}

/* *n: how many there were. false: they could not be written, and wait. */
static bool
write_some(struct journal_writer *w, size_t *n)
{
	struct journal_entry *batch[BATCH];

	pthread_mutex_lock(&w->lock);
	*n = journal_queue_begin(&w->queue, batch, BATCH);
	for (size_t i = 0; i < *n; i++)
		journal_entry_number(batch[i], &w->given);
	pthread_mutex_unlock(&w->lock);
	if (*n == 0)
		return true;
	if (!write_batch(w, batch, *n)) {
		failed(w, batch, *n);
		return false;
	}
	written(w);
	return true;
}

/* --- looking after the file */

static void
note_change(struct journal_writer *w, const struct journal_change *c)
{
	static const char *const words[] = { "sound", "damaged", "deleted", "replaced" };

	log_error("journal", "path=%s was %s: reason=\"%s\" aside=%s records_kept=%llu last=%llu",
	    w->path, words[c->fate], c->reason, c->aside[0] != '\0' ? c->aside : "-",
	    (unsigned long long)c->records, (unsigned long long)w->seq);
	pthread_mutex_lock(&w->lock);
	w->change = *c;
	w->changed = true;
	w->stats.lost[0] = w->stats.error[0] = '\0';
	pthread_mutex_unlock(&w->lock);
}

static void
renew(struct journal_writer *w, enum journal_fate fate)
{
	struct journal_change change;
	struct journal *j;
	char error[256];

	if (clock_mono_us() - w->renewed_us < RENEW_MS * 1000 && w->renewed_us != 0)
		return;
	w->renewed_us = clock_mono_us();
	j = journal_renew(w->journal, fate, w->memory, w->seq, &change, error, sizeof(error));
	w->damage_seen = journal_damage_seen();
	if (j == NULL) {
		log_error(
		    "journal", "path=%s is lost and has no successor yet: %s", w->path, error);
		pthread_mutex_lock(&w->lock);
		text_copy(w->stats.lost, sizeof(w->stats.lost), error);
		pthread_mutex_unlock(&w->lock);
		return;
	}
	w->journal = j;
	journal_files_note(&w->files, w->path);
	note_change(w, &change);
	w->config.written(w->config.ctx); /* there is something to tell */
}

/* A reader has found damage: what does the file look like to somebody who opens it now? */
static bool
is_damaged(struct journal_writer *w)
{
	bool damaged = false;
	char error[256];
	struct journal *j = journal_open_file(w->path, false, &damaged, error, sizeof(error));

	if (j != NULL) {
		damaged = !journal_check(j) && j->damaged;
		text_copy(error, sizeof(error), journal_error(j));
		journal_close(j);
	} else if (w->size == 0) {
		damaged = true;
		text_copy(error, sizeof(error), "the file is empty");
	}
	if (damaged)
		journal_refuse(w->journal, error);
	return damaged;
}

/* It was cut off, for all one can see from outside. Where retention has done it, nothing is wrong.
 */
static bool
has_shrunk(struct journal_writer *w)
{
	off_t before = w->size;
	struct stat st;

	if (stat(w->path, &st) != 0)
		return false;
	w->size = st.st_size;
	return st.st_size < before / 4 * 3;
}

static void
look_after_file(struct journal_writer *w)
{
	enum journal_fate fate;

	if (clock_mono_us() - w->looked_us < LOOK_MS * 1000 && !w->journal->damaged)
		return;
	w->looked_us = clock_mono_us();
	fate = journal_files_look(&w->files, w->path);
	if (fate == JOURNAL_SOUND && w->journal->damaged)
		fate = JOURNAL_DAMAGED;
	if (fate == JOURNAL_SOUND && (has_shrunk(w) || journal_damage_seen() != w->damage_seen)) {
		w->damage_seen = journal_damage_seen();
		fate = is_damaged(w) ? JOURNAL_DAMAGED : JOURNAL_SOUND;
	}
	if (fate != JOURNAL_SOUND)
		renew(w, fate);
}

/* The limits: that of size all the time, that of age once a minute. Then the size is brought well
 * below its limit, too, so that what comes next finds room. */
static void
retain(struct journal_writer *w)
{
	int64_t now = clock_mono_us(), trusted = clock_trust_now(&w->clock, clock_wall_us(), now);
	int64_t before = 0;
	uint64_t max = w->config.retain_octets;
	struct journal_cost cost = { .held = w->stats.held };
	bool more = true;

	if (now - w->retained_us >= RETAIN_MS * 1000) {
		w->retained_us = now;
		w->round = true;
	}
	if (w->round) {
		max -= max / ROOM_PART;
		if (w->config.retain_days > 0 && trusted > 0)
			before = trusted - (int64_t)w->config.retain_days * 86400 * 1000000;
	}
	for (int steps = 0; steps < RETAIN_STEPS && more; steps++)
		more = journal_retain(w->journal, before, max, &cost);
	w->round = w->round && more;
	pthread_mutex_lock(&w->lock);
	w->deleting = more;
	w->stats.unread += cost.unread;
	w->stats.held = cost.held;
	pthread_mutex_unlock(&w->lock);
}

static void
keep_readers(struct journal_writer *w)
{
	const char *names[JOURNAL_READERS_MAX];
	char copy[JOURNAL_READERS_MAX][RECORD_NAME_MAX];
	struct journal_retired retired;
	size_t n;

	pthread_mutex_lock(&w->lock);
	n = w->readers_new ? w->readers_n : SIZE_MAX;
	memcpy(copy, w->readers, sizeof(copy));
	pthread_mutex_unlock(&w->lock);
	if (n == SIZE_MAX)
		return;
	for (size_t i = 0; i < n; i++)
		names[i] = copy[i];
	if (!journal_keep_readers(w->journal, names, n, &retired))
		return; /* it is asked again */
	pthread_mutex_lock(&w->lock);
	w->readers_new = false;
	w->has_retired = w->has_retired || retired.readers > 0;
	if (retired.readers > 0)
		w->retired = retired;
	pthread_mutex_unlock(&w->lock);
}

static void *
run(void *arg)
{
	struct journal_writer *w = arg;
	sigset_t all;
	size_t n;

	sigfillset(&all);
	pthread_sigmask(SIG_BLOCK, &all, NULL);
	while (wait_for_work(w)) {
		look_after_file(w);
		if (!write_some(w, &n)) {
			if (out_of_time(w))
				break;
			look_after_file(w);
			if (w->stats.error[0] != '\0')
				pause_for(w, RETRY_MS);
			continue;
		}
		keep_readers(w);
		retain(w);
		if (n > 0 && n < BATCH)
			pause_for(w, GATHER_MS);
	}
	if (w->queue.first == NULL) /* in good order: the next one goes on where this one ends */
		reserve(w, w->given);
	return NULL;
}

/* --- life */

static void
free_all(struct journal_writer *w)
{
	journal_inspector_stop(w->inspector);
	journal_close(w->journal);
	journal_close(w->memory);
	journal_queue_free(&w->queue);
	while (w->done != NULL) {
		struct journal_entry *e = w->done;

		w->done = e->next;
		free(e);
	}
	free(w);
}

static bool
open_journal(struct journal_writer *w, char *error, size_t size)
{
	struct journal_change change;

	w->memory = journal_open(JOURNAL_MEMORY, true, error, size);
	if (w->memory == NULL)
		return false;
	w->journal = journal_start(w->path, w->memory, &change, error, size);
	if (w->journal == NULL)
		return false;
	w->seq = w->stats.seq = journal_highest(w->journal);
	w->given = read_reserved(w);
	if (w->given < w->seq)
		w->given = w->seq;
	w->reserved = w->given;
	reserve(w, w->given + RESERVE);
	w->damage_seen = journal_damage_seen();
	journal_files_note(&w->files, w->path);
	if (change.fate != JOURNAL_SOUND)
		note_change(w, &change);
	return true;
}

/* Their waits are intervals: the wall clock may step. */
static void
make_locks(struct journal_writer *w)
{
	pthread_condattr_t attr;

	pthread_mutex_init(&w->lock, NULL);
	pthread_condattr_init(&attr);
	pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
	pthread_cond_init(&w->more, &attr);
	pthread_cond_init(&w->stop, &attr);
	pthread_cond_init(&w->idle, &attr);
	pthread_condattr_destroy(&attr);
}

struct journal_writer *
journal_writer_start(const struct journal_writer_config *config, char *error, size_t size)
{
	struct journal_writer *w = calloc(1, sizeof(*w));

	snprintf(error, size, "journal: out of memory");
	if (w == NULL)
		return NULL;
	w->config = *config;
	text_copy(w->path, sizeof(w->path), config->path);
	w->queue.max = config->pending_octets;
	w->limit = (struct log_limit){ .burst = 1, .period_us = 60000000 };
	make_locks(w);
	if (open_journal(w, error, size) &&
	    (w->inspector = journal_inspector_start(w->path, JOURNAL_INSPECT_S)) != NULL &&
	    pthread_create(&w->thread, NULL, run, w) == 0)
		return w;
	free_all(w);
	return NULL;
}

static void
put(struct journal_writer *w, struct journal_entry *e)
{
	if (e == NULL) {
		log_error("journal", "out of memory: a record is lost");
		return;
	}
	pthread_mutex_lock(&w->lock);
	journal_queue_put(&w->queue, e, clock_mono_us());
	pthread_cond_signal(&w->more);
	pthread_mutex_unlock(&w->lock);
}

void
journal_writer_add(struct journal_writer *w, const struct record *r)
{
	put(w, journal_entry_of_record(r));
}

void
journal_writer_state(
    struct journal_writer *w, const char *room, const char *key, const void *value, size_t len)
{
	put(w, journal_entry_of_state(room, key, value, value != NULL ? len : 0));
}

void
journal_writer_readers(struct journal_writer *w, const char *const *names, size_t n)
{
	pthread_mutex_lock(&w->lock);
	w->readers_n = n < JOURNAL_READERS_MAX ? n : JOURNAL_READERS_MAX;
	for (size_t i = 0; i < w->readers_n; i++)
		text_copy(w->readers[i], sizeof(w->readers[i]), names[i]);
	w->readers_new = true;
	pthread_cond_signal(&w->more);
	pthread_mutex_unlock(&w->lock);
}

void
journal_writer_flush(struct journal_writer *w, int deadline_ms)
{
	int64_t deadline = clock_mono_us() + (int64_t)deadline_ms * 1000, left;

	pthread_mutex_lock(&w->lock);
	while (w->queue.first != NULL && (left = deadline - clock_mono_us()) > 0)
		wait_ms(w, &w->idle, (int)(left / 1000) + 1);
	pthread_mutex_unlock(&w->lock);
}

void
journal_writer_stop(struct journal_writer *w, int deadline_ms)
{
	if (w == NULL)
		return;
	pthread_mutex_lock(&w->lock);
	w->stopping = true;
	w->deadline_us = clock_mono_us() + (int64_t)deadline_ms * 1000;
	pthread_cond_signal(&w->more);
	pthread_cond_signal(&w->stop);
	pthread_mutex_unlock(&w->lock);
	pthread_join(w->thread, NULL);
	if (w->queue.n > 0)
		log_error("journal", "%zu records could not be written before the end: %s",
		    w->queue.n, w->stats.error);
	pthread_mutex_destroy(&w->lock);
	pthread_cond_destroy(&w->more);
	pthread_cond_destroy(&w->stop);
	pthread_cond_destroy(&w->idle);
	free_all(w);
}

/* --- what becomes of the records */

struct journal_entry *
journal_writer_take(struct journal_writer *w)
{
	struct journal_entry *list;

	pthread_mutex_lock(&w->lock);
	list = w->done;
	w->done = w->done_last = NULL;
	pthread_mutex_unlock(&w->lock);
	return list;
}

void
journal_writer_unwritten(struct journal_writer *w, size_t n,
    void (*each)(void *ctx, const struct journal_entry *), void *ctx)
{
	pthread_mutex_lock(&w->lock);
	for (struct journal_entry *e = w->queue.first; e != NULL && n > 0; e = e->next) {
		if (e->kind == 0 || e->shown)
			continue;
		if (e->seq == 0 && w->given >= w->reserved)
			break;
		journal_entry_number(e, &w->given);
		e->shown = true;
		n--;
		each(ctx, e);
	}
	pthread_mutex_unlock(&w->lock);
}

/* --- how it fares */

void
journal_writer_stats(struct journal_writer *w, struct journal_writer_stats *out)
{
	int64_t now = clock_mono_us();

	pthread_mutex_lock(&w->lock);
	*out = w->stats;
	out->pending = w->queue.n;
	out->pending_octets = w->queue.octets;
	out->refused = w->queue.dropped;
	out->refused_incidents = w->queue.dropped_incidents;
	if (w->queue.first != NULL) {
		out->waiting_us = now - w->queue.first->queued_us;
		out->stalled_us = now - w->written_us < out->waiting_us ? now - w->written_us
									: out->waiting_us;
	}
	pthread_mutex_unlock(&w->lock);
}

bool
journal_writer_take_change(struct journal_writer *w, struct journal_change *out)
{
	bool news;

	pthread_mutex_lock(&w->lock);
	news = w->changed;
	*out = w->change;
	w->changed = false;
	pthread_mutex_unlock(&w->lock);
	return news;
}

bool
journal_writer_take_retired(struct journal_writer *w, struct journal_retired *out)
{
	bool news;

	pthread_mutex_lock(&w->lock);
	news = w->has_retired;
	*out = w->retired;
	w->has_retired = false;
	pthread_mutex_unlock(&w->lock);
	return news;
}

bool
journal_writer_take_gap(struct journal_writer *w, struct journal_gap *out)
{
	bool news;

	pthread_mutex_lock(&w->lock);
	*out = w->queue.gap;
	news = w->stats.error[0] == '\0' && w->queue.octets < w->queue.max / 2 &&
	       out->events + out->updates + out->incidents > 0;
	if (news)
		memset(&w->queue.gap, 0, sizeof(w->queue.gap));
	pthread_mutex_unlock(&w->lock);
	return news;
}
