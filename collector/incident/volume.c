#include "collector/incident/volume.h"

static const int64_t SECOND_US = 1000000;

enum {
	OVER_S = 60,	 /* near what was usual for so long, or for warm_up_s: over */
	USUAL_S = 86400, /* what has lasted for so long is usual */
};

static uint32_t
larger(uint32_t a, uint32_t b)
{
	return a > b ? a : b;
}

void
volume_lost(struct volume *v)
{
	if (v->warm)
		v->lately = larger(v->lately, v->peak);
	v->settled = v->warm = false;
	v->low_us = v->over_us = 0;
}

void
volume_begins(struct volume *v)
{
	volume_lost(v);
	v->lately = v->peak = 0;
}

void
volume_says(struct volume *v, uint32_t routes, bool settled, bool anew, int64_t now_us)
{
	if (anew || !settled)
		volume_lost(v);
	if (settled && !v->settled) {
		v->settled_us = now_us;
		v->peak = routes;
	}
	v->settled = settled;
	v->routes = routes;
	if (v->warm && routes > v->peak)
		v->peak = routes;
}

static uint32_t
step(uint32_t least, uint32_t percent, uint32_t of)
{
	return larger(least, (uint32_t)((uint64_t)of * percent / 100));
}

static bool
has_lasted(int64_t since_us, uint32_t s, int64_t now_us)
{
	return now_us - since_us >= (int64_t)s * SECOND_US;
}

/* Since when has it been so? Kept in *since_us, 0 while it is not. */
static bool
lasts(bool is_so, int64_t *since_us, uint32_t s, int64_t now_us)
{
	if (!is_so)
		*since_us = 0;
	else if (*since_us == 0)
		*since_us = now_us;
	return is_so && has_lasted(*since_us, s, now_us);
}

/* From what it sends now, and what it sent lately. */
static void
begin(struct volume *v, uint32_t lately, int64_t now_us)
{
	v->peak = v->routes;
	v->lately = larger(lately, v->routes);
	v->most = larger(v->most, v->routes);
	v->window_us = now_us;
}

/* Who still tells what it has, without a sign of the end, grows meanwhile. */
static void
warm_up(struct volume *v, const struct volume_limits *l, int64_t now_us)
{
	if (!v->settled)
		return;
	if (v->routes > v->peak + step(l->surge_least / 4, l->surge_percent / 4, v->peak)) {
		v->peak = v->routes;
		v->settled_us = now_us;
	}
	if (!has_lasted(v->settled_us, l->warm_up_s, now_us))
		return;
	v->warm = true;
	if (v->state == VOLUME_USUAL)
		begin(v, v->lately, now_us);
}

static void
go(struct volume *v, enum volume_state state, uint32_t usual, int64_t now_us)
{
	v->state = (uint8_t)state;
	v->usual = usual;
	v->since_us = now_us;
	v->over_us = v->low_us = 0;
}

/* Half of what it takes is near enough. */
static bool
is_near(const struct volume *v, const struct volume_limits *l)
{
	if (v->state == VOLUME_SURGE)
		return v->routes <= v->usual + step(l->surge_least, l->surge_percent, v->usual) / 2;
	return v->routes + step(l->loss_least, l->loss_percent, v->usual) / 2 >= v->usual;
}

static void
look_for_end(struct volume *v, const struct volume_limits *l, int64_t now_us)
{
	uint32_t over_s = l->warm_up_s < OVER_S ? l->warm_up_s : OVER_S;

	if (!lasts(is_near(v, l), &v->over_us, over_s, now_us) &&
	    !has_lasted(v->since_us, USUAL_S, now_us))
		return;
	go(v, VOLUME_USUAL, 0, now_us);
	begin(v, 0, now_us);
}

static void
look_for_news(struct volume *v, const struct volume_limits *l, int64_t now_us)
{
	uint32_t lately = larger(v->lately, v->peak);
	bool low = lately - v->routes >= step(l->loss_least, l->loss_percent, lately);

	if (v->routes >= (uint64_t)v->most + step(l->surge_least, l->surge_percent, v->most)) {
		go(v, VOLUME_SURGE, v->most, now_us);
	} else if (lasts(low, &v->low_us, l->hold_s, now_us)) {
		go(v, VOLUME_LOSS, lately, now_us);
	} else if (has_lasted(v->window_us, l->within_s, now_us) && v->low_us == 0) {
		v->most = larger(v->most, v->lately);
		v->lately = v->peak;
		v->peak = v->routes;
		v->window_us = now_us;
	}
}

bool
volume_judge(struct volume *v, const struct volume_limits *l, int64_t now_us)
{
	uint8_t before = v->state;

	if (!v->warm)
		warm_up(v, l, now_us);
	else if (v->state != VOLUME_USUAL)
		look_for_end(v, l, now_us);
	else
		look_for_news(v, l, now_us);
	return v->state != before;
}
