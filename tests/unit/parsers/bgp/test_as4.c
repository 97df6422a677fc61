/* A two-octet AS_PATH made whole by AS4_PATH, and who aggregated (RFC 6793 4.2.3); the path of a
 * BGPSEC_PATH (RFC 8205 4.4). */
#include "tests/unit/support/dissect_log.h"

#include "collector/rib/attrs.h"
#include "parsers/bgp/dissect.h"
#include "parsers/bgp/message.h"
#include "parsers/bgp/update.h"

static const struct merge {
	const char *name;
	const char *path, *path4;
	const char *result;
} merges[] = {
	{ "tail", "0203 fbf5 5ba0 5ba0", "0202 fa56ea01 0000fde7", "64501 4200000001 64999" },
	{ "whole", "0202 5ba0 5ba0", "0202 fa56ea01 0000fde7", "4200000001 64999" },
	{ "longer is not believed", "0201 5ba0", "0202 fa56ea01 0000fde7", "23456" },
	{ "empty", "0202 fbf5 5ba0", "", "64501 23456" },
	{ "a set counts one", "0201 fbf5 0102 5ba0 fbf6", "0102 fa56ea01 0000fbf6",
	    "64501 {4200000001,64502}" },
	{ "leading confederation kept", "0302 fde9 fdea 0202 fbf5 5ba0", "0201 fa56ea01",
	    "(65001 65002) 64501 4200000001" },
	{ "confederation behind a whole segment kept", "0201 fbf5 0301 fde9 0201 5ba0",
	    "0201 fa56ea01", "64501 (65001) 4200000001" },
	{ "confederation behind a torn one not", "0202 fbf5 5ba0 0301 fde9", "0201 fa56ea01",
	    "64501 4200000001" },
	{ "confederation in AS4_PATH dropped", "0202 fbf5 5ba0", "0301 0000fde9 0201 fa56ea01",
	    "64501 4200000001" },
	{ "AS4_PATH malformed", "0202 fbf5 5ba0", "0901 fa56ea01", "64501 23456" },
	{ "only confederations in AS4_PATH", "0202 fbf5 5ba0", "0301 fa56ea01", "64501 23456" },
};

START_TEST(test_merge)
{
	const struct merge *m = &merges[_i];
	char text[256];
	struct txt x = txt_of(text, sizeof(text));
	size_t n, n4, wide;
	uint8_t *path = unhex(m->path, &n), *path4 = unhex(m->path4, &n4), *out;

	wide = as_path_widen(cur_of(path, n), cur_of(path4, n4), (uint8_t[256]){ 0 }, 256);
	ck_assert_uint_gt(wide, 0);
	out = malloc(wide);
	ck_assert_ptr_nonnull(out);
	ck_assert_uint_eq(as_path_widen(cur_of(path, n), cur_of(path4, n4), out, wide - 1), 0);
	ck_assert_uint_eq(as_path_widen(cur_of(path, n), cur_of(path4, n4), out, wide), wide);
	bgp_as_path_text(&x, cur_of(out, wide), 4);
	ck_assert_msg(strcmp(text, m->result) == 0, "%s: %s", m->name, text);
	free(out);
	free(path);
	free(path4);
}
END_TEST

