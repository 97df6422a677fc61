/*
 * dissect: what is in octets, field by field, for whoever takes the fields.
 *
 * The dissectors (bgp_open_dissect, attr_dissect_origin, ...) read the octets and give each field
 * to a field_sink, in the order of the wire and with the names of the RFC. What a dissector cannot
 * read it gives as hex; it leaves nothing out. Indented text and JSON are two sinks, and live
 * above.
 *
 * Names are constant strings in lower case with underscores. Items of a list have no name: pass
 * NULL. Values are numbers, or text that needs no further thought (addresses, prefixes,
 * "64500:100").
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/pure/cursor.h"

struct field_sink {
	void (*open)(struct field_sink *, const char *name); /* begins a group of named fields */
	void (*close)(struct field_sink *);
	void (*list)(struct field_sink *, const char *name); /* of texts, numbers or groups */
	void (*list_end)(struct field_sink *);
	void (*text)(struct field_sink *, const char *name, const char *value);
	void (*number)(struct field_sink *, const char *name, uint64_t value);
	void (*hex)(struct field_sink *, const char *name, struct cursor octets);
};

enum { FIELD_TEXT_MAX = 1024 };

/* Text as by printf; what is longer than FIELD_TEXT_MAX is cut. */
void field_textf(struct field_sink *, const char *name, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

static inline void
field_group(struct field_sink *to, const char *name)
{
	to->open(to, name);
}

static inline void
field_group_end(struct field_sink *to)
{
	to->close(to);
}

static inline void
field_list(struct field_sink *to, const char *name)
{
	to->list(to, name);
}

static inline void
field_list_end(struct field_sink *to)
{
	to->list_end(to);
}

static inline void
field_text(struct field_sink *to, const char *name, const char *value)
{
	to->text(to, name, value);
}

static inline void
field_number(struct field_sink *to, const char *name, uint64_t value)
{
	to->number(to, name, value);
}

static inline void
field_hex(struct field_sink *to, const char *name, struct cursor octets)
{
	to->hex(to, name, octets);
}
