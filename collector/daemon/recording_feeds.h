/* recording_feeds: the recorded files of the configuration. Each is a feed, whose streams become
 * sessions like those of routers. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "collector/daemon/sessions.h"

/* A recorded file, read at the start. */
struct recording_file {
	const char *path, *name; /* name: of the router, "" for what the file says */
};

struct recording_feeds;

/* arrived: called from any feed's thread when recording_feeds_take has something to do. NULL with
 * the reason in error. */
struct recording_feeds *recording_feeds_start(const struct recording_file *, size_t n,
    struct sessions *, void (*arrived)(void *ctx), void *ctx, char *error, size_t size);
/* Streams that have begun become sessions. */
void recording_feeds_take(struct recording_feeds *);
/* Stop reading, close everything, free. NULL is fine. */
void recording_feeds_stop(struct recording_feeds *);
