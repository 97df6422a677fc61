/*
 * customer_file: a list of what a neighbour may announce, as JSON: an object of arrays of whatever
 * name, as `bgpq4 -j` writes it, or one array. In an array stand
 *
 *   {"prefix": "192.0.2.0/24", "exact": true}                          that prefix
 *   {"prefix": "192.0.2.0/23", "greater-equal": 24, "less-equal": 24}  in these lengths
 *   "192.0.2.0/24"                                                     that prefix
 *   64501, "AS64501"                                                   an origin (bgpq4 -jt, -jf)
 *
 * "less-equal" alone begins with the prefix's own length. The name of an AS-SET is refused: nobody
 * here expands it. So is a list with nothing in it, which is what bgpq4 leaves when it fails.
 */
#pragma once

#include <stddef.h>

#include "collector/detect/customer_lists.h"

/* text: a NUL behind it. give_up: set by another thread to end it; NULL: nobody does. NULL with the
 * reason in error: line, what was read, what would be right. */
struct customer_entries *customer_file_parse(
    const char *text, size_t len, const _Atomic bool *give_up, char *error, size_t size);
