/*
 * bench_engine: octets to routes to findings in one engine, from memory, on one core. Each run is a
 * process of its own, so that memory is counted from nothing. Prints one JSON object; rates are per
 * CPU second, memory is resident memory after less before.
 *
 * usage: bench_engine rib|rules RUNS FILE [VRPS]
 *   rib     routes are kept, no rule has anything to say
 *   rules   all rules: VRPs and ASPAs of the file VRPS, neighbours with relations, own prefixes,
 *           lists of networks, bursts
 */
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#include "base/clock.h"
#include "bench.h"
#include "collector/engine/engine.h"
#include "collector/rpki/vrp_json.h"

enum { READ_SIZE = 256 << 10, WORK_BUDGET = 2000 };

/* What a run says to its parent. */
struct result {
	double cpu_s, down_ms, slice_ms;
	/* so many VRPs go: what the difference costs where it is made, and where the routes are */
	double one_ms, thousand_ms, many_ms, delta_made_ms;
	/* a hundred are tried out, and all but these */
	double few_trial_ms, most_trial_ms;
	uint64_t rss, tables_bytes;
	uint64_t messages, routes, prefixes, blocks, paths, marked, on, off, events, faults;
};

struct feeders {
	uint64_t on, off, events;
};

static void
take_finding(void *ctx, const struct finding *f)
{
	struct feeders *c = ctx;

	if (f->rules != 0)
		c->on++;
	else
		c->off++;
}

static void
take_event(void *ctx, const struct engine_event *e)
{
	struct feeders *c = ctx;

	(void)e;
	c->events++;
}

static const uint32_t provider_free[] = { 174, 701, 1299, 2914, 3257, 3320, 3356, 3491, 5511, 6453,
	6461, 6762, 6830, 7018 };

static const uint32_t no_transit[] = { 8075, 15169, 32934 }, carriers[] = { 1273, 6939 },
		      lumen[] = { 209, 3356, 3549, 3561 }, ntt[] = { 2914, 4713 };

/* Neighbours in the file are providers by AS number, which is what they are in the graph. */
static struct detect *
make_detect(bool rules, const struct bench_file *f)
{
	static const struct detect_siblings siblings[] = { { lumen, 4 }, { ntt, 2 } };
	static const uint32_t own_asns[] = { 64500 };
	struct detect_own own[2] = { 0 };
	struct detect_neighbor neighbors[64] = { 0 };
	struct detect_config c = { 0 };
	size_t at = 0;

	if (!rules)
		return detect_new(&c, 1);
	while (at + 48 < f->len && f->data[at + 5] != 0) { /* Initiation, Peer Ups */
		if (f->data[at + 5] == 3 && c.neighbors_n < 64)
			neighbors[c.neighbors_n++] = (struct detect_neighbor){ .has_asn = true,
				.asn = be32(f->data + at + 6 + 26),
				.relation = NEIGHBOR_PROVIDER };
		at += be32(f->data + at + 1);
	}
	if (!ip_prefix_parse("203.0.113.0/24", true, &own[0].prefix) ||
	    !ip_prefix_parse("2001:db8::/32", true, &own[1].prefix))
		abort();
	c.own_asns = own_asns;
	c.own_asns_n = 1;
	c.provider_free = provider_free;
	c.provider_free_n = sizeof provider_free / sizeof *provider_free;
	c.no_transit = no_transit;
	c.no_transit_n = sizeof no_transit / sizeof *no_transit;
	c.carriers = carriers;
	c.carriers_n = sizeof carriers / sizeof *carriers;
	c.siblings = siblings;
	c.siblings_n = 2;
	c.burst_at = 64;
	c.own = own;
	c.own_n = 2;
	c.neighbors = neighbors;
	return detect_new(&c, 1);
}

/* What validators say. */
struct signed_data {
	struct vrp_set *vrps;
	struct aspa_set *aspas;
};

