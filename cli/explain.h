/*
 * explain: facts with names, as indented text or as JSON, from one set of calls.
 */
#pragma once

#include <stdbool.h>

#include "base/jw.h"
#include "parsers/rd.h"

struct explain {
	bool json;
	unsigned depth;
	struct sbuf *out;
	struct jw jw;
};

void explain_begin(struct explain *, struct sbuf *out, bool json);
void explain_end(struct explain *);		       /* newline */
void explain_open(struct explain *, const char *name); /* a group */
void explain_close(struct explain *);
void explain_list(
    struct explain *, const char *name); /* items follow: explain_item, or explain_open(NULL) */
void explain_list_end(struct explain *);
void explain_text(struct explain *, const char *name, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));
void explain_number(struct explain *, const char *name, uint64_t value);
void explain_hex(struct explain *, const char *name, struct rd);
void explain_item(struct explain *, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
