#include "collector/daemon/list_keeper.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/hash.h"
#include "base/log.h"
#include "base/pure/text.h"
#include "collector/daemon/customer_file.h"
#include "collector/daemon/kept_file.h"

enum { ABOUT_MAX = 40, WHY_MAX = 96, DOUBT_LEAST = 10, KEY_MAX = 40 };
static const char room[] = "lists";
static const char kind[] = "collector.list", held_kind[] = "collector.list-held",
		  old_kind[] = "collector.list-old";

/* A file of a neighbour. Its place stays as long as the keeper lives: a handle of the loop is not
 * freed at once. */
struct part {
	struct list_keeper *keeper;
	struct kept_file *file;
	char about[ABOUT_MAX];
	uint32_t asn; /* 0: the place is free */
	uint32_t day; /* when it was written, in days since 1970 UTC */
	struct customer_entries *now, *held;
	size_t had; /* entries of the one that was let in last, also before a restart */
	char why[WHY_MAX];
	bool stale;
	bool in_force; /* it goes to the rules until all of the neighbour has been read */
	bool aside;    /* no longer configured, but in force still */
};

struct list_keeper {
	uv_loop_t *loop;
	struct records *records;
	bool recalled; /* what was let in before the restart */
	struct alarms *alarms;
	struct part **v;
	size_t n, room;
	uint32_t max_age_days;
	bool changed;
};

static void
drop(void *parsed)
{
	customer_entries_free(parsed);
}

static void *
parse(const char *text, size_t len, const _Atomic bool *give_up, char *error, size_t size)
{
	return customer_file_parse(text, len, give_up, error, size);
}

static void
tell(const struct part *p)
{
	struct alarms *a = p->keeper->alarms;
	char date[RECORD_DATE_MAX];

	if (a == NULL)
		return;
	if (p->held != NULL)
		alarm_on(a, held_kind, p->about, SEVERITY_WARNING,
		    "list of AS%u, %.100s, is not used: %s; %s; it is let in under another name",
		    p->asn, kept_file_path(p->file), p->why,
		    p->now != NULL ? "what was before stays" : "none is until then");
	else
		alarm_off(a, held_kind, p->about, "it is in use");
	if (p->now != NULL && p->stale && !p->aside)
		alarm_on(a, old_kind, p->about, SEVERITY_NOTICE,
		    "list of AS%u, %.100s, is of %s: nothing new is wrong by it", p->asn,
		    kept_file_path(p->file), record_date(p->day, date));
	else
		alarm_off(a, old_kind, p->about, "it is of these days");
}

/* --- how much was let in, over a restart */

static void
key_of(char key[KEY_MAX], const struct part *p)
{
	const char *path = kept_file_path(p->file);

	snprintf(
	    key, KEY_MAX, "AS%" PRIu32 " %016" PRIx64, p->asn, hash_bytes(0, path, strlen(path)));
}

static void
keep(struct part *p, size_t had)
{
	char key[KEY_MAX], value[24];
	int n = snprintf(value, sizeof(value), "%zu", had);

	if (p->had == had)
		return;
	p->had = had;
	key_of(key, p);
	records_state_put(p->keeper->records, room, key, had > 0 ? value : NULL, (size_t)n);
}

static bool
recall_one(void *ctx, const char *key, const void *value, size_t len)
{
	struct list_keeper *k = ctx;
	char text[24], of[KEY_MAX];

	snprintf(text, sizeof(text), "%.*s", (int)len, (const char *)value);
	for (size_t i = 0; i < k->n; i++) {
		key_of(of, k->v[i]);
		if (strcmp(of, key) != 0)
			continue;
		k->v[i]->had = (size_t)strtoull(text, NULL, 10);
		return true;
	}
	records_state_put(k->records, room, key, NULL, 0);
	return true;
}

/* --- what is read */

static void
let_in(struct part *p, struct customer_entries *e, uint32_t day)
{
	customer_entries_free(p->now);
	p->now = e;
	p->day = day;
	p->keeper->changed = true;
	keep(p, e->prefixes_n + e->asns_n);
}

/* Nobody's registry loses half of what he announces in a day, but half an answer looks like that.
 */
