#include "base/jw.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/pure/utf8.h"

static void
put_escaped(struct sbuf *out, unsigned char c)
{
	switch (c) {
	case '"':
		sbuf_puts(out, "\\\"");
		break;
	case '\\':
		sbuf_puts(out, "\\\\");
		break;
	case '\n':
		sbuf_puts(out, "\\n");
		break;
	case '\t':
		sbuf_puts(out, "\\t");
		break;
	case '\r':
		sbuf_puts(out, "\\r");
		break;
	default:
		sbuf_printf(out, "\\u%04x", c);
	}
}

/* A character that is not to be seen, in UTF-16 (RFC 8259 7): programs lose nothing, and nobody is
 * deceived by a terminal. */
static void
put_code(struct sbuf *out, uint32_t code)
{
	if (code < 0x10000)
		sbuf_printf(out, "\\u%04x", code);
	else
		sbuf_printf(out, "\\u%04x\\u%04x", 0xd800 + ((code - 0x10000) >> 10),
		    0xdc00 + (code & 0x3ff));
}

static void
put_string(struct sbuf *out, const char *text, size_t len)
{
	const unsigned char *p = (const unsigned char *)text, *end = p + len;

	sbuf_putc(out, '"');
	while (p < end) {
		const unsigned char *run = p;
		size_t n;

		while (p < end && *p >= 0x20 && *p < 0x7f && *p != '"' && *p != '\\')
			p++;
		sbuf_add(out, run, (size_t)(p - run));
		if (p == end)
			break;
		if (*p < 0x80) {
			put_escaped(out, *p++);
		} else if ((n = utf8_visible_len(p, (size_t)(end - p))) > 0) {
			sbuf_add(out, p, n);
			p += n;
		} else if ((n = utf8_len(p, (size_t)(end - p))) > 0) {
			put_code(out, utf8_code(p));
			p += n;
		} else {
			sbuf_puts(out, "\xef\xbf\xbd");
			p++;
		}
	}
	sbuf_putc(out, '"');
}

static void
put_key(struct jw *j, const char *key)
{
	if (j->has_item & (1U << j->depth))
		sbuf_putc(j->out, ',');
	j->has_item |= 1U << j->depth;
	if (key != NULL) {
		put_string(j->out, key, strlen(key));
		sbuf_putc(j->out, ':');
	}
}

static void
open_level(struct jw *j, const char *key, char c)
{
	put_key(j, key);
	assert(j->depth + 1 < JSON_DEPTH_MAX);
	j->depth++;
	j->has_item &= ~(1U << j->depth);
	sbuf_putc(j->out, c);
}

void
jw_object(struct jw *j, const char *key)
{
	open_level(j, key, '{');
}

void
jw_array(struct jw *j, const char *key)
{
	open_level(j, key, '[');
}

void
jw_end_object(struct jw *j)
{
	assert(j->depth > 0);
	j->depth--;
	sbuf_putc(j->out, '}');
}

void
jw_end_array(struct jw *j)
{
	assert(j->depth > 0);
	j->depth--;
	sbuf_putc(j->out, ']');
}

void
jw_string_n(struct jw *j, const char *key, const char *value, size_t len)
{
	put_key(j, key);
	put_string(j->out, value, len);
}

void
jw_string(struct jw *j, const char *key, const char *value)
{
	jw_string_n(j, key, value, strlen(value));
}

void
jw_stringf(struct jw *j, const char *key, const char *fmt, ...)
{
	char text[1024];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	jw_string(j, key, text);
}

void
jw_uint(struct jw *j, const char *key, uint64_t value)
{
	put_key(j, key);
	sbuf_printf(j->out, "%llu", (unsigned long long)value);
}

void
jw_int(struct jw *j, const char *key, int64_t value)
{
	put_key(j, key);
	sbuf_printf(j->out, "%lld", (long long)value);
}

void
jw_bool(struct jw *j, const char *key, bool value)
{
	put_key(j, key);
	sbuf_puts(j->out, value ? "true" : "false");
}

void
jw_null(struct jw *j, const char *key)
{
	put_key(j, key);
	sbuf_puts(j->out, "null");
}

void
jw_time_us(struct jw *j, const char *key, int64_t us)
{
	char text[CLOCK_TEXT_MAX];

	if (us == 0)
		jw_null(j, key);
	else
		jw_string(j, key, clock_format_us(us, 6, text));
}
