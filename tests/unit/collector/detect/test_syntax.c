/* Rules on what a route says by itself: bogons, sets, lengths, communities. */
#include "tests/unit/support/harness.h"

#include "base/pure/writer.h"
#include "collector/detect/detect.h"
#include "parsers/bgp/update.h"

enum { US = 3320, PROVIDER = 1299, PEER = 6939, CUSTOMER = 8881, SERVER = 6695, STRANGER = 47598 };

enum {
	BLACKHOLE = 1 << RULE_BLACKHOLE,
	PREFIX = 1 << RULE_BOGON_PREFIX,
	NO_EXPORT = 1 << RULE_NO_EXPORT,
	FIRST_AS = 1 << RULE_FIRST_AS,
	SPECIFIC = 1 << RULE_TOO_SPECIFIC,
	BOGON_ASN = 1 << RULE_BOGON_ASN,
	SET = 1 << RULE_AS_SET,
	LONG = 1 << RULE_LONG_PATH,
	OURS = BLACKHOLE | PREFIX | NO_EXPORT | FIRST_AS | SPECIFIC | BOGON_ASN | SET | LONG,
};
enum {
	PRE = BMP_VIEW_IN_PRE,
	POST = BMP_VIEW_IN_POST,
	LOC = BMP_VIEW_LOC_RIB,
	OUT_PRE = BMP_VIEW_OUT_PRE,
	OUT = BMP_VIEW_OUT_POST
};

static const uint32_t own_as[] = { US, 64999 }, lab_as[] = { 64500 }, origins[] = { US, 8888 },
		      allowed_as[] = { 65100 }, group[] = { 3549, 3356 };
static const struct detect_siblings siblings[] = { { group, 2 } };

static struct detect *
made(bool lab)
{
	static const struct detect_neighbor neighbors[] = {
		{ .has_asn = true, .asn = CUSTOMER, .relation = NEIGHBOR_CUSTOMER },
		{ .has_asn = true, .asn = 65030, .relation = NEIGHBOR_CUSTOMER },
	};
	struct detect_own own = { .origins = origins, .origins_n = 2 };
	struct ip_prefix allowed;
	struct detect_config c = { .own_asns = lab ? lab_as : own_as,
		.own_asns_n = lab ? 1 : 2,
		.neighbors = neighbors,
		.neighbors_n = 2,
		.siblings = siblings,
		.siblings_n = 1,
		.bogons_allowed = &allowed,
		.bogons_allowed_n = 1,
		.bogon_asns_allowed = allowed_as,
		.bogon_asns_allowed_n = 1,
		.own = &own,
		.own_n = 1 };

	ck_assert(ip_prefix_parse("10.64.0.0/10", true, &allowed));
	ck_assert(ip_prefix_parse("80.1.0.0/16", true, &own.prefix));
	return detect_new(&c, 1);
}

/* "1299 47598", "1299 {1,2}", "(65001) 1299"; "47598*60" is sixty of it, and "+60" counts up. */
static struct cursor
path_of(const char *text, uint8_t *buf, size_t size)
{
	struct writer w = wr_of(buf, size);
	size_t count_at = 0;
	uint8_t type = 0;

	for (; *text != '\0'; text++) {
		uint8_t wanted = *text == '(' ? AS_CONFED_SEQUENCE : *text == '{' ? AS_SET : 0;
		bool digit = *text >= '0' && *text <= '9';

		if (*text == ')' || *text == '}')
			type = 0;
		if (wanted != 0 || (digit && (type == 0 || buf[count_at] == 255))) {
			type = wanted != 0 ? wanted : AS_SEQUENCE;
			wr_u8(&w, type);
			count_at = wr_here(&w);
			wr_u8(&w, 0);
		}
		if (digit) {
			char *end;
			uint32_t asn = (uint32_t)strtoul(text, &end, 10);
			unsigned n = *end == '*' || *end == '+' ? (unsigned)atoi(end + 1) : 1;

			for (unsigned i = 0; i < n; i++) {
				wr_u32(&w, *end == '+' ? asn + i : asn);
				buf[count_at]++;
			}
			text = end - 1;
			while (n > 1 && text[1] != '\0' && text[1] != ' ')
				text++;
		}
	}
	return cur_of(buf, wr_len(&w));
}

enum { DROP = 1, ENTITLED = 2, KEEP = 4, LOCAL = 8, BAD_ASN = 16 };

struct row {
	const char *what, *prefix, *path;
	unsigned view, relation, remote, flags, rules;
};

