/*
 * OPEN, NOTIFICATION and ROUTE-REFRESH: every capability, error and filter by example, with the
 * text that is dissected; cut at every octet; and what is read of an OPEN because it changes how
 * routes are read.
 */
#include "tests/unit/support/dissect_log.h"

#include "parsers/bgp/capability_table.h"
#include "parsers/bgp/dissect.h"
#include "parsers/bgp/notification.h"
#include "parsers/bgp/open.h"

#define FIXED		"04 fbf5 005a c0000201 "
#define DISSECTED_FIXED "version=4 my_as=64501 hold_time_s=90 bgp_id=\"192.0.2.1\" "

/* --- capabilities */

static const struct capability {
	uint8_t code;
	const char *hex;    /* of the value */
	bool fault;	    /* is FAULT_CAPABILITY noted? */
	const char *fields; /* after the code */
} capabilities[] = {
	{ 1, "0002 00 01", false, "family=\"ipv6-unicast\"" },
	{ 1, "0019 07 46", false, "family=\"l2vpn-evpn\" reserved=7" },
	{ 1, "0002 01", true, "octets=0x000201" },
	{ 2, "", false, "" },
	{ 2, "01", true, "octets=0x01" },
	{ 3, "0001 00 01 02 40 03 80 01 0002 00 01 01 40 02", false,
	    "families[{family=\"ipv4-unicast\" orfs[\"address_prefix both\" \"address_prefix_old "
	    "receive\"]} "
	    "{family=\"ipv6-unicast\" orfs[\"address_prefix send\"]}]" },
	{ 3, "0001 00 01 02 40 03", true, "families[] octets=0x00010001024003" },
	{ 4, "01", false, "octets=0x01" },
	{ 5, "0001 0001 0002 0001 0080 0002", false,
	    "families[\"ipv4-unicast next hop ipv6\" \"ipv4-vpn next hop ipv6\"]" },
	{ 5, "0001 0001 00", true, "octets=0x0001000100" },
	{ 6, "", false, "" },
	{ 6, "010203", true, "octets=0x010203" },
	{ 7, "08 0001", false, "version=0 direction=\"send\" afi=1" },
	{ 7, "11 0002", false, "version=1 direction=\"receive\" reserved=1 afi=2" },
	{ 7, "10", true, "octets=0x10" },
	{ 8, "0001 04 03 0002 80 02", false, "families[\"ipv4-labelled 3\" \"ipv6-vpn 2\"]" },
	{ 8, "0001 04", true, "octets=0x000104" },
	{ 9, "03", false, "role=\"customer\"" },
	{ 9, "07", false, "role=7" },
	{ 9, "", true, "" },
	{ 64, "c078 0001 01 80 0002 01 00", false,
	    "flags=\"0xc restarting notification\" restart_time_s=120 "
	    "families[\"ipv4-unicast flags 0x80 forwarding\" \"ipv6-unicast flags 0x00\"]" },
	{ 64, "c0", true, "octets=0xc0" },
	{ 65, "fa56ea00", false, "as=4200000000" },
	{ 65, "fa56ea", true, "octets=0xfa56ea" },
	{ 66, "01", false, "octets=0x01" },
	{ 67, "0102", false, "octets=0x0102" },
	{ 68, "00", false, "octets=0x00" },
	{ 69, "0001 01 03 0002 01 01 0001 04 02 0001 80 07", false,
	    "families[\"ipv4-unicast both\" \"ipv6-unicast receive\" \"ipv4-labelled send\" "
	    "\"ipv4-vpn 7\"]" },
	{ 69, "0001 01", true, "octets=0x000101" },
	{ 70, "", false, "" },
	{ 71, "0001 01 80 000e10", false,
	    "families[\"ipv4-unicast flags 0x80 forwarding stale_time_s 3600\"]" },
	{ 71, "0001 01 80 000e", true, "octets=0x00010180000e" },
	{ 72, "01", false, "octets=0x01" },
	{ 73, "02 7231 03 6c6162", false, "host=\"r1\" domain=\"lab\"" },
	{ 73, "02 7231", false, "host=\"r1\" domain=\"\"" },
	{ 73, "02 720a 00", false, "host=\"r\\x0a\" domain=\"\"" },
	{ 73, "05 7231", true, "octets=0x057231" },
	{ 73, "02 7231 036c61", true, "octets=0x027231036c61" },
	{ 74, "", false, "" },
	{ 75, "06 464f4f2f3130", false, "version=\"FOO/10\"" },
	{ 75, "06 464f4f", true, "octets=0x06464f4f" },
	{ 76, "0001 01 000a", false, "families[\"ipv4-unicast 10\"]" },
	{ 76, "0001 01 00", true, "octets=0x00010100" },
	{ 77, "", false, "" },
	{ 77, "00", true, "octets=0x00" },
	{ 128, "", false, "" },
	{ 128, "00", true, "octets=0x00" },
	{ 130, "0001 00 01 01 80 01", false,
	    "families[{family=\"ipv4-unicast\" orfs[\"address_prefix_old receive\"]}]" },
	{ 130, "0001 00 01 01 80", true, "families[] octets=0x000100010180" },
	{ 131, "00", false, "octets=0x00" },
	{ 240, "cafe", false, "octets=0xcafe" },
};

