/*
 * reloader: on SIGHUP the configuration is read, on a thread of its own, and then applied on the
 * loop, which never waits for a file. A signal that comes meanwhile has it read once more.
 */
#pragma once

#include <uv.h>

struct reload_ops {
	/* Read it, on a thread of its own. NULL when it cannot be used. */
	void *(*read)(void *ctx);
	/* Apply what was read (NULL, too), or free it. On the loop. */
	void (*apply)(void *ctx, void *what);
	/* Free what was read: there is no loop any more that it could be applied on. */
	void (*drop)(void *what);
};

struct reloader;

/* ops, ctx: borrowed until reloader_free. NULL when out of memory. */
struct reloader *reloader_start(uv_loop_t *, const struct reload_ops *, void *ctx);
/* No more; the loop closes its handles. NULL is fine. */
void reloader_stop(struct reloader *);
/* When the loop has ended. Waits for a file that is being read. NULL is fine. */
void reloader_free(struct reloader *);
