/* Where our own prefixes are, as the engine tells it. */
#include "tests/unit/support/findings_fixture.h"

static const struct update_run ours = { "203.0.113.0/24", { 0 }, 0 },
			       out = { "203.0.113.0/24", { 64500 }, 0 },
			       longer = { "203.0.113.0/24", { 64500, 64500 }, 0 },
			       aggregate = { "203.0.112.0/22", { 64500 }, 0 },
			       half = { "203.0.113.128/25", { 64500 }, 0 },
			       eighth = { "203.0.113.0/27", { 64500 }, 0 },
			       foreign = { "203.0.113.0/24", { 64510, 64666 }, 0 },
			       above = { "203.0.112.0/22", { 64510, 64666 }, 0 },
			       back = { "203.0.113.0/24", { 64510, 64500 }, 0 };
static struct engine_event seen[16];
static unsigned seen_n;

static void
note(void *ctx, const struct engine_event *ev)
{
	if (ev->type == EVENT_OWN_AT) {
		ck_assert_uint_lt(seen_n, 16);
		seen[seen_n++] = *ev;
	}
	on_event(ctx, ev);
}

static void
begin(struct fixture *w)
{
	static const struct engine_ops noted = { on_finding, note };

	setup_with(w, &noted);
	seen_n = 0;
	start(w);
}

static struct bmp_peer_spec
to(uint32_t as)
{
	return peer(as, BMP_FLAG_O | BMP_FLAG_L);
}

/* The last one of n. */
static const struct engine_event *
last(unsigned n)
{
	ck_assert_uint_eq(seen_n, n);
	return &seen[n - 1];
}

START_TEST(out_to_a_provider)
{
	struct fixture w;

	begin(&w);
	say(&w, to(64501), &out, true); /* a customer carries it nowhere */
	ck_assert_uint_eq(seen_n, 0);
	say(&w, to(64510), &out, true);
	ck_assert(last(1)->there && last(1)->own_prefix && last(1)->outside);
	ck_assert_uint_eq(last(1)->relation, NEIGHBOR_PROVIDER);
	ck_assert_uint_eq(last(1)->view, BMP_VIEW_OUT_POST);
	say(&w, to(64510), &out, true);
	say(&w, to(64510), &longer, true); /* otherwise, and still there */
	ck_assert_uint_eq(seen_n, 1);
	say(&w, to(64510), &out, false);
	ck_assert(!last(2)->there);
	ck_assert_uint_eq(last(2)->cause, REASON_WITHDRAWN);
	teardown(&w);
}
END_TEST

START_TEST(whose_it_is)
{
	struct fixture w;

	begin(&w);
	say(&w, loc_rib(), &foreign, true);
	say(&w, loc_rib(), &above, true);
	say(&w, peer(64510, 0), &back, true); /* who has it from us */
	say(&w, loc_rib(), &eighth, true);
	ck_assert_uint_eq(seen_n, 0);
	say(&w, loc_rib(), &ours, true);
	ck_assert(last(1)->there);
	ck_assert_str_eq(last(1)->address, "loc-rib");
	say(&w, loc_rib(), &foreign, true); /* another's takes its place */
	ck_assert(!last(2)->there);
	say(&w, loc_rib(), &aggregate, true);
	ck_assert(last(3)->there && !last(3)->own_prefix);
	say(&w, loc_rib(), &half, true);
	ck_assert(last(4)->there && !last(4)->own_prefix);
	teardown(&w);
}
END_TEST

START_TEST(a_peer_down)
{
	uint8_t buf[256];
	struct bmp_peer_spec p = to(64510);
	struct fixture w;

	for (unsigned reason = 4; reason <= 5; reason++) {
		begin(&w);
		say(&w, to(64510), &out, true);
		feed(&w, buf, bmp_write_peer_down(buf, sizeof(buf), &p, (uint8_t)reason, 0));
		work(&w);
		ck_assert(!last(2)->there);
		ck_assert_uint_eq(last(2)->cause, REASON_PEER_DOWN);
		ck_assert_int_eq(last(2)->unmonitored, reason == 5);
		teardown(&w);
	}
}
END_TEST

/* The session is back before its former table is taken out: what it has again is there. */
START_TEST(back_at_once)
{
	uint8_t buf[256];
	struct bmp_peer_spec p = to(64510);
	struct fixture w;

	begin(&w);
	say(&w, to(64510), &out, true);
	feed(&w, buf, bmp_write_peer_down(buf, sizeof(buf), &p, 4, 0));
	up(&w, peer(64510, 0), BGP_ROLE_CUSTOMER, BGP_ROLE_PROVIDER);
	say(&w, to(64510), &out, true);
	work(&w);
	ck_assert_uint_ge(seen_n, 2);
	ck_assert(seen[seen_n - 1].there);
	teardown(&w);
}
END_TEST

/* What is ours by another configuration is told where it is. */
START_TEST(told_again)
{
	struct detect *next = detect_as_ever(2);
	struct fixture w;

	begin(&w);
	say(&w, to(64510), &out, true);
	engine_set_detect(w.engine, next);
	work(&w);
	detect_free(w.detect);
	w.detect = next;
	ck_assert(last(2)->there);
	ck_assert_uint_eq(last(2)->cause, REASON_CONFIG);
	teardown(&w);
}
END_TEST

HARNESS_MAIN("visible")
{
	TEST(out_to_a_provider);
	TEST(whose_it_is);
	TEST(a_peer_down);
	TEST(back_at_once);
	TEST(told_again);
}
