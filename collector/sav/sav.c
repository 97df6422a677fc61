/* What the routers have, taken walk by walk. */
#include "collector/sav/sav.h"

#include <stdlib.h>
#include <string.h>

#include "collector/sav/sav_private.h"

enum { FACT_MAX = sizeof(struct sav_fact), SESSIONS_FIRST = 16, WITNESSES_MAX = 1000 };

static const char *const methods[SAV_METHODS] = { "bar", "efp-a", "efp-b" };

const char *
sav_method_name(uint8_t method)
{
	return method < SAV_METHODS ? methods[method] : "?";
}

bool
sav_method_parse(const char *name, uint8_t *method)
{
	for (uint8_t m = 0; m < SAV_METHODS; m++)
		if (strcmp(name, methods[m]) == 0) {
			*method = m;
			return true;
		}
	return false;
}

size_t
sav_fact_size(uint32_t piece)
{
	switch (piece) {
	case SAV_EDGE:
		return offsetof(struct sav_fact, edge) + sizeof(((struct sav_fact *)0)->edge);
	case SAV_ROUTE:
		return offsetof(struct sav_fact, route) + sizeof(((struct sav_fact *)0)->route);
	case SAV_SESSION:
		return offsetof(struct sav_fact, session) + sizeof(struct sav_session);
	case SAV_FAILED:
		return offsetof(struct sav_fact, edge);
	case SAV_WITNESS:
		return offsetof(struct sav_fact, witness) + sizeof(struct sav_witness);
	default:
		return 0;
	}
}

struct sav *
sav_new(enum sav_method method, const struct sav_target *target)
{
	struct sav *s = calloc(1, sizeof(*s));

	if (s == NULL)
		return NULL;
	s->method = (uint8_t)method;
	s->walk = method == SAV_BAR ? SAV_WALK_EDGES : SAV_WALK_ORIGINS;
	s->target = *target;
	s->asn = target->asn;
	s->part = sbuf_of(FACT_MAX);
	return s;
}

void
sav_free(struct sav *s)
{
	if (s == NULL)
		return;
	sbuf_free(&s->part);
	free(s->sessions);
	free(s->edges);
	free(s->never.v);
	free(s->cone.v);
	free(s->routes);
	free(s->witnesses);
	free(s->members);
	free(s->entries);
	free(s->prefixes);
	free(s);
}

void
sav_never(struct sav *s, uint32_t asn)
{
	s->failed |= asn != 0 && sav_as_make(&s->never, asn) == NULL;
}

void
sav_no_invalid(struct sav *s)
{
	s->no_invalid = true;
}

bool
sav_is_without_invalid(const struct sav *s)
{
	return s->no_invalid;
}

void
sav_explain(struct sav *s, const struct ip_prefix *p)
{
	s->explain = *p;
	if (s->witnesses == NULL)
		s->witnesses = calloc(WITNESSES_MAX, sizeof(*s->witnesses));
	s->failed |= s->witnesses == NULL;
}

void
sav_asks(const struct sav *s, struct sav_ask *out)
{
	memset(out, 0, sizeof(*out));
	out->walk = s->walk;
	out->target = s->target;
	out->no_invalid = s->no_invalid;
	if (s->walk == SAV_WALK_ROUTES)
		out->explain = s->explain;
	for (uint32_t i = 0; s->walk == SAV_WALK_ROUTES && i < s->cone.max; i++) {
		uint32_t bit = sav_origin_bit(s->cone.v[i].asn);

		if (s->cone.v[i].asn != 0)
			out->origins[bit / 64] |= 1ULL << bit % 64;
	}
}

enum sav_walk
sav_wants(const struct sav *s)
{
	return (enum sav_walk)s->walk;
}

/* --- a fact */

static void
take_edge(struct sav *s, uint32_t above, uint32_t below)
{
	struct sav_edge e = { above, below };
	uint32_t hash = sav_hash((uint64_t)above << 32 | below), mask;

	if (s->walk != SAV_WALK_EDGES || above == 0 || below == 0 || above == below)
		return;
	if (s->edges_n >= s->edges_max / 2 && !edge_grow(&s->edges, &s->edges_max, SAV_FIRST)) {
		s->failed = true;
		return;
	}
	mask = s->edges_max - 1;
	for (uint32_t i = hash & mask; !edge_is_free(&s->edges[i]); i = (i + 1) & mask)
		if (s->edges[i].above == above && s->edges[i].below == below)
			return;
	*edge_place(s->edges, s->edges_max, hash) = e;
	s->edges_n++;
}

static void
keep_route(struct sav *s, const struct ip_prefix *p, uint32_t origin, uint8_t seen)
{
	uint32_t hash = sav_prefix_hash(p) + origin, mask;

	if (s->routes_n >= s->routes_max / 2 &&
	    !route_grow(&s->routes, &s->routes_max, SAV_FIRST)) {
		s->failed = true;
		return;
	}
	mask = s->routes_max - 1;
	for (uint32_t i = hash & mask; !route_is_free(&s->routes[i]); i = (i + 1) & mask)
		if (s->routes[i].origin == origin && ip_prefix_cmp(&s->routes[i].prefix, p) == 0) {
			s->routes[i].seen |= seen;
			return;
		}
	*route_place(s->routes, s->routes_max, hash) = (struct sav_route){ *p, origin, seen };
	s->routes_n++;
}

