/* What the files of bmp_dissect share; others include bmp/dissect.h. */
#pragma once

#include "parsers/bmp/v4.h"
#include "parsers/wire/dissect.h"

/* RFC 3339, UTC, with microseconds. */
void bmp_dissect_time(struct field_sink *, const char *name, uint32_t sec, uint32_t usec);
/* Text from the wire; as octets, too, when it is too long to be shown. */
void bmp_dissect_string(struct field_sink *, const char *name, struct cursor);
/* Next TLV of either version; false at the end, and *left is what is no TLV. */
bool bmp_dissect_next(
    struct cursor *, unsigned version, bool indexed, struct bmp_v4_tlv *, struct cursor *left);
