/* What registries have not handed out, by their files. */
#include "tests/unit/support/harness.h"

#include "collector/detect/as_rel.h"
#include "collector/detect/delegated.h"
#include "collector/detect/detect.h"

static const char ripe[] = "2|ripencc|1764200000|8|19830705|20261126|+0100\n"
			   "# a comment\n"
			   "ripencc|*|ipv4|*|5|summary\n"
			   "ripencc|NL|ipv4|193.0.0.0|2048|19930901|allocated|x|e-stats\n"
			   "ripencc||ipv4|194.0.0.0|256||available|\n"
			   "ripencc||ipv4|194.0.1.0|768||reserved|\r\n"
			   "ripencc|DE|ipv4|194.0.4.0|1024|20000101|assigned\n"
			   "ripencc||ipv6|2a00:8000::|17||available|\n"
			   "ripencc|NL|asn|3333|1|19930901|allocated\n"
			   "ripencc||asn|210000|5||available|\n"
			   "iana|ZZ|ipv4|192.0.0.0|256||reserved|ietf|iana\n";
static const char arin[] = "2|arin|20261120|3|19700101|20261120|-0400\n"
			   "arin|US|ipv4|8.0.0.0|16777216|19920101|allocated\n"
			   "arin||ipv4|194.0.8.0|256||reserved|\n"
			   "arin||asn|401000|1||reserved|\n";

static struct delegated *
parse(const char *text)
{
	char error[256] = "";
	struct delegated *d = delegated_parse(text, strlen(text), NULL, error, sizeof(error));

	ck_assert_msg(d != NULL, "%s", error);
	return d;
}

static const struct {
	const char *prefix, *registry; /* NULL: none */
	bool stale;
} prefixes[] = {
	{ "194.0.0.0/24", "ripencc", false },
	{ "194.0.0.0/22", "ripencc", false }, /* both together */
	{ "194.0.3.255/32", "ripencc", false },
	{ "194.0.0.0/21", NULL, false }, /* some of it is somebody's */
	{ "194.0.4.0/24", NULL, false },
	{ "193.0.0.0/24", NULL, false },
	{ "193.255.255.0/24", NULL, false },
	{ "194.0.8.0/24", "arin", true },
	{ "194.0.8.0/23", NULL, false },
	{ "192.0.0.0/24", NULL, false }, /* IANA's is another matter */
	{ "0.0.0.0/0", NULL, false },
	{ "2a00:8000::/17", "ripencc", false },
	{ "2a00:ffff:1::/48", "ripencc", false },
	{ "2a00::/12", NULL, false },
	{ "2a01::/32", NULL, false },
	{ "::/0", NULL, false },
};

START_TEST(prefixes_and_numbers)
{
	struct delegated *a = parse(ripe), *b = parse(arin), *d;
	const bool stale[] = { false, true };
	const struct delegated *const parts[] = { a, b };

	ck_assert_uint_eq(delegated_day(a), 20783);
	ck_assert_uint_eq(delegated_day(b), 20777);
	d = delegated_join(parts, stale, 2);
	delegated_unref(a);
	delegated_unref(b);
	for (size_t k = 0; k < sizeof(prefixes) / sizeof(prefixes[0]); k++) {
		const struct delegated_source *s;
		struct ip_prefix p;

		ck_assert(ip_prefix_parse(prefixes[k].prefix, true, &p));
		s = delegated_prefix(d, &p);
		ck_assert_msg(
		    (s != NULL) == (prefixes[k].registry != NULL), "%s", prefixes[k].prefix);
		if (s == NULL)
			continue;
		ck_assert_str_eq(s->registry, prefixes[k].registry);
		ck_assert(s->stale == prefixes[k].stale);
		ck_assert_uint_eq(s->day, s->stale ? 20777 : 20783);
	}
	ck_assert_ptr_null(delegated_asn(d, 209999));
	ck_assert_str_eq(delegated_asn(d, 210000)->registry, "ripencc");
	ck_assert_str_eq(delegated_asn(d, 210004)->registry, "ripencc");
	ck_assert_ptr_null(delegated_asn(d, 210005));
	ck_assert_ptr_null(delegated_asn(d, 3333));
	ck_assert(delegated_asn(d, 401000)->stale);
	delegated_unref(d);
}
END_TEST

