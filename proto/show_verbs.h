/*
 * show_verbs: what can be shown, a row for each, for both ends of the control socket. The command
 * knows from it what arguments a verb has and what its help says, the daemon who answers, and both
 * which columns its text has. A new verb is a row here, and a function that prints it: in
 * collector/show/show.c when the workers answer, else in collector/control/show.c.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "base/printer.h"

enum show_what {
	SHOW_ROUTERS,
	SHOW_PEERS,
	SHOW_INCIDENTS,
	SHOW_INCIDENT,
	SHOW_ROUTES,
	SHOW_RPKI,
	SHOW_MUTES,
	SHOW_CONTACTS,
	SHOW_STATS,
	/* for other commands than `bellman show`, which make text of their JSON */
	SHOW_EXPLAIN,
	SHOW_CASE,
	SHOW_NEAR,
	SHOW_WHAT_IF,
	SHOW_ORIGINATED,
	SHOW_NEIGHBOR_ORIGINS,
	SHOW_OWN,
	SHOW_NORMS,
	SHOW_SAV,
	SHOW_VERBS
};

enum show_arguments {
	SHOW_TAKES_NONE,
	SHOW_TAKES_ALL,		/* one for each key */
	SHOW_TAKES_ALL_OR_NONE, /* one for each key, or none at all */
	SHOW_TAKES_REST		/* any number, which become one word with spaces between them */
};

enum { SHOW_KEYS_MAX = 2 };

struct show_verb {
	const char *name, *help;
	enum show_arguments takes;
	const char *keys[SHOW_KEYS_MAX]; /* of the request's words, in order of the arguments */
	const char *arguments;		 /* as the help shows them; NULL for none */
	const char *wrong;    /* what is right, for SHOW_TAKES_ALL and SHOW_TAKES_ALL_OR_NONE */
	const char *asked_by; /* the command that asks; NULL: `bellman show` */
	bool by_workers;      /* each worker answers for its routers; else the coordinator does */
	const struct column *columns; /* of its text; NULL: it has no heading */
};

extern const struct show_verb show_verbs[SHOW_VERBS]; /* by enum show_what */

/* The verb of exactly this name; NULL for none. */
const struct show_verb *show_verb_find(const char *name);
/* "routers, peers or stats", all of them, into buf; returns buf. */
const char *show_verb_names(char *buf, size_t size);
