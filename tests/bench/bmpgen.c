/*
 * bmpgen: BMP streams of routers with full tables, for benches and tests. The same options give the
 * same octets on every machine.
 *
 * One file per router: Initiation, Peer Ups, the table of each peer (interleaved), End-of-RIB,
 * churn, statistics, and with --close Peer Downs and Termination. Standard output gets one JSON
 * object that says what a receiver must have at the end of each file, counted apart from the
 * octets: routes per peer and view, origin validation of each of them, leaked paths.
 */
#include <errno.h>
#include <getopt.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/jw.h"
#include "base/sbuf.h"
#include "gen_vrps.h"
#include "gen_wire.h"

enum { VARIANTS_MAX = 64, TURN = 64 /* messages of one peer in a row */ };

struct options {
	uint32_t seed, routers, peers, v4_n, v6_n, ases, churn, stats_every, leaks_ppm, epoch;
	bool post, close, quiet;
	const char *out, *vrps;
};

/* What a peer's table holds: 0 for nothing, else 1 + the variant of the bundle. */
struct gen_peer {
	struct gen_speaker is;
	uint32_t *toward;
	uint8_t *held[2];  /* by view: pre, post */
	uint32_t left_out; /* permille of the bundles that it does not carry */
	uint32_t vantage;
	uint64_t messages, announced[2], withdrawn[2];
};

struct fixture {
	struct options o;
	struct gen_graph graph;
	struct gen_table table;
	struct gen_vrps vrps;
	FILE *file;
	uint64_t bytes, messages, updates;
	struct gen_out out;
	struct sbuf text;
	struct jw json;
};

static void __attribute__((noreturn, format(printf, 1, 2))) die(const char *fmt, ...)
{
	va_list ap;

	fputs("bmpgen: ", stderr);
	va_start(ap, fmt);
	vfprintf(stderr, fmt, ap);
	va_end(ap);
	fputc('\n', stderr);
	exit(1);
}

static void
emit(struct fixture *w)
{
	size_t n = out_finish(&w->out);

	if (fwrite_unlocked(w->out.start, 1, n, w->file) != n)
		die("write: %s", strerror(errno));
	w->bytes += n;
	w->messages++;
}

static bool
carries(const struct gen_peer *p, uint32_t bundle, bool post)
{
	return gen_scale(hash_u64(p->is.key, bundle, 0xca), 1000) >= p->left_out + (post ? 15 : 0);
}

static bool
leaks(const struct fixture *w, uint32_t bundle)
{
	return gen_scale(hash_u64(w->o.seed, bundle, 0x1eac), 1000000) < w->o.leaks_ppm;
}

/* Everything a message about a peer's routes brings with it. */
static void
emit_update(struct fixture *w, struct gen_peer *p)
{
	emit(w);
	w->updates++;
	p->messages++;
	if (w->o.stats_every > 0 && p->messages % w->o.stats_every == 0) {
		out_statistics(&w->out, &p->is, p->messages, p->announced[0] - p->withdrawn[0]);
		emit(w);
	}
}

static void
announce(struct fixture *w, struct gen_peer *p, uint32_t bundle, uint32_t first, unsigned n,
    unsigned variant, bool post)
{
	const struct gen_bundle *b = &w->table.bundle[bundle];
	const struct gen_prefix *v = &w->table.prefix[first];
	uint8_t *bgp, *attrs;

	out_begin(&w->out, 0);
	out_peer(&w->out, &p->is, post);
	bgp = out_bgp(&w->out, 2);
	out_u32(&w->out, 0);
	attrs = w->out.pos;
	if (b->v6)
		out_mp(&w->out, &p->is, true, v, n);
	out_attrs(&w->out, &w->graph, p->toward, &p->is, b, variant, post, leaks(w, bundle));
	out_patch_u16(attrs - 2, (size_t)(w->out.pos - attrs));
	if (!b->v6)
		for (unsigned i = 0; i < n; i++)
			out_prefix(&w->out, &v[i]);
	out_bgp_end(&w->out, bgp);
	memset(p->held[post] + first, (int)variant + 1, n);
	p->announced[post] += n;
	emit_update(w, p);
}