static const struct {
	const char *text, *error;
} bad[] = {
	{ "", "it is empty" },
	{ "<html>\n", "line 1: \"<html>\"; right would be" },
	{ "2|ripencc|1|400|19830705|20261126|+0100\nripencc||asn|5|1||available|\n",
	    "it is cut: 1 of the 400 records that it says" },
	{ "2|ripencc|1|1|19830705|20261126|+0100\nripencc|NL|asn|5|1|20200101|allocated\n",
	    "nothing in it is available or reserved" },
	{ "2|r|1|1|19830705|20261126|+0100\nr||ipv4|1.2.3|256||available|\n",
	    "line 2: \"r||ipv4|" },
	{ "2|r|1|1|19830705|20261126|+0100\nr||ipv4|255.255.255.0|512||available|\n", "line 2: " },
	{ "2|r|1|1|19830705|20261126|+0100\nr||ipv4|1.2.3.0|0||available|\n", "line 2: " },
	{ "2|r|1|1|19830705|20261126|+0100\nr||ipv6|2a00:8000::|16||available|\n", "line 2: " },
	{ "2|r|1|1|19830705|20261126|+0100\nr||ipv6|2a00::|65||available|\n", "line 2: " },
	{ "2|r|1|1|19830705|20261126|+0100\nr||asn|4294967295|2||available|\n", "line 2: " },
	{ "2|r|1|1|19830705|20261126|+0100\nr||as|5|2||available|\n", "line 2: " },
	{ "2|r|1|1|19830705|20261126|+0100\nr||asn|5\n", "line 2: " },
};

START_TEST(bad_is_refused)
{
	char error[256] = "";

	ck_assert_ptr_null(
	    delegated_parse(bad[_i].text, strlen(bad[_i].text), NULL, error, sizeof(error)));
	ck_assert_msg(strncmp(error, bad[_i].error, strlen(bad[_i].error)) == 0, "%s", error);
}
END_TEST

/* What says that much more is left than before, or than can be, is a mistake. */
START_TEST(doubtful_ones)
{
	static const char before[] =
	    "2|r|1|4|1|20261126|+0\nr|X|ipv4|1.0.0.0|33554432|1|allocated\n"
	    "r||ipv4|4.0.0.0|65536||available|\nr||ipv6|2a00::|20||available|\n"
	    "r||asn|500000|10||available|\n",
			  more[] =
			      "2|r|1|4|1|20261126|+0\nr|X|ipv4|1.0.0.0|33554432|1|allocated\n"
			      "r||ipv4|4.0.0.0|131072||available|\nr||ipv6|2a00::|19||available|\n"
			      "r||asn|500000|4000||available|\n",
			  too_much[] =
			      "2|r|1|4|1|20261126|+0\nr|X|ipv4|1.0.0.0|33554432|1|allocated\n"
			      "r||ipv4|4.0.0.0|4194304||available|\nr||ipv6|2a00::|20||available|\n"
			      "r||asn|500000|10||available|\n",
			  cannot_be[] = "2|r|1|2|1|20261126|+0\nr|X|ipv4|1.0.0.0|256|1|allocated\n"
					"r||ipv4|4.0.0.0|512||available|\n",
			  numbers[] =
			      "2|r|1|4|1|20261126|+0\nr|X|ipv4|1.0.0.0|33554432|1|allocated\n"
			      "r||ipv4|4.0.0.0|65536||available|\nr||ipv6|2a00::|20||available|\n"
			      "r||asn|500000|6000||available|\n";
	static const char another[] =
	    "2|s|1|2|1|20261126|+0\ns|X|ipv4|1.0.0.0|33554432|1|allocated\n"
	    "s||asn|500000|10||available|\n";
	struct delegated *a = parse(before), *b = parse(more), *c = parse(too_much),
			 *d = parse(cannot_be), *e = parse(numbers), *f = parse(another);
	char why[128];

	ck_assert(!delegated_doubt(NULL, a, why, sizeof(why)));
	ck_assert(!delegated_doubt(a, a, why, sizeof(why)));
	ck_assert(!delegated_doubt(a, b, why, sizeof(why)));
	ck_assert(delegated_doubt(a, c, why, sizeof(why)));
	ck_assert_str_eq(why, "4194304 IPv4 addresses are left in it instead of 65536");
	ck_assert(!delegated_doubt(NULL, c, why, sizeof(why)));
	ck_assert(delegated_doubt(NULL, d, why, sizeof(why)));
	ck_assert(delegated_doubt(a, e, why, sizeof(why)));
	ck_assert_str_eq(why, "6000 AS numbers are left in it instead of 10");
	ck_assert(delegated_is_like(a, b));
	ck_assert(!delegated_is_like(a, f));
	delegated_unref(a);
	delegated_unref(b);
	delegated_unref(c);
	delegated_unref(d);
	delegated_unref(e);
	delegated_unref(f);
}
END_TEST

