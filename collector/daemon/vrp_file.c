#include "collector/daemon/vrp_file.h"

#include <errno.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/pure/text.h"
#include "base/sbuf.h"
#include "collector/recordings/source.h"

enum {
	LOOK_MS = 1000,
	/* Whoever writes a file in place is not done yet: wrong for so many looks is wrong. */
	BROKEN_LOOKS = 2,
	/* What is written so shortly before a look may be written again with the same time. */
	RACY_US = 50000,
};
static const size_t octets_max = (size_t)2 << 30; /* unpacked */

/* --- in the pool */

/* The file that is being read. */
struct reading {
	struct vrp_file *f;
	struct source *source;
	size_t octets;
	char error[SOURCE_ERROR_MAX]; /* "" none */
};

static ssize_t
read_on(void *ctx, void *to, size_t n)
{
	struct reading *r = ctx;
	ssize_t got = r->octets < octets_max ? source_read(r->source, to, n) : -1;

	if (got > 0)
		r->octets += (size_t)got;
	else if (got < 0)
		snprintf(r->error, sizeof(r->error), "%s",
		    r->octets < octets_max ? source_error(r->source) : "too large");
	return got;
}

static void
parse_vrps(struct vrp_file *f, int fd)
{
	struct vrp_file_look *l = &f->next;
	struct reading r = { .f = f };
	struct vrp_json_how how = { .stop = &f->give_up,
		.now_s = clock_wall_us() / 1000000,
		.aspas = &l->aspas,
		.expiring = &l->expiring,
		.read = read_on,
		.ctx = &r };

	r.source = source_open_fd(f->path, dup(fd), l->error, sizeof(l->error));
	if (r.source == NULL)
		return;
	l->ok = vrp_json_parse("", 0, &how, &l->vrps, &l->stats, l->error, sizeof(l->error));
	source_close(r.source);
	if (r.error[0] != '\0') {
		l->ok = false;
		snprintf(l->error, sizeof(l->error), "%s", r.error);
	} else if (!l->ok && r.octets == 0) {
		snprintf(l->error, sizeof(l->error), "the file is empty");
	}
	if (!l->ok) {
		vrp_list_free(&l->vrps);
		aspa_list_free(&l->aspas);
		vrp_expiries_free(&l->expiring);
	}
	vrp_list_sort_unique(&l->vrps);
	aspa_list_sort_unique(&l->aspas);
}

static void
parse_slurm(struct vrp_file *f, int fd)
{
	struct vrp_file_look *l = &f->next;
	struct sbuf text = sbuf_of(octets_max);

	if (!whole_file_read(fd, f->path, &f->give_up, &text, l->error, sizeof(l->error)))
		;
	else if (text.len == 0)
		snprintf(l->error, sizeof(l->error), "the file is empty");
	else
		l->ok =
		    slurm_parse(sbuf_text(&text), text.len, &l->slurm, l->error, sizeof(l->error));
	sbuf_free(&text);
}

static void
read_file(struct vrp_file *f, int fd)
{
	struct vrp_file_look *l = &f->next;
	struct file_mark after;
	struct stat st;

	if (f->is_slurm)
		parse_slurm(f, fd);
	else
		parse_vrps(f, fd);
	if (fstat(fd, &st) == 0) {
		after = file_mark_of(&st);
		l->moving = !file_mark_same(&after, &l->mark);
	}
	if (l->moving) { /* what was read is of no use */
		vrp_list_free(&l->vrps);
		aspa_list_free(&l->aspas);
		vrp_expiries_free(&l->expiring);
		slurm_free(&l->slurm);
		l->ok = false;
	}
	l->racy = clock_wall_us() - l->mark.mtime_ns / 1000 < RACY_US;
}

static void
look(uv_work_t *work)
{
	struct vrp_file *f = work->data;
	struct vrp_file_look *l = &f->next;
	int fd = whole_file_open(f->path);
	struct stat st;

	memset(l, 0, sizeof(*l));
	if (fd < 0 || fstat(fd, &st) != 0) {
		snprintf(l->error, sizeof(l->error), "%s", strerror(errno));
		if (fd >= 0)
			close(fd);
		return;
	}
	l->there = true;
	l->mark = file_mark_of(&st);
	l->same = file_mark_same(&l->mark, &f->mark);
	if (!S_ISREG(st.st_mode))
		snprintf(l->error, sizeof(l->error), "not a regular file");
	else if (!l->same)
		read_file(f, fd);
	close(fd);
}

/* --- on the loop */

