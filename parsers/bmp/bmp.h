/*
 * BMP messages (RFC 7854, 8671, 9069, 9736, 9972): framing, per-peer header, message bodies.
 * Version 4 (draft-ietf-grow-bmp-tlv) has the same headers and Peer Up; what differs is in
 * bmp/v4.h, but statistics of both versions are read here. Everything borrows from the bytes given;
 * nothing allocates, logs or keeps state.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/pure/cursor.h"
#include "base/pure/ip.h"
#include "parsers/bgp/notification.h"
#include "parsers/bgp/open.h"
#include "parsers/wire/fault.h"

enum { BMP_HEADER_LEN = 6, BMP_PEER_HEADER_LEN = 42 };

enum bmp_type {
	BMP_ROUTE_MONITORING = 0,
	BMP_STATISTICS = 1,
	BMP_PEER_DOWN = 2,
	BMP_PEER_UP = 3,
	BMP_INITIATION = 4,
	BMP_TERMINATION = 5,
	BMP_ROUTE_MIRRORING = 6,
	BMP_TYPES = 7, /* first unknown one; counters keep unknown types here */
};

enum bmp_peer_type {
	BMP_PEER_GLOBAL = 0,
	BMP_PEER_RD = 1,
	BMP_PEER_LOCAL = 2,
	BMP_PEER_LOC_RIB = 3
};

enum {
	BMP_FLAG_V = 0x80,
	BMP_FLAG_L = 0x40,
	BMP_FLAG_A = 0x20,
	BMP_FLAG_O = 0x10,
	BMP_FLAG_F = 0x80, /* Loc-RIB only, where V, L, A and O do not exist */
	BMP_FLAG_X = 0x01, /* version 4: an Extended Flags TLV is there */
};

/* RIB views in the order in which a route passes a router; a bit mask of them is 1 << view. */
enum bmp_view {
	BMP_VIEW_IN_PRE = 0,
	BMP_VIEW_IN_POST = 1,
	BMP_VIEW_LOC_RIB = 2,
	BMP_VIEW_OUT_PRE = 3,
	BMP_VIEW_OUT_POST = 4,
	BMP_VIEWS = 5,
};

/* Does the view show what a neighbour sends (Adj-RIB-In, before or after policy)? */
static inline bool
bmp_view_is_inbound(uint8_t view)
{
	return view == BMP_VIEW_IN_PRE || view == BMP_VIEW_IN_POST;
}

/* How the peer's address stands in its field of 16 octets (RFC 7854 4.2). */
enum bmp_address_form {
	BMP_ADDRESS_AS_SAID, /* by the V flag: IPv6, or IPv4 in the last four octets */
	BMP_ADDRESS_V_WRONG, /* it is of the other family than the V flag says */
	BMP_ADDRESS_LEFT,    /* IPv4 in the first four octets */
};

struct bmp_peer_header {
	uint8_t type, flags;
	uint8_t distinguisher[8];
	uint8_t address_form;	       /* enum bmp_address_form */
	const uint8_t *address_octets; /* the field, 16 in the message: they tell peers apart */
	struct ip_addr
	    address; /* as the octets can be read; zero of a Loc-RIB peer (RFC 9069 4.1) */
	uint32_t as;
	uint8_t bgp_id[4];
	uint32_t sec, usec; /* 0/0: not available */
	bool usec_over;	    /* usec was a million or more, and is now 999,999 */
};

struct bmp_msg {
	uint8_t version, type;
	bool has_peer;
	struct bmp_peer_header peer;
	const uint8_t *start; /* of the message */
	uint32_t len;
	struct cursor body; /* after the headers */
};

/*
 * Length of the message at buf: > 0 when the header is whole and good (the message may still be
 * incomplete), 0 when fewer than BMP_HEADER_LEN octets are there, -1 with a FAULT_CLOSE fault when
 * framing is lost. max: longest message accepted.
 */
int64_t bmp_frame(const uint8_t *buf, size_t len, uint32_t max, struct faults *);

/* Parse the headers of one whole frame. false, and a fault, when the message has to be skipped; its
 * type and body are valid all the same. The body of an unknown type is all that follows the common
 * header. */
bool bmp_parse(const uint8_t *frame, size_t len, struct bmp_msg *, struct faults *);

/* View of a Route Monitoring message, from peer type and flags (RFC 7854 4.2, 8671 4, 9069 4.2). */
enum bmp_view bmp_view_of(const struct bmp_peer_header *);
struct bmp_tlv {
	uint16_t type;
	struct cursor value;
};

/* Next TLV of an Initiation, Termination, Peer Up, Peer Down or Route Mirroring. false at the end,
 * or with a fault whose offset counts from start. */
bool bmp_tlv_next(struct cursor *, const uint8_t *start, struct bmp_tlv *, struct faults *);

enum { BMP_INIT_STRING = 0, BMP_INIT_SYS_DESCR = 1, BMP_INIT_SYS_NAME = 2 };
enum { BMP_TERM_STRING = 0, BMP_TERM_REASON = 1 };
enum { BMP_PEER_STRING = 0, BMP_PEER_TABLE_NAME = 3, BMP_PEER_ADMIN_LABEL = 4 };
enum { BMP_MIRROR_MESSAGE = 0, BMP_MIRROR_INFO = 1 };

