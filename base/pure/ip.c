#include "base/pure/ip.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct ip_addr
ip_addr_v4(const uint8_t octets[4])
{
	struct ip_addr a = { .family = IP_V4 };

	memcpy(a.b, octets, 4);
	return a;
}

struct ip_addr
ip_addr_v6(const uint8_t octets[16])
{
	struct ip_addr a = { .family = IP_V6 };

	memcpy(a.b, octets, 16);
	return a;
}

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
	memset(out, 0, sizeof(*out));
	out->family = family;
	out->len = (uint8_t)len;
	memcpy(out->b, octets, (len + 7) / 8);
	clear_host_bits(out->b, len);
	return true;
}

bool
ip_addr_parse(const char *text, struct ip_addr *out)
{
	memset(out, 0, sizeof(*out));
	if (inet_pton(AF_INET, text, out->b) == 1) {
		out->family = IP_V4;
		return true;
	}
	if (inet_pton(AF_INET6, text, out->b) == 1) {
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
	int af = a->family == IP_V4 ? AF_INET : AF_INET6;

	if (a->family == IP_NONE || inet_ntop(af, a->b, buf, IP_ADDR_TEXT_MAX) == NULL)
		strcpy(buf, "-");
	return buf;
}

const char *
ip_prefix_format(const struct ip_prefix *p, char *buf)
{
	struct ip_addr a = { .family = p->family };
	size_t n;

	memcpy(a.b, p->b, 16);
	ip_addr_format(&a, buf);
	if (p->family == IP_NONE)
		return buf;
	n = strlen(buf);
	snprintf(buf + n, IP_PREFIX_TEXT_MAX - n, "/%u", p->len);
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
