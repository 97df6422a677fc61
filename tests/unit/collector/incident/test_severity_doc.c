/* The table of severities in docs/RULES.md against the one in the code. */
#include "tests/unit/support/harness.h"

#include "collector/incident/incident.h"

/* "| `rov.invalid.asn` | info | warning | warning | major | critical |" */
static void
put_row(uint8_t rule, char *row, size_t size)
{
	int n = snprintf(row, size, "\n| `%s` |", rule_info[rule].name);

	for (uint8_t furthest = 0; furthest < FURTHESTS; furthest++)
		n += snprintf(row + n, size - (size_t)n, " %s |",
		    severity_name(furthest_severity(rule, furthest)));
	snprintf(row + n, size - (size_t)n, "\n");
}

START_TEST(each_rule_has_its_row)
{
	FILE *f = fopen("docs/RULES.md", "r");
	char *text = calloc(1, 1 << 20), row[256];

	ck_assert(f != NULL && text != NULL);
	ck_assert_uint_gt(fread(text, 1, (1 << 20) - 1, f), 0);
	fclose(f);
	put_row((uint8_t)_i, row, sizeof(row));
	ck_assert_msg(strstr(text, row) != NULL, "docs/RULES.md has no row%s", row);
	free(text);
}
END_TEST

HARNESS_MAIN("severity_doc")
{
	LOOP(each_rule_has_its_row, RULES);
}
