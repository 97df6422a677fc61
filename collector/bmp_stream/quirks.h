/*
 * Known deviations that were understood. The name is the contract of `bellman decode --summary`;
 * docs/QUIRKS.md says who does it, how it is seen and what is done.
 */
#pragma once

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
	X(QUIRK_PEER_V_FLAG_WRONG, "peer-v-flag-wrong",                                            \
	    "address of a peer is of another family than the V flag says")                         \
	X(QUIRK_PEER_ADDRESS_LEFT, "peer-address-left",                                            \
	    "IPv4 address of a peer in the first four octets of its field")                        \
	X(QUIRK_LABEL_STACK_UNEXPECTED, "label-stack-unexpected",                                  \
	    "several labels before a prefix, not negotiated")                                      \
	X(QUIRK_LABEL_BOTTOM_MISSING, "label-bottom-missing",                                      \
	    "last label before a prefix without the bottom-of-stack bit")                          \
	X(QUIRK_LABEL_STACK_WITHDRAWN, "label-stack-withdrawn",                                    \
	    "several labels before a withdrawn prefix")                                            \
	X(QUIRK_V4_TLV_UNKNOWN, "v4-tlv-unknown", "version 4 TLV that is not understood")

enum bmp_quirk {
#define BMP_QUIRK_X(code, name, text) code,
	BMP_QUIRK_MAP(BMP_QUIRK_X)
#undef BMP_QUIRK_X
	    BMP_QUIRKS
};
_Static_assert(BMP_QUIRKS <= 64, "bmp_peer.quirks has 64 bits");
/* "unknown" and "unknown quirk" for a number that is none. */
const char *bmp_quirk_name(enum bmp_quirk);
const char *bmp_quirk_text(enum bmp_quirk);
