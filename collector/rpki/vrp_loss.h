/*
 * vrp_loss: is what a source says now so much less than before that it rather lost something than
 * that holders of ROAs changed their minds? One ROA of three that goes is ordinary; everything, a
 * whole trust anchor, or a great part of many are not.
 */
#pragma once

#include "collector/rpki/vrp.h"

enum vrp_loss_kind {
	VRP_LOSS_ORDINARY,
	VRP_LOSS_ALL,	 /* nothing is left */
	VRP_LOSS_ANCHOR, /* nothing is left of a trust anchor that had more than a few */
	VRP_LOSS_SHARE,	 /* of all, or of a trust anchor, more than the limits allow */
};

struct vrp_loss_limits {
	uint32_t percent; /* more than this share, in percent of what was there */
	uint32_t least;	  /* and at least so many */
};

struct vrp_loss {
	enum vrp_loss_kind kind;
	size_t before, after; /* of all, or of the trust anchor where one is named */
	char ta[VRP_TA_NAME_MAX];
};

/*
 * Compare two lists, each sorted and unique, and each with its own table of trust anchors. What
 * counts is how many fewer there are: VRPs that give way to others are not lost.
 */
struct vrp_loss vrp_loss_between(const struct vrp_list *before, const struct vrp_tas *before_tas,
    const struct vrp_list *after, const struct vrp_tas *after_tas, const struct vrp_loss_limits *);
/* How many there are, and of each trust anchor that is told of. */
struct vrp_counts {
	size_t all, of[VRP_TAS_MAX];
	struct vrp_tas tas;
};
void vrp_counts_of(struct vrp_counts *, const struct vrp_list *, const struct vrp_tas *);
/* The same where all that is known is how many there were. */
struct vrp_loss vrp_loss_of_counts(const struct vrp_counts *before, const struct vrp_counts *after,
    const struct vrp_loss_limits *);
struct vrp_loss vrp_loss_of_count(size_t before, size_t after, const struct vrp_loss_limits *);
/* "of 6003 VRPs 3000 are left", "of 26326 VRPs of the trust anchor afrinic none is left"; into buf,
 * which is returned. */
const char *vrp_loss_text(const struct vrp_loss *, char *buf, size_t size);
