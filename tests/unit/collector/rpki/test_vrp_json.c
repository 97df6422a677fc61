/* VRP files: the dialects of the validators, what is refused and with which words, the real one. */
#include "collector/rpki/vrp_json.h"

#include <time.h>

#include "base/sbuf.h"
#include "tests/unit/support/harness.h"

static const struct row {
	const char *name, *text;
	bool ok;
	size_t roas, rejected;
	const char *says; /* in error, or in first_rejected */
} rows[] = {
	{ "rpki-client",
	    "{\"metadata\":{\"vrps\":2,\"talfiles\":[\"a\",\"b\"]},\"roas\":["
	    "{\"asn\":64500,\"prefix\":\"192.0.2.0/"
	    "24\",\"maxLength\":24,\"ta\":\"x\",\"expires\":1},"
	    "{\"asn\":64501,\"prefix\":\"2001:db8::/32\",\"maxLength\":48}],"
	    "\"bgpsec_keys\":[{}],\"aspas\":[{\"customer_asid\":1}],\"new\":[1,{\"a\":[]}]}",
	    true, 2, 0, NULL },
	{ "AS as text",
	    "{\"roas\":[{\"asn\":\"AS64500\",\"prefix\":\"192.0.2.0/24\",\"maxLength\":25},"
	    "{\"asn\":\"as1\",\"prefix\":\"10.0.0.0/8\"},{\"asn\":\"4294967295\",\"prefix\":\"::/"
	    "0\"}]}",
	    true, 3, 0, NULL },
	{ "nothing valid today", "{\"roas\":[]}", true, 0, 0, NULL },
	{ "white space", "\r\n\t { \"roas\" : [ ] , \"x\" : null } \n", true, 0, 0, NULL },
	{ "one bad of two",
	    "{\"roas\":[{\"asn\":1,\"prefix\":\"10.0.0.0/8\"},\n{\"asn\":1,\"prefix\":\"10.0.0.1/"
	    "8\"}]}",
	    true, 1, 1, "line 2" },
	{ "max below len",
	    "{\"roas\":[{\"asn\":1,\"prefix\":\"10.0.0.0/8\"},"
	    "{\"asn\":1,\"prefix\":\"10.0.0.0/8\",\"maxLength\":7}]}",
	    true, 1, 1, "10.0.0.0/8" },
	{ "max over width",
	    "{\"roas\":[{\"asn\":1,\"prefix\":\"10.0.0.0/8\"},"
	    "{\"asn\":1,\"prefix\":\"10.0.0.0/8\",\"maxLength\":33}]}",
	    true, 1, 1, NULL },
	{ "AS too large",
	    "{\"roas\":[{\"asn\":1,\"prefix\":\"10.0.0.0/8\"},"
	    "{\"asn\":4294967296,\"prefix\":\"10.0.0.0/8\"},{\"asn\":-1,\"prefix\":\"10.0.0.0/8\"},"
	    "{\"asn\":\"AS4294967296\",\"prefix\":\"10.0.0.0/8\"},{\"asn\":\"AS 1\",\"prefix\":"
	    "\"10.0.0.0/8\"},{\"prefix\":\"10.0.0.0/8\"},7,null]}",
	    false, 1, 7, "7 of 8" },
	{ "one of many is no VRP",
	    "{\"roas\":[{\"asn\":1,\"prefix\":\"10.0.0.0/8\"},{\"prefix\":\"10.0.0.0/8\"},"
	    "{\"asn\":1,\"prefix\":\"11.0.0.0/8\"},{\"asn\":1,\"prefix\":\"12.0.0.0/8\"}]}",
	    true, 3, 1, "not a VRP" },
	{ "a key twice in an entry",
	    "{\"roas\":[{\"asn\":1,\"prefix\":\"10.0.0.0/8\"},"
	    "{\"asn\":1,\"prefix\":\"11.0.0.0/8\",\"asn\":2}]}",
	    true, 1, 1, "twice" },
	{ "two lists", "{\"roas\":[{\"asn\":1,\"prefix\":\"10.0.0.0/8\"}],\"roas\":[]}", false, 1,
	    0, "twice" },
	{ "a full document behind an empty one",
	    "{\"roas\":[]}\n{\"roas\":[{\"asn\":1,\"prefix\":\"10.0.0.0/8\"}]}", false, 0, 0,
	    "line 2: there is something behind the end" },
	{ "an octet behind the end", "{\"roas\":[]}]", false, 0, 0, "behind the end" },
	{ "local exceptions, not a VRP file",
	    "{\"slurmVersion\":1,\"validationOutputFilters\":{},\"locallyAddedAssertions\":{}}",
	    false, 0, 0, "rpki.slurm" },
	{ "what is shown of a wrong entry",
	    "{\"roas\":[{\"asn\":1,\"prefix\":\"10.0.0.0/8\"},{\"a\":\"\x7f\"}]}", true, 1, 1,
	    "\\x7f" },
	{ "all bad", "{\"roas\":[{\"asn\":1,\"prefix\":\"nonsense\"}]}", false, 0, 1, "nonsense" },
	{ "no roas", "{\"metadata\":{}}", false, 0, 0, "roas" },
	{ "roas no array", "{\"roas\":{}}", false, 0, 0, "'['" },
	{ "empty", "", false, 0, 0, "line 1" },
	{ "an array", "[]", false, 0, 0, "'{'" },
	{ "half written", "{\"roas\":[\n{\"asn\":1,\"prefix\":\"10.0.0.0/8\"},\n{\"asn\"", false, 1,
	    0, "line 3" },
	{ "no comma", "{\"roas\":[{\"asn\":1,\"prefix\":\"10.0.0.0/8\"} {}]}", false, 1, 0, "','" },
	{ "syntax inside", "{\"roas\":[\n\n{\"asn\":1,\"prefix\":}]}", false, 0, 0, "line 3" },
};

