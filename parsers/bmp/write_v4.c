/* Messages of version 4, where they differ (see bmp/v4.h). */
#include "parsers/bmp/write.h"

void
bmp_put_tlv_pen(struct writer *w, uint16_t type, uint32_t pen, const void *value, size_t n)
{
	wr_u16(w, type | BMP_V4_ENTERPRISE_BIT);
	wr_u16(w, (uint16_t)(n + 4));
	wr_u32(w, pen);
	wr_bytes(w, value, n);
}

void
bmp_put_indexed(struct writer *w, const struct bmp_tlv_spec *t)
{
	wr_u16(w, (uint16_t)(t->type | (t->pen != 0 ? BMP_V4_ENTERPRISE_BIT : 0)));
	wr_u16(w, (uint16_t)(t->len + (t->pen != 0 ? 4 : 0))); /* without the index */
	wr_u16(w, t->index);
	if (t->pen != 0)
		wr_u32(w, t->pen);
	wr_bytes(w, t->value, t->len);
}

size_t
bmp_write_v4_routes(void *buf, size_t size, const struct bmp_peer_spec *p,
    enum bmp_v4_revision revision, const struct bmp_tlv_spec *tlvs, unsigned n, const void *bgp,
    size_t bgp_len)
{
	struct writer w = bmp_write_begin(buf, size, 4, BMP_ROUTE_MONITORING, p);
	const struct bmp_tlv_spec message = {
		.type = bmp_v4_code(revision, BMP_V4_MESSAGE), .value = bgp, .len = bgp_len
	};

	for (unsigned i = 0; i < n; i++) {
		struct bmp_tlv_spec t = tlvs[i];

		if (t.kind != BMP_V4_UNKNOWN)
			t.type = bmp_v4_code(revision, t.kind);
		bmp_put_indexed(&w, &t);
	}
	if (bgp_len > 0)
		bmp_put_indexed(&w, &message);
	return bmp_write_finish(&w);
}

size_t
bmp_write_v4_statistics(void *buf, size_t size, const struct bmp_peer_spec *p,
    const struct bmp_stat_spec *stats, unsigned n)
{
	struct writer w = bmp_write_begin(buf, size, 4, BMP_STATISTICS, p);
	size_t len_at, start;

	wr_u16(&w, 1); /* the Stats TLV */
	len_at = wr_here(&w);
	wr_u16(&w, 0);
	start = wr_here(&w);
	bmp_put_stats(&w, stats, n);
	wr_patch_u16(&w, len_at, start);
	return bmp_write_finish(&w);
}