enum { CAPABILITIES = sizeof(capabilities) / sizeof(capabilities[0]) };

/* An OPEN body with one capability. Yours. */
static uint8_t *
open_with(const struct capability *c, size_t *n)
{
	char hex[512];
	size_t value_n;
	uint8_t *value = unhex(c->hex, &value_n);

	free(value);
	snprintf(hex, sizeof(hex), FIXED "%02zx 02 %02zx %02x %02zx %s", value_n + 4, value_n + 2,
	    c->code, value_n, c->hex);
	return unhex(hex, n);
}

START_TEST(test_capability)
{
	const struct capability *c = &capabilities[_i];
	struct dissect_log *l = dissect_log_new();
	struct faults f = { .n = 0 };
	struct bgp_open o;
	char want[1024];
	size_t n;
	uint8_t *body = open_with(c, &n);

	bgp_open_parse(cur_of(body, n), &o, &f);
	ck_assert_msg(f.n == c->fault, "capability %u: %u faults", c->code, f.n);
	if (c->fault) {
		ck_assert_uint_eq(f.v[0].code, FAULT_CAPABILITY);
		ck_assert_uint_eq(f.v[0].item, c->code);
		ck_assert_uint_eq(f.v[0].offset, 12);
	}
	ck_assert(o.caps_seen[c->code / 32] >> (c->code % 32) & 1);
	bgp_open_dissect(&l->sink, cur_of(body, n));
	snprintf(want, sizeof(want),
	    DISSECTED_FIXED "capabilities[{capability=\"%s\" code=%u%s%s}]",
	    bgp_capability_name(c->code), c->code, c->fields[0] != '\0' ? " " : "", c->fields);
	ck_assert_msg(strcmp(l->text, want) == 0, "%s\nnot\n%s", l->text, want);
	free(body);
}
END_TEST

/* Every capability that has a name has an example. */
START_TEST(test_every_capability)
{
	for (unsigned code = 0; code < 256; code++) {
		bool seen = false;

		for (size_t i = 0; i < CAPABILITIES; i++)
			seen |= capabilities[i].code == code;
		ck_assert_msg(seen || strcmp(bgp_capability_name((uint8_t)code), "unknown") == 0,
		    "no example of capability %u", code);
	}
}
END_TEST

/* The lengths that a value may have, once more: min, or so many steps more. Others may have any. */
static const struct lengths {
	uint8_t code, min, step;
} lengths[] = {
	{ 1, 4, 0 },
	{ 2, 0, 0 },
	{ 5, 0, 6 },
	{ 6, 0, 0 },
	{ 7, 3, 0 },
	{ 8, 0, 4 },
	{ 9, 1, 0 },
	{ 64, 2, 4 },
	{ 65, 4, 0 },
	{ 69, 0, 4 },
	{ 70, 0, 0 },
	{ 71, 0, 7 },
	{ 76, 0, 5 },
	{ 77, 0, 0 },
	{ 128, 0, 0 },
};

static bool
length_allowed(uint8_t code, size_t n)
{
	for (size_t i = 0; i < sizeof(lengths) / sizeof(lengths[0]); i++) {
		size_t min = lengths[i].min, step = lengths[i].step;

		if (lengths[i].code == code)
			return n == min || (step != 0 && n > min && (n - min) % step == 0);
	}
	return true;
}

/* Every code with a value of every length: one that is wrong is a fault, counts for nothing, and is
 * shown as hex. */
START_TEST(test_capability_length)
{
	uint8_t code = (uint8_t)_i;

	for (size_t n = 0; n <= 24; n++) {
		uint8_t body[14 + 24] = { 4, 0xfb, 0xf5, 0, 90, 192, 0, 2, 1, (uint8_t)(n + 4), 2,
			(uint8_t)(n + 2), code, (uint8_t)n };
		struct dissect_log *l = dissect_log_new();
		struct faults f = { .n = 0 };
		char want[256], hex[64] = "";
		struct bgp_open o, none;

		require(capability_length_fits(capability_row(code), n) == length_allowed(code, n),
		    "capability %u of %zu octets", code, n);
		if (length_allowed(code, n))
			continue;
		bgp_open_parse(cur_of(body, 14 + n), &o, &f);
		require(f.n == 1 && f.v[0].code == FAULT_CAPABILITY && f.v[0].item == code,
		    "capability %u of %zu octets: %u faults", code, n, f.n);
		bgp_open_parse(cur_of("\x04\xfb\xf5\0\x5a\xc0\0\2\1\0", 10), &none, &f);
		memcpy(none.caps_seen, o.caps_seen, sizeof(none.caps_seen));
		none.fqdn_host = o.fqdn_host;
		none.software = o.software;
		require(memcmp(&o, &none, sizeof(o)) == 0, "capability %u of %zu octets counts",
		    code, n);
		bgp_open_dissect(&l->sink, cur_of(body, 14 + n));
		for (size_t i = 0; i < n; i++)
			strcat(hex, "00");
		snprintf(want, sizeof(want),
		    DISSECTED_FIXED "capabilities[{capability=\"%s\" code=%u%s%s}]",
		    bgp_capability_name(code), code, n > 0 ? " octets=0x" : "", hex);
		require(strcmp(l->text, want) == 0, "%s\nnot\n%s", l->text, want);
	}
}
END_TEST

