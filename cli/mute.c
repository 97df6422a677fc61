/* bellman mute, ack, unmute. */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/clock.h"
#include "cli/cli.h"
#include "cli/control_client.h"
#include "cli/control_rows.h"
#include "cli/past_incident.h"
#include "proto/control_request.h"
#include "proto/record.h"

/* A time with its zone, or a duration from now; in seconds since 1970. false: neither. */
static bool
read_time(const char *text, double *at)
{
	double later = *text == '+' ? cli_duration(text + 1) : -1;
	size_t n = strlen(text);

	*at = (double)clock_wall_us() / 1e6 + later;
	if (later > 0)
		return true;
	/* of what lies ahead nobody shall have to guess the zone */
	return strchr(text, 'T') != NULL &&
	       (text[n - 1] == 'Z' || strchr(text, '+') != NULL || (n > 6 && text[n - 6] == '-')) &&
	       cli_time(text, at);
}

/* The example is ahead of us, whenever it is read. */
static int
wrong_from(const char *verb)
{
	time_t tomorrow = time(NULL) + 86400;
	char day[16];
	struct tm tm;

	strftime(day, sizeof(day), "%Y-%m-%d", gmtime_r(&tomorrow, &tm));
	return cli_wrong(verb,
	    "--from is a time as %sT02:00Z or %sT03:00+01:00, or +30m for in half an hour", day,
	    day);
}

struct words {
	const char *from, *length, *why;
};

/* Add what the options say. */
static int
add_words(const char *verb, const struct words *w, struct sbuf *request)
{
	char seconds[32];
	double at;

	if (strcmp(verb, "unmute") == 0)
		return CLI_OK;
	if (w->why == NULL || *w->why == '\0')
		return cli_wrong(verb, "--why is needed: it is told to everybody");
	control_request_word(request, "why", w->why);
	if (strcmp(verb, "ack") == 0)
		return CLI_OK;
	if (w->length == NULL || cli_duration(w->length) < 1)
		return cli_wrong(verb, "--for is needed, a duration as 90s, 10m, 2h or 1d");
	snprintf(seconds, sizeof(seconds), "%.3f", cli_duration(w->length));
	control_request_word(request, "for", seconds);
	if (w->from == NULL)
		return CLI_OK;
	if (!read_time(w->from, &at))
		return wrong_from(verb);
	snprintf(seconds, sizeof(seconds), "%.3f", at);
	control_request_word(request, "from", seconds);
	return CLI_OK;
}

/* Open incidents whose id begins so. */
static int
ask_open(const char *path, const char *id, json_t *incidents)
{
	enum { ROWS_MAX = 500 };
	struct sbuf request = sbuf_of(4096);
	json_t *rows = json_array(), *row;
	bool more;
	size_t i;
	int rc;

	control_request_begin(&request, "show");
	control_request_word(&request, "what", "case");
	control_request_word(&request, "format", "json");
	control_request_word(&request, "id", id);
	rc = control_rows(path, &request, rows, ROWS_MAX, &more);
	json_array_foreach(rows, i, row)
		json_array_append(incidents, json_object_get(row, "incident"));
	json_decref(rows);
	sbuf_free(&request);
	return rc;
}

/* The front of an id, as `bellman show incident` takes it. A short number is what a mute is ended
 * by. */
static bool
is_id(const char *verb, const char *word)
{
	enum { NUMBER_MAX = 8 };
	size_t n = strlen(word), digits = strspn(word, "0123456789");

	if (strcmp(verb, "unmute") == 0 && digits == n && n < NUMBER_MAX)
		return false;
	return n > 0 && n < RECORD_ID_MAX && strspn(word, "0123456789abcdef") == n;
}

/* The words, as one; of an open incident the whole id. */
static int
add_target(const struct control_options *control, const char *verb, int argc, char **argv,
    struct sbuf *request)
{
	bool id = argc == 1 && is_id(verb, argv[0]);
	json_t *open = json_array();
	int rc = id ? ask_open(control->path, argv[0], open) : CLI_OK;
	size_t n = json_array_size(open);

