/* What a report says, of records of every kind: who writes, what, since when, what is asked; and
 * that nothing of what others wrote becomes a line or a header of its own. */
#include "tests/unit/support/harness.h"

#include "cli/report/report_private.h"

#define RECORD(kind, transition, more)                                                             \
	"{\"id\":\"00112233445566778899aabbccddeeff\",\"kind\":\"" kind                            \
	"\",\"transition\":\"" transition "\",\"summary\":\"what is so\","                         \
	"\"first_seen\":\"2026-11-28T00:31:02.5Z\",\"at\":\"2026-11-28T02:00:00Z\",\"origin\":"    \
	"666,"                                                                                     \
	"\"own_prefixes\":0,\"prefixes\":{\"count\":1,\"peak\":12,\"examples\":[\"198.51.100.0/"   \
	"25\""                                                                                     \
	"]},\"facets\":[\"rov.invalid.asn\"],\"as_path\":\"1 666\"" more "}"
#define CALL(roles)                                                                                \
	"{\"asn\":64501,\"name\":\"Example\",\"contact\":\"noc@e.net\",\"roles\":[" roles "]}"
static const char us[] = "{\"name\":\"Our NOC\",\"email\":\"noc@ours.example\",\"phone\":\"+31 1\","
			 "\"asn\":64500}";
static const char routes[] =
    "[{\"prefix\":\"198.51.100.0/25\",\"view\":\"adj-rib-in-post\",\"router\":\"r1\",\"peer\":"
    "\"192.0.2.1\",\"peer_as\":64501,\"since\":\"2026-11-28T00:31:02Z\",\"as_path\":\"64501 666\","
    "\"rules\":[\"rov.invalid.asn\"]},{\"prefix\":\"198.51.100.0/25\",\"view\":\"loc-rib\","
    "\"router\":\"r2\",\"peer\":\"loc-rib\",\"peer_as\":0,\"since\":\"2026-11-28T00:31:02Z\","
    "\"as_path\":\"64509 64502\"},{\"prefix\":\"198.51.100.0/25\",\"view\":\"adj-rib-out-post\","
    "\"router\":\"r2\",\"peer\":\"192.0.2.7\",\"peer_as\":64507,\"since\":"
    "\"2026-11-28T00:31:02Z\",\"as_path\":\"64502 666\"}]";

static const struct {
	const char *record, *call, *subject, *says[4], *not ;
} rows[] = {
	{ RECORD("hijack.more-specific", "opened", ""), CALL("\"origin\""),
	    "AS64501: wrong origin of 198.51.100.0/25 and others [00112233]",
	    { "with AS666 as their origin", "Could you please stop announcing",
		"Still so at 2026-11-28 03:00:00 UTC",
		"2026-11-28 00:31:02 UTC 198.51.100.0/25 accepted on r1, from 192.0.2.1 AS64501, "
		"path 64501 666" },
	    "192.0.2.7" }, /* whom we pass it on to */
	{ RECORD("rov.invalid.asn", "opened", ""), CALL("\"neighbor\""),
	    "AS64501: wrong origin of 198.51.100.0/25 and others [00112233]",
	    { "from 192.0.2.1 AS64501, path 64501 666", "filter them", "Still so at", "Evidence" },
	    "64509" }, /* came to us by another */
	{ RECORD("hijack.exact", "closed", ""), CALL("\"neighbor\""),
	    "AS64501: wrong origin of 198.51.100.0/25 and others [00112233] (over)",
	    { "Ended       2026-11-28 02:00:00 UTC", "why your filters let it", "AS64500",
		"and 11 more" },
	    "stop announcing" },
	{ RECORD("leak.otc", "updated", ",\"evidence\":{\"otc\":\"set to 64502\"}"),
	    CALL("\"victim\""), "AS64501: route leak of 198.51.100.0/25 and others [00112233]",
	    { "RFC 7908", "OTC         set to 64502", "prefixes are yours", "+31 1" },
	    "filter them" },
	{ RECORD("bogon.prefix", "opened", ""), CALL("\"neighbor\",\"origin\""),
	    "AS64501: bogon routes: 198.51.100.0/25 and others [00112233]",
	    { "handed out", "stop announcing", "noc@ours.example", "Reference" }, "leak" },
	{ RECORD("hijack.exact", "unknown",
	      ",\"last_seen\":\"2026-11-28T01:58:00.1Z\","
	      "\"reason\":\"feed-lost\""),
	    CALL("\"origin\""), "AS64501: wrong origin of 198.51.100.0/25 and others [00112233]",
	    { "Last seen at 2026-11-28 01:58:00 UTC\n",
		"Our router that saw it is not connected now.\n", "stop announcing", "AS64500" },
	    "Still so" },
	{ RECORD("hijack.exact", "unknown",
	      ",\"last_seen\":\"2026-11-28T01:58:00.1Z\",\"reason\":\"rpki-lost\""),
	    CALL("\"origin\""), "AS64501: wrong origin of 198.51.100.0/25 and others [00112233]",
	    { "Last seen at 2026-11-28 01:58:00 UTC\n", "We cannot tell now whether it still is.\n",
		"stop announcing", "AS64500" },
	    "not connected" },
	{ RECORD("peer.surge", "opened", ""), CALL("\"neighbor\""),
	    "AS64501: our BGP session with you: peer.surge [00112233]",
	    { "on our BGP session with you", "have a look on your side", "what is so", "Our NOC" },
	    "stop announcing" },
};

