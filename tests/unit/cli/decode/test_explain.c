/* The field sinks of `bellman decode`: what a sequence of calls looks like as text and as JSON. */
#include "tests/unit/support/harness.h"

#include "cli/decode/explain.h"

static void
say_fields(struct field_sink *to)
{
	static const uint8_t few[] = { 1, 2, 3, 4, 5 };
	uint8_t many[40] = { 0xff };

	field_text(to, "as_path", "64501 64510");
	field_number(to, "med", 18446744073709551615ULL);
	field_text(to, "as_path", "");
	field_hex(to, "few", cur_of(few, sizeof(few)));
	field_hex(to, "none", cur_of(few, 0));
	field_hex(to, "many", cur_of(many, sizeof(many)));
	field_text(to, "a_name_longer_than_the_column", "x");
}

static void
say_lists(struct field_sink *to)
{
	field_list(to, "empty");
	field_list_end(to);
	field_list(to, "short");
	field_text(to, NULL, "a");
	field_number(to, NULL, 2);
	field_list_end(to);
	field_list(to, "long");
	for (int i = 0; i < 20; i++)
		field_textf(to, NULL, "item-%02d", i);
	field_list_end(to);
}

static void
say_groups(struct field_sink *to)
{
	field_list(to, "folded");
	for (unsigned i = 1; i <= 2; i++) {
		field_group(to, NULL);
		field_number(to, "type", i);
		field_text(to, "name", "routes");
		field_number(to, "value", 7 * i);
		field_text(to, "unit", "routes");
		field_list(to, "of");
		field_text(to, NULL, "x");
		field_text(to, NULL, "y");
		field_list_end(to);
		field_group_end(to);
	}
	field_group(to, NULL);
	field_textf(to, "long", "%0120d", 1);
	field_number(to, "after", 1);
	field_group_end(to);
	field_list_end(to);
	field_list(to, "one_field");
	for (int i = 0; i < 3; i++) {
		field_group(to, NULL);
		field_textf(to, "prefix", "203.0.113.%d/32", i);
		field_group_end(to);
	}
	field_list_end(to);
}

static void
say_nested(struct field_sink *to)
{
	field_group(to, "outer");
	field_list(to, "routes");
	field_group(to, NULL);
	field_text(to, "rd", "64500:1");
	field_group(to, "label");
	field_number(to, "field", 1600);
	field_group_end(to);
	field_group_end(to);
	field_list_end(to);
	field_group(to, "peer");
	field_text(to, "address", "192.0.2.1");
	field_list(to, "flags");
	field_text(to, NULL, "ipv6");
	field_text(to, NULL, "post_policy");
	field_list_end(to);
	field_list(to, "none");
	field_list_end(to);
	field_number(to, "as", 64500);
	field_text(to, "type_name", "Loc-RIB Instance Peer");
	field_text(to, "said_above", "x");
	field_group_end(to);
	field_group_end(to);
	field_number(to, "end", 0);
}

/* A route with its labels: groups in a list of a group, on its line while there is room. */
static void
say_routes(struct field_sink *to)
{
	field_list(to, "nlri");
	for (unsigned labels = 1; labels <= 8; labels += 1 + labels % 2 * 5) {
		field_group(to, NULL);
		field_list(to, "labels");
		for (unsigned i = 0; i < labels; i++) {
			field_group(to, NULL);
			field_number(to, "label", 100000 + i);
			field_number(to, "exp", 7);
			field_group_end(to);
		}
		field_list_end(to);
		field_text(to, "prefix", "203.0.113.0/24");
		field_group_end(to);
	}
	field_list_end(to);
}

