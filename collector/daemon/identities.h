/*
 * identities: who a router is. Its name is what the configuration calls its address, else its
 * sysName, else its address, and a name belongs to what proves it: the configuration, or the
 * address from which it was first heard. Who comes from elsewhere under that name is another router
 * and is called by its address, too ("edge1@192.0.2.9"), so that nothing it says is evidence for
 * the first one. Names that have told of peers outlive a restart, so that they mean the same
 * whoever is back first.
 *
 * No sockets, no clock: the coordinator's thread alone.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/pure/ip.h"
#include "collector/bmp_stream/bmp_stream.h"
#include "collector/engine/engine.h"

/* A router that the configuration names. Several addresses of one name are one router. */
struct router_identity {
	const char *name;
	struct ip_addr address;
};

/* All but `session` and `tells` is for reading. */
struct identity {
	char name[ENGINE_NAME_MAX];
	char
	    address[ENGINE_NAME_MAX]; /* text; of a recorded stream, with what it was recorded in */
	char sys_name[BMP_TEXT_MAX];  /* "" when it said none */
	char
	    former[ENGINE_NAME_MAX]; /* its name before the configuration gave it this one, or "" */
	uint64_t place;		     /* a number that stays with it, to choose a worker by */
	int64_t seen_us;	     /* when a session of it last began or ended */
	bool tells;		     /* it has told of a peer: something may depend on it */
	void *session;		     /* the caller's: not NULL while it has a live session */
	/* of sessions that were replaced by newer ones lately, see identities_replaced */
	unsigned replaced_n;
	int64_t replaced_us;
	struct identity *next, **prev;
};

struct identities_ops {
	/* Keep the value under the key, for identities_restore after a restart; NULL: forget it. */
	void (*keep)(void *ctx, const char *key, const void *value, size_t len);
	/* The configuration has given a router another name. */
	void (*renamed)(void *ctx, const char *from, const char *to);
};

struct identities_config {
	const struct router_identity *routers; /* borrowed for the call */
	size_t routers_n;
	uint32_t forget_s; /* so long a router that is away keeps its name */
};

struct identities;

/* NULL when out of memory. */
struct identities *identities_new(const struct identities_ops *, void *ctx);
void identities_free(struct identities *);
/* What was kept before the restart. A value that cannot be read is left out: false. */
bool identities_restore(struct identities *, const char *key, const void *value, size_t len);
/* The names of the configuration, from now on. A router known by another name at such an address,
 * and alone there, is renamed. Copies; false, and all is as before, when out of memory. */
bool identities_configure(struct identities *, const struct identities_config *);

/* What a connection says of itself. */
struct identity_claim {
	const char *address;
	const char *configured; /* its name in the configuration, "" for none */
	const char *sys_name;	/* "" when its first message said none */
	/* A recorded stream: it is never taken for a router that is live, nor for another stream.
	 */
	bool recorded;
};
/* Whose it is; made when it is nobody's yet. NULL when out of memory. */
struct identity *identities_of(struct identities *, const struct identity_claim *, int64_t now_us);
/* Whose name this is in the configuration, "" for none. */
const char *identities_configured(const struct identities *, const struct ip_addr *);
/*
 * A newer session is about to replace the one that looks open. false: that has happened too often
 * lately, so both are alive; identities_of gives each a name of its own then.
 */
bool identities_replaced(struct identity *, int64_t now_us);
/* Its live session has proved to live while another one claims to be it: the same. */
void identities_lives(struct identity *, int64_t now_us);
/* Who has the name that this one would have, were it not another's; NULL when it has it itself. */
const struct identity *identities_owner(const struct identities *, const struct identity *);

/* It has told of a peer, or a session of it ended: keep it. */
void identities_keep(struct identities *, struct identity *, int64_t now_us);
/* Nothing is left of the router of that name; one that has told of peers is kept for forget_s. */
void identities_gone(struct identities *, const char *name);
/* Forget who has been away for too long. Call it now and then. */
void identities_tick(struct identities *, int64_t now_us);

/* What a router is called now that was called so before the restart. */
const char *identities_name_now(const struct identities *, const char *name);
size_t identities_count(const struct identities *);
