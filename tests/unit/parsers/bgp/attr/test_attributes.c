/*
 * Path attributes: for every row of the table examples with the text that is dissected, every
 * length, every flag, every cut; and for what a value may be wrong in, the fault, its place and
 * what RFC 7606 asks.
 */
#include "parsers/bgp/message.h"
#include "tests/unit/support/dissect_log.h"

#include "parsers/bgp/dissect.h"
#include "parsers/bgp/update.h"
#include "tests/unit/support/attribute_examples.h"
#include "tests/unit/support/updates.h"

enum { EXAMPLES = sizeof(examples) / sizeof(examples[0]), ROOM = 600 };
enum {
	OK = FAULT_IGNORE,
	D = FAULT_ATTRIBUTE_DISCARD,
	T = FAULT_TREAT_AS_WITHDRAW,
	R = FAULT_DROP_REST
};

/* --- examples */

START_TEST(test_example)
{
	const struct attribute_example *e = &examples[_i];
	struct bgp_context ctx = { .encoding.as4 = !e->as2,
		.lenient_missing = e->code == ATTR_MP_REACH };
	struct dissect_log *l = dissect_log_new();
	size_t n, len;
	uint8_t *value = unhex(e->hex, &n), *body = body_of(e->flags, e->code, value, n, &len);
	struct bgp_attr a = {
		.value = value, .len = (uint16_t)n, .code = e->code, .flags = e->flags
	};
	struct faults f = faults_of(body, len, &ctx);

	ck_assert_msg(f.n == 0, "%s: %s at %u", e->name, first_fault(&f), f.v[0].offset);
	bgp_attr_dissect(&l->sink, &a, &ctx.encoding);
	ck_assert_uint_eq(l->depth, 0);
	ck_assert_msg(
	    strcmp(l->text, e->fields) == 0, "%s:\n%s\nnot\n%s", e->name, l->text, e->fields);
	free(value);
	free(body);
}
END_TEST

/* A row without an example would be a row that nobody has seen work. */
START_TEST(test_every_row_has_an_example)
{
	bool seen[256] = { false };

	for (size_t i = 0; i < EXAMPLES; i++)
		seen[examples[i].code] = true;
	for (unsigned code = 0; code < 256; code++)
		ck_assert_msg(seen[code] || bgp_attr_name((uint8_t)code) == NULL,
		    "no example of attribute %u (%s)", code, bgp_attr_name((uint8_t)code));
	for (unsigned code = 1; code <= 41; code++)
		ck_assert_msg(bgp_attr_name((uint8_t)code) != NULL, "%u has no row", code);
}
END_TEST

/* Cut at every octet: a fault, and whatever is dissected stays within the octets and in shape. */
START_TEST(test_cut)
{
	const struct attribute_example *e = &examples[_i];
	struct bgp_context ctx = { .encoding.as4 = !e->as2,
		.lenient_missing = e->code == ATTR_MP_REACH };
	size_t n, len;
	uint8_t *value = unhex(e->hex, &n), *body = body_of(e->flags, e->code, value, n, &len);

	for (size_t cut = 0; cut <= len; cut++) {
		uint8_t *copy = exact_copy(body, cut);
		struct faults f = faults_of(copy, cut, &ctx);
		struct dissect_log *l = dissect_log_new();

		require((f.n == 0) == (cut == len), "%s cut at %zu of %zu: %s", e->name, cut, len,
		    first_fault(&f));
		bgp_update_dissect(&l->sink, cur_of(copy, cut), &ctx.encoding);
		require(l->depth == 0, "%s cut at %zu: %u open", e->name, cut, l->depth);
		require(cut == 0 || l->n > 0, "%s cut at %zu: nothing dissected", e->name, cut);
		free(copy);
	}
	free(value);
	free(body);
}
END_TEST

/* --- lengths and flags: the rules once more, in words of their own */

