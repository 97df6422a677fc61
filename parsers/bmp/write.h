/*
 * Writers of BMP and BGP messages: the inverse of bmp.h and bgp/update.h, for tests, the table
 * generator, the demo and round trips. Each writes into a caller's buffer and returns the octets
 * written, 0 when they do not fit.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "parsers/bgp/bgp.h"
#include "parsers/bgp/update.h"
#include "parsers/bmp/bmp.h"
#include "parsers/bmp/v4.h"

/* A cursor for writing; `failed` as in rd. */
struct wr {
	uint8_t *start, *pos, *end;
	bool failed;
};

struct wr wr_of(void *buf, size_t size);
size_t wr_len(const struct wr *);
void wr_u8(struct wr *, uint8_t);
void wr_u16(struct wr *, uint16_t);
void wr_u32(struct wr *, uint32_t);
void wr_u64(struct wr *, uint64_t);
void wr_bytes(struct wr *, const void *, size_t);
size_t wr_here(const struct wr *);
/* Fill in a 2-octet length at `at` that counts from `from` to here. */
void wr_patch_u16(struct wr *, size_t at, size_t from);

/* The peer a message is about, in a writer's terms. */
struct bmp_peer_spec {
	uint8_t type, flags; /* flags: L, A, O, F; V is set from address_v6 */
	bool address_v6;
	uint8_t distinguisher[8];
	uint8_t address[16]; /* IPv4 in the FIRST four octets here */
	uint32_t as;
	uint8_t bgp_id[4];
	uint32_t sec, usec;
};

/* Any message: begin, write its body with wr_ and bmp_put_ functions, finish (fills in the length).
 * peer NULL: a type without per-peer header. */
struct wr bmp_write_begin(
    void *buf, size_t size, unsigned version, unsigned type, const struct bmp_peer_spec *peer);
size_t bmp_write_finish(struct wr *);
void bmp_put_tlv(struct wr *, uint16_t type, const void *value, size_t n);

size_t bmp_write_initiation(void *buf, size_t size, const char *sys_name, const char *sys_descr);
size_t bmp_write_termination(void *buf, size_t size, uint16_t reason);

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
size_t bgp_write_begin(struct wr *, enum bgp_type);
void bgp_put_open(struct wr *, const struct bgp_open_spec *);
/* The body of a Peer Up up to its TLVs, of a Peer Down up to its TLVs. */
void bmp_put_peer_up(struct wr *, const struct bmp_peer_spec *, const uint8_t local_address[16],
    const struct bgp_open_spec *sent, const struct bgp_open_spec *received);
void bmp_put_peer_down(struct wr *, uint8_t reason, uint16_t fsm_event);
size_t bmp_write_peer_up(void *buf, size_t size, const struct bmp_peer_spec *,
    const uint8_t local_address[16], const struct bgp_open_spec *sent,
    const struct bgp_open_spec *received, const char *table_name);
size_t bmp_write_peer_down(
    void *buf, size_t size, const struct bmp_peer_spec *, uint8_t reason, uint16_t fsm_event);

struct bgp_route_spec {
	/* announced attributes; an UPDATE with only withdrawals has as_path_n 0 and no nlri */
	uint8_t origin;
	const uint32_t *as_path; /* one AS_SEQUENCE, neighbour first; longer than 255 is split */
	unsigned as_path_n;
	bool as2; /* write 2-octet ASNs */
	uint8_t next_hop[16];
	bool next_hop_v6;
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
	uint8_t family; /* 4 or 6; one UPDATE carries one family */
	uint8_t len;
	uint8_t addr[16];
	uint32_t path_id;
};
/* BGP UPDATE with header. announce and withdraw lists are of one family; addpath writes path ids.
 */
size_t bgp_write_update(void *buf, size_t size, const struct bgp_route_spec *,
    const struct bgp_prefix_spec *announce, unsigned announce_n,
    const struct bgp_prefix_spec *withdraw, unsigned withdraw_n, bool addpath);
size_t bgp_write_end_of_rib(void *buf, size_t size, struct bgp_family);
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
void bmp_put_stats(struct wr *, const struct bmp_stat_spec *, unsigned n);
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
void bmp_put_tlv_pen(struct wr *, uint16_t type, uint32_t pen, const void *value, size_t n);
void bmp_put_indexed(struct wr *, const struct bmp_tlv_spec *);
/* Route Monitoring with the numbers of that revision, the BGP message last; bgp_len 0: without. */
size_t bmp_write_v4_routes(void *buf, size_t size, const struct bmp_peer_spec *, enum bmp_v4_set,
    const struct bmp_tlv_spec *, unsigned n, const void *bgp, size_t bgp_len);
size_t bmp_write_v4_statistics(
    void *buf, size_t size, const struct bmp_peer_spec *, const struct bmp_stat_spec *, unsigned n);
