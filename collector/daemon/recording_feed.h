/*
 * recording_feed: a recorded file as a source of sessions (`files:` in the configuration). A thread
 * reads it (collector/recordings/) and writes each stream into one end of a socket pair; the other
 * end goes to a worker like any connection, so a slow worker makes the reading wait and nothing
 * else is different from a router. A stream that the recording did not see closed stays open when
 * the file has been read: its routes are there until the daemon stops.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

enum { FILE_FEED_ADDRESS_MAX = 64 };

struct recording_feed;

/* A stream that has begun: its descriptor is the taker's. */
struct recording_feed_stream {
	int fd;
	char address[FILE_FEED_ADDRESS_MAX]; /* of the router, else the file's name */
};

/* arrived: called from the feed's thread when there is something to take. NULL with the reason in
 * error when the file cannot be opened or is none. */
struct recording_feed *recording_feed_start(
    const char *path, void (*arrived)(void *ctx), void *ctx, char *error, size_t size);
/* From the coordinator's thread: a stream that has begun; false when there is none. */
bool recording_feed_take(struct recording_feed *, struct recording_feed_stream *);
/* Stop reading, close everything, join the thread, free. */
void recording_feed_stop(struct recording_feed *);
