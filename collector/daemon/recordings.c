/* The desk's recorded files: each a feed; their streams become sessions like others. */
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/text.h"
#include "collector/daemon/coordinator_private.h"
#include "collector/daemon/recording_feed.h"

struct desk_feed_file {
	struct file_feed *feed;
	char name[ENGINE_NAME_MAX]; /* configured; "" for what the stream says itself */
};

static void
arrived(void *ctx)
{
	struct desk *d = ctx;

	uv_async_send(&d->wake);
}

bool
desk_files_start(struct desk *d, const struct desk_config *c, char *error, size_t size)
{
	d->files = calloc(c->files_n + 1, sizeof(*d->files));
	if (d->files == NULL)
		return false;
	for (size_t i = 0; i < c->files_n; i++) {
		struct desk_feed_file *f = &d->files[i];

		text_copy(f->name, sizeof(f->name), c->files[i].name);
		f->feed = file_feed_start(c->files[i].path, arrived, d, error, size);
		if (f->feed == NULL)
			return false;
		d->files_n++;
	}
	return true;
}

void
desk_files_take(struct desk *d)
{
	struct file_feed_stream s;

	for (size_t i = 0; i < d->files_n && !d->stopping; i++)
		while (file_feed_take(d->files[i].feed, &s))
			desk_welcome(d, s.fd, s.address, d->files[i].name);
}

void
desk_files_stop(struct desk *d)
{
	for (size_t i = 0; i < d->files_n; i++)
		file_feed_stop(d->files[i].feed);
	d->files_n = 0;
	free(d->files);
	d->files = NULL;
}