START_TEST(test_capability_cut)
{
	const struct capability *c = &capabilities[_i];
	size_t n;
	uint8_t *body = open_with(c, &n);

	for (size_t cut = 0; cut < n; cut++) {
		uint8_t *copy = exact_copy(body, cut);
		struct dissect_log *l = dissect_log_new();
		struct faults f = { .n = 0 };
		struct bgp_open o;

		bgp_open_parse(cur_of(copy, cut), &o, &f);
		require((f.n > 0) == (cut > 0), "capability %u cut at %zu: %u faults", c->code, cut,
		    f.n);
		bgp_open_dissect(&l->sink, cur_of(copy, cut));
		require(l->depth == 0 && (cut == 0 || strstr(l->text, "cut=0x") != NULL),
		    "capability %u cut at %zu: %s", c->code, cut, l->text);
		free(copy);
	}
	free(body);
}
END_TEST

/* Each capability's value at every shorter length, with the lengths around it made to fit:
 * dissected whole, nothing read past it. */
START_TEST(test_capability_short)
{
	const struct capability *c = &capabilities[_i];
	size_t n;
	uint8_t *value = unhex(c->hex, &n);

	for (size_t len = 0; len <= n; len++) {
		uint8_t head[] = { 4, 0xfb, 0xf5, 0, 90, 192, 0, 2, 1, (uint8_t)(len + 4), 2,
			(uint8_t)(len + 2), c->code, (uint8_t)len };
		uint8_t *body = malloc(sizeof(head) + len);
		struct dissect_log *l = dissect_log_new();
		struct faults f = { .n = 0 };
		struct bgp_open o;

		ck_assert_ptr_nonnull(body);
		memcpy(body, head, sizeof(head));
		if (len > 0)
			memcpy(body + sizeof(head), value, len);
		bgp_open_parse(cur_of(body, sizeof(head) + len), &o, &f);
		require(f.n <= 1 && f.action == FAULT_IGNORE, "capability %u of %zu octets",
		    c->code, len);
		bgp_open_dissect(&l->sink, cur_of(body, sizeof(head) + len));
		require(l->depth == 0 && strstr(l->text, "cut") == NULL, "%s", l->text);
		free(body);
	}
	free(value);
}
END_TEST

/* --- parameters */

static const struct open_case {
	const char *name, *hex;
	unsigned faults;
	const char *fields;
} opens[] = {
	{ "none", FIXED "00", 0, DISSECTED_FIXED "capabilities[]" },
	{ "one parameter for each, one repeated",
	    FIXED "12 02 06 01 04 0001 00 01 02 08 01 04 0002 00 "
		  "01 02 00",
	    0,
	    DISSECTED_FIXED
	    "capabilities[{capability=\"Multiprotocol\" code=1 family=\"ipv4-unicast\"} "
	    "{capability=\"Multiprotocol\" code=1 family=\"ipv6-unicast\"} "
	    "{capability=\"Route Refresh\" code=2}]" },
	{ "a parameter that is none", FIXED "08 01 02 abcd 02 02 02 00", 0,
	    DISSECTED_FIXED "capabilities[{parameter=1 octets=0xabcd} "
			    "{capability=\"Route Refresh\" code=2}]" },
	{ "extended", FIXED "ff ff 0009 02 0006 41 04 fa56ea00", 0,
	    DISSECTED_FIXED "capabilities[{capability=\"4-octet AS\" code=65 as=4200000000}]" },
	{ "extended, whatever the first length", FIXED "01 ff 0005 02 0002 06 00", 0,
	    DISSECTED_FIXED "capabilities[{capability=\"Extended Message\" code=6}]" },
	{ "extended, none", FIXED "ff ff 0000", 0, DISSECTED_FIXED "capabilities[]" },
	{ "octets behind", FIXED "00 cafe", 0, DISSECTED_FIXED "capabilities[] trailing=0xcafe" },
	{ "capability past its parameter", FIXED "08 02 02 41 04 02 02 02 00", 1,
	    DISSECTED_FIXED "capabilities[{cut=0x4104} {capability=\"Route Refresh\" code=2}]" },
	{ "parameter past the message", FIXED "04 02 04 02 00", 1,
	    DISSECTED_FIXED "capabilities[{cut=0x02040200}]" },
	{ "parameters past the message", FIXED "09 02 02 02 00", 1,
	    DISSECTED_FIXED "cut=0x0902020200" },
	{ "short", "04 fbf5", 1, "cut=0x04fbf5" },
	{ "no body", "", 0, "" },
};

