/* What the files of `bellman explain` share. */
#pragma once

#include <jansson.h>

#include "base/sbuf.h"

/* How text is to look. */
struct explain_look {
	unsigned width; /* as of fields_width */
	bool colour;
};

/* Text of the rows that the daemon gave of one prefix: what they have in common, then each route;
 * the same in several views is one. */
void explain_routes_text(
    struct sbuf *out, const struct explain_look *, const char *prefix, const json_t *rows);
/* Attributes in hex, dissected. */
void explain_octets_text(struct sbuf *out, const struct explain_look *, const char *hex);
/* Text of an incident's record; more: what the daemon says of its severity, or NULL. */
void explain_incident_text(
    struct sbuf *out, const struct explain_look *, const json_t *record, const json_t *more);
