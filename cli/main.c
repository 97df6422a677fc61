#include <stdio.h>
#include <string.h>

#include "base/standard.h"
#include "cli/cli.h"

static const struct {
	const char *name, *help;
	int (*run)(int argc, char **argv);
} commands[] = {
	{ "tail", "incidents and events as they happen, and those before", cli_tail },
	{ "show", "routers, peers, incidents, routes, rpki, mutes, stats", cli_show },
	{ "explain", "why an incident or a prefix is what it is, route by route", cli_explain },
	{ "what-if", "what another ROA or ASPA would change, or a rule that is off", cli_what_if },
	{ "sav", "which source addresses may come in from a customer", cli_sav },
	{ "suggest", "configuration from what the sessions show", cli_suggest },
	{ "manrs", "a month of the norms of routing security, as a page", cli_manrs },
	{ "mute", "no alarm for these incidents for a while", cli_mute },
	{ "ack", "an incident is known: no alarm unless it gets worse", cli_ack },
	{ "unmute", "end a mute or an ack", cli_unmute },
	{ "baseline", "what was wrong already when the collector began to look", cli_baseline },
	{ "decode", "explain a recorded BMP stream, or count what is in it", cli_decode },
	{ "replay", "send recorded streams as routers would", cli_replay },
	{ "convert", "recorded streams into raw BMP, OpenBMP messages or an MRT dump",
	    cli_convert },
	{ "check", "validate routes against VRPs, paths against ASPAs (check rov, check aspa)",
	    cli_check },
	{ "demo", "the whole thing on loopback, in half a minute", cli_demo },
};
enum { COMMANDS = sizeof(commands) / sizeof(commands[0]) };

static void
help(FILE *to)
{
	fputs("usage: bellman COMMAND [ARGUMENT...]\n\n", to);
	for (int i = 0; i < COMMANDS; i++)
		fprintf(to, "  %-8s %s\n", commands[i].name, commands[i].help);
	fputs("\n`bellman COMMAND --help` has more. A command may be cut short while it stays "
	      "clear (`bellman t`).\n"
	      "Exit: 0 fine, 1 nothing found, 2 usage or a file that cannot be "
	      "read, 3 no daemon, 4 refused\nby the daemon, 130 interrupted.\n",
	    to);
}

/* The one command that begins like this; -1 for none, -2 for several. */
static int
find(const char *word)
{
	int found = -1;
	size_t n = strlen(word);

	for (int i = 0; i < COMMANDS; i++) {
		if (strcmp(commands[i].name, word) == 0)
			return i;
		if (n > 0 && strncmp(commands[i].name, word, n) == 0)
			found = found == -1 ? i : -2;
	}
	return found;
}

/* Letters in common from the front, for a suggestion. */
static size_t
common(const char *a, const char *b)
{
	size_t n = 0;

	while (a[n] != '\0' && a[n] == b[n])
		n++;
	return n;
}

static int
unknown(const char *word, int found)
{
	int best = -1;
	size_t most = 0;

	if (found == -2) {
		fprintf(stderr, "bellman: \"%s\" could be:", word);
		for (int i = 0; i < COMMANDS; i++)
			if (strncmp(commands[i].name, word, strlen(word)) == 0)
				fprintf(stderr, " %s", commands[i].name);
		fputc('\n', stderr);
		return CLI_USAGE;
	}
	for (int i = 0; i < COMMANDS; i++) {
		if (common(commands[i].name, word) > most) {
			most = common(commands[i].name, word);
			best = i;
		}
	}
	fprintf(stderr, "bellman: there is no command \"%s\"", word);
	if (best >= 0)
		fprintf(stderr, "; did you mean \"%s\"?", commands[best].name);
	fputs(" `bellman --help` lists them.\n", stderr);
	return CLI_USAGE;
}

/* Output that could not be written makes the command fail. */
static int
written(int rc)
{
	if (fflush(stdout) == 0 && !ferror(stdout))
		return rc;
	fputs("bellman: standard output could not be written\n", stderr);
	return rc == CLI_OK ? CLI_NOTHING : rc;
}

int
main(int argc, char **argv)
{
	int i;

	standard_descriptors();
	if (argc < 2) {
		help(stderr);
		return CLI_USAGE;
	}
	if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0 ||
	    strcmp(argv[1], "help") == 0) {
		help(stdout);
		return CLI_OK;
	}
	if (strcmp(argv[1], "--version") == 0) {
		puts("bellman " BELLMAN_VERSION);
		return CLI_OK;
	}
	i = find(argv[1]);
	return i < 0 ? unknown(argv[1], i) : written(commands[i].run(argc - 1, argv + 1));
}
