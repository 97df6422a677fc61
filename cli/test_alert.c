/*
 * bellman test-alert: does an incident arrive? The daemon makes one up; here it is watched on its
 * way: that the journal has it, that Kafka has taken it, and that it is closed again.
 */
#include <jansson.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "cli/cli.h"
#include "cli/control_rows.h"
#include "proto/control_request.h"
#include "proto/record.h"

enum { POLL_MS = 200 };

struct watch {
	const char *socket;
	char id[RECORD_ID_MAX];
	double late_s; /* after so long it has not arrived */
	bool json;
};

/* The record of a transition of the test, as the journal has it; NULL when it is not there. The
 * caller's to free. */
static json_t *
find(const struct watch *w, const char *transition, int *rc)
{
	struct sbuf request = sbuf_of(4096);
	json_t *rows = json_array(), *found = NULL;
	char filter[128];
	bool more;

	snprintf(filter, sizeof(filter), "id = %s and transition = %s", w->id, transition);
	control_request_begin(&request, "tail");
	control_request_word(&request, "since", "7200");
	control_request_word(&request, "format", "json");
	control_request_word(&request, "filter", filter);
	*rc = control_rows(w->socket, &request, rows, 10, &more);
	sbuf_free(&request);
	if (json_array_size(rows) > 0)
		found = json_incref(json_array_get(rows, 0));
	json_decref(rows);
	return found;
}

static json_t *
ask_stats(const struct watch *w, int *rc)
{
	struct sbuf request = sbuf_of(4096);
	json_t *rows = json_array(), *stats;
	bool more;

	control_request_begin(&request, "show");
	control_request_word(&request, "what", "stats");
	control_request_word(&request, "format", "json");
	*rc = control_rows(w->socket, &request, rows, 1, &more);
	sbuf_free(&request);
	stats = json_incref(json_array_get(rows, 0));
	json_decref(rows);
	return stats;
}

/* Has Kafka taken all up to this record? Without Kafka nothing is behind. */
static bool
is_delivered(const json_t *stats, unsigned long long seq)
{
	return row_number(stats, "kafka_lag") == 0 || row_number(stats, "kafka_position") >= seq;
}

struct arrival {
	bool there, written, delivered, has_kafka;
	unsigned long long seq;
	int rc;
};

static struct arrival
wait_for(const struct watch *w, const char *transition, double seconds)
{
	int64_t until = clock_mono_us() + (int64_t)(seconds * 1e6);
	struct arrival a = { 0 };
	json_t *record, *stats;

	while (a.rc == CLI_OK && !a.delivered && clock_mono_us() < until) {
		usleep(POLL_MS * 1000);
		record = find(w, transition, &a.rc);
		if (record == NULL)
			continue;
		a.there = true;
		a.seq = row_number(record, "seq");
		a.written = !json_is_false(json_object_get(record, "written"));
		json_decref(record);
		if (!a.written)
			continue;
		stats = ask_stats(w, &a.rc);
		a.has_kafka = json_array_size(json_object_get(stats, "kafka_topics")) > 0;
		a.delivered = a.rc == CLI_OK && is_delivered(stats, a.seq);
		json_decref(stats);
	}
	return a;
}

/* Returns whether it has arrived. */
static bool
say(const struct watch *w, const char *transition, const struct arrival *a)
{
	const char *kafka = !a->written	    ? "not tried"
			    : !a->has_kafka ? "not configured"
			    : a->delivered  ? "yes"
					    : "NO";

	if (w->json)
		printf("{\"transition\":\"%s\",\"id\":\"%s\",\"seq\":%llu,\"written\":%s,"
		       "\"delivered\":%s}\n",
		    transition, w->id, a->seq, a->written ? "true" : "false",
		    a->delivered ? "true" : "false");
	else if (!a->there)
		printf("%-7s it is not there\n", transition);
	else
		printf("%-7s record %llu; journal: %s; Kafka: %s\n", transition, a->seq,
		    a->written ? "yes" : "NO", kafka);
	fflush(stdout);
	return a->delivered;
}

