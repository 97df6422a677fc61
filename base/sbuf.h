/*
 * sbuf: a growing byte buffer with a limit given at birth. Growing past it, or out of memory, sets
 * `failed` and leaves what was there; nothing written after that is kept. Text writers terminate
 * with NUL outside of `len`.
 */
#pragma once

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct sbuf {
	char *data; /* NULL until the first write */
	size_t len, cap, max;
	bool failed;
};

static inline struct sbuf
sbuf_of(size_t max)
{
	return (struct sbuf){ .max = max };
}

/* Free its memory; it is empty then, with the same limit. */
void sbuf_free(struct sbuf *);
/* Empty it, keep the memory, forget a failure. */
void sbuf_clear(struct sbuf *);
/* Room for n more octets at the end; NULL when over the limit. The caller then adds what it wrote
 * to len. */
void *sbuf_reserve(struct sbuf *, size_t n);
/* Append octets, a text, a character or formatted text. Over the limit, or out of memory, nothing
 * is appended and `failed` is set. */
void sbuf_add(struct sbuf *, const void *data, size_t n);
void sbuf_puts(struct sbuf *, const char *text);
void sbuf_putc(struct sbuf *, char c);
void sbuf_printf(struct sbuf *, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
void sbuf_vprintf(struct sbuf *, const char *fmt, va_list) __attribute__((format(printf, 2, 0)));
/* Drop n octets from the front; the rest moves down. */
void sbuf_drop(struct sbuf *, size_t n);
/* The text, never NULL. */
const char *sbuf_text(const struct sbuf *);