static struct signed_data
load_signed(const char *path)
{
	struct bench_file f = bench_open(path);
	struct aspa_list aspas = { 0 };
	struct vrp_json_how how = { .aspas = &aspas };
	struct signed_data out;
	struct vrp_list list = { 0 };
	struct vrp_file_stats stats;
	char error[256];

	if (!vrp_json_parse(
		(const char *)f.data, f.len, &how, &list, &stats, error, sizeof error)) {
		fprintf(stderr, "bench_engine: %s: %s\n", path, error);
		exit(1);
	}
	vrp_list_sort_unique(&list);
	aspa_list_sort_unique(&aspas);
	out.vrps = vrp_set_new(&list, 1);
	out.aspas = aspa_set_new(&aspas, 1);
	vrp_list_free(&list);
	aspa_list_free(&aspas);
	munmap((void *)(uintptr_t)f.data, f.len);
	return out;
}

/* As a socket would give it: at most READ_SIZE at once, queued work in between. */
static void
feed_all(
    struct engine *e, struct engine_session *s, const uint8_t *data, size_t len, int64_t now_us)
{
	size_t at = 0;

	while (at < len) {
		size_t n = len - at < READ_SIZE ? len - at : READ_SIZE;
		size_t taken = engine_session_feed(s, data + at, n, now_us);

		if (taken == 0) {
			fprintf(stderr, "bench_engine: nothing taken at octet %zu\n", at);
			exit(1);
		}
		at += taken;
		engine_work(e, WORK_BUDGET, now_us);
	}
	while (engine_work(e, WORK_BUDGET, now_us))
		;
}

/* The first peer goes down: what it costs at once, and the longest slice of what follows. */
static void
take_peer_down(struct engine *e, struct engine_session *s, const struct bench_file *f,
    int64_t now_us, struct result *r)
{
	const uint8_t *up = f->data + be32(f->data + 1);
	uint8_t down[49] = { 3, 0, 0, 0, sizeof down, 2 };
	int64_t start = clock_mono_us(), end;
	bool more = true;

	memcpy(down + 6, up + 6, 42);
	down[48] = 4;
	if (engine_session_feed(s, down, sizeof down, now_us) != sizeof down)
		abort();
	r->down_ms = (double)(clock_mono_us() - start) / 1e3;
	while (more) {
		start = clock_mono_us();
		more = engine_work(e, WORK_BUDGET, now_us);
		end = clock_mono_us();
		if ((double)(end - start) / 1e3 > r->slice_ms)
			r->slice_ms = (double)(end - start) / 1e3;
	}
}

/* All but `gone` of them, which are spread over all. */
static struct vrp_set *
without(const struct vrp_list *all, size_t gone)
{
	struct vrp_list l = { 0 };
	struct vrp_set *set;

	for (size_t i = 0; i < all->n; i++)
		if (i * gone / all->n == (i + 1) * gone / all->n && !vrp_list_add(&l, &all->v[i]))
			bench_fail("vrps");
	set = vrp_set_new(&l, 2);
	vrp_list_free(&l);
	return set;
}

static double
work_ms(struct engine *e, int64_t now_us)
{
	int64_t start = clock_cpu_us();

	while (engine_work(e, WORK_BUDGET, now_us))
		;
	return (double)(clock_cpu_us() - start) / 1e3;
}

/* So many VRPs go, and come again; or that they go is tried out. Returns what the engine works. */
static double
take_vrps(
    struct engine *e, struct vrp_set *vrps, size_t gone, bool try, int64_t now_us, double *made_ms)
{
	struct vrp_delta all, d;
	struct vrp_set *part;
	int64_t start;
	double ms;

	if (!vrp_delta_between(NULL, vrps, &all))
		bench_fail("vrps");
	start = clock_cpu_us();
	if ((part = without(&all.added, gone)) == NULL || !vrp_delta_between(vrps, part, &d))
		bench_fail("vrps");
	*made_ms = (double)(clock_cpu_us() - start) / 1e3;
	if (try) {
		engine_try_rpki(e, vrp_trial_new(part, &d));
		ms = work_ms(e, now_us);
		vrp_trial_free(engine_tried(e));
	} else {
		engine_set_rpki(e, part, vrp_cover_new(&d), REASON_RPKI);
		ms = work_ms(e, now_us);
		engine_set_rpki(e, vrps, vrp_cover_new(&d), REASON_RPKI);
		work_ms(e, now_us);
	}
	vrp_set_unref(part);
	vrp_delta_free(&d);
	vrp_delta_free(&all);
	return ms;
}

