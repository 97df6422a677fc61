#include "collector/incident/conditions.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/pure/text.h"

enum {
	SECOND_US = 1000000,
	QUICK = 2,		      /* updates that are told at once */
	CALM_US = 60 * SECOND_US,     /* least time between updates that raise nothing */
	FORGET_US = 1800 * SECOND_US, /* what comes back later is a new occurrence */
	FLAPPING = 3,		      /* returns, from which on a closing waits */
	FLAP_HOLD_US = 300 * SECOND_US,
};

struct condition {
	struct record_incident rec;
	bool holds; /* somebody says so now */
	bool open;  /* the last record says so */
	bool changed;
	int64_t told_us, over_us;
	unsigned quick;		    /* of them, since it was calm */
	char text[RECORD_TEXT_MAX]; /* of the end, while its telling waits */
	struct condition *next;
};

struct conditions {
	void (*emit)(void *ctx, const struct record *);
	void *ctx;
	struct condition *list;
};

struct conditions *
conditions_new(void (*emit)(void *ctx, const struct record *), void *ctx)
{
	struct conditions *t = calloc(1, sizeof(*t));

	if (t == NULL)
		return NULL;
	t->emit = emit;
	t->ctx = ctx;
	return t;
}

void
conditions_free(struct conditions *t)
{
	if (t == NULL)
		return;
	while (t->list != NULL) {
		struct condition *c = t->list;

		t->list = c->next;
		free(c);
	}
	free(t);
}

/* As of other incidents: a hash of kind and scope with a fixed seed. */
static void
condition_id(const char *kind, const char *about, char id[RECORD_ID_MAX])
{
	char text[2 * RECORD_NAME_MAX + 2];
	size_t n;

	snprintf(text, sizeof(text), "%s|%s", kind, about);
	n = strlen(text);
	snprintf(id, RECORD_ID_MAX, "%016llx%016llx", (unsigned long long)hash_bytes(1, text, n),
	    (unsigned long long)hash_bytes(2, text, n));
}

static struct condition *
find_id(const struct conditions *t, const char *id)
{
	for (struct condition *c = t->list; c != NULL; c = c->next)
		if (strcmp(c->rec.id, id) == 0)
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

static struct condition *
make(struct conditions *t, const char *id)
{
	struct condition *c = calloc(1, sizeof(*c)), **at = &t->list;

	if (c == NULL)
		return NULL;
	text_copy(c->rec.id, sizeof(c->rec.id), id);
	while (*at != NULL)
		at = &(*at)->next;
	*at = c;
	return c;
}

static void
tell(struct conditions *t, struct condition *c, enum transition transition, int64_t now_us)
{
	struct record r = { .kind = RECORD_INCIDENT, .at_us = now_us };

	c->rec.revision++;
	c->rec.transition = (uint8_t)transition;
	c->rec.last_seen_us = now_us;
	c->rec.reason = transition == TRANSITION_CLOSED ? REASON_CLEARED : REASON_NONE;
	c->rec.flapping = c->rec.flaps >= FLAPPING;
	c->open = transition != TRANSITION_CLOSED;
	c->changed = false;
	c->told_us = now_us;
	r.incident = c->rec;
	t->emit(t->ctx, &r);
}

static void
open_it(struct conditions *t, struct condition *c, int64_t now_us)
{
	bool back = c->rec.occurrence > 0 && now_us - c->told_us < FORGET_US;

	if (back) {
		c->rec.flaps++;
	} else {
		c->rec.occurrence++;
		c->rec.flaps = 0;
		c->rec.first_seen_us = now_us;
	}
	tell(t, c, TRANSITION_OPENED, now_us);
}

bool
conditions_set(struct conditions *t, const char *kind, const char *about, uint8_t severity,
    const char *text, int64_t now_us)
{
	struct condition *c = find(t, kind, about);
	char id[RECORD_ID_MAX];
	bool worse, other;

	if (c == NULL) {
		condition_id(kind, about, id);
		if ((c = make(t, id)) == NULL)
			return false;
		text_copy(c->rec.kind, sizeof(c->rec.kind), kind);
	}
	worse = severity > c->rec.severity;
	other = severity != c->rec.severity || strcmp(c->rec.summary, text) != 0;
	if (c->open && !c->holds && c->over_us != 0)
		c->rec.flaps++; /* back before its end was told */
	c->holds = true;
	c->over_us = 0;
	c->rec.severity = severity;
	text_copy(c->rec.summary, sizeof(c->rec.summary), text);
	if (!c->open) {
		open_it(t, c, now_us);
		return true;
	}
	c->changed |= other;
	if (now_us - c->told_us >= CALM_US)
		c->quick = 0;
	if (!worse && (!c->changed || c->quick == QUICK))
		return false;
	c->quick += !worse;
	tell(t, c, TRANSITION_UPDATED, now_us);
	return true;
}

static void
close_it(struct conditions *t, struct condition *c, int64_t now_us)
{
	text_copy(c->rec.summary, sizeof(c->rec.summary), c->text);
	c->over_us = 0;
	tell(t, c, TRANSITION_CLOSED, now_us);
}

void
conditions_clear(
    struct conditions *t, const char *kind, const char *about, const char *text, int64_t now_us)
{
	struct condition *c = find(t, kind, about);

	if (c == NULL || !c->open || c->over_us != 0)
		return;
	c->holds = false;
	c->over_us = now_us;
	text_copy(c->text, sizeof(c->text), text);
	if (c->rec.flaps < FLAPPING)
		close_it(t, c, now_us);
}

bool
conditions_holds(const struct conditions *t, const char *kind, const char *about)
{
	const struct condition *c = find(t, kind, about);

	return c != NULL && c->holds;
}

bool
conditions_are_of(const char *kind)
{
	static const char *const rooms[] = { "rpki.", "kafka.", "journal.", "router.", "peer.",
		"feed.", "collector.", "clock.", "limit.", "incidents.", "log.", "control." };

	for (unsigned k = 0; k < sizeof(rooms) / sizeof(rooms[0]); k++)
		if (strncmp(kind, rooms[k], strlen(rooms[k])) == 0)
			return true;
	return false;
}

void
conditions_restore(struct conditions *t, const struct record *r)
{
	struct condition *c;

	if (r->kind != RECORD_INCIDENT)
		return;
	/* the numbers of an earlier closing may have come before */
	c = find_id(t, r->incident.id);
	if (c == NULL)
		c = make(t, r->incident.id);
	if (c == NULL || c->rec.revision > r->incident.revision)
		return;
	c->rec = r->incident;
	c->open = r->incident.transition != TRANSITION_CLOSED;
	c->told_us = r->at_us;
	if (c->rec.occurrence == 0)
		c->rec.occurrence = 1;
}

void
conditions_tick(struct conditions *t, int64_t now_us)
{
	for (struct condition *c = t->list; c != NULL; c = c->next) {
		if (c->open && c->over_us != 0 && now_us - c->over_us >= FLAP_HOLD_US)
			close_it(t, c, now_us);
		else if (c->open && c->holds && c->changed && now_us - c->told_us >= CALM_US)
			tell(t, c, TRANSITION_UPDATED, now_us);
	}
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
	memset(out, 0, sizeof(*out));
	out->kind = RECORD_INCIDENT;
	out->at_us = c->told_us;
	out->incident = c->rec;
	return true;
}
