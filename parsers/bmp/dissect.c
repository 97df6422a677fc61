#include "parsers/bmp/dissect.h"

#include "base/pure/text.h"
#include "parsers/bgp/rd.h"
#include "parsers/bmp/dissect_parts.h"

enum { NAME_MAX_LEN = 64 };

/* --- per-peer header */

struct bit_name {
	uint8_t bit;
	const char *name;
};

static const struct bit_name peer_flags[] = { { BMP_FLAG_V, "ipv6" }, { BMP_FLAG_L, "post_policy" },
	{ BMP_FLAG_A, "2_octet_as_path" }, { BMP_FLAG_O, "adj_rib_out" },
	{ BMP_FLAG_X, "extended_flags" } };
static const struct bit_name loc_rib_flags[] = { { BMP_FLAG_F, "filtered" },
	{ BMP_FLAG_X, "extended_flags" } };

/* Names of the bits set; what has no name is shown as a mask, so that nothing gets lost. */
static void
flags_dissect(struct field_sink *to, const char *name, uint8_t flags, uint8_t peer_type)
{
	bool loc_rib = peer_type == BMP_PEER_LOC_RIB;
	const struct bit_name *names = loc_rib ? loc_rib_flags : peer_flags;
	size_t n = peer_type > BMP_PEER_LOC_RIB ? 0 /* whatever they mean there */
		   : loc_rib			? sizeof(loc_rib_flags) / sizeof(loc_rib_flags[0])
						: sizeof(peer_flags) / sizeof(peer_flags[0]);

	field_list(to, name);
	for (size_t i = 0; i < n; i++)
		if (flags & names[i].bit) {
			field_text(to, NULL, names[i].name);
			flags &= (uint8_t)~names[i].bit;
		}
	if (flags != 0)
		field_textf(to, NULL, "reserved 0x%02x", flags);
	field_list_end(to);
}

static void
address_dissect(struct field_sink *to, const char *name, const struct ip_addr *address)
{
	char buf[NAME_MAX_LEN];
	struct txt text = txt_of(buf, sizeof(buf));

	txt_ip(&text, address);
	field_text(to, name, buf);
}

/* Also the octets of a field that is not as it should be: those of a Loc-RIB are zero. */
static void
peer_address_dissect(struct field_sink *to, const struct bmp_peer_header *h)
{
	address_dissect(to, "address", &h->address);
	if (h->type == BMP_PEER_LOC_RIB ? !is_zero(h->address_octets, 16)
					: h->address_form != BMP_ADDRESS_AS_SAID)
		field_hex(to, "address_octets", cur_of(h->address_octets, 16));
}

/* flags: those to go by, where they are not the header's. */
static void
peer_dissect(struct field_sink *to, const struct bmp_msg *m, uint8_t flags)
{
	const struct bmp_peer_header *h = &m->peer;
	struct bmp_peer_header by = *h;
	char buf[NAME_MAX_LEN];
	struct txt text = txt_of(buf, sizeof(buf));

	field_group(to, "peer");
	field_number(to, "type", h->type);
	field_text(to, "type_name", bmp_peer_type_name(h->type));
	flags_dissect(to, "flags", h->flags, h->type);
	by.flags = flags;
	if (flags != h->flags)
		flags_dissect(to, "extended_flags", flags, h->type);
	if (h->type <= BMP_PEER_LOC_RIB)
		field_text(to, "view", bmp_view_name(bmp_view_of(&by)));
	bgp_rd_text(&text, h->distinguisher);
	field_text(to, "distinguisher", buf);
	peer_address_dissect(to, h);
	field_number(to, "as", h->as);
	text = txt_of(buf, sizeof(buf));
	txt_ipv4(&text, h->bgp_id);
	field_text(to, "bgp_id", buf);
	if (h->sec != 0 || h->usec != 0)
		bmp_dissect_time(to, "time", h->sec, h->usec);
	field_group_end(to);
}

/* --- TLVs */

/* A number of two octets with a name; anything else as hex. */
static void
code_dissect(struct field_sink *to, struct cursor value, const char *(*name)(uint16_t))
{
	struct cursor whole = value;
	uint16_t code = cur_u16(&value);

	if (value.failed || cur_left(&value) > 0) {
		field_hex(to, "value", whole);
		return;
	}
	field_number(to, "value", code);
	field_text(to, "value_name", name(code));
}

