#include "base/clock_steps.h"

enum { START_S = 3600, FORWARD_S = 86400 };

int64_t
clock_steps_look(struct clock_steps *c, int64_t wall_us, int64_t mono_us)
{
	int64_t offset = wall_us - mono_us, step = offset - c->offset_us;

	if (c->known && step > -CLOCK_STEP_MIN_US && step < CLOCK_STEP_MIN_US)
		step = 0; /* the offset stays, so that small steps add up */
	else
		c->offset_us = offset;
	if (!c->known)
		step = 0;
	c->known = true;
	return step;
}

/* Whether an offset that is not believed yet has stood for so long. */
static bool
stands(struct clock_trust *c, int64_t offset, int64_t mono_us, int64_t for_s)
{
	int64_t moved = offset - c->doubt_offset_us;

	if (!c->doubt || moved < -CLOCK_STEP_MIN_US || moved > CLOCK_STEP_MIN_US) {
		c->doubt = true;
		c->doubt_offset_us = offset;
		c->doubt_since_us = mono_us;
	}
	return mono_us - c->doubt_since_us >= for_s * 1000000;
}

int64_t
clock_trust_now(struct clock_trust *c, int64_t wall_us, int64_t mono_us)
{
	int64_t offset = wall_us - mono_us;

	if (c->known && offset - c->offset_us < CLOCK_STEP_MIN_US) {
		c->offset_us = offset;
		c->doubt = false;
	} else if (stands(c, offset, mono_us, c->known ? FORWARD_S : START_S)) {
		c->known = true;
		c->offset_us = offset;
		c->doubt = false;
	}
	return c->known ? mono_us + c->offset_us : 0;
}
