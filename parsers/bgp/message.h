/*
 * BGP messages (RFC 4271 4.1): the header that all have. Their bodies are in bgp/open.h,
 * bgp/update.h and bgp/notification.h.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "base/pure/cursor.h"
#include "parsers/wire/fault.h"

enum {
	BGP_MARKER_LEN = 16,
	BGP_HEADER_LEN = 19,
	BGP_MESSAGE_MAX = 65535, /* RFC 8654 */
	BGP_AS_TRANS = 23456,	 /* RFC 6793 */
};

extern const uint8_t bgp_marker[BGP_MARKER_LEN]; /* all ones (RFC 4271 4.1) */

enum bgp_type {
	BGP_OPEN = 1,
	BGP_UPDATE = 2,
	BGP_NOTIFICATION = 3,
	BGP_KEEPALIVE = 4,
	BGP_ROUTE_REFRESH = 5
};

/*
 * Checks marker and length of the message at the cursor, returns its type with a cursor over its
 * body (after the 19-octet header), and moves past it. Returns 0 and notes a fault when there is
 * none. *total: octets with header.
 */
unsigned bgp_message(struct cursor *, struct cursor *body, size_t *total, struct faults *);
/*
 * Notes what is wrong with the body of a message that has no more than a length to be right or
 * wrong: KEEPALIVE, ROUTE-REFRESH, and NOTIFICATION (RFC 4271 6.1, RFC 7313 5). Offsets count from
 * the body. OPEN and UPDATE are checked by who reads them, other types by nobody.
 */
void bgp_message_check(unsigned type, struct cursor body, struct faults *);
/* "open", "route_refresh" and the like; NULL for what is not in enum bgp_type. */
const char *bgp_type_name(unsigned type);