static void
finish(struct vrp_file *f)
{
	if (!f->stopping || f->busy || !f->timer_closed)
		return;
	vrp_list_free(&f->vrps);
	aspa_list_free(&f->aspas);
	slurm_free(&f->slurm);
	vrp_list_free(&f->next.vrps);
	aspa_list_free(&f->next.aspas);
	slurm_free(&f->next.slurm);
	vrp_expiries_free(&f->expiring);
	vrp_expiries_free(&f->next.expiring);
	f->on_stopped(f->ctx, f);
}

static void
adopt(struct vrp_file *f)
{
	struct vrp_file_look *l = &f->next;

	vrp_list_free(&f->vrps);
	aspa_list_free(&f->aspas);
	slurm_free(&f->slurm);
	f->vrps = l->vrps;
	f->aspas = l->aspas;
	f->slurm = l->slurm;
	vrp_expiries_free(&f->expiring);
	f->expiring = l->expiring;
	l->expiring = (struct vrp_expiries){ .n = 0 };
	f->stats = l->stats;
	f->vrps_n = f->is_slurm ? f->slurm.assertions.n : f->vrps.n;
	f->has_new = true;
	f->loaded_us = clock_wall_us();
	l->vrps = (struct vrp_list){ 0 };
	l->aspas = (struct aspa_list){ 0 };
	l->slurm = (struct slurm){ .keys = 0 };
	if (f->is_slurm)
		log_info("rpki", "file=%s filters=%zu assertions=%zu", f->path, f->slurm.filters_n,
		    f->slurm.assertions.n);
	else
		log_info("rpki", "file=%s vrps=%zu aspas=%zu rejected=%zu", f->path, f->vrps.n,
		    aspa_list_customers(&f->aspas), f->stats.rejected);
}

/* The text of the last attempt; in the log when it is news. */
static void
set_error(struct vrp_file *f, const char *why)
{
	char clean[VRP_FILE_ERROR_MAX];
	struct txt t = txt_of(clean, sizeof(clean));

	txt_string(&t, cur_of(why, strlen(why)));
	if (strcmp(f->error, clean) == 0)
		return;
	snprintf(f->error, sizeof(f->error), "%s", clean);
	if (clean[0] != '\0')
		log_warning("rpki", "file=%s not used, %s: %s", f->path,
		    f->loaded_us != 0 ? "keeping the data of before" : "no data yet", f->error);
}

/* By what the data says of its own age; the wall clock is the one it was made by. */
static void
judge_age(struct vrp_file *f)
{
	int64_t now_s = clock_wall_us() / 1000000, built = f->stats.built_s;
	bool old = f->max_age_s > 0 && built > 0 && now_s - built > f->max_age_s,
	     lapsed = f->stats.lapses_s > 0 && now_s >= f->stats.lapses_s;
	char text[CLOCK_TEXT_MAX];

	f->expired = f->loaded_us != 0 && (old || lapsed);
	if (!f->expired || !f->there || f->failed)
		return;
	snprintf(f->error, sizeof(f->error), "%s %s",
	    old ? "it was made at" : "a tenth of its entries expired by",
	    clock_format_us((old ? built : f->stats.lapses_s) * 1000000, 0, text));
}

static void
take(struct vrp_file *f)
{
	struct vrp_file_look *l = &f->next;

	f->there = l->there;
	if (!l->there) {
		f->mark = (struct file_mark){ 0 }; /* the same one may come back */
		f->failed = f->broken = false;
		set_error(f, l->error);
	} else if (l->moving) {
		f->looks = 0;
	} else if (l->same) {
		f->broken = f->failed && ++f->looks >= BROKEN_LOOKS;
	} else {
		f->mark = l->racy ? (struct file_mark){ 0 } : l->mark;
		f->looks = 0;
		f->failed = !l->ok;
		f->broken &= !l->ok;
		set_error(f, l->ok ? "" : l->error);
		if (l->ok)
			adopt(f);
	}
	judge_age(f);
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
	take(f);
	f->on_look(f->ctx, f);
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
vrp_file_start(struct vrp_file *f, uv_loop_t *loop, const char *path, bool is_slurm,
    void (*on_look)(void *ctx, struct vrp_file *), void *ctx)
{
	memset(f, 0, sizeof(*f));
	f->loop = loop;
	f->on_look = on_look;
	f->ctx = ctx;
	f->is_slurm = is_slurm;
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
	atomic_store(&f->give_up, true);
	f->on_stopped = on_stopped;
	uv_close((uv_handle_t *)&f->timer, on_timer_closed);
}
