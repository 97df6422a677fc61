/*
 * worker: one thread, one libuv loop, one engine. A router's connection lives here from accept to
 * close. It shares nothing: commands come in through one ring, findings, events and answers go out
 * through another.
 *
 * Nobody starves: sessions have turns of a millisecond, one after the other.
 *
 * Back-pressure: when the coordinator does not keep up, what sessions say is held back, and who has
 * something held back is not read: TCP waits. BMP is never dropped.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "collector/daemon/messages.h"
#include "collector/engine/engine.h"

struct worker;

struct worker_config {
	struct engine_config engine;
	uint32_t initiation_s; /* close when no message came by then; 0 never */
	uint32_t idle_s;       /* close a silent session; 0 never */
	uint32_t keepalive_s;  /* TCP keepalive; 0 off */
	size_t ring_octets;    /* of each of the two rings */
};

/* detect: borrowed until replaced. wake_coordinator: called, from the worker's thread, when there
 * is something in the ring. */
struct worker *worker_start(unsigned number, const struct worker_config *, const struct detect *,
    void (*wake_coordinator)(void *ctx), void *ctx);
/* From the coordinator's thread: false when the ring is full now. A command is copied. */
bool worker_command(struct worker *, const void *cmd, size_t len);
/* From the coordinator's thread: oldest message, NULL when there is none; then worker_done. */
const void *worker_message(struct worker *, size_t *len);
void worker_done(struct worker *);
/* After MSG_STOPPED: join the thread and free everything. */
void worker_join(struct worker *);
