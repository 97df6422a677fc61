/*
 * Sessions by seed, whose truth is known: peers that do as they say or otherwise, with and without
 * path ids, and now and then a damaged UPDATE. How each UPDATE was read is compared with the truth.
 */
#include "parsers/bgp/message.h"
#include "tests/unit/support/stream_fixture.h"

enum { SEEDS = 200, UPDATES = 150, START = 12, NLRI_MAX = 6 };

struct random {
	uint64_t state;
};

static unsigned
below(struct random *r, unsigned n)
{
	r->state = r->state * 6364136223846793005U + 1442695040888963407U;
	return (unsigned)(r->state >> 33) % n;
}

enum ids { IDS_NONE, IDS_ONE, IDS_SMALL, IDS_LARGE };

/* What a peer does, and what is known of it. */
static const struct kind {
	const char *name;
	enum ids ids;
	bool negotiated, known; /* known: by a Peer Up */
	unsigned damaged;	/* UPDATEs that are */
	unsigned wrong;		/* UPDATEs at the start that may be read wrongly */
} kinds[] = {
	{ "no ids", IDS_NONE, false, true, 0, 0 },
	{ "no ids, no Peer Up", IDS_NONE, false, false, 0, 0 },
	{ "no ids, damaged", IDS_NONE, false, true, 2, 0 },
	{ "no ids, no Peer Up, damaged", IDS_NONE, false, false, 1, 0 },
	{ "one id", IDS_ONE, true, true, 0, 0 },
	{ "small ids", IDS_SMALL, true, true, 0, 0 },
	{ "large ids", IDS_LARGE, true, true, 0, 0 },
	{ "small ids, damaged", IDS_SMALL, true, true, 2, 0 },
	{ "large ids, damaged", IDS_LARGE, true, true, 2, 0 },
	{ "negotiated, not sent", IDS_NONE, true, true, 0, START },
	{ "sent, not negotiated", IDS_SMALL, false, true, 0, START },
	{ "sent, no Peer Up", IDS_SMALL, false, false, 0, START },
	{ "large ones sent, not negotiated", IDS_LARGE, false, true, 0, START },
};

static uint32_t
path_id(struct random *r, enum ids ids)
{
	switch (ids) {
	case IDS_ONE:
		return 1;
	case IDS_SMALL:
		return 1 + below(r, 300);
	default:
		return below(r, 1U << 30) << 2 | below(r, 4);
	}
}

/* Lengths as tables have them: most are /24, no default route. */
static void
put_nlri(struct writer *w, struct random *r, enum ids ids)
{
	unsigned len = below(r, 10) < 6 ? 24 : 12 + below(r, 12);
	uint32_t prefix = (20 + below(r, 180)) << 24 | below(r, 1U << 24);

	if (ids != IDS_NONE)
		wr_u32(w, path_id(r, ids));
	prefix &= ~UINT32_C(0) << (32 - len);
	wr_u8(w, (uint8_t)len);
	for (unsigned i = 0; i < (len + 7) / 8; i++)
		wr_u8(w, (uint8_t)(prefix >> (24 - 8 * i)));
}

/* One octet is another, or some are missing at the end. */
static size_t
damage(uint8_t *nlri, size_t n, struct random *r)
{
	if (below(r, 2) == 0)
		return n - below(r, (unsigned)n);
	nlri[below(r, (unsigned)n)] ^= (uint8_t)(1 + below(r, 255));
	return n;
}

/* true: it was damaged. */
static bool
send_random(struct stream_fixture *t, const struct kind *k, struct random *r, bool damaged)
{
	static const uint8_t attrs[] = { 0x40, 1, 1, 0, 0x40, 2, 6, 2, 1, 0, 0, 0xfb, 0xf5, 0x40, 3,
		4, 192, 0, 2, 1 };
	uint8_t nlri[128], bgp[256];
	struct writer w = wr_of(nlri, sizeof(nlri)), out = wr_of(bgp, sizeof(bgp));
	size_t n, length;

	for (unsigned i = 1 + below(r, NLRI_MAX); i > 0; i--)
		put_nlri(&w, r, k->ids);
	n = damaged ? damage(nlri, wr_len(&w), r) : wr_len(&w);
	length = bgp_write_begin(&out, BGP_UPDATE);
	wr_u16(&out, 0);
	wr_u16(&out, sizeof(attrs));
	wr_bytes(&out, attrs, sizeof(attrs));
	wr_bytes(&out, nlri, n);
	wr_patch_u16(&out, length, 0);
	ck_assert(!w.failed && !out.failed);
	send_bgp(t, bgp, wr_len(&out));
	return damaged;
}

static unsigned
play(const struct kind *k, uint64_t seed)
{
	struct random r = { seed * 2654435761U + 12345 };
	struct stream_fixture *t = stream_fixture_new();
	unsigned wrong = 0, damaged_at[2] = { UPDATES, UPDATES };

	for (unsigned i = 0; i < k->damaged; i++)
		damaged_at[i] = below(&r, UPDATES);
	if (k->negotiated)
		negotiate_path_ids(t);
	if (k->known)
		send_peer_up(t);
	for (unsigned i = 0; i < UPDATES; i++) {
		bool damaged = i == damaged_at[0] || i == damaged_at[1];

		if (send_random(t, k, &r, damaged) || i < k->wrong)
			continue;
		wrong += t->seen.addpath != (k->ids != IDS_NONE);
	}
	if (k->damaged == 0 && k->wrong == 0)
		ck_assert_uint_eq(bmp_stream_counters(t->s)->quirks[QUIRK_ADDPATH_ABSENT] +
				      bmp_stream_counters(t->s)->quirks[QUIRK_ADDPATH_UNEXPECTED],
		    0);
	bmp_stream_free(t->s);
	free(t);
	return wrong;
}

START_TEST(test_kind)
{
	const struct kind *k = &kinds[_i];

	for (uint64_t seed = 0; seed < SEEDS; seed++) {
		unsigned wrong = play(k, seed);

		ck_assert_msg(wrong == 0, "%s, seed %u: %u of %d UPDATEs read wrongly", k->name,
		    (unsigned)seed, wrong, UPDATES);
	}
}
END_TEST

HARNESS_MAIN("simulation")
{
	ROWS(test_kind, kinds);
}
