/* Which ROAs and ASPAs are proposed, and that the exceptions made of them are ones. */
#include "tests/unit/support/harness.h"

#include <jansson.h>

#include "cli/manrs/validation_private.h"
#include "collector/rpki/slurm.h"

#define ROUTE(prefix, origin, rov)                                                                 \
	"{\"prefix\":\"" prefix "\",\"origin\":" #origin ",\"rov\":\"" rov "\"}"
#define VRP(prefix, max, asn) "{\"prefix\":\"" prefix "\",\"max_length\":" #max ",\"asn\":" #asn "}"
#define ANSWER_OWN(announced, vrps, providers, asns, own)                                          \
	"{\"announced\":[" announced "],\"own_vrps\":[" vrps "],\"providers\":[" providers         \
	"],\"own_asns\":[" asns "],\"own_prefixes\":[" own "]}"
#define ANSWER(announced, vrps, providers, asns) ANSWER_OWN(announced, vrps, providers, asns, "")
#define PROVIDER(asn, provider)                                                                    \
	"{\"asn\":" #asn ",\"provider\":" #provider ",\"relation_from\":\"roles\"}"

static const struct {
	const char *answer;
	/* "prefix max asn" of each, in order, and "customer: providers" */
	const char *roas, *withdraw, *kept, *aspas;
	unsigned notes;
} rows[] = {
	/* what has one keeps it; what has none, or one too short, gets its own */
	{ ANSWER(ROUTE("10.0.0.0/16", 1, "valid") "," ROUTE(
		     "10.1.0.0/16", 1, "not-found") "," ROUTE("10.2.1.0/24", 1, "invalid-length"),
	      VRP("10.0.0.0/16", 16, 1) "," VRP("10.2.0.0/16", 16, 1), PROVIDER(1, 2), ""),
	    "10.1.0.0/16 16 1;10.2.1.0/24 24 1;", "", "", "", 1 },
	/* a ROA of another origin is none of it */
	{ ANSWER(ROUTE("10.0.0.0/16", 1, "invalid-asn"), VRP("10.0.0.0/16", 24, 2), "", ""),
	    "10.0.0.0/16 16 1;", "", "", "", 1 },
	/* what ROAs of others cover is theirs, unless it is configured as ours */
	{ ANSWER(ROUTE("10.0.0.0/16", 1, "invalid-asn") "," ROUTE("10.1.0.0/16", 1, "not-found"),
	      "", "", ""),
	    "10.1.0.0/16 16 1;", "", "", "", 1 },
	{ ANSWER_OWN(
	      ROUTE("10.0.1.0/24", 1, "invalid-asn") "," ROUTE("10.8.0.0/16", 1, "invalid-asn"),
	      VRP("10.8.1.0/24", 24, 1), "", "", "{\"prefix\":\"10.0.0.0/16\"}"),
	    "10.0.1.0/24 24 1;", "", "", "", 2 },
	/* one that allows more is withdrawn, for each that it makes valid there is another, and
	 * what its filter takes is asserted again */
	{ ANSWER(ROUTE("10.0.0.0/16", 1, "valid") "," ROUTE("10.0.8.0/22", 1, "valid") "," ROUTE(
		     "10.0.16.0/20", 1, "valid"),
	      VRP("10.0.0.0/16", 24, 1) "," VRP("10.0.16.0/20", 20, 1) "," VRP(
		  "10.0.0.0/15", 15, 1),
	      "", ""),
	    "10.0.0.0/16 16 1;10.0.8.0/22 22 1;", "10.0.0.0/16 24 1;", "10.0.16.0/20 20 1;", "",
	    1 },
	/* as long as it is announced is not too long */
	{ ANSWER(ROUTE("10.0.0.0/16", 1, "valid") "," ROUTE("10.0.8.0/24", 1, "valid"),
	      VRP("10.0.0.0/16", 24, 1), "", ""),
	    "", "", "", "", 0 },
	/* IPv6, and two origins of one prefix */
	{ ANSWER(ROUTE("2001:db8::/32", 1, "valid") "," ROUTE(
		     "2001:db8::/32", 4200000001, "invalid-asn"),
	      VRP("2001:db8::/32", 32, 1), "", ""),
	    "2001:db8::/32 32 4200000001;", "", "", "", 0 },
	/* an ASPA: none; one that lacks a provider keeps the rest; one that lists all; nobody sells
	 */
	{ ANSWER("", "", PROVIDER(1, 30) "," PROVIDER(1, 20),
	      "{\"asn\":1,\"aspa\":false,\"provider_list\":[]}"),
	    "", "", "", "1: 20 30;", 0 },
	{ ANSWER("", "", PROVIDER(1, 30) "," PROVIDER(2, 40),
	      "{\"asn\":1,\"aspa\":true,\"provider_list\":[10,0]}"),
	    "", "", "", "1: 10 30;", 0 },
	{ ANSWER("", "", PROVIDER(1, 10), "{\"asn\":1,\"aspa\":true,\"provider_list\":[10,11]}"),
	    "", "", "", "", 0 },
	{ ANSWER("", "", "", "{\"asn\":1,\"aspa\":false,\"provider_list\":[]}"), "", "", "", "",
	    1 },
};

