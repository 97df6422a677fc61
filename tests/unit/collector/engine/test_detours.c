/* A direct way is left for a long one through strangers: what speaks for a leak, who is named, that
 * it follows its path and ends, and that neither another session nor a restart changes anything. */
#include "tests/unit/support/findings_fixture.h"
#include "tests/unit/support/orders.h"

enum { VIA = 64510, FIRST = 65551, LEAKER = 65552, THIRD = 65553, NEAR = 1299 };
enum { DETOUR = 1U << RULE_LEAK_DETOUR };

static const struct update_run direct = { "20.1.0.0/24", { VIA, NEAR, 64999 }, 0 },
			       around = { "20.1.0.0/24", { VIA, FIRST, LEAKER, THIRD, NEAR, 64999 },
				       0 },
			       otherwise = { "20.1.0.0/24",
				       { VIA, FIRST, LEAKER, 65554, NEAR, NEAR, 64999 }, 0 },
			       by_others = { "20.1.0.0/24",
				       { VIA, FIRST, 65555, THIRD, NEAR, 64999 }, 0 };

/* What was said of detours last, and how often. */
static struct {
	struct engine_event ev;
	unsigned begun, over;
} kept;

static void
on_kept(void *ctx, const struct engine_event *ev)
{
	on_event(ctx, ev);
	if (ev->type != EVENT_DETOUR && ev->type != EVENT_DETOUR_OVER)
		return;
	kept.ev = *ev;
	kept.begun += ev->type == EVENT_DETOUR;
	kept.over += ev->type == EVENT_DETOUR_OVER;
}

static const struct engine_ops keeps = { on_finding, on_kept };

static void
begin_with_room(struct fixture *w, uint32_t room)
{
	struct engine_config config = { .rib = rib_limits_default(10000),
		.message_max = 1 << 20,
		.peers_per_router = 100,
		.stale_s = 300,
		.settle_s = 120,
		.forget_s = 1000,
		.lost_max = 10,
		.leaks_max = room,
		.seed = 12345 };

	memset(w, 0, sizeof(*w));
	memset(&kept, 0, sizeof(kept));
	w->now = 1700000000LL * 1000000;
	w->detect = detect_as_ever(1);
	w->engine = engine_new(&config, w->detect, &keeps, w);
	ck_assert_ptr_nonnull(w->engine);
	start(w);
}

static void
begin(struct fixture *w)
{
	begin_with_room(w, 0);
}

/* The rules that were told last of the prefix in the view. */
static uint32_t
told(const struct fixture *w, const struct update_run *r, uint8_t view)
{
	struct ip_prefix p;
	uint32_t rules = 0;

	ip_prefix_parse(r->prefix, true, &p);
	for (unsigned k = 0; k < w->findings_n; k++)
		if (ip_prefix_cmp(&w->findings[k].prefix, &p) == 0 && w->findings[k].view == view)
			rules = w->findings[k].rules;
	return rules;
}

static const struct finding *
last(const struct fixture *w)
{
	ck_assert_uint_gt(w->findings_n, 0);
	return &w->findings[w->findings_n - 1];
}

static void
nothing_left(struct fixture *w)
{
	struct engine_stats st;

	engine_stats(w->engine, &st);
	ck_assert_uint_eq(st.leaks, 0);
	ck_assert_uint_eq(st.rules_broken, 0);
	ck_assert_uint_eq(w->on, w->off);
}