/* Which registry a TLV type belongs to (RFC 7854 10, RFC 9736, draft-ietf-grow-bmp-tlv 10). */
enum bmp_registry {
	BMP_TLVS_INITIATION,
	BMP_TLVS_TERMINATION,
	BMP_TLVS_PEER, /* Peer Up and Peer Down */
	BMP_TLVS_MIRRORING,
	BMP_TLVS_STATISTICS, /* version 4, beside the Stats TLV */
	BMP_REGISTRIES,
};

struct bmp_peer_up {
	struct ip_addr local_address; /* of the same family as the peer's */
	uint16_t local_port, remote_port;
	struct bgp_open sent, received;
	/* the OPENs as whole messages; empty when they cannot be read */
	struct cursor sent_pdu, received_pdu;
	struct cursor tlvs;
	/* where an OPEN should be and none is: all from there on */
	struct cursor rest;
};
/* false when the message is too short to be used. A malformed OPEN is a fault, and is parsed as far
 * as it goes. */
bool bmp_peer_up_parse(const struct bmp_msg *, struct bmp_peer_up *, struct faults *);

/* Reasons of Peer Down (RFC 7854 4.9, RFC 9069 5.3). */
enum bmp_down_reason {
	BMP_DOWN_LOCAL_NOTIFICATION = 1,
	BMP_DOWN_LOCAL = 2,
	BMP_DOWN_REMOTE_NOTIFICATION = 3,
	BMP_DOWN_REMOTE = 4,
	BMP_DOWN_DECONFIGURED = 5,
	BMP_DOWN_LOCAL_TLVS = 6,
};

struct bmp_peer_down {
	uint8_t reason;
	bool has_event;	    /* reason 2, unless the message ends before the event */
	uint16_t fsm_event; /* 0 without an event */
	/* reasons 1 and 3: there is a NOTIFICATION, or nothing (in version 4: only TLVs) in its
	 * place */
	bool has_notification, notification_missing;
	struct bgp_notification notification;
	struct cursor pdu;  /* the NOTIFICATION as a whole message; empty when it cannot be read */
	struct cursor tlvs; /* reason 6; in version 4 every reason */
};
/* false when the message is too short to be used. A malformed NOTIFICATION is a fault. */
bool bmp_peer_down_parse(const struct bmp_msg *, struct bmp_peer_down *, struct faults *);

enum { BMP_TERM_UNSPECIFIED = 1, BMP_TERM_REASONS = 5 /* first one that is not registered */ };
/* Why the router ends the session (RFC 7854 4.5). Of several reasons the last counts;
 * BMP_TERM_UNSPECIFIED when there is none that can be read. */
uint16_t bmp_termination_reason(const struct bmp_msg *, struct faults *);

struct bmp_stat {
	uint16_t type;
	bool enterprise; /* version 4: the number is of that enterprise */
	uint32_t pen;
	bool has_value; /* it has 4, 8 or 11 octets; else there is only `raw` */
	bool per_family;
	struct bgp_family family;
	uint64_t value;
	struct cursor raw; /* without the PEN */
};
/* A walk over the counters of a Statistics Report: bmp_stats_begin once, then bmp_stats_next until
 * false. A count that disagrees with the TLVs is a fault. */
struct bmp_stats {
	struct cursor rest;
	uint32_t left;
	bool v4; /* the counters are in a Stats TLV (draft-ietf-grow-bmp-tlv 5.4) */
	/* version 4: the TLVs in front of the Stats TLV and those behind it */
	struct cursor before, tlvs;
};
/* Finds the counters. If they cannot be found, it notes a fault, and the walk ends at once. */
void bmp_stats_begin(const struct bmp_msg *, struct bmp_stats *, struct faults *);
bool bmp_stats_next(const struct bmp_msg *, struct bmp_stats *, struct bmp_stat *, struct faults *);

/* What the registry says about a statistics type (RFC 7854 4.8, 8671 6.2, 9972). */
struct bmp_stat_info {
	const char *name;
	const char *unit; /* "prefixes", "routes", "updates" or "withdraws" */
	uint8_t len;	  /* octets of the value: 4 a counter, 8 a gauge, 11 a gauge per family */
};
const struct bmp_stat_info *bmp_stat_info(uint16_t type); /* NULL when not registered */
/* Is the type in the range for experiments (RFC 7854 10.4)? */
static inline bool
bmp_stat_private(uint16_t type)
{
	return type >= 65531 && type <= 65534;
}

/* --- names: static text */

/* "route_monitoring" and the like, "unknown". */
const char *bmp_type_name(unsigned type);
/* "adj-rib-in-pre", "adj-rib-in-post", "loc-rib", "adj-rib-out-pre", "adj-rib-out-post". */
const char *bmp_view_name(unsigned view);
const char *bmp_peer_down_reason_name(uint8_t reason);
const char *bmp_stat_name(uint16_t type); /* NULL when not registered */
const char *bmp_peer_type_name(uint8_t type);
/* "sys_name" and the like; NULL when the registry has no such type. */
const char *bmp_tlv_name(enum bmp_registry, uint16_t type);
const char *bmp_termination_reason_name(uint16_t reason);
const char *bmp_mirror_info_name(uint16_t code);
/* Events of the BGP state machine (RFC 4271 8.1; 29 is RFC 9687's). */
const char *bmp_fsm_event_name(uint16_t event);
