#include "collector/daemon/kept_file.h"

#include <errno.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/pure/text.h"
#include "collector/daemon/whole_file.h"

enum { LOOK_MS = 2000, PATH_OCTETS = 4096, ERROR_MAX = 192, BROKEN_LOOKS = 2 };
static const size_t octets_max = (size_t)512 << 20; /* unpacked */

/* Of one look, in the pool. */
struct file_look {
	char path[PATH_OCTETS];
	struct file_mark mark;
	bool there, same;
	void *parsed;
	char error[ERROR_MAX];
};

struct kept_file {
	uv_timer_t timer;
	uv_work_t work;
	bool busy, stopping;
	_Atomic bool give_up;
	const struct kept_file_ops *ops;
	void *ctx;
	const char *kind, *about;
	struct alarms *alarms;
	char path[PATH_OCTETS]; /* "" none */
	struct file_mark mark;	/* of what was read last, whatever came of it */
	unsigned wrong_looks;
	char error[ERROR_MAX];
	bool none_taken; /* that there is no file was said */
	struct file_look next;
};

/* --- in the pool */

static void
look(uv_work_t *work)
{
	struct kept_file *k = work->data;
	struct file_look *l = &k->next;
	struct sbuf text = sbuf_of(octets_max);
	int fd = whole_file_open(l->path);
	struct file_mark mark;
	struct stat st;

	if (fd < 0 || fstat(fd, &st) != 0) {
		snprintf(l->error, sizeof(l->error), "%s", strerror(errno));
	} else if (!S_ISREG(st.st_mode)) {
		snprintf(l->error, sizeof(l->error), "not a regular file");
	} else {
		l->there = true;
		mark = file_mark_of(&st);
		l->same = file_mark_same(&mark, &l->mark);
		l->mark = mark;
		if (!l->same &&
		    whole_file_read(fd, l->path, &k->give_up, &text, l->error, sizeof(l->error)))
			l->parsed = k->ops->parse(
			    sbuf_text(&text), text.len, &k->give_up, l->error, sizeof(l->error));
	}
	if (fd >= 0)
		close(fd);
	sbuf_free(&text);
}

/* --- on the loop */

static void
tell(struct kept_file *k)
{
	if (k->alarms == NULL)
		return;
	if (k->path[0] != '\0' && k->wrong_looks >= BROKEN_LOOKS)
		alarm_on(k->alarms, k->kind, k->about, SEVERITY_NOTICE,
		    "%s %.100s cannot be used: %.100s; what was read before stays", k->about,
		    k->path, k->error);
	else if (k->path[0] == '\0' || k->wrong_looks == 0)
		alarm_off(k->alarms, k->kind, k->about, "%s is %s", k->about,
		    k->path[0] != '\0' ? "in use" : "no longer configured");
}

static void
take(struct kept_file *k)
{
	struct file_look *l = &k->next;

	if (l->there && l->same) {
		k->wrong_looks += k->wrong_looks > 0;
		return;
	}
	k->mark = l->there ? l->mark : (struct file_mark){ 0 };
	if (l->parsed == NULL) {
		k->wrong_looks++;
		snprintf(k->error, sizeof(k->error), "%s", l->error);
		return;
	}
	k->ops->take(k->ctx, l->parsed, k->path,
	    (uint32_t)(l->mark.mtime_ns / ((int64_t)86400 * 1000000000)));
	l->parsed = NULL;
	k->wrong_looks = 0;
}

static void
drop_look(struct kept_file *k)
{
	if (k->next.parsed != NULL)
		k->ops->drop(k->next.parsed);
	k->next.parsed = NULL;
}

static void
on_looked(uv_work_t *work, int status)
{
	struct kept_file *k = work->data;

	k->busy = false;
	if (!k->stopping && status == 0 && strcmp(k->path, k->next.path) == 0) {
		take(k);
		tell(k);
	}
	drop_look(k);
}

static void
on_timer(uv_timer_t *t)
{
	struct kept_file *k = t->data;
	struct file_look *l = &k->next;

	if (k->busy)
		return;
	if (k->ops->look != NULL)
		k->ops->look(k->ctx);
	if (k->path[0] == '\0') {
		if (!k->none_taken)
			k->ops->take(k->ctx, NULL, "", 0);
		k->none_taken = true;
		tell(k);
		return;
	}
	memset(l, 0, sizeof(*l));
	memcpy(l->path, k->path, sizeof(l->path));
	l->mark = k->mark;
	k->work.data = k;
	k->busy = uv_queue_work(t->loop, &k->work, look, on_looked) == 0;
}

struct kept_file *
kept_file_new(uv_loop_t *loop, const struct kept_file_ops *ops, void *ctx, const char *kind,
    const char *about)
{
	struct kept_file *k = calloc(1, sizeof(*k));

	if (k == NULL)
		return NULL;
	k->ops = ops;
	k->ctx = ctx;
	k->kind = kind;
	k->about = about;
	uv_timer_init(loop, &k->timer);
	k->timer.data = k;
	uv_timer_start(&k->timer, on_timer, 0, LOOK_MS);
	return k;
}

void
kept_file_set(struct kept_file *k, const char *path)
{
	if (strcmp(k->path, path) == 0)
		return;
	text_copy(k->path, sizeof(k->path), path);
	k->mark = (struct file_mark){ 0 };
	k->wrong_looks = 0;
	k->none_taken = false;
	k->ops->take(k->ctx, NULL, "", 0); /* of another file */
	uv_timer_start(&k->timer, on_timer, 0, LOOK_MS);
}

const char *
kept_file_path(const struct kept_file *k)
{
	return k->path;
}

void
kept_file_tells(struct kept_file *k, struct alarms *alarms)
{
	k->alarms = alarms;
}

void
kept_file_stop(struct kept_file *k)
{
	k->stopping = true;
	atomic_store(&k->give_up, true);
	if (!uv_is_closing((uv_handle_t *)&k->timer))
		uv_close((uv_handle_t *)&k->timer, NULL);
}

void
kept_file_free(struct kept_file *k)
{
	if (k == NULL)
		return;
	drop_look(k);
	free(k);
}
