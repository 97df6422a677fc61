/* The client side of the control socket: one line of request, lines of answer. */
#pragma once

#include <stdbool.h>

#include "base/sbuf.h"
#include "cli/command.h"

/* What every question to the daemon may be given: where it is, and how the answer shall look. */
struct control_options {
	const char *path, *when, *format;
};
/* Rows of a table of options. --output is apart where a command has other formats. */
#define CONTROL_OPTIONS_BUT_OUTPUT                                                                 \
	{ 'C', false, "color", "WHEN", "auto (on a terminal), always, never",                      \
		"auto always never" },                                                             \
	    { 'C', false, "colour", "WHEN", NULL, NULL },                                          \
	{                                                                                          \
		's', true, "socket", "PATH", "control socket of the daemon", CLI_FILES             \
	}
#define CONTROL_OPTIONS                                                                            \
	{ 'o', true, "output", "FORMAT", "text, or json: one object a line", "text json" },        \
	    CONTROL_OPTIONS_BUT_OUTPUT

/* The defaults: text, colour on a terminal, and the socket of
 * BELLMAN_SOCKET, else /run/bellman/control.sock. */
struct control_options control_options(void);
/* Handle an option that cli_next_option() returned. false: it is not one of these. */
bool control_option(struct control_options *, int opt, const char *argument);
/* Add to the request how the answer shall look. false, and a message of the command, when an option
 * has a value that is none. */
bool control_options_add(
    const struct control_options *, const char *command, struct sbuf *request, bool *json);
/* Add a word of all the arguments, with spaces between them. */
void control_arguments_add(struct sbuf *request, const char *key, int argc, char **argv);

/* A connected socket, or -1 with a message on stderr. */
int control_connect(const char *path);
/* Does somebody listen there? Its file alone says less: it is there a moment before. */
bool control_listens(const char *path);
/* Wait until somebody listens there. false: interrupted, or whoever reads us is gone. */
bool control_wait(const char *path);
/*
 * End the request (proto/control_request.h), send it and copy the answer to stdout, a line at a
 * time as it comes. *lines gets how many. Returns an exit code; a reader of ours that goes away
 * ends it quietly.
 */
int control_run(const char *path, struct sbuf *request, unsigned long *lines);
/* The same, but each line goes to `take`, without its newline and ended by NUL; valid during the
 * call. It returns false when it wants no more. */
int control_ask(
    const char *path, struct sbuf *request, bool (*take)(void *ctx, const char *line), void *ctx);
