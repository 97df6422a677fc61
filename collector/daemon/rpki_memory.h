/*
 * rpki_memory: how many VRPs each source had, for the time after a restart: a source that has lost
 * half of them meanwhile, or a trust anchor, has to look like it. A small file of lines, "NUMBER
 * NAME" or "NUMBER NAME<tab>PART"; and lines of whoever adds some, which begin with a word.
 */
#pragma once

#include <stddef.h>

#include "base/sbuf.h"

struct rpki_memory;

/* What the file has; a file that is not there, or is damaged, has nothing. path: copied; "" for
 * nowhere. NULL when out of memory. */
struct rpki_memory *rpki_memory_load(const char *path);
/* 0: nothing is known of it. */
size_t rpki_memory_of(const struct rpki_memory *, const char *name);
/* Each part of it; what: borrowed for the call. */
void rpki_memory_parts(const struct rpki_memory *, const char *name,
    void (*part)(void *ctx, const char *what, size_t vrps), void *ctx);
/* Begin anew; then each source, then keep: written when it differs from what the file has. */
void rpki_memory_begin(struct rpki_memory *);
void rpki_memory_put(struct rpki_memory *, const char *name, size_t vrps);
/* A part that cannot stand in a line is left out. */
void rpki_memory_put_part(struct rpki_memory *, const char *name, const char *what, size_t vrps);
/* The lines of somebody else; and all that the file has, with those. */
struct sbuf *rpki_memory_lines(struct rpki_memory *);
const char *rpki_memory_text(const struct rpki_memory *);
void rpki_memory_keep(struct rpki_memory *);
void rpki_memory_free(struct rpki_memory *);
