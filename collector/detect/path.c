/* What an AS path says by itself; the leaks that it shows are path_leak.c's. */
#include "collector/detect/bogons.h"
#include "collector/detect/detect_private.h"
#include "parsers/bgp/update.h"

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
	for (unsigned i = 0; i < seg->count && !path_is_confederation(seg); i++)
		if (!detect_is_ordinary_as(d, as_segment_at(seg, 4, i)))
			return true;
	return false;
}

uint16_t
path_bits_of_any(const struct detect *d, struct cursor path)
{
	uint16_t bits = cur_left(&path) == 0 ? PATH_EMPTY : 0;
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
		if (path_is_confederation(&seg))
			bits |= PATH_MEMBERS;
		confederation = confederation && path_is_confederation(&seg);
		if (seg.count > 0)
			last = as_segment_at(&seg, 4, seg.count - 1u);
	}
	if (hops.all > 0 && d->own_asns_n > 0 && detect_is_ours(d, last))
		bits |= PATH_ENDS_WITH_US;
	if (confederation)
		bits |= PATH_CONFED;
	if (hops.steps > STEPS_MAX || hops.all - hops.run > HOPS_MAX)
		bits |= PATH_LONG;
	return bits | path_leak_bits(d, path);
}

/* Of n AS numbers in one sequence, all in one walk. */
static uint16_t
sequence_bits(const struct detect *d, const uint8_t *asns, unsigned n, struct cursor path)
{
	struct plain_walk w = { .odd = false };
	uint32_t last = be32(asns);
	unsigned steps = 0, run = 0;
	uint16_t bits = 0;

	for (unsigned i = 0; i < n; i++) {
		uint32_t asn = be32(asns + (size_t)4 * i);

		if (i > 0 && asn == last) {
			run++;
			continue;
		}
		last = asn;
		run = 1;
		steps++;
		if ((d->delegated != NULL || !bogon_as_is_handed_out(asn)) &&
		    !detect_is_ordinary_as(d, asn))
			bits |= PATH_BOGON_ASN;
		plain_walk_as(d, &w, asn);
	}
	if (d->own_asns_n > 0 && detect_is_ours(d, last))
		bits |= PATH_ENDS_WITH_US;
	if (steps > STEPS_MAX || n - run > HOPS_MAX)
		bits |= PATH_LONG;
	return bits | (w.odd ? path_leak_bits(d, path) : w.bits);
}

uint16_t
detect_path(const struct detect *d, struct cursor path)
{
	size_t n = cur_left(&path);

	/* nearly every one */
	if (n >= 6 && path.pos[0] == AS_SEQUENCE && n == 2 + (size_t)4 * path.pos[1])
		return sequence_bits(d, path.pos + 2, path.pos[1], path);
	return path_bits_of_any(d, path);
}

uint32_t
detect_path_sender(const struct detect *d, struct cursor path, uint32_t local_as)
{
	struct as_segment seg;

	while (as_path_next(&path, 4, &seg)) {
		if (path_is_confederation(&seg))
			continue;
		for (unsigned i = 0; i < seg.count; i++) {
			uint32_t asn = as_segment_at(&seg, 4, i);

			if (asn != local_as && !detect_is_ours(d, asn))
				return asn;
		}
	}
	return 0;
}

void
detect_path_beside(struct cursor path, uint32_t asn, uint32_t *left, uint32_t *right)
{
	struct as_segment seg;
	uint32_t before = 0;
	bool found = false;

	*left = *right = 0;
	while (as_path_next(&path, 4, &seg)) {
		if (path_is_confederation(&seg))
			continue;
		for (unsigned i = 0; i < seg.count; i++) {
			uint32_t here = as_segment_at(&seg, 4, i);

			if (found && here != asn) {
				*right = here;
				return;
			}
			if (!found && here == asn) {
				found = true;
				*left = before;
			}
			before = here;
		}
	}
}

uint32_t
detect_path_left_of(struct cursor path, uint32_t asn)
{
	uint32_t left, right;

	detect_path_beside(path, asn, &left, &right);
	return left;
}
