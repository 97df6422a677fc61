/*
 * What BMP version 4 adds (draft-ietf-grow-bmp-tlv, draft-ietf-grow-bmp-path-marking-tlv): indexed
 * TLVs around the UPDATE of a Route Monitoring message.
 *
 * The numbers of these TLVs moved between revisions of the draft, and exporters of several
 * revisions are in use. The message itself shows which one the exporter speaks: the TLV that holds
 * a BGP message is the BGP Message TLV, and its number belongs to one revision. Two revisions share
 * a number; the shapes of other TLVs distinguish those. bmp_v4_parse does this for one message. A
 * caller who keeps the exporter's state passes what earlier messages proved.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "parsers/bmp/bmp.h"

/* Revisions of the draft by their sets of code points. */
enum bmp_v4_revision {
	BMP_V4_REVISION_UNKNOWN, /* only the BGP message is understood */
	BMP_V4_REVISION_17,	 /* -17 and the first -18: BGP Message 1 */
	BMP_V4_REVISION_19,	 /* -18 and -19: BGP Message 4, Stateless Parsing 1 */
	BMP_V4_REVISION_20,	 /* -20: BGP Message 7 */
	BMP_V4_REVISION_21,	 /* -21: BGP Message 4, Group 1 */
	BMP_V4_REVISIONS,
};
/* "draft-ietf-grow-bmp-tlv-21" and the like, "unknown". */
const char *bmp_v4_revision_name(enum bmp_v4_revision);

enum bmp_v4_kind {
	BMP_V4_UNKNOWN,
	BMP_V4_MESSAGE,
	BMP_V4_GROUP,
	BMP_V4_TABLE_NAME,
	BMP_V4_STATELESS,
	BMP_V4_PATH_STATUS,
	BMP_V4_SEQUENCE,
	BMP_V4_EXTENDED_FLAGS,
	BMP_V4_TIMESTAMP,
	BMP_V4_KINDS,
};
/* "bgp_message", "group" and the like, "unknown". */
const char *bmp_v4_kind_name(enum bmp_v4_kind);
/* The code point of a kind in a revision, 0 when it has none. */
uint16_t bmp_v4_code(enum bmp_v4_revision, enum bmp_v4_kind);

enum { BMP_V4_GROUP_BIT = 0x8000, BMP_V4_ENTERPRISE_BIT = 0x8000 };

struct bmp_v4_tlv {
	uint16_t type; /* without the E bit */
	bool enterprise;
	uint32_t pen;
	uint16_t index;	     /* 0: all NLRI; with BMP_V4_GROUP_BIT: a group; else the n-th NLRI */
	struct cursor value; /* without the PEN */
};
/* Next TLV of a version 4 message; indexed in Route Monitoring only (4.1 to 4.4). false at the end
 * or with a fault; offsets count from start. */
bool bmp_v4_tlv_next(
    struct cursor *, const uint8_t *start, bool indexed, struct bmp_v4_tlv *, struct faults *);

enum { BMP_V4_ADDPATHS = 16, BMP_V4_GROUPS = 32 };

/* A Route Monitoring message of version 4. Borrows from the message. */
struct bmp_v4 {
	enum bmp_v4_revision revision;
	bool revision_proved;  /* by this message, not by an earlier one and not by default */
	bool revision_doubted; /* a hint against what earlier messages proved: too weak alone */
	bool update_inline;    /* the UPDATE stood bare in front of the TLVs, as in first drafts */
	bool x_flag;	       /* the header says that an Extended Flags TLV is there */
	uint8_t flags;	       /* per-peer flags to go by: that TLV's, else the header's */
	struct cursor message; /* the BGP message with its header */
	struct cursor tlvs;    /* all of them, the BGP message's too */
	struct cursor table_name; /* VRF/Table Name for all NLRI; empty when none */
	bool has_sequence;
	uint64_t sequence;
	/* Stateless Parsing (5.2.3): with any such TLV the OPENs of the Peer Up do not count */
	bool stateless, stateless_as4;
	uint8_t addpaths_n;
	struct bgp_addpath addpaths[BMP_V4_ADDPATHS];
	uint16_t indexed_n; /* TLVs that are not for all NLRI */
	uint16_t unknown_n; /* TLVs kept and not understood */
	uint16_t status_n;  /* Path Status TLVs */
	/* The first groups: so few that a search stays cheap whatever the message holds. When there
	 * are more, a search walks over all TLVs. */
	bool groups_more;
	uint8_t groups_n;
	struct {
		uint16_t index;
		struct cursor members; /* NLRI, 2 octets each */
	} groups[BMP_V4_GROUPS];
};

/* known: what earlier messages of the session proved, else BMP_V4_REVISION_UNKNOWN. false and
 * FAULT_BMP_NO_MESSAGE when there is no BGP message. */
bool bmp_v4_parse(
    const struct bmp_msg *, enum bmp_v4_revision known, struct bmp_v4 *, struct faults *);

/* What a TLV of this message is. An enterprise's is always unknown. */
enum bmp_v4_kind bmp_v4_kind_of(const struct bmp_v4 *, const struct bmp_v4_tlv *);

/* Does the UPDATE have path ids for the family, by its Stateless Parsing TLVs? Presence counts,
 * whatever the send/receive value. */
bool bmp_v4_addpath(const struct bmp_v4 *, struct bgp_family);

/* Path Status (draft-ietf-grow-bmp-path-marking-tlv): bits and why. */
struct bmp_path_status {
	uint32_t status; /* BMP_PATH_ bits */
	bool has_reason;
	uint16_t reason;
};
enum { BMP_PATH_STATUS_BITS = 12 };
const char *bmp_path_status_name(unsigned bit); /* 0: "invalid"; NULL when not known */
const char *bmp_path_reason_name(uint16_t reason);
/* value: of a Path Status TLV. */
struct bmp_path_status bmp_path_status_read(struct cursor value);

/* The status of the n-th NLRI (from 1): its own, else its group's, else that of all. false when
 * nothing is said of it. Walks over the TLVs. */
bool bmp_v4_path_status(const struct bmp_v4 *, unsigned n, struct bmp_path_status *);

/* TLVs whose index is no NLRI of nlri_n and no group, and groups that hold such: to be ignored (6).
 * Not to be asked when the NLRI cannot be counted (4.3). */
unsigned bmp_v4_bad_indexes(const struct bmp_v4 *, unsigned nlri_n);
