/* proto: names, keys, the three codecs; protobuf that means harm; text that is no UTF-8. */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "parsers/bmp/bmp.h"
#include "tests/unit/support/harness.h"
#include "tests/unit/support/records.h"

static struct sbuf
packed(const struct record *r)
{
	struct sbuf out = sbuf_of(1 << 20);

	ck_assert(record_to_pb(r, &out));
	return out;
}

/* With what a record of the journal's tests does not have. */
static struct record
whole_incident(void)
{
	struct record r = sample_incident();
	struct record_facts *f = &r.incident.facts;

	f->cause_vrps_n = 2;
	f->cause_vrps[0].vrp = f->vrps[0];
	f->cause_vrps[1].vrp = f->vrps[1];
	f->cause_vrps[1].vrp.max_length = 48;
	f->cause_vrps[1].went = true;
	return r;
}

START_TEST(names)
{
	uint8_t severity = 0;

	ck_assert_str_eq(severity_name(SEVERITY_MAJOR), "major");
	ck_assert_str_eq(severity_name(0), "unspecified");
	ck_assert_str_eq(severity_name(200), "unspecified");
	ck_assert_str_eq(transition_name(TRANSITION_UNKNOWN), "unknown");
	ck_assert_str_eq(transition_name(9), "unspecified");
	ck_assert_str_eq(record_view_name(VIEW_OUT_POST), "adj-rib-out-post");
	ck_assert_str_eq(record_view_name(VIEWS), "unspecified");
	ck_assert(severity_parse("CRITICAL", &severity));
	ck_assert_uint_eq(severity, SEVERITY_CRITICAL);
	ck_assert(!severity_parse("unspecified", &severity));
}
END_TEST

START_TEST(keys)
{
	struct record i = whole_incident(), e = sample_event();
	char buf[160], other[160];

	ck_assert_str_eq(record_key(&i, buf, sizeof(buf)), "00112233445566778899aabbccddeeff");
	ck_assert_str_eq(record_key(&e, buf, sizeof(buf)), "r1");
	e.event.router[0] = '\0';
	ck_assert_str_eq(record_key(&e, buf, sizeof(buf)), "collector");
	ck_assert_str_eq(record_uid(&i, buf, sizeof(buf)), "ams.42.6445941642240");
	i.at_us++; /* the number was given again */
	ck_assert_str_ne(record_uid(&i, other, sizeof(other)), buf);
}
END_TEST

/* Both say the same in JSON. (Their octets may differ: there is padding between them.) */
static void
require_same_words(const struct record *a, const struct record *b)
{
	struct sbuf one = sbuf_of(65536), other = sbuf_of(65536);

	ck_assert(record_to_json(a, &one) && record_to_json(b, &other));
	ck_assert_str_eq(one.data, other.data);
	sbuf_free(&one);
	sbuf_free(&other);
}

/* Every field of both kinds comes back. */
START_TEST(pb_round_trip)
{
	struct record in[] = { whole_incident(), sample_event(), whole_incident() }, out;

	in[2].incident.dry_run = in[2].incident.standing = true;
	for (size_t k = 0; k < 3; k++) {
		struct sbuf a = packed(&in[k]), b;

		ck_assert(record_from_pb(in[k].kind, a.data, a.len, &out));
		require_same_words(&in[k], &out);
		b = packed(&out);
		ck_assert_uint_eq(a.len, b.len);
		ck_assert_int_eq(memcmp(a.data, b.data, a.len), 0);
		sbuf_free(&a);
		sbuf_free(&b);
	}
}
END_TEST

/* A holder says its VRF and family; one of 0.1.0 does not. */
START_TEST(pb_holders)
{
	struct record r = sample_incident(), back;
	struct sbuf out = sbuf_of(65536), json = sbuf_of(65536);
	struct record_holder *h = &r.incident.holders[1];

	text_copy(h->distinguisher, sizeof(h->distinguisher), "64500:1");
	h->family = HOLDER_V6_LABELLED;
	record_to_pb(&r, &out);
	ck_assert(record_from_pb(RECORD_INCIDENT, out.data, out.len, &back));
	ck_assert_uint_eq(back.incident.holders[0].family, HOLDER_ANY);
	ck_assert_str_eq(back.incident.holders[0].distinguisher, "");
	ck_assert_uint_eq(back.incident.holders[1].family, HOLDER_V6_LABELLED);
	ck_assert_str_eq(back.incident.holders[1].distinguisher, "64500:1");
	record_to_json(&back, &json);
	ck_assert_ptr_nonnull(
	    strstr(json.data, "\"distinguisher\":\"64500:1\",\"family\":\"ipv6-labelled\""));
	ck_assert_uint_eq(holder_family_parse("of another kind"), HOLDER_ANY);
	ck_assert_str_eq(holder_family_name(HOLDER_FAMILIES), "");
	sbuf_free(&out);
	sbuf_free(&json);
}
END_TEST

