/* The walk over NLRI of any family: the readers by kind, framing, and what is done with an NLRI
 * that cannot be read. */
#include "parsers/bgp/update.h"
#include "parsers/bgp/nlri/kind.h"

static const struct nlri_kind *const kinds[BGP_NLRI_KINDS] = {
	[BGP_NLRI_OPAQUE] = NULL,
	[BGP_NLRI_UNICAST] = &nlri_unicast,
	[BGP_NLRI_LABELLED] = &nlri_labelled,
	[BGP_NLRI_VPN] = &nlri_vpn,
	[BGP_NLRI_VPN_MULTICAST] = &nlri_vpn_multicast,
	[BGP_NLRI_MCAST_VPN] = &nlri_mcast_vpn,
	[BGP_NLRI_MDT] = &nlri_mdt,
	[BGP_NLRI_RTC] = &nlri_rtc,
	[BGP_NLRI_SR_POLICY] = &nlri_sr_policy,
	[BGP_NLRI_MUP] = &nlri_mup,
	[BGP_NLRI_FLOWSPEC] = &nlri_flowspec,
	[BGP_NLRI_VPLS] = &nlri_vpls,
	[BGP_NLRI_EVPN] = &nlri_evpn,
	[BGP_NLRI_LS] = &nlri_ls,
};

static const struct nlri_kind *
kind_of(struct bgp_family f)
{
	const struct bgp_family_row *row = bgp_family_row(f);

	return row != NULL ? kinds[row->nlri] : NULL;
}

/* Octets of the body, after the type has been read. */
static size_t
body_length(struct cursor *r, enum nlri_frame frame)
{
	size_t len;

	switch (frame) {
	case NLRI_BITS:
		return (cur_u8(r) + 7U) / 8;
	case NLRI_LEN_FLOW:
		len = cur_u8(r);
		return len >= 0xf0 ? (len & 0x0f) << 8 | cur_u8(r) : len;
	case NLRI_LEN2:
	case NLRI_TYPE2_LEN2:
		return cur_u16(r);
	case NLRI_TYPE1_LEN1:
	case NLRI_ARCH_TYPE2:
		return cur_u8(r);
	default:
		return cur_left(r);
	}
}

static void
cut_out(struct cursor *r, enum nlri_frame frame, struct bgp_nlri *n)
{
	const uint8_t *at = r->pos;

	if (frame == NLRI_ARCH_TYPE2)
		cur_u8(r);
	if (frame == NLRI_TYPE1_LEN1)
		n->route_type = cur_u8(r);
	else if (frame == NLRI_TYPE2_LEN2 || frame == NLRI_ARCH_TYPE2)
		n->route_type = cur_u16(r);
	n->body = cur_sub(r, body_length(r, frame));
	n->octets = (struct cursor){ .pos = at, .end = r->pos };
}

/* Everything but the arrays, which their counts guard. */
static void
clear(struct bgp_nlri *n)
{
	n->has_path_id = false;
	n->path_id = 0;
	n->route_type = 0;
	n->known = n->malformed = n->has_rd = n->has_prefix = n->v6 = false;
	n->len = n->labels_n = n->key_len = 0;
}

/* Kept whole, under a key of its own octets. */
static void
keep_raw(struct bgp_nlri *n)
{
	struct nlri_key key = { .n = n };

	n->has_rd = n->has_prefix = false;
	n->labels_n = 0;
	nlri_key_put_cursor(&key, n->octets);
	nlri_key_end(&key);
}

static enum nlri_verdict
read_one(const struct nlri_kind *kind, struct bgp_nlri *n, struct bgp_family family,
    struct bgp_nlri_encoding encoding)
{
	struct nlri_key key;
	enum nlri_verdict v;

	key.n = n;
	key.octets = 0;
	v = kind->read(n, family, encoding, &key);
	n->known = v != NLRI_UNKNOWN;
	n->malformed = v == NLRI_BAD;
	if (v == NLRI_READ)
		nlri_key_end(&key);
	else
		keep_raw(n);
	return v;
}

