/*
 * A YAML document while it is read: its nodes with their places, complaints about them, and values
 * of the simple types.
 */
#pragma once

#include <stdbool.h>
#include <yaml.h>

#include "base/pure/ip.h"
#include "base/sbuf.h"
#include "collector/config/arena.h"

struct loader {
	yaml_document_t doc;
	const char *name; /* of the file */
	struct sbuf *messages;
	bool failed;
	unsigned errors_n, notes_n; /* those that were told */
	struct arena *memory;	    /* of what is read */
};

/* "FILE:LINE:COLUMN: what"; the document has failed. at: NULL for the document as a whole. */
void loader_error(struct loader *, const yaml_node_t *at, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));
/* So much is wrong that there is no use in reading on. */
bool loader_gives_up(const struct loader *);
/* "FILE:LINE:COLUMN: note: what": accepted, but worth a look. The same text is written once. */
void loader_note(struct loader *, const yaml_node_t *at, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

yaml_node_t *loader_node(struct loader *, int id);
/* The value of a key of a map; NULL when it is not there, or it is no map. */
yaml_node_t *loader_value(struct loader *, const yaml_node_t *map, const char *key);

/* Values of a scalar. what: names it in the error that is written when the node is something else,
 * or is not in the range; then NULL or false. */
const char *loader_scalar(struct loader *, const yaml_node_t *, const char *what);
bool loader_uint(struct loader *, const yaml_node_t *, const char *what, uint64_t min, uint64_t max,
    uint64_t *out);
bool loader_asn(struct loader *, const yaml_node_t *, const char *what, uint32_t *out);
bool loader_address(struct loader *, const yaml_node_t *, const char *what, struct ip_addr *out);
/* A community of two parts (RFC 1997), or a large one of three (RFC 8092). */
bool loader_community(
    struct loader *, const yaml_node_t *, const char *what, uint32_t part[3], uint8_t *parts);
bool loader_prefix(struct loader *, const yaml_node_t *, const char *what, struct ip_prefix *out);
/* "2026-12-31", as days since 1970. */
bool loader_date(struct loader *, const yaml_node_t *, const char *what, uint32_t *days);
enum { DATE_TEXT_MAX = 11 };
/* The other way round, into buf (DATE_TEXT_MAX); returns buf. */
const char *date_format(uint32_t days, char *buf);
/* A copy of at most `most` octets, owned by the loader's memory. */
const char *loader_text(struct loader *, const yaml_node_t *, const char *what, size_t most);
