/* A leak that came in somewhere is known again wherever the same route is: in other views, on other
 * routers, in the engines of other workers, however our own policy writes its path. And where it
 * ends, nothing of it is left. */
#include "tests/unit/support/findings_fixture.h"

enum { STEPS = 8 };

/* A route of one view, as it comes and goes. */
struct step {
	unsigned router;
	uint32_t peer;
	uint8_t flags;
	bool loc;
	const struct update_run *route;
};

static const struct update_run came = { "20.0.1.0/24", { 64501, 64510, 64999 }, 64510 },
			       inside = { "20.0.1.0/24", { 64501, 64510, 64999 }, 0 },
			       went = { "20.0.1.0/24", { 64500, 64501, 64510, 64999 }, 0 };

enum { OUT_POST = BMP_FLAG_O | BMP_FLAG_L };

/* Two routers: in and out by the first, and by iBGP to the second, where it goes out, too. */
static const struct step steps[STEPS] = {
	{ 0, 64501, 0, false, &came },
	{ 0, 64501, BMP_FLAG_L, false, &came },
	{ 0, 0, 0, true, &inside },
	{ 0, 64510, OUT_POST, false, &went },
	{ 0, 64509, OUT_POST, false, &went },
	{ 1, 64500, 0, false, &inside },
	{ 1, 0, 0, true, &inside },
	{ 1, 64510, OUT_POST, false, &went },
};

struct routers {
	struct fixture w;
	struct engine_session *session[2];
};

static void
begin(struct routers *r)
{
	uint8_t buf[256];

	setup(&r->w);
	start(&r->w);
	up(&r->w, peer(64509, 0), BGP_ROLE_PEER, BGP_ROLE_PEER);
	r->session[0] = r->w.session;
	r->w.session = engine_session_open(r->w.engine, "192.0.2.253", NULL, r->w.now);
	feed(&r->w, buf, bmp_write_initiation(buf, sizeof(buf), "r2", "test"));
	up(&r->w, peer(64500, 0), BGP_ROLE_NONE, BGP_ROLE_NONE);
	up(&r->w, peer(64510, 0), BGP_ROLE_CUSTOMER, BGP_ROLE_PROVIDER);
	up(&r->w, loc_rib(), BGP_ROLE_NONE, BGP_ROLE_NONE);
	r->session[1] = r->w.session;
}

static void
end(struct routers *r)
{
	engine_session_close(r->session[0], "end", r->w.now);
	r->w.session = r->session[1];
	teardown(&r->w);
}

static void
play(struct routers *r, const struct step *s, bool announce)
{
	r->w.session = r->session[s->router];
	say(&r->w, s->loc ? loc_rib() : peer(s->peer, s->flags), s->route, announce);
	work(&r->w);
}

/* What the last finding of each view says. */
static unsigned
on_now(const struct routers *r, unsigned *by_us)
{
	unsigned n = 0;

	*by_us = 0;
	for (unsigned k = 0; k < r->w.findings_n; k++) {
		const struct finding *f = &r->w.findings[k];
		bool last = true;

		for (unsigned i = k + 1; i < r->w.findings_n; i++)
			last &= r->w.findings[i].peer != f->peer ||
				r->w.findings[i].view != f->view;
		n += last && f->rules != 0;
		*by_us += last && f->rules != 0 && f->by_us;
	}
	return n;
}

static void
assert_nothing_left(struct routers *r)
{
	struct engine_stats st;
	unsigned by_us;

	engine_stats(r->w.engine, &st);
	ck_assert_uint_eq(st.leaks, 0);
	ck_assert_uint_eq(st.rules_broken, 0);
	ck_assert_uint_eq(st.routes, 0);
	ck_assert_uint_eq(on_now(r, &by_us), 0);
	ck_assert_uint_eq(r->w.on, r->w.off);
	r->w.findings_n = r->w.on = r->w.off = 0;
}

/* The k-th order of n things. */
static void
order(unsigned k, unsigned n, unsigned *out)
{
	unsigned left[STEPS];

	for (unsigned i = 0; i < n; i++)
		left[i] = i;
	for (unsigned i = 0; i < n; i++) {
		unsigned pick = k % (n - i);

		k /= n - i;
		out[i] = left[pick];
		memmove(left + pick, left + pick + 1, (n - i - 1 - pick) * sizeof(left[0]));
	}
}

static void
come_and_go(struct routers *r, unsigned n, unsigned come, unsigned go, unsigned on)
{
	unsigned at[STEPS], by_us;

	order(come, n, at);
	for (unsigned i = 0; i < n; i++)
		play(r, &steps[at[i]], true);
	ck_assert_uint_eq(on_now(r, &by_us), on);
	ck_assert_uint_eq(by_us, 0);
	order(go, n, at);
	for (unsigned i = 0; i < n; i++)
		play(r, &steps[at[i]], false);
	assert_nothing_left(r);
}

START_TEST(test_every_order_on_one_router)
{
	struct routers r;

	begin(&r);
	for (unsigned come = 0; come < 24; come++)
		for (unsigned go = 0; go < 24; go++)
			come_and_go(&r, 4, come, go, 4);
	end(&r);
}
END_TEST

/* Two that get it, two routers: all but what comes by iBGP are members. */
START_TEST(test_orders_on_two_routers)
{
	unsigned x = 1;
	struct routers r;

	begin(&r);
	for (int k = 0; k < 300; k++) {
		x = x * 1103515245 + 12345;
		come_and_go(&r, STEPS, x >> 8, x, STEPS - 1);
	}
	end(&r);
}
END_TEST

