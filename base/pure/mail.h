/*
 * mail: messages of the Internet (RFC 5322), made of text that others wrote: nothing of it reaches
 * a header as a line of its own, or as an address that it is not.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

/*
 * Is it an address that can stand in a header as it is: one addr-spec of a dot-atom and a domain of
 * letters, digits, hyphens and dots (RFC 5322 3.4.1 without quoted strings, literals, comments),
 * neither longer than RFC 5321 4.5.3.1 lets it be?
 */
bool mail_address_ok(const char *);

/* One to three octets as four characters of base64 (RFC 2045 6.8). */
void mail_base64(const char *octets, size_t n, char out[4]);

enum { MAIL_WORDS_MAX = 1200 };
/*
 * Text as the value of a header, or as the display name of an address: quoted where RFC 5322 wants
 * it in an address, encoded (RFC 2047, UTF-8, base64, folded) where it is not plain ASCII. What is
 * no character, or one of control, becomes a blank. Cut to 255 octets. Returns buf.
 */
const char *mail_unstructured(const char *text, char buf[MAIL_WORDS_MAX]);
const char *mail_phrase(const char *text, char buf[MAIL_WORDS_MAX]);
