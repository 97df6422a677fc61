/* Address space and AS numbers that are nobody's to announce. */
#include "tests/unit/support/harness.h"

#include <jansson.h>

#include "collector/detect/bogons.h"

static struct ip_prefix
prefix_of(const char *text)
{
	struct ip_prefix p;

	ck_assert_msg(ip_prefix_parse(text, false, &p), "%s", text);
	return p;
}

static bool
is_bogon(const char *text)
{
	struct ip_prefix p = prefix_of(text);

	return bogon_of(&p) != NULL;
}

static const struct {
	const char *prefix;
	enum bogon_use use;
} prefixes[] = {
	{ "0.0.0.0/0", BOGON_NONE },
	{ "::/0", BOGON_NONE },
	{ "0.0.0.0/8", BOGON_RESERVED },
	{ "0.0.0.0/7", BOGON_NONE },
	{ "1.0.0.0/24", BOGON_NONE },
	{ "10.0.0.0/8", BOGON_PRIVATE },
	{ "10.255.255.255/32", BOGON_PRIVATE },
	{ "11.0.0.0/8", BOGON_NONE },
	{ "8.0.0.0/6", BOGON_NONE },
	{ "100.63.0.0/16", BOGON_NONE },
	{ "100.64.0.0/10", BOGON_PRIVATE },
	{ "100.127.255.0/24", BOGON_PRIVATE },
	{ "100.128.0.0/16", BOGON_NONE },
	{ "127.0.0.1/32", BOGON_RESERVED },
	{ "169.253.0.0/16", BOGON_NONE },
	{ "169.254.169.254/32", BOGON_RESERVED },
	{ "172.15.0.0/16", BOGON_NONE },
	{ "172.31.0.0/16", BOGON_PRIVATE },
	{ "172.32.0.0/16", BOGON_NONE },
	{ "172.16.0.0/11", BOGON_NONE },
	{ "192.0.0.0/24", BOGON_RESERVED },
	{ "192.0.0.8/32", BOGON_RESERVED },
	{ "192.0.0.9/32", BOGON_NONE },
	{ "192.0.0.10/32", BOGON_NONE },
	{ "192.0.0.8/30", BOGON_RESERVED },
	{ "192.0.2.0/25", BOGON_EXAMPLE },
	{ "192.0.2.0/23", BOGON_NONE },
	{ "192.0.3.0/24", BOGON_NONE },
	{ "192.31.196.0/24", BOGON_NONE },
	{ "192.88.99.0/24", BOGON_RESERVED },
	{ "192.168.1.0/24", BOGON_PRIVATE },
	{ "198.17.0.0/16", BOGON_NONE },
	{ "198.19.255.0/24", BOGON_EXAMPLE },
	{ "198.51.100.0/24", BOGON_EXAMPLE },
	{ "203.0.113.0/24", BOGON_EXAMPLE },
	{ "203.0.112.0/24", BOGON_NONE },
	{ "223.255.255.0/24", BOGON_NONE },
	{ "224.0.0.0/3", BOGON_RESERVED },
	{ "224.0.0.0/4", BOGON_RESERVED },
	{ "239.1.2.3/32", BOGON_RESERVED },
	{ "255.255.255.255/32", BOGON_RESERVED },
	{ "::1/128", BOGON_RESERVED },
	{ "::ffff:10.0.0.0/104", BOGON_RESERVED },
	{ "64:ff9b::/96", BOGON_NONE },
	{ "64:ff9b::c000:201/128", BOGON_NONE },
	{ "64:ff9b::/64", BOGON_RESERVED },
	{ "64:ff9b:1::/48", BOGON_RESERVED },
	{ "100::/64", BOGON_RESERVED },
	{ "100:0:0:1::/64", BOGON_RESERVED },
	{ "1fff::/16", BOGON_RESERVED },
	{ "2000::/3", BOGON_NONE },
	{ "2000::/2", BOGON_NONE },
	{ "4000::/2", BOGON_RESERVED },
	{ "8000::/1", BOGON_RESERVED },
	{ "::/1", BOGON_NONE },
	{ "2001::/16", BOGON_NONE },
	{ "2001:2::/48", BOGON_EXAMPLE },
	{ "2001:2:1::/48", BOGON_NONE },
	{ "2001:10::/28", BOGON_RESERVED },
	{ "2001:20::/28", BOGON_NONE },
	{ "2001:4:112::/48", BOGON_NONE },
	{ "2001:db8::/32", BOGON_EXAMPLE },
	{ "2001:db7::/32", BOGON_NONE },
	{ "2002:c000:200::/40", BOGON_RESERVED },
	{ "2a00::/12", BOGON_NONE },
	{ "3ffe::/24", BOGON_RESERVED },
	{ "3fff:fff::/32", BOGON_EXAMPLE },
	{ "3fff:1000::/32", BOGON_NONE },
	{ "5bce:6e00::/23", BOGON_RESERVED },
	{ "5f00::/16", BOGON_RESERVED },
	{ "fd00::/8", BOGON_PRIVATE },
	{ "fe80::/64", BOGON_RESERVED },
	{ "fec0::/10", BOGON_RESERVED },
	{ "ff02::1/128", BOGON_RESERVED },
};

