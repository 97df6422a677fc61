/* Local exceptions (RFC 8416): every member of the format, what makes a file invalid and with which
 * words, filters before assertions, and files that real programs made. */
#include "collector/rpki/slurm.h"

#include "base/sbuf.h"
#include "tests/unit/support/harness.h"

#define FILTERS(prefixes, keys)                                                                    \
	"\"validationOutputFilters\":{\"prefixFilters\":[" prefixes "],\"bgpsecFilters\":[" keys   \
	"]}"
#define ASSERTIONS(prefixes, keys)                                                                 \
	"\"locallyAddedAssertions\":{\"prefixAssertions\":[" prefixes                              \
	"],\"bgpsecAssertions\":[" keys "]}"
#define FILE_OF(filters, assertions) "{\"slurmVersion\":1," filters "," assertions "}"
#define NONE			     FILTERS("", "")
#define ADD_NONE		     ASSERTIONS("", "")

/* The members of the examples in RFC 8416 sections 3.3 to 3.5, keys filled in. */
static const char everything[] = FILE_OF(
    FILTERS("{\"prefix\":\"192.0.2.0/24\",\"comment\":\"all below\"},"
	    "{\"asn\":64496,\"comment\":\"all of it\"},"
	    "{\"prefix\":\"198.51.100.0/24\",\"asn\":64497,\"comment\":\"both\"}",
	"{\"asn\":64496,\"comment\":\"keys\"},{\"SKI\":\"Zm9v\",\"comment\":\"one key\"},"
	"{\"asn\":64497,\"SKI\":\"YmFy\",\"comment\":\"one key of it\"}"),
    ASSERTIONS("{\"asn\":64496,\"prefix\":\"198.51.100.0/24\",\"comment\":\"my important route\"},"
	       "{\"asn\":64496,\"prefix\":\"2001:db8::/32\",\"maxPrefixLength\":48,\"comment\":"
	       "\"my de-aggregated routes\"}",
	"{\"asn\":64496,\"comment\":\"my known key\",\"SKI\":\"YmF6\",\"routerPublicKey\":"
	"\"Ymxh\"}"));

static struct vrp
vrp_of(const char *prefix, uint8_t max_len, uint32_t asn)
{
	struct vrp v;

	memset(&v, 0, sizeof(v));
	ck_assert_msg(ip_prefix_parse(prefix, true, &v.prefix), "%s", prefix);
	v.max_len = max_len;
	v.asn = asn;
	return v;
}

static void
parse(const char *text, struct slurm *s)
{
	char error[256] = "";

	ck_assert_msg(slurm_parse(text, strlen(text), s, error, sizeof(error)), "%s", error);
}

START_TEST(every_member)
{
	struct vrp v4 = vrp_of("198.51.100.0/24", 24, 64496),
		   v6 = vrp_of("2001:db8::/32", 48, 64496);
	struct slurm s;

	parse(everything, &s);
	ck_assert_uint_eq(s.filters_n, 3);
	ck_assert(s.filters[0].has_prefix && !s.filters[0].has_asn);
	ck_assert(!s.filters[1].has_prefix && s.filters[1].has_asn && s.filters[1].asn == 64496);
	ck_assert(s.filters[2].has_prefix && s.filters[2].has_asn && s.filters[2].asn == 64497);
	ck_assert(s.assertions.n == 2 && s.keys == 4);
	ck_assert_ptr_nonnull(vrp_list_find(&s.assertions, &v4));
	ck_assert_ptr_nonnull(vrp_list_find(&s.assertions, &v6));
	slurm_free(&s);
	parse(FILE_OF(NONE, ADD_NONE), &s);
	ck_assert(s.filters_n == 0 && s.assertions.n == 0);
	slurm_free(&s);
}
END_TEST

