#include "parsers/bgp/bgp.h"

enum { PARAM_CAPABILITIES = 2, PARAM_EXTENDED = 255 };
enum {
	CAP_MP = 1,
	CAP_ROUTE_REFRESH = 2,
	CAP_ORF = 3,
	CAP_EXTENDED_NEXT_HOP = 5,
	CAP_EXTENDED_MESSAGE = 6,
	CAP_BGPSEC = 7,
	CAP_MULTIPLE_LABELS = 8,
	CAP_ROLE = 9,
	CAP_GRACEFUL_RESTART = 64,
	CAP_AS4 = 65,
	CAP_ADDPATH = 69,
	CAP_ENHANCED_REFRESH = 70,
	CAP_LONG_LIVED = 71,
	CAP_FQDN = 73,
	CAP_SOFTWARE = 75,
	CAP_PATHS_LIMIT = 76,
	CAP_LINK_LOCAL = 77,
	CAP_ROUTE_REFRESH_OLD = 128,
	CAP_ORF_OLD = 130,
};

unsigned
bgp_message(struct cursor *r, struct cursor *body, size_t *total, struct faults *f)
{
	const uint8_t *start = r->pos, *marker = cur_take(r, 16);
	uint16_t len = cur_u16(r);
	uint8_t type = cur_u8(r);

	*body = cur_of(r->end, 0);
	*total = 0;
	if (r->failed || len < BGP_HEADER_LEN || len - (size_t)BGP_HEADER_LEN > cur_left(r)) {
		fault_add(f, FAULT_BGP_LENGTH, len, 16);
		return 0;
	}
	if ((be64(marker) & be64(marker + 8)) != UINT64_MAX) {
		fault_add(f, FAULT_BGP_MARKER, 0, 0);
		return 0;
	}
	if (type == 0) {
		fault_add(f, FAULT_BGP_TYPE, type, 18);
		return 0;
	}
	*body = cur_sub(r, len - (size_t)BGP_HEADER_LEN);
	*total = (size_t)(r->pos - start);
	return type;
}

/* --- OPEN */

static void
add_family(struct bgp_open *o, struct bgp_family family)
{
	for (unsigned i = 0; i < o->families_n; i++)
		if (bgp_family_equal(o->families[i], family))
			return;
	if (o->families_n < BGP_FAMILIES_MAX)
		o->families[o->families_n++] = family;
}

static void
add_addpath(struct bgp_open *o, struct bgp_family family, uint8_t mode)
{
	for (unsigned i = 0; i < o->addpaths_n; i++) {
		if (bgp_family_equal(o->addpaths[i].family, family)) {
			o->addpaths[i].mode = mode;
			return;
		}
	}
	if (o->addpaths_n < BGP_FAMILIES_MAX)
		o->addpaths[o->addpaths_n++] = (struct bgp_addpath){ family, mode };
}

/* Family and count, again and again; a count below two says nothing, and a family that repeats
 * counts for nothing (RFC 8277 2.1). */
static void
parse_labels(struct bgp_open *o, struct cursor v)
{
	while (cur_left(&v) > 0) {
		struct bgp_family family;
		uint8_t count;

		family.afi = cur_u16(&v);
		family.safi = cur_u8(&v);
		count = cur_u8(&v);
		if (count >= 2 && bgp_open_labels(o, family) == 1 && o->labels_n < BGP_TUPLES_MAX)
			o->labels[o->labels_n++] = (struct bgp_labels){ family, count };
	}
}

/* AFI, SAFI of two octets, AFI of the next hop, again and again (RFC 8950 4). */
static void
parse_next_hops(struct bgp_open *o, struct cursor v)
{
	while (cur_left(&v) > 0) {
		uint16_t afi = cur_u16(&v), safi = cur_u16(&v), next_hop = cur_u16(&v);
		struct bgp_family family = { afi, (uint8_t)safi };

		if (safi <= 255 && !bgp_open_next_hop(o, family, next_hop) &&
		    o->next_hops_n < BGP_TUPLES_MAX)
			o->next_hops[o->next_hops_n++] =
			    (struct bgp_next_hop_afi){ family, next_hop };
	}
}

/* Lengths that a capability's value may have: min, and so many steps more; step 0: just that. What
 * is in no row may have any. */
