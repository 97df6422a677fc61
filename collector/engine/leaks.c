/*
 * A leak is seen where it comes in: the neighbour's role decides. Loc-RIB and Adj-RIB-Out cannot
 * tell by themselves, so the leaked routes of a router are remembered by net and path, and the same
 * route is known again in the other views.
 */
#include "collector/engine/engine_private.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/probe.h"

enum { LEAKS_FIRST = 64 };

/* Rules that are true of a route where it comes in. */
static const uint8_t shown_coming_in[] = { RULE_LEAK_OTC, RULE_LEAK_PEERLOCK, RULE_LEAK_NO_TRANSIT,
	RULE_LEAK_UPSTREAM, RULE_LEAK_BURST, RULE_ASPA };
static_assert(sizeof(shown_coming_in) == LEAK_RULES, "a place for each of them");

static inline uint32_t
leak_hash(const struct router *r, uint32_t net, uint32_t path)
{
	uint64_t h = ((uint64_t)net << 32 | path) * 0x9e3779b97f4a7c15ULL + r->number * 0x85ebca6bU;

	return (uint32_t)(h >> 33);
}

PROBE_DEFINE(leak, struct leak, e->router == NULL, leak_hash(e->router, e->net, e->path));

static struct leak *
find(const struct engine *e, const struct router *r, uint32_t net, uint32_t path)
{
	uint32_t mask = e->leaks_max - 1;

	if (e->leaks_max == 0)
		return NULL;
	for (uint32_t i = leak_hash(r, net, path) & mask; !leak_is_free(&e->leaks[i]);
	     i = (i + 1) & mask) {
		struct leak *l = &e->leaks[i];

		if (l->router == r && l->net == net && l->path == path)
			return l;
	}
	return NULL;
}

uint32_t
leak_leaker(
    struct engine *e, uint32_t path, uint16_t path_bits, bool has_otc, uint32_t otc, uint32_t rules)
{
	struct cursor value;
	uint32_t beyond;

	if (path == 0)
		return 0;
	value = path_value(&e->rib.attrs, path);
	if (rules & 1U << RULE_LEAK_OTC && has_otc)
		return detect_path_left_of(value, otc);
	beyond = detect_path_provider_free(e->detect, value, path_bits & PATH_BEYOND_STRANGER);
	return detect_path_left_of(value, beyond);
}

/* On its way out a route has our own AS in front, maybe several times: the path as it was when it
 * came in. */
static uint32_t
path_without_us(const struct engine *e, uint32_t path, uint32_t local_as)
{
	struct cursor value = path_value(&e->rib.attrs, path), rest = value;
	struct as_segment seg;
	uint8_t buf[2 + 4 * 255];
	unsigned skip = 0;

	if (!as_path_next(&rest, 4, &seg) || seg.type != AS_SEQUENCE)
		return 0;
	while (skip < seg.count && as_segment_at(&seg, 4, skip) == local_as)
		skip++;
	if (skip == 0 || cur_left(&rest) > 0)
		return skip == 0 ? path : 0;
	if (skip == seg.count)
		return 0;
	buf[0] = AS_SEQUENCE;
	buf[1] = (uint8_t)(seg.count - skip);
	memcpy(buf + 2, seg.asns + 4 * (size_t)skip, 4 * (size_t)(seg.count - skip));
	return path_find(&e->rib.attrs, cur_of(buf, 2 + 4 * (size_t)(seg.count - skip)));
}

const struct leak *
leak_of(const struct engine *e, const struct table *t, uint32_t net, uint32_t path)
{
	if (e->leaks_n == 0 || path == 0 || t->view == BMP_VIEW_IN_PRE ||
	    t->view == BMP_VIEW_IN_POST)
		return NULL;
	if (t->view != BMP_VIEW_LOC_RIB &&
	    (path = path_without_us(e, path, t->peer->local_as)) == 0)
		return NULL;
	return find(e, t->peer->router, net, path);
}

uint32_t
leak_rules(const struct leak *l)
{
	uint32_t rules = 0;

	for (int i = 0; i < LEAK_RULES; i++)
		rules |= (uint32_t)(l->n[i] > 0) << shown_coming_in[i];
	return rules;
}

struct leak *
leak_count(struct engine *e, const struct table *t, uint32_t net, uint32_t path, uint32_t begin,
    uint32_t cease, uint32_t leaker_as)
{
	const struct router *r = t->peer->router;
	struct leak *l;

	if (path == 0 || (begin | cease) == 0)
		return NULL;
	l = find(e, r, net, path);
	if (l == NULL) {
		if (begin == 0 || (e->leaks_n >= e->leaks_max / 2 &&
				      !leak_grow(&e->leaks, &e->leaks_max, LEAKS_FIRST)))
			return NULL;
		l = leak_place(e->leaks, e->leaks_max, leak_hash(r, net, path));
		*l = (struct leak){ .router = r, .net = net, .path = path, .leaker_as = leaker_as };
		e->leaks_n++;
	}
	for (int i = 0; i < LEAK_RULES; i++) {
		uint32_t bit = 1U << shown_coming_in[i];

		if (begin & bit)
			l->n[i]++;
		if ((cease & bit) && l->n[i] > 0)
			l->n[i]--;
	}
	return l;
}

void
leak_settle(struct engine *e, struct leak *l)
{
	if (leak_rules(l) == 0) {
		leak_take_out(e->leaks, e->leaks_max, l);
		e->leaks_n--;
	}
}
