/* What an engine says of its first router. */
#pragma once

#include "collector/engine/engine.h"
#include "tests/unit/support/harness.h"

static inline bool
keep_router(void *ctx, const struct engine_router_info *r)
{
	*(struct engine_router_info *)ctx = *r;
	return false;
}

/* The engine's first router. */
static inline struct engine_router_info
first_router(const struct engine *e)
{
	struct engine_router_info info = { 0 };
	struct engine_place at = { 0 };

	ck_assert(engine_routers(e, &at, keep_router, &info));
	return info;
}
