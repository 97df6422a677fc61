/*
 * neighbor_watch: the sessions of the routers' neighbours, and how much they send. Each trouble is
 * one incident of one neighbour (alarms.h):
 *
 *   peer.surge       it sends much more than it ever did
 *   peer.max-prefix  it is near its limit, over it, or the router has ended its session for that
 *   peer.loss        most of what it sent is gone, while its session is up
 *   peer.flapping    its session comes and goes, and why
 *   peer.down        it is down and stays so: why, and what that costs
 *
 * What is one event is told once. More than there should be is told as a surge or as the limit,
 * whichever is seen first; the other is said in its words. Who is cut off for his limit is told as
 * that, not as being down. While a session flaps, that it is down is said there. Many sessions of a
 * router that go down together are one incident of the router (router.peers-down), and so are those
 * that flap at the same time (router.peers-flapping). And a surge most
 * of which belongs to an incident about routes (a leak) is not told beside it: there it says who,
 * of what and how far, here it would only say how many.
 *
 * What is open, and what it is measured by, is kept over a restart. The coordinator's thread only;
 * all times are of the incident table's clock.
 */
#pragma once

#include "collector/daemon/alarms.h"
#include "collector/daemon/records.h"
#include "collector/detect/detect.h"
#include "collector/engine/engine.h"
#include "collector/incident/flaps.h"
#include "collector/incident/incident.h"
#include "collector/incident/volume.h"

struct neighbor_watch_config {
	struct volume_limits volume;
	struct flap_limits flaps;
	uint32_t max_prefix_percent; /* of the limit, from which on it is near */
	uint32_t group_at;	     /* more sessions than that at once are told as one; 0: 8 */
	uint32_t off, dry_run;	     /* bit per enum watch */
};

struct neighbor_watch;

/* With what was kept. All is borrowed. NULL when out of memory. */
struct neighbor_watch *neighbor_watch_new(struct records *, struct alarms *, struct incidents *);
void neighbor_watch_free(struct neighbor_watch *);
/* Other limits from now on, and those of the neighbours. false when out of memory. */
bool neighbor_watch_configure(
    struct neighbor_watch *, const struct neighbor_watch_config *, const struct detect_config *);
/* EVENT_PEER_UP, EVENT_PEER_STILL_UP, EVENT_PEER_DOWN, EVENT_VOLUME; feed: the router's number in
 * the incident table. */
void neighbor_watch_event(
    struct neighbor_watch *, uint32_t feed, const struct engine_event *, int64_t now_us);
/* Which of its sessions a router that was away does not name until it has shown all are down. */
void neighbor_watch_router(
    struct neighbor_watch *, const char *router, enum feed_state, int64_t now_us);
/* The router is called otherwise; it is no longer known. */
void neighbor_watch_rename(struct neighbor_watch *, const char *from, const char *to);
void neighbor_watch_gone(struct neighbor_watch *, const char *router);
/* A session of a neighbour and a family that it has told of, as it is now. */
struct neighbor_seen {
	const char *router, *address, *distinguisher;
	uint32_t asn;
	uint8_t relation;
	enum source_family family;
	bool away; /* its router is, or has not shown all it has */
	bool up;
	const struct engine_volume *volume; /* told last */
	uint32_t limit;			    /* of routes that it may send; 0: none is configured */
};
/* Call each for all of them; what it gets is borrowed for the call. */
void neighbor_watch_each(const struct neighbor_watch *,
    void (*each)(void *ctx, const struct neighbor_seen *), void *ctx);
/* Call about once a second. */
void neighbor_watch_tick(struct neighbor_watch *, int64_t now_us);
