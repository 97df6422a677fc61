#include "collector/incident/conditions.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/ptrmap.h"
#include "base/pure/text.h"

enum {
	SECOND_US = 1000000,
	QUICK = 2,		      /* updates that are told at once */
	CALM_US = 60 * SECOND_US,     /* least time between updates that raise nothing */
	FORGET_US = 1800 * SECOND_US, /* what comes back later is a new occurrence */
	FLAPPING = 3,		      /* returns, from which on a closing waits */
	FLAP_HOLD_US = 300 * SECOND_US,
	KINDS_MAX = 96, /* each is a word in this program */
	LONGEST = 4096, /* of kind and what it is about, a path perhaps */
};
static const char limit_kind[] = "limit.alarms";

/* How many there are of a kind. */
struct kind {
	char name[RECORD_NAME_MAX];
	uint32_t n, open;
	uint64_t refused; /* for want of room, since there was some */
	int64_t refused_us;
};

/* Only what a record of a condition says, so that there is room for many. */
struct condition {
	char id[RECORD_ID_MAX];
	struct kind *kind;
	char summary[RECORD_TEXT_MAX];
	char router[RECORD_NAME_MAX], peer[RECORD_NAME_MAX];
	uint32_t peer_as, occurrence, revision, flaps;
	uint8_t severity;
	uint8_t told_severity, transition; /* of the last record */
	bool holds;			   /* somebody says so now */
	bool open;			   /* the last record says so */
	bool changed;
	bool said; /* since it was restored */
	bool dry_run;
	char related[RECORD_RELATED_MAX][RECORD_ID_MAX];
	uint8_t related_n;
	/* what it says of prefixes */
	uint8_t examples_n, cause, relation;
	uint32_t prefixes_n, prefixes_peak;
	struct ip_prefix examples[RECORD_EXAMPLES_MAX];
	int64_t first_seen_us, last_seen_us;
	int64_t told_us, over_us;
	unsigned quick;		    /* updates, since it was calm */
	char text[RECORD_TEXT_MAX]; /* of the end, while its telling waits */
	struct condition *next, **prev;
};

struct conditions {
	const struct conditions_ops *ops;
	void *ctx;
	struct kind kinds[KINDS_MAX];
	unsigned kinds_n;
	struct ptrmap by_id;
	struct condition *list, **last;
};

struct conditions *
conditions_new(const struct conditions_ops *ops, void *ctx)
{
	struct conditions *t = calloc(1, sizeof(*t));

	if (t == NULL)
		return NULL;
	t->ops = ops;
	t->ctx = ctx;
	t->last = &t->list;
	return t;
}

/* --- identities */

/* As of other incidents: a hash of kind and scope with a fixed seed. */
static void
condition_id(const char *kind, const char *about, char id[RECORD_ID_MAX])
{
	char text[LONGEST];
	size_t n;

	snprintf(text, sizeof(text), "%s|%s", kind, about);
	n = strlen(text);
	snprintf(id, RECORD_ID_MAX, "%016llx%016llx", (unsigned long long)hash_bytes(1, text, n),
	    (unsigned long long)hash_bytes(2, text, n));
}

bool
conditions_is(const char *id, const char *kind, const char *about)
{
	char other[RECORD_ID_MAX];

	condition_id(kind, about, other);
	return strcmp(id, other) == 0;
}

static uint32_t
hash_id(const char *id)
{
	return (uint32_t)hash_bytes(0, id, strlen(id));
}

static struct condition *
find_id(const struct conditions *t, const char *id)
{
	struct condition *c;

	for (uint32_t at = 0; (c = ptrmap_next(&t->by_id, hash_id(id), &at)) != NULL;)
		if (strcmp(c->id, id) == 0)
			return c;
	return NULL;
}

static struct condition *
find(const struct conditions *t, const char *kind, const char *about)
{
	char id[RECORD_ID_MAX];

	condition_id(kind, about, id);
	return find_id(t, id);
}

/* --- memory */