START_TEST(left_followed_repaired)
{
	struct fixture w;

	begin(&w);
	say(&w, peer(VIA, 0), &direct, true);
	ck_assert_uint_eq(w.findings_n, 0);
	say(&w, peer(VIA, 0), &around, true);
	ck_assert_uint_eq(told(&w, &around, VIEW_IN_PRE), DETOUR);
	ck_assert_uint_eq(last(&w)->leaker_as, LEAKER);
	ck_assert_uint_eq(last(&w)->leaked_to_as, FIRST);
	ck_assert_uint_eq(last(&w)->leaked_from_as, THIRD);
	ck_assert_uint_eq(last(&w)->direct_from_as, VIA);
	ck_assert_uint_eq(last(&w)->direct_to_as, NEAR);
	ck_assert_uint_eq(kept.begun, 1);
	ck_assert_str_eq(kept.ev.router_name, "r1");
	ck_assert_uint_eq(kept.ev.detour.leaker, LEAKER);
	say(&w, peer(VIA, 0), &otherwise, true);
	ck_assert_uint_eq(told(&w, &around, VIEW_IN_PRE), DETOUR);
	ck_assert_uint_eq(last(&w)->leaker_as, LEAKER);
	ck_assert_uint_eq(kept.begun, 1);
	ck_assert_uint_eq(kept.over, 0);
	say(&w, peer(VIA, 0), &direct, true);
	ck_assert_uint_eq(told(&w, &around, VIEW_IN_PRE), 0);
	ck_assert_uint_eq(last(&w)->cause, REASON_REPLACED);
	ck_assert_uint_eq(kept.over, 1);
	nothing_left(&w);
	teardown(&w);
}
END_TEST

/* The other family. */
START_TEST(of_ipv6)
{
	struct update_run before = direct, after = around;
	struct fixture w;

	before.prefix = after.prefix = "2001:db8:1::/48";
	begin(&w);
	say(&w, peer(VIA, 0), &before, true);
	say(&w, peer(VIA, 0), &after, true);
	ck_assert_uint_eq(told(&w, &after, VIEW_IN_PRE), DETOUR);
	engine_tell_again(w.engine);
	work(&w);
	ck_assert_uint_eq(told(&w, &after, VIEW_IN_PRE), DETOUR);
	say(&w, peer(VIA, 0), &before, true);
	ck_assert_uint_eq(kept.over, 1);
	nothing_left(&w);
	teardown(&w);
}
END_TEST

/* --- what is none */

static const struct {
	uint32_t before[8], after[8];
	bool is;
} changes[] = {
	/* two strangers are what one has who lost his way */
	{ { VIA, NEAR, 64999 }, { VIA, 65551, 65552, NEAR, 64999 }, false },
	/* prepends are no strangers, and siblings are one */
	{ { VIA, NEAR, 64999 }, { VIA, 65551, 65551, 65552, NEAR, 64999 }, false },
	{ { VIA, NEAR, 64999 }, { VIA, 65551, 65552, 65552, 65553, NEAR, 64999 }, true },
	/* further away from us */
	{ { VIA, 64998, NEAR, 64999 }, { VIA, 64998, 65551, 65552, 65553, NEAR, 64999 }, true },
	/* behind it all is another, too: it has lost its own */
	{ { VIA, NEAR, 64999 }, { VIA, 65551, 65552, 65553, NEAR, 64997, 64999 }, false },
	/* to somebody who may well be that far */
	{ { VIA, 64998, 64999 }, { VIA, 65551, 65552, 65553, 64998, 64999 }, false },
	/* as long as before */
	{ { VIA, VIA, VIA, VIA, NEAR, 64999 }, { VIA, 65551, 65552, 65553, NEAR, 64999 }, false },
	/* it ends there */
	{ { VIA, NEAR }, { VIA, 65551, 65552, 65553, NEAR }, true },
	{ { VIA, NEAR }, { VIA, 65551, 65552, 65553, 65554, 65555, NEAR }, true },
	/* somebody wrote himself into the path twice, to keep it away from others */
	{ { VIA, NEAR, 64999 }, { VIA, 65551, 65552, 65551, NEAR, 64999 }, false },
	/* it became shorter */
	{ { VIA, 65551, 65552, 65553, NEAR, 64999 }, { VIA, NEAR, 64999 }, false },
};

START_TEST(shapes)
{
	struct update_run before = { .prefix = "20.1.0.0/24" }, after = before;
	struct fixture w;

	memcpy(before.path, changes[_i].before, sizeof(before.path));
	memcpy(after.path, changes[_i].after, sizeof(after.path));
	begin(&w);
	say(&w, peer(VIA, 0), &before, true);
	say(&w, peer(VIA, 0), &after, true);
	ck_assert_uint_eq(told(&w, &after, VIEW_IN_PRE), changes[_i].is ? DETOUR : 0);
	teardown(&w);
}
END_TEST