static const struct {
	const char *prefix;
	uint8_t max_len;
	uint32_t asn;
	bool stays;
} filtered[] = {
	{ "192.0.2.0/24", 24, 1, false }, { "192.0.2.128/25", 25, 1, false }, /* more specific */
	{ "192.0.0.0/16", 24, 1, true },				      /* less specific */
	{ "10.0.0.0/8", 8, 64496, false },				      /* by its AS */
	{ "2001:db8::/32", 32, 64496, false },
	{ "198.51.100.0/25", 25, 64497, false }, /* by both */
	{ "198.51.100.0/25", 25, 64498, true }, { "203.0.113.0/24", 24, 64497, true },
	{ "c000:200::/24", 24, 1, true }, /* the octets of 192.0.2, in the other family */
};

START_TEST(filters_take_out)
{
	struct vrp v = vrp_of(filtered[_i].prefix, filtered[_i].max_len, filtered[_i].asn);
	struct vrp_list l = { 0 };
	struct slurm s;

	parse(everything, &s);
	ck_assert(vrp_list_add(&l, &v));
	slurm_filter(&s, &l);
	ck_assert_msg((l.n == 1) == filtered[_i].stays, "%s AS%u", filtered[_i].prefix, v.asn);
	vrp_list_free(&l);
	slurm_free(&s);
}
END_TEST

#define ONE_FILTER(text)    FILE_OF(FILTERS(text, ""), ADD_NONE)
#define ONE_KEY(text)	    FILE_OF(FILTERS("", text), ADD_NONE)
#define ONE_ASSERTION(text) FILE_OF(NONE, ASSERTIONS(text, ""))
#define KEY_ASSERTION(text) FILE_OF(NONE, ASSERTIONS("", text))
#define OF_ASPAS(filters, assertions)                                                              \
	"{\"slurmVersion\":2,\"validationOutputFilters\":{\"prefixFilters\":[],"                   \
	"\"bgpsecFilters\":[],\"aspaFilters\":[" filters "]},\"locallyAddedAssertions\":{"         \
	"\"prefixAssertions\":[],\"bgpsecAssertions\":[],\"aspaAssertions\":[" assertions "]}}"
#define ASPA_FILTER(text)    OF_ASPAS(text, "")
#define ASPA_ASSERTION(text) OF_ASPAS("", text)

