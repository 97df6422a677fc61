/* A property: in any order of changes no more than the limit turns invalid at once, and what is
 * said for long enough is in force. */
#include "tests/unit/support/rpki_force_fixture.h"

enum { SEEDS = 60 };

static uint64_t rng;

static unsigned
newly_invalid(const struct vrp_set *before)
{
	unsigned n = 0;

	for (unsigned i = 0; i < routes_n; i++)
		n += vrp_validate(before, &routes[i].prefix, true, routes[i].origin).state !=
			 ROV_INVALID &&
		     vrp_validate(seen.set, &routes[i].prefix, true, routes[i].origin).state ==
			 ROV_INVALID;
	return n;
}

static void
random_vrps(char *out, size_t size)
{
	size_t at = 0;

	out[0] = '\0';
	for (uint32_t k = rnd(&rng) % 6; k > 0; k--) {
		unsigned len = 17 + rnd(&rng) % 8,
			 third = (rnd(&rng) % 24) & (0xff00 >> (len - 16));

		at += (size_t)snprintf(out + at, size - at, "%s10.0.%u.0/%u %u %u",
		    at > 0 ? ", " : "", third & 0xff, len, len + rnd(&rng) % (25 - len),
		    1000 + rnd(&rng) % 4);
	}
}

static void
check_all_said_is_in_force(const char *vrps)
{
	char prefix[64];
	unsigned max_len, asn, n = 1;

	for (; vrps != NULL && sscanf(vrps, "%63s %u %u", prefix, &max_len, &asn) == 3; n++) {
		require(in_force(prefix, (uint8_t)max_len, asn), "%s is not in force", prefix);
		vrps = strchr(vrps, ',');
		vrps = vrps != NULL ? vrps + 1 : NULL;
	}
	require(vrp_set_count(seen.set, IP_V4) <= n, "more is in force than is said");
}

START_TEST(no_mass_at_once)
{
	char vrps[400];

	rng = seed_of(_i);
	for (unsigned k = 0; k < 24; k++) {
		char text[32];

		snprintf(text, sizeof(text), "10.0.%u.0/24", k);
		route(text, 1000 + rnd(&rng) % 4, false);
	}
	say("");
	for (int step = 0; step < 40; step++) {
		struct vrp_set *before = vrp_set_ref(seen.set);

		now += 1000000;
		random_vrps(vrps, sizeof(vrps));
		say(vrps);
		require(newly_invalid(before) <= limits.max_invalid, "step %d: %u at once", step,
		    newly_invalid(before));
		vrp_set_unref(before);
	}
	after(HOLD_S);
	check_all_said_is_in_force(vrps);
	ck_assert(!seen.open[RPKI_ALARM_MASS_CHANGE]);
}
END_TEST

HARNESS_MAIN("rpki_mass")
{
	FIXTURE(setup, teardown);
	LOOP(no_mass_at_once, SEEDS);
}
