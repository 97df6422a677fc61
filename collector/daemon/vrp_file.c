#include "collector/daemon/vrp_file.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <fcntl.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"

enum { LOOK_MS = 1000 };

/* --- in the pool */

static void
parse(struct vrp_file *f, int fd, size_t size)
{
	void *text = size > 0 ? mmap(NULL, size, PROT_READ, MAP_PRIVATE, fd, 0) : MAP_FAILED;

	if (text == MAP_FAILED) {
		snprintf(f->next_error, sizeof(f->next_error), "%s",
		    size == 0 ? "the file is empty" : strerror(errno));
		return;
	}
	f->next_ok = vrp_json_parse(
	    text, size, NULL, &f->next, &f->next_stats, f->next_error, sizeof(f->next_error));
	munmap(text, size);
	if (f->next_ok)
		vrp_list_sort_unique(&f->next);
}

static void
look(uv_work_t *work)
{
	struct vrp_file *f = work->data;
	struct stat st;
	int fd = open(f->path, O_RDONLY | O_CLOEXEC);

	f->next_ok = f->next_same = false;
	f->next_error[0] = '\0';
	if (fd < 0 || fstat(fd, &st) != 0) {
		snprintf(f->next_error, sizeof(f->next_error), "%s", strerror(errno));
		if (fd >= 0)
			close(fd);
		return;
	}
	f->next_mtime_ns = (int64_t)st.st_mtim.tv_sec * 1000000000 + st.st_mtim.tv_nsec;
	f->next_size = st.st_size;
	f->next_inode = (int64_t)st.st_ino;
	f->next_same = f->next_mtime_ns == f->mtime_ns && f->next_size == f->size &&
		       f->next_inode == f->inode;
	if (!f->next_same)
		parse(f, fd, (size_t)st.st_size);
	close(fd);
}

/* --- on the loop */

static void
finish(struct vrp_file *f)
{
	if (!f->stopping || f->busy || !f->timer_closed)
		return;
	vrp_list_free(&f->data);
	vrp_list_free(&f->next);
	f->on_stopped(f->ctx, f);
}

static void
adopt(struct vrp_file *f)
{
	vrp_list_free(&f->data);
	f->data = f->next;
	f->next = (struct vrp_list){ 0 };
	f->stats = f->next_stats;
	f->has_data = f->changed = true;
	f->loaded_us = clock_wall_us();
	f->error[0] = '\0';
	log_info("rpki", "file=%s vrps=%zu rejected=%zu", f->path, f->data.n, f->stats.rejected);
	if (f->stats.rejected > 0)
		log_warning("rpki", "file=%s rejected=%zu first: %s", f->path, f->stats.rejected,
		    f->stats.first_rejected);
	f->on_change(f->ctx, f);
}

static void
on_looked(uv_work_t *work, int status)
{
	struct vrp_file *f = work->data;

	f->busy = false;
	if (f->stopping || status != 0) {
		finish(f);
		return;
	}
	if (f->next_same)
		return;
	if (f->next_ok) {
		f->mtime_ns = f->next_mtime_ns;
		f->size = f->next_size;
		f->inode = f->next_inode;
		adopt(f);
		return;
	}
	vrp_list_free(&f->next);
	if (strcmp(f->error, f->next_error) != 0) { /* once, not every second */
		snprintf(f->error, sizeof(f->error), "%s", f->next_error);
		log_warning("rpki", "file=%s not used, %s: %s", f->path,
		    f->has_data ? "keeping the data of before" : "no data yet", f->error);
	}
}

static void
on_timer(uv_timer_t *t)
{
	struct vrp_file *f = t->data;

	if (f->busy)
		return;
	f->work.data = f;
	f->busy = uv_queue_work(f->loop, &f->work, look, on_looked) == 0;
}

void
vrp_file_start(struct vrp_file *f, uv_loop_t *loop, const char *path,
    void (*on_change)(void *ctx, struct vrp_file *), void *ctx)
{
	memset(f, 0, sizeof(*f));
	f->loop = loop;
	f->on_change = on_change;
	f->ctx = ctx;
	snprintf(f->path, sizeof(f->path), "%s", path);
	uv_timer_init(loop, &f->timer);
	f->timer.data = f;
	uv_timer_start(&f->timer, on_timer, 0, LOOK_MS);
}

static void
on_timer_closed(uv_handle_t *h)
{
	struct vrp_file *f = h->data;

	f->timer_closed = true;
	finish(f);
}

void
vrp_file_stop(struct vrp_file *f, void (*on_stopped)(void *ctx, struct vrp_file *))
{
	f->stopping = true;
	f->on_stopped = on_stopped;
	uv_close((uv_handle_t *)&f->timer, on_timer_closed);
}
