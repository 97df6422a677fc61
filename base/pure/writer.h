/*
 * writer: a cursor for writing, the inverse of cursor.h. It borrows the caller's buffer; after the
 * first octet that does not fit it has failed, writes nothing more, and its length is 0: the caller
 * asks once, at the end.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct writer {
	uint8_t *start, *pos, *end;
	bool failed;
};

/* A writer into buf, which is borrowed. */
struct writer wr_of(void *buf, size_t size);
/* Octets written; 0 when something did not fit. */
size_t wr_len(const struct writer *);
/* Append an integer, big-endian, or octets. */
void wr_u8(struct writer *, uint8_t);
void wr_u16(struct writer *, uint16_t);
void wr_u32(struct writer *, uint32_t);
void wr_u64(struct writer *, uint64_t);
void wr_bytes(struct writer *, const void *, size_t);
/* Where the next octet goes, counted from the start. */
size_t wr_here(const struct writer *);
/* Fill in a 2-octet length at `at` that counts from `from` to here. */
void wr_patch_u16(struct writer *, size_t at, size_t from);
