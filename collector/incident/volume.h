/*
 * volume: how many routes a neighbour sends of a family, against what it sent before. Two numbers
 * are kept of the past: the most it ever sent but for the last two windows, and the most in these.
 * What grows or shrinks slowly is usual, and so is what comes back after it was lost.
 *
 *   waiting --has told all, and warm_up_s over--> usual
 *   usual --much more than ever--> surge --near what was usual for a minute, or a day over--> usual
 *   usual --most of it gone for hold_s--> loss --near what was usual for a minute, or a day-->
 * usual any --session lost, or it begins anew--> waiting; what was so is kept until it is judged
 * again, and so is what it sent lately unless the session is one of its own
 *
 * No clock, no I/O: the time comes in, of a clock that is never set.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

struct volume_limits {
	/* so many more than ever, at least, and in percent of that */
	uint32_t surge_least, surge_percent;
	/* so many fewer than lately */
	uint32_t loss_least, loss_percent;
	uint32_t within_s;  /* a window; what takes longer than two is usual */
	uint32_t warm_up_s; /* after it has told all, before anything is judged */
	uint32_t hold_s;    /* a loss lasts so long before it is one */
};

enum volume_state { VOLUME_USUAL, VOLUME_SURGE, VOLUME_LOSS };

struct volume {
	bool settled;  /* it has told all it has, and goes on telling */
	bool warm;     /* it is judged */
	uint8_t state; /* enum volume_state; while it waits, as it was */
	uint32_t routes;
	uint32_t most;	 /* ever, before the last two windows */
	uint32_t lately; /* the most in the window before this one */
	uint32_t peak;	 /* in this one */
	uint32_t usual;	 /* surge and loss: what it was before */
	int64_t settled_us, window_us;
	int64_t since_us; /* surge and loss: when it began, of the clock that comes in */
	int64_t low_us;	  /* since when most of it has been gone; 0: it is not */
	int64_t over_us;  /* since when it has been near what was usual; 0: it is not */
};

/* It sends so many; settled: that is all; anew: it began to tell anew. */
void volume_says(struct volume *, uint32_t routes, bool settled, bool anew, int64_t now_us);
/* Nobody knows what it sends: the router's session is lost. What it sent lately is what it sends
 * afterwards, too, or it has lost it. */
void volume_lost(struct volume *);
/* Its own session is lost, or a new one: what it sends then says nothing of a loss. */
void volume_begins(struct volume *);
/* Call about once a second. Returns whether the state is another one. */
bool volume_judge(struct volume *, const struct volume_limits *, int64_t now_us);