START_TEST(test_open)
{
	const struct open_case *c = &opens[_i];
	struct dissect_log *l = dissect_log_new();
	struct faults f = { .n = 0 };
	struct bgp_open o;
	size_t n;
	uint8_t *body = unhex(c->hex, &n);

	bgp_open_parse(cur_of(body, n), &o, &f);
	ck_assert_msg(f.n == c->faults, "%s: %u faults", c->name, f.n);
	if (f.n > 0)
		ck_assert_uint_eq(f.v[0].code, FAULT_OPEN);
	bgp_open_dissect(&l->sink, cur_of(body, n));
	ck_assert_uint_eq(l->depth, 0);
	ck_assert_msg(
	    strcmp(l->text, c->fields) == 0, "%s:\n%s\nnot\n%s", c->name, l->text, c->fields);
	free(body);
}
END_TEST

/* What is read of an OPEN because routes are read by it. */
START_TEST(test_open_fields)
{
	static const struct bgp_family v4 = { AFI_IPV4, SAFI_UNICAST },
				       v6 = { AFI_IPV6, SAFI_UNICAST },
				       lu = { AFI_IPV4, SAFI_LABELLED },
				       vpn = { AFI_IPV4, SAFI_VPN };
	struct faults f = { .n = 0 };
	struct bgp_open o;
	size_t n;
	uint8_t *body = unhex(FIXED
	    "46 02 44 01 04 0001 00 01 01 04 0002 00 01 41 04 fa56ea00 06 00 "
	    "08 0c 0001 04 03 0001 80 01 0001 04 05 "
	    "05 0c 0001 0001 0002 0001 0180 0002 "
	    "45 04 0001 01 03 09 01 03 09 01 04 46 00 02 00 40 02 0078",
	    &n);

	bgp_open_parse(cur_of(body, n), &o, &f);
	ck_assert_uint_eq(f.n, 0);
	ck_assert(o.as4 && o.extended_message && o.extended_next_hop && o.enhanced_refresh &&
		  o.route_refresh && o.graceful_restart);
	ck_assert_uint_eq(o.as, 4200000000U);
	ck_assert_uint_eq(o.my_as, 64501);
	ck_assert(bgp_open_has_family(&o, v4) && bgp_open_has_family(&o, v6));
	ck_assert(!bgp_open_has_family(&o, lu));
	ck_assert_uint_eq(bgp_open_labels(&o, lu), 3);	/* the first of two */
	ck_assert_uint_eq(bgp_open_labels(&o, vpn), 1); /* a count of one says nothing */
	ck_assert_uint_eq(bgp_open_addpath(&o, v4), 3);
	ck_assert_uint_eq(bgp_open_addpath(&o, v6), 0);
	ck_assert(o.role_conflict && o.role == BGP_ROLE_PEER);
	free(body);
}
END_TEST

START_TEST(test_open_extended_length)
{
	/* RFC 9072: marker 255, then a 2-octet total; a parameter with a 2-octet length holding one
	 * capability */
	static const uint8_t body[] = { 4, 0xfb, 0xf5, 0, 90, 1, 2, 3, 4, 255, 255, 0, 9, 2, 0, 6,
		65, 4, 0xfa, 0x56, 0xea, 0 };
	struct faults f = { .n = 0 };
	struct bgp_open o;

	bgp_open_parse(cur_of(body, sizeof(body)), &o, &f);
	ck_assert_uint_eq(f.n, 0);
	ck_assert(o.as4);
	ck_assert_uint_eq(o.as, 4200000000U);
	for (size_t cut = 0; cut < sizeof(body); cut++) {
		uint8_t *copy = exact_copy(body, cut);

		bgp_open_parse(cur_of(copy, cut), &o, &f);
		free(copy);
	}
}
END_TEST

