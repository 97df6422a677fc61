#include "cli/demo/story.h"

#include <string.h>

#include "base/clock.h"
#include "parsers/bmp/write.h"

enum { MESSAGE = 65536 };
enum {
	US = 64500,
	CUSTOMER = 64501,
	PROVIDER = 64510,
	PEER = 64520,
	HOLDER = 64496,
	HIJACKER = 64666
};

enum who { WHO_CUSTOMER, WHO_PROVIDER, WHO_PEER, WHO_LOC_RIB };

static const struct {
	uint32_t as;
	struct ip_addr address;
	uint8_t our_role, their_role;
} neighbors[] = {
	[WHO_CUSTOMER] = { CUSTOMER, { IP_V4, { 192, 0, 2, 1 } }, BGP_ROLE_PROVIDER,
	    BGP_ROLE_CUSTOMER },
	[WHO_PROVIDER] = { PROVIDER, { IP_V4, { 192, 0, 2, 9 } }, BGP_ROLE_CUSTOMER,
	    BGP_ROLE_PROVIDER },
	[WHO_PEER] = { PEER, { IP_V4, { 192, 0, 2, 17 } }, BGP_ROLE_PEER, BGP_ROLE_PEER },
	[WHO_LOC_RIB] = { US, { .family = IP_NONE }, BGP_ROLE_NONE, BGP_ROLE_NONE },
};

/* The views of a router, as the flags of its per-peer headers. */
enum { PRE = 0, POST = BMP_FLAG_L, OUT = BMP_FLAG_O | BMP_FLAG_L };

static struct bmp_peer_spec
peer(enum who who, uint8_t flags)
{
	struct bmp_peer_spec p = { .type = who == WHO_LOC_RIB ? BMP_PEER_LOC_RIB : BMP_PEER_GLOBAL,
		.flags = who == WHO_LOC_RIB ? 0 : flags,
		.address = neighbors[who].address,
		.as = neighbors[who].as,
		.bgp_id = { 192, 0, 2, 254 } };
	int64_t now = clock_wall_us();

	if (who != WHO_LOC_RIB)
		memcpy(p.bgp_id, neighbors[who].address.b, 4);
	p.sec = (uint32_t)(now / 1000000);
	p.usec = (uint32_t)(now % 1000000);
	return p;
}

static void
add(struct sbuf *out, const uint8_t *message, size_t n)
{
	sbuf_add(out, message, n);
}

static void
peer_up(struct sbuf *out, enum who who)
{
	static const struct bgp_family families[] = { { AFI_IPV4, SAFI_UNICAST },
		{ AFI_IPV6, SAFI_UNICAST } };
	static const struct ip_addr local = { IP_V4, { 192, 0, 2, 254 } };
	struct bgp_open_spec sent = { .as = US,
		.hold_time_s = 90,
		.bgp_id = { 192, 0, 2, 254 },
		.role = neighbors[who].our_role,
		.families = families,
		.families_n = 2 };
	struct bgp_open_spec received = sent;
	struct bmp_peer_spec p = peer(who, 0);
	uint8_t buf[MESSAGE];

	received.as = neighbors[who].as;
	received.role = neighbors[who].their_role;
	add(out, buf,
	    bmp_write_peer_up(buf, sizeof(buf), &p, &local, &sent, &received,
		who == WHO_LOC_RIB ? "global" : NULL));
}

/* One prefix with one path, in one view. path ends with 0. */
static void
route(struct sbuf *out, enum who who, uint8_t flags, const uint8_t prefix[4], uint8_t len,
    const uint32_t *path, uint32_t otc, bool announce)
{
	struct bgp_route_spec r = { .as_path = path,
		.has_otc = otc != 0,
		.otc = otc,
		.next_hop = { IP_V4, { 192, 0, 2, 1 } } };
	struct bgp_prefix_spec x = { .prefix = { .family = IP_V4, .len = len } };
	struct bmp_peer_spec p = peer(who, flags);
	uint8_t bgp[4096], buf[MESSAGE];
	size_t n;

	while (path[r.as_path_n] != 0)
		r.as_path_n++;
	memcpy(x.prefix.b, prefix, 4);
	n = announce ? bgp_write_update(bgp, sizeof(bgp), &r, &x, 1, NULL, 0, false)
		     : bgp_write_update(bgp, sizeof(bgp), &r, NULL, 0, &x, 1, false);
	add(out, buf, bmp_write_route_monitoring(buf, sizeof(buf), &p, bgp, n));
}

