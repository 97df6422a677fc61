#include "cli/replay/send.h"

#include <errno.h>
#include <netdb.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "cli/cli.h"
#include "cli/recording.h"
#include "collector/recordings/framer.h"
#include "collector/recordings/recordings.h"
#include "parsers/bmp/bmp.h"

enum { OUT_OCTETS = 256 * 1024 };

bool
replay_address(const char *text, struct replay_target *to, char *error, size_t size)
{
	struct addrinfo hints = { .ai_socktype = SOCK_STREAM }, *res;
	char host[256];
	const char *colon = strrchr(text, ':');
	size_t n = colon != NULL ? (size_t)(colon - text) : 0;
	unsigned long long port;
	int rc;

	if (colon == NULL || n == 0 || n >= sizeof(host)) {
		snprintf(error, size,
		    "\"%s\" is no HOST:PORT; right would be 127.0.0.1:11019 or [::1]:11019", text);
		return false;
	}
	if (colon[1 + strspn(colon + 1, "0123456789")] == '\0' &&
	    !cli_number(colon + 1, 1, UINT16_MAX, &port)) {
		snprintf(error, size, "%s: a port is a number from 1 to 65535", text);
		return false;
	}
	memcpy(host, text, n);
	host[n] = '\0';
	if (host[0] == '[' && host[n - 1] == ']') {
		memmove(host, host + 1, n - 2);
		host[n - 2] = '\0';
	}
	rc = getaddrinfo(host, colon + 1, &hints, &res);
	if (rc != 0) {
		snprintf(error, size, "%s: %s", text, gai_strerror(rc));
		return false;
	}
	memcpy(&to->address, res->ai_addr, res->ai_addrlen);
	to->len = res->ai_addrlen;
	freeaddrinfo(res);
	return true;
}

/* One file, on its own thread. */
struct file {
	const char *path;
	const struct replay_target *to;
	pthread_t thread;
	bool started, failed;
	bool strange;	     /* no format that is known: nothing of it is sent */
	uint64_t octets;     /* read */
	int rc;		     /* exit code, but for `failed` */
	int64_t start_us;    /* monotonic */
	int64_t first_us;    /* of the recording; 0 not known yet */
	struct stream *done; /* streams whose connections are still open */
};

/* One connection. */
struct stream {
	struct file *file;
	char name[256];
	int fd;
	struct framer framer;
	int64_t recorded_us; /* of the octets being framed; 0: use the times of the messages */
	int64_t first_us;    /* of the first timed message; 0 not known yet */
	uint8_t out[OUT_OCTETS];
	size_t out_n;
	uint64_t octets;
	bool raw, failed;
	struct stream *next;
};

/* --- sending */

static void
fail(struct stream *s, const char *what)
{
	if (!s->failed)
		fprintf(stderr, "%s: %s: %s after %llu octets\n", s->name, what, strerror(errno),
		    (unsigned long long)s->octets);
	s->failed = s->file->failed = true;
}

static void
put(struct stream *s, const uint8_t *data, size_t n)
{
	while (n > 0 && !s->failed) {
		ssize_t w = send(s->fd, data, n, MSG_NOSIGNAL);

		if (w < 0 && errno == EINTR)
			continue;
		if (w < 0) {
			fail(s, "sending");
			return;
		}
		data += w;
		n -= (size_t)w;
		s->octets += (uint64_t)w;
	}
}

static void
flush(struct stream *s)
{
	put(s, s->out, s->out_n);
	s->out_n = 0;
}

static void
queue(struct stream *s, const uint8_t *data, size_t n)
{
	if (s->out_n + n > OUT_OCTETS)
		flush(s);
	if (n >= OUT_OCTETS) {
		put(s, data, n);
		return;
	}
	memcpy(s->out + s->out_n, data, n);
	s->out_n += n;
}

/* Router's time of a message, microseconds; 0 when it has none. */
static int64_t
message_time(const uint8_t *m, size_t len)
{
	if (len < BMP_HEADER_LEN + BMP_PEER_HEADER_LEN || m[5] == BMP_INITIATION ||
	    m[5] == BMP_TERMINATION)
		return 0;
	return (int64_t)be32(m + 40) * 1000000 + be32(m + 44);
}

/* Wait until a message is due. A recorder's times count from the file's first, a router's own from
 * the stream's. */
