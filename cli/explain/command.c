/* bellman explain. */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/pure/ip.h"
#include "cli/cli.h"
#include "cli/control_rows.h"
#include "cli/explain/explain_private.h"
#include "cli/fields.h"
#include "cli/past_incident.h"
#include "proto/control_request.h"
#include "proto/record.h"

enum {
	ROUTES_MAX = 20000, /* of one prefix that text is made of */
	TEXT_MAX = 1 << 28,
};

static const struct cli_option options[] = {
	{ 'A', false, "all", NULL, "all prefixes of an incident, up to 10,000; else the first 10",
	    NULL },
	{ 'O', false, "octets", NULL,
	    "the attributes as they are kept, in hex, and what is in them", NULL },
	CONTROL_OPTIONS,
	{ 0 },
};

struct explaining {
	struct control_options control;
	struct explain_look look;
	bool json, octets, all;
};

static void
begin(struct sbuf *request, const char *what, const char *prefix)
{
	sbuf_clear(request);
	control_request_begin(request, "show");
	control_request_word(request, "what", what);
	control_request_word(request, "format", "json");
	if (*prefix != '\0')
		control_request_word(request, "prefix", prefix);
}

/* --- nothing has this prefix */

/* The rows of that kind, in words on stderr. */
static void
say_near(const json_t *rows, const char *kind, const char *words)
{
	enum { SHOWN = 10 };
	unsigned n = 0;
	const json_t *r;
	size_t i;

	json_array_foreach(rows, i, r) {
		if (strcmp(row_text(r, "near"), kind) != 0 || n == SHOWN)
			continue;
		if (n++ == 0)
			fputs(words, stderr);
		fprintf(stderr, " %s", row_text(r, "prefix"));
	}
	if (n > 0)
		fputc('\n', stderr);
}

/* The longest prefix of those that cover it; "" when none does. Rows of one worker have the nearest
 * first. */
static const char *
nearest(const json_t *rows)
{
	struct ip_prefix p, best = { .family = IP_NONE };
	const char *text = "";
	const json_t *r;
	size_t i;

	json_array_foreach(rows, i, r) {
		if (strcmp(row_text(r, "near"), "covering") != 0 ||
		    !ip_prefix_parse(row_text(r, "prefix"), false, &p))
			continue;
		if (best.family == IP_NONE || p.len > best.len) {
			best = p;
			text = row_text(r, "prefix");
		}
	}
	return text;
}

static int explain_prefix(const struct explaining *, const char *word, bool address);

static int
explain_near(const struct explaining *x, const char *prefix, bool address)
{
	struct sbuf request = sbuf_of(65536);
	json_t *rows = json_array();
	bool more;
	int rc;

	begin(&request, "near", prefix);
	rc = control_rows(x->control.path, &request, rows, 1000, &more);
	if (rc == CLI_OK && address && *nearest(rows) != '\0') {
		fprintf(stderr, "bellman: %s lies in %s\n", prefix, nearest(rows));
		rc = explain_prefix(x, nearest(rows), false);
	} else if (rc == CLI_OK) {
		rc = CLI_NOTHING;
		fprintf(stderr, "bellman: no router has a route for exactly %s\n", prefix);
		say_near(rows, "covering", "  it is covered by:");
		say_near(rows, "more-specific", "  within it there are:");
		if (json_array_size(rows) == 0)
			fputs("  none covers it, and none lies within it\n", stderr);
	}
	json_decref(rows);
	sbuf_free(&request);
	return rc;
}

/* --- a prefix */

static int
explain_prefix_text(const struct explaining *x, const char *prefix, struct sbuf *request, bool *any)
{
	struct sbuf text = sbuf_of(TEXT_MAX);
	json_t *rows = json_array();
	bool more;
	int rc = control_rows(x->control.path, request, rows, ROUTES_MAX, &more);

	*any = json_array_size(rows) > 0;
	if (rc == CLI_OK && *any) {
		explain_routes_text(&text, &x->look, prefix, rows);
		fwrite(sbuf_text(&text), 1, text.len, stdout);
		if (more)
			printf("\nThere are more than these %d routes; -o json has them all.\n",
			    ROUTES_MAX);
	}
	json_decref(rows);
	sbuf_free(&text);
	return rc;
}