/* Without a before there is no detour; nor in our own network, nor for a collector. */
START_TEST(sessions)
{
	struct fixture w;

	begin(&w);
	up(&w, peer(64500, 0), BGP_ROLE_NONE, BGP_ROLE_NONE);
	up(&w, peer(12654, 0), BGP_ROLE_NONE, BGP_ROLE_NONE);
	say(&w, peer(VIA, 0), &around, true);
	say(&w, peer(64500, 0), &direct, true);
	say(&w, peer(64500, 0), &around, true);
	say(&w, peer(12654, 0), &direct, true);
	say(&w, peer(12654, 0), &around, true);
	ck_assert_uint_eq(w.findings_n, 0);
	say(&w, peer(VIA, BMP_FLAG_L), &direct, true);
	say(&w, peer(VIA, BMP_FLAG_L), &around, true);
	ck_assert_uint_eq(told(&w, &around, VIEW_IN_POST), DETOUR);
	say(&w, loc_rib(), &around, true);
	ck_assert_uint_eq(told(&w, &around, VIEW_LOC_RIB), DETOUR);
	ck_assert_uint_eq(last(&w)->leaker_as, LEAKER);
	ck_assert_uint_eq(last(&w)->direct_to_as, NEAR);
	teardown(&w);
}
END_TEST

/* To a network that may be that far it is one when a stranger is proven to do wrong with the same
 * addresses just now, or when it is ours. */
START_TEST(what_speaks_for_it)
{
	static const struct update_run
	    before = { "198.51.100.0/24", { VIA, 64998 }, 0 },
	    after = { "198.51.100.0/24", { VIA, FIRST, LEAKER, THIRD, 64998 }, 0 },
	    elsewhere = { "198.51.101.0/24", { VIA, 174, THIRD, 1299, 64998 }, 0 },
	    within = { "198.51.100.1/32", { VIA, 174, THIRD, 1299, 64998 }, 0 },
	    by_another = { "198.51.100.1/32", { VIA, 174, 65559, 1299, 64998 }, 0 },
	    ours = { "203.0.113.0/24", { VIA, 64998, 64500 }, 0 },
	    ours_after = { "203.0.113.0/24", { VIA, FIRST, LEAKER, THIRD, 64998, 64500 }, 0 };
	const struct update_run *none[] = { NULL, &elsewhere, &by_another };
	struct fixture w;

	begin(&w);
	eor(&w, peer(VIA, 0));
	for (unsigned k = 0; k < 3; k++) {
		if (none[k] != NULL)
			say(&w, peer(VIA, 0), none[k], true);
		say(&w, peer(VIA, 0), &before, true);
		say(&w, peer(VIA, 0), &after, true);
		ck_assert_uint_eq(told(&w, &after, VIEW_IN_PRE), 0);
	}
	say(&w, peer(VIA, 0), &ours, true);
	say(&w, peer(VIA, 0), &ours_after, true);
	ck_assert_uint_eq(told(&w, &ours, VIEW_IN_PRE), DETOUR);
	say(&w, peer(VIA, 0), &before, true);
	say(&w, peer(VIA, 0), &by_another, false);
	say(&w, peer(VIA, 0), &within, true);
	say(&w, peer(VIA, 0), &after, true);
	ck_assert_uint_eq(told(&w, &after, VIEW_IN_PRE), DETOUR);
	say(&w, peer(VIA, 0), &before, true);
	wait_s(&w, 700);
	say(&w, peer(VIA, 0), &after, true);
	ck_assert_uint_eq(told(&w, &after, VIEW_IN_PRE), 0);
	teardown(&w);
}
END_TEST

/* --- it stays what it is */

