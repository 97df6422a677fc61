/* ROAs and ASPAs as somebody writes them on a command line. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/cli.h"
#include "cli/control_rows.h"
#include "cli/what_if/what_if_private.h"
#include "proto/control_request.h"

enum { OWN_MAX = 200000 };

/* NULL, or what is wrong with it. */
static const char *
parse(const char *text, struct vrp *v)
{
	char prefix[IP_PREFIX_TEXT_MAX];
	size_t n = strcspn(text, " -");
	unsigned long long number;
	struct ip_prefix loose;
	char word[32];

	if (n == 0 || n >= sizeof(prefix))
		return "it begins with no prefix";
	memcpy(prefix, text, n);
	prefix[n] = '\0';
	if (strchr(prefix, '/') == NULL || !ip_prefix_parse(prefix, false, &loose))
		return "it begins with no prefix";
	if (!ip_prefix_parse(prefix, true, &v->prefix))
		return "its prefix has bits behind its length";
	v->max_len = v->prefix.len;
	text += n;
	if (*text == '-') {
		n = strcspn(++text, " ");
		snprintf(word, sizeof(word), "%.*s", (int)(n < 31 ? n : 31), text);
		if (!cli_number(word, v->prefix.len, ip_bits(v->prefix.family), &number))
			return "its maximum length is none from the prefix's own on";
		v->max_len = (uint8_t)number;
		text += n;
	}
	text += strspn(text, " ");
	if (strncmp(text, "AS", 2) == 0 || strncmp(text, "as", 2) == 0)
		text += 2;
	if (!cli_number(text, 0, UINT32_MAX, &number))
		return "it ends with no AS number";
	v->asn = (uint32_t)number;
	return NULL;
}

bool
what_if_add_roa(struct what_if *w, const char *option, const char *text, bool gone)
{
	struct vrp v = { .ta = 0 };
	const char *wrong = parse(text, &v);

	if (wrong != NULL) {
		cli_wrong("what-if", "%s \"%s\": %s; right would be \"203.0.113.0/24-25 AS64500\"",
		    option, text, wrong);
		return false;
	}
	if (w->edits.n == VRP_EDITS_MAX) {
		cli_wrong("what-if", "no more than %d ROAs at once", VRP_EDITS_MAX);
		return false;
	}
	w->edits.v[w->edits.n].vrp = v;
	w->edits.v[w->edits.n++].gone = gone;
	return true;
}

/* --- ASPAs */

/* The next AS number; false: there is another word. */
static bool
next_asn(const char **text, uint32_t *asn)
{
	unsigned long long number;
	char word[16];
	size_t n;

	if (strncmp(*text, "AS", 2) == 0 || strncmp(*text, "as", 2) == 0)
		*text += 2;
	n = strcspn(*text, " ,:");
	snprintf(word, sizeof(word), "%.*s", n < 15 ? (int)n : 15, *text);
	if (!cli_number(word, 0, UINT32_MAX, &number))
		return false;
	*asn = (uint32_t)number;
	*text += n;
	*text += strspn(*text, " ,:");
	return true;
}

bool
what_if_add_aspa(struct what_if *w, const char *option, const char *text, bool gone)
{
	const char *right = gone ? "AS64500" : "AS64500 AS64501,AS64502", *at = text;
	uint32_t customer, providers[ASPA_EDIT_PROVIDERS_MAX];
	bool good = next_asn(&at, &customer);
	unsigned n = 0;

	if (w->aspas.n == ASPA_EDITS_MAX) {
		cli_wrong("what-if", "no more than %d ASPAs at once", ASPA_EDITS_MAX);
		return false;
	}
	for (; good && *at != '\0'; n++)
		good = n < ASPA_EDIT_PROVIDERS_MAX && next_asn(&at, &providers[n]);
	if (!good || (n == 0) != gone) {
		cli_wrong("what-if", "%s \"%s\": it is %s; right would be \"%s\"%s", option, text,
		    gone ? "no AS number" : "no AS number with its providers behind it", right,
		    gone ? "" : ", or with AS0 alone behind it for none");
		return false;
	}
	w->aspas.v[w->aspas.n].customer = customer;
	w->aspas.v[w->aspas.n].providers_n = n;
	memcpy(w->aspas.v[w->aspas.n++].providers, providers, n * sizeof(*providers));
	return true;
}

/* --- those in force */

static int
ask(const struct what_if *w, const struct vrp *v, json_t *rows)
{
	struct sbuf request = sbuf_of(65536);
	char prefix[IP_PREFIX_TEXT_MAX], asn[16];
	bool more;
	int rc;

	snprintf(asn, sizeof(asn), "%u", v->asn);
	control_request_begin(&request, "show");
	control_request_word(&request, "what", "rpki");
	control_request_word(&request, "format", "json");
	control_request_word(&request, "prefix", ip_prefix_format(&v->prefix, prefix));
	control_request_word(&request, "asn", asn);
	rc = control_rows(w->control.path, &request, rows, 1, &more);
	sbuf_free(&request);
	return rc;
}

static bool
is_among(const struct vrp *v, const json_t *vrps)
{
	char prefix[IP_PREFIX_TEXT_MAX];
	const json_t *x;
	size_t i;

	ip_prefix_format(&v->prefix, prefix);
	json_array_foreach(vrps, i, x)
		if (strcmp(row_text(x, "prefix"), prefix) == 0 &&
		    row_number(x, "max_length") == v->max_len && row_number(x, "asn") == v->asn)
			return true;
	return false;
}

