/* TLVs of version 4, one after the other, whatever they hold. */
#include "parsers/bmp/v4_revision.h"

#include "parsers/bgp/message.h"

bool
bmp_v4_tlv_next(
    struct cursor *r, const uint8_t *start, bool indexed, struct bmp_v4_tlv *tlv, struct faults *f)
{
	size_t at = (size_t)(r->pos - start);
	uint16_t len;

	if (cur_left(r) == 0)
		return false;
	tlv->type = cur_u16(r);
	len = cur_u16(r);
	tlv->index = indexed ? cur_u16(r) : 0; /* not counted in the length (4.3) */
	tlv->value = cur_sub(r, len);
	tlv->enterprise = tlv->type != UINT16_MAX && (tlv->type & BMP_V4_ENTERPRISE_BIT);
	tlv->pen = 0;
	if (tlv->enterprise) {
		struct cursor whole = tlv->value;

		tlv->type &= (uint16_t)~BMP_V4_ENTERPRISE_BIT;
		tlv->pen = cur_u32(&tlv->value);
		if (tlv->value.failed && !r->failed) { /* too short: kept as it is */
			tlv->value = whole;
			fault_add(f, FAULT_BMP_TLV, tlv->type, at);
		}
	}
	if (r->failed)
		fault_add(f, FAULT_BMP_TLV, tlv->type, at);
	return !r->failed;
}

bool
bmp_v4_has_marker(struct cursor r)
{
	const uint8_t *at = cur_take(&r, sizeof(bgp_marker));

	return at != NULL && memcmp(at, bgp_marker, sizeof(bgp_marker)) == 0;
}
