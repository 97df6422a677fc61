/* What we and our neighbours originate, asked of the daemon; and what that says of Action 4. */
#include <stdio.h>
#include <string.h>

#include "base/pure/ip.h"
#include "cli/cli.h"
#include "cli/control_rows.h"
#include "cli/manrs/validation_private.h"

enum { ROWS_MAX = 2000000, LONGEST_V4 = 24, LONGEST_V6 = 48 };

static int
ask(const struct control_options *control, const char *what, const char *asns, json_t *rows)
{
	return control_rows_of(control->path, "manrs", what, asns, rows, ROWS_MAX);
}

/* --- ours */

/* One that the world may see: routes of our own network alone, and those of blackholes, need no
 * ROA. */
static bool
is_for_others(const json_t *row)
{
	struct ip_prefix p;

	return ip_prefix_parse(row_text(row, "prefix"), true, &p) && p.len > 0 &&
	       p.len <= (p.family == IP_V4 ? LONGEST_V4 : LONGEST_V6) &&
	       (row_true(row, "passed_on") || row_true(row, "own"));
}

/* The same prefix of several workers is one. */
static json_t *
announced_of(const json_t *rows, size_t *left_out)
{
	json_t *seen = json_object(), *out = json_array(), *before;
	char key[64];

	for (size_t i = 0; i < json_array_size(rows); i++) {
		json_t *row = json_array_get(rows, i);

		if (!is_for_others(row)) {
			(*left_out)++;
			continue;
		}
		snprintf(key, sizeof(key), "%s %llu", row_text(row, "prefix"),
		    row_number(row, "origin"));
		before = json_object_get(seen, key);
		if (before == NULL) {
			json_object_set(seen, key, row);
			json_array_append(out, row);
		} else if (row_true(row, "passed_on")) {
			json_object_set_new(before, "passed_on", json_true());
		}
	}
	json_decref(seen);
	return out;
}

/* The AS numbers that are origins of ours, each once; some are enough. */
static void
add_origins(const json_t *rows, struct sbuf *out)
{
	enum { ORIGINS_MAX = 200 };
	unsigned long long known[ORIGINS_MAX];
	size_t n = 0;

	sbuf_puts(out, "");
	for (size_t i = 0; i < json_array_size(rows) && n < ORIGINS_MAX; i++) {
		unsigned long long asn = row_number(json_array_get(rows, i), "origin");
		size_t k = 0;

		while (k < n && known[k] != asn)
			k++;
		if (k < n)
			continue;
		known[n++] = asn;
		sbuf_printf(out, "%s%llu", n > 1 ? " " : "", asn);
	}
}

/* Who sells to us, once for each of our AS numbers. */
static json_t *
providers_of(const json_t *peers)
{
	json_t *seen = json_object(), *out = json_array();
	char key[64];

	for (size_t i = 0; i < json_array_size(peers); i++) {
		const json_t *p = json_array_get(peers, i);

		snprintf(key, sizeof(key), "%llu %llu", row_number(p, "local_as"),
		    row_number(p, "peer_as"));
		if (strcmp(row_text(p, "relation"), "provider") != 0 ||
		    row_number(p, "local_as") == 0 || json_object_get(seen, key) != NULL)
			continue;
		json_object_set_new(seen, key, json_true());
		json_array_append_new(
		    out, json_pack("{s:I, s:I, s:s}", "asn", (json_int_t)row_number(p, "local_as"),
			     "provider", (json_int_t)row_number(p, "peer_as"), "relation_from",
			     row_text(p, "relation_from")));
	}
	json_decref(seen);
	return out;
}

/* The VRPs that name one of us; the first row of the daemon is our AS numbers. */
static json_t *
vrps_of(const json_t *own)
{
	json_t *out = json_array();

	for (size_t i = 0; i < json_array_size(own); i++)
		if (json_object_get(json_array_get(own, i), "prefix") != NULL)
			json_array_append(out, json_array_get(own, i));
	return out;
}

/* --- neighbours */

static void
count_one(json_t *of, const char *rov)
{
	const char *key = strcmp(rov, "valid") == 0	  ? "valid"
			  : strcmp(rov, "not-found") == 0 ? "not_found"
							  : "invalid";

	json_object_set_new(of, key, json_integer((json_int_t)row_number(of, key) + 1));
	json_object_set_new(
	    of, "prefixes", json_integer((json_int_t)row_number(of, "prefixes") + 1));
}

