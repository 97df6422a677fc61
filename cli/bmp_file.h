/*
 * Reading recorded BMP in constant memory: raw, in captures, made of MRT, in OpenBMP frames, packed
 * or not (collector/files/). A file may hold several routers' streams.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "collector/bmp_stream/bmp_stream.h"
#include "collector/files/files.h"

struct bmp_file_ops {
	/* A router's stream begins: whom to feed with it. NULL: read no further. */
	struct bmp_stream *(*begin)(void *ctx, const struct files_stream *);
	/* It has ended. tail: octets at its end that are no whole message, or what follows lost
	 * framing. */
	void (*end)(void *ctx, struct bmp_stream *, uint64_t tail);
};

/* Feed each stream of the file ("-": standard input) to its own bmp_stream, until the end, or until
 * one is told to `stop`. false, with words on
 * stderr, when it cannot be read. counts may be NULL. */
bool bmp_file_each(
    const char *path, const struct bmp_file_ops *, void *ctx, struct files_counts *counts);

/*
 * Feed the file to one stream, whatever it holds; several routers' messages come as they were
 * recorded, whole message by whole message. *tail as above, the sum of all. false as above.
 */
bool bmp_file_read(const char *path, struct bmp_stream *, uint64_t *tail);