static void
withdraw(struct fixture *w, struct gen_peer *p, bool v6, uint32_t first, unsigned n, bool post)
{
	const struct gen_prefix *v = &w->table.prefix[first];
	uint8_t *bgp, *field;

	out_begin(&w->out, 0);
	out_peer(&w->out, &p->is, post);
	bgp = out_bgp(&w->out, 2);
	out_u16(&w->out, 0);
	field = w->out.pos;
	if (v6) {
		out_u16(&w->out, 0);
		field = w->out.pos;
		out_mp(&w->out, &p->is, false, v, n);
	} else {
		for (unsigned i = 0; i < n; i++)
			out_prefix(&w->out, &v[i]);
	}
	out_patch_u16(field - 2, (size_t)(w->out.pos - field));
	if (!v6)
		out_u16(&w->out, 0);
	out_bgp_end(&w->out, bgp);
	memset(p->held[post] + first, 0, n);
	p->withdrawn[post] += n;
	emit_update(w, p);
}

static void
end_of_rib(struct fixture *w, struct gen_peer *p, bool v6, bool post)
{
	static const uint8_t unreach[] = { 0x80, 15, 3, 0, 2, 1 };
	uint8_t *bgp;

	out_begin(&w->out, 0);
	out_peer(&w->out, &p->is, post);
	bgp = out_bgp(&w->out, 2);
	out_u16(&w->out, 0);
	out_u16(&w->out, v6 ? sizeof unreach : 0);
	if (v6)
		out_bytes(&w->out, unreach, sizeof unreach);
	out_bgp_end(&w->out, bgp);
	emit_update(w, p);
}

static void
peer_up(struct fixture *w, struct gen_peer *p, uint32_t router_id, uint32_t router_as)
{
	out_begin(&w->out, 3);
	out_peer(&w->out, &p->is, false);
	out_u32(&w->out, p->is.v6 ? 0x20010db8 : 0);
	out_u32(&w->out, 0);
	out_u32(&w->out, 0);
	out_u32(&w->out, router_id);
	out_u16(&w->out, 179);
	out_u16(&w->out, 30000 + (p->is.bgp_id & 0xfff));
	out_open(&w->out, router_as, router_id);
	out_open(&w->out, p->is.as, p->is.bgp_id);
	emit(w);
}

/* A peer's place in its table. */
struct place {
	uint32_t bundle;
	bool post, eor4, done;
};

static void
dump_turn(struct fixture *w, struct gen_peer *p, struct place *at)
{
	for (unsigned turn = TURN; turn > 0 && !at->done;) {
		const struct gen_bundle *b = &w->table.bundle[at->bundle];

		if (at->bundle == w->table.v4_bundles_n && !at->eor4) {
			end_of_rib(w, p, false, at->post);
			at->eor4 = true;
			turn--;
		} else if (at->bundle == w->table.bundles_n) {
			end_of_rib(w, p, true, at->post);
			at->done = at->post || !w->o.post;
			*at = (struct place){ .post = true, .done = at->done };
			turn--;
		} else if (carries(p, at->bundle++, at->post)) {
			announce(w, p, at->bundle - 1, b->first, b->n, 0, at->post);
			turn--;
		}
	}
}

static void
dump(struct fixture *w, struct gen_peer *peers)
{
	struct place *at = gen_alloc(w->o.peers, sizeof *at);
	uint32_t left = w->o.peers;

	while (left > 0)
		for (uint32_t i = 0; i < w->o.peers; i++) {
			if (at[i].done)
				continue;
			dump_turn(w, &peers[i], &at[i]);
			left -= at[i].done;
		}
	free(at);
}

/* One event of the churn: a change of attributes, the way back, a withdrawal, a new announcement. A
 * few bundles are in it again and again. */
