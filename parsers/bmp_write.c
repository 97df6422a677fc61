#include "parsers/bmp_write.h"

struct wr
wr_of(void *buf, size_t size)
{
	uint8_t *at = buf;

	return (struct wr){ .start = at, .pos = at, .end = at + size };
}

size_t
wr_len(const struct wr *w)
{
	return w->failed ? 0 : (size_t)(w->pos - w->start);
}

void
wr_bytes(struct wr *w, const void *data, size_t n)
{
	if (n > (size_t)(w->end - w->pos)) {
		w->failed = true;
		return;
	}
	if (n > 0)
		memcpy(w->pos, data, n);
	w->pos += n;
}

void
wr_u8(struct wr *w, uint8_t v)
{
	wr_bytes(w, &v, 1);
}

void
wr_u16(struct wr *w, uint16_t v)
{
	uint8_t b[2] = { (uint8_t)(v >> 8), (uint8_t)v };

	wr_bytes(w, b, 2);
}

void
wr_u32(struct wr *w, uint32_t v)
{
	uint8_t b[4] = { (uint8_t)(v >> 24), (uint8_t)(v >> 16), (uint8_t)(v >> 8), (uint8_t)v };

	wr_bytes(w, b, 4);
}

/* Fill in a 2-octet length that counts from `from` to here. */
static void
patch_u16(struct wr *w, size_t at, size_t from)
{
	size_t n;

	if (w->failed)
		return;
	n = (size_t)(w->pos - w->start) - from;
	w->start[at] = (uint8_t)(n >> 8);
	w->start[at + 1] = (uint8_t)n;
}

static size_t
here(const struct wr *w)
{
	return (size_t)(w->pos - w->start);
}

/* --- BMP
 * ------------------------------------------------------------------------------------------------------------
 */

static struct wr
begin(void *buf, size_t size, enum bmp_type type)
{
	struct wr w = wr_of(buf, size);

	wr_u8(&w, 3);
	wr_u32(&w, 0);
	wr_u8(&w, (uint8_t)type);
	return w;
}

static size_t
finish(struct wr *w)
{
	size_t n = wr_len(w);

	if (n == 0)
		return 0;
	w->start[1] = (uint8_t)(n >> 24);
	w->start[2] = (uint8_t)(n >> 16);
	w->start[3] = (uint8_t)(n >> 8);
	w->start[4] = (uint8_t)n;
	return n;
}

static void
put_address(struct wr *w, const uint8_t address[16], bool v6)
{
	static const uint8_t zero[12];

	if (v6) {
		wr_bytes(w, address, 16);
	} else {
		wr_bytes(w, zero, 12);
		wr_bytes(w, address, 4);
	}
}

static void
put_peer(struct wr *w, const struct bmp_peer_spec *p)
{
	wr_u8(w, p->type);
	wr_u8(w, (uint8_t)(p->flags | (p->address_v6 ? BMP_FLAG_V : 0)));
	wr_bytes(w, p->distinguisher, 8);
	put_address(w, p->address, p->address_v6);
	wr_u32(w, p->as);
	wr_bytes(w, p->bgp_id, 4);
	wr_u32(w, p->sec);
	wr_u32(w, p->usec);
}

static void
put_text_tlv(struct wr *w, uint16_t type, const char *text)
{
	size_t n = strlen(text);

	wr_u16(w, type);
	wr_u16(w, (uint16_t)n);
	wr_bytes(w, text, n);
}

size_t
bmp_write_initiation(void *buf, size_t size, const char *sys_name, const char *sys_descr)
{
	struct wr w = begin(buf, size, BMP_INITIATION);

	put_text_tlv(&w, BMP_INIT_SYS_DESCR, sys_descr);
	put_text_tlv(&w, BMP_INIT_SYS_NAME, sys_name);
	return finish(&w);
}

size_t
bmp_write_termination(void *buf, size_t size, uint16_t reason)
{
	struct wr w = begin(buf, size, BMP_TERMINATION);

	wr_u16(&w, BMP_TERM_REASON);
	wr_u16(&w, 2);
	wr_u16(&w, reason);
	return finish(&w);
}

