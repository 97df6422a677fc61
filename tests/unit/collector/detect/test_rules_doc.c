/* docs/RULES.md against the table of the rules: a section for each, and for nothing else. */
#include "tests/unit/support/harness.h"

#include "collector/detect/detect.h"

/* What every section says. */
static const char *const parts[] = { "What.", "Why.", "Evidence.", "Benign.", "What to do.",
	"MANRS.", "Sources.", "Cost." };

static char *
text_of(const char *path)
{
	FILE *f = fopen(path, "r");
	char *text = calloc(1, 1 << 20);

	ck_assert_msg(f != NULL, "%s is not there", path);
	ck_assert_ptr_nonnull(text);
	ck_assert_uint_gt(fread(text, 1, (1 << 20) - 1, f), 0);
	fclose(f);
	return text;
}

/* The section of that rule, a copy; NULL when there is none. */
static char *
section_of(const char *text, const char *name)
{
	char head[128];
	const char *at, *end;

	snprintf(head, sizeof(head), "\n## `%s`\n", name);
	at = strstr(text, head);
	if (at == NULL)
		return NULL;
	at += strlen(head);
	end = strstr(at, "\n## ");
	return strndup(at, end != NULL ? (size_t)(end - at) : strlen(at));
}

START_TEST(each_rule_has_its_section)
{
	const struct rule_info *rule = &rule_info[_i];
	char *text = text_of("docs/RULES.md"), *section = section_of(text, rule->name), said[160];

	ck_assert_msg(section != NULL, "docs/RULES.md has no section of %s", rule->name);
	for (size_t k = 0; k < sizeof(parts) / sizeof(parts[0]); k++) {
		snprintf(said, sizeof(said), "**%s** ", parts[k]);
		ck_assert_msg(strstr(section, said) != NULL, "%s: no \"%s\"", rule->name, said);
	}
	snprintf(said, sizeof(said), "**MANRS.** %s\n", rule->manrs_action);
	ck_assert_msg(strstr(section, said) != NULL, "%s: not \"%s\"", rule->name, said);
	free(section);
	free(text);
}
END_TEST

START_TEST(each_section_has_its_rule)
{
	char *text = text_of("docs/RULES.md");
	unsigned sections = 0;

	for (const char *at = text; (at = strstr(at, "\n## ")) != NULL; at++) {
		char name[64] = "";
		bool found = false;

		ck_assert_msg(sscanf(at, "\n## `%63[^`]`", name) == 1, "a heading: %.40s", at);
		for (unsigned r = 0; r < RULES; r++)
			found |= strcmp(rule_info[r].name, name) == 0;
		ck_assert_msg(found, "docs/RULES.md has %s, which is no rule", name);
		sections++;
	}
	ck_assert_uint_eq(sections, RULES);
	free(text);
}
END_TEST

START_TEST(the_first_page_leads_there)
{
	char *readme = text_of("README.md"), *house = text_of("docs/ARCHITECTURE.md");

	ck_assert_ptr_nonnull(strstr(readme, "docs/RULES.md"));
	ck_assert_ptr_nonnull(strstr(house, "RULES.md"));
	free(readme);
	free(house);
}
END_TEST

HARNESS_MAIN("rules_doc")
{
	LOOP(each_rule_has_its_section, RULES);
	TEST(each_section_has_its_rule);
	TEST(the_first_page_leads_there);
}
