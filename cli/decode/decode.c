/* bellman decode: what is in a recorded stream, message by message or as one summary. */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/cli.h"
#include "cli/decode/brief.h"
#include "cli/decode/filter.h"
#include "cli/decode/message.h"
#include "cli/decode/problems.h"
#include "cli/decode/records.h"
#include "cli/decode/summary.h"
#include "cli/recording.h"

static const struct cli_option options[] = {
	{ 'r', false, "records", NULL,
	    "MRT records or OpenBMP messages as they are, not the BMP made of them", NULL },
	{ 'S', false, "summary", NULL,
	    "one JSON object a file: counts of messages, routes, faults, quirks", NULL },
	{ 't', false, "type", "T,...",
	    "only these messages: route_monitoring, statistics_report, peer_down, peer_up, "
	    "initiation, termination, route_mirroring, unknown; or those that mirror BGP's open, "
	    "update, notification, keepalive, route_refresh",
	    "route_monitoring statistics_report peer_down peer_up initiation termination "
	    "route_mirroring unknown open update notification keepalive route_refresh" },
	{ 'p', false, "peer", "P",
	    "only this peer: an address, AS64500, or a distinguisher as 64500:100", NULL },
	{ 'x', false, "prefix", "X",
	    "only UPDATEs of this prefix, as 203.0.113.0/24, or of one inside it; of an address, "
	    "as 203.0.113.7: of the prefixes that cover it",
	    NULL },
	{ 'b', true, "brief", NULL,
	    "one line a route: when, + announced or - withdrawn, the route, the peer and view, the "
	    "path and what else is said of it; with -o json an object a route",
	    NULL },
	{ 'm', false, "bgpdump", NULL, "one line a route, as bgpdump -m writes it", NULL },
	{ 'P', false, "problems", NULL,
	    "only messages with a fault or a quirk, and records of MRT with a fault", NULL },
	{ 'n', true, NULL, "N", "stop after N messages, or routes, shown", NULL },
	{ 'o', true, "output", "FORMAT", "text, or json: one object a message", "text json" },
	{ 'c', false, "color", "WHEN", "auto (on a terminal), always, never", "auto always never" },
	{ 'c', false, "colour", "WHEN", NULL, NULL },
	{ 0 },
};

enum { MESSAGE_MAX = 16 * 1024 * 1024, PEERS_MAX = 100000, BLOCK_MAX = 1 << 26 };

struct decode {
	bool summary, records, json, colour;
	struct decode_filter filter;
	uint64_t shown, shown_max; /* 0: all */
	struct decode_message message;
	bool update_wanted;
	bool is_brief;
	struct brief brief;
	struct sbuf out;
	/* of the file: all its streams together */
	const char *path;
	struct bmp_counters counters;
	uint64_t tail;
	unsigned streams;
	bool live;
};

/* One router's stream in it. */
struct one {
	struct decode *decode;
	char name[256];		     /* "" when the file holds one stream only */
	uint64_t quirks[BMP_QUIRKS]; /* before the message */
	uint64_t offset;
	int64_t recorded_us; /* what is being read; 0 not known */
	uint16_t mrt_type;   /* of a file of MRT the first record's, else 0 */
};

/* --- explanation */

/* A message matches when one of its UPDATEs does. */
static void
parse_update(
    struct decode *d, struct bmp_stream *s, struct bmp_peer *p, struct bmp_update *u, bool mirrored)
{
	decode_count_update(s, p, u,
	    !mirrored		      ? DECODE_COUNT_PLAIN
	    : cli_recording_is_bgp(s) ? DECODE_COUNT_ALL
				      : DECODE_COUNT_NONE);
	if (!d->summary && decode_filter_update(&d->filter, u))
		d->update_wanted = true;
	if (!u->is_end_of_rib)
		bgp_update_check(u->bgp, &u->context, u->faults);
}

/* Its routes, a line each. */
static void
show_routes(struct one *o, struct bmp_stream *s, const struct bmp_peer *p, struct bmp_update *u)
{
	struct decode *d = o->decode;

	if (u->is_end_of_rib ||
	    !decode_filter_is_peer(&d->filter, &p->key.address, p->as, p->key.distinguisher))
		return;
	/* in MRT the recorder's own routes may have no AS_PATH */
	u->context.lenient_missing |= o->mrt_type != 0;
	bgp_update_check(u->bgp, &u->context, u->faults);
	d->brief.mrt_type = o->mrt_type;
	d->brief.recorded_us = o->recorded_us;
	if (!brief_update(&d->brief, p, u))
		bmp_stream_stop(s);
	d->shown = d->brief.shown;
}

