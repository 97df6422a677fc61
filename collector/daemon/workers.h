/*
 * workers: all of them, seen from the coordinator's thread. Commands go to one or to each; what
 * they report comes back through callbacks when workers_drain() is called, in the order in which
 * each worker reported it.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "collector/daemon/worker.h"

struct workers;

/* `worker`: its number. What is pointed to is valid during the call. */
struct workers_ops {
	void (*finding)(void *ctx, unsigned worker, struct finding *);
	void (*event)(void *ctx, unsigned worker, const struct engine_event *);
	void (*session_tells)(void *ctx, uint32_t id); /* of a peer, for the first time */
	void (*session_lives)(void *ctx, uint32_t id, bool lives); /* it was asked */
	void (*session_closed)(void *ctx, uint32_t id);
	void (*detect_done)(void *ctx); /* a worker no longer uses the former rules */
	/* a worker has evaluated its routes by other VRPs, or stopped doing so */
	void (*rpki_done)(void *ctx, unsigned worker, uint64_t generation, bool frozen);
	/* it has counted what VRPs would turn invalid; the trial is yours */
	void (*rpki_tried)(void *ctx, struct vrp_trial *);
	void (*load)(void *ctx, unsigned worker, const struct msg_load *); /* it was asked */
	void (*reply)(void *ctx, uint32_t id, const void *data, uint32_t len);
	/* of a piece of an answer; next: where the next begins, NULL when the answer is complete */
	void (*reply_end)(void *ctx, uint32_t id, const struct engine_place *next);
};

/*
 * Start n of them. detect: borrowed until replaced. wake: called from any worker's thread when
 * there is something to drain. NULL when out of memory or threads.
 */
struct workers *workers_start(unsigned n, const struct worker_config *, const struct detect *,
    const struct workers_ops *, void (*wake)(void *ctx), void *ctx);
/* Why n of them cannot be started: they reserve address space for all that their limits allow. */
void workers_explain(unsigned n, const struct worker_config *, char *error, size_t size);
unsigned workers_count(const struct workers *);
/* Send a command, waiting (bounded) while the ring is full. It is copied. */
void workers_command(struct workers *, unsigned worker, const void *cmd, size_t len);
void workers_command_all(struct workers *, const void *cmd, size_t len);
/* Take what has been reported, a bounded number from each; true when something is left. */
bool workers_drain(struct workers *);
/* Make all close their sessions and end; what they report meanwhile still has to be drained. */
void workers_stop(struct workers *);
bool workers_stopped(const struct workers *);
/* When all have stopped: join the threads, free. NULL is fine. */
void workers_free(struct workers *);
