#include "parsers/mrt/mrt.h"

#include <stdio.h>

#include "parsers/bgp/message.h"
#include "parsers/bgp/nlri/nlri.h"

/* One row per subtype that holds BGP: what it is and how it is to be read. */
struct row {
	const char *name;
	uint8_t kind;
	bool as4, local, path_ids;
	struct bgp_family family;
};

#define RIB(afi, safi, path_ids)                                                                   \
	MRT_KIND_RIB, true, false, path_ids,                                                       \
	{                                                                                          \
		afi, safi                                                                          \
	}

static const struct row table_dump[] = {
	[1] = { "AFI_IPv4", MRT_KIND_TABLE_DUMP, false, false, false, { AFI_IPV4, SAFI_UNICAST } },
	[2] = { "AFI_IPv6", MRT_KIND_TABLE_DUMP, false, false, false, { AFI_IPV6, SAFI_UNICAST } },
};
static const struct row table_dump_v2[] = {
	[1] = { "PEER_INDEX_TABLE", MRT_KIND_PEER_INDEX, false, false, false, { 0, 0 } },
	[2] = { "RIB_IPV4_UNICAST", RIB(AFI_IPV4, SAFI_UNICAST, false) },
	[3] = { "RIB_IPV4_MULTICAST", RIB(AFI_IPV4, SAFI_MULTICAST, false) },
	[4] = { "RIB_IPV6_UNICAST", RIB(AFI_IPV6, SAFI_UNICAST, false) },
	[5] = { "RIB_IPV6_MULTICAST", RIB(AFI_IPV6, SAFI_MULTICAST, false) },
	[6] = { "RIB_GENERIC", RIB(0, 0, false) },
	[7] = { "GEO_PEER_TABLE", MRT_KIND_GEO_PEERS, false, false, false, { 0, 0 } },
	[8] = { "RIB_IPV4_UNICAST_ADDPATH", RIB(AFI_IPV4, SAFI_UNICAST, true) },
	[9] = { "RIB_IPV4_MULTICAST_ADDPATH", RIB(AFI_IPV4, SAFI_MULTICAST, true) },
	[10] = { "RIB_IPV6_UNICAST_ADDPATH", RIB(AFI_IPV6, SAFI_UNICAST, true) },
	[11] = { "RIB_IPV6_MULTICAST_ADDPATH", RIB(AFI_IPV6, SAFI_MULTICAST, true) },
	[12] = { "RIB_GENERIC_ADDPATH", RIB(0, 0, true) },
};
static const struct row bgp4mp[] = {
	[0] = { "STATE_CHANGE", MRT_KIND_STATE_CHANGE, false, false, false, { 0, 0 } },
	[1] = { "MESSAGE", MRT_KIND_MESSAGE, false, false, false, { 0, 0 } },
	[4] = { "MESSAGE_AS4", MRT_KIND_MESSAGE, true, false, false, { 0, 0 } },
	[5] = { "STATE_CHANGE_AS4", MRT_KIND_STATE_CHANGE, true, false, false, { 0, 0 } },
	[6] = { "MESSAGE_LOCAL", MRT_KIND_MESSAGE, false, true, false, { 0, 0 } },
	[7] = { "MESSAGE_AS4_LOCAL", MRT_KIND_MESSAGE, true, true, false, { 0, 0 } },
	[8] = { "MESSAGE_ADDPATH", MRT_KIND_MESSAGE, false, false, true, { 0, 0 } },
	[9] = { "MESSAGE_AS4_ADDPATH", MRT_KIND_MESSAGE, true, false, true, { 0, 0 } },
	[10] = { "MESSAGE_LOCAL_ADDPATH", MRT_KIND_MESSAGE, false, true, true, { 0, 0 } },
	[11] = { "MESSAGE_AS4_LOCAL_ADDPATH", MRT_KIND_MESSAGE, true, true, true, { 0, 0 } },
};

