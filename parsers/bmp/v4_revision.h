/* What bmp/v4.c and bmp/v4_revision.c share; others include bmp/v4.h. */
#pragma once

#include "parsers/bmp/v4.h"

bool bmp_v4_has_marker(struct cursor);

/* The type of the TLV that holds the BGP message, 0 when there is none. An exact length is better
 * than a marker alone. */
uint16_t bmp_v4_find_message(struct cursor tlvs, const uint8_t *start, struct cursor *message);

/* Sets v->revision and v->revision_proved from the type of the BGP Message TLV and the shape of the
 * others.
 */
void bmp_v4_find_revision(
    struct bmp_v4 *, uint16_t code, const uint8_t *start, bool x_flag, enum bmp_v4_revision known);