#define FROM_PROVIDER(view) view, NEIGHBOR_PROVIDER, PROVIDER
#define FROM_CUSTOMER(view) view, NEIGHBOR_CUSTOMER, CUSTOMER
#define TO_PEER		    OUT, NEIGHBOR_PEER, PEER
#define IN_USE		    LOC, NEIGHBOR_UNKNOWN, US

static const struct row rows[] = {
	{ "an everyday route", "20.0.0.0/16", "1299 47598", FROM_PROVIDER(PRE), 0, 0 },
	{ "in use", "20.0.0.0/16", "1299 47598", IN_USE, 0, 0 },
	{ "sent on", "20.0.0.0/16", "3320 1299 47598", TO_PEER, 0, 0 },
	{ "the default route", "0.0.0.0/0", "1299", FROM_PROVIDER(PRE), 0, 0 },
	{ "of IPv6", "::/0", "1299", FROM_PROVIDER(PRE), 0, 0 },
	/* bogon prefixes */
	{ "IPv4 written as IPv6", "5bce:6e00::/23", "1299 47598", FROM_PROVIDER(PRE), 0, PREFIX },
	{ "behind the import policy", "5bce:6e00::/23", "1299 47598", FROM_PROVIDER(POST), 0,
	    PREFIX },
	{ "in use", "5bce:6e00::/23", "1299 47598", IN_USE, 0, PREFIX },
	{ "before the export policy", "5bce:6e00::/23", "3320 1299 47598", OUT_PRE, NEIGHBOR_PEER,
	    PEER, 0, 0 },
	{ "sent on", "5bce:6e00::/23", "3320 1299 47598", TO_PEER, 0, PREFIX },
	{ "to a collector", "5bce:6e00::/23", "3320 1299 47598", OUT, NEIGHBOR_COLLECTOR, 12654, 0,
	    0 },
	{ "private, from a provider", "10.0.0.0/8", "1299", FROM_PROVIDER(PRE), 0, PREFIX },
	{ "private, from a customer", "192.168.0.0/16", "8881", FROM_CUSTOMER(PRE), 0, PREFIX },
	{ "private, of ours", "10.1.0.0/16", "", IN_USE, LOCAL, 0 },
	{ "private, by iBGP", "10.1.0.0/16", "", PRE, NEIGHBOR_INTERNAL, US, LOCAL, 0 },
	{ "private, of a customer, by iBGP", "10.1.0.0/16", "8881", PRE, NEIGHBOR_INTERNAL, US, 0,
	    0 },
	{ "private, to our reflector", "10.1.0.0/16", "", OUT, NEIGHBOR_INTERNAL, US, LOCAL, 0 },
	{ "private, of ours, to a peer", "10.1.0.0/16", "3320", TO_PEER, 0, PREFIX },
	{ "private, of a site of ours", "10.1.0.0/16", "65010", PRE, NEIGHBOR_UNKNOWN, 65010, 0,
	    0 },
	{ "in use", "10.1.0.0/16", "65010", IN_USE, 0, 0 },
	{ "private, to a site of ours", "10.2.0.0/16", "3320", OUT, NEIGHBOR_UNKNOWN, 65010, 0, 0 },
	{ "private, of a customer with a private AS", "10.1.0.0/16", "65030", PRE,
	    NEIGHBOR_CUSTOMER, 65030, 0, PREFIX },
	{ "in use", "10.1.0.0/16", "65030", IN_USE, 0, PREFIX },
	{ "allowed by the configuration", "10.127.0.0/16", "8881", FROM_CUSTOMER(PRE), 0, 0 },
	{ "documentation, in earnest", "203.0.113.0/24", "1299 47598", FROM_PROVIDER(PRE), 0,
	    PREFIX },
	/* bogon AS numbers */
	{ "AS_TRANS", "20.0.0.0/16", "1299 23456", FROM_PROVIDER(PRE), 0, BOGON_ASN },
	{ "in use", "20.0.0.0/16", "1299 23456", IN_USE, 0, BOGON_ASN },
	{ "sent on", "20.0.0.0/16", "3320 1299 23456", TO_PEER, 0, BOGON_ASN },
	{ "by iBGP", "20.0.0.0/16", "1299 23456", PRE, NEIGHBOR_INTERNAL, US, 0, 0 },
	{ "documentation, in earnest", "20.0.0.0/16", "1299 64496 47598", FROM_PROVIDER(PRE), 0,
	    BOGON_ASN },
	{ "private, in the midst", "20.0.0.0/16", "1299 65001 47598", FROM_PROVIDER(PRE), 0,
	    BOGON_ASN },
	{ "not handed out", "20.0.0.0/16", "1299 100000", FROM_PROVIDER(PRE), 0, BOGON_ASN },
	{ "in a set", "20.0.0.0/16", "1299 {65001,47598}", FROM_PROVIDER(PRE), 0, BOGON_ASN | SET },
	{ "private, of a neighbour", "20.0.0.0/16", "65010 65010", PRE, NEIGHBOR_UNKNOWN, 65010, 0,
	    0 },
	{ "in use", "20.0.0.0/16", "65010", IN_USE, 0, 0 },
	{ "private, behind one", "20.0.0.0/16", "65010 65020", PRE, NEIGHBOR_PEER, 65010, 0, 0 },
	{ "in use", "20.0.0.0/16", "65010 65020", IN_USE, 0, 0 },
	{ "sent on to another", "20.0.0.0/16", "3320 65010 65020", OUT, NEIGHBOR_PEER, 65011, 0,
	    0 },
	{ "reserved, behind one", "20.0.0.0/16", "65010 65535", PRE, NEIGHBOR_PEER, 65010, 0,
	    BOGON_ASN },
	{ "not taken out of what is sent on", "20.0.0.0/16", "3320 65010", TO_PEER, 0, BOGON_ASN },
	{ "private, behind a customer", "20.0.0.0/16", "8881 65020", FROM_CUSTOMER(PRE), 0, 0 },
	{ "in use", "20.0.0.0/16", "8881 65020", IN_USE, 0, 0 },
	{ "sent on", "20.0.0.0/16", "3320 8881 65020", TO_PEER, 0, BOGON_ASN },
	{ "reserved, behind a customer", "20.0.0.0/16", "8881 65535", FROM_CUSTOMER(PRE), 0,
	    BOGON_ASN },
	{ "ours", "20.0.0.0/16", "1299 64999 47598", FROM_PROVIDER(PRE), 0, 0 },
	{ "allowed by the configuration", "20.0.0.0/16", "1299 65100", FROM_PROVIDER(PRE), 0, 0 },
	/* sets and lengths */
	{ "a set", "20.0.0.0/16", "1299 {47598,47599}", FROM_PROVIDER(PRE), 0, SET },
	{ "a set in the midst", "20.0.0.0/16", "1299 {47598,47599} 8888", IN_USE, 0, SET },
	{ "fifty steps", "20.0.0.0/16", "1299 200000+49", FROM_PROVIDER(PRE), 0, 0 },
	{ "fifty-one", "20.0.0.0/16", "1299 200000+50", FROM_PROVIDER(PRE), 0, LONG },
	{ "in use", "20.0.0.0/16", "1299 200000+50", IN_USE, 0, LONG },
	{ "prepends of the origin", "20.0.0.0/16", "1299 47598*250", FROM_PROVIDER(PRE), 0, 0 },
	{ "prepends on the way", "20.0.0.0/16", "1299 47598*101 8888", FROM_PROVIDER(PRE), 0,
	    LONG },
	{ "a hundred of all", "20.0.0.0/16", "1299 47598*99 8888", FROM_PROVIDER(PRE), 0, 0 },
	{ "longer than is routed", "20.0.0.0/25", "1299 47598", FROM_PROVIDER(PRE), 0, SPECIFIC },
	{ "IPv6", "2a00:1::/49", "1299 47598", FROM_PROVIDER(POST), 0, SPECIFIC },
	{ "as long as is routed", "2a00:1::/48", "1299 47598", FROM_PROVIDER(PRE), 0, 0 },
	{ "in use", "20.0.0.0/25", "1299 47598", IN_USE, 0, 0 },
	{ "sent on", "20.0.0.0/25", "3320 8881", TO_PEER, 0, SPECIFIC },
	{ "by iBGP", "20.0.0.0/25", "8881", PRE, NEIGHBOR_INTERNAL, US, 0, 0 },
	{ "ours to a peer", "80.1.2.0/30", "3320", TO_PEER, 0, 0 },
	{ "ours from outside", "80.1.2.0/30", "1299 3320", FROM_PROVIDER(PRE), 0, 0 },
	/* the first AS */
	{ "another one first", "20.0.0.0/16", "8888 47598", FROM_PROVIDER(PRE), 0, FIRST_AS },
	{ "behind the policy", "20.0.0.0/16", "8888 47598", FROM_PROVIDER(POST), 0, FIRST_AS },
	{ "of a route server", "20.0.0.0/16", "8888 47598", PRE, NEIGHBOR_RS, SERVER, 0, 0 },
	{ "ours first", "20.0.0.0/16", "3320 1299 47598", FROM_PROVIDER(PRE), 0, 0 },
	{ "a member first", "20.0.0.0/16", "(65001) 8888", PRE, NEIGHBOR_UNKNOWN, 65002, 0, 0 },
	{ "a sibling of it", "20.0.0.0/16", "3356 47598", PRE, NEIGHBOR_UNKNOWN, 3549, 0, 0 },
	{ "a set first", "20.0.0.0/16", "{8888,8889}", FROM_PROVIDER(PRE), 0, SET },
	{ "nobody knows the neighbour", "20.0.0.0/16", "8888 47598", PRE, NEIGHBOR_UNKNOWN, 0, 0,
	    0 },
	{ "from before there were four octets", "20.0.0.0/16", "23456 47598", PRE,
	    NEIGHBOR_PROVIDER, 200100, 0, 0 },
	{ "by iBGP", "20.0.0.0/16", "8888 47598", PRE, NEIGHBOR_INTERNAL, US, 0, 0 },
	/* what was not to leave */
	{ "NO_EXPORT of others goes out", "20.0.0.0/16", "3320 1299 47598", TO_PEER, KEEP,
	    NO_EXPORT },
	{ "of ours", "80.1.0.0/16", "3320", TO_PEER, KEEP, 0 },
	{ "to the client of a route server", "20.0.0.0/16", "8881 47598", OUT, NEIGHBOR_RS_CLIENT,
	    8888, KEEP, 0 },
	{ "to our reflector", "20.0.0.0/16", "1299 47598", OUT, NEIGHBOR_INTERNAL, US, KEEP, 0 },
	/* black holes */
	{ "a stranger's, offered", "1.1.1.1/32", "1299 47598", FROM_PROVIDER(PRE), DROP, 0 },
	{ "accepted", "1.1.1.1/32", "1299 47598", FROM_PROVIDER(POST), DROP, BLACKHOLE },
	{ "in use", "1.1.1.1/32", "1299 47598", IN_USE, DROP, BLACKHOLE },
	{ "sent on", "1.1.1.1/32", "3320 1299 47598", TO_PEER, DROP | KEEP, BLACKHOLE },
	{ "to our reflector", "1.1.1.1/32", "1299 47598", OUT, NEIGHBOR_INTERNAL, US, DROP, 0 },
	{ "of whom a VRP names", "1.1.1.1/32", "1299 47598", FROM_PROVIDER(POST), DROP | ENTITLED,
	    0 },
	{ "ours", "80.1.2.3/32", "", IN_USE, DROP | LOCAL, 0 },
	{ "ours, to a provider", "80.1.2.3/32", "3320", FROM_PROVIDER(OUT), DROP | KEEP, 0 },
	{ "of an own prefix, by who may", "80.1.2.3/32", "1299 8888", FROM_PROVIDER(POST), DROP,
	    0 },
	{ "of an own prefix, by a stranger", "80.1.2.3/32", "1299 47598", FROM_PROVIDER(POST), DROP,
	    BLACKHOLE },
	{ "of who is perhaps a customer", "20.0.0.1/32", "8888", POST, NEIGHBOR_UNKNOWN, 8888, DROP,
	    0 },
	{ "by a VRP somebody else's", "20.0.0.1/32", "8888", POST, NEIGHBOR_UNKNOWN, 8888,
	    DROP | BAD_ASN, BLACKHOLE },
	{ "a customer's, of nobody by VRPs", "20.0.0.1/32", "8881", FROM_CUSTOMER(POST), DROP, 0 },
	{ "in use", "20.0.0.1/32", "8881", IN_USE, DROP, 0 },
	{ "to a provider", "20.0.0.1/32", "3320 8881", FROM_PROVIDER(OUT), DROP, 0 },
	{ "a customer's, of somebody else by VRPs", "20.0.0.1/32", "8881", FROM_CUSTOMER(POST),
	    DROP | BAD_ASN, BLACKHOLE },
};

