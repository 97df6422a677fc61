/*
 * option_rows: the parts of a row of the table of options (options.h). That the type of the member
 * fits is checked when it is compiled.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "collector/config/options.h"

/* clang-format off */
#define OFFSET(owner, member, wanted) _Generic(((owner *)0)->member, \
	wanted: offsetof(owner, member))
#define OFFSET_UNSIGNED(owner, member) _Generic(((owner *)0)->member, \
	uint8_t: offsetof(owner, member), \
	uint16_t: offsetof(owner, member), \
	uint32_t: offsetof(owner, member), \
	uint64_t: offsetof(owner, member))
/* clang-format on */
#define UNSIGNED(owner, member)                                                                    \
	.at = OFFSET_UNSIGNED(owner, member), .size = sizeof(((owner *)0)->member)

#define NUMBER(key, owner, member, least, most, otherwise)                                         \
	.name = key, .type = OPTION_NUMBER, UNSIGNED(owner, member), .min = least, .max = most,    \
	.number = otherwise
#define CHOICE(key, owner, member, names, first, last, otherwise)                                  \
	.name = key, .type = OPTION_CHOICE, UNSIGNED(owner, member), .word = names, .min = first,  \
	.max = last, .number = otherwise
#define TEXT(key, owner, member, longest, otherwise)                                               \
	.name = key, .type = OPTION_TEXT, .at = OFFSET(owner, member, const char *),               \
	.max = longest, .text = otherwise
#define ASN(key, owner, member)                                                                    \
	.name = key, .type = OPTION_ASN, .at = OFFSET(owner, member, uint32_t)
#define DATE(key, owner, member)                                                                   \
	.name = key, .type = OPTION_DATE, .at = OFFSET(owner, member, uint32_t)
#define ADDRESS(key, owner, member)                                                                \
	.name = key, .type = OPTION_ADDRESS, .at = OFFSET(owner, member, struct ip_addr)
#define PREFIX(key, owner, member)                                                                 \
	.name = key, .type = OPTION_PREFIX, .at = OFFSET(owner, member, struct ip_prefix)
#define COUNTED(owner, member, element)                                                            \
	.at = OFFSET(owner, member, const element *), .size = sizeof(element),                     \
	.count = OFFSET(owner, member##_n, size_t)
#define LIST(key, owner, member, element, row)                                                     \
	.name = key, .type = OPTION_LIST, COUNTED(owner, member, element), .item = &(row)
#define ROWS(table)	     .type = OPTION_MAP, .rows = (table), .rows_n = sizeof(table) / sizeof(*(table))
#define SECTION(key, table)  .name = key, ROWS(table)
#define DEFAULT_LIST(values) .items = (values), .items_n = sizeof(values) / sizeof(*(values))
#define GIVEN(owner, member) .has_given = true, .given = OFFSET(owner, member, bool)
#define RESTART		     .restart = true
#define NEEDED		     .need = NEED_THIS
#define ONE_NEEDED	     .need = NEED_ONE_OF_THESE
