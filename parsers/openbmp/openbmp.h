/*
 * OpenBMP's raw messages: a header, then BMP messages as a router sent them. As on the Kafka topic
 * "openbmp.bmp_raw" of OpenBMP, GoBMP and RouteViews, or one after the other in a file. Two forms:
 * the binary header of version 1.7 (magic "OBMP"), and the text header of 1.x before it ("V: 1.x",
 * then lines up to an empty one). Everything borrows.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/pure/cursor.h"
#include "base/pure/ip.h"
#include "parsers/wire/dissect.h"
#include "parsers/wire/fault.h"

enum {
	OPENBMP_HEADER_MIN = 78, /* of the binary form, with empty texts */
	OPENBMP_TEXT_MAX = 4096, /* of the text form */
	OPENBMP_RAW = 12,	 /* object type */
	OPENBMP_LOOK = 12,	 /* octets by which a header is known */
};

struct openbmp {
	bool text; /* the text form: of the rest, hashes, router_ip, data are known */
	uint8_t major, minor;
	bool router_message; /* flag 0x80 */
	uint8_t flags, object;
	uint32_t sec, usec; /* collector's time; 0/0 not known */
	uint8_t collector_hash[16], router_hash[16];
	struct cursor collector_admin_id;
	struct ip_addr router_ip; /* of no family: not known */
	struct cursor router_group;
	uint32_t rows;
	struct cursor data; /* BMP */
};

/* Could these octets be the beginning of a message? Too few to decide: no. */
bool openbmp_begins(const uint8_t *, size_t n);
/* Where the next message may begin, at `from` or behind it: a header of a version and a length that
 * can be, as far as octets are there (OPENBMP_LOOK are enough). n when nowhere. */
size_t openbmp_search(const uint8_t *, size_t n, size_t from);
/*
 * Octets of the message at buf, header and data: > 0 when that is known (it may still be
 * incomplete), 0 when more octets are needed to decide, -1 with a FAULT_CLOSE fault when there is
 * none or it is longer than max.
 */
int64_t openbmp_frame(const uint8_t *buf, size_t len, uint32_t max, struct faults *);
/* One whole message. false (and a fault) when it is not raw BMP of a router. */
bool openbmp_parse(const uint8_t *msg, size_t len, struct openbmp *, struct faults *);
void openbmp_dissect(struct field_sink *, const struct openbmp *);

/* The binary header of version 1.7 for data_len octets of BMP. Of the struct are read: times,
 * hashes, texts, router_ip; rows is written as 1. Returns its octets, 0 when they do not
 * fit. */
size_t openbmp_write_header(void *buf, size_t size, const struct openbmp *, uint32_t data_len);
