/*
 * What the files of a worker share. They call each other only downwards:
 *
 *   worker            life, commands, timers
 *   worker_sessions   turns, back-pressure, whether a session lives
 *   worker_out        what goes to the coordinator
 */
#pragma once

#include <stdatomic.h>
#include <uv.h>
#include <pthread.h>

#include "base/sbuf.h"
#include "collector/daemon/worker.h"

enum {
	READ_OCTETS = 256 * 1024, /* per wake-up: big reads, one system call */
	/* a worker whose coordinator has so little before it goes on */
	CAUGHT_UP_OCTETS = 128 * 1024,
};

struct session {
	struct worker *worker;
	uv_tcp_t tcp;
	struct engine_session *engine;
	struct sbuf held; /* octets of a message not yet whole, or not yet taken */
	uint32_t id;
	char address[ENGINE_NAME_MAX];
	int64_t opened_us, last_us;
	uint64_t octets; /* read so far */
	/* When it was asked whether it lives, 0 not; what it had sent a moment later, 0 not yet. */
	int64_t challenged_us;
	uint64_t challenged_octets;
	int64_t behind_us; /* since when it has had something to be read; 0: it has not */
	bool recorded;	   /* no router: a file */
	bool reading, closing, any, tells, refusal_reported;
	struct session *next, **prev;
	struct session *ready_next, **ready_prev; /* ready_prev NULL: it waits for no turn */
};

struct worker {
	unsigned number;
	struct worker_config config;
	pthread_t thread;
	uv_loop_t loop;
	uv_async_t wake;
	uv_timer_t tick, blocked_timer;
	uv_idle_t work, turns;
	struct engine *engine;
	struct ring *in, *out;
	struct sbuf outbox; /* length-prefixed records that did not fit into the ring */
	size_t outbox_at;
	bool blocked, stopping, stopped;
	atomic_bool waiting; /* the coordinator is to wake it once it has caught up */
	bool leaving;	     /* the coordinator's: CMD_STOP was sent, its handles may be gone */
	const struct detect *detect;
	bool detect_pending;
	bool rpki_pending, frozen; /* VRPs are being evaluated; they are too old */
	uint64_t rpki_generation;
	struct session *sessions, *feeding;
	/* those that wait for their turn with octets that are held, in order */
	struct session *ready, **ready_last;
	uint64_t put_octets; /* for the coordinator, so far */
	uint8_t *buffer;
	void (*wake_coordinator)(void *ctx);
	void *ctx;
	bool news;
};

/* --- worker_out.c */

/* Wake the coordinator when there is news for it. */
void worker_notify(struct worker *);
/* A message for it; never refused. */
void worker_put(struct worker *, const void *msg, size_t len);
/* Put into the ring what did not fit. true when nothing is left. */
bool worker_flush(struct worker *);
/* Does it have so much before it that no more is to be read? */
bool worker_behind(const struct worker *);

/* --- worker_sessions.c */

/* NULL when there is none of that number. */
struct session *worker_session(struct worker *, uint32_t id);
void session_open(struct worker *, const struct cmd_session *);
void session_close(struct session *, const char *why);
/* Does it live? MSG_SESSION_LIVES has the answer; session_judge is called every tick for it. */
void session_challenge(struct session *);
void session_judge(struct session *, int64_t now_us);
/* Has it something that is not read? Called every tick. */
void session_note_behind(struct session *, int64_t now_us);
/* Nothing is taken before the coordinator has caught up. */
void worker_block(struct worker *);
/* Has it? Then go on. */
void worker_look_again(struct worker *);