START_TEST(another_session_and_again)
{
	uint8_t buf[256];
	struct fixture w;
	unsigned n;

	begin(&w);
	say(&w, peer(VIA, 0), &direct, true);
	say(&w, peer(VIA, 0), &around, true);
	n = w.on + w.off;
	engine_tell_again(w.engine);
	work(&w);
	say(&w, peer(VIA, 0), &around, true);
	ck_assert_uint_eq(w.on + w.off, n);
	/* a withdrawal ends it, and says nothing of the direct way */
	say(&w, peer(VIA, 0), &around, false);
	ck_assert_uint_eq(told(&w, &around, VIEW_IN_PRE), 0);
	say(&w, peer(VIA, 0), &around, true);
	ck_assert_uint_eq(told(&w, &around, VIEW_IN_PRE), DETOUR);
	say(&w, peer(VIA, 0), &by_others, true);
	ck_assert_uint_eq(told(&w, &around, VIEW_IN_PRE), 0);
	say(&w, peer(VIA, 0), &around, true);
	ck_assert_uint_eq(told(&w, &around, VIEW_IN_PRE), DETOUR);
	lose(&w);
	w.session = engine_session_open(w.engine, "192.0.2.254", NULL, w.now);
	feed(&w, buf, bmp_write_initiation(buf, sizeof(buf), "r1", "test"));
	up(&w, peer(VIA, 0), BGP_ROLE_CUSTOMER, BGP_ROLE_PROVIDER);
	say(&w, peer(VIA, 0), &around, true);
	eor(&w, peer(VIA, 0));
	work(&w);
	ck_assert_uint_eq(told(&w, &around, VIEW_IN_PRE), DETOUR);
	ck_assert_uint_eq(kept.begun, 1);
	ck_assert_uint_eq(kept.over, 0);
	teardown(&w);
}
END_TEST

/* What an engine said, another one knows: of a router of that name, and of no other. */
START_TEST(over_a_restart)
{
	struct engine_detour d = { .router = "r1", .way = { VIA, LEAKER, NEAR }, .there = true };
	struct fixture w;

	ip_prefix_parse(around.prefix, true, &d.prefix);
	begin(&w);
	say(&w, peer(VIA, 0), &around, true);
	ck_assert_uint_eq(w.findings_n, 0);
	d.router = "r2";
	engine_know_detour(w.engine, &d);
	say(&w, peer(VIA, 0), &otherwise, true);
	ck_assert_uint_eq(w.findings_n, 0);
	d.router = "r1";
	for (int twice = 0; twice < 2; twice++)
		engine_know_detour(w.engine, &d);
	say(&w, peer(VIA, 0), &around, true);
	ck_assert_uint_eq(told(&w, &around, VIEW_IN_PRE), DETOUR);
	ck_assert_uint_eq(kept.begun, 0);
	/* somebody says that it is over, and here it is not */
	d.there = false;
	engine_know_detour(w.engine, &d);
	ck_assert_uint_eq(kept.begun, 1);
	say(&w, peer(VIA, 0), &around, false);
	engine_know_detour(w.engine, &d);
	say(&w, peer(VIA, 0), &around, true);
	ck_assert_uint_eq(told(&w, &around, VIEW_IN_PRE), 0);
	teardown(&w);
}
END_TEST

START_TEST(under_another_name)
{
	struct fixture w;

	begin(&w);
	say(&w, peer(VIA, 0), &direct, true);
	say(&w, peer(VIA, 0), &around, true);
	engine_rename(w.engine, "r1", "edge");
	ck_assert_uint_eq(kept.over, 1);
	ck_assert_str_eq(kept.ev.router_name, "edge");
	say(&w, peer(VIA, 0), &otherwise, true);
	ck_assert_uint_eq(told(&w, &around, VIEW_IN_PRE), DETOUR);
	say(&w, peer(VIA, 0), &direct, true);
	ck_assert_uint_eq(kept.over, 2);
	nothing_left(&w);
	teardown(&w);
}
END_TEST

/* A day after the last route it is forgotten. */
START_TEST(forgotten)
{
	struct fixture w;

	begin(&w);
	say(&w, peer(VIA, 0), &direct, true);
	say(&w, peer(VIA, 0), &around, true);
	wait_s(&w, 100000);
	ck_assert_uint_eq(kept.over, 0);
	say(&w, peer(VIA, 0), &around, false);
	wait_s(&w, 86300);
	ck_assert_uint_eq(kept.over, 0);
	wait_s(&w, 200);
	ck_assert_uint_eq(kept.over, 1);
	say(&w, peer(VIA, 0), &around, true);
	ck_assert_uint_eq(told(&w, &around, VIEW_IN_PRE), 0);
	teardown(&w);
}
END_TEST

