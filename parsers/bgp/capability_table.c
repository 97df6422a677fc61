#include "parsers/bgp/capability_table.h"

/* --- values: into struct bgp_open */

static bool
parse_mp(struct bgp_open *o, struct cursor v)
{
	struct bgp_family family;

	family.afi = cur_u16(&v);
	cur_u8(&v);
	family.safi = cur_u8(&v);
	for (unsigned i = 0; i < o->families_n; i++)
		if (bgp_family_equal(o->families[i], family))
			return true;
	if (o->families_n < BGP_FAMILIES_MAX)
		o->families[o->families_n++] = family;
	return true;
}

/* Families, each with a count of filters and two octets for each (RFC 5291 5). */
static bool
parse_orfs(struct bgp_open *o, struct cursor v)
{
	(void)o;
	while (cur_left(&v) > 0) {
		cur_take(&v, 4);
		cur_take(&v, 2U * cur_u8(&v));
	}
	return !v.failed;
}

/* A family and a count, again and again; a count below two says nothing, and a family that repeats
 * counts for nothing (RFC 8277 2.1). */
static bool
parse_labels(struct bgp_open *o, struct cursor v)
{
	while (cur_left(&v) > 0) {
		struct bgp_family family;
		uint8_t count;

		family.afi = cur_u16(&v);
		family.safi = cur_u8(&v);
		count = cur_u8(&v);
		if (count >= 2 && bgp_open_labels(o, family) == 1 && o->labels_n < BGP_TUPLES_MAX)
			o->labels[o->labels_n++] = (struct bgp_labels){ family, count };
	}
	return true;
}

static bool
parse_role(struct bgp_open *o, struct cursor v)
{
	uint8_t role = cur_u8(&v);

	if (o->role != BGP_ROLE_NONE && o->role != role)
		o->role_conflict = true;
	o->role = role;
	return true;
}

static bool
parse_as4(struct bgp_open *o, struct cursor v)
{
	o->as = cur_u32(&v);
	return true;
}

/* The last one of a family counts. */
static void
add_addpath(struct bgp_open *o, struct bgp_family family, uint8_t mode)
{
	for (unsigned i = 0; i < o->addpaths_n; i++) {
		if (bgp_family_equal(o->addpaths[i].family, family)) {
			o->addpaths[i].mode = mode;
			return;
		}
	}
	if (o->addpaths_n < BGP_FAMILIES_MAX)
		o->addpaths[o->addpaths_n++] = (struct bgp_addpath){ family, mode };
}

static bool
parse_addpath(struct bgp_open *o, struct cursor v)
{
	while (cur_left(&v) > 0) {
		struct bgp_family family;
		uint8_t mode;

		family.afi = cur_u16(&v);
		family.safi = cur_u8(&v);
		mode = cur_u8(&v);
		if (mode >= 1 && mode <= 3) /* others: to be ignored (RFC 7911 4) */
			add_addpath(o, family, mode);
	}
	return true;
}

/* Host and domain, a length each; some leave the domain out. */
static bool
parse_fqdn(struct bgp_open *o, struct cursor v)
{
	struct cursor host = cur_sub(&v, cur_u8(&v));

	if (cur_left(&v) > 0)
		cur_take(&v, cur_u8(&v));
	if (v.failed)
		return false;
	o->fqdn_host = host;
	return true;
}

static bool
parse_software(struct bgp_open *o, struct cursor v)
{
	struct cursor text = cur_sub(&v, cur_u8(&v));

	if (v.failed)
		return false;
	o->software = text;
	return true;
}

/* --- the table */

/* clang-format off */
#define FLAG(member) offsetof(struct bgp_open, member)
#define ANY_LENGTH 0, 1

