#include "collector/http/metric_text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/hash.h"
#include "base/pure/text.h"

enum {
	TEXT_MAX = 256 * 1024 * 1024,
	LABELS_MAX = 8192,
	SUMS_MAX = 256, /* of different labels */
	SEEN = 1 << 15, /* places for labels of rows, a power of two; half of them are used */
	ROWS_MAX = SEEN / 2,
};

struct sum {
	size_t metric;
	char *labels;
	double value;
};

struct metric_text {
	struct sbuf *texts; /* of each metric */
	struct sum *sums;
	unsigned sums_n;
	unsigned most[METRICS_OF], rows[METRICS_OF], left_out;
	uint64_t seen[SEEN]; /* hashes of the labels of rows; 0: free */
};

struct metric_text *
metric_text_new(void)
{
	struct metric_text *t = calloc(1, sizeof(*t));

	if (t == NULL)
		return NULL;
	t->texts = calloc(metrics_n, sizeof(*t->texts));
	t->sums = calloc(SUMS_MAX, sizeof(*t->sums));
	if (t->texts == NULL || t->sums == NULL) {
		metric_text_free(t);
		return NULL;
	}
	for (size_t i = 0; i < metrics_n; i++)
		t->texts[i] = sbuf_of(TEXT_MAX);
	for (int i = 0; i < METRICS_OF; i++)
		t->most[i] = ROWS_MAX / METRICS_OF;
	return t;
}

void
metric_text_free(struct metric_text *t)
{
	if (t == NULL)
		return;
	for (size_t i = 0; t->texts != NULL && i < metrics_n; i++)
		sbuf_free(&t->texts[i]);
	for (unsigned i = 0; i < t->sums_n; i++)
		free(t->sums[i].labels);
	free(t->texts);
	free(t->sums);
	free(t);
}

void
metric_text_limit(struct metric_text *t, enum metric_of of, unsigned most)
{
	t->most[of] = most < ROWS_MAX / METRICS_OF ? most : ROWS_MAX / METRICS_OF;
}

unsigned
metric_text_left_out(const struct metric_text *t)
{
	return t->left_out;
}

/* --- labels */

static void
put_label(struct sbuf *out, const char *name, size_t n, const char *value)
{
	sbuf_printf(out, "%s%.*s=\"", out->len > 0 ? "," : "", (int)n, name);
	for (; *value != '\0'; value++) {
		if (*value == '\\' || *value == '"')
			sbuf_putc(out, '\\');
		if (*value == '\n')
			sbuf_puts(out, "\\n");
		else
			sbuf_putc(out, *value);
	}
	sbuf_putc(out, '"');
}

static void
put_label_of(struct sbuf *out, const char *name, size_t n, const json_t *value)
{
	char text[32];

	if (json_is_integer(value))
		snprintf(text, sizeof(text), "%lld", (long long)json_integer_value(value));
	else
		text_copy(text, sizeof(text), json_is_true(value) ? "true" : "");
	put_label(out, name, n, json_is_string(value) ? json_string_value(value) : text);
}

/* "label label=member": those of the object. */
static void
put_labels(struct sbuf *out, const char *labels, const json_t *object)
{
	while (*labels != '\0') {
		size_t n = strcspn(labels, " "), name_n = strcspn(labels, " =");
		const char *member = labels + (name_n < n ? name_n + 1 : 0);
		char key[64];

		snprintf(key, sizeof(key), "%.*s", (int)(labels + n - member), member);
		put_label_of(out, labels, name_n, json_object_get(object, key));
		labels += n;
		labels += strspn(labels, " ");
	}
}

/* --- values */

/* Seconds since 1970 of "2026-11-27T10:00:00.123456Z". false: it is none. */
static bool
read_time(const char *text, double *out)
{
	struct tm tm = { 0 };
	const char *rest = strptime(text, "%Y-%m-%dT%H:%M:%S", &tm);

	if (rest == NULL)
		return false;
	*out = (double)timegm(&tm) + (*rest == '.' ? strtod(rest, NULL) : 0);
	return true;
}

