/* What is proposed, as a list for the portal of a registry, and as local exceptions. */
#include <stdio.h>
#include <string.h>

#include "cli/control_rows.h"
#include "cli/fields.h"
#include "cli/manrs/validation_private.h"

/* --- local exceptions */

static void
assert_all(json_t *to, const json_t *roas)
{
	for (size_t i = 0; i < json_array_size(roas); i++) {
		const json_t *r = json_array_get(roas, i);

		json_array_append_new(to,
		    json_pack("{s:I, s:s, s:I, s:s}", "asn", (json_int_t)row_number(r, "asn"),
			"prefix", row_text(r, "prefix"), "maxPrefixLength",
			(json_int_t)row_number(r, "max_length"), "comment", row_text(r, "why")));
	}
}

json_t *
manrs_slurm(const json_t *proposal)
{
	const json_t *withdraw = json_object_get(proposal, "withdraw"),
		     *aspas = json_object_get(proposal, "aspas");
	json_t *filters = json_array(), *assertions = json_array(), *aspa_filters = json_array(),
	       *aspa_assertions = json_array();

	for (size_t i = 0; i < json_array_size(withdraw); i++) {
		const json_t *w = json_array_get(withdraw, i);

		json_array_append_new(
		    filters, json_pack("{s:s, s:I, s:s}", "prefix", row_text(w, "prefix"), "asn",
				 (json_int_t)row_number(w, "asn"), "comment", row_text(w, "why")));
	}
	assert_all(assertions, json_object_get(proposal, "roas"));
	assert_all(assertions, json_object_get(proposal, "kept"));
	for (size_t i = 0; i < json_array_size(aspas); i++) {
		const json_t *a = json_array_get(aspas, i);

		json_array_append_new(aspa_filters,
		    json_pack("{s:I}", "customerAsn", (json_int_t)row_number(a, "customer")));
		json_array_append_new(aspa_assertions,
		    json_pack("{s:I, s:O, s:s}", "customerAsn",
			(json_int_t)row_number(a, "customer"), "providerAsns",
			json_object_get(a, "providers"), "comment", row_text(a, "why")));
	}
	return json_pack("{s:i, s:{s:o, s:[], s:o}, s:{s:o, s:[], s:o}}", "slurmVersion", 2,
	    "validationOutputFilters", "prefixFilters", filters, "bgpsecFilters", "aspaFilters",
	    aspa_filters, "locallyAddedAssertions", "prefixAssertions", assertions,
	    "bgpsecAssertions", "aspaAssertions", aspa_assertions);
}

/* --- a list */

static void
put_roas(struct sbuf *out, const char *heading, const json_t *roas)
{
	if (json_array_size(roas) == 0)
		return;
	sbuf_printf(out, "%s\n", heading);
	for (size_t i = 0; i < json_array_size(roas); i++) {
		const json_t *r = json_array_get(roas, i);

		sbuf_printf(out, "  %-28s maximum length %3llu  AS%-10llu  %s\n",
		    row_text(r, "prefix"), row_number(r, "max_length"), row_number(r, "asn"),
		    row_text(r, "why"));
	}
	sbuf_putc(out, '\n');
}

void
manrs_proposal_text(const json_t *answer, const json_t *proposal, struct sbuf *out)
{
	const json_t *aspas = json_object_get(proposal, "aspas"),
		     *notes = json_object_get(proposal, "notes"),
		     *roas = json_object_get(proposal, "roas"),
		     *withdraw = json_object_get(proposal, "withdraw");

	sbuf_printf(out, "Prefixes that we announce: %zu; ROAs that name us: %zu.\n\n",
	    json_array_size(json_object_get(answer, "announced")),
	    json_array_size(json_object_get(answer, "own_vrps")));
	put_roas(out, "ROAs to publish:", roas);
	put_roas(out, "ROAs to withdraw, when those are there:", withdraw);
	for (size_t i = 0; i < json_array_size(aspas); i++) {
		const json_t *a = json_array_get(aspas, i),
			     *providers = json_object_get(a, "providers");

		sbuf_puts(out, i == 0 ? "ASPAs to publish:\n" : "");
		sbuf_printf(out, "  customer AS%llu, providers", row_number(a, "customer"));
		for (size_t k = 0; k < json_array_size(providers); k++)
			sbuf_printf(out, "%s AS%lld", k > 0 ? "," : "",
			    (long long)json_integer_value(json_array_get(providers, k)));
		sbuf_printf(out, "\n    %s\n", row_text(a, "why"));
	}
	if (json_array_size(aspas) > 0)
		sbuf_putc(out, '\n');
	if (json_array_size(roas) + json_array_size(withdraw) + json_array_size(aspas) == 0)
		sbuf_puts(out, "All is as it should be: there is nothing to publish.\n\n");
	for (size_t i = 0; i < json_array_size(notes); i++) {
		sbuf_puts(out, i == 0 ? "To be looked at:\n  " : "  ");
		fields_visible(out, json_string_value(json_array_get(notes, i)));
		sbuf_putc(out, '\n');
	}
}
