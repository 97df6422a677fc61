/* Nets by parts of the address space: what is passed over lies in none, and nothing else is. */
#include "collector/rib/nets.h"

#include "base/pure/bytes.h"
#include "tests/unit/support/harness.h"

enum { SEEDS = 20, NETS = 3000 };

static struct ip_prefix
random_prefix(uint64_t *rng)
{
	struct ip_prefix p;
	uint8_t b[16] = { 0 };
	bool v6 = rnd(rng) % 3 == 0;

	put_be32(b, (v6 ? 0x20010000 : 0x0a000000) + (rnd(rng) % 64 << 16) + rnd(rng) % 65536);
	put_be32(b + 4, rnd(rng));
	if (!ip_prefix_make(&p, v6 ? IP_V6 : IP_V4, b, 8 + rnd(rng) % (v6 ? 56 : 24)))
		ck_abort();
	return p;
}

static void
fill(struct nets *nets, uint64_t *rng)
{
	for (int i = 0; i < NETS; i++) {
		struct ip_prefix p = random_prefix(rng);
		struct net_probe q;
		uint32_t h;

		net_probe_make(nets, &q, &p);
		h = net_intern(nets, &q);
		require(h != 0, "no room");
		net_ref(nets, h);
		if (rnd(rng) % 5 == 0) /* some are gone again, and leave holes */
			net_unref(nets, h);
	}
}

/* Which are returned, as a bit each; returns how many. */
static unsigned
seen(
    const struct nets *nets, const struct ip_parts *parts, uint32_t slice, uint8_t *v4, uint8_t *v6)
{
	uint32_t at = 0, net;
	unsigned n = 0;

	while (at != NETS_END) {
		uint32_t budget = slice;

		while ((net = nets_next_in(nets, parts, &at, &budget)) != 0) {
			uint8_t *bit = net & NET_V6 ? &v6[net & ~NET_V6] : &v4[net];

			require(*bit == 0, "net %x is returned twice", net);
			*bit = 1;
			n++;
		}
	}
	return n;
}

START_TEST(no_net_of_a_part_is_passed_over)
{
	static uint8_t v4[NETS + 1], v6[NETS + 1];
	struct nets nets;
	struct ip_parts parts = { .v4 = { 0 } };
	uint64_t rng = seed_of(_i);
	uint32_t at = 0, budget = UINT32_MAX, net;
	unsigned n, passed_over = 0;

	ck_assert(nets_init(&nets, NETS, NETS, 16, 7));
	fill(&nets, &rng);
	for (int i = 0; i < 20; i++) {
		struct ip_prefix p = random_prefix(&rng);

		ip_parts_add(&parts, p.family, be32(p.b));
	}
	n = seen(&nets, &parts, 1 + rnd(&rng) % 50, v4, v6);
	while ((net = nets_next(&nets, &at, &budget)) != 0) {
		bool returned = net & NET_V6 ? v6[net & ~NET_V6] : v4[net];
		struct ip_prefix p;

		net_prefix(&nets, net, &p);
		require(returned == ip_parts_may_have(&parts, &p), "net %x: %d", net, returned);
		n -= returned;
		passed_over += !returned;
	}
	ck_assert_msg(n == 0, "%u are returned that are not there", n);
	ck_assert_uint_gt(passed_over, 0);
	nets_fini(&nets);
}
END_TEST

HARNESS_MAIN("nets_in")
{
	LOOP(no_net_of_a_part_is_passed_over, SEEDS);
}
