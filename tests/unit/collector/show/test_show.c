/* Rows that are shown: of routes what differs from one to the other, of peers every view. */
#include "tests/unit/support/engine_fixture.h"

#include "collector/show/show.h"

#define PATH "40010100 400206 0201 0000fbf5 "
#define CONFEDERATION                                                                              \
	"40010100 400224 0201 0000fbf5 0302 0000fde9 0000fdea 0402 0000fdeb 0000fdec "             \
	"0102 0000fded 0000fdee "
#define EVPN_TYPE_2                                                                                \
	"800e30 0019 46 04 c0000201 00 02 25 0000000000000064 00000000000000000000 00000000 30 "   \
	"020000000001 20 c000024d 002710"
#define ENCAPSULATION(type) "c01008 030c 00000000 00" type
#define SHARED_TYPE_2	    "  l2vpn-evpn 0:100 [2]:[0]:[48]:[02:00:00:00:00:01]:[32]:[192.0.2.77]"

static const struct {
	const char *attrs, *nlri, *prefix, *text,
	    *json; /* the end of the row, a part of the object */
} routes[] = {
	{ PATH "400304 c0000201", "18 140000", "20.0.0.0/24", " 64501  via 192.0.2.1\n",
	    "\"path_id\":0,\"next_hop\":\"192.0.2.1\"" },
	{ PATH "400304 c0000201", "00000007 18 140000", "20.0.0.0/24",
	    " 64501  via 192.0.2.1  path 7\n", "\"path_id\":7,\"next_hop\":\"192.0.2.1\"" },
	{ PATH "800e2a 0002 01 20 20010db8000000000000000000000001 "
	       "fe800000000000000000000000000001 00 20 20010db8",
	    "", "2001:db8::/32", "  via 2001:db8::1 fe80::1\n",
	    "\"next_hop\":\"2001:db8::1 fe80::1\"" },
	{ PATH "800e20 0001 80 0c 0000000000000000 c0000209 00 70 000641 0000fde800000064 140000",
	    "", "20.0.0.0/24", "  via 192.0.2.9  ipv4-vpn 65000:100 20.0.0.0/24 label 100\n",
	    "\"next_hop\":\"192.0.2.9\"" },
	{ CONFEDERATION "400304 c0000201", "18 140000", "20.0.0.0/24",
	    " 64501 (65001 65002) [65003,65004] {65005,65006}  via 192.0.2.1  [path.as-set]\n",
	    "\"as_path\":\"64501 (65001 65002) [65003,65004] {65005,65006}\"" },
	{ PATH "400304 c0000201 c00808 fbf50007 ffffff01", "18 140000", "20.0.0.0/24",
	    " 64501  via 192.0.2.1\n",
	    "\"communities\":[\"64501:7\",\"65535:65281\"],\"communities_text\":\"64501:7 "
	    "no-export\",\"large_communities\":[]" },
	{ PATH "400304 c0000201 c02018 0000fbf5 00000001 00000002 ffffffff 00000000 ffffffff",
	    "18 140000", "20.0.0.0/24", " 64501  via 192.0.2.1\n",
	    "\"communities\":[],\"large_communities\":[\"64501:1:2\","
	    "\"4294967295:0:4294967295\"]" },
	{ PATH "400304 c0000201 800404 00000064 400504 000000c8 c00708 0000fbf5 c0000209 "
	       "800904 c0000203 800a08 c0000204 c0000205 c01008 0002fbf5 00000007",
	    "18 140000", "20.0.0.0/24", " 64501  via 192.0.2.1\n",
	    /* what an external peer may not say is dropped (RFC 7606 7.5, 7.9, 7.10) */
	    "\"origin_code\":\"igp\",\"med\":100,"
	    "\"extended_communities\":\"rt:64501:7\",\"aggregator\":\"AS64501 192.0.2.9\"" },
	{ PATH EVPN_TYPE_2 ENCAPSULATION("08"), "", "192.0.2.77/32", SHARED_TYPE_2 " vni 10000\n",
	    "\"label_fields_are\":\"VNIs\"" },
	{ PATH EVPN_TYPE_2 ENCAPSULATION("0a"), "", "192.0.2.77/32", SHARED_TYPE_2 " label 625\n",
	    "\"label_fields_are\":\"labels\"" },
	{ PATH EVPN_TYPE_2, "", "192.0.2.77/32", SHARED_TYPE_2 " label 625 or vni 10000\n",
	    "\"label_fields_are\":\"labels or VNIs\"" },
};

