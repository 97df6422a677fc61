/* Small things with text. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

/* Length of the UTF-8 character at s, of which `left` octets may be read (RFC 3629: shortest form,
 * no surrogates); 0 when there is no valid one. left > 0. */
size_t text_utf8_len(const char *s, size_t left);
bool text_is_utf8(const char *s);
/* Copy as much of `from` as fits, always terminated, never cutting a UTF-8 character in two. size >
 * 0. */
void text_copy(char *to, size_t size, const char *from);
