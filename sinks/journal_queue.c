#include "sinks/journal_queue.h"

#include <stdlib.h>
#include <string.h>

#include "base/pure/text.h"

enum {
	BODY_MAX = 1 << 20,
	EVENTS_PART = 4, /* the last quarter of the room is for incidents */
	STEP_PART = 16,	 /* when there is no room, so much is made */
};

/* --- entries */

static struct journal_entry *
entry_new(size_t len)
{
	struct journal_entry *e = malloc(sizeof(*e) + len);

	if (e != NULL) {
		memset(e, 0, sizeof(*e));
		e->len = len;
	}
	return e;
}

struct journal_entry *
journal_entry_of_record(const struct record *r)
{
	struct sbuf body = sbuf_of(BODY_MAX);
	struct journal_entry *e = NULL;

	if (record_to_pb(r, &body) && (e = entry_new(body.len)) != NULL) {
		memcpy(e->octets, body.data, body.len);
		e->at_us = r->at_us;
		e->kind = r->kind;
		if (r->kind == RECORD_INCIDENT) {
			e->transition = r->incident.transition;
			e->severity = r->incident.severity;
			text_copy(e->id, sizeof(e->id), r->incident.id);
		}
	}
	sbuf_free(&body);
	return e;
}

struct journal_entry *
journal_entry_of_state(const char *room, const char *key, const void *value, size_t len)
{
	size_t room_n = strlen(room) + 1, key_n = strlen(key) + 1;
	struct journal_entry *e = entry_new(len + room_n + key_n);

	if (e == NULL)
		return NULL;
	e->len = len;
	e->forget = value == NULL;
	if (len > 0)
		memcpy(e->octets, value, len);
	e->room = memcpy(e->octets + len, room, room_n);
	e->key = memcpy(e->octets + len + room_n, key, key_n);
	return e;
}

bool
journal_entry_record(const struct journal_entry *e, struct record *out)
{
	if (e->kind == 0 || !record_from_pb(e->kind, e->octets, e->len, out))
		return false;
	out->seq = e->seq;
	return true;
}

static size_t
cost(const struct journal_entry *e)
{
	return sizeof(*e) + e->len;
}

/* --- dropping */

static void
count(struct journal_queue *q, const struct journal_entry *e)
{
	struct journal_gap *g = &q->gap;

	if (g->until_us == 0 || e->at_us < g->from_us)
		g->from_us = e->at_us;
	if (e->at_us > g->until_us)
		g->until_us = e->at_us;
	q->dropped++;
	q->dropped_incidents += e->kind == RECORD_INCIDENT;
}

/* Take what is marked out of the list. */
static void
sweep(struct journal_queue *q)
{
	struct journal_entry **at = &q->first, *e;

	q->last = NULL;
	while ((e = *at) != NULL) {
		if (!e->dropped) {
			q->last = e;
			at = &e->next;
			continue;
		}
		*at = e->next;
		q->n--;
		q->octets -= cost(e);
		free(e);
	}
}

static struct journal_entry *
first_idle(struct journal_queue *q)
{
	struct journal_entry *e = q->first;

	for (size_t i = 0; i < q->busy && e != NULL; i++)
		e = e->next;
	return e;
}

static void
drop_events(struct journal_queue *q, size_t until)
{
	size_t left = q->octets;

	for (struct journal_entry *e = first_idle(q); e != NULL && left > until; e = e->next) {
		if (e->kind != RECORD_EVENT)
			continue;
		count(q, e);
		q->gap.events++;
		e->dropped = true;
		left -= cost(e);
	}
	sweep(q);
}

static int
by_incident(const void *a, const void *b)
{
	const struct journal_entry *x = *(struct journal_entry *const *)a,
				   *y = *(struct journal_entry *const *)b;
	int order = strcmp(x->id, y->id);

	return order != 0 ? order : (x->ticket > y->ticket) - (x->ticket < y->ticket);
}

/* What waits of incidents, those of each together, in order. Yours to free; NULL: out of memory. */
static struct journal_entry **
incidents(struct journal_queue *q, size_t *n)
{
	struct journal_entry **all = calloc(q->n + 1, sizeof(struct journal_entry *));

	*n = 0;
	for (struct journal_entry *e = first_idle(q); all != NULL && e != NULL; e = e->next)
		if (e->kind == RECORD_INCIDENT)
			all[(*n)++] = e;
	if (all != NULL)
		qsort(all, *n, sizeof(struct journal_entry *), by_incident);
	return all;
}

