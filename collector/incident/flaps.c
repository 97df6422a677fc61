#include "collector/incident/flaps.h"

static const int64_t SECOND_US = 1000000;

void
flaps_down(struct flaps *f, int64_t now_us)
{
	if (f->down_us != 0)
		return;
	f->down_us = now_us;
	f->up_us = 0;
	f->downs_us[f->downs++ % FLAPS_MAX] = now_us;
}

void
flaps_up(struct flaps *f, int64_t now_us)
{
	if (f->up_us == 0)
		f->up_us = now_us;
	f->down_us = 0;
}

void
flaps_resume(struct flaps *f, int64_t now_us)
{
	f->known_us = now_us;
}

static bool
has_lasted(int64_t since_us, uint32_t s, int64_t now_us)
{
	return since_us != 0 && now_us - since_us >= (int64_t)s * SECOND_US;
}

/* When it went down n times ago; 0: it did not so often. */
static int64_t
nth_last(const struct flaps *f, uint32_t n)
{
	return n > 0 && n <= FLAPS_MAX && n <= f->downs ? f->downs_us[(f->downs - n) % FLAPS_MAX]
							: 0;
}

static void
go(struct flaps *f, enum flap_state state, int64_t since_us)
{
	f->state = (uint8_t)state;
	f->since_us = since_us;
}

uint32_t
flaps_within(const struct flaps *f, uint32_t window_s, int64_t now_us)
{
	uint32_t n = 0;

	while (nth_last(f, n + 1) != 0 && !has_lasted(nth_last(f, n + 1), window_s, now_us))
		n++;
	return n;
}

bool
flaps_judge(struct flaps *f, const struct flap_limits *l, int64_t now_us)
{
	int64_t first_us = nth_last(f, l->flaps), last_us = nth_last(f, 1);
	uint8_t before = f->state;
	bool many = first_us != 0 && f->downs > f->downs_over &&
		    !has_lasted(first_us, l->window_s, now_us);

	if (f->state == SESSION_FLAPPING) {
		if (last_us < f->known_us)
			last_us = f->known_us;
		if (f->up_us != 0 && (last_us == 0 || has_lasted(last_us, l->quiet_s, now_us))) {
			go(f, SESSION_FINE, 0);
			f->downs_over = f->downs;
		}
	} else if (many) {
		f->downs_before = f->downs - l->flaps;
		go(f, SESSION_FLAPPING, first_us);
	} else if (f->state == SESSION_AWAY) {
		if (has_lasted(f->up_us, l->down_s / 2, now_us))
			go(f, SESSION_FINE, 0);
	} else if (has_lasted(f->down_us, l->down_s, now_us)) {
		go(f, SESSION_AWAY, f->down_us);
	}
	return f->state != before;
}
