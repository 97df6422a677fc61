/* What is wrong with a message, or a record: each fault with the octets around it, and the quirks.
 */
#include "cli/decode/problems.h"

#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "cli/decode/explain.h"
#include "collector/bmp_stream/quirks.h"
#include "parsers/bgp/dissect.h"

enum { CONTEXT = 8 }; /* octets shown on either side of a fault */

/* What is done about a fault, and what becomes of the routes. */
static const char *
action_text(enum fault_code code)
{
	static const char *const actions[] = { "understood anyway", "attribute discarded",
		"routes treated as withdrawn", "what follows is lost", "message skipped",
		"stream ends" };

	if (code == FAULT_MRT_LOST)
		return "passed over";
	if (code == FAULT_MRT_PEER)
		return "that entry is skipped";
	if (code == FAULT_MRT_SHORT || code == FAULT_MRT_FAMILY || code == FAULT_MRT_RIB_FAMILY)
		return "record skipped";
	if (code == FAULT_NLRI_MALFORMED)
		return "that route is ignored";
	if (code == FAULT_NO_NLRI)
		return "a BGP speaker would reset the session";
	if (code == FAULT_MP_SHORT)
		return "a BGP speaker would reset the session; the routes in it are lost";
	if (code == FAULT_BMP_SECOND_MESSAGE)
		return "that message is not read";
	if (fault_action(code) == FAULT_DROP_REST && fault_withdraws(code))
		return "a BGP speaker would reset the session; routes treated as withdrawn";
	return actions[fault_action(code)];
}

/* The octets around a fault, the one that it is at in brackets, and the document that it breaks. */
static void
put_octets(const struct problems *p, uint32_t offset, const char *document, struct sbuf *out)
{
	uint32_t from = offset > CONTEXT ? offset - CONTEXT : 0, to = offset + CONTEXT;

	sbuf_printf(out, "      octet %u:", offset);
	if (to > p->n)
		to = (uint32_t)p->n;
	for (uint32_t i = from; i < to && offset < p->n; i++)
		sbuf_printf(out, i == offset ? "[%02x]" : " %02x", p->at[i]);
	sbuf_printf(out, "%s%s%s\n", document[0] != '\0' ? "  (" : "", document,
	    document[0] != '\0' ? ")" : "");
}

/* The length of a fault's text without the document in brackets at its end. */
static size_t
undocumented_len(const char *text)
{
	const char *bracket = strrchr(text, '(');

	return bracket != NULL && bracket > text && text[strlen(text) - 1] == ')'
		   ? (size_t)(bracket - 1 - text)
		   : strlen(text);
}

static void
put_fault(const struct problems *p, const struct fault *f, bool colour, struct sbuf *out)
{
	enum fault_code code = (enum fault_code)f->code;
	bool of = fault_of_attribute(code);
	/* these faults have another document in each attribute */
	bool own = code == FAULT_ATTR_LENGTH || code == FAULT_ATTR_VALUE ||
		   code == FAULT_ATTR_DISCARD;
	const char *text = fault_text(code), *name = of ? bgp_attr_name((uint8_t)f->item) : NULL,
		   *by = own ? bgp_attr_document((uint8_t)f->item) : NULL;
	size_t shown = undocumented_len(text);
	char document[96] = "";

	if (by != NULL)
		snprintf(document, sizeof(document), "%s", by);
	else if (text[shown] != '\0')
		snprintf(document, sizeof(document), "%.*s", (int)(strlen(text) - shown - 3),
		    text + shown + 2);
	sbuf_printf(out, "  %s! %s", colour ? "\033[31m" : "", fault_name(code));
	if (name != NULL)
		sbuf_printf(out, " in %s", name);
	else if (of)
		sbuf_printf(out, " in attribute %u", f->item);
	sbuf_printf(
	    out, ": %.*s; %s%s\n", (int)shown, text, action_text(code), colour ? "\033[0m" : "");
	put_octets(p, f->offset, document, out);
}

