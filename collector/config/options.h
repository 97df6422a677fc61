/*
 * Options as rows. A row says how an option is named and written, what is allowed, what holds when
 * it is not there, and where its value goes: an offset into the struct that the row's map fills.
 * The file is a map of rows, a section is a map inside of it, and a list has a row for its element,
 * which may be a map again.
 *
 * A new option is a row here, the member that its user reads, its lines in etc/bellman.yaml, and
 * its sentence in option_help.c.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "collector/config/yaml.h"

/* Each with the type of the member at the offset. */
enum option_type {
	OPTION_NUMBER,	  /* uint8_t to uint64_t */
	OPTION_CHOICE,	  /* an enum, or a uint8_t that holds one */
	OPTION_TEXT,	  /* const char *, never NULL */
	OPTION_ASN,	  /* uint32_t */
	OPTION_ADDRESS,	  /* struct ip_addr */
	OPTION_PREFIX,	  /* struct ip_prefix */
	OPTION_COMMUNITY, /* struct detect_community */
	OPTION_DATE,	  /* uint32_t: days since 1970 UTC */
	OPTION_LIST,	  /* a pointer to elements */
	OPTION_MAP,	  /* none: its rows have offsets into the same struct */
	OPTION_PROPERTIES /* const struct kafka_property *; any key, values of text */
};

/* May a map be without this key? */
enum option_need { NEED_NOT, NEED_THIS, NEED_ONE_OF_THESE };

struct option {
	const char *name;
	/* The name it had before, or NULL. It is still accepted, with a note. */
	const char *alias;
	enum option_type type;
	/* A text that is not dumped. */
	bool secret;
	/* A reload cannot change it. */
	bool restart;
	enum option_need need;
	/* Dumped on one line: {a: 1} or [1, 2]. A list on one line is dumped even when empty. */
	bool flow;
	size_t at;
	/* Octets of a number or choice; of an element of a list. */
	size_t size;
	/* has_given: a bool at the offset `given` becomes true when the key is there. */
	bool has_given;
	size_t given;

	/* A number's range, in units; a choice's first and last value; a text's longest (max). */
	uint64_t min, max;
	/* What the value is multiplied by where it goes; 0: by nothing. */
	uint64_t unit;
	/* Value when the key is not there: of a number (in units) or choice, and of a text. */
	uint64_t number;
	const char *text;
	/* Names of a choice's values, and more on what they mean, for the error. */
	const char *(*word)(uint64_t value);
	const char *note;

	/* A list: offset of its count (a size_t), its element, and what it holds when the key is
	 * not there. filled: that also replaces an empty list. */
	size_t count;
	const struct option *item;
	const void *items;
	size_t items_n;
	bool filled;

	/* A map: its rows; what is said when a needed key is not there; a last look at what has
	 * been read into `filled_in`. */
	const struct option *rows;
	size_t rows_n;
	const char *lacking;
	void (*finish)(struct loader *, yaml_node_t *, void *filled_in);
};

/* The whole file: a map that fills a struct config. */
extern const struct option config_options;

/* A number or choice as it lies in the struct, and back. */
uint64_t option_number(const struct option *, const void *filled);
void option_set_number(const struct option *, void *filled, uint64_t value);
/* The pointer of a text or list, and back. */
const void *option_pointer(const struct option *, const void *filled);
void option_set_pointer(const struct option *, void *filled, const void *value);
size_t option_count(const struct option *, const void *filled);
void option_set_count(const struct option *, void *filled, size_t n);

enum { OPTION_PATH_MAX = 128 };
/* "limits.routers" of "limits" and the row "routers"; path: "" at the top. Returns buf. */
const char *option_path(const char *path, const struct option *, char buf[OPTION_PATH_MAX]);

/* --- option_help.c */

/* What the option is for, in a sentence or two: every option has one; "" for what is none. A path
 * is as config_describe() has it, "listen[].port". */
const char *option_help(const char *path);
/* Of the n-th sentence, the path, or NULL behind the last. */
const char *option_help_of(size_t n);

/* --- networks.c */

/* Note where the configuration contradicts its lists of networks, and that they are old where they
 * are the built-in ones. file: the root of the document. */
struct detect_config;
void networks_compare(
    struct loader *, const yaml_node_t *file, const struct detect_config *, bool builtin);

/* --- read.c */

/* Give every option below the map its default. */
void options_default(const struct option *map, void *filled);
/* Read a map; path: its own, "" at the top. */
void options_read(
    struct loader *, const struct option *map, const char *path, yaml_node_t *, void *filled);

/* --- dump.c */

/* The option as in a dump, with its name, or nothing when it is not given. */
void option_dump(const struct option *, const void *filled, unsigned indent, struct sbuf *out);
bool option_differs(const struct option *, const void *a, const void *b);
