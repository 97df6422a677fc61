/* bellman replay: recorded streams sent as routers would send them. */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/cli.h"
#include "cli/replay_send.h"
#include "collector/files/source.h"

static const char usage[] =
    "usage: bellman replay FILE... --to HOST:PORT [--speed X|max] [--loop N] [--hold SECONDS]\n"
    "\n"
    "Files are raw BMP, captures (pcap, pcapng), MRT (updates and RIB dumps) or OpenBMP raw\n"
    "messages, also packed with gzip, bzip2 or zstd; \"-\" is standard input. Each router's "
    "stream\n"
    "in them is one TCP connection, all in parallel.\n"
    "  --speed X   1: as recorded, or as the messages' own times say; 10: ten times as fast;\n"
    "              max: as TCP takes it (max)\n"
    "  --loop N    send the files N times, reconnecting (1)\n"
    "  --hold S    keep the connections open for S seconds afterwards (0)\n";

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

int
cli_replay(int argc, char **argv)
{
	static const struct option options[] = { { "to", required_argument, NULL, 't' },
		{ "speed", required_argument, NULL, 'x' }, { "loop", required_argument, NULL, 'l' },
		{ "hold", required_argument, NULL, 'H' }, { "help", no_argument, NULL, 'h' },
		{ NULL, 0, NULL, 0 } };
	struct replay_target target = { .speed = 0 };
	const char *to = NULL;
	double hold = 0;
	long loops = 1;
	char error[256];
	int opt;

	while ((opt = getopt_long(argc, argv, "h", options, NULL)) != -1) {
		switch (opt) {
		case 't':
			to = optarg;
			break;
		case 'x':
			target.speed = strcmp(optarg, "max") == 0 ? 0 : atof(optarg);
			if (target.speed < 0 || (target.speed == 0 && strcmp(optarg, "max") != 0))
				return cli_usage(usage, CLI_USAGE);
			break;
		case 'l':
			loops = atol(optarg);
			break;
		case 'H':
			hold = cli_duration(optarg);
			break;
		default:
			return cli_usage(usage, opt == 'h' ? CLI_OK : CLI_USAGE);
		}
	}
	if (to == NULL || optind >= argc || loops < 1 || hold < 0)
		return cli_usage(usage, CLI_USAGE);
	if (!replay_address(to, &target, error, sizeof(error))) {
		fprintf(stderr, "bellman: %s\n", error);
		return CLI_USAGE;
	}
	if (!readable(argv + optind, argc - optind))
		return CLI_USAGE;
	for (; loops > 0; loops--)
		if (!replay_files(argv + optind, (size_t)(argc - optind), &target, hold))
			return CLI_NOTHING;
	return CLI_OK;
}