START_TEST(dialects)
{
	const struct row *row = &rows[_i];
	struct vrp_list l = { 0 };
	struct vrp first = { .max_len = 9 };
	struct vrp_file_stats st;
	char error[200] = "", *exact = malloc(strlen(row->text) + (row->text[0] == '\0'));
	bool ok;

	memcpy(exact, row->text, strlen(row->text));
	ck_assert(vrp_list_add(&l, &first)); /* what was there stays */
	ok = vrp_json_parse(exact, strlen(row->text), NULL, &l, &st, error, sizeof(error));
	ck_assert_msg(ok == row->ok, "%s: %s", row->name, error);
	ck_assert_msg(l.n == 1 + (row->ok ? row->roas : 0), "%s: %zu", row->name, l.n);
	ck_assert_uint_eq(l.v[0].max_len, 9);
	if (row->ok)
		ck_assert_msg(st.roas == row->roas && st.rejected == row->rejected,
		    "%s: %zu roas, %zu rejected", row->name, st.roas, st.rejected);
	if (row->says != NULL)
		ck_assert_msg(strstr(row->ok ? st.first_rejected : error, row->says) != NULL,
		    "%s: says '%s%s'", row->name, error, st.first_rejected);
	free(exact);
	vrp_list_free(&l);
}
END_TEST

START_TEST(values_are_right)
{
	struct vrp_list l = { 0 };
	struct vrp_file_stats st;
	char error[200];

	ck_assert(vrp_json_parse(rows[1].text, strlen(rows[1].text), NULL, &l, &st, error, 200));
	ck_assert(l.v[0].asn == 64500 && l.v[0].max_len == 25 && l.v[0].prefix.len == 24);
	ck_assert(l.v[1].asn == 1 && l.v[1].max_len == 8);
	ck_assert(l.v[2].asn == UINT32_MAX && l.v[2].prefix.family == IP_V6);
	vrp_list_free(&l);
	ck_assert(vrp_json_parse(rows[0].text, strlen(rows[0].text), NULL, &l, &st, error, 200));
	ck_assert(st.aspas == 1 && st.keys == 1);
	vrp_list_free(&l);
}
END_TEST

