/*
 * NOTIFICATION (RFC 4271 4.5): why a session ends. The codes and subcodes are listed here, with
 * their names. Nothing here allocates.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/pure/cursor.h"
#include "parsers/wire/fault.h"

/* RFC 4271 6, RFC 4486 3, RFC 5492 5, RFC 6608 3, RFC 7313 5, RFC 8538 3, RFC 9234 4.2, RFC 9384 3,
 * RFC 9687 4.3 */
#define BGP_NOTIFICATION_MAP(X)                                                                    \
	X(NOTIFY_HEADER, 1, "Message Header Error")                                                \
	X(NOTIFY_OPEN, 2, "OPEN Message Error")                                                    \
	X(NOTIFY_UPDATE, 3, "UPDATE Message Error")                                                \
	X(NOTIFY_HOLD_TIMER, 4, "Hold Timer Expired")                                              \
	X(NOTIFY_FSM, 5, "FSM Error")                                                              \
	X(NOTIFY_CEASE, 6, "Cease")                                                                \
	X(NOTIFY_REFRESH, 7, "ROUTE-REFRESH Message Error")                                        \
	X(NOTIFY_SEND_HOLD_TIMER, 8, "Send Hold Timer Expired")

/*      code, subcode, its number, name */
#define BGP_NOTIFICATION_SUBCODE_MAP(X)                                                            \
	X(NOTIFY_HEADER, HEADER_ERROR_SYNC, 1, "Connection Not Synchronized")                      \
	X(NOTIFY_HEADER, HEADER_ERROR_LENGTH, 2, "Bad Message Length")                             \
	X(NOTIFY_HEADER, HEADER_ERROR_TYPE, 3, "Bad Message Type")                                 \
	X(NOTIFY_OPEN, OPEN_ERROR_VERSION, 1, "Unsupported Version")                               \
	X(NOTIFY_OPEN, OPEN_ERROR_AS, 2, "Bad Peer AS")                                            \
	X(NOTIFY_OPEN, OPEN_ERROR_BGP_ID, 3, "Bad BGP Identifier")                                 \
	X(NOTIFY_OPEN, OPEN_ERROR_PARAMETER, 4, "Unsupported Optional Parameter")                  \
	X(NOTIFY_OPEN, OPEN_ERROR_AUTHENTICATION, 5, "Authentication Failure (deprecated)")        \
	X(NOTIFY_OPEN, OPEN_ERROR_HOLD_TIME, 6, "Unacceptable Hold Time")                          \
	X(NOTIFY_OPEN, OPEN_ERROR_CAPABILITY, 7, "Unsupported Capability")                         \
	X(NOTIFY_OPEN, OPEN_ERROR_FAMILY, 8, "AFI/SAFI Not Supported")                             \
	X(NOTIFY_OPEN, OPEN_ERROR_ROLE, 11, "Role Mismatch")                                       \
	X(NOTIFY_UPDATE, UPDATE_ERROR_LIST, 1, "Malformed Attribute List")                         \
	X(NOTIFY_UPDATE, UPDATE_ERROR_UNKNOWN, 2, "Unrecognized Well-known Attribute")             \
	X(NOTIFY_UPDATE, UPDATE_ERROR_MISSING, 3, "Missing Well-known Attribute")                  \
	X(NOTIFY_UPDATE, UPDATE_ERROR_FLAGS, 4, "Attribute Flags Error")                           \
	X(NOTIFY_UPDATE, UPDATE_ERROR_LENGTH, 5, "Attribute Length Error")                         \
	X(NOTIFY_UPDATE, UPDATE_ERROR_ORIGIN, 6, "Invalid ORIGIN")                                 \
	X(NOTIFY_UPDATE, UPDATE_ERROR_LOOP, 7, "AS Routing Loop (deprecated)")                     \
	X(NOTIFY_UPDATE, UPDATE_ERROR_NEXT_HOP, 8, "Invalid NEXT_HOP")                             \
	X(NOTIFY_UPDATE, UPDATE_ERROR_OPTIONAL, 9, "Optional Attribute Error")                     \
	X(NOTIFY_UPDATE, UPDATE_ERROR_NLRI, 10, "Invalid Network Field")                           \
	X(NOTIFY_UPDATE, UPDATE_ERROR_AS_PATH, 11, "Malformed AS_PATH")                            \
	X(NOTIFY_FSM, FSM_ERROR_OPEN_SENT, 1, "in OpenSent")                                       \
	X(NOTIFY_FSM, FSM_ERROR_OPEN_CONFIRM, 2, "in OpenConfirm")                                 \
	X(NOTIFY_FSM, FSM_ERROR_ESTABLISHED, 3, "in Established")                                  \
	X(NOTIFY_CEASE, CEASE_MAX_PREFIXES, 1, "Maximum Number of Prefixes Reached")               \
	X(NOTIFY_CEASE, CEASE_SHUTDOWN, 2, "Administrative Shutdown")                              \
	X(NOTIFY_CEASE, CEASE_DECONFIGURED, 3, "Peer De-configured")                               \
	X(NOTIFY_CEASE, CEASE_RESET, 4, "Administrative Reset")                                    \
	X(NOTIFY_CEASE, CEASE_REJECTED, 5, "Connection Rejected")                                  \
	X(NOTIFY_CEASE, CEASE_CONFIGURATION, 6, "Other Configuration Change")                      \
	X(NOTIFY_CEASE, CEASE_COLLISION, 7, "Connection Collision Resolution")                     \
	X(NOTIFY_CEASE, CEASE_RESOURCES, 8, "Out of Resources")                                    \
	X(NOTIFY_CEASE, CEASE_HARD_RESET, 9, "Hard Reset")                                         \
	X(NOTIFY_CEASE, CEASE_BFD_DOWN, 10, "BFD Down")                                            \
	X(NOTIFY_REFRESH, REFRESH_ERROR_LENGTH, 1, "Invalid Message Length")

#define BGP_NOTIFICATION_CODE(id, number, name) id = number,
enum bgp_notification_code { BGP_NOTIFICATION_MAP(BGP_NOTIFICATION_CODE) };
#undef BGP_NOTIFICATION_CODE

#define BGP_NOTIFICATION_SUBCODE(code, id, number, name) id = number,
enum bgp_notification_subcode { BGP_NOTIFICATION_SUBCODE_MAP(BGP_NOTIFICATION_SUBCODE) };
#undef BGP_NOTIFICATION_SUBCODE

struct bgp_notification {
	uint8_t code, subcode;
	struct cursor data; /* in the octets given */
	/* shutdown communication (RFC 9003) of CEASE_SHUTDOWN and CEASE_RESET; empty when there is
	 * none, or none that is valid */
	struct cursor text;
};

/* Parses the body of a NOTIFICATION. false when it is shorter than two octets; a fault is noted. */
bool bgp_notification_parse(struct cursor body, struct bgp_notification *, struct faults *);

/* "Cease/Administrative Shutdown" and the like, or the number of what is not registered. Into buf,
 * which it returns. */
const char *bgp_notification_name(uint8_t code, uint8_t subcode, char *buf, size_t size);
