/*
 * What the files of neighbor_watch share. They call each other only downwards:
 *
 *   neighbor_watch    the neighbours, what comes in, what is kept
 *   neighbor_session  sessions that flap, and that are down
 *   neighbor_volume   how much they send
 */
#pragma once

#include "base/ptrmap.h"
#include "collector/daemon/neighbor_watch.h"

enum {
	WATCH_FAMILIES = 4,
	WATCH_ABOUT_MAX = 3 * ENGINE_NAME_MAX,
	WATCHED_MAX = 250000, /* neighbours of all routers; who is over is not watched */
};

/* What is open because a neighbour sends too much. */
enum too_much { TOO_MUCH_NOT, TOO_MUCH_SURGE, TOO_MUCH_LIMIT };

/* Sessions of a router that went down in one go, or flap at the same time. */
enum group { GROUP_DOWN = 1, GROUP_FLAPS = 2 };

/* A neighbour of a router. */
struct watched {
	char about[WATCH_ABOUT_MAX]; /* its identity: router, address, distinguisher */
	char router[ENGINE_NAME_MAX], address[ENGINE_NAME_MAX], distinguisher[BGP_RD_TEXT_MAX];
	uint32_t as, feed, peer; /* peer: the engine's number */
	uint8_t relation;	 /* enum relation */
	bool here;		 /* something of it has come since the start */
	bool away;		 /* its router's BMP session is lost: nobody knows */
	bool named;		 /* in its router's BMP session of now */
	bool changed;		 /* to be kept */

	/* told last, of families of which anything was: bit per enum source_family */
	struct engine_volume last[WATCH_FAMILIES];
	uint8_t families;
	bool up;	 /* by what was told last, also before a restart */
	int64_t gone_us; /* since when it is not waited for; 0: it is, or nothing of it is left */

	struct volume volumes[WATCH_FAMILIES];
	uint32_t told[WATCH_FAMILIES];	    /* the number that is told of a surge, or a loss */
	uint32_t kept_most[WATCH_FAMILIES]; /* of the volume, as it was kept last */
	uint32_t limits[WATCH_FAMILIES];    /* of routes; 0: none is configured */
	uint8_t near[WATCH_FAMILIES];	    /* 1: near its limit, 2: over it */
	bool loss_told;
	uint8_t too_much;	     /* enum too_much */
	bool cut_off;		     /* the router ended the session for its limit */
	int64_t unsettled_us;	     /* since when one that is told is not known; 0: it is */
	char related[RECORD_ID_MAX]; /* the incident that most of the surge belongs to */

	struct flaps flaps;
	uint8_t session_told;	   /* enum flap_state */
	uint8_t grouped;	   /* it is told with others of its router: bits of enum group */
	bool meant;		   /* somebody took it down on purpose */
	char why[ENGINE_TEXT_MAX]; /* it went down last; while it flaps, when that began */
	uint32_t lost_routes, lost_incidents;
	char lost_id[RECORD_ID_MAX];

	struct watched *next;
};

/* The limit of a neighbour. */
struct max_prefix {
	bool has_asn, has_address;
	uint32_t asn;
	struct ip_addr address;
	uint32_t max[2]; /* IPv4, IPv6; 0: none */
};

/* Sessions of a router that went down together. */
struct peers_down {
	char router[ENGINE_NAME_MAX];
	uint32_t down_n, flapping_n;	/* as it was told; 0: it is not */
	char left[2 * RECORD_NAME_MAX]; /* who left last without being up, and how; "": nobody */
	struct peers_down *next;
};

struct neighbor_watch {
	struct records *records;
	struct alarms *alarms;
	struct incidents *incidents;
	struct neighbor_watch_config config;
	struct max_prefix *limits;
	size_t limits_n;
	struct ptrmap by_about;
	struct watched *list;
	uint32_t n;
	struct peers_down *groups;
};

/* --- neighbor_session.c */

void watched_session_event(
    struct neighbor_watch *, struct watched *, const struct engine_event *, int64_t now_us);
/* Judge its session, and tell. */
void watched_session_tick(struct neighbor_watch *, struct watched *, int64_t now_us);
/* Those that were told together. */
void peers_down_tick(struct neighbor_watch *);
/* Forget who was told together. */
void peers_down_free(struct neighbor_watch *);
/* It is no longer configured: nothing is wrong with it. */
void watched_session_over(struct neighbor_watch *, struct watched *, const char *how);

/* --- neighbor_volume.c */

void watched_volume_event(struct watched *, const struct engine_event *, int64_t now_us);
/* Nobody knows what it sends; its own session ended, or is a new one. */
void watched_volume_lost(struct watched *);
void watched_volume_begins(struct watched *);
/* Its limits; by address before by AS, as all that is said of neighbours. To be called when the
 * configuration is another one, or its AS. */
void watched_find_limits(const struct neighbor_watch *, struct watched *);
/* The router has ended the session since the neighbour sent too much. */
void watched_cut_off(struct neighbor_watch *, struct watched *, int64_t now_us);
void watched_volume_tick(struct neighbor_watch *, struct watched *, int64_t now_us);
void watched_volume_over(struct neighbor_watch *, struct watched *, const char *how);
/* "192.0.2.9 AS64510 (customer) of edge1". */
enum { WATCHED_TEXT_MAX = 4 * ENGINE_NAME_MAX };
const char *watched_text(const struct watched *, char out[WATCHED_TEXT_MAX]);
