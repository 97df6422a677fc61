/*
 * expected_routers: the routers that the configuration names are expected to be there. One of which
 * nothing is monitored is told as missing (router.missing): it never came since the start, or has
 * been away for longer than the grace. It is over when something of it is monitored again, or when
 * the configuration names it no longer.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "collector/daemon/alarms.h"
#include "collector/daemon/identities.h"

struct expected_routers;

/* alarms: borrowed. NULL when out of memory. */
struct expected_routers *expected_routers_new(struct alarms *);
void expected_routers_free(struct expected_routers *);
/* Those of the configuration, copied, from now on. Of who was named before it is known whether it
 * is there. grace_s: so long one may be away. false when out of memory: then some are not watched.
 */
bool expected_routers_set(
    struct expected_routers *, const struct router_identity *, size_t n, uint32_t grace_s);
/* A router, perhaps one that is not expected: something of it is monitored; its session ended. */
void expected_routers_is_there(struct expected_routers *, const char *name);
void expected_routers_is_away(struct expected_routers *, const char *name, const char *why);
/* Call each of which nothing was ever monitored since the start; since_us: wall clock, from when
 * on it is waited for. The texts are valid during the call. */
void expected_routers_never_came(const struct expected_routers *,
    void (*each)(void *ctx, const char *name, const char *address, int64_t since_us), void *ctx);
/* Call about once a second. */
void expected_routers_tick(struct expected_routers *);
