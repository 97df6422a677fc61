/* MRT records told field by field. */
#include "parsers/bgp/dissect.h"
#include "parsers/bgp/nlri/nlri.h"
#include "parsers/bmp/dissect_parts.h"
#include "parsers/mrt/mrt.h"
#include "parsers/wire/text.h"

const char *
mrt_type_name(uint16_t type)
{
	switch (type) {
	case MRT_OSPFV2:
		return "OSPFv2";
	case MRT_TABLE_DUMP:
		return "TABLE_DUMP";
	case MRT_TABLE_DUMP_V2:
		return "TABLE_DUMP_V2";
	case MRT_BGP4MP:
		return "BGP4MP";
	case MRT_BGP4MP_ET:
		return "BGP4MP_ET";
	case MRT_ISIS:
		return "ISIS";
	case MRT_ISIS_ET:
		return "ISIS_ET";
	case MRT_OSPFV3:
		return "OSPFv3";
	case MRT_OSPFV3_ET:
		return "OSPFv3_ET";
	default:
		return NULL;
	}
}

const char *
mrt_state_name(uint16_t state)
{
	static const char *const names[] = { NULL, "Idle", "Connect", "Active", "OpenSent",
		"OpenConfirm", "Established" };

	return state < sizeof(names) / sizeof(names[0]) ? names[state] : NULL;
}

static void
tell_code(struct tell *t, const char *name, unsigned code, const char *known)
{
	if (known != NULL)
		tell_textf(t, name, "%u %s", code, known);
	else
		tell_number(t, name, code);
}

static void
tell_address(struct tell *t, const char *name, bool v6, const uint8_t address[16])
{
	char text[64];
	struct txt w = txt_of(text, sizeof(text));

	if (v6)
		txt_ipv6(&w, address);
	else
		txt_ipv4(&w, address);
	tell_text(t, name, text);
}

static void
tell_id(struct tell *t, const char *name, const uint8_t id[4])
{
	tell_textf(t, name, "%u.%u.%u.%u", id[0], id[1], id[2], id[3]);
}

/* A degree as six decimals without floating point in the way of NaN: the bits say what it is. */
static void
tell_degrees(struct tell *t, const char *name, uint32_t bits)
{
	float v;

	memcpy(&v, &bits, sizeof(v));
	if ((bits & 0x7f800000U) == 0x7f800000U)
		tell_text(t, name, "private"); /* NaN (RFC 6397 4.1) */
	else
		tell_textf(t, name, "%.6f", (double)v);
}

static void
tell_rest(struct tell *t, struct cursor rest)
{
	if (cur_left(&rest) > 0)
		tell_hex(t, "rest", rest);
}

static void
tell_peer_index(struct tell *t, const struct mrt_record *m, struct faults *f)
{
	struct mrt_peer_index x;
	struct mrt_peer p;
	char name[TELL_TEXT_MAX];
	struct txt w = txt_of(name, sizeof(name));

	if (!mrt_peer_index_parse(m, &x, f)) {
		tell_rest(t, m->body);
		return;
	}
	tell_id(t, "collector_bgp_id", x.collector_id);
	txt_string(&w, x.view_name);
	tell_text(t, "view_name", name);
	tell_number(t, "peer_count", x.peers_n);
	tell_list(t, "peers");
	while (mrt_peer_next(m, &x, &p, f)) {
		tell_open(t, NULL);
		tell_textf(t, "type", "0x%02x", p.type);
		tell_id(t, "bgp_id", p.bgp_id);
		tell_address(t, "address", p.v6, p.address);
		tell_number(t, "as", p.as);
		tell_close(t);
	}
	tell_list_end(t);
	tell_rest(t, x.rest);
}

static void
tell_geo_peers(struct tell *t, const struct mrt_record *m, struct faults *f)
{
	struct mrt_geo_peers x;
	struct mrt_geo_peer p;

	if (!mrt_geo_peers_parse(m, &x, f)) {
		tell_rest(t, m->body);
		return;
	}
	tell_id(t, "collector_bgp_id", x.collector_id);
	tell_degrees(t, "collector_latitude", x.latitude);
	tell_degrees(t, "collector_longitude", x.longitude);
	tell_number(t, "peer_count", x.peers_n);
	tell_list(t, "peers");
	while (mrt_geo_peer_next(m, &x, &p, f)) {
		tell_open(t, NULL);
		tell_textf(t, "type", "0x%02x", p.type);
		tell_id(t, "bgp_id", p.bgp_id);
		tell_degrees(t, "latitude", p.latitude);
		tell_degrees(t, "longitude", p.longitude);
		tell_close(t);
	}
	tell_list_end(t);
	tell_rest(t, x.rest);
}

