#include "collector/daemon/kafka_output.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/log.h"

enum {
	STOP_MS = 10000,
	AGAIN_US = 1000000, /* a sink that could not be started is tried again so often */
};

struct kafka_output {
	pthread_mutex_t lock; /* the journal's thread wakes the sink while it may go away */
	struct kafka *now;    /* guarded by lock against that */
	struct kafka *next;   /* made, not started: waits for `now` to be gone */
	bool stopping;	      /* `now` is to go */
	int64_t failed_us;    /* when `next` could not be started; 0: it was not tried */
};

struct kafka_output *
kafka_output_new(void)
{
	struct kafka_output *o = calloc(1, sizeof(*o));

	if (o != NULL)
		pthread_mutex_init(&o->lock, NULL);
	return o;
}

static void
swap(struct kafka_output *o, struct kafka *k)
{
	pthread_mutex_lock(&o->lock);
	o->now = k;
	pthread_mutex_unlock(&o->lock);
}

void
kafka_output_free(struct kafka_output *o)
{
	struct kafka *k;

	if (o == NULL)
		return;
	k = o->now;
	swap(o, NULL);
	kafka_stop(k, STOP_MS);
	kafka_stop(o->next, 0);
	pthread_mutex_destroy(&o->lock);
	free(o);
}

void
kafka_output_tick(struct kafka_output *o)
{
	struct kafka *gone = o->now, *next = o->next;
	char error[512];

	if (o->stopping && kafka_stopped(gone)) {
		swap(o, NULL);
		kafka_free(gone);
		o->stopping = false;
	}
	if (o->now != NULL || next == NULL ||
	    (o->failed_us != 0 && clock_mono_us() - o->failed_us < AGAIN_US))
		return;
	if (kafka_run(next, error, sizeof(error))) {
		o->next = NULL;
		swap(o, next);
		return;
	}
	if (o->failed_us == 0)
		log_error("kafka", "cannot start, trying again: %s", error);
	o->failed_us = clock_mono_us();
}

bool
kafka_output_set(struct kafka_output *o, const struct kafka_config *c, char *error, size_t size)
{
	const struct kafka *last = o->next != NULL ? o->next : o->stopping ? NULL : o->now;
	struct kafka *next = NULL;

	if (c != NULL && last != NULL && kafka_is_configured(last, c))
		return true;
	if (c != NULL && (next = kafka_new(c, error, size)) == NULL)
		return false;
	kafka_stop(o->next, 0); /* it never ran */
	o->next = next;
	o->failed_us = 0;
	if (o->now != NULL && !o->stopping) {
		kafka_stop_begin(o->now, STOP_MS);
		o->stopping = true;
	}
	kafka_output_tick(o);
	return true;
}

void
kafka_output_wake(struct kafka_output *o)
{
	pthread_mutex_lock(&o->lock);
	if (o->now != NULL)
		kafka_wake(o->now);
	pthread_mutex_unlock(&o->lock);
}

bool
kafka_output_is_idle(const struct kafka_output *o)
{
	return o->now == NULL && o->next == NULL;
}

void
kafka_output_stats(struct kafka_output *o, struct kafka_stats *out)
{
	memset(out, 0, sizeof(*out));
	if (o->now != NULL || o->next != NULL)
		kafka_stats(o->now != NULL ? o->now : o->next, out);
}

bool
kafka_output_take_set_aside(struct kafka_output *o, struct kafka_set_aside *out)
{
	return o->now != NULL && kafka_take_set_aside(o->now, out);
}