/* Header with its length open; returns where the length stands. */
static size_t
begin_bgp(struct wr *w, enum bgp_type type)
{
	static const uint8_t ones[16] = { 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255,
		255, 255, 255, 255, 255 };
	size_t at;

	wr_bytes(w, ones, sizeof(ones));
	at = here(w);
	wr_u16(w, 0);
	wr_u8(w, (uint8_t)type);
	return at;
}

static void
put_capability(struct wr *w, uint8_t code, const void *value, size_t n)
{
	wr_u8(w, code);
	wr_u8(w, (uint8_t)n);
	wr_bytes(w, value, n);
}

static void
put_capabilities(struct wr *w, const struct bgp_open_spec *o)
{
	uint8_t as[4] = { (uint8_t)(o->as >> 24), (uint8_t)(o->as >> 16), (uint8_t)(o->as >> 8),
		(uint8_t)o->as };

	for (unsigned i = 0; i < o->families_n; i++) {
		uint8_t mp[4] = { (uint8_t)(o->families[i].afi >> 8), (uint8_t)o->families[i].afi,
			0, o->families[i].safi };

		put_capability(w, 1, mp, sizeof(mp));
	}
	put_capability(w, 65, as, sizeof(as));
	if (o->role != BGP_ROLE_NONE)
		put_capability(w, 9, &o->role, 1);
	for (unsigned i = 0; i < o->addpaths_n; i++) {
		const struct bgp_addpath *a = &o->addpaths[i];
		uint8_t v[4] = { (uint8_t)(a->family.afi >> 8), (uint8_t)a->family.afi,
			a->family.safi, a->mode };

		put_capability(w, 69, v, sizeof(v));
	}
}

static void
put_open(struct wr *w, const struct bgp_open_spec *o)
{
	size_t start = here(w), len_at = begin_bgp(w, BGP_OPEN), params_at;

	wr_u8(w, 4);
	wr_u16(w, o->as > 65535 ? BGP_AS_TRANS : (uint16_t)o->as);
	wr_u16(w, o->hold_time_s);
	wr_bytes(w, o->bgp_id, 4);
	params_at = here(w);
	wr_u8(w, 0);
	wr_u8(w, 2);
	wr_u8(w, 0);
	put_capabilities(w, o);
	if (!w->failed) {
		size_t n = here(w) - params_at - 1;

		if (n > 255)
			w->failed = true;
		w->start[params_at] = (uint8_t)n;
		w->start[params_at + 2] = (uint8_t)(n - 2);
	}
	patch_u16(w, len_at, start);
}

size_t
bmp_write_peer_up(void *buf, size_t size, const struct bmp_peer_spec *p,
    const uint8_t local_address[16], const struct bgp_open_spec *sent,
    const struct bgp_open_spec *received, const char *table_name)
{
	struct wr w = begin(buf, size, BMP_PEER_UP);

	put_peer(&w, p);
	put_address(&w, local_address, p->address_v6);
	wr_u16(&w, p->type == BMP_PEER_LOC_RIB ? 0 : 179);
	wr_u16(&w, p->type == BMP_PEER_LOC_RIB ? 0 : 33001);
	put_open(&w, sent);
	put_open(&w, received);
	if (table_name != NULL)
		put_text_tlv(&w, BMP_PEER_TABLE_NAME, table_name);
	return finish(&w);
}

size_t
bmp_write_peer_down(
    void *buf, size_t size, const struct bmp_peer_spec *p, uint8_t reason, uint16_t fsm_event)
{
	struct wr w = begin(buf, size, BMP_PEER_DOWN);
	static const uint8_t admin_shutdown[2] = { 6, 2 };

	put_peer(&w, p);
	wr_u8(&w, reason);
	if (reason == 2) {
		wr_u16(&w, fsm_event);
	} else if (reason == 1 || reason == 3) {
		size_t start = here(&w), len_at = begin_bgp(&w, BGP_NOTIFICATION);

		wr_bytes(&w, admin_shutdown, 2);
		patch_u16(&w, len_at, start);
	}
	return finish(&w);
}