static const struct rule {
	uint8_t code, flags;
	uint16_t min, max, step;
	uint8_t on_length, on_flags;
	bool shape; /* an allowed length may not fit what is inside: then also on_shape */
	uint8_t on_shape;
} rules[] = {
	{ 1, WELL, 1, 1, 1, T, T, false, OK },
	{ 2, WELL, 0, ROOM, 1, T, T, true, T },
	{ 3, WELL, 4, 4, 1, T, T, false, OK },
	{ 4, OPT, 4, 4, 1, T, T, false, OK },
	{ 5, WELL, 4, 4, 1, T, T, false, OK },
	{ 6, WELL, 0, 0, 1, D, T, false, OK },
	{ 7, OPT_TR, 8, 8, 1, D, T, false, OK },
	{ 8, OPT_TR, 4, ROOM, 4, T, T, false, OK },
	{ 9, OPT, 4, 4, 1, T, T, false, OK },
	{ 10, OPT, 4, ROOM, 4, T, T, false, OK },
	{ 14, OPT, 5, ROOM, 1, R, T, true, R },
	{ 15, OPT, 3, ROOM, 1, R, T, false, OK },
	{ 16, OPT_TR, 8, ROOM, 8, T, T, false, OK },
	{ 17, OPT_TR, 6, ROOM, 2, D, T, true, D },
	{ 18, OPT_TR, 8, 8, 1, D, T, false, OK },
	{ 22, OPT_TR, 5, ROOM, 1, T, T, true, T },
	{ 23, OPT_TR, 4, ROOM, 1, T, T, true, T },
	{ 24, OPT, 36, ROOM, 1, T, T, false, OK },
	{ 25, OPT_TR, 20, ROOM, 20, T, T, false, OK },
	{ 26, OPT, 3, ROOM, 1, D, D, true, D },
	{ 27, OPT_TR, 7, ROOM, 1, T, T, true, T },
	{ 29, OPT, 0, ROOM, 1, D, T, true, D },
	{ 32, OPT_TR, 12, ROOM, 12, T, T, false, OK },
	{ 33, OPT, 4, ROOM, 1, T, T, true, T },
	{ 35, OPT_TR, 4, 4, 1, T, T, false, OK },
	{ 36, OPT_TR, 8, ROOM, 1, T, T, true, T },
	{ 37, OPT_TR, 3, ROOM, 1, T, T, true, T },
	{ 38, OPT_TR, 5, ROOM, 1, D, T, true, D },
	{ 40, OPT_TR, 3, ROOM, 1, D, T, true, D },
	{ 41, OPT_TR, 4, ROOM, 1, D, T, true, D },
	{ 128, OPT_TR, 4, ROOM, 1, T, T, true, T },
};

static const struct rule *
rule_of(uint8_t code)
{
	for (size_t i = 0; i < sizeof(rules) / sizeof(rules[0]); i++)
		if (rules[i].code == code)
			return &rules[i];
	return NULL;
}

/* A row that is checked has a rule here, a row that is kept raw takes anything. */
START_TEST(test_every_row_has_a_rule)
{
	static const uint8_t raw[] = { 11, 12, 13, 19, 20, 21, 28, 30, 31, 34, 39, 129, 241, 242,
		243, 255 };
	struct bgp_context ctx = { .encoding.as4 = true, .ebgp = true };

	for (unsigned code = 0; code < 256; code++) {
		const char *name = bgp_attr_name((uint8_t)code);
		bool ruled = rule_of((uint8_t)code) != NULL;
		bool kept = memchr(raw, (int)code, sizeof(raw)) != NULL;

		if (name == NULL)
			continue;
		ck_assert_msg(ruled || kept,
		    "no rule for attribute %u (%s) in rules[], and it is not in raw[]", code, name);
		ck_assert_msg(
		    !ruled || !kept, "attribute %u (%s) is in rules[] and in raw[]", code, name);
	}
	for (size_t i = 0; i < sizeof(raw); i++) {
		for (unsigned flags = 0; flags < 256; flags += 0x40) {
			struct faults f = faults_with((uint8_t)flags, raw[i], raw, i, &ctx);

			require(f.action == (flags & OPT ? OK : R), "%u with flags %02x", raw[i],
			    flags);
			require(f.n == 0 || (f.v[0].code == FAULT_ATTR_WELL_KNOWN &&
						f.v[0].offset == VALUE_AT - 4),
			    "%u with flags %02x: %s", raw[i], flags, first_fault(&f));
		}
	}
}
END_TEST

/* Every length from nothing to two octets more than the example has. */
START_TEST(test_length)
{
	const struct attribute_example *e = &examples[_i];
	const struct rule *rule = rule_of(e->code);
	struct bgp_context ctx = {
		.encoding.as4 = !e->as2,
	};
	uint8_t room[ROOM] = { 0 };
	size_t n;
	uint8_t *value = unhex(e->hex, &n);

	require(n + 2 <= ROOM, "%s is long", e->name);
	if (n > 0)
		memcpy(room, value, n);
	for (size_t len = 0; rule != NULL && len <= n + 2; len++) {
		struct faults f = faults_with(e->flags, e->code, room, len, &ctx);
		uint16_t max = e->code == 7 && e->as2 ? 6 : rule->max,
			 min = e->code == 7 && e->as2 ? 6 : rule->min;
		bool allowed = len >= min && len <= max && len % rule->step == 0;

		if (len == n)
			require(f.n == 0, "%s: %s", e->name, first_fault(&f));
		else if (!allowed)
			require(f.action == rule->on_length && f.v[0].item == e->code,
			    "%s of %zu octets: %d (%s)", e->name, len, f.action, first_fault(&f));
		else
			require(f.n == 0 || (rule->shape && (f.action == rule->on_shape ||
								f.action == rule->on_length ||
								(e->code == 40 && f.action == T))),
			    "%s of %zu octets: %d (%s)", e->name, len, f.action, first_fault(&f));
		require(f.n == 0 || (size_t)f.v[0].offset <= VALUE_AT + len,
		    "%s of %zu octets: fault at %u", e->name, len, f.v[0].offset);
	}
	free(value);
}
END_TEST