static const struct row bgp[] = {
	/* also of BGP4PLUS */
	[0] = { "BGP_NULL", MRT_KIND_OTHER, false, false, false, { 0, 0 } },
	[1] = { "BGP_UPDATE", MRT_KIND_MESSAGE, false, false, false, { 0, 0 } },
	[2] = { "BGP_PREF_UPDATE", MRT_KIND_OTHER, false, false, false, { 0, 0 } },
	[3] = { "BGP_STATE_CHANGE", MRT_KIND_STATE_CHANGE, false, false, false, { 0, 0 } },
	[4] = { "BGP_SYNC", MRT_KIND_OTHER, false, false, false, { 0, 0 } },
	[5] = { "BGP_OPEN", MRT_KIND_MESSAGE, false, false, false, { 0, 0 } },
	[6] = { "BGP_NOTIFY", MRT_KIND_MESSAGE, false, false, false, { 0, 0 } },
	[7] = { "BGP_KEEPALIVE", MRT_KIND_MESSAGE, false, false, false, { 0, 0 } },
};
static const uint8_t bare_types[] = {
	[1] = BGP_UPDATE, [5] = BGP_OPEN, [6] = BGP_NOTIFICATION, [7] = BGP_KEEPALIVE
};

static bool
is_bare(uint16_t type)
{
	return type == MRT_BGP || type == MRT_BGP4PLUS || type == MRT_BGP4PLUS_01;
}

static const struct row *
row_of(uint16_t type, uint16_t subtype)
{
	const struct row *rows;
	size_t n;

	switch (type) {
	case MRT_BGP:
	case MRT_BGP4PLUS:
	case MRT_BGP4PLUS_01:
		rows = bgp;
		n = sizeof(bgp) / sizeof(rows[0]);
		break;
	case MRT_TABLE_DUMP:
		rows = table_dump;
		n = sizeof(table_dump) / sizeof(rows[0]);
		break;
	case MRT_TABLE_DUMP_V2:
		rows = table_dump_v2;
		n = sizeof(table_dump_v2) / sizeof(rows[0]);
		break;
	case MRT_BGP4MP:
	case MRT_BGP4MP_ET:
		rows = bgp4mp;
		n = sizeof(bgp4mp) / sizeof(rows[0]);
		break;
	default:
		return NULL;
	}
	return subtype < n && rows[subtype].name != NULL ? &rows[subtype] : NULL;
}

const char *
mrt_type_name(uint16_t type)
{
	static const char *const names[] = { "NULL", "START", "DIE", "I_AM_DEAD", "PEER_DOWN",
		"BGP", "RIP", "IDRP", "RIPNG", "BGP4PLUS", "BGP4PLUS_01", "OSPFv2", "TABLE_DUMP",
		"TABLE_DUMP_V2", [MRT_BGP4MP] = "BGP4MP", [MRT_BGP4MP_ET] = "BGP4MP_ET",
		[MRT_ISIS] = "ISIS", [MRT_ISIS_ET] = "ISIS_ET", [MRT_OSPFV3] = "OSPFv3",
		[MRT_OSPFV3_ET] = "OSPFv3_ET" };

	return type < sizeof(names) / sizeof(names[0]) ? names[type] : NULL;
}

const char *
mrt_subtype_name(uint16_t type, uint16_t subtype)
{
	const struct row *row = row_of(type, subtype);

	return row != NULL ? row->name : NULL;
}

const char *
mrt_kind_name(const struct mrt_record *m, char *buf, size_t size)
{
	const char *type = mrt_type_name(m->type), *subtype = mrt_subtype_name(m->type, m->subtype);
	char numbers[2][8];

	snprintf(numbers[0], sizeof(numbers[0]), "%u", m->type);
	snprintf(numbers[1], sizeof(numbers[1]), "%u", m->subtype);
	snprintf(buf, size, "%s %s", type != NULL ? type : numbers[0],
	    subtype != NULL ? subtype : numbers[1]);
	return buf;
}

