/*
 * bellman show SUBJECT. Each subject is a part of the command, with options and help of its own;
 * proto/show_verbs has what goes over the socket.
 */
#include <getopt.h>
#include <stdio.h>
#include <string.h>

#include "base/pure/text.h"
#include "cli/cli.h"
#include "cli/control_client.h"
#include "proto/control_request.h"
#include "proto/show_verbs.h"

static const struct cli_option common[] = { CONTROL_OPTIONS, { 0 } };

static const struct cli_command parts[] = {
	{ .name = "routers",
	    .summary = "sessions, peers, routes, counters",
	    .about = "A row for each router that has a session, or had one.",
	    .options = common },
	{ .name = "peers",
	    .summary = "neighbours per view, and what is suspicious about them",
	    .about = "A row for each neighbour of each router; a column for each view: the routes "
		     "in it, or \"-\" where nobody monitors it.",
	    .options = common },
	{ .name = "incidents",
	    .summary = "what is open",
	    .arguments = "[FILTER...]",
	    .about = "The filter is as of `bellman tail`.",
	    .options = common },
	{ .name = "incident",
	    .summary = "all about one that is open",
	    .arguments = "ID",
	    .words = CLI_INCIDENTS,
	    .about = "ID: so many characters of it that it is one.",
	    .options = common },
	{ .name = "routes",
	    .summary = "who says what about exactly this prefix, in which view",
	    .arguments = "PREFIX",
	    .about = "A row for each router, neighbour and view that has it.",
	    .options = common },
	{ .name = "rpki",
	    .summary = "caches and files; or the validation of a route",
	    .arguments = "[PREFIX ASN]",
	    .about = "Without arguments: where VRPs and ASPAs come from, and what they are worth.",
	    .options = common },
	{ .name = "mutes",
	    .summary = "what is muted or acknowledged: until when, by whom, why",
	    .about = "Pending and active; `bellman unmute NUMBER` ends one.",
	    .options = common },
	{ .name = "stats",
	    .summary = "sums of everything",
	    .about = "Counters and gauges of the collector.",
	    .options = common },
	{ 0 },
};

/* --- which subject */

/* Does the word take the next one with it, as a value? */
static bool
takes_next(const char *word)
{
	for (const struct cli_option *o = common; o->id != 0; o++) {
		if (o->value == NULL || word[0] != '-')
			continue;
		if (o->letter && word[1] == o->id && word[2] == '\0')
			return true;
		if (o->name != NULL && word[1] == '-' && strcmp(word + 2, o->name) == 0)
			return true;
	}
	return false;
}

/* The place of the first word that is no option nor a value of one; 0: there is none. Options that
 * take a value may stand before it only where all subjects have them. */
static int
first_word(int argc, char **argv)
{
	for (int i = 1; i < argc; i++) {
		if (takes_next(argv[i]))
			i++;
		else if (argv[i][0] != '-' || argv[i][1] == '\0')
			return i;
	}
	return 0;
}

static void
say_parts(FILE *to)
{
	for (const struct cli_command *p = parts; p->name != NULL; p++)
		fprintf(to, "%s%s", p == parts ? "" : p[1].name != NULL ? ", " : " or ", p->name);
}

static const struct cli_command *
wrong_part(const char *word, bool several)
{
	const char *best = NULL;
	unsigned least = 4;

	for (const struct cli_command *p = parts; p->name != NULL; p++) {
		unsigned far = text_distance(p->name, word);

		if (far < least && far < strlen(word)) {
			least = far;
			best = p->name;
		}
	}
	fprintf(stderr, "bellman show: %s \"%s\"; ", several ? "several begin with" : "there is no",
	    word);
	if (best != NULL && !several)
		fprintf(stderr, "did you mean \"%s\"? ", best);
	fputs("right would be ", stderr);
	say_parts(stderr);
	fputc('\n', stderr);
	return NULL;
}