START_TEST(test_routes)
{
	struct show_query q = { .what = SHOW_ROUTES };
	struct sbuf out = sbuf_of(SHOW_MAX);
	size_t end = strlen(routes[_i].text);
	struct engine_fixture w;

	setup(&w);
	send_update(&w, "", routes[_i].attrs, routes[_i].nlri);
	ck_assert(ip_prefix_parse(routes[_i].prefix, true, &q.prefix));
	show_rows(w.engine, &q, &out);
	ck_assert_uint_gt(out.len, end);
	ck_assert_str_eq(sbuf_text(&out) + out.len - end, routes[_i].text);
	sbuf_clear(&out);
	q.format = PRINTER_JSON;
	show_rows(w.engine, &q, &out);
	ck_assert_msg(strstr(sbuf_text(&out), routes[_i].json) != NULL, "%s", sbuf_text(&out));
	sbuf_free(&out);
	teardown(&w);
}
END_TEST

/* A walk finds the same, whatever the family; by what is not so it finds nothing. */
START_TEST(test_walk)
{
	struct show_query q = { .what = SHOW_ROUTES, .format = PRINTER_JSON }, all, other;
	struct sbuf exact = sbuf_of(SHOW_MAX), out = sbuf_of(SHOW_MAX);
	struct engine_fixture w;

	setup(&w);
	send_update(&w, "", routes[_i].attrs, routes[_i].nlri);
	ck_assert(ip_prefix_parse(routes[_i].prefix, true, &q.prefix));
	show_rows(w.engine, &q, &exact);
	all = q;
	all.walk = true;
	all.wanted.within = q.prefix;
	ck_assert(!show_rows(w.engine, &all, &out));
	ck_assert_str_eq(sbuf_text(&out), sbuf_text(&exact));
	for (unsigned i = 0; i < 5; i++) {
		other = all;
		if (i == 0)
			ck_assert(ip_prefix_parse("198.51.100.0/24", true, &other.wanted.within));
		else if (i == 1)
			snprintf(other.router, sizeof(other.router), "nobody");
		else if (i == 2)
			ck_assert(ip_addr_parse("198.51.100.1", &other.wanted.peer));
		else if (i == 3)
			other.wanted.views = 1U << BMP_VIEW_OUT_POST;
		else
			other.wanted.rules = 1U << RULE_HIJACK_EXACT;
		sbuf_clear(&out);
		ck_assert(!show_rows(w.engine, &other, &out));
		ck_assert_msg(out.len == 0, "%u: %s", i, sbuf_text(&out));
	}
	all.count = true;
	show_rows(w.engine, &all, &out);
	ck_assert_msg(strstr(sbuf_text(&out), "\"routes\":1,") != NULL, "%s", sbuf_text(&out));
	sbuf_free(&exact);
	sbuf_free(&out);
	teardown(&w);
}
END_TEST

/* Every attribute is kept: its value is among the octets, whatever the family. A route of a VPN is
 * explained, and not judged. */
START_TEST(test_explain)
{
	struct show_query q = { .what = SHOW_EXPLAIN, .octets = true };
	struct sbuf out = sbuf_of(SHOW_MAX);
	const char *octets, *text;
	struct engine_fixture w;
	bool vpn;

	setup(&w);
	send_update(&w, "", routes[_i].attrs, routes[_i].nlri);
	ck_assert(ip_prefix_parse(routes[_i].prefix, true, &q.prefix));
	ck_assert(!show_rows(w.engine, &q, &out));
	text = sbuf_text(&out);
	octets = strstr(text, "\"octets\":\"");
	ck_assert_msg(octets != NULL && strchr(text, '\n') == text + out.len - 1, "%s", text);
	/* AS_PATH, whatever its length is written with */
	ck_assert_msg(strstr(octets, "0000fbf5") != NULL, "%s", octets);
	vpn = strstr(text, "\"route\":") != NULL;
	ck_assert_msg(
	    strstr(text, vpn ? "\"judged\":false" : "\"judged\":true") != NULL, "%s", text);
	ck_assert_msg((strstr(text, "\"rov\":") == NULL) == vpn, "%s", text);
	sbuf_free(&out);
	teardown(&w);
}
END_TEST

