#include "cli/command.h"

#include <getopt.h>
#include <stdio.h>

#include "cli/cli.h"
#include "cli/help/help.h"

enum { OPTIONS_MAX = 40 };

static const struct cli_command *const *commands;

void
cli_commands_set(const struct cli_command *const *all)
{
	commands = all;
}

const struct cli_command *const *
cli_commands(void)
{
	return commands;
}

/* The table as getopt_long() wants it. */
static void
as_getopt(const struct cli_option *o, struct option *rows, char *letters)
{
	int n = 0;

	*letters++ = ':'; /* it is silent itself */
	for (; o != NULL && o->id != 0 && n < OPTIONS_MAX; o++) {
		if (o->letter) {
			*letters++ = (char)o->id;
			if (o->value != NULL)
				*letters++ = ':';
		}
		if (o->name != NULL)
			rows[n++] = (struct option){ o->name,
				o->value != NULL ? required_argument : no_argument, NULL, o->id };
	}
	*letters++ = 'h';
	*letters = '\0';
	rows[n++] = (struct option){ "help", no_argument, NULL, 'h' };
	rows[n] = (struct option){ NULL, 0, NULL, 0 };
}

int
cli_next_option_of(const char *of, const struct cli_command *c, int argc, char **argv)
{
	struct option rows[OPTIONS_MAX + 2];
	char letters[2 * OPTIONS_MAX + 8], name[64];
	int opt;

	as_getopt(c->options, rows, letters);
	opt = getopt_long(argc, argv, letters, rows, NULL);
	if (opt == -1)
		return CLI_OPTIONS_END;
	if (opt == 'h') {
		help_command(of, c, stdout);
		return CLI_OPTIONS_HELP;
	}
	if (opt != '?' && opt != ':')
		return opt;
	snprintf(
	    name, sizeof(name), "%s%s%s", of != NULL ? of : "", of != NULL ? " " : "", c->name);
	cli_wrong_option(name, argv, opt);
	return CLI_OPTIONS_WRONG;
}

int
cli_next_option(const struct cli_command *c, int argc, char **argv)
{
	return cli_next_option_of(NULL, c, argc, argv);
}

int
cli_options_rc(int opt)
{
	return opt == CLI_OPTIONS_HELP ? CLI_OK : opt == CLI_OPTIONS_WRONG ? CLI_USAGE : -1;
}
