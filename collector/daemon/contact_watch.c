#include "collector/daemon/contact_watch.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/pure/text.h"
#include "collector/daemon/contacts_private.h"

enum { LOOK_S = 5, HOLD_S = 15, NAMED_MAX = 5, SECOND_US = 1000000, NETWORKS_MAX = 100000 };
enum { NOTED_MAX = 64, NOTE_OCTETS = 16 + RECORD_NAME_MAX };
static const char room[] = "contacts";
static const char *const state_keys[CONTACT_MISSING + 1] = {
	[CONTACT_STALE] = "stale", [CONTACT_MISSING] = "missing"
};
static const char all_of_them[] = "neighbours";
static const int64_t day_us = (int64_t)86400 * 1000000;

/* A neighbour of whom it was told, and a router that had it: that it is not seen is no evidence
 * before that router is back. */
struct noted {
	uint32_t asn;
	char router[RECORD_NAME_MAX];
	int64_t back_us; /* since when it has told all it has; 0: it has not */
	bool recalled;	 /* from before a restart, and not seen since */
};

struct notes {
	struct noted v[NOTED_MAX];
	size_t n;
	char kept[NOTED_MAX * NOTE_OCTETS]; /* as it is in the journal */
};

struct contact_watch {
	struct records *records;
	struct notes notes[CONTACT_MISSING + 1];
	const struct contact_keeper *contacts;
	const struct neighbor_watch *neighbors;
	struct alarms *alarms;
	uint32_t *own;
	size_t own_n;
	int64_t look_us;		       /* when next */
	int64_t since_us[CONTACT_MISSING + 1]; /* that there are some; 0: there are none */
};

static void
recall(struct contact_watch *w, struct notes *notes, const char *key)
{
	struct sbuf text = sbuf_of(sizeof(notes->kept));

	if (journal_state_get(records_history(w->records), room, key, &text))
		text_copy(notes->kept, sizeof(notes->kept), sbuf_text(&text));
	sbuf_free(&text);
	for (const char *at = notes->kept, *end; (end = strchr(at, '\n')) != NULL; at = end + 1) {
		struct noted *n = &notes->v[notes->n];
		char *router;

		if (notes->n == NOTED_MAX)
			break;
		*n = (struct noted){ .asn = (uint32_t)strtoul(at, &router, 10), .recalled = true };
		router += *router == ' ';
		if (router > end)
			break;
		snprintf(n->router, sizeof(n->router), "%.*s", (int)(end - router), router);
		notes->n++;
	}
}

struct contact_watch *
contact_watch_new(struct records *records, const struct contact_keeper *contacts,
    const struct neighbor_watch *neighbors, struct alarms *alarms)
{
	struct contact_watch *w = calloc(1, sizeof(*w));

	if (w == NULL)
		return NULL;
	w->contacts = contacts;
	w->neighbors = neighbors;
	w->alarms = alarms;
	w->records = records;
	for (uint8_t s = CONTACT_STALE; s <= CONTACT_MISSING; s++)
		recall(w, &w->notes[s], state_keys[s]);
	return w;
}

void
contact_watch_free(struct contact_watch *w)
{
	if (w != NULL)
		free(w->own);
	free(w);
}

bool
contact_watch_configure(struct contact_watch *w, const struct detect_config *c)
{
	uint32_t *v = malloc(c->own_asns_n * sizeof(*v) + 1);

	if (v == NULL)
		return false;
	if (c->own_asns_n > 0)
		memcpy(v, c->own_asns, c->own_asns_n * sizeof(*v));
	free(w->own);
	w->own = v;
	w->own_n = c->own_asns_n;
	w->look_us = 0;
	return true;
}

/* --- which there are */

struct network {
	uint32_t asn;
	uint8_t relation;
	char address[IP_ADDR_TEXT_MAX]; /* of a session */
};

struct networks {
	struct network *v;
	size_t n, cap;
};

static void
add(void *ctx, const struct neighbor_seen *seen)
{
	struct networks *to = ctx;
	struct network *n;

	if (seen->asn == 0 || seen->relation == NEIGHBOR_INTERNAL ||
	    seen->relation == NEIGHBOR_COLLECTOR)
		return;
	if (to->n == to->cap) {
		size_t cap = contacts_more(to->cap, NETWORKS_MAX);

		n = cap > 0 ? realloc(to->v, cap * sizeof(*n)) : NULL;
		if (n == NULL)
			return;
		to->v = n;
		to->cap = cap;
	}
	n = &to->v[to->n++];
	*n = (struct network){ .asn = seen->asn, .relation = seen->relation };
	text_copy(n->address, sizeof(n->address), seen->address);
}

static int
by_asn(const void *x, const void *y)
{
	const struct network *a = x, *b = y;

	return (a->asn > b->asn) - (a->asn < b->asn);
}