/* NULL when there are too many, which no program that uses the table has. */
static struct kind *
kind_of(struct conditions *t, const char *name)
{
	unsigned k = 0;

	while (k < t->kinds_n && strcmp(t->kinds[k].name, name) != 0)
		k++;
	if (k == KINDS_MAX)
		return NULL;
	if (k == t->kinds_n) {
		text_copy(t->kinds[k].name, sizeof(t->kinds[k].name), name);
		t->kinds_n++;
	}
	return &t->kinds[k];
}

static void
drop(struct conditions *t, struct condition *c)
{
	ptrmap_remove(&t->by_id, hash_id(c->id), c);
	c->kind->n--;
	c->kind->open -= c->open;
	*c->prev = c->next;
	if (c->next != NULL)
		c->next->prev = c->prev;
	else
		t->last = c->prev;
	free(c);
}

/* Room for one more of the kind: in the place of one that is over, who was so first. */
static bool
make_room(struct conditions *t, const struct kind *k)
{
	struct condition *oldest = NULL;

	if (k->n < CONDITIONS_OF_KIND)
		return true;
	if (k->open == k->n)
		return false;
	for (struct condition *c = t->list; c != NULL; c = c->next)
		if (c->kind == k && !c->open && (oldest == NULL || c->told_us < oldest->told_us))
			oldest = c;
	if (oldest != NULL)
		drop(t, oldest);
	return oldest != NULL;
}

static struct condition *
make(struct conditions *t, const char *id, struct kind *k)
{
	struct condition *c = calloc(1, sizeof(*c));

	if (c == NULL || !ptrmap_add(&t->by_id, hash_id(id), c)) {
		free(c);
		return NULL;
	}
	text_copy(c->id, sizeof(c->id), id);
	c->kind = k;
	k->n++;
	c->prev = t->last;
	*t->last = c;
	t->last = &c->next;
	return c;
}

void
conditions_free(struct conditions *t)
{
	if (t == NULL)
		return;
	while (t->list != NULL)
		drop(t, t->list);
	ptrmap_free(&t->by_id);
	free(t);
}

/* --- records */

static void
prefixes_to_record(const struct condition *c, struct record_incident *i)
{
	i->prefixes_n = i->own_n = c->prefixes_n;
	i->prefixes_peak = c->prefixes_peak;
	i->examples_n = c->examples_n;
	memcpy(i->examples, c->examples, sizeof(i->examples));
	if (c->examples_n > 0)
		i->facts.prefix = i->facts.own = c->examples[0];
	i->facts.cause = c->cause;
	i->facts.relation = c->relation;
}

static void
prefixes_of_record(struct condition *c, const struct record_incident *i)
{
	c->prefixes_n = (uint32_t)i->prefixes_n;
	c->prefixes_peak = (uint32_t)i->prefixes_peak;
	c->examples_n = i->examples_n;
	memcpy(c->examples, i->examples, sizeof(c->examples));
	c->cause = i->facts.cause;
	c->relation = i->facts.relation;
}

static void
add_related(struct condition *c, const char *id)
{
	if (c->related_n < RECORD_RELATED_MAX)
		text_copy(c->related[c->related_n++], RECORD_ID_MAX, id);
}

static void
set_prefixes(struct condition *c, const struct condition_prefixes *p)
{
	char id[RECORD_ID_MAX];

	c->prefixes_n = p->n;
	c->prefixes_peak = c->open && c->prefixes_peak > p->n ? c->prefixes_peak : p->n;
	c->examples_n = 0;
	for (; c->examples_n < p->examples_n && c->examples_n < RECORD_EXAMPLES_MAX;
	     c->examples_n++)
		c->examples[c->examples_n] = p->examples[c->examples_n];
	c->cause = p->cause;
	c->relation = p->relation;
	for (unsigned k = 0; k < p->related_n; k++) {
		condition_id(p->related_kinds[k], p->related_abouts[k], id);
		add_related(c, id);
	}
}

