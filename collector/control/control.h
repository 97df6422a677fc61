/*
 * control: the control socket, where operators ask and follow (proto/control_request.h).
 *
 *   socket      listens, reads a request, writes an answer; slow readers stall nobody
 *   control     which verb a request is
 *   tail        records: those of the journal, then as they come
 *   show        what there is now: asked of the workers, or answered here
 *   statistics  the sums of everything
 *
 * It lives on the loop of its owner and sees the collector through struct control_ops only.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <uv.h>

#include "collector/incident/incident.h"
#include "collector/rpki/vrp.h"
#include "collector/show/show.h"
#include "proto/record.h"
#include "sinks/journal.h"
#include "sinks/journal_writer.h"
#include "sinks/kafka.h"

struct control;

/* What the owner counts itself. */
struct control_figures {
	const char *collector; /* its name; valid during the call that asks */
	uint64_t sessions, sessions_refused;
	struct incidents_stats incidents;
	uint64_t journal_seq; /* number of the newest record */
	struct journal_writer_stats journal;
	struct kafka_stats kafka; /* zero without Kafka */
	size_t vrps_v4, vrps_v6;
	int64_t started_us; /* monotonic clock */
};

/* What the control socket asks of its owner, on its loop and never from within a call to it. */
struct control_ops {
	/* Put a query to every worker. Returns how many will answer: each calls control_reply any
	 * number of times, and control_reply_end, all with this id. */
	unsigned (*ask_workers)(void *ctx, uint32_t id, const struct show_query *);
	/* The open incident at this index from 0 on; false behind the last one. */
	bool (*incident)(void *ctx, uint32_t index, struct record *out);
	/* Print a row for each cache and file that VRPs come from. */
	void (*rpki_sources)(void *ctx, struct printer *);
	/* The VRPs in force, borrowed for the moment; NULL for none. */
	const struct vrp_set *(*vrps)(void *ctx);
	void (*figures)(void *ctx, struct control_figures *out);
};

/*
 * Listen at path; a socket file that a killed collector left behind is replaced. history: the
 * journal to read from, borrowed until control_close. NULL with the reason in error.
 */
struct control *control_new(uv_loop_t *, const char *path, struct journal *history,
    const struct control_ops *, void *ctx, char *error, size_t size);
/* Stop and remove the socket; it is freed when the loop has closed its handles. NULL is fine. */
void control_close(struct control *);

/* A record has got its number: keep it for tails that begin before the journal has it, and show it
 * to those that follow. */
void control_record(struct control *, const struct record *);
/* A worker's answer to a query: rows of text, or of SHOW_STATS one struct engine_stats. A query
 * whose reader is gone is ignored. */
void control_reply(struct control *, uint32_t id, const void *data, uint32_t len);
void control_reply_end(struct control *, uint32_t id);
