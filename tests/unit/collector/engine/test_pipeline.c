/*
 * UPDATEs that arrive together wait for each other; what comes of them must be as if each had come
 * by itself: the same findings in the same order, and the routes of a naive table. Random
 * messages by seed: prefixes twice in one, more of them than an entry has, attributes that are
 * longer than its room, withdrawals beside announcements, End-of-RIB and Peer Down in between.
 */
#include "tests/unit/support/findings_fixture.h"

enum { PREFIXES = 60, SENDERS = 2, MESSAGES = 400, STREAM = 1 << 21, PATHS = 40 };

static const uint32_t sender_as[SENDERS] = { 64501, 64510 };

struct naive {
	uint32_t origin[SENDERS][PREFIXES]; /* 0: no route */
	uint8_t *stream;
	size_t n, at[MESSAGES + 1];
	unsigned messages;
};

static struct bgp_prefix_spec
prefix_of(unsigned n)
{
	struct bgp_prefix_spec x = { .path_id = 0 };
	char text[32];

	snprintf(text, sizeof(text), n == 0 ? "203.0.113.0/24" : "20.0.%u.0/24", n);
	ck_assert(ip_prefix_parse(text, true, &x.prefix));
	return x;
}

static unsigned
prefixes(uint64_t *rng, struct bgp_prefix_spec *x, unsigned *which, unsigned max)
{
	unsigned n = rnd(rng) % 8 == 0 ? rnd(rng) % max : rnd(rng) % 4;

	for (unsigned i = 0; i < n; i++) {
		which[i] = rnd(rng) % PREFIXES;
		x[i] = prefix_of(which[i]);
	}
	return n;
}

static void
put_routes(struct naive *o, uint64_t *rng, unsigned sender)
{
	enum { MAX = 100, LONG = 1500 };
	static uint8_t long_one[LONG] = { 0xd0, 199, (LONG - 4) >> 8, (LONG - 4) & 0xff };
	struct bmp_peer_spec p = peer(sender_as[sender], 0);
	struct bgp_prefix_spec out[MAX], in[MAX];
	unsigned out_at[MAX], in_at[MAX], out_n, in_n;
	uint32_t path[3] = { sender_as[sender], rnd(rng) % 6 == 0 ? 3356 : 65000 + rnd(rng) % PATHS,
		64900 + rnd(rng) % PATHS };
	struct bgp_route_spec spec = { .as_path = path,
		.as_path_n = 3,
		.next_hop = { IP_V4, { 192, 0, 2, 1 } },
		.has_med = rnd(rng) % 4 == 0,
		.med = 7,
		.mp_ipv4 = rnd(rng) % 4 == 0 };
	static uint8_t bgp[8192];
	size_t n;

	if (rnd(rng) % 8 == 0) {
		long_one[LONG - 1] = (uint8_t)rnd(rng);
		spec.extra = long_one;
		spec.extra_len = LONG;
	}
	out_n = prefixes(rng, out, out_at, MAX);
	in_n = prefixes(rng, in, in_at, MAX);
	if (in_n == 0)
		spec.as_path_n = 0;
	if (in_n + out_n == 0)
		return;
	n = bgp_write_update(bgp, sizeof(bgp), &spec, in, in_n, out, out_n, false);
	ck_assert_uint_gt(n, 0);
	o->n += bmp_write_route_monitoring(o->stream + o->n, STREAM - o->n, &p, bgp, n);
	for (unsigned i = 0; i < out_n; i++)
		o->origin[sender][out_at[i]] = 0;
	for (unsigned i = 0; i < in_n; i++)
		o->origin[sender][in_at[i]] = path[2];
}

static void
put_down_and_up(struct naive *o, unsigned sender)
{
	static const struct ip_addr local = { .family = IP_NONE };
	struct bmp_peer_spec p = peer(sender_as[sender], 0);
	uint8_t down[49] = { 3, 0, 0, 0, sizeof(down), 2 };
	struct bgp_open_spec sent = { .as = 64500 }, received = { .as = p.as };
	uint8_t *at = o->stream + o->n;

	/* the header of a Peer Up is that of its Peer Down */
	o->at[++o->messages] = (o->n += sizeof(down));
	o->n +=
	    bmp_write_peer_up(o->stream + o->n, STREAM - o->n, &p, &local, &sent, &received, NULL);
	memcpy(down + 6, at + sizeof(down) + 6, 42);
	down[48] = 4;
	memcpy(at, down, sizeof(down));
	memset(o->origin[sender], 0, sizeof(o->origin[sender]));
}

