#include "collector/daemon/recording_feeds.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/pure/text.h"
#include "collector/daemon/recording_feed.h"

struct feed {
	struct recording_feed *feed;
	char name[ENGINE_NAME_MAX]; /* configured; "" for what the stream says itself */
};

struct recording_feeds {
	struct sessions *sessions;
	size_t n;
	struct feed v[];
};

struct recording_feeds *
recording_feeds_start(const struct recording_file *files, size_t n, struct sessions *sessions,
    void (*arrived)(void *ctx), void *ctx, char *error, size_t size)
{
	struct recording_feeds *r = calloc(1, sizeof(*r) + n * sizeof(r->v[0]));

	if (r == NULL) {
		snprintf(error, size, "out of memory");
		return NULL;
	}
	r->sessions = sessions;
	for (size_t i = 0; i < n; i++) {
		struct feed *f = &r->v[i];

		text_copy(f->name, sizeof(f->name), files[i].name);
		f->feed = recording_feed_start(files[i].path, arrived, ctx, error, size);
		if (f->feed == NULL) {
			recording_feeds_stop(r);
			return NULL;
		}
		r->n++;
	}
	return r;
}

void
recording_feeds_take(struct recording_feeds *r)
{
	struct recording_feed_stream s;

	for (size_t i = 0; i < r->n; i++)
		while (recording_feed_take(r->v[i].feed, &s))
			sessions_welcome(r->sessions,
			    &(struct sessions_newcomer){
				.fd = s.fd, .address = s.address, .configured = r->v[i].name });
}

void
recording_feeds_stop(struct recording_feeds *r)
{
	if (r == NULL)
		return;
	for (size_t i = 0; i < r->n; i++)
		recording_feed_stop(r->v[i].feed);
	free(r);
}
