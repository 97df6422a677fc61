/* base: addresses and prefixes, buffers with a limit, JSON, text, time, log. */
#include "base/pure/ip.h"

#include <fcntl.h>
#include <jansson.h>
#include <math.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/jw.h"
#include "base/log.h"
#include "base/sbuf.h"
#include "base/text.h"
#include "tests/unit/support/harness.h"

enum { SEEDS = 20 };

/* --- ip */

static const struct {
	const char *text, *want; /* NULL: not an address */
	uint8_t family;
} addrs[] = {
	{ "192.0.2.1", "192.0.2.1", IP_V4 },
	{ "0.0.0.0", "0.0.0.0", IP_V4 },
	{ "255.255.255.255", "255.255.255.255", IP_V4 },
	{ "256.0.0.1", NULL, IP_NONE },
	{ "192.0.2", NULL, IP_NONE },
	{ "192.0.2.1.", NULL, IP_NONE },
	{ "192.0.2.01", NULL, IP_NONE },
	{ " 192.0.2.1", NULL, IP_NONE },
	{ "192.0.2.1 ", NULL, IP_NONE },
	{ "", NULL, IP_NONE },
	{ "::", "::", IP_V6 },
	{ "2001:DB8::1", "2001:db8::1", IP_V6 },
	{ "2001:db8:0:0:1:0:0:1", "2001:db8::1:0:0:1", IP_V6 },	   /* RFC 5952 4.2.3 */
	{ "2001:db8:0:1:1:1:1:1", "2001:db8:0:1:1:1:1:1", IP_V6 }, /* 4.2.2 */
	{ "2001:0db8::0001", "2001:db8::1", IP_V6 },		   /* 4.1 */
	{ "::ffff:192.0.2.1", "::ffff:192.0.2.1", IP_V6 },	   /* 5 */
	{ "2001:db8::1::2", NULL, IP_NONE },
	{ "2001:db8:::1", NULL, IP_NONE },
	{ "1:2:3:4:5:6:7", NULL, IP_NONE },
	{ "1:2:3:4:5:6:7:8:9", NULL, IP_NONE },
	{ "fe80::1%eth0", NULL, IP_NONE },
};

START_TEST(ip_addr_rows)
{
	struct ip_addr a;
	char buf[IP_ADDR_TEXT_MAX];
	bool ok = ip_addr_parse(addrs[_i].text, &a);

	ck_assert_msg(ok == (addrs[_i].want != NULL), "\"%s\"", addrs[_i].text);
	if (!ok)
		return;
	ck_assert_uint_eq(a.family, addrs[_i].family);
	ck_assert_str_eq(ip_addr_format(&a, buf), addrs[_i].want);
}
END_TEST

static const struct {
	const char *text, *strict, *loose; /* NULL: refused */
} prefixes[] = {
	{ "192.0.2.0/24", "192.0.2.0/24", "192.0.2.0/24" },
	{ "192.0.2.1/24", NULL, "192.0.2.0/24" },
	{ "192.0.2.1", "192.0.2.1/32", "192.0.2.1/32" },
	{ "192.0.2.129/25", NULL, "192.0.2.128/25" },
	{ "0.0.0.0/0", "0.0.0.0/0", "0.0.0.0/0" },
	{ "10.0.0.0/0", NULL, "0.0.0.0/0" },
	{ "10.0.0.0/33", NULL, NULL },
	{ "10.0.0.0/256", NULL, NULL },
	{ "10.0.0.0/", NULL, NULL },
	{ "10.0.0.0/-1", NULL, NULL },
	{ "10.0.0.0/+8", NULL, NULL },
	{ "10.0.0.0/8 ", NULL, NULL },
	{ "10.0.0.0/ 8", NULL, NULL },
	{ "10.0.0.0/8/8", NULL, NULL },
	{ "10.0.0.0/4294967304", NULL, NULL },
	{ "/8", NULL, NULL },
	{ "", NULL, NULL },
	{ "10/8", NULL, NULL },
	{ "::/0", "::/0", "::/0" },
	{ "2001:db8::/32", "2001:db8::/32", "2001:db8::/32" },
	{ "2001:db8::1/127", NULL, "2001:db8::/127" },
	{ "2001:db8::1", "2001:db8::1/128", "2001:db8::1/128" },
	{ "2001:db8::/129", NULL, NULL },
	{ "ffff:ffff:ffff:ffff:ffff:ffff:255.255.255.255/128",
	    "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff/128",
	    "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff/128" },
	{ "00000000000000000000000000000000000000000000000000000::/8", NULL, NULL },
};