static void
pace(struct stream *s, int64_t own_us)
{
	int64_t at = s->recorded_us != 0 ? s->recorded_us : own_us;
	int64_t *first = s->recorded_us != 0 ? &s->file->first_us : &s->first_us;
	double due, now;

	if (s->file->to->speed <= 0 || at == 0)
		return;
	if (*first == 0)
		*first = at;
	due = (double)(at - *first) / s->file->to->speed;
	now = (double)(clock_mono_us() - s->file->start_us);
	if (due <= now)
		return;
	flush(s);
	while (due > now && !s->failed) {
		usleep((useconds_t)(due - now < 500000 ? due - now : 500000));
		now = (double)(clock_mono_us() - s->file->start_us);
	}
}

/* Send whole messages; what is no message is sent as it is. */
static bool
on_messages(void *ctx, const uint8_t *data, size_t n)
{
	struct stream *s = ctx;

	if (s->framer.state == FRAMER_PASSING || s->file->to->speed <= 0) {
		queue(s, data, n);
		return true;
	}
	for (size_t at = 0; at < n && !s->failed;) {
		size_t len = n - at < BMP_HEADER_LEN ? n - at : be32(data + at + 1);

		if (len > n - at)
			len = n - at;
		pace(s, message_time(data + at, len));
		queue(s, data + at, len);
		at += len;
	}
	return true;
}

/* --- files */

static void *
on_begin(void *ctx, const struct recording_stream *from)
{
	struct file *f = ctx;
	struct stream *s = calloc(1, sizeof(*s));

	if (s == NULL) {
		f->failed = true;
		return NULL;
	}
	s->file = f;
	s->raw = from->format == RECORDING_BMP;
	snprintf(s->name, sizeof(s->name), "%s", from->name);
	framer_init(&s->framer, on_messages, s);
	s->fd = socket(f->to->address.ss_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (s->fd < 0 || connect(s->fd, (const struct sockaddr *)&f->to->address, f->to->len) != 0)
		fail(s, "connecting");
	return s;
}

static bool
on_bytes(void *ctx, void *stream, const uint8_t *data, size_t n, int64_t time_us)
{
	struct file *f = ctx;
	struct stream *s = stream;

	if (s == NULL)
		return false;
	if (f->octets == 0 && s->raw && cli_recording_is_strange(f->path, data, n)) {
		f->strange = s->failed = true;
		return false;
	}
	f->octets += n;
	s->recorded_us = time_us;
	return s->failed || framer_feed(&s->framer, data, n);
}

static void
on_end(void *ctx, void *stream, bool closed)
{
	struct file *f = ctx;
	struct stream *s = stream;

	if (s == NULL)
		return;
	framer_end(&s->framer);
	flush(s);
	if (!s->failed)
		fprintf(stderr, "%s: %llu messages, %llu octets, %.3f s\n", s->name,
		    (unsigned long long)s->framer.messages, (unsigned long long)s->octets,
		    (double)(clock_mono_us() - f->start_us) / 1e6);
	framer_fini(&s->framer);
	if (closed && s->fd >= 0) {
		close(s->fd);
		s->fd = -1;
	}
	s->next = f->done;
	f->done = s;
}

static void *
run(void *arg)
{
	static const struct recording_ops ops = { .stream_begin = on_begin,
		.bytes = on_bytes,
		.stream_end = on_end,
		.warn = cli_recording_warn };
	struct file *f = arg;
	struct recording_counts counts;
	int rc;

	f->start_us = clock_mono_us();
	rc = recording_read(f->path, &ops, f, &counts);
	f->rc = f->strange ? CLI_USAGE : cli_recording_result(f->path, rc, &counts, f->octets);
	return NULL;
}

static int
finish(struct file *v, size_t n)
{
	int rc = CLI_OK;

	for (size_t i = 0; i < n; i++) {
		for (struct stream *s = v[i].done, *next; s != NULL; s = next) {
			next = s->next;
			if (s->fd >= 0)
				close(s->fd);
			free(s);
		}
		if (v[i].rc == CLI_OK && (!v[i].started || v[i].failed))
			v[i].rc = CLI_NOTHING;
		if (v[i].rc > rc)
			rc = v[i].rc;
	}
	free(v);
	return rc;
}

int
replay_files(char **paths, size_t n, const struct replay_target *to, double hold_s)
{
	struct file *v = calloc(n, sizeof(*v));

	if (v == NULL)
		return CLI_NOTHING;
	for (size_t i = 0; i < n; i++) {
		v[i].path = paths[i];
		v[i].to = to;
		v[i].started = pthread_create(&v[i].thread, NULL, run, &v[i]) == 0;
		if (!v[i].started)
			fprintf(stderr, "%s: no thread for it\n", paths[i]);
	}
	for (size_t i = 0; i < n; i++)
		if (v[i].started)
			pthread_join(v[i].thread, NULL);
	if (hold_s > 0)
		usleep((useconds_t)(hold_s * 1e6));
	return finish(v, n);
}