/* Origin 0 is a value; no origin is none. */
START_TEST(pb_presence)
{
	struct record in = whole_incident(), out;
	struct sbuf a;

	in.incident.origin = 0;
	a = packed(&in);
	ck_assert(record_from_pb(RECORD_INCIDENT, a.data, a.len, &out));
	ck_assert(out.incident.has_origin && out.incident.origin == 0);
	sbuf_free(&a);
	in.incident.has_origin = false;
	a = packed(&in);
	ck_assert(record_from_pb(RECORD_INCIDENT, a.data, a.len, &out));
	ck_assert(!out.incident.has_origin);
	sbuf_free(&a);
}
END_TEST

/* Cut at each length, in an exact-size copy, and one bit wrong at each place: an answer, and no
 * harm; what is accepted can be packed again. */
START_TEST(pb_hostile)
{
	struct record in[] = { whole_incident(), sample_event() }, out;

	for (size_t k = 0; k < 2; k++) {
		struct sbuf a = packed(&in[k]);

		for (size_t len = 0; len < a.len; len++) {
			char *copy = malloc(len + 1);

			memcpy(copy, a.data, len);
			record_from_pb(in[k].kind, copy, len, &out);
			free(copy);
		}
		for (size_t bit = 0; bit < a.len * 8; bit++) {
			a.data[bit / 8] ^= (char)(1 << bit % 8);
			if (record_from_pb(in[k].kind, a.data, a.len, &out)) {
				struct sbuf b = packed(&out);

				sbuf_free(&b);
			}
			a.data[bit / 8] ^= (char)(1 << bit % 8);
		}
		sbuf_free(&a);
	}
	ck_assert(!record_from_pb(0, "", 0, &out));
	/* what an empty file and one full of zeros read as */
	ck_assert(!record_from_pb(RECORD_EVENT, "", 0, &out));
	ck_assert(!record_from_pb(RECORD_INCIDENT, "", 0, &out));
	for (size_t k = 0; k < 2; k++) {
		struct sbuf a = packed(&in[k]);

		ck_assert(record_from_pb(in[k].kind, a.data, a.len, &out));
		sbuf_add(&a, "\0\0\0\0", 4);
		ck_assert(!record_from_pb(in[k].kind, a.data, a.len, &out));
		sbuf_free(&a);
	}
}
END_TEST

/* Lists longer than ours, numbers that are no enum, strings without end. */
START_TEST(pb_excess)
{
	struct sbuf b = sbuf_of(1 << 20);
	struct record out;
	char text[600];

	memset(text, 'x', sizeof(text));
	sbuf_add(&b, "\x0a\x01i", 3); /* id = 1 */
	for (int k = 0; k < 40; k++) {
		sbuf_add(&b, "\xc2\x01\x06\x0a\x01n\x12\x01v", 9); /* evidence = 24 */
		sbuf_add(&b,
		    "\x9a\x01\x0a"
		    "10.0.0.0/8",
		    13); /* prefix_examples = 19 */
	}
	sbuf_add(&b, "\x20\x63\x28\xff\x01", 5);	 /* transition = 99, severity = 255 */
	sbuf_add(&b, "\xb2\x01\x04\x08\x63\x10\x01", 7); /* views: view 99 */
	sbuf_add(&b, "\x62\xd8\x04", 3);		 /* router, 600 octets */
	sbuf_add(&b, text, sizeof(text));
	ck_assert(record_from_pb(RECORD_INCIDENT, b.data, b.len, &out));
	ck_assert_uint_eq(out.incident.evidence_n, RECORD_EVIDENCE_MAX);
	ck_assert_uint_eq(out.incident.examples_n, RECORD_EXAMPLES_MAX);
	ck_assert_uint_eq(out.incident.transition, 0);
	ck_assert_uint_eq(out.incident.severity, 0);
	ck_assert_uint_eq(out.incident.views, 0);
	ck_assert_uint_eq(strlen(out.incident.router), RECORD_NAME_MAX - 1);
	sbuf_clear(&b);
	for (int k = 0; k < 40000; k++)
		sbuf_add(&b, "\xc2\x01\x00", 3);
	ck_assert(!record_from_pb(RECORD_INCIDENT, b.data, b.len, &out)); /* over the limit */
	sbuf_free(&b);
}
END_TEST

