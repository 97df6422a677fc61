/*
 * flaps: a BGP session that goes down and comes back. What comes back soon is not worth a record;
 * what does so again and again is one, and what stays away is another.
 *
 *   fine --down for down_s--> away --up for half of that--> fine
 *   fine, away --down for the n-th time within window_s--> flapping --up, and quiet_s without
 * another--> fine
 *
 * What flapped is not so again before it goes down again, also where quiet_s is below window_s.
 *
 * No clock, no I/O: the time comes in, of a clock that is never set.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

enum { FLAPS_MAX = 16 };

struct flap_limits {
	uint32_t flaps; /* so many times within window_s; 1 to FLAPS_MAX */
	uint32_t window_s;
	uint32_t quiet_s; /* flaps no longer */
	uint32_t down_s;  /* stays away */
};

enum flap_state { SESSION_FINE, SESSION_FLAPPING, SESSION_AWAY };

struct flaps {
	uint8_t state;		     /* enum flap_state */
	int64_t down_us;	     /* since when it is down; 0: it is up, or nobody knows */
	int64_t up_us;		     /* since when it is up again; 0: it is down, or never was */
	int64_t downs_us[FLAPS_MAX]; /* a ring of the last times it went down */
	uint32_t downs;		     /* so far */
	uint32_t downs_before;	     /* flapping: of them, before it began */
	uint32_t downs_over;	     /* of them, when it flapped no longer */
	int64_t known_us;	     /* before that nobody knew how it is */
	int64_t since_us;	     /* flapping: since when; away: since when it is down */
};

void flaps_down(struct flaps *, int64_t now_us);
void flaps_up(struct flaps *, int64_t now_us);
/* Nobody knew how it is, and it is known again. */
void flaps_resume(struct flaps *, int64_t now_us);
/* Call with every change, and about once a second. Returns whether the state is another one. */
bool flaps_judge(struct flaps *, const struct flap_limits *, int64_t now_us);
/* How often it went down within that time; FLAPS_MAX at most. */
uint32_t flaps_within(const struct flaps *, uint32_t window_s, int64_t now_us);
