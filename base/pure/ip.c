#include "base/pure/ip.h"

#include "base/pure/text.h"

/* Clear every bit from `len` on. */
static void
clear_host_bits(uint8_t b[16], unsigned len)
{
	unsigned at = len / 8;

	if (at < 16 && len % 8 != 0) {
		b[at] &= (uint8_t)(0xff00U >> (len % 8));
		at++;
	}
	if (at < 16)
		memset(b + at, 0, 16 - at);
}

bool
ip_prefix_make(struct ip_prefix *out, uint8_t family, const uint8_t *octets, unsigned len)
{
	if (len > ip_bits(family))
		return false;
	out->family = family;
	out->len = (uint8_t)len;
	memcpy(out->b, octets, (len + 7) / 8);
	clear_host_bits(out->b, len); /* and all behind them */
	return true;
}

/* Four decimal octets without leading zeros, and nothing behind them. */
static bool
parse_v4(const char *s, uint8_t out[4])
{
	for (int i = 0; i < 4; i++) {
		const char *first = s;
		unsigned v = 0;

		for (; *s >= '0' && *s <= '9' && s - first < 3; s++)
			v = v * 10 + (unsigned)(*s - '0');
		if (s == first || v > 255 || (*first == '0' && s - first > 1))
			return false;
		if (*s++ != (i < 3 ? '.' : '\0'))
			return false;
		out[i] = (uint8_t)v;
	}
	return true;
}

static int
hex_digit(char c)
{
	return c >= '0' && c <= '9'   ? c - '0'
	       : c >= 'a' && c <= 'f' ? c - 'a' + 10
	       : c >= 'A' && c <= 'F' ? c - 'A' + 10
				      : -1;
}

/* One to four hexadecimal digits; returns what follows them, NULL when there are none. */
static const char *
parse_group(const char *s, uint8_t out[2])
{
	const char *first = s;
	unsigned v = 0;

	for (; hex_digit(*s) >= 0 && s - first < 4; s++)
		v = v << 4 | (unsigned)hex_digit(*s);
	out[0] = (uint8_t)(v >> 8);
	out[1] = (uint8_t)v;
	return s > first ? s : NULL;
}

/* RFC 4291 2.2: groups, "::" once for at least one group of zeros, perhaps IPv4 at the end. */
static bool
parse_v6(const char *s, uint8_t out[16])
{
	enum { NO_GAP = 17 };
	size_t n = 0, gap = NO_GAP;

	while (*s != '\0' || n == 0) {
		if (s[0] == ':' && s[1] == ':') {
			if (gap != NO_GAP)
				return false;
			gap = n;
			s += 2;
			if (*s == '\0')
				break;
		} else if (n > 0 && *s++ != ':') {
			return false;
		}
		if (n <= 12 && parse_v4(s, out + n)) {
			n += 4;
			break;
		}
		if (n == 16 || (s = parse_group(s, out + n)) == NULL)
			return false;
		n += 2;
	}
	if (gap == NO_GAP || n == 16)
		return gap == NO_GAP && n == 16;
	memmove(out + 16 - (n - gap), out + gap, n - gap);
	memset(out + gap, 0, 16 - n);
	return true;
}

bool
ip_addr_parse(const char *text, struct ip_addr *out)
{
	memset(out, 0, sizeof(*out));
	if (parse_v4(text, out->b)) {
		out->family = IP_V4;
		return true;
	}
	if (parse_v6(text, out->b)) {
		out->family = IP_V6;
		return true;
	}
	return false;
}

/* One to three digits and nothing else. */
static bool
parse_len(const char *text, unsigned *len)
{
	unsigned v = 0;

	if (text[0] == '\0' || strlen(text) > 3)
		return false;
	for (; *text != '\0'; text++) {
		if (*text < '0' || *text > '9')
			return false;
		v = v * 10 + (unsigned)(*text - '0');
	}
	*len = v;
	return true;
}

bool
ip_prefix_parse(const char *text, bool strict, struct ip_prefix *out)
{
	char host[IP_ADDR_TEXT_MAX];
	const char *slash = strchr(text, '/');
	size_t n = slash != NULL ? (size_t)(slash - text) : strlen(text);
	struct ip_addr addr;
	unsigned len;

	if (n >= sizeof(host))
		return false;
	memcpy(host, text, n);
	host[n] = '\0';
	if (!ip_addr_parse(host, &addr))
		return false;
	len = ip_bits(addr.family);
	if (slash != NULL && (!parse_len(slash + 1, &len) || len > ip_bits(addr.family)))
		return false;
	ip_prefix_make(out, addr.family, addr.b, len);
	return !strict || memcmp(out->b, addr.b, 16) == 0;
}

const char *
ip_addr_format(const struct ip_addr *a, char *buf)
{
	struct txt t = txt_of(buf, IP_ADDR_TEXT_MAX);

	txt_ip(&t, a);
	return buf;
}

const char *
ip_prefix_format(const struct ip_prefix *p, char *buf)
{
	struct txt t = txt_of(buf, IP_PREFIX_TEXT_MAX);

	txt_ip_prefix(&t, p);
	return buf;
}

bool
ip_prefix_covers(const struct ip_prefix *outer, const struct ip_prefix *inner)
{
	unsigned whole = outer->len / 8, rest = outer->len % 8;

	if (outer->family != inner->family || outer->len > inner->len)
		return false;
	if (memcmp(outer->b, inner->b, whole) != 0)
		return false;
	return rest == 0 || ((outer->b[whole] ^ inner->b[whole]) & (0xff00U >> rest) & 0xff) == 0;
}

int
ip_prefix_cmp(const struct ip_prefix *x, const struct ip_prefix *y)
{
	int d;

	if (x->family != y->family)
		return x->family < y->family ? -1 : 1;
	d = memcmp(x->b, y->b, 16);
	if (d != 0)
		return d;
	return x->len < y->len ? -1 : x->len > y->len;
}

bool
ip_addr_equal(const struct ip_addr *x, const struct ip_addr *y)
{
	return x->family == y->family && memcmp(x->b, y->b, 16) == 0;
}