/* Whose VRP it is, and how old the data: by the names of each validator. */
START_TEST(trust_anchors_and_times)
{
	static const struct {
		const char *metadata;
		int64_t built;
	} times[] = {
		{ "\"buildtime\":\"2026-03-01T12:00:00Z\"", 1772366400 },
		{ "\"buildtime\":\"2026-03-01T14:30:00.5+02:30\"", 1772366400 },
		{ "\"buildtime\":\"2024-02-29T23:59:59-01:00\"", 1709254799 },
		{ "\"generated\":1772366400,\"generatedTime\":\"x\"", 1772366400 },
		{ "\"generatedTime\":\"2026-03-01T12:00:00Z\"", 1772366400 },
		{ "\"buildtime\":\"yesterday\"", 0 },
		{ "\"buildtime\":7", 0 },
	};
	struct vrp_list l = { 0 };
	struct vrp_file_stats st;
	char text[1024], error[200];

	snprintf(text, sizeof(text),
	    "{\"metadata\":{%s},\"roas\":["
	    "{\"asn\":1,\"prefix\":\"10.0.0.0/8\",\"ta\":\"ripe\"},"
	    "{\"asn\":1,\"prefix\":\"11.0.0.0/8\",\"ta\":\"apnic\"},"
	    "{\"asn\":1,\"prefix\":\"12.0.0.0/"
	    "8\",\"source\":[{\"type\":\"roa\",\"tal\":\"ripe\"}]},"
	    "{\"asn\":1,\"prefix\":\"13.0.0.0/8\"}]}",
	    times[_i].metadata);
	ck_assert_msg(vrp_json_parse(text, strlen(text), NULL, &l, &st, error, 200), "%s", error);
	ck_assert_msg(st.built_s == times[_i].built, "%lld", (long long)st.built_s);
	ck_assert(st.tas.n == 2 && strcmp(st.tas.name[1], "apnic") == 0);
	ck_assert(l.v[0].ta == 1 && l.v[1].ta == 2 && l.v[2].ta == 1 && l.v[3].ta == 0);
	ck_assert_int_eq(st.lapses_s, 0);
	vrp_list_free(&l);
}
END_TEST

/* One that is past its time, a tenth of them, and more: then the file is old, and they stay. */
START_TEST(entries_past_their_time)
{
	static const struct {
		int late, all;
		size_t stay;
	} cases[] = { { 1, 3, 2 }, { 2, 3, 3 }, { 2, 20, 18 }, { 3, 20, 20 }, { 20, 20, 20 } };
	struct vrp_json_how how = { .now_s = 2000 };
	struct sbuf text = sbuf_of(1 << 16);
	struct vrp_list l = { 0 };
	struct vrp_file_stats st;
	char error[200];

	sbuf_puts(&text, "{\"roas\":[");
	for (int i = 0; i < cases[_i].all; i++)
		sbuf_printf(&text, "%s{\"asn\":%d,\"prefix\":\"10.0.0.0/8\",\"expires\":%d}",
		    i > 0 ? "," : "", i, i < cases[_i].late ? 1999 : 2000);
	sbuf_puts(&text, "]}");
	ck_assert(vrp_json_parse(text.data, text.len, &how, &l, &st, error, 200));
	ck_assert_uint_eq(l.n, cases[_i].stay);
	ck_assert(st.roas == l.n && st.expired == (size_t)cases[_i].all - l.n);
	ck_assert_msg((st.lapses_s < 2000) == (st.expired == 0), "%lld", (long long)st.lapses_s);
	vrp_list_free(&l);
	sbuf_free(&text);
}
END_TEST

/* A tenth of the entries expired: the time of the third of twenty. */
START_TEST(when_it_lapses)
{
	struct sbuf text = sbuf_of(1 << 16);
	struct vrp_list l = { 0 };
	struct vrp_file_stats st;
	char error[200];

	sbuf_puts(&text, "{\"roas\":[");
	for (int i = 0; i < 20; i++)
		sbuf_printf(&text, "%s{\"asn\":%d,\"prefix\":\"10.0.0.0/8\",\"expires\":%d}",
		    i > 0 ? "," : "", i, 5000 - i * 10);
	sbuf_puts(&text, "]}");
	ck_assert(vrp_json_parse(text.data, text.len, NULL, &l, &st, error, 200));
	ck_assert_int_eq(st.lapses_s, 5000 - 190 + 20);
	vrp_list_free(&l);
	sbuf_free(&text);
}
END_TEST

START_TEST(given_up)
{
	_Atomic bool stop = true;
	struct vrp_json_how how = { .stop = &stop };
	struct vrp_list l = { 0 };
	struct vrp_file_stats st;
	char error[200];

	ck_assert(!vrp_json_parse(rows[0].text, strlen(rows[0].text), &how, &l, &st, error, 200));
	ck_assert(l.n == 0 && strstr(error, "given up") != NULL);
	vrp_list_free(&l);
}
END_TEST

/* Every beginning of a file is refused: a half-written one never counts as a smaller one. */
START_TEST(every_cut_is_refused)
{
	size_t whole = strlen(rows[0].text);

	for (size_t n = 0; n < whole; n++) {
		char *exact = malloc(n + (n == 0)), error[200];
		struct vrp_list l = { 0 };
		struct vrp_file_stats st;

		memcpy(exact, rows[0].text, n);
		ck_assert_msg(
		    !vrp_json_parse(exact, n, NULL, &l, &st, error, 200), "cut at %zu", n);
		ck_assert_uint_eq(l.n, 0);
		free(exact);
		vrp_list_free(&l);
	}
}
END_TEST