/* A verb that workers answer has rows of an engine that has a router, a peer and two routes. */
START_TEST(test_every_verb)
{
	struct show_query q = { .what = (uint8_t)_i };
	struct sbuf out = sbuf_of(SHOW_MAX);
	struct engine_fixture w;

	setup(&w);
	send_update(&w, "", PATH "400304 c0000201", "18 140000 19 14000000");
	ck_assert(ip_prefix_parse("20.0.0.0/24", true, &q.prefix));
	q.edits.n = 1;
	q.edits.v[0].vrp = (struct vrp){ .prefix = q.prefix, .max_len = 24, .asn = 1 };
	show_rows(w.engine, &q, &out);
	ck_assert_msg((out.len > 0) == (show_verbs[_i].by_workers && _i != SHOW_STATS &&
					   /* nothing is ours, nor the neighbour's */
					   _i != SHOW_ORIGINATED && _i != SHOW_NEIGHBOR_ORIGINS),
	    "show %s: rows of %zu octets", show_verbs[_i].name, out.len);
	sbuf_free(&out);
	teardown(&w);
}
END_TEST

/* Why a router is down is told in its own words; while it is up, the last time it was. */
START_TEST(test_router_down)
{
	static const uint8_t termination[] = { 3, 0, 0, 0, 19, BMP_TERMINATION, 0, 0, 0, 3, 'b',
		'y', 'e', 0, 1, 0, 2, 0, 3 };
	static const char why[] = "Termination received: redundant connection (bye)";
	struct show_query q = { .what = SHOW_ROUTERS };
	struct sbuf out = sbuf_of(SHOW_MAX);
	struct engine_fixture w;
	char text[256];

	setup(&w);
	ck_assert_ptr_null(engine_session_terminated(w.session, text, sizeof(text)));
	feed(&w, termination, sizeof(termination));
	ck_assert_str_eq(engine_session_terminated(w.session, text, sizeof(text)), why);
	engine_session_close(w.session, text, now);
	show_rows(w.engine, &q, &out);
	ck_assert_msg(strstr(sbuf_text(&out), why) != NULL, "%s", sbuf_text(&out));
	w.session = engine_session_open(w.engine, "192.0.2.254", "r1", now);
	feed(&w, (const uint8_t[]){ 3, 0, 0, 0, 6, BMP_INITIATION }, 6);
	sbuf_clear(&out);
	show_rows(w.engine, &q, &out);
	ck_assert_ptr_null(strstr(sbuf_text(&out), "Termination"));
	sbuf_clear(&out);
	q.format = PRINTER_JSON;
	show_rows(w.engine, &q, &out);
	ck_assert_ptr_nonnull(strstr(sbuf_text(&out), "\"down_reason\":\"Termination received: "));
	sbuf_free(&out);
	teardown(&w);
}
END_TEST

/* The same neighbour in two VRFs: its rows differ, and nothing in them is validated. */
START_TEST(test_vrfs)
{
	static const struct bgp_open_spec open = { .as = 64501, .role = BGP_ROLE_NONE };
	static const struct ip_addr local = { .family = IP_NONE };
	struct show_query q = { .what = SHOW_ROUTES };
	struct sbuf out = sbuf_of(SHOW_MAX);
	struct bmp_peer_spec p = peer;
	uint8_t bgp[512], buf[1024];
	struct engine_fixture w;
	size_t n;

	setup(&w);
	n = update(bgp, sizeof(bgp), "", PATH "400304 c0000201", "18 140000");
	p.type = BMP_PEER_RD;
	for (uint8_t vrf = 1; vrf <= 2; vrf++) {
		p.distinguisher[3] = 100;
		p.distinguisher[7] = vrf;
		feed(&w, buf,
		    bmp_write_peer_up(
			buf, sizeof(buf), &p, &local, &open, &open, vrf == 1 ? "red" : NULL));
		feed(&w, buf, bmp_write_route_monitoring(buf, sizeof(buf), &p, bgp, n));
	}
	ck_assert(ip_prefix_parse("20.0.0.0/24", true, &q.prefix));
	show_rows(w.engine, &q, &out);
	ck_assert_ptr_nonnull(strstr(sbuf_text(&out), " 192.0.2.1 red "));
	ck_assert_ptr_nonnull(strstr(sbuf_text(&out), " 192.0.2.1 100:2 "));
	ck_assert_ptr_null(strstr(sbuf_text(&out), "not-found"));
	sbuf_clear(&out);
	q.format = PRINTER_JSON;
	show_rows(w.engine, &q, &out);
	ck_assert_ptr_nonnull(
	    strstr(sbuf_text(&out), "\"distinguisher\":\"100:1\",\"table\":\"red\","));
	q.what = SHOW_PEERS;
	sbuf_clear(&out);
	show_rows(w.engine, &q, &out);
	ck_assert_ptr_nonnull(strstr(sbuf_text(&out),
	    "\"relation\":\"internal\",\"relation_from\":\"as-number\",\"judged\":false"));
	sbuf_free(&out);
	teardown(&w);
}
END_TEST

