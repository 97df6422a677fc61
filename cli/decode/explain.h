/*
 * explain: the two field sinks (parsers/wire/dissect.h): indented text for the
 * eye, and one JSON object a message.
 *
 * Text: a name and its value on a line, values in one column; lists of short things fill lines, and
 * so does a group in a list that has room on one; octets that were not understood are shown in hex.
 */
#pragma once

#include <stdbool.h>

#include "base/jw.h"
#include "parsers/wire/dissect.h"

enum { EXPLAIN_DEPTH_MAX = 24, EXPLAIN_LINE_MAX = 110 };

/* A level of nesting, text only. */
struct explain_level {
	bool list;
	bool compact;	  /* its fields are items of one list: the peer of a message */
	bool short_group; /* so far all of it fits into `line` */
	const char *name; /* of a list in a compact group; written with its first item */
	bool named;
	/* a group in a list: the output and its line as they were before */
	size_t start;
	bool line_open, item;
	unsigned column;
	unsigned fields;		 /* of a group, so far */
	unsigned groups;		 /* in a list, so far */
	char line[EXPLAIN_LINE_MAX + 1]; /* the group on one line */
};

struct explain {
	struct field_sink sink; /* first: the functions of the sink cast it to the whole */
	bool json;
	struct sbuf *out;
	struct jw jw;
	/* fields of a message's peer that are not shown as text; ends with NULL; none at first */
	const char *const *omit;
	unsigned depth;
	bool dash;	/* the next line begins an item of a list */
	bool line_open; /* a list has its name written, and maybe items: */
	bool item;
	unsigned column; /* of the open line */
	struct explain_level level[EXPLAIN_DEPTH_MAX];
};

/* Begins text, or opens a JSON object. out has to outlive it. */
void explain_begin(struct explain *, struct sbuf *out, bool json);
/* Closes the object, or ends the open line. */
void explain_end(struct explain *);
