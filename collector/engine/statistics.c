/* The last Statistics Report of each peer (RFC 7854 4.8), kept for `bellman show`. */
#include "collector/engine/engine_private.h"

#include <stdlib.h>

enum { STAT_IN_INVALID = 35, STAT_OUT_INVALID = 41 }; /* RFC 9972 */

/* The statistics of the peer, allocated with its first report; NULL when out of memory. */
static struct peer_statistics *
kept_of(struct peer *p)
{
	if (p->statistics == NULL)
		p->statistics = calloc(1, sizeof(*p->statistics));
	return p->statistics;
}

static void
keep(struct peer_statistics *kept, const struct bmp_stat *st)
{
	struct engine_statistic *at = kept->v, *end = kept->v + kept->n;

	while (at < end && (at->type != st->type || at->per_family != st->per_family ||
			       !bgp_family_equal(at->family, st->family)))
		at++;
	if (at == kept->v + ENGINE_STATISTICS_MAX)
		return;
	if (at == end)
		kept->n++;
	kept->rov |= st->type == STAT_IN_INVALID || st->type == STAT_OUT_INVALID;
	*at = (struct engine_statistic){ st->type, st->per_family, st->family, st->value };
}

void
engine_statistics_keep(struct peer *p, const struct bmp_msg *m, int64_t now_us)
{
	struct peer_statistics *kept = kept_of(p);
	struct faults ignored = { .n = 0 }; /* the stream has noted them */
	struct bmp_stats all;
	struct bmp_stat one;

	if (kept == NULL)
		return;
	kept->at_us = now_us;
	bmp_stats_begin(m, &all, &ignored);
	while (bmp_stats_next(m, &all, &one, &ignored))
		if (one.has_value && !one.enterprise)
			keep(kept, &one);
}
