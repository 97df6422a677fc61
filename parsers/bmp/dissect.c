#include "parsers/bmp/dissect.h"

#include "parsers/bmp/dissect_parts.h"
#include "parsers/wire/text.h"

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

/* Names of the bits set; what has no name is told as a mask, so that nothing gets lost. */
static void
flags_tell(struct tell *t, const char *name, uint8_t flags, uint8_t peer_type)
{
	bool loc_rib = peer_type == BMP_PEER_LOC_RIB;
	const struct bit_name *names = loc_rib ? loc_rib_flags : peer_flags;
	size_t n = peer_type > BMP_PEER_LOC_RIB ? 0 /* whatever they mean there */
		   : loc_rib			? sizeof(loc_rib_flags) / sizeof(loc_rib_flags[0])
						: sizeof(peer_flags) / sizeof(peer_flags[0]);

	tell_list(t, name);
	for (size_t i = 0; i < n; i++)
		if (flags & names[i].bit) {
			tell_text(t, NULL, names[i].name);
			flags &= (uint8_t)~names[i].bit;
		}
	if (flags != 0)
		tell_textf(t, NULL, "reserved 0x%02x", flags);
	tell_list_end(t);
}

/* An address field of 16 octets, IPv4 in its last four. */
static void
address_tell(struct tell *t, const char *name, const uint8_t octets[16], bool v6)
{
	static const uint8_t zero[12];
	char buf[NAME_MAX_LEN];
	struct txt text = txt_of(buf, sizeof(buf));

	if (v6)
		txt_ipv6(&text, octets);
	else if (memcmp(octets, zero, sizeof(zero)) == 0)
		txt_ipv4(&text, octets + 12);
	else /* should be zero: show all of it */
		txt_hex(&text, cur_of(octets, 16));
	tell_text(t, name, buf);
}

/* flags: those to go by, where they are not the header's. */
static void
peer_tell(struct tell *t, const struct bmp_peer_header *h, uint8_t flags)
{
	struct bmp_peer_header by = *h;
	char buf[NAME_MAX_LEN];
	struct txt text = txt_of(buf, sizeof(buf));

	tell_open(t, "peer");
	tell_number(t, "type", h->type);
	tell_text(t, "type_name", bmp_peer_type_name(h->type));
	flags_tell(t, "flags", h->flags, h->type);
	by.flags = flags;
	if (flags != h->flags)
		flags_tell(t, "extended_flags", flags, h->type);
	if (h->type <= BMP_PEER_LOC_RIB)
		tell_text(t, "view", bmp_view_name(bmp_view_of(&by)));
	txt_rd(&text, h->distinguisher);
	tell_text(t, "distinguisher", buf);
	address_tell(t, "address", h->address, bmp_peer_is_v6(h));
	tell_number(t, "as", h->as);
	text = txt_of(buf, sizeof(buf));
	txt_ipv4(&text, h->bgp_id);
	tell_text(t, "bgp_id", buf);
	if (h->sec != 0 || h->usec != 0)
		bmp_tell_time(t, "time", h->sec, h->usec);
	tell_close(t);
}

void
bmp_peer_tell(struct tell *t, const struct bmp_peer_header *h)
{
	peer_tell(t, h, h->flags);
}

/* --- TLVs */