START_TEST(pb_utf8)
{
	struct record in = whole_incident(), out;
	struct sbuf a;

	text_copy(in.incident.router, sizeof(in.incident.router), "z\xfcrich \xe2\x82\xac \xc3");
	text_copy(in.incident.evidence[0].value, 8, "\xff\xfe");
	a = packed(&in);
	ck_assert(record_from_pb(RECORD_INCIDENT, a.data, a.len, &out));
	ck_assert_str_eq(out.incident.router, "z?rich \xe2\x82\xac ?");
	ck_assert_str_eq(out.incident.evidence[0].value, "??");
	ck_assert_str_eq(out.incident.peer, in.incident.peer);
	sbuf_free(&a);
}
END_TEST

START_TEST(pb_no_room)
{
	struct record in = whole_incident();
	struct sbuf a = sbuf_of(100);

	ck_assert(!record_to_pb(&in, &a));
	sbuf_free(&a);
}
END_TEST

static const char golden_incident[] =
    "{\"id\":\"00112233445566778899aabbccddeeff\",\"seq\":42,\"occurrence\":2,\"revision\":3,"
    "\"transition\":\"updated\",\"kind\":\"hijack.exact\",\"doc\":\"RULES.md#hijackexact\","
    "\"scope\":\"hijack|AS666\",\"severity\":"
    "\"critical\","
    "\"summary\":\"AS666 originates \\\"203.0.113.0/24\\\"\","
    "\"at\":\"2025-11-24T16:00:00.123456Z\",\"first_seen\":\"2025-11-24T16:00:00.000001Z\","
    "\"last_seen\":\"2025-11-24T16:00:00.123455Z\",\"collector\":\"ams\",\"router\":\"r1\","
    "\"routers\":2,\"peer\":\"192.0.2.1\",\"peer_as\":64501,\"table\":\"red\","
    "\"distinguisher\":\"64500:1\",\"reason\":\"announced\","
    "\"prefixes\":{\"count\":12,\"peak\":14,\"added\":5,\"removed\":1,\"examples\":[\"203.0.113.0/"
    "24\",\"2001:db8::/32\"]},"
    "\"origin\":666,\"as_path\":\"64501 {64502,666}\",\"views\":[\"adj-rib-in-pre\",\"loc-rib\"],"
    "\"view_counts\":{\"adj-rib-in-pre\":12,\"loc-rib\":5},\"views_missing\":[\"adj-rib-out-pre\"],"
    "\"flaps\":4,\"flapping\":true,\"facets\":[\"rov.invalid.asn\"],\"holder_count\":2,"
    "\"holders\":[{\"router\":\"r1\",\"peer\":\"192.0.2.1\",\"peer_as\":64501,"
    "\"views\":[\"adj-rib-in-pre\"],\"routes\":12,\"since\":\"2025-11-24T16:00:"
    "00.000001Z\","
    "\"lost\":false},{\"router\":\"r2\",\"peer\":\"loc-rib\",\"peer_as\":0,"
    "\"views\":[\"loc-rib\"],\"routes\":5,\"since\":\"2025-11-24T16:00:00.000001Z\","
    "\"lost\":true}],\"victim_count\":2,\"victims\":[64500,64530],\"own_prefixes\":3,"
    "\"related\":[\"ffeeddccbbaa99887766554433221100\"],\"neighbor_name\":\"Example Transit\","
    "\"neighbor_contact\":\"noc@example.net\","
    "\"call\":[{\"roles\":[\"neighbor\",\"origin\"],\"asn\":64501,\"name\":\"Example Transit\","
    "\"contact\":\"noc@example.net\",\"registry\":\"\"},{\"roles\":[\"victim\"],\"asn\":64530,"
    "\"name\":\"\",\"contact\":\"\",\"registry\":\"ripencc\"}],\"muted\":true,\"dry_run\":false,"
    "\"standing\":false,\"test\":false,"
    "\"evidence\":{\"vrps\":\"203.0.113.0/24 max 24\",\"cause\":\"announced\"},"
    "\"manrs_action\":\"Action 1: filtering\","
    "\"facts\":{\"prefix\":\"203.0.113.0/"
    "24\",\"first_view\":\"loc-rib\",\"rov_invalid\":\"length\","
    "\"vrps\":[{\"prefix\":\"203.0.113.0/24\",\"max_length\":24,\"asn\":64500},"
    "{\"prefix\":\"2001:db8::/32\",\"max_length\":128,\"asn\":0}],\"otc\":64512,"
    "\"provider_free_as\":174,\"aspa\":{\"customer\":64511,\"no_provider\":666,"
    "\"providers\":[64501,4200000001]},\"leaked_from_as\":174,\"leaked_to_as\":64501,"
    "\"direct_from_as\":64502,\"direct_to_as\":1299,\"own_prefix\":\"2001:db8::/"
    "32\",\"relation\":\"peer\","
    "\"relation_configured\":true,\"cause\":\"rpki\","
    "\"cause_vrps\":[{\"change\":\"new\",\"prefix\":\"203.0.113.0/24\",\"max_length\":24,"
    "\"asn\":64500},{\"change\":\"gone\",\"prefix\":\"2001:db8::/32\",\"max_length\":48,"
    "\"asn\":0}],\"offender_as\":666,\"benign\":\"otc-of-the-origin\","
    "\"next_hop\":\"192.0.2.1\",\"communities\":[\"64501:100\",\"65535:666\"],"
    "\"seen\":\"2025-11-24T16:00:00.000001Z\","
    "\"router_time\":\"2025-11-24T16:00:00.500001Z\",\"clock_skew_ms\":500}}";
