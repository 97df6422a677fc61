/* To a raw stream of BMP, and to OpenBMP's raw messages. */
#include <stdlib.h>
#include <string.h>

#include "base/pure/ip.h"
#include "base/pure/md5.h"
#include "cli/cli.h"
#include "cli/convert/convert.h"
#include "cli/recording.h"
#include "collector/recordings/framer.h"
#include "collector/recordings/recordings.h"
#include "parsers/bmp/bmp.h"
#include "parsers/openbmp/openbmp.h"

struct router {
	struct convert *convert;
	struct framer framer;
	struct openbmp header;
	int64_t time_us; /* of the octets being framed; 0 not known */
	char group[256]; /* sysName */
};

struct work {
	struct convert *convert;
	bool openbmp, strange;
	unsigned streams;
	uint64_t messages, octets;
	enum recording_format format;
};

/* --- OpenBMP */

static void
read_name(struct router *r, const uint8_t *msg, size_t n)
{
	struct faults f = { .n = 0 };
	struct bmp_msg m;
	struct bmp_tlv tlv;

	if (!bmp_parse(msg, n, &m, &f) || m.type != BMP_INITIATION)
		return;
	while (bmp_tlv_next(&m.body, m.start, &tlv, &f)) {
		size_t len = cur_left(&tlv.value);

		if (tlv.type != BMP_INIT_SYS_NAME || len >= sizeof(r->group))
			continue;
		if (len > 0)
			memcpy(r->group, tlv.value.pos, len);
		r->header.router_group = cur_of(r->group, len);
	}
}

/* The header's time: when it was recorded, else the router's own. */
static void
read_time(struct router *r, const uint8_t *msg, size_t n)
{
	if (r->time_us != 0) {
		r->header.sec = (uint32_t)(r->time_us / 1000000);
		r->header.usec = (uint32_t)(r->time_us % 1000000);
	} else if (n >= BMP_HEADER_LEN + BMP_PEER_HEADER_LEN && msg[5] != BMP_INITIATION &&
		   msg[5] != BMP_TERMINATION) {
		r->header.sec = be32(msg + 40);
		r->header.usec = be32(msg + 44);
	}
}

static bool
on_messages(void *ctx, const uint8_t *data, size_t n)
{
	struct router *r = ctx;
	uint8_t head[OPENBMP_HEADER_MIN + 1024];

	for (size_t at = 0; at < n;) {
		size_t len = n - at < BMP_HEADER_LEN ? n - at : be32(data + at + 1), h;

		if (len > n - at || r->framer.state == FRAMER_PASSING)
			len = n - at;
		read_name(r, data + at, len);
		read_time(r, data + at, len);
		h = openbmp_write_header(head, sizeof(head), &r->header, (uint32_t)len);
		if (h == 0 || fwrite(head, 1, h, r->convert->out) != h ||
		    fwrite(data + at, 1, len, r->convert->out) != len)
			return false;
		at += len;
	}
	return true;
}

static struct router *
router_new(struct convert *c, const struct recording_stream *s)
{
	struct router *r = calloc(1, sizeof(*r));
	struct openbmp *h = r != NULL ? &r->header : NULL;
	char address[IP_ADDR_TEXT_MAX] = "0.0.0.0";

	if (r == NULL)
		return NULL;
	r->convert = c;
	framer_init(&r->framer, on_messages, r);
	if (ip_addr_parse(s->address, &h->router_ip))
		ip_addr_format(&h->router_ip, address);
	/* as GoBMP makes them */
	md5(c->name, strlen(c->name), h->collector_hash);
	md5(address, strlen(address), h->router_hash);
	h->collector_admin_id = cur_of(c->name, strlen(c->name) < 512 ? strlen(c->name) : 512);
	h->router_group = cur_of(r->group, 0);
	return r;
}

/* --- both */

static void *
on_begin(void *ctx, const struct recording_stream *s)
{
	struct work *w = ctx;

	w->streams++;
	w->format = s->format;
	return router_new(w->convert, s);
}

static bool
on_bytes(void *ctx, void *stream, const uint8_t *data, size_t n, int64_t time_us)
{
	struct work *w = ctx;
	struct router *r = stream;

	if (r == NULL)
		return false;
	if (w->octets == 0 && w->format == RECORDING_BMP)
		w->strange = cli_recording_is_strange(w->convert->in, data, n);
	w->octets += n;
	if (w->strange)
		return false;
	if (!w->openbmp)
		return w->streams > 1 || fwrite(data, 1, n, w->convert->out) == n;
	r->time_us = time_us;
	return framer_feed(&r->framer, data, n);
}

static void
on_end(void *ctx, void *stream, bool closed)
{
	struct work *w = ctx;
	struct router *r = stream;

	(void)closed;
	if (r == NULL)
		return;
	if (w->openbmp)
		framer_end(&r->framer);
	w->messages += r->framer.messages;
	framer_fini(&r->framer);
	free(r);
}

static int
convert(struct convert *c, bool openbmp)
{
	static const struct recording_ops ops = { .stream_begin = on_begin,
		.bytes = on_bytes,
		.stream_end = on_end,
		.warn = cli_recording_warn };
	struct work w = { .convert = c, .openbmp = openbmp };
	struct recording_counts counts;
	int rc = recording_read(c->in, &ops, &w, &counts);

	if (w.strange)
		return CLI_USAGE;
	if (rc > 0) /* no memory, or the output is full: whoever wrote has reported it */
		return CLI_NOTHING;
	rc = cli_recording_result(c->in, rc, &counts, w.octets);
	if (rc != CLI_OK)
		return rc;
	if (!openbmp && w.streams != 1) {
		fprintf(stderr,
		    "%s: %u routers' streams; a raw file holds one: `--to openbmp` holds all\n",
		    c->in, w.streams);
		return CLI_NOTHING;
	}
	if (openbmp)
		fprintf(stderr, "%s: %llu messages of %u router%s\n", c->out_path,
		    (unsigned long long)w.messages, w.streams, w.streams != 1 ? "s" : "");
	return CLI_OK;
}

int
convert_to_bmp(struct convert *c)
{
	return convert(c, false);
}

int
convert_to_openbmp(struct convert *c)
{
	return convert(c, true);
}