size_t
bmp_write_route_monitoring(
    void *buf, size_t size, const struct bmp_peer_spec *p, const void *bgp, size_t bgp_len)
{
	struct wr w = begin(buf, size, BMP_ROUTE_MONITORING);

	put_peer(&w, p);
	wr_bytes(&w, bgp, bgp_len);
	return finish(&w);
}

size_t
bmp_write_statistics(void *buf, size_t size, const struct bmp_peer_spec *p,
    const struct bmp_stat_spec *stats, unsigned n)
{
	struct wr w = begin(buf, size, BMP_STATISTICS);

	put_peer(&w, p);
	wr_u32(&w, n);
	for (unsigned i = 0; i < n; i++) {
		bool gauge = stats[i].per_family || stats[i].type == 7 || stats[i].type == 8;

		wr_u16(&w, stats[i].type);
		wr_u16(&w, stats[i].per_family ? 11 : gauge ? 8 : 4);
		if (stats[i].per_family) {
			wr_u16(&w, stats[i].family.afi);
			wr_u8(&w, stats[i].family.safi);
		}
		if (gauge)
			wr_u32(&w, (uint32_t)(stats[i].value >> 32));
		wr_u32(&w, (uint32_t)stats[i].value);
	}
	return finish(&w);
}

/* --- UPDATE
 * -----------------------------------------------------------------------------------------------------------
 */

static void
put_prefixes(struct wr *w, const struct bgp_prefix_spec *v, unsigned n, bool addpath)
{
	for (unsigned i = 0; i < n; i++) {
		if (addpath)
			wr_u32(w, v[i].path_id);
		wr_u8(w, v[i].len);
		wr_bytes(w, v[i].addr, (v[i].len + 7U) / 8);
	}
}

static void
put_attr(struct wr *w, uint8_t flags, uint8_t code, const void *value, size_t n)
{
	if (n > 255)
		flags |= ATTR_EXTENDED;
	wr_u8(w, flags);
	wr_u8(w, code);
	if (n > 255)
		wr_u16(w, (uint16_t)n);
	else
		wr_u8(w, (uint8_t)n);
	wr_bytes(w, value, n);
}

static void
put_attr_u32(struct wr *w, uint8_t flags, uint8_t code, uint32_t v)
{
	uint8_t b[4] = { (uint8_t)(v >> 24), (uint8_t)(v >> 16), (uint8_t)(v >> 8), (uint8_t)v };

	put_attr(w, flags, code, b, 4);
}

static void
put_as_path(struct wr *w, const struct bgp_route_spec *r)
{
	size_t at, start;
	unsigned done = 0;

	wr_u8(w, ATTR_TRANSITIVE | ATTR_EXTENDED);
	wr_u8(w, ATTR_AS_PATH);
	at = here(w);
	wr_u16(w, 0);
	start = here(w);
	while (done < r->as_path_n) {
		unsigned n = r->as_path_n - done > 255 ? 255 : r->as_path_n - done;

		wr_u8(w, AS_SEQUENCE);
		wr_u8(w, (uint8_t)n);
		for (unsigned i = 0; i < n; i++) {
			uint32_t as = r->as_path[done + i];

			if (r->as2)
				wr_u16(w, as > 65535 ? BGP_AS_TRANS : (uint16_t)as);
			else
				wr_u32(w, as);
		}
		done += n;
	}
	patch_u16(w, at, start);
}

static void
put_u32s(struct wr *w, uint8_t code, const uint32_t *v, size_t n)
{
	size_t at, start;

	wr_u8(w, ATTR_OPTIONAL | ATTR_TRANSITIVE | ATTR_EXTENDED);
	wr_u8(w, code);
	at = here(w);
	wr_u16(w, 0);
	start = here(w);
	for (size_t i = 0; i < n; i++)
		wr_u32(w, v[i]);
	patch_u16(w, at, start);
}

