/* bellman decode: what is in a recorded stream, message by message or as one summary. */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/bmp_file.h"
#include "cli/cli.h"
#include "cli/decode_filter.h"
#include "cli/decode_message.h"
#include "cli/decode_records.h"
#include "cli/decode_summary.h"
#include "collector/engine/engine.h"

static const char usage[] =
    "usage: bellman decode [options] FILE...\n"
    "\n"
    "Explains each message of a recorded stream (\"-\": standard input): every field by its name,\n"
    "in hex what was not understood, and what is wrong with it and where.\n"
    "  --records       MRT records or OpenBMP messages as they are, not the BMP made of them\n"
    "  --summary       one JSON object a file: counts of messages, routes, faults, quirks\n"
    "  --type T,...    only these messages: route_monitoring, statistics_report, peer_up, ...\n"
    "  --peer P        only this peer: an address, AS64500, or a distinguisher as 64500:100\n"
    "  --prefix X      only routes for this prefix and those inside it\n"
    "  --problems      only messages with a fault or a quirk\n"
    "  -n N            stop after N messages shown\n"
    "  -o text|json    json: one object a message\n"
    "  --color auto|always|never\n";

enum { MESSAGE_MAX = 16 * 1024 * 1024, PEERS_MAX = 100000, BLOCK_MAX = 1 << 26 };

struct decode {
	bool summary, records, json, colour;
	struct decode_filter filter;
	uint64_t shown, shown_max; /* 0: all */
	struct decode_message message;
	bool update_wanted;
	struct sbuf out;
	/* of the file: all its streams together */
	const char *path;
	struct bmp_counters counters;
	uint64_t tail;
};

/* One router's stream in it. */
struct one {
	struct decode *decode;
	char name[256];		     /* "" when the file holds one stream only */
	uint64_t quirks[BMP_QUIRKS]; /* before the message */
	uint64_t offset;
};

/* --- explanation
 * ----------------------------------------------------------------------------------------------------------
 */

static void
on_update(void *ctx, struct bmp_stream *s, struct bmp_peer *p, struct bmp_update *u)
{
	struct decode *d = ((struct one *)ctx)->decode;
	struct decode_message *m = &d->message;

	decode_count_update(s, p, u);
	if (!d->summary) {
		decode_message_update(m, u);
		d->update_wanted = decode_filter_update(&d->filter, u);
	}
	if (!u->is_end_of_rib)
		bgp_update_check(u->bgp, &u->context, u->faults);
}

/* The quirks of this message: those whose counters have moved. */
static uint64_t
new_quirks(struct one *o, const struct bmp_stream *s)
{
	uint64_t mask = 0;

	for (int q = 0; q < BMP_QUIRKS; q++)
		if (s->counters.quirks[q] != o->quirks[q])
			mask |= 1ULL << q;
	memcpy(o->quirks, s->counters.quirks, sizeof(o->quirks));
	return mask;
}

static bool
wanted(const struct decode *d)
{
	const struct decode_message *m = &d->message;

	if (d->filter.problems && m->faults->n == 0 && m->quirks == 0)
		return false;
	if (d->filter.has_prefix && !(m->has_update && d->update_wanted))
		return false;
	return decode_filter_message(&d->filter, m->msg);
}

static void
on_message(void *ctx, struct bmp_stream *s, const struct bmp_msg *msg, const struct faults *f)
{
	struct one *o = ctx;
	struct decode *d = o->decode;
	struct decode_message *m = &d->message;

	if (d->summary)
		return;
	m->number++;
	m->offset = o->offset;
	m->stream = o->name[0] != '\0' ? o->name : NULL;
	m->msg = msg;
	m->faults = f;
	m->quirks = new_quirks(o, s);
	if (wanted(d)) {
		decode_message_put(m, d->json, d->colour, &d->out);
		fwrite(d->out.data, 1, d->out.len, stdout);
		sbuf_clear(&d->out);
		d->shown++;
		s->stop = d->shown == d->shown_max;
	}
	o->offset += msg->len;
	m->has_update = false;
}

static const struct bmp_stream_ops ops = { .update = on_update, .message = on_message };

