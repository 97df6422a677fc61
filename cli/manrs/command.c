/* bellman manrs. */
#include <getopt.h>
#include <stdio.h>
#include <string.h>

#include "cli/cli.h"
#include "cli/control_rows.h"
#include "cli/manrs/manrs_private.h"
#include "proto/control_request.h"

static const struct cli_option options[] = {
	{ 'm', true, "month", "YYYY-MM", "a calendar month in UTC (this one)", NULL },
	{ 'n', true, "neighbor", "AS", "of one neighbour, with its sessions and rules", NULL },
	{ 'n', true, "neighbour", "AS", NULL, NULL },
	{ 'p', true, "programme", "WHICH",
	    "under whose action numbers: network (default), ixp, cdn", "network ixp cdn" },
	{ 'p', true, "program", "WHICH", NULL, NULL },
	{ 'o', true, "output", "FORMAT", "text, json: one object, or html: one page to print",
	    "text json html" },
	CONTROL_OPTIONS_BUT_OUTPUT,
	{ 0 },
};

enum { ROWS_MAX = 1000000, TEXT_MAX = 1 << 28 };

struct asked {
	struct control_options control;
	const char *month, *neighbor;
	enum programme programme;
};

/* Rows by what they are. */
static json_t *
answer_of(const json_t *rows)
{
	static const char *const kinds[][2] = { { "action", "actions" }, { "score", "scores" },
		{ "day", "days" }, { "neighbor", "neighbors" }, { "incident", "incidents" },
		{ "own", "own_prefixes" }, { "permit", "permit_lists" }, { "filter", "filters" },
		{ "asn", "own_asns" }, { "contact", "contacts" } };
	json_t *answer = json_object();

	for (size_t k = 0; k < sizeof(kinds) / sizeof(kinds[0]); k++)
		json_object_set_new(answer, kinds[k][1], json_array());
	for (size_t i = 0; i < json_array_size(rows); i++) {
		json_t *row = json_incref(json_array_get(rows, i));
		char kind[16];
		size_t k = 0;

		snprintf(kind, sizeof(kind), "%s", row_text(row, "row"));
		json_object_del(row, "row");
		while (k < sizeof(kinds) / sizeof(kinds[0]) && strcmp(kinds[k][0], kind) != 0)
			k++;
		if (k < sizeof(kinds) / sizeof(kinds[0]))
			json_array_append_new(json_object_get(answer, kinds[k][1]), row);
		else
			json_object_set_new(answer, kind, row);
	}
	return answer;
}

static void
print(const struct asked *a, json_t *answer)
{
	struct sbuf out = sbuf_of(TEXT_MAX);

	manrs_add_evidence(answer);
	if (strcmp(a->control.format, "json") == 0) {
		json_dumpf(answer, stdout, JSON_INDENT(1));
		putchar('\n');
		return;
	}
	manrs_content(answer, a->programme, strcmp(a->control.format, "html") == 0, &out);
	fwrite(sbuf_text(&out), 1, out.len, stdout);
	sbuf_free(&out);
}

static int
ask(const struct asked *a)
{
	struct sbuf request = sbuf_of(4096);
	json_t *rows = json_array(), *answer;
	bool more;
	int rc;

	control_request_begin(&request, "show");
	control_request_word(&request, "what", "norms");
	control_request_word(&request, "format", "json");
	if (a->month != NULL)
		control_request_word(&request, "month", a->month);
	if (a->neighbor != NULL)
		control_request_word(&request, "neighbor", a->neighbor);
	rc = control_rows(a->control.path, &request, rows, ROWS_MAX, &more);
	if (rc == CLI_OK) {
		answer = answer_of(rows);
		print(a, answer);
		json_decref(answer);
	}
	json_decref(rows);
	sbuf_free(&request);
	return rc;
}

static bool
programme_named(const char *name, enum programme *out)
{
	static const char *const names[PROGRAMMES] = { "network", "ixp", "cdn" };

	for (int i = 0; i < PROGRAMMES; i++)
		if (strcmp(names[i], name) == 0) {
			*out = (enum programme)i;
			return true;
		}
	cli_wrong("manrs", "--programme is network, ixp or cdn, not \"%s\"", name);
	return false;
}

/* "AS64501" or "64501". */
static const char *
asn_of(const char *text)
{
	unsigned long long asn;
	const char *digits = strncasecmp(text, "AS", 2) == 0 ? text + 2 : text;

	if (cli_number(digits, 1, UINT32_MAX, &asn))
		return digits;
	cli_wrong("manrs", "--neighbor is an AS number, as AS64501, not \"%s\"", text);
	return NULL;
}

static int
cli_manrs(int argc, char **argv)
{
	struct asked a = { .control = control_options() };
	int opt;

	while ((opt = cli_next_option(&cli_manrs_command, argc, argv)) > 0) {
		if (opt == 'm')
			a.month = optarg;
		else if (opt == 'n' && (a.neighbor = asn_of(optarg)) == NULL)
			return CLI_USAGE;
		else if (opt == 'p' && !programme_named(optarg, &a.programme))
			return CLI_USAGE;
		else
			control_option(&a.control, opt, optarg);
	}
	if (opt != CLI_OPTIONS_END)
		return cli_options_rc(opt);
	if (optind < argc)
		return cli_wrong("manrs", "it takes no \"%s\"", argv[optind]);
	if (strcmp(a.control.format, "html") != 0 && strcmp(a.control.format, "text") != 0 &&
	    strcmp(a.control.format, "json") != 0)
		return cli_wrong("manrs", "-o is text, json or html, not \"%s\"", a.control.format);
	return ask(&a);
}

const struct cli_command cli_manrs_command = {
	.name = "manrs",
	.summary = "a month of the norms of routing security, as a page",
	.arguments = "",
	.about =
	    "How the network lives up to the four norms of routing security (MANRS): lights, "
	    "points, the trend by day, the neighbours, the worst first, and the command that shows "
	    "what each figure rests on. What was not watched is a gap, never zero.",
	.options = options,
	.run = cli_manrs,
};
