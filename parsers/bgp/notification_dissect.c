/*
 * NOTIFICATION dissected: the error by name, and its data by what the error defines (RFC 4271
 * 6, RFC 4486, RFC 5492 5, RFC 7313 5, RFC 8538, RFC 9003). Data of another shape are shown in hex.
 */
#include "parsers/bgp/dissect.h"
#include "parsers/bgp/message.h"
#include "parsers/bgp/notification.h"
#include "parsers/wire/tlv.h"

/* Dissects data, which are not empty, into the group that is open. */
typedef void data_fn(struct field_sink *, struct cursor);

/* Length, text (RFC 9003 2). Where they do not fit each other: as hex. */
static void
dissect_shutdown(struct field_sink *to, struct cursor data)
{
	struct cursor whole = data, text = cur_sub(&data, cur_u8(&data));

	if (data.failed) {
		field_hex(to, "data", whole);
		return;
	}
	tlv_dissect_string(to, "shutdown_communication", text);
	dissect_rest(to, "data", data);
}

/* Family, limit (RFC 4486 4) */
static void
dissect_max_prefixes(struct field_sink *to, struct cursor data)
{
	struct bgp_family family;

	if (cur_left(&data) != 7) {
		field_hex(to, "data", data);
		return;
	}
	family.afi = cur_u16(&data);
	family.safi = cur_u8(&data);
	bgp_family_dissect(to, family);
	field_number(to, "max_prefixes", cur_u32(&data));
}

static void
dissect_bad_length(struct field_sink *to, struct cursor data)
{
	if (cur_left(&data) == 2)
		field_number(to, "message_length", cur_u16(&data));
	else
		field_hex(to, "data", data);
}

static void
dissect_bad_type(struct field_sink *to, struct cursor data)
{
	if (cur_left(&data) == 1)
		field_number(to, "message_type", cur_u8(&data));
	else
		field_hex(to, "data", data);
}

static void
dissect_version(struct field_sink *to, struct cursor data)
{
	if (cur_left(&data) == 2)
		field_number(to, "supported_version", cur_u16(&data));
	else
		field_hex(to, "data", data);
}

/* The attribute that is wrong, whole (RFC 4271 6.3). How AS numbers were encoded is not known here:
 * four octets where they can be. */
static void
dissect_attribute(struct field_sink *to, struct cursor data)
{
	static const struct bgp_encoding encoding = { .as4 = true };
	struct cursor r = data;
	uint8_t flags = cur_u8(&r);

	cur_u8(&r);
	cur_take(&r, flags & ATTR_EXTENDED ? cur_u16(&r) : cur_u8(&r));
	if (r.failed || cur_left(&r) > 0) {
		field_hex(to, "data", data);
		return;
	}
	field_group(to, "attribute");
	bgp_attrs_dissect(to, data, &encoding);
	field_group_end(to);
}

static void
dissect_missing(struct field_sink *to, struct cursor data)
{
	const char *name = bgp_attr_name(data.pos[0]);

	if (cur_left(&data) == 1 && name != NULL)
		field_text(to, "missing_attribute", name);
	else
		field_hex(to, "data", data);
}

/* The ROUTE-REFRESH that was too short or too long, whole (RFC 7313 5) */
static void
dissect_refresh(struct field_sink *to, struct cursor data)
{
	struct faults f = { .n = 0 };
	struct cursor r = data, body;
	size_t total;

	if (bgp_message(&r, &body, &total, &f) != BGP_ROUTE_REFRESH || cur_left(&r) > 0) {
		field_hex(to, "data", data);
		return;
	}
	field_group(to, "message");
	bgp_refresh_dissect(to, body);
	field_group_end(to);
}

static const struct {
	uint8_t code, subcode;
	data_fn *dissect;
} known[] = {
	{ NOTIFY_HEADER, HEADER_ERROR_LENGTH, dissect_bad_length },
	{ NOTIFY_HEADER, HEADER_ERROR_TYPE, dissect_bad_type },
	{ NOTIFY_OPEN, OPEN_ERROR_VERSION, dissect_version },
	{ NOTIFY_OPEN, OPEN_ERROR_CAPABILITY, bgp_capabilities_dissect },
	{ NOTIFY_UPDATE, UPDATE_ERROR_UNKNOWN, dissect_attribute },
	{ NOTIFY_UPDATE, UPDATE_ERROR_MISSING, dissect_missing },
	{ NOTIFY_UPDATE, UPDATE_ERROR_FLAGS, dissect_attribute },
	{ NOTIFY_UPDATE, UPDATE_ERROR_LENGTH, dissect_attribute },
	{ NOTIFY_UPDATE, UPDATE_ERROR_ORIGIN, dissect_attribute },
	{ NOTIFY_UPDATE, UPDATE_ERROR_NEXT_HOP, dissect_attribute },
	{ NOTIFY_UPDATE, UPDATE_ERROR_OPTIONAL, dissect_attribute },
	{ NOTIFY_CEASE, CEASE_MAX_PREFIXES, dissect_max_prefixes },
	{ NOTIFY_CEASE, CEASE_SHUTDOWN, dissect_shutdown },
	{ NOTIFY_CEASE, CEASE_RESET, dissect_shutdown },
	{ NOTIFY_REFRESH, REFRESH_ERROR_LENGTH, dissect_refresh },
};

/* inner: a notification within a hard reset, which holds no further one (RFC 8538 3). */
static void
dissect_notification(struct field_sink *to, struct cursor body, bool inner)
{
	struct cursor whole = body;
	uint8_t code = cur_u8(&body), subcode = cur_u8(&body);
	char name[96];

	if (body.failed) {
		dissect_rest(to, "cut", whole);
		return;
	}
	field_text(to, "error", bgp_notification_name(code, subcode, name, sizeof(name)));
	field_number(to, "code", code);
	field_number(to, "subcode", subcode);
	if (cur_left(&body) == 0)
		return;
	if (code == NOTIFY_CEASE && subcode == CEASE_HARD_RESET && !inner) {
		field_group(to, "hard_reset");
		dissect_notification(to, body, true);
		field_group_end(to);
		return;
	}
	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		if (known[i].code == code && known[i].subcode == subcode) {
			known[i].dissect(to, body);
			return;
		}
	field_hex(to, "data", body);
}

void
bgp_notification_dissect(struct field_sink *to, struct cursor body)
{
	dissect_notification(to, body, false);
}
