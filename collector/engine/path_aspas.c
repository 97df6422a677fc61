/* AS paths as they are in the RIB, verified by the ASPAs in force. */
#include "collector/engine/engine_private.h"

/* false: it has segments that no path between networks has, or that nobody can verify. */
static bool
walk_path(const struct aspa_set *aspas, struct cursor path, struct aspa_walk *w)
{
	struct as_segment seg;

	aspa_walk_start(w, aspas);
	while (as_path_next(&path, 4, &seg)) {
		if (seg.type != AS_SEQUENCE)
			return false;
		for (unsigned i = 0; i < seg.count; i++)
			aspa_walk_as(w, as_segment_at(&seg, 4, i));
	}
	return true;
}

bool
engine_aspa_verdict(const struct aspa_set *aspas, struct cursor path, struct aspa_verdict *v)
{
	struct aspa_walk w;

	if (aspa_set_count(aspas) == 0 || !walk_path(aspas, path, &w))
		return false;
	*v = aspa_walk_end(&w);
	return true;
}

uint16_t
engine_aspa_bits(const struct aspa_set *aspas, struct cursor path, struct aspa_broken *broken)
{
	struct aspa_verdict v;

	*broken = (struct aspa_broken){ 0 };
	if (!engine_aspa_verdict(aspas, path, &v))
		return 0;
	*broken = v.rising;
	return (uint16_t)((v.up == ASPA_INVALID ? PATH_ASPA_UPSTREAM : 0) |
			  (v.down == ASPA_INVALID ? PATH_ASPA_DOWNSTREAM : 0));
}

struct aspa_broken
engine_aspa_broken(const struct engine *e, uint32_t path)
{
	struct aspa_broken broken = { 0 };

	if (path != 0)
		engine_aspa_bits(e->aspas, path_value(&e->rib.attrs, path), &broken);
	return broken;
}
