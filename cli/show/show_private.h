/* What the files of `bellman show` share. */
#pragma once

#include "cli/control_client.h"
#include "cli/control_rows.h"
#include "cli/show/table.h"

#define SHOW_OPTION_OUTPUT                                                                         \
	{                                                                                          \
		'o', true, "output", "FORMAT",                                                     \
		    "text, as wide as the terminal; wide: every column; json: one object a line; " \
		    "csv, with ' before text that a spreadsheet would take for a formula",         \
		    "text wide json csv"                                                           \
	}
#define SHOW_OPTIONS SHOW_OPTION_OUTPUT, CONTROL_OPTIONS_BUT_OUTPUT

/* Ids of options that subjects have in common; letters of them are of no meaning. */
enum {
	SHOW_SORT = 'S',
	SHOW_ROUTER = 'R',
	SHOW_PEER = 'P',
	SHOW_AS = 'A',
	SHOW_STATE = 'T',
	SHOW_RELATION = 'L',
	SHOW_ALL = 'a',
	SHOW_ORIGIN = 'O',
	SHOW_VIEW = 'V',
	SHOW_ROV = 'v',
	SHOW_RULE = 'U',
	SHOW_LIMIT = 'l',
	SHOW_COUNTS = 'c',
	SHOW_LONGER = '>',
	SHOW_COVERING = '<'
};

enum { SHOW_ROWS_MAX = 2000000 };

/* What was asked: a subject takes of it what it knows. */
struct show_asked {
	const char *subject;
	struct control_options control;
	enum table_format format;
	bool colour;
	const char *sort;
	const char *router, *peer, *as, *state, *relation;
	/* routes */
	const char *origin, *view, *rov, *rule, *limit;
	int how; /* SHOW_LONGER, SHOW_COVERING; 0: exactly, or of an address the longest */
	bool counts;
	bool all;
	int argc; /* the arguments */
	char **argv;
};

/* Begin a request for JSON rows of this `what`. */
void show_begin(struct sbuf *request, const char *what);
/* Ask; the rows are appended. An exit code, CLI_OK when the answer is whole. */
int show_ask(const struct show_asked *, struct sbuf *request, json_t *rows);
/* Print, or say on standard error that there is nothing: CLI_NOTHING then. */
int show_rows_or(const struct show_asked *, const struct table_column *,
    const char *(*colour_of)(const json_t *), const json_t *rows, const char *nothing);
/* Leave only rows that `keep` wants. */
void show_filter(json_t *rows, bool (*keep)(const struct show_asked *, const json_t *),
    const struct show_asked *);
/* Is the text the wanted one, or a beginning of it, whatever the case? NULL wants all. */
bool show_like(const char *wanted, const char *text);
/* "AS64500" or "64500" is this number; NULL wants all. */
bool show_is_as(const char *wanted, unsigned long long asn);
/* Sort as asked for. CLI_USAGE, and a message, when there is no such column. */
int show_sort(const struct show_asked *, const struct table_column *, json_t *rows);

/* The subjects. */
int subject_routers(const struct show_asked *);
int subject_peers(const struct show_asked *);
int subject_incidents(const struct show_asked *);
int subject_incident(const struct show_asked *);
int subject_routes(const struct show_asked *);
int subject_rpki(const struct show_asked *);
int subject_mutes(const struct show_asked *);
int subject_contacts(const struct show_asked *);
int subject_stats(const struct show_asked *);

/* One without columns of its own: those of its verb (proto/show_verbs.h). */
int subject_of_verb(const struct show_asked *);

/* What would end an incident of this kind, a sentence. */
const char *show_what_clears(const char *kind);
