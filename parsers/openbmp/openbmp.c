#include "parsers/openbmp/openbmp.h"

#include "base/pure/text.h"
#include "parsers/bmp/dissect_parts.h"
#include "parsers/bmp/write.h"

enum { LENGTHS_LEN = 12, FLAG_ROUTER = 0x80, FLAG_V6 = 0x40 };

static const uint8_t magic[4] = { 'O', 'B', 'M', 'P' };

static bool
is_text(const uint8_t *buf, size_t n)
{
	return n >= 2 && buf[0] == 'V' && buf[1] == ':';
}

bool
openbmp_begins(const uint8_t *buf, size_t n)
{
	return (n >= 4 && memcmp(buf, magic, 4) == 0) || is_text(buf, n);
}

/* --- text form */

/* Octets up to and with the empty line; 0 when it is not there. */
static size_t
text_header_len(const uint8_t *buf, size_t n)
{
	if (n > OPENBMP_TEXT_MAX)
		n = OPENBMP_TEXT_MAX;
	for (size_t i = 0; i + 1 < n; i++)
		if (buf[i] == '\n' && buf[i + 1] == '\n')
			return i + 2;
	return 0;
}

/* Value of a line of the header, by its name; empty when there is none. */
static struct cursor
text_value(const uint8_t *buf, size_t n, const char *name)
{
	size_t len = strlen(name);

	for (size_t at = 0; at < n;) {
		const uint8_t *end = memchr(buf + at, '\n', n - at);
		size_t line = end != NULL ? (size_t)(end - buf) - at : n - at;

		if (line > len + 1 && memcmp(buf + at, name, len) == 0 && buf[at + len] == ':') {
			struct cursor v = cur_of(buf + at + len + 1, line - len - 1);

			while (cur_left(&v) > 0 && *v.pos == ' ')
				cur_u8(&v);
			return v;
		}
		at += line + 1;
	}
	return cur_of(buf, 0);
}

static bool
text_number(struct cursor v, uint32_t *out)
{
	uint64_t n = 0;
	bool any = false;

	while (cur_left(&v) > 0) {
		uint8_t c = cur_u8(&v);

		if (c < '0' || c > '9' || n > UINT32_MAX)
			return false;
		n = n * 10 + (uint64_t)(c - '0');
		any = true;
	}
	*out = (uint32_t)n;
	return any && n <= UINT32_MAX;
}

static int
hex_digit(uint8_t c)
{
	return c >= '0' && c <= '9'   ? c - '0'
	       : c >= 'a' && c <= 'f' ? c - 'a' + 10
	       : c >= 'A' && c <= 'F' ? c - 'A' + 10
				      : -1;
}

static void
text_hash(struct cursor v, uint8_t out[16])
{
	if (cur_left(&v) != 32)
		return;
	for (int i = 0; i < 16; i++) {
		int high = hex_digit(cur_u8(&v)), low = hex_digit(cur_u8(&v));

		if (high < 0 || low < 0) {
			memset(out, 0, 16);
			return;
		}
		out[i] = (uint8_t)(high << 4 | low);
	}
}

/* "192.0.2.1": the only form that is read; an IPv6 address stays unknown. */
static bool
text_ipv4(struct cursor v, struct ip_addr *out)
{
	uint8_t octets[4];

	for (int i = 0; i < 4; i++) {
		unsigned n = 0, digits = 0;

		while (cur_left(&v) > 0 && *v.pos >= '0' && *v.pos <= '9' && digits < 3) {
			n = n * 10 + cur_u8(&v) - '0';
			digits++;
		}
		if (digits == 0 || n > 255 || (i < 3 && cur_u8(&v) != '.'))
			return false;
		octets[i] = (uint8_t)n;
	}
	if (cur_left(&v) > 0)
		return false;
	*out = ip_addr_v4(octets);
	return true;
}

