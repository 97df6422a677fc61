/*
 * source: the octets of a file, whatever it was packed with. "-" is standard input; gzip, bzip2 and
 * Zstandard are known by their first octets and unpacked as they are read, several members one
 * after the other included. Memory is constant: a buffer, and what the unpacker holds.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/sbuf.h"

enum { SOURCE_CHUNK = 256 * 1024, SOURCE_ERROR_MAX = 256 };

struct source;

/* Opens the file. NULL with the reason in error. Yours to close. */
struct source *source_open(const char *path, char *error, size_t size);
/* The same of a file that is open, which is closed with it, and also on failure. name: for errors.
 */
struct source *source_open_fd(const char *name, int fd, char *error, size_t size);
void source_close(struct source *);
/* Up to n octets; 0 at the end, or -1 (then source_error has the reason). */
ssize_t source_read(struct source *, void *buf, size_t n);
/* The next octets without taking them, up to n (at most SOURCE_CHUNK): as many as there are. */
ssize_t source_peek(struct source *, const uint8_t **at, size_t n);
/* All octets of a file, unpacked, added to `out`. false with the reason in error: it cannot be
 * read, or is larger than `out` may become. */
bool source_whole(const char *path, struct sbuf *out, char *error, size_t size);
/* "" while nothing went wrong. */
const char *source_error(const struct source *);
/* "plain", "gzip", "bzip2", "zstd". */
const char *source_packing(const struct source *);
