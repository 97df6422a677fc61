#include "cli/decode/filter.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "base/pure/text.h"
#include "cli/cli.h"
#include "parsers/bgp/message.h"
#include "parsers/bgp/nlri/nlri.h"

/* --- what is asked for */

/* Those of BMP, then those of BGP; NULL past the last. */
static const char *
type_name(unsigned i)
{
	return i <= BMP_TYPES ? bmp_type_name(i) : bgp_type_name(i - BMP_TYPES);
}

static bool
no_type(const char *name, size_t n)
{
	char all[256] = "";

	for (unsigned i = 0; type_name(i) != NULL; i++) {
		size_t at = strlen(all);

		snprintf(all + at, sizeof(all) - at, "%s%s", at > 0 ? ", " : "", type_name(i));
	}
	if (n == 0)
		cli_wrong("decode", "--type has an empty name in it; there are %s", all);
	else
		cli_wrong("decode", "\"%.*s\" is no message type; there are %s", (int)n, name, all);
	return false;
}

bool
decode_filter_types(struct decode_filter *f, const char *names)
{
	for (;;) {
		size_t n = strcspn(names, ",");
		unsigned i = 0;

		while (type_name(i) != NULL &&
		       (strlen(type_name(i)) != n || strncmp(type_name(i), names, n) != 0))
			i++;
		if (type_name(i) == NULL)
			return no_type(names, n);
		if (i <= BMP_TYPES)
			f->types |= 1U << i;
		else
			f->mirrored |= 1U << (i - BMP_TYPES); /* BGP counts from 1 */
		if (names[n] == '\0')
			return true;
		names += n + 1;
	}
}

/* An IPv4-mapped address means the IPv4 peer. */
static bool
parse_address(struct decode_filter *f, const char *text)
{
	static const uint8_t mapped[12] = { [10] = 0xff, [11] = 0xff };

	if (!ip_addr_parse(text, &f->peer))
		return false;
	if (f->peer.family == IP_V6 && memcmp(f->peer.b, mapped, sizeof(mapped)) == 0)
		f->peer = ip_addr_v4(f->peer.b + sizeof(mapped));
	return true;
}

static bool
is_distinguisher(const char *text)
{
	const char *colon = strchr(text, ':');
	unsigned long long n;
	struct ip_addr a;
	char left[16];

	if (strncmp(text, "0x", 2) == 0)
		return strlen(text) == 18 && strspn(text + 2, "0123456789abcdef") == 16;
	if (colon == NULL || (size_t)(colon - text) >= sizeof(left))
		return false;
	memcpy(left, text, (size_t)(colon - text));
	left[colon - text] = '\0';
	return cli_number(colon + 1, 0, UINT32_MAX, &n) &&
	       (cli_number(left, 0, UINT32_MAX, &n) || ip_addr_parse(left, &a));
}

bool
decode_filter_peer(struct decode_filter *f, const char *text)
{
	bool as = strncasecmp(text, "AS", 2) == 0;
	unsigned long long n;

	if (parse_address(f, text)) {
		f->has_peer = true;
	} else if (cli_number(as ? text + 2 : text, 0, UINT32_MAX, &n)) {
		f->has_as = true;
		f->as = (uint32_t)n;
	} else if (is_distinguisher(text) && strlen(text) < sizeof(f->distinguisher)) {
		text_copy(f->distinguisher, sizeof(f->distinguisher), text);
	} else {
		cli_wrong("decode",
		    "\"%s\" is no peer: an address, AS64500, or a distinguisher as 64500:100",
		    text);
		return false;
	}
	return true;
}

bool
decode_filter_peer_given(const struct decode_filter *f)
{
	return f->has_peer || f->has_as || f->distinguisher[0] != '\0';
}

bool
decode_filter_chooses(const struct decode_filter *f)
{
	return decode_filter_peer_given(f) || f->has_prefix || f->types != 0 || f->mirrored != 0;
}

bool
decode_filter_prefix(struct decode_filter *f, const char *text)
{
	struct ip_addr a;

	f->has_prefix = ip_prefix_parse(text, false, &f->prefix);
	f->covering = ip_addr_parse(text, &a);
	if (!f->has_prefix)
		cli_wrong("decode", "\"%s\" is neither a prefix, as 203.0.113.0/24, nor an address",
		    text);
	return f->has_prefix;
}

/* --- what is there */

bool
decode_filter_nlri(const struct decode_filter *f, const struct bgp_nlri *n)
{
	if (!f->has_prefix)
		return true;
	return n->prefix.family != IP_NONE &&
	       (f->covering ? ip_prefix_covers(&n->prefix, &f->prefix)
			    : ip_prefix_covers(&f->prefix, &n->prefix));
}

static bool
field_has(const struct decode_filter *f, struct bgp_nlri_field *field)
{
	struct faults ignored = { .n = 0 };
	struct cursor *r = &field->nlri;
	struct bgp_nlri n;

	while (bgp_nlri_next(r, field->family, field->encoding, r->pos, &n, &ignored))
		if (decode_filter_nlri(f, &n))
			return true;
	return false;
}

bool
decode_filter_update(const struct decode_filter *f, const struct bmp_update *u)
{
	struct bgp_nlri_field fields[BGP_UPDATE_FIELDS];
	unsigned n;

	if (!f->has_prefix)
		return true;
	n = bgp_update_fields(u->bgp, &u->context.encoding, fields);
	for (unsigned i = 0; i < n; i++)
		if (field_has(f, &fields[i]))
			return true;
	return false;
}

bool
decode_filter_is_peer(const struct decode_filter *f, const struct ip_addr *address, uint32_t as,
    const uint8_t distinguisher[8])
{
	char text[BGP_RD_TEXT_MAX];

	return (!f->has_peer || ip_addr_equal(address, &f->peer)) && (!f->has_as || as == f->as) &&
	       (f->distinguisher[0] == '\0' ||
		   strcmp(bgp_rd_format(distinguisher, text), f->distinguisher) == 0);
}

bool
decode_filter_message(const struct decode_filter *f, const struct bmp_msg *m, uint32_t mirrored)
{
	unsigned type = m->type < BMP_TYPES ? m->type : BMP_TYPES;

	if ((f->types | f->mirrored) != 0 && !(f->types >> type & 1) && !(f->mirrored & mirrored))
		return false;
	if (!decode_filter_peer_given(f))
		return true;
	if (!m->has_peer)
		return false;
	return decode_filter_is_peer(f, &m->peer.address, m->peer.as, m->peer.distinguisher);
}
