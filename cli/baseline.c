/* bellman baseline. */
#include <getopt.h>
#include <stdio.h>
#include <string.h>

#include "cli/cli.h"
#include "cli/control_client.h"
#include "proto/control_request.h"

static const struct cli_option options[] = {
	{ 'W', false, "why", "TEXT", "told with it", NULL },
	CONTROL_OPTIONS,
	{ 0 },
};

static int
cli_baseline(int argc, char **argv)
{
	struct control_options control = control_options();
	struct sbuf request = sbuf_of(65536);
	const char *why = NULL, *what = "show";
	unsigned long lines;
	bool json;
	int opt, rc = CLI_USAGE;

	while ((opt = cli_next_option(&cli_baseline_command, argc, argv)) > 0) {
		if (control_option(&control, opt, optarg))
			continue;
		why = optarg;
	}
	if (opt != CLI_OPTIONS_END)
		return cli_options_rc(opt);
	if (optind < argc)
		what = argv[optind++];
	if (optind < argc || (strcmp(what, "show") != 0 && strcmp(what, "reset") != 0))
		return cli_wrong("baseline", "right would be nothing, \"show\" or \"reset\"");
	if (why != NULL && strcmp(what, "show") == 0)
		return cli_wrong("baseline", "--why is of \"reset\"");
	control_request_begin(&request, "baseline");
	if (control_options_add(&control, "baseline", &request, &json)) {
		control_request_word(&request, "do", what);
		control_request_word(&request, "why", why != NULL ? why : "");
		control_request_word(&request, "who", cli_user());
		rc = control_run(control.path, &request, &lines);
	}
	sbuf_free(&request);
	return rc;
}

const struct cli_command cli_baseline_command = {
	.name = "baseline",
	.summary = "what was wrong already when the collector began to look",
	.arguments = "[show]\nreset [--why TEXT]",
	.words = "show reset",
	.about =
	    "The baseline is what third parties did wrong already when the first tables came in. "
	    "It was told as one incident; what is new since then is told by itself. What is ours "
	    "or of our customers is never in it. `reset` takes what is there now as the baseline: "
	    "open incidents of third parties are closed as known (reason baseline), and it is told "
	    "(event baseline.reset).",
	.options = options,
	.run = cli_baseline,
};
