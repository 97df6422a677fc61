/* UPDATE bodies of one attribute, and what is wrong with them. */
#pragma once

#include "tests/unit/support/harness.h"

#include "parsers/bgp/update.h"

/* An UPDATE body of one attribute, extended length always. Yours. */
static inline uint8_t *
body_of(uint8_t flags, uint8_t code, const uint8_t *value, size_t n, size_t *len)
{
	uint8_t head[] = { 0, 0, (uint8_t)((n + 4) >> 8), (uint8_t)(n + 4),
		(uint8_t)(flags | ATTR_EXTENDED), code, (uint8_t)(n >> 8), (uint8_t)n };
	uint8_t *body = malloc(sizeof(head) + n);

	ck_assert_ptr_nonnull(body);
	memcpy(body, head, sizeof(head));
	if (n > 0)
		memcpy(body + sizeof(head), value, n);
	*len = sizeof(head) + n;
	return body;
}

/*
 * The same with what belongs to a route behind it, so that nothing is missing and there is
 * something to withdraw: ORIGIN, an empty AS_PATH and a multicast prefix, a VPN one for D_PATH;
 * with MP_REACH_NLRI a prefix in the classic field. Yours.
 */
static inline uint8_t *
route_of(uint8_t flags, uint8_t code, const uint8_t *value, size_t n, size_t *len)
{
	static const uint8_t origin[] = { 0x40, 1, 1, 0 }, path[] = { 0x40, 2, 0 },
			     next_hop[] = { 0x40, 3, 4, 192, 0, 2, 1 }, classic[] = { 8, 10 },
			     multicast[] = { 0x80, 14, 11, 0, 1, 2, 4, 192, 0, 2, 1, 0, 8, 10 },
			     vpn[] = { 0x80, 14, 19, 0, 1, 128, 12, 0, 0, 0, 0, 0, 0, 0, 0, 192, 0,
				     2, 1, 0, 8, 10 };
	uint8_t *body = body_of(flags, code, value, n, len), *at;
	size_t attrs;

	body = realloc(body, *len + 64);
	ck_assert_ptr_nonnull(body);
	at = body + *len;
#define PUT(octets) (memcpy(at, octets, sizeof(octets)), at += sizeof(octets))
	if (code != 1)
		PUT(origin);
	if (code != 2 && code != 33) /* BGPSEC_PATH takes its place */
		PUT(path);
	if (code == 14)
		PUT(next_hop);
	else if (code == 36)
		PUT(vpn);
	else
		PUT(multicast);
	attrs = (size_t)(at - body) - 4;
	body[2] = (uint8_t)(attrs >> 8);
	body[3] = (uint8_t)attrs;
	if (code == 14)
		PUT(classic);
#undef PUT
	*len = (size_t)(at - body);
	return body;
}

/* Where the value is. */
enum { VALUE_AT = 8 };

static inline struct faults
faults_of(const uint8_t *body, size_t len, const struct bgp_context *ctx)
{
	struct faults f = { .n = 0 };
	struct bgp_update u;

	if (bgp_update_split(cur_of(body, len), &u, &f))
		bgp_update_check(&u, ctx, &f);
	return f;
}

/* Of a route with this attribute. */
static inline struct faults
faults_with(
    uint8_t flags, uint8_t code, const uint8_t *value, size_t n, const struct bgp_context *ctx)
{
	size_t len;
	uint8_t *body = route_of(flags, code, value, n, &len);
	struct faults f = faults_of(body, len, ctx);

	free(body);
	return f;
}

static inline const char *
first_fault(const struct faults *f)
{
	return f->n > 0 ? fault_name((enum fault_code)f->v[0].code) : "none";
}
