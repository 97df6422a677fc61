/* Dissects ROUTE-REFRESH and the filters it may carry (RFC 2918, RFC 7313, RFC 5291, RFC 5292). */
#include "parsers/bgp/dissect.h"
#include "parsers/wire/tlv.h"

enum { ORF_PREFIX_OLD = 128, ORF_PREFIX = 64 };

const char *
bgp_orf_type_name(uint8_t type, char *buf, size_t size)
{
	/* 2 to 4 of drafts, 128 to 131 of Cisco's before there was a standard */
	static const char *const names[] = { [2] = "communities",
		[3] = "extended_communities",
		[4] = "as_path",
		[ORF_PREFIX] = "address_prefix",
		[65] = "covering_prefixes",
		[ORF_PREFIX_OLD] = "address_prefix_old",
		[129] = "communities_old",
		[130] = "extended_communities_old",
		[131] = "as_path_old" };

	return code_name(names, sizeof(names) / sizeof(names[0]), type, buf, size);
}

/*
 * An address prefix entry: action and match, and unless everything is removed sequence 4, lengths,
 * and a prefix (RFC 5292 2). false: it cannot be read.
 */
static bool
dissect_prefix_entry(struct field_sink *to, struct cursor *r, bool v6)
{
	static const char *const actions[] = { "add", "remove" };
	uint8_t flags = cur_u8(r), min, max, len;
	uint32_t sequence;
	const uint8_t *prefix;
	char text[80];
	struct txt x = txt_of(text, sizeof(text));

	if (r->failed)
		return false;
	if (flags >> 6 >= 2) { /* 2; and 3 of FRR */
		txt_puts(&x, "remove_all");
		if (flags & 0x20) /* what else is set means nothing here, and is there */
			txt_puts(&x, " deny");
		if (flags & 0x1f)
			txt_putf(&x, " reserved 0x%02x", flags & 0x1f);
		field_text(to, NULL, text);
		return true;
	}
	sequence = cur_u32(r);
	min = cur_u8(r);
	max = cur_u8(r);
	len = cur_u8(r);
	prefix = cur_take(r, (len + 7U) / 8);
	if (r->failed || len > (v6 ? 128 : 32))
		return false;
	txt_prefix(&x, v6 ? IP_V6 : IP_V4, prefix, len);
	txt_putf(&x, " ge %u le %u", min, max);
	if (flags & 0x1f)
		txt_putf(&x, " reserved 0x%02x", flags & 0x1f);
	field_textf(to, NULL, "%s %u %s %s", actions[flags >> 6], sequence,
	    flags & 0x20 ? "deny" : "permit", text);
	return true;
}

static void
dissect_orf(struct field_sink *to, uint8_t type, struct cursor entries, uint16_t afi)
{
	char buf[8];

	field_group(to, NULL);
	field_text(to, "orf_type", bgp_orf_type_name(type, buf, sizeof(buf)));
	if ((type == ORF_PREFIX || type == ORF_PREFIX_OLD) &&
	    (afi == AFI_IPV4 || afi == AFI_IPV6)) {
		struct cursor before = entries;

		field_list(to, "entries");
		while (
		    cur_left(&entries) > 0 && dissect_prefix_entry(to, &entries, afi == AFI_IPV6))
			before = entries;
		field_list_end(to);
		dissect_rest(to, "cut", before);
	} else {
		field_hex(to, "entries", entries);
	}
	field_group_end(to);
}

void
bgp_refresh_dissect(struct field_sink *to, struct cursor body)
{
	static const char *const subtypes[] = { "request", "begin_of_rr", "end_of_rr" };
	static const char *const when[] = { NULL, "immediate", "defer" };
	struct cursor whole = body;
	uint16_t afi = cur_u16(&body);
	uint8_t subtype = cur_u8(&body), safi = cur_u8(&body);
	struct tlv orf;
	char buf[8];

	if (body.failed) {
		dissect_rest(to, "cut", whole);
		return;
	}
	bgp_family_dissect(to, (struct bgp_family){ afi, safi });
	field_text(to, "subtype", CODE_NAME(subtypes, subtype, buf));
	if (cur_left(&body) == 0)
		return;
	field_text(to, "when_to_refresh", CODE_NAME(when, cur_u8(&body), buf));
	field_list(to, "orfs");
	while (tlv_next(&body, TLV_1_2, &orf))
		dissect_orf(to, (uint8_t)orf.type, orf.value, afi);
	field_list_end(to);
	if (body.failed)
		field_hex(to, "cut", cur_of(orf.at, (size_t)(body.end - orf.at)));
}
