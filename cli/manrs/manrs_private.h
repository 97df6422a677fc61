/*
 * What the files of `bellman manrs` share:
 *
 *   command       its options, the question, the answer as one JSON object
 *   content       what the page says
 *   coordination  Action 3 of it: whom to call
 *   validation    Action 4 of it, with what validation_private.h lists
 *   page          how it looks: text, or HTML that needs nothing else
 *   evidence      the commands that show what a figure rests on
 *   words         numbers, times and parts for people
 */
#pragma once

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/sbuf.h"

/* --- command.c */

/* The answer is {"collector": {...}, "month": {...}, "actions": [...], "scores": [...], "days":
 * [...], "neighbors": [...], "incidents": [...], "own_prefixes": [...], "own_asns": [...],
 * "contacts": [...]} */
enum programme { PROGRAMME_NETWORK, PROGRAMME_IXP, PROGRAMME_CDN, PROGRAMMES };

/* --- content.c */

/* The page of an answer. */
void manrs_content(const json_t *answer, enum programme, bool html, struct sbuf *out);

struct page;

/* --- routers.c */

/* Where the routes of a neighbour are in use, and go on from. */
void manrs_routers(struct page *, const json_t *neighbor);

/* --- filters.c */

/* Lists and limits of customers. */
void manrs_filters(struct page *, const json_t *answer);

/* --- evidence.c */

/* Add "evidence", a command, to what the answer says. */
void manrs_add_evidence(json_t *answer);

/* --- page.c */

enum cell_align { CELL_LEFT, CELL_RIGHT, CELL_CODE };
struct page_column {
	const char *heading;
	int width; /* of its text; 0: as long as it is, the last one */
	uint8_t align;
};
struct page {
	bool html;
	struct sbuf *out;
	const struct page_column *columns; /* of the table that is open */
	unsigned columns_n, cell;
};
void page_begin(struct page *, const char *title, const char *subtitle);
void page_end(struct page *);
void page_heading(struct page *, const char *text);
/* A paragraph; text is not trusted. */
void page_say(struct page *, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
void page_table(struct page *, const struct page_column *, unsigned n);
void page_cell(struct page *, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
/* A cell with a traffic light and its name. */
void page_light(struct page *, const char *light);
void page_table_end(struct page *);
/* A bar for each value, of which the highest is as high as it gets; a value below 0 is a gap. Text
 * has none. */
void page_bars(struct page *, const double *values, unsigned n, const char *what);

/* --- coordination.c */

/* What of Action 3 is said beside its light: a cell; and its part of the page. */
void manrs_say_of_contacts(struct page *, const json_t *action);
void manrs_put_contacts(struct page *, const json_t *answer);

/* --- words.c: into buf (WORDS_MAX); each returns buf */

enum { WORDS_MAX = 64 };
const char *words_halves(unsigned long long halves, char *buf);	  /* "3.5" */
const char *words_seconds(unsigned long long seconds, char *buf); /* "2 d 3 h" */
/* "99.8 %"; "-" of nothing. Never rounded up to 100 or down to 0. */
const char *words_percent(unsigned long long part, unsigned long long of, char *buf);
/* A mean in hundredths: "1,234", "0.25". */
const char *words_mean(unsigned long long x100, char *buf);
