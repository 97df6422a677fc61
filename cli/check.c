/* bellman check: JSON lines of routes or paths in, JSON lines of what they are by the RPKI out. */
#include <getopt.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/pure/flat_json.h"
#include "base/sbuf.h"
#include "cli/cli.h"
#include "collector/recordings/source.h"
#include "collector/rpki/vrp_json.h"

static const struct cli_option options[] = {
	{ 'v', false, "vrps", "FILE", "VRPs, as validators export them: JSON, also packed",
	    CLI_FILES },
	{ 'a', false, "aspas", "FILE", "ASPAs, likewise", CLI_FILES },
	{ 0 },
};

/* What the lines are held against: one of the two. */
struct against {
	struct vrp_set *vrps;
	struct aspa_set *aspas;
};

static bool
load(const char *path, bool aspas, struct against *to)
{
	struct sbuf text = sbuf_of((size_t)4 << 30);
	struct vrp_list vrps = { 0 };
	struct aspa_list pairs = { 0 };
	struct vrp_json_how how = { .aspas = aspas ? &pairs : NULL, .aspas_alone = aspas };
	struct vrp_file_stats stats;
	char error[SOURCE_ERROR_MAX];

	if (!source_whole(path, &text, error, sizeof(error))) {
		fprintf(stderr, "%s\n", error);
		sbuf_free(&text);
		return false;
	}
	if (!vrp_json_parse(
		sbuf_text(&text), text.len, &how, &vrps, &stats, error, sizeof(error))) {
		fprintf(stderr, "%s: %s\n", path, error);
	} else {
		if (stats.rejected > 0)
			fprintf(stderr, "%s: %zu entries are not usable, the first: %s\n", path,
			    stats.rejected, stats.first_rejected);
		vrp_list_sort_unique(&vrps);
		aspa_list_sort_unique(&pairs);
		if (aspas)
			to->aspas = aspa_set_new(&pairs, 1);
		else
			to->vrps = vrp_set_new(&vrps, 1);
	}
	aspa_list_free(&pairs);
	vrp_list_free(&vrps);
	sbuf_free(&text);
	return to->vrps != NULL || to->aspas != NULL;
}

static void
put_id(const json_t *id, struct sbuf *out)
{
	char *text = id != NULL ? json_dumps(id, JSON_ENCODE_ANY | JSON_COMPACT) : NULL;

	sbuf_printf(out, "{\"id\":%s", text != NULL ? text : "null");
	free(text);
}

/* As a JSON string; yours to free. */
static char *
quote(const char *text)
{
	json_t *s = json_string(text);
	char *quoted = json_dumps(s, JSON_ENCODE_ANY);

	json_decref(s);
	return quoted;
}

static bool
is_asn(const json_t *v)
{
	return json_is_integer(v) && json_integer_value(v) >= 0 &&
	       json_integer_value(v) <= UINT32_MAX;
}

static void
put_result(struct sbuf *out, struct rov_result r)
{
	sbuf_puts(out, ",\"state\":\"");
	sbuf_puts(out, rov_state_name(r.state));
	if (r.state == ROV_INVALID) {
		sbuf_puts(out, "\",\"reason\":\"");
		sbuf_puts(out, rov_reason_name(r.reason));
	}
	sbuf_puts(out, "\"}\n");
}

/* NULL, or what is wrong with the line. */
static const char *
answer_rov(const struct against *set, const json_t *line, struct sbuf *out)
{
	const json_t *prefix = json_object_get(line, "prefix"),
		     *origin = json_object_get(line, "origin");
	struct ip_prefix p;
	struct rov_result r;

	if (!json_is_string(prefix) || !ip_prefix_parse(json_string_value(prefix), false, &p))
		return "\"prefix\" is no prefix";
	if (origin != NULL && !json_is_null(origin) && !is_asn(origin))
		return "\"origin\" is neither an AS number nor null";
	r = vrp_validate(set->vrps, &p, json_is_integer(origin),
	    json_is_integer(origin) ? (uint32_t)json_integer_value(origin) : 0);
	put_id(json_object_get(line, "id"), out);
	put_result(out, r);
	return NULL;
}

