#include "collector/daemon/state_dir.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

/* Who has a lock on this folder, by the kernel's list of locks; 0 when it does not tell. */
static int
holder(const struct stat *st)
{
	FILE *f = fopen("/proc/locks", "re");
	unsigned long inode;
	char line[256];
	int pid, found = 0;

	/* the device beside the inode is not that of stat() on file systems with volumes */
	while (f != NULL && found == 0 && fgets(line, sizeof(line), f) != NULL)
		if (sscanf(line, "%*d: FLOCK %*s WRITE %d %*x:%*x:%lu", &pid, &inode) == 2 &&
		    inode == (unsigned long)st->st_ino && pid > 0)
			found = pid;
	if (f != NULL)
		fclose(f);
	return found;
}

static void
refuse(const char *path, const struct stat *st, char *error, size_t size)
{
	char process[32] = "";
	int pid = holder(st);

	if (pid > 0)
		snprintf(process, sizeof(process), ", process %d", pid);
	snprintf(error, size,
	    "state_dir %s is in use by another bellmand%s; each needs a state_dir of its own", path,
	    process);
}

int
state_dir_take(const char *path, char *error, size_t size)
{
	struct stat st;
	int fd;

	if ((mkdir(path, 0750) != 0 && errno != EEXIST) ||
	    (fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)) < 0) {
		snprintf(error, size, "state_dir %s: %s", path, strerror(errno));
		return -1;
	}
	if (flock(fd, LOCK_EX | LOCK_NB) == 0 && fstat(fd, &st) == 0)
		return fd;
	if (errno == EWOULDBLOCK && fstat(fd, &st) == 0)
		refuse(path, &st, error, size);
	else
		snprintf(error, size, "state_dir %s: cannot be locked: %s", path, strerror(errno));
	close(fd);
	return -1;
}