/* A number of two octets with a name; anything else as hex. */
static void
code_tell(struct tell *t, struct cursor value, const char *(*name)(uint16_t))
{
	struct cursor whole = value;
	uint16_t code = cur_u16(&value);

	if (value.failed || cur_left(&value) > 0) {
		tell_hex(t, "value", whole);
		return;
	}
	tell_number(t, "value", code);
	tell_text(t, "value_name", name(code));
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
value_tell(struct tell *t, enum bmp_registry registry, uint16_t type, struct cursor value)
{
	if (is_text(registry, type))
		bmp_tell_string(t, "value", value);
	else if (registry == BMP_TLVS_TERMINATION && type == BMP_TERM_REASON)
		code_tell(t, value, bmp_termination_reason_name);
	else if (registry == BMP_TLVS_MIRRORING && type == BMP_MIRROR_INFO)
		code_tell(t, value, bmp_mirror_info_name);
	else if (registry == BMP_TLVS_MIRRORING && type == BMP_MIRROR_MESSAGE)
		tell_number(t, "length", cur_left(&value));
	else
		tell_hex(t, "value", value);
}

static void
tlv_tell(struct tell *t, enum bmp_registry registry, const struct bmp_v4_tlv *tlv)
{
	const char *name = tlv->enterprise ? NULL : bmp_tlv_name(registry, tlv->type);

	tell_open(t, NULL);
	tell_number(t, "type", tlv->type);
	if (name != NULL)
		tell_text(t, "name", name);
	if (tlv->enterprise) {
		tell_number(t, "enterprise", tlv->pen);
		tell_hex(t, "value", tlv->value);
	} else {
		value_tell(t, registry, tlv->type, tlv->value);
	}
	tell_close(t);
}

/* One list of what stands before and behind something else. */
static void
all_tlvs_tell(struct tell *t, struct cursor before, struct cursor behind,
    enum bmp_registry registry, unsigned version)
{
	struct bmp_v4_tlv tlv;
	struct cursor left;

	if (cur_left(&before) + cur_left(&behind) == 0)
		return;
	tell_list(t, "tlvs");
	while (bmp_tell_next(&before, version, false, &tlv, &left))
		tlv_tell(t, registry, &tlv);
	while (bmp_tell_next(&behind, version, false, &tlv, &left))
		tlv_tell(t, registry, &tlv);
	tell_list_end(t);
	if (cur_left(&left) > 0)
		tell_hex(t, "cut_tlvs", left);
}

void
bmp_tlvs_tell(struct tell *t, struct cursor tlvs, enum bmp_registry registry, unsigned version)
{
	all_tlvs_tell(t, cur_of(tlvs.end, 0), tlvs, registry, version);
}

/* --- bodies */

void
bmp_peer_up_tell(struct tell *t, const struct bmp_msg *m, const struct bmp_peer_up *up)
{
	address_tell(t, "local_address", up->local_address, bmp_peer_is_v6(&m->peer));
	tell_number(t, "local_port", up->local_port);
	tell_number(t, "remote_port", up->remote_port);
	if (cur_left(&up->rest) > 0)
		tell_hex(t, "unreadable", up->rest);
	bmp_tlvs_tell(t, up->tlvs, BMP_TLVS_PEER, m->version);
}

void
bmp_peer_down_tell(struct tell *t, const struct bmp_msg *m, const struct bmp_peer_down *down)
{
	tell_number(t, "reason", down->reason);
	tell_text(t, "reason_name", bmp_peer_down_reason_name(down->reason));
	if (down->has_event) {
		tell_number(t, "fsm_event", down->fsm_event);
		tell_text(t, "fsm_event_name", bmp_fsm_event_name(down->fsm_event));
	}
	if (!down->has_notification && cur_left(&down->pdu) > 0)
		tell_hex(t, "unreadable", down->pdu);
	if (m->version >= 4 || down->reason == BMP_DOWN_LOCAL_TLVS)
		bmp_tlvs_tell(t, down->tlvs, BMP_TLVS_PEER, m->version);
	else if (cur_left(&down->tlvs) > 0)
		tell_hex(t, "trailing", down->tlvs);
}

static void
stat_tell(struct tell *t, const struct bmp_stat *st)
{
	const struct bmp_stat_info *info = st->enterprise ? NULL : bmp_stat_info(st->type);
	char family[32];

	tell_open(t, NULL);
	tell_number(t, "type", st->type);
	if (st->enterprise)
		tell_number(t, "enterprise", st->pen);
	if (info != NULL)
		tell_text(t, "name", info->name);
	if (st->per_family)
		tell_text(t, "family", bgp_family_name(st->family, family, sizeof(family)));
	if (st->has_value)
		tell_number(t, "value", st->value);
	else
		tell_hex(t, "value", st->raw);
	if (info != NULL)
		tell_text(t, "unit", info->unit);
	tell_close(t);
}

void
bmp_stats_tell(struct tell *t, const struct bmp_msg *m)
{
	struct faults ignored = { .n = 0 };
	struct bmp_stats stats;
	struct bmp_stat one;
	struct cursor left;

	bmp_stats_begin(m, &stats, &ignored);
	tell_list(t, "statistics");
	left = stats.rest.failed ? m->body : stats.rest;
	while (bmp_stats_next(m, &stats, &one, &ignored)) {
		stat_tell(t, &one);
		left.pos = one.raw.end;
	}
	tell_list_end(t);
	if (cur_left(&left) > 0)
		tell_hex(t, "unreadable", left);
	all_tlvs_tell(t, stats.before, stats.tlvs, BMP_TLVS_STATISTICS, m->version);
}

void
bmp_mirror_tell(struct tell *t, const struct bmp_msg *m)
{
	bmp_tlvs_tell(t, m->body, BMP_TLVS_MIRRORING, m->version);
}

/* --- any message */

static void
body_tell(struct tell *t, const struct bmp_msg *m, const struct bmp_v4 *v4)
{
	struct faults ignored = { .n = 0 };
	struct bmp_peer_down down;
	struct bmp_peer_up up;

	switch (m->type) {
	case BMP_ROUTE_MONITORING:
		if (v4 != NULL)
			bmp_v4_tlvs_tell(t, v4);
		return;
	case BMP_STATISTICS:
		bmp_stats_tell(t, m);
		return;
	case BMP_PEER_DOWN:
		if (bmp_peer_down_parse(m, &down, &ignored))
			bmp_peer_down_tell(t, m, &down);
		return;
	case BMP_PEER_UP:
		if (bmp_peer_up_parse(m, &up, &ignored))
			bmp_peer_up_tell(t, m, &up);
		else
			tell_hex(t, "unreadable", m->body);
		return;
	case BMP_INITIATION:
		bmp_tlvs_tell(t, m->body, BMP_TLVS_INITIATION, m->version);
		return;
	case BMP_TERMINATION:
		bmp_tlvs_tell(t, m->body, BMP_TLVS_TERMINATION, m->version);
		return;
	case BMP_ROUTE_MIRRORING:
		bmp_mirror_tell(t, m);
		return;
	default:
		tell_hex(t, "body", m->body);
	}
}

void
bmp_message_tell(struct tell *t, const struct bmp_msg *m, const struct bmp_tell_how *how)
{
	bool whole = m->type >= BMP_TYPES || m->type == BMP_INITIATION ||
		     m->type == BMP_TERMINATION || m->has_peer;
	bool readable = whole && !(m->has_peer && m->peer.type > BMP_PEER_LOC_RIB);
	bool v4 = readable && m->type == BMP_ROUTE_MONITORING && m->version >= 4;
	struct faults ignored = { .n = 0 };
	struct bmp_v4 tlvs;

	if (v4)
		bmp_v4_parse(m, how != NULL ? how->v4_set : BMP_V4_SET_UNKNOWN, &tlvs, &ignored);
	if (m->has_peer)
		peer_tell(t, &m->peer, v4 ? tlvs.flags : m->peer.flags);
	if (readable)
		body_tell(t, m, v4 ? &tlvs : NULL);
	else
		tell_hex(t, "body", m->body);
}
