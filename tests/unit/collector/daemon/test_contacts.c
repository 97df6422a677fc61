/* Names and contacts of networks, as PeeringDB gives them out. */
#include "tests/unit/support/harness.h"

#include "collector/daemon/contacts.h"
#include "collector/daemon/contacts_private.h"

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
	{ "aut-num: 64501\n",
	    "neither JSON of PeeringDB, nor RPSL with an aut-num, nor a delegated file" },
	{ "x", "neither JSON of PeeringDB, nor RPSL with an aut-num, nor a delegated file" },
	{ "2|ripencc|20261127|9|1|2|+01\nripencc|NL|asn|4294967295|2|20260101|assigned\n",
	    "line 2: right would be ripencc|NL|asn|64496|16|20260101|assigned" },
	{ "2|ripencc|20261127|9|1|2|+01\nripencc\n",
	    "line 2: right would be ripencc|NL|asn|64496|16|20260101|assigned" },
	{ "2|ripencc|20261127|9|1|2|+01\n", "no line of AS numbers that were handed out" },
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

/* Room doubles, and the last time it goes to the most that there may be. */
START_TEST(there_is_room_for_as_many_as_there_may_be)
{
	static const char line[] = "ripencc|NL|asn|1|1|2|assigned\n";
	static const char head[] = "2|ripencc|20261127|9|1|2|+01\n";
	size_t n = ((size_t)1 << 20) + 1, at = sizeof(head) - 1, step = sizeof(line) - 1;
	char *text = malloc(at + n * step + 1);
	struct contacts c;

	ck_assert_ptr_nonnull(text);
	memcpy(text, head, sizeof(head));
	for (; n > 0; n--, at += step)
		memcpy(text + at, line, sizeof(line));
	ck_assert_msg(contacts_parse(text, at, NULL, &c, error, sizeof(error)), "%s", error);
	free(text);
	contacts_free(&c);
	ck_assert_uint_eq(contacts_more(0, 4000000), 64);
	ck_assert_uint_eq(contacts_more(2097152, 4000000), 4000000);
	ck_assert_uint_eq(contacts_more(4000000, 4000000), 0);
}
END_TEST

/* When it was changed, of the network or of whom to call; and half an address is none. */
START_TEST(how_old_it_is)
{
	struct contacts c = parsed(
	    "[{\"asn\": 1, \"name\": \"A\", \"updated\": \"2026-01-02T03:04:05Z\", \"poc_set\": [\n"
	    "  {\"role\": \"NOC\", \"email\": \"noc@example.net\", \"updated\": \"2026-01-03\"},"
	    "  {\"role\": \"Sales\", \"email\": \"s@example.net\", \"updated\": "
	    "\"2026-09-09\"}]},\n"
	    " {\"asn\": 2, \"name\": \"B\", \"updated\": \"soon\", \"poc_set\": [{\"role\": "
	    "\"NOC\","
	    "  \"email\": \"a-very-long-local-part-of-an-address@a-very-long-domain.example.net\"},"
	    "  {\"role\": \"Technical\", \"email\": \"t@example.net\"}]}]");

	ck_assert_uint_eq(contacts_find(&c, 1)->day, 20456); /* 2026-01-03 */
	is(&c, 2, "B", "t@example.net");
	ck_assert_uint_eq(contacts_find(&c, 2)->day, 0);
	contacts_free(&c);
}
END_TEST

static const char rpsl[] = "% This is the RIPE Database query service.\n\n"
			   "% Information related to 'AS64501'\n"
			   "aut-num:        AS64501\n"
			   "as-name:        EXAMPLE-AS\n"
			   "descr:          Example\n"
			   "import:         from AS1 accept ANY\n"
			   "+               from AS2 accept ANY\n"
			   "org:            ORG-EX1-RIPE # ours\n"
			   "tech-c:         eo1-ripe\n"
			   "last-modified:  2026-03-01T10:00:00Z\n"
			   "\n"
			   "organisation:   ORG-EX1-RIPE\r\n"
			   "org-name:       Example B.V.\r\n"
			   "e-mail:         info@example.net\r\n"
			   "\r\n"
			   "role:           Example Operations\n"
			   "e-mail:         ***@example.net\n"
			   "e-mail:         noc@example.net\n"
			   "phone:          +31 1\n"
			   "nic-hdl:        EO1-RIPE\n"
			   "last-modified:  2026-05-01T10:00:00Z\n"
			   "\n"
			   "aut-num:        AS64502\n"
			   "as-name:        SECOND\n"
			   "tech-c:         NONE-RIPE\n"
			   "abuse-c:        AB1-RIPE\n"
			   "\n"
			   "role:           Abuse\n"
			   "abuse-mailbox:  abuse@example.org\n"
			   "phone:          +31 2\n"
			   "nic-hdl:        AB1-RIPE\n"
			   "\n"
			   "aut-num:        AS64503\n"
			   "as-name:        THIRD\n"
			   "tech-c:         P1\n"
			   "\n"
			   "person:         Somebody\n"
			   "nic-hdl:        P1\n"
			   "phone:          +31 3\n"
			   "\n"
			   "as-set:         AS64504\n"
			   "e-mail:         no@example.net\n"
			   "\n"
			   "aut-num:        AS-64505\n"
			   "as-name:        LAST";

START_TEST(objects_of_registries)
{
	struct contacts c = parsed(rpsl);

	ck_assert_uint_eq(c.n, 3);
	is(&c, 64501, "Example B.V.", "noc@example.net");
	ck_assert_uint_eq(contacts_find(&c, 64501)->day, 20574); /* 2026-05-01 */
	is(&c, 64502, "SECOND", "abuse@example.org");
	is(&c, 64503, "THIRD", "+31 3");
	contacts_free(&c);
}
END_TEST

START_TEST(registries_that_handed_numbers_out)
{
	struct contacts c = parsed("# a remark\n2|ripencc|20261127|9|19830705|20261126|+0100\n"
				   "ripencc|*|asn|*|3|summary\n"
				   "ripencc|NL|asn|64496|4|20260101|assigned|x\r\n"
				   "ripencc|NL|ipv4|192.0.2.0|256|20260101|assigned|x\n"
				   "ripencc||asn|64500|1||available\n"
				   "ripencc|DE|asn|64510|1|20260101|allocated");

	ck_assert_uint_eq(c.n, 0);
	ck_assert_str_eq(contacts_registry(&c, 64495), "");
	ck_assert_str_eq(contacts_registry(&c, 64496), "ripencc");
	ck_assert_str_eq(contacts_registry(&c, 64499), "ripencc");
	ck_assert_str_eq(contacts_registry(&c, 64500), "");
	ck_assert_str_eq(contacts_registry(&c, 64510), "ripencc");
	ck_assert_str_eq(contacts_registry(&c, 4294967295), "");
	contacts_free(&c);
}
END_TEST

HARNESS_MAIN("contacts")
{
	TEST(who_is_to_be_called);
	TEST(there_is_room_for_as_many_as_there_may_be);
	TEST(how_old_it_is);
	TEST(objects_of_registries);
	TEST(registries_that_handed_numbers_out);
	LOOP(what_is_wrong_is_said, sizeof(faults) / sizeof(faults[0]));
}