START_TEST(ip_prefix_rows)
{
	struct ip_prefix p;
	char buf[IP_PREFIX_TEXT_MAX];

	for (int strict = 0; strict < 2; strict++) {
		const char *want = strict ? prefixes[_i].strict : prefixes[_i].loose;
		bool ok = ip_prefix_parse(prefixes[_i].text, strict, &p);

		ck_assert_msg(ok == (want != NULL), "\"%s\" strict %d", prefixes[_i].text, strict);
		if (ok)
			ck_assert_str_eq(ip_prefix_format(&p, buf), want);
	}
}
END_TEST

START_TEST(ip_none_is_a_dash)
{
	struct ip_addr a = { .family = IP_NONE };
	struct ip_prefix p = { .family = IP_NONE };
	char buf[IP_PREFIX_TEXT_MAX];

	ck_assert_str_eq(ip_addr_format(&a, buf), "-");
	ck_assert_str_eq(ip_prefix_format(&p, buf), "-");
}
END_TEST

/* ip_prefix_make reads no octet past the prefix, and clears the host bits of the last. */
START_TEST(ip_prefix_make_reads_what_it_needs)
{
	for (int v6 = 0; v6 < 2; v6++) {
		uint8_t family = v6 ? IP_V6 : IP_V4;
		struct ip_prefix p;

		for (unsigned len = 0; len <= ip_bits(family); len++) {
			uint8_t ones[16];
			uint8_t *exact;

			memset(ones, 0xff, sizeof(ones));
			exact = exact_copy(ones, (len + 7) / 8);
			ck_assert(ip_prefix_make(&p, family, exact, len));
			free(exact);
			for (unsigned bit = 0; bit < 128; bit++)
				require((p.b[bit / 8] >> (7 - bit % 8) & 1) == (bit < len),
				    "/%u bit %u", len, bit);
		}
		ck_assert(
		    !ip_prefix_make(&p, family, (const uint8_t[16]){ 0 }, ip_bits(family) + 1));
	}
}
END_TEST

static bool
bit_at(const struct ip_prefix *p, unsigned bit)
{
	return p->b[bit / 8] >> (7 - bit % 8) & 1;
}

static bool
covers_by_bits(const struct ip_prefix *outer, const struct ip_prefix *inner)
{
	if (outer->family != inner->family || outer->len > inner->len)
		return false;
	for (unsigned bit = 0; bit < outer->len; bit++)
		if (bit_at(outer, bit) != bit_at(inner, bit))
			return false;
	return true;
}

/* Few distinct octets, so that prefixes nest. */
static struct ip_prefix
random_prefix(uint64_t *rng)
{
	uint8_t b[16], family = rnd(rng) % 2 ? IP_V4 : IP_V6;
	struct ip_prefix p;

	for (int i = 0; i < 16; i++)
		b[i] = rnd(rng) % 4 ? 0 : (uint8_t)(0x81 + rnd(rng) % 2);
	ip_prefix_make(&p, family, b, rnd(rng) % (ip_bits(family) + 1));
	return p;
}

START_TEST(ip_covers_and_order)
{
	uint64_t rng = seed_of(_i);

	for (int i = 0; i < 20000; i++) {
		struct ip_prefix a = random_prefix(&rng), b = random_prefix(&rng), back;
		int ab = ip_prefix_cmp(&a, &b), ba = ip_prefix_cmp(&b, &a);
		bool equal = memcmp(&a, &b, sizeof(a)) == 0;
		char buf[IP_PREFIX_TEXT_MAX];

		require(ip_prefix_covers(&a, &b) == covers_by_bits(&a, &b), "%d", i);
		require(ip_prefix_covers(&a, &a), "%d", i);
		require((ab < 0) == (ba > 0) && (ab == 0) == equal && (ba == 0) == equal, "%d", i);
		if (ip_prefix_covers(&a, &b) && !equal)
			require(ab < 0, "%d", i);
		require(ip_prefix_parse(ip_prefix_format(&a, buf), true, &back), "%d", i);
		require(memcmp(&a, &back, sizeof(a)) == 0, "%s", buf);
	}
}
END_TEST

