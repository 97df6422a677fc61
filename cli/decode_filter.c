#include "cli/decode_filter.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "parsers/nlri.h"

bool
decode_filter_types(struct decode_filter *f, const char *names)
{
	while (*names != '\0') {
		size_t n = strcspn(names, ",");
		unsigned type = 0;

		while (type <= BMP_TYPES && (strlen(bmp_type_name(type)) != n ||
						strncmp(bmp_type_name(type), names, n) != 0))
			type++;
		if (type > BMP_TYPES) {
			fprintf(stderr, "bellman: \"%.*s\" is no message type; they are:", (int)n,
			    names);
			for (type = 0; type <= BMP_TYPES; type++)
				fprintf(stderr, " %s", bmp_type_name(type));
			fputc('\n', stderr);
			return false;
		}
		f->types |= 1U << type;
		names += n;
		names += *names == ',';
	}
	return true;
}

bool
decode_filter_peer(struct decode_filter *f, const char *text)
{
	char *end;

	if (ip_addr_parse(text, &f->peer)) {
		f->has_peer = true;
	} else if (strncmp(text, "AS", 2) == 0 || strncmp(text, "as", 2) == 0) {
		unsigned long long as = strtoull(text + 2, &end, 10);

		f->as = (uint32_t)as;
		f->has_as = text[2] >= '0' && text[2] <= '9' && *end == '\0' && as <= UINT32_MAX;
	} else if (strchr(text, ':') != NULL) {
		text_copy(f->distinguisher, sizeof(f->distinguisher), text);
	}
	if (f->has_peer || f->has_as || f->distinguisher[0] != '\0')
		return true;
	fprintf(stderr,
	    "bellman: \"%s\" is no peer: an address, AS64500, or a distinguisher as 64500:100\n",
	    text);
	return false;
}

bool
decode_filter_prefix(struct decode_filter *f, const char *text)
{
	f->has_prefix = ip_prefix_parse(text, false, &f->prefix);
	if (!f->has_prefix)
		fprintf(stderr, "bellman: \"%s\" is no prefix, as 203.0.113.0/24\n", text);
	return f->has_prefix;
}

static bool
field_has(const struct decode_filter *f, struct rd field, struct bgp_family family,
    struct bgp_nlri_how how)
{
	struct faults ignored = { .n = 0 };
	struct bgp_nlri_any n;
	struct ip_prefix p;

	while (bgp_nlri_any_next(&field, family, how, field.pos, &n, &ignored)) {
		if (!n.has_prefix)
			continue;
		ip_prefix_make(&p, n.v6 ? IP_V6 : IP_V4, n.addr, n.len);
		if (ip_prefix_covers(&f->prefix, &p))
			return true;
	}
	return false;
}

bool
decode_filter_update(const struct decode_filter *f, const struct bmp_update *u)
{
	static const struct bgp_family v4 = { AFI_IPV4, SAFI_UNICAST };
	const struct bgp_update *b = u->bgp;
	const struct bgp_nlri_how classic = { .path_ids = u->addpath_classic },
				  reach = { .path_ids = u->addpath_reach,
					  .labels = u->labels_reach },
				  unreach = { .path_ids = u->addpath_unreach, .withdraw = true };

	if (!f->has_prefix)
		return true;
	return field_has(f, b->withdrawn, v4, classic) || field_has(f, b->nlri, v4, classic) ||
	       (b->reach.present && field_has(f, b->reach.nlri, b->reach.family, reach)) ||
	       (b->unreach.present && field_has(f, b->unreach.nlri, b->unreach.family, unreach));
}

bool
decode_filter_message(const struct decode_filter *f, const struct bmp_msg *m)
{
	unsigned type = m->type < BMP_TYPES ? m->type : BMP_TYPES;
	struct ip_addr a;
	char text[32];

	if (f->types != 0 && !(f->types >> type & 1))
		return false;
	if (!f->has_peer && !f->has_as && f->distinguisher[0] == '\0')
		return true;
	if (!m->has_peer)
		return false;
	a = bmp_peer_is_v6(&m->peer) ? ip_addr_v6(m->peer.address)
				     : ip_addr_v4(m->peer.address + 12);
	return (!f->has_peer || ip_addr_equal(&a, &f->peer)) &&
	       (!f->has_as || m->peer.as == f->as) &&
	       (f->distinguisher[0] == '\0' ||
		   strcmp(bmp_distinguisher_format(m->peer.distinguisher, text, sizeof(text)),
		       f->distinguisher) == 0);
}
