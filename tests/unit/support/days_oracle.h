/*
 * The oracle of a simulated day: what is true of the routes by the RFCs, what the collector must
 * believe by what it was told, and whether a record may say what it says.
 */
#pragma once

#include "tests/unit/support/days_world.h"

enum { LATE_S = 25 }; /* an opening tells of what was true so long ago at most */

static inline struct scope *
scope_of(struct day *d, const char *name)
{
	for (unsigned k = 0; k < d->scopes_n; k++)
		if (strcmp(d->scopes[k].name, name) == 0)
			return &d->scopes[k];
	ck_assert_uint_lt(d->scopes_n, SCOPES);
	snprintf(d->scopes[d->scopes_n].name, RECORD_SCOPE_MAX, "%s", name);
	return &d->scopes[d->scopes_n++];
}

/* What the event is called of which this route is part: by the RFCs, route by route. */
static inline bool
verdict(const char *prefix, uint32_t origin, uint32_t in_force, char out[RECORD_SCOPE_MAX])
{
	struct ip_prefix p, q, own;
	bool covered = false, named = false;

	ip_prefix_parse(prefix, true, &p);
	ip_prefix_parse("203.0.113.0/24", true, &own);
	if (ip_prefix_covers(&own, &p) && origin != 64500) {
		snprintf(out, RECORD_SCOPE_MAX, "hijack|AS%u", origin);
		return true;
	}
	for (unsigned k = 0; k < VRPS; k++) {
		ip_prefix_parse(vrps[k].prefix, true, &q);
		if (!(in_force >> k & 1) || !ip_prefix_covers(&q, &p))
			continue;
		covered = true;
		named |= vrps[k].asn == origin && vrps[k].asn != 0;
		if (vrps[k].asn == origin && p.len <= vrps[k].max_length)
			return false;
	}
	if (!covered)
		return false;
	snprintf(out, RECORD_SCOPE_MAX, "rov.invalid.%s|AS%u", named ? "length" : "asn", origin);
	return true;
}

/* Is it true of a route of this table? How many prefixes are concerned goes into `concerned`. */
static inline bool
true_of(table t, const char *name, uint32_t in_force, uint32_t *concerned)
{
	char scope[RECORD_SCOPE_MAX];
	bool any = false;

	for (unsigned p = 0; p < PEERS; p++)
		for (unsigned v = 0; v < VIEWS_TOLD; v++)
			for (unsigned k = 0; k < PREFIXES; k++)
				if (t[p][v][k] != 0 &&
				    verdict(
					prefixes[k], origins[t[p][v][k] - 1], in_force, scope) &&
				    strcmp(scope, name) == 0) {
					any = true;
					*concerned |= 1U << k;
				}
	return any;
}

/* What the collector believes of a route: as it was told, under the VRPs in force; when it has
 * forgotten the route, as it was then. */
static inline void
believe(struct day *d, struct router *r, unsigned p, unsigned v, unsigned k)
{
	uint8_t o = r->told[p][v][k];
	char scope[RECORD_SCOPE_MAX];
	struct scope *s;

	if (r->forgotten[p][v][k])
		return;
	r->believed[p][v][k] = 0;
	if (o == 0 || !verdict(prefixes[k], origins[o - 1], d->vrps_in_force, scope) ||
	    (scope[0] != 'h' && !r->judged[p][v][k]))
		return;
	s = scope_of(d, scope);
	s->true_us = d->now;
	r->believed[p][v][k] = (uint8_t)(s - d->scopes + 1);
}

static inline void
note_truth(struct day *d)
{
	for (unsigned r = 0; r < ROUTERS; r++)
		for (unsigned p = 0; p < PEERS; p++)
			for (unsigned v = 0; v < VIEWS_TOLD; v++)
				for (unsigned k = 0; k < PREFIXES; k++)
					believe(d, &d->routers[r], p, v, k);
}

/* The hijack by the origin of this scope; what else it does may be part of that. */
static inline const char *
hijack_of(const char *name, char out[RECORD_SCOPE_MAX])
{
	snprintf(out, RECORD_SCOPE_MAX, "hijack%s", strchr(name, '|'));
	return out;
}

