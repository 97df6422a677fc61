#include <getopt.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/cli.h"
#include "cli/control_client.h"
#include "proto/control_request.h"

static const char usage[] =
    "usage: bellman tail [-f] [-n N] [--since DURATION] [-c N] [-o text|json] [--color WHEN] [-s "
    "SOCKET] [FILTER...]\n"
    "\n"
    "  -f, --follow          go on as things happen\n"
    "  -n, --lines N         the last N that match (10, with --since all); 0 for none\n"
    "      --since DURATION  since then: 90s, 10m, 2h, 1d\n"
    "  -c, --count N         leave after N lines\n"
    "  -o, --output FORMAT   text, or json: one object a line\n"
    "      --color WHEN      auto (on a terminal), always, never\n"
    "  -s, --socket PATH     control socket of the daemon\n"
    "\n"
    "A filter is evaluated in the daemon:\n"
    "  bellman tail -f 'severity >= warning and prefix in 203.0.113.0/24 and not router lab1'\n"
    "  fields: severity kind router peer table as origin prefix transition type reason id muted\n"
    "          dry_run (true, false; without it rules in dry-run are left out)\n"
    "  operators: = != ~ >= <= > < in covers, and or not ( )\n";

/* Add the word; false, and a message, when the argument of the option is no number. */
static bool
number(struct sbuf *request, const char *key, const char *option, const char *argument)
{
	unsigned long long n;

	if (!cli_number(argument, 0, UINT32_MAX, &n)) {
		cli_wrong("tail", "%s is a number of lines, not \"%s\"", option, argument);
		return false;
	}
	control_request_word(request, key, argument);
	return true;
}

int
cli_tail(int argc, char **argv)
{
	static const struct option options[] = { { "follow", no_argument, NULL, 'f' },
		{ "lines", required_argument, NULL, 'n' },
		{ "since", required_argument, NULL, 'S' },
		{ "count", required_argument, NULL, 'c' }, CONTROL_OPTION_ROWS,
		{ NULL, 0, NULL, 0 } };
	struct sbuf request = sbuf_of(65536);
	struct control_options control = control_options();
	const char *follow = "0";
	char since[32];
	unsigned long lines;
	bool json;
	int opt, rc = CLI_USAGE;

	control_request_begin(&request, "tail");
	while (
	    (opt = getopt_long(argc, argv, ":fn:c:" CONTROL_OPTION_LETTERS, options, NULL)) != -1) {
		if (control_option(&control, opt, optarg))
			continue;
		switch (opt) {
		case 'f':
			follow = "1";
			break;
		case 'n':
			if (!number(&request, "n", "-n", optarg))
				goto out;
			break;
		case 'S':
			if (cli_duration(optarg) < 0) {
				cli_wrong("tail",
				    "--since is a duration, as 90s, 10m, 2h or 1d, "
				    "not \"%s\"",
				    optarg);
				goto out;
			}
			snprintf(since, sizeof(since), "%.3f", cli_duration(optarg));
			control_request_word(&request, "since", since);
			break;
		case 'c':
			if (!number(&request, "count", "-c", optarg))
				goto out;
			break;
		case 'h':
			rc = cli_usage(usage, CLI_OK);
			goto out;
		default:
			cli_wrong_option("tail", argv, opt);
			goto out;
		}
	}
	if (!control_options_add(&control, "tail", &request, &json))
		goto out;
	control_request_word(&request, "follow", follow);
	control_arguments_add(&request, "filter", argc - optind, argv + optind);
	rc = control_run(control.path, &request, &lines);
out:
	sbuf_free(&request);
	return rc;
}
