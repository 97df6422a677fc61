/* caches: what one row of an RTR cache cannot say. */
#pragma once

#include "collector/config/options.h"

/* What is said when a map tls: has no ca. */
extern const char cache_tls_lacking[];
/* A last look at a struct rtr_cache (an option's `finish`). */
void cache_finish(struct loader *, yaml_node_t *, void *filled);
