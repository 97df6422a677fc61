#include "sinks/journal_loss.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { NOTE_OCTETS = 128, PATH_OCTETS = 4096 };
static const char name[] = "unwritten";

static int
open_note(const char *journal_path, int flags)
{
	const char *slash = strrchr(journal_path, '/');
	size_t n = slash != NULL ? (size_t)(slash - journal_path) + 1 : 0;
	char path[PATH_OCTETS];

	if (n + sizeof(name) > sizeof(path)) {
		errno = ENAMETOOLONG;
		return -1;
	}
	memcpy(path, journal_path, n);
	memcpy(path + n, name, sizeof(name));
	return open(path, flags | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, 0640);
}

struct journal_loss
journal_loss_read(const char *journal_path)
{
	int fd = open_note(journal_path, O_RDONLY);
	struct journal_loss loss;
	char text[NOTE_OCTETS + 1];
	ssize_t n;

	if (fd < 0)
		return (struct journal_loss){ 0 };
	n = read(fd, text, NOTE_OCTETS);
	close(fd);
	text[n > 0 ? n : 0] = '\0';
	if (sscanf(text, "records %" SCNu64 " from_us %" SCNd64 " until_us %" SCNd64, &loss.records,
		&loss.from_us, &loss.until_us) != 3)
		return (struct journal_loss){ 0 };
	return loss;
}

bool
journal_loss_note(const char *journal_path, const struct journal_loss *loss)
{
	int fd = open_note(journal_path, O_WRONLY | O_CREAT);
	char text[NOTE_OCTETS + 1];
	bool ok;
	int n, why;

	if (fd < 0)
		return false;
	n = snprintf(text, sizeof(text),
	    "records %" PRIu64 " from_us %" PRId64 " until_us %" PRId64, loss->records,
	    loss->from_us, loss->until_us);
	memset(text + n, ' ', (size_t)(NOTE_OCTETS - n));
	text[NOTE_OCTETS - 1] = '\n';
	ok = pwrite(fd, text, NOTE_OCTETS, 0) == NOTE_OCTETS && fdatasync(fd) == 0;
	why = errno;
	close(fd);
	errno = why;
	return ok;
}
