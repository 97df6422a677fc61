/* The listeners of what parsers tell: what a sequence of calls looks like as text and as JSON. */
#include "tests/unit/support/harness.h"

#include "cli/decode/explain.h"

static void
say_fields(struct tell *t)
{
	static const uint8_t few[] = { 1, 2, 3, 4, 5 };
	uint8_t many[40] = { 0xff };

	tell_text(t, "as_path", "64501 64510");
	tell_number(t, "med", 18446744073709551615ULL);
	tell_text(t, "as_path", "");
	tell_hex(t, "few", cur_of(few, sizeof(few)));
	tell_hex(t, "none", cur_of(few, 0));
	tell_hex(t, "many", cur_of(many, sizeof(many)));
	tell_text(t, "a_name_longer_than_the_column", "x");
}

static void
say_lists(struct tell *t)
{
	tell_list(t, "empty");
	tell_list_end(t);
	tell_list(t, "short");
	tell_text(t, NULL, "a");
	tell_number(t, NULL, 2);
	tell_list_end(t);
	tell_list(t, "long");
	for (int i = 0; i < 20; i++)
		tell_textf(t, NULL, "item-%02d", i);
	tell_list_end(t);
}

static void
say_groups(struct tell *t)
{
	tell_list(t, "folded");
	for (unsigned i = 1; i <= 2; i++) {
		tell_open(t, NULL);
		tell_number(t, "type", i);
		tell_text(t, "name", "routes");
		tell_number(t, "value", 7 * i);
		tell_text(t, "unit", "routes");
		tell_list(t, "of");
		tell_text(t, NULL, "x");
		tell_text(t, NULL, "y");
		tell_list_end(t);
		tell_close(t);
	}
	tell_open(t, NULL);
	tell_textf(t, "long", "%0120d", 1);
	tell_number(t, "after", 1);
	tell_close(t);
	tell_list_end(t);
	tell_list(t, "one_field");
	for (int i = 0; i < 3; i++) {
		tell_open(t, NULL);
		tell_textf(t, "prefix", "203.0.113.%d/32", i);
		tell_close(t);
	}
	tell_list_end(t);
}

static void
say_nested(struct tell *t)
{
	tell_open(t, "outer");
	tell_list(t, "routes");
	tell_open(t, NULL);
	tell_text(t, "rd", "64500:1");
	tell_open(t, "label");
	tell_number(t, "field", 1600);
	tell_close(t);
	tell_close(t);
	tell_list_end(t);
	tell_open(t, "peer");
	tell_text(t, "address", "192.0.2.1");
	tell_list(t, "flags");
	tell_text(t, NULL, "ipv6");
	tell_text(t, NULL, "post_policy");
	tell_list_end(t);
	tell_list(t, "none");
	tell_list_end(t);
	tell_number(t, "as", 64500);
	tell_text(t, "type_name", "Loc-RIB Instance Peer");
	tell_text(t, "said_above", "x");
	tell_close(t);
	tell_close(t);
	tell_number(t, "end", 0);
}

/* A route with its labels: groups in a list of a group, on its line while there is room. */
static void
say_routes(struct tell *t)
{
	tell_list(t, "nlri");
	for (unsigned labels = 1; labels <= 8; labels += 1 + labels % 2 * 5) {
		tell_open(t, NULL);
		tell_list(t, "labels");
		for (unsigned i = 0; i < labels; i++) {
			tell_open(t, NULL);
			tell_number(t, "label", 100000 + i);
			tell_number(t, "exp", 7);
			tell_close(t);
		}
		tell_list_end(t);
		tell_text(t, "prefix", "203.0.113.0/24");
		tell_close(t);
	}
	tell_list_end(t);
}

static const struct row {
	void (*say)(struct tell *);
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
	row->say(&x.tell);
	explain_end(&x);
	ck_assert_str_eq(sbuf_text(&out), row->text);
	sbuf_clear(&out);
	explain_begin(&x, &out, true);
	row->say(&x.tell);
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
		tell_open(&x.tell, i % 2 == 0 ? NULL : "deeper");
	tell_number(&x.tell, "bottom", 1);
	for (int i = 0; i < 2 * EXPLAIN_DEPTH_MAX; i++)
		tell_close(&x.tell);
	explain_end(&x);
	ck_assert_ptr_nonnull(strstr(sbuf_text(&out), "bottom"));
	sbuf_free(&out);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("explain");
	TCase *t = tcase_create("listeners");

	harness_add_rows(t, test_listeners, rows);
	tcase_add_test(t, test_depth);
	suite_add_tcase(s, t);
	return harness_run(s);
}
