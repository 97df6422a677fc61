/*
 * kept_file: a file that is read whole in a thread of the pool, and again when it has changed; what
 * was made of it before is used until the new one can be. When it cannot be read, twice in a row,
 * that is an alarm: whoever writes a file in place is not done yet.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <uv.h>

#include "collector/daemon/alarms.h"

/* What is made of a file. */
struct kept_file_ops {
	/* In the pool. text: a NUL behind it. NULL with the reason in error, or empty when it was
	 * given up. */
	void *(*parse)(
	    const char *text, size_t len, const _Atomic bool *give_up, char *error, size_t size);
	void (*drop)(void *parsed); /* free it */
	/* On the loop: it is the owner's now. day: when the file was written, in days since 1970
	 * UTC. */
	void (*take)(void *ctx, void *parsed, const char *path, uint32_t day);
	void (*look)(void *ctx); /* every two seconds; NULL: not asked for */
};

struct kept_file;

/* kind, about: of the alarm, literals; about names the option. ctx: of take. NULL when out of
 * memory. */
struct kept_file *kept_file_new(
    uv_loop_t *, const struct kept_file_ops *, void *ctx, const char *kind, const char *about);
/* Which file; "" none. When it is another one, take is called with NULL until that is read. */
void kept_file_set(struct kept_file *, const char *path);
const char *kept_file_path(const struct kept_file *);
/* The alarms are there, borrowed. */
void kept_file_tells(struct kept_file *, struct alarms *);
/* It is to end: run the loop until it has. */
void kept_file_stop(struct kept_file *);
void kept_file_free(struct kept_file *); /* NULL is fine */
