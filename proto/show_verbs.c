#include "proto/show_verbs.h"

#include <string.h>

#include "base/pure/text.h"

static const struct column routers[] = {
	{ "router", "ROUTER", -24, COLUMN_CUT },
	{ "state", "STATE", -6, 0 },
	{ "address", "ADDRESS", -21, COLUMN_CUT },
	{ "up/peers", "PEERS", 11, 0 },
	{ "routes", "ROUTES", 10, 0 },
	{ "stale", "STALE", 8, 0 },
	{ "all messages", "MESSAGES", 10, 0 },
	{ "since", "SINCE", -20, COLUMN_APART },
	{ "down_reason", "WHY DOWN", 0, 0 },
	{ NULL, NULL, 0, 0 },
};

static const struct column peers[] = {
	{ "router", "ROUTER", -24, COLUMN_CUT },
	{ "peer", "PEER", -30, COLUMN_CUT },
	{ "peer_as", "AS", 10, 0 },
	{ "state", "STATE", -5, 0 },
	{ "relation", "RELATION", -10, 0 },
	{ "adj-rib-in-pre", "IN-PRE", 9, 0 },
	{ "adj-rib-in-post", "IN-POST", 9, 0 },
	{ "loc-rib", "LOC-RIB", 9, 0 },
	{ "adj-rib-out-pre", "OUT-PRE", 9, 0 },
	{ "adj-rib-out-post", "OUT-POST", 9, 0 },
	{ "updates", "UPDATES", 8, 0 },
	{ "quirks", "QUIRKS", 0, COLUMN_APART },
	{ NULL, NULL, 0, 0 },
};

static const struct column routes[] = {
	{ "router", "ROUTER", -24, COLUMN_CUT },
	{ "peer", "PEER", -28, COLUMN_CUT },
	{ "peer_as", "AS", 10, 0 },
	{ "view", "VIEW", -16, 0 },
	{ "rov", "ROV", -9, 0 },
	{ "stale", "", -5, 0 },
	{ "", "AS PATH, NEXT HOP", 0, 0 }, /* and what else there is to say, as free text */
	{ NULL, NULL, 0, 0 },
};

static const struct column mutes[] = {
	{ "number", "NUMBER", 6, 0 },
	{ "sort", "SORT", -4, 0 },
	{ "state", "STATE", -7, 0 },
	{ "from", "FROM", -20, 0 },
	{ "until", "UNTIL", -20, 0 },
	{ "incidents", "INCIDENTS", 9, 0 },
	{ "who", "WHO", -20, COLUMN_APART },
	{ "target", "WHAT", -32, 0 },
	{ "why", "WHY", 0, COLUMN_APART },
	{ NULL, NULL, 0, 0 },
};

static const struct column contacts[] = {
	{ "who", "WHO", -8, 0 },
	{ "asn", "AS", 10, 0 },
	{ "relation", "RELATION", -9, COLUMN_APART },
	{ "name", "NAME", -28, COLUMN_CUT },
	{ "contact", "CONTACT", -32, 0 },
	{ "state", "STATE", -7, 0 },
	{ "of", "OF", -10, 0 },
	{ "from", "FROM", 0, COLUMN_APART },
	{ NULL, NULL, 0, 0 },
};