/* More entries than there is room for: the first ones are kept. */
START_TEST(test_open_full)
{
	enum { ENTRIES = 62, LEN = 4 * ENTRIES };
	uint8_t body[14 + LEN] = { 4, 0, 1, 0, 90, 1, 1, 1, 1, LEN + 4, 2, LEN + 2, 8, LEN };
	struct faults f = { .n = 0 };
	struct bgp_open o;

	for (unsigned i = 0; i < ENTRIES; i++) {
		uint8_t entry[4] = { 0, 1, (uint8_t)(i + 1), 2 };

		memcpy(body + 14 + 4 * i, entry, sizeof(entry));
	}
	bgp_open_parse(cur_of(body, sizeof(body)), &o, &f);
	ck_assert_uint_eq(f.n, 0);
	ck_assert_uint_eq(o.labels_n, BGP_TUPLES_MAX);
	ck_assert_uint_eq(bgp_open_labels(&o, (struct bgp_family){ 1, BGP_TUPLES_MAX }), 2);
	ck_assert_uint_eq(bgp_open_labels(&o, (struct bgp_family){ 1, BGP_TUPLES_MAX + 1 }), 1);
}
END_TEST

/* What has not the length it should have counts for nothing. */
START_TEST(test_open_malformed)
{
	struct faults f = { .n = 0 };
	struct bgp_open o;
	size_t n;
	uint8_t *body = unhex(FIXED
	    "1b 02 19 02 01 00 05 01 00 06 01 00 40 01 00 46 01 00 41 01 00 "
	    "09 00 49 03 01 72 05",
	    &n);

	bgp_open_parse(cur_of(body, n), &o, &f);
	ck_assert(f.n == 8 && f.action == FAULT_IGNORE && faults_have(&f, FAULT_CAPABILITY));
	ck_assert(!o.route_refresh && !o.extended_next_hop && !o.extended_message);
	ck_assert(!o.graceful_restart && !o.enhanced_refresh && !o.as4);
	ck_assert_uint_eq(o.role, BGP_ROLE_NONE);
	ck_assert_uint_eq(cur_left(&o.fqdn_host), 0);
	free(body);
}
END_TEST

/* --- notifications */