static void
on_update(void *ctx, struct bmp_stream *s, struct bmp_peer *p, struct bmp_update *u)
{
	struct decode *d = ((struct one *)ctx)->decode;

	if (d->is_brief) {
		show_routes(ctx, s, p, u);
		return;
	}
	if (!d->summary)
		decode_message_update(&d->message, u);
	parse_update(d, s, p, u, false);
}

static void
on_mirrored(void *ctx, struct bmp_stream *s, struct bmp_peer *p, const struct bmp_msg *m,
    unsigned type, struct cursor message, struct bmp_update *u)
{
	struct decode *d = ((struct one *)ctx)->decode;

	(void)message;
	if (d->is_brief) { /* what a router mirrors it sends as routes, too */
		if (u == NULL || !cli_recording_is_bgp(s))
			return;
		if (m->peer.as != 0) /* known since its OPEN */
			p->as = m->peer.as;
		u->router_us = (int64_t)m->peer.sec * 1000000 + m->peer.usec;
		show_routes(ctx, s, p, u);
		return;
	}
	if (!d->summary)
		decode_message_mirrored(&d->message, type, u);
	if (u != NULL)
		parse_update(d, s, p, u, true);
}

/* The quirks of this message: those whose counters have moved. */
static uint64_t
new_quirks(struct one *o, const struct bmp_stream *s)
{
	const uint64_t *now = bmp_stream_counters(s)->quirks;
	uint64_t mask = 0;

	for (int q = 0; q < BMP_QUIRKS; q++)
		if (now[q] != o->quirks[q])
			mask |= 1ULL << q;
	memcpy(o->quirks, now, sizeof(o->quirks));
	return mask;
}

static bool
wanted(const struct decode *d)
{
	const struct decode_message *m = &d->message;

	if (d->filter.problems && m->faults->n == 0 && m->quirks == 0)
		return false;
	if (d->filter.has_prefix && !d->update_wanted)
		return false;
	return decode_filter_message(&d->filter, m->msg, m->mirrored_types);
}

static void
show_out(struct decode *d)
{
	fwrite(d->out.data, 1, d->out.len, stdout);
	sbuf_clear(&d->out);
	d->shown++;
}

static void
show(struct decode *d)
{
	decode_message_put(&d->message, d->json, d->colour, &d->out);
	d->message.explained |= d->message.quirks;
	show_out(d);
}

static void
on_message(void *ctx, struct bmp_stream *s, const struct bmp_msg *msg, const struct faults *f)
{
	struct one *o = ctx;
	struct decode *d = o->decode;
	struct decode_message *m = &d->message;

	if (d->summary || d->is_brief)
		return;
	m->captured = cli_recording_is_bgp(s);
	/* in a capture of BGP the Initiation was made here */
	if (!m->captured || msg->type != BMP_INITIATION) {
		m->number++;
		m->offset = o->offset;
		m->recorded_us = o->recorded_us;
		m->stream = o->name[0] != '\0' ? o->name : NULL;
		m->msg = msg;
		m->v4_revision = bmp_stream_v4_revision(s);
		m->faults = f;
		m->quirks = new_quirks(o, s);
		if (wanted(d)) {
			show(d);
			if (d->shown == d->shown_max)
				bmp_stream_stop(s);
		}
	}
	o->offset += msg->len;
	decode_message_next(m);
	d->update_wanted = false;
}

static const struct bmp_stream_ops ops = {
	.update = on_update, .mirrored = on_mirrored, .message = on_message
};

static struct bmp_stream *
on_begin(void *ctx, const struct recording_stream *from)
{
	struct decode *d = ctx;
	struct one *o = calloc(1, sizeof(*o));
	struct bmp_stream *s = o != NULL ? bmp_stream_new(&ops, o, MESSAGE_MAX, PEERS_MAX) : NULL;
	size_t n = strlen(d->path);

	if (s == NULL) {
		free(o);
		return NULL;
	}
	d->streams++;
	o->decode = d;
	o->mrt_type = from->format == RECORDING_MRT ? from->mrt_type : 0;
	/* "FILE: who" in captures and OpenBMP's frames */
	if (strncmp(from->name, d->path, n) == 0 && strncmp(from->name + n, ": ", 2) == 0)
		snprintf(o->name, sizeof(o->name), "%s", from->name + n + 2);
	return s;
}

