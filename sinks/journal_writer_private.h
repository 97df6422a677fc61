/*
 * What the files of the journal's writer share. They call each other only downwards:
 *
 *   journal_writer      the thread: batches, numbers, life
 *   journal_upkeep      looking after the file
 */
#pragma once

#include <pthread.h>

#include "base/clock_steps.h"
#include "base/log.h"
#include "sinks/journal_inspector.h"
#include "sinks/journal_private.h"
#include "sinks/journal_writer.h"

enum { LOOK_MS = 1000 }; /* how often the files are looked at */

struct journal_writer {
	struct journal_writer_config config;
	char path[JOURNAL_PATH_MAX];
	pthread_t thread;
	struct journal_inspector *inspector;
	/* the thread's own */
	struct journal *journal;
	struct journal *memory; /* what a successor begins with */
	struct journal_files files;
	off_t size; /* of the file, when it was looked at */
	struct clock_trust clock;
	uint64_t seq; /* the last number that is written */
	unsigned damage_seen;
	int64_t looked_us, renewed_us, retained_us;
	bool round;    /* the round of the minute is not done */
	bool deleting; /* there is more to delete */
	struct log_limit limit;
	/* guarded by lock, as all below */
	pthread_mutex_t lock;
	pthread_cond_t more, stop, idle;
	struct journal_queue queue;
	uint64_t given;	   /* the last number given */
	uint64_t reserved; /* up to this none is given to anything else, whatever happens */
	struct journal_entry *done, *done_last;
	bool stopping;
	int64_t deadline_us;
	int64_t written_us; /* when a batch was, last */
	char readers[JOURNAL_READERS_MAX][RECORD_NAME_MAX];
	size_t readers_n;
	bool readers_new;
	struct journal_writer_stats stats;
	struct journal_loss loss;  /* of the writer before */
	struct journal_loss noted; /* what waits now */
	struct journal_change change;
	struct journal_retired retired;
	bool changed, has_retired;
};

/* --- journal_upkeep.c, on the thread */

/* Is the file still ours, and sound? If not it gets a successor. */
void writer_look_after_file(struct journal_writer *);
/* The limits of age and size, a step; whether there is more is in `deleting`. */
void writer_retain(struct journal_writer *);
/* The readers that retention waits for are others. */
void writer_keep_readers(struct journal_writer *);
/* The journal has become another. */
void writer_note_change(struct journal_writer *, const struct journal_change *);