static const struct body_case {
	const char *hex, *fields;
} notifications[] = {
	{ "01 01", "error=\"Message Header Error/Connection Not Synchronized\" code=1 subcode=1" },
	{ "01 02 0012", "error=\"Message Header Error/Bad Message Length\" code=1 subcode=2 "
			"message_length=18" },
	{ "01 02 001200",
	    "error=\"Message Header Error/Bad Message Length\" code=1 subcode=2 data=0x001200" },
	{ "01 03 09",
	    "error=\"Message Header Error/Bad Message Type\" code=1 subcode=3 message_type=9" },
	{ "02 01 0004", "error=\"OPEN Message Error/Unsupported Version\" code=2 subcode=1 "
			"supported_version=4" },
	{ "02 02", "error=\"OPEN Message Error/Bad Peer AS\" code=2 subcode=2" },
	{ "02 03", "error=\"OPEN Message Error/Bad BGP Identifier\" code=2 subcode=3" },
	{ "02 04", "error=\"OPEN Message Error/Unsupported Optional Parameter\" code=2 subcode=4" },
	{ "02 05",
	    "error=\"OPEN Message Error/Authentication Failure (deprecated)\" code=2 subcode=5" },
	{ "02 06", "error=\"OPEN Message Error/Unacceptable Hold Time\" code=2 subcode=6" },
	{ "02 07 41 04 0000fbf5",
	    "error=\"OPEN Message Error/Unsupported Capability\" code=2 "
	    "subcode=7 capabilities[{capability=\"4-octet AS\" code=65 as=64501}]" },
	{ "02 07 41 04 00", "error=\"OPEN Message Error/Unsupported Capability\" code=2 subcode=7 "
			    "capabilities[{cut=0x410400}]" },
	{ "02 08", "error=\"OPEN Message Error/AFI/SAFI Not Supported\" code=2 subcode=8" },
	{ "02 0b", "error=\"OPEN Message Error/Role Mismatch\" code=2 subcode=11" },
	{ "03 01", "error=\"UPDATE Message Error/Malformed Attribute List\" code=3 subcode=1" },
	{ "03 02",
	    "error=\"UPDATE Message Error/Unrecognized Well-known Attribute\" code=3 subcode=2" },
	{ "03 03 03", "error=\"UPDATE Message Error/Missing Well-known Attribute\" code=3 "
		      "subcode=3 missing_attribute=\"NEXT_HOP\"" },
	{ "03 03 63", "error=\"UPDATE Message Error/Missing Well-known Attribute\" code=3 "
		      "subcode=3 data=0x63" },
	{ "03 04", "error=\"UPDATE Message Error/Attribute Flags Error\" code=3 subcode=4" },
	{ "03 05", "error=\"UPDATE Message Error/Attribute Length Error\" code=3 subcode=5" },
	{ "03 06", "error=\"UPDATE Message Error/Invalid ORIGIN\" code=3 subcode=6" },
	{ "03 06 40 01 01 07", "error=\"UPDATE Message Error/Invalid ORIGIN\" code=3 subcode=6 "
			       "attribute{origin=0x07}" },
	{ "03 05 40 01 02 07", "error=\"UPDATE Message Error/Attribute Length Error\" code=3 "
			       "subcode=5 data=0x40010207" },
	{ "03 04 c0 05 04 00000064",
	    "error=\"UPDATE Message Error/Attribute Flags Error\" code=3 subcode=4 "
	    "attribute{local_pref=100 local_pref_flags=\"optional transitive\"}" },
	{ "03 07", "error=\"UPDATE Message Error/AS Routing Loop (deprecated)\" code=3 subcode=7" },
	{ "03 08", "error=\"UPDATE Message Error/Invalid NEXT_HOP\" code=3 subcode=8" },
	{ "03 09", "error=\"UPDATE Message Error/Optional Attribute Error\" code=3 subcode=9" },
	{ "03 0a", "error=\"UPDATE Message Error/Invalid Network Field\" code=3 subcode=10" },
	{ "03 0b", "error=\"UPDATE Message Error/Malformed AS_PATH\" code=3 subcode=11" },
	{ "04 00", "error=\"Hold Timer Expired\" code=4 subcode=0" },
	{ "05 00", "error=\"FSM Error\" code=5 subcode=0" },
	{ "05 01", "error=\"FSM Error/in OpenSent\" code=5 subcode=1" },
	{ "05 02", "error=\"FSM Error/in OpenConfirm\" code=5 subcode=2" },
	{ "05 03", "error=\"FSM Error/in Established\" code=5 subcode=3" },
	{ "06 01 0001 01 000003e8",
	    "error=\"Cease/Maximum Number of Prefixes Reached\" code=6 subcode=1 "
	    "family=\"ipv4-unicast\" max_prefixes=1000" },
	{ "06 01 0001",
	    "error=\"Cease/Maximum Number of Prefixes Reached\" code=6 subcode=1 data=0x0001" },
	{ "06 02 0a 6d61696e74656e616e63",
	    "error=\"Cease/Administrative Shutdown\" code=6 subcode=2 "
	    "shutdown_communication=\"maintenanc\"" },
	{ "06 02 04 610a5cff", "error=\"Cease/Administrative Shutdown\" code=6 subcode=2 "
			       "shutdown_communication=\"a\\x0a\\x5c\\xff\"" },
	{ "06 02 05 6162",
	    "error=\"Cease/Administrative Shutdown\" code=6 subcode=2 data=0x056162" },
	{ "06 03", "error=\"Cease/Peer De-configured\" code=6 subcode=3" },
	{ "06 04 02 6f6b cafe",
	    "error=\"Cease/Administrative Reset\" code=6 subcode=4 shutdown_communication=\"ok\" "
	    "data=0xcafe" },
	{ "06 04 00",
	    "error=\"Cease/Administrative Reset\" code=6 subcode=4 shutdown_communication=\"\"" },
	{ "06 05", "error=\"Cease/Connection Rejected\" code=6 subcode=5" },
	{ "06 06", "error=\"Cease/Other Configuration Change\" code=6 subcode=6" },
	{ "06 07", "error=\"Cease/Connection Collision Resolution\" code=6 subcode=7" },
	{ "06 08", "error=\"Cease/Out of Resources\" code=6 subcode=8" },
	{ "06 09 06 04 02 6f6b", "error=\"Cease/Hard Reset\" code=6 subcode=9 hard_reset{"
				 "error=\"Cease/Administrative Reset\" code=6 subcode=4 "
				 "shutdown_communication=\"ok\"}" },
	{ "06 09 06 09 06 04", "error=\"Cease/Hard Reset\" code=6 subcode=9 hard_reset{"
			       "error=\"Cease/Hard Reset\" code=6 subcode=9 data=0x0604}" },
	{ "06 09 06", "error=\"Cease/Hard Reset\" code=6 subcode=9 hard_reset{cut=0x06}" },
	{ "06 09", "error=\"Cease/Hard Reset\" code=6 subcode=9" },
	{ "06 0a", "error=\"Cease/BFD Down\" code=6 subcode=10" },
	{ "07 01 0002 01 01",
	    "error=\"ROUTE-REFRESH Message Error/Invalid Message Length\" code=7 subcode=1 "
	    "data=0x00020101" },
	{ "07 01 ffffffffffffffffffffffffffffffff 0016 05 000101",
	    "error=\"ROUTE-REFRESH Message Error/Invalid Message Length\" code=7 subcode=1 "
	    "message{cut=0x000101}" },
	{ "08 00", "error=\"Send Hold Timer Expired\" code=8 subcode=0" },
	{ "06 63", "error=\"Cease/99\" code=6 subcode=99" },
	{ "2a 01 ff", "error=\"code 42/1\" code=42 subcode=1 data=0xff" },
	{ "06", "cut=0x06" },
	{ "", "" },
};