static struct bmp_stream *
on_begin(void *ctx, const struct files_stream *from)
{
	struct decode *d = ctx;
	struct one *o = calloc(1, sizeof(*o));
	struct bmp_stream *s = o != NULL ? bmp_stream_new(&ops, o, MESSAGE_MAX, PEERS_MAX) : NULL;
	size_t n = strlen(d->path);

	if (s == NULL) {
		free(o);
		return NULL;
	}
	o->decode = d;
	/* "FILE: who" in captures and OpenBMP's frames */
	if (strncmp(from->name, d->path, n) == 0 && strncmp(from->name + n, ": ", 2) == 0)
		snprintf(o->name, sizeof(o->name), "%s", from->name + n + 2);
	return s;
}

static void
on_end(void *ctx, struct bmp_stream *s, uint64_t tail)
{
	struct decode *d = ctx;
	struct one *o = s->ctx;
	const char *between = o->name[0] != '\0' ? ": " : "";

	if (s->broken)
		fprintf(stderr, "%s%s%s: framing lost after %llu octets: %s\n", d->path, between,
		    o->name, (unsigned long long)s->counters.bytes,
		    fault_text((enum fault_code)s->broken_by.code));
	else if (tail > 0 && !s->stop)
		fprintf(stderr, "%s%s%s: ends inside a message, %llu octets left\n", d->path,
		    between, o->name, (unsigned long long)tail);
	engine_add_counters(&d->counters, &s->counters);
	d->tail += tail;
	bmp_stream_free(s);
	free(o);
}

static int
decode_file(struct decode *d, const char *path, bool several)
{
	static const struct bmp_file_ops file_ops = { on_begin, on_end };

	memset(&d->message, 0, sizeof(d->message));
	memset(&d->counters, 0, sizeof(d->counters));
	d->tail = 0;
	d->path = path;
	if (!bmp_file_each(path, &file_ops, d, NULL))
		return CLI_USAGE;
	if (d->summary)
		decode_summary_print(&d->counters, d->tail, several ? path : NULL);
	return CLI_OK;
}

static bool
take_option(struct decode *d, int opt)
{
	switch (opt) {
	case 'S':
		d->summary = true;
		return true;
	case 'r':
		d->records = true;
		return true;
	case 't':
		return decode_filter_types(&d->filter, optarg);
	case 'p':
		return decode_filter_peer(&d->filter, optarg);
	case 'x':
		return decode_filter_prefix(&d->filter, optarg);
	case 'P':
		d->filter.problems = true;
		return true;
	case 'n':
		d->shown_max = strtoull(optarg, NULL, 10);
		return optarg[strspn(optarg, "0123456789")] == '\0' && d->shown_max > 0;
	case 'o':
		d->json = strcmp(optarg, "json") == 0;
		return d->json || strcmp(optarg, "text") == 0;
	case 'c':
		return cli_colour(optarg, &d->colour);
	default:
		return false;
	}
}

int
cli_decode(int argc, char **argv)
{
	static const struct option options[] = { { "summary", no_argument, NULL, 'S' },
		{ "records", no_argument, NULL, 'r' }, { "type", required_argument, NULL, 't' },
		{ "peer", required_argument, NULL, 'p' },
		{ "prefix", required_argument, NULL, 'x' }, { "problems", no_argument, NULL, 'P' },
		{ "output", required_argument, NULL, 'o' },
		{ "color", required_argument, NULL, 'c' }, { "help", no_argument, NULL, 'h' },
		{ NULL, 0, NULL, 0 } };
	struct decode d = { .out = sbuf_of(BLOCK_MAX) };
	int opt, rc = CLI_OK;

	cli_colour("auto", &d.colour);
	while ((opt = getopt_long(argc, argv, "n:o:h", options, NULL)) != -1)
		if (!take_option(&d, opt))
			return cli_usage(usage, opt == 'h' ? CLI_OK : CLI_USAGE);
	if (optind >= argc)
		return cli_usage(usage, CLI_USAGE);
	for (int i = optind, n = argc - optind; i < argc; i++) {
		int one = d.records ? decode_records(argv[i], d.json, d.shown_max)
				    : decode_file(&d, argv[i], n > 1);

		if (one > rc)
			rc = one;
	}
	sbuf_free(&d.out);
	return rc;
}