/* Column and value stand below each other. */
START_TEST(test_peers)
{
	struct show_query q = { .what = SHOW_PEERS };
	struct sbuf out = sbuf_of(SHOW_MAX);
	struct bmp_peer_spec p = peer;
	struct printer heading;
	uint8_t bgp[512], buf[1024];
	struct engine_fixture w;
	size_t n, line;

	setup(&w);
	n = update(bgp, sizeof(bgp), "", PATH "400304 c0000201", "18 140000 18 140001");
	p.flags = BMP_FLAG_O;
	feed(&w, buf, bmp_write_route_monitoring(buf, sizeof(buf), &p, bgp, n));
	printer_init(&heading, &out, PRINTER_TEXT);
	printer_heading(&heading, show_verbs[SHOW_PEERS].columns);
	line = out.len;
	show_rows(w.engine, &q, &out);
	n = (size_t)(strstr(sbuf_text(&out), "OUT-PRE") - sbuf_text(&out)) + strlen("OUT-PRE");
	ck_assert_int_eq(strncmp(sbuf_text(&out) + line + n - 2, " 2 ", 3), 0);
	sbuf_free(&out);
	teardown(&w);
}
END_TEST

/* The last value of each counter, by name, however often they are reported. */
START_TEST(test_statistics)
{
	static const struct bmp_stat_spec first[] = { { .type = 7, .value = 1000 },
		{ .type = 9,
		    .value = 900,
		    .per_family = true,
		    .family = { AFI_IPV4, SAFI_UNICAST } },
		{ .type = 9,
		    .value = 100,
		    .per_family = true,
		    .family = { AFI_IPV6, SAFI_UNICAST } } },
					  then[] = { { .type = 7, .value = 1001 },
						  { .type = 65531, .value = 3, .len = 4 } };
	struct show_query q = { .what = SHOW_PEERS, .format = PRINTER_JSON };
	struct sbuf out = sbuf_of(SHOW_MAX);
	uint8_t buf[1024];
	struct engine_fixture w;

	setup(&w);
	show_rows(w.engine, &q, &out);
	ck_assert_ptr_null(strstr(sbuf_text(&out), "statistics"));
	feed(&w, buf, bmp_write_statistics(buf, sizeof(buf), &peer, first, 3));
	feed(&w, buf, bmp_write_statistics(buf, sizeof(buf), &peer, then, 2));
	sbuf_clear(&out);
	show_rows(w.engine, &q, &out);
	ck_assert_msg(
	    strstr(sbuf_text(&out),
		"\"statistics\":[{\"type\":7,\"name\":\"routes in Adj-RIBs-In\",\"value\":1001},"
		"{\"type\":9,\"name\":\"routes in Adj-RIB-In per "
		"family\",\"family\":\"ipv4-unicast\","
		"\"value\":900},"
		"{\"type\":9,\"name\":\"routes in Adj-RIB-In per "
		"family\",\"family\":\"ipv6-unicast\","
		"\"value\":100},{\"type\":65531,\"value\":3}]") != NULL,
	    "%s", sbuf_text(&out));
	sbuf_free(&out);
	teardown(&w);
}
END_TEST

/* --- pieces */

enum { ROUTERS = 120, PEERS = 9 };

