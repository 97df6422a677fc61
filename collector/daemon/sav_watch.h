/*
 * sav_watch: permit lists of some customers (collector/sav), made now and then. What is another is
 * told (event sav.changed); a list that lost much at once (sav.shrunken), or that lacks what a ROA
 * names its customer for (sav.missing), is an alarm. A list in which something may be missing is
 * compared with nothing. The last one is kept over a restart (sav_kept.h), so that what is lost
 * meanwhile is noticed. The coordinator's thread only.
 */
#pragma once

#include "collector/control/control.h"
#include "collector/daemon/alarms.h"
#include "collector/daemon/records.h"
#include "collector/daemon/workers.h"
#include "collector/detect/detect.h"
#include "collector/rpki/rpki_state.h"
#include "collector/sav/sav.h"

struct sav_watch_config {
	const uint32_t *asns; /* of the customers */
	size_t asns_n;
	uint8_t method; /* enum sav_method */
	uint32_t every_s;
	uint32_t shrink_percent;
	uint8_t exclude_invalid; /* 1: routes that are invalid by RFC 6811 count for nothing */
};

/* By what lists are made; borrowed for the call. */
struct sav_sources {
	struct workers *workers;
	const struct detect *detect;
	const struct vrp_set *vrps;
	const struct aspa_set *aspas;
	enum rpki_state rpki;
	int64_t now_us; /* monotonic */
};

struct sav_watch;

/* All borrowed. NULL when out of memory. */
struct sav_watch *sav_watch_new(uv_loop_t *, struct records *, struct alarms *);
void sav_watch_free(struct sav_watch *); /* NULL is fine */
/* Other customers from now on; what of them is known stays. false when out of memory. */
bool sav_watch_configure(struct sav_watch *, const struct sav_watch_config *);
/* Call a few times a second: a list is begun, or goes on with what the pool has made. */
void sav_watch_tick(struct sav_watch *, const struct sav_sources *);
/* The process ends: no worker is asked any more. NULL is fine. */
void sav_watch_stop(struct sav_watch *);
/* A worker's answer to a query. false: it was somebody else's. */
bool sav_watch_reply(struct sav_watch *, uint32_t id, const void *data, uint32_t len);
bool sav_watch_reply_end(struct sav_watch *, uint32_t id, const struct engine_place *next);

/* How each customer's list is. */
void sav_watch_each(
    const struct sav_watch *, void (*each)(void *, const struct control_sav_list *), void *ctx);

/* What is missing in what the routers have, by what alarms say; for any list. */
void sav_watch_gaps(const struct alarms *, struct sav_gaps *);