/* Every combination of the four flags; extended length is set always, partial and the low bits are
 * never wrong. */
START_TEST(test_flags)
{
	const struct attribute_example *e = &examples[_i];
	const struct rule *rule = rule_of(e->code);
	struct bgp_context ctx = { .encoding.as4 = !e->as2,
		.lenient_missing = e->code == ATTR_MP_REACH };
	size_t n;
	uint8_t *value = unhex(e->hex, &n);

	for (unsigned flags = 0; rule != NULL && flags < 256; flags++) {
		bool right = (flags & 0xc0) == rule->flags;
		struct faults f;

		if ((flags & ATTR_EXTENDED) == 0)
			continue;
		f = faults_with((uint8_t)flags, e->code, value, n, &ctx);
		require(f.action == (uint8_t)(right ? OK : rule->on_flags),
		    "%s with flags %02x: %d (%s)", e->name, flags, f.action, first_fault(&f));
	}
	free(value);
}
END_TEST

/* --- values */

static const struct bad {
	const char *name;
	uint8_t code, flags;
	const char *hex;
	uint8_t fault, action;
	int16_t offset; /* within the value; -4: the flags, -2: the length */
	bool as2, ebgp;
} bad[] = {
	{ "origin 3", 1, WELL, "03", FAULT_ATTR_VALUE, T, 0, false, false },
	{ "segment type 0", 2, WELL, "0001 0000fbf5", FAULT_AS_PATH, T, 0, false, false },
	{ "segment type 5", 2, WELL, "0501 0000fbf5", FAULT_AS_PATH, T, 0, false, false },
	{ "segment of none", 2, WELL, "0200", FAULT_AS_PATH, T, 0, false, false },
	{ "AS 0", 2, WELL, "0201 00000000", FAULT_AS_ZERO, T, 2, false, false },
	{ "AS 0 in a confederation", 2, WELL, "0301 00000000", FAULT_AS_ZERO, T, 2, false, false },
	{ "AS 0 far behind", 2, WELL, "0202 0000fbf5 0000fbf6 0102 0000fbf7 00000000",
	    FAULT_AS_ZERO, T, 16, false, false },
	{ "AS 0 of two octets", 2, WELL, "0203 fbf5 0000 fbf6", FAULT_AS_ZERO, T, 4, true, false },
	{ "second segment type 7", 2, WELL, "0201 00000000 0701 0000fbf5", FAULT_AS_PATH, T, 6,
	    false, false },
	{ "second segment cut", 2, WELL, "0201 0000fbf5 02", FAULT_AS_PATH, T, 6, false, false },
	{ "four octets read as two", 2, WELL, "0203 0000fbf5 0000fbf6 0000fbf7", FAULT_AS_PATH, T,
	    8, true, false },
	{ "LOCAL_PREF from outside", 5, WELL, "00000064", FAULT_ATTR_EXTERNAL, D, -4, false, true },
	{ "ORIGINATOR_ID from outside", 9, OPT, "c0000201", FAULT_ATTR_EXTERNAL, D, -4, false,
	    true },
	{ "CLUSTER_LIST from outside", 10, OPT, "c0000201", FAULT_ATTR_EXTERNAL, D, -4, false,
	    true },
	{ "aggregator AS 0", 7, OPT_TR, "00000000 c0000201", FAULT_ATTR_AS_ZERO, D, 0, false,
	    false },
	{ "aggregator of the other width", 7, OPT_TR, "fbf5 c0000201", FAULT_ATTR_DISCARD, D, -2,
	    false, false },
	{ "aggregator of 7", 7, OPT_TR, "fbf5 c0000201 00", FAULT_ATTR_DISCARD, D, -2, true,
	    false },
	{ "AS4_PATH segment type", 17, OPT_TR, "0901 00000001", FAULT_ATTR_DISCARD, D, 0, true,
	    false },
	{ "AS4_PATH second segment type", 17, OPT_TR, "0201 00000001 0901 00000001",
	    FAULT_ATTR_DISCARD, D, 6, true, false },
	{ "AS4_PATH AS 0", 17, OPT_TR, "0201 00000000", FAULT_ATTR_AS_ZERO, D, 2, true, false },
	{ "AS4_AGGREGATOR AS 0", 18, OPT_TR, "00000000 c0000201", FAULT_ATTR_AS_ZERO, D, 0, true,
	    false },
	{ "AS4_PATH with four octets", 17, OPT_TR, "0201 fa56ea01", FAULT_ATTR_AS4, D, -4, false,
	    false },
	{ "AS4_PATH with four octets and wrong flags", 17, OPT, "0201 fa56ea01", FAULT_ATTR_AS4, D,
	    -4, false, false },
	{ "AS4_AGGREGATOR with four octets", 18, OPT_TR, "fa56ea02 c0000202", FAULT_ATTR_AS4, D, -4,
	    false, false },
	{ "AS4_PATH flags", 17, OPT, "0201 fa56ea01", FAULT_ATTR_FLAGS, T, -4, true, false },
	{ "origin flags", 1, OPT_TR, "00", FAULT_ATTR_FLAGS, T, -4, false, false },
	{ "origin of none", 1, WELL, "", FAULT_ATTR_LENGTH, T, -2, false, false },
	{ "MED of 3", 4, OPT, "000001", FAULT_ATTR_LENGTH, T, -2, false, false },
	{ "communities of none", 8, OPT_TR, "", FAULT_ATTR_LENGTH, T, -2, false, false },
	{ "AIGP flags", 26, OPT_TR, "01 000b 0000000000000001", FAULT_ATTR_FLAGS_DISCARD, D, -4,
	    false, false },
	{ "AIGP of none", 26, OPT, "", FAULT_ATTR_DISCARD, D, -2, false, false },
	{ "MP_REACH_NLRI flags", 14, OPT_TR, "0001 01 04 c0000201 00 08 0a", FAULT_ATTR_FLAGS, T,
	    -4, false, false },
	{ "MP_REACH_NLRI of 4", 14, OPT, "0001 01 04", FAULT_MP_SHORT, R, -2, false, false },
	{ "MP_UNREACH_NLRI of none", 15, OPT, "", FAULT_MP_SHORT, R, -2, false, false },
	{ "next hop of 3", 14, OPT, "0001 01 03 c00002 00 08 0a", FAULT_MP_NEXT_HOP, R, 3, false,
	    false },
	{ "next hop of 3 and no routes", 14, OPT, "0001 01 03 c00002 00", FAULT_MP_NEXT_HOP, R, 3,
	    false, false },
	{ "deprecated and well-known", 11, WELL, "00", FAULT_ATTR_WELL_KNOWN, R, -4, false, false },
	{ "PMSI type 9", 22, OPT_TR, "00 09 000000", FAULT_ATTR_VALUE, T, 1, false, false },
	{ "PMSI type 14", 22, OPT_TR, "00 0e 000000", FAULT_ATTR_VALUE, T, 1, false, false },
	{ "PMSI type 255", 22, OPT_TR, "00 ff 000000", FAULT_ATTR_VALUE, T, 1, false, false },
	{ "PMSI endpoint of 5", 22, OPT_TR, "00 06 000000 c000020101", FAULT_ATTR_VALUE, T, 5,
	    false, false },
	{ "PMSI tree of 4", 22, OPT_TR, "00 04 000000 c0000201", FAULT_ATTR_VALUE, T, 5, false,
	    false },
	{ "tunnel cut", 23, OPT_TR, "0008 0002 01", FAULT_ATTR_VALUE, T, 0, false, false },
	{ "second tunnel cut", 23, OPT_TR, "0008 0000 0008 0001", FAULT_ATTR_VALUE, T, 4, false,
	    false },
	{ "sub-TLV cut", 23, OPT_TR, "0008 0003 01 02 00", FAULT_ATTR_VALUE, T, 4, false, false },
	{ "sub-TLV with a length of two octets cut", 23, OPT_TR, "0008 0003 80 00 01",
	    FAULT_ATTR_VALUE, T, 4, false, false },
	{ "no tunnel with an end", 23, OPT_TR, "0008 000a 06 08 00000000 0002 c000",
	    FAULT_ATTR_VALUE, T, 0, false, false },
	{ "AIGP of 12", 26, OPT, "01 000c 000000000000000001", FAULT_ATTR_DISCARD, D, 0, false,
	    false },
	{ "AIGP TLV of 2", 26, OPT, "02 0002", FAULT_ATTR_DISCARD, D, 0, false, false },
	{ "AIGP TLV behind cut", 26, OPT, "01 000b 0000000000000001 02", FAULT_ATTR_DISCARD, D, 11,
	    false, false },
	{ "PE labels of 8", 27, OPT_TR, "c0000201 000641 00", FAULT_ATTR_LENGTH, T, -2, false,
	    false },
	{ "link state TLV cut", 29, OPT, "0402 0001 72 0402 0002 72", FAULT_ATTR_DISCARD, D, 5,
	    false, false },
	{ "BGPsec path of no segment", 33, OPT, "0002 0003 01", FAULT_ATTR_VALUE, T, 0, false,
	    false },
	{ "BGPsec segment of 5", 33, OPT, "0007 01 00 0000fb", FAULT_ATTR_VALUE, T, 0, false,
	    false },
	{ "BGPsec with AS 0", 33, OPT,
	    "000e 01 00 0000fbf5 01 00 00000000 002f 01 000102030405060708090a0b0c0d0e0f10111213 "
	    "0000 000102030405060708090a0b0c0d0e0f10111213 0000",
	    FAULT_AS_ZERO, T, 10, false, false },
	{ "BGPsec without signatures", 33, OPT, "0008 01 00 0000fbf5", FAULT_ATTR_VALUE, T, 0,
	    false, false },
	{ "BGPsec with too few signatures", 33, OPT, "0008 01 00 0000fbf5 0003 01",
	    FAULT_ATTR_VALUE, T, 8, false, false },
	{ "BGPsec signature cut", 33, OPT,
	    "0008 01 00 0000fbf5 001a 01 000102030405060708090a0b0c0d0e0f10111213 0002 aa",
	    FAULT_ATTR_VALUE, T, 8, false, false },
	{ "BGPsec with three blocks", 33, OPT,
	    "0008 01 00 0000fbf5 0019 01 000102030405060708090a0b0c0d0e0f10111213 0000 "
	    "0019 02 000102030405060708090a0b0c0d0e0f10111213 0000 "
	    "0019 03 000102030405060708090a0b0c0d0e0f10111213 0000",
	    FAULT_ATTR_VALUE, T, 58, false, false },
	{ "D_PATH segment of none", 36, OPT_TR, "01 0000fbf4 0001 46 00", FAULT_ATTR_VALUE, T, 8,
	    false, false },
	{ "D_PATH overrun", 36, OPT_TR, "02 0000fbf4 0001 46", FAULT_ATTR_VALUE, T, 0, false,
	    false },
	{ "SFP TLV cut", 37, OPT_TR, "05 0002 00", FAULT_ATTR_VALUE, T, 0, false, false },
	{ "SFP hop empty", 37, OPT_TR, "05 0000 02 0000", FAULT_ATTR_VALUE, T, 3, false, false },
	{ "SFP hop detail cut", 37, OPT_TR, "02 0005 ff 03 0002 00", FAULT_ATTR_VALUE, T, 4, false,
	    false },
	{ "BFD without source", 38, OPT_TR, "01 00000007 02 01 ff", FAULT_ATTR_DISCARD, D, 0, false,
	    false },
	{ "BFD source of 5", 38, OPT_TR, "01 00000007 01 05 c000020100", FAULT_ATTR_DISCARD, D, 5,
	    false, false },
	{ "BFD TLV cut", 38, OPT_TR, "02 00000007 02 02 ff", FAULT_ATTR_DISCARD, D, 5, false,
	    false },
	{ "label index of 6", 40, OPT_TR, "01 0006 00 0000 000000", FAULT_ATTR_DISCARD, D, 0, false,
	    false },
	{ "SRGB of none", 40, OPT_TR, "03 0002 0000", FAULT_ATTR_DISCARD, D, 0, false, false },
	{ "SRGB of a range and a half", 40, OPT_TR, "03 000b 0000 003e80 001f40 000000",
	    FAULT_ATTR_DISCARD, D, 0, false, false },
	{ "SRv6 service empty", 40, OPT_TR, "05 0000", FAULT_ATTR_VALUE, T, 3, false, false },
	{ "SRv6 sub-TLV cut", 40, OPT_TR, "05 0004 00 01 0001", FAULT_ATTR_VALUE, T, 4, false,
	    false },
	{ "SRv6 SID of 20", 40, OPT_TR,
	    "06 0018 00 01 0014 00 20010db8000000000000000000000001 00 0013", FAULT_ATTR_VALUE, T,
	    4, false, false },
	{ "SRv6 structure of 5", 40, OPT_TR,
	    "05 0021 00 01 001d 00 20010db8000000000000000000000001 00 0013 00 01 0005 28 18 10 00 "
	    "10",
	    FAULT_ATTR_VALUE, T, 28, false, false },
	{ "SRv6 fault behind a fault of less weight", 40, OPT_TR, "01 0006 00 0000 000000 05 0000",
	    FAULT_ATTR_VALUE, T, 12, false, false },
	{ "BIER TLV cut", 41, OPT_TR, "0001 0002 00", FAULT_ATTR_DISCARD, D, 0, false, false },
	{ "set: attribute cut", 128, OPT_TR, "0000fbf4 40 01 02 00", FAULT_ATTR_VALUE, T, 4, false,
	    false },
	{ "set: origin 9", 128, OPT_TR, "0000fbf4 40 02 00 40 01 01 09", FAULT_ATTR_VALUE, T, 10,
	    false, false },
	{ "set: MP_REACH_NLRI", 128, OPT_TR, "0000fbf4 80 0e 05 0001 01 00 00", FAULT_ATTR_VALUE, T,
	    4, false, false },
	{ "set: path of no width", 128, OPT_TR, "0000fbf4 40 02 05 0201 fbf500", FAULT_ATTR_VALUE,
	    T, 7, false, false },
	{ "unknown and well-known", 99, WELL, "01", FAULT_ATTR_WELL_KNOWN, R, -4, false, false },
};

