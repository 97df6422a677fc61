/* The sums of everything: the owner's figures, then those of all engines. */
#include "base/clock.h"
#include "collector/control/control_private.h"

void
statistics_print(
    struct printer *p, const struct control_figures *f, const struct engine_stats *engines)
{
	const struct {
		const char *name;
		uint64_t value;
	} rows[] = {
		{ "sessions", f->sessions },
		{ "sessions_refused", f->sessions_refused },
		{ "incidents_open", f->incidents.open },
		{ "incidents_unknown", f->incidents.unknown },
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
		{ "vrps_ipv4", f->vrps_v4 },
		{ "vrps_ipv6", f->vrps_v6 },
		{ "uptime_seconds", (uint64_t)((clock_mono_us() - f->started_us) / 1000000) },
		{ "cpu_microseconds", (uint64_t)clock_cpu_us() },
	};

	printer_row(p, NULL, NULL);
	printer_string(p, "collector", f->collector);
	printer_string(p, "version", BELLMAN_VERSION);
	printer_string(p, "rpki_state", rpki_state_name(f->rpki_state));
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		printer_figure(p, rows[i].name, rows[i].value);
	show_stats(engines, p);
	printer_end(p);
}