/* Our import policy repeats the neighbour, or puts our own AS in front. */
START_TEST(test_path_as_policy_writes_it)
{
	static const struct update_run twice = { "20.0.1.0/24", { 64501, 64501, 64510, 64999 }, 0 },
				       ours = { "20.0.1.0/24",
					       { 64500, 64500, 64501, 64510, 64999 }, 0 },
				       other = { "20.0.1.0/24", { 64501, 64511, 64999 }, 0 };
	const struct update_run *as[] = { &twice, &ours };
	struct routers r;
	unsigned by_us;

	begin(&r);
	r.w.session = r.session[0];
	say(&r.w, peer(64501, 0), &came, true);
	for (int k = 0; k < 2; k++) {
		say(&r.w, loc_rib(), as[k], true);
		ck_assert_uint_eq(on_now(&r, &by_us), 2);
		say(&r.w, loc_rib(), &other, true); /* another path of the same prefix */
		ck_assert_uint_eq(on_now(&r, &by_us), 1);
	}
	end(&r);
}
END_TEST

/* --- engines of two workers */

struct heard {
	struct engine_shared v[64];
	unsigned n;
};
static struct heard heard;

static void
hear(void *ctx, const struct engine_shared *s)
{
	(void)ctx;
	ck_assert_uint_lt(heard.n, 64);
	heard.v[heard.n++] = *s;
}

START_TEST(test_known_from_another_worker)
{
	static struct routers here, there; /* too large for the stack */
	unsigned by_us, told;

	heard.n = 0;
	begin(&here);
	begin(&there);
	engine_set_share(here.w.engine, hear);
	there.w.session = there.session[0];
	say(&there.w, loc_rib(), &inside, true);
	ck_assert_uint_eq(on_now(&there, &by_us), 0);
	play(&here, &steps[0], true);
	play(&here, &steps[1], true); /* the same in another view is no news to others */
	ck_assert_uint_eq(heard.n, 1);
	engine_hear(there.w.engine, &heard.v[0]);
	work(&there.w);
	ck_assert_uint_eq(on_now(&there, &by_us), 1);
	ck_assert_uint_eq(there.w.findings[there.w.findings_n - 1].leaker_as, 64501);
	play(&here, &steps[0], false);
	ck_assert_uint_eq(heard.n, 1); /* it is still in one */
	play(&here, &steps[1], false);
	ck_assert_uint_eq(heard.n, 2);
	/* an end that overtakes nothing: two workers have it, and one ends */
	engine_hear(there.w.engine, &heard.v[0]);
	engine_hear(there.w.engine, &heard.v[1]);
	work(&there.w);
	ck_assert_uint_eq(on_now(&there, &by_us), 1);
	engine_hear(there.w.engine, &heard.v[1]);
	told = there.w.findings_n;
	work(&there.w);
	ck_assert_uint_eq(there.w.findings_n, told + 1);
	say(&there.w, loc_rib(), &inside, false);
	assert_nothing_left(&there);
	end(&here);
	end(&there);
}
END_TEST

/* Which AS numbers are ours changes while a leak stands: it is the same route all the same. */
START_TEST(test_another_configuration)
{
	static const uint32_t more[] = { 64500, 64777 };
	struct detect_config dc = { .own_asns = more, .own_asns_n = 2 };
	static const struct update_run ours = { "20.0.1.0/24", { 64777, 64501, 64510, 64999 }, 0 };
	struct detect *d = detect_new(&dc, 2);
	struct routers r;
	unsigned by_us;

	begin(&r);
	r.w.session = r.session[0];
	say(&r.w, peer(64501, 0), &came, true);
	say(&r.w, loc_rib(), &ours, true);
	ck_assert_uint_eq(on_now(&r, &by_us), 1);
	engine_set_detect(r.w.engine, d);
	work(&r.w);
	ck_assert_uint_eq(on_now(&r, &by_us), 2);
	say(&r.w, peer(64501, 0), &came, false);
	say(&r.w, loc_rib(), &ours, false);
	assert_nothing_left(&r);
	end(&r);
	detect_free(d);
}
END_TEST

/* More leaks than are followed: those over it are told where they
 * come in, and all is well again when they are gone. */
START_TEST(test_no_room)
{
	struct engine_stats st;
	struct update_run r = came;
	char prefix[32];
	struct fixture w;

	r.prefix = prefix;
	room_for_leaks = 4;
	setup(&w);
	room_for_leaks = 0;
	start(&w);
	for (int k = 0; k < 6; k++) {
		snprintf(prefix, sizeof(prefix), "20.0.%d.0/24", k);
		say(&w, peer(64501, 0), &r, true);
		say(&w, loc_rib(), &r, true);
	}
	ck_assert_uint_eq(w.on, 6 + 4);
	ck_assert(engine_leaks_full(w.engine));
	engine_stats(w.engine, &st);
	ck_assert_uint_eq(st.leaks, 4);
	ck_assert_uint_eq(st.leaks_refused, 2);
	for (int k = 5; k >= 0; k--) {
		snprintf(prefix, sizeof(prefix), "20.0.%d.0/24", k);
		say(&w, peer(64501, 0), &r, false);
		say(&w, loc_rib(), &r, false);
	}
	ck_assert_uint_eq(w.on, w.off);
	ck_assert(!engine_leaks_full(w.engine));
	teardown(&w);
}
END_TEST

HARNESS_MAIN("leaks")
{
	TEST(test_no_room);
	TEST(test_every_order_on_one_router);
	TEST(test_orders_on_two_routers);
	TEST(test_path_as_policy_writes_it);
	TEST(test_known_from_another_worker);
	TEST(test_another_configuration);
}
