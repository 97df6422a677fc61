#include "cli/recording.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/sbuf.h"
#include "cli/cli.h"
#include "collector/recordings/framer.h"
#include "collector/recordings/tcp/bgp_mirror.h"

enum { FIRST = 8 };

/* One router's stream: what is not a whole message yet is held. */
struct feed {
	struct bmp_stream *stream;
	char name[256];
	enum recording_format format;
	uint8_t first[FIRST]; /* octets of it */
	size_t first_n;
	struct sbuf held;
	uint64_t tail; /* after framing was lost */
};

struct reading {
	const char *path;
	const struct cli_recording_ops *ops;
	void *ctx;
	uint64_t messages;
	bool no_memory, strange;
};

/* --- what a file is not */

static const char *
shown(const char *path)
{
	return strcmp(path, "-") == 0 ? "standard input" : path;
}

/* Recognises files that people give by mistake. Of a file that is packed twice the outer packing is
 * off already. */
static const char *
other_format(const uint8_t *at, size_t n)
{
	static const struct {
		const char *magic, *name;
	} known[] = { { "PK\x03\x04", "zip, which is not unpacked here" },
		{ "\xfd"
		  "7zXZ",
		    "xz, which is not unpacked here" },
		{ "\x1f\x8b", "gzip, packed twice" }, { "BZh", "bzip2, packed twice" },
		{ "\x28\xb5\x2f\xfd", "zstd, packed twice" } };

	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		if (n >= strlen(known[i].magic) &&
		    memcmp(at, known[i].magic, strlen(known[i].magic)) == 0)
			return known[i].name;
	for (size_t i = 0; i < n; i++)
		if ((at[i] < ' ' || at[i] > '~') && at[i] != '\n' && at[i] != '\r' && at[i] != '\t')
			return NULL;
	return "text";
}

bool
cli_recording_is_strange(const char *path, const uint8_t *at, size_t n)
{
	struct faults f = { .n = 0 };
	const char *other;

	if (n >= BMP_HEADER_LEN ? bmp_frame(at, n, FRAMER_MESSAGE_MAX, &f) >= 0
				: framer_plausible(at, n))
		return false;
	other = other_format(at, n < FIRST ? n : FIRST);
	fprintf(stderr, "%s: neither BMP, pcap, MRT nor OpenBMP (begins", shown(path));
	for (size_t i = 0; i < n && i < 4; i++)
		fprintf(stderr, " %02x", at[i]);
	fprintf(stderr, "%s%s)\n", other != NULL ? ": " : "", other != NULL ? other : "");
	return true;
}

static void
report_nothing(const char *path, const struct recording_counts *c)
{
	unsigned long long records = c->records;
	const char *s = records == 1 ? "" : "s";

	fprintf(stderr, "%s: ", shown(path));
	switch (c->format) {
	case RECORDING_PCAP:
	case RECORDING_PCAPNG:
		fprintf(stderr, "no BMP or BGP in %llu packet%s", records, s);
		break;
	case RECORDING_MRT:
		fprintf(stderr, "no BGP in %llu MRT record%s", records, s);
		break;
	case RECORDING_OPENBMP:
		fprintf(stderr, "no BMP in %llu OpenBMP message%s", records, s);
		break;
	default:
		if (c->octets == 0)
			fputs("empty", stderr);
		else
			fprintf(stderr, "no whole message in %llu octets",
			    (unsigned long long)c->octets);
	}
	fputc('\n', stderr);
}

int
cli_recording_result(const char *path, int rc, const struct recording_counts *c, uint64_t messages)
{
	if (rc > 0 || messages > 0)
		return CLI_OK;
	if (rc < 0)
		return CLI_USAGE;
	report_nothing(path, c);
	return CLI_NOTHING;
}

void
cli_recording_warn(void *ctx, const char *text)
{
	(void)ctx;
	fprintf(stderr, "%s\n", text);
}

bool
cli_recording_is_bgp(const struct bmp_stream *s)
{
	return strcmp(bmp_stream_sys_descr(s), BGP_MIRROR_DESCR) == 0;
}

/* --- streams */

