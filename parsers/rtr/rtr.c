#include "parsers/rtr/rtr.h"

/* Exact length of a PDU type, 0 when it varies (RFC 8210 section 5; End of Data: by version). */
static uint32_t
length_of(uint8_t version, uint8_t type)
{
	switch (type) {
	case RTR_SERIAL_NOTIFY:
	case RTR_SERIAL_QUERY:
		return 12;
	case RTR_RESET_QUERY:
	case RTR_CACHE_RESPONSE:
	case RTR_CACHE_RESET:
		return 8;
	case RTR_IPV4_PREFIX:
		return 20;
	case RTR_IPV6_PREFIX:
		return 32;
	case RTR_END_OF_DATA:
		return version == RTR_V0 ? 12 : 24;
	default:
		return 0;
	}
}

int64_t
rtr_frame(const uint8_t *buf, size_t len, struct faults *f)
{
	uint32_t n;

	if (len < RTR_HEADER_LEN)
		return 0;
	n = be32(buf + 4);
	if (n < RTR_HEADER_LEN || n > RTR_PDU_MAX) {
		fault_add(f, FAULT_RTR_LENGTH, buf[1], 4);
		return -1;
	}
	return n;
}

static bool
parse_prefix(struct cursor *r, struct rtr_pdu *p, struct faults *f)
{
	uint8_t family = p->type == RTR_IPV4_PREFIX ? IP_V4 : IP_V6, len;
	size_t width = ip_bits(family) / 8;
	const uint8_t *addr;

	p->prefix.announce = cur_u8(r) & 1;
	len = cur_u8(r);
	p->prefix.max_len = cur_u8(r);
	cur_u8(r);
	addr = cur_take(r, width);
	p->prefix.asn = cur_u32(r);
	if (addr == NULL || len > p->prefix.max_len || p->prefix.max_len > ip_bits(family)) {
		fault_add(f, FAULT_RTR_VALUE, p->type, 9);
		return false;
	}
	ip_prefix_make(&p->prefix.ip, family, addr, len);
	p->prefix.host_bits = memcmp(p->prefix.ip.b, addr, width) != 0;
	return true;
}

/*
 * Up to draft -10, and so by StayRTR 0.5: flags, family and a count of providers in front of the
 * customer, and no flags in the header; a PDU of today without flags has no providers.
 */
static bool
is_aspa_of_family(struct cursor r, const struct rtr_pdu *p)
{
	uint8_t flags = cur_u8(&r), family = cur_u8(&r);
	size_t n = cur_u16(&r);

	return p->session_id == 0 && flags <= 1 && family <= 1 && p->length == 16 + 4 * n;
}

static bool
parse_aspa_of_family(struct cursor *r, struct rtr_pdu *p)
{
	p->aspa.of_family = true;
	p->aspa.announce = cur_u8(r) & 1;
	cur_take(r, 3);
	p->aspa.customer = cur_u32(r);
	p->aspa.providers = cur_sub(r, p->aspa.announce ? cur_left(r) : 0);
	return !r->failed;
}

/* An announcement has providers, each once and in order; AS 0, which says that there is none, is
 * alone. A withdrawal has none. */
static bool
parse_aspa(struct cursor *r, struct rtr_pdu *p, struct faults *f)
{
	struct cursor rest;
	uint32_t last = 0, n = 0;

	if (is_aspa_of_family(*r, p))
		return parse_aspa_of_family(r, p);
	p->aspa.announce = p->session_id >> 8 & 1; /* flags are where others have a session id */
	p->aspa.customer = cur_u32(r);
	p->aspa.providers = rest = cur_sub(r, cur_left(r));
	if (r->failed || cur_left(&rest) % 4 != 0) {
		fault_add(f, FAULT_RTR_LENGTH, p->type, 4);
		return false;
	}
	for (; cur_left(&rest) > 0; n++) {
		uint32_t provider = cur_u32(&rest);

		if ((n > 0 && provider <= last) || (provider == 0 && cur_left(&rest) > 0)) {
			fault_add(f, FAULT_RTR_PROVIDERS, p->type, 12 + 4 * n);
			return false;
		}
		last = provider;
	}
	if ((n > 0) != p->aspa.announce) {
		fault_add(f, FAULT_RTR_PROVIDERS, p->type, 12);
		return false;
	}
	if (p->aspa.customer == 0) {
		fault_add(f, FAULT_RTR_VALUE, p->type, 8);
		return false;
	}
	return true;
}

static bool
parse_error(struct cursor *r, struct rtr_pdu *p, struct faults *f)
{
	p->error.pdu = cur_sub(r, cur_u32(r));
	p->error.text = cur_sub(r, cur_u32(r));
	if (r->failed || cur_left(r) > 0) {
		fault_add(f, FAULT_RTR_LENGTH, p->type, 8);
		return false;
	}
	return true;
}

