/*
 * command: what a command is, as a table: its name, its options, its arguments, what it does. All
 * that is said of it comes from there: `--help` (cli/help/help.c), the completion of shells
 * (cli/help/complete.c), its manual page (cli/help/man.c). And what is parsed: an option that is
 * not in the table is none, so no help can leave one out.
 *
 * Texts are paragraphs with a newline between them, filled to the width of whoever shows them. A
 * line that begins with two spaces is an example and stays as it is.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

struct cli_option {
	int id;		   /* what cli_next_option returns */
	bool letter;	   /* the id is also its letter, as -f */
	const char *name;  /* --name; NULL: it has a letter only */
	const char *value; /* what its value is called; NULL: it takes none */
	const char *help;  /* NULL: another spelling, which is not shown */
	const char *words; /* the values there are, with spaces between; or CLI_FILES ...; NULL */
};

/* Words that only the machine or the daemon knows. */
#define CLI_FILES     "@files"
#define CLI_ROUTERS   "@routers"
#define CLI_PEERS     "@peers"
#define CLI_INCIDENTS "@incidents"

struct cli_command {
	const char *name;
	const char *summary; /* part of a line */
	/* as after the options in the usage; several lines are several ways to call it */
	const char *arguments;
	const char *words; /* that an argument may be, as of an option */
	const char *about;
	const struct cli_option *options;  /* until one without id; NULL: none. --help is always */
	const struct cli_command *parts;   /* `bellman show routes`: until one without a name */
	int (*run)(int argc, char **argv); /* argv[0] is the name; returns an exit code */
};

/* The commands there are, until NULL: said once, by main. */
void cli_commands_set(const struct cli_command *const *);
const struct cli_command *const *cli_commands(void);

enum { CLI_OPTIONS_END = 0, CLI_OPTIONS_HELP = -1, CLI_OPTIONS_WRONG = -2 };

/*
 * The id of the next option, its value in optarg. Options may stand between the arguments, which
 * are moved behind them: argv[optind] is the first when CLI_OPTIONS_END comes. CLI_OPTIONS_HELP:
 * the help has been printed; CLI_OPTIONS_WRONG: it has been said what is wrong.
 */
int cli_next_option(const struct cli_command *, int argc, char **argv);
/* Of a part of a command: its own name is behind that of `of`. */
int cli_next_option_of(const char *of, const struct cli_command *part, int argc, char **argv);
/* The exit code after the last of them: CLI_OK after help, CLI_USAGE, or -1 to go on. */
int cli_options_rc(int opt);
