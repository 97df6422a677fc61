/* Reading a recorded BMP stream in constant memory. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "collector/bmp_stream/bmp_stream.h"

/*
 * Feed the file ("-": standard input) to the stream. *tail gets the octets at the end that are no
 * whole message (or what follows lost framing). false, with words on stderr, when it cannot be
 * read.
 */
bool bmp_file_read(const char *path, struct bmp_stream *, uint64_t *tail);