START_TEST(test_bad_value)
{
	const struct bad *b = &bad[_i];
	struct bgp_context ctx = { .encoding.as4 = !b->as2, .ebgp = b->ebgp };
	struct dissect_log *l = dissect_log_new();
	size_t n;
	uint8_t *value = unhex(b->hex, &n);
	struct faults f = faults_with(b->flags, b->code, value, n, &ctx);
	struct bgp_attr a = {
		.value = value, .len = (uint16_t)n, .code = b->code, .flags = b->flags
	};

	ck_assert_msg(f.n == 1 && f.v[0].code == b->fault && f.action == b->action,
	    "%s: %u, %s, %d", b->name, f.n, first_fault(&f), f.action);
	ck_assert_uint_eq(f.v[0].item, b->code);
	ck_assert_msg(f.v[0].offset == (uint32_t)(VALUE_AT + b->offset), "%s: at %d, not %d",
	    b->name, (int)f.v[0].offset - VALUE_AT, b->offset);
	bgp_attr_dissect(&l->sink, &a, &ctx.encoding);
	ck_assert_uint_eq(l->depth, 0);
	ck_assert_uint_gt(l->n, 0);
	free(value);
}
END_TEST

/* What is no fault, though one might think so. */
START_TEST(test_not_bad)
{
	static const struct {
		uint8_t code;
		const char *hex;
	} fine[] = {
		{ 22, "00 0a 000000 01" },				/* assisted replication */
		{ 22, "00 86 000000 c0000201 aa" },			/* composite */
		{ 23, "0008 0000" },					/* nothing said of it */
		{ 23, "0008 000a 06 08 00000000 0002 c000 0008 0000" }, /* one of two can be used */
		{ 40, "07 0001 00" },					/* unknown TLV */
		{ 128, "0000fbf4 40 02 04 0201 fbf5" },	    /* two octets, as once upon a time */
		{ 128, "0000fbf4" },			    /* no attributes */
		{ 128, "0000fbf4 c0 07 06 fbf5 c0000201" }, /* what is discarded does no harm */
	};
	struct bgp_context ctx = { .encoding.as4 = true };

	for (size_t i = 0; i < sizeof(fine) / sizeof(fine[0]); i++) {
		size_t n;
		uint8_t *value = unhex(fine[i].hex, &n);
		struct faults f = faults_with(OPT_TR, fine[i].code, value, n, &ctx);

		ck_assert_msg(f.n == 0, "%u %s: %s", fine[i].code, fine[i].hex, first_fault(&f));
		free(value);
	}
}
END_TEST

