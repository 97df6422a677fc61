/* MRT records, field by field. */
#include "parsers/bgp/dissect.h"
#include "base/pure/text.h"
#include "parsers/bgp/message.h"
#include "parsers/bgp/nlri/nlri.h"
#include "parsers/bmp/dissect_parts.h"
#include "parsers/mrt/mrt.h"

static const char *
mrt_state_name(uint16_t state)
{
	static const char *const names[] = { NULL, "Idle", "Connect", "Active", "OpenSent",
		"OpenConfirm", "Established" };

	return state < sizeof(names) / sizeof(names[0]) ? names[state] : NULL;
}

static void
dissect_code(struct field_sink *to, const char *name, unsigned code, const char *known)
{
	if (known != NULL)
		field_textf(to, name, "%u %s", code, known);
	else
		field_number(to, name, code);
}

static void
dissect_address(struct field_sink *to, const char *name, const struct ip_addr *address)
{
	char text[IP_ADDR_TEXT_MAX];

	field_text(to, name, ip_addr_format(address, text));
}

static void
dissect_id(struct field_sink *to, const char *name, const uint8_t id[4])
{
	field_textf(to, name, "%u.%u.%u.%u", id[0], id[1], id[2], id[3]);
}

/* A degree as six decimals without floating point in the way of NaN: the bits say what it is. */
static void
dissect_degrees(struct field_sink *to, const char *name, uint32_t bits)
{
	float v;

	memcpy(&v, &bits, sizeof(v));
	if ((bits & 0x7f800000U) == 0x7f800000U)
		field_text(to, name, "private"); /* NaN (RFC 6397 4.1) */
	else
		field_textf(to, name, "%.6f", (double)v);
}

static void
dissect_rest(struct field_sink *to, struct cursor rest)
{
	if (cur_left(&rest) > 0)
		field_hex(to, "rest", rest);
}

static void
dissect_peer_index(struct field_sink *to, const struct mrt_record *m, struct faults *f)
{
	struct mrt_peer_index x;
	struct mrt_peer p;
	char name[FIELD_TEXT_MAX];
	struct txt w = txt_of(name, sizeof(name));

	if (!mrt_peer_index_parse(m, &x, f)) {
		dissect_rest(to, m->body);
		return;
	}
	dissect_id(to, "collector_bgp_id", x.collector_id);
	txt_string(&w, x.view_name);
	field_text(to, "view_name", name);
	field_number(to, "peer_count", x.peers_n);
	field_list(to, "peers");
	while (mrt_peer_next(m, &x, &p, f)) {
		field_group(to, NULL);
		field_textf(to, "type", "0x%02x", p.type);
		dissect_id(to, "bgp_id", p.bgp_id);
		dissect_address(to, "address", &p.address);
		field_number(to, "as", p.as);
		field_group_end(to);
	}
	field_list_end(to);
	dissect_rest(to, x.rest);
}

static void
dissect_geo_peers(struct field_sink *to, const struct mrt_record *m, struct faults *f)
{
	struct mrt_geo_peers x;
	struct mrt_geo_peer p;

	if (!mrt_geo_peers_parse(m, &x, f)) {
		dissect_rest(to, m->body);
		return;
	}
	dissect_id(to, "collector_bgp_id", x.collector_id);
	dissect_degrees(to, "collector_latitude", x.latitude);
	dissect_degrees(to, "collector_longitude", x.longitude);
	field_number(to, "peer_count", x.peers_n);
	field_list(to, "peers");
	while (mrt_geo_peer_next(m, &x, &p, f)) {
		field_group(to, NULL);
		field_textf(to, "type", "0x%02x", p.type);
		dissect_id(to, "bgp_id", p.bgp_id);
		dissect_degrees(to, "latitude", p.latitude);
		dissect_degrees(to, "longitude", p.longitude);
		field_group_end(to);
	}
	field_list_end(to);
	dissect_rest(to, x.rest);
}

/* Attributes of an entry: the next hop alone may stand for MP_REACH_NLRI (RFC 6396 4.3.4). */
static void
dissect_attrs(struct field_sink *to, struct cursor attrs, bool as4)
{
	struct bgp_encoding encoding = { .as4 = as4, .next_hop_alone = true };

	field_group(to, "attributes");
	bgp_attrs_dissect(to, attrs, &encoding);
	field_group_end(to);
}

static void
dissect_nlri(struct field_sink *to, const struct mrt_rib *x)
{
	struct faults again = { .n = 0 }; /* noted already */
	struct bgp_nlri nlri;
	struct cursor r = x->nlri;

	bgp_nlri_next(&r, x->family, (struct bgp_nlri_encoding){ 0 }, x->nlri.pos, &nlri, &again);
	field_group(to, "nlri");
	bgp_nlri_dissect(to, x->family, &nlri);
	field_group_end(to);
}

