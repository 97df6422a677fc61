/* The sums of everything: the owner's figures, then those of all engines. */
#include <stdio.h>

#include "base/clock.h"
#include "collector/control/control_private.h"

/* --- what has a shape of its own: for programs only */

static void
put_journal(struct jw *j, const struct journal_writer_stats *s)
{
	jw_object(j, "journal");
	jw_uint(j, "pending_bytes", s->pending_octets);
	jw_int(j, "waiting_us", s->waiting_us);
	jw_int(j, "stalled_us", s->stalled_us);
	jw_bool(j, "held", s->held);
	jw_string(j, "error", s->error);
	jw_string(j, "lost", s->lost);
	jw_end_object(j);
}

static void
put_kafka(struct jw *j, const struct kafka_stats *s)
{
	static const char *const troubles[] = { [KAFKA_FINE] = "",
		[KAFKA_TOPIC_FAILS] = "topic",
		[KAFKA_UNREACHABLE] = "unreachable" };

	jw_array(j, "kafka_topics");
	for (size_t i = 0; i < s->topics_n; i++) {
		const struct kafka_topic_stats *t = &s->topics[i];

		jw_object(j, NULL);
		jw_string(j, "topic", t->topic);
		jw_bool(j, "connected", t->connected);
		jw_string(j, "trouble", troubles[t->trouble]);
		jw_string(j, "reason", t->reason);
		jw_uint(j, "produced", t->produced);
		jw_uint(j, "delivered", t->delivered);
		jw_uint(j, "failed", t->failed);
		jw_uint(j, "set_aside", t->set_aside);
		jw_uint(j, "clients_replaced", t->retried_instances);
		jw_uint(j, "position", t->position);
		jw_uint(j, "lag", t->lag);
		jw_end_object(j);
	}
	jw_end_array(j);
}

static void
put_latency(struct jw *j, const char *name, const struct latency *l)
{
	char bound[24];
	uint64_t n = 0;

	jw_object(j, name);
	jw_uint(j, "count", latency_count(l));
	jw_uint(j, "sum_us", l->sum_us);
	jw_object(j, "buckets"); /* so much or less, in seconds */
	for (unsigned i = 0; i < LATENCY_BOUNDS; i++) {
		snprintf(bound, sizeof(bound), "%g", (double)latency_bounds[i] / 1e6);
		jw_uint(j, bound, n += l->n[i]);
	}
	jw_end_object(j);
	jw_end_object(j);
}

static void
put_count(void *ctx, const struct incident_count *c)
{
	struct jw *j = ctx;

	jw_object(j, NULL);
	jw_string(j, "kind", c->kind);
	jw_string(j, "severity", severity_name(c->severity));
	jw_string(j, "state", c->unknown ? "unknown" : "open");
	jw_uint(j, "count", c->n);
	jw_end_object(j);
}

/* --- all */

void
statistics_print(const struct control *control, struct printer *p, const struct control_figures *f,
    const struct engine_stats *engines)
{
	const struct {
		const char *name;
		uint64_t value;
	} rows[] = {
		{ "sessions", f->sessions },
		{ "sessions_refused", f->sessions_refused },
		{ "incidents_open", f->incidents.open },
		{ "incidents_unknown", f->incidents.unknown },
		{ "incidents_critical", f->incidents.critical },
		{ "incidents_dry_run", f->incidents.dry_run },
		{ "incidents_opened", f->incidents.opened },
		{ "incidents_updated", f->incidents.updated },
		{ "incidents_closed", f->incidents.closed },
		{ "incidents_refused", f->incidents.refused },
		{ "incident_members", f->incidents.members },
		{ "journal_seq", f->journal_seq },
		{ "journal_written", f->journal.written },
		{ "journal_pending", f->journal.pending },
		{ "journal_refused", f->journal.refused },
		{ "journal_failures", f->journal.failures },
		{ "journal_unread_deleted", f->journal.unread },
		{ "kafka_connected", f->kafka.connected },
		{ "kafka_delivered", f->kafka.delivered },
		{ "kafka_failed", f->kafka.failed },
		{ "kafka_set_aside", f->kafka.set_aside },
		{ "kafka_position", f->kafka.position },
		{ "kafka_lag", f->kafka.lag },
		{ "rpki_sources", f->rpki_sources },
		{ "vrps_ipv4", f->vrps_v4 },
		{ "vrps_ipv6", f->vrps_v6 },
		{ "uptime_seconds", (uint64_t)((clock_mono_us() - f->started_us) / 1000000) },
		{ "cpu_microseconds", (uint64_t)clock_cpu_us() },
	};
	struct jw *j;

	printer_row(p, NULL, NULL);
	printer_string(p, "collector", f->collector);
	printer_string(p, "version", BELLMAN_VERSION);
	printer_string(p, "rpki_state", rpki_state_name(f->rpki_state));
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		printer_figure(p, rows[i].name, rows[i].value);
	show_stats(engines, p);
	if ((j = printer_json(p)) != NULL) {
		put_journal(j, &f->journal);
		put_kafka(j, &f->kafka);
		jw_object(j, "latency");
		put_latency(j, "finding", &f->finding);
		put_latency(j, "record", &f->disk);
		put_latency(j, "opening", &f->opening);
		jw_end_object(j);
		jw_array(j, "incidents");
		control->ops->incident_counts(control->ctx, put_count, j);
		jw_end_array(j);
	}
	printer_end(p);
}
