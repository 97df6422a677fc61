#include "collector/rpki/vrp_aside.h"

#include <stdlib.h>
#include <string.h>

#include "collector/rpki/vrp_union.h"

enum {
	DEFAULT4 = 8, /* shorter: nobody holds more in one block */
	DEFAULT6 = 12,
	WIDE4 = 8, /* up to: rare, and never of a sudden */
	WIDE6 = 19,
};

/* Can a route of the Internet's be there? Not in 224.0.0.0/3, and of IPv6 in 2000::/3 only. Lists
 * of what nobody may use have the rest. */
static bool
has_routes(const struct vrp *v)
{
	unsigned top = v->prefix.b[0] >> 5;

	if (v->prefix.family == IP_V4)
		return v->prefix.len < 3 || top != 7;
	return v->prefix.len < 3 || top == 1;
}

static bool
is_default(const struct vrp *v)
{
	return v->prefix.len < (v->prefix.family == IP_V4 ? DEFAULT4 : DEFAULT6);
}

/* How much it covers, in units of which a wide one has 2^16. */
static uint64_t
width_of(const struct vrp *v)
{
	unsigned wide = v->prefix.family == IP_V4 ? WIDE4 : WIDE6, len = v->prefix.len;

	return len > wide + 16 ? 0 : UINT64_C(1) << (wide + 16 - len);
}

static bool
is_new_cover(const struct vrp *v, const struct vrp_set *in_force)
{
	return vrp_covering(in_force, &v->prefix, NULL, 0) == 0;
}

/* Do the new VRPs of AS 0 together cover as much of a family as a wide one? */
static bool
is_list_of_as0(const struct vrp_list *next, const struct vrp_set *in_force, uint8_t family)
{
	uint64_t sum = 0;

	for (size_t i = 0; i < next->n; i++)
		if (next->v[i].asn == 0 && next->v[i].prefix.family == family &&
		    has_routes(&next->v[i]) && is_new_cover(&next->v[i], in_force))
			sum += width_of(&next->v[i]);
	return sum >= UINT64_C(1) << 16;
}

/* --- those that are held */

static struct vrp_held *
find(const struct vrp_aside *a, const struct vrp *v, size_t *at)
{
	size_t lo = 0, hi = a->n;

	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;

		if (vrp_cmp(&a->v[mid].vrp, v) < 0)
			lo = mid + 1;
		else
			hi = mid;
	}
	*at = lo;
	return lo < a->n && vrp_cmp(&a->v[lo].vrp, v) == 0 ? &a->v[lo] : NULL;
}

/* It is not held yet. at: its place. */
static struct vrp_held *
hold(struct vrp_aside *a, const struct vrp_held *h, size_t at)
{
	if (a->n == a->cap) {
		size_t cap = a->cap == 0 ? 16 : a->cap * 2;
		struct vrp_held *bigger = realloc(a->v, cap * sizeof(*bigger));

		if (bigger == NULL)
			return NULL;
		a->v = bigger;
		a->cap = cap;
	}
	memmove(&a->v[at + 1], &a->v[at], (a->n - at) * sizeof(*a->v));
	a->n++;
	a->v[at] = *h;
	return &a->v[at];
}

static void
forget_ours(struct vrp_aside *a)
{
	unsigned left = 0;
	size_t at;

	for (unsigned i = 0; i < a->ours_n; i++)
		if (find(a, &a->ours[i].vrp, &at) != NULL)
			a->ours[left++] = a->ours[i];
	a->ours_n = left;
}

/* Out with those that are in force, or are what the sources say no more. */
static void
forget_unseen(struct vrp_aside *a)
{
	size_t left = 0;

	for (size_t i = 0; i < a->n; i++) {
		if (a->v[i].seen)
			a->v[left++] = a->v[i];
		else if (!a->v[i].over)
			a->ended[a->v[i].kind] = VRP_ASIDE_TAKEN_BACK;
	}
	a->n = left;
	forget_ours(a);
}

/* --- what is new */

/* What there is against letting it in: an enum vrp_aside_kind, or VRP_ASIDE_KINDS for nothing. */
static enum vrp_aside_kind
objection(const struct vrp *v, const struct vrp_aside_with *w, bool as0_list)
{
	bool wide = v->prefix.len <= (v->prefix.family == IP_V4 ? WIDE4 : WIDE6),
	     dispute = w->disputed != NULL && w->in_force != NULL;

	if (((!wide && v->asn != 0) || !has_routes(v)) && !dispute)
		return VRP_ASIDE_KINDS;
	if (vrp_set_has(w->in_force, v))
		return VRP_ASIDE_KINDS;
	if (is_default(v) && has_routes(v))
		return VRP_ASIDE_DEFAULT;
	if (w->growth && w->in_force != NULL && (wide || (v->asn == 0 && as0_list)) &&
	    has_routes(v) && is_new_cover(v, w->in_force))
		return VRP_ASIDE_MASS;
	return dispute && w->disputed(w->ctx, v) ? VRP_ASIDE_DISPUTED : VRP_ASIDE_KINDS;
}