static void
dissect_entry(struct field_sink *to, const struct mrt_record *m, const struct mrt_entry *e,
    const struct mrt_peer *peers, size_t peers_n, struct faults *f)
{
	if (peers != NULL && e->peer_index >= peers_n)
		fault_add(f, FAULT_MRT_PEER, e->peer_index, mrt_entry_at(m, e));
	field_group(to, NULL);
	field_number(to, "peer_index", e->peer_index);
	if (e->peer_index < peers_n) {
		const struct mrt_peer *p = &peers[e->peer_index];

		dissect_address(to, "peer_address", &p->address);
		field_number(to, "peer_as", p->as);
	}
	bmp_dissect_time(to, "originated_time", e->originated, 0);
	if (m->path_ids && m->family.afi != 0)
		field_number(to, "path_identifier", e->path_id);
	dissect_attrs(to, e->attrs, true);
	field_group_end(to);
}

static void
dissect_rib(struct field_sink *to, const struct mrt_record *m, const struct mrt_peer *peers,
    size_t peers_n, struct faults *f)
{
	struct mrt_rib x;
	struct mrt_entry e;
	char name[32];

	if (!mrt_rib_parse(m, &x, f)) {
		dissect_rest(to, m->body);
		return;
	}
	field_number(to, "sequence_number", x.sequence);
	field_text(to, "family", bgp_family_name(x.family, name, sizeof(name)));
	if (m->path_ids && m->family.afi == 0)
		field_number(to, "path_identifier", x.path_id);
	dissect_nlri(to, &x);
	field_number(to, "entry_count", x.entries_n);
	field_list(to, "entries");
	while (mrt_rib_next(m, &x, &e, f))
		dissect_entry(to, m, &e, peers, peers_n, f);
	field_list_end(to);
	dissect_rest(to, x.rest);
}

static void
dissect_route(struct field_sink *to, const struct mrt_table_dump *x)
{
	char text[64];
	struct txt w = txt_of(text, sizeof(text));

	txt_ip_prefix(&w, &x->prefix);
	field_text(to, "prefix", text);
	field_number(to, "status", x->status);
	bmp_dissect_time(to, "originated_time", x->originated, 0);
	dissect_address(to, "peer_address", &x->peer_address);
	field_number(to, "peer_as", x->peer_as);
	dissect_attrs(to, x->attrs, false);
}

static void
dissect_table_dump(struct field_sink *to, const struct mrt_record *m, struct faults *f)
{
	struct mrt_table_dump x;

	if (!mrt_table_dump_parse(m, &x, f)) {
		dissect_rest(to, m->body);
		return;
	}
	field_number(to, "view_number", x.view);
	field_number(to, "sequence_number", x.sequence);
	dissect_route(to, &x);
	if (mrt_table_dump_next(m, &x)) {
		field_list(to, "further_entries");
		do {
			field_group(to, NULL);
			dissect_route(to, &x);
			field_group_end(to);
		} while (mrt_table_dump_next(m, &x));
		field_list_end(to);
	}
	dissect_rest(to, x.rest);
}

/* --- BGP4MP */

static bool
fits(const struct bgp_mp *mp, const struct bgp_encoding *e, enum bgp_update_field field)
{
	return !mp->present || bgp_nlri_fits(mp->nlri, mp->family, bgp_encoding_of(e, field));
}

static struct bgp_encoding
encoding_with(bool as4, bool path_ids)
{
	return (struct bgp_encoding){ .as4 = as4,
		.path_ids_classic = path_ids,
		.path_ids_reach = path_ids,
		.path_ids_unreach = path_ids };
}

/*
 * How the octets of an UPDATE are to be read: as the subtype says, unless they can only be read
 * otherwise. Recorders wrote AS_PATH of the other width, and families without path ids into
 * records of subtypes that have them.
 */