static void
end_of_rib(struct sbuf *out, enum who who, uint8_t flags)
{
	static const struct bgp_family v4 = { AFI_IPV4, SAFI_UNICAST };
	struct bmp_peer_spec p = peer(who, flags);
	uint8_t bgp[64], buf[MESSAGE];
	size_t n = bgp_write_end_of_rib(bgp, sizeof(bgp), v4);

	add(out, buf, bmp_write_route_monitoring(buf, sizeof(buf), &p, bgp, n));
}

/* --- steps */

static const uint8_t invalid_prefix[4] = { 198, 51, 100, 0 }, hijacked[4] = { 203, 0, 113, 128 },
		     leaked[4] = { 20, 0, 8, 0 };
static const uint32_t invalid_path[] = { CUSTOMER, 0 }, invalid_out[] = { US, CUSTOMER, 0 };
static const uint32_t hijack_path[] = { PROVIDER, HIJACKER, 0 };
static const uint32_t leak_path[] = { CUSTOMER, PROVIDER, 64999, 0 },
		      leak_out[] = { US, CUSTOMER, PROVIDER, 64999, 0 };

static void
connect_router(struct sbuf *out)
{
	uint8_t buf[MESSAGE];

	add(out, buf,
	    bmp_write_initiation(
		buf, sizeof(buf), "edge1", "demo router, all four views monitored"));
	peer_up(out, WHO_CUSTOMER);
	peer_up(out, WHO_PROVIDER);
	peer_up(out, WHO_PEER);
	peer_up(out, WHO_LOC_RIB);
}

static void
table(struct sbuf *out)
{
	for (uint32_t i = 0; i < DEMO_ROUTES; i++) {
		uint8_t prefix[4] = { 20, (uint8_t)(i >> 8), (uint8_t)i, 0 };
		uint32_t path[] = { PROVIDER, 64700 + i % 90, 131072 + i / 7, 0 };

		route(out, WHO_PROVIDER, PRE, prefix, 24, path, 0, true);
		route(out, WHO_PROVIDER, POST, prefix, 24, path, 0, true);
		route(out, WHO_LOC_RIB, 0, prefix, 24, path, 0, true);
	}
	for (int v = 0; v < 2; v++) {
		end_of_rib(out, WHO_PROVIDER, v == 0 ? PRE : POST);
		end_of_rib(out, WHO_CUSTOMER, v == 0 ? PRE : POST);
		end_of_rib(out, WHO_PEER, v == 0 ? PRE : POST);
	}
	end_of_rib(out, WHO_PEER, OUT);
	end_of_rib(out, WHO_LOC_RIB, 0);
}

static void
invalid_offered(struct sbuf *out)
{
	route(out, WHO_CUSTOMER, PRE, invalid_prefix, 24, invalid_path, 0, true);
}

static void
invalid_accepted(struct sbuf *out)
{
	route(out, WHO_CUSTOMER, POST, invalid_prefix, 24, invalid_path, 0, true);
	route(out, WHO_LOC_RIB, 0, invalid_prefix, 24, invalid_path, 0, true);
	route(out, WHO_PEER, OUT, invalid_prefix, 24, invalid_out, 0, true);
}

static void
invalid_gone(struct sbuf *out)
{
	route(out, WHO_CUSTOMER, PRE, invalid_prefix, 24, invalid_path, 0, false);
	route(out, WHO_CUSTOMER, POST, invalid_prefix, 24, invalid_path, 0, false);
	route(out, WHO_LOC_RIB, 0, invalid_prefix, 24, invalid_path, 0, false);
	route(out, WHO_PEER, OUT, invalid_prefix, 24, invalid_path, 0, false);
}

static void
hijack(struct sbuf *out)
{
	route(out, WHO_PROVIDER, PRE, hijacked, 25, hijack_path, 0, true);
	route(out, WHO_PROVIDER, POST, hijacked, 25, hijack_path, 0, true);
	route(out, WHO_LOC_RIB, 0, hijacked, 25, hijack_path, 0, true);
}

