/*
 * Bytes of a router into the whole engine: framing, parsers, RIB, rules, and the slices of work
 * behind. The first octet says how the stream is cut and whether it is lost and comes back.
 */
#include "base/pool.h"
#include "collector/engine/engine.h"
#include "tests/fuzz/fuzz.h"

/*
 * The engine's memory: from here instead of from the system, for an engine is made for each input
 * and asking the system takes longer than all the rest. A sanitizer then sees past each table, too.
 */
#ifdef FUZZ_ASAN
void *
pool_reserve(size_t octets)
{
	return calloc(1, octets);
}

void
pool_release(void *at, size_t octets)
{
	(void)octets;
	free(at);
}
#else
enum { ARENA = 1 << 20 };

static _Alignas(64) uint8_t arena[ARENA];
static size_t arena_used, arena_live;

void *
pool_reserve(size_t octets)
{
	size_t room = (octets + 63) & ~(size_t)63;
	void *at = arena + arena_used;

	assert(room <= ARENA - arena_used);
	arena_used += room;
	arena_live++;
	return memset(at, 0, octets);
}

void
pool_release(void *at, size_t octets)
{
	(void)octets;
	if (at != NULL && --arena_live == 0)
		arena_used = 0;
}
#endif

/* Tables so small that inputs reach their limits. */
static const struct rib_limits limits = { .routes = 300,
	.prefixes_v4 = 100,
	.prefixes_v6 = 100,
	.keys = 50,
	.blocks = 50,
	.part_octets = 8192 };

/* The routes of which a rule is true, by their names. */
enum { TRUE_MAX = 1024 };
static struct finding is_true[TRUE_MAX];
static unsigned is_true_n;

static bool
same_route(const struct finding *a, const struct finding *b)
{
	return a->router == b->router && a->peer == b->peer && a->view == b->view &&
	       a->labelled == b->labelled && a->path_id == b->path_id &&
	       ip_prefix_cmp(&a->prefix, &b->prefix) == 0;
}

static void
on_finding(void *ctx, const struct finding *f)
{
	unsigned at = 0;

	(void)ctx;
	assert(finding_size(f) <= sizeof(*f));
	while (at < is_true_n && !same_route(&is_true[at], f))
		at++;
	if (f->rules != 0 && at == is_true_n) {
		assert(is_true_n < TRUE_MAX);
		memcpy(&is_true[is_true_n++], f, offsetof(struct finding, path));
	} else if (f->rules == 0 && at < is_true_n) {
		is_true[at] = is_true[--is_true_n];
	}
}

static void
on_event(void *ctx, const struct engine_event *ev)
{
	(void)ctx;
	(void)ev;
}

static const struct engine_ops ops = { on_finding, on_event };

static struct detect *
rules(void)
{
	static const uint32_t own_as[] = { 65001 }, provider_free[] = { 174, 1299, 3356, 64500 },
			      members[] = { 65010, 65011 }, lumen[] = { 3356, 3549 };
	static const struct detect_siblings siblings[] = { { lumen, 2 } };
	static const struct detect_community blackholes[] = { { 2, { 65001, 666, 0 } },
		{ 3, { 65001, 0, 666 } } };
	static const char *const vrfs[] = { "red", "65001:1" };
	static const struct detect_neighbor neighbors[] = {
		{ .has_asn = true, .asn = 65002, .relation = NEIGHBOR_CUSTOMER }
	};
	struct detect_own own[2] = { { .has_max_length = true, .max_length = 24 },
		{ .origins = NULL } };
	struct detect_config c = { .own_asns = own_as,
		.own_asns_n = 1,
		.confederation = members,
		.confederation_n = 2,
		.own_siblings = members,
		.own_siblings_n = 1,
		.blackholes = blackholes,
		.blackholes_n = 2,
		.provider_free = provider_free,
		.provider_free_n = 4,
		.siblings = siblings,
		.siblings_n = 1,
		.vrfs = vrfs,
		.vrfs_n = 2,
		.own = own,
		.own_n = 2,
		.neighbors = neighbors,
		.neighbors_n = 1 };

	ip_prefix_parse("203.0.113.0/24", true, &own[0].prefix);
	ip_prefix_parse("2001:db8::/32", true, &own[1].prefix);
	return detect_new(&c, 1);
}

static void
feed(struct engine *e, const uint8_t *data, size_t size, size_t piece)
{
	struct engine_session *s = engine_session_open(e, "192.0.2.1", NULL, 1700000000000000);
	size_t from = 0, to = 0;
	char why[256];

	/* as a socket does: more octets come, what was not taken stays in front */
	while (to < size && engine_session_broken(s, why, sizeof(why)) == NULL) {
		uint8_t *exact;

		to = size - to < piece ? size : to + piece;
		exact = fuzz_exact(data + from, to - from);
		from += engine_session_feed(s, exact, to - from, 1700000000000000);
		assert(from <= to);
		fuzz_exact_free(exact);
	}
	engine_session_close(s, "end", 1700000001000000);
	engine_tick(e, 1700000002000000);
	while (engine_work(e, 64, 1700000002000000)) {
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct engine_config config = { .rib = limits,
		.message_max = 65583,
		.peers_per_router = 16,
		.stale_s = 10,
		.settle_s = 10,
		.seed = 1 };
	struct detect *d;
	struct engine *e;
	struct engine_stats st;

	if (size < 1)
		return 0;
	is_true_n = 0;
	d = rules();
	e = engine_new(&config, d, &ops, NULL);
	assert(d != NULL && e != NULL);
	feed(e, data + 1, size - 1, (data[0] & 15) == 0 ? size : 1 + (size_t)(data[0] & 15) * 37);
	if (data[0] & 16)
		feed(e, data + 1, size - 1, size);
	/* gone for good: nothing may be left, and every finding that was on is off */
	engine_tick(e, 1700000100000000);
	while (engine_work(e, 1000, 1700000100000000)) {
	}
	engine_stats(e, &st);
	assert(st.routes == 0 && st.prefixes == 0 && st.blocks == 0);
	assert(is_true_n == 0);
	engine_free(e);
	detect_free(d);
	return 0;
}