/* TUNNEL_ENCAP with routes of several families: endpoints of a tunnel (RFC 9012 3.1, 6). */
START_TEST(test_tunnel_endpoints)
{
#define ENDPOINT       "06 0a 00000000 0001 c0000201"
#define NEXT_HOP_IT_IS "06 06 00000000 0000"
	static const struct {
		const char *family, *value;
		bool fine;
	} cases[] = {
		{ "0001 01", "0008 0000", false },
		{ "0002 01", "0008 0000", false },
		{ "0001 04", "0008 0000", false },
		{ "0002 04", "0008 0000", false },
		{ "0001 80", "0008 0000", false },
		{ "0002 80", "0008 0000", false },
		{ "0019 46", "0008 0000", false },
		{ "0001 49", "000f 0000", true }, /* an SR policy */
		{ "0001 02", "0008 0000", true }, /* a family of which nothing is said */
		{ "0001 01", "000f 0000", true },
		{ "0001 01", "1234 0000", true }, /* a tunnel nobody knows */
		{ "0001 01", "0008 000c " ENDPOINT, true },
		{ "0001 01", "0008 0008 " NEXT_HOP_IT_IS, true },
		{ "0001 01", "0008 0018 " ENDPOINT " " ENDPOINT, false },
		{ "0001 01", "0008 0000 0008 000c " ENDPOINT, true }, /* one of two can be used */
		{ "0001 01", "0008 0000 1234 0000", true },
	};
	struct bgp_context ctx = { .encoding.as4 = true, .lenient_missing = true };

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		uint8_t body[96] = { 0, 0, 0, 0, 0x80, 14, 11, 0, 0, 0, 0, 0, 8, 10 };
		size_t n, family_n;
		uint8_t *value = unhex(cases[i].value, &n),
			*family = unhex(cases[i].family, &family_n);
		struct faults f;

		/* no next hop, and two octets as NLRI */
		body[6] = 7;
		memcpy(body + 7, family, 3);
		body[14] = OPT_TR;
		body[15] = 23;
		body[16] = (uint8_t)n;
		memcpy(body + 17, value, n);
		body[3] = (uint8_t)(13 + n);
		f = faults_of(body, 17 + n, &ctx);
		ck_assert_msg((f.n == 0) == cases[i].fine, "%s, %s: %s", cases[i].family,
		    cases[i].value, first_fault(&f));
		ck_assert(f.n == 0 || (f.v[0].code == FAULT_ATTR_VALUE && f.v[0].item == 23));
		free(value);
		free(family);
	}
}
END_TEST

