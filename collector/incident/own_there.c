/* What we announce ourselves, of our own prefixes: a hijack of it has two origins. */
#include <stdlib.h>
#include <string.h>

#include "collector/incident/incident_private.h"

enum { LOOK_MAX = 64 }; /* members of a hijack that are looked at, the newest */

static size_t
place_of(const struct own_there *o, const struct ip_prefix *p)
{
	size_t lo = 0, hi = o->n;

	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;

		if (ip_prefix_cmp(&o->v[mid].prefix, p) < 0)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo;
}

bool
own_there_has(const struct own_there *o, const struct ip_prefix *p)
{
	size_t at = place_of(o, p);

	return at < o->n && ip_prefix_cmp(&o->v[at].prefix, p) == 0;
}

static bool
grow(struct own_there *o)
{
	size_t max = o->max != 0 ? 2 * o->max : 64;
	struct own_announced *v = o->n < o->max ? o->v : realloc(o->v, max * sizeof(*v));

	if (v == NULL)
		return false;
	o->max = o->n < o->max ? o->max : max;
	o->v = v;
	return true;
}

void
incidents_own(struct incidents *t, const struct ip_prefix *p, bool there)
{
	struct own_there *o = &t->own_there;
	size_t at = place_of(o, p);
	bool known = own_there_has(o, p);

	if (t->dry_run != NULL)
		incidents_own(t->dry_run, p, there);
	if (there && known)
		o->v[at].times++;
	if (there && !known && grow(o)) {
		memmove(&o->v[at + 1], &o->v[at], (o->n++ - at) * sizeof(*o->v));
		o->v[at] = (struct own_announced){ .prefix = *p, .times = 1 };
	}
	if (there || !known || --o->v[at].times > 0)
		return;
	memmove(&o->v[at], &o->v[at + 1], (--o->n - at) * sizeof(*o->v));
}

void
own_there_free(struct own_there *o)
{
	free(o->v);
}

static bool
hijack_is_above(const struct incident *h, const struct ip_prefix *p)
{
	unsigned looked = 0;

	for (const struct member *m = h->members; m != NULL && looked < LOOK_MAX;
	     m = m->next, looked++)
		if (ip_prefix_covers(&m->prefix, p))
			return true;
	return false;
}

bool
incident_answers_hijack(const struct incidents *t, const struct incident *i)
{
	if (i->rule != RULE_ROV_LENGTH || i->members == NULL || !i->members->seen->own_origin)
		return false;
	if (i->rec.benign == BENIGN_ANSWER) /* also when the hijack ends first */
		return true;
	for (const struct incident *h = t->list; h != NULL; h = h->next)
		if (1U << h->rule & RULES_HIJACK && hijack_is_above(h, &i->members->prefix))
			return true;
	return false;
}
