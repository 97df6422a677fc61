#include "collector/daemon/recording_feed.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/log.h"
#include "base/pure/text.h"
#include "collector/recordings/recordings.h"

struct stream {
	int ours, theirs; /* -1: closed; taken */
	bool failed;
	char address[FILE_FEED_ADDRESS_MAX];
	struct stream *next;
};

struct recording_feed {
	char *path;
	void (*arrived)(void *ctx);
	void *ctx;
	pthread_t thread;
	atomic_bool stopping;
	pthread_mutex_t lock; /* of the list and its descriptors */
	struct stream *streams;
};

/* --- the feed's thread */

static void *
on_begin(void *ctx, const struct recording_stream *from)
{
	struct recording_feed *f = ctx;
	struct stream *s = calloc(1, sizeof(*s));
	const char *slash = strrchr(f->path, '/');
	int pair[2];

	if (s == NULL || socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) != 0) {
		log_error("file", "%s: a stream is left out: %s", f->path, strerror(errno));
		free(s);
		return NULL;
	}
	text_copy(s->address, sizeof(s->address),
	    from->address[0] != '\0' ? from->address
	    : slash != NULL	     ? slash + 1
				     : f->path);
	s->ours = pair[0];
	s->theirs = pair[1];
	pthread_mutex_lock(&f->lock);
	s->next = f->streams;
	f->streams = s;
	pthread_mutex_unlock(&f->lock);
	f->arrived(f->ctx);
	return s;
}

static bool
on_bytes(void *ctx, void *stream, const uint8_t *data, size_t n, int64_t time_us)
{
	struct recording_feed *f = ctx;
	struct stream *s = stream;

	(void)time_us;
	while (n > 0 && s != NULL && !s->failed && !atomic_load(&f->stopping)) {
		ssize_t w = send(s->ours, data, n, MSG_NOSIGNAL);

		if (w > 0) {
			data += w;
			n -= (size_t)w;
		} else if (errno != EINTR) {
			s->failed = true; /* the worker has closed it, and has logged why */
		}
	}
	return !atomic_load(&f->stopping);
}

static void
on_end(void *ctx, void *stream, bool closed)
{
	struct recording_feed *f = ctx;
	struct stream *s = stream;

	if (s == NULL || !closed)
		return;
	pthread_mutex_lock(&f->lock);
	close(s->ours);
	s->ours = -1;
	pthread_mutex_unlock(&f->lock);
}

static void
on_warn(void *ctx, const char *text)
{
	(void)ctx;
	log_warning("file", "%s", text);
}

static void *
run(void *arg)
{
	static const struct recording_ops ops = {
		.stream_begin = on_begin, .bytes = on_bytes, .stream_end = on_end, .warn = on_warn
	};
	struct recording_feed *f = arg;
	struct recording_counts c;
	sigset_t all;

	/* signals are the coordinator's */
	sigfillset(&all);
	pthread_sigmask(SIG_BLOCK, &all, NULL);
	if (recording_read(f->path, &ops, f, &c) == 0)
		log_info("file",
		    "read path=%s format=%s packing=%s octets=%llu streams=%u skipped=%llu "
		    "gaps=%llu",
		    f->path, recording_format_name(c.format), c.packing,
		    (unsigned long long)c.octets, c.streams, (unsigned long long)c.skipped,
		    (unsigned long long)c.gaps);
	return NULL;
}

/* --- the coordinator's thread */

static struct recording_feed *
feed_free(struct recording_feed *f)
{
	pthread_mutex_destroy(&f->lock);
	free(f->path);
	free(f);
	return NULL;
}

struct recording_feed *
recording_feed_start(
    const char *path, void (*arrived)(void *ctx), void *ctx, char *error, size_t size)
{
	struct recording_feed *f;
	struct stat st;

	if (stat(path, &st) != 0 || access(path, R_OK) != 0) {
		snprintf(error, size, "files: %s: %s", path, strerror(errno));
		return NULL;
	}
	if (!S_ISREG(st.st_mode)) { /* reading from a pipe could not be stopped */
		snprintf(error, size, "files: %s: not a regular file", path);
		return NULL;
	}
	snprintf(error, size, "out of memory");
	f = calloc(1, sizeof(*f));
	if (f == NULL)
		return NULL;
	pthread_mutex_init(&f->lock, NULL);
	f->arrived = arrived;
	f->ctx = ctx;
	f->path = strdup(path);
	if (f->path == NULL || pthread_create(&f->thread, NULL, run, f) != 0)
		return feed_free(f);
	return f;
}

bool
recording_feed_take(struct recording_feed *f, struct recording_feed_stream *out)
{
	bool found = false;

	pthread_mutex_lock(&f->lock);
	for (struct stream *s = f->streams; s != NULL && !found; s = s->next) {
		if (s->theirs < 0)
			continue;
		out->fd = s->theirs;
		s->theirs = -1;
		text_copy(out->address, sizeof(out->address), s->address);
		found = true;
	}
	pthread_mutex_unlock(&f->lock);
	return found;
}

void
recording_feed_stop(struct recording_feed *f)
{
	if (f == NULL)
		return;
	atomic_store(&f->stopping, true);
	pthread_mutex_lock(&f->lock);
	for (struct stream *s = f->streams; s != NULL; s = s->next)
		if (s->ours >= 0)
			shutdown(s->ours, SHUT_RDWR); /* a send that waits ends */
	pthread_mutex_unlock(&f->lock);
	pthread_join(f->thread, NULL);
	for (struct stream *s = f->streams, *next; s != NULL; s = next) {
		next = s->next;
		if (s->ours >= 0)
			close(s->ours);
		if (s->theirs >= 0)
			close(s->theirs);
		free(s);
	}
	feed_free(f);
}