static double
cpu(void)
{
	return (double)clock() / CLOCKS_PER_SEC;
}

/* Origins near and far from a VRP of each, so that all verdicts occur. */
static void
time_validation(const struct vrp_list *l, const struct vrp_set *s)
{
	enum { N = 4000000 };
	unsigned states[3] = { 0 };
	uint64_t x = 88172645463325252ULL;
	double t = cpu();

	for (int i = 0; i < N; i++) {
		const struct vrp *v;

		x ^= x << 13;
		x ^= x >> 7;
		x ^= x << 17;
		v = &l->v[(x >> 16) % l->n];
		states[vrp_validate(s, &v->prefix, true, v->asn + (x & 1)).state]++;
	}
	t = cpu() - t;
	printf("real snapshot: %d validations at random in %.2f s, %.0f ns each (%u valid, %u "
	       "invalid, %u not found)\n",
	    N, t, t * 1e9 / N, states[ROV_VALID], states[ROV_INVALID], states[ROV_NOT_FOUND]);
	ck_assert_uint_gt(states[ROV_VALID], N / 4);
	ck_assert_uint_gt(states[ROV_INVALID], 0);
}

START_TEST(real_snapshot)
{
	const char *shared = getenv("BELLMAN_SHARED");
	struct sbuf text = sbuf_of((size_t)1 << 28);
	struct vrp_list l = { 0 };
	struct vrp_file_stats st;
	struct vrp_set *s;
	char command[600], error[200] = "", chunk[65536];
	double t0, t1, t2;
	size_t n;
	FILE *p;

	snprintf(command, sizeof(command), "bzcat %s/data/rpki/rpki-client-*.json.bz2 2>/dev/null",
	    shared != NULL ? shared : "../shared");
	p = popen(command, "r");
	ck_assert_ptr_nonnull(p);
	while ((n = fread(chunk, 1, sizeof(chunk), p)) > 0)
		sbuf_add(&text, chunk, n);
	pclose(p);
	if (text.len == 0) {
		printf("SKIPPED: real snapshot: no bzcat or no file\n");
		return;
	}
	t0 = cpu();
	ck_assert_msg(
	    vrp_json_parse(sbuf_text(&text), text.len, NULL, &l, &st, error, sizeof(error)), "%s",
	    error);
	t1 = cpu();
	ck_assert_uint_eq(st.rejected, 0);
	ck_assert_uint_eq(st.aspas, 100);
	vrp_list_sort_unique(&l);
	t2 = cpu();
	ck_assert_uint_eq(l.n, 723521);
	s = vrp_set_new(&l, 1);
	ck_assert_uint_eq(vrp_set_count(s, IP_V4) + vrp_set_count(s, IP_V6), 723521);
	printf("real snapshot: %zu VRPs: parse %.2f s, sort %.2f s, build %.3f s, %.1f octets a "
	       "VRP\n",
	    l.n, t1 - t0, t2 - t1, cpu() - t2, (double)vrp_set_bytes(s) / (double)l.n);
	time_validation(&l, s);
	vrp_set_unref(s);
	vrp_list_free(&l);
	sbuf_free(&text);
}
END_TEST

/* Of the same VRP several times the last end counts; what ends late, or does not say it, never. */
START_TEST(when_they_expire)
{
	static const char text[] =
	    "{\"roas\":[{\"asn\":1,\"prefix\":\"10.0.0.0/8\",\"maxLength\":8,\"expires\":4600},\n"
	    "{\"asn\":1,\"prefix\":\"10.0.0.0/8\",\"maxLength\":8,\"expires\":5200},\n"
	    "{\"asn\":2,\"prefix\":\"11.0.0.0/8\",\"maxLength\":8,\"expires\":90000},\n"
	    "{\"asn\":3,\"prefix\":\"12.0.0.0/8\",\"maxLength\":8},\n"
	    "{\"asn\":4,\"prefix\":\"13.0.0.0/8\",\"maxLength\":8,\"source\":[\n"
	    "  "
	    "{\"chainValidity\":{\"notAfter\":\"1970-01-01T02:00:00Z\"},\"stale\":\"1970-01-01T01:"
	    "00:00Z\"},"
	    "  "
	    "{\"chainValidity\":{\"notAfter\":\"1970-01-01T01:30:00Z\"},\"stale\":\"1970-01-02T00:"
	    "00:00Z\"}]},\n"
	    "{\"asn\":5,\"prefix\":\"14.0.0.0/8\",\"maxLength\":8,\"source\":[\n"
	    "  {\"chainValidity\":{\"notAfter\":\"1970-01-01T02:00:00Z\"}}, {\"tal\":\"x\"}]}]}";
	static const int64_t want[] = { 5200, 0, 0, 5400, 0 };
	struct vrp_expiries expiring = { 0 };
	struct vrp_json_how how = { .now_s = 1000, .expiring = &expiring };
	struct vrp_list list = { 0 };
	struct vrp_file_stats stats;
	char error[160], prefix[16];

	ck_assert_msg(vrp_json_parse(text, strlen(text), &how, &list, &stats, error, sizeof(error)),
	    "%s", error);
	for (unsigned i = 0; i < 5; i++) {
		struct vrp v = { .max_len = 8, .asn = i + 1 };

		snprintf(prefix, sizeof(prefix), "%u.0.0.0/8", 10 + i);
		ck_assert(ip_prefix_parse(prefix, true, &v.prefix));
		ck_assert_int_eq(vrp_expiries_find(&expiring, &v), want[i]);
	}
	vrp_expiries_free(&expiring);
	vrp_list_free(&list);
}
END_TEST

