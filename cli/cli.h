/*
 * The operator's command: one function per subcommand. Data goes to stdout, words to stderr. Exit
 * codes: 0 fine, 1 nothing found or a condition is false, 2 usage, 3 no daemon, 4 the daemon
 * refused, 130 interrupted.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

enum {
	CLI_OK = 0,
	CLI_NOTHING = 1,
	CLI_USAGE = 2,
	CLI_NO_DAEMON = 3,
	CLI_REFUSED = 4,
	CLI_INTERRUPTED = 130
};

int cli_tail(int argc, char **argv);
int cli_show(int argc, char **argv);
int cli_replay(int argc, char **argv);
int cli_convert(int argc, char **argv);
int cli_decode(int argc, char **argv);
int cli_check(int argc, char **argv);
int cli_demo(int argc, char **argv);

/* Say how a command is used: to stdout when asked for (rc 0), else to stderr. Returns rc. */
int cli_usage(const char *text, int rc);
/* --color auto|always|never for this stdout: a terminal, no NO_COLOR, TERM not dumb. false for a
 * word that is none. */
bool cli_colour(const char *when, bool *colour);
/* "90s", "10m", "2h", "1d", "5" (seconds). Negative when it is none. */
double cli_duration(const char *text);