bool
rtr_parse(const uint8_t *pdu, size_t len, struct rtr_pdu *p, struct faults *f)
{
	struct cursor r = cur_of(pdu, len);
	uint32_t want;

	memset(p, 0, sizeof(*p));
	p->version = cur_u8(&r);
	p->type = cur_u8(&r);
	p->session_id = cur_u16(&r);
	p->length = cur_u32(&r);
	if (r.failed || p->length != len) {
		fault_add(f, FAULT_RTR_LENGTH, p->type, 4);
		return false;
	}
	want = length_of(p->version, p->type);
	if (want != 0 && want != len) {
		fault_add(f, FAULT_RTR_LENGTH, p->type, 4);
		return false;
	}
	switch (p->type) {
	case RTR_SERIAL_NOTIFY:
	case RTR_SERIAL_QUERY:
		p->serial = cur_u32(&r);
		return true;
	case RTR_RESET_QUERY:
	case RTR_CACHE_RESPONSE:
	case RTR_CACHE_RESET:
		return true;
	case RTR_IPV4_PREFIX:
	case RTR_IPV6_PREFIX:
		return parse_prefix(&r, p, f);
	case RTR_END_OF_DATA:
		p->end_of_data.serial = cur_u32(&r);
		p->end_of_data.has_timers = len == 24;
		if (p->end_of_data.has_timers) {
			p->end_of_data.refresh_s = cur_u32(&r);
			p->end_of_data.retry_s = cur_u32(&r);
			p->end_of_data.expire_s = cur_u32(&r);
		}
		return true;
	case RTR_ROUTER_KEY:
		if (p->version == RTR_V0)
			break;
		if (len < 32) {
			fault_add(f, FAULT_RTR_LENGTH, p->type, 4);
			return false;
		}
		return true;
	case RTR_ASPA:
		if (p->version < RTR_V2)
			break;
		return parse_aspa(&r, p, f);
	case RTR_ERROR_REPORT:
		return parse_error(&r, p, f);
	default:
		break;
	}
	fault_add(f, FAULT_RTR_TYPE, p->type, 1);
	return false;
}

uint16_t
rtr_error_for(uint8_t fault_code)
{
	switch (fault_code) {
	case FAULT_RTR_TYPE:
		return RTR_ERR_UNSUPPORTED_PDU;
	case FAULT_RTR_PROVIDERS:
		return RTR_ERR_PROVIDERS;
	case FAULT_RTR_VERSION:
		return RTR_ERR_UNEXPECTED_VERSION;
	default:
		return RTR_ERR_CORRUPT_DATA;
	}
}

static uint8_t *
put_header(uint8_t *p, uint8_t version, uint8_t type, uint16_t session, uint32_t len)
{
	p[0] = version;
	p[1] = type;
	p[2] = (uint8_t)(session >> 8);
	p[3] = (uint8_t)session;
	return put_be32(p + 4, len);
}

size_t
rtr_write_reset_query(uint8_t buf[8], uint8_t version)
{
	put_header(buf, version, RTR_RESET_QUERY, 0, 8);
	return 8;
}

size_t
rtr_write_serial_query(uint8_t buf[12], uint8_t version, uint16_t session_id, uint32_t serial)
{
	put_be32(put_header(buf, version, RTR_SERIAL_QUERY, session_id, 12), serial);
	return 12;
}

size_t
rtr_write_prefix(uint8_t buf[32], const struct rtr_pdu *p)
{
	bool v6 = p->prefix.ip.family == IP_V6;
	size_t width = v6 ? 16 : 4;
	uint8_t *at = put_header(
	    buf, p->version, v6 ? RTR_IPV6_PREFIX : RTR_IPV4_PREFIX, 0, (uint32_t)(16 + width));

	*at++ = p->prefix.announce;
	*at++ = p->prefix.ip.len;
	*at++ = p->prefix.max_len;
	*at++ = 0;
	memcpy(at, p->prefix.ip.b, width);
	put_be32(at + width, p->prefix.asn);
	return 16 + width;
}

size_t
rtr_write_error(uint8_t *buf, size_t size, uint8_t version, uint16_t code, const void *pdu,
    size_t pdu_len, const char *text)
{
	size_t text_len = text != NULL ? strlen(text) : 0;
	uint8_t *p;

	if (size < 16 + text_len)
		return 0;
	if (pdu_len > size - 16 - text_len)
		pdu_len = size - 16 - text_len;
	p = put_header(buf, version, RTR_ERROR_REPORT, code, (uint32_t)(16 + pdu_len + text_len));
	p = put_be32(p, (uint32_t)pdu_len);
	if (pdu_len > 0)
		memcpy(p, pdu, pdu_len);
	p = put_be32(p + pdu_len, (uint32_t)text_len);
	if (text_len > 0)
		memcpy(p, text, text_len);
	return 16 + pdu_len + text_len;
}

const char *
rtr_type_name(uint8_t type)
{
	static const char *const names[] = { "Serial Notify", "Serial Query", "Reset Query",
		"Cache Response", "IPv4 Prefix", "unassigned", "IPv6 Prefix", "End of Data",
		"Cache Reset", "Router Key", "Error Report", "ASPA" };

	return type < sizeof(names) / sizeof(names[0]) ? names[type] : "unknown";
}

const char *
rtr_error_name(uint16_t code)
{
	static const char *const names[] = { "Corrupt Data", "Internal Error", "No Data Available",
		"Invalid Request", "Unsupported Protocol Version", "Unsupported PDU Type",
		"Withdrawal of Unknown Record", "Duplicate Announcement",
		"Unexpected Protocol Version", "ASPA Provider List Error", "Transport Failure",
		"Ordering Error", "Cache Restart", "Cache Shutdown" };

	return code < sizeof(names) / sizeof(names[0]) ? names[code] : "unknown error";
}