/* A line as plain as nearly all are. false: it is not, and nothing has been answered. */
static bool
answer_plain_rov(const struct against *set, const char *text, size_t n, struct sbuf *out)
{
	const char *end = text + n, *rest;
	struct flat_value id, prefix, origin;
	char name[IP_PREFIX_TEXT_MAX];
	struct flat_object line;
	struct ip_prefix p;

	if (set->vrps == NULL || (rest = flat_json_object(text, end, &line)) == NULL ||
	    strspn(rest, " \t\r\n") != (size_t)(end - rest))
		return false;
	id = flat_json_get(&line, "id");
	prefix = flat_json_get(&line, "prefix");
	origin = flat_json_get(&line, "origin");
	if (prefix.type != FLAT_STRING || prefix.len >= sizeof(name) ||
	    origin.type == FLAT_STRING ||
	    (origin.type == FLAT_INTEGER && (origin.number < 0 || origin.number > UINT32_MAX)))
		return false;
	memcpy(name, prefix.text, prefix.len);
	name[prefix.len] = '\0';
	if (!ip_prefix_parse(name, false, &p))
		return false;
	sbuf_puts(out, id.type == FLAT_STRING ? "{\"id\":\"" : "{\"id\":");
	if (id.type == FLAT_NONE)
		sbuf_puts(out, "null");
	else
		sbuf_add(out, id.text, id.len);
	if (id.type == FLAT_STRING)
		sbuf_puts(out, "\"");
	put_result(
	    out, vrp_validate(set->vrps, &p, origin.type == FLAT_INTEGER, (uint32_t)origin.number));
	return true;
}

/* The path's segments, one after the other; those of a confederation have no business outside of
 * it, and count as a set. NULL, or what is wrong. */
static const char *
walk(const json_t *path, struct aspa_walk *w)
{
	if (!json_is_array(path))
		return "\"path\" is no array of segments";
	for (size_t i = 0; i < json_array_size(path); i++) {
		const json_t *segment = json_array_get(path, i),
			     *asns = json_object_get(segment, "asns");
		const char *type = json_string_value(json_object_get(segment, "type"));
		bool seq = type != NULL && strcmp(type, "seq") == 0;

		if (!seq &&
		    (type == NULL || (strcmp(type, "set") != 0 && strncmp(type, "confed", 6) != 0)))
			return "a segment's \"type\" is none of \"seq\", \"set\", \"confed_seq\", "
			       "\"confed_set\"";
		if (!json_is_array(asns))
			return "a segment's \"asns\" is no array";
		for (size_t k = 0; k < json_array_size(asns); k++) {
			const json_t *asn = json_array_get(asns, k);

			if (!is_asn(asn))
				return "one of \"asns\" is no AS number";
			if (seq)
				aspa_walk_as(w, (uint32_t)json_integer_value(asn));
		}
		if (!seq)
			aspa_walk_set(w);
	}
	return NULL;
}

static const char *
answer_aspa(const struct against *set, const json_t *line, struct sbuf *out)
{
	const char *direction = json_string_value(json_object_get(line, "direction")), *wrong;
	const json_t *neighbour = json_object_get(line, "neighbor_as");
	uint32_t asn = (uint32_t)json_integer_value(neighbour);
	struct aspa_verdict verdict;
	struct aspa_walk w;
	bool up, broken;

	if (direction == NULL ||
	    (!(up = strcmp(direction, "upstream") == 0) && strcmp(direction, "downstream") != 0))
		return "\"direction\" is neither \"upstream\" nor \"downstream\"";
	if (neighbour != NULL && !json_is_null(neighbour) && !is_asn(neighbour))
		return "\"neighbor_as\" is neither an AS number nor null";
	aspa_walk_start(&w, set->aspas);
	wrong = walk(json_object_get(line, "path"), &w);
	if (wrong != NULL)
		return wrong;
	verdict = aspa_walk_end(&w);
	broken = aspa_walk_gate(&w, json_is_integer(neighbour) ? &asn : NULL) != ASPA_GATE_NONE;
	put_id(json_object_get(line, "id"), out);
	sbuf_printf(out, ",\"state\":\"%s\"}\n",
	    aspa_state_name(broken ? ASPA_INVALID
			    : up   ? verdict.up
				   : verdict.down));
	return NULL;
}

static const char *
answer(const struct against *set, const json_t *line, struct sbuf *out)
{
	if (!json_is_object(line))
		return "not a JSON object";
	return set->aspas != NULL ? answer_aspa(set, line, out) : answer_rov(set, line, out);
}