void
problems_put(const struct problems *p, bool colour, struct sbuf *out)
{
	uint32_t n = p->faults->n < FAULTS_MAX ? p->faults->n : FAULTS_MAX;

	for (uint32_t i = 0; i < n; i++)
		put_fault(p, &p->faults->v[i], colour, out);
	if (p->faults->n > n)
		sbuf_printf(out, "  %s! and %u more%s\n", colour ? "\033[31m" : "",
		    p->faults->n - n, colour ? "\033[0m" : "");
	for (int q = 0; q < BMP_QUIRKS; q++)
		if (p->quirks >> q & 1)
			sbuf_printf(out, "  %s~ %s%s%s%s\n", colour ? "\033[33m" : "",
			    bmp_quirk_name((enum bmp_quirk)q), p->explained >> q & 1 ? "" : ": ",
			    p->explained >> q & 1 ? "" : bmp_quirk_text((enum bmp_quirk)q),
			    colour ? "\033[0m" : "");
}

/* The action of all faults together, in the words of the first listed fault that asks for it. */
static const char *
strongest(const struct faults *f, uint32_t listed)
{
	uint32_t i = 0;

	while (i + 1 < listed && fault_action((enum fault_code)f->v[i].code) != f->action)
		i++;
	return action_text((enum fault_code)f->v[i].code);
}

void
problems_dissect(struct field_sink *to, const struct faults *faults, uint64_t quirks)
{
	uint32_t n = faults->n < FAULTS_MAX ? faults->n : FAULTS_MAX;

	field_list(to, "faults");
	for (uint32_t i = 0; i < n; i++) {
		const struct fault *f = &faults->v[i];

		field_group(to, NULL);
		field_text(to, "code", fault_name((enum fault_code)f->code));
		field_number(to, "item", f->item);
		field_number(to, "offset", f->offset);
		if (fault_of_attribute((enum fault_code)f->code) &&
		    bgp_attr_document((uint8_t)f->item) != NULL)
			field_text(to, "document", bgp_attr_document((uint8_t)f->item));
		field_text(to, "text", fault_text((enum fault_code)f->code));
		field_text(to, "action", action_text((enum fault_code)f->code));
		field_group_end(to);
	}
	field_list_end(to);
	if (faults->n > n)
		field_number(to, "faults_total", faults->n);
	if (n > 0)
		field_text(to, "action", strongest(faults, n));
	field_list(to, "quirks");
	for (int q = 0; q < BMP_QUIRKS; q++)
		if (quirks >> q & 1)
			field_text(to, NULL, bmp_quirk_name((enum bmp_quirk)q));
	field_list_end(to);
}

void
problems_put_record(const struct recording_fault *r, bool json, bool colour, struct sbuf *out)
{
	struct problems p = { .at = r->at, .n = r->n, .faults = r->faults };
	char when[CLOCK_TEXT_MAX] = "";
	struct explain x;

	if (r->time_us != 0)
		clock_format_us(r->time_us, r->time_us % 1000000 != 0 ? 6 : 0, when);
	if (!json) {
		if (r->number == 0)
			sbuf_puts(out, "no record");
		else
			sbuf_printf(out, "record %llu  %s", (unsigned long long)r->number, r->type);
		sbuf_printf(out, "%s%s  (%zu octets at %llu of the file)\n",
		    when[0] != '\0' ? "  " : "", when, r->n, (unsigned long long)r->offset);
		problems_put(&p, colour, out);
		sbuf_putc(out, '\n');
		return;
	}
	explain_begin(&x, out, true);
	field_text(&x.sink, "type", r->number != 0 ? "mrt_record" : "mrt_lost");
	if (r->number != 0) {
		field_number(&x.sink, "record", r->number);
		field_text(&x.sink, "record_type", r->type);
	}
	field_number(&x.sink, "offset", r->offset);
	field_number(&x.sink, "length", r->n);
	if (when[0] != '\0')
		field_text(&x.sink, "recorded", when);
	problems_dissect(&x.sink, r->faults, 0);
	explain_end(&x);
	sbuf_putc(out, '\n');
}
