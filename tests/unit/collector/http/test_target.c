/* What a request is for, and which types it takes: read strictly, whatever comes. */
#include "tests/unit/support/harness.h"

#include "collector/http/accept.h"
#include "collector/http/target.h"

static const struct {
	const char *raw;
	const char *read; /* "a|b?c=d" of its parts; NULL: it is refused */
} targets[] = {
	{ "/", "" },
	{ "/metrics", "metrics" },
	{ "/api/v1/routers", "api|v1|routers" },
	{ "/api/v1/", "api|v1" },
	{ "/a//b", "a||b" },
	{ "/%61?%62=%63", "a?b=c" },
	{ "/a%2Fb/c", "a/b|c" }, /* a slash in a name divides nothing */
	{ "/a+b?c=d+e", "a+b?c=d e" },
	{ "/a?", "a" },
	{ "/a?b", "a?b=" },
	{ "/a?&&b=1&", "a?b=1" },
	{ "/a?b=1=2", "a?b=1=2" },
	{ "/a?b=x%26y", "a?b=x&y" },
	{ "/r%C3%A9seau", "r\303\251seau" },
	{ "http://host:1/a/b?c=d", "a|b?c=d" },
	{ "http://host", "" },
	{ "", NULL },
	{ "a", NULL },
	{ "*", NULL },
	{ "/%", NULL },
	{ "/%4", NULL },
	{ "/%zz", NULL },
	{ "/%00", NULL },
	{ "/a?b=%00", NULL },
	{ "/%0a", NULL },
	{ "/\x7f", NULL },
	{ "/%ff", NULL },
	{ "/%ed%a0%80", NULL }, /* a surrogate */
	{ "/1/2/3/4/5/6/7/8/9", NULL },
	{ "/?1&2&3&4&5&6&7&8&9&10&11&12&13&14&15&16&17", NULL },
};

static void
write_down(const struct target *t, char *out, size_t size)
{
	size_t n = 0;

	out[0] = '\0';
	for (unsigned i = 0; i < t->segments; i++)
		n += (size_t)snprintf(out + n, size - n, "%s%s", i > 0 ? "|" : "", t->segment[i]);
	for (unsigned i = 0; i < t->parameters; i++)
		n += (size_t)snprintf(out + n, size - n, "%s%s=%s", i > 0 ? "&" : "?",
		    t->parameter[i].name, t->parameter[i].value);
}

START_TEST(each_target)
{
	char *raw = (char *)exact_copy(targets[_i].raw, strlen(targets[_i].raw) + 1), got[512];
	const char *wrong;
	struct target t;
	bool too_long, good = target_parse(raw, &t, &wrong, &too_long);

	ck_assert_msg(good == (targets[_i].read != NULL), "%s: %s", raw, good ? "read" : wrong);
	ck_assert_int_eq(wrong == NULL, good);
	ck_assert(!too_long);
	free(raw); /* nothing points into it */
	if (good) {
		write_down(&t, got, sizeof(got));
		ck_assert_str_eq(got, targets[_i].read);
	}
}
END_TEST

/* Cut at each length it is read or refused, and never read past its end. */
START_TEST(cut_short)
{
	static const char whole[] = "http://host/a%2Fb/%C3%A9?filter=kind%20~%20leak&n=1&x";

	for (size_t n = 0; n < sizeof(whole); n++) {
		char *raw = (char *)exact_copy(whole, n + 1);
		struct target t;
		const char *wrong;
		bool too_long;

		raw[n] = '\0';
		target_parse(raw, &t, &wrong, &too_long);
		free(raw);
	}
}
END_TEST

START_TEST(longest)
{
	static char raw[TARGET_MAX + 1];
	struct target t;
	const char *wrong;
	bool too_long;

	memset(raw, 'a', sizeof(raw) - 1);
	raw[0] = '/';
	ck_assert(!target_parse(raw, &t, &wrong, &too_long));
	ck_assert(too_long);
	raw[TARGET_MAX - 1] = '\0';
	ck_assert(target_parse(raw, &t, &wrong, &too_long));
	ck_assert_uint_eq(strlen(t.segment[0]), TARGET_MAX - 2);
}
END_TEST

START_TEST(values)
{
	struct target t;
	const char *wrong;
	bool too_long;

	ck_assert(target_parse("/?a=1&a=2&b", &t, &wrong, &too_long));
	ck_assert_str_eq(target_value(&t, "a", "none"), "1");
	ck_assert_str_eq(target_value(&t, "b", "none"), "");
	ck_assert_str_eq(target_value(&t, "c", "none"), "none");
}
END_TEST

static const struct {
	const char *accept, *type;
	unsigned weight;
} weights[] = {
	{ "text/plain", "text/plain", 1000 },
	{ "TEXT/Plain", "text/plain", 1000 },
	{ "text/plain;version=0.0.4;q=0.5,*/*;q=0.1", "text/plain", 500 },
	{ "text/plain;q=0.5, */*;q=0.1", "application/json", 100 },
	{ "text/*;q=0.3,text/plain;q=0.7,*/*", "text/plain", 700 },
	{ "text/*;q=0.3", "text/html", 300 },
	{ "text/*;q=0.3", "textual/html", 0 },
	{ "text/html", "text/plain", 0 },
	{ "text/plain;q=0", "text/plain", 0 },
	{ "text/plain;q=9", "text/plain", 1000 },
	{ "text/plain;q=-1", "text/plain", 0 },
	{ "text/plain;q=", "text/plain", 0 },
	{ " , ,;;,text/plain", "text/plain", 1000 },
	{ "", "text/plain", 0 },
	{ "*", "text/plain", 0 },
};

START_TEST(each_weight)
{
	size_t n = strlen(weights[_i].accept) + 1;
	char *accept = (char *)exact_copy(weights[_i].accept, n);

	ck_assert_uint_eq(accept_weight(accept, weights[_i].type), weights[_i].weight);
	free(accept);
}
END_TEST

HARNESS_MAIN("http_target")
{
	ROWS(each_target, targets);
	TEST(cut_short);
	TEST(longest);
	TEST(values);
	ROWS(each_weight, weights);
}
