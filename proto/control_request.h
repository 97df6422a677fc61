/*
 * control_request: what is said on the control socket, for both ends. A request is one line: a verb
 * and key=value words, separated by TABs; values are percent-encoded. The answer begins with a
 * line of its own, "ok" or "error<TAB>reason"; lines ready to be printed follow until the end of
 * the stream. An unknown key is ignored, so that the two ends may be of different versions.
 *
 * Whoever asks with end=1 can tell an answer that is complete from one that broke off: it begins
 * with "ok<TAB>end", and ends with a line that no answer has otherwise.
 */
#pragma once

#include <stdbool.h>

#include "base/sbuf.h"

enum {
	CONTROL_REQUEST_MAX = 8192, /* octets of a request with its newline, and a NUL */
	CONTROL_WORDS_MAX = 16,	    /* further words are ignored */
};

#define CONTROL_OK	  "ok\n"
#define CONTROL_ERROR	  "error\t"
#define CONTROL_OK_TO_END "ok\tend\n"
#define CONTROL_END	  "\004\n" /* no text has a control character */
/* Of a tail that was asked with place=1: a line of this and the number of a record, up to which all
 * has been said. after=NUMBER goes on behind it. */
#define CONTROL_PLACE	  "\005"

/* --- the asking end */

/* Begin a request in an empty or used buffer. */
void control_request_begin(struct sbuf *request, const char *verb);
/* Add a word; any value can be carried. */
void control_request_word(struct sbuf *request, const char *key, const char *value);
/* End the line. A line that is longer than CONTROL_REQUEST_MAX allows will be refused. */
void control_request_end(struct sbuf *request);

/* --- the answering end */

struct control_request { /* points into the line it was parsed from */
	const char *verb;
	struct {
		const char *key, *value;
	} word[CONTROL_WORDS_MAX];
	unsigned n;
};

/* Parse a line, with or without its newline, in place. Nothing in it can fail: a word without "="
 * is skipped, and an empty line has the verb "". */
void control_request_parse(char *line, struct control_request *);
/* The value of the first word with this key; `otherwise` when there is none. */
const char *control_request_value(
    const struct control_request *, const char *key, const char *otherwise);
/* Whether the word is there and is `value`. */
bool control_request_is(const struct control_request *, const char *key, const char *value);
