#include "cli/decode/message.h"

#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/pure/ip.h"
#include "cli/decode/explain.h"
#include "parsers/bgp/dissect.h"
#include "parsers/bgp/message.h"
#include "parsers/bgp/rd.h"
#include "parsers/bmp/dissect.h"

enum { CONTEXT = 8 }; /* octets shown on either side of a fault */

/* --- the line above a block */

static int64_t
router_us(const struct bmp_peer_header *h)
{
	return (int64_t)h->sec * 1000000 + h->usec;
}

/* In version 4 the view may be in a TLV. */
static enum bmp_view
view_of(const struct decode_message *d)
{
	return d->has_update ? d->view : bmp_view_of(&d->msg->peer);
}

/* Only messages about routes have a view. */
static bool
has_view(const struct bmp_msg *m)
{
	return m->type == BMP_ROUTE_MONITORING || m->type == BMP_ROUTE_MIRRORING ||
	       m->type == BMP_STATISTICS;
}

static void
put_peer_words(const struct decode_message *d, struct sbuf *out)
{
	const struct bmp_msg *m = d->msg;
	const struct bmp_peer_header *h = &m->peer;
	char text[64], when[CLOCK_TEXT_MAX];

	sbuf_printf(out, "  %s",
	    h->type == BMP_PEER_LOC_RIB ? "loc-rib" : ip_addr_format(&h->address, text));
	if (!d->captured || h->as != 0)
		sbuf_printf(out, " AS%u", h->as);
	if (!is_zero(h->distinguisher, 8))
		sbuf_printf(out, " %s", bgp_rd_format(h->distinguisher, text));
	if (h->type != BMP_PEER_LOC_RIB && has_view(m) && !d->captured)
		sbuf_printf(out, " %s", bmp_view_name(view_of(d)));
	if (h->sec != 0)
		sbuf_printf(out, "  %s", clock_format_us(router_us(h), h->usec != 0 ? 6 : 0, when));
}

/*
 * The fields of the peer that are not shown below the head line: those that are in it, the type
 * where the line names it, and zeros that were made here.
 */
static void
omit_peer_words(const struct decode_message *d, const char *omit[8])
{
	const struct bmp_peer_header *h = &d->msg->peer;
	const uint8_t *field = bmp_peer_address_field(d->msg);
	bool v6 = h->address.family == IP_V6;
	size_t n = 0;

	omit[n++] = "as";
	omit[n++] = "distinguisher";
	omit[n++] = "view";
	if (h->type <= BMP_PEER_LOC_RIB)
		omit[n++] = "type";
	if (h->type == BMP_PEER_LOC_RIB ? is_zero(field, 16) : v6 || is_zero(field, 12))
		omit[n++] = "address";
	if (h->sec != 0)
		omit[n++] = "time";
	if (d->captured && is_zero(h->bgp_id, 4))
		omit[n++] = "bgp_id";
	omit[n] = NULL;
}

static void
put_head(const struct decode_message *d, bool colour, struct sbuf *out)
{
	char when[CLOCK_TEXT_MAX];

	sbuf_printf(out, "%s#%llu %s%s", colour ? "\033[1m" : "", (unsigned long long)d->number,
	    bmp_type_name(d->msg->type), d->msg->version == 4 ? " v4" : "");
	for (unsigned i = 0; d->mirrored_types >> i != 0; i++)
		if (d->mirrored_types >> i & 1)
			sbuf_printf(out, " %s", i != 0 ? bgp_type_name(i) : "none");
	if (d->msg->has_peer)
		put_peer_words(d, out);
	if (d->recorded_us != 0 &&
	    !(d->msg->has_peer && d->recorded_us == router_us(&d->msg->peer)))
		sbuf_printf(out, "  recorded %s", clock_format_us(d->recorded_us, 6, when));
	sbuf_printf(out, "%s  (%u octets at %llu%s%s)\n", colour ? "\033[0m" : "", d->msg->len,
	    (unsigned long long)d->offset, d->stream != NULL ? ", " : "",
	    d->stream != NULL ? d->stream : "");
}

