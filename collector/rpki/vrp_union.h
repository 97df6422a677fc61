/* The union of what several sources say (RFC 8210 section 10: data is kept apart per cache, used
 * together). */
#pragma once

#include "collector/rpki/vrp.h"

/* lists: each sorted and unique, as is *out, which is yours. false: out of memory; then *out is
 * empty. */
bool vrp_union(const struct vrp_list *const *lists, size_t n, struct vrp_list *out);
