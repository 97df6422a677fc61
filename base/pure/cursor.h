/*
 * cursor: borrowed bytes with one bounds check.
 *
 * The only place in all parsers where lengths are compared. After the first read past the end the
 * cursor has failed, stands at its end, and every further read yields zeros: loops end by
 * themselves and the caller asks `failed` once, before the first effect. Bytes are borrowed from
 * the caller's buffer and valid as long as that is.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "base/pure/bytes.h"

struct cursor {
	const uint8_t *pos, *end;
	bool failed;
};

/* data may be NULL when len is 0. */
static inline struct cursor
cur_of(const void *data, size_t len)
{
	const uint8_t *at = data;

	return (struct cursor){ .pos = at, .end = len > 0 ? at + len : at, .failed = false };
}

static inline size_t
cur_left(const struct cursor *r)
{
	return (size_t)(r->end - r->pos);
}

/* n octets, or NULL when fewer are left. Of none there are always enough, also when the cursor has
 * failed: where n may be 0, ask `failed`. */
static inline const uint8_t *
cur_take(struct cursor *r, size_t n)
{
	const uint8_t *at = r->pos;

	if (n > (size_t)(r->end - r->pos)) {
		r->failed = true;
		r->pos = r->end;
		return NULL;
	}
	r->pos += n;
	return at;
}

/* The next n octets, copied; `to` is left as it is when fewer are left. */
static inline void
cur_copy(struct cursor *r, void *to, size_t n)
{
	const uint8_t *at = cur_take(r, n);

	if (at != NULL)
		memcpy(to, at, n);
}

/* A cursor over the next n octets; it cannot read its neighbour. Empty and failed when they are
 * short. */
static inline struct cursor
cur_sub(struct cursor *r, size_t n)
{
	const uint8_t *at = cur_take(r, n);

	if (at == NULL)
		return (struct cursor){ .pos = r->end, .end = r->end, .failed = true };
	return (struct cursor){ .pos = at, .end = at + n, .failed = false };
}

static inline uint8_t
cur_u8(struct cursor *r)
{
	const uint8_t *p = cur_take(r, 1);

	return p != NULL ? p[0] : 0;
}

static inline uint16_t
cur_u16(struct cursor *r)
{
	const uint8_t *p = cur_take(r, 2);

	return p != NULL ? be16(p) : 0;
}

static inline uint32_t
cur_u32(struct cursor *r)
{
	const uint8_t *p = cur_take(r, 4);

	return p != NULL ? be32(p) : 0;
}

static inline uint64_t
cur_u64(struct cursor *r)
{
	const uint8_t *p = cur_take(r, 8);

	return p != NULL ? be64(p) : 0;
}