static uint8_t
state_of(const struct contact_known *k)
{
	return k->contact[0] == '\0' ? CONTACT_MISSING : k->stale ? CONTACT_STALE : CONTACT_KNOWN;
}

static void
tell(const struct contact_known *k, struct contact_seen *s,
    void (*each)(void *ctx, const struct contact_seen *), void *ctx)
{
	s->name = k->name;
	s->contact = k->contact;
	s->registry = k->registry;
	s->from = k->from;
	s->day = k->day;
	s->state = state_of(k);
	each(ctx, s);
}

/* One network, and the best that is known of it by any of its sessions. */
static void
tell_network(const struct contact_watch *w, const struct network *v, size_t n, uint32_t today,
    void (*each)(void *ctx, const struct contact_seen *), void *ctx)
{
	struct contact_seen s = { .asn = v->asn, .relation = v->relation };
	struct contact_known best, one;
	struct ip_addr address;

	for (size_t i = 0; i < n; i++) {
		bool has = ip_addr_parse(v[i].address, &address);

		contact_keeper_find(w->contacts, has ? &address : NULL, v->asn, today, &one);
		if (i == 0 || state_of(&one) < state_of(&best))
			best = one;
		if (s.relation == NEIGHBOR_UNKNOWN)
			s.relation = v[i].relation;
	}
	tell(&best, &s, each, ctx);
}

void
contact_watch_each(const struct contact_watch *w, int64_t wall_us,
    void (*each)(void *ctx, const struct contact_seen *), void *ctx)
{
	uint32_t today = (uint32_t)(wall_us / day_us);
	struct networks all = { .n = 0 };
	struct contact_known known;

	for (size_t i = 0; i < w->own_n && contact_keeper_has_files(w->contacts); i++) {
		struct contact_seen s = { .asn = w->own[i], .own = true };

		contact_keeper_find(w->contacts, NULL, w->own[i], today, &known);
		tell(&known, &s, each, ctx);
	}
	neighbor_watch_each(w->neighbors, add, &all);
	if (all.n > 0)
		qsort(all.v, all.n, sizeof(*all.v), by_asn);
	for (size_t i = 0, next; i < all.n; i = next) {
		for (next = i + 1; next < all.n && all.v[next].asn == all.v[i].asn; next++)
			;
		tell_network(w, &all.v[i], next - i, today, each, ctx);
	}
	free(all.v);
}

/* --- what is told */

struct listed {
	uint32_t asns[CONTACT_MISSING + 1][NOTED_MAX];
	unsigned n[CONTACT_MISSING + 1];
	char text[CONTACT_MISSING + 1][RECORD_TEXT_MAX];
};

static void
list(void *ctx, const struct contact_seen *s)
{
	struct listed *l = ctx;
	char *text = l->text[s->state], date[RECORD_DATE_MAX];
	size_t used = strlen(text);

	if (s->own)
		return;
	if (l->n[s->state] < NOTED_MAX)
		l->asns[s->state][l->n[s->state]] = s->asn;
	if (++l->n[s->state] > NAMED_MAX)
		return;
	snprintf(text + used, RECORD_TEXT_MAX - used, "%sAS%" PRIu32 "%s%s", used > 0 ? ", " : "",
	    s->asn, s->state == CONTACT_STALE ? " of " : "",
	    s->state == CONTACT_STALE ? record_date(s->day, date) : "");
}

static bool
has_lasted(struct contact_watch *w, uint8_t state, bool some, int64_t now_us)
{
	if (!some)
		w->since_us[state] = 0;
	else if (w->since_us[state] == 0)
		w->since_us[state] = now_us > 0 ? now_us : 1;
	return some && now_us - w->since_us[state] >= (int64_t)HOLD_S * SECOND_US;
}

/* --- what was told of, until there is evidence that it is so no longer */

static bool
is_listed(const struct listed *l, uint8_t state, uint32_t asn)
{
	for (unsigned i = 0; i < l->n[state] && i < NOTED_MAX; i++)
		if (l->asns[state][i] == asn)
			return true;
	return false;
}

/* Somebody knows now whom to call, or its router is back, and it is not there or in health. */
static bool
is_settled(const struct contact_watch *w, const struct listed *l, uint8_t state,
    const struct noted *n, int64_t wall_us, int64_t now_us)
{
	struct contact_known known;

	if (is_listed(l, state, n->asn))
		return false;
	contact_keeper_find(w->contacts, NULL, n->asn, (uint32_t)(wall_us / day_us), &known);
	if (state_of(&known) < state)
		return true;
	/* after a start its file may not have been read */
	if (n->recalled && is_listed(l, CONTACT_MISSING, n->asn))
		return false;
	return n->back_us != 0 && now_us - n->back_us >= (int64_t)HOLD_S * SECOND_US;
}

