/*
 * A stream of BMP as MRT updates (RFC 6396 4.4, RFC 8050 3): each UPDATE becomes a BGP4MP or
 * BGP4MP_ET record, Peer Up and Peer Down become state changes. Only one view of one table is
 * written, since MRT could not distinguish them. Of a captured BGP session every message is
 * written, in both directions. What a router mirrors is left out: its Route Monitoring says the
 * same.
 */
#include <stdlib.h>
#include <string.h>

#include "base/pure/ip.h"
#include "cli/cli.h"
#include "cli/convert/convert.h"
#include "cli/recording.h"
#include "parsers/bgp/message.h"
#include "parsers/mrt/write.h"

enum {
	MESSAGE_MAX = 16 * 1024 * 1024,
	PEERS_MAX = 100000,
	RECORD_MAX = BGP_MESSAGE_MAX + 128,
	SPEAKERS_MAX = 1024,
};

/* Who has sent an OPEN in a captured session. */
struct speaker {
	struct ip_addr address;
	uint32_t as;
};

struct updates {
	struct convert *convert;
	int view; /* -1: that of the first UPDATE */
	uint64_t records, left_out;
	int64_t last_us; /* of the last message that had a time, for those that have none */
	bool failed;
	struct speaker speakers[SPEAKERS_MAX];
	unsigned speakers_n;
	uint8_t record[RECORD_MAX];
};

static void
put(struct updates *x, struct mrt_record *m, const struct mrt_bgp4mp *t, int64_t us)
{
	size_t n;

	if (us != 0)
		x->last_us = us;
	m->sec = (uint32_t)(x->last_us / 1000000);
	m->usec = (uint32_t)(x->last_us % 1000000);
	n = mrt_write_bgp4mp(x->record, sizeof(x->record), m, t);
	if (n == 0)
		x->left_out++;
	else if (fwrite(x->record, 1, n, x->convert->out) != n)
		x->failed = true;
	else
		x->records++;
}

static struct mrt_bgp4mp
session_of(const struct bmp_peer *p)
{
	return (struct mrt_bgp4mp){ .peer_as = p->as,
		.local_as = p->local_as,
		.peer_address = p->key.address,
		.local_address = p->local_address };
}

static void
put_state(struct updates *x, const struct bmp_peer *p, uint16_t from, uint16_t to, int64_t us)
{
	struct mrt_record m = { .kind = MRT_KIND_STATE_CHANGE, .as4 = true };
	struct mrt_bgp4mp t = session_of(p);

	t.old_state = from;
	t.new_state = to;
	put(x, &m, &t, us);
}

/* Is it of the table that is written? */
static bool
is_wanted(struct updates *x, const struct bmp_stream *s, const struct bmp_peer *p)
{
	bool wanted = convert_wants(x->convert, s, p);

	x->left_out += !wanted;
	return wanted;
}

static void
on_peer_up(void *ctx, struct bmp_stream *s, struct bmp_peer *p, int64_t us)
{
	if (is_wanted(ctx, s, p))
		put_state(ctx, p, MRT_STATE_IDLE, MRT_STATE_ESTABLISHED, us);
}

static void
on_peer_down(void *ctx, struct bmp_stream *s, struct bmp_peer *p, const struct bmp_peer_down *down,
    int64_t us)
{
	(void)down;
	if (is_wanted(ctx, s, p))
		put_state(ctx, p, MRT_STATE_ESTABLISHED, MRT_STATE_IDLE, us);
}

static void
on_update(void *ctx, struct bmp_stream *s, struct bmp_peer *p, struct bmp_update *u)
{
	struct updates *x = ctx;
	struct mrt_record m = { .kind = MRT_KIND_MESSAGE,
		.as4 = u->context.encoding.as4,
		.local = u->view == BMP_VIEW_OUT_PRE || u->view == BMP_VIEW_OUT_POST,
		.path_ids = bgp_encoding_has_path_ids(&u->context.encoding) };
	struct mrt_bgp4mp t = session_of(p);
	const uint8_t *start = u->bgp->start - BGP_HEADER_LEN;

	if (!is_wanted(x, s, p))
		return;
	if (x->view < 0)
		x->view = (int)u->view;
	if ((int)u->view != x->view) {
		x->left_out++;
		return;
	}
	t.message = cur_of(start, (size_t)(u->bgp->nlri.end - start));
	put(x, &m, &t, u->router_us);
}

