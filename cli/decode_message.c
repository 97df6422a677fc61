#include "cli/decode_message.h"

#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/ip.h"
#include "cli/explain.h"
#include "parsers/bgp_tell.h"
#include "parsers/bmp_tell.h"

enum { CONTEXT = 8 }; /* octets shown on either side of a fault */

static const char *const action_names[] = { "understood anyway", "attribute discarded",
	"routes treated as withdrawn", "what follows is lost", "message skipped", "stream ends" };

/* --- the line above a block
 * ----------------------------------------------------------------------------------------------------
 */

static void
put_peer_words(const struct bmp_msg *m, struct sbuf *out)
{
	const struct bmp_peer_header *h = &m->peer;
	struct ip_addr a = bmp_peer_is_v6(h) ? ip_addr_v6(h->address) : ip_addr_v4(h->address + 12);
	char text[64], when[CLOCK_TEXT_MAX];
	uint8_t none = 0;

	for (int i = 0; i < 8; i++)
		none |= h->distinguisher[i];
	sbuf_printf(out, "  %s AS%u",
	    h->type == BMP_PEER_LOC_RIB ? "loc-rib" : ip_addr_format(&a, text), h->as);
	if (none != 0)
		sbuf_printf(
		    out, " %s", bmp_distinguisher_format(h->distinguisher, text, sizeof(text)));
	if (h->type != BMP_PEER_LOC_RIB &&
	    (m->type == BMP_ROUTE_MONITORING || m->type == BMP_ROUTE_MIRRORING))
		sbuf_printf(out, " %s", bmp_view_name(bmp_view_of(h)));
	if (h->sec != 0)
		sbuf_printf(
		    out, "  %s", clock_format_us((int64_t)h->sec * 1000000 + h->usec, 6, when));
}

static void
put_head(const struct decode_message *d, bool colour, struct sbuf *out)
{
	sbuf_printf(out, "%s#%llu %s%s", colour ? "\033[1m" : "", (unsigned long long)d->number,
	    bmp_type_name(d->msg->type), d->msg->version == 4 ? " v4" : "");
	if (d->msg->has_peer)
		put_peer_words(d->msg, out);
	sbuf_printf(out, "%s  (%u octets at %llu%s%s)\n", colour ? "\033[0m" : "", d->msg->len,
	    (unsigned long long)d->offset, d->stream != NULL ? ", " : "",
	    d->stream != NULL ? d->stream : "");
}

/* --- the BGP messages in it
 * -------------------------------------------------------------------------------------------
 */

static void
tell_bgp(struct tell *t, const char *name, struct rd message)
{
	static const struct bgp_context four_octets = { .as4 = true };

	if (rd_left(&message) == 0)
		return;
	tell_open(t, name);
	bgp_message_tell(t, message, &four_octets, NULL);
	tell_close(t);
}

static void
tell_update(struct tell *t, const struct decode_message *d)
{
	const struct bgp_tell_how how = { .classic = d->addpath_classic,
		.reach = d->addpath_reach,
		.unreach = d->addpath_unreach,
		.labels = d->labels_reach };
	char name[32];

	tell_open(t, "update");
	if (d->is_end_of_rib)
		tell_text(t, "end_of_rib", bgp_family_name(d->end_of_rib, name, sizeof(name)));
	else
		bgp_update_tell(t, d->update, &d->context, &how);
	tell_close(t);
}

static void
tell_mirrored(struct tell *t, const struct bmp_msg *m)
{
	struct faults ignored = { .n = 0 };
	struct rd tlvs = m->body;
	struct bmp_tlv tlv;

	tell_list(t, "mirrored");
	while (bmp_tlv_next(&tlvs, m->start, &tlv, &ignored)) {
		if (tlv.type != BMP_MIRROR_MESSAGE)
			continue;
		tell_bgp(t, NULL, tlv.value);
	}
	tell_list_end(t);
}

static void
tell_bgp_parts(struct tell *t, const struct decode_message *d)
{
	struct faults ignored = { .n = 0 };
	struct bmp_peer_up up;
	struct bmp_peer_down down;

	switch (d->msg->type) {
	case BMP_ROUTE_MONITORING:
		if (d->has_update)
			tell_update(t, d);
		else
			tell_bgp(t, "bgp_message", d->msg->body);
		break;
	case BMP_PEER_UP:
		if (!bmp_peer_up_parse(d->msg, &up, &ignored))
			break;
		tell_bgp(t, "sent_open", up.sent_pdu);
		tell_bgp(t, "received_open", up.received_pdu);
		break;
	case BMP_PEER_DOWN:
		if (bmp_peer_down_parse(d->msg, &down, &ignored) && down.has_notification)
			tell_bgp(t, "notification", down.pdu);
		break;
	case BMP_ROUTE_MIRRORING:
		tell_mirrored(t, d->msg);
		break;
	default:
		break;
	}
}

/* --- what is wrong
 * ---------------------------------------------------------------------------------------------------------
 */

