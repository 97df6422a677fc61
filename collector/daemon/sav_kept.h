/*
 * sav_kept: the last permit list of each customer that is watched, kept over a restart in the state
 * of the journal (room "sav"), so that what was lost meanwhile is noticed: the list of before is
 * what the first one after the start is compared with.
 *
 * A list is text, a prefix a line, in parts of some kilobytes; a head says how many there are and
 * what they add up to, for parts are written one by one, and one that was half written is none. A
 * list of more than SAV_KEPT_MAX prefixes is not kept: whoever sends a whole table has no permit
 * list worth it, and the journal is not the place for it.
 */
#pragma once

#include "collector/daemon/records.h"
#include "collector/sav/sav.h"

enum { SAV_KEPT_MAX = 50000 };

struct sav_list {
	struct ip_prefix *v; /* of malloc */
	size_t n;
	bool any; /* it is known, though it may be empty */
};

struct sav_kept {
	struct sav_list list;	/* the last one in which nothing was missing */
	struct sav_list before; /* it shrank: what it was */
	int64_t shrunk_us;	/* when, clock_wall_us() */
	unsigned parts;		/* that are in the journal */
};
void sav_kept_free(struct sav_kept *);
/* Copy; false when out of memory: then it is as before. */
bool sav_list_copy(struct sav_list *to, const struct ip_prefix *v, size_t n);

/* Write it. */
void sav_kept_put(struct records *, uint32_t asn, uint8_t method, struct sav_kept *);
/* Read it, into one that is zeroed. false when nothing of that method is kept, or it cannot be
 * read. */
bool sav_kept_get(struct records *, uint32_t asn, uint8_t method, struct sav_kept *out);
/* Forget those of others. */
void sav_kept_only(struct records *, const uint32_t *asns, size_t n);
