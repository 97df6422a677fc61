/*
 * accept: listening, and who may connect. A connection is accepted on the coordinator's loop and
 * checked against the access list; sessions.h has the rest of its way.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <uv.h>

#include "base/pure/ip.h"
#include "collector/daemon/identities.h"
#include "collector/daemon/sessions.h"

struct listen_address {
	struct ip_addr address;
	uint16_t port;
};

/* Who may connect, and what a router is called. */
struct accept_access {
	/* allow_given: only these, nobody when there is none; else everybody */
	const struct ip_prefix *allow;
	size_t allow_n;
	bool allow_given;
	const struct router_identity *routers;
	size_t routers_n;
};

struct acceptor;

/* Nothing is accepted yet. All that is given outlives it. NULL when out of memory. */
struct acceptor *acceptor_new(uv_loop_t *, struct sessions *, struct identities *);
/* Copies the access list; sessions that it no longer allows are ended. false, and all is as before,
 * when out of memory. */
bool acceptor_set_access(struct acceptor *, const struct accept_access *);
/* Listen at all of them. false with the reason in error; acceptor_stop is still due. */
bool acceptor_listen(
    struct acceptor *, const struct listen_address *, size_t n, char *error, size_t size);
/* Close the listeners; then the loop has to run. */
void acceptor_stop(struct acceptor *);
/* After acceptor_stop, when the loop has closed its handles. NULL is fine. */
void acceptor_free(struct acceptor *);
