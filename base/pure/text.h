/*
 * text: a writer of text into a caller's buffer, and how the field writes addresses and octets. The
 * text is cut at the end of the buffer and always terminated; no function fails.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/pure/cursor.h"
#include "base/pure/ip.h"

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

/* "192.0.2.1". */
void txt_ipv4(struct txt *, const uint8_t addr[4]);
/* RFC 5952, as inet_ntop writes it: IPv4-mapped and IPv4-compatible addresses in mixed notation. */
void txt_ipv6(struct txt *, const uint8_t addr[16]);
/* "-" for no family. */
void txt_ip(struct txt *, const struct ip_addr *);
void txt_ip_prefix(struct txt *, const struct ip_prefix *);
/* 4 or 16 octets: an address; any other number: hex. */
void txt_address(struct txt *, struct cursor);
/* address/len from the ceil(len/8) octets of a message; family: IP_V4 or IP_V6. "bad length 33" for
 * one that its family cannot have. */
void txt_prefix(struct txt *, uint8_t family, const uint8_t *octets, unsigned len);
/* "02:00:00:00:00:01"; also ESI and system ids (10, 6 octets). */
void txt_colons(struct txt *, const uint8_t *, size_t n);
void txt_hex(struct txt *, struct cursor);
/* UTF-8 from the wire. What is broken or not fit to be shown (utf8_visible_len), and the backslash,
 * becomes \xNN. */
void txt_string(struct txt *, struct cursor);

/* Copy as much of `from` as fits. The copy is always terminated, and no UTF-8 character is cut in
 * two. size > 0. */
void text_copy(char *to, size_t size, const char *from);
/* End the text with `tail` ("…"), in the place of as much of it as has to give way; no UTF-8
 * character is cut in two. size: of the buffer; nothing happens when the tail alone does not fit.
 */
void text_end_with(char *text, size_t size, const char *tail);

/* How many letters are to be changed, added or left out to make one of the other (Levenshtein);
 * for texts of less than 63 octets, else 99. */
unsigned text_distance(const char *a, const char *b);
