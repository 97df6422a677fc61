/*
 * bellman show SUBJECT. Each subject is a part of the command, with options and help of its own;
 * proto/show_verbs has what goes over the socket.
 */
#include <getopt.h>
#include <stdio.h>
#include <string.h>

#include "base/pure/text.h"
#include "cli/cli.h"
#include "cli/show/show_private.h"
#include "proto/show_verbs.h"

static const struct cli_option common[] = {
	SHOW_OPTIONS,
	{ SHOW_SORT, false, "sort", "COLUMN",
	    "by this column, as csv calls it; -COLUMN the other way", NULL },
	{ 0 },
};
static const struct cli_option router_options[] = {
	{ SHOW_ROUTER, false, "router", "NAME", "only those whose name begins like this",
	    CLI_ROUTERS },
	{ SHOW_STATE, false, "state", "STATE", "up, loading, down, never-seen",
	    "up loading down never-seen" },
	{ SHOW_SORT, false, "sort", "COLUMN",
	    "by this column, as csv calls it; -COLUMN the other way",
	    "router state since peers_up routes stale messages" },
	SHOW_OPTIONS,
	{ 0 },
};
static const struct cli_option peer_options[] = {
	{ SHOW_ROUTER, false, "router", "NAME", "of routers whose name begins like this",
	    CLI_ROUTERS },
	{ SHOW_PEER, false, "peer", "ADDRESS",
	    "only those whose address, or loc-rib, begins like this", CLI_PEERS },
	{ SHOW_AS, false, "as", "AS", "only those of this AS", NULL },
	{ SHOW_STATE, false, "state", "STATE", "up or down", "up down" },
	{ SHOW_RELATION, false, "relation", "RELATION",
	    "only customers, peers, providers and so on; ? behind it is inferred",
	    "customer peer provider rs rs-client internal collector unknown" },
	{ SHOW_SORT, false, "sort", "COLUMN",
	    "by this column, as csv calls it; -COLUMN the other way",
	    "router peer peer_as state relation updates announced withdrawn faults" },
	SHOW_OPTIONS,
	{ 0 },
};
static const struct cli_option incident_options[] = {
	{ SHOW_ALL, false, "all", NULL, "all prefixes and all transitions, however many", NULL },
	SHOW_OPTIONS,
	{ 0 },
};

static const struct cli_option route_options[] = {
	{ SHOW_LONGER, false, "longer", NULL, "also of the prefixes within it", NULL },
	{ SHOW_COVERING, false, "covering", NULL, "also of the prefixes that cover it", NULL },
	{ SHOW_ORIGIN, false, "origin", "AS", "originated by this AS", NULL },
	{ SHOW_ROUTER, false, "router", "NAME", "of routers whose name begins like this",
	    CLI_ROUTERS },
	{ SHOW_PEER, false, "peer", "ADDRESS", "of this neighbour, or loc-rib", CLI_PEERS },
	{ SHOW_VIEW, false, "view", "VIEW",
	    "in this view: in-pre, in-post, loc-rib, out-pre, out-post, in, out",
	    "in-pre in-post loc-rib out-pre out-post in out" },
	{ SHOW_ROV, false, "rov", "STATE", "valid, invalid or not-found",
	    "valid invalid not-found" },
	{ SHOW_RULE, false, "rule", "RULE",
	    "of which this rule is true, or one that begins like this (hijack), or any", "any" },
	{ SHOW_COUNTS, false, "counts", NULL, "not the routes: how many of each table", NULL },
	{ SHOW_LIMIT, false, "limit", "N", "no more than so many (1000, in JSON all); 0 for all",
	    NULL },
	{ SHOW_SORT, false, "sort", "COLUMN",
	    "by this column, as csv calls it; -COLUMN the other way",
	    "prefix router peer peer_as view rov since as_path origin" },
	SHOW_OPTIONS,
	{ 0 },
};

