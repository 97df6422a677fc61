/* proto/show_verbs: what each row of the table must have for both ends to use it. */
#include "proto/show_verbs.h"

#include "tests/unit/support/harness.h"

/* Before a name is used: a verb that is in the enum alone has none. */
static void
require_names(void)
{
	for (int i = 0; i < SHOW_VERBS; i++)
		ck_assert_msg(show_verbs[i].name != NULL, "verb %d has no name", i);
}

START_TEST(show_verb_rows)
{
	const struct show_verb *v = &show_verbs[_i];
	int keys = 0, columns = 0;

	require_names();
	while (keys < SHOW_KEYS_MAX && v->keys[keys] != NULL)
		keys++;
	ck_assert_ptr_eq(show_verb_find(v->name), v);
	ck_assert((v->help == NULL) == (v->asked_by != NULL));
	ck_assert((v->takes == SHOW_TAKES_NONE) == (keys == 0));
	ck_assert((v->takes == SHOW_TAKES_NONE || v->asked_by != NULL) == (v->arguments == NULL));
	if (v->takes == SHOW_TAKES_REST)
		ck_assert_int_eq(keys, 1);
	if ((v->takes == SHOW_TAKES_ALL || v->takes == SHOW_TAKES_ALL_OR_NONE) &&
	    v->asked_by == NULL)
		ck_assert_ptr_nonnull(v->wrong);
	for (const struct column *c = v->columns; c != NULL && c->name != NULL; c++) {
		ck_assert_ptr_nonnull(c->heading);
		columns++;
	}
	ck_assert_int_le(columns, PRINTER_COLUMNS_MAX);
}
END_TEST

START_TEST(show_verb_no_row)
{
	char names[128];

	require_names();
	ck_assert_ptr_null(show_verb_find(""));
	ck_assert_ptr_null(show_verb_find("route"));
	ck_assert_ptr_null(show_verb_find("routess"));
	ck_assert_str_eq(show_verb_names(names, sizeof(names)),
	    "routers, peers, incidents, incident, routes, rpki, mutes, contacts or stats");
}
END_TEST

HARNESS_MAIN("show_verbs")
{
	LOOP(show_verb_rows, SHOW_VERBS);
	TEST(show_verb_no_row);
}
