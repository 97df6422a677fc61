/* Answers what an OPEN says, and walks over its octets for the parser and the dissector. */
#include "parsers/bgp/open.h"

#include "parsers/wire/tlv.h"

enum { PARAM_CAPABILITIES = 2, PARAM_EXTENDED = 255 };

bool
bgp_open_has_family(const struct bgp_open *o, struct bgp_family family)
{
	for (unsigned i = 0; i < o->families_n; i++)
		if (bgp_family_equal(o->families[i], family))
			return true;
	return o->families_n == 0 && bgp_family_equal(family, BGP_IPV4_UNICAST);
}

uint8_t
bgp_open_addpath(const struct bgp_open *o, struct bgp_family family)
{
	for (unsigned i = 0; i < o->addpaths_n; i++)
		if (bgp_family_equal(o->addpaths[i].family, family))
			return o->addpaths[i].mode;
	return 0;
}

uint8_t
bgp_open_labels(const struct bgp_open *o, struct bgp_family family)
{
	for (unsigned i = 0; i < o->labels_n; i++)
		if (bgp_family_equal(o->labels[i].family, family))
			return o->labels[i].count;
	return 1;
}

const char *
bgp_role_name(uint8_t role)
{
	static const char *const names[] = { "provider", "rs", "rs-client", "customer", "peer" };

	return role < sizeof(names) / sizeof(names[0]) ? names[role]
	       : role == BGP_ROLE_NONE		       ? "none"
						       : "unknown";
}

/* --- the octets */

bool
bgp_open_split(struct cursor body, struct bgp_open_parts *p)
{
	uint8_t length;
	bool extended;

	p->version = cur_u8(&body);
	p->my_as = cur_u16(&body);
	p->hold_time_s = cur_u16(&body);
	p->bgp_id = cur_sub(&body, 4);
	p->from_length = body;
	length = cur_u8(&body);
	p->walk = (struct bgp_open_walk){ .parameters = cur_of(body.end, 0),
		.capabilities = cur_of(body.end, 0) };
	p->trailing = p->walk.parameters;
	p->overrun = false;
	if (body.failed)
		return false;
	/* RFC 9072 2: the first parameter type shows the extended form, whatever the first length
	 * says */
	extended = length != 0 && cur_left(&body) >= 3 && body.pos[0] == PARAM_EXTENDED;
	if (extended)
		cur_u8(&body);
	p->walk.extended = extended;
	p->walk.parameters = cur_sub(&body, extended ? cur_u16(&body) : length);
	p->overrun = body.failed;
	p->trailing = body;
	return true;
}

bool
bgp_open_next(struct bgp_open_walk *w, struct bgp_open_item *item)
{
	for (;;) {
		bool inner = cur_left(&w->capabilities) > 0;
		struct cursor *r = inner ? &w->capabilities : &w->parameters;
		struct tlv t;

		if (cur_left(r) == 0)
			return false;
		item->kind = inner ? OPEN_CAPABILITY : OPEN_PARAMETER;
		if (!tlv_next(r, w->extended && !inner ? TLV_1_2 : TLV_1_1, &t)) {
			item->kind = OPEN_CUT;
			t.value = cur_of(t.at, (size_t)(r->end - t.at));
		} else if (!inner && t.type == PARAM_CAPABILITIES) {
			w->capabilities = t.value;
			continue;
		}
		item->code = (uint8_t)t.type;
		item->value = t.value;
		item->at = t.at;
		return true;
	}
}
