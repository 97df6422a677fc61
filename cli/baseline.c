/* bellman baseline. */
#include <getopt.h>
#include <stdio.h>
#include <string.h>

#include "cli/cli.h"
#include "cli/control_client.h"
#include "proto/control_request.h"

static const char usage[] =
    "usage: bellman baseline [show] [-o text|json] [-s SOCKET]\n"
    "       bellman baseline reset [--why TEXT] [-o text|json] [-s SOCKET]\n"
    "\n"
    "      --why TEXT      told with it\n"
    "  -s, --socket PATH   control socket of the daemon\n"
    "\n"
    "The baseline is what third parties did wrong already when the first tables came in. It was\n"
    "told as one incident; what is new since then is told by itself. What is ours or of our\n"
    "customers is never in it. `reset` takes what is there now as the baseline: open incidents of\n"
    "third parties are closed as known (reason baseline), and it is told (event baseline.reset).\n";

int
cli_baseline(int argc, char **argv)
{
	static const struct option options[] = { { "why", required_argument, NULL, 'W' },
		CONTROL_OPTION_ROWS, { NULL, 0, NULL, 0 } };
	struct control_options control = control_options();
	struct sbuf request = sbuf_of(65536);
	const char *why = NULL, *what = "show";
	unsigned long lines;
	bool json;
	int opt, rc = CLI_USAGE;

	while ((opt = getopt_long(argc, argv, ":" CONTROL_OPTION_LETTERS, options, NULL)) != -1) {
		if (control_option(&control, opt, optarg))
			continue;
		if (opt != 'W')
			return opt == 'h' ? cli_usage(usage, CLI_OK)
					  : cli_wrong_option("baseline", argv, opt);
		why = optarg;
	}
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