static void
take_all_vrps(struct engine *e, struct vrp_set *vrps, int64_t now_us, struct result *r)
{
	size_t n = vrp_set_count(vrps, IP_V4) + vrp_set_count(vrps, IP_V6);

	r->one_ms = take_vrps(e, vrps, 1, false, now_us, &r->delta_made_ms);
	r->thousand_ms = take_vrps(e, vrps, n < 1000 ? n : 1000, false, now_us, &r->delta_made_ms);
	r->many_ms = take_vrps(e, vrps, n / 4, false, now_us, &r->delta_made_ms);
	r->few_trial_ms = take_vrps(e, vrps, 100, true, now_us, &r->delta_made_ms);
	r->most_trial_ms = take_vrps(e, vrps, n - 100, true, now_us, &r->delta_made_ms);
}

static struct result
run_once(const struct bench_file *f, bool rules, const struct signed_data *is_signed)
{
	static const struct engine_ops ops = { .finding = take_finding, .event = take_event };
	const struct engine_config config = { .rib = rib_limits_default(100000000),
		.message_max = 1 << 20,
		.peers_per_router = 10000,
		.stale_s = 300,
		.settle_s = 60,
		.seed = 0x5eed };
	struct detect *detect = make_detect(rules, f);
	struct feeders counts = { 0 };
	struct result r = { 0 };
	struct engine_stats stats;
	int64_t now_us = 1767225600 * INT64_C(1000000);
	uint64_t rss = bench_rss();
	struct engine *e = engine_new(&config, detect, &ops, &counts);
	struct vrp_set *vrps = is_signed->vrps;
	struct engine_session *s;
	int64_t start;

	if (e == NULL || detect == NULL)
		bench_fail("engine");
	if (vrps != NULL) {
		struct vrp_delta delta;

		if (!vrp_delta_between(NULL, vrps, &delta))
			bench_fail("vrps");
		engine_set_rpki(e, vrps, vrp_cover_new(&delta), REASON_RPKI);
		vrp_delta_free(&delta);
		engine_set_aspas(e, is_signed->aspas);
		engine_set_neighbors(e, &(struct engine_neighbors){ .anew = true, .judged = true });
		while (engine_work(e, WORK_BUDGET, now_us))
			;
	}
	s = engine_session_open(e, "127.0.0.1", NULL, now_us);
	start = clock_cpu_us();
	feed_all(e, s, f->data, f->len, now_us);
	r.cpu_s = (double)(clock_cpu_us() - start) / 1e6;
	r.rss = bench_rss() - rss;
	engine_stats(e, &stats);
	r.tables_bytes = stats.bytes;
	r.routes = stats.routes;
	r.prefixes = stats.prefixes;
	r.blocks = stats.blocks;
	r.paths = stats.paths;
	r.marked = stats.rules_broken;
	r.on = counts.on;
	r.off = counts.off;
	r.events = counts.events;
	for (unsigned i = 0; i <= BMP_TYPES; i++)
		r.messages += stats.counters.messages[i];
	for (unsigned i = 0; i < FAULT_CODES; i++)
		r.faults += stats.counters.faults[i];
	if (vrps != NULL)
		take_all_vrps(e, vrps, now_us, &r);
	take_peer_down(e, s, f, now_us, &r);
	engine_session_close(s, "end of file", now_us);
	engine_free(e);
	detect_free(detect);
	return r;
}

