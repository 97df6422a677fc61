#include "sinks/journal_renew.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/pure/text.h"
#include "sinks/journal_private.h"

enum {
	FILES = 3,
	/* Of a damaged file the last number may be an old one. */
	NUMBERS_SPARE = 1000000,
};

static const char *const suffixes[FILES] = { "", "-wal", "-shm" };

/* --- files and their names */

struct file_names {
	char name[FILES][JOURNAL_PATH_MAX];
};

static bool
name_files(struct file_names *out, const char *path, const char *kind)
{
	for (size_t i = 0; i < FILES; i++)
		if (snprintf(out->name[i], JOURNAL_PATH_MAX, "%s%s%s", path, kind, suffixes[i]) >=
		    JOURNAL_PATH_MAX)
			return false;
	return true;
}

void
journal_files_note(struct journal_files *f, const char *path)
{
	struct file_names names;
	struct stat st;

	memset(f, 0, sizeof(*f));
	for (size_t i = 0; name_files(&names, path, "") && i < FILES; i++)
		if (stat(names.name[i], &st) == 0) {
			f->file[i].dev = st.st_dev;
			f->file[i].ino = st.st_ino;
			f->file[i].there = true;
		}
}

enum journal_fate
journal_files_look(const struct journal_files *then, const char *path)
{
	struct journal_files now;

	journal_files_note(&now, path);
	for (size_t i = 0; i < FILES; i++) {
		if (!then->file[i].there)
			continue;
		if (!now.file[i].there)
			return JOURNAL_DELETED;
		if (now.file[i].ino != then->file[i].ino || now.file[i].dev != then->file[i].dev)
			return JOURNAL_REPLACED;
	}
	return JOURNAL_SOUND;
}

/* ".damaged-20261127T101500Z", or with a number more when there is one of this name. */
static bool
name_aside(struct file_names *out, const char *path, enum journal_fate fate)
{
	const char *word = fate == JOURNAL_DAMAGED ? "damaged" : "found";
	time_t now = (time_t)(clock_wall_us() / 1000000);
	char day[32], kind[80];
	struct stat st;
	struct tm tm;

	strftime(day, sizeof(day), "%Y%m%dT%H%M%SZ", gmtime_r(&now, &tm));
	for (int i = 0; i < 1000; i++) {
		snprintf(kind, sizeof(kind), i == 0 ? ".%s-%s" : ".%s-%s-%d", word, day, i);
		if (!name_files(out, path, kind))
			return false;
		if (lstat(out->name[0], &st) != 0 && errno == ENOENT)
			return true;
	}
	return false;
}

/* The folder's entries are on the disk, too. */
static void
sync_folder(const char *path)
{
	char folder[JOURNAL_PATH_MAX];
	char *slash;
	int fd;

	text_copy(folder, sizeof(folder), path);
	slash = strrchr(folder, '/');
	if (slash == NULL)
		text_copy(folder, sizeof(folder), ".");
	else
		slash[slash == folder] = '\0';
	fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd >= 0) {
		fsync(fd);
		close(fd);
	}
}

static void
make_folder(const char *path)
{
	char folder[JOURNAL_PATH_MAX];
	char *slash;

	text_copy(folder, sizeof(folder), path);
	slash = strrchr(folder, '/');
	if (slash != NULL && slash != folder) {
		*slash = '\0';
		mkdir(folder, 0750);
	}
}

/*
 * The successor, closed and complete, takes the name of the journal; what has that name is set
 * aside, unless it has nothing that the successor has not (keep false). A log without its file is
 * of no use to anybody.
 */
static bool
exchange(const char *path, const char *successor, bool keep, enum journal_fate fate, char *aside,
    char *error, size_t size)
{
	struct file_names here, there;
	struct stat st;
	bool found = keep && lstat(path, &st) == 0;

	aside[0] = '\0';
	if (!name_files(&here, path, "") || !name_aside(&there, path, fate)) {
		snprintf(error, size, "%s: no name is left to set it aside under", path);
		return false;
	}
	for (size_t i = 0; i < FILES; i++) {
		if (!found)
			unlink(here.name[i]);
		else if (rename(here.name[i], there.name[i]) != 0 && i == 0) {
			snprintf(error, size, "%s cannot be set aside: %s", path, strerror(errno));
			return false;
		}
	}
	if (found)
		text_copy(aside, JOURNAL_PATH_MAX, there.name[0]);
	if (rename(successor, path) != 0) {
		snprintf(error, size, "%s: %s", path, strerror(errno));
		return false;
	}
	sync_folder(path);
	return true;
}

/* --- the successor */

/* A name for it, with nothing of that name there. */
static bool
clear_name(const char *path, char *out)
{
	struct file_names names;

	if (!name_files(&names, path, ".new"))
		return false;
	for (size_t i = 0; i < FILES; i++)
		unlink(names.name[i]);
	text_copy(out, JOURNAL_PATH_MAX, names.name[0]);
	return true;
}

