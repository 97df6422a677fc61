/*
 * walk: the records of an MRT file, one after the other, also of a file with damage.
 *
 * Nothing in MRT marks where a record begins (RFC 6396 2), but a header says what there is to be
 * seen: a type that is known, a length, a time like those before, and the same again where the
 * record ends. A record behind which no header is seen is looked into: if another begins in it,
 * that is where it was torn. What lies between records is given, too.
 */
#pragma once

#include "collector/recordings/window.h"

struct mrt_walk {
	struct window *window;
	uint64_t offset; /* of the window's first octet in the file */
	size_t given;	 /* of what was given last: dropped with the next call */
	uint64_t barren; /* no record begins behind `offset` and before this place in the file */
	bool any;	 /* there was a record */
	uint32_t sec;	 /* its time */
};

struct mrt_item {
	const uint8_t *at;
	size_t n;
	uint64_t offset;
	/* octets of no record. Else a record; one that is torn is shorter than its header says. */
	bool lost;
};

/* So many octets must fit into the window: two records of any length. */
enum { MRT_WALK_MAX = 34 * 1024 * 1024 };

/* The window is borrowed, made for MRT_WALK_MAX octets. */
void mrt_walk_begin(struct mrt_walk *, struct window *);
/* false at the end. An item is valid until the next call. */
bool mrt_walk_next(struct mrt_walk *, struct mrt_item *);

/* Are there MRT records in these first octets of a file, behind whatever it begins with? */
bool mrt_walk_detect(const uint8_t *at, size_t n);
