/*
 * bmp_stream: one router's BMP conversation. Bytes in, facts out through callbacks.
 *
 * It frames in place, reads each message, keeps the peers of the session with what their OPENs say,
 * decides how each UPDATE has to be read (AS width, path ids: negotiated, then verified by
 * self-consistency, RFC 7911), and counts. It keeps no routes, reads no clock, touches no socket.
 * One bad message never ends the stream while framing holds. Versions 3 and 4 may be mixed.
 *
 *        feed(bytes) --> frame --> bmp_parse --> peer --> callback
 *
 * Peers are keyed by type, distinguisher and address (for Loc-RIB also by BGP ID, RFC 9069 6.1.1),
 * never by the L and O flags. A Route Monitoring message for a peer never announced makes an
 * implicit peer (quirk).
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "parsers/bgp/update.h"
#include "parsers/bmp/bmp.h"
#include "parsers/bmp/v4.h"

/* Known deviations that were understood. The name is the contract of `bellman decode --summary`;
 * docs/QUIRKS.md says who does it, how it is seen and what is done. */
#define BMP_QUIRK_MAP(X)                                                                           \
	X(QUIRK_PEER_IMPLICIT, "peer-up-missing", "routes of a peer without Peer Up")              \
	X(QUIRK_PEER_UP_REPEATED, "peer-up-repeated", "further Peer Up for a peer that is up")     \
	X(QUIRK_PEER_DOWN_UNKNOWN, "peer-down-never-up", "Peer Down of a peer that was not up")    \
	X(QUIRK_OPEN_EMPTY, "open-empty", "Peer Up holds a bare BGP header as OPEN")               \
	X(QUIRK_AS2_UNFLAGGED, "as-path-2-octet-unflagged",                                        \
	    "2-octet AS_PATH although the A flag is clear")                                        \
	X(QUIRK_AS4_FLAGGED, "as-path-4-octet-flagged",                                            \
	    "4-octet AS_PATH although the A flag is set")                                          \
	X(QUIRK_AS_AMBIGUOUS, "as-path-ambiguous",                                                 \
	    "AS_PATH that reads with 2 and with 4 octets an AS")                                   \
	X(QUIRK_ADDPATH_ABSENT, "add-path-absent", "path ids negotiated, not sent")                \
	X(QUIRK_ADDPATH_UNEXPECTED, "add-path-unexpected", "path ids sent, not negotiated")        \
	X(QUIRK_ADDPATH_AMBIGUOUS, "add-path-ambiguous", "reads with and without path ids")        \
	X(QUIRK_TIMESTAMP_ZERO, "timestamp-zero", "per-peer time not available")                   \
	X(QUIRK_TIMESTAMP_OFF, "timestamp-off", "router's time a day or more from ours")           \
	X(QUIRK_PEER_TYPE_0_NULL, "peer-null-address",                                             \
	    "global instance peer 0.0.0.0 (pseudo peer)")                                          \
	X(QUIRK_NEXT_HOP_ABSENT, "next-hop-absent",                                                \
	    "no NEXT_HOP in a view that the router makes itself")                                  \
	X(QUIRK_AFTER_TERMINATION, "after-termination", "message after Termination")               \
	X(QUIRK_BEFORE_INITIATION, "before-initiation", "message before Initiation")               \
	X(QUIRK_PEER_DOWN_REPEATED, "peer-down-repeated",                                          \
	    "further Peer Down of a peer that is down")                                            \
	X(QUIRK_ROUTES_AFTER_DOWN, "routes-after-peer-down", "routes of a peer that is down")      \
	X(QUIRK_NOTIFICATION_MISSING, "notification-missing",                                      \
	    "Peer Down reason 1 or 3 without its NOTIFICATION")                                    \
	X(QUIRK_TIMESTAMP_ANCIENT, "timestamp-before-2000", "uptime or boot clock sent as time")   \
	X(QUIRK_TIMESTAMP_MICROS, "timestamp-microseconds", "microseconds of a second or more")    \
	X(QUIRK_FLAGS_DIFFER, "peer-flags-differ",                                                 \
	    "routes have another L or F flag than every Peer Up of the peer")                      \
	X(QUIRK_TRAILING, "trailing-octets", "octets after the BGP message")                       \
	X(QUIRK_LENGTH_ZERO, "length-zero", "BMP header with length 0: framing is lost")           \
	X(QUIRK_SYS_NAME_EMPTY, "sys-name-empty", "Initiation without a sysName")                  \
	X(QUIRK_SYS_NAME_CHANGED, "sys-name-changed", "a later Initiation has another sysName")    \
	X(QUIRK_STAT_PRIVATE, "statistics-private", "statistics type of the experimental range")   \
	X(QUIRK_STAT_UNKNOWN, "statistics-unknown", "statistics type that is not registered")      \
	X(QUIRK_STAT_LENGTH, "statistics-length",                                                  \
	    "statistics value of another length than registered")                                  \
	X(QUIRK_LOC_RIB_NULL_ID, "loc-rib-null-id", "Loc-RIB Peer Up with AS 0 or BGP ID 0.0.0.0") \
	X(QUIRK_TABLE_NAME_ABSENT, "table-name-absent", "Loc-RIB Peer Up without a table name")    \
	X(QUIRK_OPEN_NO_CAPABILITIES, "open-no-capabilities",                                      \
	    "one OPEN of the Peer Up has no capability, the other has")                            \
	X(QUIRK_WITHDRAWALS_ONLY, "withdrawals-only",                                              \
	    "a view that only withdraws: announcements are sent as withdrawals")                   \
	X(QUIRK_OWN_AS_FIRST, "as-path-own-as-first",                                              \
	    "the router's own AS in front of the AS_PATH it received")                             \
	X(QUIRK_MIRROR_LOST, "mirroring-messages-lost", "the router could not mirror everything")  \
	X(QUIRK_V4_CODE_POINTS, "v4-older-code-points",                                            \
	    "version 4 TLVs have the numbers of an older draft")                                   \
	X(QUIRK_V4_UPDATE_INLINE, "v4-update-inline",                                              \
	    "version 4 Route Monitoring with a bare UPDATE instead of a BGP Message TLV")          \
	X(QUIRK_V4_INDEX, "v4-index-invalid", "version 4 TLV for an NLRI that is not there")       \
	X(QUIRK_V4_TLV_UNKNOWN, "v4-tlv-unknown", "version 4 TLV that is not understood")

