/* What kind of session a peer is, and whose a route is: what the rules are asked of, and what can
 * be seen of it. */
#include "tests/unit/support/harness.h"

#include "collector/engine/engine.h"
#include "parsers/bgp/message.h"
#include "parsers/bmp/write.h"

static const int64_t now = 1700000000LL * 1000000;
static const uint32_t own_as[] = { 64500 }, members[] = { 65001, 65002 };

struct fixture {
	struct engine *engine;
	struct detect *detect;
	struct engine_session *session;
	struct vrp_set *vrps;
	unsigned on, off, on_of[RULES];
	struct finding last;
	struct engine_event event; /* the last of a peer */
};

static void
on_finding(void *ctx, const struct finding *f)
{
	struct fixture *w = ctx;

	w->on += f->rules != 0;
	w->off += f->rules == 0;
	for (unsigned r = 0; r < RULES; r++)
		w->on_of[r] += f->rules >> r & 1;
	w->last = *f;
}

static void
on_event(void *ctx, const struct engine_event *ev)
{
	struct fixture *w = ctx;

	if (ev->type == EVENT_PEER_UP || ev->type == EVENT_PEER_DOWN)
		w->event = *ev;
}

static const struct engine_ops ops = { on_finding, on_event };

/* 203.0.113.0/24 is ours, and has a ROA of 64500 of that length. */
static struct detect *
rules(const char *vrf, bool confederation, uint16_t generation)
{
	struct detect_own own[2] = { { .origins = NULL }, { .origins = NULL } };
	const char *const vrfs[] = { vrf };
	struct detect_config c = { .own_asns = own_as,
		.own_asns_n = 1,
		.confederation = members,
		.confederation_n = confederation ? 2 : 0,
		.vrfs = vrfs,
		.vrfs_n = vrf != NULL,
		.own = own,
		.own_n = 2 };

	ip_prefix_parse("203.0.113.0/24", true, &own[0].prefix);
	ip_prefix_parse("2001:db8::/32", true, &own[1].prefix);
	return detect_new(&c, generation);
}

static void
add_vrp(struct fixture *w)
{
	struct vrp v = { .max_len = 24, .asn = 64500 };
	struct vrp_list l = { 0 };
	struct vrp_delta d;

	ip_prefix_parse("203.0.113.0/24", true, &v.prefix);
	vrp_list_add(&l, &v);
	w->vrps = vrp_set_new(&l, 1);
	ck_assert(vrp_delta_between(NULL, w->vrps, &d));
	engine_set_rpki(w->engine, w->vrps, vrp_cover_new(&d), REASON_RPKI);
	vrp_delta_free(&d);
	vrp_list_free(&l);
}

static void
work(struct fixture *w)
{
	while (engine_work(w->engine, 7, now)) {
	}
}

static void
feed(struct fixture *w, const uint8_t *buf, size_t n)
{
	ck_assert_uint_gt(n, 0);
	ck_assert_uint_eq(engine_session_feed(w->session, buf, n, now), n);
}

static void
setup(struct fixture *w, struct detect *d)
{
	struct engine_config config = { .rib = rib_limits_default(10000),
		.message_max = 1 << 20,
		.peers_per_router = 100,
		.stale_s = 300,
		.settle_s = 120,
		.seed = 1 };
	uint8_t buf[256];

	memset(w, 0, sizeof(*w));
	w->detect = d;
	w->engine = engine_new(&config, d, &ops, w);
	add_vrp(w);
	work(w);
	w->session = engine_session_open(w->engine, "192.0.2.254", NULL, now);
	feed(w, buf, bmp_write_initiation(buf, sizeof(buf), "r1", "test"));
}

static void
teardown(struct fixture *w)
{
	engine_session_close(w->session, "end", now);
	engine_free(w->engine);
	vrp_set_unref(w->vrps);
	detect_free(w->detect);
}

/* --- what a router says */