/* The one that begins like this; else NULL, and a message. */
static const struct cli_command *
find_part(const char *word)
{
	const struct show_verb *verb = show_verb_find(word);
	const struct cli_command *found = NULL;
	bool several = false;

	for (const struct cli_command *p = parts; p->name != NULL; p++) {
		if (strcmp(p->name, word) == 0)
			return p;
		if (strncmp(p->name, word, strlen(word)) != 0)
			continue;
		several |= found != NULL;
		found = p;
	}
	if (found != NULL && !several)
		return found;
	if (verb != NULL && verb->asked_by != NULL) {
		cli_wrong("show", "that is what `bellman %s` is for", verb->asked_by);
		return NULL;
	}
	return wrong_part(word, several);
}

/* --- asking */

/* One word for each argument. */
static void
add_each(const struct show_verb *verb, int argc, char **argv, struct sbuf *request)
{
	for (int i = 0; i < argc; i++)
		control_request_word(request, verb->keys[i], argv[i]);
}

/* Add the arguments as the verb wants them. */
static int
add_arguments(const struct show_verb *verb, int argc, char **argv, struct sbuf *request)
{
	int keys = 0;

	while (keys < SHOW_KEYS_MAX && verb->keys[keys] != NULL)
		keys++;
	if (verb->takes == SHOW_TAKES_REST)
		control_arguments_add(request, verb->keys[0], argc, argv);
	else if (argc == keys || (argc == 0 && verb->takes == SHOW_TAKES_ALL_OR_NONE))
		add_each(verb, argc, argv, request);
	else if (verb->takes == SHOW_TAKES_NONE)
		return cli_wrong("show", "%s takes no \"%s\"", verb->name, argv[0]);
	else
		return cli_wrong("show", "%s", verb->wrong);
	return CLI_OK;
}

static int
show(const struct control_options *control, const struct show_verb *verb, int argc, char **argv,
    struct sbuf *request)
{
	unsigned long lines, heading;
	bool json;
	int rc;

	control_request_begin(request, "show");
	control_request_word(request, "what", verb->name);
	if (!control_options_add(control, "show", request, &json))
		return CLI_USAGE;
	rc = add_arguments(verb, argc, argv, request);
	if (rc == CLI_OK)
		rc = control_run(control->path, request, &lines);
	heading = !json && verb->columns != NULL;
	return rc == CLI_OK && lines <= heading ? CLI_NOTHING : rc;
}

static int
cli_show(int argc, char **argv)
{
	struct control_options control = control_options();
	struct sbuf request = sbuf_of(65536);
	const struct cli_command *part;
	int opt, rc, at = first_word(argc, argv);
	char names[160] = "";

	if (at == 0) {
		while ((opt = cli_next_option(&cli_show_command, argc, argv)) > 0)
			continue;
		if (opt != CLI_OPTIONS_END)
			return cli_options_rc(opt);
		return cli_wrong("show", "what? %s", show_verb_names(names, sizeof(names)));
	}
	part = find_part(argv[at]);
	if (part == NULL)
		return CLI_USAGE;
	memmove(argv + at, argv + at + 1, (size_t)(argc - at) * sizeof(*argv));
	argc--;
	while ((opt = cli_next_option_of("show", part, argc, argv)) > 0)
		control_option(&control, opt, optarg);
	if (opt != CLI_OPTIONS_END)
		return cli_options_rc(opt);
	rc = show(&control, show_verb_find(part->name), argc - optind, argv + optind, &request);
	sbuf_free(&request);
	return rc;
}

const struct cli_command cli_show_command = {
	.name = "show",
	.summary = "routers, peers, incidents, routes, rpki, mutes, stats",
	.arguments = "SUBJECT [ARGUMENT...]",
	.about =
	    "`bellman show SUBJECT --help` has more. A subject may be cut short while it stays "
	    "clear (`bellman sh ro`). Exit 1 when there is nothing to show.",
	.parts = parts,
	.options = common,
	.run = cli_show,
};
