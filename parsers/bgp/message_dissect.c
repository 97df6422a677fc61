/* A BGP message of any type dissected: its header, and its body by the file of its type. */
#include "parsers/bgp/dissect.h"
#include "parsers/bgp/message.h"
#include "parsers/wire/tlv.h"

void
bgp_message_dissect(
    struct field_sink *to, struct cursor message, const struct bgp_encoding *encoding)
{
	struct faults f = { .n = 0 };
	struct cursor whole = message, body;
	size_t total;
	unsigned type = bgp_message(&message, &body, &total, &f);
	const char *name = bgp_type_name(type);
	char buf[8];

	if (type == 0) {
		dissect_rest(to, "octets", whole);
		return;
	}
	field_text(to, "type", name != NULL ? name : code_name(NULL, 0, type, buf, sizeof(buf)));
	field_number(to, "length", total);
	if (type == BGP_OPEN)
		bgp_open_dissect(to, body);
	else if (type == BGP_UPDATE)
		bgp_update_dissect(to, body, encoding);
	else if (type == BGP_NOTIFICATION)
		bgp_notification_dissect(to, body);
	else if (type == BGP_ROUTE_REFRESH)
		bgp_refresh_dissect(to, body);
	else
		dissect_rest(to, "octets", body);
	dissect_rest(to, "after_message", message);
}
