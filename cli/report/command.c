/* bellman report. */
#include <getopt.h>
#include <stdio.h>
#include <string.h>
#include <sys/random.h>
#include <time.h>

#include "base/pure/ip.h"
#include "base/pure/mail.h"
#include "cli/cli.h"
#include "cli/control_rows.h"
#include "cli/fields.h"
#include "cli/past_incident.h"
#include "cli/report/report_private.h"
#include "proto/control_request.h"

enum { ROWS_MAX = 500, TEXT_MAX = 1 << 26, ID_MAX = 32 };

#define ROUTES_ASKED "500"

static const struct cli_option options[] = {
	{ 't', true, "to", "WHOM",
	    "neighbor, origin (who did it) or victim (whose prefixes they are); else the first of "
	    "them that there is",
	    "neighbor origin victim" },
	{ 'o', true, "output", "FORMAT",
	    "text; eml: mail ready to send; x-arf: the same with a report for machines",
	    "text eml x-arf" },
	CONTROL_OPTIONS_BUT_OUTPUT,
	{ 0 },
};

enum form { FORM_TEXT, FORM_EML, FORM_XARF, FORMS };

struct asked {
	struct control_options control;
	enum form form;
	const char *to; /* NULL: the first */
	const char *id;
};

static int
ask(const struct asked *a, const char *what, const char *key, const char *value, json_t *rows)
{
	struct sbuf request = sbuf_of(65536);
	bool more;
	int rc;

	control_request_begin(&request, "show");
	control_request_word(&request, "what", what);
	control_request_word(&request, "format", "json");
	if (key != NULL)
		control_request_word(&request, key, value);
	if (strcmp(what, "case") == 0)
		control_request_word(&request, "routes", ROUTES_ASKED);
	rc = control_rows(a->control.path, &request, rows, ROWS_MAX, &more);
	sbuf_free(&request);
	return rc;
}

/* --- the incident */

static int
ask_record(const struct asked *a, json_t **record, json_t **routes)
{
	json_t *rows = json_array();
	int rc = ask(a, "case", "id", a->id, rows);
	size_t n = json_array_size(rows);

	*record = NULL;
	if (rc == CLI_OK && n == 0) {
		rc = past_incident("report", a->control.path, a->id, record);
	} else if (rc == CLI_OK && n > 1) {
		json_t *several = json_array();

		for (size_t i = 0; i < n; i++)
			json_array_append(
			    several, json_object_get(json_array_get(rows, i), "incident"));
		rc = past_incident_ambiguous("report", a->id, several);
		json_decref(several);
	} else if (rc == CLI_OK) {
		const json_t *row = json_array_get(rows, 0);

		*record = json_incref(json_object_get(row, "incident"));
		*routes = json_incref(json_object_get(json_object_get(row, "more"), "routes"));
	}
	json_decref(rows);
	return rc;
}

/* --- whom it goes to */

static const json_t *
find_call(const struct asked *a, const json_t *record)
{
	const json_t *list = json_object_get(record, "call");
	size_t n = json_array_size(list);

	for (size_t i = 0; i < n; i++)
		if (a->to == NULL || report_has_role(json_array_get(list, i), a->to))
			return json_array_get(list, i);
	if (n == 0) {
		fputs("bellman report: no other network is known to have to do with it\n", stderr);
		return NULL;
	}
	fprintf(stderr, "bellman report: it has no %s that is known; there is:\n", a->to);
	for (size_t i = 0; i < n; i++) {
		const json_t *c = json_array_get(list, i), *roles = json_object_get(c, "roles");

		fprintf(stderr, "  --to %s  AS%llu\n", json_string_value(json_array_get(roles, 0)),
		    row_number(c, "asn"));
	}
	return NULL;
}

/* Can there be mail? */
static bool
has_addresses(const struct report *r)
{
	const char *contact = row_text(r->call, "contact"), *email = row_text(r->us, "email");
	bool ok = true;

	if (!mail_address_ok(contact)) {
		fprintf(stderr, "bellman report: of AS%llu no address of mail is known",
		    row_number(r->call, "asn"));
		if (*contact != '\0')
			fprintf(stderr, ", but \"%s\"", contact);
		fputs("; neighbors: contact, or a file of contacts.files, can say it\n", stderr);
		ok = false;
	}
	if (!mail_address_ok(email)) {
		fputs("bellman report: contacts.email, ours, is not configured\n", stderr);
		ok = false;
	}
	return ok;
}

/* --- when, and which */

static void
say_now(struct report *r)
{
	static const char *const days[] = { "Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat" },
				 *const months[] = { "Jan", "Feb", "Mar", "Apr", "May", "Jun",
					 "Jul", "Aug", "Sep", "Oct", "Nov", "Dec" };
	time_t now = time(NULL);
	struct tm tm;

	gmtime_r(&now, &tm);
	strftime(r->now, sizeof(r->now), "%Y-%m-%dT%H:%M:%SZ", &tm);
	/* in the words of RFC 5322, whatever the locale */
	snprintf(r->date, sizeof(r->date), "%s, %02d %s %04d %02d:%02d:%02d +0000",
	    days[tm.tm_wday], tm.tm_mday, months[tm.tm_mon], (tm.tm_year + 1900) % 10000,
	    tm.tm_hour, tm.tm_min, tm.tm_sec);
}

