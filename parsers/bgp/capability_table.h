/*
 * The table of capabilities (RFC 5492): a row per code with its name, the lengths that its value
 * may have, how the value is parsed into struct bgp_open and how it is dissected. Users of the
 * parsers need the codes and bgp_capability_name only.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/pure/cursor.h"
#include "parsers/bgp/open.h"
#include "parsers/wire/dissect.h"

enum bgp_capability_code {
	CAP_MP = 1,
	CAP_ROUTE_REFRESH = 2,
	CAP_ORF = 3,
	CAP_MULTIPLE_ROUTES = 4,
	CAP_EXTENDED_NEXT_HOP = 5,
	CAP_EXTENDED_MESSAGE = 6,
	CAP_BGPSEC = 7,
	CAP_MULTIPLE_LABELS = 8,
	CAP_ROLE = 9,
	CAP_GRACEFUL_RESTART = 64,
	CAP_AS4 = 65,
	CAP_DEPRECATED_66 = 66,
	CAP_DYNAMIC = 67,
	CAP_MULTISESSION = 68,
	CAP_ADDPATH = 69,
	CAP_ENHANCED_REFRESH = 70,
	CAP_LONG_LIVED = 71,
	CAP_ROUTING_POLICY = 72,
	CAP_FQDN = 73,
	CAP_BFD_STRICT = 74,
	CAP_SOFTWARE = 75,
	CAP_PATHS_LIMIT = 76,
	CAP_LINK_LOCAL = 77,
	CAP_ROUTE_REFRESH_OLD = 128,
	CAP_ORF_OLD = 130,
	CAP_MULTISESSION_OLD = 131,
};

/* Parses a value whose length is allowed. false: what is inside has not the shape that it should
 * have; then nothing of it is kept. */
typedef bool capability_parse_fn(struct bgp_open *, struct cursor value);
/* Dissects a value whose length is allowed, into the group that is open. */
typedef void capability_dissect_fn(struct field_sink *, struct cursor value);

struct capability_row {
	const char *name;
	uint8_t min, step; /* octets: min, or so many steps more; step 0: just min */
	uint8_t flag;	   /* offset of the bool in struct bgp_open that it sets; 0: none */
	capability_parse_fn *parse;	/* NULL: nothing but the flag is kept */
	capability_dissect_fn *dissect; /* NULL: as hex */
};

/* The row of a code; for a code without one a row that is called "unknown" and allows any value. */
const struct capability_row *capability_row(uint8_t code);
/* May the value have this length? */
bool capability_length_fits(const struct capability_row *, size_t n);

/* "Multiprotocol"; "unknown" where the code has no row. */
const char *bgp_capability_name(uint8_t code);

/* --- bgp/capability_dissect.c */

capability_dissect_fn capability_dissect_mp, capability_dissect_orfs, capability_dissect_next_hops,
    capability_dissect_bgpsec, capability_dissect_labels, capability_dissect_role,
    capability_dissect_restart, capability_dissect_as4, capability_dissect_addpath,
    capability_dissect_long_lived, capability_dissect_fqdn, capability_dissect_software,
    capability_dissect_paths_limit;