/* It is to go, and is not there. */
static int
say_not_there(const struct vrp *v, const json_t *vrps)
{
	char prefix[IP_PREFIX_TEXT_MAX];
	const json_t *x;
	size_t i;

	fprintf(stderr, "bellman what-if: no VRP %s-%u AS%u is in force",
	    ip_prefix_format(&v->prefix, prefix), v->max_len, v->asn);
	if (json_array_size(vrps) == 0)
		fputs(", and none covers the prefix\n", stderr);
	else
		fputs("; of those that cover the prefix there are:\n", stderr);
	json_array_foreach(vrps, i, x)
		fprintf(stderr, "  --no-roa \"%s-%llu AS%llu\"\n", row_text(x, "prefix"),
		    row_number(x, "max_length"), row_number(x, "asn"));
	return CLI_USAGE;
}

/* What follows is worth what the data is. */
static void
say_state(const json_t *row)
{
	const char *state = row_text(row, "rpki_state");

	if (*state != '\0' && strcmp(state, "whole") != 0)
		fprintf(stderr, "bellman what-if: the RPKI data is not whole: %s\n", state);
}

int
what_if_check_roas(const struct what_if *w)
{
	char prefix[IP_PREFIX_TEXT_MAX];
	int rc = CLI_OK;

	for (unsigned i = 0; i < w->edits.n && rc == CLI_OK; i++) {
		const struct vrp *v = &w->edits.v[i].vrp;
		json_t *rows = json_array();
		const json_t *vrps;
		bool there;

		rc = ask(w, v, rows);
		vrps = json_object_get(json_array_get(rows, 0), "vrps");
		if (i == 0)
			say_state(json_array_get(rows, 0));
		there = is_among(v, vrps);
		if (rc == CLI_OK && w->edits.v[i].gone && !there)
			rc = say_not_there(v, vrps);
		else if (rc == CLI_OK && !w->edits.v[i].gone && there)
			fprintf(stderr, "bellman what-if: %s-%u AS%u is in force already\n",
			    ip_prefix_format(&v->prefix, prefix), v->max_len, v->asn);
		json_decref(rows);
	}
	return rc;
}

/* --- those that make a prefix ours */

static bool
is_same(const struct vrp *a, const struct vrp *b)
{
	return ip_prefix_cmp(&a->prefix, &b->prefix) == 0 && a->asn == b->asn &&
	       a->max_len == b->max_len;
}

/* The VRPs that name us and are of this very prefix: is one left, or made? */
static bool
is_left(const struct vrp_edits *e, const struct vrp *gone, const json_t *own)
{
	struct vrp v = { .prefix = gone->prefix };
	char prefix[IP_PREFIX_TEXT_MAX];
	const json_t *row;
	size_t i;

	for (unsigned k = 0; k < e->n; k++)
		if (!e->v[k].gone && e->v[k].vrp.asn == gone->asn &&
		    ip_prefix_cmp(&e->v[k].vrp.prefix, &gone->prefix) == 0)
			return true;
	ip_prefix_format(&gone->prefix, prefix);
	json_array_foreach(own, i, row) {
		bool goes = false;

		if (strcmp(row_text(row, "prefix"), prefix) != 0)
			continue;
		v.max_len = (uint8_t)row_number(row, "max_length");
		v.asn = (uint32_t)row_number(row, "asn");
		for (unsigned k = 0; k < e->n; k++)
			goes |= e->v[k].gone && is_same(&e->v[k].vrp, &v);
		if (!goes)
			return true;
	}
	return false;
}

/* Is a VRP that is to go one of those by which its prefix is ours? */
static bool
makes_ours(const struct vrp *gone, const json_t *own)
{
	char prefix[IP_PREFIX_TEXT_MAX];
	const json_t *row;
	size_t i;

	ip_prefix_format(&gone->prefix, prefix);
	json_array_foreach(own, i, row)
		if (row_true(row, "derived") && strcmp(row_text(row, "prefix"), prefix) == 0 &&
		    row_number(row, "asn") == gone->asn)
			return true;
	return false;
}

int
what_if_own_roas(const struct what_if *w, bool *ours)
{
	struct sbuf request = sbuf_of(65536);
	char prefix[IP_PREFIX_TEXT_MAX];
	json_t *own = json_array();
	bool more;
	int rc;

	control_request_begin(&request, "show");
	control_request_word(&request, "what", "own");
	control_request_word(&request, "format", "json");
	rc = control_rows(w->control.path, &request, own, OWN_MAX, &more);
	for (unsigned i = 0; rc == CLI_OK && i < w->edits.n; i++) {
		const struct vrp *v = &w->edits.v[i].vrp;

		if (!w->edits.v[i].gone || !makes_ours(v, own) || is_left(&w->edits, v, own))
			continue;
		*ours = true;
		fprintf(stderr,
		    "bellman what-if: %s is ours by this ROA alone (own.derive): a week after it "
		    "is gone it is no\n  longer known as ours, and at once when a ROA of another "
		    "covers it; own.prefixes keeps it\n",
		    ip_prefix_format(&v->prefix, prefix));
	}
	json_decref(own);
	sbuf_free(&request);
	return rc;
}