enum bmp_quirk {
#define BMP_QUIRK_X(code, name, text) code,
	BMP_QUIRK_MAP(BMP_QUIRK_X)
#undef BMP_QUIRK_X
	    BMP_QUIRKS
};
_Static_assert(BMP_QUIRKS <= 64, "bmp_peer.quirks has 64 bits");
const char *bmp_quirk_name(enum bmp_quirk);
const char *bmp_quirk_text(enum bmp_quirk);

struct bmp_peer_key {
	uint8_t type;
	uint8_t v6; /* address family of `address` */
	uint8_t distinguisher[8];
	uint8_t address[16]; /* IPv4 in the FIRST four octets */
	uint8_t bgp_id[4];   /* Loc-RIB only, else zero */
};

enum { BMP_TABLE_NAME_MAX = 256, BMP_ADDPATH_STATES = 16 };

/* The views, and what is mirrored of either direction. */
enum { BMP_MEMORIES = BMP_VIEWS + 2 };

/* Path ids of a family as the octets show them. */
struct bmp_addpath_seen {
	uint8_t memory; /* below BMP_MEMORIES */
	bool doubtful;	/* some UPDATE read either way, and was read as said */
	int8_t proofs;	/* above 0: they are there, below: they are not */
	struct bgp_family family;
};

