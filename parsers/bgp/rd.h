/* Route distinguishers in text (RFC 4364 4.2). */
#pragma once

#include <stdint.h>

#include "base/pure/text.h"

enum { BGP_RD_LEN = 8, BGP_RD_TEXT_MAX = 32 };

/* "64500:100", "192.0.2.1:100", "65536:100"; of an unknown type its octets with colons between. */
void bgp_rd_text(struct txt *, const uint8_t rd[BGP_RD_LEN]);
/* As the name of a peer, into buf of BGP_RD_TEXT_MAX: of an unknown type it is 0x and 16 digits,
 * which cannot be mistaken for an address. Returns buf. */
const char *bgp_rd_format(const uint8_t rd[BGP_RD_LEN], char *buf);
