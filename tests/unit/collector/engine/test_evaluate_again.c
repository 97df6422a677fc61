/* Routes that stay while what they are judged by changes: VRPs, the configuration, the roles of a
 * neighbour. */
#include "tests/unit/support/findings_fixture.h"

static void
set_vrps(struct fixture *w, struct vrp_set **held, const char *const *prefixes, const uint8_t *max,
    const uint32_t *asns, size_t n, uint64_t gen)
{
	struct vrp_list l = { 0 };
	struct vrp_set *next;
	struct vrp_delta d;

	for (size_t i = 0; i < n; i++) {
		struct vrp v = { .max_len = max[i], .asn = asns[i] };

		ip_prefix_parse(prefixes[i], true, &v.prefix);
		vrp_list_add(&l, &v);
	}
	vrp_list_sort_unique(&l);
	next = vrp_set_new(&l, gen);
	ck_assert(vrp_delta_between(*held, next, &d));
	engine_set_rpki(w->engine, next, vrp_cover_new(&d), REASON_RPKI);
	vrp_delta_free(&d);
	vrp_set_unref(*held);
	*held = next;
	vrp_list_free(&l);
	work(w);
}

/* An RPKI delta flips just what it touches, with its cause; the end is the same as with a fresh
 * start. */
START_TEST(test_rpki_delta)
{
	static const char *const one[] = { "20.0.0.0/16" }, *const two[] = { "20.0.0.0/16",
		"20.0.0.0/24" };
	static const uint8_t max1[] = { 16 }, max2[] = { 16, 24 };
	static const uint32_t as1[] = { 64999 }, as2[] = { 64999, 64999 };
	static const struct update_run elsewhere = { "21.0.0.0/24", { 64510, 64999 }, 0 },
				       by_another = { "20.0.0.0/24", { 64511, 64999 }, 0 };
	struct vrp_set *held = NULL;
	struct fixture w;

	setup(&w);
	start(&w);
	say(&w, peer(64510, 0), &plain, true);
	say(&w, peer(64510, 0), &elsewhere, true);
	set_vrps(&w, &held, one, max1, as1, 1, 1);
	ck_assert_uint_eq(w.on, 1);
	ck_assert_uint_eq(w.findings[0].rules, 1U << RULE_ROV_LENGTH);
	ck_assert_uint_eq(w.findings[0].cause, REASON_RPKI);
	ck_assert_uint_eq(w.findings[0].vrps_n, 1);
	ck_assert(w.findings[0].cause_vrps_n == 1 && w.findings[0].cause_vrps_went == 0);
	ck_assert_uint_eq(w.findings[0].cause_vrps[0].prefix.len, 16);
	set_vrps(&w, &held, two, max2, as2, 2, 2);
	ck_assert_uint_eq(w.off, 1);
	ck_assert_uint_eq(w.findings[1].cause, REASON_RPKI);
	set_vrps(&w, &held, one, max1, as1, 1, 3);
	ck_assert_uint_eq(w.on, 2);
	ck_assert(w.findings[2].cause_vrps_n == 1 && w.findings[2].cause_vrps_went == 1);
	ck_assert_uint_eq(w.findings[2].cause_vrps[0].prefix.len, 24);
	say(&w, peer(64511, 0), &by_another, true);
	ck_assert(w.on == 3 && w.findings[3].cause_vrps_n == 0);
	say(&w, peer(64511, 0), &by_another, false);
	ck_assert_uint_eq(w.off, 2);
	set_vrps(&w, &held, NULL, NULL, NULL, 0, 4);
	ck_assert_uint_eq(w.off, 3);
	vrp_set_unref(held);
	teardown(&w);
}
END_TEST

/* Every path of a prefix is evaluated again, and more paths than a prefix may have are refused and
 * counted. */