static void
on_end(void *ctx, struct bmp_stream *s, uint64_t tail)
{
	struct decode *d = ctx;
	struct one *o = bmp_stream_ctx(s);

	bmp_counters_add(&d->counters, bmp_stream_counters(s));
	d->tail += tail;
	bmp_stream_free(s);
	free(o);
}

/* A record with a fault stands among the messages that were made of it and its neighbours. */
static void
on_fault(void *ctx, struct bmp_stream *s, const struct recording_fault *fault)
{
	struct decode *d = ctx;

	bmp_counters_add_faults(&d->counters, fault->faults);
	if (d->summary || d->is_brief || decode_filter_chooses(&d->filter))
		return;
	problems_put_record(fault, d->json, d->colour, &d->out);
	show_out(d);
	if (d->shown == d->shown_max)
		bmp_stream_stop(s);
}

static void
on_recorded(void *ctx, struct bmp_stream *s, int64_t time_us)
{
	struct one *o = bmp_stream_ctx(s);

	(void)ctx;
	o->recorded_us = time_us;
}

static void
on_pause(void *ctx)
{
	struct decode *d = ctx;

	if (!d->live)
		return;
	if (d->is_brief)
		brief_flush(&d->brief);
	fflush(stdout);
}

/* Neither end is a file: show what has been read before waiting for more. */
static bool
is_live(const char *path)
{
	struct stat in, out;
	bool known = strcmp(path, "-") == 0 ? fstat(STDIN_FILENO, &in) == 0 : stat(path, &in) == 0;

	return known && !S_ISREG(in.st_mode) && fstat(STDOUT_FILENO, &out) == 0 &&
	       !S_ISREG(out.st_mode);
}

/* Says that the file has messages, but none of those asked for. */
static int
none_shown(const struct decode *d)
{
	uint64_t n = 0;

	for (unsigned i = 0; i <= BMP_TYPES; i++)
		n += d->counters.messages[i];
	fprintf(stderr, "%s: none of %llu messages %s\n", d->path, (unsigned long long)n,
	    d->is_brief		 ? "has a route that was asked for"
	    : d->filter.problems ? "has a fault or a quirk"
				 : "is what was asked for");
	return CLI_NOTHING;
}

static int
decode_file(struct decode *d, const char *path, bool several)
{
	static const struct cli_recording_ops file_ops = { .begin = on_begin,
		.end = on_end,
		.recorded = on_recorded,
		.fault = on_fault,
		.pause = on_pause };
	uint64_t shown = d->shown;
	int rc;

	memset(&d->message, 0, sizeof(d->message));
	memset(&d->counters, 0, sizeof(d->counters));
	d->tail = 0;
	d->streams = 0;
	d->path = path;
	d->live = is_live(path);
	rc = cli_recording_each(path, &file_ops, d);
	if (d->is_brief)
		brief_flush(&d->brief);
	if (d->brief.left_out > 0)
		fprintf(stderr,
		    "%s: %llu routes of other families than IPv4 and IPv6 unicast are left out: "
		    "--brief shows them\n",
		    path, (unsigned long long)d->brief.left_out);
	d->brief.left_out = 0;
	if (d->summary && (rc != CLI_USAGE || d->streams > 0))
		decode_summary_print(&d->counters, d->tail, several ? path : NULL);
	if (rc == CLI_OK && !d->summary && d->shown == shown)
		return none_shown(d);
	return rc == CLI_NOTHING && d->shown > shown ? CLI_OK : rc; /* records that are at fault */
}

static bool
parse_number(struct decode *d, const char *text)
{
	unsigned long long n;

	if (!cli_number(text, 1, UINT64_MAX, &n)) {
		cli_wrong("decode", "-n is a number of messages from 1 on, not \"%s\"", text);
		return false;
	}
	d->shown_max = n;
	return true;
}

