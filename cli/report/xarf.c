/*
 * The report for machines: an object of XARF 4 (https://xarf.org, core schema 4.0.0). It has no
 * type for routes; what fits is a misconfiguration of a service that is called BGP. What the
 * incident is goes in "bgp", as the daemon has it: other members are allowed.
 */
#include <stdio.h>
#include <string.h>

#include "cli/control_rows.h"
#include "cli/report/report_private.h"

enum { DESCRIPTION_MAX = 1000 };

static json_t *
contact_of(const struct report *r)
{
	const char *email = row_text(r->us, "email"), *at = strchr(email, '@');
	char name[128];

	return json_pack("{s:s, s:s, s:s}", "org", report_our_name(r, name, sizeof(name)),
	    "contact", email, "domain", at != NULL ? at + 1 : "");
}

static json_t *
evidence_of(const char *text)
{
	struct sbuf payload = sbuf_of(1 << 24);
	json_t *list;

	report_base64(&payload, text, false);
	list = json_pack("[{s:s, s:s, s:s, s:I}]", "content_type", "text/plain", "description",
	    "The message for people, with the lines of evidence", "payload", sbuf_text(&payload),
	    "size", (json_int_t)strlen(text));
	sbuf_free(&payload);
	return list;
}

/* What the record says of the routes. */
static json_t *
bgp_of(const struct report *r)
{
	const json_t *record = r->record;
	static const char *const keys[] = { "id", "kind", "severity", "transition", "summary",
		"first_seen", "last_seen", "prefixes", "origin", "as_path", "views", "facts" };
	json_t *bgp = json_object();

	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++)
		if (json_object_get(record, keys[i]) != NULL)
			json_object_set(bgp, keys[i], json_object_get(record, keys[i]));
	/* whom else we call, and where, is not for him */
	json_object_set_new(bgp, "call", json_pack("[O]", r->call));
	return bgp;
}

json_t *
report_xarf(const struct report *r, const char *text)
{
	char source[32], description[DESCRIPTION_MAX];

	snprintf(source, sizeof(source), "AS%llu", row_number(r->call, "asn"));
	snprintf(description, sizeof(description), "%s", row_text(r->record, "summary"));
	return json_pack("{s:s, s:s, s:s, s:o, s:o, s:s, s:s, s:s, s:s, s:s, s:s, s:o, s:o}",
	    "xarf_version", "4.0.0", "report_id", r->uuid, "timestamp",
	    row_text(r->record, "first_seen"), "reporter", contact_of(r), "sender", contact_of(r),
	    "source_identifier", source, "category", "vulnerability", "type", "misconfiguration",
	    "service", "BGP", "evidence_source", "automated_scan", "description", description,
	    "evidence", evidence_of(text), "bgp", bgp_of(r));
}
