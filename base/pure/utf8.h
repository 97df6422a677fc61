/* UTF-8 (RFC 3629): how long a character is, and whether it may be shown. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Octets of the character at s, of which `left` may be read; 0 when there is no valid one: it is
 * cut, not in its shortest form, a surrogate, or above U+10FFFF. left > 0. */
size_t utf8_len(const void *s, size_t left);
/* Is the character at s a control character (C0, DEL, C1)? s: one that utf8_len accepts. */
bool utf8_is_control(const void *s);
/* The code point of the character at s, which is one that utf8_len accepts. */
uint32_t utf8_code(const void *s);
/* As utf8_len, but 0 also for control characters, for noncharacters, and for characters that make
 * a text look like another: those that turn its direction, break its lines, or cannot be seen. The
 * one judge of text that somebody else sent, wherever it is shown. */
size_t utf8_visible_len(const void *s, size_t left);
/* Put a question mark for each character that is not to be shown (utf8_visible_len) and for each
 * octet that is none. The text gets no longer. */
void utf8_make_visible(char *s);
/* Are all characters of s valid? */
bool utf8_valid(const char *s);