/* Attributes of an entry: the next hop alone may stand for MP_REACH_NLRI (RFC 6396 4.3.4). */
static void
tell_attrs(struct tell *t, struct cursor attrs, bool as4)
{
	struct bgp_context context = { .as4 = as4 };
	struct bgp_tell_how how = { .short_reach = true };

	tell_open(t, "attributes");
	bgp_attrs_tell(t, attrs, &context, &how);
	tell_close(t);
}

static void
tell_nlri(struct tell *t, const struct mrt_rib *x)
{
	struct faults again = { .n = 0 }; /* noted already */
	struct bgp_nlri_any nlri;
	struct cursor r = x->nlri;

	bgp_nlri_any_next(&r, x->family, (struct bgp_nlri_how){ 0 }, x->nlri.pos, &nlri, &again);
	tell_open(t, "nlri");
	bgp_nlri_tell(t, x->family, &nlri);
	tell_close(t);
}

static void
tell_entry(struct tell *t, const struct mrt_record *m, const struct mrt_entry *e,
    const struct mrt_peer *peers, size_t peers_n)
{
	tell_open(t, NULL);
	tell_number(t, "peer_index", e->peer_index);
	if (e->peer_index < peers_n) {
		const struct mrt_peer *p = &peers[e->peer_index];

		tell_address(t, "peer_address", p->v6, p->address);
		tell_number(t, "peer_as", p->as);
	}
	bmp_tell_time(t, "originated_time", e->originated, 0);
	if (m->addpath && m->family.afi != 0)
		tell_number(t, "path_identifier", e->path_id);
	tell_attrs(t, e->attrs, true);
	tell_close(t);
}

static void
tell_rib(struct tell *t, const struct mrt_record *m, const struct mrt_peer *peers, size_t peers_n,
    struct faults *f)
{
	struct mrt_rib x;
	struct mrt_entry e;
	char name[32];

	if (!mrt_rib_parse(m, &x, f)) {
		tell_rest(t, m->body);
		return;
	}
	tell_number(t, "sequence_number", x.sequence);
	tell_text(t, "family", bgp_family_name(x.family, name, sizeof(name)));
	if (m->addpath && m->family.afi == 0)
		tell_number(t, "path_identifier", x.path_id);
	tell_nlri(t, &x);
	tell_number(t, "entry_count", x.entries_n);
	tell_list(t, "entries");
	while (mrt_rib_next(m, &x, &e, f))
		tell_entry(t, m, &e, peers, peers_n);
	tell_list_end(t);
	tell_rest(t, x.rest);
}

static void
tell_table_dump(struct tell *t, const struct mrt_record *m, struct faults *f)
{
	struct mrt_table_dump x;
	char text[64];
	struct txt w = txt_of(text, sizeof(text));

	if (!mrt_table_dump_parse(m, &x, f)) {
		tell_rest(t, m->body);
		return;
	}
	tell_number(t, "view_number", x.view);
	tell_number(t, "sequence_number", x.sequence);
	txt_prefix(&w, x.v6, x.prefix, x.prefix_len);
	tell_text(t, "prefix", text);
	tell_number(t, "status", x.status);
	bmp_tell_time(t, "originated_time", x.originated, 0);
	tell_address(t, "peer_address", x.v6, x.peer_address);
	tell_number(t, "peer_as", x.peer_as);
	tell_attrs(t, x.attrs, false);
	tell_rest(t, cur_of(x.attrs.end, (size_t)(m->body.end - x.attrs.end)));
}

/* --- BGP4MP */

static bool
fits(const struct bgp_mp *mp, bool path_ids, bool withdraw)
{
	return !mp->present || bgp_nlri_any_fits(mp->nlri, mp->family,
				   (struct bgp_nlri_how){ path_ids, withdraw, BGP_LABELS_UNKNOWN });
}

/*
 * How the octets of an UPDATE are to be read: as the subtype says, unless they can only be read
 * otherwise. Recorders wrote AS_PATH of the other width, and families without path ids into
 * records of subtypes that have them.
 */
