/* Small things with text. */
#pragma once

#include <stddef.h>

/* Copy as much of `from` as fits, always terminated, never cutting a UTF-8 character in two. size >
 * 0. */
void text_copy(char *to, size_t size, const char *from);
