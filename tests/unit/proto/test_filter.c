/* proto/record_filter: what matches, and the message for a mistake. */

#include "tests/unit/support/harness.h"
#include "tests/unit/support/records.h"

/* The incident and the event of records.h against an expression. */
static const struct {
	const char *text;
	bool incident, event;
} matches[] = {
	{ "", true, true },
	{ "   ", true, true },
	{ "severity = critical", true, false },
	{ "severity >= notice", true, true },
	{ "severity > notice", true, false },
	{ "severity < major", false, true },
	{ "severity <= NOTICE", false, true },
	{ "severity critical", true, false },
	{ "kind = hijack.exact", true, false },
	{ "kind ~ hijack", true, false },
	{ "kind ~ peer", false, true },
	{ "not kind ~ hijack", false, true },
	{ "kind != hijack.exact", false, true },
	{ "router r1", true, true },
	{ "router \"r1\"", true, true },
	{ "router = R1", true, true },
	{ "router = r", false, false },
	{ "router ~ \"\"", true, true },
	{ "peer = 192.0.2.1", true, true },
	{ "table red", true, false },
	{ "table = blue", false, true },
	{ "table 64500:1", true, false },
	{ "table ~ :2", false, true },
	{ "table != red", false, true },
	{ "as = 64501", true, true },
	{ "as AS666", true, false },
	{ "as != 666", false, true },
	{ "as > 64500", true, true },
	{ "origin = 666", true, false },
	{ "origin=666", true, false },
	{ "origin != 666", false, true },
	{ "prefix = 203.0.113.0/24", true, false },
	{ "prefix in 203.0.0.0/16", true, false },
	{ "prefix in 203.0.113.0/25", false, false },
	{ "prefix covers 203.0.113.128/25", true, false },
	{ "prefix covers 203.0.0.0/16", false, false },
	{ "prefix in 2001:db8::/29", true, false },
	{ "prefix != 203.0.113.0/24", false, true },
	{ "transition = updated", true, false },
	{ "transition != opened", true, true },
	{ "type = incident", true, false },
	{ "type = event", false, true },
	{ "type = peer.down", false, true },
	{ "reason ~ announ", true, false },
	{ "id = 00112233445566778899AABBCCDDEEFF", true, false },
	{ "id = 00112233", true, false }, /* the front, from 8 characters on */
	{ "id = 0011223", false, false },
	{ "id = 00112234", false, false },
	{ "muted", true, false },
	{ "muted = true", true, false },
	{ "muted false", false, true },
	{ "muted != true", false, true },
	{ "not muted", false, true },
	{ "muted and kind ~ hijack", true, false },
	{ "kind ~ hijack (muted)", true, false },
	{ "muted router r1", true, false },
	{ "dry_run = true", true, false },
	{ "dry_run False", false, true },
	{ "dry_run != true", false, true },
	{ "kind = hijack", true, false }, /* the group */
	{ "kind = hij", false, false },
	{ "kind = peer", false, true },
	{ "203.0.113.0/24", true, false }, /* a prefix alone */
	{ "203.0.113.7", true, false },
	{ "198.51.100.7", false, false },
	{ "203.0.0.0/16 && router r1", true, false },
	{ "peer_as = 64501", true, true },
	{ "view = loc-rib || router = r9", true, false },
	{ "view = out-pre", false, false },
	{ "views != adj-rib-out-pre", true, true },
	{ "rov = invalid", true, false },
	{ "rov = length", true, false },
	{ "rov = asn", false, false },
	{ "not rov = length", false, true },
	{ "summary ~ originates", true, false },
	{ "severity >= major and kind ~ leak", false, false },
	{ "severity >= major kind ~ hijack", true, false },
	{ "kind ~ leak or kind ~ hijack", true, false },
	{ "kind ~ peer or kind ~ hijack and router r9", false, true },
	{ "(kind ~ peer or kind ~ hijack) and router r1", true, true },
	{ "not (router r9 or router r8)", true, true },
	{ "not not router r1", true, true },
	{ "NOT router r9 AND severity>=info", true, true },
};

START_TEST(match)
{
	struct record incident = sample_incident(), event = sample_event();
	char error[256] = "";
	struct record_filter *f = record_filter_new(matches[_i].text, error, sizeof(error));

	incident.incident.dry_run = true;
	ck_assert_msg(f != NULL, "%s: %s", matches[_i].text, error);
	ck_assert_msg(record_filter_match(f, &incident) == matches[_i].incident, "incident: %s",
	    matches[_i].text);
	ck_assert_msg(
	    record_filter_match(f, &event) == matches[_i].event, "event: %s", matches[_i].text);
	record_filter_free(f);
}
END_TEST

