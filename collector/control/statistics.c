/* The sums of everything: the owner's figures, then those of all engines. */
#include "base/clock.h"
#include "collector/control/control_private.h"

void
statistics_put(const struct control_figures *f, const struct engine_stats *engines, bool json,
    struct sbuf *out)
{
	struct jw j = jw_to(out);
	const struct {
		const char *name;
		uint64_t value;
	} rows[] = {
		{ "sessions", f->sessions },
		{ "sessions_refused", f->sessions_refused },
		{ "incidents_open", f->incidents.open },
		{ "incidents_unknown", f->incidents.unknown },
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
		{ "kafka_connected", f->kafka.connected },
		{ "kafka_delivered", f->kafka.delivered },
		{ "kafka_failed", f->kafka.failed },
		{ "kafka_position", f->kafka.position },
		{ "kafka_lag", f->kafka.lag },
		{ "vrps_ipv4", f->vrps_v4 },
		{ "vrps_ipv6", f->vrps_v6 },
		{ "uptime_seconds", (uint64_t)((clock_mono_us() - f->started_us) / 1000000) },
		{ "cpu_microseconds", (uint64_t)clock_cpu_us() },
	};
	size_t n = sizeof(rows) / sizeof(rows[0]);

	if (json) {
		jw_object(&j, NULL);
		jw_string(&j, "collector", f->collector);
		jw_string(&j, "version", BELLMAN_VERSION);
		for (size_t i = 0; i < n; i++)
			jw_uint(&j, rows[i].name, rows[i].value);
		show_stats(engines, &j, out);
		jw_end_object(&j);
		sbuf_putc(out, '\n');
	} else {
		for (size_t i = 0; i < n; i++)
			sbuf_printf(
			    out, "%-28s %14llu\n", rows[i].name, (unsigned long long)rows[i].value);
		show_stats(engines, NULL, out);
	}
}