static struct report
report_of(const char *record, const char *call)
{
	struct report r = { .record = json_loads(record, 0, NULL),
		.call = json_loads(call, 0, NULL),
		.us = json_loads(us, 0, NULL),
		.routes = json_loads(routes, 0, NULL),
		.now = "2026-11-28T03:00:00Z",
		.date = "Sat, 28 Nov 2026 03:00:00 +0000",
		.uuid = "01234567-89ab-4def-8123-456789abcdef" };

	ck_assert(r.record != NULL && r.call != NULL && r.us != NULL && r.routes != NULL);
	return r;
}

static void
free_report(struct report *r)
{
	json_decref((json_t *)(uintptr_t)r->record);
	json_decref((json_t *)(uintptr_t)r->call);
	json_decref((json_t *)(uintptr_t)r->us);
	json_decref((json_t *)(uintptr_t)r->routes);
}

START_TEST(what_is_said)
{
	struct report r = report_of(rows[_i].record, rows[_i].call);
	struct sbuf text = sbuf_of(1 << 20);
	char subject[REPORT_SUBJECT_MAX];

	report_subject(&r, subject);
	ck_assert_str_eq(subject, rows[_i].subject);
	report_text(&r, &text);
	for (unsigned k = 0; k < 4; k++)
		ck_assert_msg(strstr(sbuf_text(&text), rows[_i].says[k]) != NULL,
		    "no \"%s\" in:\n%s", rows[_i].says[k], sbuf_text(&text));
	ck_assert_msg(strstr(sbuf_text(&text), rows[_i].not ) == NULL, "%s", sbuf_text(&text));
	sbuf_free(&text);
	free_report(&r);
}
END_TEST

/* All of a path, however long it is. */
START_TEST(long_path)
{
	struct report r = report_of(rows[0].record, rows[0].call);
	json_t *route = json_array_get(r.routes, 0);
	struct sbuf path = sbuf_of(1 << 16), text = sbuf_of(1 << 20);

	for (unsigned i = 0; i < 300; i++)
		sbuf_printf(&path, "%s4200000%03u", i > 0 ? " " : "", i);
	json_object_set_new(route, "as_path", json_string(sbuf_text(&path)));
	sbuf_putc(&path, '\n');
	report_text(&r, &text);
	ck_assert_ptr_nonnull(strstr(sbuf_text(&text), sbuf_text(&path)));
	sbuf_free(&path);
	sbuf_free(&text);
	free_report(&r);
}
END_TEST

/* Names that would be headers, or the end of a part. */
START_TEST(what_others_wrote)
{
	struct report r = report_of(RECORD("hijack.exact\\r\\nBcc: a@b", "opened", ""),
	    "{\"asn\":1,\"name\":\"x\\r\\n\\r\\n--=_01234567-89ab-4def-8123-456789abcdef\\r\\nBcc: "
	    "y@z\",\"contact\":\"noc@e.net\",\"roles\":[\"neighbor\"]}");
	struct sbuf out = sbuf_of(1 << 20);
	const char *text;
	unsigned parts = 0;

	report_mail(&r, true, &out);
	text = sbuf_text(&out);
	ck_assert_ptr_null(strstr(text, "\nBcc"));
	for (const char *at = text; (at = strstr(at, "\n--=_0123")) != NULL; at++)
		parts++;
	ck_assert_uint_eq(parts, 3); /* two begin, one is the end */
	for (const char *at = text; (at = strchr(at, '\n')) != NULL; at++)
		ck_assert_int_eq(at[-1], '\r');
	sbuf_free(&out);
	free_report(&r);
}
END_TEST

HARNESS_MAIN("message")
{
	LOOP(what_is_said, sizeof(rows) / sizeof(rows[0]));
	TEST(long_path);
	TEST(what_others_wrote);
}