const struct show_verb show_verbs[SHOW_VERBS] = {
	[SHOW_ROUTERS] = {
	    .name = "routers",
	    .help = "sessions, peers, routes, counters",
	    .by_workers = true,
	    .columns = routers,
	},
	[SHOW_PEERS] = {
	    .name = "peers",
	    .help = "neighbours per view, and what is suspicious about them",
	    .by_workers = true,
	    .columns = peers,
	},
	[SHOW_INCIDENTS] = {
	    .name = "incidents",
	    .help = "what is open",
	    .takes = SHOW_TAKES_REST,
	    .keys = { "filter" },
	    .arguments = "[FILTER...]",
	},
	[SHOW_INCIDENT] = {
	    .name = "incident",
	    .help = "all about one that is open",
	    .takes = SHOW_TAKES_ALL,
	    .keys = { "id" },
	    .arguments = "ID",
	    .wrong = "which incident? One id, or a part of it, as `bellman show incidents -o json` has it",
	},
	[SHOW_ROUTES] = {
	    .name = "routes",
	    .help = "who says what about exactly this prefix, in which view",
	    .takes = SHOW_TAKES_ALL,
	    .keys = { "prefix" },
	    .arguments = "PREFIX",
	    .wrong = "routes of which prefix? One, as 203.0.113.0/24",
	    .by_workers = true,
	    .columns = routes,
	},
	[SHOW_RPKI] = {
	    .name = "rpki",
	    .help = "caches and files; or the validation of a route",
	    .takes = SHOW_TAKES_ALL_OR_NONE,
	    .keys = { "prefix", "asn" },
	    .arguments = "[PREFIX ASN]",
	    .wrong = "rpki takes nothing, or a prefix and an AS number",
	},
	[SHOW_MUTES] = {
	    .name = "mutes",
	    .help = "what is muted or acknowledged: until when, by whom, why",
	    .columns = mutes,
	},
	[SHOW_CONTACTS] = {
	    .name = "contacts",
	    .help = "whom to call: at ours, and at each neighbour",
	    .columns = contacts,
	},
	[SHOW_STATS] = {
	    .name = "stats",
	    .help = "sums of everything",
	    .by_workers = true,
	},
	[SHOW_EXPLAIN] = {
	    .name = "explain",
	    .takes = SHOW_TAKES_ALL,
	    .keys = { "prefix" },
	    .asked_by = "explain",
	    .by_workers = true,
	},
	[SHOW_CASE] = {
	    .name = "case",
	    .takes = SHOW_TAKES_ALL,
	    .keys = { "id", "rule" },
	    .asked_by = "explain",
	},
	[SHOW_NEAR] = {
	    .name = "near",
	    .takes = SHOW_TAKES_ALL,
	    .keys = { "prefix" },
	    .asked_by = "explain",
	    .by_workers = true,
	},
	[SHOW_WHAT_IF] = {
	    .name = "what-if",
	    .takes = SHOW_TAKES_REST,
	    .keys = { "vrps" },
	    .asked_by = "what-if",
	    .by_workers = true,
	},
	[SHOW_OWN] = {
	    .name = "own",
	    .takes = SHOW_TAKES_REST,
	    .keys = { "asns" },
	    .asked_by = "suggest",
	},
	[SHOW_ORIGINATED] = {
	    .name = "originated",
	    .asked_by = "suggest",
	    .by_workers = true,
	},
	[SHOW_NEIGHBOR_ORIGINS] = {
	    .name = "neighbor-origins",
	    .asked_by = "manrs",
	    .by_workers = true,
	},
	[SHOW_NORMS] = {
	    .name = "norms",
	    .asked_by = "manrs",
	},
	[SHOW_SAV] = {
	    .name = "sav",
	    .takes = SHOW_TAKES_ALL,
	    .keys = { "target", "method" },
	    .asked_by = "sav",
	    .by_workers = true,
	},
};

const struct show_verb *
show_verb_find(const char *name)
{
	for (int i = 0; i < SHOW_VERBS; i++)
		if (strcmp(show_verbs[i].name, name) == 0)
			return &show_verbs[i];
	return NULL;
}

const char *
show_verb_names(char *buf, size_t size)
{
	struct txt t = txt_of(buf, size);
	int last = SHOW_VERBS - 1;

	while (show_verbs[last].asked_by != NULL)
		last--;
	for (int i = 0; i <= last; i++) {
		if (show_verbs[i].asked_by != NULL)
			continue;
		txt_sep(&t, i < last ? ", " : " or ");
		txt_puts(&t, show_verbs[i].name);
	}
	return buf;
}
