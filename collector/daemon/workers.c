#include "collector/daemon/workers.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <uv.h>

#include "base/log.h"

enum {
	DRAIN_MAX = 4096, /* messages per worker and call, before the loop is served again */
	/* of a millisecond each: a worker that takes no command for so long is stuck */
	COMMAND_TRIES = 2000,
};

struct workers {
	struct worker **v;
	unsigned n, stopped_n;
	bool stopping;
	const struct workers_ops *ops;
	void *ctx;
};

struct workers *
workers_start(unsigned n, const struct worker_config *config, const struct detect *detect,
    const struct workers_ops *ops, void (*wake)(void *ctx), void *ctx)
{
	struct workers *w = calloc(1, sizeof(*w));

	if (w == NULL || (w->v = calloc(n, sizeof(*w->v))) == NULL) {
		free(w);
		return NULL;
	}
	w->ops = ops;
	w->ctx = ctx;
	for (; w->n < n; w->n++)
		if ((w->v[w->n] = worker_start(w->n, config, detect, wake, ctx)) == NULL)
			break;
	if (w->n == n)
		return w;
	workers_stop(w);
	while (!workers_stopped(w)) {
		workers_drain(w);
		uv_sleep(1);
	}
	workers_free(w);
	return NULL;
}

void
workers_explain(unsigned n, const struct worker_config *config, char *error, size_t size)
{
	char allowed[64] = "";
	struct rlimit most;

	if (getrlimit(RLIMIT_AS, &most) == 0 && most.rlim_cur != RLIM_INFINITY)
		snprintf(allowed, sizeof(allowed), " within %llu MiB (ulimit -v)",
		    (unsigned long long)most.rlim_cur >> 20);
	snprintf(error, size,
	    "no address space for %u workers with limits.routes %llu%s; lower limits.routes or "
	    "workers, or allow more",
	    n, (unsigned long long)config->engine.rib.routes, allowed);
}

unsigned
workers_count(const struct workers *w)
{
	return w->n;
}

void
workers_command(struct workers *w, unsigned worker, const void *cmd, size_t len)
{
	for (int i = 0; i < COMMAND_TRIES; i++) {
		if (worker_command(w->v[worker], cmd, len))
			return;
		uv_sleep(1);
	}
	log_error("coordinator", "worker=%u takes no commands; this is a defect", worker);
	abort();
}

void
workers_command_all(struct workers *w, const void *cmd, size_t len)
{
	for (unsigned i = 0; i < w->n; i++)
		workers_command(w, i, cmd, len);
}

/* A finding has only as much of its path as there is. */
static void
report_finding(struct workers *w, unsigned worker, const void *data, size_t len)
{
	struct finding f;

	memset(&f, 0, sizeof(f));
	memcpy(&f, (const uint8_t *)data + offsetof(struct msg_finding, finding),
	    len - offsetof(struct msg_finding, finding));
	w->ops->finding(w->ctx, worker, &f);
}

/* To all the others, in the order in which each worker said it. */
static void
pass_on(struct workers *w, unsigned worker, const struct message_shared *m)
{
	struct message_shared cmd = { .type = CMD_HEAR, .shared = m->shared };

	for (unsigned i = 0; i < w->n && !w->stopping; i++)
		if (i != worker)
			workers_command(w, i, &cmd, sizeof(cmd));
}

static void
report(struct workers *w, unsigned worker, const void *data, size_t len)
{
	const struct msg_reply *reply = data;
	const struct msg_reply_end *end = data;
	const struct msg_session_lives *lives = data;
	const struct msg_rpki_done *rpki = data;
	uint32_t type;

	memcpy(&type, data, sizeof(type));
	switch (type) {
	case MSG_FINDING:
		report_finding(w, worker, data, len);
		break;
	case MSG_EVENT:
		w->ops->event(w->ctx, worker, &((const struct msg_event *)data)->event);
		break;
	case MSG_SESSION_CLOSED:
		w->ops->session_closed(w->ctx, ((const struct msg_session *)data)->id);
		break;
	case MSG_SESSION_LIVES:
		w->ops->session_lives(w->ctx, lives->id, lives->lives);
		break;
	case MSG_SESSION_TELLS:
		w->ops->session_tells(w->ctx, ((const struct msg_session *)data)->id);
		break;
	case MSG_DETECT_DONE:
		w->ops->detect_done(w->ctx);
		break;
	case MSG_RPKI_DONE:
		w->ops->rpki_done(w->ctx, worker, rpki->generation, rpki->frozen);
		break;
	case MSG_RPKI_TRIED:
		w->ops->rpki_tried(w->ctx, ((const struct message_trial *)data)->trial);
		break;
	case MSG_SHARED:
		pass_on(w, worker, data);
		break;
	case MSG_LOAD:
		w->ops->load(w->ctx, worker, data);
		break;
	case MSG_REPLY:
		w->ops->reply(w->ctx, reply->id,
		    (const uint8_t *)data + offsetof(struct msg_reply, text), reply->len);
		break;
	case MSG_REPLY_END:
		w->ops->reply_end(w->ctx, end->id, end->more ? &end->at : NULL);
		break;
	case MSG_STOPPED:
		w->stopped_n++;
		break;
	default:
		break;
	}
}

static bool
drain_one(struct workers *w, unsigned worker)
{
	const void *data;
	size_t len;

	for (int i = 0; i < DRAIN_MAX; i++) {
		data = worker_message(w->v[worker], &len);
		if (data == NULL)
			return false;
		report(w, worker, data, len);
		worker_done(w->v[worker]);
	}
	return true;
}

bool
workers_drain(struct workers *w)
{
	bool more = false;

	for (unsigned i = 0; i < w->n; i++)
		more |= drain_one(w, i);
	return more;
}

void
workers_stop(struct workers *w)
{
	uint32_t stop = CMD_STOP;

	w->stopping = true;
	workers_command_all(w, &stop, sizeof(stop));
}

bool
workers_stopped(const struct workers *w)
{
	return w->stopped_n == w->n;
}

void
workers_free(struct workers *w)
{
	if (w == NULL)
		return;
	for (unsigned i = 0; i < w->n; i++)
		worker_join(w->v[i]);
	free(w->v);
	free(w);
}
