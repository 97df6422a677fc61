/*
 * NOTIFICATION told: the error by name, and its data as what the error says they are (RFC 4271 6,
 * RFC 4486, RFC 5492 5, RFC 7313 5, RFC 8538, RFC 9003). Data of another shape are told as hex.
 */
#include "parsers/bgp/attr/attr.h"
#include "parsers/bgp/dissect.h"

/* Tells data, which are not empty, into the group that is open. */
typedef void data_fn(struct tell *, struct cursor);

/* Length, text (RFC 9003 2). Where they do not fit each other: as hex. */
static void
tell_shutdown(struct tell *t, struct cursor data)
{
	struct cursor whole = data, text = cur_sub(&data, cur_u8(&data));

	if (data.failed) {
		tell_hex(t, "data", whole);
		return;
	}
	tlv_tell_string(t, "shutdown_communication", text);
	tell_rest(t, "data", data);
}

/* Family, limit (RFC 4486 4) */
static void
tell_max_prefixes(struct tell *t, struct cursor data)
{
	struct bgp_family family;
	char buf[32];

	if (cur_left(&data) != 7) {
		tell_hex(t, "data", data);
		return;
	}
	family.afi = cur_u16(&data);
	family.safi = cur_u8(&data);
	tell_text(t, "family", bgp_family_name(family, buf, sizeof(buf)));
	tell_number(t, "max_prefixes", cur_u32(&data));
}

static void
tell_bad_length(struct tell *t, struct cursor data)
{
	if (cur_left(&data) == 2)
		tell_number(t, "message_length", cur_u16(&data));
	else
		tell_hex(t, "data", data);
}

static void
tell_bad_type(struct tell *t, struct cursor data)
{
	if (cur_left(&data) == 1)
		tell_number(t, "message_type", cur_u8(&data));
	else
		tell_hex(t, "data", data);
}

static void
tell_version(struct tell *t, struct cursor data)
{
	if (cur_left(&data) == 2)
		tell_number(t, "supported_version", cur_u16(&data));
	else
		tell_hex(t, "data", data);
}

/* The attribute that is wrong, whole (RFC 4271 6.3). How AS numbers were encoded is not known here:
 * four octets where they can be. */
static void
tell_attribute(struct tell *t, struct cursor data)
{
	static const struct bgp_context ctx = { .as4 = true };
	struct cursor r = data;
	uint8_t flags = cur_u8(&r);

	cur_u8(&r);
	cur_take(&r, flags & ATTR_EXTENDED ? cur_u16(&r) : cur_u8(&r));
	if (r.failed || cur_left(&r) > 0) {
		tell_hex(t, "data", data);
		return;
	}
	tell_open(t, "attribute");
	attr_tell_field(t, data, &ctx, NULL, false);
	tell_close(t);
}

static void
tell_missing(struct tell *t, struct cursor data)
{
	const char *name = bgp_attr_name(data.pos[0]);

	if (cur_left(&data) == 1 && name != NULL)
		tell_text(t, "missing_attribute", name);
	else
		tell_hex(t, "data", data);
}

/* The ROUTE-REFRESH that was too short or too long, whole (RFC 7313 5) */
static void
tell_refresh(struct tell *t, struct cursor data)
{
	struct faults f = { .n = 0 };
	struct cursor r = data, body;
	size_t total;

	if (bgp_message(&r, &body, &total, &f) != BGP_ROUTE_REFRESH || cur_left(&r) > 0) {
		tell_hex(t, "data", data);
		return;
	}
	tell_open(t, "message");
	bgp_refresh_tell(t, body);
	tell_close(t);
}

static const struct {
	uint8_t code, subcode;
	data_fn *tell;
} known[] = {
	{ 1, 2, tell_bad_length },
	{ 1, 3, tell_bad_type },
	{ 2, 1, tell_version },
	{ 2, 7, open_tell_capabilities },
	{ 3, 2, tell_attribute },
	{ 3, 3, tell_missing },
	{ 3, 4, tell_attribute },
	{ 3, 5, tell_attribute },
	{ 3, 6, tell_attribute },
	{ 3, 8, tell_attribute },
	{ 3, 9, tell_attribute },
	{ 6, 1, tell_max_prefixes },
	{ 6, 2, tell_shutdown },
	{ 6, 4, tell_shutdown },
	{ 7, 1, tell_refresh },
};

enum { CEASE = 6, HARD_RESET = 9 };

/* inner: a notification within a hard reset, which holds no further one (RFC 8538 3). */
static void
tell_notification(struct tell *t, struct cursor body, bool inner)
{
	struct cursor whole = body;
	uint8_t code = cur_u8(&body), subcode = cur_u8(&body);
	char name[96];

	if (body.failed) {
		tell_rest(t, "cut", whole);
		return;
	}
	tell_text(t, "error", bgp_notification_name(code, subcode, name, sizeof(name)));
	tell_number(t, "code", code);
	tell_number(t, "subcode", subcode);
	if (cur_left(&body) == 0)
		return;
	if (code == CEASE && subcode == HARD_RESET && !inner) {
		tell_open(t, "hard_reset");
		tell_notification(t, body, true);
		tell_close(t);
		return;
	}
	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		if (known[i].code == code && known[i].subcode == subcode) {
			known[i].tell(t, body);
			return;
		}
	tell_hex(t, "data", body);
}

void
bgp_notification_tell(struct tell *t, struct cursor body)
{
	tell_notification(t, body, false);
}
