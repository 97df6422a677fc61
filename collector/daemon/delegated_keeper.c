#include "collector/daemon/delegated_keeper.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/pure/text.h"
#include "collector/daemon/kept_file.h"

enum { FILES_MAX = 16, PARTS_MAX = 2 * FILES_MAX, ABOUT_MAX = 64, WHY_MAX = 128 };
static const char held_kind[] = "collector.delegated-held", old_kind[] = "collector.delegated-old";

struct part {
	struct delegated_keeper *keeper;
	struct kept_file *file; /* of its own as long as the keeper lives */
	char about[ABOUT_MAX];	/* its path, or the end of it */
	struct delegated *now;	/* in force; NULL: none */
	struct delegated *held; /* it waits; NULL: none does */
	char why[WHY_MAX];
	bool stale;
};

struct delegated_keeper {
	/* the first n in the order of the configuration; from FILES_MAX on what is of files that
	 * are no longer configured: in force until all that are have been taken */
	struct part parts[PARTS_MAX];
	size_t n;
	uint32_t max_age_days;
	struct alarms *alarms;
	bool changed;
};

static void
let_in(struct part *p, struct delegated *d)
{
	delegated_unref(p->now);
	p->now = d;
	p->keeper->changed = true;
}

static void
drop(void *parsed)
{
	delegated_unref(parsed);
}

static void *
parse(const char *text, size_t len, const _Atomic bool *give_up, char *error, size_t size)
{
	return delegated_parse(text, len, give_up, error, size);
}

static void
tell(const struct part *p)
{
	char date[RECORD_DATE_MAX] = "";
	struct alarms *a = p->keeper->alarms;

	if (a == NULL || p->about[0] == '\0')
		return;
	if (p->held != NULL)
		alarm_on(a, held_kind, p->about, SEVERITY_WARNING,
		    "bogons.delegated %s is not used: %s; what was before stays, and a reload lets "
		    "it in",
		    p->about, p->why);
	else
		alarm_off(a, held_kind, p->about, "bogons.delegated %s is in use", p->about);
	if (p->now != NULL && p->stale)
		alarm_on(a, old_kind, p->about, SEVERITY_NOTICE,
		    "bogons.delegated %s is of %s: nothing new is a bogon by it", p->about,
		    record_date(delegated_day(p->now), date));
	else
		alarm_off(a, old_kind, p->about, "bogons.delegated %s is of these days", p->about);
}

/* What was in force until now of what is in this: of another file when the configuration names
 * another one. NULL: nothing. */
static const struct delegated *
before(const struct part *p, const struct delegated *d)
{
	const struct delegated_keeper *k = p->keeper;

	for (size_t i = FILES_MAX; p->now == NULL && i < PARTS_MAX; i++)
		if (k->parts[i].now != NULL && delegated_is_like(k->parts[i].now, d))
			return k->parts[i].now;
	return p->now;
}

/* The day that it is of, else that it was written. That there is none changes nothing: what is of
 * no file any more is put aside with the configuration. */
static void
take(void *ctx, void *parsed, const char *path, uint32_t day)
{
	struct part *p = ctx;
	struct delegated *d = parsed;
	char date[RECORD_DATE_MAX];

	if (d == NULL)
		return;
	delegated_unref(p->held);
	p->held = NULL;
	if (delegated_day(d) == 0)
		delegated_set_day(d, day);
	if (delegated_doubt(before(p, d), d, p->why, sizeof(p->why))) {
		p->held = d;
		log_warning("bogons", "file=%s held back: %s", path, p->why);
	} else {
		log_info(
		    "bogons", "file=%s of %s is in use", path, record_date(delegated_day(d), date));
		let_in(p, d);
	}
	tell(p);
}

/* --- with the configuration */

static const char *
end_of(const char *path)
{
	size_t n = strlen(path);

	return n < ABOUT_MAX ? path : path + n - ABOUT_MAX + 1;
}

/* What is of one part is of another one now, which has nothing. */
static void
move(struct part *from, struct part *to)
{
	to->now = from->now;
	to->held = from->held;
	to->stale = from->stale;
	memcpy(to->why, from->why, sizeof(to->why));
	from->now = from->held = NULL;
	from->stale = false;
}

static bool
is_configured(const struct delegated_config *c, size_t n, const char *name)
{
	for (size_t i = 0; i < n; i++)
		if (strcmp(end_of(c->files[i]), name) == 0)
			return true;
	return false;
}

/* Its file is no longer configured. When there is no room, the last one is in force no longer. */
static void
put_aside(struct delegated_keeper *k, struct part *p)
{
	size_t at = FILES_MAX;

	delegated_unref(p->held);
	p->held = NULL;
	if (p->now == NULL)
		return;
	while (at < PARTS_MAX - 1 && k->parts[at].now != NULL)
		at++;
	delegated_unref(k->parts[at].now);
	move(p, &k->parts[at]);
}

/* To each file what is in force of it, wherever it stood. */
static void
arrange(struct delegated_keeper *k, const struct delegated_config *c)
{
	struct part was[FILES_MAX];

	for (size_t i = 0; i < FILES_MAX; i++) {
		struct part *p = &k->parts[i];

		move(p, &was[i]);
		if (p->about[0] == '\0' || is_configured(c, k->n, p->about) || k->alarms == NULL)
			continue;
		alarm_off(k->alarms, held_kind, p->about, "it is no longer configured");
		alarm_off(k->alarms, old_kind, p->about, "it is no longer configured");
	}
	for (size_t i = 0; i < k->n; i++)
		for (size_t from = 0; from < FILES_MAX && k->parts[i].now == NULL; from++)
			if (strcmp(kept_file_path(k->parts[from].file), c->files[i]) == 0)
				move(&was[from], &k->parts[i]);
	for (size_t i = 0; i < FILES_MAX; i++)
		put_aside(k, &was[i]);
}