START_TEST(ip_addr_equal_knows_the_family)
{
	static const uint8_t octets[16] = { 1, 2, 3, 4 };
	struct ip_addr a = ip_addr_v4(octets), b = ip_addr_v6(octets);

	ck_assert(ip_addr_equal(&a, &a) && ip_addr_equal(&b, &b));
	ck_assert(!ip_addr_equal(&a, &b));
	b = ip_addr_v4((const uint8_t[4]){ 1, 2, 3, 5 });
	ck_assert(!ip_addr_equal(&a, &b));
}
END_TEST

/* --- sbuf */

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

/* --- text and JSON */

static const struct {
	const char *name, *in, *json; /* as written between the quotes */
	bool utf8;
} strings[] = {
	{ "plain", "AS64511", "AS64511", true },
	{ "empty", "", "", true },
	{ "quotes", "a\"b\\c/", "a\\\"b\\\\c/", true },
	{ "controls", "\n\t\r\x01\x1f\x7f", "\\n\\t\\r\\u0001\\u001f\\u007f", true },
	{ "two octets", "\xc3\xa9", "\xc3\xa9", true },
	{ "three octets", "\xe2\x82\xac", "\xe2\x82\xac", true },
	{ "four octets", "\xf0\x9f\x94\x94", "\xf0\x9f\x94\x94", true },
	{ "last code point", "\xf4\x8f\xbf\xbf", "\xf4\x8f\xbf\xbf", true },
	{ "past the last", "\xf4\x90\x80\x80", "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd",
	    false },
	{ "overlong slash", "\xc0\xaf", "\xef\xbf\xbd\xef\xbf\xbd", false },
	{ "overlong in three", "\xe0\x9f\xbf", "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd", false },
	{ "overlong in four", "\xf0\x8f\xbf\xbf",
	    "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd", false },
	{ "surrogate", "\xed\xa0\x80", "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd", false },
	{ "before the surrogates", "\xed\x9f\xbf", "\xed\x9f\xbf", true },
	{ "lone continuation", "a\x80z", "a\xef\xbf\xbdz", false },
	{ "cut at the end", "a\xe2\x82", "a\xef\xbf\xbd\xef\xbf\xbd", false },
	{ "cut by a letter", "\xe2\x82x", "\xef\xbf\xbd\xef\xbf\xbdx", false },
	{ "latin-1", "caf\xe9", "caf\xef\xbf\xbd", false },
	{ "ff", "\xff\xfe", "\xef\xbf\xbd\xef\xbf\xbd", false },
};

START_TEST(json_string_rows)
{
	struct sbuf b = sbuf_of(1000);
	struct jw j = jw_to(&b);
	size_t n = strlen(strings[_i].in);
	char *exact = (char *)exact_copy(strings[_i].in, n);
	char want[100];

	jw_string_n(&j, NULL, exact, n);
	snprintf(want, sizeof(want), "\"%s\"", strings[_i].json);
	ck_assert_msg(strcmp(sbuf_text(&b), want) == 0, "%s: %s", strings[_i].name, sbuf_text(&b));
	ck_assert_msg(text_is_utf8(strings[_i].in) == strings[_i].utf8, "%s", strings[_i].name);
	ck_assert(text_is_utf8(sbuf_text(&b)));
	free(exact);
	sbuf_free(&b);
}
END_TEST

START_TEST(json_shapes)
{
	struct sbuf b = sbuf_of(1000);
	struct jw j = jw_to(&b);

	jw_object(&j, NULL);
	jw_array(&j, "a");
	jw_uint(&j, NULL, UINT64_MAX);
	jw_int(&j, NULL, INT64_MIN);
	jw_object(&j, NULL);
	jw_end_object(&j);
	jw_array(&j, NULL);
	jw_end_array(&j);
	jw_end_array(&j);
	jw_object(&j, "o\"");
	jw_bool(&j, "t", true);
	jw_bool(&j, "f", false);
	jw_null(&j, "n");
	jw_end_object(&j);
	jw_double(&j, "d", 1.005, 1);
	jw_double(&j, "nan", (double)NAN, 1);
	jw_double(&j, "inf", -(double)INFINITY, 1);
	jw_stringf(&j, "s", "%d%%", 5);
	jw_string_n(&j, "z", "a\0b", 3);
	jw_time_us(&j, "no", 0);
	jw_time_us(&j, "at", 1);
	jw_end_object(&j);
	ck_assert_str_eq(sbuf_text(&b),
	    "{\"a\":[18446744073709551615,-9223372036854775808,{},[]],"
	    "\"o\\\"\":{\"t\":true,\"f\":false,\"n\":null},\"d\":1.0,\"nan\":null,\"inf\":null,"
	    "\"s\":\"5%\",\"z\":\"a\\u0000b\",\"no\":null,"
	    "\"at\":\"1970-01-01T00:00:00.000001Z\"}");
	sbuf_free(&b);
}
END_TEST

