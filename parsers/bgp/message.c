#include "parsers/bgp/message.h"

#include "parsers/bgp/notification.h"
#include "parsers/wire/tlv.h"

const uint8_t bgp_marker[BGP_MARKER_LEN] = { 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255,
	255, 255, 255, 255, 255 };

unsigned
bgp_message(struct cursor *r, struct cursor *body, size_t *total, struct faults *f)
{
	const uint8_t *start = r->pos, *marker = cur_take(r, BGP_MARKER_LEN);
	uint16_t len = cur_u16(r);
	uint8_t type = cur_u8(r);

	*body = cur_of(r->end, 0);
	*total = 0;
	if (r->failed || len < BGP_HEADER_LEN || len - (size_t)BGP_HEADER_LEN > cur_left(r)) {
		fault_add(f, FAULT_BGP_LENGTH, len, BGP_MARKER_LEN);
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
	*body = cur_sub(r, len - (size_t)BGP_HEADER_LEN);
	*total = (size_t)(r->pos - start);
	return type;
}

/* A request to refresh a family may carry filters (RFC 5291 4), but not the marks of where a
 * refresh begins and ends (RFC 7313 5). */
static void
check_refresh(struct cursor body, struct faults *f)
{
	enum { SUBTYPE_AT = 2, REFRESH_LEN = 4, BEGIN_OF_RR = 1, END_OF_RR = 2 };
	const uint8_t *start = body.pos;
	struct tlv orf;
	uint8_t subtype;

	if (cur_left(&body) < REFRESH_LEN) {
		fault_add(f, FAULT_REFRESH, BGP_ROUTE_REFRESH, cur_left(&body));
		return;
	}
	subtype = start[SUBTYPE_AT];
	cur_take(&body, REFRESH_LEN);
	if (cur_left(&body) == 0)
		return;
	if (subtype == BEGIN_OF_RR || subtype == END_OF_RR) {
		fault_add(f, FAULT_REFRESH, BGP_ROUTE_REFRESH, REFRESH_LEN);
		return;
	}
	cur_u8(&body); /* when to refresh */
	orf.at = body.pos;
	while (tlv_next(&body, TLV_1_2, &orf)) {
	}
	if (body.failed)
		fault_add(f, FAULT_REFRESH, BGP_ROUTE_REFRESH, (size_t)(orf.at - start));
}

void
bgp_message_check(unsigned type, struct cursor body, struct faults *f)
{
	struct bgp_notification ignored;

	if (type == BGP_KEEPALIVE && cur_left(&body) > 0)
		fault_add(f, FAULT_KEEPALIVE, type, 0);
	else if (type == BGP_NOTIFICATION)
		bgp_notification_parse(body, &ignored, f);
	else if (type == BGP_ROUTE_REFRESH)
		check_refresh(body, f);
}

const char *
bgp_type_name(unsigned type)
{
	static const char *const names[] = { NULL, "open", "update", "notification", "keepalive",
		"route_refresh" };

	return type < sizeof(names) / sizeof(names[0]) ? names[type] : NULL;
}
