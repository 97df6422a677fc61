/* Why a prefix is in a permit list, or is not: what the daemon found, as text. */
#include <string.h>

#include "cli/control_rows.h"
#include "cli/sav/sav_private.h"

/* "AS64510: its ASPA names AS64501 as provider" */
static void
say_behind(const json_t *behind)
{
	const json_t *hop;
	size_t i;

	json_array_foreach(behind, i, hop) {
		const char *why = row_text(hop, "why");
		unsigned long long asn = row_number(hop, "asn"), of = row_number(hop, "provider");

		if (strcmp(why, "aspa") == 0)
			printf("      AS%llu: its ASPA names AS%llu as its provider\n", asn, of);
		else if (strcmp(why, "path") == 0)
			printf("      AS%llu: it has no ASPA, and paths show it behind AS%llu\n",
			    asn, of);
		else if (strcmp(why, "target") == 0)
			printf("      AS%llu: that is whose list it is\n", asn);
		else
			printf("      AS%llu: a customer sends routes that it originates\n", asn);
	}
}

static void
say_entry(const json_t *row)
{
	unsigned long long asn = row_number(row, "asn");

	printf("  in: %s, ", row_text(row, "entry"));
	if (strcmp(row_text(row, "source"), "vrp") == 0)
		printf("by a VRP of AS%llu\n", asn);
	else if (asn != 0)
		printf("by routes that AS%llu originates%s\n", asn,
		    row_true(row, "from_target") ? ", received from it" : "");
	else
		printf("received from a customer\n");
	say_behind(json_object_get(row, "behind"));
}

static void
say_witness(const json_t *row)
{
	const json_t *path = json_object_get(row, "path"), *asn;
	size_t i;

	printf("  route: %s at %s from %s AS%llu%s, path", row_text(row, "witness"),
	    row_text(row, "router"), row_text(row, "neighbor"), row_number(row, "asn"),
	    row_true(row, "target")	? " (it)"
	    : row_true(row, "customer") ? " (a customer)"
					: "");
	json_array_foreach(path, i, asn)
		printf(" %lld", (long long)json_integer_value(asn));
	if (row_true(row, "invalid"))
		puts(": counts for nothing, invalid by ROAs (--exclude-invalid)");
	else if (row_true(row, "left_out"))
		puts(": counts for nothing, a leak or addresses that are nobody's");
	else if (!row_true(row, "counts"))
		printf(": AS%llu, its origin, is not behind it\n", row_number(row, "origin"));
	else
		puts("");
}

void
explain_permit(const json_t *rows, const char *whom)
{
	const json_t *row, *head = json_array_get(rows, 0);
	size_t i;

	json_array_foreach(rows, i, row) {
		if (json_object_get(row, "about") != NULL)
			printf("%s is %s from %s by %s (AS%llu, %llu AS behind it)\n",
			    row_text(row, "about"),
			    row_true(row, "permitted") ? "permitted" : "not permitted", whom,
			    row_text(head, "method"), row_number(head, "asn"),
			    row_number(head, "ases"));
		else if (json_object_get(row, "entry") != NULL)
			say_entry(row);
		else if (json_object_get(row, "vrp") != NULL && !row_true(row, "counts"))
			printf("  VRP: %s of AS%llu, which is not behind it\n",
			    row_text(row, "vrp"), row_number(row, "asn"));
		else if (json_object_get(row, "witness") != NULL)
			say_witness(row);
	}
}
