/* How far the routes of an incident got, for tables. */
#pragma once

#include <jansson.h>

#include "base/pure/text.h"

/* In the words of a line of `bellman tail`: "in use", "passed on"; nothing where it is of no
 * routes. The row is an incident's record. */
void incident_reach(const json_t *row, struct txt *);