START_TEST(blocks)
{
	struct ip_prefix p = prefix_of(prefixes[_i].prefix);
	const struct bogon *b = bogon_of(&p);

	ck_assert_msg((b != NULL ? b->use : BOGON_NONE) == prefixes[_i].use, "%s: %s",
	    prefixes[_i].prefix, b != NULL ? b->name : "none");
	ck_assert(b == NULL || strstr(b->name, "RFC ") != NULL);
}
END_TEST

/* The quick look at the first octet leaves nothing out: what lies in a block is a bogon, but for
 * the services of all. */
START_TEST(all_in_a_block_are_bogons)
{
	struct ip_prefix services[] = { prefix_of("192.0.0.9/32"), prefix_of("192.0.0.10/32"),
		prefix_of("64:ff9b::/96") };
	struct ip_prefix p = prefix_of(prefixes[_i].prefix), q;
	uint64_t seed = seed_of(_i);

	for (int k = 0; k < 2000 && bogon_of(&p) != NULL; k++) {
		unsigned bits = ip_bits(p.family), len = p.len + rnd(&seed) % (bits - p.len + 1u);
		uint8_t octets[16] = { 0 };
		bool service = false;

		for (unsigned bit = 0; bit < bits; bit++) {
			uint8_t mask = (uint8_t)(0x80 >> bit % 8),
				from = bit < p.len ? p.b[bit / 8] : (uint8_t)rnd(&seed);

			octets[bit / 8] = (uint8_t)((octets[bit / 8] & ~mask) | (from & mask));
		}
		ck_assert(ip_prefix_make(&q, p.family, octets, len));
		for (int s = 0; s < 3; s++)
			service |= ip_prefix_covers(&services[s], &q);
		require((bogon_of(&q) == NULL) == service, "%s", prefixes[_i].prefix);
	}
}
END_TEST

static const struct {
	uint32_t asn;
	enum bogon_use use;
} asns[] = {
	{ 0, BOGON_RESERVED },
	{ 1, BOGON_NONE },
	{ 112, BOGON_NONE },
	{ 23455, BOGON_NONE },
	{ 23456, BOGON_RESERVED },
	{ 23457, BOGON_NONE },
	{ 64495, BOGON_NONE },
	{ 64496, BOGON_EXAMPLE },
	{ 64511, BOGON_EXAMPLE },
	{ 64512, BOGON_PRIVATE },
	{ 65534, BOGON_PRIVATE },
	{ 65535, BOGON_RESERVED },
	{ 65536, BOGON_EXAMPLE },
	{ 65551, BOGON_EXAMPLE },
	{ 65552, BOGON_UNUSED },
	{ 131071, BOGON_UNUSED },
	{ 131072, BOGON_NONE },
	{ 4199999999, BOGON_NONE },
	{ 4200000000, BOGON_PRIVATE },
	{ 4294967294, BOGON_PRIVATE },
	{ 4294967295, BOGON_RESERVED },
};

