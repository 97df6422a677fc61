#include "cli/show/reach.h"

#include <string.h>

#include "cli/control_rows.h"

static bool
in_views(const json_t *row, const char *list, const char *view)
{
	const json_t *views = json_object_get(row, list), *v;
	size_t i;

	json_array_foreach(views, i, v)
		if (strcmp(json_string_value(v), view) == 0)
			return true;
	return false;
}

void
incident_reach(const json_t *row, struct txt *t)
{
	bool routes = row_number(json_object_get(row, "prefixes"), "count") > 0;
	bool unknown = strcmp(row_text(row, "transition"), "unknown") == 0;

	if (unknown)
		txt_puts(t, "not known");
	else if (!routes || json_array_size(json_object_get(row, "views")) == 0)
		txt_puts(t, "");
	else if (in_views(row, "views", "adj-rib-out-post"))
		txt_puts(t, "passed on");
	else if (in_views(row, "views", "loc-rib") || in_views(row, "views", "adj-rib-out-pre"))
		txt_puts(t, "in use");
	else if (in_views(row, "views", "adj-rib-in-post"))
		txt_puts(t, "accepted");
	else
		txt_puts(
		    t, in_views(row, "views_missing", "adj-rib-in-post") ? "received" : "filtered");
}
