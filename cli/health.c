/*
 * bellman health: does the collector do its work? It does when the daemon answers, with all its
 * workers, in time, and knows of nothing about itself that is grave. What routers and neighbours do
 * is not its health: that is what incidents are for.
 */
#include <jansson.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cli/cli.h"
#include "cli/control_rows.h"
#include "cli/stats_said.h"
#include "proto/control_request.h"
#include "proto/record.h"

enum { REASONS_MAX = 1000 };

/* What is about the collector itself, and no test of somebody. */
static const char filter[] =
    "(kind ~ collector. or kind ~ journal. or kind ~ kafka. or kind ~ rpki. or kind ~ limit. or "
    "kind ~ log. or kind ~ control.) and not kind = " RECORD_KIND_TEST;

static const char slow[] = "bellman: the daemon does not answer in time\n";

static void
on_alarm(int sig)
{
	(void)sig;
	(void)!write(STDERR_FILENO, slow, sizeof(slow) - 1);
	_exit(CLI_NO_DAEMON);
}

static uint8_t
severity_of(const json_t *reason)
{
	uint8_t severity = 0;

	severity_parse(row_text(reason, "severity"), &severity);
	return severity;
}

/* Nobody is to be told by an empty word that something is at its start. */
static void
say(const json_t *stats, const json_t *reasons, bool healthy)
{
	char open[STATS_SAID_MAX], rpki[STATS_SAID_MAX], kafka[STATS_SAID_MAX];
	unsigned long long sessions = row_number(stats, "sessions");
	const json_t *reason;
	size_t i;

	printf(
	    "%s: %llu BMP session%s, incidents open: %s, %s, journal %llu waiting, %s, up %llu s\n",
	    healthy ? "healthy" : "not healthy", sessions, sessions == 1 ? "" : "s",
	    stats_incidents(stats, open, sizeof(open)), stats_rpki(stats, rpki, sizeof(rpki)),
	    row_number(stats, "journal_pending"), stats_kafka(stats, kafka, sizeof(kafka)),
	    row_number(stats, "uptime_seconds"));
	json_array_foreach(reasons, i, reason)
		printf("  %-8s %s  %s\n", row_text(reason, "severity"), row_text(reason, "kind"),
		    row_text(reason, "summary"));
}

static void
say_json(const json_t *stats, const json_t *reasons, bool healthy)
{
	static const char *const shown[] = { "collector", "version", "sessions", "incidents_open",
		"incidents_unknown", "incidents_critical", "rpki_sources", "rpki_state",
		"journal_pending", "kafka_lag", "uptime_seconds" };
	static const char *const said[] = { "id", "kind", "severity", "summary", "first_seen" };
	json_t *out = json_object(), *list = json_array(), *reason;
	size_t i;

	json_object_set_new(out, "healthy", json_boolean(healthy));
	for (i = 0; i < sizeof(shown) / sizeof(shown[0]); i++)
		json_object_set(out, shown[i], json_object_get(stats, shown[i]));
	json_array_foreach(reasons, i, reason) {
		json_t *one = json_object();

		for (size_t k = 0; k < sizeof(said) / sizeof(said[0]); k++)
			json_object_set(one, said[k], json_object_get(reason, said[k]));
		json_array_append_new(list, one);
	}
	json_object_set_new(out, "reasons", list);
	json_dumpf(out, stdout, JSON_COMPACT);
	putchar('\n');
	json_decref(out);
}

/* The rows of a `show`. */
static int
ask(const char *socket, const char *what, const char *which, json_t *rows)
{
	struct sbuf request = sbuf_of(4096);
	bool more;
	int rc;

	control_request_begin(&request, "show");
	control_request_word(&request, "what", what);
	control_request_word(&request, "format", "json");
	if (which != NULL)
		control_request_word(&request, "filter", which);
	rc = control_rows(socket, &request, rows, REASONS_MAX, &more);
	sbuf_free(&request);
	return rc;
}

/* A collector that nobody sends anything has nothing to judge: a warning, that is no incident. */
static void
add_no_router(const json_t *stats, json_t *reasons)
{
	if (row_number(stats, "sessions") == 0 && row_number(stats, "routers_up") == 0)
		json_array_append_new(
		    reasons, json_pack("{s:s, s:s, s:s}", "kind", "health.no-router", "severity",
				 "warning", "summary", "no router is connected"));
}

static int
look(const char *socket, uint8_t bad_from, bool json)
{
	json_t *stats = json_array(), *reasons = json_array(), *reason;
	bool healthy = true;
	size_t i;
	int rc = ask(socket, "stats", NULL, stats);

	if (rc == CLI_OK)
		rc = ask(socket, "incidents", filter, reasons);
	if (rc == CLI_OK) {
		add_no_router(json_array_get(stats, 0), reasons);
		json_array_foreach(reasons, i, reason)
			healthy = healthy && severity_of(reason) < bad_from;
		(json ? say_json : say)(json_array_get(stats, 0), reasons, healthy);
		rc = healthy ? CLI_OK : CLI_NOTHING;
	}
	json_decref(stats);
	json_decref(reasons);
	return rc;
}

static int
cli_health(int argc, char **argv)
{
	struct control_options control = control_options();
	uint8_t bad_from = SEVERITY_MAJOR;
	double timeout = 10;
	bool json;
	int opt;

	while ((opt = cli_next_option(&cli_health_command, argc, argv)) > 0) {
		if (control_option(&control, opt, optarg))
			continue;
		if (opt == 'S')
			bad_from = SEVERITY_WARNING;
		else if (opt == 'T')
			timeout = cli_duration(optarg);
	}
	if (opt != CLI_OPTIONS_END)
		return cli_options_rc(opt);
	if (optind < argc)
		return cli_wrong("health", "it takes no \"%s\"", argv[optind]);
	if (timeout < 1 || timeout > 86400)
		return cli_wrong("health", "--timeout is a duration from 1s to 1d");
	if (!cli_format("health", control.format, &json))
		return CLI_USAGE;
	signal(SIGALRM, on_alarm);
	alarm((unsigned)timeout);
	return look(control.path, bad_from, json);
}

static const struct cli_option health_options[] = {
	{ 'S', false, "strict", NULL, "warnings count, too", NULL },
	{ 'T', false, "timeout", "DURATION",
	    "so long the daemon may take for its answer; default: 10s", NULL },
	CONTROL_OPTIONS,
	{ 0 },
};
const struct cli_command cli_health_command = {
	.name = "health",
	.summary = "does the collector do its work, and what is in the way",
	.about =
	    "Says whether the collector does its work, and what is in the way: what it tells of "
	    "itself, of its journal, of Kafka and of RPKI data. Warnings are told and do not "
	    "count. What routers and neighbours do is not its health: that is what incidents "
	    "are for.\n"
	    "Exit: 0 healthy, 1 not, 3 the daemon does not answer.",
	.options = health_options,
	.run = cli_health,
};
