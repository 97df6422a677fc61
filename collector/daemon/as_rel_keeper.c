#include "collector/daemon/as_rel_keeper.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/pure/text.h"
#include "collector/detect/leak_type.h"

enum { OLD_DAYS = 180, DOUBTS_MAX = 64 };
static const char about[] = "relations.as_rel", old_kind[] = "collector.as-rel-old",
		  doubt_kind[] = "collector.lists";

struct as_rel_keeper {
	struct kept_file *file;
	struct alarms *alarms;
	const struct detect_config *rules;
	struct as_rel *rel;
	uint32_t day;
};

/* --- what is wrong with it */

static uint32_t
today(void)
{
	return (uint32_t)(clock_wall_us() / ((int64_t)86400 * 1000000));
}

static void
tell_age(void *ctx)
{
	const struct as_rel_keeper *k = ctx;
	char date[RECORD_DATE_MAX];

	if (k->alarms == NULL)
		return;
	if (k->rel != NULL && today() > k->day + OLD_DAYS)
		alarm_on(k->alarms, old_kind, about, SEVERITY_INFO,
		    "relations.as_rel: the data is of %s, which is long ago; it is used all the "
		    "same",
		    record_date(k->day, date));
	else
		alarm_off(k->alarms, old_kind, about, "relations.as_rel is %s",
		    k->rel != NULL ? "of these days" : "not in use");
}

/* "AS4134 of rules.provider_free buys from AS4538" */
static void
doubt_text(const struct list_doubt *d, char *out, size_t size)
{
	bool sells = strcmp(d->list, "rules.no_transit") == 0;
	int n = snprintf(out, size, "AS%u of %s %s AS%u", d->asn, d->list,
	    sells ? "provides for" : "buys from", d->other);

	if (d->n > 1 && n > 0 && (size_t)n < size)
		snprintf(out + n, size - (size_t)n, " and %u more", d->n - 1);
}

static void
tell_doubts(const struct as_rel_keeper *k)
{
	struct list_doubt v[DOUBTS_MAX];
	char text[128] = "", date[RECORD_DATE_MAX] = "";
	size_t n = k->rel != NULL && k->rules != NULL ? list_doubts(k->rules, k->rel, v, DOUBTS_MAX)
						      : 0;

	if (n == 0) {
		alarm_off(k->alarms, doubt_kind, about,
		    "the lists of networks do not contradict relations.as_rel");
		return;
	}
	record_date(k->day, date);
	for (size_t i = 0; i < n && i < DOUBTS_MAX; i++) {
		doubt_text(&v[i], text, sizeof(text));
		log_warning("relations", "by as-rel of %s %s", date, text);
	}
	doubt_text(&v[0], text, sizeof(text));
	alarm_on(k->alarms, doubt_kind, about, SEVERITY_INFO,
	    "by relations.as_rel of %s %s%s (the log has all); the lists decide", date, text,
	    n > 1 ? ", and others are not as the lists say" : "");
}

static void
tell(struct as_rel_keeper *k)
{
	if (k->alarms == NULL)
		return;
	tell_age(k);
	tell_doubts(k);
}

/* --- the file */

static void *
parse(const char *text, size_t len, const _Atomic bool *give_up, char *error, size_t size)
{
	return as_rel_parse(text, len, give_up, error, size);
}

static void
drop(void *parsed)
{
	as_rel_free(parsed);
}

/* What day it is of the file says, else its name, else when it was written. */
static void
take(void *ctx, void *parsed, const char *path, uint32_t day)
{
	struct as_rel_keeper *k = ctx;
	const char *name = strrchr(path, '/');
	char date[RECORD_DATE_MAX];
	uint32_t named;

	as_rel_free(k->rel);
	k->rel = parsed;
	if (parsed != NULL) {
		name = name != NULL ? name + 1 : path;
		named = as_rel_date_in(name, strlen(name));
		k->day = as_rel_day(k->rel);
		k->day = k->day != 0 ? k->day : named != 0 ? named : day;
		log_info("relations", "file=%s %zu pairs of networks, of %s", path,
		    as_rel_pairs(k->rel), record_date(k->day, date));
	}
	tell(k);
}

struct as_rel_keeper *
as_rel_keeper_new(uv_loop_t *loop)
{
	static const struct kept_file_ops ops = { parse, drop, take, tell_age };
	struct as_rel_keeper *k = calloc(1, sizeof(*k));

	if (k == NULL)
		return NULL;
	k->file = kept_file_new(loop, &ops, k, "collector.as-rel", about);
	if (k->file == NULL) {
		free(k);
		return NULL;
	}
	return k;
}

void
as_rel_keeper_tells(struct as_rel_keeper *k, struct alarms *alarms)
{
	k->alarms = alarms;
	kept_file_tells(k->file, alarms);
}

void
as_rel_keeper_set(struct as_rel_keeper *k, const struct detect_config *rules, const char *path)
{
	k->rules = rules;
	kept_file_set(k->file, path);
	tell(k);
}

void
as_rel_keeper_stop(struct as_rel_keeper *k)
{
	kept_file_stop(k->file);
}

void
as_rel_keeper_free(struct as_rel_keeper *k)
{
	if (k == NULL)
		return;
	kept_file_free(k->file);
	as_rel_free(k->rel);
	free(k);
}

/* --- incidents */

static bool
is_leak(const struct record_incident *i)
{
	return strncmp(i->kind, "leak.", 5) == 0 || strcmp(i->kind, "aspa.invalid") == 0;
}

static bool
has_facet(const struct record_incident *i, const char *kind)
{
	for (unsigned k = 0; k < i->facets_n && k < RECORD_FACETS_MAX; k++)
		if (strcmp(i->facets[k], kind) == 0)
			return true;
	return strcmp(i->kind, kind) == 0;
}

void
as_rel_keeper_apply(const struct as_rel_keeper *k, struct record *r)
{
	struct record_incident *i = &r->incident;
	struct record_facts *f = &i->facts;
	struct leak_kind kind;

	if (r->kind != RECORD_INCIDENT || k->rules == NULL)
		return;
	if (is_leak(i)) {
		const struct leak_parties p = { f->offender_as, f->leaked_from_as, f->leaked_to_as,
			i->peer_as, f->relation };

		kind = leak_kind_of(k->rules, k->rel, &p);
		f->leak_type = kind.type;
		f->as_rel_from = kind.from;
		f->as_rel_to = kind.to;
		f->as_rel_day = k->rel != NULL && p.from != 0 && p.to != 0 ? k->day : 0;
	} else {
		f->leak_type = has_facet(i, "own.more-specific") ? 6
			       : has_facet(i, "origin.burst")	 ? 5
								 : 0;
		if (f->leak_type == 0)
			return;
	}
	record_evidence_of_facts(i);
}
