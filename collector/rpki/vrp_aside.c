#include "collector/rpki/vrp_aside.h"

#include <stdlib.h>
#include <string.h>

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

/* It is not held yet. */
static struct vrp_held *
hold(struct vrp_aside *a, const struct vrp *v, uint8_t kind, int64_t now_us)
{
	size_t at;

	find(a, v, &at);
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
	a->v[at] = (struct vrp_held){ .vrp = *v, .kind = kind, .since_us = now_us };
	return &a->v[at];
}

/* What there is against letting it in: an enum vrp_aside_kind, or VRP_ASIDE_KINDS for nothing. */
static enum vrp_aside_kind
objection(const struct vrp *v, const struct vrp_set *in_force, bool as0_list)
{
	bool wide = v->prefix.len <= (v->prefix.family == IP_V4 ? WIDE4 : WIDE6);

	if ((!wide && v->asn != 0) || !has_routes(v) || vrp_set_has(in_force, v))
		return VRP_ASIDE_KINDS;
	if (is_default(v))
		return VRP_ASIDE_DEFAULT;
	return in_force != NULL && (wide || as0_list) && is_new_cover(v, in_force)
		   ? VRP_ASIDE_MASS
		   : VRP_ASIDE_KINDS;
}

/* Out with those that are not in the data, or have been held long enough. */
static void
forget_unseen(struct vrp_aside *a)
{
	size_t left = 0;

	for (size_t i = 0; i < a->n; i++)
		if (a->v[i].seen)
			a->v[left++] = a->v[i];
	a->n = left;
}

bool
vrp_aside_apply(struct vrp_aside *a, struct vrp_list *next, const struct vrp_set *in_force,
    bool growth, int64_t hold_us, int64_t now_us)
{
	bool as0_4 = in_force != NULL && is_list_of_as0(next, in_force, IP_V4),
	     as0_6 = in_force != NULL && is_list_of_as0(next, in_force, IP_V6), ok = true;
	size_t kept = 0, at;

	for (size_t i = 0; i < a->n; i++)
		a->v[i].seen = false;
	for (size_t i = 0; i < next->n; i++) {
		const struct vrp *v = &next->v[i];
		enum vrp_aside_kind why =
		    objection(v, in_force, v->prefix.family == IP_V4 ? as0_4 : as0_6);
		struct vrp_held *h = why != VRP_ASIDE_KINDS ? find(a, v, &at) : NULL;

		if (h == NULL && (why == VRP_ASIDE_DEFAULT || (why == VRP_ASIDE_MASS && growth)))
			ok &= (h = hold(a, v, (uint8_t)why, now_us)) != NULL;
		if (h != NULL && now_us - h->since_us < hold_us)
			h->seen = true;
		else
			next->v[kept++] = *v;
	}
	next->n = kept;
	forget_unseen(a);
	return ok;
}

int64_t
vrp_aside_due(const struct vrp_aside *a, int64_t hold_us)
{
	int64_t due = 0;

	for (size_t i = 0; i < a->n; i++)
		if (due == 0 || a->v[i].since_us + hold_us < due)
			due = a->v[i].since_us + hold_us;
	return due;
}

size_t
vrp_aside_count(const struct vrp_aside *a, enum vrp_aside_kind kind)
{
	size_t n = 0;

	for (size_t i = 0; i < a->n; i++)
		n += a->v[i].kind == kind;
	return n;
}

const struct vrp *
vrp_aside_first(const struct vrp_aside *a, enum vrp_aside_kind kind)
{
	for (size_t i = 0; i < a->n; i++)
		if (a->v[i].kind == kind)
			return &a->v[i].vrp;
	return NULL;
}

void
vrp_aside_free(struct vrp_aside *a)
{
	free(a->v);
	*a = (struct vrp_aside){ 0 };
}