/* A line that is not so plain, or wrong; false then. */
static bool
check_line(
    const struct against *set, const char *text, size_t n, unsigned long number, struct sbuf *out)
{
	json_error_t e;
	json_t *line = json_loadb(text, n, 0, &e);
	const char *wrong = line == NULL ? e.text : answer(set, line, out);

	if (wrong != NULL) {
		char *quoted = quote(wrong);

		fprintf(stderr, "line %lu: %s\n", number, wrong);
		put_id(line != NULL ? json_object_get(line, "id") : NULL, out);
		sbuf_printf(out, ",\"error\":%s}\n", quoted != NULL ? quoted : "null");
		free(quoted);
	}
	json_decref(line);
	return wrong == NULL;
}

static int
check_lines(const struct against *set, FILE *in)
{
	struct sbuf out = sbuf_of(1 << 20);
	unsigned long number = 0;
	char *text = NULL;
	size_t cap = 0;
	ssize_t n;
	int rc = CLI_OK;

	while ((n = getline(&text, &cap, in)) > 0) {
		number++;
		if (strspn(text, " \t\r\n") == (size_t)n)
			continue;
		sbuf_clear(&out);
		if (!answer_plain_rov(set, text, (size_t)n, &out) &&
		    !check_line(set, text, (size_t)n, number, &out))
			rc = CLI_NOTHING;
		fwrite(out.data, 1, out.len, stdout);
	}
	free(text);
	sbuf_free(&out);
	return rc;
}

static int
cli_check(int argc, char **argv)
{
	const char *vrps = NULL, *aspas = NULL, *what;
	struct against set = { 0 };
	FILE *in = stdin;
	int opt, rc = CLI_USAGE;

	while ((opt = cli_next_option(&cli_check_command, argc, argv)) > 0) {
		if (opt == 'v')
			vrps = optarg;
		else
			aspas = optarg;
	}
	if (opt != CLI_OPTIONS_END)
		return cli_options_rc(opt);
	what = optind < argc ? argv[optind] : "";
	if (strcmp(what, "rov") != 0 && strcmp(what, "aspa") != 0)
		return cli_wrong("check", "it checks rov or aspa, not \"%s\"", what);
	if (strcmp(what, "rov") == 0 && (vrps == NULL || aspas != NULL))
		return cli_wrong("check", "by which VRPs? --vrps FILE");
	if (strcmp(what, "aspa") == 0 && (aspas == NULL || vrps != NULL))
		return cli_wrong("check", "by which ASPAs? --aspas FILE");
	if (argc - optind > 2)
		return cli_wrong("check", "one file of %s, or standard input",
		    vrps != NULL ? "routes" : "paths");
	if (!load(vrps != NULL ? vrps : aspas, aspas != NULL, &set))
		return CLI_USAGE;
	if (optind + 1 < argc && (in = fopen(argv[optind + 1], "r")) == NULL)
		perror(argv[optind + 1]);
	else
		rc = check_lines(&set, in);
	if (in != NULL && in != stdin)
		fclose(in);
	vrp_set_unref(set.vrps);
	aspa_set_unref(set.aspas);
	return rc;
}

const struct cli_command cli_check_command = {
	.name = "check",
	.summary = "validate routes against VRPs, paths against ASPAs (check rov, check aspa)",
	.arguments = "rov --vrps FILE [ROUTES]\naspa --aspas FILE [PATHS]",
	.words = "rov aspa " CLI_FILES,
	.about = "rov reads JSON lines from ROUTES or standard input (origin null: none):\n"
		 "  {\"id\": 1, \"prefix\": \"192.0.2.0/24\", \"origin\": 64500}\n"
		 "and answers\n"
		 "  {\"id\": 1, \"state\": \"valid|invalid|not-found\", \"reason\": \"..\"}\n"
		 "aspa reads, with the neighbour first in the path (neighbor_as null: the path may "
		 "begin "
		 "with another),\n"
		 "  {\"id\": 1, \"direction\": \"upstream|downstream\", \"neighbor_as\": 64501,\n"
		 "   \"path\": [{\"type\": \"seq|set\", \"asns\": [64501, 64500]}]}\n"
		 "and answers\n"
		 "  {\"id\": 1, \"state\": \"valid|invalid|unknown\"}\n"
		 "upstream: received from a customer, a peer or a route server; downstream: from a "
		 "provider. Exit 1 when a line could not be used.",
	.options = options,
	.run = cli_check,
};