START_TEST(test_addpath_many_paths)
{
	static const struct bgp_addpath both = { { AFI_IPV4, SAFI_UNICAST }, 3 };
	static const char *const vrp[] = { "20.0.0.0/24" };
	static const struct ip_addr local = { .family = IP_NONE };
	static const uint8_t max[] = { 24 };
	static const uint32_t as[] = { 64998 }, path[] = { 64520, 64999 };
	struct bmp_peer_spec p = peer(64520, 0);
	struct bgp_open_spec sent = { .as = 64500, .role = BGP_ROLE_NONE },
			     received = { .as = 64520, .role = BGP_ROLE_NONE };
	struct bgp_route_spec route = {
		.as_path = path, .as_path_n = 2, .next_hop = { IP_V4, { 1 } }
	};
	struct bgp_prefix_spec x = { .prefix = { IP_V4, 24, { 20 } } };
	struct vrp_set *held = NULL;
	struct engine_stats stats;
	uint8_t bgp[256], buf[512];
	struct fixture w;

	setup(&w);
	start(&w);
	sent.addpaths = received.addpaths = &both;
	sent.addpaths_n = received.addpaths_n = 1;
	feed(&w, buf, bmp_write_peer_up(buf, sizeof(buf), &p, &local, &sent, &received, NULL));
	for (x.path_id = 1; x.path_id <= ROUTE_PATHS_MAX + 3; x.path_id++) {
		size_t n = bgp_write_update(bgp, sizeof(bgp), &route, &x, 1, NULL, 0, true);

		feed(&w, buf, bmp_write_route_monitoring(buf, sizeof(buf), &p, bgp, n));
	}
	engine_stats(w.engine, &stats);
	ck_assert_uint_eq(stats.routes, ROUTE_PATHS_MAX);
	ck_assert_uint_eq(stats.refused, 3);
	set_vrps(&w, &held, vrp, max, as, 1, 1);
	ck_assert_uint_eq(w.on, ROUTE_PATHS_MAX);
	set_vrps(&w, &held, NULL, NULL, NULL, 0, 2);
	ck_assert_uint_eq(w.off, ROUTE_PATHS_MAX);
	vrp_set_unref(held);
	teardown(&w);
}
END_TEST

static void
reload_unchanged(struct fixture *w, uint16_t generation)
{
	struct detect *next = detect_as_ever(generation);

	engine_set_detect(w->engine, next);
	work(w);
	detect_free(w->detect);
	w->detect = next;
}

START_TEST(test_new_configuration)
{
	struct detect_own own[1] = { { .origins = NULL } };
	struct detect_config dc = { .own_asns = own_as, .own_asns_n = 1, .own = own, .own_n = 1 };
	struct detect *next;
	struct fixture w;

	setup(&w);
	start(&w);
	say(&w, peer(64510, 0), &hijack, true);
	say(&w, peer(64510, 0), &plain, true);
	ck_assert_uint_eq(w.on, 1);
	ip_prefix_parse("20.0.0.0/16", true, &own[0].prefix);
	next = detect_new(&dc, 2);
	engine_set_detect(w.engine, next);
	work(&w);
	ck_assert(!engine_work(w.engine, 7, w.now)); /* the old one may be freed */
	ck_assert_uint_eq(w.off, 1);
	ck_assert_uint_eq(w.on, 2);
	detect_free(w.detect);
	w.detect = next;
	teardown(&w);
}
END_TEST

/* What the OPENs said of a neighbour holds while its router is away, also for a configuration that
 * is loaded meanwhile: its leaks are neither ended by that nor opened anew. */
START_TEST(test_reload_while_lost)
{
	static const struct update_run provider_free_leak = { "20.2.0.0/24", { 64501, 3356, 64999 },
		0 };
	struct fixture w;

	setup(&w);
	start(&w);
	say(&w, peer(64501, 0), &leak, true);
	say(&w, peer(64501, 0), &provider_free_leak, true);
	say(&w, loc_rib(), &leak, true);
	ck_assert_uint_eq(w.on, 3);
	lose(&w);
	reload_unchanged(&w, 2);
	ck_assert_uint_eq(w.off, 0);
	start(&w);
	say(&w, peer(64501, 0), &leak, true);
	say(&w, peer(64501, 0), &provider_free_leak, true);
	say(&w, loc_rib(), &leak, true);
	work(&w);
	ck_assert_uint_eq(w.on, 3);
	ck_assert_uint_eq(w.off, 0);
	say(&w, peer(64501, 0), &leak, false);
	say(&w, peer(64501, 0), &provider_free_leak, false);
	ck_assert_uint_eq(w.off, 3);
	teardown(&w);
}
END_TEST