/* Is the fault's item an attribute code? */
static bool
about_attribute(enum fault_code code)
{
	const char *name = fault_name(code);

	return strncmp(name, "attr-", 5) == 0 || strncmp(name, "as-", 3) == 0 ||
	       strcmp(name, "mp-duplicate") == 0 || strcmp(name, "mp-short") == 0;
}

/* The octets around a fault, what it is about in brackets. */
static void
put_octets(const struct bmp_msg *m, uint32_t offset, struct sbuf *out)
{
	uint32_t from = offset > CONTEXT ? offset - CONTEXT : 0, to = offset + CONTEXT;

	if (offset >= m->len)
		return;
	if (to > m->len)
		to = m->len;
	sbuf_puts(out, "      ");
	for (uint32_t i = from; i < to; i++)
		sbuf_printf(out, i == offset ? "[%02x]" : " %02x", m->start[i]);
	sbuf_putc(out, '\n');
}

static void
put_problems(const struct decode_message *d, bool colour, struct sbuf *out)
{
	const char *on = colour ? "\033[31m" : "", *off = colour ? "\033[0m" : "";
	uint32_t n = d->faults->n < FAULTS_MAX ? d->faults->n : FAULTS_MAX;

	for (uint32_t i = 0; i < n; i++) {
		const struct fault *f = &d->faults->v[i];
		enum fault_code code = (enum fault_code)f->code;
		const char *attribute = bgp_attr_name((uint8_t)f->item);

		sbuf_printf(out, "  %s! %s at octet %u", on, fault_name(code), f->offset);
		if (about_attribute(code))
			sbuf_printf(
			    out, ", attribute %u %s", f->item, attribute != NULL ? attribute : "");
		sbuf_printf(
		    out, ": %s; %s%s\n", fault_text(code), action_names[fault_action(code)], off);
		put_octets(d->msg, f->offset, out);
	}
	if (d->faults->n > n)
		sbuf_printf(out, "  %s! and %u more%s\n", on, d->faults->n - n, off);
	for (int q = 0; q < BMP_QUIRKS; q++)
		if (d->quirks >> q & 1)
			sbuf_printf(out, "  %s~ %s: %s%s\n", colour ? "\033[33m" : "",
			    bmp_quirk_name((enum bmp_quirk)q), bmp_quirk_text((enum bmp_quirk)q),
			    off);
}

static void
tell_problems(struct tell *t, const struct decode_message *d)
{
	uint32_t n = d->faults->n < FAULTS_MAX ? d->faults->n : FAULTS_MAX;

	tell_list(t, "faults");
	for (uint32_t i = 0; i < n; i++) {
		const struct fault *f = &d->faults->v[i];

		tell_open(t, NULL);
		tell_text(t, "code", fault_name((enum fault_code)f->code));
		tell_number(t, "item", f->item);
		tell_number(t, "offset", f->offset);
		tell_text(t, "text", fault_text((enum fault_code)f->code));
		tell_text(t, "action", action_names[fault_action((enum fault_code)f->code)]);
		tell_close(t);
	}
	tell_list_end(t);
	tell_list(t, "quirks");
	for (int q = 0; q < BMP_QUIRKS; q++)
		if (d->quirks >> q & 1)
			tell_text(t, NULL, bmp_quirk_name((enum bmp_quirk)q));
	tell_list_end(t);
}

void
decode_message_put(const struct decode_message *d, bool json, bool colour, struct sbuf *out)
{
	struct explain x;
	struct tell *t = &x.tell;

	if (!json)
		put_head(d, colour, out);
	explain_begin(&x, out, json);
	if (json) {
		tell_number(t, "number", d->number);
		if (d->stream != NULL)
			tell_text(t, "stream", d->stream);
		tell_number(t, "offset", d->offset);
		tell_number(t, "length", d->msg->len);
		tell_number(t, "version", d->msg->version);
		tell_text(t, "type", bmp_type_name(d->msg->type));
		if (d->msg->has_peer)
			tell_text(t, "view", bmp_view_name(bmp_view_of(&d->msg->peer)));
	}
	bmp_message_tell(t, d->msg);
	tell_bgp_parts(t, d);
	if (json)
		tell_problems(t, d);
	explain_end(&x);
	if (!json)
		put_problems(d, colour, out);
	sbuf_putc(out, '\n');
}

void
decode_message_update(struct decode_message *d, const struct bmp_update *u)
{
	d->has_update = true;
	d->context = u->context;
	d->addpath_classic = u->addpath_classic;
	d->addpath_reach = u->addpath_reach;
	d->addpath_unreach = u->addpath_unreach;
	d->labels_reach = u->labels_reach;
	d->is_end_of_rib = u->is_end_of_rib;
	d->end_of_rib = u->end_of_rib;
	d->update = rd_of(u->bgp->start, (size_t)(u->bgp->nlri.end - u->bgp->start));
}