static const char golden_event[] =
    "{\"seq\":7,\"at\":\"2025-11-24T16:00:00.000000Z\",\"event\":\"peer.down\","
    "\"severity\":\"notice\",\"summary\":\"BGP session is down\",\"collector\":\"ams\","
    "\"router\":\"r1\",\"peer\":\"192.0.2.1\",\"peer_as\":64501,\"table\":\"blue\","
    "\"distinguisher\":\"192.0.2.1:2\","
    "\"details\":{\"reason\":\"hold timer\"}}";

START_TEST(json_golden)
{
	struct record i = whole_incident(), e = sample_event();
	struct sbuf out = sbuf_of(1 << 16);

	ck_assert(record_to_json(&i, &out));
	ck_assert_str_eq(sbuf_text(&out), golden_incident);
	sbuf_clear(&out);
	i.incident.dry_run = true;
	ck_assert(record_to_json(&i, &out));
	ck_assert_ptr_nonnull(strstr(sbuf_text(&out), "\"muted\":true,\"dry_run\":true,"));
	sbuf_clear(&out);
	ck_assert(record_to_json(&e, &out));
	ck_assert_str_eq(sbuf_text(&out), golden_event);
	sbuf_clear(&out);
	i.incident.has_origin = false;
	text_copy(i.incident.router, 16, "\x1b[2J\xff");
	ck_assert(record_to_json(&i, &out));
	ck_assert_ptr_nonnull(strstr(sbuf_text(&out), "\"origin\":null,"));
	ck_assert_ptr_nonnull(strstr(sbuf_text(&out), "\"router\":\"\\u001b[2J\xef\xbf\xbd\""));
	sbuf_free(&out);
}
END_TEST

static const char *
text_of(const struct record *r, bool colour, struct sbuf *out)
{
	sbuf_clear(out);
	ck_assert(record_to_text(r, &(struct record_look){ .colour = colour }, out));
	return sbuf_text(out);
}

