/* AS paths written as people write them. */
#pragma once

#include <stdlib.h>

#include "base/pure/writer.h"
#include "parsers/bgp/update.h"

/* "64510 (65001 65002) {1,2}" as an AS_PATH value; of a bracketed segment every number is one. */
static inline struct cursor
path_of(const char *text, uint8_t *buf, size_t size)
{
	struct writer w = wr_of(buf, size);
	size_t count_at = 0;
	uint8_t count = 0, type = 0;

	while (*text != '\0') {
		uint8_t wanted = *text == '('	? AS_CONFED_SEQUENCE
				 : *text == '[' ? AS_CONFED_SET
				 : *text == '{' ? AS_SET
						: AS_SEQUENCE;

		if (*text == ')' || *text == ']' || *text == '}') {
			type = 0;
		} else if (wanted != AS_SEQUENCE) {
			type = wanted;
			wr_u8(&w, type);
			count_at = wr_here(&w);
			wr_u8(&w, count = 0);
		} else if (*text >= '0' && *text <= '9') {
			char *end;

			if (type == 0) {
				type = AS_SEQUENCE;
				wr_u8(&w, type);
				count_at = wr_here(&w);
				wr_u8(&w, count = 0);
			}
			wr_u32(&w, (uint32_t)strtoul(text, &end, 10));
			buf[count_at] = ++count;
			text = end - 1;
		}
		text++;
	}
	return cur_of(buf, wr_len(&w));
}
