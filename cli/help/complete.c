/*
 * Completion. The scripts of the shells know nothing themselves: they ask `bellman complete
 * WORD...` what the last word may become, which answers from the tables of the commands, and from
 * the daemon for names of routers, neighbours and incidents. So a shell never offers what the
 * command refuses.
 *
 * A line is a word, a TAB, and what it is; "@files" means names of files.
 */
#include <getopt.h>
#include <stdio.h>
#include <string.h>
#include <sys/time.h>

#include "cli/cli.h"
#include "cli/control_rows.h"
#include "cli/help/help.h"
#include "proto/control_request.h"

enum { ANSWER_MS = 300, NAMES_MAX = 5000 };

/* --- words */

static void
offer(const char *word, size_t n, const char *begins, const char *about)
{
	if (strncmp(word, begins, strlen(begins)) == 0 && strlen(begins) <= n)
		printf("%.*s\t%s\n", (int)n, word, about != NULL ? about : "");
}

/* Of a row of the daemon. */
static void
offer_row(const char *kind, const json_t *row, const char *begins)
{
	char about[256];

	if (strcmp(kind, CLI_ROUTERS) == 0) {
		const char *name = row_text(row, "router");

		offer(name, strlen(name), begins, row_text(row, "state"));
	} else if (strcmp(kind, CLI_PEERS) == 0) {
		const char *name = row_text(row, "peer");

		snprintf(about, sizeof(about), "AS%llu of %.64s", row_number(row, "peer_as"),
		    row_text(row, "router"));
		offer(name, strlen(name), begins, about);
	} else {
		snprintf(about, sizeof(about), "%.32s: %.180s", row_text(row, "kind"),
		    row_text(row, "summary"));
		offer(row_text(row, "id"), 8, begins, about);
	}
}

/* What the daemon knows, when it is there and answers soon: nobody waits at a prompt. */
static void
offer_of_daemon(const char *kind, const char *begins)
{
	struct control_options control = control_options();
	struct itimerval soon = { .it_value = { .tv_usec = ANSWER_MS * 1000 } };
	struct sbuf request = sbuf_of(4096);
	json_t *rows = json_array();
	const json_t *row;
	bool more;
	size_t i;

	fflush(stdout);
	setitimer(ITIMER_REAL, &soon, NULL); /* its signal ends us */
	control_request_begin(&request, "show");
	control_request_word(&request, "what", kind + 1);
	control_request_word(&request, "format", "json");
	if (control_rows(control.path, &request, rows, NAMES_MAX, &more) == CLI_OK)
		json_array_foreach(rows, i, row)
			offer_row(kind, row, begins);
	json_decref(rows);
	sbuf_free(&request);
}

static void
offer_words(const char *words, const char *begins)
{
	while (words != NULL && *words != '\0') {
		size_t n = strcspn(words, " ");
		char word[64];

		snprintf(word, sizeof(word), "%.*s", (int)n, words);
		if (strcmp(word, CLI_FILES) == 0)
			puts(word);
		else if (word[0] == '@')
			offer_of_daemon(word, begins);
		else
			offer(words, n, begins, NULL);
		words += n + (words[n] == ' ');
	}
}

static void
offer_options(const struct cli_command *c, const char *begins)
{
	char word[64];

	for (const struct cli_option *o = c->options; o != NULL && o->id != 0; o++) {
		if (o->help == NULL)
			continue;
		if (o->name != NULL)
			snprintf(word, sizeof(word), "--%s", o->name);
		else
			snprintf(word, sizeof(word), "-%c", o->id);
		offer(word, strlen(word), begins, o->help);
	}
	offer("--help", 6, begins, "this text");
}

/* --- where we are */

/* The option that this word is; NULL: none. */
static const struct cli_option *
option_of(const struct cli_command *c, const char *word)
{
	for (const struct cli_option *o = c->options; o != NULL && o->id != 0; o++) {
		if (o->name != NULL && strncmp(word, "--", 2) == 0 &&
		    strcmp(word + 2, o->name) == 0)
			return o;
		if (o->letter && word[0] == '-' && word[1] == o->id && word[2] == '\0')
			return o;
	}
	return NULL;
}

static const struct cli_command *
command_of(const char *name)
{
	for (const struct cli_command *const *c = cli_commands(); *c != NULL; c++)
		if (strcmp((*c)->name, name) == 0)
			return *c;
	return NULL;
}

static const struct cli_command *
part_of(const struct cli_command *c, const char *name)
{
	for (const struct cli_command *p = c->parts; p != NULL && p->name != NULL; p++)
		if (strcmp(p->name, name) == 0)
			return p;
	return NULL;
}

static void
offer_names(const char *begins)
{
	for (const struct cli_command *const *c = cli_commands(); *c != NULL; c++)
		if ((*c)->summary != NULL)
			offer((*c)->name, strlen((*c)->name), begins, (*c)->summary);
	offer("--help", 6, begins, "this text");
	offer("--version", 9, begins, "the version");
}