static const struct {
	uint8_t code, min, step;
} capability_lengths[] = {
	{ CAP_MP, 4, 0 },
	{ CAP_ROUTE_REFRESH, 0, 0 },
	{ CAP_EXTENDED_NEXT_HOP, 0, 6 },
	{ CAP_EXTENDED_MESSAGE, 0, 0 },
	{ CAP_BGPSEC, 3, 0 },
	{ CAP_MULTIPLE_LABELS, 0, 4 },
	{ CAP_ROLE, 1, 0 },
	{ CAP_GRACEFUL_RESTART, 2, 4 },
	{ CAP_AS4, 4, 0 },
	{ CAP_ADDPATH, 0, 4 },
	{ CAP_ENHANCED_REFRESH, 0, 0 },
	{ CAP_LONG_LIVED, 0, 7 },
	{ CAP_PATHS_LIMIT, 0, 5 },
	{ CAP_LINK_LOCAL, 0, 0 },
	{ CAP_ROUTE_REFRESH_OLD, 0, 0 },
};

static bool
capability_length_fits(uint8_t code, size_t n)
{
	for (size_t i = 0; i < sizeof(capability_lengths) / sizeof(capability_lengths[0]); i++) {
		size_t min = capability_lengths[i].min, step = capability_lengths[i].step;

		if (capability_lengths[i].code == code)
			return n == min || (step != 0 && n > min && (n - min) % step == 0);
	}
	return true;
}

/* Families, each with a count of filters and two octets for each (RFC 5291 5). */
static bool
filters_fit(struct cursor v)
{
	while (cur_left(&v) > 0) {
		cur_take(&v, 4);
		cur_take(&v, 2U * cur_u8(&v));
	}
	return !v.failed;
}

/* Host and domain, a length each; some leave the domain out. */
static bool
parse_fqdn(struct bgp_open *o, struct cursor v)
{
	struct cursor host = cur_sub(&v, cur_u8(&v));

	if (cur_left(&v) > 0)
		cur_take(&v, cur_u8(&v));
	if (v.failed)
		return false;
	o->fqdn_host = host;
	return true;
}

/* false when the value has not the shape it should have: then it counts for nothing. */
static bool
parse_capability(struct bgp_open *o, uint8_t code, struct cursor v)
{
	struct bgp_family family;
	struct cursor text;
	uint8_t role;

	if (!capability_length_fits(code, cur_left(&v)))
		return false;
	switch (code) {
	case CAP_MP:
		family.afi = cur_u16(&v);
		cur_u8(&v);
		family.safi = cur_u8(&v);
		add_family(o, family);
		return true;
	case CAP_AS4:
		o->as4 = true;
		o->as = cur_u32(&v);
		return true;
	case CAP_ADDPATH:
		while (cur_left(&v) > 0) {
			uint8_t mode;

			family.afi = cur_u16(&v);
			family.safi = cur_u8(&v);
			mode = cur_u8(&v);
			if (mode >= 1 && mode <= 3) /* others: to be ignored (RFC 7911 4) */
				add_addpath(o, family, mode);
		}
		return true;
	case CAP_ROLE:
		role = cur_u8(&v);
		if (o->role != BGP_ROLE_NONE && o->role != role)
			o->role_conflict = true;
		o->role = role;
		return true;
	case CAP_ROUTE_REFRESH:
		o->route_refresh = true;
		return true;
	case CAP_ENHANCED_REFRESH:
		o->enhanced_refresh = true;
		return true;
	case CAP_EXTENDED_MESSAGE:
		o->extended_message = true;
		return true;
	case CAP_EXTENDED_NEXT_HOP:
		o->extended_next_hop = true;
		parse_next_hops(o, v);
		return true;
	case CAP_MULTIPLE_LABELS:
		parse_labels(o, v);
		return true;
	case CAP_GRACEFUL_RESTART:
		o->graceful_restart = true;
		return true;
	case CAP_ORF:
	case CAP_ORF_OLD:
		return filters_fit(v);
	case CAP_FQDN:
		return parse_fqdn(o, v);
	case CAP_SOFTWARE:
		text = cur_sub(&v, cur_u8(&v));
		if (v.failed)
			return false;
		o->software = text;
		return true;
	default:
		return true; /* unknown ones are kept as seen, and count for nothing */
	}
}