START_TEST(text_golden)
{
	struct record i = whole_incident(), e = sample_event();
	struct sbuf out = sbuf_of(1 << 16);

	/* in dry-run it is not loud */
	i.incident.dry_run = true;
	ck_assert_str_eq(text_of(&i, false, &out),
	    "16:00:00Z critical updated  hijack.exact         in use     r1             "
	    "AS666 originates \"203.0.113.0/24\", VRF red (64500:1), "
	    "neighbour Example Transit (noc@example.net), on 2 routers, muted, dry-run "
	    "(announced)");
	ck_assert_ptr_nonnull(strstr(text_of(&i, true, &out), "\033[32mcritical"));
	i.incident.dry_run = false;
	ck_assert_str_eq(text_of(&i, false, &out),
	    "16:00:00Z CRITICAL updated  hijack.exact         in use     r1             "
	    "AS666 originates \"203.0.113.0/24\", VRF red (64500:1), "
	    "neighbour Example Transit (noc@example.net), on 2 routers, muted "
	    "(announced)");
	i.incident.table[0] = '\0';
	ck_assert_ptr_nonnull(strstr(text_of(&i, false, &out), "\", VRF 64500:1, neighbour"));
	ck_assert_str_eq(text_of(&e, false, &out),
	    "16:00:00Z notice   event    peer.down                       r1             "
	    "BGP session is down");
	ck_assert_ptr_nonnull(strstr(text_of(&i, true, &out), "\033[1;97;41mCRITICAL"));
	i.incident.transition = TRANSITION_CLOSED;
	ck_assert_ptr_nonnull(strstr(text_of(&i, true, &out), "\033[32m"));
	ck_assert_ptr_nonnull(strstr(text_of(&i, false, &out), " gone "));
	/* what has no routes got nowhere */
	i.incident.transition = TRANSITION_OPENED;
	i.incident.views = 0;
	for (unsigned missing = 0; missing < 1U << VIEWS; missing++) {
		i.incident.views_missing = (uint8_t)missing;
		ck_assert_ptr_nonnull(strstr(
		    text_of(&i, false, &out), " opened   hijack.exact                    r1 "));
	}
	sbuf_free(&out);
}
END_TEST

/* What a router calls itself must not move the operator's cursor or break the columns. */
START_TEST(text_hostile)
{
	struct record i = whole_incident();
	struct sbuf out = sbuf_of(1 << 16);

	text_copy(i.incident.router, RECORD_NAME_MAX, "\x1b[2J\r\n\x7f\xc2\x9b\xff");
	i.incident.reason = REASON_NONE;
	i.at_us = INT64_MIN;
	ck_assert_ptr_nonnull(strstr(text_of(&i, false, &out), " ?[2J?????      AS666"));
	i.at_us = INT64_MAX;
	text_copy(i.incident.router, RECORD_NAME_MAX,
	    "\xc3\xbc\xc3\xbc\xc3\xbc\xc3\xbc\xc3\xbc"
	    "\xc3\xbc\xc3\xbc\xc3\xbc\xc3\xbc\xc3\xbc\xc3\xbc\xc3\xbc\xc3\xbc\xc3\xbc\xc3\xbc");
	for (const char *p = text_of(&i, false, &out); *p != '\0'; p++)
		ck_assert((unsigned char)*p >= 0x20 && *p != 0x7f);
	ck_assert_ptr_nonnull(
	    strstr(sbuf_text(&out), "\xc3\xbc AS666")); /* cut between characters */
	sbuf_free(&out);
}
END_TEST

/* Communities of the well-known ones have a name; the others are numbers of whoever gave them. */
START_TEST(what_is_asked_for_has_a_name)
{
	struct record_incident r = { .facts.communities_n = 4,
		.facts.communities = { 0xffff029a, 0xfbf5029a, 0xffffff01, 0xffff029a } };

	record_evidence_of_facts(&r);
	ck_assert_uint_eq(r.evidence_n, 1);
	ck_assert_str_eq(r.evidence[0].name, "asked_for");
	ck_assert_str_eq(r.evidence[0].value, "BLACKHOLE, NO_EXPORT");
	r.facts.communities[0] = r.facts.communities[3] = r.facts.communities[2] = 1;
	record_evidence_of_facts(&r);
	ck_assert_uint_eq(r.evidence_n, 0);
}
END_TEST

