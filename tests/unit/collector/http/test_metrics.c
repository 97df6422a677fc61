/* The table of metrics, its page, and the text that is made of rows. */
#include "tests/unit/support/harness.h"

#include <ctype.h>

#include "base/sbuf.h"
#include "collector/http/metric_text.h"

/* --- the table */

static bool
ends_with(const char *text, const char *end)
{
	size_t n = strlen(text), m = strlen(end);

	return n >= m && strcmp(text + n - m, end) == 0;
}

/* As OpenMetrics and the habits of Prometheus want it. */
START_TEST(each_row)
{
	const struct metric *m = &metrics[_i];
	bool first = _i == 0 || strcmp(metrics[_i - 1].name, m->name) != 0;
	char unit[32];

	ck_assert_msg(strncmp(m->name, "bellman_", 8) == 0 || strncmp(m->name, "process_", 8) == 0,
	    "%s", m->name);
	for (const char *c = m->name; *c != '\0'; c++)
		ck_assert_msg(islower((unsigned char)*c) || isdigit((unsigned char)*c) || *c == '_',
		    "%s", m->name);
	ck_assert_msg(!ends_with(m->name, "_total") && !ends_with(m->name, "_info"), "%s", m->name);
	ck_assert_ptr_nonnull(metric_type_names[m->type]);
	if (m->unit != NULL) {
		snprintf(unit, sizeof(unit), "_%s", m->unit);
		ck_assert_msg(ends_with(m->name, unit), "%s: not in %s", m->name, m->unit);
	} else if (first) {
		ck_assert_msg(!ends_with(m->name, "_seconds") && !ends_with(m->name, "_bytes"),
		    "%s: no unit", m->name);
	}
	if (first) {
		ck_assert_msg(m->help != NULL && ends_with(m->help, "."), "%s: no help", m->name);
	} else {
		ck_assert_int_eq(m->type, metrics[_i - 1].type);
		ck_assert_msg(m->fixed != NULL, "%s: the same samples twice", m->name);
	}
	for (int k = 0; first && k < _i; k++)
		ck_assert_msg(strcmp(metrics[k].name, m->name) != 0, "%s is there twice", m->name);
	ck_assert_msg(m->labels == NULL || m->member != NULL || m->in == NULL || m->is == NULL ||
			  strchr(m->labels, ' ') == NULL,
	    "%s: a key is one label", m->name);
}
END_TEST

/* --- docs/METRICS.md: a line for each */

/* `labels` as the page has them: "`a`, `b`". */
static void
put_labels(struct sbuf *out, const char *labels, bool *any)
{
	while (labels != NULL && *labels != '\0') {
		size_t n = strcspn(labels, " "), name = strcspn(labels, " =");

		sbuf_printf(out, "%s`%.*s`", *any ? ", " : "", (int)name, labels);
		*any = true;
		labels += n;
		labels += strspn(labels, " ");
	}
}

static void
put_line(struct sbuf *out, const struct metric *m)
{
	const char *suffix = m->type == METRIC_COUNTER ? "_total"
			     : m->type == METRIC_INFO  ? "_info"
						       : "";
	bool any = false;

	sbuf_printf(out, "| `%s%s` | %s | %s | ", m->name, suffix, metric_type_names[m->type],
	    m->unit != NULL ? m->unit : "");
	if (!m->sum)
		put_labels(out, metric_labels_of[m->of], &any);
	if (m->fixed != NULL)
		sbuf_printf(
		    out, "%s`%.*s`", any ? ", " : "", (int)strcspn(m->fixed, "="), m->fixed);
	any |= m->fixed != NULL;
	put_labels(out, m->labels, &any);
	sbuf_printf(out, " | %s |\n", m->help);
}

START_TEST(the_page_has_each)
{
	FILE *f = fopen("docs/METRICS.md", "r");
	char *text = calloc(1, 1 << 20);
	struct sbuf lines = sbuf_of(1 << 20);
	unsigned rows = 0, families = 0;

	ck_assert_ptr_nonnull(f);
	ck_assert_ptr_nonnull(text);
	ck_assert_uint_gt(fread(text, 1, (1 << 20) - 1, f), 0);
	fclose(f);
	for (size_t i = 0; i < metrics_n; i++) {
		if (i > 0 && strcmp(metrics[i - 1].name, metrics[i].name) == 0)
			continue;
		sbuf_clear(&lines);
		put_line(&lines, &metrics[i]);
		families++;
		ck_assert_msg(strstr(text, sbuf_text(&lines)) != NULL,
		    "docs/METRICS.md is without this line:\n%s", sbuf_text(&lines));
	}
	for (const char *at = text; (at = strstr(at, "\n| `")) != NULL; at++)
		rows++;
	ck_assert_msg(
	    rows == families, "docs/METRICS.md tells of %u metrics, there are %u", rows, families);
	sbuf_free(&lines);
	free(text);
}
END_TEST