static bool
stop(struct cursor *r, struct faults *f, enum fault_code code, unsigned item, size_t offset)
{
	fault_add(f, code, item, offset);
	r->failed = true;
	r->pos = r->end;
	return false;
}

bool
bgp_nlri_next(struct cursor *r, struct bgp_family family, struct bgp_nlri_encoding encoding,
    const uint8_t *start, struct bgp_nlri *n, struct faults *f)
{
	const struct nlri_kind *kind = kind_of(family);
	size_t at = (size_t)(r->pos - start);

	if (cur_left(r) == 0)
		return false;
	clear(n);
	n->withdrawn = encoding.withdrawn;
	if (kind == NULL) {
		cut_out(r, NLRI_OPAQUE, n);
		keep_raw(n);
		return true;
	}
	if (encoding.path_ids) {
		n->has_path_id = true;
		n->path_id = cur_u32(r);
	}
	cut_out(r, kind->frame, n);
	if (r->failed)
		return stop(r, f, FAULT_NLRI_OVERRUN, family.safi, at);
	switch (read_one(kind, n, family, encoding)) {
	case NLRI_LENGTH:
		return stop(r, f, FAULT_NLRI_LENGTH, family.safi, at);
	case NLRI_BAD:
		fault_add(f, FAULT_NLRI_MALFORMED, family.safi, at);
		return true;
	default:
		return true;
	}
}

bool
bgp_nlri_fits(struct cursor r, struct bgp_family family, struct bgp_nlri_encoding encoding)
{
	struct faults f = { .n = 0 };
	struct bgp_nlri n;

	if (bgp_family_is_plain(family))
		return bgp_prefixes_fit(r, family.afi, encoding.path_ids);
	while (bgp_nlri_next(&r, family, encoding, r.pos, &n, &f))
		if (!n.known || n.malformed)
			return false;
	return !r.failed && bgp_family_row(family) != NULL;
}

size_t
bgp_nlri_count(struct cursor r, struct bgp_family family, struct bgp_nlri_encoding encoding,
    const uint8_t *start, struct faults *f)
{
	struct faults ignored = { .n = 0 };
	struct bgp_nlri n;
	size_t count = 0;

	if (bgp_family_row(family) == NULL)
		return 0;
	if (f == NULL) {
		f = &ignored;
		start = r.pos;
	}
	while (bgp_nlri_next(&r, family, encoding, start, &n, f))
		count += !n.malformed;
	return count;
}

const char *
bgp_route_type_name(struct bgp_family family, uint16_t route_type)
{
	const struct nlri_kind *kind = kind_of(family);

	return kind != NULL && kind->type_name != NULL ? kind->type_name(family, route_type) : NULL;
}

void
bgp_nlri_dissect(struct field_sink *to, struct bgp_family family, const struct bgp_nlri *n)
{
	const struct nlri_kind *kind = kind_of(family);
	const char *name = bgp_route_type_name(family, n->route_type);

	if (n->has_path_id)
		field_number(to, "path_id", n->path_id);
	if (kind == &nlri_mup) {
		struct cursor octets = n->octets;

		field_number(to, "architecture_type", cur_u8(&octets));
	}
	if (kind != NULL && kind->type_name != NULL) {
		field_number(to, "route_type", n->route_type);
		if (n->known && name != NULL)
			field_text(to, "route_type_name", name);
	}
	if (n->malformed)
		field_text(to, "fault", fault_name(FAULT_NLRI_MALFORMED));
	if (n->known && !n->malformed)
		kind->dissect(to, family, n);
	else
		field_hex(to, "octets", n->octets);
}

void
bgp_nlri_text(struct txt *x, struct bgp_family family, const struct bgp_nlri *n)
{
	const struct nlri_kind *kind = kind_of(family);

	if (kind != NULL && n->known && !n->malformed) {
		kind->text(x, family, n);
		return;
	}
	if (kind != NULL && kind->type_name != NULL)
		txt_putf(x, "[%u]:", n->route_type);
	txt_puts(x, n->malformed ? "malformed " : "unknown ");
	txt_hex(x, n->octets);
}
