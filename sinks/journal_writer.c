#include "sinks/journal_writer.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/clock.h"
#include "base/log.h"
#include "sinks/journal.h"

enum { BATCH = 512, GATHER_MS = 20, RETRY_MS = 1000, RETAIN_EVERY_US = 60 * 1000000 };

/* What a room keeps: the value, then its two names. */
struct state {
	size_t len;
	const char *room, *key;
	const void *value; /* NULL: delete it */
	char octets[];
};

/* A record, or a state. */
struct pending {
	struct pending *next;
	struct state *state;
	struct record record;
};

struct journal_writer {
	struct journal_writer_config config;
	struct journal *journal;
	pthread_t thread;
	pthread_mutex_t lock;
	pthread_cond_t more;
	struct pending *first, *last; /* guarded by lock, as all below */
	size_t n;
	bool stopping;
	int64_t deadline_us;
	struct journal_writer_stats stats;
};

static void
sleep_ms(int ms)
{
	struct timespec ts = { ms / 1000, (long)(ms % 1000) * 1000000 };

	while (nanosleep(&ts, &ts) != 0 && errno == EINTR) {
	}
}

/* Up to BATCH records from the front, or a state; they stay in the list until they are written. */
static size_t
peek_batch(struct journal_writer *w, const struct record **batch, const struct state **state)
{
	size_t n = 0;

	pthread_mutex_lock(&w->lock);
	*state = w->first != NULL ? w->first->state : NULL;
	for (struct pending *p = w->first; p != NULL && n < BATCH && p->state == NULL; p = p->next)
		batch[n++] = &p->record;
	pthread_mutex_unlock(&w->lock);
	return *state != NULL ? 1 : n;
}

static bool
write_batch(struct journal_writer *w, const struct record **batch, size_t n, const struct state *s)
{
	if (s != NULL)
		return journal_state_put(w->journal, s->room, s->key, s->value, s->len);
	return journal_append(w->journal, batch, n);
}

static void
drop_batch(struct journal_writer *w, size_t n)
{
	pthread_mutex_lock(&w->lock);
	if (w->first->state == NULL)
		w->stats.written += n;
	for (; n > 0; n--) {
		struct pending *p = w->first;

		w->first = p->next;
		if (w->first == NULL)
			w->last = NULL;
		w->n--;
		free(p->state);
		free(p);
	}
	pthread_mutex_unlock(&w->lock);
}

static void
failed(struct journal_writer *w)
{
	pthread_mutex_lock(&w->lock);
	w->stats.failures++;
	pthread_mutex_unlock(&w->lock);
	log_warning("journal", "cannot write, trying again: %s pending=%zu",
	    journal_error(w->journal), w->n);
}

