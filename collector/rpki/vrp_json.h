/*
 * VRP files as validators export them: rpki-client, Routinator (json, jsonext), RTRTR, StayRTR. The
 * home of jansson in the daemon. Reads element by element, so that memory does not grow with the
 * file.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "collector/rpki/vrp.h"

struct vrp_file_stats {
	size_t roas, rejected; /* rejected: entries that are no VRP (bad prefix, max length, ASN) */
	size_t aspas, keys;    /* seen, not used yet */
	char first_rejected[160]; /* what was wrong with the first one, "" when none */
};

/*
 * Parse the text into `out` (appended, not sorted). false when the file as a whole is no VRP JSON
 * (syntax, no "roas" array, nothing but rejected entries); error says what and at which line. Then
 * `out` is as before.
 */
bool vrp_json_parse(const char *text, size_t len, struct vrp_list *out, struct vrp_file_stats *,
    char *error, size_t size);
