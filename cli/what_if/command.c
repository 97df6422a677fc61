/* bellman what-if. */
#include <getopt.h>
#include <stdio.h>
#include <string.h>

#include "cli/cli.h"
#include "cli/what_if/what_if_private.h"

static const struct cli_option options[] = {
	{ 'R', false, "roa", "'PREFIX[-MAXLEN] AS'", "as if there were this ROA, too", NULL },
	{ 'N', false, "no-roa", "'PREFIX[-MAXLEN] AS'", "as if this one were gone", NULL },
	{ 'A', false, "aspa", "'AS PROVIDER,...'",
	    "as if these were the providers of the AS, by its ASPA", NULL },
	{ 'O', false, "no-aspa", "AS", "as if it had no ASPA", NULL },
	{ 'U', false, "rule", "NAME=off", "as if the rule were off", NULL },
	CONTROL_OPTIONS,
	{ 0 },
};

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
	if (rc == CLI_OK && w->edits.n > 0)
		rc = what_if_own_roas(w, &ours);
	if (rc == CLI_OK && w->aspas.n > 0)
		rc = what_if_own_aspas(w, &ours);
	if (rc == CLI_OK && w->rules_off.len > 0)
		rc = what_if_rules(w);
	return rc == CLI_OK && ours ? CLI_NOTHING : rc;
}

static int
cli_what_if(int argc, char **argv)
{
	struct what_if w = { .control = control_options(), .rules_off = sbuf_of(4096) };
	int opt, rc = CLI_USAGE;

	while ((opt = cli_next_option(&cli_what_if_command, argc, argv)) > 0) {
		if (control_option(&w.control, opt, optarg))
			continue;
		if (!option(&w, opt, optarg))
			goto out;
	}
	if (opt != CLI_OPTIONS_END)
		rc = cli_options_rc(opt);
	else if (optind < argc)
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

const struct cli_command cli_what_if_command = {
	.name = "what-if",
	.summary = "what another ROA or ASPA would change, or a rule that is off",
	.arguments = "",
	.about =
	    "Lists the prefixes whose routes would be another thing to origin validation (valid, "
	    "invalid, not-found) in the tables there are now: ours first, the first 1,000, all "
	    "counted. Of an ASPA: those of which aspa.invalid would be true, or no longer, where "
	    "they come in and where they go out (would our provider drop them?). Of a rule: the "
	    "open incidents that would close. Nothing is changed. Without MAXLEN it is the "
	    "prefix's own length. Each may be given several times.\n"
	    "  bellman what-if --roa '203.0.113.0/24-25 AS64500' --no-roa '203.0.113.0/24 "
	    "AS64499'\n"
	    "Exit 0 when nothing of ours would become invalid, or no longer be known as ours, and "
	    "no provider of ours is missing in an ASPA of ours; else 1.",
	.options = options,
	.run = cli_what_if,
};
