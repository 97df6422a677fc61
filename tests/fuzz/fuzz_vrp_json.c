/* Any text as a VRP file; what is accepted must make a snapshot whose walk is the list. */
#include "collector/rpki/vrp_json.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct vrp_list l = { 0 };
	struct vrp_file_stats st;
	struct vrp_delta d;
	struct vrp_set *set;
	char error[64];

	if (!vrp_json_parse((const char *)data, size, &l, &st, error, sizeof(error))) {
		if (l.n != 0 || error[0] == '\0')
			abort();
		vrp_list_free(&l);
		return 0;
	}
	vrp_list_sort_unique(&l);
	set = vrp_set_new(&l, 1);
	if (set == NULL || !vrp_delta_between(NULL, set, &d) || d.added.n != l.n)
		abort();
	for (size_t i = 0; i < l.n; i++)
		if (!vrp_ok(&l.v[i]) || vrp_cmp(&l.v[i], &d.added.v[i]) != 0 ||
		    vrp_validate(set, &l.v[i].prefix, true, l.v[i].asn).state !=
			(l.v[i].asn != 0 ? ROV_VALID : ROV_INVALID))
			abort();
	vrp_delta_free(&d);
	vrp_set_unref(set);
	vrp_list_free(&l);
	return 0;
}
