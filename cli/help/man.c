/*
 * Manual pages, as mdoc(7), of the tables of the commands: a page for each, and bellman(1) with the
 * list. What a page says beyond the table is in bellman(1), once: the socket, the exit codes.
 */
#include <ctype.h>
#include <getopt.h>
#include <stdio.h>
#include <string.h>

#include "cli/cli.h"
#include "cli/help/help.h"

/* Of this text; a page has to have one, and the clock would make each build another. */
#define MAN_DATE "November 28, 2026"

/* Text that no line of which is taken for a macro, and no character for an escape. */
static void
put(const char *text, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		bool begins = i == 0 || text[i - 1] == '\n';

		if (begins && (text[i] == '.' || text[i] == '\''))
			fputs("\\&", stdout);
		if (text[i] == '\\')
			fputs("\\e", stdout);
		else if (text[i] == '-')
			fputs("\\-", stdout);
		else if (text[i] == '`')
			fputs("\\(oq", stdout);
		else
			putchar(text[i]);
	}
}

/* As an argument of a macro: one word. */
static void
put_word(const char *text, size_t n)
{
	putchar('"');
	for (size_t i = 0; i < n; i++) {
		if (text[i] == '"')
			fputs("\\(dq", stdout);
		else
			put(text + i, 1);
	}
	putchar('"');
}

/* Sentences, each on a line of its own, as the language has it. */
static void
put_sentences(const char *text, size_t n)
{
	for (size_t i = 0, begin = 0; i <= n; i++) {
		bool ends = i == n || (text[i] == ' ' && i > 0 && strchr(".!?", text[i - 1]) &&
					  i + 1 < n && isupper((unsigned char)text[i + 1]));

		if (!ends)
			continue;
		put(text + begin, i - begin);
		putchar('\n');
		begin = i + 1;
	}
}

static void
put_about(const char *text)
{
	bool example = false, begun = false;

	for (size_t n; *text != '\0'; text += n + (text[n] == '\n')) {
		bool is_example = strncmp(text, "  ", 2) == 0;

		n = strcspn(text, "\n");
		if (n == 0)
			continue;
		if (is_example != example)
			puts(is_example ? ".Bd -literal -offset indent" : ".Ed");
		if (!is_example && begun)
			puts(".Pp");
		if (is_example) {
			put(text + 2, n - 2);
			putchar('\n');
		} else {
			put_sentences(text, n);
		}
		example = is_example;
		begun = true;
	}
	if (example)
		puts(".Ed");
}

static void
put_option(const struct cli_option *o)
{
	fputs(".It", stdout);
	if (o->letter)
		printf(" Fl %c", o->id);
	if (o->letter && o->name != NULL)
		fputs(" ,", stdout);
	if (o->name != NULL) {
		fputs(" Fl Fl ", stdout);
		put(o->name, strlen(o->name));
	}
	if (o->value != NULL) {
		fputs(" Ar ", stdout);
		put_word(o->value, strlen(o->value));
	}
	putchar('\n');
	put_sentences(o->help, strlen(o->help));
}

static void
put_options(const struct cli_command *c)
{
	static const struct cli_option help = { 'h', true, "help", NULL, "Print a summary.", NULL };

	puts(".Bl -tag -width Ds");
	for (const struct cli_option *o = c->options; o != NULL && o->id != 0; o++)
		if (o->help != NULL)
			put_option(o);
	put_option(&help);
	puts(".El");
}

static void
put_synopsis(const char *of, const struct cli_command *c)
{
	const char *line = c->arguments != NULL ? c->arguments : "";

	do {
		size_t n = strcspn(line, "\n");

		puts(".Nm bellman");
		if (of != NULL)
			printf(".Cm %s\n", of);
		printf(".Cm %s\n.Op Ar OPTION ...\n", c->name);
		if (n > 0) {
			fputs(".Ar ", stdout);
			put_word(line, n);
			putchar('\n');
		}
		line += n + (line[n] == '\n');
	} while (*line != '\0');
}

static void
put_head(const char *title, const char *summary)
{
	printf(".Dd " MAN_DATE "\n.Dt ");
	for (const char *p = title; *p != '\0'; p++)
		putchar(toupper((unsigned char)*p));
	printf(" 1\n.Os Bellman\n.Sh NAME\n.Nm %s\n.Nd ", title);
	put(summary, strlen(summary));
	putchar('\n');
}

