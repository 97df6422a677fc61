/*
 * Leaks that an AS path shows, by networks of which it is known to whom they give transit: those
 * that are provider-free buy from nobody, so in a valley-free path nobody is between two of them;
 * those of no_transit give to nobody but their own organisation.
 */
#include "collector/detect/detect_private.h"
#include "parsers/bgp/update.h"

static bool
is_free(const struct network *n)
{
	return n != NULL && n->provider_free;
}

/* Its organisation and nobody else may be behind it. A private AS number is nobody else. */
static bool
gives_to(const struct step *s, const struct step *behind)
{
	return s->far_network != NULL && s->far_network->no_transit &&
	       !detect_is_private_as(behind->near);
}

/* May it sell transit to one of no_transit? */
static bool
may_sell(const struct step *s)
{
	const struct network *n = s->far_network;

	return n != NULL && (n->carrier || n->group_free || n->no_transit);
}

/* Does the network list whom it may be behind, and not this one or a sibling of his? */
static bool
is_locked(const struct detect *d, const struct network *n, uint32_t left)
{
	const struct network *l;

	if (n == NULL || n->lock == NULL)
		return false;
	l = detect_network(d, left);
	for (size_t i = 0; i < n->lock->via_n; i++) {
		const struct network *via = detect_network(d, n->lock->via[i]);

		if (n->lock->via[i] == left ||
		    (l != NULL && via != NULL && l->group != 0 && l->group == via->group))
			return false;
	}
	return true;
}

/* --- steps */

/* One of 64: two AS numbers that have the same are probably one. */
static unsigned
seen_as(uint32_t asn)
{
	return asn * 0x9e3779b9U >> 26;
}

static void
add(const struct detect *d, struct steps *s, uint32_t asn)
{
	struct step *last = s->n > 0 ? &s->v[s->n - 1] : NULL;
	const struct network *n;

	if (last != NULL && last->far == asn)
		return;
	s->again |= s->seen >> seen_as(asn) & 1;
	s->seen |= UINT64_C(1) << seen_as(asn);
	n = detect_network(d, asn);
	if (last != NULL && n != NULL && n->group != 0 && last->far_network != NULL &&
	    last->far_network->group == n->group) {
		last->far = asn;
		last->far_network = n;
	} else if (s->n < PATH_STEPS_MAX) {
		s->v[s->n++] = (struct step){ asn, asn, n, n };
	}
}

static bool
is_in(const struct step *s, uint32_t asn)
{
	return s->near == asn || s->far == asn;
}

/*
 * No AS is twice in a path but where it wrote the path itself, to keep the route away from somebody
 * (poisoning): what is behind its first place is no way that the route took.
 */
static void
cut_at_loop(struct steps *s)
{
	for (unsigned i = 0; i + 1 < s->n; i++)
		for (unsigned k = i + 1; k < s->n; k++)
			if (is_in(&s->v[k], s->v[i].near) || is_in(&s->v[k], s->v[i].far)) {
				s->n = i + 1;
				return;
			}
}

void
path_split(const struct detect *d, struct cursor path, uint32_t skip, struct steps *s)
{
	struct as_segment seg;

	s->n = 0;
	s->seen = 0;
	s->again = false;
	while (as_path_next(&path, 4, &seg) && seg.type != AS_SET) {
		if (path_is_confederation(&seg))
			continue;
		for (unsigned i = 0; i < seg.count; i++) {
			uint32_t asn = as_segment_at(&seg, 4, i);

			if (s->n > 0 || asn != skip || skip == 0)
				add(d, s, asn);
		}
	}
	if (s->again)
		cut_at_loop(s);
}

/* --- what they show */

/* stranger: the last one behind a provider-free network, 0 when there is none yet. */
static void
look_at(const struct detect *d, struct steps *s, unsigned i, unsigned stranger)
{
	const struct step *at = &s->v[i], *left = at - 1;
	bool ours;

	if (at->network == NULL && at->far_network == NULL)
		return;
	ours = detect_is_ours(d, left->far);
	if (is_free(at->network)) {
		if (s->inside == 0)
			s->inside = i;
		if (stranger != 0 && s->beyond == 0) {
			s->beyond = i;
			s->stranger = stranger;
		}
	}
	if (s->unlocked == 0 && !ours && is_locked(d, at->network, left->far))
		s->unlocked = i;
	if (s->transits == 0 && i + 1 < s->n && !ours && gives_to(at, at + 1))
		s->transits = i;
	if (at->network == NULL || !at->network->no_transit || at->network->lock != NULL || ours ||
	    may_sell(left))
		return;
	if (s->bought_inside == 0)
		s->bought_inside = i;
	if (s->bought == 0 && stranger != 0)
		s->bought = i;
}

void
path_steps(const struct detect *d, struct cursor path, uint32_t skip, struct steps *s)
{
	bool free_before = false; /* or a sibling of such a network */
	unsigned stranger = 0;

	s->free_at = -1;
	s->inside = s->stranger = s->beyond = s->unlocked = 0;
	s->transits = s->bought = s->bought_inside = 0;
	path_split(d, path, skip, s);
	for (unsigned i = 0; i < s->n; i++) {
		const struct network *n = s->v[i].network;

		if (i > 0)
			look_at(d, s, i, stranger);
		if (is_free(n) && s->free_at < 0)
			s->free_at = (int)i;
		if (network_is_of_free(n))
			free_before = true;
		else if (free_before)
			stranger = i;
	}
}