/* Of the first walk of EFP: whose routes come from customers. Of the last one: what counts. */
static void
take_route(struct sav *s, const struct ip_prefix *p, uint32_t origin, uint8_t seen)
{
	struct sav_as *a;

	if (p->family != IP_V4 && p->family != IP_V6)
		return;
	if (s->walk == SAV_WALK_ORIGINS && (seen & SAV_ON_CUSTOMER) && origin != 0) {
		a = sav_as_make(&s->cone, origin);
		s->failed |= a == NULL;
		if (a != NULL) {
			a->why = SAV_BY_ORIGIN;
			a->in = s->method == SAV_EFP_B;
		}
	}
	if (s->walk == SAV_WALK_ROUTES &&
	    ((seen != 0 && s->method != SAV_BAR) ||
		(origin != 0 && sav_as_find(&s->cone, origin) != NULL)))
		keep_route(s, p, origin, seen);
}

static void
take_session(struct sav *s, const struct sav_session *session)
{
	if (s->walk == SAV_WALK_ROUTES)
		return;
	if (s->sessions_n == s->sessions_max) {
		size_t more = s->sessions_max == 0 ? SESSIONS_FIRST : s->sessions_max * 2;
		struct sav_session *v = realloc(s->sessions, more * sizeof(*v));

		if (v == NULL) {
			s->failed = true;
			return;
		}
		s->sessions = v;
		s->sessions_max = more;
	}
	s->sessions[s->sessions_n++] = *session;
	if (!session->target)
		return;
	if (s->target.neighbor.family != IP_NONE && s->target.asn == 0)
		s->asn = session->asn;
	s->sessions[s->sessions_n - 1] = s->sessions[s->targets_n];
	s->sessions[s->targets_n++] = *session;
}

static void
take(struct sav *s, const struct sav_fact *f)
{
	if (f->piece == SAV_EDGE)
		take_edge(s, f->edge.above, f->edge.below);
	else if (f->piece == SAV_ROUTE)
		take_route(s, &f->route.prefix, f->route.origin, f->route.seen);
	else if (f->piece == SAV_SESSION)
		take_session(s, &f->session);
	else if (f->piece == SAV_FAILED)
		s->failed = true;
	else if (s->witnesses != NULL && s->witnesses_n < WITNESSES_MAX)
		s->witnesses[s->witnesses_n++] = f->witness;
}

/* The octets of the fact that is being read that are still missing. */
static size_t
missing(const struct sbuf *part)
{
	uint32_t piece;
	size_t size;

	if (part->len < sizeof(piece))
		return sizeof(piece) - part->len;
	memcpy(&piece, part->data, sizeof(piece));
	size = sav_fact_size(piece);
	return size > part->len ? size - part->len : 0;
}

void
sav_take(struct sav *s, const void *octets, size_t n)
{
	const uint8_t *at = octets;
	struct sav_fact f;

	while (n > 0) {
		size_t want = missing(&s->part), got = want < n ? want : n;

		sbuf_add(&s->part, at, got);
		at += got;
		n -= got;
		if (s->part.failed || missing(&s->part) > 0) {
			s->failed |= s->part.failed;
			if (s->part.failed)
				return;
			continue;
		}
		memcpy(&f, s->part.data, s->part.len);
		take(s, &f);
		sbuf_clear(&s->part);
	}
}

/* --- a walk is over */

/* Who provides for us, or is a peer, at no session a customer. */
static void
note_upstreams(struct sav *s)
{
	for (size_t i = 0; i < s->sessions_n; i++) {
		bool customer = false;

		for (size_t k = 0; k < s->sessions_n; k++)
			customer |= s->sessions[k].asn == s->sessions[i].asn &&
				    (s->sessions[k].customer || s->sessions[k].target);
		if (s->sessions[i].upstream && !customer)
			sav_never(s, s->sessions[i].asn);
		if (s->sessions[i].local_as != s->asn)
			sav_never(s, s->sessions[i].local_as);
	}
}

void
sav_walked(struct sav *s, const struct vrp_set *vrps, const struct aspa_set *aspas)
{
	switch (s->walk) {
	case SAV_WALK_EDGES:
		note_upstreams(s);
		s->failed |= !sav_cone(s, aspas);
		s->walk = SAV_WALK_ROUTES;
		break;
	case SAV_WALK_ORIGINS:
		s->walk = SAV_WALK_ROUTES;
		break;
	case SAV_WALK_ROUTES:
		s->failed |= !sav_permit(s, vrps);
		s->walk = SAV_WALK_NONE;
		break;
	default:
		break;
	}
}

/* --- what came out */

const struct ip_prefix *
sav_prefixes(const struct sav *s, size_t *n)
{
	*n = s->prefixes_n;
	return s->prefixes;
}

size_t
sav_lacking(const struct sav *s, struct ip_prefix *first)
{
	*first = s->lacking;
	return s->lacking_n;
}

const struct sav_session *
sav_sessions(const struct sav *s, size_t *n)
{
	*n = s->targets_n;
	return s->sessions;
}

uint32_t
sav_asn(const struct sav *s)
{
	return s->asn;
}

enum sav_method
sav_method_of(const struct sav *s)
{
	return (enum sav_method)s->method;
}

const struct sav_member *
sav_members(const struct sav *s, size_t *n)
{
	*n = s->members_n;
	return s->members;
}

const struct sav_member *
sav_member(const struct sav *s, uint32_t asn)
{
	for (size_t low = 0, high = s->members_n; low < high;) {
		size_t mid = low + (high - low) / 2;

		if (s->members[mid].asn == asn)
			return &s->members[mid];
		if (s->members[mid].asn < asn)
			low = mid + 1;
		else
			high = mid;
	}
	return NULL;
}

const struct sav_entry *
sav_entries(const struct sav *s, size_t *n)
{
	*n = s->entries_n;
	return s->entries;
}

const struct sav_witness *
sav_witnesses(const struct sav *s, size_t *n)
{
	*n = s->witnesses_n;
	return s->witnesses;
}