/* Ranges in any order, that overlap, from two files: each address is what a naive list says. */
START_TEST(against_a_list)
{
	enum { SPACE = 4096, RANGES = 60 };
	bool left[SPACE + 1] = { false };
	char text[RANGES * 64 + 256];
	struct delegated *one, *d;
	const struct delegated *parts[2];
	const bool stale[2] = { false, false };
	uint64_t random = seed_of(_i);
	size_t len =
	    (size_t)sprintf(text, "2|r|1|0|1|20261126|+0\nr|X|ipv4|1.0.0.0|65536|1|allocated\n");

	for (unsigned k = 0; k < RANGES; k++) {
		unsigned first = rnd(&random) % SPACE, n = 1 + rnd(&random) % 60;

		n = first + n > SPACE ? SPACE - first : n;
		len += (size_t)sprintf(text + len, "%s||ipv4|20.0.%u.%u|%u||reserved|\n",
		    k % 2 ? "r" : "s", first >> 8, first & 255, n);
		memset(left + first, 1, n);
	}
	one = parse(text);
	parts[0] = parts[1] = one;
	d = delegated_join(parts, stale, 2);
	for (unsigned k = 0; k < 20000; k++) {
		unsigned at = rnd(&random) % SPACE, bits = rnd(&random) % 13;
		struct ip_prefix p = { .family = IP_V4, .len = (uint8_t)(32 - bits) };
		bool all = true;

		at &= ~((1U << bits) - 1);
		for (unsigned x = at; x < at + (1U << bits); x++)
			all &= x < SPACE && left[x];
		p.b[0] = 20;
		p.b[2] = (uint8_t)(at >> 8);
		p.b[3] = (uint8_t)at;
		ck_assert_msg((delegated_prefix(d, &p) != NULL) == all, "%u/%u", at, p.len);
	}
	delegated_unref(one);
	delegated_unref(d);
}
END_TEST

/* Whatever a file holds, it is read or refused with a reason. */
START_TEST(damage)
{
	uint64_t random = seed_of(_i);

	for (unsigned k = 0; k < 3000; k++) {
		size_t len = sizeof(ripe) - 1;
		char *text = malloc(len + 1), error[256] = "";
		struct delegated *d;
		struct as_rel *r;

		memcpy(text, ripe, len + 1);
		for (unsigned n = 1 + rnd(&random) % 6; n > 0; n--)
			text[rnd(&random) % len] = "|0194:.\n\r#x\0\xff"[rnd(&random) % 13];
		len = rnd(&random) % 4 == 0 ? rnd(&random) % len : len;
		text[len] = '\0';
		d = delegated_parse(text, len, NULL, error, sizeof(error));
		ck_assert_msg((d == NULL) == (error[0] != '\0'), "%s", error);
		delegated_unref(d);
		error[0] = '\0';
		r = as_rel_parse(text, len, NULL, error, sizeof(error));
		ck_assert((r == NULL) == (error[0] != '\0'));
		as_rel_free(r);
		free(text);
	}
}
END_TEST

/* --- the rules */

static const uint32_t own_as[] = { 3320 }, allowed[] = { 210001 };

static uint32_t
rules_of(const struct detect *d, const char *prefix, uint32_t origin, uint32_t middle,
    enum bmp_view view, struct route_facts f)
{
	struct ip_prefix p;
	uint32_t path[] = { 1299, middle, origin };
	uint8_t octets[64];
	struct cursor value;
	size_t n = 0;

