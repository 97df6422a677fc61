/* A cache's side of RTR, for tests: PDUs appended to a buffer. */
#pragma once

#include <string.h>

#include "base/sbuf.h"
#include "collector/rpki/vrp.h"
#include "parsers/rtr/rtr.h"

static inline void
pdu_u32(struct sbuf *b, uint32_t v)
{
	uint8_t o[4] = { (uint8_t)(v >> 24), (uint8_t)(v >> 16), (uint8_t)(v >> 8), (uint8_t)v };

	sbuf_add(b, o, 4);
}

static inline void
pdu_header(struct sbuf *b, uint8_t version, uint8_t type, uint16_t session, uint32_t len)
{
	uint8_t o[4] = { version, type, (uint8_t)(session >> 8), (uint8_t)session };

	sbuf_add(b, o, 4);
	pdu_u32(b, len);
}

static inline void
pdu_response(struct sbuf *b, uint8_t version, uint16_t session)
{
	pdu_header(b, version, RTR_CACHE_RESPONSE, session, 8);
}

static inline void
pdu_notify(struct sbuf *b, uint8_t version, uint16_t session, uint32_t serial)
{
	pdu_header(b, version, RTR_SERIAL_NOTIFY, session, 12);
	pdu_u32(b, serial);
}

static inline void
pdu_prefix(struct sbuf *b, uint8_t version, const struct vrp *v, bool announce)
{
	bool v6 = v->prefix.family == IP_V6;
	uint8_t o[4] = { announce, v->prefix.len, v->max_len, 0 };

	pdu_header(b, version, v6 ? RTR_IPV6_PREFIX : RTR_IPV4_PREFIX, 0, v6 ? 32 : 20);
	sbuf_add(b, o, 4);
	sbuf_add(b, v->prefix.b, v6 ? 16 : 4);
	pdu_u32(b, v->asn);
}

static inline void
pdu_end(struct sbuf *b, uint8_t version, uint16_t session, uint32_t serial, uint32_t refresh,
    uint32_t retry, uint32_t expire)
{
	pdu_header(b, version, RTR_END_OF_DATA, session, version == RTR_V0 ? 12 : 24);
	pdu_u32(b, serial);
	if (version == RTR_V0)
		return;
	pdu_u32(b, refresh);
	pdu_u32(b, retry);
	pdu_u32(b, expire);
}

/* providers: n of them; none: a withdrawal. */
static inline void
pdu_aspa(struct sbuf *b, uint32_t customer, const uint32_t *providers, uint32_t n)
{
	pdu_header(b, RTR_V2, RTR_ASPA, n > 0 ? 0x100 : 0, 12 + 4 * n);
	pdu_u32(b, customer);
	for (uint32_t i = 0; i < n; i++)
		pdu_u32(b, providers[i]);
}

/* As drafts up to -10 had it: family 0 is IPv4, 1 IPv6. */
static inline void
pdu_aspa_of_family(
    struct sbuf *b, uint8_t family, uint32_t customer, const uint32_t *providers, uint8_t n)
{
	uint8_t o[4] = { n > 0, family, 0, n };

	pdu_header(b, RTR_V2, RTR_ASPA, 0, 16 + 4U * n);
	sbuf_add(b, o, 4);
	pdu_u32(b, customer);
	for (uint32_t i = 0; i < n; i++)
		pdu_u32(b, providers[i]);
}

static inline void
pdu_error(struct sbuf *b, uint8_t version, uint16_t code, const char *text)
{
	uint8_t o[256];

	sbuf_add(b, o, rtr_write_error(o, sizeof(o), version, code, NULL, 0, text));
}
