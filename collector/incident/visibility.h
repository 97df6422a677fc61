/*
 * visibility: are our own prefixes where they were? In the Loc-RIB of each border router, and out
 * to those who carry them to the world.
 *
 * What counts is what was seen: a prefix belongs where it has been for hold_s. That is the whole
 * configuration, and it is kept over restarts: what is announced to one provider only on purpose is
 * missing at no other. Beyond that, one border router without what all others have is told.
 *
 * It is gone there when that is certain, and for hold_s: it was withdrawn, the session is down, or
 * a feed that has told all it has does not have it. A feed that is lost, and a Peer Down that is
 * none of BGP, say nothing. An aggregate of ours, or all its parts, stand for it.
 *
 * One cause is one incident: whatever a session that is down takes from wherever is told of that
 * session; what was withdrawn is told of the prefix, and of many at once together. How grave that
 * is follows from what remains.
 *
 *   visibility        what is where
 *   visibility_left   who carries it, and what is left of them
 *   visibility_cause  who has done it
 *   visibility_judge  what is lost, and what is back
 *   visibility_say    in words
 *
 * No clock, no I/O: what is to be told and kept goes out through callbacks.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "collector/detect/detect.h"
#include "collector/incident/conditions.h"
#include "collector/incident/incident.h"

struct visibility;

struct visibility_config {
	uint32_t hold_s; /* so long it is there before it belongs there, and away before it is lost
			  */
	uint32_t away_s; /* so long a feed is lost before nobody knows what it has */
	uint32_t group_at; /* more prefixes than that, withdrawn at once, are told together */
};

/* What leaves it; everything is valid during the call. */
struct visibility_ops {
	/* As conditions_set and conditions_clear. */
	void (*set)(void *ctx, const struct condition_said *);
	void (*clear)(void *ctx, const char *kind, const char *about, const char *text);
	/* As conditions_unknown: all routers that could say that it is over are away. */
	void (*unknown)(void *ctx, const char *kind, const char *about);
	/* Of those that were open before the start none is but about these. */
	void (*keep_only)(void *ctx, const char *const *abouts, size_t n);
	/* To be known after a restart, by key; value NULL: no longer. */
	void (*keep)(void *ctx, const char *key, const char *value, size_t len);
};

/* Where something is seen. */
struct visibility_source {
	const char *router;
	const char *peer; /* address, or "loc-rib" */
	const char *distinguisher;
	uint32_t peer_as;
	uint8_t relation;
	bool outside;	  /* certainly a network that is not ours */
	bool unmonitored; /* a Peer Down of it is none of BGP */
};

/* All times that come in are of a clock that is never set. NULL when out of memory. */
struct visibility *visibility_new(const struct visibility_ops *, void *ctx);
void visibility_free(struct visibility *); /* NULL is fine */
void visibility_configure(struct visibility *, const struct visibility_config *);
/* At start: what was kept. */
void visibility_restore(
    struct visibility *, const char *key, const void *value, size_t len, int64_t now_us);

/* A view has a prefix that is ours, or stands for one, or no longer. cause: enum reason. */
void visibility_at(struct visibility *, const struct visibility_source *, const struct ip_prefix *,
    uint8_t view, bool labelled, bool there, uint8_t cause, int64_t now_us);
void visibility_router(struct visibility *, const char *router, enum feed_state, int64_t now_us);
/* It is no longer known: what was there says nothing any more. */
void visibility_router_gone(struct visibility *, const char *router);
void visibility_rename(struct visibility *, const char *from, const char *to);
/* A session of a router came up, or is down: why in words. */
void visibility_peer(struct visibility *, const struct visibility_source *, bool up,
    const char *text, int64_t now_us);
/* It has told all it has in these views (bits), of IPv6 or IPv4. */
void visibility_complete(
    struct visibility *, const struct visibility_source *, uint8_t views, bool v6, int64_t now_us);
/* What is missing now is as it should be. */
void visibility_accept(struct visibility *);
/* Call about once a second. detect: says what is ours, borrowed for the call. */
void visibility_tick(struct visibility *, const struct detect *, int64_t now_us);
