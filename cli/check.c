/* bellman check rov: JSON lines of routes in, JSON lines of validation states out. */
#include <getopt.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/sbuf.h"
#include "cli/cli.h"
#include "collector/recordings/source.h"
#include "collector/rpki/vrp_json.h"

static const char usage[] =
    "usage: bellman check rov --vrps FILE [ROUTES]\n"
    "\n"
    "Reads JSON lines {\"id\": .., \"prefix\": \"192.0.2.0/24\", \"origin\": 64500} (origin null: "
    "none) from ROUTES\n"
    "or standard input, and answers {\"id\": .., \"state\": \"valid|invalid|not-found\", "
    "\"reason\": ..}.\n"
    "FILE is VRP JSON as validators export it, also packed. Exit 1 when a line could not be "
    "used.\n";

/* As it is, or packed. */
static bool
read_all(const char *path, struct sbuf *out)
{
	char error[SOURCE_ERROR_MAX], chunk[65536];
	struct source *s = source_open(path, error, sizeof(error));
	ssize_t n = -1;

	while (s != NULL && (n = source_read(s, chunk, sizeof(chunk))) > 0)
		sbuf_add(out, chunk, (size_t)n);
	if (s != NULL && n < 0)
		snprintf(error, sizeof(error), "%s", source_error(s));
	else if (s != NULL && out->failed)
		snprintf(error, sizeof(error), "%.200s: too large", path);
	if (s != NULL)
		source_close(s);
	if (n != 0 || out->failed)
		fprintf(stderr, "%s\n", error);
	return n == 0 && !out->failed;
}

static struct vrp_set *
load_vrps(const char *path)
{
	struct sbuf text = sbuf_of((size_t)4 << 30);
	struct vrp_list list = { 0 };
	struct vrp_file_stats stats;
	struct vrp_set *set = NULL;
	char error[256];

	if (read_all(path, &text)) {
		if (!vrp_json_parse(
			sbuf_text(&text), text.len, NULL, &list, &stats, error, sizeof(error))) {
			fprintf(stderr, "%s: %s\n", path, error);
		} else {
			if (stats.rejected > 0)
				fprintf(stderr, "%s: %zu entries are no VRPs, the first: %s\n",
				    path, stats.rejected, stats.first_rejected);
			vrp_list_sort_unique(&list);
			set = vrp_set_new(&list, 1);
		}
	}
	vrp_list_free(&list);
	sbuf_free(&text);
	return set;
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

/* NULL, or what is wrong with the line. */
static const char *
answer(const struct vrp_set *set, const json_t *line, struct sbuf *out)
{
	const json_t *prefix = json_object_get(line, "prefix"),
		     *origin = json_object_get(line, "origin");
	struct ip_prefix p;
	struct rov_result r;

	if (!json_is_object(line))
		return "not a JSON object";
	if (!json_is_string(prefix) || !ip_prefix_parse(json_string_value(prefix), false, &p))
		return "\"prefix\" is no prefix";
	if (origin != NULL && !json_is_null(origin) &&
	    (!json_is_integer(origin) || json_integer_value(origin) < 0 ||
		json_integer_value(origin) > UINT32_MAX))
		return "\"origin\" is neither an AS number nor null";
	r = vrp_validate(set, &p, json_is_integer(origin),
	    json_is_integer(origin) ? (uint32_t)json_integer_value(origin) : 0);
	put_id(json_object_get(line, "id"), out);
	sbuf_printf(out, ",\"state\":\"%s\"", rov_state_name(r.state));
	if (r.state == ROV_INVALID)
		sbuf_printf(out, ",\"reason\":\"%s\"", rov_reason_name(r.reason));
	sbuf_puts(out, "}\n");
	return NULL;
}

static int
check_lines(const struct vrp_set *set, FILE *in)
{
	struct sbuf out = sbuf_of(1 << 20);
	unsigned long number = 0;
	char *text = NULL;
	size_t cap = 0;
	ssize_t n;
	int rc = CLI_OK;

	while ((n = getline(&text, &cap, in)) > 0) {
		json_error_t e;
		json_t *line;
		const char *wrong;

		number++;
		if (strspn(text, " \t\r\n") == (size_t)n)
			continue;
		line = json_loadb(text, (size_t)n, 0, &e);
		sbuf_clear(&out);
		wrong = line == NULL ? e.text : answer(set, line, &out);
		if (wrong != NULL) {
			char *quoted = quote(wrong);

			fprintf(stderr, "line %lu: %s\n", number, wrong);
			sbuf_clear(&out);
			put_id(line != NULL ? json_object_get(line, "id") : NULL, &out);
			sbuf_printf(&out, ",\"error\":%s}\n", quoted != NULL ? quoted : "null");
			free(quoted);
			rc = CLI_NOTHING;
		}
		fwrite(out.data, 1, out.len, stdout);
		json_decref(line);
	}
	free(text);
	sbuf_free(&out);
	return rc;
}

int
cli_check(int argc, char **argv)
{
	static const struct option options[] = { { "vrps", required_argument, NULL, 'v' },
		{ "help", no_argument, NULL, 'h' }, { NULL, 0, NULL, 0 } };
	const char *vrps = NULL;
	struct vrp_set *set;
	FILE *in = stdin;
	int opt, rc;

	while ((opt = getopt_long(argc, argv, ":h", options, NULL)) != -1) {
		if (opt == 'v')
			vrps = optarg;
		else if (opt == 'h')
			return cli_usage(usage, CLI_OK);
		else
			return cli_wrong_option("check", argv, opt);
	}
	if (optind >= argc || strcmp(argv[optind], "rov") != 0)
		return cli_wrong(
		    "check", "it checks rov, not \"%s\"", optind < argc ? argv[optind] : "");
	if (vrps == NULL)
		return cli_wrong("check", "by which VRPs? --vrps FILE");
	if (argc - optind > 2)
		return cli_wrong("check", "one file of routes, or standard input");
	set = load_vrps(vrps);
	if (set == NULL)
		return CLI_USAGE;
	if (optind + 1 < argc && (in = fopen(argv[optind + 1], "r")) == NULL) {
		perror(argv[optind + 1]);
		vrp_set_unref(set);
		return CLI_USAGE;
	}
	rc = check_lines(set, in);
	if (in != stdin)
		fclose(in);
	vrp_set_unref(set);
	return rc;
}
