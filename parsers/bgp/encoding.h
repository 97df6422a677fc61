/*
 * encoding: how the octets of an UPDATE are written, as far as they do not say it themselves.
 *
 * The two speakers of a session agree on it in their OPENs. Whoever listens has to know it, or to
 * find it out (collector/bmp_stream/encoding.c).
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

/* The fields of an UPDATE that hold NLRI, in the order in which they are counted. */
enum bgp_update_field { BGP_WITHDRAWN, BGP_UNREACH, BGP_REACH, BGP_ANNOUNCED, BGP_UPDATE_FIELDS };

/* Label fields in front of a prefix, where it is not their number that is known. The octets decide
 * all the same, where they allow one way only. */
enum {
	BGP_LABELS_UNKNOWN = 0, /* as the octets suggest; of withdrawn routes: one */
	BGP_LABELS_ONE = 254,	/* whatever its bits say (RFC 8277 2.2, 2.4) */
	BGP_LABELS_STACK = 255, /* to the bottom of the stack (RFC 8277 2.3) */
};

/* All zero: AS numbers of two octets, no path ids, and labels as the octets suggest. */
struct bgp_encoding {
	bool as4; /* AS numbers in AS_PATH and AGGREGATOR have four octets (RFC 6793) */
	/* a path id precedes each NLRI (RFC 7911 3) of withdrawn and announced routes outside of
	 * MP-BGP, of MP_REACH_NLRI, of MP_UNREACH_NLRI */
	bool path_ids_classic, path_ids_reach, path_ids_unreach;
	/* in front of a prefix of MP_REACH_NLRI, of MP_UNREACH_NLRI: how many (more only where the
	 * prefix would be too long), or one of BGP_LABELS_ */
	uint8_t labels, labels_withdrawn;
	bool next_hop_alone; /* MP_REACH_NLRI may be a next hop and no more (RFC 6396 4.3.4) */
};

/* The same for the NLRI of one field. */
struct bgp_nlri_encoding {
	bool path_ids;
	/* it is the field of withdrawn routes: by RFC 8277 2.4 one label field precedes a labelled
	 * prefix, whatever was announced */
	bool withdrawn;
	uint8_t labels;
};

static inline struct bgp_nlri_encoding
bgp_encoding_of(const struct bgp_encoding *e, enum bgp_update_field field)
{
	switch (field) {
	case BGP_REACH:
		return (struct bgp_nlri_encoding){ e->path_ids_reach, false, e->labels };
	case BGP_UNREACH:
		return (struct bgp_nlri_encoding){ e->path_ids_unreach, true, e->labels_withdrawn };
	default:
		return (struct bgp_nlri_encoding){ .path_ids = e->path_ids_classic,
			.withdrawn = field == BGP_WITHDRAWN };
	}
}

static inline bool
bgp_encoding_has_path_ids(const struct bgp_encoding *e)
{
	return e->path_ids_classic || e->path_ids_reach || e->path_ids_unreach;
}