static struct result
run_apart(const struct bench_file *f, bool rules, const struct signed_data *is_signed)
{
	struct result r;
	int pipes[2], status;
	pid_t pid;

	if (pipe(pipes) != 0 || (pid = fork()) < 0)
		bench_fail("fork");
	if (pid == 0) {
		r = run_once(f, rules, is_signed);
		_exit(write(pipes[1], &r, sizeof r) != sizeof r);
	}
	close(pipes[1]);
	if (read(pipes[0], &r, sizeof r) != sizeof r || waitpid(pid, &status, 0) != pid ||
	    status != 0) {
		fputs("bench_engine: a run failed\n", stderr);
		exit(1);
	}
	close(pipes[0]);
	return r;
}

static double
median_of(const struct result *r, unsigned n, size_t field)
{
	double v[BENCH_RUNS_MAX];

	for (unsigned i = 0; i < n; i++)
		memcpy(&v[i], (const char *)&r[i] + field, sizeof v[i]);
	return bench_median(v, n);
}

int
main(int argc, char **argv)
{
	bool rules = argc > 1 && strcmp(argv[1], "rules") == 0;
	unsigned runs = argc > 3 ? (unsigned)strtoul(argv[2], NULL, 10) : 0;
	struct result r[BENCH_RUNS_MAX];
	struct signed_data is_signed = { NULL, NULL };
	struct bench_file f;
	double cpu_s;

	if (runs == 0 || runs > BENCH_RUNS_MAX || (!rules && strcmp(argv[1], "rib") != 0)) {
		fputs("usage: bench_engine rib|rules RUNS FILE [VRPS]\n", stderr);
		return 2;
	}
	f = bench_open(argv[3]);
	if (rules && argc > 4)
		is_signed = load_signed(argv[4]);
	for (unsigned i = 0; i < runs; i++)
		r[i] = run_apart(&f, rules, &is_signed);
	cpu_s = median_of(r, runs, offsetof(struct result, cpu_s));
	printf(
	    "{\"bench\":\"%s\",\"runs\":%u,\"messages\":%llu,\"routes\":%llu,\"prefixes\":%llu,"
	    "\"blocks\":%llu,\"paths\":%llu,\"marked\":%llu,\"findings_on\":%llu,\"findings_off\":"
	    "%llu,\"faults\":%llu,",
	    argv[1], runs, (unsigned long long)r->messages, (unsigned long long)r->routes,
	    (unsigned long long)r->prefixes, (unsigned long long)r->blocks,
	    (unsigned long long)r->paths, (unsigned long long)r->marked, (unsigned long long)r->on,
	    (unsigned long long)r->off, (unsigned long long)r->faults);
	printf("\"cpu_s\":%.4f,\"messages_per_s\":%.0f,\"routes_per_s\":%.0f,\"rss\":%llu,"
	       "\"rss_per_route\":%.1f,\"tables_per_route\":%.1f,\"down_ms\":%.3f,\"slice_ms\":%."
	       "3f,",
	    cpu_s, (double)r->messages / cpu_s, (double)r->routes / cpu_s,
	    (unsigned long long)r->rss, (double)r->rss / (double)r->routes,
	    (double)r->tables_bytes / (double)r->routes,
	    median_of(r, runs, offsetof(struct result, down_ms)),
	    median_of(r, runs, offsetof(struct result, slice_ms)));
	printf("\"one_ms\":%.2f,\"thousand_ms\":%.2f,\"many_ms\":%.1f,\"delta_made_ms\":%.1f,"
	       "\"few_trial_ms\":%.1f,\"most_trial_ms\":%.1f}\n",
	    median_of(r, runs, offsetof(struct result, one_ms)),
	    median_of(r, runs, offsetof(struct result, thousand_ms)),
	    median_of(r, runs, offsetof(struct result, many_ms)),
	    median_of(r, runs, offsetof(struct result, delta_made_ms)),
	    median_of(r, runs, offsetof(struct result, few_trial_ms)),
	    median_of(r, runs, offsetof(struct result, most_trial_ms)));
	vrp_set_unref(is_signed.vrps);
	aspa_set_unref(is_signed.aspas);
	return 0;
}
