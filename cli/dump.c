/*
 * bellman dump: the routes of one view as the daemon has them now, as an MRT RIB dump (RFC 6396
 * 4.3), which every tool of the field reads. MRT has no field for a view nor for a VRF, so a dump
 * is of one view, and of the global table.
 */
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/hash.h"
#include "base/ptrmap.h"
#include "cli/cli.h"
#include "cli/control_rows.h"
#include "parsers/mrt/write.h"
#include "proto/control_request.h"

enum { RECORD_MAX = 1024 * 1024, INDEX_MAX = 4 * 1024 * 1024, PEERS_MAX = 65535 };

static const struct cli_option options[] = {
	{ 'V', false, "view", "VIEW", "in-pre, in-post, loc-rib (the default), out-pre, out-post",
	    "in-pre in-post loc-rib out-pre out-post" },
	{ 'R', false, "router", "NAME", "only of routers whose name begins like this",
	    CLI_ROUTERS },
	{ 'P', false, "peer", "ADDRESS", "only of this neighbour", CLI_PEERS },
	{ 's', true, "socket", "PATH", "control socket of the daemon", CLI_FILES },
	{ 0 },
};

/* Octets that many routes have in common, once. */
struct blob {
	struct blob *before; /* made before it */
	size_t n;
	uint8_t octets[];
};

struct held {
	struct ip_prefix prefix;
	uint32_t path_id, sec;
	uint16_t peer;
	struct blob *attrs;
};

struct dump {
	struct control_options control;
	const char *view, *router, *peer, *out_path;
	struct held *routes;
	size_t n, room;
	struct mrt_peer *peers;
	char (*names)[256]; /* router and address of each, to know it by */
	unsigned peers_n;
	struct ptrmap blobs;
	struct blob *last;
	char first[128]; /* router */
	bool several, path_ids, no_memory;
	uint64_t others, vrfs; /* left out */
};

/* --- reading */