static const struct {
	const char *text, *says;
} invalid[] = {
	{ "", "line 1" },
	{ "{\n\"slurmVersion\":1,", "line 2" },
	{ "[]", "object" },
	{ FILE_OF(NONE, ADD_NONE) "{}", "end of file" },
	{ "{\"roas\":[]}", "rpki.files" },
	{ "{" NONE "," ADD_NONE "}", "slurmVersion" },
	{ "{\"slurmVersion\":3," NONE "," ADD_NONE "}", "slurmVersion" },
	{ "{\"slurmVersion\":\"1\"," NONE "," ADD_NONE "}", "slurmVersion" },
	{ "{\"slurmVersion\":1," NONE "}", "locallyAddedAssertions: is missing" },
	{ "{\"slurmVersion\":1," ADD_NONE "}", "validationOutputFilters: is missing" },
	{ "{\"slurmVersion\":1,\"extra\":0," NONE "," ADD_NONE "}", "unknown member \"extra\"" },
	{ "{\"slurmVersion\":1,\"slurmVersion\":1," NONE "," ADD_NONE "}", "duplicate" },
	{ "{\"slurmVersion\":1,\"validationOutputFilters\":{\"prefixFilters\":[]}," ADD_NONE "}",
	    "\"bgpsecFilters\" should be there" },
	{ "{\"slurmVersion\":1,\"validationOutputFilters\":{\"prefixFilters\":{},"
	  "\"bgpsecFilters\":[]}," ADD_NONE "}",
	    "\"prefixFilters\" should be there, and an array" },
	{ "{\"slurmVersion\":1,\"validationOutputFilters\":{\"prefixFilters\":[],"
	  "\"bgpsecFilters\":[],\"aspaFilters\":[]}," ADD_NONE "}",
	    "unknown member \"aspaFilters\"" },
	{ "{\"slurmVersion\":2," NONE "," ADD_NONE "}", "\"aspaFilters\" should be there" },
	{ ASPA_FILTER("{}"), "aspaFilters[0]: \"customerAsn\" is missing" },
	{ ASPA_FILTER("{\"customerAsn\":0}"), "a number from 1 to 4294967295" },
	{ ASPA_FILTER("{\"customerAsn\":1,\"asn\":1}"), "unknown member \"asn\"" },
	{ ASPA_ASSERTION("{\"customerAsn\":1}"), "\"providerAsns\" should be there" },
	{ ASPA_ASSERTION("{\"customerAsn\":1,\"providerAsns\":[]}"), "should be there" },
	{ ASPA_ASSERTION("{\"customerAsn\":1,\"providerAsns\":[\"AS2\"]}"), "numbers from 0" },
	{ ASPA_ASSERTION("{\"customerAsn\":1,\"providerAsns\":[2,1]}"), "not the customer" },
	{ ONE_FILTER("{}"), "validationOutputFilters.prefixFilters[0]: \"prefix\" or \"asn\"" },
	{ ONE_FILTER("7"), "prefixFilters[0]: an object" },
	{ ONE_FILTER("{\"asn\":1},{\"asn\":1,\"max\":3}"),
	    "prefixFilters[1]: unknown member \"max\"; known are: prefix asn comment" },
	{ ONE_FILTER("{\"asn\":\"AS1\"}"), "\"asn\" should be a number" },
	{ ONE_FILTER("{\"asn\":4294967296}"), "\"asn\" should be a number" },
	{ ONE_FILTER("{\"asn\":-1}"), "\"asn\" should be a number" },
	{ ONE_FILTER("{\"prefix\":\"192.0.2.1/24\"}"), "without host bits" },
	{ ONE_FILTER("{\"prefix\":\"192.0.2.1\"}"), "\"prefix\" should be one" },
	{ ONE_FILTER("{\"prefix\":\"192.0.2.0/33\"}"), "\"prefix\" should be one" },
	{ ONE_FILTER("{\"asn\":1,\"comment\":7}"), "\"comment\" should be a text" },
	{ ONE_KEY("{}"), "validationOutputFilters.bgpsecFilters[0]: \"asn\" or \"SKI\"" },
	{ ONE_KEY("{\"SKI\":7}"), "base64" },
	{ ONE_KEY("{\"SKI\":\"\"}"), "base64" },
	{ ONE_ASSERTION("{\"prefix\":\"192.0.2.0/24\"}"), "\"asn\" is missing" },
	{ ONE_ASSERTION("{\"asn\":1}"), "\"prefix\" is missing" },
	{ ONE_ASSERTION("{\"asn\":1,\"prefix\":\"192.0.2.0/24\",\"maxPrefixLength\":23}"),
	    "prefixAssertions[0]: \"maxPrefixLength\" should be a number from 24 to 32" },
	{ ONE_ASSERTION("{\"asn\":1,\"prefix\":\"192.0.2.0/24\",\"maxPrefixLength\":33}"),
	    "from 24 to 32" },
	{ ONE_ASSERTION("{\"asn\":1,\"prefix\":\"192.0.2.0/24\",\"maxLength\":24}"),
	    "unknown member \"maxLength\"" },
	{ KEY_ASSERTION("{\"asn\":1,\"SKI\":\"Zm9v\"}"), "\"routerPublicKey\" is missing" },
	{ KEY_ASSERTION("{\"asn\":1,\"routerPublicKey\":\"Zm9v\"}"), "\"SKI\" is missing" },
	{ KEY_ASSERTION("{\"SKI\":\"Zm9v\",\"routerPublicKey\":\"Zm9v\"}"), "\"asn\" is missing" },
};

START_TEST(one_wrong_member_is_the_whole_file)
{
	char *exact = (char *)exact_copy(invalid[_i].text, strlen(invalid[_i].text));
	char error[256] = "";
	struct slurm s;

	ck_assert_msg(!slurm_parse(exact, strlen(invalid[_i].text), &s, error, sizeof(error)), "%s",
	    invalid[_i].text);
	ck_assert_msg(
	    strstr(error, invalid[_i].says) != NULL, "'%s' for %s", error, invalid[_i].text);
	ck_assert(s.filters_n == 0 && s.assertions.n == 0 && s.filters == NULL);
	free(exact);
}
END_TEST