static void
is_roas(const json_t *list, const char *want)
{
	char text[512] = "";
	size_t used = 0;

	for (size_t i = 0; i < json_array_size(list); i++) {
		const json_t *r = json_array_get(list, i);

		used += (size_t)snprintf(text + used, sizeof(text) - used, "%s %lld %lld;",
		    json_string_value(json_object_get(r, "prefix")),
		    (long long)json_integer_value(json_object_get(r, "max_length")),
		    (long long)json_integer_value(json_object_get(r, "asn")));
	}
	ck_assert_str_eq(text, want);
}

static void
is_aspas(const json_t *list, const char *want)
{
	char text[512] = "";
	size_t used = 0;

	for (size_t i = 0; i < json_array_size(list); i++) {
		const json_t *a = json_array_get(list, i),
			     *providers = json_object_get(a, "providers");

		used += (size_t)snprintf(text + used, sizeof(text) - used,
		    "%lld:", (long long)json_integer_value(json_object_get(a, "customer")));
		for (size_t k = 0; k < json_array_size(providers); k++)
			used += (size_t)snprintf(text + used, sizeof(text) - used, " %lld",
			    (long long)json_integer_value(json_array_get(providers, k)));
		used += (size_t)snprintf(text + used, sizeof(text) - used, ";");
	}
	ck_assert_str_eq(text, want);
}

START_TEST(what_would_be_right)
{
	json_t *answer = json_loads(rows[_i].answer, 0, NULL), *proposal, *slurm;
	char *text, error[256] = "";
	struct slurm read;

	ck_assert_ptr_nonnull(answer);
	proposal = manrs_proposal(answer);
	is_roas(json_object_get(proposal, "roas"), rows[_i].roas);
	is_roas(json_object_get(proposal, "withdraw"), rows[_i].withdraw);
	is_roas(json_object_get(proposal, "kept"), rows[_i].kept);
	is_aspas(json_object_get(proposal, "aspas"), rows[_i].aspas);
	ck_assert_uint_eq(json_array_size(json_object_get(proposal, "notes")), rows[_i].notes);
	slurm = manrs_slurm(proposal);
	text = json_dumps(slurm, 0);
	ck_assert_msg(
	    slurm_parse(text, strlen(text), &read, error, sizeof(error)), "%s: %s", error, text);
	ck_assert_uint_eq(
	    read.assertions.n, json_array_size(json_object_get(proposal, "roas")) +
				   json_array_size(json_object_get(proposal, "kept")));
	ck_assert_uint_eq(read.filters_n, json_array_size(json_object_get(proposal, "withdraw")));
	ck_assert_uint_eq(read.customers_n, json_array_size(json_object_get(proposal, "aspas")));
	slurm_free(&read);
	free(text);
	json_decref(slurm);
	json_decref(proposal);
	json_decref(answer);
}
END_TEST

HARNESS_MAIN("proposal")
{
	LOOP(what_would_be_right, sizeof(rows) / sizeof(rows[0]));
}
