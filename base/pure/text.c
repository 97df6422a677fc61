#include "base/pure/text.h"

#include <stdarg.h>
#include <stdio.h>

#include "base/pure/utf8.h"

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
	bool mixed = memcmp(a, mapped, sizeof(mapped)) == 0 || (at == 0 && run == 6);

	for (unsigned i = 0; i < 8; i++) {
		if (i == at) {
			txt_puts(t, "::");
			i += run - 1;
			continue;
		}
		if (i > 0 && i != at + run)
			txt_puts(t, ":");
		if (i == 6 && mixed) {
			txt_ipv4(t, a + 12);
			return;
		}
		txt_putf(t, "%x", be16(a + 2 * i));
	}
}

void
txt_ip(struct txt *t, const struct ip_addr *a)
{
	if (a->family == IP_V4)
		txt_ipv4(t, a->b);
	else if (a->family == IP_V6)
		txt_ipv6(t, a->b);
	else
		txt_puts(t, "-");
}

void
txt_ip_prefix(struct txt *t, const struct ip_prefix *p)
{
	struct ip_addr a = { .family = p->family };

	memcpy(a.b, p->b, sizeof(a.b));
	txt_ip(t, &a);
	if (p->family != IP_NONE)
		txt_putf(t, "/%u", p->len);
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
txt_prefix(struct txt *t, uint8_t family, const uint8_t *octets, unsigned len)
{
	struct ip_prefix p = { .family = family, .len = (uint8_t)len };
	unsigned n = (len + 7) / 8;

	if (n > ip_bits(family) / 8) {
		txt_putf(t, "bad length %u", len);
		return;
	}
	if (n > 0)
		memcpy(p.b, octets, n);
	if (len % 8 != 0)
		p.b[n - 1] &= (uint8_t)(0xff00U >> (len % 8));
	txt_ip_prefix(t, &p);
}

void
txt_colons(struct txt *t, const uint8_t *p, size_t n)
{
	for (size_t i = 0; i < n; i++)
		txt_putf(t, "%s%02x", i > 0 ? ":" : "", p[i]);
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

void
txt_string(struct txt *t, struct cursor r)
{
	while (cur_left(&r) > 0 && !t->cut) {
		size_t n = utf8_visible_len(r.pos, cur_left(&r));

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

void
text_copy(char *to, size_t size, const char *from)
{
	size_t n = strnlen(from, size);

	if (n == size) {
		n = size - 1;
		while (n > 0 && ((unsigned char)from[n] & 0xc0) == 0x80)
			n--;
	}
	memcpy(to, from, n);
	to[n] = '\0';
}

void
text_end_with(char *text, size_t size, const char *tail)
{
	size_t len = strlen(text), tail_len = strlen(tail), at;

	if (size <= tail_len)
		return;
	at = len < size - 1 - tail_len ? len : size - 1 - tail_len;
	while (at > 0 && at < len && ((unsigned char)text[at] & 0xc0) == 0x80)
		at--;
	memcpy(text + at, tail, tail_len + 1);
}

unsigned
text_distance(const char *a, const char *b)
{
	unsigned row[64], n = (unsigned)strlen(b);

	if (n >= 63 || strlen(a) >= 63)
		return 99;
	for (unsigned j = 0; j <= n; j++)
		row[j] = j;
	for (unsigned i = 1; a[i - 1] != '\0'; i++) {
		unsigned diagonal = row[0];

		row[0] = i;
		for (unsigned j = 1; j <= n; j++) {
			unsigned up = row[j], best = diagonal + (a[i - 1] != b[j - 1]);

			if (up + 1 < best)
				best = up + 1;
			if (row[j - 1] + 1 < best)
				best = row[j - 1] + 1;
			diagonal = up;
			row[j] = best;
		}
	}
	return row[n];
}
