/*
 * Which ROAs and ASPAs would be right. A ROA is proposed for what is announced and for nothing
 * else, with the length that is announced (RFC 9319): one that allows more lets whoever forges our
 * AS at the end of his path announce the rest as valid. What has one that is right keeps it. An
 * ASPA lists who sells to us, by the sessions, and whom it lists already: one that is missing is
 * worse than one too many.
 */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/control_rows.h"
#include "cli/manrs/validation_private.h"

enum { WHY_MAX = 256, PROVIDERS_MAX = 256 };

/* A VRP that names one of us. */
struct named {
	struct vrp vrp;
	uint8_t longest; /* of ours that it makes valid; 0: there is none */
	bool loose;
};

struct proposing {
	const json_t *answer;
	struct named *vrps;
	size_t vrps_n;
	json_t *roas, *withdraw, *kept, *aspas, *notes;
};

static void __attribute__((format(printf, 2, 3))) note(struct proposing *p, const char *fmt, ...)
{
	char text[WHY_MAX];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	json_array_append_new(p->notes, json_string(text));
}

static void
add_roa(json_t *list, const struct vrp *v, const char *why)
{
	char prefix[IP_PREFIX_TEXT_MAX];

	json_array_append_new(
	    list, json_pack("{s:s, s:i, s:I, s:s}", "prefix", ip_prefix_format(&v->prefix, prefix),
		      "max_length", v->max_len, "asn", (json_int_t)v->asn, "why", why));
}

/* --- ROAs */

static bool
allows(const struct vrp *v, const struct ip_prefix *prefix, uint32_t origin)
{
	return v->asn == origin && prefix->len <= v->max_len &&
	       ip_prefix_covers(&v->prefix, prefix);
}

static bool
read_route(const json_t *row, struct vrp *out)
{
	memset(out, 0, sizeof(*out));
	out->asn = (uint32_t)row_number(row, "origin");
	if (!ip_prefix_parse(row_text(row, "prefix"), true, &out->prefix))
		return false;
	out->max_len = out->prefix.len;
	return true;
}

static bool
read_vrps(struct proposing *p)
{
	const json_t *list = json_object_get(p->answer, "own_vrps"),
		     *routes = json_object_get(p->answer, "announced");
	struct vrp route;

	p->vrps = calloc(json_array_size(list) + 1, sizeof(*p->vrps));
	for (size_t i = 0; p->vrps != NULL && i < json_array_size(list); i++) {
		const json_t *row = json_array_get(list, i);
		struct named *n = &p->vrps[p->vrps_n];

		if (!ip_prefix_parse(row_text(row, "prefix"), true, &n->vrp.prefix))
			continue;
		n->vrp.max_len = (uint8_t)row_number(row, "max_length");
		n->vrp.asn = (uint32_t)row_number(row, "asn");
		p->vrps_n++;
		for (size_t k = 0; k < json_array_size(routes); k++)
			if (read_route(json_array_get(routes, k), &route) &&
			    allows(&n->vrp, &route.prefix, route.asn) &&
			    route.prefix.len > n->longest)
				n->longest = route.prefix.len;
		n->loose = n->longest > 0 && n->vrp.max_len > n->longest;
	}
	return p->vrps != NULL;
}

static const char *
why_of(const json_t *row)
{
	const char *rov = row_text(row, "rov");

	return strcmp(rov, "not-found") == 0 ? "no ROA covers it: nobody can tell it from another's"
	       : strcmp(rov, "invalid-asn") == 0 ? "ROAs of others cover it: others drop it"
	       : strcmp(rov, "invalid-length") == 0
		   ? "it is longer than our ROA allows: others drop it"
		   : "in the place of one that allows longer ones";
}