static void
churn_once(struct fixture *w, struct gen_peer *p, struct gen_rng *rng)
{
	double u = (double)gen_next(rng) / 4294967296.0;
	uint32_t rank = (uint32_t)(u * u * u * w->table.bundles_n);
	uint32_t bundle = gen_scale(hash_u64(w->o.seed, rank, 0xc0), w->table.bundles_n);
	const struct gen_bundle *b = &w->table.bundle[bundle];
	uint32_t first = b->first + gen_below(rng, b->n), what = gen_below(rng, 100);
	unsigned n = gen_below(rng, 100) < 80 ? 1 : 1 + gen_below(rng, b->first + b->n - first);
	unsigned variant = what < 70 ? 1 + gen_below(rng, VARIANTS_MAX) : 0;

	for (unsigned post = 0; post < (w->o.post ? 2 : 1); post++) {
		if (!carries(p, bundle, post))
			continue;
		if (what >= 80 && p->held[post][first] != 0)
			withdraw(w, p, b->v6, first, n, post);
		else
			announce(w, p, bundle, first, n, variant, post);
	}
}

static void
peer_init(struct fixture *w, struct gen_peer *peers, uint32_t router, uint32_t i)
{
	struct gen_peer *p = &peers[i];
	uint32_t h = hash_u64(w->o.seed, router, i);

	p->vantage = i % 4 == 3		  ? peers[i - 1].vantage /* a second session */
		     : gen_chance(h, 200) ? gen_scale(h << 8, GEN_CLIQUE)
					  : GEN_CLIQUE + gen_scale(hash_u64(h, 1, 0),
							     w->graph.transit_n - GEN_CLIQUE);
	p->toward = gen_vantage(&w->graph, p->vantage);
	p->left_out = 5 + gen_scale(hash_u64(h, 2, 0), 20);
	p->is = (struct gen_speaker){ .as = w->graph.as[p->vantage].asn,
		.bgp_id = 0x0b000001 + (router << 12) + i,
		.sec = w->o.epoch,
		.key = (uint64_t)h << 32 | hash_u64(h, 3, 0),
		.v6 = i % 4 == 1 };
	if (p->is.v6) {
		memcpy(p->is.address, (uint8_t[]){ 0x20, 0x01, 0x0d, 0xb8 }, 4);
		out_patch_u16(p->is.address + 12, router);
	} else {
		p->is.address[12] = 11;
		p->is.address[13] = (uint8_t)router;
	}
	out_patch_u16(p->is.address + 14, i + 1);
	for (unsigned post = 0; post < 2; post++)
		p->held[post] = gen_alloc(w->table.prefixes_n, 1);
}

/* What the receiver must hold for one view of a peer. */
static void
summarize_view(struct fixture *w, const struct gen_peer *p, bool post)
{
	static const char *const names[GEN_ROVS] = { "not_found", "valid", "invalid_asn",
		"invalid_length" };
	uint64_t routes[2] = { 0 }, rov[GEN_ROVS] = { 0 }, leaked = 0;

	for (uint32_t i = 0; i < w->table.prefixes_n; i++) {
		const struct gen_prefix *x = &w->table.prefix[i];
		const struct gen_bundle *b = &w->table.bundle[x->bundle];
		unsigned held = p->held[post][i];

		if (held == 0)
			continue;
		routes[b->v6]++;
		leaked += leaks(w, x->bundle);
		if (w->vrps.n > 0)
			rov[gen_validate(&w->vrps, x, b->v6, !gen_has_as_set(b, held - 1),
			    w->graph.as[b->origin].asn)]++;
	}
	jw_object(&w->json, NULL);
	jw_string(&w->json, "view", post ? "adj-rib-in-post" : "adj-rib-in-pre");
	jw_uint(&w->json, "ipv4", routes[0]);
	jw_uint(&w->json, "ipv6", routes[1]);
	jw_uint(&w->json, "announced", p->announced[post]);
	jw_uint(&w->json, "withdrawn", p->withdrawn[post]);
	jw_uint(&w->json, "leaked", leaked);
	for (unsigned i = 0; w->vrps.n > 0 && i < GEN_ROVS; i++)
		jw_uint(&w->json, names[i], rov[i]);
	jw_end_object(&w->json);
}