/* --- the BGP messages in it */

static void
dissect_bgp(struct field_sink *to, const char *name, struct cursor message)
{
	static const struct bgp_encoding four_octets = { .as4 = true };

	if (cur_left(&message) == 0)
		return;
	field_group(to, name);
	bgp_message_dissect(to, message, &four_octets);
	field_group_end(to);
}

static void
dissect_update(struct field_sink *to, const struct decode_update *u)
{
	char name[32];

	if (u->is_end_of_rib)
		field_text(to, "end_of_rib", bgp_family_name(u->end_of_rib, name, sizeof(name)));
	else
		bgp_update_dissect(to, u->body, &u->encoding);
}

/* One message of a Route Mirroring; u: how its UPDATE is encoded, NULL when that is not known. */
static void
dissect_mirrored_message(
    struct field_sink *to, struct cursor message, const struct decode_update *u)
{
	if (u == NULL) {
		dissect_bgp(to, NULL, message);
		return;
	}
	field_group(to, NULL);
	if (u->is_end_of_rib) {
		field_text(to, "type", "update");
		field_number(to, "length", cur_left(&message));
		dissect_update(to, u);
	} else {
		bgp_message_dissect(to, message, &u->encoding);
	}
	field_group_end(to);
}

static void
dissect_mirrored(struct field_sink *to, const struct decode_message *d)
{
	const struct bmp_msg *m = d->msg;
	struct faults ignored = { .n = 0 };
	struct cursor tlvs = m->body;
	struct bmp_tlv tlv;
	unsigned i = 0;

	field_list(to, "mirrored");
	while (bmp_tlv_next(&tlvs, m->start, &tlv, &ignored)) {
		if (tlv.type != BMP_MIRROR_MESSAGE)
			continue;
		dissect_mirrored_message(to, tlv.value, i < d->mirrored_n ? &d->mirrored[i] : NULL);
		i += i + 1 < DECODE_MIRRORED_MAX;
	}
	field_list_end(to);
}

static void
dissect_bgp_parts(struct field_sink *to, const struct decode_message *d)
{
	struct faults ignored = { .n = 0 };
	struct bmp_peer_up up;
	struct bmp_peer_down down;

	switch (d->msg->type) {
	case BMP_ROUTE_MONITORING:
		if (!d->has_update) {
			dissect_bgp(to, "bgp_message", d->msg->body);
			break;
		}
		field_group(to, "update");
		dissect_update(to, &d->update);
		field_group_end(to);
		break;
	case BMP_PEER_UP:
		if (!bmp_peer_up_parse(d->msg, &up, &ignored))
			break;
		dissect_bgp(to, "sent_open", up.sent_pdu);
		dissect_bgp(to, "received_open", up.received_pdu);
		break;
	case BMP_PEER_DOWN:
		if (bmp_peer_down_parse(d->msg, &down, &ignored) && down.has_notification)
			dissect_bgp(to, "notification", down.pdu);
		break;
	case BMP_ROUTE_MIRRORING:
		dissect_mirrored(to, d);
		break;
	default:
		break;
	}
}

/* --- what is wrong */

