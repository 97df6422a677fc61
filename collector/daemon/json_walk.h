/*
 * The outermost skeleton of a large JSON file, walked by hand: arrays of values and objects around
 * them. Each value is jansson's, one at a time, so that a file is never a tree as a whole.
 */
#pragma once

#include <jansson.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>

struct json_walk {
	const char *start, *pos, *end; /* of the text; it need not end with NUL */
	const _Atomic bool *give_up;   /* NULL: never */
	size_t flags;		       /* further ones for jansson */
	char *error;
	size_t size;
};

/* The reason, with the number of the line. Always false. */
bool json_walk_wrong(struct json_walk *, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));
/* The next character that is no white space, which stays; NUL at the end. */
char json_walk_peek(struct json_walk *);
/* Take it when it is that one. false with the reason when it is not. */
bool json_walk_expect(struct json_walk *, char want);
/* The next value; yours to release. NULL with the reason when there is none. */
json_t *json_walk_value(struct json_walk *);
/* Every value of an array; false with the reason when it is none, or when `each` has returned
 * false. Given up: the reason is "". */
bool json_walk_array(struct json_walk *, bool (*each)(void *ctx, const json_t *value), void *ctx);
