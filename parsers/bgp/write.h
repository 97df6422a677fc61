/*
 * Writers of BGP messages: the inverse of open.h and update.h, for tests, the table generator, the
 * demo and round trips. Each writes into a caller's buffer and returns the octets written, 0 when
 * they do not fit.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/pure/ip.h"
#include "base/pure/writer.h"
#include "parsers/bgp/message.h"
#include "parsers/bgp/open.h"

struct bgp_open_spec {
	uint32_t as;
	uint16_t hold_time_s;
	uint8_t bgp_id[4];
	uint8_t role; /* enum bgp_role; BGP_ROLE_NONE leaves the capability out */
	const struct bgp_family *families;
	unsigned families_n;
	const struct bgp_addpath *addpaths;
	unsigned addpaths_n;
	const struct bgp_labels *labels;
	unsigned labels_n;
	bool bare;	      /* a header without body, as FRR sends */
	bool no_capabilities; /* no optional parameter at all */
};
/* BGP header with its length open; returns where the length stands, for wr_patch_u16. */
size_t bgp_write_begin(struct writer *, enum bgp_type);
/* A whole OPEN with header. */
void bgp_put_open(struct writer *, const struct bgp_open_spec *);

struct bgp_route_spec {
	/* announced attributes; an UPDATE with only withdrawals has as_path_n 0 and no nlri */
	uint8_t origin;
	const uint32_t *as_path; /* one AS_SEQUENCE, neighbour first; longer than 255 is split */
	unsigned as_path_n;
	bool as2;		 /* write 2-octet ASNs */
	struct ip_addr next_hop; /* of no family: 0.0.0.0 */
	bool has_med, has_local_pref, has_otc;
	uint32_t med, local_pref, otc;
	const uint32_t *communities;
	unsigned communities_n;
	const uint32_t *large; /* triples */
	unsigned large_n;      /* triples */
	const uint8_t *extra;  /* ready-made attribute TLVs, appended as they are */
	size_t extra_len;
	bool mp_ipv4; /* IPv4 in MP_REACH/MP_UNREACH instead of the classic fields */
};
struct bgp_prefix_spec {
	struct ip_prefix prefix; /* one UPDATE carries one family */
	uint32_t path_id;
};
/* UPDATE with header. The lists announce and withdraw are of one family. path_ids: write them. */
size_t bgp_write_update(void *buf, size_t size, const struct bgp_route_spec *,
    const struct bgp_prefix_spec *announce, unsigned announce_n,
    const struct bgp_prefix_spec *withdraw, unsigned withdraw_n, bool path_ids);
size_t bgp_write_end_of_rib(void *buf, size_t size, struct bgp_family);
