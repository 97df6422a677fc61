/*
 * bench_incidents: what open incidents take, and how long it takes to show them all. Prints one
 * JSON object.
 *
 * usage: bench_incidents RUNS INCIDENTS
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/sbuf.h"
#include "bench.h"
#include "collector/incident/incident.h"

struct result {
	double opened_us, show_ms, next_us; /* each opened; all shown; the longest of them */
	double octets;			    /* of one that is open */
	uint64_t n, text;
};

static void
take(void *ctx, const struct record *r)
{
	uint64_t *n = ctx;

	*n += r->incident.transition == TRANSITION_OPENED;
}

static void
keep(void *ctx, const struct record *r, unsigned part)
{
	(void)ctx;
	(void)r;
	(void)part;
}

/* A route of a network of its own, so that each is an incident of its own. */
static void
find(struct incidents *t, uint32_t k, int64_t now_us)
{
	static const uint8_t path[] = { 2, 3, 0, 0, 0xfb, 0xf5, 0, 0, 0x19,
		0x35 }; /* 64501 6453, and it */
	uint8_t octets[sizeof(path) + 4], address[4] = { 192, 0, 2, 1 };
	const uint8_t prefix[4] = { (uint8_t)(20 + (k >> 16)), (uint8_t)(k >> 8), (uint8_t)k };
	struct finding f = { .router = 1,
		.peer = 1,
		.peer_as = 64501,
		.relation = NEIGHBOR_PROVIDER,
		.rules = 1U << RULE_ROV_ASN,
		.view = VIEW_IN_POST,
		.views_monitored = 1U << VIEW_IN_PRE | 1U << VIEW_IN_POST,
		.has_origin = true,
		.origin = 1000000 + k,
		.via_as = 1000000 + k,
		.cause = REASON_ANNOUNCED };

	memcpy(octets, path, sizeof(path));
	octets[sizeof(path)] = (uint8_t)(f.origin >> 24);
	octets[sizeof(path) + 1] = (uint8_t)(f.origin >> 16);
	octets[sizeof(path) + 2] = (uint8_t)(f.origin >> 8);
	octets[sizeof(path) + 3] = (uint8_t)f.origin;
	f.address = ip_addr_v4(address);
	finding_set_path(&f, cur_of(octets, sizeof(octets)));
	if (!ip_prefix_make(&f.prefix, IP_V4, prefix, 24))
		bench_fail("prefix");
	incidents_finding(t, &f, now_us);
}

static struct result
run_once(uint32_t n)
{
	static const struct incidents_ops ops = { .emit = take, .keep = keep };
	const struct incident_config config = { .collector = "bench",
		.hold_ms = 1000,
		.update_s = 60,
		.feed_grace_s = 60,
		.forget_s = 3600,
		.settle_s = 60,
		.group_at = n + 1,
		.max = n + 1 };
	int64_t now_us = 1767225600 * INT64_C(1000000), start, last;
	struct sbuf out = sbuf_of(1 << 20);
	uint64_t opened = 0, cursor = 0, rss = bench_rss();
	struct incidents *t = incidents_new(&config, &ops, &opened);
	struct result r = { .n = n };
	struct record_look look = { .now_us = now_us };
	struct record rec;

	if (t == NULL)
		bench_fail("incidents");
	incidents_feed(t, 1, "edge1", FEED_SYNCED, 3, now_us);
	incidents_verdicts(t, VERDICTS_WHOLE, now_us);
	start = clock_cpu_us();
	for (uint32_t k = 0; k < n; k++)
		find(t, k, now_us + k); /* not all at once */
	for (int k = 0; k < 240; k++)
		incidents_tick(t, now_us += 250000);
	r.opened_us = (double)(clock_cpu_us() - start) / n;
	r.octets = (double)(bench_rss() - rss) / n;
	if (opened != n) {
		fprintf(stderr, "bench_incidents: %llu of %u are open\n",
		    (unsigned long long)opened, n);
		exit(1);
	}
	start = last = clock_cpu_us();
	while (incidents_next(t, &cursor, &rec)) {
		int64_t now = clock_cpu_us();

		record_to_text(&rec, &look, &out);
		r.text += out.len;
		sbuf_clear(&out);
		if ((double)(now - last) > r.next_us)
			r.next_us = (double)(now - last);
		last = now;
	}
	r.show_ms = (double)(clock_cpu_us() - start) / 1e3;
	sbuf_free(&out);
	incidents_free(t);
	return r;
}

int
main(int argc, char **argv)
{
	unsigned runs = argc > 2 ? (unsigned)strtoul(argv[1], NULL, 10) : 0;
	uint32_t n = argc > 2 ? (uint32_t)strtoul(argv[2], NULL, 10) : 0;
	double opened[BENCH_RUNS_MAX], show[BENCH_RUNS_MAX], next[BENCH_RUNS_MAX], octets = 0;

	if (runs == 0 || runs > BENCH_RUNS_MAX || n == 0) {
		fputs("usage: bench_incidents RUNS INCIDENTS\n", stderr);
		return 2;
	}
	for (unsigned i = 0; i < runs; i++) {
		struct result r = run_once(n);

		opened[i] = r.opened_us;
		show[i] = r.show_ms;
		next[i] = r.next_us;
		octets = i == 0 ? r.octets : octets; /* the next ones find freed memory */
	}
	printf("{\"bench\":\"incidents\",\"runs\":%u,\"incidents\":%u,\"octets_each\":%.0f,"
	       "\"opened_us\":%.2f,\"show_ms\":%.1f,\"longest_us\":%.0f}\n",
	    runs, n, octets, bench_median(opened, runs), bench_median(show, runs),
	    bench_median(next, runs));
	return 0;
}
