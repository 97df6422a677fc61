/* What an AS path says by itself: where it has networks that buy transit from nobody. */
#include "collector/detect/detect_private.h"
#include "parsers/bgp/update.h"

const struct network *
detect_network(const struct detect *d, uint32_t asn)
{
	size_t lo = 0, hi = d->networks_n;

	if (!(d->perhaps[asn / 64 % 4] >> (asn % 64) & 1))
		return NULL;
	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;

		if (d->networks[mid].asn < asn)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo < d->networks_n && d->networks[lo].asn == asn ? &d->networks[lo] : NULL;
}

/*
 * A walk along a path, from our neighbour to the origin. AS numbers of one organisation that follow
 * each other are one step, named by the one nearest to us.
 */
struct walk {
	const struct detect *d;
	uint32_t before, group; /* the AS before, and its organisation; before 0: none yet */
	bool started, stranger;
	uint32_t first;	 /* provider-free */
	uint32_t inside; /* provider-free, and not the first step of the path */
	uint32_t beyond; /* provider-free, with a stranger between itself and an earlier one */
};

static void
step(struct walk *w, uint32_t asn)
{
	const struct network *n = detect_network(w->d, asn);
	uint32_t group = n != NULL ? n->group : 0;
	bool same = w->started && (asn == w->before || (group != 0 && group == w->group)),
	     head = !w->started;

	w->before = asn;
	w->group = group;
	w->started = true;
	if (same)
		return;
	if (n == NULL || !n->provider_free) {
		w->stranger = w->first != 0;
		return;
	}
	if (w->first == 0)
		w->first = asn;
	else if (w->stranger && w->beyond == 0)
		w->beyond = asn;
	if (!head && w->inside == 0)
		w->inside = asn;
}

static bool
is_confederation(const struct as_segment *seg)
{
	return seg->type == AS_CONFED_SEQUENCE || seg->type == AS_CONFED_SET;
}

/* The last AS of the path; 0 when it is empty. */
static uint32_t
last_of(struct cursor path)
{
	struct as_segment seg;
	uint32_t last = 0;

	while (as_path_next(&path, 4, &seg))
		if (seg.count > 0)
			last = as_segment_at(&seg, 4, seg.count - 1u);
	return last;
}

/* skip: a route server that may show itself in front, or 0. until_ours: up to our own AS. */
static struct walk
walk_along(const struct detect *d, struct cursor path, uint32_t skip, bool until_ours)
{
	struct walk w = { .d = d };
	struct as_segment seg;

	while (as_path_next(&path, 4, &seg)) {
		if (is_confederation(&seg))
			continue;
		for (unsigned i = 0; i < seg.count; i++) {
			uint32_t asn = as_segment_at(&seg, 4, i);

			if (until_ours && detect_is_ours(d, asn))
				return w;
			if (w.started || asn != skip || skip == 0)
				step(&w, asn);
		}
	}
	return w;
}

/*
 * In a valley-free path the neighbours of a provider-free AS are its customers or other such
 * networks, never one below two. But what is behind our own AS in a path of ours has been written
 * there by ourselves, to keep the route away from somebody.
 */
static struct walk
walk_of(const struct detect *d, struct cursor path, uint32_t skip)
{
	struct walk w = walk_along(d, path, skip, false);

	return w.beyond != 0 && detect_is_ours(d, last_of(path)) ? walk_along(d, path, skip, true)
								 : w;
}

enum { STEPS_MAX = 50, HOPS_MAX = 100 };

/* How long a path is. A set counts as one (RFC 4271 9.1.2.2), members of a confederation as none
 * (RFC 5065 5.3). */
struct hops {
	unsigned all, steps; /* with and without prepends */
	unsigned run;	     /* of the last AS, how often it follows itself */
	uint32_t last;
};

static void
count(struct hops *h, const struct as_segment *seg)
{
	unsigned n = seg->type == AS_SEQUENCE ? seg->count : seg->type == AS_SET ? 1 : 0;

	for (unsigned i = 0; i < n; i++) {
		uint32_t asn = as_segment_at(seg, 4, i);
		bool again = h->all > 0 && asn == h->last;

		h->all++;
		h->steps += !again;
		h->run = again ? h->run + 1 : 1;
		h->last = asn;
	}
}

static bool
has_bogus(const struct detect *d, const struct as_segment *seg)
{
	for (unsigned i = 0; i < seg->count && !is_confederation(seg); i++)
		if (!detect_is_ordinary_as(d, as_segment_at(seg, 4, i)))
			return true;
	return false;
}

uint16_t
detect_path(const struct detect *d, struct cursor path)
{
	uint16_t bits = cur_left(&path) == 0 ? PATH_EMPTY : 0;
	struct walk w = walk_of(d, path, 0);
	struct cursor rest = path;
	struct as_segment seg;
	struct hops hops = { 0 };
	bool confederation = !bits;
	uint32_t last = 0;

	while (as_path_next(&rest, 4, &seg)) {
		count(&hops, &seg);
		if (has_bogus(d, &seg))
			bits |= PATH_BOGON_ASN;
		if (seg.type == AS_SET || seg.type == AS_CONFED_SET)
			bits |= PATH_SET;
		if (is_confederation(&seg))
			bits |= PATH_MEMBERS;
		confederation = confederation && is_confederation(&seg);
		if (seg.count > 0)
			last = as_segment_at(&seg, 4, seg.count - 1u);
	}
	if (w.started && d->own_asns_n > 0 && detect_is_ours(d, last))
		bits |= PATH_ENDS_WITH_US;
	if (confederation)
		bits |= PATH_CONFED;
	if (hops.steps > STEPS_MAX || hops.all - hops.run > HOPS_MAX)
		bits |= PATH_LONG;
	if (w.first != 0)
		bits |= PATH_PROVIDER_FREE;
	if (w.inside != 0)
		bits |= PATH_PROVIDER_FREE_INSIDE;
	if (w.beyond != 0)
		bits |= PATH_BEYOND_STRANGER;
	return bits;
}

uint32_t
detect_path_provider_free(const struct detect *d, struct cursor path, bool beyond_stranger)
{
	struct walk w = walk_of(d, path, 0);

	return beyond_stranger ? w.beyond : w.inside != 0 ? w.inside : w.first;
}

bool
detect_behind_member(const struct detect *d, struct cursor path, uint32_t rs_as)
{
	return walk_of(d, path, rs_as).inside != 0;
}

uint32_t
detect_path_sender(const struct detect *d, struct cursor path, uint32_t local_as)
{
	struct as_segment seg;

	while (as_path_next(&path, 4, &seg)) {
		if (is_confederation(&seg))
			continue;
		for (unsigned i = 0; i < seg.count; i++) {
			uint32_t asn = as_segment_at(&seg, 4, i);

			if (asn != local_as && !detect_is_ours(d, asn))
				return asn;
		}
	}
	return 0;
}

uint32_t
detect_path_left_of(struct cursor path, uint32_t asn)
{
	struct as_segment seg;
	uint32_t left = 0;

	while (as_path_next(&path, 4, &seg)) {
		for (unsigned i = 0; i < seg.count; i++) {
			uint32_t here = as_segment_at(&seg, 4, i);

			if (here == asn)
				return left;
			left = here;
		}
	}
	return 0;
}
