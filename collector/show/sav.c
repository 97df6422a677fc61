/* What permit lists are made of, as octets for whoever makes one (collector/sav). */
#include "collector/show/show_private.h"

static void
each_fact(void *ctx, const struct sav_fact *f)
{
	sbuf_add(ctx, f, sav_fact_size(f->piece));
}

bool
show_sav_facts(struct engine *e, struct show_query *q, struct printer *p)
{
	struct sav_fact failed = { .piece = SAV_FAILED };
	bool more = engine_sav(e, &q->sav, &q->at, each_fact, p->out);

	if (!p->out->failed)
		return more;
	sbuf_clear(p->out);
	each_fact(p->out, &failed);
	return false;
}