int64_t
mrt_frame(const uint8_t *buf, size_t len, uint32_t max, struct faults *f)
{
	uint32_t n;

	if (len < MRT_HEADER_LEN)
		return 0;
	n = be32(buf + 8);
	if (n > max - MRT_HEADER_LEN) {
		fault_add(f, FAULT_MRT_LENGTH, be16(buf + 4), 8);
		return -1;
	}
	return (int64_t)n + MRT_HEADER_LEN;
}

uint32_t
mrt_length_max(uint16_t type)
{
	enum { AROUND_MESSAGE = 64 }; /* header, microseconds, AS numbers, addresses, states */

	return is_bare(type) || type == MRT_BGP4MP || type == MRT_BGP4MP_ET
		   ? BGP_MESSAGE_MAX + AROUND_MESSAGE
		   : MRT_RECORD_MAX;
}

static bool
has_microseconds(uint16_t type)
{
	return type == MRT_BGP4MP_ET || type == MRT_ISIS_ET || type == MRT_OSPFV3_ET;
}

bool
mrt_parse(const uint8_t *record, size_t len, struct mrt_record *m, struct faults *f)
{
	struct cursor r = cur_of(record, len);
	const struct row *row;
	uint32_t length;

	memset(m, 0, sizeof(*m));
	m->start = record;
	m->len = (uint32_t)len;
	m->sec = cur_u32(&r);
	m->type = cur_u16(&r);
	m->subtype = cur_u16(&r);
	length = cur_u32(&r);
	m->cut = length > cur_left(&r);
	m->body = cur_sub(&r, m->cut ? cur_left(&r) : length);
	if (has_microseconds(m->type))
		m->usec = cur_u32(&m->body);
	if (r.failed || m->body.failed) {
		fault_add(f, FAULT_MRT_SHORT, m->type, len);
		return false;
	}
	if (m->usec > 999999)
		m->usec = 999999;
	row = row_of(m->type, m->subtype);
	if (row == NULL) {
		fault_add(f, FAULT_MRT_TYPE, m->type, 4);
		return false;
	}
	if (m->cut)
		fault_add(f, FAULT_MRT_CUT, m->type, len);
	m->kind = row->kind;
	m->as4 = row->as4;
	m->local = row->local;
	m->path_ids = row->path_ids;
	m->family = row->family;
	return true;
}

/* --- what several kinds share */

static bool
too_short(const struct mrt_record *m, const struct cursor *r, struct faults *f)
{
	if (r->failed)
		fault_add(f, FAULT_MRT_SHORT, m->type, m->len);
	return r->failed;
}

static struct ip_addr
parse_address(struct cursor *r, uint8_t family)
{
	struct ip_addr a = { .family = family };

	cur_copy(r, a.b, family == IP_V6 ? 16 : 4);
	return a;
}

/* The next of `left` entries begins at `at`: false at the end; a count that the octets belie is
 * noted. */
static bool
another(const struct mrt_record *m, uint16_t *left, const struct cursor *rest, struct faults *f)
{
	if (*left == 0) {
		if (cur_left(rest) > 0)
			fault_add(
			    f, FAULT_MRT_TRAILING, m->subtype, (size_t)(rest->pos - m->start));
		return false;
	}
	(*left)--;
	return true;
}

/* What was read of an entry that began at `at` has to be whole. */
static bool
entry_whole(const struct mrt_record *m, const uint8_t *at, uint16_t *left, struct cursor *rest,
    struct faults *f)
{
	if (!rest->failed)
		return true;
	fault_add(f, FAULT_MRT_ENTRY, m->subtype, (size_t)(at - m->start));
	*left = 0;
	*rest = cur_of(rest->end, 0); /* end the walk, and note one fault only */
	return false;
}

/* --- TABLE_DUMP_V2 */