static int
follow(const struct watch *w, double seconds)
{
	struct arrival opened = wait_for(w, "opened", w->late_s), closed;
	bool good;

	if (opened.rc != CLI_OK)
		return opened.rc;
	good = say(w, "opened", &opened);
	closed = wait_for(w, "closed", seconds + w->late_s);
	if (closed.rc != CLI_OK)
		return closed.rc;
	good &= say(w, "closed", &closed);
	if (!good)
		fputs("bellman: it did not arrive; `bellman health` may say why\n", stderr);
	return good ? CLI_OK : CLI_NOTHING;
}

static int
run(struct watch *w, const char *severity, double seconds)
{
	struct sbuf request = sbuf_of(4096);
	json_t *rows = json_array();
	char number[32];
	bool more;
	int rc;

	snprintf(number, sizeof(number), "%.3f", seconds);
	control_request_begin(&request, "test-alert");
	control_request_word(&request, "severity", severity);
	control_request_word(&request, "for", number);
	control_request_word(&request, "who", cli_user());
	control_request_word(&request, "format", "json");
	rc = control_rows(w->socket, &request, rows, 1, &more);
	sbuf_free(&request);
	if (rc == CLI_OK) {
		snprintf(w->id, sizeof(w->id), "%s", row_text(json_array_get(rows, 0), "id"));
		if (!w->json)
			printf("%s\n", row_text(json_array_get(rows, 0), "said"));
		fflush(stdout);
		rc = follow(w, seconds);
	}
	json_decref(rows);
	return rc;
}

static int
cli_test_alert(int argc, char **argv)
{
	struct control_options control = control_options();
	const char *severity = "warning";
	struct watch w = { .late_s = 30 };
	double seconds = 10;
	int opt;

	while ((opt = cli_next_option(&cli_test_alert_command, argc, argv)) > 0) {
		if (control_option(&control, opt, optarg))
			continue;
		if (opt == 'S')
			severity = optarg;
		else if (opt == 'F')
			seconds = cli_duration(optarg);
		else if (opt == 'T')
			w.late_s = cli_duration(optarg);
	}
	if (opt != CLI_OPTIONS_END)
		return cli_options_rc(opt);
	if (optind < argc)
		return cli_wrong("test-alert", "it takes no \"%s\"", argv[optind]);
	if (seconds < 1 || seconds > 3600)
		return cli_wrong("test-alert", "--for is a duration from 1s to 1h");
	if (w.late_s < 1)
		return cli_wrong("test-alert", "--timeout is a duration as 30s");
	if (!cli_format("test-alert", control.format, &w.json))
		return CLI_USAGE;
	w.socket = control.path;
	return run(&w, severity, seconds);
}

static const struct cli_option test_alert_options[] = {
	{ 'S', false, "severity", "SEVERITY", "default: warning",
	    "info notice warning major critical" },
	{ 'F', false, "for", "DURATION", "so long it stays open; default: 10s, at most 1h", NULL },
	{ 'T', false, "timeout", "DURATION",
	    "so long each of its records may take to arrive; default: 30s", NULL },
	CONTROL_OPTIONS,
	{ 0 },
};
const struct cli_command cli_test_alert_command = {
	.name = "test-alert",
	.summary = "a made-up incident, to see that incidents arrive",
	.about =
	    "Opens an incident that is made up (kind " RECORD_KIND_TEST ", `test` in JSON and "
	    "protobuf), follows it to the journal and to Kafka, and closes it again. Whoever is "
	    "woken by incidents of that severity is woken. Interrupted, it is closed all the "
	    "same.\n"
	    "Exit: 0 both transitions were written and delivered, 1 not.",
	.options = test_alert_options,
	.run = cli_test_alert,
};