static int
nibble(char c)
{
	return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static size_t
octets_of(const char *hex, uint8_t *out, size_t max)
{
	size_t n = 0;

	while (n < max && nibble(hex[0]) >= 0 && nibble(hex[1]) >= 0) {
		out[n++] = (uint8_t)(nibble(hex[0]) << 4 | nibble(hex[1]));
		hex += 2;
	}
	return n;
}

/* Is this what NEXT_HOP says? */
static bool
is_next_hop(const uint8_t *attrs, size_t n, const uint8_t *hop, size_t hop_n)
{
	for (size_t at = 0; at + 3 <= n;) {
		bool extended = attrs[at] & ATTR_EXTENDED;
		size_t head = extended ? 4 : 3;
		size_t len = extended && at + 4 <= n ? (size_t)attrs[at + 2] << 8 | attrs[at + 3]
						     : attrs[at + 2];

		if (attrs[at + 1] == ATTR_NEXT_HOP)
			return len == hop_n && at + head + len <= n &&
			       memcmp(attrs + at + head, hop, len) == 0;
		at += head + len;
	}
	return false;
}

/* As a RIB entry has them: MP_REACH_NLRI with the next hop only (RFC 6396 4.3.4). The route's next
 * hop is not that of a NEXT_HOP which came beside MP_REACH_NLRI (RFC 4760 3). */
static size_t
attrs_of(const json_t *row, uint8_t *out, size_t max)
{
	size_t n = octets_of(row_text(row, "octets"), out, max), hop;
	bool v6 = strcmp(row_text(row, "family"), "ipv6-unicast") == 0;
	uint8_t next_hop[64];

	hop = octets_of(row_text(row, "next_hop_octets"), next_hop, sizeof(next_hop));
	if (hop == 0 || (!v6 && is_next_hop(out, n, next_hop, hop)) || n + hop + 4 > max)
		return n;
	out[n++] = ATTR_OPTIONAL;
	out[n++] = ATTR_MP_REACH;
	out[n++] = (uint8_t)(hop + 1);
	out[n++] = (uint8_t)hop;
	memcpy(out + n, next_hop, hop);
	return n + hop;
}

static struct blob *
blob_of(struct dump *d, const uint8_t *octets, size_t n)
{
	uint32_t hash = (uint32_t)hash_bytes(0, octets, n);
	struct blob *b;

	for (uint32_t at = 0; (b = ptrmap_next(&d->blobs, hash, &at)) != NULL;)
		if (b->n == n && memcmp(b->octets, octets, n) == 0)
			return b;
	b = malloc(sizeof(*b) + n);
	if (b == NULL)
		return NULL;
	b->n = n;
	memcpy(b->octets, octets, n);
	if (!ptrmap_add(&d->blobs, hash, b)) {
		free(b);
		return NULL;
	}
	b->before = d->last;
	return d->last = b;
}

/* Rows of one peer come one after the other. -1: there are too many, or no memory. */
static int
peer_of(struct dump *d, const json_t *row)
{
	char name[256];
	struct mrt_peer *p;

	snprintf(
	    name, sizeof(name), "%.120s %.120s", row_text(row, "router"), row_text(row, "peer"));
	for (unsigned i = d->peers_n; i-- > 0;)
		if (strcmp(d->names[i], name) == 0)
			return (int)i;
	if (d->peers_n == PEERS_MAX)
		return -1;
	if (d->peers_n % 64 == 0) {
		struct mrt_peer *peers = realloc(d->peers, (d->peers_n + 64) * sizeof(*d->peers));
		char(*names)[256] = realloc(d->names, (d->peers_n + 64) * sizeof(*d->names));

		d->peers = peers != NULL ? peers : d->peers;
		d->names = names != NULL ? names : d->names;
		if (peers == NULL || names == NULL)
			return -1;
	}
	p = &d->peers[d->peers_n];
	memset(p, 0, sizeof(*p));
	if (!ip_addr_parse(row_text(row, "peer"), &p->address))
		ip_addr_parse("0.0.0.0", &p->address); /* Loc-RIB has none */
	p->as = (uint32_t)row_number(row, "peer_as");
	memcpy(d->names[d->peers_n], name, sizeof(name));
	if (d->first[0] == '\0')
		snprintf(d->first, sizeof(d->first), "%.120s", row_text(row, "router"));
	d->several |= strcmp(d->first, row_text(row, "router")) != 0;
	return (int)d->peers_n++;
}

static bool
is_plain(const char *family)
{
	return strcmp(family, "ipv4-unicast") == 0 || strcmp(family, "ipv6-unicast") == 0;
}

static bool
hold(struct dump *d, const json_t *row)
{
	static uint8_t attrs[65536];
	struct held *r;
	double at = 0;
	int peer = peer_of(d, row);

	if (d->n == d->room) {
		size_t room = d->room == 0 ? 4096 : 2 * d->room;
		struct held *more = realloc(d->routes, room * sizeof(*more));

		if (more == NULL)
			return false;
		d->routes = more;
		d->room = room;
	}
	r = &d->routes[d->n];
	*r = (struct held){ .peer = (uint16_t)peer,
		.path_id = (uint32_t)row_number(row, "path_id") };
	r->attrs = blob_of(d, attrs, attrs_of(row, attrs, sizeof(attrs)));
	r->sec = cli_time(row_text(row, "since"), &at) ? (uint32_t)at : 0;
	d->path_ids |= r->path_id != 0;
	if (peer < 0 || r->attrs == NULL ||
	    !ip_prefix_parse(row_text(row, "prefix"), false, &r->prefix))
		return false;
	d->n++;
	return true;
}

static bool
take(void *ctx, const char *line)
{
	struct dump *d = ctx;
	json_t *row = json_loads(line, 0, NULL);
	const char *rd = row_text(row, "distinguisher");

	if (*rd != '\0' && strcmp(rd, "0:0") != 0)
		d->vrfs++;
	else if (!is_plain(row_text(row, "family")))
		d->others++;
	else
		d->no_memory = row == NULL || !hold(d, row);
	json_decref(row);
	return !d->no_memory;
}

static int
ask(struct dump *d)
{
	struct sbuf request = sbuf_of(8192);
	int rc;

	control_request_begin(&request, "show");
	control_request_word(&request, "what", "routes");
	control_request_word(&request, "format", "json");
	control_request_word(&request, "walk", "1");
	control_request_word(&request, "octets", "1");
	control_request_word(&request, "view", d->view);
	if (d->router != NULL)
		control_request_word(&request, "router", d->router);
	if (d->peer != NULL)
		control_request_word(&request, "peer", d->peer);
	rc = control_ask(d->control.path, &request, take, d);
	sbuf_free(&request);
	return rc;
}

/* --- writing */

static int
cmp(const void *x, const void *y)
{
	const struct held *a = x, *b = y;
	int rc = ip_prefix_cmp(&a->prefix, &b->prefix);

	if (a->prefix.family != b->prefix.family)
		return a->prefix.family < b->prefix.family ? -1 : 1;
	if (rc == 0)
		rc = (a->path_id > b->path_id) - (a->path_id < b->path_id);
	return rc != 0 ? rc : (int)a->peer - (int)b->peer;
}

static bool
write_index(const struct dump *d, uint32_t now, FILE *out)
{
	const uint8_t nobody[4] = { 0 };
	uint8_t *buf = malloc(INDEX_MAX);
	char name[256];
	size_t n = 0;

	snprintf(name, sizeof(name), "%s %s", d->several ? "several routers" : d->first, d->view);
	if (buf != NULL)
		n = mrt_write_peer_index(buf, INDEX_MAX, now, nobody, name, d->peers, d->peers_n);
	n = n > 0 && fwrite(buf, 1, n, out) == n;
	free(buf);
	return n;
}

/* All routes of a prefix are one record, but for what has no room in it. */
static bool
write_routes(const struct dump *d, uint32_t now, FILE *out)
{
	uint8_t *record = malloc(RECORD_MAX);
	uint32_t sequence = 0;
	bool ok = record != NULL;

	for (size_t i = 0, next; ok && i < d->n; i = next) {
		const struct ip_prefix *p = &d->routes[i].prefix;
		struct bgp_family family = { p->family == IP_V6 ? AFI_IPV6 : AFI_IPV4,
			SAFI_UNICAST };
		struct mrt_rib_writer w;
		uint8_t nlri[17] = { p->len };

		memcpy(nlri + 1, p->b, (p->len + 7U) / 8);
		mrt_rib_begin(&w, record, RECORD_MAX, now, sequence++, family, d->path_ids, 0,
		    cur_of(nlri, 1 + (p->len + 7U) / 8));
		for (next = i; next < d->n && ip_prefix_cmp(p, &d->routes[next].prefix) == 0 &&
			       d->routes[next].prefix.family == p->family;
		     next++) {
			const struct held *r = &d->routes[next];
			struct mrt_entry e = { r->peer, r->sec != 0 ? r->sec : now, r->path_id,
				cur_of(r->attrs->octets, r->attrs->n) };

			if (!mrt_rib_put(&w, &e))
				break;
		}
		if (next == i)
			ok = false;
		if (ok) {
			size_t n = mrt_rib_finish(&w);

			ok = n > 0 && fwrite(record, 1, n, out) == n;
		}
	}
	free(record);
	return ok;
}

static void
say_left_out(const struct dump *d)
{
	if (d->vrfs > 0)
		fprintf(stderr,
		    "bellman dump: %llu routes of VRFs are left out: MRT has no place for "
		    "a distinguisher\n",
		    (unsigned long long)d->vrfs);
	if (d->others > 0)
		fprintf(stderr, "bellman dump: %llu routes of other families are left out\n",
		    (unsigned long long)d->others);
}

/* The file is there whole, or not at all. */
static int
write_out(struct dump *d)
{
	bool is_file = strcmp(d->out_path, "-") != 0;
	uint32_t now = (uint32_t)time(NULL);
	char temporary[4096];
	FILE *out;
	bool ok;

	if ((size_t)snprintf(temporary, sizeof(temporary), "%s.%ld.tmp", d->out_path,
		(long)getpid()) >= sizeof(temporary))
		return cli_wrong("dump", "the name is too long");
	out = is_file ? fopen(temporary, "wb") : stdout;
	if (out == NULL) {
		fprintf(stderr, "%s: %s\n", temporary, strerror(errno));
		return CLI_USAGE;
	}
	qsort(d->routes, d->n, sizeof(*d->routes), cmp);
	ok = write_index(d, now, out) && write_routes(d, now, out) && fflush(out) == 0;
	if (is_file)
		ok = fclose(out) == 0 && ok && rename(temporary, d->out_path) == 0;
	if (ok) {
		fprintf(stderr, "%s: %zu routes of %u peer%s, %s\n", d->out_path, d->n, d->peers_n,
		    d->peers_n == 1 ? "" : "s", d->view);
		return CLI_OK;
	}
	fprintf(stderr, "%s: %s\n", d->out_path, strerror(errno));
	if (is_file)
		unlink(temporary);
	return CLI_NOTHING;
}

static int
run(struct dump *d)
{
	int rc = ask(d);

	if (d->no_memory) {
		fputs("bellman dump: out of memory, or the answer is not understood\n", stderr);
		return CLI_REFUSED;
	}
	if (rc != CLI_OK)
		return rc;
	say_left_out(d);
	if (d->n > 0)
		return write_out(d);
	fprintf(stderr, "bellman dump: there are no routes in %s\n", d->view);
	return CLI_NOTHING;
}

static int
cli_dump(int argc, char **argv)
{
	struct dump d = { .control = control_options(), .view = "loc-rib" };
	int opt, rc;

	while ((opt = cli_next_option(&cli_dump_command, argc, argv)) > 0) {
		if (opt == 'V')
			d.view = optarg;
		else if (opt == 'R')
			d.router = optarg;
		else if (opt == 'P')
			d.peer = optarg;
		else
			control_option(&d.control, opt, optarg);
	}
	if (opt != CLI_OPTIONS_END)
		return cli_options_rc(opt);
	if (optind + 1 != argc)
		return cli_wrong("dump", "into which file? \"-\" is standard output");
	d.out_path = argv[optind];
	if (strcmp(d.out_path, "-") == 0 && isatty(STDOUT_FILENO))
		return cli_wrong("dump", "MRT is not for a terminal; into a file, or into a pipe");
	rc = run(&d);
	for (struct blob *b; (b = d.last) != NULL; free(b))
		d.last = b->before;
	ptrmap_free(&d.blobs);
	free(d.routes);
	free(d.peers);
	free(d.names);
	return rc;
}

const struct cli_command cli_dump_command = {
	.name = "dump",
	.summary = "the routes of a view as they are now, as an MRT RIB dump",
	.arguments = "FILE",
	.words = CLI_FILES,
	.about =
	    "Writes TABLE_DUMP_V2 (RFC 6396, with path ids RFC 8050): IPv4 and IPv6 unicast of the "
	    "global table, in one view, which MRT has no field for. Loc-RIB has the peer 0.0.0.0. "
	    "FILE is there when all went well; \"-\" is standard output.\n"
	    "  bellman dump --view in-pre --router ams1 rib.mrt\n"
	    "  bellman dump - | bgpdump -m -\n"
	    "Exit 1 when there are no routes.",
	.options = options,
	.run = cli_dump,
};
