/* The union of what several sources say (RFC 8210 section 10: data is kept apart per cache, used
 * together). */
#pragma once

#include "collector/rpki/vrp.h"

/* lists: each sorted and unique; NULL when out of memory. */
struct vrp_set *vrp_union(const struct vrp_list *const *lists, size_t n, uint64_t generation);
