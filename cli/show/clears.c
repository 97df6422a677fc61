/* What would end an incident, by its kind: what an operator can do, and what he can wait for. */
#include <string.h>

#include "cli/show/show_private.h"

static const struct {
	const char *front; /* of the kind */
	const char *clears;
} rows[] = {
	{ "rov.invalid.asn",
	    "nobody has the routes any more, or a VRP covers them with this origin: "
	    "filter it at the import, or have the ROA made" },
	{ "rov.invalid.length",
	    "nobody has the routes any more, or a VRP allows prefixes as long as these" },
	{ "aspa.invalid", "nobody has the routes any more, or the ASPA names the provider" },
	{ "hijack.", "nobody has the routes any more: the origin withdraws them, or our neighbours "
		     "filter it; or own.prefixes.origins allows the origin" },
	{ "leak.own", "we send the routes to no provider or peer any more: an export filter" },
	{ "leak.", "nobody has the routes any more: the neighbour withdraws them, or an import "
		   "filter drops them" },
	{ "visibility.", "the prefix is back where it is missing" },
	{ "own.more-specific", "nobody has the routes any more, or own.prefixes.max_length allows "
			       "them" },
	{ "blackhole.", "the route is withdrawn, or not accepted any more" },
	{ "bogon.", "nobody has the routes any more: an import filter" },
	{ "route.", "nobody has the routes any more" },
	{ "path.", "nobody has the routes any more" },
	{ "origin.", "nobody has the routes any more" },
	{ "peer.", "the session, and what comes by it, is as it was" },
	{ "router.", "the router is back, or as it should be" },
	{ "rpki.", "the data is whole again" },
	{ "roa.", "the ROAs fit what we announce, or we announce what the ROAs say" },
	{ "sav.", "the list has been looked at: it closes by itself" },
};

const char *
show_what_clears(const char *kind)
{
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (strncmp(kind, rows[i].front, strlen(rows[i].front)) == 0)
			return rows[i].clears;
	return "what is wrong is right again (docs/ALARMS.md has each kind)";
}