/* A text that comes in pieces. */
struct pieces {
	const char *text;
	size_t left, most;
};

static ssize_t
read_piece(void *ctx, void *to, size_t n)
{
	struct pieces *p = ctx;

	n = n < p->most ? n : p->most;
	n = n < p->left ? n : p->left;
	memcpy(to, p->text, n);
	p->text += n;
	p->left -= n;
	return (ssize_t)n;
}

/* Piece by piece each row says what it says at once, also where it is wrong. */
START_TEST(in_pieces)
{
	const struct row *row = &rows[_i];

	for (size_t most = 1; most < 80; most += 13) {
		struct pieces p = { row->text, strlen(row->text), most };
		struct vrp_json_how how = { .read = read_piece, .ctx = &p };
		char error[200] = "", whole_error[200] = "";
		struct vrp_list l = { 0 }, whole = { 0 };
		struct vrp_file_stats st, whole_st;
		bool ok = vrp_json_parse(NULL, 0, &how, &l, &st, error, sizeof(error));

		ck_assert(vrp_json_parse(row->text, strlen(row->text), NULL, &whole, &whole_st,
			      whole_error, sizeof(whole_error)) == ok);
		ck_assert_str_eq(error, whole_error);
		ck_assert_str_eq(st.first_rejected, whole_st.first_rejected);
		ck_assert_uint_eq(l.n, whole.n);
		vrp_list_free(&l);
		vrp_list_free(&whole);
	}
}
END_TEST

/* Longer than a piece of memory, with values that are, too; what is wrong is at its line. */
START_TEST(in_pieces_of_a_long_text)
{
	enum { N = 30000, LONG = 700000 };
	struct sbuf text = sbuf_of((size_t)1 << 26);
	struct pieces p = { .most = 100000 };
	struct vrp_json_how how = { .read = read_piece, .ctx = &p };
	struct vrp_list l = { 0 };
	struct vrp_file_stats st;
	char error[200];

	sbuf_puts(&text, "{\"metadata\":{\"x\":\"");
	for (int i = 0; i < LONG; i++)
		sbuf_putc(&text, 'x');
	sbuf_puts(&text, "\"},\n\"roas\":[\n");
	for (int i = 0; i < N; i++)
		sbuf_printf(&text, "%s{\"asn\":%d,\"prefix\":\"10.%d.%d.0/24\",\"maxLength\":%d}",
		    i > 0 ? ",\n" : "", i, i / 256, i % 256, i == N - 5 ? 7 : 24);
	sbuf_puts(&text, "]}");
	p.text = sbuf_text(&text);
	p.left = text.len;
	ck_assert_msg(vrp_json_parse(NULL, 0, &how, &l, &st, error, sizeof(error)), "%s", error);
	ck_assert_uint_eq(l.n, N - 1);
	ck_assert_msg(strstr(st.first_rejected, "line 29998:") != NULL, "%s", st.first_rejected);
	vrp_list_free(&l);
	sbuf_free(&text);
}
END_TEST

HARNESS_MAIN("vrp_json")
{
	TIMEOUT(180);
	ROWS(dialects, rows);
	ROWS(in_pieces, rows);
	TEST(in_pieces_of_a_long_text);
	TEST(values_are_right);
	LOOP(trust_anchors_and_times, 7);
	LOOP(entries_past_their_time, 5);
	TEST(when_it_lapses);
	TEST(when_they_expire);
	TEST(given_up);
	TEST(every_cut_is_refused);
	TEST(real_snapshot);
}