/* Any octets make a string that a stranger's parser takes, and valid UTF-8 comes back unchanged. */
START_TEST(json_takes_any_octets)
{
	uint64_t rng = seed_of(_i);

	for (int round = 0; round < 300; round++) {
		struct sbuf b = sbuf_of(4000);
		struct jw j = jw_to(&b);
		char in[201];
		size_t n = rnd(&rng) % sizeof(in);
		json_t *back;

		for (size_t i = 0; i < n; i++)
			in[i] = (char)(rnd(&rng) % 3 ? 1 + rnd(&rng) % 127 : 1 + rnd(&rng) % 255);
		if (n == sizeof(in))
			n--;
		in[n] = '\0';
		jw_string(&j, NULL, in);
		ck_assert(!b.failed);
		back = json_loadb(b.data, b.len, JSON_DECODE_ANY, NULL);
		ck_assert_msg(json_is_string(back), "%s", b.data);
		if (text_is_utf8(in))
			ck_assert_str_eq(json_string_value(back), in);
		json_decref(back);
		sbuf_free(&b);
	}
}
END_TEST

static const struct {
	const char *from;
	size_t size;
	const char *want;
} copies[] = {
	{ "abc", 10, "abc" },
	{ "abc", 4, "abc" },
	{ "abc", 3, "ab" },
	{ "abc", 1, "" },
	{ "", 1, "" },
	{ "a\xc3\xa9", 4, "a\xc3\xa9" },
	{ "a\xc3\xa9", 3, "a" },
	{ "\xf0\x9f\x94\x94", 5, "\xf0\x9f\x94\x94" },
	{ "\xf0\x9f\x94\x94", 4, "" },
	{ "x\xf0\x9f\x94\x94y", 6, "x\xf0\x9f\x94\x94" },
	{ "x\xf0\x9f\x94\x94y", 5, "x" },
};

START_TEST(text_copy_rows)
{
	char *to = malloc(copies[_i].size);

	text_copy(to, copies[_i].size, copies[_i].from);
	ck_assert_msg(strcmp(to, copies[_i].want) == 0, "row %d: %s", _i, to);
	free(to);
}
END_TEST

/* --- clock */

static const struct {
	int64_t us;
	int decimals;
	const char *want;
} times[] = {
	{ 0, 0, "1970-01-01T00:00:00Z" },
	{ 999999, 0, "1970-01-01T00:00:00Z" },
	{ 999999, 3, "1970-01-01T00:00:00.999Z" },
	{ 999999, 6, "1970-01-01T00:00:00.999999Z" },
	{ -1, 6, "1969-12-31T23:59:59.999999Z" },
	{ -1000000, 6, "1969-12-31T23:59:59.000000Z" },
	{ 1709210096789000, 3, "2024-02-29T12:34:56.789Z" },
	{ 253402300799999999, 6, "9999-12-31T23:59:59.999999Z" },
	{ INT64_MAX, 6, "294247-01-10T04:00:54.775807Z" },
	{ INT64_MIN, 6, "-290308-12-21T19:59:05.224192Z" },
};

START_TEST(clock_rows)
{
	char buf[CLOCK_TEXT_MAX];

	ck_assert_str_eq(clock_format_us(times[_i].us, times[_i].decimals, buf), times[_i].want);
}
END_TEST

START_TEST(clocks_run_forward)
{
	int64_t mono = clock_mono_us(), cpu = clock_cpu_us();

	ck_assert_int_gt(clock_wall_us(), 1600000000000000);
	ck_assert_int_ge(clock_mono_us(), mono);
	ck_assert_int_ge(clock_cpu_us(), cpu);
}
END_TEST

/* --- log */

START_TEST(log_allowed_counts_what_it_holds_back)
{
	struct log_limit l = { .burst = 2, .period_us = 1000 };
	static const struct {
		int64_t now_us;
		bool allowed;
		uint32_t suppressed;
	} steps[] = {
		{ 5000, true, 0 },
		{ 5001, true, 0 },
		{ 5002, false, 0 },
		{ 5999, false, 0 },
		{ 6000, true, 2 }, /* a new period, and it says what was held back */
		{ 6001, true, 0 },
		{ 6002, false, 0 },
		{ 99000, true, 1 },
	};

	for (size_t i = 0; i < sizeof(steps) / sizeof(steps[0]); i++) {
		uint32_t suppressed = 77;

		ck_assert_msg(log_allowed(&l, steps[i].now_us, &suppressed) == steps[i].allowed,
		    "step %zu", i);
		ck_assert_msg(suppressed == steps[i].suppressed, "step %zu: %u", i, suppressed);
	}
}
END_TEST