static void
to_record(const struct condition *c, int64_t at_us, struct record *r)
{
	struct record_incident *i = &r->incident;

	memset(r, 0, sizeof(*r));
	r->kind = RECORD_INCIDENT;
	r->at_us = at_us;
	text_copy(i->id, sizeof(i->id), c->id);
	text_copy(i->kind, sizeof(i->kind), c->kind->name);
	text_copy(i->summary, sizeof(i->summary), c->summary);
	text_copy(i->router, sizeof(i->router), c->router);
	text_copy(i->peer, sizeof(i->peer), c->peer);
	i->routers_n = c->router[0] != '\0';
	i->dry_run = c->dry_run;
	i->related_n = c->related_n;
	memcpy(i->related, c->related, sizeof(i->related));
	prefixes_to_record(c, i);
	i->peer_as = c->peer_as;
	i->occurrence = c->occurrence;
	i->revision = c->revision;
	i->severity = c->severity;
	i->transition = c->transition;
	i->flaps = c->flaps;
	i->flapping = c->flaps >= FLAPPING;
	i->first_seen_us = c->first_seen_us;
	i->last_seen_us = c->last_seen_us;
}

static void
of_record(struct condition *c, const struct record *r)
{
	const struct record_incident *i = &r->incident;

	text_copy(c->summary, sizeof(c->summary), i->summary);
	text_copy(c->router, sizeof(c->router), i->router);
	text_copy(c->peer, sizeof(c->peer), i->peer);
	c->peer_as = i->peer_as;
	c->dry_run = i->dry_run;
	c->related_n = i->related_n;
	memcpy(c->related, i->related, sizeof(c->related));
	prefixes_of_record(c, i);
	c->occurrence = i->occurrence > 0 ? i->occurrence : 1;
	c->revision = i->revision;
	c->severity = c->told_severity = i->severity;
	c->transition = i->transition;
	c->flaps = i->flaps;
	c->first_seen_us = i->first_seen_us;
	c->last_seen_us = i->last_seen_us;
	c->told_us = r->at_us;
}

static void
set_open(struct condition *c, bool open)
{
	c->kind->open += (uint32_t)open - (uint32_t)c->open;
	c->open = open;
}

static void
tell(struct conditions *t, struct condition *c, enum transition transition, int64_t now_us)
{
	struct record r;

	c->revision++;
	c->last_seen_us = now_us;
	set_open(c, transition != TRANSITION_CLOSED);
	c->transition = (uint8_t)transition;
	c->told_severity = c->severity;
	c->changed = false;
	c->told_us = now_us;
	to_record(c, now_us, &r);
	if (transition == TRANSITION_CLOSED)
		r.incident.reason = REASON_CLEARED;
	else if (transition == TRANSITION_UNKNOWN)
		r.incident.reason = REASON_FEED_LOST;
	t->ops->emit(t->ctx, &r);
}

/* --- it holds */

static void
open_it(struct conditions *t, struct condition *c, int64_t now_us)
{
	bool back = c->occurrence > 0 && now_us - c->told_us < FORGET_US;

	if (back) {
		c->flaps++;
	} else {
		c->occurrence++;
		c->flaps = 0;
		c->first_seen_us = now_us;
	}
	tell(t, c, TRANSITION_OPENED, now_us);
}

/* A new one, with the numbers that it had before it was forgotten. */
static struct condition *
admit(struct conditions *t, const struct condition_said *said, int64_t now_us)
{
	struct kind *k = kind_of(t, said->kind);
	char id[RECORD_ID_MAX];
	struct condition *c;
	struct record r;

	if (k == NULL)
		return NULL;
	condition_id(said->kind, said->about, id);
	if (!make_room(t, k)) {
		k->refused++;
		k->refused_us = now_us;
		return NULL;
	}
	c = make(t, id, k);
	if (c != NULL && t->ops->recall != NULL && t->ops->recall(t->ctx, id, &r) &&
	    r.kind == RECORD_INCIDENT)
		of_record(c, &r);
	return c;
}

