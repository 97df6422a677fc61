/*
 * What a neighbour is to us, guessed from how much it sends and gets. A session says it for each
 * family; families, and sessions of one AS, that disagree say nothing together.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/jw.h"
#include "cli/control_rows.h"
#include "cli/suggest/suggest_private.h"

enum guess { GUESS_NOTHING, GUESS_UNCLEAR, GUESS_CUSTOMER, GUESS_PEER, GUESS_PROVIDER };

static const char *const relations[] = {
	[GUESS_CUSTOMER] = "customer", [GUESS_PEER] = "peer", [GUESS_PROVIDER] = "provider"
};
/* The two that the Internet is in. */
static const char *const families[] = { "ipv4-unicast", "ipv6-unicast" };
enum { FAMILIES = 2 };

struct session {
	const json_t *row;
	unsigned long long asn;
	enum guess guess;
	const char *unclear; /* why */
	/* routes of each family; out -1: not shown */
	long long in[FAMILIES], out[FAMILIES], largest[FAMILIES];
};

/* --- counts */

static unsigned
family_of(const json_t *table)
{
	const char *name = row_text(table, "family");
	unsigned i = 0;

	while (i < FAMILIES && strcmp(name, families[i]) != 0)
		i++;
	return i;
}

static void
take_more(long long *n, long long other)
{
	if (*n < other)
		*n = other;
}

/* The larger of before and after the policy: what is kept of it says less. */
static void
count(struct session *s)
{
	const json_t *tables = json_object_get(s->row, "tables"), *t;
	size_t i;

	for (unsigned f = 0; f < FAMILIES; f++) {
		s->in[f] = 0;
		s->out[f] = -1;
	}
	json_array_foreach(tables, i, t) {
		unsigned f = family_of(t);
		long long routes = (long long)row_number(t, "routes");

		if (f == FAMILIES)
			continue;
		if (strncmp(row_text(t, "view"), "adj-rib-in", 10) == 0)
			take_more(&s->in[f], routes);
		else if (strncmp(row_text(t, "view"), "adj-rib-out", 11) == 0)
			take_more(&s->out[f], routes);
	}
}

/* The largest table of the router, in whatever view. */
static void
find_largest(struct session *s, const json_t *peers)
{
	const json_t *p, *t;
	size_t i, k;

	json_array_foreach(peers, i, p) {
		if (strcmp(row_text(p, "router"), row_text(s->row, "router")) != 0)
			continue;
		json_array_foreach(json_object_get(p, "tables"), k, t)
			if (family_of(t) < FAMILIES)
				take_more(
				    &s->largest[family_of(t)], (long long)row_number(t, "routes"));
	}
}

/* --- guesses */

static bool
is_full(long long n, long long largest)
{
	return n * 100 >= largest * SUGGEST_FULL_PERCENT;
}

static bool
is_little(long long n, long long largest)
{
	return n * 100 <= largest * SUGGEST_LITTLE_PERCENT;
}

static enum guess
guess_family(const struct session *s, unsigned f, const char **unclear)
{
	long long in = s->in[f], out = s->out[f], largest = s->largest[f];

	if (in == 0 && out <= 0)
		return GUESS_NOTHING;
	if (largest < SUGGEST_LARGE_AT)
		*unclear = "its router has no table of 1,000 routes or more";
	else if (out < 0)
		*unclear = "what it gets is not shown (Adj-RIB-Out, RFC 8671)";
	else if (in == 0)
		*unclear = "it sends nothing: a collector, or a customer without routes";
	else if (is_full(in, largest) && is_little(out, largest))
		return GUESS_PROVIDER;
	else if (is_little(in, largest) && is_full(out, largest))
		return GUESS_CUSTOMER;
	else if (is_little(in, largest) && is_little(out, largest) && out > 0)
		return GUESS_PEER;
	else
		*unclear = "the sizes fit nothing";
	return GUESS_UNCLEAR;
}

static void
guess_session(struct session *s)
{
	for (unsigned f = 0; f < FAMILIES; f++) {
		enum guess g = guess_family(s, f, &s->unclear);

		if (g == GUESS_NOTHING || s->guess == GUESS_UNCLEAR)
			continue;
		if (s->guess != GUESS_NOTHING && s->guess != g) {
			if (g != GUESS_UNCLEAR)
				s->unclear = "its families disagree";
			g = GUESS_UNCLEAR;
		}
		s->guess = g;
	}
}

/* Is there a session of which nobody says what the neighbour is? */
static bool
is_open_question(const json_t *p)
{
	return strcmp(row_text(p, "relation"), "unknown") == 0 &&
	       strcmp(row_text(p, "state"), "up") == 0 && row_true(p, "judged") &&
	       strcmp(row_text(p, "peer"), "loc-rib") != 0 && row_number(p, "peer_as") != 0;
}

static int
cmp_session(const void *x, const void *y)
{
	const struct session *a = x, *b = y;
	int d = (a->asn > b->asn) - (a->asn < b->asn);

	if (d == 0)
		d = strcmp(row_text(a->row, "router"), row_text(b->row, "router"));
	return d != 0 ? d : strcmp(row_text(a->row, "peer"), row_text(b->row, "peer"));
}

/* --- proposals */