static bool
is_text(enum bmp_registry registry, uint16_t type)
{
	switch (registry) {
	case BMP_TLVS_INITIATION:
		return type <= BMP_INIT_SYS_NAME;
	case BMP_TLVS_TERMINATION:
		return type == BMP_TERM_STRING;
	case BMP_TLVS_PEER:
		return type == BMP_PEER_STRING || type == BMP_PEER_TABLE_NAME ||
		       type == BMP_PEER_ADMIN_LABEL;
	default:
		return false;
	}
}

static void
value_dissect(struct field_sink *to, enum bmp_registry registry, uint16_t type, struct cursor value)
{
	if (is_text(registry, type))
		bmp_dissect_string(to, "value", value);
	else if (registry == BMP_TLVS_TERMINATION && type == BMP_TERM_REASON)
		code_dissect(to, value, bmp_termination_reason_name);
	else if (registry == BMP_TLVS_MIRRORING && type == BMP_MIRROR_INFO)
		code_dissect(to, value, bmp_mirror_info_name);
	else if (registry == BMP_TLVS_MIRRORING && type == BMP_MIRROR_MESSAGE)
		field_number(to, "length", cur_left(&value));
	else
		field_hex(to, "value", value);
}

static void
tlv_dissect(struct field_sink *to, enum bmp_registry registry, const struct bmp_v4_tlv *tlv)
{
	const char *name = tlv->enterprise ? NULL : bmp_tlv_name(registry, tlv->type);

	field_group(to, NULL);
	field_number(to, "type", tlv->type);
	if (name != NULL)
		field_text(to, "name", name);
	if (tlv->enterprise) {
		field_number(to, "enterprise", tlv->pen);
		field_hex(to, "value", tlv->value);
	} else {
		value_dissect(to, registry, tlv->type, tlv->value);
	}
	field_group_end(to);
}

/* One list of what stands before and behind something else. */
static void
all_tlvs_dissect(struct field_sink *to, struct cursor before, struct cursor behind,
    enum bmp_registry registry, unsigned version)
{
	struct bmp_v4_tlv tlv;
	struct cursor left;

	if (cur_left(&before) + cur_left(&behind) == 0)
		return;
	field_list(to, "tlvs");
	while (bmp_dissect_next(&before, version, false, &tlv, &left))
		tlv_dissect(to, registry, &tlv);
	while (bmp_dissect_next(&behind, version, false, &tlv, &left))
		tlv_dissect(to, registry, &tlv);
	field_list_end(to);
	if (cur_left(&left) > 0)
		field_hex(to, "cut_tlvs", left);
}

/* A list of TLVs: number, name where it has one, value as text where it is text. version: of the
 * message; in 4 the type has an enterprise bit. Nothing when there are none. */
static void
bmp_tlvs_dissect(
    struct field_sink *to, struct cursor tlvs, enum bmp_registry registry, unsigned version)
{
	all_tlvs_dissect(to, cur_of(tlvs.end, 0), tlvs, registry, version);
}

/* --- bodies */

/* Local address and ports, then the TLVs; what could not be read as an OPEN (RFC 7854 4.10). */
static void
bmp_peer_up_dissect(struct field_sink *to, const struct bmp_msg *m, const struct bmp_peer_up *up)
{
	address_dissect(to, "local_address", &up->local_address);
	field_number(to, "local_port", up->local_port);
	field_number(to, "remote_port", up->remote_port);
	if (cur_left(&up->rest) > 0)
		field_hex(to, "unreadable", up->rest);
	bmp_tlvs_dissect(to, up->tlvs, BMP_TLVS_PEER, m->version);
}

/* Reason and what goes with it, but for the NOTIFICATION (RFC 7854 4.9); in version 4, and with
 * reason 6, the TLVs. */
static void
bmp_peer_down_dissect(
    struct field_sink *to, const struct bmp_msg *m, const struct bmp_peer_down *down)
{
	field_number(to, "reason", down->reason);
	field_text(to, "reason_name", bmp_peer_down_reason_name(down->reason));
	if (down->has_event) {
		field_number(to, "fsm_event", down->fsm_event);
		field_text(to, "fsm_event_name", bmp_fsm_event_name(down->fsm_event));
	}
	if (!down->has_notification && cur_left(&down->pdu) > 0)
		field_hex(to, "unreadable", down->pdu);
	if (m->version >= 4 || down->reason == BMP_DOWN_LOCAL_TLVS)
		bmp_tlvs_dissect(to, down->tlvs, BMP_TLVS_PEER, m->version);
	else if (cur_left(&down->tlvs) > 0)
		field_hex(to, "trailing", down->tlvs);
}

