/*
 * Reading recorded BMP in constant memory: raw, in captures, made of MRT, in OpenBMP frames, packed
 * or not (collector/recordings/). A file may hold several routers' streams.
 *
 * What became of a file is an exit code of the command (cli.h), the same for all of them:
 *   CLI_OK       something was read. What is damaged or cut further on is reported on stderr: a cut
 *                file gives what is there, however it is packed.
 *   CLI_NOTHING  there is no message in it.
 *   CLI_USAGE    it cannot be read, or is no format that is known.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "collector/bmp_stream/bmp_stream.h"
#include "collector/recordings/recordings.h"

struct cli_recording_ops {
	/* A router's stream begins: whom to feed with it. NULL: read no further. */
	struct bmp_stream *(*begin)(void *ctx, const struct recording_stream *);
	/* It has ended. tail: octets at its end that are no whole message, or what follows lost
	 * framing; stderr says so. */
	void (*end)(void *ctx, struct bmp_stream *, uint64_t tail);
	/* May be NULL: what the stream is about to be fed was recorded then, microseconds since
	 * 1970; 0 when the file does not say. */
	void (*recorded)(void *ctx, struct bmp_stream *, int64_t time_us);
	/* May be NULL: what is wrong with a record of the file, as in struct recording_ops. */
	void (*fault)(void *ctx, struct bmp_stream *, const struct recording_fault *);
	/* May be NULL: a run of octets has been read, the next may be long in coming. */
	void (*pause)(void *ctx);
};

/* Feed each stream of the file ("-": standard input) to the bmp_stream that `begin` gives, until
 * the end, or until a callback stops one (bmp_stream_stop). The exit code; words are on stderr. */
int cli_recording_each(const char *path, const struct cli_recording_ops *, void *ctx);

/*
 * Was a BGP session captured, which collector/recordings/tcp/bgp_mirror.h turned into Route
 * Mirroring? Then only the mirrored messages were in the file, and no Route Monitoring repeats
 * them. Known after the Initiation.
 */
bool cli_recording_is_bgp(const struct bmp_stream *);

/* For who calls recording_read() itself: */

/* Its `warn`: the text goes to stderr. ctx: not used. */
void cli_recording_warn(void *ctx, const char *text);
/* Can these first octets of a raw file be none of BMP? Then it says what the file begins with. */
bool cli_recording_is_strange(const char *path, const uint8_t *at, size_t n);
/* The exit code: rc and counts of recording_read(), and how many messages came of it. */
int cli_recording_result(
    const char *path, int rc, const struct recording_counts *, uint64_t messages);