START_TEST(test_aggregator_rule)
{
	static const struct {
		const char *attrs;
		bool as4;
		bool as4_path;	     /* is it to be used? */
		uint32_t aggregator; /* 0: nobody */
	} cases[] = {
		/* AS4_PATH alone */
		{ "c0 11 06 0201 fa56ea01", false, true, 0 },
		/* aggregated by an AS of two octets, who said nothing of four: AS4_PATH stands */
		{ "c0 07 06 fbf5 c0000201 c0 11 06 0201 fa56ea01", false, true, 64501 },
		/* AS4_AGGREGATOR in a form that cannot be read is not there */
		{ "c0 07 06 fbf5 c0000201 c0 11 06 0201 fa56ea01 c0 12 04 fa56ea02", false, true,
		    64501 },
		/* both, and AGGREGATOR is newer than the AS4 attributes: they are not believed */
		{ "c0 07 06 fbf5 c0000201 c0 11 06 0201 fa56ea01 c0 12 08 fa56ea02 c0000202", false,
		    false, 64501 },
		/* AS_TRANS: both are */
		{ "c0 07 06 5ba0 c0000201 c0 11 06 0201 fa56ea01 c0 12 08 fa56ea02 c0000202", false,
		    true, 4200000002U },
		/* AS_TRANS and nothing better */
		{ "c0 07 06 5ba0 c0000201", false, false, 23456 },
		/* four octets: AS4_AGGREGATOR has no business here */
		{ "c0 07 08 0000fbf5 c0000201 c0 12 08 fa56ea02 c0000202", true, false, 64501 },
		/* AS4_AGGREGATOR alone says nothing */
		{ "c0 12 08 fa56ea02 c0000202", false, false, 0 },
		{ "", false, false, 0 },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct faults f = { .n = 0 };
		struct bgp_aggregator by;
		struct bgp_update u;
		size_t n;
		uint8_t *attrs = unhex(cases[i].attrs, &n), body[128] = { 0 };

		body[3] = (uint8_t)n;
		memcpy(body + 4, attrs, n);
		ck_assert(bgp_update_split(cur_of(body, n + 4), &u, &f));
		ck_assert_msg(
		    (bgp_update_as4_path(&u) != NULL) == cases[i].as4_path, "case %zu", i);
		ck_assert_msg(
		    bgp_update_aggregator(&u, cases[i].as4, &by) == (cases[i].aggregator != 0),
		    "case %zu", i);
		if (cases[i].aggregator != 0)
			ck_assert_uint_eq(by.as, cases[i].aggregator);
		free(attrs);
	}
}
END_TEST

/* The RIB keeps the path as it was made whole, or, by the aggregator's rule, as it came. */
START_TEST(test_path_in_rib)
{
	static const struct {
		const char *body;
		const char *path;
	} cases[] = {
		{ "0000 0000 40 02 06 0202 fbf5 5ba0 c0 11 06 0201 fa56ea01 40 01 01 00",
		    "64501 4200000001" },
		{ "0000 0000 40 02 06 0202 fbf5 5ba0 c0 07 06 fbf5 c0000201 c0 11 06 0201 fa56ea01",
		    "64501 4200000001" },
		{ "0000 0000 40 02 06 0202 fbf5 5ba0 c0 07 06 fbf5 c0000201 c0 11 06 0201 fa56ea01 "
		  "c0 12 08 fa56ea02 c0000202",
		    "64501 23456" },
		{ "0000 0000 40 02 06 0202 fbf5 5ba0 c0 07 06 5ba0 c0000201 c0 11 06 0201 fa56ea01",
		    "64501 4200000001" },
	};
	struct attrs_limits limits = { .blocks = 16, .part_octets = 1 << 20 };
	struct attrs a;

	ck_assert(attrs_init(&a, &limits, 1));
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct bgp_context ctx = { 0 };
		struct faults f = { .n = 0 };
		struct attrs_probe q;
		struct bgp_update u;
		char text[64];
		struct txt x = txt_of(text, sizeof(text));
		size_t n;
		uint8_t *body = unhex(cases[i].body, &n);

		body[3] = (uint8_t)(n - 4);
		ck_assert(bgp_update_split(cur_of(body, n), &u, &f));
		bgp_update_check(&u, &ctx, &f);
		ck_assert_uint_eq(f.n, 0);
		attrs_probe_make(&a, &q, &u, &(struct attrs_extra){ 0 }, false);
		bgp_as_path_text(&x, q.value[ATTRS_PATH], 4);
		ck_assert_str_eq(text, cases[i].path);
		free(body);
	}
	attrs_fini(&a);
}
END_TEST