static void
summarize(struct fixture *w, const char *path, const struct gen_peer *peers)
{
	jw_object(&w->json, NULL);
	jw_string(&w->json, "file", path);
	jw_uint(&w->json, "bytes", w->bytes);
	jw_uint(&w->json, "messages", w->messages);
	jw_uint(&w->json, "updates", w->updates);
	jw_array(&w->json, "peers");
	for (uint32_t i = 0; i < w->o.peers; i++) {
		struct ip_addr address = peers[i].is.v6 ? ip_addr_v6(peers[i].is.address)
							: ip_addr_v4(peers[i].is.address + 12);
		char text[IP_ADDR_TEXT_MAX];

		jw_object(&w->json, NULL);
		jw_string(&w->json, "address", ip_addr_format(&address, text));
		jw_uint(&w->json, "as", peers[i].is.as);
		jw_array(&w->json, "views");
		for (unsigned post = 0; post < (w->o.post ? 2 : 1); post++)
			summarize_view(w, &peers[i], post);
		jw_end_array(&w->json);
		jw_end_object(&w->json);
	}
	jw_end_array(&w->json);
	jw_end_object(&w->json);
}

static void
say_goodbye(struct fixture *w, struct gen_peer *peers)
{
	for (uint32_t i = 0; i < w->o.peers; i++) {
		out_begin(&w->out, 2);
		out_peer(&w->out, &peers[i].is, false);
		out_u8(&w->out, 4); /* the remote went without a NOTIFICATION */
		emit(w);
	}
	out_begin(&w->out, 5);
	out_u16(&w->out, 1);
	out_u16(&w->out, 2);
	out_u16(&w->out, 0);
	emit(w);
}

static void
write_router(struct fixture *w, uint32_t router, const char *path)
{
	struct gen_peer *peers = gen_alloc(w->o.peers, sizeof *peers);
	struct gen_rng rng = { .seed = hash_u64(w->o.seed, router, 0xc4) };
	static char buffer[1 << 20];
	char name[32];
	int len = snprintf(name, sizeof name, "bench%u", router);

	w->file = fopen(path, "wb");
	if (w->file == NULL)
		die("%s: %s", path, strerror(errno));
	setvbuf(w->file, buffer, _IOFBF, sizeof buffer);
	w->bytes = w->messages = w->updates = 0;
	out_begin(&w->out, 4);
	out_u16(&w->out, 1);
	out_u16(&w->out, 6);
	out_bytes(&w->out, "bmpgen", 6);
	out_u16(&w->out, 2);
	out_u16(&w->out, (uint32_t)len);
	out_bytes(&w->out, name, (size_t)len);
	emit(w);
	for (uint32_t i = 0; i < w->o.peers; i++) {
		peer_init(w, peers, router, i);
		peer_up(w, &peers[i], 0xc6120001 + router, 64500);
	}
	dump(w, peers);
	for (uint64_t i = (uint64_t)w->o.churn * w->o.peers; i > 0; i--)
		churn_once(w, &peers[gen_below(&rng, w->o.peers)], &rng);
	if (w->o.close)
		say_goodbye(w, peers);
	if (fclose(w->file) != 0)
		die("%s: %s", path, strerror(errno));
	if (!w->o.quiet)
		summarize(w, path, peers);
	for (uint32_t i = 0; i < w->o.peers; i++) {
		free(peers[i].toward);
		free(peers[i].held[0]);
		free(peers[i].held[1]);
	}
	free(peers);
}

static void __attribute__((noreturn)) usage(void)
{
	fputs("usage: bmpgen [options] FILE   (several routers: FILE.0, FILE.1, ...)\n"
	      "  --v4 N          IPv4 prefixes (1000000)\n"
	      "  --v6 N          IPv6 prefixes (220000)\n"
	      "  --ases N        ASes (80000)\n"
	      "  --routers N     routers, a file each (1)\n"
	      "  --peers N       peers of a router (1)\n"
	      "  --churn N       events per peer after the table (10000)\n"
	      "  --stats N       a Statistics Report every N updates, 0 none (20000)\n"
	      "  --post          the post-policy view, too\n"
	      "  --leaks PPM     leaked bundles in a million (0)\n"
	      "  --vrps FILE     write VRPs that fit the table\n"
	      "  --close         Peer Downs and Termination at the end\n"
	      "  --epoch S       the routers' clock at the start, seconds since 1970 (1767225600)\n"
	      "  --seed N        (1)\n"
	      "  --quiet         no summary\n",
	    stderr);
	exit(2);
}

