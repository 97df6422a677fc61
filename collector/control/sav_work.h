/*
 * sav_work: what workers tell for a permit list is taken in (sav_take), and what is made of a walk
 * (sav_walked), in a thread of the pool: of a customer with a whole table that takes seconds, and
 * the loop waits for nobody.
 */
#pragma once

#include <uv.h>

#include "base/sbuf.h"
#include "collector/sav/sav.h"

struct sav_work;

/* done is called on the loop when it has been taken in, and until then the list is nobody's but
 * this one's. Both NULL when out of memory. */

/* Facts: the buffer is emptied. */
struct sav_work *sav_work_take(
    uv_loop_t *, struct sav *, struct sbuf *facts, void (*done)(void *ctx), void *ctx);
/* The walk is over. vrps, aspas: as of sav_walked; a reference is taken. */
struct sav_work *sav_work_start(uv_loop_t *, struct sav *, const struct vrp_set *,
    const struct aspa_set *, void (*done)(void *ctx), void *ctx);
/* Nobody waits for it any more: the list is freed when it is done. NULL is fine. */
void sav_work_drop(struct sav_work *);
