/*
 * OPEN dissected, in the order of its octets: every parameter and capability, also those that
 * repeat or have no name (RFC 4271 4.2, RFC 5492, RFC 9072).
 */
#include "parsers/bgp/capability_table.h"
#include "parsers/bgp/dissect.h"
#include "parsers/wire/tlv.h"

static void
dissect_capability(struct field_sink *to, uint8_t code, struct cursor value)
{
	const struct capability_row *row = capability_row(code);

	field_text(to, "capability", row->name);
	field_number(to, "code", code);
	if (row->dissect != NULL && capability_length_fits(row, cur_left(&value)))
		row->dissect(to, value);
	else
		dissect_rest(to, "octets", value);
}

/* One list of all capabilities, whichever parameters they came in; other parameters in between. */
static void
dissect_items(struct field_sink *to, struct bgp_open_walk *walk)
{
	struct bgp_open_item item;

	field_list(to, "capabilities");
	while (bgp_open_next(walk, &item)) {
		field_group(to, NULL);
		if (item.kind == OPEN_CAPABILITY) {
			dissect_capability(to, item.code, item.value);
		} else if (item.kind == OPEN_PARAMETER) {
			field_number(to, "parameter", item.code);
			field_hex(to, "octets", item.value);
		} else {
			field_hex(to, "cut", item.value);
		}
		field_group_end(to);
	}
	field_list_end(to);
}

void
bgp_capabilities_dissect(struct field_sink *to, struct cursor capabilities)
{
	struct bgp_open_walk walk = { .parameters = cur_of(capabilities.end, 0),
		.capabilities = capabilities };

	dissect_items(to, &walk);
}

void
bgp_open_dissect(struct field_sink *to, struct cursor body)
{
	struct bgp_open_parts parts;

	if (!bgp_open_split(body, &parts)) {
		dissect_rest(to, "cut", body);
		return;
	}
	field_number(to, "version", parts.version);
	field_number(to, "my_as", parts.my_as);
	field_number(to, "hold_time_s", parts.hold_time_s);
	tlv_dissect_address(to, "bgp_id", parts.bgp_id);
	if (parts.overrun) {
		field_hex(to, "cut", parts.from_length);
		return;
	}
	dissect_items(to, &parts.walk);
	dissect_rest(to, "trailing", parts.trailing);
}