	octets[n++] = 2;
	octets[n++] = 3;
	for (unsigned k = 0; k < 3; k++)
		for (int shift = 24; shift >= 0; shift -= 8)
			octets[n++] = (uint8_t)(path[k] >> shift);
	value = cur_of(octets, n);
	ck_assert(ip_prefix_parse(prefix, true, &p));
	f.prefix = &p;
	f.has_origin = true;
	f.origin = origin;
	f.view = (uint8_t)view;
	f.local_as = 3320;
	f.remote_as = 1299;
	f.relation = NEIGHBOR_PROVIDER;
	f.as_path = value;
	f.path = detect_path(d, value);
	return detect_route(d, &f) & (1U << RULE_BOGON_PREFIX | 1U << RULE_BOGON_ASN);
}

START_TEST(rules_look_at_it)
{
	const uint32_t prefix = 1U << RULE_BOGON_PREFIX, asn = 1U << RULE_BOGON_ASN;
	struct delegated *a = parse(ripe), *b = parse(arin), *joined;
	const struct delegated *const parts[] = { a, b };
	const bool stale[] = { false, true };
	struct ip_prefix spared[1];
	struct detect_config c = { .own_asns = own_as,
		.own_asns_n = 1,
		.bogon_asns_allowed = allowed,
		.bogon_asns_allowed_n = 1,
		.bogons_allowed = spared,
		.bogons_allowed_n = 1 };
	const struct route_facts fresh = { .origin = 0 }, valid = { .rov.state = ROV_VALID },
				 known = { .rules_before = prefix | asn };
	struct detect *d;

	ip_prefix_parse("194.0.2.0/24", true, &spared[0]);
	c.delegated = joined = delegated_join(parts, stale, 2);
	d = detect_new(&c, 1);
	delegated_unref(joined); /* detect has a reference of its own */
	ck_assert_uint_eq(rules_of(d, "194.0.0.0/24", 8881, 3356, BMP_VIEW_IN_PRE, fresh), prefix);
	ck_assert_uint_eq(
	    rules_of(d, "194.0.0.0/24", 8881, 3356, BMP_VIEW_OUT_POST, fresh), prefix);
	ck_assert_uint_eq(rules_of(d, "193.0.0.0/24", 210000, 3356, BMP_VIEW_IN_PRE, fresh), asn);
	ck_assert_uint_eq(rules_of(d, "193.0.0.0/24", 8881, 210000, BMP_VIEW_LOC_RIB, fresh), asn);
	ck_assert_uint_eq(rules_of(d, "193.0.0.0/24", 8881, 3356, BMP_VIEW_IN_PRE, fresh), 0);
	/* spared by the configuration, or by a ROA of whoever has it */
	ck_assert_uint_eq(rules_of(d, "194.0.2.0/24", 8881, 3356, BMP_VIEW_IN_PRE, fresh), 0);
	ck_assert_uint_eq(rules_of(d, "193.0.0.0/24", 210001, 3356, BMP_VIEW_IN_PRE, fresh), 0);
	ck_assert_uint_eq(rules_of(d, "194.0.0.0/24", 210000, 3356, BMP_VIEW_IN_PRE, valid), 0);
	ck_assert_uint_eq(rules_of(d, "194.0.0.0/24", 8881, 210000, BMP_VIEW_IN_PRE, valid), asn);
	/* of what is old nothing new is said, and what was so stays so */
	ck_assert_uint_eq(rules_of(d, "194.0.8.0/24", 8881, 3356, BMP_VIEW_IN_PRE, fresh), 0);
	ck_assert_uint_eq(rules_of(d, "194.0.8.0/24", 8881, 3356, BMP_VIEW_IN_PRE, known), prefix);
	ck_assert_uint_eq(rules_of(d, "193.0.0.0/24", 8881, 401000, BMP_VIEW_IN_PRE, fresh), 0);
	ck_assert_uint_eq(rules_of(d, "193.0.0.0/24", 8881, 401000, BMP_VIEW_IN_PRE, known), asn);
	detect_free(d);
	delegated_unref(a);
	delegated_unref(b);
}
END_TEST

HARNESS_MAIN("what is not handed out")
{
	TEST(prefixes_and_numbers);
	LOOP(bad_is_refused, sizeof(bad) / sizeof(bad[0]));
	TEST(doubtful_ones);
	LOOP(against_a_list, 5);
	LOOP(damage, 3);
	TEST(rules_look_at_it);
}
