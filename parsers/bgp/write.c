/* OPEN and UPDATE. */
#include "parsers/bgp/write.h"

#include "parsers/bgp/capability_table.h"
#include "parsers/bgp/message.h"
#include "parsers/bgp/update.h"

size_t
bgp_write_begin(struct writer *w, enum bgp_type type)
{
	size_t at;

	wr_bytes(w, bgp_marker, sizeof(bgp_marker));
	at = wr_here(w);
	wr_u16(w, 0);
	wr_u8(w, (uint8_t)type);
	return at;
}

static void
put_capability(struct writer *w, uint8_t code, const void *value, size_t n)
{
	wr_u8(w, code);
	wr_u8(w, (uint8_t)n);
	wr_bytes(w, value, n);
}

static void
put_capabilities(struct writer *w, const struct bgp_open_spec *o)
{
	uint8_t as[4];

	put_be32(as, o->as);
	for (unsigned i = 0; i < o->families_n; i++) {
		uint8_t mp[4] = { (uint8_t)(o->families[i].afi >> 8), (uint8_t)o->families[i].afi,
			0, o->families[i].safi };

		put_capability(w, CAP_MP, mp, sizeof(mp));
	}
	put_capability(w, CAP_AS4, as, sizeof(as));
	if (o->role != BGP_ROLE_NONE)
		put_capability(w, CAP_ROLE, &o->role, 1);
	for (unsigned i = 0; i < o->addpaths_n; i++) {
		const struct bgp_addpath *a = &o->addpaths[i];
		uint8_t v[4] = { (uint8_t)(a->family.afi >> 8), (uint8_t)a->family.afi,
			a->family.safi, a->mode };

		put_capability(w, CAP_ADDPATH, v, sizeof(v));
	}
	for (unsigned i = 0; i < o->labels_n; i++) {
		const struct bgp_labels *l = &o->labels[i];
		uint8_t v[4] = { (uint8_t)(l->family.afi >> 8), (uint8_t)l->family.afi,
			l->family.safi, l->count };

		put_capability(w, CAP_MULTIPLE_LABELS, v, sizeof(v));
	}
}

void
bgp_put_open(struct writer *w, const struct bgp_open_spec *o)
{
	size_t start = wr_here(w), len_at = bgp_write_begin(w, BGP_OPEN), params_at;

	if (o->bare) {
		wr_patch_u16(w, len_at, start);
		return;
	}

	wr_u8(w, 4);
	wr_u16(w, o->as > 65535 ? BGP_AS_TRANS : (uint16_t)o->as);
	wr_u16(w, o->hold_time_s);
	wr_bytes(w, o->bgp_id, 4);
	params_at = wr_here(w);
	wr_u8(w, 0);
	if (o->no_capabilities) {
		wr_patch_u16(w, len_at, start);
		return;
	}
	wr_u8(w, 2);
	wr_u8(w, 0);
	put_capabilities(w, o);
	if (!w->failed) {
		size_t n = wr_here(w) - params_at - 1;

		if (n > 255)
			w->failed = true;
		w->start[params_at] = (uint8_t)n;
		w->start[params_at + 2] = (uint8_t)(n - 2);
	}
	wr_patch_u16(w, len_at, start);
}

/* --- UPDATE */

static void
put_prefixes(struct writer *w, const struct bgp_prefix_spec *v, unsigned n, bool path_ids)
{
	for (unsigned i = 0; i < n; i++) {
		if (path_ids)
			wr_u32(w, v[i].path_id);
		wr_u8(w, v[i].prefix.len);
		wr_bytes(w, v[i].prefix.b, (v[i].prefix.len + 7U) / 8);
	}
}

static void
put_attr(struct writer *w, uint8_t flags, uint8_t code, const void *value, size_t n)
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
put_attr_u32(struct writer *w, uint8_t flags, uint8_t code, uint32_t v)
{
	uint8_t b[4];

	put_be32(b, v);
	put_attr(w, flags, code, b, 4);
}

static void
put_as_path(struct writer *w, const struct bgp_route_spec *r)
{
	size_t at, start;
	unsigned done = 0;

	wr_u8(w, ATTR_TRANSITIVE | ATTR_EXTENDED);
	wr_u8(w, ATTR_AS_PATH);
	at = wr_here(w);
	wr_u16(w, 0);
	start = wr_here(w);
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
	wr_patch_u16(w, at, start);
}