static void
stat_dissect(struct field_sink *to, const struct bmp_stat *st)
{
	const struct bmp_stat_info *info = st->enterprise ? NULL : bmp_stat_info(st->type);
	char family[32];

	field_group(to, NULL);
	field_number(to, "type", st->type);
	if (st->enterprise)
		field_number(to, "enterprise", st->pen);
	if (info != NULL)
		field_text(to, "name", info->name);
	if (st->per_family)
		field_text(to, "family", bgp_family_name(st->family, family, sizeof(family)));
	if (st->has_value)
		field_number(to, "value", st->value);
	else
		field_hex(to, "value", st->raw);
	if (info != NULL)
		field_text(to, "unit", info->unit);
	field_group_end(to);
}

/* A list "statistics": type, name, unit, family, value; and what version 4 adds. */
static void
bmp_stats_dissect(struct field_sink *to, const struct bmp_msg *m)
{
	struct faults ignored = { .n = 0 };
	struct bmp_stats stats;
	struct bmp_stat one;
	struct cursor left;

	bmp_stats_begin(m, &stats, &ignored);
	field_list(to, "statistics");
	left = stats.rest.failed ? m->body : stats.rest;
	while (bmp_stats_next(m, &stats, &one, &ignored)) {
		stat_dissect(to, &one);
		left.pos = one.raw.end;
	}
	field_list_end(to);
	if (cur_left(&left) > 0)
		field_hex(to, "unreadable", left);
	all_tlvs_dissect(to, stats.before, stats.tlvs, BMP_TLVS_STATISTICS, m->version);
}

/* TLVs of Route Mirroring; of the mirrored message only its length (RFC 7854 4.7). */
static void
bmp_mirror_dissect(struct field_sink *to, const struct bmp_msg *m)
{
	bmp_tlvs_dissect(to, m->body, BMP_TLVS_MIRRORING, m->version);
}

/* --- any message */

static void
body_dissect(struct field_sink *to, const struct bmp_msg *m, const struct bmp_v4 *v4)
{
	struct faults ignored = { .n = 0 };
	struct bmp_peer_down down;
	struct bmp_peer_up up;

	switch (m->type) {
	case BMP_ROUTE_MONITORING:
		if (v4 != NULL)
			bmp_v4_tlvs_dissect(to, v4);
		return;
	case BMP_STATISTICS:
		bmp_stats_dissect(to, m);
		return;
	case BMP_PEER_DOWN:
		if (bmp_peer_down_parse(m, &down, &ignored))
			bmp_peer_down_dissect(to, m, &down);
		return;
	case BMP_PEER_UP:
		if (bmp_peer_up_parse(m, &up, &ignored))
			bmp_peer_up_dissect(to, m, &up);
		else
			field_hex(to, "unreadable", m->body);
		return;
	case BMP_INITIATION:
		bmp_tlvs_dissect(to, m->body, BMP_TLVS_INITIATION, m->version);
		return;
	case BMP_TERMINATION:
		bmp_tlvs_dissect(to, m->body, BMP_TLVS_TERMINATION, m->version);
		return;
	case BMP_ROUTE_MIRRORING:
		bmp_mirror_dissect(to, m);
		return;
	default:
		field_hex(to, "body", m->body);
	}
}

void
bmp_message_dissect(
    struct field_sink *to, const struct bmp_msg *m, const struct bmp_dissect_context *context)
{
	bool whole = m->type >= BMP_TYPES || m->type == BMP_INITIATION ||
		     m->type == BMP_TERMINATION || m->has_peer;
	bool readable = whole && !(m->has_peer && m->peer.type > BMP_PEER_LOC_RIB);
	bool v4 = readable && m->type == BMP_ROUTE_MONITORING && m->version >= 4;
	struct faults ignored = { .n = 0 };
	struct bmp_v4 tlvs;

	if (v4)
		bmp_v4_parse(m, context != NULL ? context->v4_revision : BMP_V4_REVISION_UNKNOWN,
		    &tlvs, &ignored);
	if (m->has_peer)
		peer_dissect(to, m, v4 ? tlvs.flags : m->peer.flags);
	if (readable)
		body_dissect(to, m, v4 ? &tlvs : NULL);
	else
		field_hex(to, "body", m->body);
}