/* A router with so many peers, each of which has the route. */
static struct engine_session *
router_with_peers(struct engine_fixture *w, unsigned number, unsigned peers)
{
	static const struct bgp_open_spec sent = { .as = 64500, .role = BGP_ROLE_NONE },
					  received = { .as = 64501, .role = BGP_ROLE_NONE };
	static const struct ip_addr local = { .family = IP_NONE };
	struct engine_fixture one = *w;
	struct bmp_peer_spec p = peer;
	uint8_t bgp[512], buf[1024];
	char name[32];
	size_t n;

	snprintf(name, sizeof(name), "router%u", number);
	one.session = engine_session_open(w->engine, "192.0.2.253", NULL, now);
	feed(&one, buf, bmp_write_initiation(buf, sizeof(buf), name, "test"));
	n = update(bgp, sizeof(bgp), "", PATH "400304 c0000201", "18 140000");
	for (unsigned i = 0; i < peers; i++) {
		p.address.b[3] = (uint8_t)(10 + i);
		feed(&one, buf,
		    bmp_write_peer_up(buf, sizeof(buf), &p, &local, &sent, &received, NULL));
		feed(&one, buf, bmp_write_route_monitoring(buf, sizeof(buf), &p, bgp, n));
	}
	return one.session;
}

/* A long answer comes in pieces of whole rows, each row once; what comes and goes meanwhile harms
 * nobody else's. */
START_TEST(test_pieces)
{
	static const struct {
		uint8_t what;
		unsigned rows; /* of each router */
	} verbs[] = { { SHOW_ROUTERS, 1 }, { SHOW_PEERS, PEERS }, { SHOW_ROUTES, PEERS } };
	struct show_query q = { .what = verbs[_i].what, .format = PRINTER_JSON };
	struct sbuf all = sbuf_of(SHOW_MAX), piece = sbuf_of(SHOW_MAX);
	struct engine_session *session[ROUTERS], *late = NULL;
	struct engine_fixture w;
	unsigned pieces = 0;
	bool more = true;
	char row[128];

	setup(&w);
	ck_assert(ip_prefix_parse("20.0.0.0/24", true, &q.prefix));
	for (unsigned r = 0; r < ROUTERS; r++)
		session[r] = router_with_peers(&w, r, r == 5 ? 0 : PEERS - 1);
	while (more) {
		more = show_rows(w.engine, &q, &piece);
		ck_assert(piece.len == 0 || piece.data[piece.len - 1] == '\n');
		ck_assert_uint_lt(piece.len, SHOW_PIECE + 16384);
		sbuf_add(&all, sbuf_text(&piece), piece.len);
		sbuf_clear(&piece);
		if (++pieces > 1)
			continue;
		/* a peer more of each, a router more */
		for (unsigned r = 0; r < ROUTERS; r++) {
			engine_session_close(session[r], "again", now);
			session[r] = router_with_peers(&w, r, r == 5 ? 0 : PEERS);
		}
		late = router_with_peers(&w, ROUTERS, PEERS);
	}
	ck_assert_uint_gt(pieces, 1);
	ck_assert_uint_eq(q.at.router, 0);
	for (unsigned r = 0; r <= ROUTERS; r++) {
		for (unsigned p = 0; p < verbs[_i].rows; p++) {
			const char *at;

			snprintf(row, sizeof(row), "\"router\":\"router%u\",\"%s", r,
			    verbs[_i].rows > 1 ? "peer\":\"192.0.2." : "state");
			if (verbs[_i].rows > 1)
				snprintf(row + strlen(row), 8, "%u\"", 10 + p);
			at = strstr(sbuf_text(&all), row);
			/* the newcomer may be met or not */
			if (verbs[_i].rows > 1 && (r == 5 || p == PEERS - 1))
				continue;
			require(at != NULL, "no row %s", row);
			require(strstr(at + 1, row) == NULL, "two rows %s", row);
		}
	}
	for (unsigned r = 0; r < ROUTERS; r++)
		engine_session_close(session[r], "end", now);
	engine_session_close(late, "end", now);
	sbuf_free(&all);
	sbuf_free(&piece);
	teardown(&w);
}
END_TEST

HARNESS_MAIN("show")
{
	ROWS(test_routes, routes);
	ROWS(test_walk, routes);
	ROWS(test_explain, routes);
	LOOP(test_every_verb, SHOW_VERBS);
	TEST(test_router_down);
	TEST(test_peers);
	TEST(test_vrfs);
	TEST(test_statistics);
	LOOP(test_pieces, 3);
}