enum { PRE = 0, POST = BMP_FLAG_L, OUT_PRE = BMP_FLAG_O, OUT = BMP_FLAG_O | BMP_FLAG_L };

static struct bmp_peer_spec
neighbor(uint32_t as, uint8_t flags)
{
	struct bmp_peer_spec p = { .flags = flags,
		.as = as,
		.address = { IP_V4, { 192, 0, 2, (uint8_t)as } },
		.sec = 1700000000 };

	return p;
}

static struct bmp_peer_spec
loc_rib(uint32_t as)
{
	struct bmp_peer_spec p = {
		.type = BMP_PEER_LOC_RIB, .as = as, .bgp_id = { 1, 1, 1, 1 }, .sec = 1700000000
	};

	return p;
}

/* The same in a VRF: distinguisher 64500:number. */
static struct bmp_peer_spec
in_vrf(struct bmp_peer_spec p, uint8_t number)
{
	static const uint8_t rd[] = { 0, 0, 0xfb, 0xf4, 0, 0, 0 };

	if (p.type == BMP_PEER_GLOBAL)
		p.type = BMP_PEER_RD;
	memcpy(p.distinguisher, rd, sizeof(rd));
	p.distinguisher[7] = number;
	return p;
}

static void
up(struct fixture *w, struct bmp_peer_spec p, uint32_t local_as, const char *table)
{
	static const struct ip_addr local = { .family = IP_NONE };
	struct bgp_open_spec sent = { .as = local_as, .role = BGP_ROLE_NONE },
			     received = { .as = p.as, .role = BGP_ROLE_NONE };
	uint8_t buf[512];

	feed(w, buf, bmp_write_peer_up(buf, sizeof(buf), &p, &local, &sent, &received, table));
}

static void
down(struct fixture *w, struct bmp_peer_spec p)
{
	uint8_t buf[256];

	feed(w, buf, bmp_write_peer_down(buf, sizeof(buf), &p, 3, 0));
}

/* A path of one segment; of none when there are no numbers. */
struct path {
	uint8_t type;
	uint32_t as[6];
};

static const struct path empty = { 0, { 0 } }, ours = { AS_SEQUENCE, { 64510, 64500 } },
			 foreign = { AS_SEQUENCE, { 64510, 64666 } },
			 confederation = { AS_CONFED_SEQUENCE, { 65001, 65002 } },
			 set = { AS_SET, { 64500, 64666 } };

/* Announce, also with the community 65535:666. */
static void
say(struct fixture *w, struct bmp_peer_spec p, const char *prefix, const struct path *path,
    bool drop)
{
	static const uint8_t before[] = { 0x40, 1, 1, 0, 0x40, 3, 4, 192, 0, 2, 1 },
			     community[] = { 0xc0, 8, 4, 0xff, 0xff, 0x02, 0x9a };
	uint8_t bgp[512], buf[1024], n = 0;
	struct writer o = wr_of(bgp, sizeof(bgp));
	size_t at = bgp_write_begin(&o, BGP_UPDATE), attrs;
	struct ip_prefix ip;

	while (path->as[n] != 0)
		n++;
	wr_u16(&o, 0);
	attrs = wr_here(&o);
	wr_u16(&o, 0);
	wr_bytes(&o, before, sizeof(before));
	wr_u8(&o, 0x40);
	wr_u8(&o, ATTR_AS_PATH);
	wr_u8(&o, n > 0 ? (uint8_t)(2 + 4 * n) : 0);
	if (n > 0) {
		wr_u8(&o, path->type);
		wr_u8(&o, n);
	}
	for (unsigned i = 0; i < n; i++)
		wr_u32(&o, path->as[i]);
	if (drop)
		wr_bytes(&o, community, sizeof(community));
	wr_patch_u16(&o, attrs, attrs + 2);
	ck_assert(ip_prefix_parse(prefix, true, &ip));
	wr_u8(&o, ip.len);
	wr_bytes(&o, ip.b, (ip.len + 7u) / 8);
	wr_patch_u16(&o, at, 0);
	feed(w, buf, bmp_write_route_monitoring(buf, sizeof(buf), &p, bgp, wr_len(&o)));
}