/* Who is away says nothing: neither the router, known or not, nor its neighbour. */
START_TEST(away)
{
	struct bmp_peer_spec via = peer(VIA, 0);
	uint8_t buf[256];
	struct fixture w;

	begin(&w);
	say(&w, peer(VIA, 0), &direct, true);
	say(&w, peer(VIA, 0), &around, true);
	lose(&w);
	wait_s(&w, 300 + 90000);
	w.session = engine_session_open(w.engine, "192.0.2.254", NULL, w.now);
	feed(&w, buf, bmp_write_initiation(buf, sizeof(buf), "r1", "test"));
	up(&w, peer(VIA, 0), BGP_ROLE_CUSTOMER, BGP_ROLE_PROVIDER);
	say(&w, peer(VIA, 0), &around, true);
	ck_assert_uint_eq(told(&w, &around, VIEW_IN_PRE), DETOUR);
	eor(&w, peer(VIA, 0));
	wait_s(&w, 10);
	feed(&w, buf, bmp_write_peer_down(buf, sizeof(buf), &via, 4, 0));
	work(&w);
	ck_assert_uint_eq(told(&w, &around, VIEW_IN_PRE), 0);
	wait_s(&w, 90000);
	up(&w, peer(VIA, 0), BGP_ROLE_CUSTOMER, BGP_ROLE_PROVIDER);
	say(&w, peer(VIA, 0), &around, true);
	ck_assert_uint_eq(told(&w, &around, VIEW_IN_PRE), DETOUR);
	ck_assert_uint_eq(kept.over, 0);
	teardown(&w);
}
END_TEST

/* While routes go so, the collector hears of it: what it keeps is as young as that. */
START_TEST(told_while_used)
{
	struct engine_detour d = { .router = "r1", .way = { VIA, LEAKER, NEAR }, .there = true };
	struct fixture w;

	ip_prefix_parse(around.prefix, true, &d.prefix);
	begin(&w);
	engine_know_detour(w.engine, &d);
	wait_s(&w, 100);
	ck_assert_uint_eq(kept.begun, 0);
	say(&w, peer(VIA, 0), &around, true);
	wait_s(&w, 100);
	ck_assert_uint_eq(kept.begun, 1);
	wait_s(&w, 4 * 86400);
	ck_assert_uint_ge(kept.begun, 4);
	ck_assert_uint_le(kept.begun, 5);
	say(&w, peer(VIA, 0), &around, false);
	wait_s(&w, 86000);
	ck_assert_uint_le(kept.begun, 5);
	teardown(&w);
}
END_TEST

static void
synced(struct fixture *w)
{
	eor(w, peer(VIA, 0));
	wait_s(w, 130);
}

/* Two sent it, and the router is back: who tells first that it is over for him does not speak for
 * the other one. */
START_TEST(back_one_after_the_other)
{
	static const struct update_run other_direct = { "20.1.0.0/24", { 64501, VIA, NEAR, 64999 },
		0 },
				       other = { "20.1.0.0/24",
					       { 64501, VIA, FIRST, LEAKER, THIRD, NEAR, 64999 },
					       0 };
	uint8_t buf[256];
	struct fixture w;

	begin(&w);
	up(&w, peer(64501, 0), BGP_ROLE_NONE, BGP_ROLE_NONE);
	say(&w, peer(64501, 0), &other_direct, true);
	say(&w, peer(64501, 0), &other, true);
	say(&w, peer(VIA, 0), &direct, true);
	say(&w, peer(VIA, 0), &around, true);
	synced(&w);
	lose(&w);
	wait_s(&w, 400);
	w.session = engine_session_open(w.engine, "192.0.2.254", NULL, w.now);
	feed(&w, buf, bmp_write_initiation(buf, sizeof(buf), "r1", "test"));
	up(&w, peer(VIA, 0), BGP_ROLE_CUSTOMER, BGP_ROLE_PROVIDER);
	say(&w, peer(VIA, 0), &direct, true);
	up(&w, peer(64501, 0), BGP_ROLE_NONE, BGP_ROLE_NONE);
	say(&w, peer(64501, 0), &other, true);
	ck_assert_uint_eq(told(&w, &other, VIEW_IN_PRE), DETOUR);
	say(&w, peer(64501, 0), &other_direct, true);
	ck_assert_uint_eq(kept.over, 1);
	teardown(&w);
}
END_TEST

