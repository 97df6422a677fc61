/*
 * Writers of MRT records (RFC 6396, RFC 8050) and the two ways between RIB entries and UPDATEs.
 * Each writes into a caller's buffer and returns the octets written, 0 when they do not fit.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/pure/writer.h"
#include "parsers/bgp/update.h"
#include "parsers/mrt/mrt.h"

/* PEER_INDEX_TABLE (RFC 6396 4.3.1). Of a peer, bgp_id, address and as are read; AS numbers are
 * always written with four octets. view_name may be "". */
size_t mrt_write_peer_index(void *buf, size_t size, uint32_t sec, const uint8_t collector_id[4],
    const char *view_name, const struct mrt_peer *, unsigned peers_n);

/*
 * A RIB record entry by entry: begin, put each, finish. IPv4 and IPv6 unicast and multicast get
 * their own subtypes, other families RIB_GENERIC; with path_ids the subtypes of RFC 8050.
 * nlri: one, as in an UPDATE, without path id. A record of RIB_GENERIC_ADDPATH has one path id for
 * all its entries, given at begin; elsewhere it is ignored there.
 */
struct mrt_rib_writer {
	struct writer w;
	size_t count_at;
	uint16_t entries_n;
	bool entry_path_ids;
};
void mrt_rib_begin(struct mrt_rib_writer *, void *buf, size_t size, uint32_t sec, uint32_t sequence,
    struct bgp_family, bool path_ids, uint32_t path_id, struct cursor nlri);
/* false when it does not fit, or there are 65535 entries: what was put before stands. */
bool mrt_rib_put(struct mrt_rib_writer *, const struct mrt_entry *);
size_t mrt_rib_finish(struct mrt_rib_writer *);

/* BGP4MP (or, with usec not 0, BGP4MP_ET) around a BGP message, or of a state change (RFC 6396 4.4,
 * RFC 8050 3). Of the record, sec, usec, as4, local, path_ids and kind are read. */
size_t mrt_write_bgp4mp(
    void *buf, size_t size, const struct mrt_record *, const struct mrt_bgp4mp *);

/* TABLE_DUMP (RFC 6396 4.2), for tests: AS numbers are of two octets. */
size_t mrt_write_table_dump(void *buf, size_t size, uint32_t sec, const struct mrt_table_dump *);

/*
 * The attributes of an UPDATE as a RIB entry holds them (RFC 6396 4.3.4): AS_PATH of four octets
 * with AS4_PATH merged into it, AGGREGATOR likewise, MP_REACH_NLRI shortened to the next hop when
 * `mp` (the route came in MP_REACH_NLRI), else left out; MP_UNREACH_NLRI left out. as4: width in
 * the UPDATE. 0 also when there are no attributes.
 */
size_t mrt_entry_from_update(void *buf, size_t size, const struct bgp_update *, bool as4, bool mp);

/*
 * The UPDATE that a RIB entry stands for: its attributes as they are, MP_REACH_NLRI made whole, and
 * the one NLRI, with its path id when path_ids. IPv4 unicast without MP_REACH_NLRI is written the
 * classic way; where an MP_REACH_NLRI is needed and there is none, its next hop is "::" or
 * "0.0.0.0". Attribute framing faults are noted, and what follows them is left out.
 */
size_t mrt_entry_to_update(void *buf, size_t size, struct bgp_family, struct cursor nlri,
    bool path_ids, uint32_t path_id, struct cursor attrs, struct faults *);
