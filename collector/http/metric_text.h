/*
 * metric_text: rows of JSON as the text that monitoring systems read, by the table. Samples of a
 * metric have to stand together, and rows come one after the other: so each metric has a text of
 * its own, and the whole is put together at the end. Pure: no I/O, no clock.
 */
#pragma once

#include <jansson.h>

#include "base/sbuf.h"
#include "collector/http/metric_table.h"

struct metric_text;

/* NULL when out of memory. */
struct metric_text *metric_text_new(void);
void metric_text_free(struct metric_text *);
/* Of these rows there are at most so many metrics of their own; sums are over all. */
void metric_text_limit(struct metric_text *, enum metric_of, unsigned most);
/* A row. One whose labels are those of a row before has no metrics of its own: a sample that comes
 * twice makes the whole unreadable. */
void metric_text_row(struct metric_text *, enum metric_of, const json_t *row);
/* How many rows had no room. */
unsigned metric_text_left_out(const struct metric_text *);
/* All of it: as OpenMetrics 1.0, or as the text format 0.0.4 of Prometheus. */
void metric_text_put(const struct metric_text *, bool openmetrics, struct sbuf *out);
