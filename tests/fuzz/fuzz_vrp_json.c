/* Any text as a VRP file; what is accepted must make a snapshot whose walk is the list. */
#include "base/hash.h"
#include "collector/rpki/vrp_json.h"
#include "tests/fuzz/fuzz.h"

/* What was read is valid and sorted, and a snapshot holds it and nothing else. */
static void
check_list(const struct vrp_list *l)
{
	struct vrp_set *set = vrp_set_new(l, 1);
	struct vrp_delta d;

	assert(set != NULL && vrp_delta_between(NULL, set, &d) && d.added.n == l->n);
	for (size_t i = 0; i < l->n; i++) {
		assert(vrp_ok(&l->v[i]) && vrp_cmp(&l->v[i], &d.added.v[i]) == 0);
		assert(vrp_validate(set, &l->v[i].prefix, true, l->v[i].asn).state ==
		       (l->v[i].asn != 0 ? ROV_VALID : ROV_INVALID));
	}
	vrp_delta_free(&d);
	vrp_set_unref(set);
}

/* A list that was checked is not checked again: most mutations are of the text around it. */
static bool
seen_before(const struct vrp_list *l)
{
	enum { SEEN = 1 << 16 };
	static uint64_t seen[SEEN];
	uint64_t h = l->n;
	bool before;

	for (size_t i = 0; i < l->n; i++) {
		h = hash_bytes(h, &l->v[i].prefix, sizeof(l->v[i].prefix));
		h = h * 31 + l->v[i].max_len;
		h = h * 31 + l->v[i].asn;
	}
	before = seen[h % SEEN] == h;
	seen[h % SEEN] = h;
	return before;
}

/* Every pair is a hop of the snapshot, and the snapshot says nothing else. */
static void
check_aspas(struct aspa_list *l)
{
	struct aspa_set *set;
	struct aspa_list again;

	aspa_list_sort_unique(l);
	set = aspa_set_new(l, 1);
	assert(set != NULL && aspa_set_count(set) == aspa_list_customers(l));
	assert(aspa_set_list(set, &again) && again.n <= l->n);
	for (size_t i = 0; i < again.n; i++)
		assert(aspa_hop(set, again.v[i].customer, again.v[i].provider) == ASPA_PROVIDER);
	aspa_list_free(&again);
	aspa_set_unref(set);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct vrp_list l = { 0 };
	struct aspa_list aspas = { 0 };
	struct vrp_json_how how = { .aspas = &aspas, .aspas_alone = true };
	struct vrp_file_stats st;
	char error[64];

	if (!vrp_json_parse((const char *)data, size, &how, &l, &st, error, sizeof(error))) {
		assert(l.n == 0 && aspas.n == 0 && error[0] != '\0');
	} else if (l.n > 0) {
		vrp_list_sort_unique(&l);
		if (!seen_before(&l))
			check_list(&l);
	}
	if (aspas.n > 0)
		check_aspas(&aspas);
	aspa_list_free(&aspas);
	vrp_list_free(&l);
	return 0;
}