/* BGPSEC_PATH stands instead of AS_PATH, not beside it (RFC 8205 3). */
START_TEST(test_two_paths)
{
	static const struct {
		const char *body;
		bool fine;
	} cases[] = {
		{ "0000 0034 40 01 01 00 40 03 04 c0000201 80 21 21 0008 01 00 0000fbf5 0019 01 "
		  "000102030405060708090a0b0c0d0e0f10111213 0000 08 0a",
		    true },
		{ "0000 0037 40 02 00 40 01 01 00 40 03 04 c0000201 80 21 21 0008 01 00 0000fbf5 "
		  "0019 01 000102030405060708090a0b0c0d0e0f10111213 0000 08 0a",
		    false },
	};
	struct bgp_context ctx = { .encoding.as4 = true };

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		size_t n;
		uint8_t *body = unhex(cases[i].body, &n);
		struct faults f;

		body[3] = (uint8_t)(n - 6);
		f = faults_of(body, n, &ctx);
		ck_assert_msg((f.n == 0) == cases[i].fine, "case %zu: %s of %u", i, first_fault(&f),
		    f.v[0].item);
		ck_assert(f.n == 0 || (f.n == 1 && f.v[0].code == FAULT_ATTR_VALUE &&
					  f.v[0].item == ATTR_BGPSEC_PATH));
		free(body);
	}
}
END_TEST

