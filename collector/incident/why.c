/* Why an incident is as grave as it is, for a person who asks. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "collector/incident/incident_private.h"

enum {
	LOOK_MAX = 65536, /* members whose prefixes are looked at */
	PATH_MAX_CHARS = 4096,
};

/* Of rules in dry-run it is in a table of theirs: *t becomes the one that it is in, with whose
 * sources and feeds it is to be looked at. */
static const struct incident *
find(const struct incidents **t, const char *id)
{
	const struct incident *i;

	if (strlen(id) + 1 != RECORD_ID_MAX)
		return NULL;
	i = incident_find(*t, id);
	if (i == NULL && (*t)->dry_run != NULL)
		*t = (*t)->dry_run;
	return i != NULL ? i : incident_find(*t, id);
}

__attribute__((format(printf, 2, 3))) static void
say(struct incident_why *w, const char *fmt, ...)
{
	va_list ap;

	if (w->because_n == INCIDENT_WHY_MAX)
		return;
	va_start(ap, fmt);
	vsnprintf(w->because[w->because_n++], sizeof(w->because[0]), fmt, ap);
	va_end(ap);
}

/* --- whose it is where it got furthest */

/* How far the routes of one holder got; higher is further. */
static unsigned
rank(const struct holding *h, const struct source *s)
{
	bool inside = incident_stays_inside(s->relation);

	if (h->n[VIEW_OUT_POST] > 0 && !inside)
		return relation_is_customer(s->relation) ? 5 : 6;
	if (h->n[VIEW_LOC_RIB] + h->n[VIEW_OUT_PRE] + h->n[VIEW_OUT_POST] > 0)
		return 4;
	if (h->n[VIEW_IN_PRE] + h->n[VIEW_IN_POST] > 0 && s->relation == NEIGHBOR_INTERNAL)
		return 3;
	return h->n[VIEW_IN_POST] > 0 ? 2 : h->n[VIEW_IN_PRE] > 0;
}

static void
find_holder(const struct incidents *t, const struct incident *i, struct incident_why *w)
{
	const struct source *best = NULL;
	unsigned most = 0;

	for (uint32_t k = 0; k < i->holdings_n; k++) {
		const struct source *s = &t->sources[i->holdings[k].source];
		unsigned r = rank(&i->holdings[k], s);

		if (best != NULL && r <= most)
			continue;
		best = s;
		most = r;
	}
	if (best == NULL)
		return;
	w->has_holder = true;
	w->peer = best->address;
	w->peer_as = best->as;
	w->relation = best->relation;
	if (feed_of(t, best->router) != NULL)
		snprintf(w->router, sizeof(w->router), "%s", feed_of(t, best->router)->name);
}

/* --- why it is so grave */

static void
say_reach(struct incident_why *w)
{
	static const char *const words[FURTHESTS] = {
		[FURTHEST_FILTERED] = "it was sent to us, and our policy drops it",
		[FURTHEST_RECEIVED] = "it was sent to us; nobody shows whether our policy drops it",
		[FURTHEST_ACCEPTED] = "our policy accepts it; nobody uses it",
		[FURTHEST_IN_USE] = "we use it",
		[FURTHEST_PASSED_ON] = "we pass it on to another network",
	};

	say(w, "%s", words[w->furthest]);
}

static void
say_rest(const struct incidents *t, const struct incident *i, struct incident_why *w)
{
	uint8_t most = t->config.severity_max[i->rule];

	if (t->config.severity_by_view[i->rule][w->furthest] != 0) {
		say(w, "rules.severity_by_view makes it %s",
		    severity_name(t->config.severity_by_view[i->rule][w->furthest]));
	} else {
		if (1U << i->rule & RULES_HIJACK)
			say(w, "it is about what is ours: the world has it, whatever our own "
			       "filters do");
		if (i->rule == RULE_LEAK_DETOUR && i->ours > 0)
			say(w, "what is ours goes that way, whatever our own filters do");
		if (1U << i->rule & RULES_LEAK && i->members != NULL && i->members->seen->by_us)
			say(w, "it is we who leak");
		if (incident_is_large(t, i))
			say(w,
			    "it has %u prefixes, so many that it is a step graver "
			    "(incidents.large_at)",
			    i->prefixes.used);
		if (incident_benign(t, i) != BENIGN_NONE)
			say(w, "it is probably as it should be, which makes it milder");
	}
	if (i->width == WIDTH_BASELINE)
		say(w, "it was so before we looked: a note at most, or a warning while routes are "
		       "accepted that VRPs call invalid");
	else if (i->rec.standing)
		say(w, "it was so before we looked: told as a warning at most");
	if (most != 0 && most < SEVERITY_CRITICAL && incident_severity(t, i) == most)
		say(w, "rules.severity_max lets it be %s at most", severity_name(most));
	if (i->unknown)
		say(w, "nobody who told of it is there: it is told as it was");
}

bool
incidents_why(const struct incidents *t, const char *id, struct incident_why *w)
{
	const struct incident *i = find(&t, id);

	memset(w, 0, sizeof(*w));
	if (i == NULL)
		return false;
	w->furthest = (uint8_t)incident_furthest(t, i);
	for (int k = 0; k < RULES; k++)
		w->rules |= i->rules_n[k] > 0 ? 1U << k : 0;
	find_holder(t, i, w);
	say_reach(w);
	say_rest(t, i, w);
	return true;
}

/* --- its prefixes */

static int
cmp_prefix(const void *a, const void *b)
{
	return ip_prefix_cmp(a, b);
}

unsigned
incidents_prefixes(const struct incidents *t, const char *id, struct ip_prefix *out, unsigned max)
{
	const struct incident *i = find(&t, id);
	struct ip_prefix *all;
	size_t n = 0;
	unsigned given = 0;

	if (i == NULL || i->routes == 0)
		return 0;
	all = calloc(i->routes < LOOK_MAX ? i->routes : LOOK_MAX, sizeof(*all));
	if (all == NULL)
		return 0;
	for (const struct member *m = i->members; m != NULL && n < LOOK_MAX && n < i->routes;
	     m = m->next)
		all[n++] = m->prefix;
	qsort(all, n, sizeof(*all), cmp_prefix);
	for (size_t k = 0; k < n && given < max; k++)
		if (k == 0 || ip_prefix_cmp(&all[k], &all[k - 1]) != 0)
			out[given++] = all[k];
	free(all);
	return given;
}

/* --- its routes */

void
incidents_routes(const struct incidents *t, const char *id, unsigned max,
    void (*each)(void *ctx, const struct incident_route *), void *ctx)
{
	const struct incident *i = find(&t, id);

	for (const struct member *m = i != NULL ? i->members : NULL; m != NULL && max > 0;
	     m = m->next, max--) {
		const struct source *s = &t->sources[m->source];
		const struct feed *f = feed_of(t, s->router);
		char path[PATH_MAX_CHARS];

		member_path(m, path, sizeof(path));
		each(ctx, &(struct incident_route){ .router = f != NULL ? f->name : "",
			      .peer = s->address,
			      .peer_as = s->as,
			      .view = m->view,
			      .path_id = m->path_id,
			      .prefix = m->prefix,
			      .as_path = path,
			      .since_us = m->since_us });
	}
}