void
plain_walk_as(const struct detect *d, struct plain_walk *w, uint32_t asn)
{
	const struct network *n;
	uint64_t bit = UINT64_C(1) << seen_as(asn);

	if (asn == w->last || w->odd)
		return;
	w->odd = w->seen & bit;
	w->seen |= bit;
	w->last = asn;
	w->at++;
	if (!detect_may_be_network(d, asn)) { /* nearly all */
		w->group = 0;
		w->gap = w->met;
		return;
	}
	n = detect_network(d, asn);
	w->odd |= n != NULL && (n->no_transit || n->lock != NULL ||
				   (n->group_free && (w->gap || w->at > DETOUR_STRANGERS + 1)) ||
				   (n->group != 0 && n->group == w->group));
	if (n != NULL && n->provider_free)
		w->bits |= PATH_PROVIDER_FREE | (w->at > 1 ? PATH_PROVIDER_FREE_INSIDE : 0);
	w->group = n != NULL ? n->group : 0;
	w->met |= network_is_of_free(n);
	w->gap = w->met && !network_is_of_free(n);
}

/* false: it has to be taken apart. */
static bool
is_plain(const struct detect *d, struct cursor path, uint16_t *bits)
{
	struct plain_walk w = { .odd = false };
	struct as_segment seg;

	while (as_path_next(&path, 4, &seg) && seg.type != AS_SET)
		for (unsigned i = 0; i < seg.count && !path_is_confederation(&seg); i++)
			plain_walk_as(d, &w, as_segment_at(&seg, 4, i));
	*bits = w.bits;
	return !w.odd;
}

uint16_t
path_leak_bits(const struct detect *d, struct cursor path)
{
	struct steps s;
	uint16_t bits;

	if (is_plain(d, path, &bits))
		return bits;
	bits = 0;
	path_steps(d, path, 0, &s);
	if (s.free_at >= 0)
		bits |= PATH_PROVIDER_FREE;
	if (s.inside != 0)
		bits |= PATH_PROVIDER_FREE_INSIDE;
	if (s.beyond != 0 || s.unlocked != 0)
		bits |= PATH_BEYOND_STRANGER;
	if (s.transits != 0 || s.bought != 0)
		bits |= PATH_NO_TRANSIT;
	if (s.n > 1 && gives_to(&s.v[0], &s.v[1]))
		bits |= PATH_NO_TRANSIT_FIRST;
	if (s.bought_inside != 0)
		bits |= PATH_NO_TRANSIT_INSIDE;
	for (unsigned i = DETOUR_STRANGERS + 1; i < s.n; i++)
		if (network_is_near(s.v[i].network))
			bits |= PATH_FAR;
	return bits;
}

uint32_t
detect_path_provider_free(const struct detect *d, struct cursor path, bool beyond_stranger)
{
	struct steps s;

	path_steps(d, path, 0, &s);
	if (beyond_stranger)
		return s.beyond != 0 ? s.v[s.beyond].near : 0;
	return s.inside != 0 ? s.v[s.inside].near : s.free_at >= 0 ? s.v[s.free_at].near : 0;
}

bool
detect_behind_member(const struct detect *d, struct cursor path, uint32_t rs_as)
{
	struct steps s;

	path_steps(d, path, rs_as, &s);
	return s.inside != 0;
}

/* Who leaks is left of the network that shows it; of two leaks in one path the one by which it was
 * called a leak. */
struct path_leak
detect_path_leak(const struct detect *d, struct cursor path, enum rule rule)
{
	struct path_leak l = { 0 };
	struct steps s;
	unsigned at;

	path_steps(d, path, 0, &s);
	if (rule == RULE_LEAK_PEERLOCK) {
		at = s.unlocked != 0 ? s.unlocked : s.beyond != 0 ? s.beyond : s.inside;
		if (at == 0 && s.free_at < 0)
			return l;
		l.shown_by = s.v[at].near;
		if (at > 0)
			l.leaker =
			    s.v[at == s.beyond && at != s.unlocked ? s.stranger : at - 1].far;
	} else if (rule != RULE_LEAK_NO_TRANSIT || s.n < 2) {
		return l;
	} else if (s.transits != 0 || s.bought_inside == 0) {
		/* or it is the neighbour itself */
		l.leaker = s.v[s.transits].far;
		l.shown_by = l.leaker;
	} else if (s.bought_inside != 0) {
		at = s.bought != 0 ? s.bought : s.bought_inside;
		l.shown_by = s.v[at].near;
		l.leaker = s.v[at - 1].far;
	}
	return l;
}

bool
detect_path_upstream(const struct detect *d, struct cursor path, uint32_t local_as,
    bool (*is_upstream)(void *ctx, uint32_t asn, bool *provider), void *ctx, struct upstream *u)
{
	struct steps s;
	unsigned sender = 0;
	bool found = false, provider;

	path_split(d, path, 0, &s);
	while (
	    sender < s.n && (s.v[sender].near == local_as || detect_is_ours(d, s.v[sender].near)))
		sender++;
	for (unsigned i = sender + 1; i < s.n; i++) {
		if (!is_upstream(ctx, s.v[i].near, &provider))
			continue;
		if (!found)
			*u = (struct upstream){ .asn = s.v[i].near, .left = s.v[i - 1].far };
		u->provider |= provider;
		found = true;
	}
	return found;
}