/* --- the text */

static struct metric_text *text;
static struct sbuf out;

static void
setup(void)
{
	text = metric_text_new();
	out = sbuf_of(1 << 24);
	ck_assert_ptr_nonnull(text);
}

static void
teardown(void)
{
	metric_text_free(text);
	sbuf_free(&out);
}

static void
row(enum metric_of of, const char *json)
{
	json_t *j = json_loads(json, 0, NULL);

	ck_assert_msg(j != NULL, "%s", json);
	metric_text_row(text, of, j);
	json_decref(j);
}

static const char *
made(bool openmetrics)
{
	sbuf_clear(&out);
	metric_text_put(text, openmetrics, &out);
	ck_assert(!out.failed);
	return sbuf_text(&out);
}

static void
has(const char *line)
{
	char whole[512];

	snprintf(whole, sizeof(whole), "\n%s\n", line);
	ck_assert_msg(strstr(made(true), whole) != NULL, "no %s in:\n%s", line, sbuf_text(&out));
}

static unsigned
count(const char *what)
{
	unsigned n = 0;

	for (const char *at = made(true); (at = strstr(at, what)) != NULL; at++)
		n++;
	return n;
}

START_TEST(values)
{
	row(OF_STATS, "{\"sessions\":17,\"sessions_refused\":9007199254740993,\"uptime_seconds\":5,"
		      "\"version\":\"1\",\"collector\":\"c\",\"cpu_microseconds\":1500000,"
		      "\"messages\":{\"peer_up\":3,\"peer_down\":0},"
		      "\"journal\":{\"error\":\"disk full\",\"held\":true,\"stalled_us\":2500000},"
		      "\"kafka_topics\":[{\"topic\":\"a\",\"trouble\":\"\"},"
		      "{\"topic\":\"b\",\"trouble\":\"topic\"}],"
		      "\"vrps_ipv4\":1,\"vrps_ipv6\":2}");
	has("bellman_build_info{version=\"1\",collector=\"c\"} 1");
	has("bellman_sessions 17");
	has("bellman_sessions_refused_total 9.00719925474099e+15");
	has("bellman_bmp_messages_total{type=\"peer_up\"} 3");
	has("bellman_bmp_messages_total{type=\"peer_down\"} 0");
	has("bellman_journal_writable 0");
	has("bellman_journal_held 1");
	has("bellman_journal_stalled_seconds 2.5");
	has("bellman_kafka_works{topic=\"a\"} 1");
	has("bellman_kafka_works{topic=\"b\"} 0");
	has("bellman_rpki_vrps{family=\"ipv4\"} 1");
	has("bellman_rpki_vrps{family=\"ipv6\"} 2");
	has("process_cpu_seconds_total 1.5");
	ck_assert_uint_eq(count("# TYPE bellman_rpki_vrps "), 1);
	ck_assert_uint_eq(
	    count("bellman_routes "), 2); /* what is not there has no sample: TYPE, HELP */
}
END_TEST

START_TEST(histograms)
{
	row(OF_STATS,
	    "{\"latency\":{\"record\":{\"count\":7,\"sum_us\":1500000,\"buckets\":{\"0.0005\":2,"
	    "\"1\":6}},\"finding\":3,\"opening\":{}}}");
	has("bellman_record_seconds_bucket{le=\"0.0005\"} 2");
	has("bellman_record_seconds_bucket{le=\"1\"} 6");
	has("bellman_record_seconds_bucket{le=\"+Inf\"} 7");
	has("bellman_record_seconds_sum 1.5");
	has("bellman_record_seconds_count 7");
	ck_assert_uint_eq(count("bellman_finding_seconds_"), 0);
	ck_assert_uint_eq(count("bellman_opening_seconds_"), 0);
}
END_TEST

START_TEST(times)
{
	row(OF_ROUTERS, "{\"router\":\"r1\",\"since\":\"2026-11-27T10:00:00.500000Z\"}");
	row(OF_ROUTERS, "{\"router\":\"r2\",\"since\":null}");
	row(OF_ROUTERS, "{\"router\":\"r3\",\"since\":\"yesterday\"}");
	has("bellman_router_since_timestamp_seconds{router=\"r1\"} 1795773600.5");
	ck_assert_uint_eq(count("bellman_router_since_timestamp_seconds{"), 1);
}
END_TEST

