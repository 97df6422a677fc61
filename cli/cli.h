/*
 * The operator's command: a table (cli/command.h) and a function per subcommand. Data goes to
 * stdout, messages to stderr. Exit codes: 0 fine, 1 nothing found or a condition is false, 2 usage,
 * or a file that cannot be read, 3 no daemon, 4 the daemon refused, 130 interrupted.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "cli/command.h"
#include "cli/when.h"

enum {
	CLI_OK = 0,
	CLI_NOTHING = 1,
	CLI_USAGE = 2,
	CLI_NO_DAEMON = 3,
	CLI_REFUSED = 4,
	CLI_INTERRUPTED = 130
};

/* The commands, each in a file or folder of its own. */
extern const struct cli_command cli_tail_command, cli_show_command, cli_mute_command,
    cli_ack_command, cli_unmute_command, cli_baseline_command, cli_replay_command,
    cli_convert_command, cli_decode_command, cli_check_command, cli_demo_command,
    cli_explain_command, cli_what_if_command, cli_sav_command, cli_suggest_command,
    cli_manrs_command, cli_dump_command, cli_top_command, cli_report_command, cli_health_command,
    cli_test_alert_command, cli_router_config_command;

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
/* Who asks: whoever became root by sudo, else the user. */
const char *cli_user(void);