/* Attributes that are wrong where no route is announced (RFC 7606 5.2). */
START_TEST(test_no_nlri)
{
	static const struct {
		const char *body;
		bool withdraw; /* what is wrong would be treated as a withdrawal */
		bool reset;
	} cases[] = {
		{ "0000 0004 40 01 01 03", true, true },
		{ "0004 18cb0071 0004 40 01 01 03", true, true },
		{ "0000 000a 40 01 01 03 80 0f 03 000201", true, true },
		{ "0000 000f 40 01 01 03 80 0f 08 000201 20 20010db8", true, true },
		{ "0000 0005 40 01 02 0000", true, true },
		{ "0000 0005 40 01 ff 0000", true, true },	      /* cut */
		{ "0000 0009 80 0f 03 000201 40 01 ff", true, true }, /* cut behind */
		{ "0000 0006 c0 0f 03 000201", true, false },	      /* nothing else there */
		{ "0000 0004 40 06 01 00", false, false },	      /* discarded */
		{ "0000 0004 40 01 01 00", false, false },	      /* nothing wrong */
		{ "0000 000e 40 01 01 03 40 02 00 40 03 04 c0000201 08 0a", true, false },
	};
	struct bgp_context ctx = { .encoding.as4 = true };

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		size_t n;
		uint8_t *body = unhex(cases[i].body, &n);
		struct faults f = faults_of(body, n, &ctx);
		unsigned action = cases[i].reset ? R : cases[i].withdraw ? T : D;

		ck_assert_msg((f.action >= T) == (action >= T) && (action != R || f.action == R) &&
				  (action != T || f.action == T),
		    "case %zu: %d, %s", i, f.action, first_fault(&f));
		ck_assert(faults_have(&f, FAULT_NO_NLRI) == cases[i].reset);
		free(body);
	}
}
END_TEST

/* Faults of an UPDATE rather than of a value: where they are. */
START_TEST(test_place)
{
	static const struct {
		const char *body;
		uint8_t fault, item, offset;
	} cases[] = {
		{ "0005 18cb0071", FAULT_UPDATE_LENGTH, BGP_UPDATE, 0 },
		{ "00", FAULT_UPDATE_LENGTH, BGP_UPDATE, 0 },
		{ "0004 18cb0071 0001", FAULT_UPDATE_LENGTH, BGP_UPDATE, 6 },
		{ "0004 18cb0071 00", FAULT_UPDATE_LENGTH, BGP_UPDATE, 6 },
		{ "0000 0008 40 01 01 00 40 01 01 02", FAULT_ATTR_DUPLICATE, 1, 8 },
		{ "0000 0009 40 01 01 00 50 01 0001 02", FAULT_ATTR_DUPLICATE, 1, 8 },
		{ "0000 000c 80 0f 03 000201 80 0f 03 000201", FAULT_MP_DUPLICATE, 15, 10 },
		{ "0000 0005 80 0f 02 0002", FAULT_MP_SHORT, 15, 6 },
		{ "0000 0006 90 0e 0002 0002", FAULT_MP_SHORT, 14, 6 },
		{ "0000 0007 40 01 01 00 40 02 06", FAULT_ATTR_OVERRUN, 2, 8 },
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct faults f = { .n = 0 };
		struct bgp_update u;
		size_t n;
		uint8_t *body = unhex(cases[i].body, &n);

		bgp_update_split(cur_of(body, n), &u, &f);
		ck_assert_msg(f.n == 1 && f.v[0].code == cases[i].fault &&
				  f.v[0].item == cases[i].item && f.v[0].offset == cases[i].offset,
		    "case %zu: %u, %s of %u at %u", i, f.n, first_fault(&f), f.v[0].item,
		    f.v[0].offset);
		free(body);
	}
}
END_TEST