/* Is it inside what is configured as ours, or what a ROA that names us says is? */
static bool
is_ours(const struct proposing *p, const struct ip_prefix *prefix)
{
	const json_t *own = json_object_get(p->answer, "own_prefixes");
	struct ip_prefix ours;

	for (size_t i = 0; i < json_array_size(own); i++)
		if (ip_prefix_parse(row_text(json_array_get(own, i), "prefix"), true, &ours) &&
		    ip_prefix_covers(&ours, prefix))
			return true;
	for (size_t k = 0; k < p->vrps_n; k++)
		if (ip_prefix_covers(&p->vrps[k].vrp.prefix, prefix))
			return true;
	return false;
}

/* A ROA can only be had by the holder: what ROAs of others cover is theirs, and it may be we who
 * are wrong. */
static void
propose_roa(struct proposing *p, const json_t *row, const struct vrp *route)
{
	char prefix[IP_PREFIX_TEXT_MAX];

	if (strcmp(row_text(row, "rov"), "invalid-asn") != 0 || is_ours(p, &route->prefix))
		add_roa(p->roas, route, why_of(row));
	else
		note(p,
		    "%s of AS%u is not ours by the RPKI, ROAs of others cover it: stop announcing "
		    "it, or ask the holder for a ROA; when it is ours own.prefixes can say so",
		    ip_prefix_format(&route->prefix, prefix), route->asn);
}

static void
propose_roas(struct proposing *p)
{
	const json_t *routes = json_object_get(p->answer, "announced");
	char why[WHY_MAX];

	for (size_t i = 0; i < json_array_size(routes); i++) {
		bool good = false;
		struct vrp route;

		if (!read_route(json_array_get(routes, i), &route))
			continue;
		for (size_t k = 0; k < p->vrps_n; k++)
			good |= !p->vrps[k].loose &&
				allows(&p->vrps[k].vrp, &route.prefix, route.asn);
		if (!good)
			propose_roa(p, json_array_get(routes, i), &route);
	}
	for (size_t k = 0; k < p->vrps_n; k++) {
		const struct named *n = &p->vrps[k];
		char prefix[IP_PREFIX_TEXT_MAX];

		ip_prefix_format(&n->vrp.prefix, prefix);
		if (n->loose) {
			snprintf(why, sizeof(why),
			    "it allows /%u, and no longer than /%u is announced", n->vrp.max_len,
			    n->longest);
			add_roa(p->withdraw, &n->vrp, why);
		} else if (n->longest == 0) {
			note(p,
			    "ROA %s maximum length %u AS%u: nothing is announced by it now; keep "
			    "it "
			    "when that is meant (a reserve), else withdraw it",
			    prefix, n->vrp.max_len, n->vrp.asn);
		}
	}
}

/* A filter takes the more specific ones, too. */
static void
keep_others(struct proposing *p)
{
	for (size_t k = 0; k < p->vrps_n; k++) {
		const struct named *n = &p->vrps[k];
		bool taken = false;

		for (size_t i = 0; i < p->vrps_n && !n->loose; i++)
			taken |= p->vrps[i].loose && p->vrps[i].vrp.asn == n->vrp.asn &&
				 ip_prefix_covers(&p->vrps[i].vrp.prefix, &n->vrp.prefix);
		if (taken)
			add_roa(p->kept, &n->vrp, "it stays");
	}
}

/* What is ours and not announced gets no ROA. */
static void
note_silent(struct proposing *p)
{
	const json_t *own = json_object_get(p->answer, "own_prefixes"),
		     *routes = json_object_get(p->answer, "announced");

	for (size_t i = 0; i < json_array_size(own); i++) {
		const char *text = row_text(json_array_get(own, i), "prefix");
		struct ip_prefix prefix;
		struct vrp route;
		bool found = !ip_prefix_parse(text, true, &prefix);

		for (size_t k = 0; k < json_array_size(routes) && !found; k++)
			found = read_route(json_array_get(routes, k), &route) &&
				ip_prefix_covers(&prefix, &route.prefix);
		if (!found)
			note(p,
			    "%s is %s, and no router shows that we announce it: no ROA is proposed",
			    text,
			    row_true(json_array_get(own, i), "derived")
				? "ours by a ROA (own.derive)"
				: "configured as ours");
	}
}