bool
mrt_peer_index_parse(const struct mrt_record *m, struct mrt_peer_index *t, struct faults *f)
{
	struct cursor r = m->body;

	memset(t, 0, sizeof(*t));
	cur_copy(&r, t->collector_id, 4);
	t->view_name = cur_sub(&r, cur_u16(&r));
	t->peers_n = t->left = cur_u16(&r);
	t->rest = r;
	return !too_short(m, &r, f);
}

bool
mrt_peer_next(
    const struct mrt_record *m, struct mrt_peer_index *t, struct mrt_peer *p, struct faults *f)
{
	const uint8_t *at = t->rest.pos;

	if (!another(m, &t->left, &t->rest, f))
		return false;
	memset(p, 0, sizeof(*p));
	p->type = cur_u8(&t->rest);
	cur_copy(&t->rest, p->bgp_id, 4);
	p->address = parse_address(&t->rest, p->type & 0x01 ? IP_V6 : IP_V4);
	p->as = p->type & 0x02 ? cur_u32(&t->rest) : cur_u16(&t->rest);
	return entry_whole(m, at, &t->left, &t->rest, f);
}

bool
mrt_geo_peers_parse(const struct mrt_record *m, struct mrt_geo_peers *t, struct faults *f)
{
	struct cursor r = m->body;

	memset(t, 0, sizeof(*t));
	cur_copy(&r, t->collector_id, 4);
	t->latitude = cur_u32(&r);
	t->longitude = cur_u32(&r);
	t->peers_n = t->left = cur_u16(&r);
	t->rest = r;
	return !too_short(m, &r, f);
}

bool
mrt_geo_peer_next(
    const struct mrt_record *m, struct mrt_geo_peers *t, struct mrt_geo_peer *p, struct faults *f)
{
	const uint8_t *at = t->rest.pos;

	if (!another(m, &t->left, &t->rest, f))
		return false;
	memset(p, 0, sizeof(*p));
	p->type = cur_u8(&t->rest);
	cur_copy(&t->rest, p->bgp_id, 4);
	p->latitude = cur_u32(&t->rest);
	p->longitude = cur_u32(&t->rest);
	return entry_whole(m, at, &t->left, &t->rest, f);
}

bool
mrt_rib_parse(const struct mrt_record *m, struct mrt_rib *t, struct faults *f)
{
	struct cursor r = m->body;
	struct bgp_nlri nlri;
	uint32_t before = f->n;
	const uint8_t *at;

	memset(t, 0, sizeof(*t));
	t->sequence = cur_u32(&r);
	t->family = m->family;
	if (m->family.afi == 0) { /* RIB_GENERIC */
		t->family.afi = cur_u16(&r);
		t->family.safi = cur_u8(&r);
		t->path_id = m->path_ids ? cur_u32(&r) : 0;
	}
	if (too_short(m, &r, f))
		return false;
	if (bgp_family_row(t->family) == NULL) { /* its end cannot be found */
		fault_add(f, FAULT_MRT_RIB_FAMILY, t->family.afi, (size_t)(r.pos - m->start));
		return false;
	}
	at = r.pos;
	if (!bgp_nlri_next(&r, t->family, (struct bgp_nlri_encoding){ 0 }, m->start, &nlri, f)) {
		if (f->n == before) /* nothing there at all */
			fault_add(f, FAULT_MRT_SHORT, m->type, m->len);
		return false;
	}
	t->nlri = cur_of(at, (size_t)(r.pos - at));
	t->entries_n = t->left = cur_u16(&r);
	t->rest = r;
	return !too_short(m, &r, f);
}

bool
mrt_rib_next(const struct mrt_record *m, struct mrt_rib *t, struct mrt_entry *e, struct faults *f)
{
	const uint8_t *at = t->rest.pos;

	if (!another(m, &t->left, &t->rest, f))
		return false;
	memset(e, 0, sizeof(*e));
	e->peer_index = cur_u16(&t->rest);
	e->originated = cur_u32(&t->rest);
	e->path_id = m->path_ids && m->family.afi != 0 ? cur_u32(&t->rest) : t->path_id;
	e->attrs = cur_sub(&t->rest, cur_u16(&t->rest));
	return entry_whole(m, at, &t->left, &t->rest, f);
}

