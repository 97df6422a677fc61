/* A property: whatever befalls three sources, in any order, what is in force never becomes smaller
 * than what they said last. */
#include "tests/unit/support/rpki_data_fixture.h"

enum { SEEDS = 200, SOURCES = 3, UNIVERSE = 40 };

static uint64_t rng;

static uint32_t
below(uint32_t n)
{
	return rnd(&rng) % n;
}

/* What a source said last, and how it is. spared: past its time, and others say the same. */
struct model {
	bool said[UNIVERSE];
	bool answered, in_step, expired, held, spared;
};

/* One that is past its time may go when every VRP of it is said by one that is alive. */
static void
spare(struct model *m)
{
	for (int s = 0; s < SOURCES; s++) {
		bool all = m[s].expired;

		for (uint32_t i = 0; i < UNIVERSE && all; i++) {
			bool others = !m[s].said[i];

			for (int o = 0; o < SOURCES; o++)
				others |= o != s && m[o].said[i] && m[o].in_step && !m[o].expired &&
					  !m[o].held;
			all &= others;
		}
		m[s].spared |= all;
	}
}

static void
check_all_said_is_in_force(struct model *m, int step)
{
	bool all = true;

	for (int s = 0; s < SOURCES; s++)
		all &= m[s].answered;
	if (all)
		spare(m);
	for (uint32_t i = 0; i < UNIVERSE && all; i++) {
		struct vrp v = vrp_n(i);
		bool said = false;

		for (int s = 0; s < SOURCES; s++)
			said |= m[s].said[i] && !m[s].spared;
		require((vrp_list_find(&seen.in_force, &v) != NULL) == said,
		    "step %d: VRP %u %s in force", step, i, said ? "is not" : "is");
	}
	require(all || seen.in_force.n == 0, "step %d: in force before all answered", step);
}

/* A new End of Data: some come, some go, at times all go (which is held back, so the model stays).
 */
static void
speak(struct rpki_source *s, struct model *m)
{
	struct vrp_list l = { 0 };
	bool next[UNIVERSE];
	size_t n = 0;

	memcpy(next, m->said, sizeof(next));
	for (uint32_t k = below(8); k > 0; k--)
		next[below(UNIVERSE)] ^= true;
	if (below(4) == 0)
		memset(next, 0, sizeof(next));
	for (uint32_t i = 0; i < UNIVERSE; i++) {
		struct vrp v = vrp_n(i);

		n += next[i];
		if (next[i])
			ck_assert(vrp_list_add(&l, &v));
	}
	rpki_source_said(s, &l, NULL, now);
	m->held = n == 0;
	if (n > 0) {
		memcpy(m->said, next, sizeof(next));
		m->answered = true;
	}
}

static void
become(struct rpki_source *s, struct model *m, bool in_step, bool broken, bool expired)
{
	report(s, in_step, broken, expired);
	m->in_step = in_step;
	m->expired = expired;
	m->spared &= expired;
}

START_TEST(loss_return_and_reset_in_any_order)
{
	struct model m[SOURCES] = { { .answered = false } };
	struct rpki_source *s[SOURCES];

	rng = seed_of(_i);
	limits.settle_s = 86400;
	limits.hold_s = 86400;
	for (int i = 0; i < SOURCES; i++) {
		char name[2] = { (char)('a' + i) };

		s[i] = source(RPKI_CACHE, name);
	}
	configured();
	for (int step = 0; step < 120; step++) {
		uint32_t i = below(SOURCES);

		switch (below(6)) {
		case 0: /* lost, or flushed: the session says nothing new */
			become(s[i], &m[i], false, false, false);
			break;
		case 1: /* garbage */
			become(s[i], &m[i], false, true, below(2));
			break;
		case 2: /* past its time */
			become(s[i], &m[i], false, false, true);
			break;
		case 3:
			configured();
			break;
		default:
			speak(s[i], &m[i]);
			become(s[i], &m[i], true, false, false);
		}
		after((int)below(30));
		check_all_said_is_in_force(m, step);
	}
}
END_TEST

HARNESS_MAIN("rpki_any_order")
{
	FIXTURE(setup, teardown);
	LOOP(loss_return_and_reset_in_any_order, SEEDS);
}
