/*
 * vrp_file: a VRP JSON file that is watched. It is read and parsed on libuv's thread pool; a file
 * that is gone, half written or wrong leaves the former data in force, and the reason is logged
 * once.
 */
#pragma once

#include <uv.h>

#include "collector/rpki/vrp_json.h"

struct vrp_file {
	uv_loop_t *loop;
	uv_timer_t timer;
	uv_work_t work;
	char path[256];
	struct vrp_list data; /* in force: sorted, unique */
	bool has_data, changed, busy, stopping, timer_closed;
	int64_t mtime_ns, size, inode; /* of what was read last */
	int64_t loaded_us;
	struct vrp_file_stats stats;
	char error[256]; /* of the last attempt, "" when it worked */
	/* of the attempt in the pool */
	struct vrp_list next;
	struct vrp_file_stats next_stats;
	char next_error[256];
	int64_t next_mtime_ns, next_size, next_inode;
	bool next_ok, next_same;
	void (*on_change)(void *ctx, struct vrp_file *);
	void (*on_stopped)(void *ctx, struct vrp_file *);
	void *ctx;
};

/* Start on the loop; the file is read at once, and again when it changes. The struct is the
 * caller's memory. on_change: called when `data` has changed. */
void vrp_file_start(struct vrp_file *, uv_loop_t *, const char *path,
    void (*on_change)(void *ctx, struct vrp_file *), void *ctx);
/* on_stopped is called when nothing of libuv refers to the file any more; then its memory can be
 * freed. */
void vrp_file_stop(struct vrp_file *, void (*on_stopped)(void *ctx, struct vrp_file *));