static void
parse_capabilities(struct bgp_open *o, struct cursor r, const uint8_t *start, struct faults *f)
{
	while (cur_left(&r) > 0) {
		size_t at = (size_t)(r.pos - start);
		uint8_t code = cur_u8(&r);
		struct cursor value = cur_sub(&r, cur_u8(&r));

		if (r.failed) {
			fault_add(f, FAULT_OPEN, code, at);
			return;
		}
		o->caps_seen[code / 32] |= 1U << (code % 32);
		if (!parse_capability(o, code, value))
			fault_add(f, FAULT_CAPABILITY, code, at);
	}
}

void
bgp_open_parse(struct cursor body, struct bgp_open *o, struct faults *f)
{
	const uint8_t *start = body.pos, *id;
	struct cursor params;
	bool extended = false;
	uint8_t len;

	memset(o, 0, sizeof(*o));
	o->role = BGP_ROLE_NONE;
	o->fqdn_host = o->software = cur_of(start, 0);
	if (cur_left(&body) == 0) {
		o->empty = true;
		return;
	}
	o->version = cur_u8(&body);
	o->my_as = cur_u16(&body);
	o->as = o->my_as;
	o->hold_time_s = cur_u16(&body);
	id = cur_take(&body, 4);
	if (id != NULL)
		memcpy(o->bgp_id, id, 4);
	len = cur_u8(&body);
	if (body.failed) {
		fault_add(f, FAULT_OPEN, 0, (size_t)(body.end - start));
		return;
	}
	/* RFC 9072 2: the extended form is told by its first parameter type, whatever the first
	 * length says */
	if (len != 0 && cur_left(&body) >= 3 && body.pos[0] == PARAM_EXTENDED) {
		extended = true;
		cur_u8(&body);
		params = cur_sub(&body, cur_u16(&body));
	} else {
		params = cur_sub(&body, len);
	}
	if (body.failed)
		fault_add(f, FAULT_OPEN, 0, 9);
	while (cur_left(&params) > 0) {
		size_t at = (size_t)(params.pos - start);
		uint8_t type = cur_u8(&params);
		struct cursor value =
		    cur_sub(&params, extended ? cur_u16(&params) : cur_u8(&params));

		if (params.failed) {
			fault_add(f, FAULT_OPEN, type, at);
			return;
		}
		if (type == PARAM_CAPABILITIES)
			parse_capabilities(o, value, start, f);
	}
}

bool
bgp_open_has_family(const struct bgp_open *o, struct bgp_family family)
{
	for (unsigned i = 0; i < o->families_n; i++)
		if (bgp_family_equal(o->families[i], family))
			return true;
	return o->families_n == 0 && bgp_family_is_classic(family);
}

uint8_t
bgp_open_addpath(const struct bgp_open *o, struct bgp_family family)
{
	for (unsigned i = 0; i < o->addpaths_n; i++)
		if (bgp_family_equal(o->addpaths[i].family, family))
			return o->addpaths[i].mode;
	return 0;
}

uint8_t
bgp_open_labels(const struct bgp_open *o, struct bgp_family family)
{
	for (unsigned i = 0; i < o->labels_n; i++)
		if (bgp_family_equal(o->labels[i].family, family))
			return o->labels[i].count;
	return 1;
}

bool
bgp_open_next_hop(const struct bgp_open *o, struct bgp_family family, uint16_t afi)
{
	for (unsigned i = 0; i < o->next_hops_n; i++)
		if (bgp_family_equal(o->next_hops[i].family, family) && o->next_hops[i].afi == afi)
			return true;
	return false;
}

/* --- NOTIFICATION */

enum { NOTIFY_CEASE = 6, CEASE_SHUTDOWN = 2, CEASE_RESET = 4 };

bool
bgp_notification_parse(struct cursor body, struct bgp_notification *n, struct faults *f)
{
	memset(n, 0, sizeof(*n));
	n->code = cur_u8(&body);
	n->subcode = cur_u8(&body);
	n->data = n->text = cur_of(body.end, 0);
	if (body.failed) {
		fault_add(f, FAULT_NOTIFICATION, 0, 0);
		return false;
	}
	n->data = body;
	if (n->code == NOTIFY_CEASE &&
	    (n->subcode == CEASE_SHUTDOWN || n->subcode == CEASE_RESET) && cur_left(&body) > 0) {
		n->text = cur_sub(&body, cur_u8(&body));
		if (body.failed) /* RFC 9003 2: it is logged as it is */
			fault_add(f, FAULT_SHUTDOWN, n->subcode, 2);
	}
	return true;
}