static void
put_mp(struct wr *w, const struct bgp_route_spec *r, uint8_t code, const struct bgp_prefix_spec *v,
    unsigned n, bool addpath)
{
	size_t at, start;

	wr_u8(w, ATTR_OPTIONAL | ATTR_EXTENDED);
	wr_u8(w, code);
	at = here(w);
	wr_u16(w, 0);
	start = here(w);
	wr_u16(w, v[0].family == 6 ? AFI_IPV6 : AFI_IPV4);
	wr_u8(w, SAFI_UNICAST);
	if (code == ATTR_MP_REACH) {
		wr_u8(w, r->next_hop_v6 ? 16 : 4);
		wr_bytes(w, r->next_hop, r->next_hop_v6 ? 16 : 4);
		wr_u8(w, 0);
	}
	put_prefixes(w, v, n, addpath);
	patch_u16(w, at, start);
}

static void
put_route_attrs(struct wr *w, const struct bgp_route_spec *r, bool classic)
{
	put_attr(w, ATTR_TRANSITIVE, ATTR_ORIGIN, &r->origin, 1);
	put_as_path(w, r);
	if (classic)
		put_attr(w, ATTR_TRANSITIVE, ATTR_NEXT_HOP, r->next_hop, 4);
	if (r->has_med)
		put_attr_u32(w, ATTR_OPTIONAL, ATTR_MED, r->med);
	if (r->has_local_pref)
		put_attr_u32(w, ATTR_TRANSITIVE, ATTR_LOCAL_PREF, r->local_pref);
	if (r->communities_n > 0)
		put_u32s(w, ATTR_COMMUNITIES, r->communities, r->communities_n);
	if (r->large_n > 0)
		put_u32s(w, ATTR_LARGE_COMMUNITIES, r->large, 3 * (size_t)r->large_n);
	if (r->has_otc)
		put_attr_u32(w, ATTR_OPTIONAL | ATTR_TRANSITIVE, ATTR_OTC, r->otc);
	wr_bytes(w, r->extra, r->extra_len);
}

size_t
bgp_write_update(void *buf, size_t size, const struct bgp_route_spec *r,
    const struct bgp_prefix_spec *announce, unsigned announce_n,
    const struct bgp_prefix_spec *withdraw, unsigned withdraw_n, bool addpath)
{
	struct wr w = wr_of(buf, size);
	size_t len_at = begin_bgp(&w, BGP_UPDATE), at, start;
	bool mp_announce = announce_n > 0 && (announce[0].family == 6 || r->mp_ipv4);
	bool mp_withdraw = withdraw_n > 0 && (withdraw[0].family == 6 || r->mp_ipv4);

	at = here(&w);
	wr_u16(&w, 0);
	start = here(&w);
	if (!mp_withdraw)
		put_prefixes(&w, withdraw, withdraw_n, addpath);
	patch_u16(&w, at, start);
	at = here(&w);
	wr_u16(&w, 0);
	start = here(&w);
	if (mp_announce)
		put_mp(&w, r, ATTR_MP_REACH, announce, announce_n, addpath);
	if (mp_withdraw)
		put_mp(&w, r, ATTR_MP_UNREACH, withdraw, withdraw_n, addpath);
	if (announce_n > 0)
		put_route_attrs(&w, r, !mp_announce);
	patch_u16(&w, at, start);
	if (!mp_announce)
		put_prefixes(&w, announce, announce_n, addpath);
	patch_u16(&w, len_at, 0);
	return wr_len(&w);
}

size_t
bgp_write_end_of_rib(void *buf, size_t size, struct bgp_family family)
{
	struct wr w = wr_of(buf, size);
	size_t len_at = begin_bgp(&w, BGP_UPDATE);
	bool classic = family.afi == AFI_IPV4 && family.safi == SAFI_UNICAST;

	wr_u16(&w, 0);
	wr_u16(&w, classic ? 0 : 6);
	if (!classic) {
		wr_u8(&w, ATTR_OPTIONAL);
		wr_u8(&w, ATTR_MP_UNREACH);
		wr_u8(&w, 3);
		wr_u16(&w, family.afi);
		wr_u8(&w, family.safi);
	}
	patch_u16(&w, len_at, 0);
	return wr_len(&w);
}
