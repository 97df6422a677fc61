/* Buffers with a limit. */
#include "base/sbuf.h"

#include "tests/unit/support/harness.h"

enum { SEEDS = 20 };

START_TEST(sbuf_keeps_its_limit)
{
	struct sbuf b = sbuf_of(10);

	ck_assert_str_eq(sbuf_text(&b), "");
	sbuf_drop(&b, 3);
	sbuf_clear(&b);
	sbuf_puts(&b, "0123456789");
	ck_assert(!b.failed && b.len == 10);
	sbuf_puts(&b, "");
	ck_assert(!b.failed);
	sbuf_putc(&b, 'x');
	ck_assert(b.failed);
	ck_assert_str_eq(sbuf_text(&b), "0123456789");
	sbuf_drop(&b, 4); /* room again, but what was lost is lost */
	sbuf_puts(&b, "y");
	ck_assert(b.failed);
	ck_assert_str_eq(sbuf_text(&b), "456789");
	sbuf_clear(&b);
	ck_assert(!b.failed && b.len == 0);
	ck_assert_str_eq(sbuf_text(&b), "");
	ck_assert_ptr_null(sbuf_reserve(&b, SIZE_MAX));
	ck_assert(b.failed);
	sbuf_free(&b);
	ck_assert(b.max == 10 && !b.failed && b.data == NULL);
}
END_TEST

START_TEST(sbuf_printf_of_any_length)
{
	for (int n = 0; n < 1100; n += n < 240 || n > 270 ? 13 : 1) {
		struct sbuf b = sbuf_of(1000);

		sbuf_printf(&b, "%*s", n, "");
		ck_assert_msg(b.failed == (n > 1000), "%d", n);
		ck_assert_uint_eq(b.len, n > 1000 ? 0 : (size_t)n);
		ck_assert_uint_eq(strlen(sbuf_text(&b)), b.len);
		sbuf_free(&b);
	}
}
END_TEST

START_TEST(sbuf_against_an_array)
{
	enum { MAX = 3000 };
	uint64_t rng = seed_of(_i);
	struct sbuf b = sbuf_of(MAX);
	char model[MAX + 1] = "", chunk[600];
	size_t len = 0;
	bool failed = false;

	for (int i = 0; i < 2000; i++) {
		size_t n = rnd(&rng) % sizeof(chunk);

		switch (rnd(&rng) % 8) {
		case 0:
			sbuf_drop(&b, n);
			n = n < len ? n : len;
			memmove(model, model + n, len - n);
			len -= n;
			break;
		case 1:
			sbuf_clear(&b);
			len = 0;
			failed = false;
			break;
		default:
			memset(chunk, 'a' + (char)(rnd(&rng) % 26), sizeof(chunk));
			sbuf_add(&b, chunk, n);
			failed = failed || len + n > MAX;
			if (!failed) {
				memcpy(model + len, chunk, n);
				len += n;
			}
		}
		model[len] = '\0';
		ck_assert(b.failed == failed && b.len == len);
		ck_assert_str_eq(sbuf_text(&b), model);
	}
	sbuf_free(&b);
}
END_TEST

HARNESS_MAIN("sbuf")
{
	TIMEOUT(120);
	TEST(sbuf_keeps_its_limit);
	TEST(sbuf_printf_of_any_length);
	LOOP(sbuf_against_an_array, SEEDS);
}