/* Returns false, and says why, when the option is not valid. */
static bool
parse_option(struct decode *d, int opt)
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
	case 'b':
		return d->is_brief = true;
	case 'm':
		d->brief.form = BRIEF_BGPDUMP;
		return d->is_brief = true;
	case 'P':
		return d->filter.problems = true;
	case 'n':
		return parse_number(d, optarg);
	case 'o':
		return cli_format("decode", optarg, &d->json);
	case 'c':
		return cli_colour("decode", optarg, &d->colour);
	default:
		return false;
	}
}

/* Do the options go together? If not, it says why. */
static bool
coherent(const struct decode *d)
{
	const struct decode_filter *f = &d->filter;
	const char *other = decode_filter_peer_given(f)		? "--peer"
			    : f->has_prefix			? "--prefix"
			    : f->types != 0 || f->mirrored != 0 ? "--type"
			    : f->problems			? "--problems"
								: NULL;

	if (d->records && d->summary)
		cli_wrong("decode", "--records and --summary are two things");
	else if (d->is_brief && (d->records || d->summary))
		cli_wrong("decode", "%s and %s are two things",
		    d->brief.form == BRIEF_BGPDUMP ? "--bgpdump" : "--brief",
		    d->records ? "--records" : "--summary");
	else if (d->is_brief && (f->types != 0 || f->mirrored != 0 || f->problems))
		cli_wrong("decode", "%s chooses messages; --brief shows routes",
		    f->problems ? "--problems" : "--type");
	else if (d->brief.form == BRIEF_BGPDUMP && d->json)
		cli_wrong("decode", "--bgpdump is text; --brief -o json is an object a route");
	else if (d->records && decode_filter_chooses(f))
		cli_wrong("decode",
		    "%s chooses messages of BMP; --records shows all records as "
		    "they are",
		    other);
	else if (d->summary && other != NULL)
		cli_wrong("decode",
		    "%s chooses messages to be shown; --summary counts all of a "
		    "file",
		    other);
	else
		return true;
	return false;
}

static int
decode_files(struct decode *d, char **paths, int n)
{
	bool found = false, bad = false;

	for (int i = 0; i < n && (d->shown_max == 0 || d->shown < d->shown_max); i++) {
		int one;

		if (d->records && is_live(paths[i]))
			setvbuf(stdout, NULL, _IOLBF, 0);
		one = d->records ? decode_records(paths[i], d->json, d->filter.problems,
				       d->shown_max, &d->shown)
				 : decode_file(d, paths[i], n > 1);
		found |= one == CLI_OK;
		bad |= one == CLI_USAGE;
	}
	return bad ? CLI_USAGE : found ? CLI_OK : CLI_NOTHING;
}

static int
cli_decode(int argc, char **argv)
{
	struct decode d = { .out = sbuf_of(BLOCK_MAX) };
	int opt, rc;

	cli_colour("decode", "auto", &d.colour);
	while ((opt = cli_next_option(&cli_decode_command, argc, argv)) > 0) {
		if (!parse_option(&d, opt))
			return CLI_USAGE;
	}
	if (opt != CLI_OPTIONS_END)
		return cli_options_rc(opt);
	if (!coherent(&d))
		return CLI_USAGE;
	if (d.json && d.is_brief)
		d.brief.form = BRIEF_JSON;
	d.brief.shown_max = d.shown_max;
	d.brief.filter = &d.filter;
	d.brief.out = sbuf_of(BLOCK_MAX);
	if (optind >= argc)
		return cli_wrong("decode", "which file? \"-\" is standard input");
	rc = decode_files(&d, argv + optind, argc - optind);
	sbuf_free(&d.brief.out);
	sbuf_free(&d.out);
	return rc;
}

const struct cli_command cli_decode_command = {
	.name = "decode",
	.summary = "explain a recorded BMP stream, or count what is in it",
	.arguments = "FILE...",
	.words = CLI_FILES,
	.about =
	    "Explains each message of a recorded stream (\"-\": standard input): every field by "
	    "its "
	    "name, in hex what was not understood, and what is wrong with it and where.\n"
	    "Files are raw BMP, captures (pcap, pcapng) of BMP or BGP, MRT, or OpenBMP raw "
	    "messages, also packed with gzip, bzip2 or zstd. Of a file that is cut or damaged, "
	    "what can be read is shown.\n"
	    "Exit: 0 something was found, 1 nothing (no messages, or none of those asked for), 2 a "
	    "file cannot be read or is none of these.",
	.options = options,
	.run = cli_decode,
};
