#include "parsers/bgp/notification.h"

#include <stdio.h>

bool
bgp_notification_parse(struct cursor body, struct bgp_notification *n, struct faults *f)
{
	memset(n, 0, sizeof(*n));
	n->code = cur_u8(&body);
	n->subcode = cur_u8(&body);
	n->data = n->text = cur_of(body.end, 0);
	if (body.failed) {
		fault_add(f, FAULT_NOTIFICATION, 0, 0);
		return false;
	}
	n->data = body;
	if (n->code == NOTIFY_CEASE &&
	    (n->subcode == CEASE_SHUTDOWN || n->subcode == CEASE_RESET) && cur_left(&body) > 0) {
		n->text = cur_sub(&body, cur_u8(&body));
		if (body.failed) /* RFC 9003 2: it is logged as it is */
			fault_add(f, FAULT_SHUTDOWN, n->subcode, 2);
	}
	return true;
}

static const char *
code_name_of(uint8_t code)
{
#define CASE(id, number, name)                                                                     \
	case id:                                                                                   \
		return name;
	switch (code) {
		BGP_NOTIFICATION_MAP(CASE)
	default:
		return NULL;
	}
#undef CASE
}

static const char *
subcode_name_of(uint8_t code, uint8_t subcode)
{
#define CASE(code, id, number, name)                                                               \
	case code << 8 | id:                                                                       \
		return name;
	switch (code << 8 | subcode) {
		BGP_NOTIFICATION_SUBCODE_MAP(CASE)
	default:
		return NULL;
	}
#undef CASE
}

const char *
bgp_notification_name(uint8_t code, uint8_t subcode, char *buf, size_t size)
{
	const char *major = code_name_of(code);
	const char *minor = subcode_name_of(code, subcode);

	if (major == NULL)
		snprintf(buf, size, "code %u/%u", code, subcode);
	else if (minor != NULL)
		snprintf(buf, size, "%s/%s", major, minor);
	else if (subcode != 0)
		snprintf(buf, size, "%s/%u", major, subcode);
	else
		snprintf(buf, size, "%s", major);
	return buf;
}