static void
read_update(const struct mrt_record *m, const struct bgp_update *u, struct bgp_context *context,
    struct bgp_tell_how *how)
{
	const struct bgp_attr *path = bgp_update_attr(u, ATTR_AS_PATH);
	struct cursor value = path != NULL ? cur_of(path->value, path->len) : cur_of(NULL, 0);
	bool said = m->addpath;

	if (!as_path_fits(value, m->as4 ? 4 : 2) && as_path_fits(value, m->as4 ? 2 : 4))
		context->as4 = !m->as4;
	if (!(bgp_nlri_fits(u->nlri, AFI_IPV4, said) &&
		bgp_nlri_fits(u->withdrawn, AFI_IPV4, said)) &&
	    bgp_nlri_fits(u->nlri, AFI_IPV4, !said) && bgp_nlri_fits(u->withdrawn, AFI_IPV4, !said))
		how->classic = !said;
	if (!fits(&u->reach, said, false) && fits(&u->reach, !said, false))
		how->reach = !said;
	if (!fits(&u->unreach, said, true) && fits(&u->unreach, !said, true))
		how->unreach = !said;
}

static void
tell_message(struct tell *t, const struct mrt_record *m, struct cursor message)
{
	struct bgp_context context = { .as4 = m->as4 };
	struct bgp_tell_how how = {
		.classic = m->addpath, .reach = m->addpath, .unreach = m->addpath
	};
	struct faults ignored = { .n = 0 };
	struct bgp_family family;
	struct cursor r = message, body;
	struct bgp_update u;
	size_t total;
	char name[32];
	bool is_update = bgp_message(&r, &body, &total, &ignored) == BGP_UPDATE &&
			 bgp_update_split(body, &u, &ignored);

	if (is_update)
		read_update(m, &u, &context, &how);
	tell_open(t, "message");
	bgp_message_tell(t, message, &context, &how);
	if (is_update && ignored.n == 0 && bgp_update_end_of_rib(&u, &family))
		tell_text(t, "end_of_rib", bgp_family_name(family, name, sizeof(name)));
	if (context.as4 != m->as4)
		tell_text(t, "as_numbers", "not of the width that the subtype says");
	if (how.classic != m->addpath || how.reach != m->addpath || how.unreach != m->addpath)
		tell_text(t, "path_identifiers", "not as the subtype says");
	tell_close(t);
}

static void
tell_bgp4mp(struct tell *t, const struct mrt_record *m, struct faults *f)
{
	struct mrt_bgp4mp x;

	if (!mrt_bgp4mp_parse(m, &x, f)) {
		tell_rest(t, m->body);
		return;
	}
	tell_number(t, "peer_as", x.peer_as);
	tell_number(t, "local_as", x.local_as);
	tell_number(t, "interface_index", x.interface);
	tell_address(t, "peer_address", x.v6, x.peer_address);
	tell_address(t, "local_address", x.v6, x.local_address);
	if (m->kind == MRT_KIND_STATE_CHANGE) {
		tell_code(t, "old_state", x.old_state, mrt_state_name(x.old_state));
		tell_code(t, "new_state", x.new_state, mrt_state_name(x.new_state));
		tell_rest(t, x.message);
	} else {
		tell_message(t, m, x.message);
	}
}

/* --- records */

void
mrt_tell_known(struct tell *t, const struct mrt_record *m, const struct mrt_peer *peers,
    size_t peers_n, struct faults *f)
{
	bmp_tell_time(t, "timestamp", m->sec, m->usec);
	tell_code(t, "type", m->type, mrt_type_name(m->type));
	tell_code(t, "subtype", m->subtype, mrt_subtype_name(m->type, m->subtype));
	switch (m->kind) {
	case MRT_KIND_PEER_INDEX:
		tell_peer_index(t, m, f);
		break;
	case MRT_KIND_GEO_PEERS:
		tell_geo_peers(t, m, f);
		break;
	case MRT_KIND_RIB:
		tell_rib(t, m, peers, peers_n, f);
		break;
	case MRT_KIND_TABLE_DUMP:
		tell_table_dump(t, m, f);
		break;
	case MRT_KIND_MESSAGE:
	case MRT_KIND_STATE_CHANGE:
		tell_bgp4mp(t, m, f);
		break;
	default:
		tell_rest(t, m->body);
	}
}