/* --- ASPAs */

static int
cmp_asn(const void *x, const void *y)
{
	const uint32_t *a = x, *b = y;

	return (*a > *b) - (*a < *b);
}

static size_t
add_asn(uint32_t *v, size_t n, uint32_t asn)
{
	for (size_t i = 0; i < n; i++)
		if (v[i] == asn)
			return n;
	if (n < PROVIDERS_MAX)
		v[n++] = asn;
	return n;
}

static void
propose_aspa(struct proposing *p, const json_t *own)
{
	const json_t *list = json_object_get(own, "provider_list"),
		     *all = json_object_get(p->answer, "providers");
	uint32_t v[PROVIDERS_MAX], customer = (uint32_t)row_number(own, "asn");
	size_t n = 0, listed, seen = 0;
	char why[WHY_MAX];
	json_t *providers;

	for (size_t i = 0; i < json_array_size(list); i++)
		if (json_integer_value(json_array_get(list, i)) != 0)
			n = add_asn(v, n, (uint32_t)json_integer_value(json_array_get(list, i)));
	listed = n;
	for (size_t i = 0; i < json_array_size(all); i++) {
		const json_t *s = json_array_get(all, i);

		if (row_number(s, "asn") != customer)
			continue;
		seen++;
		n = add_asn(v, n, (uint32_t)row_number(s, "provider"));
	}
	if (seen == 0) {
		note(p,
		    "AS%u: no session with a provider is known: no ASPA is proposed (neighbors: "
		    "relation); with none at all it would list AS0",
		    customer);
		return;
	}
	if (row_true(own, "aspa") && n == listed)
		return;
	qsort(v, n, sizeof(*v), cmp_asn);
	providers = json_array();
	for (size_t i = 0; i < n; i++)
		json_array_append_new(providers, json_integer(v[i]));
	if (row_true(own, "aspa"))
		snprintf(why, sizeof(why),
		    "%zu of our providers are missing in it: who verifies paths drops what goes by "
		    "them",
		    n - listed);
	else
		snprintf(
		    why, sizeof(why), "there is none: a leak of our routes cannot be seen by it");
	json_array_append_new(
	    p->aspas, json_pack("{s:I, s:o, s:s}", "customer", (json_int_t)customer, "providers",
			  providers, "why", why));
}

static void
propose_aspas(struct proposing *p)
{
	const json_t *asns = json_object_get(p->answer, "own_asns"),
		     *all = json_object_get(p->answer, "providers");

	for (size_t i = 0; i < json_array_size(asns); i++)
		propose_aspa(p, json_array_get(asns, i));
	for (size_t i = 0; i < json_array_size(all); i++)
		if (strstr(row_text(json_array_get(all, i), "relation_from"), "infer") != NULL)
			note(p,
			    "that AS%llu is a provider of AS%llu is inferred from the sizes of "
			    "tables: see that it is so",
			    row_number(json_array_get(all, i), "provider"),
			    row_number(json_array_get(all, i), "asn"));
}

json_t *
manrs_proposal(const json_t *answer)
{
	struct proposing p = { .answer = answer,
		.roas = json_array(),
		.withdraw = json_array(),
		.kept = json_array(),
		.aspas = json_array(),
		.notes = json_array() };

	if (read_vrps(&p)) {
		propose_roas(&p);
		keep_others(&p);
		note_silent(&p);
		propose_aspas(&p);
	}
	free(p.vrps);
	return json_pack("{s:o, s:o, s:o, s:o, s:o}", "roas", p.roas, "withdraw", p.withdraw,
	    "kept", p.kept, "aspas", p.aspas, "notes", p.notes);
}