START_TEST(version_2)
{
	struct slurm s;

	parse("{\"slurmVersion\":2,\"validationOutputFilters\":{\"prefixFilters\":[{\"asn\":1}],"
	      "\"bgpsecFilters\":[],\"aspaFilters\":[{\"customerAsn\":1}]},"
	      "\"locallyAddedAssertions\":{\"prefixAssertions\":[],\"bgpsecAssertions\":[],"
	      "\"aspaAssertions\":[{\"customerAsn\":1,\"providerAsns\":[2]}]}}",
	    &s);
	ck_assert_uint_eq(s.filters_n, 1);
	ck_assert(s.customers_n == 1 && s.customers[0] == 1);
	ck_assert(s.aspas.n == 1 && s.aspas.v[0].customer == 1 && s.aspas.v[0].provider == 2);
	slurm_free(&s);
}
END_TEST

START_TEST(overlapping_files)
{
	static const struct {
		const char *a, *b;
		bool overlap;
	} rows[] = {
		{ ONE_FILTER("{\"prefix\":\"192.0.2.0/24\"}"),
		    ONE_ASSERTION("{\"asn\":1,\"prefix\":\"192.0.2.128/25\"}"), true },
		{ ONE_ASSERTION("{\"asn\":1,\"prefix\":\"192.0.2.128/25\"}"),
		    ONE_FILTER("{\"prefix\":\"192.0.2.0/24\"}"), true },
		{ ONE_FILTER("{\"prefix\":\"192.0.2.0/24\"}"),
		    ONE_ASSERTION("{\"asn\":1,\"prefix\":\"192.0.3.0/24\"}"), false },
		{ ONE_FILTER("{\"asn\":1}"),
		    ONE_ASSERTION("{\"asn\":1,\"prefix\":\"192.0.3.0/24\"}"), false },
	};
	char error[200] = "";
	struct slurm a, b;

	parse(rows[_i].a, &a);
	parse(rows[_i].b, &b);
	ck_assert(slurm_overlap(&a, &b, error, sizeof(error)) == rows[_i].overlap);
	ck_assert_msg(!rows[_i].overlap || strstr(error, "192.0.2.128/25") != NULL, "%s", error);
	slurm_free(&a);
	slurm_free(&b);
}
END_TEST

/* What Routinator writes and reads. */
START_TEST(files_of_others)
{
	static const struct {
		const char *name;
		size_t filters, assertions;
	} files[] = {
		{ "rpki/slurm/routinator-full.json", 3, 2 },
		{ "rpki/slurm/routinator-output-000.slurm", 0, 0 },
		{ "rpki/slurm/routinator-output-111.slurm", 0, 1 },
		{ "rpki/rtrtr/exceptions.json", 3, 2 },
	};
	const char *path = shared_data(files[_i].name);
	struct sbuf text = sbuf_of(1 << 20);
	char error[256] = "", chunk[4096];
	struct slurm s;
	size_t n;
	FILE *f;

	if (path == NULL)
		return;
	f = fopen(path, "rb");
	ck_assert_ptr_nonnull(f);
	while ((n = fread(chunk, 1, sizeof(chunk), f)) > 0)
		sbuf_add(&text, chunk, n);
	fclose(f);
	ck_assert_msg(slurm_parse(text.data, text.len, &s, error, sizeof(error)), "%s", error);
	ck_assert_uint_eq(s.filters_n, files[_i].filters);
	ck_assert_uint_eq(s.assertions.n, files[_i].assertions);
	slurm_free(&s);
	sbuf_free(&text);
}
END_TEST

HARNESS_MAIN("slurm")
{
	TEST(every_member);
	ROWS(filters_take_out, filtered);
	ROWS(one_wrong_member_is_the_whole_file, invalid);
	TEST(version_2);
	LOOP(overlapping_files, 4);
	LOOP(files_of_others, 4);
}