/* false: there is none. */
static bool
read_value(const struct metric *m, const json_t *v, double *out)
{
	*out = 1;
	if (m->is != NULL) {
		*out = json_is_string(v) && strcmp(json_string_value(v), m->is) == 0;
		return json_is_string(v);
	}
	if (json_is_string(v))
		return read_time(json_string_value(v), out);
	if (!json_is_number(v) && !json_is_boolean(v))
		return false;
	*out = json_is_boolean(v) ? json_is_true(v) : json_number_value(v);
	if (m->scale > 0)
		*out *= m->scale;
	return true;
}

static const char *
suffix_of(const struct metric *m)
{
	return m->type == METRIC_COUNTER ? "_total" : m->type == METRIC_INFO ? "_info" : "";
}

static void
put_sample(struct sbuf *out, const struct metric *m, const char *labels, double value)
{
	sbuf_printf(out, "%s%s%s%s%s %.15g\n", m->name, suffix_of(m), *labels != '\0' ? "{" : "",
	    labels, *labels != '\0' ? "}" : "", value);
}

/* All buckets, the last being that of all, then the sum and the count. */
static void
put_histogram(struct sbuf *out, const struct metric *m, const json_t *of)
{
	const json_t *buckets = json_object_get(of, "buckets"), *n;
	json_int_t count = json_integer_value(json_object_get(of, "count"));
	const char *bound;

	if (!json_is_object(buckets))
		return;
	json_object_foreach((json_t *)(uintptr_t)buckets, bound, n)
		sbuf_printf(out, "%s_bucket{le=\"%.15g\"} %lld\n", m->name, strtod(bound, NULL),
		    (long long)json_integer_value(n));
	sbuf_printf(out, "%s_bucket{le=\"+Inf\"} %lld\n%s_sum %.15g\n%s_count %lld\n", m->name,
	    (long long)count, m->name,
	    (double)json_integer_value(json_object_get(of, "sum_us")) / 1e6, m->name,
	    (long long)count);
}

static void
add_up(struct metric_text *t, size_t metric, const char *labels, double value)
{
	struct sum *s = t->sums;

	while (s < t->sums + t->sums_n && (s->metric != metric || strcmp(s->labels, labels) != 0))
		s++;
	if (s == t->sums + t->sums_n) {
		if (t->sums_n == SUMS_MAX || (s->labels = strdup(labels)) == NULL)
			return;
		s->metric = metric;
		s->value = 0;
		t->sums_n++;
	}
	s->value += value;
}

/* --- samples of a row */

struct row {
	struct metric_text *t;
	const json_t *json;
	const char *labels; /* of all its metrics */
	bool own;	    /* it may have metrics of its own, beside sums */
};

/* One sample: of an element of the row, or of the row itself; key: what its one label is, or NULL.
 */
static void
take(const struct row *r, size_t metric, const char *key, const json_t *of, const json_t *value)
{
	const struct metric *m = &metrics[metric];
	struct sbuf labels = sbuf_of(LABELS_MAX);
	double number = 1;

	if (m->type == METRIC_HISTOGRAM) { /* which has no labels of its own */
		put_histogram(&r->t->texts[metric], m, value);
		return;
	}
	if (value != NULL && !read_value(m, value, &number))
		return;
	if (!m->sum)
		sbuf_puts(&labels, r->labels);
	if (m->fixed != NULL)
		sbuf_printf(&labels, "%s%s", labels.len > 0 ? "," : "", m->fixed);
	if (key != NULL)
		put_label(&labels, m->labels, strlen(m->labels), key);
	else if (m->labels != NULL)
		put_labels(&labels, m->labels, of);
	if (labels.failed) {
		/* longer than any label should be */
	} else if (m->sum) {
		add_up(r->t, metric, sbuf_text(&labels), number);
	} else {
		put_sample(&r->t->texts[metric], m, sbuf_text(&labels), number);
	}
	sbuf_free(&labels);
}