START_TEST(log_levels)
{
	enum log_level level;

	for (int i = LOG_ERROR; i <= LOG_DEBUG; i++) {
		ck_assert(log_level_parse(log_level_name((enum log_level)i), &level));
		ck_assert_int_eq((int)level, i);
	}
	ck_assert(!log_level_parse("", &level) && !log_level_parse("errors", &level));
}
END_TEST

/* What a call of log_msg writes to standard error. */
static void
logged(enum log_format format, const char *text, char *out, size_t size)
{
	char name[] = "/tmp/test_base_XXXXXX";
	int file = mkstemp(name), saved = dup(STDERR_FILENO);
	ssize_t n;

	ck_assert(file >= 0 && saved >= 0);
	unlink(name);
	fflush(stderr);
	dup2(file, STDERR_FILENO);
	log_setup(LOG_INFO, format);
	log_debug("router", "not at this level");
	log_info("router", "%s", text);
	dup2(saved, STDERR_FILENO);
	n = pread(file, out, size - 1, 0);
	ck_assert_int_ge(n, 0);
	out[n] = '\0';
	close(file);
	close(saved);
}

/* Whatever a router says, a line is one whole line, and in JSON one whole object. */
START_TEST(log_lines_stay_lines)
{
	static const char fill[] = { 'a', '"', '\\', '\n', '\x7f', '\xe9' };
	char *text = malloc(6001), *out = malloc(40000);

	unsetenv("JOURNAL_STREAM");
	for (size_t i = 0; i < sizeof(fill); i++) {
		for (size_t n = 10; n <= 6000; n += 5990) {
			json_t *back;

			memset(text, fill[i], n);
			text[n] = '\0';
			logged(LOG_JSON, text, out, 40000);
			ck_assert_msg(strchr(out, '\n') == out + strlen(out) - 1,
			    "fill %02x, %zu: not one line", (uint8_t)fill[i], n);
			back = json_loads(out, 0, NULL);
			ck_assert_msg(back != NULL, "fill %02x, %zu", (uint8_t)fill[i], n);
			ck_assert_str_eq(json_string_value(json_object_get(back, "level")), "info");
			json_decref(back);
			logged(LOG_TEXT, text, out, 40000);
			ck_assert(strchr(out, '\n') == out + strlen(out) - 1);
			ck_assert_ptr_nonnull(strstr(out, " info    router: "));
		}
	}
	free(text);
	free(out);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("base");
	TCase *ip = tcase_create("ip"), *buf = tcase_create("sbuf, JSON, text"),
	      *rest = tcase_create("clock, log");

	tcase_set_timeout(ip, 120);
	tcase_set_timeout(buf, 120);
	tcase_set_timeout(rest, 120);
	harness_add_rows(ip, ip_addr_rows, addrs);
	harness_add_rows(ip, ip_prefix_rows, prefixes);
	tcase_add_test(ip, ip_none_is_a_dash);
	tcase_add_test(ip, ip_prefix_make_reads_what_it_needs);
	tcase_add_loop_test(ip, ip_covers_and_order, 0, SEEDS);
	tcase_add_test(ip, ip_addr_equal_knows_the_family);
	tcase_add_test(buf, sbuf_keeps_its_limit);
	tcase_add_test(buf, sbuf_printf_of_any_length);
	tcase_add_loop_test(buf, sbuf_against_an_array, 0, SEEDS);
	harness_add_rows(buf, json_string_rows, strings);
	tcase_add_test(buf, json_shapes);
	tcase_add_loop_test(buf, json_takes_any_octets, 0, SEEDS);
	harness_add_rows(buf, text_copy_rows, copies);
	harness_add_rows(rest, clock_rows, times);
	tcase_add_test(rest, clocks_run_forward);
	tcase_add_test(rest, log_allowed_counts_what_it_holds_back);
	tcase_add_test(rest, log_levels);
	tcase_add_test(rest, log_lines_stay_lines);
	suite_add_tcase(s, ip);
	suite_add_tcase(s, buf);
	suite_add_tcase(s, rest);
	return harness_run(s);
}