struct noting {
	struct notes *notes;
	const struct listed *l;
	uint8_t state;
	int64_t now_us;
};

static void
note(void *ctx, const struct neighbor_seen *seen)
{
	const struct noting *to = ctx;
	struct notes *notes = to->notes;
	struct noted *n = notes->v;

	if (!is_listed(to->l, to->state, seen->asn))
		return;
	while (n < notes->v + notes->n &&
	       (n->asn != seen->asn || strcmp(n->router, seen->router) != 0))
		n++;
	if (n == notes->v + NOTED_MAX)
		return;
	if (n == notes->v + notes->n) {
		notes->n++;
		*n = (struct noted){ .asn = seen->asn };
		text_copy(n->router, sizeof(n->router), seen->router);
	}
	n->recalled = false;
	if (seen->away)
		n->back_us = 0;
	else if (n->back_us == 0)
		n->back_us = to->now_us;
}

static void
keep(struct contact_watch *w, uint8_t state)
{
	struct notes *notes = &w->notes[state];
	char text[sizeof(notes->kept)] = "";
	size_t used = 0;

	for (size_t i = 0; i < notes->n; i++)
		used += (size_t)snprintf(text + used, sizeof(text) - used, "%" PRIu32 " %s\n",
		    notes->v[i].asn, notes->v[i].router);
	if (strcmp(text, notes->kept) == 0)
		return;
	memcpy(notes->kept, text, sizeof(text));
	records_state_put(w->records, room, state_keys[state], used > 0 ? text : NULL, used);
}

/* Is there evidence of all that it was told of? */
static bool
is_over(
    struct contact_watch *w, const struct listed *l, uint8_t state, int64_t wall_us, int64_t now_us)
{
	struct notes *notes = &w->notes[state];
	struct noting to = { notes, l, state, now_us };
	size_t left = 0;

	for (size_t i = 0; i < notes->n && contact_keeper_is_used(w->contacts); i++)
		if (!is_settled(w, l, state, &notes->v[i], wall_us, now_us))
			notes->v[left++] = notes->v[i];
	notes->n = left;
	neighbor_watch_each(w->neighbors, note, &to);
	keep(w, state);
	return notes->n == 0 && l->n[state] == 0;
}

void
contact_watch_router(
    struct contact_watch *w, const char *router, enum feed_state state, int64_t now_us)
{
	for (uint8_t s = CONTACT_STALE; s <= CONTACT_MISSING; s++)
		for (size_t i = 0; i < w->notes[s].n; i++)
			if (strcmp(w->notes[s].v[i].router, router) == 0)
				w->notes[s].v[i].back_us = state != FEED_SYNCED ? 0
							   : now_us > 0		? now_us
										: 1;
}

void
contact_watch_rename(struct contact_watch *w, const char *from, const char *to)
{
	for (uint8_t s = CONTACT_STALE; s <= CONTACT_MISSING; s++)
		for (size_t i = 0; i < w->notes[s].n; i++)
			if (strcmp(w->notes[s].v[i].router, from) == 0)
				text_copy(w->notes[s].v[i].router, RECORD_NAME_MAX, to);
}

void
contact_watch_tick(struct contact_watch *w, int64_t wall_us, int64_t now_us)
{
	struct listed l = { .n = { 0 } };
	bool missing_over, stale_over;
	unsigned n;

	if (now_us < w->look_us)
		return;
	w->look_us = now_us + (int64_t)LOOK_S * SECOND_US;
	if (contact_keeper_is_used(w->contacts))
		contact_watch_each(w, wall_us, list, &l);
	missing_over = is_over(w, &l, CONTACT_MISSING, wall_us, now_us);
	stale_over = is_over(w, &l, CONTACT_STALE, wall_us, now_us);
	n = l.n[CONTACT_MISSING];
	if (has_lasted(w, CONTACT_MISSING, n > 0, now_us))
		alarm_on(w->alarms, "contacts.missing", all_of_them, SEVERITY_NOTICE,
		    "no contact known of %u neighbour%s: %s%s", n, n > 1 ? "s" : "",
		    l.text[CONTACT_MISSING], n > NAMED_MAX ? ", ..." : "");
	else if (missing_over)
		alarm_off(w->alarms, "contacts.missing", all_of_them,
		    "a contact is known of each neighbour");
	n = l.n[CONTACT_STALE];
	if (has_lasted(w, CONTACT_STALE, n > 0, now_us))
		alarm_on(w->alarms, "contacts.stale", all_of_them, SEVERITY_NOTICE,
		    "contacts of %u neighbour%s are old: %s%s", n, n > 1 ? "s" : "",
		    l.text[CONTACT_STALE], n > NAMED_MAX ? ", ..." : "");
	else if (stale_over)
		alarm_off(
		    w->alarms, "contacts.stale", all_of_them, "no neighbour's contact is old");
}
