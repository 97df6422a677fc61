/* UPDATE bodies of one attribute, and what is wrong with them. */
#pragma once

#include "tests/unit/harness.h"

#include "parsers/bgp_update.h"

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

/* Where the value is. */
enum { VALUE_AT = 8 };

static inline struct faults
faults_of(const uint8_t *body, size_t len, const struct bgp_context *ctx)
{
	struct faults f = { .n = 0 };
	struct bgp_update u;

	if (bgp_update_split(rd_of(body, len), &u, &f))
		bgp_update_check(&u, ctx, &f);
	return f;
}

static inline struct faults
faults_with(
    uint8_t flags, uint8_t code, const uint8_t *value, size_t n, const struct bgp_context *ctx)
{
	size_t len;
	uint8_t *body = body_of(flags, code, value, n, &len);
	struct faults f = faults_of(body, len, ctx);

	free(body);
	return f;
}

static inline const char *
first_fault(const struct faults *f)
{
	return f->n > 0 ? fault_name((enum fault_code)f->v[0].code) : "none";
}
