#include "collector/recordings/source.h"

#include <errno.h>
#include <fcntl.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "collector/recordings/unpack/unpack.h"

static const struct packing {
	const char *name, *magic;
	size_t magic_n;
	struct unpack *(*open)(void);
} packings[] = {
	{ "gzip", "\x1f\x8b\x08", 3, unpack_gzip },
	{ "bzip2", "BZh", 3, unpack_bzip2 },
	{ "zstd", "\x28\xb5\x2f\xfd", 4, unpack_zstd },
};

struct source {
	int fd;
	char path[256];
	const struct packing *packing; /* NULL: plain */
	struct unpack *unpack;
	const uint8_t *raw_at;
	size_t raw_n;
	bool raw_end;
	size_t held_at, held_n;
	char error[SOURCE_ERROR_MAX];
	/* the buffers come last and are not initialised */
	uint8_t raw[SOURCE_CHUNK];  /* as in the file, when packed */
	uint8_t held[SOURCE_CHUNK]; /* unpacked, peeked at and not taken yet */
};

static ssize_t
read_fd(struct source *s, void *buf, size_t n)
{
	ssize_t got;

	do
		got = read(s->fd, buf, n);
	while (got < 0 && errno == EINTR);
	if (got < 0)
		snprintf(s->error, sizeof(s->error), "%.200s: %s", s->path, strerror(errno));
	return got;
}

static ssize_t
read_packed(struct source *s, uint8_t *buf, size_t n)
{
	char why[96] = "";

	for (;;) {
		ssize_t got =
		    s->unpack->unpack(s->unpack, &s->raw_at, &s->raw_n, buf, n, why, sizeof(why));

		if (got > 0)
			return got;
		if (got < 0) {
			snprintf(s->error, sizeof(s->error), "%.120s: %s: %s", s->path,
			    s->packing->name, why);
			return -1;
		}
		if (s->raw_n > 0)
			continue;
		if (s->raw_end) {
			if (s->unpack->whole(s->unpack))
				return 0;
			snprintf(s->error, sizeof(s->error), "%.120s: %s: the file is cut short",
			    s->path, s->packing->name);
			return -1;
		}
		got = read_fd(s, s->raw, sizeof(s->raw));
		if (got < 0)
			return -1;
		s->raw_end = got == 0;
		s->raw_at = s->raw;
		s->raw_n = (size_t)got;
	}
}

/* Past what is held. */
static ssize_t
read_on(struct source *s, void *buf, size_t n)
{
	if (s->error[0] != '\0')
		return -1;
	return s->unpack != NULL ? read_packed(s, buf, n) : read_fd(s, buf, n);
}

ssize_t
source_read(struct source *s, void *buf, size_t n)
{
	size_t held = s->held_n - s->held_at;

	if (held == 0)
		return read_on(s, buf, n);
	if (n > held)
		n = held;
	memcpy(buf, s->held + s->held_at, n);
	s->held_at += n;
	return (ssize_t)n;
}

ssize_t
source_peek(struct source *s, const uint8_t **at, size_t n)
{
	ssize_t got = 1;

	if (s->held_at > 0) {
		memmove(s->held, s->held + s->held_at, s->held_n - s->held_at);
		s->held_n -= s->held_at;
		s->held_at = 0;
	}
	while (s->held_n < n && got > 0) {
		got = read_on(s, s->held + s->held_n, sizeof(s->held) - s->held_n);
		if (got > 0)
			s->held_n += (size_t)got;
	}
	*at = s->held;
	return got < 0 && s->held_n == 0 ? -1 : (ssize_t)(s->held_n < n ? s->held_n : n);
}

/* What the file is packed with, by its first octets; they move to where the unpacker reads. */
static bool
find_packing(struct source *s)
{
	const uint8_t *at;
	ssize_t n = source_peek(s, &at, 4);

	if (n < 0)
		return false;
	for (size_t i = 0; i < sizeof(packings) / sizeof(packings[0]); i++)
		if ((size_t)n >= packings[i].magic_n &&
		    memcmp(at, packings[i].magic, packings[i].magic_n) == 0)
			s->packing = &packings[i];
	if (s->packing == NULL)
		return true;
	s->unpack = s->packing->open();
	if (s->unpack == NULL) {
		snprintf(s->error, sizeof(s->error), "%.200s: out of memory", s->path);
		return false;
	}
	memcpy(s->raw, s->held, s->held_n);
	s->raw_at = s->raw;
	s->raw_n = s->held_n;
	s->held_n = s->held_at = 0;
	return true;
}

/* fd: -1 with errno when there is none. */
static struct source *
open_as(const char *name, int fd, char *error, size_t size)
{
	struct source *s = fd >= 0 ? malloc(sizeof(*s)) : NULL;

	if (s == NULL) {
		if (fd < 0)
			snprintf(error, size, "%.200s: %s", name, strerror(errno));
		else
			snprintf(error, size, "out of memory");
		if (fd >= 0)
			close(fd);
		return NULL;
	}
	memset(s, 0, offsetof(struct source, raw));
	snprintf(s->path, sizeof(s->path), "%s", name);
	s->fd = fd;
	if (find_packing(s))
		return s;
	snprintf(error, size, "%s", s->error);
	source_close(s);
	return NULL;
}

struct source *
source_open(const char *path, char *error, size_t size)
{
	if (strcmp(path, "-") == 0)
		return open_as("standard input", dup(STDIN_FILENO), error, size);
	return open_as(path, open(path, O_RDONLY | O_CLOEXEC), error, size);
}

struct source *
source_open_fd(const char *name, int fd, char *error, size_t size)
{
	return open_as(name, fd, error, size);
}

void
source_close(struct source *s)
{
	if (s == NULL)
		return;
	if (s->unpack != NULL)
		s->unpack->free(s->unpack);
	close(s->fd);
	free(s);
}

const char *
source_error(const struct source *s)
{
	return s->error;
}

const char *
source_packing(const struct source *s)
{
	return s->packing != NULL ? s->packing->name : "plain";
}

bool
source_whole(const char *path, struct sbuf *out, char *error, size_t size)
{
	struct source *s = source_open(path, error, size);
	char chunk[65536];
	ssize_t n;

	if (s == NULL)
		return false;
	while ((n = source_read(s, chunk, sizeof(chunk))) > 0)
		sbuf_add(out, chunk, (size_t)n);
	if (n < 0)
		snprintf(error, size, "%s", source_error(s));
	else if (out->failed)
		snprintf(error, size, "%.200s: too large", path);
	source_close(s);
	return n == 0 && !out->failed;
}
