/*
 * sessions: the BMP sessions that are open, from the descriptor on. A connection waits here for its
 * first message, which says who it is (identities.h); it is looked at without being taken, so that
 * the worker gets the stream whole. Then it goes to the worker that has kept the routes of the
 * router's former session, whatever address that came from.
 *
 *   welcome --> WAITING --first message, or initiation_s--> a worker's --closed--> gone
 *
 * A router that is back while its former connection still looks open (power loss, switch-over)
 * replaces it. First the former one is asked whether it lives: two routers may be alike, or have
 * two sessions with us, and then the second one gets a name of its own. Who is over a limit is
 * refused, unless there is somebody to give way: one that has said nothing of any peer for a while,
 * or one of an address that has more sessions than it would leave to the newcomer's.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <uv.h>

#include "collector/daemon/identities.h"
#include "collector/daemon/workers.h"

struct sessions;

struct sessions_config {
	uint32_t sessions_max; /* at once */
	uint32_t per_address;  /* of them, from one IPv4 address or one IPv6 /64; 0: no limit */
	uint32_t initiation_s; /* a connection that says nothing is closed after that; 0: never */
	uint32_t message_max;
};

/* What is to be told of them. Texts are valid during the call. */
enum same_name {
	SAME_NAME_BEGINS,
	SAME_NAME_STANDS, /* for some seconds now: it is not passing */
	SAME_NAME_OVER,	  /* its session ended */
};

struct sessions_ops {
	/* A connection is refused, or a session has to end for another's sake. limit: the option
	 * that is reached. */
	void (*refused)(void *ctx, const char *limit);
	/* A router has the sysName of another one, which has the name; owner: NULL when over. */
	void (*same_name)(
	    void *ctx, const struct identity *, const struct identity *owner, enum same_name);
	/* Two sessions of one router replaced each other until it was clear that both are alive. */
	void (*two_sessions)(void *ctx, const struct identity *);
};

/* All are borrowed. NULL when out of memory. */
struct sessions *sessions_new(
    uv_loop_t *, struct workers *, struct identities *, const struct sessions_ops *, void *ctx);
void sessions_configure(struct sessions *, const struct sessions_config *);

/* A connection. */
struct sessions_newcomer {
	int fd;
	const char *address; /* text */
	struct ip_addr ip;   /* of no family: a recorded stream, which no limit per address holds */
	const char *configured; /* "" when the configuration does not name it */
};
/* The descriptor is theirs now; it is closed when there is no room. */
void sessions_welcome(struct sessions *, const struct sessions_newcomer *);
/* A worker has closed a session; it has told of a peer. */
void sessions_closed(struct sessions *, uint32_t id);
void sessions_tells(struct sessions *, uint32_t id);
/* The answer of one that was asked. */
void sessions_lives(struct sessions *, uint32_t id, bool lives);
/* Call about once a second. */
void sessions_tick(struct sessions *);
/* End every session, whoever has it, that may no longer be. */
void sessions_end_unless(
    struct sessions *, bool (*may)(void *ctx, const struct ip_addr *), void *ctx, const char *why);
/* Close the connections that no worker has yet; then the loop has to run. */
void sessions_stop(struct sessions *);
/* After sessions_stop, when the loop has closed its handles. NULL is fine. */
void sessions_free(struct sessions *);

uint32_t sessions_count(const struct sessions *);
/* Connections refused since the start. */
uint64_t sessions_refused(const struct sessions *);
/* Count a connection that was refused before it came here, and log it, not too often. */
void sessions_refuse(struct sessions *, int fd, const char *address, const char *why);