static void
set_place(struct condition *c, const struct condition_said *said)
{
	const char *router = said->router != NULL ? said->router : "",
		   *peer = said->peer != NULL ? said->peer : "";

	text_copy(c->router, sizeof(c->router), router);
	text_copy(c->peer, sizeof(c->peer), peer);
	c->peer_as = said->peer_as;
	c->dry_run = said->dry_run;
	c->related_n = 0;
	if (said->related != NULL)
		add_related(c, said->related);
	if (said->prefixes != NULL)
		set_prefixes(c, said->prefixes);
}

bool
conditions_set(struct conditions *t, const struct condition_said *said, int64_t now_us)
{
	struct condition *c = find(t, said->kind, said->about);
	bool worse, other;

	if (c == NULL && (c = admit(t, said, now_us)) == NULL)
		return false;
	worse = said->severity > c->severity;
	other = said->severity != c->severity || strcmp(c->summary, said->text) != 0;
	if (c->open && !c->holds && c->over_us != 0)
		c->flaps++; /* back before its end was told */
	c->holds = c->said = true;
	c->over_us = 0;
	c->severity = said->severity;
	text_copy(c->summary, sizeof(c->summary), said->text);
	set_place(c, said);
	if (!c->open) {
		open_it(t, c, now_us);
		return true;
	}
	c->changed |= other;
	if (c->transition == TRANSITION_UNKNOWN) {
		tell(t, c, TRANSITION_UPDATED, now_us);
		return true;
	}
	if (now_us - c->told_us >= CALM_US)
		c->quick = 0;
	if (!worse && (!c->changed || c->quick == QUICK))
		return false;
	c->quick += !worse;
	tell(t, c, TRANSITION_UPDATED, now_us);
	return true;
}

/* --- it is over */

static void
close_it(struct conditions *t, struct condition *c, int64_t now_us)
{
	text_copy(c->summary, sizeof(c->summary), c->text);
	c->over_us = 0;
	c->severity = c->told_severity; /* what is closed is what was told */
	tell(t, c, TRANSITION_CLOSED, now_us);
}

static void
end_it(struct conditions *t, struct condition *c, const char *text, int64_t now_us)
{
	c->said = true;
	if (!c->open || c->over_us != 0)
		return;
	c->holds = false;
	c->over_us = now_us;
	text_copy(c->text, sizeof(c->text), text);
	if (c->flaps < FLAPPING)
		close_it(t, c, now_us);
}

void
conditions_clear(
    struct conditions *t, const char *kind, const char *about, const char *text, int64_t now_us)
{
	struct condition *c = find(t, kind, about);

	if (c != NULL)
		end_it(t, c, text, now_us);
}

void
conditions_clear_those(struct conditions *t,
    bool (*which)(const void *ctx, const struct condition_seen *), const void *ctx,
    const char *text, int64_t now_us)
{
	for (struct condition *c = t->list; c != NULL; c = c->next) {
		struct condition_seen seen = { .id = c->id,
			.kind = c->kind->name,
			.router = c->router,
			.said = c->said,
			.dry_run = c->dry_run,
			.told_us = c->told_us };

		if (c->open && which(ctx, &seen))
			end_it(t, c, text, now_us);
	}
}

void
conditions_unknown(struct conditions *t, const char *kind, const char *about, int64_t now_us)
{
	struct condition *c = find(t, kind, about);

	if (c != NULL && c->open && c->over_us == 0 && c->transition != TRANSITION_UNKNOWN)
		tell(t, c, TRANSITION_UNKNOWN, now_us);
}

bool
conditions_holds(const struct conditions *t, const char *kind, const char *about)
{
	const struct condition *c = find(t, kind, about);

	return c != NULL && c->holds;
}

/* --- restart */

bool
conditions_are_of(const char *kind)
{
	static const char *const rooms[] = { "rpki.", "kafka.", "journal.", "router.", "peer.",
		"feed.", "collector.", "clock.", "limit.", "incidents.", "log.", "control.", "roa.",
		"sav.", "visibility.", "contacts." };

	for (unsigned k = 0; k < sizeof(rooms) / sizeof(rooms[0]); k++)
		if (strncmp(kind, rooms[k], strlen(rooms[k])) == 0)
			return true;
	return false;
}