/* Of two records of an incident that follow each other, the first says nothing that the second does
 * not, unless it begins or ends something. */
static void
drop_superseded(struct journal_queue *q)
{
	size_t n;
	struct journal_entry **all = incidents(q, &n);

	for (size_t i = 0; i + 1 < n && all != NULL; i++) {
		if (strcmp(all[i]->id, all[i + 1]->id) != 0 ||
		    all[i]->transition == TRANSITION_OPENED ||
		    all[i]->transition == TRANSITION_CLOSED)
			continue;
		count(q, all[i]);
		q->gap.updates++;
		all[i]->dropped = true;
	}
	free(all);
	sweep(q);
}

/* From opened to closed, none of it written; the gravest of it no graver than `most`. */
static void
drop_lives(struct journal_queue *q, uint8_t most)
{
	size_t n, from = 0;
	struct journal_entry **all = incidents(q, &n);
	uint8_t gravest = 0;
	bool whole = false;

	for (size_t i = 0; i < n && all != NULL; i++) {
		if (i == 0 || strcmp(all[i]->id, all[i - 1]->id) != 0)
			whole = false;
		if (all[i]->transition == TRANSITION_OPENED) {
			from = i;
			whole = true;
			gravest = 0;
		}
		gravest = all[i]->severity > gravest ? all[i]->severity : gravest;
		if (all[i]->transition != TRANSITION_CLOSED || !whole)
			continue;
		whole = false;
		if (gravest > most)
			continue;
		for (; from <= i; from++) {
			count(q, all[from]);
			all[from]->dropped = true;
		}
		q->gap.incidents++;
	}
	free(all);
	sweep(q);
}

/* There is no room for an incident's record: make some. */
static void
squeeze(struct journal_queue *q)
{
	size_t until = q->max - q->max / STEP_PART;

	drop_events(q, until);
	if (q->octets > until)
		drop_superseded(q);
	if (q->octets > until)
		drop_lives(q, SEVERITY_WARNING);
	if (q->octets > until)
		drop_lives(q, SEVERITY_CRITICAL);
	/* what is left is one or two records for each incident: it stays whatever it takes */
	q->patience = q->octets + q->max / STEP_PART;
}

/* --- the queue */

bool
journal_queue_put(struct journal_queue *q, struct journal_entry *e, int64_t now_us)
{
	if (e->kind == RECORD_EVENT && q->octets + cost(e) > q->max - q->max / EVENTS_PART) {
		count(q, e);
		q->gap.events++;
		free(e);
		return false;
	}
	e->next = NULL;
	e->ticket = ++q->tickets;
	e->queued_us = now_us;
	if (q->last != NULL)
		q->last->next = e;
	else
		q->first = e;
	q->last = e;
	q->n++;
	q->octets += cost(e);
	if (q->octets > (q->patience > q->max ? q->patience : q->max))
		squeeze(q);
	return true;
}

void
journal_entry_number(struct journal_entry *e, uint64_t *given)
{
	if (e->kind != 0 && e->seq == 0)
		e->seq = ++*given;
}

size_t
journal_queue_begin(struct journal_queue *q, struct journal_entry **out, size_t n)
{
	q->busy = 0;
	for (struct journal_entry *e = q->first; e != NULL && q->busy < n; e = e->next)
		out[q->busy++] = e;
	return q->busy;
}

struct journal_entry *
journal_queue_done(struct journal_queue *q, bool written)
{
	struct journal_entry *list = q->first, *e = NULL;

	if (!written || q->busy == 0) {
		q->busy = 0;
		return NULL;
	}
	for (; q->busy > 0; q->busy--) {
		e = q->first;
		q->first = e->next;
		q->n--;
		q->octets -= cost(e);
	}
	if (q->first == NULL)
		q->last = NULL;
	e->next = NULL;
	if (q->octets < q->max)
		q->patience = 0;
	return list;
}

void
journal_queue_free(struct journal_queue *q)
{
	while (q->first != NULL) {
		struct journal_entry *e = q->first;

		q->first = e->next;
		free(e);
	}
	q->last = NULL;
	q->n = q->octets = q->busy = 0;
}
