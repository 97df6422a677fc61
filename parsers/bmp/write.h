/*
 * Writers of BMP messages: the inverse of bmp.h, for tests, the table generator, the demo and round
 * trips. Each writes into a caller's buffer and returns the octets written, 0 when they do not fit.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/pure/ip.h"
#include "base/pure/writer.h"
#include "parsers/bgp/update.h"
#include "parsers/bgp/write.h"
#include "parsers/bmp/bmp.h"
#include "parsers/bmp/v4.h"

/* The peer a message is about, in a writer's terms. */
struct bmp_peer_spec {
	uint8_t type, flags; /* flags: L, A, O, F; V is set from the address */
	uint8_t distinguisher[8];
	struct ip_addr address; /* of no family: zeros, as of a Loc-RIB peer */
	uint32_t as;
	uint8_t bgp_id[4];
	uint32_t sec, usec;
};

/* Any message: begin, write its body with wr_ and bmp_put_ functions, finish (fills in the length).
 * peer NULL: a type without per-peer header. */
struct writer bmp_write_begin(
    void *buf, size_t size, unsigned version, unsigned type, const struct bmp_peer_spec *peer);
size_t bmp_write_finish(struct writer *);
void bmp_put_tlv(struct writer *, uint16_t type, const void *value, size_t n);

size_t bmp_write_initiation(void *buf, size_t size, const char *sys_name, const char *sys_descr);
size_t bmp_write_termination(void *buf, size_t size, uint16_t reason);

/* The body of a Peer Up up to its TLVs, of a Peer Down up to its TLVs. */
void bmp_put_peer_up(struct writer *, const struct bmp_peer_spec *, const struct ip_addr *local,
    const struct bgp_open_spec *sent, const struct bgp_open_spec *received);
void bmp_put_peer_down(struct writer *, uint8_t reason, uint16_t fsm_event);
size_t bmp_write_peer_up(void *buf, size_t size, const struct bmp_peer_spec *,
    const struct ip_addr *local, const struct bgp_open_spec *sent,
    const struct bgp_open_spec *received, const char *table_name);
size_t bmp_write_peer_down(
    void *buf, size_t size, const struct bmp_peer_spec *, uint8_t reason, uint16_t fsm_event);

/* Route Monitoring around one BGP message. */
size_t bmp_write_route_monitoring(
    void *buf, size_t size, const struct bmp_peer_spec *, const void *bgp, size_t bgp_len);

/* Route Mirroring; info < 0: no Information TLV; bgp_len 0: no BGP message. */
size_t bmp_write_mirroring(void *buf, size_t size, const struct bmp_peer_spec *, int info,
    const void *bgp, size_t bgp_len);

struct bmp_stat_spec {
	uint16_t type;
	uint64_t value;
	bool per_family;
	struct bgp_family family;
	unsigned len; /* of the value; 0: as registered */
	uint32_t pen; /* version 4 only: the type is an enterprise's */
};
/* Count and counters. */
void bmp_put_stats(struct writer *, const struct bmp_stat_spec *, unsigned n);
size_t bmp_write_statistics(
    void *buf, size_t size, const struct bmp_peer_spec *, const struct bmp_stat_spec *, unsigned n);

/* --- version 4 */

struct bmp_tlv_spec {
	enum bmp_v4_kind kind; /* BMP_V4_UNKNOWN: type as given */
	uint16_t type, index;
	uint32_t pen; /* 0: not of an enterprise */
	const void *value;
	size_t len;
};
void bmp_put_tlv_pen(struct writer *, uint16_t type, uint32_t pen, const void *value, size_t n);
void bmp_put_indexed(struct writer *, const struct bmp_tlv_spec *);
/* Route Monitoring with the numbers of that revision, the BGP message last; bgp_len 0: without. */
size_t bmp_write_v4_routes(void *buf, size_t size, const struct bmp_peer_spec *,
    enum bmp_v4_revision, const struct bmp_tlv_spec *, unsigned n, const void *bgp, size_t bgp_len);
size_t bmp_write_v4_statistics(
    void *buf, size_t size, const struct bmp_peer_spec *, const struct bmp_stat_spec *, unsigned n);
