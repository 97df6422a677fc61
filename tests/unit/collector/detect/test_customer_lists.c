/* Lists of what neighbours may announce, against a naive second judge; and the rule by them. */
#include "tests/unit/support/harness.h"

#include "base/pure/writer.h"
#include "collector/detect/detect.h"
#include "parsers/bgp/update.h"

enum { US = 3320, CUSTOMER = 8881, OTHER = 8888, PROVIDER = 1299, BEHIND = 47598 };
enum { ENTRIES = 24, ASNS = 4, SEEDS = 20, CASES = 20000 };

static struct customer_prefix
entry(const char *text, uint8_t least, uint8_t most)
{
	struct customer_prefix p = { .least = least, .most = most };

	ck_assert(ip_prefix_parse(text, true, &p.prefix));
	return p;
}

/* --- a look-up is what a walk over all entries says */

static struct ip_prefix
random_prefix(uint64_t *rng, bool host)
{
	uint8_t b[16] = { 0 }, family = rnd(rng) % 2 ? IP_V4 : IP_V6;
	unsigned len = 8 + rnd(rng) % (host ? 24 : 10);
	struct ip_prefix p;

	b[0] = (uint8_t)(20 + rnd(rng) % 2);
	b[1] = (uint8_t)(rnd(rng) % 4 << 6);
	b[2] = (uint8_t)rnd(rng);
	ck_assert(ip_prefix_make(&p, family, b, len));
	return p;
}

static enum customer_says
naive(const struct customer_entries *e, const struct customer_route *r)
{
	bool family = false, prefix = false, origin = false;

	for (size_t i = 0; i < e->prefixes_n; i++) {
		const struct customer_prefix *p = &e->prefixes[i];

		family |= p->prefix.family == r->prefix->family;
		prefix |= ip_prefix_covers(&p->prefix, r->prefix) && r->prefix->len >= p->least &&
			  r->prefix->len <= p->most;
	}
	for (size_t i = 0; i < e->asns_n; i++)
		origin |= e->asns[i] == r->origin;
	if (family && !prefix)
		return CUSTOMER_PREFIX;
	if (e->asns_n > 0 && r->has_origin && !origin)
		return CUSTOMER_ORIGIN;
	return family || (e->asns_n > 0 && r->has_origin) ? CUSTOMER_LISTED : CUSTOMER_NO_LIST;
}

START_TEST(every_list_every_route)
{
	uint64_t rng = seed_of(_i);
	unsigned seen[CUSTOMER_ORIGIN + 1] = { 0 };

	for (unsigned c = 0; c < CASES / SEEDS / 100; c++) {
		struct customer_prefix prefixes[ENTRIES];
		uint32_t asns[ASNS];
		struct customer_entries e = { prefixes, asns, rnd(&rng) % ENTRIES,
			rnd(&rng) % ASNS };
		struct customer_part parts[2] = { { OTHER, &e, true }, { CUSTOMER, &e, false } };
		struct customer_lists *lists;

		for (size_t i = 0; i < e.prefixes_n; i++) {
			struct ip_prefix p = random_prefix(&rng, false);
			uint8_t least = (uint8_t)(p.len + rnd(&rng) % 4);

			prefixes[i] =
			    (struct customer_prefix){ p, least, (uint8_t)(least + rnd(&rng) % 8) };
		}
		for (size_t i = 0; i < e.asns_n; i++)
			asns[i] = 1 + rnd(&rng) % 6;
		ck_assert_ptr_nonnull(lists = customer_lists_new(parts, 2));
		for (unsigned k = 0; k < 100; k++) {
			struct ip_prefix p = random_prefix(&rng, true);
			struct customer_route r = { CUSTOMER, &p, rnd(&rng) % 8 > 0,
				1 + rnd(&rng) % 6, false };
			bool stale = true;
			enum customer_says says = customer_lists_say(lists, &r, &stale);

			ck_assert_int_eq(says, naive(&e, &r));
			ck_assert(!stale);
			seen[says]++;
			r.asn = PROVIDER;
			ck_assert_int_eq(customer_lists_say(lists, &r, &stale), CUSTOMER_NO_LIST);
		}
		customer_lists_unref(lists);
	}
	ck_assert_uint_gt(seen[CUSTOMER_LISTED], 0);
	ck_assert_uint_gt(seen[CUSTOMER_PREFIX], 0);
}
END_TEST

/* --- the rule */

struct row {
	const char *what, *prefix;
	uint32_t path[3];
	unsigned view, relation, remote;
	bool blackhole, before, is;
};

enum {
	PRE = BMP_VIEW_IN_PRE,
	POST = BMP_VIEW_IN_POST,
	LOC = BMP_VIEW_LOC_RIB,
	OUT = BMP_VIEW_OUT_POST
};
#define OF_CUSTOMER(view) view, NEIGHBOR_CUSTOMER, CUSTOMER

/* The list of CUSTOMER: 20.0.0.0/16 up to /24, 21.0.0.0/24 alone, origins CUSTOMER and BEHIND;
 * nothing of IPv6. That of OTHER is old: 20.0.0.0/16. */