/* A relation that is no more than inferred says so, with what it is inferred from. */
START_TEST(inferred_is_said)
{
	struct record in = { .kind = RECORD_INCIDENT, .incident = { .id = "i" } }, out;
	struct record_facts *f = &in.incident.facts;
	struct sbuf pb = sbuf_of(1 << 16), json = sbuf_of(1 << 16);

	f->relation = NEIGHBOR_PROVIDER;
	f->relation_inferred = f->inferred = true;
	f->relation_in = 950000;
	f->relation_out = 3;
	f->relation_full = 960000;
	f->inferred_as = 64510;
	f->inferred_relation = NEIGHBOR_CUSTOMER;
	ck_assert(record_to_pb(&in, &pb));
	ck_assert(record_from_pb(RECORD_INCIDENT, pb.data, pb.len, &out));
	ck_assert_int_eq(memcmp(&out.incident.facts, f, sizeof(*f)), 0);
	record_evidence_of_facts(&out.incident);
	ck_assert_uint_eq(out.incident.evidence_n, 2);
	ck_assert_str_eq(out.incident.evidence[0].name, "neighbor");
	ck_assert_str_eq(out.incident.evidence[0].value,
	    "provider (relation inferred from table sizes: full table in, 3 prefixes out)");
	ck_assert_str_eq(out.incident.evidence[1].name, "inferred");
	ck_assert_str_eq(
	    out.incident.evidence[1].value, "AS64510 is our customer by table sizes only");
	ck_assert(record_to_json(&out, &json));
	ck_assert_ptr_nonnull(strstr(sbuf_text(&json),
	    "\"relation_inferred\":{\"routes_in\":950000,\"routes_out\":3,"
	    "\"largest_table\":960000},\"inferred\":true,\"inferred_as\":64510,"
	    "\"inferred_relation\":\"customer\""));
	sbuf_free(&pb);
	sbuf_free(&json);
}
END_TEST

/* Which leak it is, and what as-rel says of it. */
static const struct {
	uint8_t type, from, to;
	uint32_t day;
	const char *evidence[2], *json;
} leak_types[] = {
	{ 4, NEIGHBOR_PEER, NEIGHBOR_PROVIDER, 17532,
	    { "4: from a peer to a provider (RFC 7908)",
		"a leak by it (of 2018-01-01; who had it is its peer, who was told its provider)" },
	    "\"leak_type\":4,\"as_rel\":{\"date\":\"2018-01-01\",\"leaked_from\":\"peer\","
	    "\"leaked_to\":\"provider\",\"says\":\"leak\"}" },
	{ 0, NEIGHBOR_PROVIDER, NEIGHBOR_CUSTOMER, 17532,
	    { "no leak by it (of 2018-01-01; who had it is its provider, who was told its "
	      "customer)" },
	    "\"says\":\"no-leak\"}" },
	{ 1, NEIGHBOR_PROVIDER, NEIGHBOR_UNKNOWN, 17532,
	    { "1: from a provider to another (RFC 7908)",
		"too little is known of these networks (of 2018-01-01; who had it is its provider, "
		"who was told its unknown neighbor)" },
	    "\"leaked_to\":\"unknown\",\"says\":\"unknown\"}" },
	{ 6, 0, 0, 0, { "6: internal more-specifics (RFC 7908)" }, "\"leak_type\":6" },
};

START_TEST(a_leak_has_a_type)
{
	struct record in = { .kind = RECORD_INCIDENT, .incident = { .id = "i" } }, out;
	struct record_facts *f = &in.incident.facts;
	struct sbuf pb = sbuf_of(1 << 16), json = sbuf_of(1 << 16);

	f->leak_type = leak_types[_i].type;
	f->as_rel_from = leak_types[_i].from;
	f->as_rel_to = leak_types[_i].to;
	f->as_rel_day = leak_types[_i].day;
	ck_assert(record_to_pb(&in, &pb));
	ck_assert(record_from_pb(RECORD_INCIDENT, pb.data, pb.len, &out));
	ck_assert_int_eq(memcmp(&out.incident.facts, f, sizeof(*f)), 0);
	record_evidence_of_facts(&out.incident);
	for (unsigned k = 0; k < 2 && leak_types[_i].evidence[k] != NULL; k++)
		ck_assert_str_eq(out.incident.evidence[k].value, leak_types[_i].evidence[k]);
	ck_assert(record_to_json(&out, &json));
	ck_assert_msg(
	    strstr(sbuf_text(&json), leak_types[_i].json) != NULL, "%s", sbuf_text(&json));
	sbuf_free(&pb);
	sbuf_free(&json);
}
END_TEST