static struct bgp_encoding
encoding_of(const struct mrt_record *m, const struct bgp_update *u)
{
	const struct bgp_attr *path = bgp_update_attr(u, ATTR_AS_PATH);
	struct cursor value = path != NULL ? cur_of(path->value, path->len) : cur_of(NULL, 0);
	bool expected = m->path_ids;
	struct bgp_encoding e = encoding_with(m->as4, expected),
			    other = encoding_with(m->as4, !expected);

	if (!as_path_fits(value, m->as4 ? 4 : 2) && as_path_fits(value, m->as4 ? 2 : 4))
		e.as4 = !m->as4;
	if (!(bgp_prefixes_fit(u->nlri, AFI_IPV4, expected) &&
		bgp_prefixes_fit(u->withdrawn, AFI_IPV4, expected)) &&
	    bgp_prefixes_fit(u->nlri, AFI_IPV4, !expected) &&
	    bgp_prefixes_fit(u->withdrawn, AFI_IPV4, !expected))
		e.path_ids_classic = !expected;
	if (!fits(&u->reach, &e, BGP_REACH) && fits(&u->reach, &other, BGP_REACH))
		e.path_ids_reach = !expected;
	if (!fits(&u->unreach, &e, BGP_UNREACH) && fits(&u->unreach, &other, BGP_UNREACH))
		e.path_ids_unreach = !expected;
	return e;
}

static void
dissect_message(
    struct field_sink *to, const struct mrt_record *m, const struct mrt_bgp4mp *t, struct faults *f)
{
	struct bgp_encoding e = encoding_with(m->as4, m->path_ids);
	struct faults ignored = { .n = 0 };
	struct bgp_family family;
	uint8_t buf[BGP_MESSAGE_MAX];
	size_t total, used, at = (size_t)(t->message.pos - m->start);
	uint32_t before;
	struct cursor message = mrt_bgp4mp_message(m, t, buf, &used, f), r = message, body;
	struct cursor rest = t->message;
	struct bgp_update u;
	char name[32];
	unsigned type = bgp_message(&r, &body, &total, &ignored);
	bool is_update = type == BGP_UPDATE && bgp_update_split(body, &u, &ignored);

	before = f->n;
	bgp_message_check(type, body, f);
	faults_shift(f, before, at + (t->bare != 0 ? 0 : BGP_HEADER_LEN));
	if (cur_left(&message) == 0) {
		message = t->message;
		used = cur_left(&message);
	}

	if (is_update)
		e = encoding_of(m, &u);
	field_group(to, "message");
	bgp_message_dissect(to, message, &e);
	if (is_update && ignored.n == 0 && bgp_update_end_of_rib(&u, &family))
		field_text(to, "end_of_rib", bgp_family_name(family, name, sizeof(name)));
	if (e.as4 != m->as4)
		field_text(to, "as_numbers", "not of the width that the subtype says");
	if (e.path_ids_classic != m->path_ids || e.path_ids_reach != m->path_ids ||
	    e.path_ids_unreach != m->path_ids)
		field_text(to, "path_identifiers", "not as the subtype says");
	cur_take(&rest, used);
	if (cur_left(&rest) > 0)
		field_hex(to, "after_message", rest);
	field_group_end(to);
}

static void
dissect_bgp4mp(struct field_sink *to, const struct mrt_record *m, struct faults *f)
{
	struct mrt_bgp4mp x;

	if (!mrt_bgp4mp_parse(m, &x, f)) {
		dissect_rest(to, m->body);
		return;
	}
	field_number(to, "peer_as", x.peer_as);
	field_number(to, "local_as", x.local_as);
	field_number(to, "interface_index", x.interface);
	dissect_address(to, "peer_address", &x.peer_address);
	dissect_address(to, "local_address", &x.local_address);
	if (m->kind == MRT_KIND_STATE_CHANGE) {
		dissect_code(to, "old_state", x.old_state, mrt_state_name(x.old_state));
		dissect_code(to, "new_state", x.new_state, mrt_state_name(x.new_state));
		dissect_rest(to, x.message);
	} else {
		dissect_message(to, m, &x, f);
	}
}

/* --- records */

void
mrt_dissect_known(struct field_sink *to, const struct mrt_record *m, const struct mrt_peer *peers,
    size_t peers_n, struct faults *f)
{
	bmp_dissect_time(to, "timestamp", m->sec, m->usec);
	dissect_code(to, "type", m->type, mrt_type_name(m->type));
	dissect_code(to, "subtype", m->subtype, mrt_subtype_name(m->type, m->subtype));
	switch (m->kind) {
	case MRT_KIND_PEER_INDEX:
		dissect_peer_index(to, m, f);
		break;
	case MRT_KIND_GEO_PEERS:
		dissect_geo_peers(to, m, f);
		break;
	case MRT_KIND_RIB:
		dissect_rib(to, m, peers, peers_n, f);
		break;
	case MRT_KIND_TABLE_DUMP:
		dissect_table_dump(to, m, f);
		break;
	case MRT_KIND_MESSAGE:
	case MRT_KIND_STATE_CHANGE:
		dissect_bgp4mp(to, m, f);
		break;
	default:
		dissect_rest(to, m->body);
	}
}
