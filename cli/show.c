#include <getopt.h>
#include <stdio.h>
#include <string.h>

#include "cli/cli.h"
#include "cli/control_client.h"
#include "proto/control_request.h"
#include "proto/show_verbs.h"

static int
help(void)
{
	char call[64];

	puts("usage: bellman show WHAT [-o text|json] [--color WHEN] [-s SOCKET]\n");
	for (int i = 0; i < SHOW_VERBS; i++) {
		const struct show_verb *v = &show_verbs[i];

		if (v->asked_by != NULL)
			continue;
		snprintf(
		    call, sizeof(call), "%s %s", v->name, v->arguments != NULL ? v->arguments : "");
		printf("  %-25s %s\n", call, v->help);
	}
	puts("\nExit 1 when there is nothing to show.");
	return CLI_OK;
}

/* One word for each argument. */
static void
add_each(const struct show_verb *verb, int argc, char **argv, struct sbuf *request)
{
	for (int i = 0; i < argc; i++)
		control_request_word(request, verb->keys[i], argv[i]);
}

/* Add the arguments as the verb wants them. verb: NULL for one that only the daemon may know. */
static int
add_arguments(
    const struct show_verb *verb, const char *name, int argc, char **argv, struct sbuf *request)
{
	enum show_arguments takes = verb != NULL ? verb->takes : SHOW_TAKES_NONE;
	int keys = 0;

	while (verb != NULL && keys < SHOW_KEYS_MAX && verb->keys[keys] != NULL)
		keys++;
	if (takes == SHOW_TAKES_REST)
		control_arguments_add(request, verb->keys[0], argc, argv);
	else if (argc == keys || (argc == 0 && takes == SHOW_TAKES_ALL_OR_NONE))
		add_each(verb, argc, argv, request);
	else if (takes == SHOW_TAKES_NONE)
		return cli_wrong("show", "%s takes no \"%s\"", name, argv[0]);
	else
		return cli_wrong("show", "%s", verb->wrong);
	return CLI_OK;
}

static int
show(const struct control_options *control, int argc, char **argv, struct sbuf *request)
{
	const struct show_verb *verb = show_verb_find(argv[0]);
	unsigned long lines, heading;
	bool json;
	int rc;

	if (verb != NULL && verb->asked_by != NULL)
		return cli_wrong("show", "that is what `bellman %s` is for", verb->asked_by);
	control_request_begin(request, "show");
	control_request_word(request, "what", argv[0]);
	if (!control_options_add(control, "show", request, &json))
		return CLI_USAGE;
	rc = add_arguments(verb, argv[0], argc - 1, argv + 1, request);
	if (rc == CLI_OK)
		rc = control_run(control->path, request, &lines);
	heading = !json && verb != NULL && verb->columns != NULL;
	return rc == CLI_OK && lines <= heading ? CLI_NOTHING : rc;
}

int
cli_show(int argc, char **argv)
{
	static const struct option options[] = { CONTROL_OPTION_ROWS, { NULL, 0, NULL, 0 } };
	struct control_options control = control_options();
	struct sbuf request = sbuf_of(65536);
	char names[128];
	int opt, rc;

	while ((opt = getopt_long(argc, argv, ":" CONTROL_OPTION_LETTERS, options, NULL)) != -1) {
		if (control_option(&control, opt, optarg))
			continue;
		return opt == 'h' ? help() : cli_wrong_option("show", argv, opt);
	}
	if (optind >= argc)
		return cli_wrong("show", "what? %s", show_verb_names(names, sizeof(names)));
	rc = show(&control, argc - optind, argv + optind, &request);
	sbuf_free(&request);
	return rc;
}
