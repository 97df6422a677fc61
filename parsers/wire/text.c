#include "parsers/wire/text.h"

#include <stdarg.h>
#include <stdio.h>

struct txt
txt_of(char *buf, size_t size)
{
	buf[0] = '\0';
	return (struct txt){ .start = buf, .at = buf, .end = buf + size - 1 };
}

void
txt_putf(struct txt *t, const char *fmt, ...)
{
	size_t room = (size_t)(t->end - t->at);
	va_list ap;
	int n;

	va_start(ap, fmt);
	n = vsnprintf(t->at, room + 1, fmt, ap);
	va_end(ap);
	if (n < 0)
		return;
	if ((size_t)n > room) {
		t->cut = true;
		t->at = t->end;
	} else {
		t->at += n;
	}
}

void
txt_puts(struct txt *t, const char *s)
{
	size_t n = strlen(s), room = (size_t)(t->end - t->at);

	if (n > room) {
		t->cut = true;
		n = room;
	}
	memcpy(t->at, s, n);
	t->at += n;
	*t->at = '\0';
}

void
txt_sep(struct txt *t, const char *separator)
{
	if (t->at > t->start)
		txt_puts(t, separator);
}

void
txt_ipv4(struct txt *t, const uint8_t a[4])
{
	txt_putf(t, "%u.%u.%u.%u", a[0], a[1], a[2], a[3]);
}

/* The longest run of two or more zero groups, the first of equals (RFC 5952 4.2). */
static unsigned
longest_zeros(const uint8_t a[16], unsigned *length)
{
	unsigned best = 8, best_n = 1;

	for (unsigned i = 0; i < 8;) {
		unsigned n = 0;

		while (i + n < 8 && be16(a + 2 * (i + n)) == 0)
			n++;
		if (n > best_n) {
			best = i;
			best_n = n;
		}
		i += n + 1;
	}
	*length = best_n;
	return best;
}

void
txt_ipv6(struct txt *t, const uint8_t a[16])
{
	static const uint8_t mapped[12] = { [10] = 0xff, [11] = 0xff };
	unsigned run, at = longest_zeros(a, &run);

	if (memcmp(a, mapped, sizeof(mapped)) == 0) {
		txt_puts(t, "::ffff:");
		txt_ipv4(t, a + 12);
		return;
	}
	for (unsigned i = 0; i < 8; i++) {
		if (i == at) {
			txt_puts(t, "::");
			i += run - 1;
			continue;
		}
		txt_putf(t, "%s%x", i > 0 && i != at + run ? ":" : "", be16(a + 2 * i));
	}
}

void
txt_address(struct txt *t, struct cursor r)
{
	if (cur_left(&r) == 4)
		txt_ipv4(t, r.pos);
	else if (cur_left(&r) == 16)
		txt_ipv6(t, r.pos);
	else
		txt_hex(t, r);
}

void
txt_prefix(struct txt *t, bool v6, const uint8_t *addr, unsigned len)
{
	uint8_t whole[16] = { 0 };
	unsigned octets = (len + 7) / 8;

	if (octets > (v6 ? 16U : 4U)) {
		txt_putf(t, "bad length %u", len);
		return;
	}
	if (octets > 0)
		memcpy(whole, addr, octets);
	if (len % 8 != 0)
		whole[octets - 1] &= (uint8_t)(0xff00U >> (len % 8));
	if (v6)
		txt_ipv6(t, whole);
	else
		txt_ipv4(t, whole);
	txt_putf(t, "/%u", len);
}

void
txt_colons(struct txt *t, const uint8_t *p, size_t n)
{
	for (size_t i = 0; i < n; i++)
		txt_putf(t, "%s%02x", i > 0 ? ":" : "", p[i]);
}

void
txt_rd(struct txt *t, const uint8_t rd[8])
{
	switch (be16(rd)) {
	case 0:
		txt_putf(t, "%u:%u", be16(rd + 2), be32(rd + 4));
		break;
	case 1:
		txt_ipv4(t, rd + 2);
		txt_putf(t, ":%u", be16(rd + 6));
		break;
	case 2:
		txt_putf(t, "%u:%u", be32(rd + 2), be16(rd + 6));
		break;
	default:
		txt_colons(t, rd, 8);
	}
}

void
txt_hex(struct txt *t, struct cursor r)
{
	static const char digits[] = "0123456789abcdef";

	for (const uint8_t *p = r.pos; p < r.end; p++) {
		char pair[3] = { digits[*p >> 4], digits[*p & 15], '\0' };

		txt_puts(t, pair);
		if (t->cut)
			return;
	}
}

/* What turns the direction of text (UAX 9), breaks its lines, or is not seen: a name with it is not
 * the name it looks like. U+061C, U+200B to 200F, U+2028 to 202E, U+2060 to 206F, U+FEFF. */
static bool
deceives(const uint8_t *p)
{
	if (p[0] == 0xe2)
		return (p[1] == 0x80 &&
			   ((p[2] >= 0x8b && p[2] <= 0x8f) || (p[2] >= 0xa8 && p[2] <= 0xae))) ||
		       (p[1] == 0x81 && p[2] >= 0xa0 && p[2] <= 0xaf);
	return (p[0] == 0xd8 && p[1] == 0x9c) || (p[0] == 0xef && p[1] == 0xbb && p[2] == 0xbf);
}

size_t
txt_character(const uint8_t *p, size_t left)
{
	size_t n = p[0] < 0x80 ? 1 : p[0] >= 0xf0 ? 4 : p[0] >= 0xe0 ? 3 : 2;

	if (p[0] < 0x80)
		return p[0] >= 0x20 && p[0] != 0x7f;
	if (p[0] < 0xc2 || p[0] > 0xf4 || n > left)
		return 0;
	for (size_t i = 1; i < n; i++)
		if ((p[i] & 0xc0) != 0x80)
			return 0;
	if ((p[0] == 0xe0 && p[1] < 0xa0) || (p[0] == 0xed && p[1] > 0x9f) ||
	    (p[0] == 0xf0 && p[1] < 0x90) || (p[0] == 0xf4 && p[1] > 0x8f))
		return 0;
	if (p[0] == 0xc2 && p[1] < 0xa0) /* C1 controls */
		return 0;
	return deceives(p) ? 0 : n;
}

void
txt_string(struct txt *t, struct cursor r)
{
	while (cur_left(&r) > 0 && !t->cut) {
		size_t n = txt_character(r.pos, cur_left(&r));

		if (n == 0 || r.pos[0] == '\\') {
			txt_putf(t, "\\x%02x", cur_u8(&r));
		} else if (n > (size_t)(t->end - t->at)) {
			t->cut = true;
		} else {
			memcpy(t->at, cur_take(&r, n), n);
			t->at += n;
			*t->at = '\0';
		}
	}
}
