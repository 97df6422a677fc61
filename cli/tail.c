#include <getopt.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/cli.h"
#include "cli/control_client.h"
#include "proto/control_request.h"

static const struct cli_option options[] = {
	{ 'f', true, "follow", NULL, "go on as things happen", NULL },
	{ 'n', true, "lines", "N", "the last N that match (10, with --since all); 0 for none",
	    NULL },
	{ 'S', false, "since", "DURATION", "since then: 90s, 10m, 2h, 1d", NULL },
	{ 'c', true, "count", "N", "leave after N lines", NULL },
	CONTROL_OPTIONS,
	{ 0 },
};
static const char about[] =
    "A filter is evaluated in the daemon:\n"
    "  bellman tail -f 'severity >= warning and prefix in 203.0.113.0/24 and not router lab1'\n"
    "Fields: severity kind router peer table as origin prefix transition type reason id muted "
    "dry_run (true, false; without it rules in dry-run are left out). "
    "Operators: = != ~ >= <= > < in covers, and or not ( ).\n";
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

static int
cli_tail(int argc, char **argv)
{
	struct sbuf request = sbuf_of(65536);
	struct control_options control = control_options();
	const char *follow = "0";
	char since[32];
	unsigned long lines;
	bool json;
	int opt, rc = CLI_USAGE;

	control_request_begin(&request, "tail");
	while ((opt = cli_next_option(&cli_tail_command, argc, argv)) > 0) {
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
		}
	}
	rc = cli_options_rc(opt);
	if (rc >= 0)
		goto out;
	rc = CLI_USAGE;
	if (!control_options_add(&control, "tail", &request, &json))
		goto out;
	control_request_word(&request, "follow", follow);
	control_arguments_add(&request, "filter", argc - optind, argv + optind);
	rc = control_run(control.path, &request, &lines);
out:
	sbuf_free(&request);
	return rc;
}

const struct cli_command cli_tail_command = {
	.name = "tail",
	.summary = "incidents and events as they happen, and those before",
	.arguments = "[FILTER...]",
	.about = about,
	.options = options,
	.run = cli_tail,
};
