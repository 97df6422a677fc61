/* bellman manrs. */
#include <getopt.h>
#include <stdio.h>
#include <string.h>

#include "cli/cli.h"
#include "cli/control_rows.h"
#include "cli/manrs/manrs_private.h"
#include "cli/manrs/validation_private.h"
#include "proto/control_request.h"

static const struct cli_option options[] = {
	{ 'm', true, "month", "YYYY-MM", "a calendar month in UTC (this one)", NULL },
	{ 'n', true, "neighbor", "AS", "of one neighbour, with its sessions and rules", NULL },
	{ 'n', true, "neighbour", "AS", NULL, NULL },
	{ 'p', true, "programme", "WHICH",
	    "under whose action numbers: network (default), ixp, cdn", "network ixp cdn" },
	{ 'p', true, "program", "WHICH", NULL, NULL },
	{ 'o', true, "output", "FORMAT", "text, json: one object, or html: one page to print",
	    "text json html slurm" },
	{ 'R', false, "propose", NULL,
	    "instead: which ROAs and ASPAs would be right; -o text: a list to enter at the "
	    "registry, slurm: local exceptions, json: both",
	    NULL },
	{ 'F', false, "pending", "FILE",
	    "what our routes would be with it: VRPs as a validator writes them, or local "
	    "exceptions (SLURM)",
	    CLI_FILES },
	CONTROL_OPTIONS_BUT_OUTPUT,
	{ 0 },
};

enum { ROWS_MAX = 1000000, TEXT_MAX = 1 << 28 };

struct asked {
	struct control_options control;
	const char *month, *neighbor, *pending;
	bool propose;
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

/* CLI_NOTHING when a pending change would have something of ours dropped. */
static int
print(const struct asked *a, json_t *answer)
{
	const json_t *pending = json_object_get(answer, "pending");
	struct sbuf out = sbuf_of(TEXT_MAX);

	manrs_add_evidence(answer);
	if (strcmp(a->control.format, "json") == 0) {
		json_dumpf(answer, stdout, JSON_INDENT(1));
		putchar('\n');
	} else {
		manrs_content(answer, a->programme, strcmp(a->control.format, "html") == 0, &out);
		fwrite(sbuf_text(&out), 1, out.len, stdout);
		sbuf_free(&out);
	}
	return row_number(pending, "dropped") + json_array_size(json_object_get(pending, "aspas")) >
		       0
		   ? CLI_NOTHING
		   : CLI_OK;
}

static int
propose(const struct asked *a, const json_t *answer)
{
	json_t *proposal = manrs_proposal(answer), *slurm = manrs_slurm(proposal);
	struct sbuf out = sbuf_of(TEXT_MAX);

	if (strcmp(a->control.format, "text") == 0) {
		manrs_proposal_text(answer, proposal, &out);
		fwrite(sbuf_text(&out), 1, out.len, stdout);
		sbuf_free(&out);
	} else {
		if (strcmp(a->control.format, "json") == 0)
			json_object_set(proposal, "slurm", slurm);
		json_dumpf(strcmp(a->control.format, "json") == 0 ? proposal : slurm, stdout,
		    JSON_INDENT(1));
		putchar('\n');
	}
	json_decref(slurm);
	json_decref(proposal);
	return CLI_OK;
}

/* What is so now, of the whole network; a page of one neighbour has none of it. */
static int
complete(const struct asked *a, json_t *answer)
{
	int rc = a->neighbor != NULL ? CLI_OK : manrs_gather_validation(&a->control, answer);

	if (rc == CLI_OK && a->pending != NULL && !manrs_pending(a->pending, answer))
		rc = CLI_USAGE;
	return rc;
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
		rc = complete(a, answer);
		if (rc == CLI_OK && a->propose)
			rc = propose(a, answer);
		else if (rc == CLI_OK)
			rc = print(a, answer);
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

static bool
is_format(const struct asked *a)
{
	const char *format = a->control.format;

	return strcmp(format, "text") == 0 || strcmp(format, "json") == 0 ||
	       strcmp(format, a->propose ? "slurm" : "html") == 0;
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
		else if (opt == 'F')
			a.pending = optarg;
		else if (opt == 'R')
			a.propose = true;
		else
			control_option(&a.control, opt, optarg);
	}
	if (opt != CLI_OPTIONS_END)
		return cli_options_rc(opt);
	if (optind < argc)
		return cli_wrong("manrs", "it takes no \"%s\"", argv[optind]);
	if (a.neighbor != NULL && (a.propose || a.pending != NULL))
		return cli_wrong(
		    "manrs", "--propose and --pending are about ours, not a neighbour");
	if (!is_format(&a))
		return cli_wrong("manrs", "-o is %s, not \"%s\"",
		    a.propose ? "text, json or slurm with --propose" : "text, json or html",
		    a.control.format);
	return ask(&a);
}

const struct cli_command cli_manrs_command = {
	.name = "manrs",
	.summary = "a month of the norms of routing security, as a page",
	.arguments = "",
	.about =
	    "How the network lives up to the four norms of routing security (MANRS): lights, "
	    "points, the trend by day, the neighbours, the worst first, and the command that shows "
	    "what each figure rests on. What was not watched is a gap, never zero.\n"
	    "  bellman manrs --propose -o slurm >right.json\n"
	    "  bellman manrs --pending right.json\n"
	    "Exit 1 when with --pending others would drop more of ours.",
	.options = options,
	.run = cli_manrs,
};
