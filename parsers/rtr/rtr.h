/*
 * RPKI-to-Router PDUs, versions 0, 1 and 2 (RFC 6810, RFC 8210, draft-ietf-sidrops-8210bis):
 * framing, parsing, writing. No state, no allocation.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/pure/cursor.h"
#include "base/pure/ip.h"
#include "parsers/wire/fault.h"

enum { RTR_HEADER_LEN = 8, RTR_PDU_MAX = 65535, RTR_V0 = 0, RTR_V1 = 1, RTR_V2 = 2 };

enum rtr_type {
	RTR_SERIAL_NOTIFY = 0,
	RTR_SERIAL_QUERY = 1,
	RTR_RESET_QUERY = 2,
	RTR_CACHE_RESPONSE = 3,
	RTR_IPV4_PREFIX = 4,
	RTR_IPV6_PREFIX = 6,
	RTR_END_OF_DATA = 7,
	RTR_CACHE_RESET = 8,
	RTR_ROUTER_KEY = 9,
	RTR_ERROR_REPORT = 10,
	RTR_ASPA = 11,
};

enum rtr_error {
	RTR_ERR_CORRUPT_DATA = 0,
	RTR_ERR_INTERNAL = 1,
	RTR_ERR_NO_DATA = 2,
	RTR_ERR_INVALID_REQUEST = 3,
	RTR_ERR_UNSUPPORTED_VERSION = 4,
	RTR_ERR_UNSUPPORTED_PDU = 5,
	RTR_ERR_UNKNOWN_WITHDRAWAL = 6,
	RTR_ERR_DUPLICATE = 7,
	RTR_ERR_UNEXPECTED_VERSION = 8,
	RTR_ERR_PROVIDERS = 9, /* and those below: version 2 */
	RTR_ERR_TRANSPORT = 10,
	RTR_ERR_ORDER = 11,
	RTR_ERR_CACHE_RESTART = 12,
	RTR_ERR_CACHE_SHUTDOWN = 13,
};

struct rtr_pdu {
	uint8_t version, type;
	uint16_t session_id; /* octets 2-3: session id, error code, or zero */
	uint32_t length;
	union {
		uint32_t serial; /* Serial Notify, Serial Query */
		struct {
			uint32_t serial;
			bool has_timers; /* version 1 and later */
			uint32_t refresh_s, retry_s, expire_s;
		} end_of_data;
		struct {
			bool announce;
			bool host_bits; /* some were set; in `ip` they are cleared */
			uint8_t max_len;
			struct ip_prefix ip;
			uint32_t asn;
		} prefix;
		struct {
			bool announce;
			bool of_family; /* as drafts before -11 have it: for IPv4 or IPv6 only */
			uint32_t customer;
			/* 4 octets each; ascending, AS 0 only alone, unless of_family; of a
			 * withdrawal none */
			struct cursor providers;
		} aspa; /* version 2 */
		struct {
			struct cursor pdu, text;
		} error;
	};
};

/* Length of the PDU at buf: > 0, 0 for fewer than 8 octets, -1 with a fault when the stream cannot
 * go on. */
int64_t rtr_frame(const uint8_t *buf, size_t len, struct faults *);
/* One whole PDU. false with a fault: which error code a router answers is rtr_error_for(fault). */
bool rtr_parse(const uint8_t *pdu, size_t len, struct rtr_pdu *, struct faults *);
uint16_t rtr_error_for(uint8_t fault_code);

size_t rtr_write_reset_query(uint8_t buf[8], uint8_t version);
size_t rtr_write_serial_query(
    uint8_t buf[12], uint8_t version, uint16_t session_id, uint32_t serial);
/* An IPv4 or IPv6 Prefix from p->version and p->prefix. Returns octets written, 20 or 32. */
size_t rtr_write_prefix(uint8_t buf[32], const struct rtr_pdu *p);
/* pdu: the erroneous one, cut to fit; text: ASCII, may be NULL. Returns octets written, 0 when buf
 * is too small. */
size_t rtr_write_error(uint8_t *buf, size_t size, uint8_t version, uint16_t code, const void *pdu,
    size_t pdu_len, const char *text);
const char *rtr_type_name(uint8_t);
const char *rtr_error_name(uint16_t);