static void
end_of_rib(struct fixture *w, struct bmp_peer_spec p, uint16_t afi)
{
	uint8_t bgp[64], buf[256];
	size_t n = bgp_write_end_of_rib(bgp, sizeof(bgp), (struct bgp_family){ afi, SAFI_UNICAST });

	feed(w, buf, bmp_write_route_monitoring(buf, sizeof(buf), &p, bgp, n));
}

struct wanted {
	struct bmp_peer_spec peer;
	struct engine_peer_info info;
	bool found;
};

static bool
find_peer(void *ctx, const char *router, const struct engine_peer_info *info)
{
	struct wanted *x = ctx;

	(void)router;
	x->found =
	    info->key->type == x->peer.type &&
	    memcmp(info->key->distinguisher, x->peer.distinguisher, 8) == 0 &&
	    (x->peer.type == BMP_PEER_LOC_RIB || ip_addr_equal(&info->address, &x->peer.address));
	if (x->found)
		x->info = *info;
	return !x->found;
}

static struct engine_peer_info
info_of(struct fixture *w, struct bmp_peer_spec p)
{
	struct wanted x = { .peer = p };
	struct engine_place at = { 0 };

	engine_peers(w->engine, &at, find_peer, &x);
	ck_assert_msg(x.found, "no such peer");
	return x.info;
}

/* --- whose a route is */

static const struct {
	const char *what;
	bool members_named, loc_rib, sends_up;
	uint8_t flags;
	uint32_t local, remote;
	const struct path *path;
	unsigned rules; /* of 203.0.113.0/24 */
} origins[] = {
	{ "Loc-RIB, the OPEN says it", false, true, true, 0, 64500, 64500, &empty, 0 },
	{ "Loc-RIB, only the header says it", false, true, true, 0, 0, 64500, &empty, 0 },
	{ "Loc-RIB, nobody says it", false, true, true, 0, 0, 0, &empty, 0 },
	{ "Loc-RIB without Peer Up", false, true, false, 0, 0, 64500, &empty, 0 },
	{ "iBGP before its Peer Up", false, false, false, PRE, 0, 64500, &empty, 0 },
	{ "no AS at all", false, false, false, PRE, 0, 0, &empty, 0 },
	{ "to a neighbour, before we add our AS", false, false, true, OUT_PRE, 64500, 64510, &empty,
	    0 },
	{ "to a neighbour, nobody says whose", false, false, false, OUT_PRE, 0, 64510, &empty, 0 },
	{ "by iBGP, between members", false, false, true, PRE, 64500, 64500, &confederation, 0 },
	{ "from the next member", false, false, true, PRE, 65002, 65001, &confederation, 0 },
	{ "from the next member, named", true, false, true, PRE, 65002, 65001, &confederation, 0 },
	{ "from a member, nobody says which", true, false, false, PRE, 0, 0, &confederation, 0 },
	{ "within a member", false, false, true, PRE, 65001, 65001, &empty, 0 },
	{ "within a member, named", true, false, true, PRE, 65001, 65001, &empty, 0 },
	{ "Loc-RIB of a member", true, true, true, 0, 65001, 65001, &empty, 0 },
	{ "segments of a confederation by a stranger", true, false, true, PRE, 64500, 64510,
	    &confederation, 1 << RULE_HIJACK_EXACT | 1 << RULE_ROV_ASN },
	{ "a set", false, false, true, PRE, 64500, 64510, &set,
	    1 << RULE_HIJACK_EXACT | 1 << RULE_ROV_ASN | 1 << RULE_AS_SET },
	{ "a stranger", false, true, true, 0, 64500, 64500, &foreign,
	    1 << RULE_HIJACK_EXACT | 1 << RULE_ROV_ASN },
	{ "somebody else's Loc-RIB", false, true, true, 0, 3356, 3356, &empty,
	    1 << RULE_HIJACK_EXACT | 1 << RULE_ROV_ASN },
};

