#include <getopt.h>
#include <stdio.h>
#include <string.h>

#include "cli/cli.h"
#include "cli/control_client.h"
#include "proto/control_request.h"

static const char usage[] =
    "usage: bellman show WHAT [-o text|json] [--color WHEN] [-s SOCKET]\n"
    "\n"
    "  routers                   sessions, peers, routes, counters\n"
    "  peers                     neighbours per view, and what is suspicious about them\n"
    "  incidents [FILTER...]     what is open\n"
    "  routes PREFIX             who says what about exactly this prefix, in which view\n"
    "  rpki [PREFIX ASN]         caches and files; or the validation of a route\n"
    "  stats                     sums of everything\n"
    "\n"
    "Exit 1 when there is nothing to show.\n";

static int
arguments(const char *what, int argc, char **argv, struct sbuf *request)
{
	struct sbuf filter = sbuf_of(8192);

	if (strcmp(what, "routes") == 0) {
		if (argc != 1)
			return cli_wrong("show", "routes of which prefix? One, as 203.0.113.0/24");
		control_request_word(request, "prefix", argv[0]);
	} else if (strcmp(what, "rpki") == 0) {
		if (argc != 0 && argc != 2)
			return cli_wrong(
			    "show", "rpki takes nothing, or a prefix and an AS number");
		if (argc == 2) {
			control_request_word(request, "prefix", argv[0]);
			control_request_word(request, "asn", argv[1]);
		}
	} else if (strcmp(what, "incidents") == 0) {
		for (int i = 0; i < argc; i++)
			sbuf_printf(&filter, "%s%s", i > 0 ? " " : "", argv[i]);
		control_request_word(request, "filter", sbuf_text(&filter));
		sbuf_free(&filter);
	} else if (argc != 0) {
		return cli_wrong("show", "%s takes no \"%s\"", what, argv[0]);
	}
	return CLI_OK;
}

int
cli_show(int argc, char **argv)
{
	static const struct option options[] = { { "output", required_argument, NULL, 'o' },
		{ "color", required_argument, NULL, 'C' },
		{ "colour", required_argument, NULL, 'C' },
		{ "socket", required_argument, NULL, 's' }, { "help", no_argument, NULL, 'h' },
		{ NULL, 0, NULL, 0 } };
	struct sbuf request = sbuf_of(65536);
	const char *path = control_default(), *when = "auto", *format = "text", *what;
	unsigned long lines, header;
	bool colour, json;
	int opt, rc;

	while ((opt = getopt_long(argc, argv, ":o:s:h", options, NULL)) != -1) {
		if (opt == 'o')
			format = optarg;
		else if (opt == 'C')
			when = optarg;
		else if (opt == 's')
			path = optarg;
		else if (opt == 'h')
			return cli_usage(usage, CLI_OK);
		else
			return cli_wrong_option("show", argv, opt);
	}
	if (optind >= argc)
		return cli_wrong("show", "what? routers, peers, incidents, routes, rpki or stats");
	if (!cli_colour("show", when, &colour) || !cli_format("show", format, &json))
		return CLI_USAGE;
	what = argv[optind++];
	control_request_begin(&request, "show");
	control_request_word(&request, "what", what);
	control_request_word(&request, "format", format);
	control_request_word(&request, "colour", colour ? "1" : "0");
	rc = arguments(what, argc - optind, argv + optind, &request);
	if (rc == CLI_OK) {
		rc = control_run(path, &request, &lines);
		header = !json && (strcmp(what, "routers") == 0 || strcmp(what, "peers") == 0 ||
				      strcmp(what, "routes") == 0);
		if (rc == CLI_OK && lines <= header)
			rc = CLI_NOTHING;
	}
	sbuf_free(&request);
	return rc;
}