/* Other roles than before: the routes of the peer are evaluated again, in whatever order roles and
 * routes come. */
START_TEST(test_roles_change)
{
	static const struct update_run by_another = { "20.0.1.0/24", { 64502, 64510, 64999 },
		64510 };
	struct bmp_peer_spec p = peer(64501, 0);
	struct fixture w;

	setup(&w);
	start(&w);
	say(&w, loc_rib(), &leak, true);
	say(&w, p, &leak, true);
	ck_assert_uint_eq(w.on, 2);
	up(&w, p, BGP_ROLE_CUSTOMER, BGP_ROLE_PROVIDER); /* a provider may pass it on */
	work(&w);
	ck_assert_uint_eq(w.off, 2);
	ck_assert_uint_eq(w.findings[2].cause, REASON_ROLES);
	up(&w, p, BGP_ROLE_CUSTOMER, BGP_ROLE_PROVIDER); /* nothing new */
	work(&w);
	ck_assert_uint_eq(w.findings_n, 4);
	up(&w, p, BGP_ROLE_PROVIDER, BGP_ROLE_CUSTOMER);
	work(&w);
	ck_assert_uint_eq(w.on, 4);
	ck_assert_uint_eq(w.findings[4].cause, REASON_ROLES);

	p = peer(64502, 0); /* its routes come before its OPENs */
	say(&w, p, &by_another, true);
	ck_assert_uint_eq(w.on, 4);
	up(&w, p, BGP_ROLE_PROVIDER, BGP_ROLE_CUSTOMER);
	work(&w);
	ck_assert_uint_eq(w.on, 5);
	say(&w, p, &leak, false);
	say(&w, peer(64501, 0), &leak, false);
	ck_assert_uint_eq(w.on, w.off);
	teardown(&w);
}
END_TEST

/* Roles that change while another change of them waits, or while stale routes wait for the sweep:
 * what is left in the end is as the last ones have it. */
START_TEST(test_roles_change_while_working)
{
	struct bmp_peer_spec p = peer(64501, 0);
	struct update_run r[40];
	char prefix[40][32];
	struct engine_stats stats;
	struct fixture w;

	setup(&w);
	start(&w);
	for (int i = 0; i < 40; i++) {
		snprintf(prefix[i], sizeof(prefix[i]), "20.9.%d.0/24", i);
		r[i] = leak;
		r[i].prefix = prefix[i];
		say(&w, p, &r[i], true);
	}
	ck_assert_uint_eq(w.on, 40);
	up(&w, p, BGP_ROLE_CUSTOMER, BGP_ROLE_PROVIDER);
	for (int i = 0; i < 2; i++)
		ck_assert(engine_work(w.engine, 7, w.now));
	for (int i = 0; i < 20; i++) /* the table closes its ranks under the work */
		say(&w, p, &r[2 * i], false);
	work(&w);
	ck_assert_uint_eq(w.on, w.off);
	up(&w, p, BGP_ROLE_PROVIDER, BGP_ROLE_CUSTOMER);
	ck_assert(engine_work(w.engine, 7, w.now));
	up(&w, p, BGP_ROLE_CUSTOMER, BGP_ROLE_PROVIDER);
	ck_assert(engine_work(w.engine, 7, w.now));
	up(&w, p, BGP_ROLE_PROVIDER, BGP_ROLE_CUSTOMER);
	work(&w);
	ck_assert_uint_eq(w.on - w.off, 20);
	lose(&w);
	start(&w);
	up(&w, p, BGP_ROLE_CUSTOMER, BGP_ROLE_PROVIDER);
	for (int i = 0; i < 5; i++)
		say(&w, p, &r[2 * i + 1], true);
	eor(&w, p);
	work(&w);
	engine_stats(w.engine, &stats);
	ck_assert_uint_eq(stats.routes, 5);
	ck_assert_uint_eq(w.on, w.off);
	teardown(&w);
}
END_TEST

HARNESS_MAIN("evaluate_again")
{
	TEST(test_rpki_delta);
	TEST(test_addpath_many_paths);
	TEST(test_new_configuration);
	TEST(test_reload_while_lost);
	TEST(test_roles_change);
	TEST(test_roles_change_while_working);
}