/* What is held stays so until its time is over, a dispute as long as it lasts. */
static bool
stays_out(struct vrp_aside *a, const struct vrp *v, enum vrp_aside_kind why,
    const struct vrp_aside_with *w, bool *ok)
{
	struct vrp_held *h, new = { .vrp = *v, .kind = (uint8_t)why, .since_us = w->now_us };
	size_t at;

	if (a->n == 0 && why == VRP_ASIDE_KINDS)
		return false;
	h = find(a, v, &at);
	if (h != NULL && (h->gone || vrp_set_has(w->in_force, v)))
		return false; /* said again, or let in */
	if (h != NULL && h->kind == VRP_ASIDE_DISPUTED && why != VRP_ASIDE_DISPUTED) {
		bool settled = w->disputed == NULL || !w->disputed(w->ctx, v);

		if (why == VRP_ASIDE_KINDS && settled)
			return false; /* and tried out like any other */
		if (why != VRP_ASIDE_KINDS)
			h->kind = (uint8_t)why;
	}
	if (h == NULL && why != VRP_ASIDE_KINDS)
		*ok &= (h = hold(a, &new, at)) != NULL;
	if (h == NULL)
		return false;
	h->seen = true;
	if (!h->over && w->now_us - h->since_us >= w->hold_us) {
		h->over = true;
		a->ended[h->kind] = VRP_ASIDE_LET_IN;
	}
	return !h->over;
}

/* --- what is to go */

/* Those that are kept in the data, which does not say them any more. */
static bool
keep(struct vrp_aside *a, struct vrp_list *next, const struct vrp_aside_with *w)
{
	struct vrp_list kept = { 0 }, sum;
	const struct vrp_list *both[] = { next, &kept };
	bool ok = true;

	for (size_t i = 0; i < a->n; i++) {
		struct vrp_held *h = &a->v[i];

		if (!h->gone || vrp_list_find(next, &h->vrp) != NULL ||
		    (w->in_force != NULL && !vrp_set_has(w->in_force, &h->vrp)))
			continue;
		h->seen = true;
		if (!h->over && w->now_us - h->since_us >= w->hold_us) {
			h->over = true;
			a->ended[h->kind] = VRP_ASIDE_LET_IN;
		}
		ok &= h->over || vrp_list_add(&kept, &h->vrp);
	}
	if (ok && kept.n > 0 && (ok = vrp_union(both, 2, &sum))) {
		vrp_list_free(next);
		*next = sum;
	}
	vrp_list_free(&kept);
	return ok;
}

bool
vrp_aside_apply(struct vrp_aside *a, struct vrp_list *next, const struct vrp_aside_with *w)
{
	bool as0_4 = w->in_force != NULL && is_list_of_as0(next, w->in_force, IP_V4),
	     as0_6 = w->in_force != NULL && is_list_of_as0(next, w->in_force, IP_V6), ok = true;
	size_t left = 0;

	for (size_t i = 0; i < a->n; i++)
		a->v[i].seen = false;
	ok &= keep(a, next, w);
	for (size_t i = 0; i < next->n; i++) {
		const struct vrp *v = &next->v[i];

		if (!stays_out(
			a, v, objection(v, w, v->prefix.family == IP_V4 ? as0_4 : as0_6), w, &ok))
			next->v[left++] = *v;
	}
	next->n = left;
	forget_unseen(a);
	return ok;
}

void
vrp_aside_let_go(struct vrp_aside *a)
{
	size_t left = 0;

	for (size_t i = 0; i < a->n; i++)
		if (!a->v[i].gone)
			a->v[left++] = a->v[i];
	a->n = left;
	forget_ours(a);
}

bool
vrp_aside_restore(struct vrp_aside *a, const struct vrp_held *h)
{
	size_t at;

	return find(a, &h->vrp, &at) != NULL || hold(a, h, at) != NULL;
}

/* --- trials */

static int
cmp_held(const void *a, const void *b)
{
	return vrp_cmp(&((const struct vrp_held *)a)->vrp, &((const struct vrp_held *)b)->vrp);
}

static void
note_ours(struct vrp_aside *a, const struct vrp_trial *t)
{
	for (unsigned i = 0; i < t->ours_n; i++) {
		bool gone;
		struct vrp_aside_ours o = { .prefix = t->ours[i].prefix,
			.vrp = *vrp_trial_vrp(t, t->ours[i].vrp, &gone) };
		unsigned k = 0;
		size_t at;

		if (find(a, &o.vrp, &at) == NULL)
			continue;
		while (k < a->ours_n && (ip_prefix_cmp(&a->ours[k].prefix, &o.prefix) != 0 ||
					    vrp_cmp(&a->ours[k].vrp, &o.vrp) != 0))
			k++;
		if (k == a->ours_n && k < VRP_TRIAL_OURS_MAX)
			a->ours[a->ours_n++] = o;
	}
}