static void
make_stream(struct naive *o, uint64_t rng)
{
	while (o->messages < MESSAGES - 2) {
		unsigned sender = rnd(&rng) % SENDERS;

		if (rnd(&rng) % 50 == 0)
			put_down_and_up(o, sender);
		else
			put_routes(o, &rng, sender);
		if (o->n > o->at[o->messages])
			o->at[++o->messages] = o->n;
	}
}

struct looked {
	uint32_t origin[SENDERS];
};

static bool
take_route(void *ctx, const struct engine_route *r)
{
	struct looked *l = ctx;

	for (unsigned i = 0; i < SENDERS; i++)
		if (r->peer->as == sender_as[i])
			l->origin[i] = r->origin;
	return true;
}

static void
compare_routes(struct fixture *w, const struct naive *o)
{
	for (unsigned p = 0; p < PREFIXES; p++) {
		struct ip_prefix ip = prefix_of(p).prefix;
		struct engine_place at = { 0 };
		struct looked l = { { 0 } };

		while (engine_lookup(w->engine, &ip, &at, take_route, &l)) {
		}
		for (unsigned i = 0; i < SENDERS; i++)
			require(l.origin[i] == o->origin[i][p], "prefix %u of %u: %u, not %u", p, i,
			    l.origin[i], o->origin[i][p]);
	}
}

static struct fixture *
world(void)
{
	struct fixture *w = malloc(sizeof(*w));

	ck_assert_ptr_nonnull(w);
	setup(w);
	start(w);
	return w;
}

static uint64_t
feed_all(struct fixture *w, const uint8_t *at, size_t n)
{
	size_t taken = engine_session_feed(w->session, at, n, w->now);
	struct engine_stats stats;

	ck_assert_uint_eq(taken, n);
	engine_stats(w->engine, &stats);
	return stats.routes;
}

static int
by_prefix(const void *a, const void *b)
{
	const struct finding *x = a, *y = b;
	int order = ip_prefix_cmp(&x->prefix, &y->prefix);

	return order != 0 ? order : (int)x->peer - (int)y->peer;
}

/* A walk over a table finds in the order of its nets, whose numbers may be others. */
static void
work_sorted(struct fixture *w)
{
	unsigned before = w->findings_n;

	work(w);
	qsort(w->findings + before, w->findings_n - before, sizeof(struct finding), by_prefix);
}

START_TEST(together_as_by_itself)
{
	struct fixture *together = world(), *alone = world();
	struct naive *o = calloc(1, sizeof(*o));
	uint64_t rng = seed_of(_i), routes = 0;
	unsigned most = 1 + rnd(&rng) % 100;

	ck_assert_ptr_nonnull(o);
	o->stream = malloc(STREAM);
	ck_assert_ptr_nonnull(o->stream);
	make_stream(o, rng);
	for (unsigned i = 0; i < o->messages;) {
		unsigned end = i + 1 + rnd(&rng) % most;
		uint64_t same;

		if (end > o->messages)
			end = o->messages;
		same = feed_all(together, o->stream + o->at[i], o->at[end] - o->at[i]);
		for (; i < end; i++)
			routes = feed_all(alone, o->stream + o->at[i], o->at[i + 1] - o->at[i]);
		require(same == routes, "%llu and %llu routes", (unsigned long long)same,
		    (unsigned long long)routes);
		work_sorted(together);
		work_sorted(alone);
	}
	ck_assert_uint_gt(together->findings_n, 20);
	ck_assert_uint_eq(together->findings_n, alone->findings_n);
	for (unsigned i = 0; i < alone->findings_n; i++) {
		const struct finding *a = &together->findings[i], *b = &alone->findings[i];

		require(a->rules == b->rules && a->cause == b->cause && a->peer == b->peer &&
			    a->origin == b->origin && ip_prefix_cmp(&a->prefix, &b->prefix) == 0,
		    "finding %u", i);
	}
	compare_routes(together, o);
	compare_routes(alone, o);
	teardown(together);
	teardown(alone);
	free(together);
	free(alone);
	free(o->stream);
	free(o);
}
END_TEST

HARNESS_MAIN("pipeline")
{
	room_for_attributes = 0; /* no limit */
	TIMEOUT(120);
	LOOP(together_as_by_itself, 12);
}
