/*
 * file_feed: a recorded file as a source of sessions (`files:` in the configuration). A thread
 * reads it (collector/files/) and writes each stream into one end of a socket pair; the other end
 * goes to a worker like any connection, so a slow worker makes the reading wait and nothing else is
 * different from a router. A stream that the recording did not see closed stays open when the file
 * has been read: its routes are there until the daemon stops.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

enum { FILE_FEED_ADDRESS_MAX = 64 };

struct file_feed;

/* A stream that has begun: its descriptor is the taker's. */
struct file_feed_stream {
	int fd;
	char address[FILE_FEED_ADDRESS_MAX]; /* of the router, else the file's name */
};

/* arrived: called from the feed's thread when there is something to take. NULL with words in error
 * when the file cannot be opened or is none. */
struct file_feed *file_feed_start(
    const char *path, void (*arrived)(void *ctx), void *ctx, char *error, size_t size);
/* From the desk's thread: a stream that has begun; false when there is none. */
bool file_feed_take(struct file_feed *, struct file_feed_stream *);
/* Stop reading, close everything, join the thread, free. */
void file_feed_stop(struct file_feed *);
