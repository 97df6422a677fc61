/*
 * rules_keeper: the rules that the workers evaluate by. They are made of the configuration, and
 * made anew by a reload, when an exception from them is over, and when VRPs say that something else
 * is ours. The coordinator's thread only.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "collector/daemon/own_derived.h"
#include "collector/daemon/records.h"
#include "collector/daemon/workers.h"
#include "collector/detect/detect.h"
#include "collector/rpki/rpki_state.h"

struct rules_keeper {
	const struct detect_config *config; /* borrowed */
	struct detect *detect, *old;	    /* old: until no worker evaluates by it */
	unsigned waiting;		    /* workers that still evaluate by the old rules */
	uint32_t day;			    /* when detect was made, in days since 1970 UTC */
	uint16_t generation;
	struct own_derived derived;
	struct customer_lists *lists; /* what neighbours may announce; NULL: nobody says */
	struct delegated *delegated;  /* what registries have not handed out; NULL: nobody says */
	uint64_t derived_from;	      /* generation of the VRPs; 0: to be derived anew */
	uint32_t derived_on;	      /* the day, in days since 1970 UTC */
};

/* The first rules. config: borrowed until another one is kept. false when out of memory. */
bool rules_keeper_init(struct rules_keeper *, const struct detect_config *, struct records *);
/* The workers are gone. */
void rules_keeper_fini(struct rules_keeper *);
/* Are the workers still taking over the last change? Then there can be no other. */
bool rules_keeper_busy(const struct rules_keeper *);
/* Have the workers evaluate by another configuration, borrowed for the call: it is to be kept when
 * all of it is in force. false when out of memory. */
bool rules_keeper_change(struct rules_keeper *, struct workers *, const struct detect_config *);
/* What registries have not handed out, which is taken over, NULL: nobody says. false when out of
 * memory: then all is as before, and it is freed. */
bool rules_keeper_delegated(struct rules_keeper *, struct workers *, struct delegated *);
/* The same of what neighbours may announce. */
bool rules_keeper_lists(struct rules_keeper *, struct workers *, struct customer_lists *);
/* The configuration that is in force; borrowed until another one is kept. */
void rules_keeper_keep(struct rules_keeper *, const struct detect_config *);
/* A worker evaluates by the new rules now. */
void rules_keeper_done(struct rules_keeper *);
/* What is ours by VRPs, which are in force (borrowed for the call, NULL: none are), when they are
 * whole. To be called about once a second. */
void rules_keeper_derive(struct rules_keeper *, struct workers *, struct records *,
    const struct vrp_set *, enum rpki_state);
/* Exceptions end by themselves, with an event; and are there again when the clock was wrong and is
 * set back. To be called about once a second. */
void rules_keeper_tick(struct rules_keeper *, struct workers *, struct records *);