struct bmp_peer {
	struct bmp_peer_key key;
	bool up;       /* between Peer Up and Peer Down */
	bool implicit; /* up without a Peer Up */
	bool was_up;   /* had a Peer Up, or routes, before */
	uint32_t as;   /* remote AS from the per-peer header */
	uint8_t bgp_id[4];
	uint32_t local_as;		  /* from the sent OPEN; 0 when not known */
	uint8_t local_address[16];	  /* IPv4 in the FIRST four octets */
	uint8_t sent_role, received_role; /* enum bgp_role of the two OPENs */
	bool role_conflict;
	/* VRF/Table Name TLVs, sanitised UTF-8, several joined by ", "; "" when none */
	char table_name[BMP_TABLE_NAME_MAX];
	struct bgp_open sent,
	    received;	 /* merged over repeated Peer Ups; cursor members are not kept (empty) */
	uint64_t quirks; /* bit per enum bmp_quirk seen at this peer */
	uint64_t updates, announced, withdrawn, faults;
	void *user; /* the owner's; NULL at first, left alone */
	/* as observed (bmp_stream/encoding.c); private to the stream */
	struct bmp_addpath_seen addpath[BMP_ADDPATH_STATES];
	uint8_t addpath_n;
	uint8_t
	    without_ids[BMP_MEMORIES]; /* UPDATEs that cannot have path ids, as far as counted */
	int8_t as_otherwise[BMP_MEMORIES]; /* above 0: AS numbers are not as wide as is said */
	uint64_t opens; /* what the OPENs of its Peer Up said, in a number; 0: no Peer Up */
	/* what quirks are seen by; private to the stream */
	uint8_t up_flags, flags_noted; /* bit 0: L (Loc-RIB: F) clear, bit 1: set */
	uint8_t views_announcing;      /* bit per view */
	uint16_t only_withdrawn[BMP_VIEWS];
	struct bmp_peer *next;	/* of the list */
	struct bmp_peer *chain; /* of the hash bucket */
};

enum { BMP_TEXT_MAX = 256, BMP_FAMILY_COUNTS = 64 };

struct bmp_family_count {
	struct bgp_family family;
	uint64_t announced, withdrawn, end_of_rib;
};

struct bmp_counters {
	uint64_t bytes;
	uint64_t messages[BMP_TYPES + 1]; /* by enum bmp_type, last: unknown types */
	uint64_t faults[FAULT_CODES];
	uint64_t quirks[BMP_QUIRKS];
	uint64_t skipped; /* messages not used: DROP_MESSAGE faults */
	uint64_t v4;	  /* messages of version 4 */
	unsigned families_n;
	struct bmp_family_count families[BMP_FAMILY_COUNTS];
};

/* One UPDATE, ready to be applied. Valid during the callback. */
struct bmp_update {
	struct bgp_update *bgp; /* split, not checked */
	struct bgp_context context;
	enum bmp_view view;
	bool addpath_classic, addpath_reach, addpath_unreach; /* path ids present in the field */
	uint8_t labels_reach; /* in front of a prefix of MP_REACH_NLRI: as in struct bgp_nlri_how */
	bool is_end_of_rib;
	struct bgp_family end_of_rib;
	int64_t router_us; /* per-peer header time, microseconds since 1970; 0 when not available or
			      implausible */
	struct faults *faults;	 /* of the split; the receiver's check adds to it */
	bool checked, refused;	 /* the receiver's: it has checked, and will not announce */
	bool mirrored;		 /* as it was on the wire of the session, by Route Mirroring */
	const struct bmp_v4 *v4; /* path status, table name, sequence; NULL in version 3 */
};

struct bmp_stream;

