#include "collector/daemon/contact_watch.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/pure/text.h"

enum { LOOK_S = 5, HOLD_S = 15, NAMED_MAX = 5, SECOND_US = 1000000, NETWORKS_MAX = 100000 };
static const char all_of_them[] = "neighbours";
static const int64_t day_us = (int64_t)86400 * 1000000;

struct contact_watch {
	const struct contact_keeper *contacts;
	const struct neighbor_watch *neighbors;
	struct alarms *alarms;
	uint32_t *own;
	size_t own_n;
	int64_t look_us;		       /* when next */
	int64_t since_us[CONTACT_MISSING + 1]; /* that there are some; 0: there are none */
};

struct contact_watch *
contact_watch_new(const struct contact_keeper *contacts, const struct neighbor_watch *neighbors,
    struct alarms *alarms)
{
	struct contact_watch *w = calloc(1, sizeof(*w));

	if (w == NULL)
		return NULL;
	w->contacts = contacts;
	w->neighbors = neighbors;
	w->alarms = alarms;
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
		size_t cap = to->cap == 0 ? 64 : 2 * to->cap;

		n = cap <= NETWORKS_MAX ? realloc(to->v, cap * sizeof(*n)) : NULL;
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
	unsigned n[CONTACT_MISSING + 1];
	char text[CONTACT_MISSING + 1][RECORD_TEXT_MAX];
};

static void
list(void *ctx, const struct contact_seen *s)
{
	struct listed *l = ctx;
	char *text = l->text[s->state], date[RECORD_DATE_MAX];
	size_t used = strlen(text);

	if (s->own || ++l->n[s->state] > NAMED_MAX)
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

void
contact_watch_tick(struct contact_watch *w, int64_t wall_us, int64_t now_us)
{
	struct listed l = { .n = { 0 } };
	unsigned n;

	if (now_us < w->look_us)
		return;
	w->look_us = now_us + (int64_t)LOOK_S * SECOND_US;
	if (contact_keeper_is_used(w->contacts))
		contact_watch_each(w, wall_us, list, &l);
	n = l.n[CONTACT_MISSING];
	if (has_lasted(w, CONTACT_MISSING, n > 0, now_us))
		alarm_on(w->alarms, "contacts.missing", all_of_them, SEVERITY_NOTICE,
		    "nobody knows whom to call at %u neighbour%s: %s%s", n, n > 1 ? "s" : "",
		    l.text[CONTACT_MISSING], n > NAMED_MAX ? ", ..." : "");
	else if (n == 0)
		alarm_off(w->alarms, "contacts.missing", all_of_them,
		    "of each neighbour it is known whom to call");
	n = l.n[CONTACT_STALE];
	if (has_lasted(w, CONTACT_STALE, n > 0, now_us))
		alarm_on(w->alarms, "contacts.stale", all_of_them, SEVERITY_NOTICE,
		    "contacts of %u neighbour%s are old: %s%s", n, n > 1 ? "s" : "",
		    l.text[CONTACT_STALE], n > NAMED_MAX ? ", ..." : "");
	else if (n == 0)
		alarm_off(
		    w->alarms, "contacts.stale", all_of_them, "no neighbour's contact is old");
}
