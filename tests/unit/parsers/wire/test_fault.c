/* Faults as a list: what is kept when there are more than it holds, which codes are known, where
 * they are.
 */
#include "tests/unit/support/harness.h"

#include "parsers/wire/fault.h"

enum { MANY = 300 };

static const struct crowd {
	const char *name;
	enum fault_code many, one; /* MANY of the first, the other in their midst */
	unsigned at;
	bool kept; /* is the one in the list? */
} crowds[] = {
	{ "the first", FAULT_ATTR_DUPLICATE, FAULT_ATTR_LENGTH, 0, true },
	{ "the eighth", FAULT_ATTR_DUPLICATE, FAULT_ATTR_LENGTH, 7, true },
	{ "the ninth and stronger", FAULT_ATTR_DUPLICATE, FAULT_ATTR_LENGTH, 8, true },
	{ "the last and stronger", FAULT_ATTR_DUPLICATE, FAULT_ATTR_LENGTH, MANY, true },
	{ "the ninth and as strong", FAULT_ATTR_LENGTH, FAULT_ATTR_FLAGS, 8, false },
	{ "the ninth and weaker", FAULT_ATTR_LENGTH, FAULT_ATTR_DUPLICATE, 8, false },
};

START_TEST(test_crowd)
{
	const struct crowd *c = &crowds[_i];
	struct faults f;
	bool kept = false, decides = false;

	memset(&f, 0xff, sizeof(f)); /* only these two are promised to be looked at */
	f.n = 0;
	f.action = FAULT_IGNORE;
	ck_assert(!faults_have(&f, c->many));
	for (unsigned i = 0; i < MANY; i++) {
		if (i == c->at)
			fault_add(&f, c->one, 1, i);
		fault_add(&f, c->many, 2, i);
	}
	if (c->at == MANY)
		fault_add(&f, c->one, 1, MANY);
	ck_assert_uint_eq(f.n, MANY + 1);
	ck_assert(faults_have(&f, c->many));
	ck_assert(faults_have(&f, c->one));
	ck_assert(!faults_have(&f, FAULT_AS_PATH));
	ck_assert(!faults_have(&f, FAULT_CODES));
	for (unsigned i = 0; i < FAULTS_MAX; i++) {
		enum fault_code code = (enum fault_code)f.v[i].code;

		kept |= code == c->one && f.v[i].item == 1 && f.v[i].offset == c->at;
		decides |= fault_action(code) == f.action;
	}
	ck_assert_msg(kept == c->kept, "%s", c->name);
	ck_assert_msg(decides, "%s: nothing in the list has the action", c->name);
}
END_TEST

/* Joined lists know what either knew, listed or not. */
START_TEST(test_join)
{
	struct faults f = { .n = 0 }, more = { .n = 0 };

	fault_add(&f, FAULT_ATTR_DUPLICATE, 1, 1);
	for (unsigned i = 0; i < MANY; i++)
		fault_add(&more, FAULT_ATTR_LENGTH, 2, i);
	fault_add(&more, FAULT_ATTR_FLAGS, 3, 7); /* as strong as the others: not listed */
	faults_join(&f, &more);
	ck_assert_uint_eq(f.n, MANY + 2);
	ck_assert(faults_have(&f, FAULT_ATTR_DUPLICATE));
	ck_assert(faults_have(&f, FAULT_ATTR_LENGTH));
	ck_assert(faults_have(&f, FAULT_ATTR_FLAGS));
	ck_assert(!faults_have(&f, FAULT_AS_PATH));
	ck_assert_int_eq(f.action, FAULT_TREAT_AS_WITHDRAW);
}
END_TEST

/* Which are of attributes: their names say so. */
START_TEST(test_of_attribute)
{
	for (int c = 0; c < FAULT_CODES; c++) {
		const char *name = fault_name((enum fault_code)c);
		bool of = strncmp(name, "attr-", 5) == 0 || strncmp(name, "as-", 3) == 0 ||
			  strncmp(name, "mp-", 3) == 0;

		ck_assert_msg(fault_of_attribute((enum fault_code)c) == of, "%s", name);
		ck_assert(!fault_withdraws((enum fault_code)c) || of);
	}
	ck_assert(!fault_withdraws(FAULT_MP_SHORT) && !fault_withdraws(FAULT_ATTR_DISCARD));
	ck_assert(fault_withdraws(FAULT_MP_DUPLICATE) && fault_withdraws(FAULT_AS_ZERO));
}
END_TEST

/* Offsets are moved for the faults of a part, wherever in the list they have found room. */
START_TEST(test_shift)
{
	struct faults f = { .n = 0 };

	fault_add(&f, FAULT_BMP_TRAILING, 0, 7); /* of the whole */
	for (unsigned i = 0; i < FAULTS_MAX - 1; i++)
		fault_add(&f, FAULT_ATTR_LENGTH, 4, 10);
	fault_add(&f, FAULT_ATTR_LENGTH, 4, 20); /* in place of the first */
	faults_shift(&f, 1, 1000);
	ck_assert_uint_eq(f.v[0].offset, 1020);
	for (unsigned i = 1; i < FAULTS_MAX; i++)
		ck_assert_uint_eq(f.v[i].offset, 1010);
	faults_shift(&f, f.n, 1000); /* a part without faults */
	ck_assert_uint_eq(f.v[0].offset, 1020);
}
END_TEST

HARNESS_MAIN("fault")
{
	ROWS(test_crowd, crowds);
	TEST(test_shift);
	TEST(test_join);
	TEST(test_of_attribute);
}