static bool
keep_validity(void *ctx, const struct engine_route *r)
{
	*(struct rov_result *)ctx = r->rov;
	return true;
}

START_TEST(whose_a_route_is)
{
	struct bmp_peer_spec p = origins[_i].loc_rib ? loc_rib(origins[_i].remote)
						     : neighbor(origins[_i].remote, 0);
	struct engine_place place = { 0 };
	struct rov_result rov = { 0 };
	struct ip_prefix prefix;
	struct fixture w;

	p.address.b[3] = 9; /* also of no AS */
	if (origins[_i].loc_rib)
		p.address = (struct ip_addr){ 0 };
	setup(&w, rules(NULL, origins[_i].members_named, 1));
	if (origins[_i].sends_up)
		up(&w, p, origins[_i].local, NULL);
	p.flags = origins[_i].flags;
	say(&w, p, "203.0.113.0/24", origins[_i].path, false);
	for (unsigned r = 0; r < RULES; r++)
		ck_assert_msg(w.on_of[r] == (origins[_i].rules >> r & 1), "%s: %s",
		    origins[_i].what, rule_info[r].name);
	ip_prefix_parse("203.0.113.0/24", true, &prefix);
	engine_lookup(w.engine, &prefix, &place, keep_validity, &rov);
	ck_assert_int_eq(rov.state == ROV_INVALID, origins[_i].rules != 0);
	teardown(&w);
}
END_TEST

/* GoBGP announces its Loc-RIB without an AS, and names it with the routes. */
START_TEST(the_header_of_a_route_may_say_it_first)
{
	struct bmp_peer_spec p = loc_rib(0);
	struct fixture w;

	setup(&w, rules(NULL, false, 1));
	up(&w, p, 0, NULL);
	say(&w, p, "203.0.113.0/25", &empty, false);
	ck_assert_uint_eq(info_of(&w, p).as, 0);
	p.as = 3356; /* not ours: what was not known is judged now */
	say(&w, p, "198.51.100.0/24", &ours, false);
	work(&w);
	ck_assert_uint_eq(info_of(&w, p).as, 3356);
	ck_assert_uint_eq(w.on_of[RULE_HIJACK_SPECIFIC], 1);
	ck_assert_uint_eq(w.last.origin, 3356);
	teardown(&w);
}
END_TEST

START_TEST(host_routes_to_be_dropped)
{
	struct bmp_peer_spec p = neighbor(64510, OUT);
	struct fixture w;

	setup(&w, rules(NULL, false, 1));
	up(&w, neighbor(64510, 0), 64500, NULL);
	say(&w, p, "203.0.113.7/32", &ours, true);
	ck_assert_uint_eq(w.on, 0);
	say(&w, p, "203.0.113.8/32", &ours, false); /* the ROA has 24 */
	ck_assert_uint_eq(w.on_of[RULE_ROV_LENGTH], 1);
	say(&w, p, "203.0.113.7/32", &foreign, true);
	ck_assert_uint_eq(w.on_of[RULE_HIJACK_SPECIFIC], 1);
	teardown(&w);
}
END_TEST

/* Without a configuration the AS that monitors is ours all the same. */
START_TEST(the_monitored_as_is_ours)
{
	static const struct path own = { AS_SEQUENCE, { 64500 } };
	const struct detect_config none = { 0 };
	struct fixture w;

	setup(&w, detect_new(&none, 1));
	up(&w, neighbor(64510, 0), 64500, NULL);
	say(&w, neighbor(64510, OUT), "203.0.113.0/25", &own, false); /* longer than its ROA */
	ck_assert_uint_eq(w.on_of[RULE_ROV_LENGTH], 1);
	ck_assert(w.last.own_origin);
	say(&w, neighbor(64510, PRE), "203.0.113.128/25", &foreign, false);
	ck_assert(!w.last.own_origin);
	teardown(&w);
}
END_TEST

