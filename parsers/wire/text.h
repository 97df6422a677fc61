/*
 * text: how the field writes what is on the wire. Everything goes through a cursor over a caller's
 * buffer, is cut at its end and always terminated; no function fails.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/pure/cursor.h"

struct txt {
	char *start, *at, *end; /* *at is the terminator */
	bool cut;		/* something did not fit */
};

/* size at least 1. */
struct txt txt_of(char *buf, size_t size);
void txt_putf(struct txt *, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
void txt_puts(struct txt *, const char *);
/* The separator, unless nothing has been written yet. */
void txt_sep(struct txt *, const char *separator);

void txt_ipv4(struct txt *, const uint8_t addr[4]);
/* RFC 5952, IPv4-mapped addresses in mixed notation. */
void txt_ipv6(struct txt *, const uint8_t addr[16]);
/* 4 or 16 octets: an address; any other number: hex. */
void txt_address(struct txt *, struct cursor);
/* address/len from ceil(len/8) octets. */
void txt_prefix(struct txt *, bool v6, const uint8_t *addr, unsigned len);
/* "02:00:00:00:00:01"; also ESI and system ids (10, 6 octets). */
void txt_colons(struct txt *, const uint8_t *, size_t n);
/* Route distinguisher (RFC 4364 4.2): "64500:100", "192.0.2.1:100". */
void txt_rd(struct txt *, const uint8_t rd[8]);
void txt_hex(struct txt *, struct cursor);
/* Octets of the UTF-8 character at p (RFC 3629 4), left octets are there; 0 when it is broken, a
 * control character, or one that makes text look like other text. */
size_t txt_character(const uint8_t *p, size_t left);
/* UTF-8 from the wire, control characters and broken sequences escaped as \xNN. */
void txt_string(struct txt *, struct cursor);
