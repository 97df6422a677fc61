#include "parsers/mrt/write.h"
#include "parsers/bgp/message.h"

static size_t
here(const struct writer *w)
{
	return (size_t)(w->pos - w->start);
}

static void
patch_u16(struct writer *w, size_t at, size_t value)
{
	if (w->failed)
		return;
	if (value > UINT16_MAX) {
		w->failed = true;
		return;
	}
	w->start[at] = (uint8_t)(value >> 8);
	w->start[at + 1] = (uint8_t)value;
}

static struct writer
begin(void *buf, size_t size, uint32_t sec, uint16_t type, uint16_t subtype)
{
	struct writer w = wr_of(buf, size);

	wr_u32(&w, sec);
	wr_u16(&w, type);
	wr_u16(&w, subtype);
	wr_u32(&w, 0);
	return w;
}

static size_t
finish(struct writer *w)
{
	size_t n = wr_len(w), body = n - MRT_HEADER_LEN;

	if (n == 0)
		return 0;
	put_be32(w->start + 8, (uint32_t)body);
	return n;
}

/* An IPv6 address, or else an IPv4 address; 0.0.0.0 for no address. */
static void
put_octets(struct writer *w, uint8_t family, const uint8_t octets[16])
{
	wr_bytes(w, octets, family == IP_V6 ? 16 : 4);
}

/* --- TABLE_DUMP_V2 */

enum { PEER_INDEX_TABLE = 1, RIB_GENERIC = 6, RIB_GENERIC_ADDPATH = 12, ADDPATH_STEP = 6 };

size_t
mrt_write_peer_index(void *buf, size_t size, uint32_t sec, const uint8_t collector_id[4],
    const char *view_name, const struct mrt_peer *peers, unsigned peers_n)
{
	struct writer w = begin(buf, size, sec, MRT_TABLE_DUMP_V2, PEER_INDEX_TABLE);
	size_t n = strlen(view_name);

	if (peers_n > UINT16_MAX || n > UINT16_MAX)
		return 0;
	wr_bytes(&w, collector_id, 4);
	wr_u16(&w, (uint16_t)n);
	wr_bytes(&w, view_name, n);
	wr_u16(&w, (uint16_t)peers_n);
	for (unsigned i = 0; i < peers_n; i++) {
		wr_u8(&w, (uint8_t)(0x02 | (peers[i].address.family == IP_V6 ? 0x01 : 0)));
		wr_bytes(&w, peers[i].bgp_id, 4);
		put_octets(&w, peers[i].address.family, peers[i].address.b);
		wr_u32(&w, peers[i].as);
	}
	return finish(&w);
}

/* Subtype without ADD-PATH; with it they are six further on. */
static uint16_t
rib_subtype(struct bgp_family f)
{
	if (!bgp_family_is_plain(f))
		return RIB_GENERIC;
	return (uint16_t)((f.afi == AFI_IPV4 ? 2 : 4) + (f.safi == SAFI_MULTICAST));
}

void
mrt_rib_begin(struct mrt_rib_writer *x, void *buf, size_t size, uint32_t sec, uint32_t sequence,
    struct bgp_family family, bool path_ids, uint32_t path_id, struct cursor nlri)
{
	uint16_t subtype = rib_subtype(family);

	memset(x, 0, sizeof(*x));
	x->entry_path_ids = path_ids && subtype != RIB_GENERIC;
	x->w = begin(buf, size, sec, MRT_TABLE_DUMP_V2,
	    (uint16_t)(path_ids ? subtype + ADDPATH_STEP : subtype));
	wr_u32(&x->w, sequence);
	if (subtype == RIB_GENERIC) {
		wr_u16(&x->w, family.afi);
		wr_u8(&x->w, family.safi);
		if (path_ids)
			wr_u32(&x->w, path_id);
	}
	wr_bytes(&x->w, nlri.pos, cur_left(&nlri));
	x->count_at = here(&x->w);
	wr_u16(&x->w, 0);
}

bool
mrt_rib_put(struct mrt_rib_writer *x, const struct mrt_entry *e)
{
	struct writer before = x->w;

	if (x->w.failed || x->entries_n == UINT16_MAX || cur_left(&e->attrs) > UINT16_MAX)
		return false;
	wr_u16(&x->w, e->peer_index);
	wr_u32(&x->w, e->originated);
	if (x->entry_path_ids)
		wr_u32(&x->w, e->path_id);
	wr_u16(&x->w, (uint16_t)cur_left(&e->attrs));
	wr_bytes(&x->w, e->attrs.pos, cur_left(&e->attrs));
	if (x->w.failed) {
		x->w = before;
		return false;
	}
	x->entries_n++;
	return true;
}

size_t
mrt_rib_finish(struct mrt_rib_writer *x)
{
	patch_u16(&x->w, x->count_at, x->entries_n);
	return finish(&x->w);
}

/* --- BGP4MP, TABLE_DUMP */

size_t
mrt_write_bgp4mp(void *buf, size_t size, const struct mrt_record *m, const struct mrt_bgp4mp *t)
{
	bool state = m->kind == MRT_KIND_STATE_CHANGE;
	uint8_t family = t->peer_address.family;
	uint16_t subtype = state ? (m->as4 ? 5 : 0)
				 : (uint16_t)((m->path_ids   ? (m->local ? 10 : 8)
						  : m->local ? 6
							     : (m->as4 ? 4 : 1)) +
					      (m->as4 && (m->path_ids || m->local) ? 1 : 0));
	struct writer w =
	    begin(buf, size, m->sec, m->usec != 0 ? MRT_BGP4MP_ET : MRT_BGP4MP, subtype);

	if (m->usec != 0)
		wr_u32(&w, m->usec);
	if (m->as4) {
		wr_u32(&w, t->peer_as);
		wr_u32(&w, t->local_as);
	} else {
		wr_u16(&w, t->peer_as > UINT16_MAX ? BGP_AS_TRANS : (uint16_t)t->peer_as);
		wr_u16(&w, t->local_as > UINT16_MAX ? BGP_AS_TRANS : (uint16_t)t->local_as);
	}
	wr_u16(&w, t->interface);
	wr_u16(&w, family == IP_V6 ? AFI_IPV6 : AFI_IPV4);
	put_octets(&w, family, t->peer_address.b);
	put_octets(&w, family, t->local_address.b);
	if (state) {
		wr_u16(&w, t->old_state);
		wr_u16(&w, t->new_state);
	} else {
		wr_bytes(&w, t->message.pos, cur_left(&t->message));
	}
	return finish(&w);
}

size_t
mrt_write_table_dump(void *buf, size_t size, uint32_t sec, const struct mrt_table_dump *t)
{
	struct writer w = begin(buf, size, sec, MRT_TABLE_DUMP, t->prefix.family == IP_V6 ? 2 : 1);

	wr_u16(&w, t->view);
	wr_u16(&w, t->sequence);
	put_octets(&w, t->prefix.family, t->prefix.b);
	wr_u8(&w, t->prefix.len);
	wr_u8(&w, t->status);
	wr_u32(&w, t->originated);
	put_octets(&w, t->prefix.family, t->peer_address.b);
	wr_u16(&w, t->peer_as > UINT16_MAX ? BGP_AS_TRANS : (uint16_t)t->peer_as);
	wr_u16(&w, (uint16_t)cur_left(&t->attrs));
	wr_bytes(&w, t->attrs.pos, cur_left(&t->attrs));
	return finish(&w);
}
