#include "collector/rpki/aspa_edit.h"

bool
aspa_edits_touch(const struct aspa_edits *e, uint32_t asn)
{
	for (unsigned i = 0; i < e->n; i++)
		if (e->v[i].customer == asn)
			return true;
	return false;
}

struct aspa_set *
aspa_set_edited(const struct aspa_set *set, const struct aspa_edits *e)
{
	struct aspa_list all = { 0 }, edited = { 0 };
	struct aspa_set *out = NULL;
	bool good = set == NULL || aspa_set_list(set, &all);

	for (size_t i = 0; i < all.n && good; i++)
		if (!aspa_edits_touch(e, all.v[i].customer))
			good = aspa_list_add(&edited, all.v[i].customer, all.v[i].provider);
	for (unsigned i = 0; i < e->n; i++)
		for (unsigned k = 0; k < e->v[i].providers_n && good; k++)
			good = aspa_list_add(&edited, e->v[i].customer, e->v[i].providers[k]);
	if (good) {
		aspa_list_sort_unique(&edited);
		out = aspa_set_new(&edited, 0);
	}
	aspa_list_free(&all);
	aspa_list_free(&edited);
	return out;
}
