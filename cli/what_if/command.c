/* bellman what-if. */
#include <getopt.h>
#include <stdio.h>
#include <string.h>

#include "cli/cli.h"
#include "cli/what_if/what_if_private.h"

static const char usage[] =
    "usage: bellman what-if [--roa ROA]... [--no-roa ROA]... [--aspa ASPA]... [--no-aspa AS]...\n"
    "                       [--rule NAME=off]... [-o text|json] [--color WHEN] [-s SOCKET]\n"
    "\n"
    "      --roa \"PREFIX[-MAXLEN] AS\"     as if there were this ROA, too\n"
    "      --no-roa \"PREFIX[-MAXLEN] AS\"  as if this one were gone\n"
    "      --aspa \"AS PROVIDER,...\"       as if these were the providers of the AS, by its ASPA\n"
    "      --no-aspa AS                   as if it had no ASPA\n"
    "      --rule NAME=off                as if the rule were off\n"
    "  -o, --output FORMAT                text, or json: one object a line\n"
    "      --color WHEN                   auto (on a terminal), always, never\n"
    "  -s, --socket PATH                  control socket of the daemon\n"
    "\n"
    "  bellman what-if --roa \"203.0.113.0/24-25 AS64500\" --no-roa \"203.0.113.0/24 AS64499\"\n"
    "\n"
    "Lists the prefixes whose routes would be another thing to origin validation (valid, invalid,\n"
    "not-found) in the tables there are now: ours first, the first 1,000, all counted. Of an "
    "ASPA:\n"
    "those of which aspa.invalid would be true, or no longer, where they come in and where they "
    "go\n"
    "out (would our provider drop them?). Of a rule: the open incidents that would close. Nothing\n"
    "is changed. Without MAXLEN it is the prefix's own length.\n"
    "Exit 0 when nothing of ours would become invalid and no provider of ours is missing in an\n"
    "ASPA of ours; else 1.\n";

static bool
add_rule(struct what_if *w, const char *text)
{
	const char *equals = strchr(text, '=');

	if (equals == NULL || equals == text || strcmp(equals, "=off") != 0) {
		cli_wrong("what-if", "--rule is NAME=off, as leak.otc=off, not \"%s\"", text);
		return false;
	}
	sbuf_printf(
	    &w->rules_off, "%s%.*s", w->rules_off.len > 0 ? "," : "", (int)(equals - text), text);
	return true;
}

static bool
option(struct what_if *w, int opt, const char *argument)
{
	switch (opt) {
	case 'R':
		return what_if_add_roa(w, "--roa", argument, false);
	case 'A':
		return what_if_add_aspa(w, "--aspa", argument, false);
	case 'O':
		return what_if_add_aspa(w, "--no-aspa", argument, true);
	case 'N':
		return what_if_add_roa(w, "--no-roa", argument, true);
	default:
		return add_rule(w, argument);
	}
}

static int
run(const struct what_if *w)
{
	bool ours = false;
	int rc = CLI_OK;

	if (w->edits.n > 0)
		rc = what_if_check_roas(w);
	if (rc == CLI_OK && w->edits.n + w->aspas.n > 0)
		rc = what_if_flips(w, &ours);
	if (rc == CLI_OK && w->aspas.n > 0)
		rc = what_if_own_aspas(w, &ours);
	if (rc == CLI_OK && w->rules_off.len > 0)
		rc = what_if_rules(w);
	return rc == CLI_OK && ours ? CLI_NOTHING : rc;
}

int
cli_what_if(int argc, char **argv)
{
	static const struct option options[] = { { "roa", required_argument, NULL, 'R' },
		{ "no-roa", required_argument, NULL, 'N' },
		{ "aspa", required_argument, NULL, 'A' },
		{ "no-aspa", required_argument, NULL, 'O' },
		{ "rule", required_argument, NULL, 'U' }, CONTROL_OPTION_ROWS,
		{ NULL, 0, NULL, 0 } };
	struct what_if w = { .control = control_options(), .rules_off = sbuf_of(4096) };
	int opt, rc = CLI_USAGE;

	while ((opt = getopt_long(argc, argv, ":" CONTROL_OPTION_LETTERS, options, NULL)) != -1) {
		if (control_option(&w.control, opt, optarg))
			continue;
		if (strchr("RNAOU", opt) == NULL) {
			rc = opt == 'h' ? cli_usage(usage, CLI_OK)
					: cli_wrong_option("what-if", argv, opt);
			goto out;
		}
		if (!option(&w, opt, optarg))
			goto out;
	}
	if (optind < argc)
		cli_wrong("what-if", "what is \"%s\"? A ROA is one word: --roa \"%s\"",
		    argv[optind], "203.0.113.0/24 AS64500");
	else if (w.edits.n + w.aspas.n == 0 && w.rules_off.len == 0)
		cli_wrong("what-if", "what if what? --roa, --no-roa, --aspa, --no-aspa or --rule");
	else if (cli_colour("what-if", w.control.when, &w.colour) &&
		 cli_format("what-if", w.control.format, &w.json))
		rc = run(&w);
out:
	sbuf_free(&w.rules_off);
	return rc;
}
