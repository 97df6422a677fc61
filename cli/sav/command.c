/* bellman sav. */
#include <getopt.h>
#include <stdio.h>
#include <string.h>

#include "cli/cli.h"
#include "cli/control_rows.h"
#include "cli/sav/sav_private.h"
#include "proto/control_request.h"

static const struct cli_option options[] = {
	{ 'M', false, "method", "METHOD",
	    "bar (BAR-SAV, with ROAs and ASPAs: the default), efp-a, efp-b (RFC 8704)",
	    "bar efp-a efp-b" },
	{ 'o', true, "output", "FORMAT",
	    "list (a prefix a line), json, nftables, frr, junos, iosxr, eos, sros",
	    "list json nftables frr junos iosxr eos sros" },
	{ 'N', false, "name", "NAME", "of the list in the router's configuration; else sav-AS64501",
	    NULL },
	{ 'E', false, "explain", "PREFIX",
	    "why it is in the list, or is not: routes, VRPs, ASPAs, neighbours", NULL },
	{ 'X', false, "exclude-invalid", NULL, "routes that are invalid by ROAs count for nothing",
	    NULL },
	{ 'I', false, "incomplete", NULL, "write a list though something may be missing in it",
	    NULL },
	CONTROL_OPTIONS_BUT_OUTPUT,
	{ 0 },
};

enum { ROWS_MAX = 4000000 };

struct sav_command {
	bool exclude_invalid;
	struct control_options control;
	const char *target, *method, *name, *explain;
	bool incomplete;
};

/* --- the answer */

static int
ask(const struct sav_command *s, json_t *rows)
{
	struct sbuf request = sbuf_of(65536);
	bool more;
	int rc;

	control_request_begin(&request, "show");
	control_request_word(&request, "what", "sav");
	control_request_word(&request, "format", "json");
	control_request_word(&request, "target", s->target);
	control_request_word(&request, "method", s->method);
	if (s->exclude_invalid)
		control_request_word(&request, "invalid", "exclude");
	if (s->explain != NULL)
		control_request_word(&request, "explain", s->explain);
	rc = control_rows(s->control.path, &request, rows, ROWS_MAX, &more);
	sbuf_free(&request);
	if (rc == CLI_OK && (more || json_array_size(rows) == 0)) {
		fputs("bellman sav: the daemon's answer is not whole\n", stderr);
		return CLI_REFUSED;
	}
	return rc;
}

static void
say_gaps(const json_t *head, const char *before, FILE *to)
{
	const json_t *gaps = json_object_get(head, "gaps"), *gap;
	size_t i;

	json_array_foreach(gaps, i, gap)
		fprintf(to, "%s%s\n", before, json_string_value(gap));
	if (row_number(head, "more_gaps") > 0)
		fprintf(to, "%sand %llu more\n", before, row_number(head, "more_gaps"));
}

static void
write_json(const struct permit_list *l)
{
	json_t *out = json_deep_copy(l->head), *prefixes = json_array();
	const char *text;
	size_t at = 0;

	while ((text = permit_next(l, &at, 0)) != NULL)
		json_array_append_new(prefixes, json_string(text));
	json_object_set_new(out, "prefixes", prefixes);
	json_dumpf(out, stdout, JSON_COMPACT);
	putchar('\n');
	json_decref(out);
}

static int
write_list(const struct sav_command *s, const json_t *rows)
{
	const json_t *head = json_array_get(rows, 0);
	bool complete = row_true(head, "complete");
	struct permit_list l = { .asn = row_number(head, "asn"),
		.method = row_text(head, "method"),
		.head = head,
		.rows = rows };
	char name[64];

	snprintf(name, sizeof(name), "sav-AS%llu", l.asn);
	l.name = s->name != NULL ? s->name : name;
	if (!complete) {
		fprintf(stderr, "bellman sav: the list of %s may lack what is right:\n", s->target);
		say_gaps(head, "  ", stderr);
	}
	if (!permit_has_syntax(s->control.format))
		write_json(&l);
	else if (complete || s->incomplete)
		permit_write(&l, s->control.format, stdout);
	else
		fputs("Nothing is written: a list from half the data drops what is right. "
		      "--incomplete writes it.\n",
		    stderr);
	return complete ? CLI_OK : CLI_NOTHING;
}

