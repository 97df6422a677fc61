/*
 * tell: what is in bytes, told field by field to whoever listens.
 *
 * Walkers in the parsers call these; indented text and JSON are two listeners, and live above. A
 * walker says what a network engineer wants to see, in the order of the wire, with the names of the
 * RFC; what it cannot read it tells as hex, never leaves out.
 *
 * Names are lower case with underscores and constant strings. Inside a list there are no names:
 * pass NULL. Values are text that needs no further thought (addresses, prefixes, "64500:100"), or
 * numbers.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/pure/cursor.h"

struct tell {
	void (*open)(struct tell *, const char *name); /* a group of named fields */
	void (*close)(struct tell *);
	void (*list)(struct tell *, const char *name); /* of texts, numbers or groups */
	void (*list_end)(struct tell *);
	void (*text)(struct tell *, const char *name, const char *value);
	void (*number)(struct tell *, const char *name, uint64_t value);
	void (*hex)(struct tell *, const char *name, struct cursor octets);
};

enum { TELL_TEXT_MAX = 1024 };

/* Text made as by printf; what is longer than TELL_TEXT_MAX is cut. */
void tell_textf(struct tell *, const char *name, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

static inline void
tell_open(struct tell *t, const char *name)
{
	t->open(t, name);
}

static inline void
tell_close(struct tell *t)
{
	t->close(t);
}

static inline void
tell_list(struct tell *t, const char *name)
{
	t->list(t, name);
}

static inline void
tell_list_end(struct tell *t)
{
	t->list_end(t);
}

static inline void
tell_text(struct tell *t, const char *name, const char *value)
{
	t->text(t, name, value);
}

static inline void
tell_number(struct tell *t, const char *name, uint64_t value)
{
	t->number(t, name, value);
}

static inline void
tell_hex(struct tell *t, const char *name, struct cursor octets)
{
	t->hex(t, name, octets);
}
