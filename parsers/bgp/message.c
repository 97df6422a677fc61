#include "parsers/bgp/message.h"

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

const char *
bgp_type_name(unsigned type)
{
	static const char *const names[] = { NULL, "open", "update", "notification", "keepalive",
		"route_refresh" };

	return type < sizeof(names) / sizeof(names[0]) ? names[type] : NULL;
}