static const struct {
	const char *text, *error;
} mistakes[] = {
	{ "bogus = 1", "filter, column 1: \"bogus\" is no field" },
	{ "severity >= loud", "filter, column 13: \"loud\" is no value of severity" },
	{ "severity ~ major", "filter, column 10: \"~\" says nothing about severity" },
	{ "kind > leak", "filter, column 6: \">\" says nothing about kind" },
	{ "prefix ~ 10", "filter, column 8: \"~\" says nothing about prefix" },
	{ "kind !! leak", "filter, column 6: \"!!\" is no operator" },
	{ "origin = -1", "filter, column 10: \"-1\" is no value of origin" },
	{ "origin = 4294967296", "filter, column 10: \"4294967296\" is no value of origin" },
	{ "origin = AS", "filter, column 10: \"AS\" is no value of origin" },
	{ "prefix in 10.0.0.0/33", "filter, column 11: \"10.0.0.0/33\" is no value of prefix" },
	{ "transition = gone", "filter, column 14: \"gone\" is no value of transition" },
	{ "muted = yes", "filter, column 9: \"yes\" is no value of muted" },
	{ "muted =", "filter, column 8: a value should follow \"muted\"" },
	{ "muted ~ t", "filter, column 7: \"~\" says nothing about muted" },
	{ "kind =", "filter, column 7: a value should follow \"kind\"" },
	{ "(kind = a", "filter, column 10: a closing parenthesis is missing" },
	{ "kind = a)", "filter, column 9: \")\" is left over" },
	{ "kind = a or", "filter, column 12: \"\" is no field" },
	{ "kind = a and and", "filter, column 14: \"and\" is no field" },
	{ "router = \"r1", "filter, column 10: a closing quote is missing" },
	{ "\"", "filter, column 1: a closing quote is missing" },
	{ "dry_run = yes",
	    "filter, column 11: \"yes\" is no value of dry_run; right would be true or false" },
	{ "dry_run ~ t", "filter, column 9: \"~\" says nothing about dry_run" },
	{ "view = up", "filter, column 8: \"up\" is no value of view; right would be in-pre" },
	{ "rov = bad", "filter, column 7: \"bad\" is no value of rov" },
	{ "()", "filter, column 2: \")\" is no field" },
};

START_TEST(mistake)
{
	char error[256] = "";
	struct record_filter *f = record_filter_new(mistakes[_i].text, error, sizeof(error));

	ck_assert_msg(f == NULL, "%s was accepted", mistakes[_i].text);
	ck_assert_msg(strncmp(error, mistakes[_i].error, strlen(mistakes[_i].error)) == 0, "%s: %s",
	    mistakes[_i].text, error);
}
END_TEST

/* Of rules in dry-run only who asks for it is told. */
START_TEST(dry_run_is_asked_for)
{
	static const struct {
		const char *text;
		bool dry, other, event;
	} rows[] = {
		{ "", false, true, true },
		{ "kind = hijack.exact", false, true, false },
		{ "dry_run = true", true, false, false },
		{ "dry_run = false", false, true, true },
		{ "dry_run = true or dry_run = false", true, true, true },
		{ "kind ~ hijack and not dry_run = false", true, false, false },
		{ "kind ~ leak or dry_run = true", true, false, false },
	};
	struct record r = sample_incident(), event = sample_event();
	char error[256];

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct record_filter *f = record_filter_new(rows[i].text, error, sizeof(error));

		r.incident.dry_run = true;
		ck_assert_msg(record_filter_shows(f, &r) == rows[i].dry, "%s", rows[i].text);
		r.incident.dry_run = false;
		ck_assert_msg(record_filter_shows(f, &r) == rows[i].other, "%s", rows[i].text);
		ck_assert_msg(record_filter_shows(f, &event) == rows[i].event, "%s", rows[i].text);
		record_filter_free(f);
	}
	ck_assert(record_filter_shows(NULL, &r));
	r.incident.dry_run = true;
	ck_assert(!record_filter_shows(NULL, &r));
}
END_TEST

/* Depth, number of conditions and length of a word are bounded; a small error buffer is enough. */
START_TEST(limits)
{
	struct sbuf text = sbuf_of(1 << 16);
	char error[256], tiny[4];

	for (int k = 0; k < 200; k++)
		sbuf_puts(&text, "(");
	ck_assert_ptr_null(record_filter_new(sbuf_text(&text), error, sizeof(error)));
	ck_assert_ptr_null(record_filter_new(sbuf_text(&text), tiny, sizeof(tiny)));
	sbuf_clear(&text);
	for (int k = 0; k < 200; k++)
		sbuf_puts(&text, "router a ");
	ck_assert_ptr_null(record_filter_new(sbuf_text(&text), error, sizeof(error)));
	ck_assert_ptr_nonnull(strstr(error, "conditions"));
	sbuf_clear(&text);
	sbuf_puts(&text, "router = ");
	for (int k = 0; k < 500; k++)
		sbuf_puts(&text, "x");
	ck_assert_ptr_null(record_filter_new(sbuf_text(&text), error, sizeof(error)));
	ck_assert_ptr_nonnull(strstr(error, "longer than"));
	sbuf_free(&text);
}
END_TEST

/* Every beginning of a long expression: an answer, no crash. */
START_TEST(cut)
{
	static const char text[] = "not (severity >= warning and \"kind\" ~ \"leak\" or prefix "
				   "covers 203.0.113.0/24) as != AS64500";
	char error[256];

	for (size_t n = 0; n < sizeof(text); n++) {
		char *copy = strndup(text, n);

		record_filter_free(record_filter_new(copy, error, sizeof(error)));
		free(copy);
	}
}
END_TEST

HARNESS_MAIN("filter")
{
	ROWS(match, matches);
	ROWS(mistake, mistakes);
	TEST(dry_run_is_asked_for);
	TEST(limits);
	TEST(cut);
}