/* One attribute more than are kept, of codes that have no row. */
START_TEST(test_limit)
{
	uint8_t body[4 + 3 * (BGP_ATTRS_MAX + 1)] = { 0, 0, 0, 3 * (BGP_ATTRS_MAX + 1) };
	struct bgp_context ctx = { .encoding.as4 = true };
	struct faults f;
	uint8_t code = 0;

	for (unsigned i = 0; i <= BGP_ATTRS_MAX; i++) {
		while (bgp_attr_name(++code) != NULL)
			ck_assert_msg(code < 255, "%u codes without a row", i);
		body[4 + 3 * i] = OPT_TR;
		body[4 + 3 * i + 1] = code;
	}
	f = faults_of(body, sizeof(body), &ctx);
	ck_assert_msg(f.n == 1 && f.v[0].code == FAULT_ATTR_LIMIT, "%s", first_fault(&f));
	ck_assert_uint_eq(f.v[0].item, code);
	ck_assert_uint_eq(f.v[0].offset, 4 + 3 * BGP_ATTRS_MAX);
}
END_TEST

/* Adj-RIB-Out pre-policy: what is mandatory may be absent or empty, and nothing else (RFC 8671
 * 5.2). */
START_TEST(test_lenient)
{
	static const struct {
		const char *body;
		unsigned faults;
	} cases[] = {
		{ "0000 0000 08 0a", 0 },
		{ "0000 0009 40 01 00 40 02 00 40 03 00 08 0a", 0 },
		{ "0000 0003 c0 08 00 08 0a", 1 },
		{ "0000 0009 c0 08 00 c0 10 00 c0 20 00 08 0a", 3 },
		{ "0000 0003 80 04 00 08 0a", 1 },
	};
	struct bgp_context ctx = { .encoding.as4 = true, .lenient_missing = true };

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		size_t n;
		uint8_t *body = unhex(cases[i].body, &n);
		struct faults f = faults_of(body, n, &ctx);

		ck_assert_msg(f.n == cases[i].faults, "case %zu: %u, %s", i, f.n, first_fault(&f));
		free(body);
	}
}
END_TEST

/* Every attribute that can be malformed says where that is written. */
START_TEST(test_documents)
{
	ck_assert_str_eq(bgp_attr_document(ATTR_OTC), "RFC 9234 5");
	ck_assert_str_eq(bgp_attr_document(ATTR_MED), "RFC 7606 7.4");
	ck_assert_ptr_null(bgp_attr_document(20)); /* a row without */
	ck_assert_ptr_null(bgp_attr_document(99)); /* no row */
	for (size_t i = 0; i < sizeof(rules) / sizeof(rules[0]); i++)
		ck_assert_msg(bgp_attr_document(rules[i].code) != NULL,
		    "attribute %u: no document in its row", rules[i].code);
}
END_TEST

/* D_PATH with routes of another family than VPN and EVPN (RFC 10039 4) */
START_TEST(test_d_path_family)
{
	static const struct {
		const char *body;
		bool fine;
	} cases[] = {
		/* MP_REACH_NLRI of the family, D_PATH */
		{ "0000 0023 80 0e 15 0001 80 0c 0000000000000000 c0000201 00 58 000641 "
		  "c0 24 08 01 0000fbf4 0001 46",
		    true },
		{ "0000 0017 80 0e 09 0019 46 04 c0000201 00 c0 24 08 01 0000fbf4 0001 46", true },
		{ "0000 0017 80 0e 09 0001 01 04 c0000201 00 c0 24 08 01 0000fbf4 0001 46", false },
		{ "0000 000b c0 24 08 01 0000fbf4 0001 46 08 0a", false }, /* the classic field */
	};
	struct bgp_context ctx = { .encoding.as4 = true, .lenient_missing = true };

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		size_t n;
		uint8_t *body = unhex(cases[i].body, &n);
		struct faults f = faults_of(body, n, &ctx);

		ck_assert_msg((f.n == 0) == cases[i].fine, "case %zu: %s", i, first_fault(&f));
		free(body);
	}
}
END_TEST

HARNESS_MAIN("attributes")
{
	ROWS(test_example, examples);
	TEST(test_every_row_has_an_example);
	TEST(test_every_row_has_a_rule);
	ROWS(test_cut, examples);
	ROWS(test_length, examples);
	ROWS(test_flags, examples);
	ROWS(test_bad_value, bad);
	TEST(test_not_bad);
	TEST(test_tunnel_endpoints);
	TEST(test_two_paths);
	TEST(test_no_nlri);
	TEST(test_place);
	TEST(test_limit);
	TEST(test_lenient);
	TEST(test_documents);
	TEST(test_d_path_family);
}
