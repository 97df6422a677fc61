#include "parsers/bgp/capability_table.h"
#include "parsers/bgp/open.h"

/* false: the value is not what the row asks for, and counts for nothing. */
static bool
parse_capability(struct bgp_open *o, uint8_t code, struct cursor value)
{
	const struct capability_row *row = capability_row(code);

	if (!capability_length_fits(row, cur_left(&value)) ||
	    (row->parse != NULL && !row->parse(o, value)))
		return false;
	if (row->flag != 0)
		*(bool *)((char *)o + row->flag) = true;
	return true;
}

void
bgp_open_parse(struct cursor body, struct bgp_open *o, struct faults *f)
{
	const uint8_t *start = body.pos;
	struct bgp_open_parts parts;
	struct bgp_open_item item;
	bool whole;

	memset(o, 0, sizeof(*o));
	o->role = BGP_ROLE_NONE;
	o->fqdn_host = o->software = cur_of(start, 0);
	if (cur_left(&body) == 0) {
		o->empty = true;
		return;
	}
	whole = bgp_open_split(body, &parts);
	o->version = parts.version;
	o->as = o->my_as = parts.my_as;
	o->hold_time_s = parts.hold_time_s;
	if (cur_left(&parts.bgp_id) == 4)
		memcpy(o->bgp_id, parts.bgp_id.pos, 4);
	if (!whole)
		fault_add(f, FAULT_OPEN, 0, (size_t)(body.end - start));
	if (parts.overrun)
		fault_add(f, FAULT_OPEN, 0, 9);
	while (bgp_open_next(&parts.walk, &item)) {
		size_t at = (size_t)(item.at - start);

		if (item.kind == OPEN_CUT)
			fault_add(f, FAULT_OPEN, item.code, at);
		if (item.kind != OPEN_CAPABILITY)
			continue;
		o->caps_seen[item.code / 32] |= 1U << (item.code % 32);
		if (!parse_capability(o, item.code, item.value))
			fault_add(f, FAULT_CAPABILITY, item.code, at);
	}
}