static int
explain_prefix(const struct explaining *x, const char *word, bool address)
{
	struct sbuf request = sbuf_of(65536);
	char prefix[IP_PREFIX_TEXT_MAX];
	struct ip_prefix p;
	unsigned long lines;
	bool any;
	int rc;

	ip_prefix_parse(word, false, &p);
	begin(&request, "explain", ip_prefix_format(&p, prefix));
	if (x->octets)
		control_request_word(&request, "octets", "1");
	if (x->json) {
		rc = control_run(x->control.path, &request, &lines);
		any = lines > 0;
	} else {
		rc = explain_prefix_text(x, prefix, &request, &any);
	}
	sbuf_free(&request);
	return rc == CLI_OK && !any ? explain_near(x, prefix, address) : rc;
}

/* --- an incident */

enum { PREFIXES_SHOWN = 10, PREFIXES_MAX = 10000, ID_LEAST = 1, ID_MAX = 32 };

static void
print_incident(const struct explaining *x, const json_t *record, const json_t *more)
{
	struct sbuf text = sbuf_of(TEXT_MAX);

	explain_incident_text(&text, &x->look, record, more);
	fwrite(sbuf_text(&text), 1, text.len, stdout);
	sbuf_free(&text);
}

/* Its prefixes, one after the other; what has gone meanwhile is said. */
static int
explain_prefixes(const struct explaining *x, const json_t *prefixes, unsigned long long all)
{
	const json_t *p;
	int rc = CLI_OK;
	size_t i;

	json_array_foreach(prefixes, i, p) {
		if (!x->json)
			putchar('\n');
		rc = explain_prefix(x, json_string_value(p), false);
		if (rc != CLI_OK && rc != CLI_NOTHING)
			return rc;
	}
	if (!x->json && all > i)
		printf("\n%llu more prefix%s: --all has %s.\n", all - i, all - i == 1 ? "" : "es",
		    all > PREFIXES_MAX ? "the first 10,000" : "them");
	return CLI_OK;
}

static int
explain_incident(const struct explaining *x, const json_t *row)
{
	const json_t *record = json_object_get(row, "incident"),
		     *more = json_object_get(row, "more"),
		     *prefixes = json_object_get(record, "prefixes");

	if (x->json) {
		json_dumpf(row, stdout, JSON_COMPACT);
		putchar('\n');
	} else {
		print_incident(x, record, more);
	}
	fflush(stdout);
	return explain_prefixes(
	    x, json_object_get(more, "prefixes"), row_number(prefixes, "count"));
}

/* Not open: what the journal has last of it, and its prefixes as they are now. */
static int
explain_past(const struct explaining *x, const char *id)
{
	json_t *record;
	int rc = past_incident("explain", x->control.path, id, &record);

	if (rc == CLI_OK) {
		fputs("bellman: it is not open; this is what was told of it last\n", stderr);
		if (x->json) {
			json_dumpf(record, stdout, JSON_COMPACT);
			putchar('\n');
		} else {
			print_incident(x, record, NULL);
		}
		fflush(stdout);
		rc = explain_prefixes(
		    x, json_object_get(json_object_get(record, "prefixes"), "examples"), 0);
	}
	json_decref(record);
	return rc;
}

static int
say_ambiguous(const char *id, const json_t *rows)
{
	const json_t *row;
	size_t i;

	fprintf(stderr, "bellman explain: %s is the beginning of several ids; which one?\n", id);
	json_array_foreach(rows, i, row) {
		const json_t *r = json_object_get(row, "incident");

		fprintf(stderr, "  %s  %-8s %s\n", row_text(r, "id"), row_text(r, "severity"),
		    row_text(r, "kind"));
	}
	return CLI_USAGE;
}

static int
explain_id(const struct explaining *x, const char *id)
{
	enum { LISTED = 20 };
	struct sbuf request = sbuf_of(65536);
	json_t *rows = json_array();
	char prefixes[16];
	bool more;
	int rc;

	snprintf(prefixes, sizeof(prefixes), "%d", x->all ? PREFIXES_MAX : PREFIXES_SHOWN);
	begin(&request, "case", "");
	control_request_word(&request, "id", id);
	control_request_word(&request, "prefixes", prefixes);
	rc = control_rows(x->control.path, &request, rows, LISTED, &more);
	if (rc == CLI_OK && json_array_size(rows) == 0)
		rc = explain_past(x, id);
	else if (rc == CLI_OK && json_array_size(rows) > 1)
		rc = say_ambiguous(id, rows);
	else if (rc == CLI_OK)
		rc = explain_incident(x, json_array_get(rows, 0));
	json_decref(rows);
	sbuf_free(&request);
	return rc;
}

/* --- no word: which could be explained */

