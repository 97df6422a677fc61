/*
 * whole_file: files that are read whole, as they are or packed (gzip, Zstandard, bzip2), and again
 * when they have changed. They are not mapped: whoever truncates a mapped file ends the process
 * that reads it. For threads of a pool.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <sys/stat.h>

#include "base/sbuf.h"

/* Which file it was. */
struct file_mark {
	int64_t mtime_ns, size, inode;
};
struct file_mark file_mark_of(const struct stat *);
bool file_mark_same(const struct file_mark *, const struct file_mark *);

/* Open it to read, without waiting for the other end of what is a pipe; -1 with errno. */
int whole_file_open(const char *path);
/* Append all of it, unpacked, up to the buffer's limit. give_up: set by another thread to end it;
 * NULL: nobody does. path: for the words in error. false with the reason in error, which is empty
 * when it was given up. */
bool whole_file_read(int fd, const char *path, const _Atomic bool *give_up, struct sbuf *text,
    char *error, size_t size);
