/*
 * vrp_file: a file that RPKI data comes from, VRP JSON or local exceptions, and that is watched. It
 * is read whole, as it is or packed (gzip, Zstandard, bzip2), and parsed on libuv's thread pool. A
 * file that is gone, half written or wrong leaves what was read before as it is, and is not read
 * again before it has changed (inode, size, time).
 */
#pragma once

#include <uv.h>

#include "collector/daemon/whole_file.h"
#include "collector/rpki/slurm.h"
#include "collector/rpki/vrp_json.h"

enum { VRP_FILE_ERROR_MAX = 320 };

/* Of one look, in the pool. */
struct vrp_file_look {
	bool there, same;
	bool moving, racy; /* it was changed while it was read, or may have been */
	bool ok;
	struct file_mark mark;
	struct vrp_list vrps;
	struct aspa_list aspas;
	struct vrp_expiries expiring;
	struct vrp_file_stats stats;
	struct slurm slurm;
	char error[VRP_FILE_ERROR_MAX];
};

struct vrp_file {
	uv_loop_t *loop;
	uv_timer_t timer;
	uv_work_t work;
	char path[256];
	bool is_slurm;
	uint32_t max_age_s; /* older data is expired; 0: never */
	/* what it is like; `error`: of the last attempt, "" when it worked */
	bool there, broken, expired;
	char error[VRP_FILE_ERROR_MAX];
	/* of the data that was read last */
	struct vrp_file_stats stats;
	size_t vrps_n;		      /* VRPs; of local exceptions those they add */
	int64_t loaded_us;	      /* 0 never */
	struct vrp_expiries expiring; /* soon after that */
	/* new data, for the owner to take */
	bool has_new;
	struct vrp_list vrps;	/* sorted, unique */
	struct aspa_list aspas; /* the same */
	struct slurm slurm;
	/* private */
	struct file_mark mark; /* of what was read last, whatever came of it */
	unsigned looks;	       /* that found it as it was, since then */
	bool busy, stopping, timer_closed, failed;
	_Atomic bool give_up;
	struct vrp_file_look next;
	void (*on_look)(void *ctx, struct vrp_file *);
	void (*on_stopped)(void *ctx, struct vrp_file *);
	void *ctx;
};

/* Start on the loop; the file is read at once, and again when it changes. The struct is the
 * caller's memory, path is copied. on_look: called after every look, once a second. */
void vrp_file_start(struct vrp_file *, uv_loop_t *, const char *path, bool is_slurm,
    void (*on_look)(void *ctx, struct vrp_file *), void *ctx);
/* on_stopped is called when nothing of libuv refers to the file any more; then its memory can be
 * freed. Reading that is under way is given up. */
void vrp_file_stop(struct vrp_file *, void (*on_stopped)(void *ctx, struct vrp_file *));
