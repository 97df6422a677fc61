/* What is ours: AS numbers by the OPENs, prefixes by VRPs and by what we originate. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/jw.h"
#include "base/pure/ip.h"
#include "cli/control_rows.h"
#include "cli/suggest/suggest_private.h"

enum { ASNS_MAX = 64 };

/* --- AS numbers */

struct local_as {
	unsigned long long asn;
	unsigned sessions;
};

/* RFC 6996 */
static bool
is_private(unsigned long long asn)
{
	return (asn >= 64512 && asn <= 65534) || asn >= 4200000000U;
}

static int
cmp_local(const void *x, const void *y)
{
	const struct local_as *a = x, *b = y;

	if (a->sessions != b->sessions)
		return a->sessions > b->sessions ? -1 : 1;
	return (a->asn > b->asn) - (a->asn < b->asn);
}

/* Of sessions with other networks: towards those a member of a confederation shows what the world
 * sees. */
static size_t
local_asns(const json_t *peers, struct local_as v[ASNS_MAX])
{
	const json_t *p;
	size_t i, k, n = 0;

	json_array_foreach(peers, i, p) {
		unsigned long long asn = row_number(p, "local_as");

		if (asn == 0 || is_private(asn) || !row_true(p, "judged") ||
		    strcmp(row_text(p, "peer"), "loc-rib") == 0 ||
		    (strcmp(row_text(p, "relation"), "internal") == 0 &&
			asn != row_number(p, "peer_as")))
			continue;
		for (k = 0; k < n && v[k].asn != asn;)
			k++;
		if (k == ASNS_MAX)
			continue;
		if (k == n)
			v[n++] = (struct local_as){ .asn = asn };
		v[k].sessions++;
	}
	qsort(v, n, sizeof(*v), cmp_local);
	return n;
}

void
suggest_local_asns(const json_t *peers, struct sbuf *out)
{
	struct local_as v[ASNS_MAX];
	size_t n = local_asns(peers, v);

	for (size_t i = 0; i < n; i++)
		sbuf_printf(out, "%s%llu", i > 0 ? " " : "", v[i].asn);
}

/* Is something of own.asns configured? Then no other is proposed. */
static bool
are_asns_known(const json_t *own)
{
	return json_array_size(json_object_get(json_array_get(own, 0), "own_asns")) > 0;
}

static void
put_asns_json(struct suggestions *to, const struct local_as *v, size_t n)
{
	struct jw j = jw_to(&to->out);

	jw_object(&j, NULL);
	jw_string(&j, "suggest", "own_asns");
	jw_array(&j, "asns");
	for (size_t i = 0; i < n; i++)
		jw_uint(&j, NULL, v[i].asn);
	jw_end_array(&j);
	jw_end_object(&j);
	sbuf_putc(&to->out, '\n');
}

static void
put_asns(struct suggestions *to, const struct local_as *v, size_t n)
{
	to->n++;
	if (to->json) {
		put_asns_json(to, v, n);
		return;
	}
	sbuf_puts(&to->out, "  # of our side in the OPENs:");
	for (size_t i = 0; i < n; i++)
		sbuf_printf(&to->out, "%s AS%llu in %u session%s", i > 0 ? "," : "", v[i].asn,
		    v[i].sessions, v[i].sessions == 1 ? "" : "s");
	sbuf_puts(&to->out, "; the first is the one that others see\n  asns: [");
	for (size_t i = 0; i < n; i++)
		sbuf_printf(&to->out, "%s%llu", i > 0 ? ", " : "", v[i].asn);
	sbuf_puts(&to->out, "]\n");
}

/* --- prefixes */

struct candidate {
	struct ip_prefix prefix;
	bool vrp, originated, passed_on, known;
	unsigned long long vrp_asn, origin, max_len;
	/* what is inside of it */
	unsigned inside;
	uint8_t longest; /* of those that are originated */
};

/* Space that others route: no private addresses, nothing longer than what is routed between
 * networks, no default route. */
static bool
is_of_the_internet(const struct ip_prefix *p)
{
	static const char *const v4[] = { "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8",
		"169.254.0.0/16", "172.16.0.0/12", "192.168.0.0/16", "224.0.0.0/3" };
	struct ip_prefix other;

	if (p->family == IP_V6)
		return p->len >= 3 && p->len <= 48 && p->b[0] >> 5 == 1;
	for (size_t i = 0; i < sizeof(v4) / sizeof(v4[0]); i++)
		if (ip_prefix_parse(v4[i], true, &other) && ip_prefix_covers(&other, p))
			return false;
	return p->len >= 8 && p->len <= 24;
}

static int
cmp_candidate(const void *x, const void *y)
{
	const struct candidate *a = x, *b = y;

	return ip_prefix_cmp(&a->prefix, &b->prefix);
}