/* --- what a neighbour is */

START_TEST(neighbors_of_our_own)
{
	struct fixture w;

	setup(&w, rules(NULL, false, 1));
	up(&w, neighbor(64500, 0), 64500, NULL);
	up(&w, neighbor(12654, 0), 64500, NULL);
	up(&w, neighbor(64510, 0), 64500, NULL);
	up(&w, loc_rib(64500), 64500, NULL);
	ck_assert_int_eq(info_of(&w, neighbor(64500, 0)).relation, NEIGHBOR_INTERNAL);
	ck_assert_int_eq(info_of(&w, neighbor(12654, 0)).relation, NEIGHBOR_COLLECTOR);
	ck_assert_int_eq(info_of(&w, neighbor(64510, 0)).relation, NEIGHBOR_UNKNOWN);
	ck_assert_int_eq(info_of(&w, loc_rib(0)).relation, NEIGHBOR_UNKNOWN);
	say(&w, neighbor(64500, OUT), "203.0.113.0/24", &foreign, false);
	say(&w, neighbor(12654, OUT), "203.0.113.0/24", &foreign, false);
	ck_assert_uint_eq(w.on, 0);
	say(&w, neighbor(64510, OUT), "203.0.113.0/24", &foreign, false);
	ck_assert_uint_eq(w.on_of[RULE_HIJACK_EXACT], 1);
	teardown(&w);
}
END_TEST

/* Nobody has named the members: their segments do. */
START_TEST(a_member_that_is_not_named)
{
	static const struct path to_member = { AS_CONFED_SEQUENCE, { 65001 } };
	struct bmp_peer_spec p = neighbor(65002, OUT);
	struct fixture w;

	setup(&w, rules(NULL, false, 1));
	up(&w, neighbor(65002, 0), 65001, NULL);
	say(&w, p, "203.0.113.0/25", &to_member, false); /* ours, longer than its ROA */
	ck_assert_uint_eq(w.on, 0);
	say(&w, p, "203.0.113.128/25", &ours, false);
	ck_assert_uint_eq(w.on_of[RULE_ROV_LENGTH], 1);
	teardown(&w);
}
END_TEST

/* --- VRFs */

/* The same neighbour in two VRFs, and their Loc-RIBs: what is in them is no Internet route. */
START_TEST(vrfs_are_kept_apart_and_not_judged)
{
	struct bmp_peer_spec red = in_vrf(neighbor(64501, 0), 1),
			     blue = in_vrf(neighbor(64501, 0), 2),
			     table = in_vrf(loc_rib(64500), 1);
	struct fixture w;

	setup(&w, rules(NULL, false, 1));
	up(&w, red, 64500, NULL);
	ck_assert_str_eq(w.event.table, "");
	ck_assert_str_eq(w.event.distinguisher, "64500:1");
	up(&w, table, 64500, "red");
	ck_assert_str_eq(w.event.table, "red");
	up(&w, blue, 64500, NULL);
	ck_assert_str_eq(w.event.table, "");
	ck_assert_str_eq(w.event.distinguisher, "64500:2");
	say(&w, red, "203.0.113.0/24", &foreign, false);
	say(&w, blue, "203.0.113.0/24", &foreign, false);
	say(&w, table, "203.0.113.0/24", &foreign, false);
	ck_assert_uint_eq(w.on, 0);
	ck_assert_uint_eq(info_of(&w, red).tables[0].routes, 1);
	ck_assert(!info_of(&w, red).judged);
	/* the Loc-RIB has named the table for all of its peers */
	ck_assert_str_eq(info_of(&w, red).table_name, "red");
	ck_assert_str_eq(info_of(&w, blue).table_name, "");
	down(&w, red);
	ck_assert_str_eq(w.event.table, "red");
	ck_assert_str_eq(w.event.distinguisher, "64500:1");
	/* and keeps its name when it is down */
	down(&w, table);
	ck_assert_str_eq(w.event.table, "red");
	ck_assert_str_eq(info_of(&w, table).table_name, "red");
	ck_assert_uint_eq(info_of(&w, blue).tables[0].routes, 1);
	teardown(&w);
}
END_TEST

