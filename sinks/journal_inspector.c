#include "sinks/journal_inspector.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/clock.h"
#include "sinks/journal_private.h"

enum { LEISURE = 300 }; /* the pause is so many times as long as the reading, at least */

struct journal_inspector {
	char *path;
	int pause_s;
	pthread_t thread;
	pthread_mutex_t lock; /* of what follows */
	pthread_cond_t stop;
	bool stopping;
	struct journal *reading; /* what is being read */
};

static struct journal *
begin(struct journal_inspector *i)
{
	bool damaged;
	char error[256];
	struct journal *j = journal_open_file(i->path, false, &damaged, error, sizeof(error));

	pthread_mutex_lock(&i->lock);
	i->reading = j;
	pthread_mutex_unlock(&i->lock);
	return j;
}

static void
end(struct journal_inspector *i)
{
	struct journal *j = i->reading;

	pthread_mutex_lock(&i->lock);
	i->reading = NULL;
	pthread_mutex_unlock(&i->lock);
	journal_close(j);
}

/* false: it is time to stop. */
static bool
rest(struct journal_inspector *i, int64_t took_us)
{
	struct timespec ts;
	int64_t s = took_us * LEISURE / 1000000;
	bool go_on;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	ts.tv_sec += s > i->pause_s ? s : i->pause_s;
	pthread_mutex_lock(&i->lock);
	while (!i->stopping && pthread_cond_timedwait(&i->stop, &i->lock, &ts) != ETIMEDOUT) {
	}
	go_on = !i->stopping;
	pthread_mutex_unlock(&i->lock);
	return go_on;
}

static void *
run(void *arg)
{
	struct journal_inspector *i = arg;
	int64_t took = 0, began;
	struct journal *j;
	sigset_t all;

	sigfillset(&all);
	pthread_sigmask(SIG_BLOCK, &all, NULL);
	while (rest(i, took)) {
		began = clock_mono_us();
		if ((j = begin(i)) == NULL)
			continue; /* when that was for damage, it has been told */
		journal_check(j);
		end(i);
		took = clock_mono_us() - began;
	}
	return NULL;
}

struct journal_inspector *
journal_inspector_start(const char *path, int pause_s)
{
	struct journal_inspector *i = calloc(1, sizeof(*i));
	pthread_condattr_t attr;

	if (i == NULL)
		return NULL;
	pthread_mutex_init(&i->lock, NULL);
	pthread_condattr_init(&attr);
	pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
	pthread_cond_init(&i->stop, &attr);
	pthread_condattr_destroy(&attr);
	i->pause_s = pause_s;
	i->path = strdup(path);
	if (i->path != NULL && pthread_create(&i->thread, NULL, run, i) == 0)
		return i;
	free(i->path);
	free(i);
	return NULL;
}

void
journal_inspector_stop(struct journal_inspector *i)
{
	if (i == NULL)
		return;
	pthread_mutex_lock(&i->lock);
	i->stopping = true;
	if (i->reading != NULL)
		sqlite3_interrupt(i->reading->db);
	pthread_cond_signal(&i->stop);
	pthread_mutex_unlock(&i->lock);
	pthread_join(i->thread, NULL);
	pthread_mutex_destroy(&i->lock);
	pthread_cond_destroy(&i->stop);
	free(i->path);
	free(i);
}