/* Prefixes of which routers have what the scope says. */
static inline unsigned
prefixes_of(struct day *d, const char *name)
{
	uint32_t concerned = 0;

	for (unsigned k = 0; k < ROUTERS; k++)
		true_of(d->routers[k].has, name, d->vrps_true, &concerned);
	return (unsigned)__builtin_popcount(concerned);
}

/* The most that an incident of this scope can have: a hijack also what its origin does to others.
 */
static inline unsigned
prefixes_at_most(struct day *d, const char *name)
{
	static const char *const kinds[] = { "rov.invalid.asn", "rov.invalid.length" };
	char other[RECORD_SCOPE_MAX];
	unsigned n = prefixes_of(d, name);

	for (unsigned k = 0; name[0] == 'h' && k < 2; k++) {
		snprintf(other, sizeof(other), "%s%s", kinds[k], strchr(name, '|'));
		n += prefixes_of(d, other);
	}
	return n;
}

static inline void
check_closing(struct day *d, const struct record_incident *i)
{
	uint8_t number = (uint8_t)(scope_of(d, i->scope) - d->scopes + 1);
	char hijack[RECORD_SCOPE_MAX];

	if (i->scope[0] != 'h' && scope_of(d, hijack_of(i->scope, hijack))->open)
		return;
	for (unsigned r = 0; r < ROUTERS; r++)
		ck_assert_msg(memchr(d->routers[r].believed, number, sizeof(table)) == NULL,
		    "seed %u: %s is closed (%s), and r%u told of it", d->seed, i->scope,
		    reason_name(i->reason), r);
}

/* As the journal does, by id. */
static inline void
keep_in(struct record *v, unsigned *n, const struct record *r)
{
	for (unsigned k = 0; k < *n; k++)
		if (strcmp(v[k].incident.id, r->incident.id) == 0) {
			v[k] = *r;
			return;
		}
	ck_assert_uint_lt(*n, SCOPES);
	v[(*n)++] = *r;
}

static inline const struct record *
kept_of(const struct day *d, const char *id)
{
	for (unsigned k = 0; k < d->kept_n; k++)
		if (strcmp(d->kept[k].incident.id, id) == 0)
			return &d->kept[k];
	return NULL;
}

static inline void
on_kept(void *ctx, const struct record *r, unsigned part)
{
	struct day *d = ctx;

	ck_assert_uint_eq(part, 0); /* they are few */
	keep_in(d->kept, &d->kept_n, r);
}

static inline void
on_record(void *ctx, const struct record *r)
{
	struct day *d = ctx;
	const struct record_incident *i = &r->incident;
	struct scope *s;

	if (r->kind != RECORD_INCIDENT)
		return;
	if (d->aloud)
		fprintf(stderr, "%6.1f %-8s %s (%s) %llu prefixes, occurrence %u\n",
		    (double)(d->now % (100000 * (int64_t)SECOND)) / SECOND,
		    transition_name(i->transition), i->scope, reason_name(i->reason),
		    (unsigned long long)i->prefixes_n, i->occurrence);
	s = scope_of(d, i->scope);
	ck_assert_msg(i->revision == s->revision + 1, "seed %u: revision %u of %s after %u",
	    d->seed, i->revision, i->scope, s->revision);
	s->revision = i->revision;
	if (i->transition == TRANSITION_OPENED) {
		ck_assert_msg(!s->open, "seed %u: %s is opened twice", d->seed, i->scope);
		ck_assert_msg(s->true_us != 0 && d->now - s->true_us <= LATE_S * (int64_t)SECOND,
		    "seed %u: %s is opened, and was not true", d->seed, i->scope);
		d->opened++;
	} else {
		ck_assert_msg(s->open, "seed %u: %s is told, and not open", d->seed, i->scope);
	}
	if (i->transition == TRANSITION_CLOSED)
		check_closing(d, i);
	s->open = i->transition != TRANSITION_CLOSED;
	keep_in(d->last, &d->last_n, r);
}