/* One neighbour does not fill the table with one prefix: the direct way ends it also when the other
 * was withdrawn before (even), and else no more than some are kept. */
START_TEST(few_of_a_prefix)
{
	struct update_run by = around;
	struct fixture w;

	begin(&w);
	synced(&w);
	for (unsigned k = 0; k < 200; k++) {
		by.path[2] = 66000 + k;
		say(&w, peer(VIA, 0), &direct, true);
		say(&w, peer(VIA, 0), &by, true);
		ck_assert_uint_eq(told(&w, &by, VIEW_IN_PRE), DETOUR);
		if (_i == 0) {
			say(&w, peer(VIA, 0), &by, false);
			continue;
		}
		/* to somebody else: that is not the direct way */
		by.path[2] = 67000 + k;
		say(&w, peer(VIA, 0), &by, true);
		ck_assert_uint_eq(told(&w, &by, VIEW_IN_PRE), 0);
	}
	ck_assert_uint_eq(kept.begun, 200);
	ck_assert_uint_ge(kept.over, _i == 0 ? 199 : 168);
	say(&w, peer(VIA, 0), &direct, true);
	wait_s(&w, 90000);
	ck_assert_uint_eq(kept.over, 200);
	teardown(&w);
}
END_TEST

/* Nor with many: another one still has room, and who has none left has it again when his are over.
 */
START_TEST(part_of_the_room)
{
	enum { ROOM = 40, PART = ROOM / 4 };
	struct update_run before = direct, after = around, other = direct, else_where = around;
	char prefix[24];
	struct fixture w;

	begin_with_room(&w, ROOM);
	synced(&w);
	before.prefix = after.prefix = prefix;
	for (unsigned k = 0; k < ROOM; k++) {
		snprintf(prefix, sizeof(prefix), "20.1.%u.0/24", k);
		say(&w, peer(VIA, 0), &before, true);
		say(&w, peer(VIA, 0), &after, true);
		ck_assert_uint_eq(told(&w, &after, VIEW_IN_PRE), k < PART ? DETOUR : 0);
	}
	ck_assert(engine_leaks_full(w.engine));
	wait_s(&w, 310);
	ck_assert(!engine_leaks_full(w.engine));
	other.path[0] = else_where.path[0] = 64501;
	say(&w, peer(64501, 0), &other, true);
	say(&w, peer(64501, 0), &else_where, true);
	ck_assert_uint_ne(told(&w, &else_where, VIEW_IN_PRE) & DETOUR, 0);
	snprintf(prefix, sizeof(prefix), "20.1.5.0/24");
	say(&w, peer(VIA, 0), &before, true);
	ck_assert_uint_eq(kept.over, 1);
	snprintf(prefix, sizeof(prefix), "20.1.100.0/24");
	say(&w, peer(VIA, 0), &before, true);
	say(&w, peer(VIA, 0), &after, true);
	ck_assert_uint_eq(told(&w, &after, VIEW_IN_PRE), DETOUR);
	teardown(&w);
}
END_TEST