bool
mrt_reach_parse(struct cursor value, struct mrt_reach *reach)
{
	struct cursor first = value;

	memset(reach, 0, sizeof(*reach));
	reach->nlri = cur_of(value.end, 0);
	/* an AFI below 256 begins with 0; a next hop of no octets is all there is of its value */
	reach->whole = cur_u8(&first) == 0 && cur_left(&value) > 1;
	if (reach->whole) {
		reach->family.afi = cur_u16(&value);
		reach->family.safi = cur_u8(&value);
	}
	reach->next_hop = cur_sub(&value, cur_u8(&value));
	if (reach->whole) {
		cur_u8(&value); /* reserved */
		reach->nlri = value;
	}
	return !value.failed;
}

/* --- TABLE_DUMP */

/* A route from t->rest on, without view and sequence. false: it is not whole, or cannot be one;
 * then its prefix has a length that is too long, or the cursor has failed. */
static bool
parse_route(const struct mrt_record *m, struct mrt_table_dump *t)
{
	uint8_t family = m->family.afi == AFI_IPV6 ? IP_V6 : IP_V4;
	struct ip_addr prefix = parse_address(&t->rest, family);
	uint8_t len = cur_u8(&t->rest);

	t->status = cur_u8(&t->rest);
	t->originated = cur_u32(&t->rest);
	t->peer_address = parse_address(&t->rest, family);
	t->peer_as = cur_u16(&t->rest);
	t->attrs = cur_sub(&t->rest, cur_u16(&t->rest));
	return !t->rest.failed && ip_prefix_make(&t->prefix, family, prefix.b, len);
}

bool
mrt_table_dump_parse(const struct mrt_record *m, struct mrt_table_dump *t, struct faults *f)
{
	size_t len_at = MRT_HEADER_LEN + 4 + (m->family.afi == AFI_IPV6 ? 16 : 4);

	memset(t, 0, sizeof(*t));
	t->rest = m->body;
	t->view = cur_u16(&t->rest);
	t->sequence = cur_u16(&t->rest);
	if (!parse_route(m, t)) {
		if (!too_short(m, &t->rest, f))
			fault_add(f, FAULT_NLRI_LENGTH, m->start[len_at], len_at);
		return false;
	}
	if (cur_left(&t->rest) > 0)
		fault_add(f, FAULT_MRT_TRAILING, m->subtype, (size_t)(t->rest.pos - m->start));
	return true;
}

bool
mrt_table_dump_next(const struct mrt_record *m, struct mrt_table_dump *t)
{
	struct mrt_table_dump next = *t, walk = *t;

	while (cur_left(&walk.rest) > 0) /* all that is left has to be routes */
		if (!parse_route(m, &walk))
			return false;
	if (cur_left(&t->rest) == 0 || !parse_route(m, &next))
		return false;
	*t = next;
	return true;
}

/* --- BGP4MP */

/* What is left is the message; of a state change it is too much. */
static bool
finish_message(const struct mrt_record *m, struct mrt_bgp4mp *t, struct cursor r, struct faults *f)
{
	t->message = r;
	if (too_short(m, &r, f))
		return false;
	if (m->kind == MRT_KIND_STATE_CHANGE && cur_left(&r) > 0)
		fault_add(f, FAULT_MRT_TRAILING, m->subtype, (size_t)(r.pos - m->start));
	return true;
}

