/*
 * JSON objects of the plainest kind, as they stand in long lists: members with a name each, and
 * values that are integers, null, or strings without an escape. What is not so plain is left to a
 * parser of all of JSON; what is read here that one would read the same.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { FLAT_MEMBERS_MAX = 12 };

enum flat_type { FLAT_NONE, FLAT_NULL, FLAT_INTEGER, FLAT_STRING };

struct flat_value {
	uint8_t type;	  /* enum flat_type; FLAT_NONE: it is not there */
	const char *text; /* as it stands there, of a string what is between the quotes; borrowed */
	size_t len;
	int64_t number; /* of an integer */
};

struct flat_object {
	unsigned n;
	struct {
		const char *name;
		size_t len;
		struct flat_value value;
	} member[FLAT_MEMBERS_MAX];
};

/* Read the object that begins at `pos`, and return what follows it. NULL: there is none, or it is
 * not so plain: it has other values, names that are empty or there twice, too many members, or is
 * cut off. */
const char *flat_json_object(const char *pos, const char *end, struct flat_object *);

/* The value of that name. */
struct flat_value flat_json_get(const struct flat_object *, const char *name);
