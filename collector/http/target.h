/*
 * target: what a request is for (RFC 9112 3.2, RFC 3986). Read strictly: percent signs that encode
 * nothing, octets that are no UTF-8 and control characters are errors, not guesses.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "base/sbuf.h"

enum { TARGET_MAX = 8192, TARGET_SEGMENTS_MAX = 8, TARGET_PARAMETERS_MAX = 16 };

struct target {
	char text[TARGET_MAX]; /* what the others point into */
	const char *segment[TARGET_SEGMENTS_MAX];
	unsigned segments;
	struct {
		const char *name, *value;
	} parameter[TARGET_PARAMETERS_MAX];
	unsigned parameters;
};

/* Read "/a/b?c=d", with or without scheme and host in front. false: *wrong says what is, and
 * *too_long whether it is only that. Neither points into the request. */
bool target_parse(const char *raw, struct target *, const char **wrong, bool *too_long);
/* Add the text as a part of an address: what is not a letter, a digit or one of "-._~" encoded. */
void target_encode(const char *text, struct sbuf *out);
/* The value of the first parameter of this name; `otherwise` when there is none. */
const char *target_value(const struct target *, const char *name, const char *otherwise);