/* What the writer has open is as good as ever, it has lost its name only. */
static bool
copy_whole(struct journal *j, const char *name, uint64_t *records)
{
	char *sql = sqlite3_mprintf("VACUUM INTO %Q", name);
	bool ok = sql != NULL && journal_run(j, sql);

	sqlite3_free(sql);
	if (ok && chmod(name, 0640) == 0)
		*records = (uint64_t)journal_number(j, "SELECT count(*) FROM record", 0);
	return ok;
}

static bool
set_last(struct journal *j, uint64_t last)
{
	return journal_begin(j) && journal_commit(j, last);
}

/* From what can be read (former may be NULL), and from memory. */
static bool
build(struct journal *former, struct journal *memory, const char *name, uint64_t last,
    struct journal_change *out, char *error, size_t size)
{
	struct journal *n = journal_open(name, true, error, size);
	int64_t saved = 0;
	bool ok;

	if (n == NULL)
		return false;
	if (former != NULL)
		saved = journal_salvage(former, n);
	ok = saved >= 0 && journal_carry(memory, n) && set_last(n, last);
	if (ok && former != NULL)
		journal_carry_others(former, n);
	out->records = saved > 0 ? (uint64_t)saved : 0;
	if (!ok)
		snprintf(error, size, "%s: %s", name, n->error);
	journal_close(n);
	return ok;
}

static struct journal *
succeed(const char *path, struct journal *former, struct journal *memory, uint64_t last,
    struct journal_change *out, char *error, size_t size)
{
	char name[JOURNAL_PATH_MAX];
	struct journal *j;
	bool keep;

	make_folder(path);
	if (!clear_name(path, name)) {
		snprintf(error, size, "%s: the name is too long", path);
		return NULL;
	}
	out->whole = former != NULL && out->fate != JOURNAL_DAMAGED &&
		     copy_whole(former, name, &out->records);
	if (!out->whole &&
	    (!clear_name(path, name) || !build(former, memory, name, last, out, error, size)))
		return NULL;
	keep = !out->whole || journal_is_elsewhere(former);
	if (!exchange(path, name, keep, out->fate, out->aside, error, size))
		return NULL;
	j = journal_open(path, true, error, size);
	if (j != NULL && former != NULL) {
		former->leave = true; /* as it was found */
		journal_close(former);
	}
	return j;
}

struct journal *
journal_renew(struct journal *former, enum journal_fate fate, struct journal *memory, uint64_t last,
    struct journal_change *out, char *error, size_t size)
{
	char path[JOURNAL_PATH_MAX];

	memset(out, 0, sizeof(*out));
	out->fate = fate;
	text_copy(out->reason, sizeof(out->reason), former->error);
	text_copy(path, sizeof(path), former->path);
	return succeed(path, former, memory, last, out, error, size);
}

/* --- the start */

/* The number to go on from, of a file that cannot be trusted: above all that may have been given.
 */
static uint64_t
safe_number(struct journal *memory)
{
	uint64_t last = journal_last(memory);

	if (last == 0) /* nothing could be read: microseconds are more than any number given */
		return (uint64_t)clock_wall_us();
	return (last / NUMBERS_SPARE + 1) * NUMBERS_SPARE;
}

/* Killed between two renamings: the successor is complete and has no name yet. What is left of the
 * log is of the former file. */
static void
finish_exchange(const char *path)
{
	struct file_names here, new;
	struct stat st;

	if (!name_files(&here, path, "") || !name_files(&new, path, ".new") ||
	    lstat(path, &st) == 0 || lstat(new.name[0], &st) != 0)
		return;
	unlink(here.name[1]);
	unlink(here.name[2]);
	rename(new.name[0], path);
}

/* A file that somebody has emptied would be a new journal to SQLite. */
static bool
is_empty(const char *path, char *error, size_t size)
{
	struct stat st;

	if (stat(path, &st) != 0 || !S_ISREG(st.st_mode) || st.st_size != 0)
		return false;
	snprintf(error, size, "the file is empty");
	return true;
}

/* Without the name of the file, which whoever reads it knows. */
static const char *
reason_of(const char *error, const char *path)
{
	size_t n = strlen("journal ") + strlen(path) + strlen(": ");

	return strstr(error, path) != NULL && strlen(error) > n ? error + n : error;
}

struct journal *
journal_start(
    const char *path, struct journal *memory, struct journal_change *out, char *error, size_t size)
{
	struct journal *j = NULL, *n;
	bool damaged;

	finish_exchange(path);
	damaged = is_empty(path, error, size);
	if (!damaged)
		j = journal_open_file(path, true, &damaged, error, size);
	memset(out, 0, sizeof(*out));
	if (j == NULL && !damaged)
		return NULL;
	if (j != NULL && journal_check(j) && journal_carry(j, memory))
		return j;
	out->fate = JOURNAL_DAMAGED;
	text_copy(out->reason, sizeof(out->reason), j != NULL ? j->error : reason_of(error, path));
	if (j == NULL)
		j = journal_open_damaged(path);
	if (j != NULL)
		journal_carry(j, memory); /* as far as it goes */
	n = succeed(path, j, memory, safe_number(memory), out, error, size);
	if (n == NULL)
		journal_close(j);
	return n;
}
