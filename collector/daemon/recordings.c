/* The coordinator's recorded files: each a feed; their streams become sessions like others. */
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/pure/text.h"
#include "collector/daemon/coordinator_private.h"
#include "collector/daemon/recording_feed.h"

struct coordinator_feed_recording {
	struct recording_feed *feed;
	char name[ENGINE_NAME_MAX]; /* configured; "" for what the stream says itself */
};

static void
arrived(void *ctx)
{
	struct coordinator *d = ctx;

	uv_async_send(&d->wake);
}

bool
coordinator_recordings_start(
    struct coordinator *d, const struct coordinator_config *c, char *error, size_t size)
{
	d->files = calloc(c->files_n + 1, sizeof(*d->files));
	if (d->files == NULL)
		return false;
	for (size_t i = 0; i < c->files_n; i++) {
		struct coordinator_feed_recording *f = &d->files[i];

		text_copy(f->name, sizeof(f->name), c->files[i].name);
		f->feed = recording_feed_start(c->files[i].path, arrived, d, error, size);
		if (f->feed == NULL)
			return false;
		d->files_n++;
	}
	return true;
}

void
coordinator_recordings_take(struct coordinator *d)
{
	struct recording_feed_stream s;

	for (size_t i = 0; i < d->files_n && !d->stopping; i++)
		while (recording_feed_take(d->files[i].feed, &s))
			coordinator_welcome(d, s.fd, s.address, d->files[i].name);
}

void
coordinator_recordings_stop(struct coordinator *d)
{
	for (size_t i = 0; i < d->files_n; i++)
		recording_feed_stop(d->files[i].feed);
	d->files_n = 0;
	free(d->files);
	d->files = NULL;
}
