/*
 * json: a streaming JSON writer on an sbuf (RFC 8259). No tree, no state but the comma: objects and
 * arrays may nest JSON_DEPTH_MAX deep. Strings are made valid UTF-8: what is not becomes U+FFFD,
 * control characters are escaped. One object on one line; the caller adds the newline.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/sbuf.h"

enum { JSON_DEPTH_MAX = 32 };

struct json {
	struct sbuf *out;
	unsigned depth;
	uint32_t has_item; /* bit n: something was written on level n */
};

static inline struct json
json_to(struct sbuf *out)
{
	return (struct json){ .out = out };
}

/* `key` is NULL inside arrays and at the top. */
void json_object(struct json *, const char *key);
void json_array(struct json *, const char *key);
void json_end_object(struct json *);
void json_end_array(struct json *);
void json_string(struct json *, const char *key, const char *value);
void json_string_n(struct json *, const char *key, const char *value, size_t len);
void json_stringf(struct json *, const char *key, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));
void json_uint(struct json *, const char *key, uint64_t value);
void json_int(struct json *, const char *key, int64_t value);
void json_double(struct json *, const char *key, double value, int decimals);
void json_bool(struct json *, const char *key, bool value);
void json_null(struct json *, const char *key);
/* Microseconds since 1970 as RFC 3339 in UTC with microseconds; null for 0. */
void json_time_us(struct json *, const char *key, int64_t us);