START_TEST(test_notification)
{
	const struct body_case *c = &notifications[_i];
	struct dissect_log *l = dissect_log_new();
	struct bgp_notification parsed;
	struct faults f = { .n = 0 };
	size_t n;
	uint8_t *body = unhex(c->hex, &n);

	bgp_notification_dissect(&l->sink, cur_of(body, n));
	ck_assert_uint_eq(l->depth, 0);
	ck_assert_msg(strcmp(l->text, c->fields) == 0, "%s\nnot\n%s", l->text, c->fields);
	ck_assert(bgp_notification_parse(cur_of(body, n), &parsed, &f) == (n >= 2));
	if (n < 2)
		ck_assert(f.n == 1 && f.v[0].code == FAULT_NOTIFICATION && f.v[0].offset == 0);
	else if (strcmp(c->hex, "06 02 05 6162") == 0)
		ck_assert(f.n == 1 && f.v[0].code == FAULT_SHUTDOWN && f.v[0].offset == 2 &&
			  f.v[0].item == 2);
	else
		ck_assert_uint_eq(f.n, 0);
	free(body);
}
END_TEST

/* --- route refresh */

static const struct body_case refreshes[] = {
	{ "0001 00 01", "family=\"ipv4-unicast\" subtype=\"request\"" },
	{ "0002 01 01", "family=\"ipv6-unicast\" subtype=\"begin_of_rr\"" },
	{ "0002 02 01", "family=\"ipv6-unicast\" subtype=\"end_of_rr\"" },
	{ "0002 09 01", "family=\"ipv6-unicast\" subtype=\"9\"" },
	{ "0001 00 01 02 40 0001 80",
	    "family=\"ipv4-unicast\" subtype=\"request\" when_to_refresh=\"defer\" "
	    "orfs[{orf_type=\"address_prefix\" entries[\"remove_all\"]}]" },
	{ "0001 00 01 02 40 0001 c0", /* as FRR writes it */
	    "family=\"ipv4-unicast\" subtype=\"request\" when_to_refresh=\"defer\" "
	    "orfs[{orf_type=\"address_prefix\" entries[\"remove_all\"]}]" },
	{ "0001 00 01 02 40 0001 a3", /* nothing is left out */
	    "family=\"ipv4-unicast\" subtype=\"request\" when_to_refresh=\"defer\" "
	    "orfs[{orf_type=\"address_prefix\" entries[\"remove_all deny reserved 0x03\"]}]" },
	{ "0001 00 01 02 63 0001 00",
	    "family=\"ipv4-unicast\" subtype=\"request\" when_to_refresh=\"defer\" "
	    "orfs[{orf_type=\"99\" entries=0x00}]" },
	{ "0001 00 01 01 40 0015 00 00000005 18 20 10 c000 60 00000006 00 00 18 cb0071",
	    "family=\"ipv4-unicast\" subtype=\"request\" when_to_refresh=\"immediate\" "
	    "orfs[{orf_type=\"address_prefix\" entries[\"add 5 permit 192.0.0.0/16 ge 24 le 32\" "
	    "\"remove 6 deny 203.0.113.0/24 ge 0 le 0\"]}]" },
	{ "0002 00 01 01 80 000c 00 00000001 00 00 20 20010db8 03 0002 cafe",
	    "family=\"ipv6-unicast\" subtype=\"request\" when_to_refresh=\"immediate\" "
	    "orfs[{orf_type=\"address_prefix_old\" entries[\"add 1 permit 2001:db8::/32 ge 0 le "
	    "0\"]} "
	    "{orf_type=\"extended_communities\" entries=0xcafe}]" },
	{ "0001 00 01 01 40 0003 00 0000",
	    "family=\"ipv4-unicast\" subtype=\"request\" when_to_refresh=\"immediate\" "
	    "orfs[{orf_type=\"address_prefix\" entries[] cut=0x000000}]" },
	{ "0001 00 01 01 40 000d 07 00000005 18 20 28 c000020304",
	    "family=\"ipv4-unicast\" subtype=\"request\" when_to_refresh=\"immediate\" "
	    "orfs[{orf_type=\"address_prefix\" entries[] cut=0x0700000005182028c000020304}]" },
	{ "0001 00 01 01 40 000c 07 00000005 18 20 20 c0000203",
	    "family=\"ipv4-unicast\" subtype=\"request\" when_to_refresh=\"immediate\" "
	    "orfs[{orf_type=\"address_prefix\" entries[\"add 5 permit 192.0.2.3/32 ge 24 le 32 "
	    "reserved "
	    "0x07\"]}]" },
	{ "0001 00 01 01 40 0009 00",
	    "family=\"ipv4-unicast\" subtype=\"request\" when_to_refresh=\"immediate\" orfs[] "
	    "cut=0x40000900" },
	{ "0001 00", "cut=0x000100" },
};