static void *
on_begin(void *ctx, const struct recording_stream *from)
{
	struct reading *r = ctx;
	struct feed *f = calloc(1, sizeof(*f));

	if (f != NULL)
		f->stream = r->ops->begin(r->ctx, from);
	if (f == NULL || f->stream == NULL) {
		free(f);
		return NULL;
	}
	snprintf(f->name, sizeof(f->name), "%s", shown(from->name));
	f->format = from->format;
	f->held =
	    sbuf_of((size_t)bmp_stream_message_max(f->stream) + 2 * (size_t)RECORDING_BYTES_MAX);
	return f;
}

static void
feed(struct feed *f, const uint8_t *data, size_t n)
{
	if (bmp_stream_broken(f->stream) != NULL) {
		f->tail += n;
	} else if (f->held.len == 0) {
		size_t used = bmp_stream_feed(f->stream, data, n, 0);

		sbuf_add(&f->held, data + used, n - used);
	} else {
		sbuf_add(&f->held, data, n);
		sbuf_drop(&f->held,
		    bmp_stream_feed(f->stream, (const uint8_t *)f->held.data, f->held.len, 0));
	}
}

static bool
on_bytes(void *ctx, void *stream, const uint8_t *data, size_t n, int64_t time_us)
{
	struct feed *f = stream;
	struct reading *r = ctx;

	if (f == NULL)
		return false;
	for (size_t i = 0; i < n && f->first_n < FIRST; i++)
		f->first[f->first_n++] = data[i];
	if (r->ops->recorded != NULL)
		r->ops->recorded(r->ctx, f->stream, time_us);
	feed(f, data, n);
	if (r->ops->pause != NULL)
		r->ops->pause(r->ctx);
	r->no_memory |= f->held.failed;
	return !f->held.failed && !bmp_stream_stopped(f->stream);
}

static void
on_fault(void *ctx, void *stream, const struct recording_fault *fault)
{
	const struct reading *r = ctx;
	const struct feed *f = stream;

	if (f != NULL && r->ops->fault != NULL && !bmp_stream_stopped(f->stream))
		r->ops->fault(r->ctx, f->stream, fault);
}

/* The Initiation is made for every MRT file, so it does not show that there is BGP in it. */
static uint64_t
messages_of(const struct feed *f)
{
	const uint64_t *of_type = bmp_stream_counters(f->stream)->messages;
	uint64_t n = 0;

	for (unsigned i = 0; i <= BMP_TYPES; i++)
		n += f->format == RECORDING_MRT && i == BMP_INITIATION ? 0 : of_type[i];
	return n;
}

static void
report_end(struct reading *r, const struct feed *f, uint64_t tail)
{
	const struct bmp_stream *s = f->stream;
	const struct fault *broken = bmp_stream_broken(s);
	uint64_t octets = bmp_stream_counters(s)->bytes;

	if (f->format == RECORDING_BMP && octets == 0 && f->first_n > 0 &&
	    cli_recording_is_strange(r->path, f->first, f->first_n))
		r->strange = true;
	else if (broken != NULL)
		fprintf(stderr, "%s: framing lost after %llu octets: %s\n", f->name,
		    (unsigned long long)octets, fault_text((enum fault_code)broken->code));
	else if (tail > 0 && !bmp_stream_stopped(s))
		fprintf(stderr, "%s: ends inside a message, %llu octets left\n", f->name,
		    (unsigned long long)tail);
}

static void
on_end(void *ctx, void *stream, bool closed)
{
	struct reading *r = ctx;
	struct feed *f = stream;
	uint64_t tail;

	(void)closed;
	if (f == NULL)
		return;
	tail = f->tail + f->held.len;
	report_end(r, f, tail);
	r->messages += messages_of(f);
	if (r->ops->end != NULL)
		r->ops->end(r->ctx, f->stream, tail);
	sbuf_free(&f->held);
	free(f);
}

int
cli_recording_each(const char *path, const struct cli_recording_ops *ops, void *ctx)
{
	static const struct recording_ops files = { .stream_begin = on_begin,
		.bytes = on_bytes,
		.stream_end = on_end,
		.warn = cli_recording_warn,
		.fault = on_fault };
	struct reading r = { .path = path, .ops = ops, .ctx = ctx };
	struct recording_counts counts;
	int rc = recording_read(path, &files, &r, &counts);

	if (r.no_memory)
		fprintf(stderr, "%s: out of memory\n", shown(path));
	return r.no_memory || r.strange ? CLI_USAGE
					: cli_recording_result(path, rc, &counts, r.messages);
}