START_TEST(evidence_is_bounded)
{
	struct record r = { .kind = RECORD_INCIDENT };
	char text[2000];

	memset(text, 'y', sizeof(text) - 1);
	text[sizeof(text) - 1] = '\0';
	for (int k = 0; k < 40; k++)
		record_evidence_add(&r.incident, "name", "%s", text);
	ck_assert_uint_eq(r.incident.evidence_n, RECORD_EVIDENCE_MAX);
	ck_assert_uint_eq(
	    strlen(r.incident.evidence[RECORD_EVIDENCE_MAX - 1].value), RECORD_VALUE_MAX - 1);
}
END_TEST

/* --- facts and their words */

static struct ip_prefix
random_prefix(uint64_t *random)
{
	uint8_t octets[16], family = rnd(random) % 2 == 0 ? IP_V4 : IP_V6;
	struct ip_prefix p;

	for (unsigned k = 0; k < sizeof(octets); k++)
		octets[k] = (uint8_t)rnd(random);
	ck_assert(ip_prefix_make(&p, family, octets, rnd(random) % (ip_bits(family) + 1)));
	return p;
}

static struct record_facts
random_facts(uint64_t *random)
{
	struct record_facts f = { 0 };

	f.prefix = random_prefix(random);
	f.first_view = (uint8_t)(rnd(random) % VIEWS);
	f.rov = (uint8_t)(rnd(random) % 3);
	for (; f.rov != RECORD_ROV_NONE && f.vrps_n < rnd(random) % 3; f.vrps_n++) {
		struct record_vrp *v = &f.vrps[f.vrps_n];

		v->prefix = random_prefix(random);
		v->max_length = v->prefix.len;
		v->asn = rnd(random);
	}
	f.has_otc = rnd(random) % 2;
	f.otc = f.has_otc ? rnd(random) : 0;
	f.provider_free_as = rnd(random) % 2 * rnd(random);
	f.leaked_from_as = rnd(random) % 2 * rnd(random);
	f.leaked_to_as = rnd(random) % 2 * rnd(random);
	f.direct_from_as = rnd(random) % 2 * rnd(random);
	f.direct_to_as = rnd(random) % 2 * rnd(random);
	if (rnd(random) % 2) {
		f.aspa_customer = 1 + rnd(random) % 70000;
		f.aspa_other = rnd(random);
		f.aspa_providers_n = (uint8_t)(1 + rnd(random) % RECORD_ASPA_MAX);
		for (unsigned k = 0; k < f.aspa_providers_n; k++)
			f.aspa_providers[k] = f.aspa_providers_n > 1 ? 1 + rnd(random) % 99 : 0;
	}
	if (rnd(random) % 2)
		f.own = random_prefix(random);
	f.relation = (uint8_t)(rnd(random) % RELATIONS);
	f.relation_configured = f.relation != NEIGHBOR_UNKNOWN && rnd(random) % 2;
	f.benign = (uint8_t)(rnd(random) % BENIGNS);
	f.cause = (uint8_t)(1 + rnd(random) % (REASONS - 1));
	return f;
}

/* What 0.1.0 wrote in words is read back as it was meant. */
START_TEST(facts_of_their_words)
{
	uint64_t random = seed_of(_i);

	for (unsigned k = 0; k < 200; k++) {
		struct record_incident r = { .facts = random_facts(&random) };
		struct record_facts f = r.facts;

		record_evidence_of_facts(&r);
		memset(&r.facts, 0xa5, sizeof(r.facts));
		record_facts_of_evidence(&r);
		ck_assert_int_eq(memcmp(&r.facts, &f, sizeof(f)), 0);
	}
}
END_TEST

