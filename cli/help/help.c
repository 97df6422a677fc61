/* --help, as wide as the terminal, but no wider than is easy to read. */
#include "cli/help/help.h"

#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

enum { WIDTH = 80, WIDTH_MAX = 100, OPTION_INDENT = 26 };

static unsigned
width(FILE *to)
{
	struct winsize w;

	if (ioctl(fileno(to), TIOCGWINSZ, &w) != 0 || w.ws_col < 40)
		return WIDTH;
	return w.ws_col < WIDTH_MAX ? w.ws_col : WIDTH_MAX;
}

/* Words of a text of n octets, filled from column `at` on, the lines below indented. Ends the
 * line. */
static void
fill(const char *text, size_t n, unsigned at, unsigned indent, FILE *to)
{
	const char *end = text + n;
	unsigned max = width(to);
	bool first = true;

	while (text < end) {
		size_t word = strcspn(text, " \n");

		if (text + word > end)
			word = (size_t)(end - text);
		if (!first && at + 1 + word > max) {
			fprintf(to, "\n%*s", (int)indent, "");
			at = indent;
			first = true;
		}
		fprintf(to, "%s%.*s", first ? "" : " ", (int)word, text);
		at += (unsigned)word + !first;
		first = false;
		text += word + (text + word < end);
	}
	fputc('\n', to);
}

static void
paragraphs(const char *text, FILE *to)
{
	bool example = false, begun = false;

	for (size_t n; *text != '\0'; text += n + (text[n] == '\n')) {
		n = strcspn(text, "\n");
		if (n == 0)
			continue;
		if (strncmp(text, "  ", 2) == 0) {
			fprintf(to, "%s%.*s\n", begun && !example ? "\n" : "", (int)n, text);
			example = true;
		} else {
			if (begun && example)
				fputc('\n', to);
			fill(text, n, 0, 0, to);
			example = false;
		}
		begun = true;
	}
}

static void
option_line(const struct cli_option *o, FILE *to)
{
	char head[64];
	int n = snprintf(head, sizeof(head), "  %c%c%s%s%s%s%s", o->letter ? '-' : ' ',
	    o->letter ? o->id : ' ', o->letter && o->name != NULL ? "," : " ",
	    o->name != NULL ? " --" : "", o->name != NULL ? o->name : "",
	    o->value != NULL ? " " : "", o->value != NULL ? o->value : "");

	fputs(head, to);
	if (n >= OPTION_INDENT - 1)
		fputc('\n', to);
	fprintf(to, "%*s", n >= OPTION_INDENT - 1 ? OPTION_INDENT : OPTION_INDENT - n, "");
	fill(o->help, strlen(o->help), OPTION_INDENT, OPTION_INDENT, to);
}

static void
usage(const char *of, const struct cli_command *c, FILE *to)
{
	const char *line = c->arguments != NULL ? c->arguments : "", *begin = "usage:";

	do {
		size_t n = strcspn(line, "\n");

		fprintf(to, "%s bellman %s%s%s [OPTION...]%s%.*s\n", begin, of != NULL ? of : "",
		    of != NULL ? " " : "", c->name, n > 0 ? " " : "", (int)n, line);
		line += n + (line[n] == '\n');
		begin = "      ";
	} while (*line != '\0');
}

void
help_command(const char *of, const struct cli_command *c, FILE *to)
{
	static const struct cli_option help = { 'h', true, "help", NULL, "this text", NULL };
	unsigned widest = 0;

	usage(of, c, to);
	fputc('\n', to);
	for (const struct cli_command *p = c->parts; p != NULL && p->name != NULL; p++)
		widest = strlen(p->name) > widest ? (unsigned)strlen(p->name) : widest;
	for (const struct cli_command *p = c->parts; p != NULL && p->name != NULL; p++) {
		fprintf(to, "  %-*s  ", (int)widest, p->name);
		fill(p->summary, strlen(p->summary), widest + 4, widest + 4, to);
	}
	if (c->parts != NULL)
		fputc('\n', to);
	for (const struct cli_option *o = c->options; o != NULL && o->id != 0; o++)
		if (o->help != NULL)
			option_line(o, to);
	option_line(&help, to);
	fputc('\n', to);
	paragraphs(c->about, to);
}

void
help_all(const struct cli_command *const *commands, FILE *to)
{
	fputs("usage: bellman COMMAND [OPTION...] [ARGUMENT...]\n\n", to);
	for (const struct cli_command *const *c = commands; *c != NULL; c++) {
		if ((*c)->summary == NULL)
			continue;
		fprintf(to, "  %-11s ", (*c)->name);
		fill((*c)->summary, strlen((*c)->summary), 14, 14, to);
	}
	fputc('\n', to);
	paragraphs("`bellman COMMAND --help` has more, and so has `man bellman-COMMAND`. A command "
		   "may be cut short while it stays clear (`bellman ex`).\n"
		   "Exit: 0 fine, 1 nothing found, 2 usage or a file that cannot be read, 3 no "
		   "daemon, 4 refused by the daemon, 130 interrupted.",
	    to);
}