static const struct row rows[] = {
	{ "listed", "20.0.1.0/24", { CUSTOMER }, OF_CUSTOMER(PRE), .is = false },
	{ "as it stands", "20.0.0.0/16", { CUSTOMER, BEHIND }, OF_CUSTOMER(POST), .is = false },
	{ "longer than may be", "20.0.1.0/25", { CUSTOMER }, OF_CUSTOMER(PRE), .is = true },
	{ "shorter", "20.0.0.0/15", { CUSTOMER }, OF_CUSTOMER(PRE), .is = true },
	{ "part of what stands alone", "21.0.0.0/25", { CUSTOMER }, OF_CUSTOMER(PRE), .is = true },
	{ "nowhere", "22.0.0.0/24", { CUSTOMER }, OF_CUSTOMER(PRE), .is = true },
	{ "accepted", "22.0.0.0/24", { CUSTOMER }, OF_CUSTOMER(POST), .is = true },
	{ "in use", "22.0.0.0/24", { CUSTOMER }, LOC, NEIGHBOR_UNKNOWN, US, .is = true },
	{ "sent on", "22.0.0.0/24", { US, CUSTOMER }, OUT, NEIGHBOR_PEER, 6939, .is = true },
	{ "sent back", "22.0.0.0/24", { US, CUSTOMER }, OUT, NEIGHBOR_CUSTOMER, CUSTOMER,
	    .is = false },
	{ "inside of our network", "22.0.0.0/24", { CUSTOMER }, PRE, NEIGHBOR_INTERNAL, US,
	    .is = false },
	{ "by whom it may not be", "20.0.1.0/24", { CUSTOMER, 7 }, OF_CUSTOMER(PRE), .is = true },
	{ "of IPv6 origins are listed only", "2a00::/32", { CUSTOMER, BEHIND }, OF_CUSTOMER(PRE),
	    .is = false },
	{ "and are not", "2a00::/32", { CUSTOMER, 7 }, OF_CUSTOMER(PRE), .is = true },
	{ "to be dropped, within it", "20.0.1.7/32", { CUSTOMER }, OF_CUSTOMER(PRE),
	    .blackhole = true, .is = false },
	{ "to be dropped, somebody else's", "22.0.0.7/32", { CUSTOMER }, OF_CUSTOMER(PRE),
	    .blackhole = true, .is = true },
	{ "somebody else behind it", "22.0.0.0/24", { PROVIDER, CUSTOMER }, PRE, NEIGHBOR_PROVIDER,
	    PROVIDER, .is = false },
	{ "an old list says nothing new", "22.0.0.0/24", { OTHER }, PRE, NEIGHBOR_PEER, OTHER,
	    .is = false },
	{ "and what it said stays", "22.0.0.0/24", { OTHER }, PRE, NEIGHBOR_PEER, OTHER,
	    .before = true, .is = true },
	{ "until it is another", "20.0.0.0/16", { OTHER }, PRE, NEIGHBOR_PEER, OTHER,
	    .before = true, .is = false },
};

static struct detect *
made(void)
{
	static const uint32_t own[] = { US };
	struct customer_prefix v[] = { entry("21.0.0.0/24", 24, 24), entry("20.0.0.0/16", 16, 24) },
			       old[] = { entry("20.0.0.0/16", 16, 16) };
	uint32_t asns[] = { BEHIND, CUSTOMER };
	struct customer_entries first = { v, NULL, 1, 0 }, rest = { v + 1, asns, 1, 2 },
				others = { old, NULL, 1, 0 };
	struct customer_part parts[] = { { CUSTOMER, &first, false }, { OTHER, &others, true },
		{ CUSTOMER, &rest, false } };
	struct detect_config c = {
		.own_asns = own, .own_asns_n = 1, .lists = customer_lists_new(parts, 3)
	};
	struct detect *d = detect_new(&c, 1);

	customer_lists_unref(c.lists);
	return d;
}

START_TEST(rules)
{
	const struct row *r = &rows[_i];
	struct detect *d = made();
	struct detect_why why[DETECT_WHY_MAX];
	uint8_t buf[64];
	struct writer w = wr_of(buf, sizeof(buf));
	struct ip_prefix prefix;
	struct route_facts f = { .prefix = &prefix,
		.view = (uint8_t)r->view,
		.relation = (uint8_t)r->relation,
		.remote_as = r->remote,
		.local_as = US,
		.blackhole = r->blackhole,
		.blackhole_allowed = true,
		.has_origin = true,
		.rules_before = r->before ? 1U << RULE_UNLISTED : 0 };
	unsigned n = 0, said = 0;
	bool is;

	while (n < 3 && r->path[n] != 0)
		n++;
	wr_u8(&w, AS_SEQUENCE);
	wr_u8(&w, (uint8_t)n);
	for (unsigned i = 0; i < n; i++)
		wr_u32(&w, r->path[i]);
	f.origin = r->path[n - 1];
	f.as_path = cur_of(buf, wr_len(&w));
	ck_assert(ip_prefix_parse(r->prefix, true, &prefix));
	is = detect_route(d, &f) >> RULE_UNLISTED & 1;
	ck_assert_msg(is == r->is, "%s", r->what);
	/* a person asks why not */
	n = detect_why_not(d, &f, f.as_path, is ? 1U << RULE_UNLISTED : 0, why);
	for (unsigned i = 0; i < n; i++)
		said += why[i].rule == RULE_UNLISTED;
	ck_assert_uint_eq(
	    said, strcmp(r->what, "listed") == 0 || strcmp(r->what, "as it stands") == 0 ||
			  strstr(r->what, "only") != NULL || strstr(r->what, "within") != NULL ||
			  strstr(r->what, "another") != NULL
		      ? 1
		      : 0);
	detect_free(d);
}
END_TEST

HARNESS_MAIN("customer_lists")
{
	LOOP(every_list_every_route, SEEDS);
	ROWS(rules, rows);
}