static void
put_u32s(struct writer *w, uint8_t code, const uint32_t *v, size_t n)
{
	size_t at, start;

	wr_u8(w, ATTR_OPTIONAL | ATTR_TRANSITIVE | ATTR_EXTENDED);
	wr_u8(w, code);
	at = wr_here(w);
	wr_u16(w, 0);
	start = wr_here(w);
	for (size_t i = 0; i < n; i++)
		wr_u32(w, v[i]);
	wr_patch_u16(w, at, start);
}

static void
put_mp(struct writer *w, const struct bgp_route_spec *r, uint8_t code,
    const struct bgp_prefix_spec *v, unsigned n, bool path_ids)
{
	size_t at, start;

	wr_u8(w, ATTR_OPTIONAL | ATTR_EXTENDED);
	wr_u8(w, code);
	at = wr_here(w);
	wr_u16(w, 0);
	start = wr_here(w);
	wr_u16(w, v[0].prefix.family == IP_V6 ? AFI_IPV6 : AFI_IPV4);
	wr_u8(w, SAFI_UNICAST);
	if (code == ATTR_MP_REACH) {
		bool v6 = r->next_hop.family == IP_V6;

		wr_u8(w, v6 ? 16 : 4);
		wr_bytes(w, r->next_hop.b, v6 ? 16 : 4);
		wr_u8(w, 0);
	}
	put_prefixes(w, v, n, path_ids);
	wr_patch_u16(w, at, start);
}

static void
put_route_attrs(struct writer *w, const struct bgp_route_spec *r, bool classic)
{
	put_attr(w, ATTR_TRANSITIVE, ATTR_ORIGIN, &r->origin, 1);
	put_as_path(w, r);
	if (classic)
		put_attr(w, ATTR_TRANSITIVE, ATTR_NEXT_HOP, r->next_hop.b, 4);
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
    const struct bgp_prefix_spec *withdraw, unsigned withdraw_n, bool path_ids)
{
	struct writer w = wr_of(buf, size);
	size_t len_at = bgp_write_begin(&w, BGP_UPDATE), at, start;
	bool mp_announce = announce_n > 0 && (announce[0].prefix.family == IP_V6 || r->mp_ipv4);
	bool mp_withdraw = withdraw_n > 0 && (withdraw[0].prefix.family == IP_V6 || r->mp_ipv4);

	at = wr_here(&w);
	wr_u16(&w, 0);
	start = wr_here(&w);
	if (!mp_withdraw)
		put_prefixes(&w, withdraw, withdraw_n, path_ids);
	wr_patch_u16(&w, at, start);
	at = wr_here(&w);
	wr_u16(&w, 0);
	start = wr_here(&w);
	if (mp_announce)
		put_mp(&w, r, ATTR_MP_REACH, announce, announce_n, path_ids);
	if (mp_withdraw)
		put_mp(&w, r, ATTR_MP_UNREACH, withdraw, withdraw_n, path_ids);
	if (announce_n > 0)
		put_route_attrs(&w, r, !mp_announce);
	wr_patch_u16(&w, at, start);
	if (!mp_announce)
		put_prefixes(&w, announce, announce_n, path_ids);
	wr_patch_u16(&w, len_at, 0);
	return wr_len(&w);
}

size_t
bgp_write_end_of_rib(void *buf, size_t size, struct bgp_family family)
{
	struct writer w = wr_of(buf, size);
	size_t len_at = bgp_write_begin(&w, BGP_UPDATE);
	bool classic = bgp_family_equal(family, BGP_IPV4_UNICAST);

	wr_u16(&w, 0);
	wr_u16(&w, classic ? 0 : 6);
	if (!classic) {
		wr_u8(&w, ATTR_OPTIONAL);
		wr_u8(&w, ATTR_MP_UNREACH);
		wr_u8(&w, 3);
		wr_u16(&w, family.afi);
		wr_u8(&w, family.safi);
	}
	wr_patch_u16(&w, len_at, 0);
	return wr_len(&w);
}