static bool
is_doubtful(struct part *p, const struct customer_entries *e)
{
	size_t was = p->had, is = e->prefixes_n + e->asns_n;

	snprintf(p->why, sizeof(p->why), "it has %zu entries, and had %zu", is, was);
	return was >= DOUBT_LEAST && is < was / 2;
}

static void
take(void *ctx, void *parsed, const char *path, uint32_t day)
{
	struct part *p = ctx;
	struct customer_entries *e = parsed;

	if (e == NULL)
		return;
	customer_entries_free(p->held);
	p->held = NULL;
	if (is_doubtful(p, e)) {
		p->held = e;
		log_warning("lists", "as=%u file=%s held back: %s", p->asn, path, p->why);
	} else {
		log_info("lists", "as=%u file=%s: %zu prefixes, %zu AS numbers", p->asn, path,
		    e->prefixes_n, e->asns_n);
		let_in(p, e, day);
	}
	tell(p);
}

/* --- with the configuration */

static struct part *
part_of(struct list_keeper *k, uint32_t asn, const char *path)
{
	for (size_t i = 0; i < k->n; i++)
		if (k->v[i]->asn == asn && strcmp(kept_file_path(k->v[i]->file), path) == 0)
			return k->v[i];
	return NULL;
}

static struct part *
free_part(struct list_keeper *k)
{
	static const struct kept_file_ops ops = { .parse = parse, .drop = drop, .take = take };
	struct part *p;

	for (size_t i = 0; i < k->n; i++)
		if (k->v[i]->asn == 0)
			return k->v[i];
	if (k->n == k->room) {
		size_t more = k->room == 0 ? 16 : 2 * k->room;
		struct part **v = realloc(k->v, more * sizeof(*v));

		if (v == NULL)
			return NULL;
		k->v = v;
		k->room = more;
	}
	if ((p = calloc(1, sizeof(*p))) == NULL)
		return NULL;
	p->keeper = k;
	snprintf(p->about, sizeof(p->about), "neighbors.lists %zu", k->n + 1);
	p->file = kept_file_new(k->loop, &ops, p, kind, p->about);
	if (p->file == NULL) {
		free(p);
		return NULL;
	}
	kept_file_tells(p->file, k->alarms);
	return k->v[k->n++] = p;
}

static bool
is_configured(const struct part *p, const struct detect_neighbor *v, size_t n)
{
	for (size_t i = 0; i < n; i++)
		for (size_t f = 0; v[i].asn == p->asn && f < v[i].lists_n; f++)
			if (strcmp(v[i].lists[f], kept_file_path(p->file)) == 0)
				return true;
	return false;
}

static void
let_go(struct part *p)
{
	customer_entries_free(p->now);
	p->now = NULL;
	p->stale = p->in_force = p->aside = false;
	p->asn = 0;
	p->keeper->changed = true;
}

/* Its file is no longer configured: what is in force of it stays so until those that are have been
 * read. */
static void
put_aside(struct part *p)
{
	customer_entries_free(p->held);
	p->held = NULL;
	p->aside = true;
	keep(p, 0);
	kept_file_set(p->file, "");
	tell(p);
	p->keeper->changed = true;
	if (!p->in_force)
		let_go(p);
}

bool
list_keeper_set(
    struct list_keeper *k, const struct detect_neighbor *v, size_t n, uint32_t max_age_days)
{
	k->changed |= k->max_age_days != max_age_days;
	k->max_age_days = max_age_days;
	for (size_t i = 0; i < k->n; i++) {
		struct part *p = k->v[i];

		if (p->asn == 0 || p->aside)
			continue;
		if (!is_configured(p, v, n))
			put_aside(p);
	}
	for (size_t i = 0; i < n; i++)
		for (size_t f = 0; f < v[i].lists_n; f++) {
			struct part *p = part_of(k, v[i].asn, v[i].lists[f]);

			if (p != NULL)
				continue;
			if ((p = free_part(k)) == NULL)
				return false;
			p->asn = v[i].asn;
			k->changed = true;
			kept_file_set(p->file, v[i].lists[f]);
		}
	if (!k->recalled)
		journal_state_each(records_history(k->records), room, recall_one, k);
	k->recalled = true;
	return true;
}