static const struct cli_command parts[] = {
	{ .name = "routers",
	    .summary = "sessions, peers, routes, counters",
	    .arguments = "[WORD...]",
	    .words = CLI_ROUTERS,
	    .about = "A row for each router that has a session, or had one, or is configured. A "
		     "word has to be in its name or address. Loading: its first table is not "
		     "complete.",
	    .options = router_options },
	{ .name = "peers",
	    .summary = "neighbours per view: state, relation, routes",
	    .arguments = "[WORD...]",
	    .words = CLI_ROUTERS " " CLI_PEERS,
	    .about = "A row for each neighbour of each router; a column for each view: the routes "
		     "in it, or \"-\" where nobody monitors it. A word has to be in the router's "
		     "name or the neighbour's address, or is its AS64500. What is suspicious about "
		     "a neighbour is in the column QUIRKS of -o wide.\n"
		     "  bellman show peers --router ams1 --state down\n"
		     "  bellman show peers AS64501 --sort -updates",
	    .options = peer_options },
	{ .name = "incidents",
	    .summary = "what is open, gravest first",
	    .arguments = "[FILTER...]",
	    .about = "Gravest first, of these the youngest. The filter is as of `bellman tail`.\n"
		     "  bellman show incidents 'severity >= major and prefix in 203.0.113.0/24'",
	    .options = common },
	{ .name = "incident",
	    .summary = "the whole story of one",
	    .arguments = "ID",
	    .words = CLI_INCIDENTS,
	    .about =
		"What it is, why it is as grave as that, whose doing it is and whom to call, "
		"who has it in which view, what happened to it, its paths now and before, its "
		"prefixes, and what would clear it. ID: the front of it that only one has, as the "
		"first 8 characters. Of one that is closed: what the journal has.",
	    .options = incident_options },
	{ .name = "routes",
	    .summary = "who says what about a prefix, in which view; or which routes are like that",
	    .arguments = "[PREFIX|ADDRESS|RD:PREFIX]",
	    .about = "A row for each route of each router, neighbour and view: of exactly this "
		     "prefix, of an address of the longest prefix that any router has with it. "
		     "Without a prefix: all that are as the options say. -o wide and json have all "
		     "attributes. When there is none, what is near is said, and exit is 1.\n"
		     "  bellman show routes 203.0.113.7\n"
		     "  bellman show routes 203.0.113.0/24 --longer --view loc-rib\n"
		     "  bellman show routes --origin AS64500 --view in-pre --rov invalid\n"
		     "  bellman show routes --rule leak --router ams1 -o csv\n"
		     "  bellman show routes --counts",
	    .options = route_options },
	{ .name = "rpki",
	    .summary = "where VRPs come from; the VRPs of a prefix; the validation of a route",
	    .arguments = "[PREFIX [AS]]",
	    .about =
		"Without arguments: caches and files, and what they are worth. Of a prefix: the "
		"VRPs that cover it. Of a prefix and an origin: whether it is valid, and by "
		"which VRPs.",
	    .options = common },
	{ .name = "mutes",
	    .summary = "what is muted or acknowledged: until when, by whom, why",
	    .about = "Pending and active; `bellman unmute NUMBER` ends one.",
	    .options = common },
	{ .name = "contacts",
	    .summary = "whom to call: at ours, and at each neighbour",
	    .about = "us: what `bellman report` gives as ours (contacts: name, email, phone). own: "
		     "what others find of our AS numbers in the files. STATE: stale is older than "
		     "contacts.max_age_days.",
	    .options = common },
	{ .name = "stats",
	    .summary = "sums of everything",
	    .about = "Counters and gauges of the collector.",
	    .options = common },
	{ 0 },
};

static const struct {
	const char *name;
	int (*show)(const struct show_asked *);
} shows[] = {
	{ "routers", subject_routers },
	{ "peers", subject_peers },
	{ "incidents", subject_incidents },
	{ "incident", subject_incident },
	{ "routes", subject_routes },
	{ "rpki", subject_rpki },
	{ "mutes", subject_mutes },
	{ "contacts", subject_contacts },
	{ "stats", subject_stats },
};

/* One that is not in the list is shown as the columns of its verb say. */
static int
show(const struct show_asked *a)
{
	for (size_t i = 0; i < sizeof(shows) / sizeof(shows[0]); i++)
		if (strcmp(shows[i].name, a->subject) == 0)
			return shows[i].show(a);
	return subject_of_verb(a);
}

/* --- which subject */

/* Does the word take the next one with it, as a value? */
static bool
takes_next(const char *word)
{
	for (const struct cli_option *o = common; o->id != 0; o++) {
		if (o->value == NULL || word[0] != '-')
			continue;
		if (o->letter && word[1] == o->id && word[2] == '\0')
			return true;
		if (o->name != NULL && word[1] == '-' && strcmp(word + 2, o->name) == 0)
			return true;
	}
	return false;
}

/* The place of the first word that is no option nor a value of one; 0: there is none. Options that
 * take a value may stand before it only where all subjects have them. */
static int
first_word(int argc, char **argv)
{
	for (int i = 1; i < argc; i++) {
		if (takes_next(argv[i]))
			i++;
		else if (argv[i][0] != '-' || argv[i][1] == '\0')
			return i;
	}
	return 0;
}

static bool
begins_with(const char *name, const char *word)
{
	return strncmp(name, word, strlen(word)) == 0;
}

/* Those that begin like this. */
static void
say_parts(const char *word)
{
	size_t n = 0, at = 0;

	for (const struct cli_command *p = parts; p->name != NULL; p++)
		n += begins_with(p->name, word);
	for (const struct cli_command *p = parts; p->name != NULL; p++) {
		if (!begins_with(p->name, word))
			continue;
		fprintf(stderr, "%s%s", at == 0 ? "" : at + 1 < n ? ", " : " or ", p->name);
		at++;
	}
	fputc('\n', stderr);
}