START_TEST(test_refresh)
{
	const struct body_case *c = &refreshes[_i];
	struct dissect_log *l = dissect_log_new();
	size_t n;
	uint8_t *body = unhex(c->hex, &n);

	bgp_refresh_dissect(&l->sink, cur_of(body, n));
	ck_assert_uint_eq(l->depth, 0);
	ck_assert_msg(strcmp(l->text, c->fields) == 0, "%s\nnot\n%s", l->text, c->fields);
	for (size_t cut = 0; cut < n; cut++) {
		uint8_t *copy = exact_copy(body, cut);

		l = dissect_log_new();
		bgp_refresh_dissect(&l->sink, cur_of(copy, cut));
		require(l->depth == 0 && (cut == 0 || l->n > 0), "%s cut at %zu", c->hex, cut);
		free(copy);
	}
	free(body);
}
END_TEST

/* --- whole messages */

#define MARKER "ffffffffffffffffffffffffffffffff "

static const struct body_case messages[] = {
	{ MARKER "0013 04", "type=\"keepalive\" length=19" },
	{ MARKER "0014 04 07", "type=\"keepalive\" length=20 octets=0x07" },
	{ MARKER "0013 01", "type=\"open\" length=19" },
	{ MARKER "0015 03 0608",
	    "type=\"notification\" length=21 error=\"Cease/Out of Resources\" code=6 subcode=8" },
	{ MARKER "0017 05 00010001",
	    "type=\"route_refresh\" length=23 family=\"ipv4-unicast\" subtype=\"request\"" },
	{ MARKER "0015 2a cafe", "type=\"42\" length=21 octets=0xcafe" },
	{ MARKER "0017 02 0000 0000 aa", "type=\"update\" length=23 after_message=0xaa" },
	{ MARKER "0037 02 0003 10 0a01 001a 40 01 01 00 40 02 06 0201 0000fbf5 40 03 04 c0000201 "
		 "c0 63 00 c0 63 00 10 0a02",
	    "type=\"update\" length=55 withdrawn[{prefix=\"10.1.0.0/16\"}] "
	    "attributes{origin=\"igp\" as_path=\"64501\" next_hop=\"192.0.2.1\" "
	    "unknown_attributes[{code=99 flags=\"optional transitive\" octets=0x} "
	    "{code=99 flags=\"optional transitive\" octets=0x}]} nlri[{prefix=\"10.2.0.0/16\"}]" },
	{ MARKER "002c 02 0000 0011 40 01 01 00 40 01 01 02 c0 07 08 fbf5 c0000201 18 0a0200",
	    "type=\"update\" length=44 attributes{origin=\"igp\" "
	    "repeated_attributes[{origin=\"incomplete\"}] cut_attributes=0xc00708fbf5c0000201} "
	    "nlri[{prefix=\"10.2.0.0/24\"}]" },
	{ "0102", "octets=0x0102" },
	{ "", "" },
};

START_TEST(test_message)
{
	const struct body_case *c = &messages[_i];
	struct bgp_context ctx = { .encoding.as4 = true };
	struct dissect_log *l = dissect_log_new();
	size_t n;
	uint8_t *octets = unhex(c->hex, &n);

	bgp_message_dissect(&l->sink, cur_of(octets, n), &ctx.encoding);
	ck_assert_uint_eq(l->depth, 0);
	ck_assert_msg(strcmp(l->text, c->fields) == 0, "%s\nnot\n%s", l->text, c->fields);
	free(octets);
}
END_TEST

START_TEST(test_family_names)
{
	static const struct {
		struct bgp_family family;
		const char *name;
	} cases[] = { { { 1, 1 }, "ipv4-unicast" }, { { 2, 4 }, "ipv6-labelled" },
		{ { 25, 70 }, "l2vpn-evpn" }, { { 16388, 71 }, "bgp-ls" },
		{ { 16388, 72 }, "bgp-ls-vpn" }, { { 1, 66 }, "ipv4-mdt" },
		{ { 1, 140 }, "ipv4-vpn-auto-discovery" }, { { 1, 241 }, "1/241" },
		{ { 77, 1 }, "77/1" } };

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		char buf[32];

		ck_assert_str_eq(bgp_family_name(cases[i].family, buf, sizeof(buf)), cases[i].name);
	}
}
END_TEST

HARNESS_MAIN("open")
{
	ROWS(test_capability, capabilities);
	TEST(test_every_capability);
	LOOP(test_capability_length, 256);
	ROWS(test_capability_cut, capabilities);
	ROWS(test_capability_short, capabilities);
	ROWS(test_open, opens);
	TEST(test_open_fields);
	TEST(test_open_extended_length);
	TEST(test_open_full);
	TEST(test_open_malformed);
	ROWS(test_notification, notifications);
	ROWS(test_refresh, refreshes);
	ROWS(test_message, messages);
	TEST(test_family_names);
}
