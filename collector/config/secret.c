#include "collector/config/secret.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/pure/text.h"

static const char opens[] = "${file:";

/* Where the file is that a value names. false: the path is too long. */
static bool
find(const struct loader *l, const char *name, char *path, size_t size)
{
	const char *folder = getenv("CREDENTIALS_DIRECTORY"), *slash = strrchr(l->name, '/');
	int n;

	if (name[0] == '/')
		n = snprintf(path, size, "%s", name);
	else if (folder != NULL && folder[0] != '\0')
		n = snprintf(path, size, "%s/%s", folder, name);
	else
		n = snprintf(path, size, "%.*s%s", slash != NULL ? (int)(slash - l->name + 1) : 0,
		    l->name, name);
	return n > 0 && (size_t)n < size;
}

/* All of the file, without the newline at its end. What is wrong with it, NULL when nothing is. */
static const char *
take(int fd, const struct stat *st, char *text, size_t size)
{
	size_t len = 0;
	ssize_t n;

	if (!S_ISREG(st->st_mode))
		return "is no regular file";
	while (len < size && (n = read(fd, text + len, size - len)) != 0) {
		if (n < 0)
			return strerror(errno);
		len += (size_t)n;
	}
	if (len == size)
		return "is larger than 64 KiB";
	if (len > 0 && text[len - 1] == '\n')
		len--;
	if (len > 0 && text[len - 1] == '\r')
		len--;
	text[len] = '\0';
	if (len == 0)
		return "is empty";
	return strlen(text) == len ? NULL : "is no text: it has an octet 0";
}

static const char *
read_file(struct loader *l, const yaml_node_t *node, const char *what, const char *path)
{
	char *text = malloc(SECRET_FILE_MAX + 1);
	const char *wrong = NULL, *kept = NULL;
	struct stat st = { 0 };
	int fd = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);

	if (text == NULL)
		wrong = "out of memory";
	else if (fd < 0 || fstat(fd, &st) != 0)
		wrong = strerror(errno);
	else
		wrong = take(fd, &st, text, SECRET_FILE_MAX + 1);
	if (wrong != NULL)
		loader_error(l, node, "%s: %s: %s", what, path, wrong);
	else
		kept = arena_text(l->memory, text);
	if (wrong == NULL && (st.st_mode & S_IROTH) != 0)
		loader_note(l, node,
		    "%s: everybody on this machine may read %s; right would be chmod o= %s", what,
		    path, path);
	if (fd >= 0)
		close(fd);
	if (text != NULL)
		explicit_bzero(text, SECRET_FILE_MAX + 1);
	free(text);
	return kept;
}

const char *
secret_text(
    struct loader *l, const yaml_node_t *node, const char *what, size_t most, const char **written)
{
	const char *text = loader_text(l, node, what, most);
	size_t n = text != NULL ? strlen(text) : 0, before = sizeof(opens) - 1;
	char name[512], path[1024];

	*written = NULL;
	if (text == NULL || strncmp(text, opens, before) != 0)
		return text;
	if (n < before + 2 || text[n - 1] != '}' || n - before > sizeof(name)) {
		loader_error(l, node,
		    "%s: a value from a file is written ${file:PATH}, and nothing behind it", what);
		return NULL;
	}
	text_copy(name, sizeof(name), text + before);
	name[n - before - 1] = '\0';
	if (!find(l, name, path, sizeof(path))) {
		loader_error(l, node, "%s: the path is too long", what);
		return NULL;
	}
	*written = text;
	return read_file(l, node, what, path);
}
