/*
 * bellman tail. With --reconnect it outlives the daemon: each piece says how far it goes, and the
 * next connection goes on behind it, so that nothing is told twice and nothing is left out.
 */
#include <getopt.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "cli/cli.h"
#include "cli/control_client.h"
#include "proto/control_request.h"

static const struct cli_option options[] = {
	{ 'f', true, "follow", NULL, "go on as things happen", NULL },
	{ 'n', true, "lines", "N", "the last N that match (10, with --since all); 0 for none",
	    NULL },
	{ 'S', false, "since", "TIME", "since then: " CLI_MOMENTS, NULL },
	{ 'U', false, "until", "TIME", "up to then, likewise", NULL },
	{ 'c', true, "count", "N", "leave after N lines", NULL },
	{ 'R', false, "reconnect", NULL,
	    "with -f: when the daemon is gone wait for it, and go on where it stopped", NULL },
	CONTROL_OPTIONS,
	{ 0 },
};

struct tail_asked {
	struct control_options control;
	const char *lines, *count;
	double since, until; /* seconds since 1970; negative: not said */
	bool follow, reconnect;
	int argc;
	char **argv;
	/* as far as it has been told */
	char place[32]; /* number of a record; "" none */
	unsigned long long shown;
};

static bool
number(const char *option, const char *argument)
{
	unsigned long long n;

	if (cli_number(argument, 0, UINT32_MAX, &n))
		return true;
	cli_wrong("tail", "%s is a number of lines, not \"%s\"", option, argument);
	return false;
}

static bool
moment(const char *option, const char *argument, double *at)
{
	if (cli_moment(argument, at))
		return true;
	cli_wrong("tail", "%s is a time, as " CLI_MOMENTS ", not \"%s\"", option, argument);
	return false;
}

static bool
take_option(struct tail_asked *t, int opt)
{
	switch (opt) {
	case 'f':
		t->follow = true;
		return true;
	case 'R':
		t->reconnect = true;
		return true;
	case 'n':
		t->lines = optarg;
		return number("-n", optarg);
	case 'c':
		t->count = optarg;
		return number("-c", optarg);
	case 'S':
		return moment("--since", optarg, &t->since);
	case 'U':
		return moment("--until", optarg, &t->until);
	default:
		return control_option(&t->control, opt, optarg);
	}
}

static void
add_ago(struct sbuf *request, const char *key, double at)
{
	char text[48];
	double ago = (double)clock_wall_us() / 1e6 - at;

	if (at < 0)
		return;
	snprintf(text, sizeof(text), "%.3f", ago > 0 ? ago : 0);
	control_request_word(request, key, text);
}

static void
make_request(const struct tail_asked *t, struct sbuf *request)
{
	char count[32];

	add_ago(request, "until", t->until);
	if (t->place[0] != '\0') {
		control_request_word(request, "after", t->place);
	} else {
		add_ago(request, "since", t->since);
		if (t->lines != NULL)
			control_request_word(request, "n", t->lines);
	}
	if (t->count != NULL) {
		snprintf(count, sizeof(count), "%llu", strtoull(t->count, NULL, 10) - t->shown);
		control_request_word(request, "count", count);
	}
	control_request_word(request, "follow", t->follow ? "1" : "0");
	if (t->reconnect)
		control_request_word(request, "place", "1");
	control_arguments_add(request, "filter", t->argc, t->argv);
}

static bool
take_line(void *ctx, const char *line)
{
	struct tail_asked *t = ctx;

	if (strncmp(line, CONTROL_PLACE, strlen(CONTROL_PLACE)) == 0) {
		snprintf(t->place, sizeof(t->place), "%.30s", line + strlen(CONTROL_PLACE));
		fflush(stdout);
		return true;
	}
	puts(line);
	t->shown++;
	return !ferror(stdout);
}

static int
ask(struct tail_asked *t)
{
	struct sbuf request = sbuf_of(65536);
	unsigned long lines;
	bool json;
	int rc = CLI_USAGE;

	control_request_begin(&request, "tail");
	if (control_options_add(&t->control, "tail", &request, &json)) {
		make_request(t, &request);
		rc = t->reconnect ? control_ask(t->control.path, &request, take_line, t)
				  : control_run(t->control.path, &request, &lines);
	}
	sbuf_free(&request);
	return rc;
}

/* Who follows with --reconnect waits until the daemon is there, again and again. */
static int
follow(struct tail_asked *t)
{
	int rc = ask(t);

	while (t->reconnect && rc == CLI_NO_DAEMON &&
	       (t->count == NULL || strtoull(t->count, NULL, 10) > t->shown)) {
		fputs("bellman: waiting for the daemon; Ctrl-C ends it\n", stderr);
		if (!control_wait(t->control.path))
			return CLI_INTERRUPTED;
		rc = ask(t);
	}
	return rc;
}

static int
cli_tail(int argc, char **argv)
{
	struct tail_asked t = { .control = control_options(), .since = -1, .until = -1 };
	int opt;

	while ((opt = cli_next_option(&cli_tail_command, argc, argv)) > 0)
		if (!take_option(&t, opt))
			return CLI_USAGE;
	if (opt != CLI_OPTIONS_END)
		return cli_options_rc(opt);
	if (t.follow && t.until >= 0)
		return cli_wrong("tail", "-f goes on for ever, --until does not: one of them");
	if (t.reconnect && !t.follow)
		return cli_wrong("tail", "--reconnect is of -f");
	if (t.since >= 0 && t.until >= 0 && t.until < t.since)
		return cli_wrong("tail", "--until is before --since");
	t.argc = argc - optind;
	t.argv = argv + optind;
	return follow(&t);
}

const struct cli_command cli_tail_command = {
	.name = "tail",
	.summary = "incidents and events as they happen, and those before",
	.arguments = "[FILTER...]",
	.about =
	    "A line each: when (UTC, with the date when it is not today), how bad, what happened "
	    "to "
	    "it, which rule or event, how far the routes got, which router, what it is, and why. "
	    "What is missing, since the journal let go of it before it was read, is said where it "
	    "is missing.\n"
	    "A filter is evaluated in the daemon:\n"
	    "  bellman tail -f 'severity >= warning and prefix in 203.0.113.0/24 and not router "
	    "lab1'\n"
	    "  bellman tail --since 04:44 --until 05:10 kind = hijack\n"
	    "Fields: severity kind router peer table as origin prefix view rov summary transition "
	    "type reason id muted dry_run (true, false; without it rules in dry-run are left out). "
	    "Operators: = != ~ >= <= > < in covers, and or not ( ). A prefix or an address alone "
	    "is "
	    "one that it is in, or in which it is; kind = hijack is all of hijack.\n"
	    "When the daemon ends, so does the tail, with exit 3, unless --reconnect waits for it.",
	.options = options,
	.run = cli_tail,
};