/* Wait for work. false: there is none and none will come. */
static bool
wait_for_work(struct journal_writer *w)
{
	bool work, stopping;

	pthread_mutex_lock(&w->lock);
	while (w->first == NULL && !w->stopping) {
		struct timespec ts;

		clock_gettime(CLOCK_REALTIME, &ts);
		ts.tv_sec += 10;
		if (pthread_cond_timedwait(&w->more, &w->lock, &ts) == ETIMEDOUT)
			break;
	}
	work = w->first != NULL;
	stopping = w->stopping;
	pthread_mutex_unlock(&w->lock);
	return work || !stopping;
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

static void
retain(struct journal_writer *w, int64_t *last_us)
{
	int64_t before = 0;

	if (clock_mono_us() - *last_us < RETAIN_EVERY_US)
		return;
	*last_us = clock_mono_us();
	if (w->config.retain_days > 0)
		before = clock_wall_us() - (int64_t)w->config.retain_days * 86400 * 1000000;
	for (int steps = 0;
	     steps < 100 && journal_retain(w->journal, before, w->config.retain_octets); steps++) {
	}
}

static void *
run(void *arg)
{
	struct journal_writer *w = arg;
	const struct record *batch[BATCH];
	int64_t retained_us = 0;
	const struct state *state;
	sigset_t all;
	size_t n;

	sigfillset(&all);
	pthread_sigmask(SIG_BLOCK, &all, NULL);
	while (wait_for_work(w)) {
		n = peek_batch(w, batch, &state);
		if (n > 0 && !write_batch(w, batch, n, state)) {
			failed(w);
			if (out_of_time(w))
				break;
			sleep_ms(RETRY_MS);
			continue;
		}
		if (n > 0) {
			drop_batch(w, n);
			w->config.written(w->config.ctx);
			if (n < BATCH)
				sleep_ms(GATHER_MS); /* let the next transaction gather */
		}
		retain(w, &retained_us);
	}
	return NULL;
}

struct journal_writer *
journal_writer_start(const struct journal_writer_config *config, char *error, size_t size)
{
	struct journal_writer *w = calloc(1, sizeof(*w));

	if (w == NULL)
		return NULL;
	w->config = *config;
	w->journal = journal_open(config->path, true, error, size);
	if (w->journal == NULL) {
		free(w);
		return NULL;
	}
	pthread_mutex_init(&w->lock, NULL);
	pthread_cond_init(&w->more, NULL);
	if (pthread_create(&w->thread, NULL, run, w) != 0) {
		journal_close(w->journal);
		free(w);
		return NULL;
	}
	return w;
}

/* Called with the lock held. */
static void
put_last(struct journal_writer *w, struct pending *p)
{
	p->next = NULL;
	if (w->last != NULL)
		w->last->next = p;
	else
		w->first = p;
	w->last = p;
	w->n++;
	pthread_cond_signal(&w->more);
}

void
journal_writer_add(struct journal_writer *w, const struct record *r)
{
	struct pending *p = malloc(sizeof(*p));

	pthread_mutex_lock(&w->lock);
	if (p == NULL || w->n >= w->config.pending_max) {
		w->stats.refused++;
		pthread_mutex_unlock(&w->lock);
		free(p);
		return;
	}
	p->record = *r;
	p->state = NULL;
	put_last(w, p);
	pthread_mutex_unlock(&w->lock);
}

/* NULL without memory. */
static struct state *
state_new(const char *room, const char *key, const void *value, size_t len)
{
	size_t room_n = strlen(room) + 1, key_n = strlen(key) + 1;
	struct state *s = malloc(sizeof(*s) + len + room_n + key_n);

	if (s == NULL)
		return NULL;
	s->len = len;
	s->value = value != NULL ? s->octets : NULL;
	s->room = s->octets + len;
	s->key = s->room + room_n;
	if (len > 0)
		memcpy(s->octets, value, len);
	memcpy(s->octets + len, room, room_n);
	memcpy(s->octets + len + room_n, key, key_n);
	return s;
}

void
journal_writer_state(
    struct journal_writer *w, const char *room, const char *key, const void *value, size_t len)
{
	struct pending *p = calloc(1, sizeof(*p));

	if (p == NULL || (p->state = state_new(room, key, value, value != NULL ? len : 0)) == NULL)
		abort(); /* without memory for it the collector cannot go on */
	pthread_mutex_lock(&w->lock);
	put_last(w, p);
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
	pthread_mutex_unlock(&w->lock);
	pthread_join(w->thread, NULL);
	if (w->n > 0)
		log_error("journal", "%zu records could not be written before the end", w->n);
	while (w->first != NULL) {
		struct pending *p = w->first;

		w->first = p->next;
		free(p->state);
		free(p);
	}
	journal_close(w->journal);
	pthread_mutex_destroy(&w->lock);
	pthread_cond_destroy(&w->more);
	free(w);
}

void
journal_writer_stats(struct journal_writer *w, struct journal_writer_stats *out)
{
	pthread_mutex_lock(&w->lock);
	*out = w->stats;
	out->pending = w->n;
	pthread_mutex_unlock(&w->lock);
}
