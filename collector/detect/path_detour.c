/*
 * Ways through strangers. A network that has a route over somebody next to it, and takes one that
 * is much longer and comes back to the same one, does so by its policy (who pays it is told first),
 * or because it has lost the direct way. Who has lost one to a network that everybody is near to
 * finds another within two; three strangers or more in between are a customer's of a customer's,
 * and somebody among them passes on what he should not.
 */
#include "collector/detect/detect_private.h"
#include "parsers/bgp/update.h"

/*
 * Who of the strangers at from ... from + n - 1 leaks. What the path shows by itself says it; else
 * the one who has it of a large network, and else the second: the first one is who believed him.
 */
static uint32_t
leaker(const struct steps *s, unsigned from, unsigned n)
{
	unsigned end = from + n;

	if (s->unlocked > from && s->unlocked <= end)
		return s->v[s->unlocked - 1].far;
	if (s->beyond > from && s->beyond <= end && s->stranger >= from)
		return s->v[s->stranger].far;
	if (s->transits >= from && s->transits < end)
		return s->v[s->transits].far;
	for (unsigned i = from + 1; i < end; i++)
		if (network_is_of_free(s->v[i].network))
			return s->v[i - 1].far;
	return s->v[n > 1 ? from + 1 : from].far;
}

static void
describe(const struct steps *s, unsigned from, unsigned n, struct path_detour *d)
{
	d->left = s->v[from - 1].far;
	d->right = s->v[from + n].near;
	d->leaker = leaker(s, from, n);
	d->last = s->v[from + n - 1].far;
	d->right_is_near = network_is_near(s->v[from + n].network);
	for (d->strangers_n = 0; d->strangers_n < n && d->strangers_n < DETOUR_STRANGERS_MAX;
	     d->strangers_n++)
		d->strangers[d->strangers_n] = s->v[from + d->strangers_n].far;
}

/* AS numbers of a path, with prepends and without, and its end. */
struct extent {
	unsigned n, steps;
	uint32_t last;
};

static struct extent
extent_of(struct cursor path)
{
	struct extent e = { 0, 0, 0 };
	struct as_segment seg;

	while (as_path_next(&path, 4, &seg)) {
		if (path_is_confederation(&seg))
			continue;
		for (unsigned i = 0; i < seg.count; i++) {
			uint32_t asn = as_segment_at(&seg, 4, i);

			e.n++;
			e.steps += asn != e.last;
			e.last = asn;
		}
	}
	return e;
}

/* Most changes are turned away by that. */
static bool
may_be_detour(struct cursor before, struct cursor after)
{
	struct extent was = extent_of(before), is = extent_of(after);

	return is.n > was.n && is.steps >= was.steps + DETOUR_STRANGERS && is.last == was.last;
}

bool
detect_path_detour(
    const struct detect *d, struct cursor before, struct cursor after, struct path_detour *out)
{
	struct steps was, is;
	unsigned from = 0, n;

	if (!may_be_detour(before, after))
		return false;
	path_split(d, after, 0, &is);
	if (is.n < 2 + DETOUR_STRANGERS)
		return false;
	path_split(d, before, 0, &was);
	if (was.n < 2 || is.n < was.n + DETOUR_STRANGERS)
		return false;
	n = is.n - was.n;
	while (from < was.n && was.v[from].near == is.v[from].near)
		from++;
	if (from == 0 || from == was.n)
		return false;
	for (unsigned i = from; i < was.n; i++)
		if (was.v[i].near != is.v[i + n].near)
			return false;
	path_steps(d, after, 0, &is); /* what they show, too */
	describe(&is, from, n, out);
	return true;
}

/* --- along a path */

bool
detect_path_goes(struct cursor path, uint32_t left, uint32_t over, uint32_t right)
{
	const uint32_t way[] = { left, over, right };
	struct as_segment seg;
	unsigned at = 0;

	while (at < 3 && as_path_next(&path, 4, &seg) && seg.type != AS_SET) {
		if (path_is_confederation(&seg))
			continue;
		for (unsigned i = 0; i < seg.count && at < 3; i++)
			at += as_segment_at(&seg, 4, i) == way[at];
	}
	return at == 3;
}

bool
detect_path_joins(struct cursor path, uint32_t left, uint32_t right)
{
	struct as_segment seg;
	uint32_t last = 0;

	while (as_path_next(&path, 4, &seg) && seg.type != AS_SET) {
		if (path_is_confederation(&seg))
			continue;
		for (unsigned i = 0; i < seg.count; i++) {
			uint32_t asn = as_segment_at(&seg, 4, i);

			if (last == left && asn == right)
				return true;
			last = asn;
		}
	}
	return false;
}

/* Ours in front of what we send on. */
static uint32_t
ours_in_front(const struct detect *d, struct cursor path)
{
	struct as_segment seg;

	while (as_path_next(&path, 4, &seg)) {
		if (path_is_confederation(&seg) || seg.count == 0)
			continue;
		return detect_is_ours(d, as_segment_at(&seg, 4, 0)) ? as_segment_at(&seg, 4, 0) : 0;
	}
	return 0;
}

bool
detect_path_back(const struct detect *d, struct cursor path, struct path_detour *out)
{
	struct steps s;
	unsigned at = 1;

	path_steps(d, path, ours_in_front(d, path), &s);
	while (at < s.n && !detect_is_ours(d, s.v[at].near))
		at++;
	if (s.n < 3 || at == s.n || at < 2 || detect_is_ours(d, s.v[0].near))
		return false;
	describe(&s, 1, at - 1, out);
	return true;
}
