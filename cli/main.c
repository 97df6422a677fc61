#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "base/pure/text.h"
#include "base/standard.h"
#include "cli/cli.h"
#include "cli/help/help.h"

static const struct cli_command *const commands[] = {
	&cli_tail_command,
	&cli_show_command,
	&cli_top_command,
	&cli_explain_command,
	&cli_dump_command,
	&cli_what_if_command,
	&cli_sav_command,
	&cli_suggest_command,
	&cli_manrs_command,
	&cli_report_command,
	&cli_mute_command,
	&cli_ack_command,
	&cli_unmute_command,
	&cli_baseline_command,
	&cli_health_command,
	&cli_test_alert_command,
	&cli_decode_command,
	&cli_replay_command,
	&cli_convert_command,
	&cli_check_command,
	&cli_router_config_command,
	&cli_demo_command,
	&cli_completion_command,
	&cli_complete_command,
	&cli_man_command,
	NULL,
};

/* The one command that begins like this; NULL for none, or several. One that is not listed has to
 * be written out. */
static const struct cli_command *
find(const char *word, bool *several)
{
	const struct cli_command *found = NULL;
	size_t n = strlen(word);

	*several = false;
	for (const struct cli_command *const *c = commands; *c != NULL; c++) {
		if (strcmp((*c)->name, word) == 0)
			return *c;
		if (n == 0 || (*c)->summary == NULL || strncmp((*c)->name, word, n) != 0)
			continue;
		*several |= found != NULL;
		found = *c;
	}
	return *several ? NULL : found;
}

static int
unknown(const char *word, bool several)
{
	const char *best = NULL;
	unsigned least = 4; /* letters: what is further off is no slip of the hand */

	if (several) {
		fprintf(stderr, "bellman: \"%s\" could be:", word);
		for (const struct cli_command *const *c = commands; *c != NULL; c++)
			if ((*c)->summary != NULL && strncmp((*c)->name, word, strlen(word)) == 0)
				fprintf(stderr, " %s", (*c)->name);
		fputc('\n', stderr);
		return CLI_USAGE;
	}
	for (const struct cli_command *const *c = commands; *c != NULL; c++) {
		unsigned far = (*c)->summary != NULL ? text_distance((*c)->name, word) : 99;

		if (far < least && far < strlen(word)) {
			least = far;
			best = (*c)->name;
		}
	}
	fprintf(stderr, "bellman: there is no command \"%s\"; ", word);
	if (best != NULL)
		fprintf(stderr, "did you mean \"%s\"? ", best);
	fputs("`bellman --help` lists them\n", stderr);
	return CLI_USAGE;
}

/* Output that could not be written makes the command fail; where nobody reads it any more, we end
 * as whoever writes to a pipe does. */
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
	const struct cli_command *c;
	bool several;

	standard_descriptors();
	cli_commands_set(commands);
	if (argc < 2) {
		help_all(commands, stderr);
		return CLI_USAGE;
	}
	if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0 ||
	    strcmp(argv[1], "help") == 0) {
		help_all(commands, stdout);
		return written(CLI_OK);
	}
	if (strcmp(argv[1], "--version") == 0) {
		puts("bellman " BELLMAN_VERSION);
		return written(CLI_OK);
	}
	c = find(argv[1], &several);
	return c == NULL ? unknown(argv[1], several) : written(c->run(argc - 1, argv + 1));
}
