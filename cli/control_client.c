#include "cli/control_client.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/pure/text.h"
#include "cli/cli.h"
#include "proto/control_request.h"

static volatile sig_atomic_t interrupted;

static void
on_interrupt(int sig)
{
	(void)sig;
	interrupted = 1;
}

static const char *
default_path(void)
{
	const char *path = getenv("BELLMAN_SOCKET");

	return path != NULL && *path != '\0' ? path : "/run/bellman/control.sock";
}

/* --- options */

struct control_options
control_options(void)
{
	return (struct control_options){ default_path(), "auto", "text" };
}

bool
control_option(struct control_options *o, int opt, const char *argument)
{
	if (opt == 'o')
		o->format = argument;
	else if (opt == 'C')
		o->when = argument;
	else if (opt == 's')
		o->path = argument;
	else
		return false;
	return true;
}

bool
control_options_add(
    const struct control_options *o, const char *command, struct sbuf *request, bool *json)
{
	bool colour;

	if (!cli_colour(command, o->when, &colour) || !cli_format(command, o->format, json))
		return false;
	control_request_word(request, "format", o->format);
	control_request_word(request, "colour", colour ? "1" : "0");
	return true;
}

void
control_arguments_add(struct sbuf *request, const char *key, int argc, char **argv)
{
	struct sbuf all = sbuf_of(CONTROL_REQUEST_MAX);

	for (int i = 0; i < argc; i++)
		sbuf_printf(&all, "%s%s", i > 0 ? " " : "", argv[i]);
	control_request_word(request, key, sbuf_text(&all));
	sbuf_free(&all);
}

/* --- the connection */

int
control_connect(const char *path)
{
	struct sockaddr_un un = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (strlen(path) >= sizeof(un.sun_path)) {
		fprintf(stderr, "bellman: the path of the control socket is too long: %s\n", path);
		return -1;
	}
	text_copy(un.sun_path, sizeof(un.sun_path), path);
	if (fd >= 0 && connect(fd, (struct sockaddr *)&un, sizeof(un)) == 0)
		return fd;
	fprintf(stderr, "bellman: no daemon at %s: %s\n", path, strerror(errno));
	fputs(errno == EACCES ? "  You may not open it: join its group, or become root.\n"
			      : "  Is bellmand running? With another control socket say so: "
				"--socket PATH, or BELLMAN_SOCKET=PATH.\n",
	    stderr);
	if (fd >= 0)
		close(fd);
	return -1;
}

static bool
send_all(int fd, const char *data, size_t n)
{
	while (n > 0) {
		ssize_t w = send(fd, data, n, MSG_NOSIGNAL);

		if (w <= 0 && errno != EINTR)
			return false;
		if (w > 0) {
			data += w;
			n -= (size_t)w;
		}
	}
	return true;
}

/* Interruptible by design: no SA_RESTART, so that read returns. */
static void
catch_interrupt(void)
{
	struct sigaction sa = { .sa_handler = on_interrupt };

	sigaction(SIGINT, &sa, NULL);
	sigaction(SIGTERM, &sa, NULL);
	signal(SIGPIPE, SIG_IGN);
}

/* The first line: "ok", or "error<TAB>reason". Returns an exit code. */
static int
verdict(FILE *in)
{
	char *line = NULL;
	size_t cap = 0;
	int rc = CLI_OK;

	if (getline(&line, &cap, in) < 0) {
		fputs("bellman: the daemon closed the connection without an answer\n", stderr);
		rc = interrupted ? CLI_INTERRUPTED : CLI_REFUSED;
	} else if (strncmp(line, "ok", 2) != 0) {
		char *text = strchr(line, '\t');

		fprintf(stderr, "bellman: %s", text != NULL ? text + 1 : line);
		rc = CLI_REFUSED;
	}
	free(line);
	return rc;
}

int
control_run(const char *path, struct sbuf *request, unsigned long *lines)
{
	int fd = control_connect(path), rc;
	char *line = NULL;
	size_t cap = 0;
	ssize_t n;
	FILE *in;

	*lines = 0;
	if (fd < 0)
		return CLI_NO_DAEMON;
	catch_interrupt();
	control_request_end(request);
	in = fdopen(fd, "r");
	if (in == NULL || !send_all(fd, request->data, request->len)) {
		fprintf(
		    stderr, "bellman: the daemon does not take the request: %s\n", strerror(errno));
		return CLI_NO_DAEMON;
	}
	rc = verdict(in);
	while (rc == CLI_OK && !interrupted && (n = getline(&line, &cap, in)) > 0) {
		if (fwrite(line, 1, (size_t)n, stdout) != (size_t)n || fflush(stdout) != 0)
			break; /* whoever reads us has enough */
		(*lines)++;
	}
	free(line);
	fclose(in);
	return interrupted ? CLI_INTERRUPTED : rc;
}