static uint32_t
judged(const struct detect *d, const struct row *r)
{
	const char *last = strrchr(r->path, ' ');
	struct route_facts f = { .view = (uint8_t)r->view,
		.relation = (uint8_t)r->relation,
		.remote_as = r->remote,
		.local_as = US,
		.rov = { r->flags & BAD_ASN ? ROV_INVALID : ROV_NOT_FOUND,
		    r->flags & BAD_ASN ? ROV_REASON_ASN : ROV_REASON_NONE },
		.local_origin = r->flags & LOCAL,
		.blackhole = r->flags & DROP,
		.blackhole_allowed = r->flags & ENTITLED,
		.of_no_customer = strstr(r->path, "1299") != NULL,
		.no_export = r->flags & KEEP,
		.has_origin = strchr(r->path, '}') == NULL };
	struct ip_prefix prefix;
	uint8_t buf[4096];

	ck_assert(ip_prefix_parse(r->prefix, true, &prefix));
	f.prefix = &prefix;
	f.as_path = path_of(r->path, buf, sizeof(buf));
	f.path = detect_path(d, f.as_path);
	f.origin = f.local_origin ? US
				  : (uint32_t)strtoul(last != NULL ? last + 1 : r->path, NULL, 10);
	return detect_route(d, &f) & OURS;
}