size_t
vrp_aside_tried(struct vrp_aside *a, struct vrp_trial *t, uint32_t most, int64_t now_us)
{
	uint32_t n = vrp_trial_count(t), limit;
	size_t held = 0, at;
	bool gone;

	for (uint32_t i = 0; i < n; i++) {
		struct vrp_held *h = find(a, vrp_trial_vrp(t, i, &gone), &at);

		if (h == NULL)
			continue;
		h->tried = true;
		h->routes = t->routes[i];
		t->all -= h->routes < t->all ? h->routes : t->all;
		t->routes[i] = 0;
	}
	limit = most > 0 ? vrp_trial_limit(t, most) : 0;
	for (uint32_t i = 0; i < n && limit > 0; i++) {
		struct vrp_held new = { .kind = VRP_ASIDE_MASS,
			.tried = true,
			.routes = t->routes[i],
			.since_us = now_us };

		new.vrp = *vrp_trial_vrp(t, i, &new.gone);
		if (t->routes[i] >= limit)
			held += hold(a, &new, a->n) != NULL;
	}
	if (held > 0)
		qsort(a->v, a->n, sizeof(*a->v), cmp_held);
	note_ours(a, t);
	return held;
}

bool
vrp_aside_is_out(const struct vrp_aside *a, const struct vrp *v)
{
	size_t at;
	const struct vrp_held *h = a->n > 0 ? find(a, v, &at) : NULL;

	return h != NULL && !h->gone && !h->over;
}

bool
vrp_aside_is_going(const struct vrp_aside *a, const struct vrp *v)
{
	size_t at;
	const struct vrp_held *h = a->n > 0 ? find(a, v, &at) : NULL;

	return h != NULL && h->gone && !h->tried && !h->over;
}

void
vrp_aside_give_up(struct vrp_aside *a)
{
	for (size_t i = 0; i < a->n; i++)
		a->v[i].tried = true;
}

/* --- to be told */

int64_t
vrp_aside_due(const struct vrp_aside *a, int64_t hold_us)
{
	int64_t due = 0;

	for (size_t i = 0; i < a->n; i++)
		if (!a->v[i].over && (due == 0 || a->v[i].since_us + hold_us < due))
			due = a->v[i].since_us + hold_us;
	return due;
}

bool
vrp_aside_untried(const struct vrp_aside *a)
{
	for (size_t i = 0; i < a->n; i++)
		if (!a->v[i].over && !a->v[i].tried)
			return true;
	return false;
}

size_t
vrp_aside_count(const struct vrp_aside *a, enum vrp_aside_kind kind)
{
	size_t n = 0;

	for (size_t i = 0; i < a->n; i++)
		n += !a->v[i].over && a->v[i].kind == kind;
	return n;
}

size_t
vrp_aside_worst(
    const struct vrp_aside *a, enum vrp_aside_kind kind, const struct vrp_held **out, size_t max)
{
	size_t n = 0;

	for (size_t i = 0; i < a->n; i++) {
		const struct vrp_held *h = &a->v[i];
		size_t at = n;

		if (h->over || h->kind != kind)
			continue;
		while (at > 0 && out[at - 1]->routes < h->routes)
			at--;
		if (at == max)
			continue;
		n += n < max;
		memmove(&out[at + 1], &out[at], (n - 1 - at) * sizeof(out[0]));
		out[at] = h;
	}
	return n;
}

uint64_t
vrp_aside_routes(const struct vrp_aside *a, enum vrp_aside_kind kind)
{
	uint64_t sum = 0;

	for (size_t i = 0; i < a->n; i++)
		if (!a->v[i].over && a->v[i].kind == kind)
			sum += a->v[i].routes;
	return sum;
}

static bool
is_through(const struct vrp_aside *a, unsigned i, enum vrp_aside_kind kind)
{
	size_t at;
	const struct vrp_held *h = find(a, &a->ours[i].vrp, &at);

	return h != NULL && !h->over && h->kind == kind;
}

size_t
vrp_aside_ours(
    const struct vrp_aside *a, enum vrp_aside_kind kind, struct ip_prefix *out, size_t max)
{
	size_t n = 0;

	for (unsigned i = 0; i < a->ours_n; i++) {
		unsigned k = 0;

		/* the same prefix through another VRP is no other prefix */
		while (k < i && (ip_prefix_cmp(&a->ours[k].prefix, &a->ours[i].prefix) != 0 ||
				    !is_through(a, k, kind)))
			k++;
		if (k < i || !is_through(a, i, kind))
			continue;
		if (n < max)
			out[n] = a->ours[i].prefix;
		n++;
	}
	return n;
}

void
vrp_aside_free(struct vrp_aside *a)
{
	free(a->v);
	*a = (struct vrp_aside){ 0 };
}