static bool
parse_text(const uint8_t *msg, size_t len, struct openbmp *m, struct faults *f)
{
	size_t header = text_header_len(msg, len);
	struct cursor version = text_value(msg, header, "V"), r = cur_of(msg, len), ip;
	uint32_t data_len;

	m->text = true;
	cur_take(&r, header);
	if (header == 0 || !text_number(text_value(msg, header, "L"), &data_len) ||
	    data_len != cur_left(&r)) {
		fault_add(f, FAULT_OPENBMP_HEADER, 0, header);
		return false;
	}
	m->major = (uint8_t)(cur_left(&version) > 0 ? *version.pos - '0' : 0);
	m->minor = (uint8_t)(cur_left(&version) > 2 ? version.pos[2] - '0' : 0);
	m->router_message = true;
	m->object = OPENBMP_RAW;
	m->rows = 1;
	text_hash(text_value(msg, header, "C_HASH_ID"), m->collector_hash);
	text_hash(text_value(msg, header, "R_HASH"), m->router_hash);
	text_hash(text_value(msg, header, "R_HASH_ID"), m->router_hash);
	ip = text_value(msg, header, "R_IP");
	if (!text_ipv4(ip, &m->router_ip))
		m->router_group = ip; /* at least its words */
	m->data = r;
	return true;
}

/* --- both */

static int64_t
no_frame(struct faults *f, size_t at)
{
	fault_add(f, FAULT_OPENBMP_HEADER, 0, at);
	return -1;
}

int64_t
openbmp_frame(const uint8_t *buf, size_t len, uint32_t max, struct faults *f)
{
	uint64_t header, data;
	uint32_t n;

	if (len < 2)
		return 0;
	if (is_text(buf, len)) {
		header = text_header_len(buf, len);
		if (header == 0)
			return len < OPENBMP_TEXT_MAX ? 0 : no_frame(f, 0);
		if (!text_number(text_value(buf, (size_t)header, "L"), &n))
			return no_frame(f, 0);
		data = n;
	} else {
		if (memcmp(buf, magic, len < 4 ? len : 4) != 0)
			return no_frame(f, 0);
		if (len < LENGTHS_LEN)
			return 0;
		header = be16(buf + 6);
		data = be32(buf + 8);
		if (buf[4] != 1 || header < OPENBMP_HEADER_MIN)
			return no_frame(f, 4);
	}
	return header + data <= max ? (int64_t)(header + data) : no_frame(f, 8);
}

/* Like a header, in as many octets as there are? "V: 1.7" and a line's end, or the binary form. */
static bool
plausible(const uint8_t *at, size_t n)
{
	static const char text[] = "V: 1.";

	if (at[0] == 'V')
		return memcmp(at, text, n < 5 ? n : 5) == 0 &&
		       (n < 6 || (at[5] >= '0' && at[5] <= '9')) && (n < 7 || at[6] == '\n');
	return memcmp(at, magic, n < 4 ? n : 4) == 0 && (n < 5 || at[4] == 1) &&
	       (n < 8 || be16(at + 6) >= OPENBMP_HEADER_MIN);
}

size_t
openbmp_search(const uint8_t *buf, size_t n, size_t from)
{
	while (from < n && !plausible(buf + from, n - from))
		from++;
	return from < n ? from : n;
}

