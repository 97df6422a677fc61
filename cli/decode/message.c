#include "cli/decode/message.h"

#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/pure/ip.h"
#include "cli/decode/explain.h"
#include "cli/decode/problems.h"
#include "parsers/bgp/dissect.h"
#include "parsers/bgp/message.h"
#include "parsers/bgp/rd.h"
#include "parsers/bmp/dissect.h"

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
	size_t n = 0;

	omit[n++] = "as";
	omit[n++] = "distinguisher";
	omit[n++] = "view";
	if (h->type <= BMP_PEER_LOC_RIB)
		omit[n++] = "type";
	if (h->type != BMP_PEER_LOC_RIB || is_zero(h->address.b, 4))
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
		problems_dissect(t, d->faults, d->quirks);
	explain_end(&x);
	if (!json)
		problems_put(&(struct problems){ .at = d->msg->start,
				 .n = d->msg->len,
				 .faults = d->faults,
				 .quirks = d->quirks,
				 .explained = d->explained },
		    colour, out);
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
