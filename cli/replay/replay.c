/* bellman replay: recorded streams sent as routers would send them. */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/cli.h"
#include "cli/replay/send.h"
#include "collector/recordings/source.h"

static const struct cli_option options[] = {
	{ 't', false, "to", "HOST:PORT", "where to", NULL },
	{ 'x', false, "speed", "X",
	    "1: as recorded, or as the messages' own times say; 10: ten times as fast; max: as TCP "
	    "takes it (max)",
	    "max 1 10" },
	{ 'l', false, "loop", "N", "send the files N times, reconnecting (1)", NULL },
	{ 'H', false, "hold", "DURATION", "keep the connections open for so long afterwards (0)",
	    NULL },
	{ 0 },
};

static bool
readable(char **paths, int n)
{
	char error[SOURCE_ERROR_MAX];
	struct source *s;

	for (int i = 0; i < n; i++) {
		if (strcmp(paths[i], "-") == 0)
			continue;
		s = source_open(paths[i], error, sizeof(error));
		if (s == NULL) {
			fprintf(stderr, "%s\n", error);
			return false;
		}
		source_close(s);
	}
	return true;
}

struct replay {
	struct replay_target target;
	const char *to;
	double hold;
	unsigned long long loops;
};

/* The exit code; CLI_OK to go on. */
static int
parse_option(struct replay *r, int opt)
{
	char *end;

	switch (opt) {
	case 't':
		r->to = optarg;
		return CLI_OK;
	case 'x':
		r->target.speed = strtod(optarg, &end);
		if (strcmp(optarg, "max") == 0)
			r->target.speed = 0;
		else if (*end != '\0' || !(r->target.speed > 0))
			return cli_wrong(
			    "replay", "--speed is max or a factor above 0, not \"%s\"", optarg);
		return CLI_OK;
	case 'l':
		if (!cli_number(optarg, 1, UINT32_MAX, &r->loops))
			return cli_wrong(
			    "replay", "--loop is a number from 1 on, not \"%s\"", optarg);
		return CLI_OK;
	case 'H':
		r->hold = cli_duration(optarg);
		if (r->hold < 0)
			return cli_wrong(
			    "replay", "--hold is a time, as 90s or 10m, not \"%s\"", optarg);
		return CLI_OK;
	default:
		return CLI_USAGE;
	}
}

static int
cli_replay(int argc, char **argv)
{
	struct replay r = { .loops = 1 };
	char error[256];
	int opt, rc = CLI_OK;

	while ((opt = cli_next_option(&cli_replay_command, argc, argv)) > 0)
		if ((rc = parse_option(&r, opt)) != CLI_OK)
			return rc;
	if (opt != CLI_OPTIONS_END)
		return cli_options_rc(opt);
	if (r.to == NULL)
		return cli_wrong("replay", "where to? --to HOST:PORT");
	if (optind >= argc)
		return cli_wrong("replay", "which file? \"-\" is standard input");
	if (!replay_address(r.to, &r.target, error, sizeof(error))) {
		fprintf(stderr, "bellman: %s\n", error);
		return CLI_USAGE;
	}
	if (!readable(argv + optind, argc - optind))
		return CLI_USAGE;
	for (; rc == CLI_OK && r.loops > 0; r.loops--)
		rc = replay_files(argv + optind, (size_t)(argc - optind), &r.target, r.hold);
	return rc;
}

const struct cli_command cli_replay_command = {
	.name = "replay",
	.summary = "send recorded streams as routers would",
	.arguments = "FILE... --to HOST:PORT",
	.words = CLI_FILES,
	.about =
	    "Files are raw BMP, captures (pcap, pcapng), MRT (updates and RIB dumps) or OpenBMP "
	    "raw "
	    "messages, also packed with gzip, bzip2 or zstd; \"-\" is standard input. Each "
	    "router's "
	    "stream in them is one TCP connection, all in parallel.\n"
	    "Exit: 0 all was sent, 1 something was not, or there was nothing to send, 2 a file "
	    "cannot be read or is of no known format.",
	.options = options,
	.run = cli_replay,
};