START_TEST(rules)
{
	struct detect *d = made(false);

	ck_assert_msg(judged(d, &rows[_i]) == rows[_i].rules, "%s: %s by \"%s\": %x, not %x",
	    rows[_i].what, rows[_i].prefix, rows[_i].path, judged(d, &rows[_i]), rows[_i].rules);
	detect_free(d);
}
END_TEST

/* Where numbers of documentation are at work they are ordinary, and so are private AS numbers. */
static const struct row in_a_lab[] = {
	{ "documentation", "203.0.113.0/24", "64510 64511", PRE, NEIGHBOR_PROVIDER, 64510, 0, 0 },
	{ "part of it", "203.0.113.0/28", "64510 64511", PRE, NEIGHBOR_PROVIDER, 64510, 0, 0 },
	{ "IPv6", "2001:db8::/32", "64510 65551", PRE, NEIGHBOR_PROVIDER, 64510, 0, 0 },
	{ "benchmarks", "198.18.0.0/16", "64510 64511", LOC, NEIGHBOR_UNKNOWN, 64500, 0, 0 },
	{ "a private AS", "203.0.113.0/24", "64510 64666", LOC, NEIGHBOR_UNKNOWN, 64500, 0, 0 },
	{ "one of four octets", "203.0.113.0/24", "64510 4200000001", LOC, NEIGHBOR_UNKNOWN, 64500,
	    0, 0 },
	{ "not handed out", "203.0.113.0/24", "64510 100000", LOC, NEIGHBOR_UNKNOWN, 64500, 0, 0 },
	{ "AS_TRANS", "203.0.113.0/24", "64510 23456", LOC, NEIGHBOR_UNKNOWN, 64500, 0, BOGON_ASN },
	{ "private space", "10.0.0.0/8", "64510", PRE, NEIGHBOR_PROVIDER, 64510, 0, PREFIX },
	{ "part of what is real", "20.0.0.0/28", "64510 64511", PRE, NEIGHBOR_PROVIDER, 64510, 0,
	    SPECIFIC },
};