/* --- BGPSEC_PATH */

#define SECURE(path) path " 0003 01" /* and a block without signatures: not looked at */

static const struct secure {
	const char *name;
	const char *value;
	const char *path;
	uint32_t origin; /* 0: none */
} secures[] = {
	{ "one AS", SECURE("0008 01 00 0000fbf5"), "64501", 64501 },
	{ "prepended", SECURE("000e 03 00 0000fbf5 01 00 fa56ea01"), "64501 64501 64501 4200000001",
	    4200000001U },
	{ "a transparent route server", SECURE("000e 00 00 0000fbf6 01 00 0000fbf5"), "64501",
	    64501 },
	{ "a confederation", SECURE("0014 01 80 0000fde9 01 80 0000fdea 02 00 0000fbf5"),
	    "(65001 65002) 64501 64501", 64501 },
	{ "nobody", SECURE("0008 00 00 0000fbf5"), "", 0 },
	{ "cut", "0008 01 00 0000", "", 0 },
};

/* A route with it and without AS_PATH has that path in the RIB, and its origin. */
START_TEST(test_secure_path)
{
	const struct secure *c = &secures[_i];
	struct attrs_limits limits = { .blocks = 16, .part_octets = 1 << 20 };
	struct attrs_probe q;
	struct bgp_update u;
	struct faults f = { .n = 0 };
	struct attrs a;
	char text[128];
	struct txt x = txt_of(text, sizeof(text));
	size_t n;
	uint8_t *value = unhex(c->value, &n), body[128] = { 0, 0, 0, 0, 0x80, 33 };
	uint32_t origin = 0;
	attrs_block block;

	ck_assert_uint_lt(n + 7, sizeof(body));
	body[3] = (uint8_t)(n + 3);
	body[6] = (uint8_t)n;
	memcpy(body + 7, value, n);
	ck_assert(attrs_init(&a, &limits, 1));
	ck_assert(bgp_update_split(cur_of(body, n + 7), &u, &f));
	attrs_probe_make(&a, &q, &u, &(struct attrs_extra){ 0 }, true);
	block = attrs_intern(&a, &q, 0);
	ck_assert_uint_ne(block, 0);
	bgp_as_path_text(&x, path_value(&a, attrs_path(&a, block)), 4);
	ck_assert_msg(strcmp(text, c->path) == 0, "%s: %s", c->name, text);
	ck_assert(path_origin(&a, attrs_path(&a, block), &origin) == (c->origin != 0));
	ck_assert_uint_eq(origin, c->origin);
	/* and is given back as it came */
	ck_assert_uint_eq(attrs_rebuild(&a, block, body + 64, 64), n + 3);
	ck_assert_mem_eq(body + 4, body + 64, n + 3);
	free(value);
	attrs_fini(&a);
}
END_TEST

/* --- paths that are too long */

/* Segments of 255, with `width` octets an AS, or so many AS numbers of a BGPSEC_PATH. */
static size_t
put_long(uint8_t *value, unsigned code, unsigned segments)
{
	uint8_t *at = value;

	if (code == ATTR_BGPSEC_PATH) {
		*at++ = (uint8_t)((2 + 6 * segments) >> 8);
		*at++ = (uint8_t)(2 + 6 * segments);
	}
	for (unsigned i = 0; i < segments; i++) {
		*at++ = code == ATTR_BGPSEC_PATH ? 255 : AS_SEQUENCE;
		*at++ = code == ATTR_BGPSEC_PATH ? 0 : 255;
		for (unsigned k = 0; k < (code == ATTR_BGPSEC_PATH ? 1U : 255U); k++) {
			if (code == ATTR_BGPSEC_PATH)
				*at++ = 0, *at++ = 0;
			*at++ = 0xfb;
			*at++ = 0xf5;
		}
	}
	return (size_t)(at - value);
}

