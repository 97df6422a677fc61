#include "base/sbuf.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void
sbuf_free(struct sbuf *b)
{
	free(b->data);
	*b = sbuf_of(b->max);
}

void
sbuf_clear(struct sbuf *b)
{
	b->len = 0;
	b->failed = false;
	if (b->data != NULL)
		b->data[0] = '\0';
}

void *
sbuf_reserve(struct sbuf *b, size_t n)
{
	size_t need = b->len + n + 1; /* one more for the NUL */

	if (b->failed || n > b->max || b->len + n > b->max) {
		b->failed = true;
		return NULL;
	}
	if (need > b->cap) {
		size_t cap = b->cap < 128 ? 256 : b->cap * 2;
		char *data;

		while (cap < need)
			cap *= 2;
		data = realloc(b->data, cap);
		if (data == NULL) {
			b->failed = true;
			return NULL;
		}
		b->data = data;
		b->cap = cap;
	}
	return b->data + b->len;
}

void
sbuf_add(struct sbuf *b, const void *data, size_t n)
{
	void *at = sbuf_reserve(b, n);

	if (at == NULL)
		return;
	if (n > 0)
		memcpy(at, data, n);
	b->len += n;
	b->data[b->len] = '\0';
}

void
sbuf_puts(struct sbuf *b, const char *text)
{
	sbuf_add(b, text, strlen(text));
}

void
sbuf_putc(struct sbuf *b, char c)
{
	sbuf_add(b, &c, 1);
}

void
sbuf_vprintf(struct sbuf *b, const char *fmt, va_list ap)
{
	char small[256];
	va_list again;
	int n;

	va_copy(again, ap);
	n = vsnprintf(small, sizeof(small), fmt, ap);
	if (n >= 0 && (size_t)n < sizeof(small)) {
		sbuf_add(b, small, (size_t)n);
	} else if (n >= 0) {
		char *at = sbuf_reserve(b, (size_t)n);

		if (at != NULL) {
			vsnprintf(at, (size_t)n + 1, fmt, again);
			b->len += (size_t)n;
		}
	}
	va_end(again);
}

void
sbuf_printf(struct sbuf *b, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	sbuf_vprintf(b, fmt, ap);
	va_end(ap);
}

void
sbuf_drop(struct sbuf *b, size_t n)
{
	if (n >= b->len) {
		b->len = 0;
	} else {
		memmove(b->data, b->data + n, b->len - n);
		b->len -= n;
	}
	if (b->data != NULL)
		b->data[b->len] = '\0';
}

const char *
sbuf_text(const struct sbuf *b)
{
	return b->data != NULL ? b->data : "";
}