/* The Internet in a VRF, by name: what came before the name is judged, too, and no longer when the
 * configuration does not name it any more. */
START_TEST(a_vrf_that_carries_the_internet)
{
	struct bmp_peer_spec p = in_vrf(neighbor(64501, 0), 1);
	struct detect *without = rules(NULL, false, 2), *by_rd = rules("64500:1", false, 3), *first;
	struct fixture w;

	setup(&w, first = rules("internet", false, 1));
	up(&w, p, 64500, NULL);
	say(&w, p, "203.0.113.0/24", &foreign, false);
	work(&w);
	ck_assert_uint_eq(w.on, 0);
	up(&w, in_vrf(loc_rib(64500), 1), 64500, "internet");
	work(&w);
	ck_assert_uint_eq(w.on_of[RULE_HIJACK_EXACT], 1);
	ck_assert(info_of(&w, p).judged);
	engine_set_detect(w.engine, without);
	work(&w);
	ck_assert_uint_eq(w.off, w.on);
	engine_set_detect(w.engine, by_rd);
	work(&w);
	ck_assert_uint_eq(w.on_of[RULE_HIJACK_EXACT], 2);
	w.detect = by_rd;
	teardown(&w);
	detect_free(without);
	detect_free(first);
}
END_TEST

/* A type that says VRF with a distinguisher of zeros says nothing: FRR has such peers. */
START_TEST(a_distinguisher_of_zeros_is_the_global_table)
{
	struct bmp_peer_spec p = neighbor(64510, 0);
	struct fixture w;

	p.type = BMP_PEER_LOCAL;
	setup(&w, rules(NULL, false, 1));
	up(&w, p, 64500, NULL);
	say(&w, p, "203.0.113.0/24", &foreign, false);
	ck_assert_uint_eq(w.on_of[RULE_HIJACK_EXACT], 1);
	ck_assert_str_eq(w.event.distinguisher, "");
	teardown(&w);
}
END_TEST

/* --- labelled unicast */

/* A labelled prefix by AS64510 AS64666; of MP_UNREACH_NLRI when it is withdrawn. */
static void
say_labelled(struct fixture *w, struct bmp_peer_spec p, const char *prefix, bool announce)
{
	static const uint8_t before[] = { 0x40, 1, 1, 0, 0x40, 2, 10, 2, 2, 0, 0, 0xfb, 0xfe, 0, 0,
		0xfc, 0x9a },
			     label[] = { 0, 6, 0x41 }, next_hop[16] = { 192, 0, 2, 1 };
	uint8_t bgp[512], buf[1024], mp[64];
	struct writer o = wr_of(bgp, sizeof(bgp)), m = wr_of(mp, sizeof(mp));
	size_t at = bgp_write_begin(&o, BGP_UPDATE), attrs;
	struct ip_prefix ip;

	ck_assert(ip_prefix_parse(prefix, true, &ip));
	wr_u16(&m, ip.family == IP_V4 ? AFI_IPV4 : AFI_IPV6);
	wr_u8(&m, SAFI_LABELLED);
	if (announce) { /* next hop, and an octet that is reserved */
		wr_u8(&m, ip.family == IP_V4 ? 4 : 16);
		wr_bytes(&m, next_hop, ip.family == IP_V4 ? 4 : 16);
		wr_u8(&m, 0);
	}
	wr_u8(&m, (uint8_t)(24 + ip.len));
	wr_bytes(&m, label, sizeof(label));
	wr_bytes(&m, ip.b, (ip.len + 7u) / 8);
	wr_u16(&o, 0);
	attrs = wr_here(&o);
	wr_u16(&o, 0);
	if (announce)
		wr_bytes(&o, before, sizeof(before));
	wr_u8(&o, 0x80);
	wr_u8(&o, announce ? ATTR_MP_REACH : ATTR_MP_UNREACH);
	wr_u8(&o, (uint8_t)wr_len(&m));
	wr_bytes(&o, mp, wr_len(&m));
	wr_patch_u16(&o, attrs, attrs + 2);
	wr_patch_u16(&o, at, 0);
	feed(w, buf, bmp_write_route_monitoring(buf, sizeof(buf), &p, bgp, wr_len(&o)));
}