	if (rc == CLI_OK && n > 1) {
		rc = past_incident_ambiguous(verb, argv[0], open);
	} else if (rc == CLI_OK && n == 1) {
		control_request_word(request, "target", row_text(json_array_get(open, 0), "id"));
	} else if (rc == CLI_OK && id && strcmp(verb, "unmute") != 0 &&
		   strlen(argv[0]) < RECORD_ID_MAX - 1) {
		fprintf(stderr,
		    "bellman %s: no incident whose id begins with %s is open; `bellman show "
		    "incidents` has the ids\n",
		    verb, argv[0]);
		rc = CLI_NOTHING;
	} else if (rc == CLI_OK) {
		control_arguments_add(request, "target", argc, argv);
	}
	json_decref(open);
	return rc;
}

static int
ask(const struct cli_command *command, int argc, char **argv)
{
	struct control_options control = control_options();
	struct sbuf request = sbuf_of(65536);
	struct words words = { 0 };
	const char *verb = command->name;
	unsigned long lines;
	bool json;
	int opt, rc;

	while ((opt = cli_next_option(command, argc, argv)) > 0) {
		if (control_option(&control, opt, optarg))
			continue;
		if (opt == 'B')
			words.from = optarg;
		else if (opt == 'F')
			words.length = optarg;
		else
			words.why = optarg;
	}
	if (opt != CLI_OPTIONS_END)
		return cli_options_rc(opt);
	if (optind >= argc)
		return cli_wrong(verb, "of what?");
	control_request_begin(&request, verb);
	rc = control_options_add(&control, verb, &request, &json)
		 ? add_words(verb, &words, &request)
		 : CLI_USAGE;
	control_request_word(&request, "who", cli_user());
	if (rc == CLI_OK)
		rc = add_target(&control, verb, argc - optind, argv + optind, &request);
	if (rc == CLI_OK)
		rc = control_run(control.path, &request, &lines);
	sbuf_free(&request);
	return rc;
}

static int
cli_mute(int argc, char **argv)
{
	return ask(&cli_mute_command, argc, argv);
}

static int
cli_ack(int argc, char **argv)
{
	return ask(&cli_ack_command, argc, argv);
}

static int
cli_unmute(int argc, char **argv)
{
	return ask(&cli_unmute_command, argc, argv);
}

static const struct cli_option mute_options[] = {
	{ 'B', false, "from", "TIME",
	    "a maintenance window, within 366 days: +30m for in half an hour, or a time with its "
	    "zone, YYYY-MM-DDThh:mmZ or YYYY-MM-DDThh:mm+01:00; without it at once",
	    NULL },
	{ 'F', false, "for", "DURATION", "90s, 10m, 2h, 1d, 1h30m", NULL },
	{ 'W', false, "why", "TEXT", "told with it", NULL },
	CONTROL_OPTIONS,
	{ 0 },
};
const struct cli_command cli_mute_command = {
	.name = "mute",
	.summary = "no alarm for these incidents for a while",
	.arguments = "ID|FILTER... [--from TIME] --for DURATION --why TEXT",
	.words = CLI_INCIDENTS,
	.about =
	    "Records of these incidents are told and written as ever, marked muted. One that gets "
	    "graver, concerns more prefixes of ours, or has ten times the prefixes and at least "
	    "100, speaks. A filter is as of `bellman tail`, and covers what is open and what opens "
	    "while it holds. Several windows may be planned. `bellman show mutes` lists them, "
	    "pending and active; `bellman unmute` ends them.",
	.options = mute_options,
	.run = cli_mute,
};

static const struct cli_option ack_options[] = {
	{ 'W', false, "why", "TEXT", "told with it", NULL },
	CONTROL_OPTIONS,
	{ 0 },
};
const struct cli_command cli_ack_command = {
	.name = "ack",
	.summary = "an incident is known: no alarm unless it gets worse",
	.arguments = "ID --why TEXT",
	.words = CLI_INCIDENTS,
	.about = "The incident is muted until it is closed or gets worse (`bellman mute --help`). "
		 "ID: the front of it that only one has.",
	.options = ack_options,
	.run = cli_ack,
};

static const struct cli_option unmute_options[] = { CONTROL_OPTIONS, { 0 } };
const struct cli_command cli_unmute_command = {
	.name = "unmute",
	.summary = "end a mute or an ack",
	.arguments = "ID|FILTER...|NUMBER|all",
	.words = CLI_INCIDENTS,
	.about = "Ends mutes and acks of exactly this id or filter, of a number of `bellman show "
		 "mutes`, or all.",
	.options = unmute_options,
	.run = cli_unmute,
};
