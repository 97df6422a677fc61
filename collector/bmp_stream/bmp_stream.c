#include "collector/bmp_stream/bmp_stream.h"

#include <stdio.h>
#include <stdlib.h>

#include "collector/bmp_stream/stream_private.h"

struct bmp_stream *
bmp_stream_new(
    const struct bmp_stream_ops *ops, void *ctx, uint32_t message_max, unsigned peers_max)
{
	struct bmp_stream *s = calloc(1, sizeof(*s));

	if (s == NULL)
		return NULL;
	s->ops = ops;
	s->ctx = ctx;
	s->message_max = message_max;
	s->peers_max = peers_max;
	return s;
}

void
bmp_stream_free(struct bmp_stream *s)
{
	if (s == NULL)
		return;
	peers_free(s);
	free(s);
}

void
bmp_stream_stop(struct bmp_stream *s)
{
	s->stop = true;
}

bool
bmp_stream_stopped(const struct bmp_stream *s)
{
	return s->stop;
}

void *
bmp_stream_ctx(const struct bmp_stream *s)
{
	return s->ctx;
}

uint32_t
bmp_stream_message_max(const struct bmp_stream *s)
{
	return s->message_max;
}

const struct fault *
bmp_stream_broken(const struct bmp_stream *s)
{
	return s->broken ? &s->broken_by : NULL;
}

bool
bmp_stream_initiated(const struct bmp_stream *s)
{
	return s->initiated;
}

bool
bmp_stream_terminated(const struct bmp_stream *s)
{
	return s->terminated;
}

const char *
bmp_stream_termination(const struct bmp_stream *s, char *buf, size_t size)
{
	uint16_t reason = s->termination_reason;
	const char *text = s->termination_text;
	char number[32] = "";

	if (reason >= BMP_TERM_REASONS)
		snprintf(number, sizeof(number), " %u", reason);
	snprintf(buf, size, "%s%s%s%s%s", s->terminated ? bmp_termination_reason_name(reason) : "",
	    number, text[0] != '\0' ? " (" : "", text, text[0] != '\0' ? ")" : "");
	return buf;
}

const char *
bmp_stream_sys_name(const struct bmp_stream *s)
{
	return s->sys_name;
}

const char *
bmp_stream_sys_descr(const struct bmp_stream *s)
{
	return s->sys_descr;
}

enum bmp_v4_revision
bmp_stream_v4_revision(const struct bmp_stream *s)
{
	return s->v4_revision;
}

const struct bmp_counters *
bmp_stream_counters(const struct bmp_stream *s)
{
	return &s->counters;
}

/* --- feeding */

/* Pass a parsed message to the function of its type. */
static void
dispatch(struct bmp_stream *s, const struct bmp_msg *m, struct faults *f)
{
	if (s->terminated)
		stream_quirk(s, NULL, QUIRK_AFTER_TERMINATION);
	if (!s->initiated && m->type != BMP_INITIATION)
		stream_quirk(s, NULL, QUIRK_BEFORE_INITIATION);
	if (m->type == BMP_ROUTE_MONITORING) {
		stream_routes(s, m, f);
		return;
	}
	switch (m->type) {
	case BMP_PEER_UP:
		stream_peer_up(s, m, f);
		break;
	case BMP_PEER_DOWN:
		stream_peer_down(s, m, f);
		break;
	case BMP_INITIATION:
		stream_initiation(s, m, f);
		break;
	case BMP_TERMINATION:
		stream_termination(s, m, f);
		break;
	case BMP_STATISTICS:
		stream_statistics(s, m, f);
		break;
	case BMP_ROUTE_MIRRORING:
		stream_mirroring(s, m, f);
		break;
	default: /* bmp_parse gives no other */
		break;
	}
}

/* Framing is lost for good: nothing in a stream shows where a message begins. */
static void
give_up(struct bmp_stream *s, const uint8_t *header, const struct faults *f)
{
	s->broken = true;
	s->broken_by = f->v[0];
	if (s->broken_by.code == FAULT_BMP_LENGTH && be32(header + 1) == 0)
		stream_quirk(s, NULL, QUIRK_LENGTH_ZERO);
	stream_count_faults(s, NULL, f);
}

size_t
bmp_stream_feed(struct bmp_stream *s, const uint8_t *buf, size_t len, int64_t now_us)
{
	size_t at = 0;

	s->now_us = now_us;
	s->stop = false;
	while (!s->broken && !s->stop) {
		struct faults f;
		struct bmp_msg m;
		int64_t n;

		faults_begin(&f);
		n = bmp_frame(buf + at, len - at, s->message_max, &f);
		if (n < 0) {
			give_up(s, buf + at, &f);
			break;
		}
		if (n == 0 || (size_t)n > len - at)
			break;
		s->current = NULL;
		if (bmp_parse(buf + at, (size_t)n, &m, &f))
			dispatch(s, &m, &f);
		s->counters.messages[m.type < BMP_TYPES ? m.type : BMP_TYPES]++;
		s->counters.bytes += (uint64_t)n;
		s->counters.v4 += m.version == 4;
		if (f.n > 0)
			stream_count_faults(s, s->current, &f);
		if (s->ops->message != NULL)
			s->ops->message(s->ctx, s, &m, &f);
		at += (size_t)n;
	}
	return at;
}
