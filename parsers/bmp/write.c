#include "parsers/bmp/write.h"
#include "parsers/bgp/message.h"

#include <string.h>

static void
put_address(struct writer *w, const struct ip_addr *a)
{
	static const uint8_t zero[12];

	if (a->family == IP_V6) {
		wr_bytes(w, a->b, 16);
	} else {
		wr_bytes(w, zero, 12);
		wr_bytes(w, a->b, 4);
	}
}

static void
put_peer(struct writer *w, const struct bmp_peer_spec *p)
{
	wr_u8(w, p->type);
	wr_u8(w, (uint8_t)(p->flags | (p->address.family == IP_V6 ? BMP_FLAG_V : 0)));
	wr_bytes(w, p->distinguisher, 8);
	put_address(w, &p->address);
	wr_u32(w, p->as);
	wr_bytes(w, p->bgp_id, 4);
	wr_u32(w, p->sec);
	wr_u32(w, p->usec);
}

struct writer
bmp_write_begin(
    void *buf, size_t size, unsigned version, unsigned type, const struct bmp_peer_spec *peer)
{
	struct writer w = wr_of(buf, size);

	wr_u8(&w, (uint8_t)version);
	wr_u32(&w, 0);
	wr_u8(&w, (uint8_t)type);
	if (peer != NULL)
		put_peer(&w, peer);
	return w;
}

size_t
bmp_write_finish(struct writer *w)
{
	size_t n = wr_len(w);

	if (n == 0)
		return 0;
	put_be32(w->start + 1, (uint32_t)n);
	return n;
}

void
bmp_put_tlv(struct writer *w, uint16_t type, const void *value, size_t n)
{
	wr_u16(w, type);
	wr_u16(w, (uint16_t)n);
	wr_bytes(w, value, n);
}

static void
put_text_tlv(struct writer *w, uint16_t type, const char *text)
{
	bmp_put_tlv(w, type, text, strlen(text));
}

size_t
bmp_write_initiation(void *buf, size_t size, const char *sys_name, const char *sys_descr)
{
	struct writer w = bmp_write_begin(buf, size, 3, BMP_INITIATION, NULL);

	put_text_tlv(&w, BMP_INIT_SYS_DESCR, sys_descr);
	put_text_tlv(&w, BMP_INIT_SYS_NAME, sys_name);
	return bmp_write_finish(&w);
}

size_t
bmp_write_termination(void *buf, size_t size, uint16_t reason)
{
	struct writer w = bmp_write_begin(buf, size, 3, BMP_TERMINATION, NULL);

	wr_u16(&w, BMP_TERM_REASON);
	wr_u16(&w, 2);
	wr_u16(&w, reason);
	return bmp_write_finish(&w);
}

void
bmp_put_peer_up(struct writer *w, const struct bmp_peer_spec *p, const struct ip_addr *local,
    const struct bgp_open_spec *sent, const struct bgp_open_spec *received)
{
	put_address(w, local);
	wr_u16(w, p->type == BMP_PEER_LOC_RIB ? 0 : 179);
	wr_u16(w, p->type == BMP_PEER_LOC_RIB ? 0 : 33001);
	bgp_put_open(w, sent);
	bgp_put_open(w, received);
}

size_t
bmp_write_peer_up(void *buf, size_t size, const struct bmp_peer_spec *p,
    const struct ip_addr *local, const struct bgp_open_spec *sent,
    const struct bgp_open_spec *received, const char *table_name)
{
	struct writer w = bmp_write_begin(buf, size, 3, BMP_PEER_UP, p);

	bmp_put_peer_up(&w, p, local, sent, received);
	if (table_name != NULL)
		put_text_tlv(&w, BMP_PEER_TABLE_NAME, table_name);
	return bmp_write_finish(&w);
}

void
bmp_put_peer_down(struct writer *w, uint8_t reason, uint16_t fsm_event)
{
	static const uint8_t admin_shutdown[2] = { 6, 2 };

	wr_u8(w, reason);
	if (reason == BMP_DOWN_LOCAL) {
		wr_u16(w, fsm_event);
	} else if (reason == BMP_DOWN_LOCAL_NOTIFICATION ||
		   reason == BMP_DOWN_REMOTE_NOTIFICATION) {
		size_t start = wr_here(w), len_at = bgp_write_begin(w, BGP_NOTIFICATION);

		wr_bytes(w, admin_shutdown, 2);
		wr_patch_u16(w, len_at, start);
	}
}

size_t
bmp_write_peer_down(
    void *buf, size_t size, const struct bmp_peer_spec *p, uint8_t reason, uint16_t fsm_event)
{
	struct writer w = bmp_write_begin(buf, size, 3, BMP_PEER_DOWN, p);

	bmp_put_peer_down(&w, reason, fsm_event);
	return bmp_write_finish(&w);
}

size_t
bmp_write_route_monitoring(
    void *buf, size_t size, const struct bmp_peer_spec *p, const void *bgp, size_t bgp_len)
{
	struct writer w = bmp_write_begin(buf, size, 3, BMP_ROUTE_MONITORING, p);

	wr_bytes(&w, bgp, bgp_len);
	return bmp_write_finish(&w);
}

size_t
bmp_write_mirroring(void *buf, size_t size, const struct bmp_peer_spec *p, int info,
    const void *bgp, size_t bgp_len)
{
	struct writer w = bmp_write_begin(buf, size, 3, BMP_ROUTE_MIRRORING, p);

	if (info >= 0) {
		wr_u16(&w, BMP_MIRROR_INFO);
		wr_u16(&w, 2);
		wr_u16(&w, (uint16_t)info);
	}
	if (bgp_len > 0) /* the message is the last one (RFC 7854 4.7) */
		bmp_put_tlv(&w, BMP_MIRROR_MESSAGE, bgp, bgp_len);
	return bmp_write_finish(&w);
}

/* The length of a value: as registered, unless the caller knows better. */
static unsigned
stat_length(const struct bmp_stat_spec *st)
{
	const struct bmp_stat_info *info = bmp_stat_info(st->type);

	if (st->len != 0)
		return st->len;
	return st->per_family ? 11 : info != NULL ? info->len : 4;
}

void
bmp_put_stats(struct writer *w, const struct bmp_stat_spec *stats, unsigned n)
{
	wr_u32(w, n);
	for (unsigned i = 0; i < n; i++) {
		const struct bmp_stat_spec *st = &stats[i];
		unsigned len = stat_length(st);

		wr_u16(w, (uint16_t)(st->type | (st->pen != 0 ? BMP_V4_ENTERPRISE_BIT : 0)));
		wr_u16(w, (uint16_t)(len + (st->pen != 0 ? 4 : 0)));
		if (st->pen != 0)
			wr_u32(w, st->pen);
		if (len == 11) {
			wr_u16(w, st->family.afi);
			wr_u8(w, st->family.safi);
			len = 8;
		}
		for (unsigned octet = len; octet > 0; octet--)
			wr_u8(w, (uint8_t)(octet > 8 ? 0 : st->value >> 8 * (octet - 1)));
	}
}

size_t
bmp_write_statistics(void *buf, size_t size, const struct bmp_peer_spec *p,
    const struct bmp_stat_spec *stats, unsigned n)
{
	struct writer w = bmp_write_begin(buf, size, 3, BMP_STATISTICS, p);

	bmp_put_stats(&w, stats, n);
	return bmp_write_finish(&w);
}