/* --- captured sessions */

static struct speaker *
speaker_of(struct updates *x, const struct ip_addr *a)
{
	for (unsigned i = 0; i < x->speakers_n; i++)
		if (ip_addr_equal(&x->speakers[i].address, a))
			return &x->speakers[i];
	return NULL;
}

/* Remembers the AS of the sender, for the records of the other direction. */
static void
learn_speaker(struct updates *x, const struct bmp_peer_header *h)
{
	struct speaker *s = speaker_of(x, &h->address);

	if (s == NULL && x->speakers_n < SPEAKERS_MAX)
		s = &x->speakers[x->speakers_n++];
	if (s != NULL)
		*s = (struct speaker){ h->address, h->as };
}

/* The receiver's name is its address (collector/recordings/tcp/bgp_mirror.h). */
static void
find_receiver(struct updates *x, const char *name, struct mrt_bgp4mp *t)
{
	const struct speaker *s;
	struct ip_addr a;

	if (!ip_addr_parse(name, &a) || a.family != t->peer_address.family)
		return;
	t->local_address = a;
	s = speaker_of(x, &a);
	if (s != NULL)
		t->local_as = s->as;
}

static void
on_mirrored(void *ctx, struct bmp_stream *s, struct bmp_peer *p, const struct bmp_msg *msg,
    unsigned type, struct cursor message, struct bmp_update *u)
{
	struct updates *x = ctx;
	struct mrt_record m = { .kind = MRT_KIND_MESSAGE,
		.as4 = u == NULL || u->context.encoding.as4 };
	struct mrt_bgp4mp t = session_of(p);

	if (x->view < 0 && cli_recording_is_bgp(s))
		x->view = BMP_VIEW_IN_PRE;
	if (type == 0 || x->view != BMP_VIEW_IN_PRE || !cli_recording_is_bgp(s)) {
		x->left_out++;
		return;
	}
	if (type == BGP_OPEN)
		learn_speaker(x, &msg->peer);
	if (u != NULL)
		m.path_ids = bgp_encoding_has_path_ids(&u->context.encoding);
	t.peer_as = msg->peer.as;
	find_receiver(x, bmp_stream_sys_name(s), &t);
	t.message = message;
	put(x, &m, &t, (int64_t)msg->peer.sec * 1000000 + msg->peer.usec);
}

static struct bmp_stream *
on_begin(void *ctx, const struct recording_stream *from)
{
	static const struct bmp_stream_ops ops = { .peer_up = on_peer_up,
		.peer_down = on_peer_down,
		.update = on_update,
		.mirrored = on_mirrored };

	(void)from;
	return bmp_stream_new(&ops, ctx, MESSAGE_MAX, PEERS_MAX);
}

static void
on_end(void *ctx, struct bmp_stream *s, uint64_t tail)
{
	(void)ctx;
	(void)tail;
	bmp_stream_free(s);
}

int
convert_to_updates(struct convert *c)
{
	static const struct cli_recording_ops ops = { .begin = on_begin, .end = on_end };
	struct updates *x = calloc(1, sizeof(*x));
	int rc;

	if (x == NULL) {
		fprintf(stderr, "%s: out of memory\n", c->in);
		return CLI_NOTHING;
	}
	x->convert = c;
	x->view = c->view;
	rc = cli_recording_each(c->in, &ops, x);
	convert_report_vrfs(c);
	if (rc == CLI_OK) {
		fprintf(stderr, "%s: %llu records, %s; %llu messages left out\n", c->out_path,
		    (unsigned long long)x->records,
		    bmp_view_name(x->view >= 0 ? (unsigned)x->view : BMP_VIEW_IN_PRE),
		    (unsigned long long)x->left_out);
		rc = x->failed || x->records == 0 ? CLI_NOTHING : CLI_OK;
	}
	free(x);
	return rc;
}