static void
begin(struct part *p, const char *path)
{
	text_copy(p->about, sizeof(p->about), end_of(path));
	kept_file_set(p->file, path);
	if (p->held == NULL)
		return;
	let_in(p, p->held);
	p->held = NULL;
	tell(p);
}

bool
delegated_keeper_set(struct delegated_keeper *k, const struct delegated_config *c)
{
	k->changed |= k->max_age_days != c->max_age_days;
	k->max_age_days = c->max_age_days;
	k->n = c->files_n < FILES_MAX ? c->files_n : FILES_MAX;
	arrange(k, c);
	for (size_t i = 0; i < FILES_MAX; i++)
		begin(&k->parts[i], i < k->n ? c->files[i] : "");
	return true;
}

struct delegated_keeper *
delegated_keeper_new(uv_loop_t *loop, const struct delegated_config *c)
{
	static const struct kept_file_ops ops = { .parse = parse, .drop = drop, .take = take };
	static const char *const abouts[FILES_MAX] = { "bogons.delegated 1", "bogons.delegated 2",
		"bogons.delegated 3", "bogons.delegated 4", "bogons.delegated 5",
		"bogons.delegated 6", "bogons.delegated 7", "bogons.delegated 8",
		"bogons.delegated 9", "bogons.delegated 10", "bogons.delegated 11",
		"bogons.delegated 12", "bogons.delegated 13", "bogons.delegated 14",
		"bogons.delegated 15", "bogons.delegated 16" };
	struct delegated_keeper *k = calloc(1, sizeof(*k));
	bool ok = k != NULL;

	for (size_t i = 0; ok && i < FILES_MAX; i++) {
		k->parts[i].keeper = k;
		k->parts[i].file =
		    kept_file_new(loop, &ops, &k->parts[i], "collector.delegated", abouts[i]);
		ok = k->parts[i].file != NULL;
	}
	if (ok)
		delegated_keeper_set(k, c);
	return ok ? k : NULL; /* else the process is at its end */
}

void
delegated_keeper_tells(struct delegated_keeper *k, struct alarms *alarms)
{
	k->alarms = alarms;
	for (size_t i = 0; i < FILES_MAX; i++)
		kept_file_tells(k->parts[i].file, alarms);
}

/* --- to the rules */

static void
look_at_age(struct delegated_keeper *k)
{
	uint32_t today = (uint32_t)(clock_wall_us() / ((int64_t)86400 * 1000000));

	for (size_t i = 0; i < PARTS_MAX; i++) {
		struct part *p = &k->parts[i];
		bool stale = p->now != NULL && k->max_age_days != 0 &&
			     today > delegated_day(p->now) + k->max_age_days;

		if (stale == p->stale)
			continue;
		p->stale = stale;
		k->changed = true;
	}
	for (size_t i = 0; i < k->n; i++)
		tell(&k->parts[i]);
}

/* All that are configured have been taken: those that are not are in force no longer. */
static void
drop_others(struct delegated_keeper *k)
{
	for (size_t i = 0; i < k->n; i++)
		if (k->parts[i].now == NULL)
			return;
	for (size_t i = FILES_MAX; i < PARTS_MAX; i++) {
		k->changed |= k->parts[i].now != NULL;
		delegated_unref(k->parts[i].now);
		k->parts[i].now = NULL;
	}
}

void
delegated_keeper_tick(
    struct delegated_keeper *k, struct rules_keeper *rules, struct workers *workers)
{
	const struct delegated *parts[PARTS_MAX];
	bool stale[PARTS_MAX];
	struct delegated *all = NULL;
	size_t n = 0;

	drop_others(k);
	look_at_age(k);
	if (!k->changed || rules_keeper_busy(rules))
		return;
	for (size_t i = 0; i < PARTS_MAX; i++)
		if (k->parts[i].now != NULL) {
			parts[n] = k->parts[i].now;
			stale[n++] = k->parts[i].stale;
		}
	if (n > 0 && (all = delegated_join(parts, stale, n)) == NULL)
		return;
	k->changed = !rules_keeper_delegated(rules, workers, all);
}

bool
delegated_keeper_is_whole(const struct delegated_keeper *k, const struct rules_keeper *rules)
{
	for (size_t i = 0; i < k->n; i++)
		if (k->parts[i].now == NULL || k->parts[i].stale)
			return false;
	return k->n == 0 || !(k->changed || rules_keeper_busy(rules));
}

void
delegated_keeper_stop(struct delegated_keeper *k)
{
	for (size_t i = 0; k != NULL && i < FILES_MAX; i++)
		kept_file_stop(k->parts[i].file);
}

void
delegated_keeper_free(struct delegated_keeper *k)
{
	if (k == NULL)
		return;
	for (size_t i = 0; i < PARTS_MAX; i++) {
		kept_file_free(k->parts[i].file);
		delegated_unref(k->parts[i].now);
		delegated_unref(k->parts[i].held);
	}
	free(k);
}
