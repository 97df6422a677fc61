#include "collector/daemon/reloader.h"

#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>

#include "base/log.h"

struct reloader {
	const struct reload_ops *ops;
	void *ctx;
	uv_signal_t hup;
	uv_async_t done;
	uv_thread_t thread;
	uv_mutex_t lock;
	bool finished, stopping; /* guarded by the lock, as the next */
	void *what;
	bool reading, again; /* the loop's */
};

static void
read_file(void *arg)
{
	struct reloader *r = arg;
	sigset_t all;
	void *what;

	sigfillset(&all);
	pthread_sigmask(SIG_BLOCK, &all, NULL);
	what = r->ops->read(r->ctx);
	uv_mutex_lock(&r->lock);
	r->what = what;
	r->finished = true;
	if (!r->stopping) /* else the handle is closed */
		uv_async_send(&r->done);
	uv_mutex_unlock(&r->lock);
}

static void
begin(struct reloader *r)
{
	r->again = false;
	r->finished = false;
	r->reading = uv_thread_create(&r->thread, read_file, r) == 0;
	if (!r->reading)
		log_error("main", "reload refused: no thread to read the configuration");
}

static void
on_hup(uv_signal_t *sig, int number)
{
	struct reloader *r = sig->data;

	(void)number;
	if (r->reading)
		r->again = true;
	else
		begin(r);
}

static void
on_done(uv_async_t *async)
{
	struct reloader *r = async->data;

	if (!r->reading)
		return;
	uv_thread_join(&r->thread);
	r->reading = false;
	r->ops->apply(r->ctx, r->what);
	r->what = NULL;
	if (r->again)
		begin(r);
}

struct reloader *
reloader_start(uv_loop_t *loop, const struct reload_ops *ops, void *ctx)
{
	struct reloader *r = calloc(1, sizeof(*r));

	if (r == NULL || uv_mutex_init(&r->lock) != 0) {
		free(r);
		return NULL;
	}
	r->ops = ops;
	r->ctx = ctx;
	uv_signal_init(loop, &r->hup);
	uv_async_init(loop, &r->done, on_done);
	r->hup.data = r->done.data = r;
	uv_signal_start(&r->hup, on_hup, SIGHUP);
	return r;
}

void
reloader_stop(struct reloader *r)
{
	if (r == NULL)
		return;
	uv_mutex_lock(&r->lock);
	r->stopping = true;
	uv_mutex_unlock(&r->lock);
	uv_close((uv_handle_t *)&r->hup, NULL);
	uv_close((uv_handle_t *)&r->done, NULL);
}

void
reloader_free(struct reloader *r)
{
	if (r == NULL)
		return;
	if (r->reading)
		uv_thread_join(&r->thread);
	if (r->what != NULL)
		r->ops->drop(r->what);
	uv_mutex_destroy(&r->lock);
	free(r);
}