START_TEST(numbers)
{
	ck_assert_int_eq(bogon_as(asns[_i].asn), asns[_i].use);
	ck_assert_int_eq(bogon_as_name(asns[_i].asn)[0] != '\0', asns[_i].use != BOGON_NONE);
}
END_TEST

/* --- lists and cases that others have published */

static json_t *
vectors(void)
{
	const char *path = shared_data("vectors/detection.json");
	json_t *root = path != NULL ? json_load_file(path, 0, NULL) : NULL;

	ck_assert(path == NULL || root != NULL);
	return root;
}

static const char *
text_in(const json_t *object, const char *key)
{
	return json_string_value(json_object_get(object, key));
}

START_TEST(published_prefixes)
{
	json_t *root = vectors(), *lists, *cases;

	if (root == NULL)
		return;
	lists = json_object_get(root, "bogon_prefix_list");
	cases = json_object_get(root, "bogon_prefix_cases");
	ck_assert_uint_gt(json_array_size(cases), 10);
	for (size_t i = 0; i < json_array_size(cases); i++) {
		const json_t *c = json_array_get(cases, i);

		ck_assert_msg(
		    is_bogon(text_in(c, "prefix")) == (strcmp(text_in(c, "expect"), "bogon") == 0),
		    "%s", text_in(c, "prefix"));
	}
	for (int v = 0; v < 2; v++) {
		const json_t *list = json_object_get(lists, v == 0 ? "ipv4" : "ipv6");

		ck_assert_uint_gt(json_array_size(list), 10);
		for (size_t i = 0; i < json_array_size(list); i++)
			ck_assert_msg(is_bogon(text_in(json_array_get(list, i), "prefix")), "%s",
			    text_in(json_array_get(list, i), "prefix"));
	}
	lists = json_object_get(lists, "globally_reachable_exceptions");
	ck_assert_uint_gt(json_array_size(lists), 10);
	for (size_t i = 0; i < json_array_size(lists); i++) {
		char prefix[64] = "";

		ck_assert_int_eq(
		    sscanf(json_string_value(json_array_get(lists, i)), "%63s", prefix), 1);
		ck_assert_msg(!is_bogon(prefix), "%s", prefix);
	}
	json_decref(root);
}
END_TEST

START_TEST(published_numbers)
{
	json_t *root = vectors(), *list, *cases;

	if (root == NULL)
		return;
	list = json_object_get(root, "bogon_asn_list");
	cases = json_object_get(root, "bogon_asn_cases");
	ck_assert_uint_gt(json_array_size(list), 5);
	ck_assert_uint_gt(json_array_size(cases), 5);
	for (size_t i = 0; i < json_array_size(list); i++) {
		const json_t *range = json_array_get(list, i);

		ck_assert_int_ne(
		    bogon_as((uint32_t)json_integer_value(json_object_get(range, "first"))),
		    BOGON_NONE);
		ck_assert_int_ne(
		    bogon_as((uint32_t)json_integer_value(json_object_get(range, "last"))),
		    BOGON_NONE);
	}
	for (size_t i = 0; i < json_array_size(cases); i++) {
		const json_t *c = json_array_get(cases, i);
		uint32_t asn = (uint32_t)json_integer_value(json_object_get(c, "asn"));

		ck_assert_msg(
		    (bogon_as(asn) != BOGON_NONE) == json_is_true(json_object_get(c, "bogon")),
		    "%u", asn);
	}
	json_decref(root);
}
END_TEST

HARNESS_MAIN("bogons")
{
	ROWS(blocks, prefixes);
	ROWS(all_in_a_block_are_bogons, prefixes);
	ROWS(numbers, asns);
	TEST(published_prefixes);
	TEST(published_numbers);
}
