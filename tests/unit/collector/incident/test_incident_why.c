/* Why an incident is as grave as it is: how far it got and with whom, and what makes it graver or
 * milder; its prefixes in order. */
#include "base/pure/text.h"
#include "tests/unit/support/incident_fixture.h"

static struct incident_why
why_of(struct fixture *w, struct record *r)
{
	struct incident_why why;

	ck_assert(nth(w, 0, r));
	ck_assert(incidents_why(w->table, r->incident.id, &why));
	return why;
}

static bool
says(const struct incident_why *why, const char *words)
{
	for (unsigned i = 0; i < why->because_n; i++)
		if (strstr(why->because[i], words) != NULL)
			return true;
	return false;
}

static const struct {
	uint8_t view;
	const char *furthest, *says;
} views[] = {
	{ VIEW_IN_PRE, "filtered", "our policy drops it" },
	{ VIEW_IN_POST, "accepted", "nobody uses it" },
	{ VIEW_LOC_RIB, "in-use", "we use it" },
	{ VIEW_OUT_POST, "passed-on", "we pass it on" },
};

START_TEST(why_furthest)
{
	struct incident_why why;
	struct fixture w;
	struct record r;

	setup(&w);
	on(&w, make(RULE_ROV_ASN, VIEW_IN_PRE, "198.51.100.0/24", 64666));
	on(&w, make(RULE_ROV_ASN, views[_i].view, "198.51.100.0/24", 64666));
	pass(&w, 5);
	why = why_of(&w, &r);
	ck_assert_str_eq(furthest_name(why.furthest), views[_i].furthest);
	ck_assert_msg(says(&why, views[_i].says), "%s", why.because[0]);
	ck_assert(why.has_holder);
	ck_assert_str_eq(why.router, "r1");
	ck_assert_uint_eq(why.peer_as, 64501);
	ck_assert_uint_eq(why.rules, 1U << RULE_ROV_ASN);
	ck_assert(!says(&why, "rules."));
	incidents_free(w.table);
}
END_TEST

START_TEST(why_graver_or_milder)
{
	struct incident_config config = usual;
	struct incident_why why;
	struct fixture w;
	struct record r;

	setup(&w);
	on(&w, make(RULE_HIJACK_EXACT, VIEW_IN_POST, "203.0.113.0/24", 64666));
	why = why_of(&w, &r);
	ck_assert(says(&why, "whatever our own filters do"));
	config.severity_max[RULE_HIJACK_EXACT] = SEVERITY_NOTICE;
	incidents_configure(w.table, &config);
	why = why_of(&w, &r);
	ck_assert(says(&why, "rules.severity_max lets it be notice at most"));
	config.severity_by_view[RULE_HIJACK_EXACT][FURTHEST_ACCEPTED] = SEVERITY_INFO;
	incidents_configure(w.table, &config);
	why = why_of(&w, &r);
	ck_assert(says(&why, "rules.severity_by_view makes it info"));
	ck_assert(!says(&why, "whatever our own filters do"));
	incidents_free(w.table);
}
END_TEST

START_TEST(why_large)
{
	struct incident_config config = usual;
	struct ip_prefix prefixes[8];
	struct incident_why why;
	struct fixture w;
	char text[IP_PREFIX_TEXT_MAX];
	struct record r;

	setup(&w);
	config.large_at = 5;
	incidents_configure(w.table, &config);
	for (unsigned k = 6; k > 0; k--) {
		snprintf(text, sizeof(text), "198.51.%u.0/24", k);
		on(&w, make(RULE_ROV_ASN, VIEW_LOC_RIB, text, 64666));
		on(&w, make(RULE_ROV_ASN, VIEW_IN_POST, text, 64666));
	}
	pass(&w, 5);
	why = why_of(&w, &r);
	ck_assert(says(&why, "it has 6 prefixes, so many that it is a step graver"));
	/* each once, in order, the first of them */
	ck_assert_uint_eq(incidents_prefixes(w.table, r.incident.id, prefixes, 8), 6);
	for (unsigned k = 0; k < 6; k++)
		ck_assert_uint_eq(prefixes[k].b[2], k + 1);
	ck_assert_uint_eq(incidents_prefixes(w.table, r.incident.id, prefixes, 2), 2);
	ck_assert_uint_eq(incidents_prefixes(w.table, "00", prefixes, 2), 0);
	ck_assert(!incidents_why(w.table, "00", &why));
	ck_assert(!incidents_why(w.table, "00000000000000000000000000000000", &why));
	incidents_free(w.table);
}
END_TEST

static void
note_route(void *ctx, const struct incident_route *r)
{
	char text[IP_PREFIX_TEXT_MAX];
	struct txt *t = ctx;

	txt_putf(t, "%s %s AS%u %s; ", ip_prefix_format(&r->prefix, text), r->router, r->peer_as,
	    record_view_name(r->view));
}

/* Of it, and not of another one of the same rule and prefix. */
START_TEST(its_routes)
{
	struct fixture w;
	char text[512] = "";
	struct txt t = txt_of(text, sizeof(text));
	struct record r;

	setup(&w);
	on(&w, make(RULE_ROV_ASN, VIEW_IN_PRE, "198.51.100.0/24", 64666));
	on(&w, make(RULE_ROV_ASN, VIEW_IN_POST, "198.51.100.0/24", 64666));
	pass(&w, 5);
	why_of(&w, &r);
	on(&w, make(RULE_ROV_ASN, VIEW_LOC_RIB, "198.51.100.0/24", 64667));
	pass(&w, 5);
	incidents_routes(w.table, r.incident.id, 8, note_route, &t);
	ck_assert_str_eq(text, "198.51.100.0/24 r1 AS64501 adj-rib-in-post; 198.51.100.0/24 "
			       "r1 AS64501 adj-rib-in-pre; ");
	incidents_routes(w.table, "00", 8, note_route, &t);
	incidents_free(w.table);
}
END_TEST

HARNESS_MAIN("incident_why")
{
	ROWS(why_furthest, views);
	TEST(why_graver_or_milder);
	TEST(why_large);
	TEST(its_routes);
}
