#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/pure/text.h"
#include "sinks/journal_writer_private.h"

enum {
	BATCH = 512,
	GATHER_MS = 5, /* from one transaction to the next, unless there is much to write */
	RETRY_MS = 1000,
	STOPPING_RETRY_MS = 100,
	/* Numbers that are reserved, at least half of them always: more than records find room for
	   while the disk takes none. */
	RESERVE = 1 << 20,
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

	if (e->daily)
		return journal_day_put(w->journal, e->room, e->key, e->octets, e->len) &&
		       journal_day_put(w->memory, e->room, e->key, e->octets, e->len);
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

/* What is lost should this be the end. The lock is held. */
static void
what_waits(const struct journal_writer *w, struct journal_loss *out)
{
	*out = (struct journal_loss){ 0 };
	for (const struct journal_entry *e = w->queue.first; e != NULL; e = e->next) {
		if (e->kind == 0)
			continue;
		if (out->records++ == 0)
			out->from_us = e->at_us;
		out->until_us = e->at_us;
	}
}

/* Note it, beside the journal, when it is otherwise than noted. What the writer before could not
 * write stays noted until it has been told. */
static void
note_what_waits(struct journal_writer *w)
{
	struct journal_loss waits;

	pthread_mutex_lock(&w->lock);
	what_waits(w, &waits);
	if (w->loss.records > 0) {
		waits.from_us = w->loss.from_us;
		waits.until_us = waits.records > 0 ? waits.until_us : w->loss.until_us;
		waits.records += w->loss.records;
	}
	pthread_mutex_unlock(&w->lock);
	if (waits.records == w->noted.records && waits.until_us == w->noted.until_us)
		return;
	if (journal_loss_note(w->path, &waits))
		w->noted = waits;
	else
		log_warning("journal", "cannot note what waits: %s", strerror(errno));
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
		note_what_waits(w);
		return false;
	}
	written(w);
	if (w->noted.records > 0)
		note_what_waits(w);
	return true;
}

/* --- the thread */

static void *
run(void *arg)
{
	struct journal_writer *w = arg;
	sigset_t all;
	size_t n;

	sigfillset(&all);
	pthread_sigmask(SIG_BLOCK, &all, NULL);
	while (wait_for_work(w)) {
		writer_look_after_file(w);
		if (!write_some(w, &n)) {
			if (out_of_time(w))
				break;
			writer_look_after_file(w);
			if (w->stats.error[0] != '\0')
				pause_for(w, RETRY_MS);
			continue;
		}
		writer_keep_readers(w);
		writer_retain(w);
		if (n > 0 && n < BATCH)
			pause_for(w, GATHER_MS);
	}
	if (w->queue.first == NULL) /* in good order: the next one goes on where this one ends */
		reserve(w, w->given);
	note_what_waits(w);
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
	w->loss = w->noted = journal_loss_read(w->path);
	if (!journal_loss_note(w->path, &w->noted)) /* so that it has its place on the disk */
		log_warning("journal", "cannot note what waits: %s", strerror(errno));
	w->given = read_reserved(w);
	if (w->given < w->seq)
		w->given = w->seq;
	w->reserved = w->given;
	reserve(w, w->given + RESERVE);
	w->damage_seen = journal_damage_seen();
	journal_files_note(&w->files, w->path);
	if (change.fate != JOURNAL_SOUND)
		writer_note_change(w, &change);
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
journal_writer_day(
    struct journal_writer *w, const char *day, const char *key, const void *value, size_t len)
{
	struct journal_entry *e = journal_entry_of_state(day, key, value, len);

	if (e != NULL)
		e->daily = true;
	put(w, e);
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

size_t
journal_writer_unwritten(struct journal_writer *w, size_t n,
    void (*each)(void *ctx, const struct journal_entry *), void *ctx)
{
	size_t shown = 0;

	pthread_mutex_lock(&w->lock);
	if (w->done != NULL) /* those come first */
		n = 0;
	for (struct journal_entry *e = w->queue.first; e != NULL && shown < n; e = e->next) {
		if (e->kind == 0 || e->shown)
			continue;
		if (e->seq == 0 && w->given >= w->reserved)
			break;
		journal_entry_number(e, &w->given);
		e->shown = true;
		shown++;
		each(ctx, e);
	}
	pthread_mutex_unlock(&w->lock);
	return shown;
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
journal_writer_loss(struct journal_writer *w, struct journal_loss *out)
{
	pthread_mutex_lock(&w->lock);
	*out = w->loss;
	pthread_mutex_unlock(&w->lock);
	return out->records > 0;
}

void
journal_writer_loss_told(struct journal_writer *w)
{
	pthread_mutex_lock(&w->lock);
	w->loss.records = 0;
	pthread_mutex_unlock(&w->lock);
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
