#include "collector/rpki/vrp_edit.h"

#include <stdlib.h>

bool
vrp_edits_touch(const struct vrp_edits *e, const struct ip_prefix *p)
{
	for (unsigned i = 0; i < e->n; i++)
		if (ip_prefix_covers(&e->v[i].vrp.prefix, p))
			return true;
	return false;
}

static bool
is_gone(const struct vrp_edits *e, const struct vrp *v)
{
	for (unsigned i = 0; i < e->n; i++)
		if (e->v[i].gone && vrp_cmp(&e->v[i].vrp, v) == 0)
			return true;
	return false;
}

/* RFC 6811 2 */
struct verdict {
	const struct ip_prefix *prefix;
	bool has_origin;
	uint32_t origin;
	bool covered, named, valid;
};

static void
match(struct verdict *d, const struct vrp *v)
{
	d->covered = true;
	if (!d->has_origin || d->origin == 0 || v->asn != d->origin)
		return;
	d->named = true;
	d->valid |= d->prefix->len <= v->max_len;
}

struct rov_result
vrp_validate_edited(const struct vrp_set *set, const struct vrp_edits *e, const struct ip_prefix *p,
    bool has_origin, uint32_t origin)
{
	enum { USUAL = 64 };
	struct verdict d = { .prefix = p, .has_origin = has_origin, .origin = origin };
	struct vrp usual[USUAL], *all = usual;
	size_t n = vrp_covering(set, p, usual, USUAL);

	if (n > USUAL) {
		all = calloc(n, sizeof(*all));
		if (all == NULL)
			return vrp_validate(set, p, has_origin, origin);
		n = vrp_covering(set, p, all, n);
	}
	for (size_t i = 0; i < n; i++)
		if (!is_gone(e, &all[i]))
			match(&d, &all[i]);
	for (unsigned i = 0; i < e->n; i++)
		if (!e->v[i].gone && ip_prefix_covers(&e->v[i].vrp.prefix, p))
			match(&d, &e->v[i].vrp);
	if (all != usual)
		free(all);
	if (!d.covered)
		return (struct rov_result){ ROV_NOT_FOUND, ROV_REASON_NONE };
	if (d.valid)
		return (struct rov_result){ ROV_VALID, ROV_REASON_NONE };
	return (struct rov_result){ ROV_INVALID, d.named ? ROV_REASON_LENGTH : ROV_REASON_ASN };
}
