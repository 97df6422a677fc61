/*
 * jw: a streaming JSON writer on an sbuf (RFC 8259). No tree, no state but the comma: objects and
 * arrays may nest JSON_DEPTH_MAX deep. Strings are made valid UTF-8: what is not becomes U+FFFD,
 * control characters and those that cannot be seen or deceive (base/pure/utf8.h) are escaped. One
 * object on one line; the caller adds the newline.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/sbuf.h"

enum { JSON_DEPTH_MAX = 32 };

struct jw {
	struct sbuf *out;
	unsigned depth;
	uint32_t has_item; /* bit n: something was written on level n */
};

static inline struct jw
jw_to(struct sbuf *out)
{
	return (struct jw){ .out = out };
}

/* `key` is NULL inside arrays and at the top. */
void jw_object(struct jw *, const char *key);
void jw_array(struct jw *, const char *key);
void jw_end_object(struct jw *);
void jw_end_array(struct jw *);
void jw_string(struct jw *, const char *key, const char *value);
void jw_string_n(struct jw *, const char *key, const char *value, size_t len);
void jw_stringf(struct jw *, const char *key, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));
void jw_uint(struct jw *, const char *key, uint64_t value);
void jw_int(struct jw *, const char *key, int64_t value);
void jw_bool(struct jw *, const char *key, bool value);
void jw_null(struct jw *, const char *key);
/* Microseconds since 1970 as RFC 3339 in UTC with microseconds; null for 0. */
void jw_time_us(struct jw *, const char *key, int64_t us);
