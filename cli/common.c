#include <errno.h>
#include <getopt.h>
#include <pwd.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/cli.h"

int
cli_wrong(const char *command, const char *fmt, ...)
{
	va_list ap;

	fprintf(stderr, "bellman %s: ", command);
	va_start(ap, fmt);
	vfprintf(stderr, fmt, ap);
	va_end(ap);
	fprintf(stderr, "; try bellman %s --help\n", command);
	return CLI_USAGE;
}

int
cli_wrong_option(const char *command, char **argv, int opt)
{
	const char *word = argv[optind - 1], *needs = opt == ':' ? " needs a value" : "";

	/* of several letters in one argument optopt is the wrong one; a long option is an argument
	 * of its own */
	if (strncmp(word, "--", 2) != 0 && optopt != 0)
		return opt == ':' ? cli_wrong(command, "-%c%s", optopt, needs)
				  : cli_wrong(command, "there is no option -%c", optopt);
	if (opt == ':')
		return cli_wrong(command, "%s%s", word, needs);
	return cli_wrong(command, "there is no option %s, or it takes no value", word);
}

bool
cli_number(
    const char *text, unsigned long long min, unsigned long long max, unsigned long long *number)
{
	char *end;

	errno = 0;
	*number = strtoull(text, &end, 10);
	return *text >= '0' && *text <= '9' && *end == '\0' && errno == 0 && *number >= min &&
	       *number <= max;
}

bool
cli_colour(const char *command, const char *when, bool *colour)
{
	const char *no = getenv("NO_COLOR"), *term = getenv("TERM");

	if (strcmp(when, "always") == 0) {
		*colour = true;
	} else if (strcmp(when, "never") == 0) {
		*colour = false;
	} else if (strcmp(when, "auto") == 0) {
		*colour = isatty(STDOUT_FILENO) && (no == NULL || *no == '\0') && term != NULL &&
			  strcmp(term, "dumb") != 0;
	} else {
		cli_wrong(command, "--color is auto, always or never, not \"%s\"", when);
		return false;
	}
	return true;
}

bool
cli_format(const char *command, const char *format, bool *json)
{
	*json = strcmp(format, "json") == 0;
	if (*json || strcmp(format, "text") == 0)
		return true;
	cli_wrong(command, "-o is text or json, not \"%s\"", format);
	return false;
}

const char *
cli_user(void)
{
	const char *sudo = getenv("SUDO_USER");
	const struct passwd *user;

	if (sudo != NULL && *sudo != '\0')
		return sudo;
	user = getpwuid(getuid());
	return user != NULL ? user->pw_name : "someone";
}