static void
put_part(const char *of, const struct cli_command *p)
{
	printf(".Ss bellman %s %s\n", of, p->name);
	put_synopsis(of, p);
	puts(".Pp");
	put_sentences(p->summary, strlen(p->summary));
	puts(".Pp");
	put_about(p->about);
	put_options(p);
}

static void
page_of(const struct cli_command *c)
{
	char title[64];

	snprintf(title, sizeof(title), "bellman-%s", c->name);
	put_head(title, c->summary);
	puts(".Sh SYNOPSIS");
	put_synopsis(NULL, c);
	puts(".Sh DESCRIPTION");
	put_about(c->about);
	if (c->parts == NULL) {
		puts(".Sh OPTIONS");
		put_options(c);
	} else {
		puts(".Sh SUBJECTS");
		for (const struct cli_command *p = c->parts; p->name != NULL; p++)
			put_part(c->name, p);
	}
	puts(".Sh SEE ALSO\n.Xr bellman 1");
}

static void
page_of_all(void)
{
	put_head("bellman", "what routers say of routes, and what is wrong with it");
	puts(".Sh SYNOPSIS\n.Nm\n.Ar COMMAND\n.Op Ar OPTION ...\n.Op Ar ARGUMENT ...\n"
	     ".Sh DESCRIPTION\n"
	     "The operator's command of\n.Xr bellmand 8 ,\n"
	     "the collector of BMP (RFC 7854): it asks the daemon through its control socket, and "
	     "reads recordings without one.\n"
	     "A command may be cut short while it stays clear.\n"
	     ".Bl -tag -width completion");
	for (const struct cli_command *const *c = cli_commands(); *c != NULL; c++) {
		if ((*c)->summary == NULL)
			continue;
		printf(".It Cm %s\n", (*c)->name);
		put((*c)->summary, strlen((*c)->summary));
		printf(":\n.Xr bellman-%s 1\n", (*c)->name);
	}
	puts(".El\n"
	     ".Sh ENVIRONMENT\n"
	     ".Bl -tag -width BELLMAN_SOCKET\n"
	     ".It Ev BELLMAN_SOCKET\nThe control socket, where\n.Fl Fl socket\nis not given.\n"
	     ".It Ev NO_COLOR\nNo colours, whatever it says.\n"
	     ".El\n"
	     ".Sh FILES\n"
	     ".Bl -tag -width Ds\n"
	     ".It Pa /run/bellman/control.sock\nThe control socket.\n"
	     ".El\n"
	     ".Sh EXIT STATUS\n"
	     ".Bl -tag -width 130\n"
	     ".It 0\nFine.\n"
	     ".It 1\nNothing was found, or a condition is false.\n"
	     ".It 2\nWrong usage, or a file that cannot be read.\n"
	     ".It 3\nThere is no daemon, or it ended.\n"
	     ".It 4\nThe daemon refused.\n"
	     ".It 130\nInterrupted.\n"
	     ".El\n"
	     ".Sh SEE ALSO\n"
	     ".Xr bellman.yaml 5 ,\n.Xr bellman-events 7 ,\n.Xr bellmand 8");
}

static int
cli_man(int argc, char **argv)
{
	int opt = cli_next_option(&cli_man_command, argc, argv);

	if (opt != CLI_OPTIONS_END)
		return cli_options_rc(opt);
	if (optind == argc) {
		page_of_all();
		return CLI_OK;
	}
	for (const struct cli_command *const *c = cli_commands(); *c != NULL; c++) {
		if ((*c)->summary == NULL)
			continue;
		if (strcmp(argv[optind], "list") == 0)
			puts((*c)->name);
		else if (strcmp(argv[optind], (*c)->name) == 0)
			page_of(*c);
		else
			continue;
		if (strcmp(argv[optind], "list") != 0)
			return CLI_OK;
	}
	return strcmp(argv[optind], "list") == 0
		   ? CLI_OK
		   : cli_wrong("man", "there is no command \"%s\"", argv[optind]);
}

/* For whoever builds the pages: not listed. */
const struct cli_command cli_man_command = {
	.name = "man",
	.arguments = "[COMMAND|list]",
	.about =
	    "Writes the manual page of a command, of bellman itself without one, as mdoc(7); or "
	    "the names of all commands.",
	.run = cli_man,
};