/* word[0] to word[n - 1], the last of which is to be completed. */
static void
complete(char **word, int n)
{
	const struct cli_command *c = command_of(word[0]);
	const struct cli_option *option = NULL;
	const char *last = word[n - 1];
	bool in_part = false;

	for (int i = 1; c != NULL && i < n - 1; i++) {
		const struct cli_command *part = part_of(c, word[i]);

		option = option == NULL || option->value == NULL ? option_of(c, word[i]) : NULL;
		if (part != NULL && option == NULL && !in_part) {
			c = part;
			in_part = true;
		}
	}
	if (n == 1) {
		offer_names(last);
	} else if (c == NULL) {
		return;
	} else if (option != NULL && option->value != NULL) {
		offer_words(option->words, last);
	} else if (*last == '-') {
		offer_options(c, last);
	} else {
		for (const struct cli_command *p = c->parts; p != NULL && p->name != NULL; p++)
			offer(p->name, strlen(p->name), last, p->summary);
		offer_words(c->words, last);
	}
}

static int
cli_complete(int argc, char **argv)
{
	if (argc > 1)
		complete(argv + 1, argc - 1);
	return CLI_OK;
}

/* Its words are not options. */
const struct cli_command cli_complete_command = {
	.name = "complete",
	.run = cli_complete,
};

/* --- the scripts */

static const char bash[] =
    "# bash completion of bellman\n"
    "_bellman()\n"
    "{\n"
    "\tlocal line cur=${COMP_WORDS[COMP_CWORD]}\n"
    "\tCOMPREPLY=()\n"
    "\twhile IFS= read -r line; do\n"
    "\t\tif [ \"$line\" = @files ]; then\n"
    "\t\t\tcompopt -o filenames 2>/dev/null\n"
    "\t\t\twhile IFS= read -r line; do COMPREPLY+=(\"$line\"); done < <(compgen -f -- \"$cur\")\n"
    "\t\telse\n"
    "\t\t\tCOMPREPLY+=(\"${line%%$'\\t'*}\")\n"
    "\t\tfi\n"
    "\tdone < <(\"${COMP_WORDS[0]}\" complete \"${COMP_WORDS[@]:1:COMP_CWORD}\" 2>/dev/null)\n"
    "}\n"
    "complete -F _bellman bellman\n";

static const char zsh[] =
    "#compdef bellman\n"
    "_bellman()\n"
    "{\n"
    "\tlocal line\n"
    "\tlocal -a found\n"
    "\tfor line in \"${(@f)$(${words[1]} complete \"${(@)words[2,CURRENT]}\" 2>/dev/null)}\"; do\n"
    "\t\tif [[ $line == @files ]]; then\n"
    "\t\t\t_files\n"
    "\t\telif [[ -n $line ]]; then\n"
    "\t\t\tfound+=(\"${${line%%$'\\t'*}//:/\\\\:}:${line#*$'\\t'}\")\n"
    "\t\tfi\n"
    "\tdone\n"
    "\t(( $#found )) && _describe bellman found\n"
    "}\n"
    "if [[ $zsh_eval_context[-1] == loadautofunc ]]; then\n"
    "\t_bellman \"$@\"\n"
    "else\n"
    "\tcompdef _bellman bellman\n"
    "fi\n";

static const char fish[] =
    "# fish completion of bellman\n"
    "function __bellman_complete\n"
    "\tset -l words (commandline -opc)\n"
    "\tfor line in ($words[1] complete $words[2..-1] (commandline -ct | string collect -a) "
    "2>/dev/null)\n"
    "\t\tif test \"$line\" = @files\n"
    "\t\t\t__fish_complete_path (commandline -ct)\n"
    "\t\telse\n"
    "\t\t\techo $line\n"
    "\t\tend\n"
    "\tend\n"
    "end\n"
    "complete -c bellman -f -a '(__bellman_complete)'\n";

static int
cli_completion(int argc, char **argv)
{
	int opt = cli_next_option(&cli_completion_command, argc, argv);
	const char *shell;

	if (opt != CLI_OPTIONS_END)
		return cli_options_rc(opt);
	shell = optind + 1 == argc ? argv[optind] : "";
	if (strcmp(shell, "bash") == 0)
		fputs(bash, stdout);
	else if (strcmp(shell, "zsh") == 0)
		fputs(zsh, stdout);
	else if (strcmp(shell, "fish") == 0)
		fputs(fish, stdout);
	else
		return cli_wrong("completion", "of which shell? bash, zsh or fish");
	return CLI_OK;
}

const struct cli_command cli_completion_command = {
	.name = "completion",
	.summary = "the script that completes words in bash, zsh or fish",
	.arguments = "bash|zsh|fish",
	.words = "bash zsh fish",
	.about = "Words are completed by what this command knows of itself, and names of routers, "
		 "neighbours and incidents by what the daemon says.\n"
		 "  bellman completion bash > /etc/bash_completion.d/bellman\n"
		 "  bellman completion zsh > /usr/local/share/zsh/site-functions/_bellman\n"
		 "  bellman completion fish > ~/.config/fish/completions/bellman.fish\n"
		 "Or for this shell only:\n"
		 "  source <(bellman completion bash)",
	.run = cli_completion,
};