static int
explain(const struct sav_command *s, const json_t *rows)
{
	const json_t *head = json_array_get(rows, 0), *about = json_array_get(rows, 1);

	if (strcmp(s->control.format, "json") == 0) {
		const json_t *row;
		size_t i;

		json_array_foreach(rows, i, row) {
			json_dumpf(row, stdout, JSON_COMPACT);
			putchar('\n');
		}
	} else {
		explain_permit(rows, s->target);
		if (!row_true(head, "complete")) {
			puts("The list may lack what is right:");
			say_gaps(head, "  ", stdout);
		}
	}
	return row_true(about, "permitted") ? CLI_OK : CLI_NOTHING;
}

static int
run(const struct sav_command *s)
{
	json_t *rows = json_array();
	int rc = ask(s, rows);

	if (rc == CLI_OK)
		rc = s->explain != NULL ? explain(s, rows) : write_list(s, rows);
	json_decref(rows);
	return rc;
}

/* A letter, then letters, digits and -_. only: it goes into configurations as it is. */
static bool
is_name(const char *name)
{
	return (*name | 32) >= 'a' && (*name | 32) <= 'z' && strlen(name) <= 48 &&
	       name[strspn(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
				 "0123456789-_.")] == '\0';
}

static int
check_and_run(struct sav_command *s, int argc, char **argv)
{
	if (optind + 1 != argc)
		return cli_wrong("sav", "whose list? One AS number or address of a neighbour");
	s->target = argv[optind];
	if (strcmp(s->control.format, "text") == 0)
		s->control.format = "list";
	if (strcmp(s->control.format, "json") != 0 && !permit_has_syntax(s->control.format))
		return cli_wrong("sav",
		    "-o is list, json, nftables, frr, junos, iosxr, eos or sros, not \"%s\"",
		    s->control.format);
	if (s->name != NULL && !is_name(s->name))
		return cli_wrong(
		    "sav", "--name is a letter and up to 47 letters, digits, - _ . behind it");
	return run(s);
}

static int
cli_sav(int argc, char **argv)
{
	struct sav_command s = { .control = control_options(), .method = "bar" };
	int opt;

	while ((opt = cli_next_option(&cli_sav_command, argc, argv)) > 0) {
		if (control_option(&s.control, opt, optarg))
			continue;
		if (opt == 'M')
			s.method = optarg;
		else if (opt == 'N')
			s.name = optarg;
		else if (opt == 'E')
			s.explain = optarg;
		else if (opt == 'X')
			s.exclude_invalid = true;
		else
			s.incomplete = true;
	}
	if (opt != CLI_OPTIONS_END)
		return cli_options_rc(opt);
	return check_and_run(&s, argc, argv);
}

const struct cli_command cli_sav_command = {
	.name = "sav",
	.summary = "which source addresses may come in from a customer",
	.arguments = "AS|NEIGHBOR",
	.words = CLI_PEERS,
	.about =
	    "Which source addresses may come in from a customer: of all its sessions, or of the "
	    "one "
	    "with this address; the fewest prefixes for them. docs/SAV.md says how it is made and "
	    "used. Where a router, a session or RPKI data is away, the list may lack what is "
	    "right: "
	    "that is said, and nothing but json is written without --incomplete.\n"
	    "  bellman sav AS64501 -o nftables | nft -c -f -\n"
	    "  bellman sav 192.0.2.1 --explain 203.0.113.0/24\n"
	    "Exit 0 when nothing is missing (with --explain: when it is permitted); else 1.",
	.options = options,
	.run = cli_sav,
};