static void
leak(struct sbuf *out)
{
	route(out, WHO_CUSTOMER, PRE, leaked, 24, leak_path, PROVIDER, true);
	route(out, WHO_CUSTOMER, POST, leaked, 24, leak_path, PROVIDER, true);
	route(out, WHO_LOC_RIB, 0, leaked, 24, leak_path, PROVIDER, true);
	route(out, WHO_PEER, OUT, leaked, 24, leak_out, PROVIDER, true);
}

static void
hijack_gone(struct sbuf *out)
{
	route(out, WHO_PROVIDER, PRE, hijacked, 25, hijack_path, 0, false);
	route(out, WHO_PROVIDER, POST, hijacked, 25, hijack_path, 0, false);
	route(out, WHO_LOC_RIB, 0, hijacked, 25, hijack_path, 0, false);
}

static void
leak_gone(struct sbuf *out)
{
	uint32_t path[] = { PROVIDER, 64700 + 8, 131072 + 8 / 7, 0 };

	route(out, WHO_PEER, OUT, leaked, 24, leak_out, 0, false);
	route(out, WHO_LOC_RIB, 0, leaked, 24, path, 0, true);
	route(out, WHO_CUSTOMER, POST, leaked, 24, leak_path, 0, false);
	route(out, WHO_CUSTOMER, PRE, leaked, 24, leak_path, 0, false);
}

const struct demo_step demo_steps[] = {
	{ "A router connects over BMP: a customer, a provider, a peer, and its own table.",
	    connect_router, 1.0, false },
	{ "It sends its table: 4,000 routes in three views.", table, 2.0, false },
	{ "Customer AS64501 originates 198.51.100.0/24. The ROA names AS64496. The import filter "
	  "holds it back.",
	    invalid_offered, 3.0, false },
	{ "Somebody loosens the filter: accepted, used, and passed on to a peer.", invalid_accepted,
	    2.5, false },
	{ "The customer takes it back.", invalid_gone, 2.5, false },
	{ "AS64666 originates half of our own 203.0.113.0/24, and we believe it.", hijack, 2.0,
	    false },
	{ "The customer leaks a route of our provider (only-to-customer is set), and we pass it on "
	  "to a peer.",
	    leak, 3.5, true },
	{ "The hijack ends.", hijack_gone, 2.0, false },
	{ "So does the leak.", leak_gone, 2.5, false },
};
const size_t demo_steps_n = sizeof(demo_steps) / sizeof(demo_steps[0]);

const struct demo_expected demo_expected[] = {
	{ "rov.invalid.asn", "critical" },
	{ "hijack.more-specific", "critical" },
	{ "leak.otc", "critical" },
};
const size_t demo_expected_n = sizeof(demo_expected) / sizeof(demo_expected[0]);

void
demo_config(struct sbuf *out, const char *dir, unsigned port, const char *kafka)
{
	sbuf_printf(out,
	    "collector: demo\n"
	    "listen:\n  - {address: 127.0.0.1, port: %u}\n"
	    "workers: 1\n"
	    "state_dir: %s/state\n"
	    "control: %s/control.sock\n"
	    "http: {listen: []}\n"
	    "own:\n  asns: [64500]\n  prefixes:\n    - {prefix: 203.0.113.0/24}\n"
	    "rpki:\n  files: [\"%s/vrps.json\"]\n"
	    "incidents: {hold_ms: 500}\n",
	    port, dir, dir, dir);
	if (kafka != NULL)
		sbuf_printf(out, "kafka:\n  properties: {bootstrap.servers: \"%s\"}\n", kafka);
}

void
demo_vrps(struct sbuf *out)
{
	sbuf_puts(out, "{\"roas\": [\n"
		       "  {\"asn\": 64496, \"prefix\": \"198.51.100.0/24\", \"maxLength\": 24, "
		       "\"ta\": \"demo\"},\n"
		       "  {\"asn\": 64500, \"prefix\": \"203.0.113.0/24\", \"maxLength\": 25, "
		       "\"ta\": \"demo\"}\n"
		       "]}\n");
}
