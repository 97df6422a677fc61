/*
 * sav_work: what is made of a walk for a permit list (sav_walked), in a thread of the pool: who is
 * behind a customer with a whole table takes seconds to find out, and the loop waits for nobody.
 */
#pragma once

#include <uv.h>

#include "collector/sav/sav.h"

struct sav_work;

/* The walk is over: done is called on the loop when it has been taken in, and until then the list
 * is nobody's but this one's. vrps, aspas: as of sav_walked; a reference is taken. NULL when out of
 * memory. */
struct sav_work *sav_work_start(uv_loop_t *, struct sav *, const struct vrp_set *,
    const struct aspa_set *, void (*done)(void *ctx), void *ctx);
/* Nobody waits for it any more: the list is freed when it is done. NULL is fine. */
void sav_work_drop(struct sav_work *);
