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
bgp_message(struct rd *r, struct rd *body, size_t *total, struct faults *f)
{
	const uint8_t *start = r->pos, *marker = rd_take(r, 16);
	uint16_t len = rd_u16(r);
	uint8_t type = rd_u8(r);

	*body = rd_of(r->end, 0);
	*total = 0;
	if (r->failed || len < BGP_HEADER_LEN || len - (size_t)BGP_HEADER_LEN > rd_left(r)) {
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
	*body = rd_sub(r, len - (size_t)BGP_HEADER_LEN);
	*total = (size_t)(r->pos - start);
	return type;
}

/* --- OPEN */

static bool
same_family(struct bgp_family a, struct bgp_family b)
{
	return a.afi == b.afi && a.safi == b.safi;
}

static void
add_family(struct bgp_open *o, struct bgp_family family)
{
	for (unsigned i = 0; i < o->families_n; i++)
		if (same_family(o->families[i], family))
			return;
	if (o->families_n < BGP_FAMILIES_MAX)
		o->families[o->families_n++] = family;
}

static void
add_addpath(struct bgp_open *o, struct bgp_family family, uint8_t mode)
{
	for (unsigned i = 0; i < o->addpaths_n; i++) {
		if (same_family(o->addpaths[i].family, family)) {
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
take_labels(struct bgp_open *o, struct rd v)
{
	while (rd_left(&v) > 0) {
		struct bgp_family family;
		uint8_t count;

		family.afi = rd_u16(&v);
		family.safi = rd_u8(&v);
		count = rd_u8(&v);
		if (count >= 2 && bgp_open_labels(o, family) == 1 && o->labels_n < BGP_TUPLES_MAX)
			o->labels[o->labels_n++] = (struct bgp_labels){ family, count };
	}
}

/* AFI, SAFI of two octets, AFI of the next hop, again and again (RFC 8950 4). */
static void
take_next_hops(struct bgp_open *o, struct rd v)
{
	while (rd_left(&v) > 0) {
		uint16_t afi = rd_u16(&v), safi = rd_u16(&v), next_hop = rd_u16(&v);
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
filters_fit(struct rd v)
{
	while (rd_left(&v) > 0) {
		rd_take(&v, 4);
		rd_take(&v, 2U * rd_u8(&v));
	}
	return !v.failed;
}

/* Host and domain, a length each; some leave the domain out. */
static bool
take_fqdn(struct bgp_open *o, struct rd v)
{
	struct rd host = rd_sub(&v, rd_u8(&v));

	if (rd_left(&v) > 0)
		rd_take(&v, rd_u8(&v));
	if (v.failed)
		return false;
	o->fqdn_host = host;
	return true;
}

/* false when the value has not the shape it should have: then it counts for nothing. */
static bool
take_capability(struct bgp_open *o, uint8_t code, struct rd v)
{
	struct bgp_family family;
	struct rd text;
	uint8_t role;

	if (!capability_length_fits(code, rd_left(&v)))
		return false;
	switch (code) {
	case CAP_MP:
		family.afi = rd_u16(&v);
		rd_u8(&v);
		family.safi = rd_u8(&v);
		add_family(o, family);
		return true;
	case CAP_AS4:
		o->as4 = true;
		o->as = rd_u32(&v);
		return true;
	case CAP_ADDPATH:
		while (rd_left(&v) > 0) {
			uint8_t mode;

			family.afi = rd_u16(&v);
			family.safi = rd_u8(&v);
			mode = rd_u8(&v);
			if (mode >= 1 && mode <= 3) /* others: to be ignored (RFC 7911 4) */
				add_addpath(o, family, mode);
		}
		return true;
	case CAP_ROLE:
		role = rd_u8(&v);
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
		take_next_hops(o, v);
		return true;
	case CAP_MULTIPLE_LABELS:
		take_labels(o, v);
		return true;
	case CAP_GRACEFUL_RESTART:
		o->graceful_restart = true;
		return true;
	case CAP_ORF:
	case CAP_ORF_OLD:
		return filters_fit(v);
	case CAP_FQDN:
		return take_fqdn(o, v);
	case CAP_SOFTWARE:
		text = rd_sub(&v, rd_u8(&v));
		if (v.failed)
			return false;
		o->software = text;
		return true;
	default:
		return true; /* unknown ones are kept as seen, and count for nothing */
	}
}

static void
take_capabilities(struct bgp_open *o, struct rd r, const uint8_t *start, struct faults *f)
{
	while (rd_left(&r) > 0) {
		size_t at = (size_t)(r.pos - start);
		uint8_t code = rd_u8(&r);
		struct rd value = rd_sub(&r, rd_u8(&r));

		if (r.failed) {
			fault_add(f, FAULT_OPEN, code, at);
			return;
		}
		o->caps_seen[code / 32] |= 1U << (code % 32);
		if (!take_capability(o, code, value))
			fault_add(f, FAULT_CAPABILITY, code, at);
	}
}

void
bgp_open_parse(struct rd body, struct bgp_open *o, struct faults *f)
{
	const uint8_t *start = body.pos, *id;
	struct rd params;
	bool extended = false;
	uint8_t len;

	memset(o, 0, sizeof(*o));
	o->role = BGP_ROLE_NONE;
	o->fqdn_host = o->software = rd_of(start, 0);
	if (rd_left(&body) == 0) {
		o->empty = true;
		return;
	}
	o->version = rd_u8(&body);
	o->my_as = rd_u16(&body);
	o->as = o->my_as;
	o->hold_time_s = rd_u16(&body);
	id = rd_take(&body, 4);
	if (id != NULL)
		memcpy(o->bgp_id, id, 4);
	len = rd_u8(&body);
	if (body.failed) {
		fault_add(f, FAULT_OPEN, 0, (size_t)(body.end - start));
		return;
	}
	/* RFC 9072 2: the extended form is told by its first parameter type, whatever the first
	 * length says */
	if (len != 0 && rd_left(&body) >= 3 && body.pos[0] == PARAM_EXTENDED) {
		extended = true;
		rd_u8(&body);
		params = rd_sub(&body, rd_u16(&body));
	} else {
		params = rd_sub(&body, len);
	}
	if (body.failed)
		fault_add(f, FAULT_OPEN, 0, 9);
	while (rd_left(&params) > 0) {
		size_t at = (size_t)(params.pos - start);
		uint8_t type = rd_u8(&params);
		struct rd value = rd_sub(&params, extended ? rd_u16(&params) : rd_u8(&params));

		if (params.failed) {
			fault_add(f, FAULT_OPEN, type, at);
			return;
		}
		if (type == PARAM_CAPABILITIES)
			take_capabilities(o, value, start, f);
	}
}

bool
bgp_open_has_family(const struct bgp_open *o, struct bgp_family family)
{
	for (unsigned i = 0; i < o->families_n; i++)
		if (same_family(o->families[i], family))
			return true;
	return o->families_n == 0 && family.afi == AFI_IPV4 && family.safi == SAFI_UNICAST;
}

uint8_t
bgp_open_addpath(const struct bgp_open *o, struct bgp_family family)
{
	for (unsigned i = 0; i < o->addpaths_n; i++)
		if (same_family(o->addpaths[i].family, family))
			return o->addpaths[i].mode;
	return 0;
}

uint8_t
bgp_open_labels(const struct bgp_open *o, struct bgp_family family)
{
	for (unsigned i = 0; i < o->labels_n; i++)
		if (same_family(o->labels[i].family, family))
			return o->labels[i].count;
	return 1;
}

bool
bgp_open_next_hop(const struct bgp_open *o, struct bgp_family family, uint16_t afi)
{
	for (unsigned i = 0; i < o->next_hops_n; i++)
		if (same_family(o->next_hops[i].family, family) && o->next_hops[i].afi == afi)
			return true;
	return false;
}

/* --- NOTIFICATION */

enum { NOTIFY_CEASE = 6, CEASE_SHUTDOWN = 2, CEASE_RESET = 4 };

bool
bgp_notification_parse(struct rd body, struct bgp_notification *n, struct faults *f)
{
	memset(n, 0, sizeof(*n));
	n->code = rd_u8(&body);
	n->subcode = rd_u8(&body);
	n->data = n->text = rd_of(body.end, 0);
	if (body.failed) {
		fault_add(f, FAULT_NOTIFICATION, 0, 0);
		return false;
	}
	n->data = body;
	if (n->code == NOTIFY_CEASE &&
	    (n->subcode == CEASE_SHUTDOWN || n->subcode == CEASE_RESET) && rd_left(&body) > 0) {
		n->text = rd_sub(&body, rd_u8(&body));
		if (body.failed) /* RFC 9003 2: it is logged as it is */
			fault_add(f, FAULT_SHUTDOWN, n->subcode, 2);
	}
	return true;
}