static const struct cli_command *
wrong_part(const char *word, bool several)
{
	const char *best = NULL;
	unsigned least = 4;

	for (const struct cli_command *p = parts; p->name != NULL; p++) {
		unsigned far = text_distance(p->name, word);

		if (far < least && far < strlen(word)) {
			least = far;
			best = p->name;
		}
	}
	fprintf(stderr, "bellman show: %s \"%s\"; ", several ? "several begin with" : "there is no",
	    word);
	if (best != NULL && !several)
		fprintf(stderr, "did you mean \"%s\"? ", best);
	fputs("right would be ", stderr);
	say_parts(several ? word : "");
	return NULL;
}

/* The one that begins like this; else NULL, and a message. One that is the beginning of another
 * (incident, incidents) is to be written out. */
static const struct cli_command *
find_part(const char *word)
{
	const struct show_verb *verb = show_verb_find(word);
	const struct cli_command *found = NULL;
	bool several = false;

	for (const struct cli_command *p = parts; p->name != NULL; p++) {
		if (strcmp(p->name, word) == 0)
			return p;
		if (!begins_with(p->name, word) ||
		    (found != NULL && begins_with(found->name, p->name)))
			continue;
		several |= found != NULL && !begins_with(p->name, found->name);
		found = p;
	}
	if (found != NULL && !several)
		return found;
	if (verb != NULL && verb->asked_by != NULL) {
		cli_wrong("show", "that is what `bellman %s` is for", verb->asked_by);
		return NULL;
	}
	return wrong_part(word, several);
}

/* --- running */

static bool
take_route_option(struct show_asked *a, int opt)
{
	switch (opt) {
	case SHOW_ORIGIN:
		a->origin = optarg;
		break;
	case SHOW_VIEW:
		a->view = optarg;
		break;
	case SHOW_ROV:
		a->rov = optarg;
		break;
	case SHOW_RULE:
		a->rule = optarg;
		break;
	case SHOW_LIMIT:
		a->limit = optarg;
		break;
	case SHOW_COUNTS:
		a->counts = true;
		break;
	case SHOW_LONGER:
	case SHOW_COVERING:
		a->how = opt;
		break;
	default:
		return false;
	}
	return true;
}

static void
take_option(struct show_asked *a, int opt)
{
	switch (opt) {
	case SHOW_SORT:
		a->sort = optarg;
		break;
	case SHOW_ROUTER:
		a->router = optarg;
		break;
	case SHOW_PEER:
		a->peer = optarg;
		break;
	case SHOW_AS:
		a->as = optarg;
		break;
	case SHOW_STATE:
		a->state = optarg;
		break;
	case SHOW_RELATION:
		a->relation = optarg;
		break;
	case SHOW_ALL:
		a->all = true;
		break;
	default:
		if (!take_route_option(a, opt))
			control_option(&a->control, opt, optarg);
	}
}

static int
cli_show(int argc, char **argv)
{
	struct show_asked a = { .control = control_options() };
	const struct cli_command *part;
	int opt, at = first_word(argc, argv);

	if (at == 0) {
		while ((opt = cli_next_option(&cli_show_command, argc, argv)) > 0)
			continue;
		if (opt != CLI_OPTIONS_END)
			return cli_options_rc(opt);
		fputs("bellman show: what? right would be ", stderr);
		say_parts("");
		return CLI_USAGE;
	}
	part = find_part(argv[at]);
	if (part == NULL)
		return CLI_USAGE;
	memmove(argv + at, argv + at + 1, (size_t)(argc - at) * sizeof(*argv));
	argc--;
	while ((opt = cli_next_option_of("show", part, argc, argv)) > 0)
		take_option(&a, opt);
	if (opt != CLI_OPTIONS_END)
		return cli_options_rc(opt);
	a.subject = part->name;
	a.argc = argc - optind;
	a.argv = argv + optind;
	if (!cli_colour("show", a.control.when, &a.colour) ||
	    !table_format("show", a.control.format, &a.format))
		return CLI_USAGE;
	if (a.argc > 0 && part->arguments == NULL)
		return cli_wrong("show", "%s takes no \"%s\"", part->name, a.argv[0]);
	return show(&a);
}

const struct cli_command cli_show_command = {
	.name = "show",
	.summary = "routers, peers, incidents, routes, rpki, mutes, contacts, stats",
	.arguments = "SUBJECT [ARGUMENT...]",
	.about =
	    "`bellman show SUBJECT --help` has more. A subject may be cut short while it stays "
	    "clear (`bellman sh pe`). Exit 1 when there is nothing to show.",
	.parts = parts,
	.options = common,
	.run = cli_show,
};