/* A record without the message of facts, as 0.1.0 packed it: cut out by its tag, 26. */
START_TEST(facts_of_a_record_that_has_words_only)
{
	struct record in = whole_incident(), out;
	struct sbuf a;
	size_t at, facts;

	memset(&in.incident.facts, 0, sizeof(in.incident.facts));
	in.incident.table[0] = in.incident.distinguisher[0] = '\0';
	record_evidence_add(&in.incident, "own_prefix", "203.0.113.0/24");
	record_evidence_add(&in.incident, "neighbor", "provider (roles of the OPENs)");
	a = packed(&in);
	/* empty facts are the last field: tag (2 octets), length, nothing or an empty cause */
	for (at = a.len; at > 0 && memcmp(a.data + at - 1, "\xd2\x01", 2) != 0; at--)
		;
	ck_assert_uint_gt(at, 0);
	facts = at - 1;
	ck_assert(record_from_pb(RECORD_INCIDENT, a.data, facts, &out));
	ck_assert_uint_eq(out.incident.facts.relation, NEIGHBOR_PROVIDER);
	ck_assert(!out.incident.facts.relation_configured);
	ck_assert_uint_eq(out.incident.facts.cause, REASON_ANNOUNCED);
	ck_assert_int_eq(ip_prefix_cmp(&out.incident.facts.own, &in.incident.examples[0]), 0);
	sbuf_free(&a);
}
END_TEST

/* Words that are none, and numbers that are too large, are no facts. */
START_TEST(facts_of_wrong_words)
{
	static const char *const fields[] = { "prefix", "first_view", "vrps", "otc",
		"provider_free_as", "aspa", "leaked_from", "leaked_to", "direct_from", "direct_to",
		"own_prefix", "neighbor", "benign", "cause" };
	static const char *const words[] = { "", "x", "-1", "4294967296", "999999999999999999999",
		"1.2.3.4/33", "AS1 is no provider of ASx: 5", "1.2.3.4/24 max 999 AS1",
		"10.0.0.0/8 max 8 AS", "10.0.0.0/8 max 8 AS1x, ", "\xff\xfe" };
	const struct record_facts none = { 0 };

	for (size_t w = 0; w < sizeof(words) / sizeof(words[0]); w++) {
		struct record_incident r = { 0 };

		for (size_t n = 0; n < sizeof(fields) / sizeof(fields[0]); n++)
			record_evidence_add(&r, fields[n], "%s", words[w]);
		record_facts_of_evidence(&r);
		ck_assert_msg(
		    memcmp(&r.facts, &none, sizeof(none)) == 0 || strcmp(words[w], "x") == 0, "%s",
		    words[w]);
	}
}
END_TEST

/* The record floor does not see the parsers: here both are seen. */
START_TEST(views_are_those_of_the_parsers)
{
	ck_assert_int_eq(VIEWS, BMP_VIEWS);
	for (uint8_t v = 0; v < VIEWS; v++)
		ck_assert_str_eq(record_view_name(v), bmp_view_name(v));
}
END_TEST

START_TEST(how_many_incidents_are_there)
{
	char buf[64];

	ck_assert_str_eq(incidents_said(buf, sizeof(buf), 0, 0, 0), "0");
	ck_assert_str_eq(incidents_said(buf, sizeof(buf), 6, 0, 0), "6");
	ck_assert_str_eq(incidents_said(buf, sizeof(buf), 6, 3, 0), "9 (3 unknown)");
	ck_assert_str_eq(incidents_said(buf, sizeof(buf), 6, 0, 2), "6 (2 critical)");
	ck_assert_str_eq(incidents_said(buf, sizeof(buf), 6, 3, 2), "9 (3 unknown, 2 critical)");
}
END_TEST

HARNESS_MAIN("record")
{
	TEST(how_many_incidents_are_there);
	TEST(names);
	TEST(keys);
	TEST(pb_round_trip);
	TEST(pb_holders);
	TEST(pb_presence);
	TEST(pb_hostile);
	TEST(pb_excess);
	TEST(pb_utf8);
	TEST(pb_no_room);
	TEST(json_golden);
	TEST(text_golden);
	TEST(text_hostile);
	TEST(what_is_asked_for_has_a_name);
	TEST(inferred_is_said);
	LOOP(a_leak_has_a_type, sizeof(leak_types) / sizeof(leak_types[0]));
	TEST(evidence_is_bounded);
	LOOP(facts_of_their_words, 10);
	TEST(facts_of_a_record_that_has_words_only);
	TEST(facts_of_wrong_words);
	TEST(views_are_those_of_the_parsers);
}