bool
openbmp_parse(const uint8_t *msg, size_t len, struct openbmp *m, struct faults *f)
{
	struct cursor all = cur_of(msg, len), r = all;
	const uint8_t *router_ip;
	uint16_t header_len;
	uint32_t data_len;

	memset(m, 0, sizeof(*m));
	m->collector_admin_id = m->router_group = m->data = cur_of(all.end, 0);
	if (is_text(msg, len))
		return parse_text(msg, len, m, f);
	cur_take(&r, 4);
	m->major = cur_u8(&r);
	m->minor = cur_u8(&r);
	header_len = cur_u16(&r);
	data_len = cur_u32(&r);
	r = cur_sub(&all, header_len); /* what a later version adds to the header is passed over */
	m->data = all;
	cur_take(&r, LENGTHS_LEN);
	m->flags = cur_u8(&r);
	m->object = cur_u8(&r);
	m->sec = cur_u32(&r);
	m->usec = cur_u32(&r);
	cur_copy(&r, m->collector_hash, 16);
	m->collector_admin_id = cur_sub(&r, cur_u16(&r));
	cur_copy(&r, m->router_hash, 16);
	router_ip = cur_take(&r, 16);
	m->router_group = cur_sub(&r, cur_u16(&r));
	m->rows = cur_u32(&r);
	m->router_message = m->flags & FLAG_ROUTER;
	if (m->router_message && router_ip != NULL)
		m->router_ip = m->flags & FLAG_V6 ? ip_addr_v6(router_ip) : ip_addr_v4(router_ip);
	if (r.failed || cur_left(&all) != data_len) {
		fault_add(f, FAULT_OPENBMP_HEADER, header_len, 6);
		return false;
	}
	if (!m->router_message || m->object != OPENBMP_RAW) {
		fault_add(f, FAULT_OPENBMP_OBJECT, m->object, LENGTHS_LEN);
		return false;
	}
	return true;
}

size_t
openbmp_write_header(void *buf, size_t size, const struct openbmp *m, uint32_t data_len)
{
	size_t admin = cur_left(&m->collector_admin_id), group = cur_left(&m->router_group),
	       len = OPENBMP_HEADER_MIN + admin + group;
	struct writer w = wr_of(buf, size);

	if (admin > UINT16_MAX || group > UINT16_MAX || len > UINT16_MAX)
		return 0;
	wr_bytes(&w, magic, sizeof(magic));
	wr_u8(&w, 1);
	wr_u8(&w, 7);
	wr_u16(&w, (uint16_t)len);
	wr_u32(&w, data_len);
	wr_u8(&w, (uint8_t)(FLAG_ROUTER | (m->router_ip.family == IP_V6 ? FLAG_V6 : 0)));
	wr_u8(&w, OPENBMP_RAW);
	wr_u32(&w, m->sec);
	wr_u32(&w, m->usec);
	wr_bytes(&w, m->collector_hash, 16);
	wr_u16(&w, (uint16_t)admin);
	wr_bytes(&w, m->collector_admin_id.pos, admin);
	wr_bytes(&w, m->router_hash, 16);
	wr_bytes(&w, m->router_ip.b, 16);
	wr_u16(&w, (uint16_t)group);
	wr_bytes(&w, m->router_group.pos, group);
	wr_u32(&w, 1);
	return wr_len(&w);
}

/* --- dissect */

static void
dissect_string(struct field_sink *to, const char *name, struct cursor r)
{
	char text[FIELD_TEXT_MAX];
	struct txt w = txt_of(text, sizeof(text));

	txt_string(&w, r);
	field_text(to, name, text);
}

void
openbmp_dissect(struct field_sink *to, const struct openbmp *m)
{
	char text[64];
	struct txt w = txt_of(text, sizeof(text));

	field_textf(to, "version", "%u.%u", m->major, m->minor);
	if (!m->text) {
		field_textf(to, "flags", "0x%02x", m->flags);
		field_number(to, "object_type", m->object);
		bmp_dissect_time(to, "collector_timestamp", m->sec, m->usec);
	}
	field_hex(to, "collector_hash", cur_of(m->collector_hash, 16));
	if (!m->text)
		dissect_string(to, "collector_admin_id", m->collector_admin_id);
	field_hex(to, "router_hash", cur_of(m->router_hash, 16));
	if (m->router_ip.family != IP_NONE) {
		txt_ip(&w, &m->router_ip);
		field_text(to, "router_ip", text);
	}
	dissect_string(to, "router_group", m->router_group);
	field_number(to, "row_count", m->rows);
	field_hex(to, "data", m->data);
}
