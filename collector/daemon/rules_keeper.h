/*
 * rules_keeper: the rules that the workers evaluate by. They are made of the configuration, and
 * made anew by a reload, and when an exception from them is over. The coordinator's thread only.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "collector/daemon/records.h"
#include "collector/daemon/workers.h"
#include "collector/detect/detect.h"

struct rules_keeper {
	const struct detect_config *config; /* borrowed */
	struct detect *detect, *old;	    /* old: until no worker evaluates by it */
	unsigned waiting;		    /* workers that still evaluate by the old rules */
	uint32_t day;			    /* when detect was made, in days since 1970 UTC */
	uint16_t generation;
};

/* The first rules. config: borrowed until another one is kept. false when out of memory. */
bool rules_keeper_init(struct rules_keeper *, const struct detect_config *);
/* The workers are gone. */
void rules_keeper_fini(struct rules_keeper *);
/* Are the workers still taking over the last change? Then there can be no other. */
bool rules_keeper_busy(const struct rules_keeper *);
/* Have the workers evaluate by another configuration, borrowed for the call: it is to be kept when
 * all of it is in force. false when out of memory. */
bool rules_keeper_change(struct rules_keeper *, struct workers *, const struct detect_config *);
/* The configuration that is in force; borrowed until another one is kept. */
void rules_keeper_keep(struct rules_keeper *, const struct detect_config *);
/* A worker evaluates by the new rules now. */
void rules_keeper_done(struct rules_keeper *);
/* Exceptions end by themselves, with an event; and are there again when the clock was wrong and is
 * set back. To be called about once a second. */
void rules_keeper_tick(struct rules_keeper *, struct workers *, struct records *);