/* IPv4 with labels, and IPv6 across a core without it (RFC 4798), are the Internet's prefixes. */
START_TEST(labelled_unicast_is_judged)
{
	struct bmp_peer_spec p = neighbor(64510, PRE);
	struct fixture w;

	setup(&w, rules(NULL, false, 1));
	up(&w, p, 64500, NULL);
	say_labelled(&w, p, "203.0.113.0/24", true);
	ck_assert_uint_eq(w.on_of[RULE_HIJACK_EXACT], 1);
	ck_assert_uint_eq(w.on_of[RULE_ROV_ASN], 1);
	say_labelled(&w, p, "2001:db8:1::/48", true);
	ck_assert_uint_eq(w.on_of[RULE_HIJACK_SPECIFIC], 1);
	say(&w, p, "203.0.113.0/24", &foreign, false); /* the same without a label: another route */
	ck_assert_uint_eq(w.on_of[RULE_HIJACK_EXACT], 2);
	say_labelled(&w, p, "203.0.113.0/24", false);
	say_labelled(&w, p, "2001:db8:1::/48", false);
	ck_assert_uint_eq(w.off, 2);
	down(&w, p);
	work(&w);
	ck_assert_uint_eq(w.off, w.on);
	teardown(&w);
}
END_TEST

/* --- views */

static unsigned
views_of_hijack(struct fixture *w, struct bmp_peer_spec p, const char *prefix)
{
	unsigned before = w->on;

	say(w, p, prefix, &foreign, false);
	ck_assert_uint_gt(w->on, before);
	return w->last.views_monitored;
}

/* Only what this peer shows of this family, and what the router shows of it in Loc-RIB and on its
 * way out, is monitored. */
START_TEST(views_are_of_peer_and_family)
{
	enum {
		V_PRE = 1 << BMP_VIEW_IN_PRE,
		V_POST = 1 << BMP_VIEW_IN_POST,
		V_LOC = 1 << BMP_VIEW_LOC_RIB,
		V_OUT = 1 << BMP_VIEW_OUT_POST
	};
	struct bmp_peer_spec one = neighbor(64510, PRE), other = neighbor(64511, POST);
	struct fixture w;

	setup(&w, rules(NULL, false, 1));
	up(&w, one, 64500, NULL);
	up(&w, neighbor(64511, 0), 64500, NULL);
	up(&w, loc_rib(64500), 64500, NULL);
	ck_assert_uint_eq(views_of_hijack(&w, one, "203.0.113.0/28"), V_PRE);
	end_of_rib(&w, other, AFI_IPV4);
	ck_assert_uint_eq(views_of_hijack(&w, one, "203.0.113.16/28"), V_PRE);
	one.flags = POST;
	end_of_rib(&w, one, AFI_IPV6);
	one.flags = PRE;
	ck_assert_uint_eq(views_of_hijack(&w, one, "203.0.113.32/28"), V_PRE);
	one.flags = POST;
	end_of_rib(&w, one, AFI_IPV4);
	one.flags = PRE;
	ck_assert_uint_eq(views_of_hijack(&w, one, "203.0.113.48/28"), V_PRE | V_POST);
	end_of_rib(&w, in_vrf(loc_rib(64500), 1), AFI_IPV4); /* another table */
	ck_assert_uint_eq(views_of_hijack(&w, one, "203.0.113.64/28"), V_PRE | V_POST);
	say(&w, loc_rib(64500), "192.0.2.0/24", &foreign, false);
	say(&w, neighbor(64511, OUT), "192.0.2.0/24", &foreign, false);
	ck_assert_uint_eq(
	    views_of_hijack(&w, one, "203.0.113.80/28"), V_PRE | V_POST | V_LOC | V_OUT);
	teardown(&w);
}
END_TEST