static const struct row {
	void (*say)(struct field_sink *);
	const char *text, *json;
} rows[] = {
	{ say_fields,
	    "  as_path                 64501 64510\n"
	    "  med                     18446744073709551615\n"
	    "  as_path                 (empty)\n"
	    "  few                     01020304 05\n"
	    "  none                    (none)\n"
	    "  many                    ff000000 00000000 00000000 00000000 00000000 00000000 "
	    "00000000 00000000\n"
	    "                          00000000 00000000  (40 octets)\n"
	    "  a_name_longer_than_the_column x\n",
	    NULL },
	{ say_lists,
	    "  empty                   (none)\n"
	    "  short                   a  2\n"
	    "  long                    item-00  item-01  item-02  item-03  item-04  item-05  "
	    "item-06  item-07  item-08\n"
	    "                          item-09  item-10  item-11  item-12  item-13  item-14  "
	    "item-15  item-16  item-17\n"
	    "                          item-18  item-19\n",
	    "{\"empty\":[],\"short\":[\"a\",2],\"long\":[\"item-00\",\"item-01\",\"item-02\","
	    "\"item-03\",\"item-04\",\"item-05\",\"item-06\",\"item-07\",\"item-08\",\"item-09\","
	    "\"item-10\",\"item-11\",\"item-12\",\"item-13\",\"item-14\",\"item-15\",\"item-16\","
	    "\"item-17\",\"item-18\",\"item-19\"]}" },
	{ say_groups,
	    "  folded\n"
	    "    - type 1  routes  7 routes  of x, y\n"
	    "    - type 2  routes  14 routes  of x, y\n"
	    "    - long                "
	    "00000000000000000000000000000000000000000000000000000000000000000000000000000000000000"
	    "0000000000000000000000000000000001\n"
	    "      after               1\n"
	    "  one_field               203.0.113.0/32  203.0.113.1/32  203.0.113.2/32\n",
	    "{\"folded\":[{\"type\":1,\"name\":\"routes\",\"value\":7,\"unit\":\"routes\",\"of\":"
	    "[\"x\",\"y\"]},{\"type\":2,\"name\":\"routes\",\"value\":14,\"unit\":\"routes\","
	    "\"of\":[\"x\",\"y\"]},{\"long\":\""
	    "00000000000000000000000000000000000000000000000000000000000000000000000000000000000000"
	    "0000000000000000000000000000000001\",\"after\":1}],\"one_field\":[{\"prefix\":"
	    "\"203.0.113.0/32\"},{\"prefix\":\"203.0.113.1/32\"},{\"prefix\":\"203.0.113.2/"
	    "32\"}]}" },
	{ say_routes,
	    "  nlri\n"
	    "    - labels label 100000  exp 7  203.0.113.0/24\n"
	    "    - labels\n"
	    "        - label 100000  exp 7\n"
	    "        - label 100001  exp 7\n"
	    "        - label 100002  exp 7\n"
	    "        - label 100003  exp 7\n"
	    "        - label 100004  exp 7\n"
	    "        - label 100005  exp 7\n"
	    "        - label 100006  exp 7\n"
	    "      prefix              203.0.113.0/24\n",
	    NULL },
	{ say_nested,
	    "  outer\n"
	    "    routes\n"
	    "      - rd                64500:1\n"
	    "        label\n"
	    "          field           1600\n"
	    "    peer                  address 192.0.2.1  flags ipv6 post_policy  as 64500  "
	    "Loc-RIB "
	    "Instance Peer\n"
	    "  end                     0\n",
	    "{\"outer\":{\"routes\":[{\"rd\":\"64500:1\",\"label\":{\"field\":1600}}],\"peer\":{"
	    "\"address\":\"192.0.2.1\",\"flags\":[\"ipv6\",\"post_policy\"],\"none\":[],\"as\":"
	    "64500,\"type_name\":\"Loc-RIB Instance Peer\",\"said_above\":\"x\"}},\"end\":0}" },
};

START_TEST(test_listeners)
{
	static const char *const omit[] = { "said_above", NULL };
	const struct row *row = &rows[_i];
	struct sbuf out = sbuf_of(1 << 16);
	struct explain x;

	explain_begin(&x, &out, false);
	x.omit = omit;
	row->say(&x.sink);
	explain_end(&x);
	ck_assert_str_eq(sbuf_text(&out), row->text);
	sbuf_clear(&out);
	explain_begin(&x, &out, true);
	row->say(&x.sink);
	explain_end(&x);
	if (row->json != NULL)
		ck_assert_str_eq(sbuf_text(&out), row->json);
	sbuf_free(&out);
}
END_TEST

/* Deeper than anybody nests: no harm. */
START_TEST(test_depth)
{
	struct sbuf out = sbuf_of(1 << 16);
	struct explain x;

	explain_begin(&x, &out, false);
	for (int i = 0; i < 2 * EXPLAIN_DEPTH_MAX; i++)
		field_group(&x.sink, i % 2 == 0 ? NULL : "deeper");
	field_number(&x.sink, "bottom", 1);
	for (int i = 0; i < 2 * EXPLAIN_DEPTH_MAX; i++)
		field_group_end(&x.sink);
	explain_end(&x);
	ck_assert_ptr_nonnull(strstr(sbuf_text(&out), "bottom"));
	sbuf_free(&out);
}
END_TEST

HARNESS_MAIN("explain")
{
	ROWS(test_listeners, rows);
	TEST(test_depth);
}
