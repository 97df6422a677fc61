/* bellman suggest. */
#include <getopt.h>
#include <stdio.h>

#include "cli/cli.h"
#include "cli/control_rows.h"
#include "cli/suggest/suggest_private.h"

static const struct cli_option options[] = {
	{ 'o', true, "output", "FORMAT",
	    "text: YAML for the configuration; or json: one object a line", "text json" },
	CONTROL_OPTIONS_BUT_OUTPUT,
	{ 0 },
};

enum { ROWS_MAX = 200000, TEXT_MAX = 1 << 28 };

static int
ask(const struct control_options *control, const char *what, const char *asns, json_t *rows)
{
	return control_rows_of(control->path, "suggest", what, asns, rows, ROWS_MAX);
}

static int
suggest(const struct control_options *control, bool json)
{
	struct suggestions s = { .json = json, .out = sbuf_of(TEXT_MAX) };
	json_t *peers = json_array(), *own = json_array(), *originated = json_array();
	struct sbuf asns = sbuf_of(4096);
	int rc = ask(control, "peers", NULL, peers);

	suggest_local_asns(peers, &asns);
	if (rc == CLI_OK)
		rc = ask(control, "own", sbuf_text(&asns), own);
	if (rc == CLI_OK)
		rc = ask(control, "originated", NULL, originated);
	if (rc == CLI_OK) {
		suggest_neighbors(&s, peers);
		suggest_own(&s, peers, own, originated);
		fwrite(sbuf_text(&s.out), 1, s.out.len, stdout);
		if (s.n == 0)
			fputs("bellman: there is nothing to suggest: what the sessions show is "
			      "known, or too little\n",
			    stderr);
	}
	sbuf_free(&s.out);
	sbuf_free(&asns);
	json_decref(peers);
	json_decref(own);
	json_decref(originated);
	return rc == CLI_OK && s.n == 0 ? CLI_NOTHING : rc;
}

static int
cli_suggest(int argc, char **argv)
{
	struct control_options control = control_options();
	bool json;
	int opt;

	while ((opt = cli_next_option(&cli_suggest_command, argc, argv)) > 0)
		control_option(&control, opt, optarg);
	if (opt != CLI_OPTIONS_END)
		return cli_options_rc(opt);
	if (optind < argc)
		return cli_wrong("suggest", "it takes no \"%s\"", argv[optind]);
	if (!cli_format("suggest", control.format, &json))
		return CLI_USAGE;
	return suggest(&control, json);
}

const struct cli_command cli_suggest_command = {
	.name = "suggest",
	.summary = "configuration from what the sessions show",
	.arguments = "",
	.about =
	    "Proposes configuration from what the sessions show. Nothing is changed.\n"
	    "neighbors: what a neighbour is to us, where neither the configuration nor BGP roles "
	    "say it: full in and little out is a provider, little in and full out a customer, "
	    "little both ways a peer. Full is half of the largest table of the router or more "
	    "(which has 1,000 routes or more), little a tenth of it or less.\n"
	    "own: AS numbers of ours by the OPENs, prefixes by the VRPs of our AS numbers and by "
	    "what we originate, where the configuration has none that covers them.\n"
	    "It is a guess by numbers: read each line before it is used. Exit 1 when there is "
	    "nothing.",
	.options = options,
	.run = cli_suggest,
};
