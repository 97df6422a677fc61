/*
 * metric_table: what is measured, a row for each. A metric is a number in the answers that the
 * collector gives to whoever asks (`bellman show ... -o json`), so a new one is a row here and its
 * line in docs/METRICS.md, which a test holds to this table. Rows of one name stand together; the
 * first one's unit and help are for all.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

/* Whose rows. Each is an answer. */
enum metric_of {
	OF_STATS,
	OF_ROUTERS,
	OF_PEERS,
	OF_SOURCES, /* of RPKI data */
	OF_NORMS,
	OF_PROCESS,
	OF_HTTP,
	METRICS_OF
};
enum metric_type { METRIC_GAUGE, METRIC_COUNTER, METRIC_INFO, METRIC_HISTOGRAM };
extern const char *const metric_type_names[];

struct metric {
	const char *name; /* with its unit at the end; without _total and _info */
	enum metric_type type;
	const char *unit; /* NULL: none */
	const char *help;
	enum metric_of of;
	const char *row; /* only rows whose member "row" is this; NULL: all */
	/* Where the value is: `member` of the row; of each element of the array `in`, or of the
	 * object `in`; without `member`, the value of each key of the object `in`, 1 for each text
	 * of the array `in`, and without both 1. A text is a time (RFC 3339), in seconds. Of a
	 * histogram it is an object with "count", "sum_us" and "buckets". */
	const char *in, *member;
	/* "label" or "label=member" of the row or element, with spaces between them; a key or text
	 * is the label's value. Beside those of whose rows they are, unless it is a sum. */
	const char *labels;
	const char *fixed; /* a label with its value: family="ipv4" */
	const char *is;	   /* 1 where the member is this text, else 0 */
	double scale;	   /* that the value is multiplied by; 0: none */
	bool sum;	   /* over all rows of equal labels */
};

extern const struct metric metrics[];
extern const size_t metrics_n;
/* The labels that all metrics of these rows have, as `labels`. */
extern const char *const metric_labels_of[METRICS_OF];
