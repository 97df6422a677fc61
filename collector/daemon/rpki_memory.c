#include "collector/daemon/rpki_memory.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/pure/text.h"

enum { OCTETS_MAX = 1 << 24, PART_MAX = 63 };

struct rpki_memory {
	char path[512];		/* "": nowhere */
	struct sbuf kept, next; /* the file as it is, and as it will be */
};

struct rpki_memory *
rpki_memory_load(const char *path)
{
	struct rpki_memory *m = calloc(1, sizeof(*m));
	char chunk[4096];
	FILE *f;
	size_t n;

	if (m == NULL)
		return NULL;
	text_copy(m->path, sizeof(m->path), path);
	m->kept = m->next = sbuf_of(OCTETS_MAX);
	f = fopen(path, "re");
	if (f == NULL)
		return m;
	while ((n = fread(chunk, 1, sizeof(chunk), f)) > 0)
		sbuf_add(&m->kept, chunk, n);
	fclose(f);
	return m;
}

/* The number and what follows of the line, "" where it is none; and the next line. */
static const char *
read_line(const char *line, unsigned long *n, const char **rest, size_t *len)
{
	const char *end = strchrnul(line, '\n');
	char *said;

	*n = strtoul(line, &said, 10);
	*rest = "";
	*len = 0;
	if (said > line && said < end && *said == ' ') {
		*rest = said + 1;
		*len = (size_t)(end - *rest);
	}
	return *end != '\0' ? end + 1 : end;
}

size_t
rpki_memory_of(const struct rpki_memory *m, const char *name)
{
	size_t len = strlen(name), rest_n;
	const char *line = sbuf_text(&m->kept), *rest;
	unsigned long n;

	while (*line != '\0') {
		line = read_line(line, &n, &rest, &rest_n);
		if (rest_n == len && len > 0 && memcmp(rest, name, len) == 0)
			return n;
	}
	return 0;
}

void
rpki_memory_parts(const struct rpki_memory *m, const char *name,
    void (*part)(void *ctx, const char *what, size_t vrps), void *ctx)
{
	size_t len = strlen(name), rest_n;
	const char *line = sbuf_text(&m->kept), *rest;
	char what[PART_MAX + 1];
	unsigned long n;

	while (*line != '\0') {
		line = read_line(line, &n, &rest, &rest_n);
		if (rest_n <= len + 1 || rest_n - len - 1 > PART_MAX || rest[len] != '\t' ||
		    memcmp(rest, name, len) != 0)
			continue;
		memcpy(what, rest + len + 1, rest_n - len - 1);
		what[rest_n - len - 1] = '\0';
		part(ctx, what, n);
	}
}

void
rpki_memory_begin(struct rpki_memory *m)
{
	sbuf_clear(&m->next);
}

void
rpki_memory_put(struct rpki_memory *m, const char *name, size_t vrps)
{
	if (vrps > 0)
		sbuf_printf(&m->next, "%zu %s\n", vrps, name);
}

void
rpki_memory_put_part(struct rpki_memory *m, const char *name, const char *what, size_t vrps)
{
	size_t len = strlen(what);

	if (vrps > 0 && len > 0 && len <= PART_MAX && strpbrk(what, "\t\n") == NULL)
		sbuf_printf(&m->next, "%zu %s\t%s\n", vrps, name, what);
}

struct sbuf *
rpki_memory_lines(struct rpki_memory *m)
{
	return &m->next;
}

const char *
rpki_memory_text(const struct rpki_memory *m)
{
	return sbuf_text(&m->kept);
}

static bool
write_file(const char *path, const struct sbuf *text)
{
	FILE *f = fopen(path, "we");
	bool ok = f != NULL && fwrite(sbuf_text(text), 1, text->len, f) == text->len;

	return (f == NULL || fclose(f) == 0) && ok;
}

void
rpki_memory_keep(struct rpki_memory *m)
{
	struct sbuf before = m->kept;
	char temporary[sizeof(m->path) + 4];

	if (m->path[0] == '\0' || m->next.failed ||
	    strcmp(sbuf_text(&m->next), sbuf_text(&m->kept)) == 0)
		return;
	m->kept = m->next;
	m->next = before;
	snprintf(temporary, sizeof(temporary), "%s.new", m->path);
	if (!write_file(temporary, &m->kept) || rename(temporary, m->path) != 0)
		log_warning("rpki", "file=%s cannot be written: %s", m->path, strerror(errno));
}

void
rpki_memory_free(struct rpki_memory *m)
{
	if (m == NULL)
		return;
	sbuf_free(&m->kept);
	sbuf_free(&m->next);
	free(m);
}