static void
take_member(const struct row *r, size_t metric, const json_t *of)
{
	const json_t *v = json_object_get(of, metrics[metric].member);

	if (v != NULL)
		take(r, metric, NULL, of, v);
}

static void
take_elements(const struct row *r, size_t metric, const json_t *in)
{
	const struct metric *m = &metrics[metric];
	const json_t *v;
	const char *key;
	size_t i;

	if (json_is_array(in)) {
		json_array_foreach(in, i, v)
			if (m->member != NULL)
				take_member(r, metric, v);
			else if (json_is_string(v))
				take(r, metric, json_string_value(v), NULL, NULL);
	} else if (m->member != NULL) {
		take_member(r, metric, in);
	} else {
		json_object_foreach((json_t *)(uintptr_t)in, key, v)
			take(r, metric, key, NULL, v);
	}
}

static void
take_metric(const struct row *r, size_t metric)
{
	const struct metric *m = &metrics[metric];
	const json_t *in = m->in != NULL ? json_object_get(r->json, m->in) : NULL;
	const json_t *v = m->member != NULL ? json_object_get(r->json, m->member) : NULL;
	const char *row = json_string_value(json_object_get(r->json, "row"));

	if ((!r->own && !m->sum) || (m->row != NULL && (row == NULL || strcmp(row, m->row) != 0)))
		return;
	if (in != NULL)
		take_elements(r, metric, in);
	else if (m->in == NULL && (v != NULL || m->member == NULL))
		take(r, metric, NULL, r->json, v);
}

/* Were there these labels before? They are noted. */
static bool
is_new(struct metric_text *t, enum metric_of of, const char *labels)
{
	uint64_t h = hash_bytes(hash_seed() + (uint64_t)of, labels, strlen(labels)) | 1;
	size_t at = h >> 40 & (SEEN - 1);

	while (t->seen[at] != 0 && t->seen[at] != h)
		at = (at + 1) & (SEEN - 1);
	if (t->seen[at] == h)
		return false;
	t->seen[at] = h;
	return true;
}

void
metric_text_row(struct metric_text *t, enum metric_of of, const json_t *json)
{
	struct sbuf labels = sbuf_of(LABELS_MAX);
	struct row r = { t, json, NULL, true };

	put_labels(&labels, metric_labels_of[of], json);
	r.labels = sbuf_text(&labels);
	if (labels.len > 0) {
		r.own = !labels.failed && t->rows[of] < t->most[of] && is_new(t, of, r.labels);
		t->rows[of] += r.own;
		t->left_out += !r.own;
	}
	for (size_t i = 0; i < metrics_n; i++)
		if (metrics[i].of == of)
			take_metric(&r, i);
	sbuf_free(&labels);
}

/* --- the whole */

/* In OpenMetrics a family is called without what its samples end with. */
static void
put_head(struct sbuf *out, const struct metric *m, bool openmetrics)
{
	const char *suffix = openmetrics ? "" : suffix_of(m);
	const char *type = !openmetrics && m->type == METRIC_INFO ? "gauge"
								  : metric_type_names[m->type];

	sbuf_printf(out, "# TYPE %s%s %s\n", m->name, suffix, type);
	if (openmetrics && m->unit != NULL)
		sbuf_printf(out, "# UNIT %s %s\n", m->name, m->unit);
	sbuf_printf(out, "# HELP %s%s %s\n", m->name, suffix, m->help);
}

void
metric_text_put(const struct metric_text *t, bool openmetrics, struct sbuf *out)
{
	for (size_t i = 0; i < metrics_n; i++) {
		const struct metric *m = &metrics[i];

		if (i == 0 || strcmp(metrics[i - 1].name, m->name) != 0)
			put_head(out, m, openmetrics);
		sbuf_add(out, t->texts[i].data, t->texts[i].len);
		for (unsigned k = 0; k < t->sums_n; k++)
			if (t->sums[k].metric == i)
				put_sample(out, m, t->sums[k].labels, t->sums[k].value);
	}
	if (openmetrics)
		sbuf_puts(out, "# EOF\n");
}