static const struct capability_row rows[256] = {
	/* name, octets at least, in steps of, flag, parse, dissect */

	[CAP_MP] = { "Multiprotocol",
	    4, 0, 0, parse_mp, capability_dissect_mp },
	[CAP_ROUTE_REFRESH] = { "Route Refresh",
	    0, 0, FLAG(route_refresh), NULL, NULL },
	[CAP_ORF] = { "Outbound Route Filtering",
	    ANY_LENGTH, 0, parse_orfs, capability_dissect_orfs },
	[CAP_MULTIPLE_ROUTES] = { "Multiple Routes (deprecated)",
	    ANY_LENGTH, 0, NULL, NULL },
	[CAP_EXTENDED_NEXT_HOP] = { "Extended Next Hop",
	    0, 6, FLAG(extended_next_hop), NULL, capability_dissect_next_hops },
	[CAP_EXTENDED_MESSAGE] = { "Extended Message",
	    0, 0, FLAG(extended_message), NULL, NULL },
	[CAP_BGPSEC] = { "BGPsec",
	    3, 0, 0, NULL, capability_dissect_bgpsec },
	[CAP_MULTIPLE_LABELS] = { "Multiple Labels",
	    0, 4, 0, parse_labels, capability_dissect_labels },
	[CAP_ROLE] = { "Role",
	    1, 0, 0, parse_role, capability_dissect_role },
	[CAP_GRACEFUL_RESTART] = { "Graceful Restart",
	    2, 4, FLAG(graceful_restart), NULL, capability_dissect_restart },
	[CAP_AS4] = { "4-octet AS",
	    4, 0, FLAG(as4), parse_as4, capability_dissect_as4 },
	[CAP_DEPRECATED_66] = { "Deprecated 66",
	    ANY_LENGTH, 0, NULL, NULL },
	[CAP_DYNAMIC] = { "Dynamic Capability",
	    ANY_LENGTH, 0, NULL, NULL },
	[CAP_MULTISESSION] = { "Multisession",
	    ANY_LENGTH, 0, NULL, NULL },
	[CAP_ADDPATH] = { "ADD-PATH",
	    0, 4, 0, parse_addpath, capability_dissect_addpath },
	[CAP_ENHANCED_REFRESH] = { "Enhanced Route Refresh",
	    0, 0, FLAG(enhanced_refresh), NULL, NULL },
	[CAP_LONG_LIVED] = { "Long-Lived Graceful Restart",
	    0, 7, 0, NULL, capability_dissect_long_lived },
	[CAP_ROUTING_POLICY] = { "Routing Policy Distribution",
	    ANY_LENGTH, 0, NULL, NULL },
	[CAP_FQDN] = { "FQDN",
	    ANY_LENGTH, 0, parse_fqdn, capability_dissect_fqdn },
	[CAP_BFD_STRICT] = { "BFD Strict Mode",
	    ANY_LENGTH, 0, NULL, NULL },
	[CAP_SOFTWARE] = { "Software Version",
	    ANY_LENGTH, 0, parse_software, capability_dissect_software },
	[CAP_PATHS_LIMIT] = { "Paths Limit",
	    0, 5, 0, NULL, capability_dissect_paths_limit },
	[CAP_LINK_LOCAL] = { "Link-Local Next Hop",
	    0, 0, 0, NULL, NULL },
	[CAP_ROUTE_REFRESH_OLD] = { "Route Refresh (pre-standard)",
	    0, 0, 0, NULL, NULL },
	[CAP_ORF_OLD] = { "ORF (pre-standard)",
	    ANY_LENGTH, 0, parse_orfs, capability_dissect_orfs },
	[CAP_MULTISESSION_OLD] = { "Multisession (pre-standard)",
	    ANY_LENGTH, 0, NULL, NULL },
};
/* clang-format on */

const struct capability_row *
capability_row(uint8_t code)
{
	static const struct capability_row unknown = { "unknown", ANY_LENGTH, 0, NULL, NULL };

	return rows[code].name != NULL ? &rows[code] : &unknown;
}

bool
capability_length_fits(const struct capability_row *row, size_t n)
{
	return n == row->min || (row->step != 0 && n > row->min && (n - row->min) % row->step == 0);
}

const char *
bgp_capability_name(uint8_t code)
{
	return capability_row(code)->name;
}
