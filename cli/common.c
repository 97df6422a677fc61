#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/cli.h"

int
cli_usage(const char *text, int rc)
{
	fputs(text, rc == CLI_OK ? stdout : stderr);
	return rc;
}

bool
cli_colour(const char *when, bool *colour)
{
	const char *no = getenv("NO_COLOR"), *term = getenv("TERM");

	if (strcmp(when, "always") == 0)
		*colour = true;
	else if (strcmp(when, "never") == 0)
		*colour = false;
	else if (strcmp(when, "auto") == 0)
		*colour = isatty(STDOUT_FILENO) && (no == NULL || *no == '\0') && term != NULL &&
			  strcmp(term, "dumb") != 0;
	else
		return false;
	return true;
}

double
cli_duration(const char *text)
{
	char *end;
	double v = strtod(text, &end);

	if (end == text || v < 0)
		return -1;
	if (*end == '\0' || strcmp(end, "s") == 0)
		return v;
	if (strcmp(end, "m") == 0)
		return v * 60;
	if (strcmp(end, "h") == 0)
		return v * 3600;
	return strcmp(end, "d") == 0 ? v * 86400 : -1;
}
