/* What the files of version 4 share; others include bmp/v4.h. */
#pragma once

#include "parsers/bmp/v4.h"

/* Do the octets begin with the marker of a BGP message? */
bool bmp_v4_has_marker(struct cursor);

/* Find the TLV that holds the BGP message; returns its type, 0 when there is none. A TLV whose
 * length is the message's is preferred to one with a marker alone. */
uint16_t bmp_v4_find_message(struct cursor tlvs, const uint8_t *start, struct cursor *message);

/* Set v->revision and v->revision_proved from the type of the BGP Message TLV and the shape of the
 * others. */
void bmp_v4_find_revision(
    struct bmp_v4 *, uint16_t code, const uint8_t *start, bool x_flag, enum bmp_v4_revision known);