static struct options
read_options(int argc, char **argv)
{
	struct options o = { .seed = 1,
		.routers = 1,
		.peers = 1,
		.v4_n = 1000000,
		.v6_n = 220000,
		.ases = 80000,
		.churn = 10000,
		.stats_every = 20000,
		.epoch = 1767225600 };
	const struct {
		const char *name;
		uint32_t *number;
		bool *flag;
		const char **text;
	} row[] = { { "v4", &o.v4_n, NULL, NULL }, { "v6", &o.v6_n, NULL, NULL },
		{ "ases", &o.ases, NULL, NULL }, { "routers", &o.routers, NULL, NULL },
		{ "peers", &o.peers, NULL, NULL }, { "churn", &o.churn, NULL, NULL },
		{ "stats", &o.stats_every, NULL, NULL }, { "leaks", &o.leaks_ppm, NULL, NULL },
		{ "epoch", &o.epoch, NULL, NULL }, { "seed", &o.seed, NULL, NULL },
		{ "post", NULL, &o.post, NULL }, { "close", NULL, &o.close, NULL },
		{ "quiet", NULL, &o.quiet, NULL }, { "vrps", NULL, NULL, &o.vrps } };
	enum { ROWS = sizeof row / sizeof *row };
	struct option options[ROWS + 1] = { { 0 } };
	int at;

	for (unsigned i = 0; i < ROWS; i++) {
		options[i].name = row[i].name;
		options[i].has_arg = row[i].flag ? no_argument : required_argument;
	}
	while (getopt_long(argc, argv, "", options, &at) == 0) {
		if (row[at].number != NULL)
			*row[at].number = (uint32_t)strtoul(optarg, NULL, 10);
		else if (row[at].flag != NULL)
			*row[at].flag = true;
		else
			*row[at].text = optarg;
	}
	if (optind + 1 != argc || o.peers == 0 || o.peers > 4000 || o.routers == 0 ||
	    o.routers > 255 || o.ases < 500 || o.v4_n > 3000000 || o.v6_n > 1000000 ||
	    o.v4_n + o.v6_n == 0)
		usage();
	o.out = argv[optind];
	return o;
}

int
main(int argc, char **argv)
{
	static struct fixture w;
	struct gen_rng rng = { 0 };

	w.o = read_options(argc, argv);
	rng.seed = w.o.seed;
	gen_graph_grow(&w.graph, w.o.ases, &rng);
	gen_table_fill(&w.table, &w.graph, w.o.v4_n, w.o.v6_n, &rng);
	if (w.o.vrps != NULL) {
		gen_vrps_make(&w.vrps, &w.graph, &w.table, w.o.seed);
		if (!gen_vrps_write(&w.vrps, &w.graph, w.o.seed, w.o.vrps))
			die("%s: %s", w.o.vrps, strerror(errno));
	}
	w.text = sbuf_of(64u << 20);
	w.json = jw_to(&w.text);
	jw_object(&w.json, NULL);
	jw_uint(&w.json, "prefixes", w.table.prefixes_n);
	jw_uint(&w.json, "bundles", w.table.bundles_n);
	jw_uint(&w.json, "vrps", w.vrps.n);
	jw_array(&w.json, "routers");
	for (uint32_t r = 0; r < w.o.routers; r++) {
		char path[4096];

		if (w.o.routers == 1)
			snprintf(path, sizeof path, "%s", w.o.out);
		else
			snprintf(path, sizeof path, "%s.%u", w.o.out, r);
		write_router(&w, r, path);
	}
	jw_end_array(&w.json);
	jw_end_object(&w.json);
	if (!w.o.quiet)
		puts(sbuf_text(&w.text));
	sbuf_free(&w.text);
	return 0;
}
