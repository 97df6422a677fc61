#include "collector/bmp_stream/bmp_stream.h"

#include <stdlib.h>

#include "collector/bmp_stream/stream_private.h"

static const struct {
	const char *name, *text;
} quirks[BMP_QUIRKS] = {
#define QUIRK_ROW(code, name, text) [code] = { name, text },
	BMP_QUIRK_MAP(QUIRK_ROW)
#undef QUIRK_ROW
};

const char *
bmp_quirk_name(enum bmp_quirk q)
{
	return (unsigned)q < BMP_QUIRKS ? quirks[q].name : "unknown";
}

const char *
bmp_quirk_text(enum bmp_quirk q)
{
	return (unsigned)q < BMP_QUIRKS ? quirks[q].text : "unknown quirk";
}

struct bmp_stream *
bmp_stream_new(
    const struct bmp_stream_ops *ops, void *ctx, uint32_t message_max, unsigned peers_max)
{
	struct bmp_stream *s = calloc(1, sizeof(*s));
	unsigned buckets = 16;

	if (s == NULL)
		return NULL;
	while (buckets < peers_max && buckets < 4096)
		buckets *= 2;
	s->buckets = calloc(buckets, sizeof(struct bmp_peer *));
	if (s->buckets == NULL) {
		free(s);
		return NULL;
	}
	s->buckets_n = buckets;
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
	free(s->buckets);
	free(s);
}

/* --- counting */

struct bmp_family_count *
stream_family(struct bmp_stream *s, struct bgp_family family)
{
	struct bmp_counters *c = &s->counters;

	for (unsigned i = 0; i < c->families_n; i++)
		if (bgp_family_equal(c->families[i].family, family))
			return &c->families[i];
	if (c->families_n == BMP_FAMILY_COUNTS)
		return NULL;
	c->families[c->families_n] = (struct bmp_family_count){ .family = family };
	return &c->families[c->families_n++];
}

void
bmp_stream_count(struct bmp_stream *s, struct bmp_peer *p, struct bgp_family family,
    uint64_t announced, uint64_t withdrawn)
{
	struct bmp_family_count *f = stream_family(s, family);

	if (f != NULL) {
		f->announced += announced;
		f->withdrawn += withdrawn;
	}
	p->announced += announced;
	p->withdrawn += withdrawn;
}

static bool
listed(const struct faults *f, enum fault_code code)
{
	for (int i = 0; i < FAULTS_MAX; i++)
		if (f->v[i].code == code)
			return true;
	return false;
}

static void
count_faults(struct bmp_stream *s, struct bmp_peer *p, const struct faults *f)
{
	for (uint32_t i = 0; i < f->n && i < FAULTS_MAX; i++)
		s->counters.faults[f->v[i].code]++;
	/* of what is not in the list, that it was there */
	for (int c = 0; f->n > FAULTS_MAX && c < FAULT_CODES; c++)
		if (faults_have(f, (enum fault_code)c) && !listed(f, (enum fault_code)c))
			s->counters.faults[c]++;
	if (p != NULL)
		p->faults += f->n;
	if (f->action >= FAULT_DROP_MESSAGE)
		s->counters.skipped++;
}

/* --- feeding */

/* Framing is lost: a stream has no mark to find its way back by. */
static void
give_up(struct bmp_stream *s, const uint8_t *header, const struct faults *f)
{
	s->broken = true;
	s->broken_by = f->v[0];
	if (s->broken_by.code == FAULT_BMP_LENGTH && be32(header + 1) == 0)
		stream_quirk(s, NULL, QUIRK_LENGTH_ZERO);
	count_faults(s, NULL, f);
}

size_t
bmp_stream_feed(struct bmp_stream *s, const uint8_t *buf, size_t len, int64_t now_us)
{
	size_t at = 0;

	s->now_us = now_us;
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
			stream_apply(s, &m, &f);
		s->counters.messages[m.type < BMP_TYPES ? m.type : BMP_TYPES]++;
		s->counters.bytes += (uint64_t)n;
		s->counters.v4 += m.version == 4;
		if (f.n > 0)
			count_faults(s, s->current, &f);
		if (s->ops->message != NULL)
			s->ops->message(s->ctx, s, &m, &f);
		at += (size_t)n;
	}
	return at;
}