/* "ams1: ipv4-unicast 950000 in, 12 out, largest table 960000". */
static void
put_counts(const struct session *s, struct sbuf *out)
{
	sbuf_printf(out, "%s %s: ", row_text(s->row, "router"), row_text(s->row, "peer"));
	for (unsigned f = 0, n = 0; f < FAMILIES; f++) {
		if (s->in[f] == 0 && s->out[f] <= 0)
			continue;
		sbuf_printf(out, "%s%s %lld in, ", n++ > 0 ? "; " : "", families[f], s->in[f]);
		if (s->out[f] >= 0)
			sbuf_printf(out, "%lld out", s->out[f]);
		else
			sbuf_puts(out, "out not shown");
		sbuf_printf(out, ", largest table %lld", s->largest[f]);
	}
}

static void
put_json(struct suggestions *to, const struct session *s, size_t n, bool by_address)
{
	struct jw j = jw_to(&to->out);
	struct sbuf text = sbuf_of(4096);

	jw_object(&j, NULL);
	jw_string(&j, "suggest", s->guess == GUESS_UNCLEAR ? "unclear" : "neighbor");
	jw_uint(&j, "asn", s->asn);
	if (by_address)
		jw_string(&j, "address", row_text(s->row, "peer"));
	if (s->guess != GUESS_UNCLEAR)
		jw_string(&j, "relation", relations[s->guess]);
	else
		jw_string(&j, "reason", s->unclear);
	jw_array(&j, "why");
	for (size_t i = 0; i < n; i++) {
		sbuf_clear(&text);
		put_counts(&s[i], &text);
		jw_string(&j, NULL, sbuf_text(&text));
	}
	jw_end_array(&j);
	jw_end_object(&j);
	sbuf_putc(&to->out, '\n');
	sbuf_free(&text);
}

/* One entry for these sessions of an AS, whose guess is the first one's. */
static void
put_entry(struct suggestions *to, const struct session *s, size_t n, bool by_address)
{
	enum { SHOWN = 4 };

	if (s->guess != GUESS_UNCLEAR)
		to->n++;
	if (to->json) {
		put_json(to, s, n, by_address);
		return;
	}
	for (size_t i = 0; i < n && i < SHOWN; i++) {
		sbuf_puts(&to->out, "  # ");
		put_counts(&s[i], &to->out);
		sbuf_putc(&to->out, '\n');
	}
	if (n > SHOWN)
		sbuf_printf(&to->out, "  # and %zu more sessions alike\n", n - SHOWN);
	if (s->guess == GUESS_UNCLEAR)
		sbuf_printf(&to->out, "  # not proposed: AS%llu: %s\n", s->asn, s->unclear);
	else if (by_address)
		sbuf_printf(&to->out, "  - {address: \"%s\", relation: %s} # AS%llu\n",
		    row_text(s->row, "peer"), relations[s->guess], s->asn);
	else
		sbuf_printf(
		    &to->out, "  - {asn: %llu, relation: %s}\n", s->asn, relations[s->guess]);
}

/* Has the AS a session of which something else is known? Then an entry of the AS would say too
 * much. */
static bool
is_known_elsewhere(const json_t *peers, unsigned long long asn)
{
	const json_t *p;
	size_t i;

	json_array_foreach(peers, i, p)
		if (row_number(p, "peer_as") == asn &&
		    strcmp(row_text(p, "relation"), "unknown") != 0)
			return true;
	return false;
}

/* The sessions of one AS. */
static void
put_network(struct suggestions *to, const struct session *s, size_t n, const json_t *peers)
{
	bool same = !is_known_elsewhere(peers, s->asn);

	for (size_t i = 1; i < n; i++)
		same &= s[i].guess == s->guess;
	if (same) {
		put_entry(to, s, n, false);
		return;
	}
	for (size_t i = 0; i < n; i++)
		put_entry(to, &s[i], 1, true);
}

static bool
any_guess(const struct session *v, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (v[i].guess > GUESS_UNCLEAR)
			return true;
	return false;
}

void
suggest_neighbors(struct suggestions *to, const json_t *peers)
{
	struct session *v = calloc(json_array_size(peers) + 1, sizeof(*v));
	size_t i, k, n = 0;
	const json_t *p;

	if (v == NULL)
		return;
	json_array_foreach(peers, i, p) {
		struct session s = { .row = p, .asn = row_number(p, "peer_as") };

		if (!is_open_question(p))
			continue;
		count(&s);
		find_largest(&s, peers);
		guess_session(&s);
		if (s.guess != GUESS_NOTHING)
			v[n++] = s;
	}
	qsort(v, n, sizeof(*v), cmp_session);
	if (n > 0 && !to->json)
		sbuf_printf(&to->out,
		    "# Proposed by `bellman suggest` from sizes, not from contracts: read each "
		    "line.\n# Full: %d%% or more of the largest table of the router; little: %d%% "
		    "or less.\n%s",
		    SUGGEST_FULL_PERCENT, SUGGEST_LITTLE_PERCENT,
		    any_guess(v, n) ? "neighbors:\n" : "");
	for (i = 0; i < n; i = k) {
		for (k = i + 1; k < n && v[k].asn == v[i].asn;)
			k++;
		put_network(to, v + i, k - i, peers);
	}
	free(v);
}
