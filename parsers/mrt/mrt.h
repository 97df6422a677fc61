/*
 * MRT files (RFC 6396, RFC 6397, RFC 8050): routing tables and BGP messages as collectors record
 * them, also in the deprecated types of before 2003 (RFC 6396 appendix B). First frame, then parse
 * the header, then ask for what the record's kind holds. Everything borrows from the bytes given;
 * nothing allocates or keeps state, so what refers to an earlier record (a peer by its index) is
 * the caller's to look up.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/pure/cursor.h"
#include "base/pure/ip.h"
#include "parsers/bgp/family.h"
#include "parsers/wire/dissect.h"
#include "parsers/wire/fault.h"

enum { MRT_HEADER_LEN = 12, MRT_RECORD_MAX = 16 * 1024 * 1024 };

enum mrt_type {
	MRT_NULL = 0, /* those up to 10 are deprecated */
	MRT_BGP = 5,
	MRT_BGP4PLUS = 9, /* as MRT_BGP, between IPv6 addresses; 10 likewise */
	MRT_BGP4PLUS_01 = 10,
	MRT_OSPFV2 = 11,
	MRT_TABLE_DUMP = 12,
	MRT_TABLE_DUMP_V2 = 13,
	MRT_BGP4MP = 16,
	MRT_BGP4MP_ET = 17,
	MRT_ISIS = 32,
	MRT_ISIS_ET = 33,
	MRT_OSPFV3 = 48,
	MRT_OSPFV3_ET = 49,
};

/* What a record holds, by type and subtype; each has its own function below. */
enum mrt_kind {
	MRT_KIND_OTHER,	       /* of no BGP, or not known */
	MRT_KIND_PEER_INDEX,   /* mrt_peer_index_parse */
	MRT_KIND_RIB,	       /* mrt_rib_parse */
	MRT_KIND_GEO_PEERS,    /* mrt_geo_peers_parse */
	MRT_KIND_TABLE_DUMP,   /* mrt_table_dump_parse */
	MRT_KIND_MESSAGE,      /* mrt_bgp4mp_parse */
	MRT_KIND_STATE_CHANGE, /* mrt_bgp4mp_parse */
};

struct mrt_record {
	uint32_t sec, usec; /* usec: 0 unless the type is one of the _ET types */
	uint16_t type, subtype;
	uint8_t kind;		  /* enum mrt_kind */
	bool as4;		  /* BGP4MP: four-octet AS numbers, in the record and in AS_PATH */
	bool local;		  /* BGP4MP: sent by the recorder, the peer is its recipient */
	bool path_ids;		  /* path ids are there (RFC 8050) */
	bool cut;		  /* it ends before its length, and so may what it holds */
	struct bgp_family family; /* of a RIB record; 0/0 for RIB_GENERIC and others */
	const uint8_t *start;	  /* of the record */
	uint32_t len;		  /* octets with the header */
	struct cursor body;	  /* after header and microseconds */
};

/*
 * Octets of the record at buf with its header: > 0 when the header is there (the record may still
 * be incomplete), 0 when fewer than MRT_HEADER_LEN octets are there, -1 with a FAULT_CLOSE fault
 * when it is longer than max. RFC 6396 2.
 */
int64_t mrt_frame(const uint8_t *buf, size_t len, uint32_t max, struct faults *);

/* The longest that a record of this type can be, with its header. More than its length says no
 * message of BGP is. */
uint32_t mrt_length_max(uint16_t type);

/* Header of one record. false (and a fault) when it is of no known kind or too short for its
 * header; type and subtype are valid then, too. A record that is cut is a fault, and is read as far
 * as it goes. */
bool mrt_parse(const uint8_t *record, size_t len, struct mrt_record *, struct faults *);

/* Does what the record holds end exactly where the record does? Of records that are not read here,
 * nobody knows: false. */
bool mrt_is_exact(const uint8_t *record, size_t len);

const char *mrt_type_name(uint16_t type); /* "TABLE_DUMP_V2"; NULL */

const char *mrt_subtype_name(uint16_t type, uint16_t subtype); /* "RIB_IPV4_UNICAST"; NULL */
/* Both: "TABLE_DUMP_V2 RIB_IPV4_UNICAST"; numbers where there is no name. */
const char *mrt_kind_name(const struct mrt_record *, char *buf, size_t size);

/* --- TABLE_DUMP_V2 (RFC 6396 4.3) */

struct mrt_peer_index { /* 4.3.1 */
	uint8_t collector_id[4];
	struct cursor view_name; /* UTF-8, may be empty */
	uint16_t peers_n, left;
	struct cursor rest; /* entries not read yet */
};
struct mrt_peer {
	uint8_t type; /* bits: 0x01 IPv6 address, 0x02 four-octet AS */
	uint8_t bgp_id[4];
	struct ip_addr address;
	uint32_t as;
};
/* false when the record is too short to be used. */
bool mrt_peer_index_parse(const struct mrt_record *, struct mrt_peer_index *, struct faults *);
/* Next peer; its index is its position, from 0. false at the end or with a fault. */
bool mrt_peer_next(
    const struct mrt_record *, struct mrt_peer_index *, struct mrt_peer *, struct faults *);

