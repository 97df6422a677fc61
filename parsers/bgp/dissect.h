/*
 * bgp_dissect: BGP messages field by field (wire/dissect.h), and the text of what a router prints
 * in one line. Nothing is left out: octets that cannot be read are shown in hex.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/pure/cursor.h"
#include "base/pure/text.h"
#include "parsers/bgp/update.h"
#include "parsers/wire/dissect.h"

/* --- messages */

/*
 * A whole message with its header, of any type, into the group that the caller has open: "type",
 * "length", and its fields. The encoding is that of an UPDATE.
 */
void bgp_message_dissect(struct field_sink *, struct cursor message, const struct bgp_encoding *);

/* The bodies, after the header of 19 octets, into the group that is open. */
/* RFC 4271 4.2, RFC 5492, RFC 9072 */
void bgp_open_dissect(struct field_sink *, struct cursor body);
/* RFC 4271 4.5, RFC 9003, RFC 8538 */
void bgp_notification_dissect(struct field_sink *, struct cursor body);
/* RFC 2918, RFC 7313, RFC 5291 */
void bgp_refresh_dissect(struct field_sink *, struct cursor body);
/* RFC 4271 4.3 */
void bgp_update_dissect(struct field_sink *, struct cursor body, const struct bgp_encoding *);

/* --- parts */

/* "family", by name or in numbers. */
void bgp_family_dissect(struct field_sink *, struct bgp_family);

/* Capabilities one after the other (RFC 5492 4) as a list "capabilities", as an OPEN has them, or a
 * NOTIFICATION (RFC 5492 5). */
void bgp_capabilities_dissect(struct field_sink *, struct cursor);
/* The name of an ORF type, "address_prefix" (RFC 5292), or the number in buf. */
const char *bgp_orf_type_name(uint8_t type, char *buf, size_t size);

/*
 * One attribute under its name: one line where routers print one, else a group or a list. Flags
 * that are not as the RFC has them, the partial bit among them, follow as NAME_flags; a line that
 * was too long for one is followed by NAME_octets.
 */
void bgp_attr_dissect(struct field_sink *, const struct bgp_attr *, const struct bgp_encoding *);

/* All attributes of a block, in the order of the wire, into the group that is open. What is cut:
 * "cut_attributes". */
void bgp_attrs_dissect(struct field_sink *, struct cursor attrs, const struct bgp_encoding *);

/*
 * Next hop of MP_REACH_NLRI in all forms (RFC 4760 3, RFC 2545 3, RFC 4364 4.3.2, RFC 8950 3):
 * "next_hop", "next_hop_link_local" and, where the family has one that is not zero, "next_hop_rd".
 */
void bgp_next_hop_dissect(struct field_sink *, struct cursor next_hop);
/* The same in one line: "2001:db8::1 fe80::1". */
void bgp_next_hop_text(struct txt *, struct cursor next_hop);
/* The global address in it, of 4 or 16 octets; empty when it has none of these forms. */
struct cursor bgp_next_hop_address(struct cursor next_hop);

/* --- one-line texts; what is malformed at the end follows as 0x and hex */

/* "64501 64510 {64520,64521} (65001 65002) [65003,65004]": a sequence, a set, and those of a
 * confederation. width: octets of an AS number, 2 or 4. */
void bgp_as_path_text(struct txt *, struct cursor path, unsigned width);
/* "64500:100 no-export" (RFC 1997). */
void bgp_communities_text(struct txt *, struct cursor);
/* "rt:64500:100 color:100" (RFC 4360); what has no name here as 0x and 16 digits. */
void bgp_ext_communities_text(struct txt *, struct cursor);
/* "rt:[2001:db8::1]:100" (RFC 5701). */
void bgp_ipv6_ext_communities_text(struct txt *, struct cursor);
/* "64500:1:2" (RFC 8092). */
void bgp_large_communities_text(struct txt *, struct cursor);
/* The well-known name of a community, NULL when it has none. */
const char *bgp_community_name(uint32_t);
