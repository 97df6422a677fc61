/*
 * accept: listening and handing over. A connection is accepted on the coordinator's loop, checked
 * against the access list and the limit of sessions, and its descriptor goes to the worker that its
 * identity says (configured name, sysName, address), which has kept the routes of its former
 * session.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <uv.h>

#include "base/pure/ip.h"
#include "collector/daemon/workers.h"

struct listen_address {
	struct ip_addr address;
	uint16_t port;
};

/* A router that the configuration names. */
struct router_identity {
	const char *name;
	struct ip_addr address;
};

/* Who may connect, and what a router is called. */
struct accept_access {
	const struct ip_prefix *allow; /* empty: everybody */
	size_t allow_n;
	const struct router_identity *routers;
	size_t routers_n;
	uint32_t sessions_max; /* at once */
};

struct acceptor;

/* Nothing is accepted yet. The loop and the workers outlive it. NULL when out of memory. */
struct acceptor *acceptor_new(uv_loop_t *, struct workers *);
/* Copies; false, and all is as before, when out of memory. */
bool acceptor_set_access(struct acceptor *, const struct accept_access *);
/* Listen at all of them. false with the reason in error; acceptor_stop is still due. */
bool acceptor_listen(
    struct acceptor *, const struct listen_address *, size_t n, char *error, size_t size);
/* A session's descriptor, wherever it comes from: to the worker of its identity, or closed when
 * there are too many. configured: its name in the configuration, or "". */
void acceptor_welcome(struct acceptor *, int fd, const char *address, const char *configured);
/* A worker has closed a session. */
void acceptor_session_closed(struct acceptor *);
/* Close the listeners, and the connections that no worker has yet; then the loop has to run. */
void acceptor_stop(struct acceptor *);
/* After acceptor_stop, when the loop has closed its handles. NULL is fine. */
void acceptor_free(struct acceptor *);

/* Sessions that are open now, and those refused since the start. */
uint32_t acceptor_sessions(const struct acceptor *);
uint64_t acceptor_refused(const struct acceptor *);