struct bmp_stream_ops {
	/* every one may be NULL */
	void (*initiation)(void *ctx, struct bmp_stream *); /* names are in the stream */
	void (*peer_up)(void *ctx, struct bmp_stream *, struct bmp_peer *, int64_t router_us);
	void (*peer_down)(void *ctx, struct bmp_stream *, struct bmp_peer *,
	    const struct bmp_peer_down *, int64_t router_us);
	void (*update)(void *ctx, struct bmp_stream *, struct bmp_peer *, struct bmp_update *);
	void (*statistics)(
	    void *ctx, struct bmp_stream *, struct bmp_peer *, const struct bmp_msg *);
	/*
	 * Each BGP message of a Route Mirroring; type: enum bgp_type, 0 when it is none. update: it
	 * is an UPDATE, to be read as the session's OPENs say and its octets allow; else NULL. Its
	 * faults count from the body of the UPDATE during the call, as in `update`. It is counted
	 * nowhere: the same routes come by Route Monitoring, too.
	 */
	void (*mirrored)(void *ctx, struct bmp_stream *, struct bmp_peer *, const struct bmp_msg *,
	    unsigned type, struct cursor message, struct bmp_update *update);
	/*
	 * It is proved that UPDATEs like this one, of its view (and mirrored like it, or not), have
	 * path ids in this family, or have none, and some before may have been read the other way,
	 * when both ways were possible: routes that were read so are not there.
	 */
	void (*encoding_proved)(void *ctx, struct bmp_stream *, struct bmp_peer *,
	    const struct bmp_update *, struct bgp_family, bool path_ids);
	void (*termination)(void *ctx, struct bmp_stream *, unsigned reason);
	/* after each message, whatever came of it: explanation, tests */
	void (*message)(
	    void *ctx, struct bmp_stream *, const struct bmp_msg *, const struct faults *);
};

struct bmp_stream {
	const struct bmp_stream_ops *ops;
	void *ctx;
	uint32_t message_max; /* longest message accepted */
	bool initiated, terminated;
	bool broken; /* framing lost, feed no more */
	bool stop;   /* set by a callback: feed returns after this message; the owner clears it */
	struct fault broken_by;
	char sys_name[BMP_TEXT_MAX],
	    sys_descr[BMP_TEXT_MAX]; /* sanitised UTF-8, "" when not said */
	struct bmp_peer *peers;	     /* list, newest first */
	unsigned peers_n, peers_max;
	uint64_t peers_refused; /* over peers_max: their messages are counted and skipped */
	struct bmp_counters counters;
	int64_t now_us;
	struct bmp_peer *last;	  /* of the previous message: most streams have runs of one peer */
	struct bmp_peer *current; /* whose this message is; NULL: nobody's, or not known yet */
	enum bmp_v4_revision v4_revision; /* proved by this session's version 4 messages */
	uint8_t v4_doubts;		  /* messages in a row that hint at another */
	struct bmp_peer **buckets;	  /* hash of keys */
	unsigned buckets_n;
};

/* message_max: octets, at least 4096; peers_max: at least 1. Yours to free. NULL when out of
 * memory. */
struct bmp_stream *bmp_stream_new(
    const struct bmp_stream_ops *, void *ctx, uint32_t message_max, unsigned peers_max);
/* Frees the peers, too; their `user` is the owner's business before that. */
void bmp_stream_free(struct bmp_stream *);

/*
 * Read every whole message at buf. Returns the octets consumed; the caller keeps the rest and gives
 * it again with more. Stops early, with whole messages left, when `stop` is set by a callback
 * (back-pressure) or framing is lost. now_us: wall clock of the collector, for plausibility of the
 * router's times.
 */
size_t bmp_stream_feed(struct bmp_stream *, const uint8_t *buf, size_t len, int64_t now_us);

/* Peer of a key, or NULL. */
struct bmp_peer *bmp_stream_peer(struct bmp_stream *, const struct bmp_peer_key *);
bool bmp_peer_key_equal(const struct bmp_peer_key *, const struct bmp_peer_key *);
/* Count routes of a family in the counters and at the peer (the walker of the NLRI calls it; opaque
 * families too). */
void bmp_stream_count(struct bmp_stream *, struct bmp_peer *, struct bgp_family, uint64_t announced,
    uint64_t withdrawn);

/* What a router says, as text fit to be shown: valid UTF-8 without control characters. to: size
 * octets. */
void bmp_text(char *to, size_t size, struct cursor from);