/* Each prefix once, however many routers have it. */
static json_t *
coverage_of(const json_t *rows)
{
	json_t *seen = json_object(), *by_asn = json_object(), *out = json_array(), *one;
	char key[64], asn[16];

	for (size_t i = 0; i < json_array_size(rows); i++) {
		const json_t *row = json_array_get(rows, i);

		snprintf(
		    key, sizeof(key), "%s %llu", row_text(row, "prefix"), row_number(row, "asn"));
		if (json_object_get(seen, key) != NULL)
			continue;
		json_object_set_new(seen, key, json_true());
		snprintf(asn, sizeof(asn), "%llu", row_number(row, "asn"));
		one = json_object_get(by_asn, asn);
		if (one == NULL) {
			one = json_pack("{s:I, s:i, s:i, s:i, s:i}", "asn",
			    (json_int_t)row_number(row, "asn"), "prefixes", 0, "valid", 0,
			    "not_found", 0, "invalid", 0);
			json_array_append(out, one);
			json_object_set_new(by_asn, asn, one);
		}
		count_one(one, row_text(row, "rov"));
	}
	json_decref(seen);
	json_decref(by_asn);
	return out;
}

/* --- what that says */

static json_t *
action_4(const json_t *answer)
{
	const json_t *list = json_object_get(answer, "actions");

	for (size_t i = 0; i < json_array_size(list); i++)
		if (row_number(json_array_get(list, i), "action") == 4)
			return json_array_get(list, i);
	return NULL;
}

static bool
lacks_provider(const json_t *answer, const json_t *own)
{
	const json_t *providers = json_object_get(answer, "providers"),
		     *list = json_object_get(own, "provider_list");

	for (size_t i = 0; row_true(own, "aspa") && i < json_array_size(providers); i++) {
		const json_t *p = json_array_get(providers, i);
		bool found = row_number(p, "asn") != row_number(own, "asn");

		for (size_t k = 0; k < json_array_size(list) && !found; k++)
			found = (unsigned long long)json_integer_value(json_array_get(list, k)) ==
				row_number(p, "provider");
		if (!found)
			return true;
	}
	return false;
}

/* What others drop is red, what they cannot tell from another's yellow; a light that is grey for
 * want of data stays so. Where nothing is announced there is nothing to be green. */
static void
judge(json_t *answer, size_t left_out)
{
	json_t *action = action_4(answer);
	const json_t *announced = json_object_get(answer, "announced"),
		     *asns = json_object_get(answer, "own_asns");
	json_t *proposal = manrs_proposal(answer);
	size_t loose = json_array_size(json_object_get(proposal, "withdraw"));
	unsigned invalid = 0, unknown = 0, lacking = 0;
	const char *light = row_text(action, "light");

	for (size_t i = 0; i < json_array_size(announced); i++) {
		const char *rov = row_text(json_array_get(announced, i), "rov");

		invalid += strncmp(rov, "invalid", 7) == 0;
		unknown += strcmp(rov, "not-found") == 0;
	}
	for (size_t i = 0; i < json_array_size(asns); i++)
		lacking += lacks_provider(answer, json_array_get(asns, i));
	json_object_set_new(
	    action, "announced", json_integer((json_int_t)json_array_size(announced)));
	json_object_set_new(action, "announced_invalid", json_integer(invalid));
	json_object_set_new(action, "announced_unknown", json_integer(unknown));
	json_object_set_new(action, "announced_left_out", json_integer((json_int_t)left_out));
	json_object_set_new(action, "aspas_lacking", json_integer(lacking));
	json_object_set_new(action, "roas_too_loose", json_integer((json_int_t)loose));
	json_object_set_new(action, "roas_proposed",
	    json_integer((json_int_t)json_array_size(json_object_get(proposal, "roas"))));
	json_decref(proposal);
	if (strcmp(row_text(action, "rpki_state"), "whole") != 0)
		return;
	if (invalid > 0)
		json_object_set_new(action, "light", json_string("red"));
	else if (json_array_size(announced) == 0 && strcmp(light, "red") != 0)
		json_object_set_new(action, "light", json_string("grey"));
	else if (unknown + lacking + loose > 0 && strcmp(light, "red") != 0)
		json_object_set_new(action, "light", json_string("yellow"));
}

int
manrs_gather_validation(const struct control_options *control, json_t *answer)
{
	json_t *originated = json_array(), *peers = json_array(), *own = json_array(),
	       *others = json_array();
	struct sbuf asns = sbuf_of(4096);
	size_t left_out = 0;
	int rc = ask(control, "originated", NULL, originated);

	if (rc == CLI_OK)
		rc = ask(control, "peers", NULL, peers);
	add_origins(originated, &asns);
	if (rc == CLI_OK)
		rc = ask(control, "own", sbuf_text(&asns), own);
	if (rc == CLI_OK)
		rc = ask(control, "neighbor-origins", NULL, others);
	if (rc == CLI_OK) {
		json_object_set_new(answer, "announced", announced_of(originated, &left_out));
		json_object_set_new(answer, "providers", providers_of(peers));
		json_object_set_new(answer, "own_vrps", vrps_of(own));
		json_object_set_new(answer, "coverage", coverage_of(others));
		judge(answer, left_out);
	}
	sbuf_free(&asns);
	json_decref(originated);
	json_decref(peers);
	json_decref(own);
	json_decref(others);
	return rc;
}