static unsigned
severity_rank(const json_t *row)
{
	uint8_t severity = 0;

	(void)severity_parse(row_text(json_object_get(row, "incident"), "severity"), &severity);
	return severity;
}

/* Gravest first. */
static int
cmp_severity(const void *x, const void *y)
{
	unsigned a = severity_rank(*(json_t *const *)x), b = severity_rank(*(json_t *const *)y);

	return (a < b) - (a > b);
}

static void
print_open(const struct explaining *x, json_t *const *v, size_t n)
{
	struct sbuf text = sbuf_of(TEXT_MAX);

	for (size_t i = 0; i < n; i++) {
		const json_t *r = json_object_get(v[i], "incident");

		sbuf_printf(&text, "%.8s  %-8s %-20s ", row_text(r, "id"), row_text(r, "severity"),
		    row_text(r, "kind"));
		fields_visible(&text, row_text(r, "summary"));
		sbuf_putc(&text, '\n');
	}
	if (!x->json)
		fwrite(sbuf_text(&text), 1, text.len, stdout);
	for (size_t i = 0; x->json && i < n; i++) {
		json_dumpf(v[i], stdout, JSON_COMPACT);
		putchar('\n');
	}
	sbuf_free(&text);
}

static int
list_open(const struct explaining *x)
{
	enum { LISTED = 100000 };
	struct sbuf request = sbuf_of(65536);
	json_t *rows = json_array(), **v;
	bool more;
	int rc;

	begin(&request, "case", "");
	rc = control_rows(x->control.path, &request, rows, LISTED, &more);
	v = calloc(json_array_size(rows) + 1, sizeof(json_t *));
	if (rc == CLI_OK && v != NULL) {
		for (size_t i = 0; i < json_array_size(rows); i++)
			v[i] = json_array_get(rows, i);
		qsort(v, json_array_size(rows), sizeof(json_t *), cmp_severity);
		print_open(x, v, json_array_size(rows));
		if (json_array_size(rows) == 0) {
			fputs("bellman: no incident is open\n", stderr);
			rc = CLI_NOTHING;
		}
	}
	free(v);
	json_decref(rows);
	sbuf_free(&request);
	return rc;
}

static int
explain(const struct explaining *x, const char *word)
{
	size_t hex = strspn(word, "0123456789abcdef");
	struct ip_prefix p;

	if (word[hex] == '\0' && hex >= ID_LEAST && hex <= ID_MAX)
		return explain_id(x, word);
	if (!ip_prefix_parse(word, false, &p))
		return cli_wrong("explain",
		    "\"%s\" is neither a prefix nor an id; right would be 203.0.113.0/24, or "
		    "some of 0 to 9 and a to f",
		    word);
	return explain_prefix(x, word, strchr(word, '/') == NULL);
}

static int
cli_explain(int argc, char **argv)
{
	struct explaining x = { .control = control_options() };
	int opt;

	while ((opt = cli_next_option(&cli_explain_command, argc, argv)) > 0) {
		if (control_option(&x.control, opt, optarg))
			continue;
		x.octets |= opt == 'O';
		x.all |= opt == 'A';
	}
	if (opt != CLI_OPTIONS_END)
		return cli_options_rc(opt);
	if (optind + 1 < argc)
		return cli_wrong(
		    "explain", "explain what? One id, or one prefix, as 203.0.113.0/24");
	if (!cli_colour("explain", x.control.when, &x.look.colour) ||
	    !cli_format("explain", x.control.format, &x.json))
		return CLI_USAGE;
	x.look.width = fields_width();
	return optind == argc ? list_open(&x) : explain(&x, argv[optind]);
}

const struct cli_command cli_explain_command = {
	.name = "explain",
	.summary = "why an incident or a prefix is what it is, route by route",
	.arguments = "[ID|PREFIX]",
	.words = CLI_INCIDENTS,
	.about =
	    "Without a word: what is open, gravest first, with the front of each id.\n"
	    "Of an incident, by the front of its id: what it is, why it is as grave as that, who "
	    "has it where it got furthest; then its prefixes.\n"
	    "Of a prefix: each route for exactly this prefix, of each router, neighbour and view: "
	    "its path, what VRPs and ASPAs say of it, what the neighbour is to us and how we know, "
	    "which rules are true of it, and why those are not that one would ask about. Of an "
	    "address: the longest prefix with it.\n"
	    "Exit 1 when there is no such route or incident; what is near is said.",
	.options = options,
	.run = cli_explain,
};