/* What a former session showed, the present one may not. */
START_TEST(views_are_of_the_present_session)
{
	struct bmp_peer_spec p = neighbor(64510, POST);
	struct fixture w;
	uint8_t buf[256];

	setup(&w, rules(NULL, false, 1));
	up(&w, p, 64500, NULL);
	end_of_rib(&w, p, AFI_IPV4);
	say(&w, p, "192.0.2.0/24", &foreign, false);
	p.flags = PRE;
	ck_assert_uint_eq(
	    views_of_hijack(&w, p, "203.0.113.0/28"), 1 << BMP_VIEW_IN_PRE | 1 << BMP_VIEW_IN_POST);
	engine_session_close(w.session, "lost", now);
	w.session = engine_session_open(w.engine, "192.0.2.254", NULL, now);
	feed(&w, buf, bmp_write_initiation(buf, sizeof(buf), "r1", "test"));
	up(&w, p, 64500, NULL);
	ck_assert_uint_eq(views_of_hijack(&w, p, "203.0.113.16/28"), 1 << BMP_VIEW_IN_PRE);
	p.flags = POST;
	say(&w, p, "192.0.2.0/24", &foreign, false);
	p.flags = PRE;
	ck_assert_uint_eq(views_of_hijack(&w, p, "203.0.113.32/28"),
	    1 << BMP_VIEW_IN_PRE | 1 << BMP_VIEW_IN_POST);
	down(&w, p);
	up(&w, p, 64500, NULL);
	ck_assert_uint_eq(views_of_hijack(&w, p, "203.0.113.0/28"), 1 << BMP_VIEW_IN_PRE);
	teardown(&w);
}
END_TEST

/* Down and up again in one breath: what is taken out behind is not what is there now. */
START_TEST(down_and_up_in_one_breath)
{
	struct bmp_peer_spec p = neighbor(64510, PRE);
	struct fixture w;

	setup(&w, rules(NULL, false, 1));
	up(&w, p, 64500, NULL);
	say(&w, p, "203.0.113.0/24", &foreign, false);
	down(&w, p);
	up(&w, p, 64500, NULL);
	say(&w, p, "203.0.113.0/24", &foreign, false);
	work(&w);
	ck_assert_uint_ne(w.last.rules, 0);
	teardown(&w);
}
END_TEST

HARNESS_MAIN("sessions")
{
	TEST(down_and_up_in_one_breath);
	ROWS(whose_a_route_is, origins);
	TEST(the_header_of_a_route_may_say_it_first);
	TEST(host_routes_to_be_dropped);
	TEST(the_monitored_as_is_ours);
	TEST(neighbors_of_our_own);
	TEST(a_member_that_is_not_named);
	TEST(vrfs_are_kept_apart_and_not_judged);
	TEST(a_vrf_that_carries_the_internet);
	TEST(a_distinguisher_of_zeros_is_the_global_table);
	TEST(labelled_unicast_is_judged);
	TEST(views_are_of_peer_and_family);
	TEST(views_are_of_the_present_session);
}