void
conditions_restore(struct conditions *t, const struct record *r)
{
	const struct record_incident *i = &r->incident;
	struct condition *c;
	struct kind *k;

	if (r->kind != RECORD_INCIDENT || (k = kind_of(t, i->kind)) == NULL)
		return;
	c = find_id(t, i->id);
	/* the numbers of one that is over are asked for when it comes back */
	if (c == NULL && i->transition == TRANSITION_CLOSED && t->ops->recall != NULL)
		return;
	if (c == NULL)
		c = make(t, i->id, k);
	/* the numbers of an earlier closing may have come before */
	if (c == NULL || c->revision > i->revision)
		return;
	of_record(c, r);
	set_open(c, i->transition != TRANSITION_CLOSED);
}

/* --- time */

/* More of a kind than there is room for: that is told, and that it is over. */
static void
tell_of_room(struct conditions *t, int64_t now_us)
{
	char text[RECORD_TEXT_MAX];

	for (unsigned i = 0; i < t->kinds_n; i++) {
		struct kind *k = &t->kinds[i];
		const struct condition_said said = { .kind = limit_kind,
			.about = k->name,
			.severity = SEVERITY_MAJOR,
			.text = text };

		if (k->refused == 0 || strcmp(k->name, limit_kind) == 0)
			continue;
		snprintf(text, sizeof(text),
		    "%u alarms of the kind %s are open, and there is no room for more: others are "
		    "not told, %llu attempts so far; look for what they have in common",
		    CONDITIONS_OF_KIND, k->name, (unsigned long long)k->refused);
		if (k->open < CONDITIONS_OF_KIND && now_us - k->refused_us > CALM_US) {
			k->refused = 0;
			conditions_clear(t, limit_kind, k->name,
			    "there is room again for every alarm of this kind", now_us);
		} else {
			conditions_set(t, &said, now_us);
		}
	}
}

void
conditions_tick(struct conditions *t, int64_t now_us)
{
	for (struct condition *c = t->list; c != NULL; c = c->next) {
		if (c->open && c->over_us != 0 && now_us - c->over_us >= FLAP_HOLD_US)
			close_it(t, c, now_us);
		else if (c->open && c->holds && c->changed && c->transition != TRANSITION_UNKNOWN &&
			 now_us - c->told_us >= CALM_US)
			tell(t, c, TRANSITION_UPDATED, now_us);
		else if (c->open && !c->said && strcmp(c->kind->name, limit_kind) == 0)
			end_it(t, c, "it has not been so since the start", now_us);
	}
	tell_of_room(t, now_us);
}

void
conditions_forget(struct conditions *t, int64_t now_us)
{
	struct condition *next;

	for (struct condition *c = t->list; c != NULL; c = next) {
		next = c->next;
		if (!c->open && now_us - c->told_us >= FORGET_US)
			drop(t, c);
	}
}

uint32_t
conditions_count(const struct conditions *t)
{
	return t->by_id.n;
}

void
conditions_count_open(
    const struct conditions *t, void (*each)(void *ctx, const struct incident_count *), void *ctx)
{
	uint32_t n[KINDS_MAX][SEVERITY_CRITICAL + 1][2] = { 0 };

	for (const struct condition *c = t->list; c != NULL; c = c->next)
		if (c->open && !c->dry_run)
			n[c->kind - t->kinds][c->told_severity]
			 [c->transition == TRANSITION_UNKNOWN]++;
	for (unsigned k = 0; k < t->kinds_n; k++)
		for (uint8_t s = 0; s <= SEVERITY_CRITICAL; s++)
			for (unsigned unknown = 0; unknown < 2; unknown++)
				if (n[k][s][unknown] > 0)
					each(ctx, &(struct incident_count){ t->kinds[k].name, s,
						      unknown != 0, n[k][s][unknown] });
}

bool
conditions_get(const struct conditions *t, uint32_t index, struct record *out)
{
	const struct condition *c = t->list;

	while (c != NULL && (!c->open || index > 0)) {
		index -= c->open;
		c = c->next;
	}
	if (c == NULL)
		return false;
	to_record(c, c->told_us, out);
	return true;
}