/* What is done about a fault, and what becomes of the routes. */
static const char *
action_text(enum fault_code code)
{
	static const char *const actions[] = { "understood anyway", "attribute discarded",
		"routes treated as withdrawn", "what follows is lost", "message skipped",
		"stream ends" };

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
put_octets(const struct bmp_msg *m, uint32_t offset, const char *document, struct sbuf *out)
{
	uint32_t from = offset > CONTEXT ? offset - CONTEXT : 0, to = offset + CONTEXT;

	sbuf_printf(out, "      octet %u:", offset);
	if (to > m->len)
		to = m->len;
	for (uint32_t i = from; i < to && offset < m->len; i++)
		sbuf_printf(out, i == offset ? "[%02x]" : " %02x", m->start[i]);
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
put_fault(const struct decode_message *d, const struct fault *f, bool colour, struct sbuf *out)
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
	put_octets(d->msg, f->offset, document, out);
}

static void
put_problems(const struct decode_message *d, bool colour, struct sbuf *out)
{
	uint32_t n = d->faults->n < FAULTS_MAX ? d->faults->n : FAULTS_MAX;

	for (uint32_t i = 0; i < n; i++)
		put_fault(d, &d->faults->v[i], colour, out);
	if (d->faults->n > n)
		sbuf_printf(out, "  %s! and %u more%s\n", colour ? "\033[31m" : "",
		    d->faults->n - n, colour ? "\033[0m" : "");
	for (int q = 0; q < BMP_QUIRKS; q++)
		if (d->quirks >> q & 1)
			sbuf_printf(out, "  %s~ %s%s%s%s\n", colour ? "\033[33m" : "",
			    bmp_quirk_name((enum bmp_quirk)q), d->explained >> q & 1 ? "" : ": ",
			    d->explained >> q & 1 ? "" : bmp_quirk_text((enum bmp_quirk)q),
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

static void
dissect_problems(struct field_sink *to, const struct decode_message *d)
{
	uint32_t n = d->faults->n < FAULTS_MAX ? d->faults->n : FAULTS_MAX;

	field_list(to, "faults");
	for (uint32_t i = 0; i < n; i++) {
		const struct fault *f = &d->faults->v[i];

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
	if (d->faults->n > n)
		field_number(to, "faults_total", d->faults->n);
	if (n > 0)
		field_text(to, "action", strongest(d->faults, n));
	field_list(to, "quirks");
	for (int q = 0; q < BMP_QUIRKS; q++)
		if (d->quirks >> q & 1)
			field_text(to, NULL, bmp_quirk_name((enum bmp_quirk)q));
	field_list_end(to);
}

void
decode_message_put(const struct decode_message *d, bool json, bool colour, struct sbuf *out)
{
	const char *omit[8];
	struct explain x;
	struct field_sink *t = &x.sink;
	char when[CLOCK_TEXT_MAX];

	if (!json)
		put_head(d, colour, out);
	explain_begin(&x, out, json);
	if (!json && d->msg->has_peer) {
		omit_peer_words(d, omit);
		x.omit = omit;
	}
	if (json) {
		field_number(t, "number", d->number);
		if (d->stream != NULL)
			field_text(t, "stream", d->stream);
		field_number(t, "offset", d->offset);
		field_number(t, "length", d->msg->len);
		field_number(t, "version", d->msg->version);
		field_text(t, "type", bmp_type_name(d->msg->type));
		if (d->msg->has_peer)
			field_text(t, "view", bmp_view_name(view_of(d)));
		if (d->recorded_us != 0)
			field_text(t, "recorded", clock_format_us(d->recorded_us, 6, when));
	}
	bmp_message_dissect(
	    t, d->msg, &(struct bmp_dissect_context){ .v4_revision = d->v4_revision });
	dissect_bgp_parts(t, d);
	if (json)
		dissect_problems(t, d);
	explain_end(&x);
	if (!json)
		put_problems(d, colour, out);
	sbuf_putc(out, '\n');
}

static struct decode_update
update_of(const struct bmp_update *u)
{
	return (struct decode_update){ .encoding = u->context.encoding,
		.is_end_of_rib = u->is_end_of_rib,
		.end_of_rib = u->end_of_rib,
		.body = cur_of(u->bgp->start, (size_t)(u->bgp->nlri.end - u->bgp->start)) };
}

void
decode_message_next(struct decode_message *d)
{
	d->has_update = false;
	d->mirrored_n = 0;
	d->mirrored_types = 0;
}

void
decode_message_update(struct decode_message *d, const struct bmp_update *u)
{
	d->has_update = true;
	d->view = u->view;
	d->update = update_of(u);
}

void
decode_message_mirrored(struct decode_message *d, unsigned type, const struct bmp_update *u)
{
	static const struct decode_update none = { .encoding = { .as4 = true } };

	d->mirrored_types |= 1U << (bgp_type_name(type) != NULL ? type : 0);
	if (d->mirrored_n < DECODE_MIRRORED_MAX)
		d->mirrored[d->mirrored_n++] = u != NULL ? update_of(u) : none;
}
