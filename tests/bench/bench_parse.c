/*
 * bench_parse: what the parsers alone cost, from memory, on one core: framing, BMP header, UPDATE
 * split, all attribute checks, every prefix. Prints one JSON object; rates are per CPU second.
 * usage: bench_parse RUNS FILE
 */
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include "bench.h"
#include "parsers/bgp/message.h"
#include "parsers/bgp/update.h"
#include "parsers/bmp/bmp.h"

struct totals {
	uint64_t messages, updates, nlri, faults;
	uint64_t mix; /* of what was read, so that nothing can be left out */
};

static void
walk(struct cursor field, uint16_t afi, const uint8_t *start, struct totals *t,
    struct faults *faults)
{
	struct bgp_prefix p;

	while (bgp_prefix_next(&field, afi, false, start, &p, faults)) {
		t->nlri++;
		t->mix += p.prefix.b[1] + p.prefix.len;
	}
}

static void
read_update(struct cursor body, struct totals *t, struct faults *faults)
{
	static const struct bgp_context context = { .encoding.as4 = true, .ebgp = true };
	struct bgp_update u;

	if (!bgp_update_split(body, &u, faults))
		return;
	bgp_update_check(&u, &context, faults);
	t->updates++;
	t->mix += u.attrs_n;
	walk(u.withdrawn, AFI_IPV4, u.start, t, faults);
	walk(u.nlri, AFI_IPV4, u.start, t, faults);
	if (u.reach.present)
		walk(u.reach.nlri, u.reach.family.afi, u.start, t, faults);
	if (u.unreach.present)
		walk(u.unreach.nlri, u.unreach.family.afi, u.start, t, faults);
}

static struct totals
parse_all(const struct bench_file *f)
{
	struct totals t = { 0 };
	size_t at = 0;

	while (at < f->len) {
		struct faults faults;
		struct bmp_msg msg;
		int64_t n;

		faults_begin(&faults);
		n = bmp_frame(f->data + at, f->len - at, 1 << 20, &faults);
		if (n <= 0 || (size_t)n > f->len - at) {
			fprintf(stderr, "bench_parse: no message at octet %zu\n", at);
			exit(1);
		}
		if (bmp_parse(f->data + at, (size_t)n, &msg, &faults) &&
		    msg.type == BMP_ROUTE_MONITORING) {
			struct cursor body;
			size_t total;

			if (bgp_message(&msg.body, &body, &total, &faults) == BGP_UPDATE)
				read_update(body, &t, &faults);
		}
		t.faults += faults.n;
		t.messages++;
		at += (size_t)n;
	}
	return t;
}

int
main(int argc, char **argv)
{
	unsigned runs = argc == 3 ? (unsigned)strtoul(argv[1], NULL, 10) : 0;
	double s[BENCH_RUNS_MAX], median;
	struct totals t = { 0 };
	struct bench_file f;

	if (runs == 0 || runs > BENCH_RUNS_MAX) {
		fputs("usage: bench_parse RUNS FILE\n", stderr);
		return 2;
	}
	f = bench_open(argv[2]);
	for (unsigned i = 0; i < runs; i++) {
		int64_t start = clock_cpu_us();

		t = parse_all(&f);
		s[i] = (double)(clock_cpu_us() - start) / 1e6;
	}
	median = bench_median(s, runs);
	printf("{\"bench\":\"parse\",\"runs\":%u,\"messages\":%llu,\"updates\":%llu,\"nlri\":%llu,"
	       "\"faults\":%llu,\"mix\":%llu,\"cpu_s\":%.4f,\"min_s\":%.4f,\"max_s\":%.4f,"
	       "\"messages_per_s\":%.0f,\"nlri_per_s\":%.0f,\"mb_per_s\":%.0f}\n",
	    runs, (unsigned long long)t.messages, (unsigned long long)t.updates,
	    (unsigned long long)t.nlri, (unsigned long long)t.faults, (unsigned long long)t.mix,
	    median, s[0], s[runs - 1], (double)t.messages / median, (double)t.nlri / median,
	    (double)f.len / 1e6 / median);
	return t.faults != 0;
}