static void
add_row(struct candidate *v, size_t *n, const json_t *row, bool vrp)
{
	struct candidate c = { .vrp = vrp, .originated = !vrp, .known = row_true(row, "own") };

	if (!ip_prefix_parse(row_text(row, "prefix"), false, &c.prefix) ||
	    !is_of_the_internet(&c.prefix) || (vrp && row_number(row, "asn") == 0))
		return;
	if (vrp) {
		c.vrp_asn = row_number(row, "asn");
		c.max_len = row_number(row, "max_length");
	} else {
		c.origin = row_number(row, "origin");
		c.passed_on = row_true(row, "passed_on");
		c.longest = c.prefix.len;
	}
	v[(*n)++] = c;
}

static void
join(struct candidate *to, const struct candidate *c)
{
	to->known |= c->known;
	to->passed_on |= c->passed_on;
	if (c->originated)
		to->origin = c->origin;
	to->originated |= c->originated;
	if (c->vrp && c->max_len > to->max_len)
		to->max_len = c->max_len;
	if (c->vrp)
		to->vrp_asn = c->vrp_asn;
	to->vrp |= c->vrp;
	if (c->longest > to->longest)
		to->longest = c->longest;
}

/* The same prefix once, and what lies within another as a part of that. Sorted: a covering one
 * comes first. */
static size_t
merge(struct candidate *v, size_t n)
{
	size_t kept = 0;

	qsort(v, n, sizeof(*v), cmp_candidate);
	for (size_t i = 0; i < n; i++) {
		struct candidate *last = kept > 0 ? &v[kept - 1] : NULL;

		if (last != NULL && ip_prefix_cmp(&last->prefix, &v[i].prefix) == 0) {
			join(last, &v[i]);
		} else if (last != NULL && ip_prefix_covers(&last->prefix, &v[i].prefix)) {
			last->inside++;
			if (v[i].longest > last->longest)
				last->longest = v[i].longest;
		} else {
			v[kept++] = v[i];
		}
	}
	return kept;
}

static void
put_why(const struct candidate *c, struct sbuf *out)
{
	if (c->vrp)
		sbuf_printf(out, "a VRP of AS%llu, max %llu", c->vrp_asn, c->max_len);
	if (c->originated)
		sbuf_printf(out, "%soriginated by AS%llu%s", c->vrp ? "; " : "", c->origin,
		    c->passed_on ? ", and passed on" : ", in use");
	else
		sbuf_puts(out, "; not seen in our routes");
	if (c->inside > 0)
		sbuf_printf(out, "; %u more inside of it", c->inside);
}

static void
put_prefix(struct suggestions *to, const struct candidate *c)
{
	/* what is allowed is no alarm, nor what is announced today */
	bool limited = c->vrp && c->longest <= c->max_len;
	char text[IP_PREFIX_TEXT_MAX];
	struct jw j = jw_to(&to->out);
	struct sbuf why = sbuf_of(4096);

	to->n++;
	ip_prefix_format(&c->prefix, text);
	put_why(c, &why);
	if (!to->json) {
		sbuf_printf(&to->out, "    # %s\n    - {prefix: \"%s\"", sbuf_text(&why), text);
		if (limited)
			sbuf_printf(&to->out, ", max_length: %llu", c->max_len);
		sbuf_puts(&to->out, "}\n");
	} else {
		jw_object(&j, NULL);
		jw_string(&j, "suggest", "own_prefix");
		jw_string(&j, "prefix", text);
		if (limited)
			jw_uint(&j, "max_length", c->max_len);
		jw_string(&j, "why", sbuf_text(&why));
		jw_end_object(&j);
		sbuf_putc(&to->out, '\n');
	}
	sbuf_free(&why);
}

static size_t
candidates(const json_t *own, const json_t *originated, struct candidate *v)
{
	size_t i, n = 0, kept = 0;
	const json_t *row;

	json_array_foreach(own, i, row)
		if (i > 0) /* the first row has the AS numbers */
			add_row(v, &n, row, true);
	json_array_foreach(originated, i, row)
		add_row(v, &n, row, false);
	n = merge(v, n);
	for (i = 0; i < n; i++)
		if (!v[i].known)
			v[kept++] = v[i];
	return kept;
}

void
suggest_own(
    struct suggestions *to, const json_t *peers, const json_t *own, const json_t *originated)
{
	struct candidate *v =
	    calloc(json_array_size(own) + json_array_size(originated) + 1, sizeof(*v));
	struct local_as asns[ASNS_MAX];
	size_t n, asns_n = are_asns_known(own) ? 0 : local_asns(peers, asns);

	if (v == NULL)
		return;
	n = candidates(own, originated, v);
	if (n + asns_n > 0 && !to->json)
		sbuf_puts(&to->out,
		    "# What is ours: read each line; what `own:` has already stays there.\nown:\n");
	if (asns_n > 0)
		put_asns(to, asns, asns_n);
	if (n > 0 && !to->json)
		sbuf_puts(&to->out, "  prefixes:\n");
	for (size_t i = 0; i < n; i++)
		put_prefix(to, &v[i]);
	free(v);
}