/* More than a part may have is refused and counted, never kept as another path. */
START_TEST(test_long_path)
{
	static const struct {
		uint8_t flags, code;
		unsigned segments;
		bool kept;
	} cases[] = {
		{ 0x50, ATTR_AS_PATH, 64, true }, /* 64 x 1022 octets when widened */
		{ 0x50, ATTR_AS_PATH, 65, false },
		{ 0x50, ATTR_AS_PATH, 127, false },
		{ 0x90, ATTR_BGPSEC_PATH, 64, true },
		{ 0x90, ATTR_BGPSEC_PATH, 65, false },
		{ 0x90, ATTR_BGPSEC_PATH, 10000, false },
	};
	struct attrs_limits limits = { .blocks = 16, .part_octets = 1 << 20 };
	uint8_t *body = calloc(1, 1 << 17);

	ck_assert_ptr_nonnull(body);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		size_t n = put_long(body + 8, cases[i].code, cases[i].segments);
		struct faults f = { .n = 0 };
		struct attrs_probe q;
		struct bgp_update u;
		struct attrs a;

		body[2] = (uint8_t)((n + 4) >> 8);
		body[3] = (uint8_t)(n + 4);
		body[4] = cases[i].flags;
		body[5] = cases[i].code;
		body[6] = (uint8_t)(n >> 8);
		body[7] = (uint8_t)n;
		ck_assert(attrs_init(&a, &limits, 1));
		ck_assert(bgp_update_split(cur_of(body, n + 8), &u, &f));
		attrs_probe_make(&a, &q, &u, &(struct attrs_extra){ 0 }, false);
		ck_assert_msg((attrs_intern(&a, &q, 0) != 0) == cases[i].kept, "case %zu", i);
		ck_assert_uint_eq(a.refused, cases[i].kept ? 0 : 1);
		attrs_fini(&a);
	}
	free(body);
}
END_TEST

START_TEST(test_widen)
{
	/* 2-octet: 64501 23456 23456; AS4_PATH: 4200000001 64999 */
	static const uint8_t two[] = { 2, 3, 0xfb, 0xf5, 0x5b, 0xa0, 0x5b, 0xa0 };
	static const uint8_t four[] = { 2, 2, 0xfa, 0x56, 0xea, 0x01, 0, 0, 0xfd, 0xe7 };
	static const uint8_t longer[] = { 2, 4, 0, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0, 3, 0, 0, 0, 4 };
	uint8_t out[64];
	struct as_segment s;
	struct cursor r;
	size_t n;

	n = as_path_widen(cur_of(two, sizeof(two)), cur_of(four, sizeof(four)), out, sizeof(out));
	r = cur_of(out, n);
	ck_assert(as_path_next(&r, 4, &s));
	ck_assert_uint_eq(s.count, 1);
	ck_assert_uint_eq(as_segment_at(&s, 4, 0), 64501);
	ck_assert(as_path_next(&r, 4, &s));
	ck_assert_uint_eq(as_segment_at(&s, 4, 0), 4200000001U);
	ck_assert_uint_eq(as_segment_at(&s, 4, 1), 64999);
	/* an AS4_PATH that is longer says nothing (RFC 6793 4.2.3) */
	n = as_path_widen(
	    cur_of(two, sizeof(two)), cur_of(longer, sizeof(longer)), out, sizeof(out));
	r = cur_of(out, n);
	ck_assert(as_path_next(&r, 4, &s));
	ck_assert_uint_eq(s.count, 3);
	ck_assert_uint_eq(as_segment_at(&s, 4, 2), BGP_AS_TRANS);
}
END_TEST

HARNESS_MAIN("as4")
{
	TEST(test_widen);
	ROWS(test_merge, merges);
	TEST(test_aggregator_rule);
	TEST(test_path_in_rib);
	ROWS(test_secure_path, secures);
	TEST(test_long_path);
}