/* RFC 9562 5.4. */
static bool
make_uuid(char out[REPORT_UUID_MAX])
{
	unsigned char b[16];
	char *at = out;

	if (getrandom(b, sizeof(b), 0) != sizeof(b))
		return false;
	b[6] = (b[6] & 0x0f) | 0x40;
	b[8] = (b[8] & 0x3f) | 0x80;
	for (unsigned i = 0; i < sizeof(b); i++)
		at += snprintf(at, (size_t)(out + REPORT_UUID_MAX - at), "%s%02x",
		    i == 4 || i == 6 || i == 8 || i == 10 ? "-" : "", b[i]);
	return true;
}

/* --- all of it */

static int
write_report(const struct asked *a, struct report *r)
{
	struct sbuf out = sbuf_of(TEXT_MAX);
	char subject[REPORT_SUBJECT_MAX];

	say_now(r);
	if (!make_uuid(r->uuid)) {
		fputs("bellman report: the kernel gives no random numbers\n", stderr);
		return CLI_NOTHING;
	}
	if (a->form != FORM_TEXT && !has_addresses(r))
		return CLI_NOTHING;
	if (a->form == FORM_TEXT) {
		report_subject(r, subject);
		sbuf_puts(&out, "To: ");
		fields_visible(&out, *row_text(r->call, "contact") != '\0'
					 ? row_text(r->call, "contact")
					 : "no contact known");
		sbuf_puts(&out, "\nSubject: ");
		fields_visible(&out, subject);
		sbuf_puts(&out, "\n\n");
		report_text(r, &out);
	} else {
		report_mail(r, a->form == FORM_XARF, &out);
	}
	fwrite(sbuf_text(&out), 1, out.len, stdout);
	sbuf_free(&out);
	return CLI_OK;
}

static int
report(const struct asked *a)
{
	json_t *record = NULL, *routes = NULL, *contacts = json_array();
	int rc = ask_record(a, &record, &routes);

	if (rc == CLI_OK)
		rc = ask(a, "contacts", NULL, NULL, contacts);
	if (rc == CLI_OK) {
		struct report r = { .record = record,
			.routes = routes,
			.us = json_array_get(contacts, 0),
			.call = find_call(a, record) };

		rc = r.call == NULL ? CLI_NOTHING : write_report(a, &r);
	}
	json_decref(record);
	json_decref(routes);
	json_decref(contacts);
	return rc;
}

static bool
form_named(const char *name, enum form *out)
{
	static const char *const names[FORMS] = { "text", "eml", "x-arf" };

	for (int i = 0; i < FORMS; i++)
		if (strcmp(names[i], name) == 0) {
			*out = (enum form)i;
			return true;
		}
	cli_wrong("report", "-o is text, eml or x-arf, not \"%s\"", name);
	return false;
}

static bool
whom_named(const char *word, const char **out)
{
	static const char *const names[] = { "neighbor", "origin", "victim" };

	if (strcmp(word, "neighbour") == 0)
		word = names[0];
	for (int i = 0; i < 3; i++)
		if (strcmp(names[i], word) == 0) {
			*out = names[i];
			return true;
		}
	cli_wrong("report", "--to is neighbor, origin or victim, not \"%s\"", word);
	return false;
}

static int
cli_report(int argc, char **argv)
{
	struct asked a = { .control = control_options() };
	int opt;

	while ((opt = cli_next_option(&cli_report_command, argc, argv)) > 0)
		if (opt == 't' ? !whom_named(optarg, &a.to)
			       : !control_option(&a.control, opt, optarg))
			return CLI_USAGE;
	if (opt != CLI_OPTIONS_END)
		return cli_options_rc(opt);
	if (optind + 1 != argc)
		return cli_wrong("report", "of which incident? One id, or the front of one");
	a.id = argv[optind];
	if (strspn(a.id, "0123456789abcdef") != strlen(a.id) || *a.id == '\0' ||
	    strlen(a.id) > ID_MAX)
		return cli_wrong(
		    "report", "\"%s\" is no id; right would be some of 0 to 9 and a to f", a.id);
	return form_named(a.control.format, &a.form) ? report(&a) : CLI_USAGE;
}

const struct cli_command cli_report_command = {
	.name = "report",
	.summary = "a message about an incident to whom it concerns, ready to send",
	.arguments = "ID",
	.words = CLI_INCIDENTS,
	.about =
	    "What is seen and since when, the routes that prove it with their paths, and what is "
	    "asked: of the neighbour to filter, of who did it to stop; whose prefixes they are is "
	    "told. Whom to call and who we are is configured (contacts, docs/MANRS.md). Of an "
	    "incident that is over the newest record of the journal is told.\n"
	    "  bellman report 4f2a --to origin -o eml | sendmail -t\n"
	    "Exit 1 when there is no such incident, nobody to tell, or no address.",
	.options = options,
	.run = cli_report,
};
