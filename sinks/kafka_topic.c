#include "sinks/kafka_topic.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/clock.h"
#include "base/pure/text.h"
#include "sinks/kafka_topic_private.h"

enum {
	ABANDON_MS = 3000, /* a thread may take so much longer than its deadline */
	PAYLOAD_MAX = 1 << 20,
};

static void
release(struct kafka_topic *t)
{
	pthread_mutex_destroy(&t->lock);
	pthread_cond_destroy(&t->wake);
	pthread_cond_destroy(&t->ended);
	if (t->journal != NULL)
		journal_close(t->journal);
	sbuf_free(&t->payload);
	free(t);
}

static void *
run(void *arg)
{
	struct kafka_topic *t = arg;
	sigset_t all;

	sigfillset(&all);
	pthread_sigmask(SIG_BLOCK, &all, NULL);
	kafka_deliver(t);
	pthread_mutex_lock(&t->lock);
	t->over = true;
	pthread_cond_signal(&t->ended);
	pthread_mutex_unlock(&t->lock);
	return NULL;
}

struct kafka_topic *
kafka_topic_start(const struct kafka_topic_config *config, char *error, size_t size)
{
	struct kafka_topic *t = calloc(1, sizeof(*t));
	pthread_condattr_t monotonic;

	snprintf(error, size, "kafka: out of memory");
	if (t == NULL)
		return NULL;
	t->config = *config;
	t->payload = sbuf_of(PAYLOAD_MAX);
	t->backoff_ms = KAFKA_BACKOFF_MIN_MS;
	t->limit = (struct log_limit){ .burst = 1, .period_us = 10000000 };
	t->saved_seq = t->stats.position = config->positions->seq[config->number];
	window_start(&t->window, t->saved_seq);
	text_copy(t->stats.topic, sizeof(t->stats.topic), config->topic);
	t->stats.alerts = config->kind == RECORD_INCIDENT;
	pthread_mutex_init(&t->lock, NULL);
	/* a wall clock that steps must not make a wait longer */
	pthread_condattr_init(&monotonic);
	pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
	pthread_cond_init(&t->wake, &monotonic);
	pthread_cond_init(&t->ended, &monotonic);
	pthread_condattr_destroy(&monotonic);
	t->journal = journal_open(config->journal_path, false, error, size);
	if (t->journal == NULL) {
		release(t);
		return NULL;
	}
	if (pthread_create(&t->thread, NULL, run, t) != 0) {
		snprintf(error, size, "kafka: no thread to be had");
		release(t);
		return NULL;
	}
	log_info("kafka", "topic=%s started position=%llu", config->topic,
	    (unsigned long long)t->saved_seq);
	return t;
}

void
kafka_topic_wake(struct kafka_topic *t)
{
	pthread_mutex_lock(&t->lock);
	t->woken = true;
	pthread_cond_signal(&t->wake);
	pthread_mutex_unlock(&t->lock);
}

void
kafka_topic_stop_begin(struct kafka_topic *t, int deadline_ms)
{
	pthread_mutex_lock(&t->lock);
	if (!t->stopping)
		t->stop_us = clock_mono_us();
	t->stopping = true;
	t->deadline_us = clock_mono_us() + (int64_t)deadline_ms * 1000;
	pthread_cond_signal(&t->wake);
	pthread_mutex_unlock(&t->lock);
}

bool
kafka_topic_stopped(struct kafka_topic *t)
{
	bool over;

	pthread_mutex_lock(&t->lock);
	over = t->over;
	pthread_mutex_unlock(&t->lock);
	return over;
}

/* Until the thread is at its end, or it should long have been. */
static bool
wait_for_end(struct kafka_topic *t)
{
	bool over;

	pthread_mutex_lock(&t->lock);
	while (!t->over && clock_mono_us() < t->deadline_us + ABANDON_MS * 1000) {
		struct timespec ts;

		clock_gettime(CLOCK_MONOTONIC, &ts);
		ts.tv_sec += 1;
		pthread_cond_timedwait(&t->ended, &t->lock, &ts);
	}
	over = t->over;
	pthread_mutex_unlock(&t->lock);
	return over;
}

bool
kafka_topic_free(struct kafka_topic *t)
{
	if (!wait_for_end(t)) {
		log_error("kafka", "topic=%s: the client does not end and is left behind",
		    t->config.topic);
		pthread_detach(t->thread);
		return false;
	}
	pthread_join(t->thread, NULL);
	log_info("kafka", "topic=%s stopped position=%llu", t->config.topic,
	    (unsigned long long)window_position(&t->window));
	release(t);
	return true;
}

void
kafka_topic_stats(struct kafka_topic *t, struct kafka_topic_stats *out)
{
	pthread_mutex_lock(&t->lock);
	*out = t->stats;
	pthread_mutex_unlock(&t->lock);
}

bool
kafka_topic_take_set_aside(struct kafka_topic *t, struct kafka_set_aside *out)
{
	bool any;

	pthread_mutex_lock(&t->lock);
	any = t->untold_n > 0;
	if (any) {
		*out = t->untold[0];
		memmove(t->untold, t->untold + 1, --t->untold_n * sizeof(t->untold[0]));
	}
	pthread_mutex_unlock(&t->lock);
	return any;
}