struct list_keeper *
list_keeper_new(uv_loop_t *loop, struct records *records)
{
	struct list_keeper *k = calloc(1, sizeof(*k));

	if (k == NULL)
		return NULL;
	k->loop = loop;
	k->records = records;
	return k;
}

void
list_keeper_tells(struct list_keeper *k, struct alarms *alarms)
{
	k->alarms = alarms;
	for (size_t i = 0; i < k->n; i++)
		kept_file_tells(k->v[i]->file, alarms);
}

/* --- to the rules */

static void
look_at_age(struct list_keeper *k)
{
	uint32_t today = (uint32_t)(clock_wall_us() / ((int64_t)86400 * 1000000));

	for (size_t i = 0; i < k->n; i++) {
		struct part *p = k->v[i];
		bool stale = p->now != NULL && k->max_age_days != 0 &&
			     today > p->day + k->max_age_days;

		k->changed |= stale != p->stale;
		p->stale = stale;
		if (p->asn != 0)
			tell(p);
	}
}

/* Have all files of this neighbour that are configured been read? */
static bool
is_complete(const struct list_keeper *k, uint32_t asn)
{
	for (size_t i = 0; i < k->n; i++)
		if (k->v[i]->asn == asn && !k->v[i]->aside && k->v[i]->now == NULL)
			return false;
	return true;
}

/* Where all have been read they are in force, and nothing else is. */
static void
put_in_force(struct list_keeper *k)
{
	for (size_t i = 0; i < k->n; i++) {
		struct part *p = k->v[i];

		if (p->asn == 0 || !is_complete(k, p->asn))
			continue;
		if (p->aside)
			let_go(p);
		else
			p->in_force = true;
	}
}

void
list_keeper_tick(struct list_keeper *k, struct rules_keeper *rules, struct workers *workers)
{
	struct customer_part *parts;
	struct customer_lists *lists = NULL;
	size_t n = 0;

	look_at_age(k);
	if (!k->changed || rules_keeper_busy(rules))
		return;
	put_in_force(k);
	parts = calloc(k->n + 1, sizeof(*parts));
	if (parts == NULL)
		return;
	for (size_t i = 0; i < k->n; i++)
		if (k->v[i]->in_force)
			parts[n++] =
			    (struct customer_part){ k->v[i]->asn, k->v[i]->now, k->v[i]->stale };
	if (n > 0)
		lists = customer_lists_new(parts, n);
	free(parts);
	if (n > 0 && lists == NULL)
		return;
	if (lists == NULL && rules->lists == NULL)
		k->changed = false;
	else
		k->changed = !rules_keeper_lists(rules, workers, lists);
}

bool
list_keeper_is_whole(const struct list_keeper *k, const struct rules_keeper *rules)
{
	bool any = false;

	for (size_t i = 0; i < k->n; i++) {
		any |= k->v[i]->asn != 0;
		if (k->v[i]->asn != 0 && !k->v[i]->aside &&
		    (k->v[i]->now == NULL || k->v[i]->stale))
			return false;
	}
	return !any || !(k->changed || rules_keeper_busy(rules));
}

void
list_keeper_each(
    const struct list_keeper *k, void (*each)(void *ctx, const struct control_list *), void *ctx)
{
	for (size_t i = 0; i < k->n; i++) {
		const struct part *p = k->v[i];
		struct control_list l = { .asn = p->asn,
			.path = kept_file_path(p->file),
			.day = p->day,
			.read = p->now != NULL,
			.stale = p->stale,
			.held = p->held != NULL,
			.prefixes = p->now != NULL ? p->now->prefixes_n : 0,
			.asns = p->now != NULL ? p->now->asns_n : 0 };

		if (p->asn != 0 && !p->aside)
			each(ctx, &l);
	}
}

void
list_keeper_stop(struct list_keeper *k)
{
	for (size_t i = 0; k != NULL && i < k->n; i++)
		kept_file_stop(k->v[i]->file);
}

void
list_keeper_free(struct list_keeper *k)
{
	if (k == NULL)
		return;
	for (size_t i = 0; i < k->n; i++) {
		kept_file_free(k->v[i]->file);
		customer_entries_free(k->v[i]->now);
		customer_entries_free(k->v[i]->held);
		free(k->v[i]);
	}
	free(k->v);
	free(k);
}
