/* ASPAs in the files of validators: the dialects, and what is left out. */
#include "collector/rpki/vrp_json.h"

#include "tests/unit/support/harness.h"

static const struct row {
	const char *name, *text;
	bool ok;
	const char *pairs; /* customer:provider, sorted */
	size_t aspas, rejected;
	const char *says; /* in error, or in first_rejected */
} rows[] = {
	{ "rpki-client",
	    "{\"roas\":[],\"aspas\":[{\"customer_asid\":945,\"expires\":1753070425,"
	    "\"providers\":[13213,150369]},{\"customer_asid\":970,\"providers\":[54874]}]}",
	    true, "945:13213 945:150369 970:54874 ", 2, 0, NULL },
	{ "Routinator",
	    "{\"roas\":[],\"routerKeys\":[],\"aspas\":[{\"customer\":\"AS64511\","
	    "\"providers\":[\"AS64496\",\"as4200000001\"],\"ta\":\"ripe\"}]}",
	    true, "64511:64496 64511:4200000001 ", 1, 0, NULL },
	{ "RTRTR", "{\"roas\":[],\"aspas\":[{\"customer\":64511,\"providers\":[64496]}]}", true,
	    "64511:64496 ", 1, 0, NULL },
	{ "as the drafts name it",
	    "{\"roas\":[],\"aspas\":[{\"customerAsn\":64511,\"providerAsns\":[64496]}]}", true,
	    "64511:64496 ", 1, 0, NULL },
	{ "by family",
	    "{\"roas\":[],\"provider_authorizations\":{\"ipv4\":[{\"customer_asid\":5,"
	    "\"providers\":[9]}], \"ipv6\" : [{\"customer_asid\":5,\"providers\":[7,9]}]}}",
	    true, "5:7 5:9 ", 2, 0, NULL },
	{ "by family, of none", "{\"roas\":[],\"aspas\":{}}", true, "", 0, 0, NULL },
	{ "by family, cut", "{\"roas\":[],\"aspas\":{\"ipv4\":[],", false, "", 0, 0, "line 1" },
	{ "no provider",
	    "{\"roas\":[],\"aspas\":[{\"customer\":5,\"providers\":[0]},"
	    "{\"customer\":6,\"providers\":[]}]}",
	    true, "5:0 6:0 ", 2, 0, NULL },
	{ "two of one customer are one",
	    "{\"roas\":[],\"aspas\":[{\"customer\":5,\"providers\":[9,7]},"
	    "{\"customer\":5,\"providers\":[7,0]}]}",
	    true, "5:0 5:7 5:9 ", 2, 0, NULL },
	{ "without ROAs", "{\"aspas\":[{\"customer\":5,\"providers\":[9]}]}", true, "5:9 ", 1, 0,
	    NULL },
	{ "before ROAs", "{\"aspas\":[{\"customer\":5,\"providers\":[9]}],\"roas\":[]}", true,
	    "5:9 ", 1, 0, NULL },
	{ "what is wrong costs itself",
	    "{\"roas\":[],\"aspas\":[{\"customer\":5,\"providers\":[9]},"
	    "{\"customer\":0,\"providers\":[9]},{\"customer\":6},{\"providers\":[9]},"
	    "{\"customer\":6,\"providers\":[9,\"x\"]},{\"customer\":6,\"providers\":9},7,"
	    "{\"customer\":4294967296,\"providers\":[9]},"
	    "{\"customer\":6,\"customer\":7,\"providers\":[9]}]}",
	    true, "5:9 ", 1, 8, "not an ASPA: {\"customer\":0" },
	{ "past its time",
	    "{\"roas\":[],\"aspas\":[{\"customer\":5,\"providers\":[9],\"expires\":99},"
	    "{\"customer\":6,\"providers\":[9],\"expires\":100}]}",
	    true, "6:9 ", 1, 0, NULL },
	{ "the file is past its time",
	    "{\"roas\":[{\"asn\":1,\"prefix\":\"10.0.0.0/8\",\"expires\":9},"
	    "{\"asn\":1,\"prefix\":\"11.0.0.0/8\",\"expires\":9}],"
	    "\"aspas\":[{\"customer\":5,\"providers\":[9],\"expires\":99}]}",
	    true, "5:9 ", 1, 0, NULL },
	{ "neither", "{\"metadata\":{}}", false, "", 0, 0, "no \"roas\" array" },
	{ "half written", "{\"roas\":[],\"aspas\":[{\"customer\":5,\"providers\":[9]},{\"cus",
	    false, "", 0, 0, "line 1" },
};

START_TEST(dialects)
{
	const struct row *row = &rows[_i];
	size_t len = strlen(row->text);
	char *exact = (char *)exact_copy(row->text, len), error[200] = "", pairs[200] = "";
	struct aspa_list aspas = { 0 };
	struct vrp_list vrps = { 0 };
	struct vrp_json_how how = { .now_s = 100, .aspas = &aspas, .aspas_alone = true };
	struct vrp_file_stats st;

	ck_assert_msg(vrp_json_parse(exact, len, &how, &vrps, &st, error, sizeof(error)) == row->ok,
	    "%s: %s", row->name, error);
	aspa_list_sort_unique(&aspas);
	for (size_t i = 0; i < aspas.n; i++)
		sprintf(pairs + strlen(pairs), "%u:%u ", aspas.v[i].customer, aspas.v[i].provider);
	ck_assert_str_eq(pairs, row->pairs);
	if (row->ok) {
		ck_assert_uint_eq(st.aspas, row->aspas);
		ck_assert_uint_eq(st.rejected, row->rejected);
	}
	if (row->says != NULL)
		ck_assert_msg(strstr(row->ok ? st.first_rejected : error, row->says) != NULL,
		    "%s: says '%s%s'", row->name, error, st.first_rejected);
	free(exact);
	aspa_list_free(&aspas);
	vrp_list_free(&vrps);
}
END_TEST

/* Who does not ask for ASPAs needs ROAs, and gets ASPAs counted. */
START_TEST(not_asked_for)
{
	static const char alone[] = "{\"aspas\":[{\"customer\":5,\"providers\":[9]}]}",
			  both[] = "{\"aspas\":[{\"customer\":5},7],\"roas\":[]}";
	struct vrp_list vrps = { 0 };
	struct vrp_file_stats st;
	char error[200];

	ck_assert(!vrp_json_parse(alone, strlen(alone), NULL, &vrps, &st, error, sizeof(error)));
	ck_assert(vrp_json_parse(both, strlen(both), NULL, &vrps, &st, error, sizeof(error)));
	ck_assert_uint_eq(st.aspas, 2);
	ck_assert_uint_eq(st.rejected, 0);
	vrp_list_free(&vrps);
}
END_TEST

HARNESS_MAIN("aspa_json")
{
	ROWS(dialects, rows);
	TEST(not_asked_for);
}
