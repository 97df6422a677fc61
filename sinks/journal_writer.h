/*
 * journal_writer: the thread that appends to the journal, so that a slow disk stalls nobody.
 * Records wait in memory, in order, and are written in batches, one transaction each; a failing
 * disk is tried again until it works.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "proto/record.h"

struct journal_writer;

struct journal_writer_config {
	const char *path;
	/* records held in memory; past it the newest are refused and counted */
	size_t pending_max;
	uint32_t retain_days;	    /* 0: for ever */
	uint64_t retain_octets;	    /* 0: no limit */
	void (*written)(void *ctx); /* from the thread, after each batch */
	void *ctx;
};

/* The journal must exist already. NULL with the reason in error. */
struct journal_writer *journal_writer_start(
    const struct journal_writer_config *, char *error, size_t size);
/* Copies the record, which has its number. */
void journal_writer_add(struct journal_writer *, const struct record *);
/* Copies a value that is to be kept (journal_state_put), or deleted (NULL); it is written in its
 * place among the records, so a reader finds it a moment later. Never refused. */
void journal_writer_state(
    struct journal_writer *, const char *room, const char *key, const void *value, size_t len);
/* Write what is pending (trying for at most deadline_ms), join. */
void journal_writer_stop(struct journal_writer *, int deadline_ms);

struct journal_writer_stats {
	uint64_t written, pending, refused, failures;
};
/* A copy of the counters; from any thread. */
void journal_writer_stats(struct journal_writer *, struct journal_writer_stats *);