START_TEST(lab)
{
	struct detect *d = made(true);

	ck_assert_msg(judged(d, &in_a_lab[_i]) == in_a_lab[_i].rules, "%s: %x", in_a_lab[_i].what,
	    judged(d, &in_a_lab[_i]));
	detect_free(d);
}
END_TEST

/* A session with a number of documentation is enough. */
START_TEST(lab_by_its_session)
{
	const struct row row = { "from AS64510", "203.0.113.0/24", "64510 64496", PRE,
		NEIGHBOR_PROVIDER, 64510, 0, 0 };
	struct detect *d = made(false);

	ck_assert_uint_eq(judged(d, &row), 0);
	detect_free(d);
}
END_TEST

START_TEST(which_communities_say_no)
{
	uint8_t v[8] = { 0xff, 0xff, 0x02, 0x9a };

	ck_assert(!detect_is_no_export(cur_of("", 0)));
	ck_assert(!detect_is_no_export(cur_of(v, 4)));
	memcpy(v + 4, "\xff\xff\xff", 3);
	for (unsigned last = 0; last < 256; last++) {
		v[7] = (uint8_t)last;
		ck_assert_int_eq(detect_is_no_export(cur_of(v, sizeof(v))), last >= 1 && last <= 3);
		ck_assert(!detect_is_no_export(cur_of(v, 7)));
	}
}
END_TEST

HARNESS_MAIN("syntax")
{
	ROWS(rules, rows);
	ROWS(lab, in_a_lab);
	TEST(lab_by_its_session);
	TEST(which_communities_say_no);
}
