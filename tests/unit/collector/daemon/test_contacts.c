/* Names and contacts of networks, as PeeringDB gives them out. */
#include "tests/unit/support/harness.h"

#include "collector/daemon/contacts.h"

static char error[160];

static struct contacts
parsed(const char *text)
{
	struct contacts c;
	char *copy = (char *)exact_copy(text, strlen(text));

	ck_assert_msg(
	    contacts_parse(copy, strlen(text), NULL, &c, error, sizeof(error)), "%s", error);
	free(copy);
	return c;
}

static void
is(const struct contacts *c, uint32_t asn, const char *name, const char *contact)
{
	const struct contact *x = contacts_find(c, asn);

	ck_assert_ptr_nonnull(x);
	ck_assert_str_eq(x->name, name);
	ck_assert_str_eq(x->contact, contact);
}

START_TEST(who_is_to_be_called)
{
	struct contacts c = parsed(
	    "{\"meta\": {\"generated\": 1.5}, \"data\": [\n"
	    " {\"id\": 1, \"asn\": 64511, \"name\": \"B\", \"poc_set\": [\n"
	    "   {\"role\": \"Sales\", \"email\": \"sales@example.net\"},\n"
	    "   {\"role\": \"Technical\", \"email\": \"tech@example.net\"},\n"
	    "   {\"role\": \"NOC\", \"email\": \"noc@example.net\", \"phone\": \"+1\"},\n"
	    "   {\"role\": \"Policy\", \"email\": \"policy@example.net\"}]},\n"
	    " {\"asn\": 64510, \"name\": \"A\", \"poc_set\": [{\"role\": \"NOC\", \"email\": \"\","
	    " \"phone\": \"+49 1\"}]},\n"
	    " {\"asn\": 64512, \"name\": \"C\", \"contact\": \"c@example.net\","
	    " \"poc_set\": [{\"role\": \"NOC\", \"email\": \"no@example.net\"}]},\n"
	    " {\"asn\": 64513, \"poc_set\": []}, {\"asn\": 64514, \"name\": \"D\"}]}\n");

	is(&c, 64510, "A", "+49 1");
	is(&c, 64511, "B", "noc@example.net");
	is(&c, 64512, "C", "c@example.net");
	is(&c, 64514, "D", "");
	ck_assert_ptr_null(contacts_find(&c, 64513)); /* nothing is said of it */
	ck_assert_ptr_null(contacts_find(&c, 1));
	contacts_free(&c);
	c = parsed("[{\"asn\": 4294967295, \"name\": \"last\"}]");
	is(&c, 4294967295, "last", "");
	contacts_free(&c);
	c = parsed("{\"data\": []}");
	ck_assert_uint_eq(c.n, 0);
	ck_assert_ptr_null(contacts_find(&c, 1));
}
END_TEST

static const struct {
	const char *text, *error;
} faults[] = {
	{ "", "line 1: the text ends where '{' should be" },
	{ "{}", "line 1: \"data\" is missing, the list of networks" },
	{ "{\"data\": {}}", "line 1: '[' should be here" },
	{ "{\"data\": [\n{\"name\": \"x\"}]}",
	    "line 2: \"asn\" should be a number from 0 to 4294967295" },
	{ "{\"data\": [\n{\"asn\": -1}]}",
	    "line 2: \"asn\" should be a number from 0 to 4294967295" },
	{ "{\"data\": [\n\n7]}",
	    "line 3: an object like {\"asn\": 64510, \"name\": \"...\"} should be here" },
	{ "{\"data\": [{\"asn\": 1}\n", "line 2: the text ends where ',' should be" },
	{ "{\"data\": [{\"asn\": 1}]} x", "line 1: there is more behind the end of the list" },
	{ "{7: 1}", "line 1: a key should be here" },
	{ "{\"data\": [{\"asn\": 1]}", NULL }, /* whatever jansson says */
};

START_TEST(what_is_wrong_is_said)
{
	const char *text = faults[_i].text;
	char *copy = (char *)exact_copy(text, strlen(text));
	struct contacts c;

	ck_assert(!contacts_parse(copy, strlen(text), NULL, &c, error, sizeof(error)));
	ck_assert_ptr_null(c.v);
	if (faults[_i].error != NULL)
		ck_assert_str_eq(error, faults[_i].error);
	else
		ck_assert_int_eq(strncmp(error, "line 1: ", 8), 0);
	free(copy);
}
END_TEST

HARNESS_MAIN("contacts")
{
	TEST(who_is_to_be_called);
	LOOP(what_is_wrong_is_said, sizeof(faults) / sizeof(faults[0]));
}