/* Two-octet AS numbers, addresses of the family that goes with the type, no BGP header. */
static bool
parse_bare(const struct mrt_record *m, struct mrt_bgp4mp *t, struct faults *f)
{
	uint8_t family = m->type == MRT_BGP ? IP_V4 : IP_V6;
	struct cursor r = m->body;

	t->peer_as = cur_u16(&r);
	t->peer_address = parse_address(&r, family);
	t->local_address.family = family;
	if (m->kind == MRT_KIND_STATE_CHANGE) {
		t->old_state = cur_u16(&r);
		t->new_state = cur_u16(&r);
	} else {
		t->local_as = cur_u16(&r);
		t->local_address = parse_address(&r, family);
		t->bare = bare_types[m->subtype];
	}
	return finish_message(m, t, r, f);
}

bool
mrt_bgp4mp_parse(const struct mrt_record *m, struct mrt_bgp4mp *t, struct faults *f)
{
	struct cursor r = m->body;
	uint16_t afi;
	uint8_t family;

	memset(t, 0, sizeof(*t));
	if (is_bare(m->type))
		return parse_bare(m, t, f);
	t->peer_as = m->as4 ? cur_u32(&r) : cur_u16(&r);
	t->local_as = m->as4 ? cur_u32(&r) : cur_u16(&r);
	t->interface = cur_u16(&r);
	afi = cur_u16(&r);
	if (!r.failed && afi != AFI_IPV4 && afi != AFI_IPV6) {
		fault_add(f, FAULT_MRT_FAMILY, afi, (size_t)(r.pos - m->start) - 2);
		return false;
	}
	family = afi == AFI_IPV6 ? IP_V6 : IP_V4;
	t->peer_address = parse_address(&r, family);
	t->local_address = parse_address(&r, family);
	if (m->kind == MRT_KIND_STATE_CHANGE) {
		t->old_state = cur_u16(&r);
		t->new_state = cur_u16(&r);
	}
	return finish_message(m, t, r, f);
}

/* --- does it end where it should? */

static bool
message_is_exact(const struct mrt_record *m, struct faults *f)
{
	struct mrt_bgp4mp t;
	struct cursor body;
	size_t total;

	if (!mrt_bgp4mp_parse(m, &t, f))
		return false;
	return t.bare != 0 ||
	       (bgp_message(&t.message, &body, &total, f) != 0 && cur_left(&t.message) == 0);
}

bool
mrt_is_exact(const uint8_t *record, size_t len)
{
	struct faults f = { .n = 0 };
	union {
		struct mrt_peer_index peers;
		struct mrt_geo_peers geo;
		struct mrt_rib rib;
		struct mrt_table_dump dump;
		struct mrt_bgp4mp state;
	} t;
	struct mrt_record m;
	struct mrt_peer peer;
	struct mrt_geo_peer place;
	struct mrt_entry entry;
	bool ok = mrt_parse(record, len, &m, &f);

	switch (m.kind) {
	case MRT_KIND_PEER_INDEX:
		ok = ok && mrt_peer_index_parse(&m, &t.peers, &f);
		while (ok && mrt_peer_next(&m, &t.peers, &peer, &f)) {
		}
		break;
	case MRT_KIND_GEO_PEERS:
		ok = ok && mrt_geo_peers_parse(&m, &t.geo, &f);
		while (ok && mrt_geo_peer_next(&m, &t.geo, &place, &f)) {
		}
		break;
	case MRT_KIND_RIB:
		ok = ok && mrt_rib_parse(&m, &t.rib, &f);
		while (ok && mrt_rib_next(&m, &t.rib, &entry, &f)) {
		}
		break;
	case MRT_KIND_TABLE_DUMP:
		ok = ok && mrt_table_dump_parse(&m, &t.dump, &f);
		break;
	case MRT_KIND_STATE_CHANGE:
		ok = ok && mrt_bgp4mp_parse(&m, &t.state, &f);
		break;
	case MRT_KIND_MESSAGE:
		ok = ok && message_is_exact(&m, &f);
		break;
	default:
		return false;
	}
	return ok && f.n == 0;
}
