/* Counting: families by row, faults and quirks by number. */
#include "collector/bmp_stream/stream_private.h"

struct bmp_family_count *
bmp_counters_family(struct bmp_counters *c, struct bgp_family family)
{
	for (unsigned i = 0; i < c->families_n; i++)
		if (bgp_family_equal(c->families[i].family, family))
			return &c->families[i];
	if (c->families_n == BMP_FAMILY_COUNTS)
		return NULL;
	c->families[c->families_n] = (struct bmp_family_count){ .family = family };
	return &c->families[c->families_n++];
}

void
bmp_counters_add(struct bmp_counters *to, const struct bmp_counters *c)
{
	to->bytes += c->bytes;
	to->skipped += c->skipped;
	to->v4 += c->v4;
	for (int i = 0; i <= BMP_TYPES; i++)
		to->messages[i] += c->messages[i];
	for (int i = 0; i < FAULT_CODES; i++)
		to->faults[i] += c->faults[i];
	for (int i = 0; i < BMP_QUIRKS; i++)
		to->quirks[i] += c->quirks[i];
	for (unsigned i = 0; i < c->families_n; i++) {
		struct bmp_family_count *f = bmp_counters_family(to, c->families[i].family);

		if (f == NULL)
			continue;
		f->announced += c->families[i].announced;
		f->withdrawn += c->families[i].withdrawn;
		f->end_of_rib += c->families[i].end_of_rib;
	}
}

void
bmp_stream_count(struct bmp_stream *s, struct bmp_peer *p, struct bgp_family family,
    uint64_t announced, uint64_t withdrawn)
{
	struct bmp_family_count *f = bmp_counters_family(&s->counters, family);

	if (f != NULL) {
		f->announced += announced;
		f->withdrawn += withdrawn;
	}
	p->announced += announced;
	p->withdrawn += withdrawn;
}

void
bmp_stream_count_end_of_rib(struct bmp_stream *s, struct bgp_family family)
{
	struct bmp_family_count *f = bmp_counters_family(&s->counters, family);

	if (f != NULL)
		f->end_of_rib++;
}

static bool
listed(const struct faults *f, enum fault_code code)
{
	for (int i = 0; i < FAULTS_MAX; i++)
		if (f->v[i].code == code)
			return true;
	return false;
}

void
bmp_counters_add_faults(struct bmp_counters *to, const struct faults *f)
{
	for (uint32_t i = 0; i < f->n && i < FAULTS_MAX; i++)
		to->faults[f->v[i].code]++;
	/* a fault that the list did not keep counts once */
	for (int c = 0; f->n > FAULTS_MAX && c < FAULT_CODES; c++)
		if (faults_have(f, (enum fault_code)c) && !listed(f, (enum fault_code)c))
			to->faults[c]++;
	if (f->action >= FAULT_DROP_MESSAGE)
		to->skipped++;
}

void
stream_count_faults(struct bmp_stream *s, struct bmp_peer *p, const struct faults *f)
{
	bmp_counters_add_faults(&s->counters, f);
	if (p != NULL)
		p->faults += f->n;
}
