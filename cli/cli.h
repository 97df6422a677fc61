/*
 * The operator's command: one function per subcommand. Data goes to stdout, messages to stderr.
 * Exit codes: 0 fine, 1 nothing found or a condition is false, 2 usage, or a file that cannot be
 * read, 3 no daemon, 4 the daemon refused, 130 interrupted.
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

/* The subcommands. argv[0] is the subcommand's name. Each returns an exit code. */
int cli_tail(int argc, char **argv);
int cli_show(int argc, char **argv);
int cli_mute(int argc, char **argv);
int cli_ack(int argc, char **argv);
int cli_unmute(int argc, char **argv);
int cli_baseline(int argc, char **argv);
int cli_replay(int argc, char **argv);
int cli_convert(int argc, char **argv);
int cli_decode(int argc, char **argv);
int cli_check(int argc, char **argv);
int cli_demo(int argc, char **argv);
int cli_explain(int argc, char **argv);
int cli_what_if(int argc, char **argv);
int cli_sav(int argc, char **argv);
int cli_suggest(int argc, char **argv);
int cli_manrs(int argc, char **argv);

/* Say how a command is used: to stdout when asked for (rc 0), else to stderr. Returns rc. */
int cli_usage(const char *text, int rc);
/* Write a line to stderr on what is wrong with the arguments of a command, and where its help is.
 * Returns CLI_USAGE. */
int cli_wrong(const char *command, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
/* The same for what getopt_long() returned as '?' or ':' (options begin with ':', so that it is
 * silent itself). */
int cli_wrong_option(const char *command, char **argv, int opt);
/* Parse the argument of an option as a whole number from min to max. false: it is none. */
bool cli_number(
    const char *text, unsigned long long min, unsigned long long max, unsigned long long *number);
/* --color auto|always|never for this stdout: a terminal, no NO_COLOR, TERM not dumb. false, and
 * a message of the command, for what is none of them. */
bool cli_colour(const char *command, const char *when, bool *colour);
/* -o text|json, likewise. */
bool cli_format(const char *command, const char *format, bool *json);
/* "90s", "10m", "2h", "1d", "5" (seconds). Negative when it is none. */
double cli_duration(const char *text);
/* Who asks: whoever became root by sudo, else the user. */
const char *cli_user(void);