/* A path over two known leakers counts with each. */
START_TEST(two_leakers)
{
	static const struct update_run
	    other_direct = { "20.1.0.0/24", { 64501, VIA, NEAR, 64999 }, 0 },
	    other = { "20.1.0.0/24", { 64501, VIA, FIRST, 65555, THIRD, NEAR, 64999 }, 0 },
	    both = { "20.1.0.0/24", { VIA, LEAKER, FIRST, 65555, THIRD, NEAR, 64999 }, 0 };
	struct fixture w;

	begin(&w);
	synced(&w);
	up(&w, peer(64501, 0), BGP_ROLE_NONE, BGP_ROLE_NONE);
	say(&w, peer(VIA, 0), &direct, true);
	say(&w, peer(VIA, 0), &around, true);
	say(&w, peer(64501, 0), &other_direct, true);
	say(&w, peer(64501, 0), &other, true);
	ck_assert_uint_eq(kept.begun, 2);
	say(&w, peer(VIA, 0), &both, true);
	say(&w, peer(64501, 0), &other_direct, true);
	ck_assert_uint_eq(kept.over, 0);
	say(&w, peer(VIA, 0), &by_others, true);
	ck_assert_uint_eq(told(&w, &around, VIEW_IN_PRE), DETOUR);
	say(&w, peer(VIA, 0), &direct, true);
	nothing_left(&w);
	ck_assert_uint_eq(kept.over, 2);
	teardown(&w);
}
END_TEST

/* --- every order */

enum { PLACES = 5, OUT_POST = BMP_FLAG_O | BMP_FLAG_L };

static void
play(struct fixture *w, unsigned place, const struct update_run *in, bool announce)
{
	struct update_run out = *in;

	memmove(&out.path[1], &in->path[0], 7 * sizeof(out.path[0]));
	out.path[0] = 64500;
	switch (place) {
	case 0:
		say(w, peer(VIA, 0), in, announce);
		break;
	case 1:
		say(w, peer(VIA, BMP_FLAG_L), in, announce);
		break;
	case 2:
		say(w, loc_rib(), in, announce);
		break;
	default:
		say(w, peer(place == 3 ? 64501 : 64509, OUT_POST), &out, announce);
		break;
	}
	work(w);
}

/* How many routes are it by what was told of them last. */
static unsigned
members(const struct fixture *w)
{
	unsigned n = 0;

	for (unsigned k = 0; k < w->findings_n; k++) {
		const struct finding *f = &w->findings[k];
		bool is_last = true;

		for (unsigned i = k + 1; i < w->findings_n; i++)
			is_last &= w->findings[i].peer != f->peer || w->findings[i].view != f->view;
		n += is_last && f->rules == DETOUR && f->leaker_as == LEAKER && !f->by_us;
	}
	return n;
}

/* It comes into each view, and goes, by the direct way again or by a withdrawal: whatever the
 * order, all are members in between and nothing is left. */
START_TEST(every_order)
{
	unsigned all = orders_of(PLACES), at[ORDERS_MAX], go[ORDERS_MAX];
	struct fixture w;

	begin(&w);
	up(&w, peer(64509, 0), BGP_ROLE_PROVIDER, BGP_ROLE_CUSTOMER);
	for (unsigned k = 0; k < 3 * all; k++) {
		order_of(k % all, PLACES, at);
		order_of(k * 53 % all, PLACES, go);
		for (unsigned i = 0; i < PLACES; i++)
			play(&w, i, &direct, true);
		ck_assert_uint_eq(members(&w), 0);
		for (unsigned i = 0; i < PLACES; i++)
			play(&w, at[i], &around, true);
		ck_assert_uint_eq(members(&w), PLACES);
		for (unsigned i = 0; i < PLACES; i++)
			play(&w, go[i], k % 3 == 0 ? &direct : &around, k % 3 == 0);
		nothing_left(&w);
		for (unsigned i = 0; i < PLACES; i++)
			play(&w, go[i], &direct, false);
		w.findings_n = w.on = w.off = 0;
	}
	teardown(&w);
}
END_TEST

HARNESS_MAIN("detours")
{
	TEST(left_followed_repaired);
	TEST(of_ipv6);
	LOOP(shapes, sizeof(changes) / sizeof(changes[0]));
	TEST(sessions);
	TEST(what_speaks_for_it);
	TEST(another_session_and_again);
	TEST(over_a_restart);
	TEST(under_another_name);
	TEST(forgotten);
	TEST(away);
	TEST(told_while_used);
	TEST(back_one_after_the_other);
	LOOP(few_of_a_prefix, 2);
	TEST(part_of_the_room);
	TEST(two_leakers);
	TEST(every_order);
}
