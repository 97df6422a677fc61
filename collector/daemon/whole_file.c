#include "collector/daemon/whole_file.h"

#include <fcntl.h>
#include <stdatomic.h>
#include <stdio.h>
#include <unistd.h>

#include "collector/recordings/source.h"

enum { CHUNK = 256 * 1024 };

struct file_mark
file_mark_of(const struct stat *st)
{
	return (struct file_mark){ .mtime_ns = (int64_t)st->st_mtim.tv_sec * 1000000000 +
					       st->st_mtim.tv_nsec,
		.size = st->st_size,
		.inode = (int64_t)st->st_ino };
}

bool
file_mark_same(const struct file_mark *a, const struct file_mark *b)
{
	return a->mtime_ns == b->mtime_ns && a->size == b->size && a->inode == b->inode;
}

int
whole_file_open(const char *path)
{
	return open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
}

bool
whole_file_read(int fd, const char *path, const _Atomic bool *give_up, struct sbuf *text,
    char *error, size_t size)
{
	struct source *s = source_open_fd(path, dup(fd), error, size);
	ssize_t n = 1;

	while (s != NULL && n > 0 && (give_up == NULL || !atomic_load(give_up))) {
		void *room = sbuf_reserve(text, CHUNK);

		if (room == NULL) {
			snprintf(error, size, "too large");
			break;
		}
		n = source_read(s, room, CHUNK);
		if (n > 0)
			text->len += (size_t)n;
		else if (n < 0)
			snprintf(error, size, "%s", source_error(s));
	}
	if (s != NULL)
		source_close(s);
	return s != NULL && n == 0;
}