/* Names are the routers' own: they end nothing, and say nothing more. */
START_TEST(hostile_names)
{
	row(OF_ROUTERS, "{\"router\":\"a\\\"} 1\\nevil 2\\\\\",\"state\":\"up\",\"peers\":1}");
	has("bellman_router_peers{router=\"a\\\"} 1\\nevil 2\\\\\"} 1");
	ck_assert_ptr_null(strstr(made(false), "\nevil"));
}
END_TEST

START_TEST(nothing_comes_twice)
{
	row(OF_ROUTERS, "{\"router\":\"r1\",\"peers\":1}");
	row(OF_ROUTERS, "{\"router\":\"r1\",\"peers\":2}");
	has("bellman_router_peers{router=\"r1\"} 1");
	ck_assert_uint_eq(count("bellman_router_peers{"), 1);
	ck_assert_uint_eq(metric_text_left_out(text), 1);
}
END_TEST

/* Beyond the limit a peer has no metrics of its own, and is in the sums. */
START_TEST(limits)
{
	metric_text_limit(text, OF_PEERS, 2);
	for (int i = 0; i < 5; i++) {
		char json[256];

		snprintf(json, sizeof(json),
		    "{\"router\":\"r1\",\"peer\":\"10.0.0.%d\",\"state\":\"up\",\"relation\":"
		    "\"peer\","
		    "\"tables\":[{\"view\":\"loc-rib\",\"family\":\"ipv4\",\"routes\":10}]}",
		    i);
		row(OF_PEERS, json);
	}
	has("bellman_peers{state=\"up\",relation=\"peer\"} 5");
	has("bellman_view_routes{view=\"loc-rib\",family=\"ipv4\"} 50");
	ck_assert_uint_eq(count("bellman_peer_up{"), 2);
	ck_assert_uint_eq(metric_text_left_out(text), 3);
}
END_TEST

START_TEST(formats)
{
	row(OF_STATS, "{\"sessions_refused\":1,\"version\":\"1\",\"collector\":\"c\"}");
	ck_assert_ptr_nonnull(strstr(made(true), "# TYPE bellman_sessions_refused counter\n"));
	ck_assert_ptr_nonnull(strstr(made(true), "# TYPE bellman_build info\n"));
	ck_assert_ptr_nonnull(strstr(made(true), "# UNIT bellman_uptime_seconds seconds\n"));
	ck_assert(ends_with(made(true), "\n# EOF\n"));
	ck_assert_ptr_nonnull(
	    strstr(made(false), "# TYPE bellman_sessions_refused_total counter\n"));
	ck_assert_ptr_nonnull(strstr(made(false), "# TYPE bellman_build_info gauge\n"));
	ck_assert_ptr_null(strstr(made(false), "# UNIT"));
	ck_assert_ptr_null(strstr(made(false), "# EOF"));
}
END_TEST

/* Whatever an answer holds where something else is expected. */
START_TEST(other_shapes)
{
	row(OF_STATS, "{\"messages\":7,\"journal\":[1,null,\"x\"],\"kafka_topics\":{\"a\":1},"
		      "\"incidents\":[[],3,{}],\"memory\":{\"a\":{}},\"sessions\":\"no\"}");
	row(OF_PEERS, "{\"quirks\":[1,\"as4\"],\"tables\":null}");
	row(OF_NORMS,
	    "{\"row\":\"action\",\"action\":1,\"passed_s\":2332800,\"wrong_spread_s\":12}");
	row(OF_NORMS, "{\"row\":\"action\",\"action\":3,\"light\":\"red\",\"neighbors\":4}");
	row(OF_NORMS, "{\"row\":\"other\",\"neighbors\":5}");
	row(OF_NORMS, "{\"row\":7,\"neighbors\":6}");
	has("bellman_manrs_action_info{action=\"3\",light=\"red\"} 1");
	has("bellman_manrs_wrong_passed_on_route_seconds 12");
	has("bellman_manrs_neighbors 4");
	ck_assert_uint_eq(count("\nbellman_manrs_neighbors "), 1);
	ck_assert_uint_eq(count("bellman_sessions "), 2);
	ck_assert_uint_eq(count("bellman_peer_quirk{"), 1);
}
END_TEST

HARNESS_MAIN("http_metrics")
{
	CASE("all");
	FIXTURE(setup, teardown);
	LOOP(each_row, (int)metrics_n);
	TEST(the_page_has_each);
	TEST(values);
	TEST(histograms);
	TEST(times);
	TEST(hostile_names);
	TEST(nothing_comes_twice);
	TEST(limits);
	TEST(formats);
	TEST(other_shapes);
}
