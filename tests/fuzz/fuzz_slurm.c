/* Any text as a file of local exceptions; what is accepted can be used on a list of VRPs. */
#include "collector/rpki/slurm.h"
#include "tests/fuzz/fuzz.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct vrp_list l = { 0 };
	struct slurm s;
	char error[128] = "";

	if (!slurm_parse((const char *)data, size, &s, error, sizeof(error))) {
		assert(error[0] != '\0' && s.filters == NULL && s.assertions.v == NULL);
		return 0;
	}
	for (size_t i = 0; i < s.assertions.n; i++) {
		assert(vrp_ok(&s.assertions.v[i]));
		assert(i == 0 || vrp_cmp(&s.assertions.v[i - 1], &s.assertions.v[i]) < 0);
	}
	/* what a file adds it can take away, and no VRP is left that a filter matches */
	assert(vrp_list_copy(&l, &s.assertions));
	slurm_filter(&s, &l);
	for (size_t i = 0; i < l.n; i++)
		for (size_t f = 0; f < s.filters_n; f++)
			assert((s.filters[f].has_asn && s.filters[f].asn != l.v[i].asn) ||
			       (s.filters[f].has_prefix &&
				   !ip_prefix_covers(&s.filters[f].prefix, &l.v[i].prefix)));
	assert(slurm_overlap(&s, &s, error, sizeof(error)) || s.assertions.n == 0);
	vrp_list_free(&l);
	slurm_free(&s);
	return 0;
}