struct mrt_geo_peers { /* RFC 6397 4.1; places are IEEE 754 single, as bits */
	uint8_t collector_id[4];
	uint32_t latitude, longitude;
	uint16_t peers_n, left;
	struct cursor rest;
};
struct mrt_geo_peer {
	uint8_t type;
	uint8_t bgp_id[4];
	uint32_t latitude, longitude;
};
/* As mrt_peer_index_parse and mrt_peer_next. */
bool mrt_geo_peers_parse(const struct mrt_record *, struct mrt_geo_peers *, struct faults *);
bool mrt_geo_peer_next(
    const struct mrt_record *, struct mrt_geo_peers *, struct mrt_geo_peer *, struct faults *);

struct mrt_rib { /* 4.3.2, 4.3.3, RFC 8050 4 */
	uint32_t sequence;
	struct bgp_family family;
	struct cursor nlri; /* one NLRI as in an UPDATE, without path id */
	uint32_t path_id;   /* of RIB_GENERIC_ADDPATH, where it stands before the NLRI; else 0 */
	uint16_t entries_n, left;
	struct cursor rest;
};
struct mrt_entry { /* 4.3.4 */
	uint16_t peer_index;
	uint32_t originated; /* seconds since 1970 */
	uint32_t path_id;    /* 0 without ADD-PATH */
	struct cursor attrs; /* path attributes; AS_PATH of four octets, MP_REACH_NLRI shortened */
};
/* false, with a fault, when the NLRI cannot be read: its entries cannot be found. */
bool mrt_rib_parse(const struct mrt_record *, struct mrt_rib *, struct faults *);
bool mrt_rib_next(const struct mrt_record *, struct mrt_rib *, struct mrt_entry *, struct faults *);

/* Octets of the record in front of an entry. */
static inline size_t
mrt_entry_at(const struct mrt_record *m, const struct mrt_entry *e)
{
	/* index, time and length of the attributes, and the path id of ADD-PATH */
	return (size_t)(e->attrs.pos - m->start) - (m->path_ids && m->family.afi != 0 ? 12 : 8);
}

/* MP_REACH_NLRI of a RIB entry: shortened to the next hop (4.3.4), or whole as some write it. */
struct mrt_reach {
	bool whole;
	struct bgp_family family; /* whole only */
	struct cursor next_hop;
	struct cursor nlri; /* whole only */
};
/* false: the value is neither form. */
bool mrt_reach_parse(struct cursor value, struct mrt_reach *);

/* --- TABLE_DUMP (RFC 6396 4.2): a route of two-octet AS numbers a record */

struct mrt_table_dump {
	uint16_t view, sequence;
	struct ip_prefix prefix;
	uint8_t status;
	uint32_t originated;
	struct ip_addr peer_address; /* of the prefix's family */
	uint32_t peer_as;
	struct cursor attrs;
	struct cursor rest; /* behind it: a fault, and nevertheless more routes, perhaps */
};
/* false, with a fault, when the record ends inside a field or its prefix cannot be. */
bool mrt_table_dump_parse(const struct mrt_record *, struct mrt_table_dump *, struct faults *);
/* The next route, where a recorder put several into one record. false: there is none, or what is
 * left is something else. */
bool mrt_table_dump_next(const struct mrt_record *, struct mrt_table_dump *);

/* --- BGP4MP and BGP4MP_ET (RFC 6396 4.4, RFC 8050 3), BGP and BGP4PLUS (RFC 6396 B.2) */

enum { MRT_STATE_IDLE = 1, MRT_STATE_ESTABLISHED = 6 };

struct mrt_bgp4mp {
	uint32_t peer_as, local_as;
	uint16_t interface;
	struct ip_addr peer_address, local_address; /* of one family */
	uint16_t old_state, new_state;		    /* of a state change */
	struct cursor message;			    /* else: the BGP message with its header */
	uint8_t bare; /* not 0: the deprecated types leave the header out; enum bgp_type */
};
/* false, with a fault, when the record ends inside a field or its family is not known. */
bool mrt_bgp4mp_parse(const struct mrt_record *, struct mrt_bgp4mp *, struct faults *);

/*
 * The BGP message of the record, whole: as it stands there, or written into buf (of
 * BGP_MESSAGE_MAX octets) where its header was left out, or where the record has less of an UPDATE
 * than the UPDATE's length says. Of such a one every route is kept that is whole and whose
 * attributes are: recorders had buffers of 4096 octets. Empty, with a fault, when there is none.
 * used: NULL, or gets how many octets of t->message it stands for.
 */
struct cursor mrt_bgp4mp_message(
    const struct mrt_record *, const struct mrt_bgp4mp *, void *buf, size_t *used, struct faults *);

/*
 * Dissect a record: header, peers, entries with their attributes, states, the BGP message. What
 * cannot be read is shown in hex under "rest". An UPDATE is read as its octets allow, where they
 * and the subtype disagree. Not for a record that mrt_parse found too short for its header. peers:
 * of the last index table, by their index, to name those of RIB entries.
 */
void mrt_dissect_known(struct field_sink *, const struct mrt_record *, const struct mrt_peer *peers,
    size_t peers_n, struct faults *);
static inline void
mrt_dissect(struct field_sink *to, const struct mrt_record *m, struct faults *f)
{
	mrt_dissect_known(to, m, NULL, 0, f);
}
