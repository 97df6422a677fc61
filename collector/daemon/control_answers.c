/* What the control socket asks of the coordinator. */
#include <string.h>

#include "base/clock.h"
#include "base/pure/text.h"
#include "collector/daemon/coordinator_private.h"

static bool
ask_worker(void *ctx, unsigned worker, uint32_t id, const struct show_query *query)
{
	struct coordinator *d = ctx;
	struct cmd_query cmd = { .type = CMD_QUERY, .id = id, .query = *query };

	if (worker >= workers_count(d->workers))
		return false;
	workers_command(d->workers, worker, &cmd, sizeof(cmd));
	return true;
}

/* Incidents, and then what is wrong with the collector itself. */
bool
control_next_incident(void *ctx, uint64_t *cursor, struct record *out)
{
	const uint64_t behind = 1ULL << 63;
	struct coordinator *d = ctx;

	if (*cursor < behind && !incidents_next(d->incidents, cursor, out))
		*cursor = behind;
	if (*cursor >= behind && !alarms_get(d->alarms, (uint32_t)((*cursor)++ - behind), out))
		return false;
	incident_notes_apply(d->notes, out);
	mute_keeper_mark(d->mutes, out);
	return true;
}

static bool
incident_why(
    void *ctx, const char *id, struct incident_why *why, struct ip_prefix *prefixes, unsigned *n)
{
	struct coordinator *d = ctx;

	*n = incidents_prefixes(d->incidents, id, prefixes, *n);
	return incidents_why(d->incidents, id, why);
}

static void
incident_routes(void *ctx, const char *id, unsigned max,
    void (*each)(void *each_ctx, const struct incident_route *), void *each_ctx)
{
	struct coordinator *d = ctx;

	incidents_routes(d->incidents, id, max, each, each_ctx);
}

static bool
mute(void *ctx, const struct mute_request *q, char *says, size_t size)
{
	struct coordinator *d = ctx;

	return mute_keeper_request(d->mutes, q, control_next_incident, d, says, size);
}

static void
show_mutes(void *ctx, struct printer *p)
{
	mute_keeper_show(((struct coordinator *)ctx)->mutes, p);
}

static bool
test_alert(
    void *ctx, const char *who, uint8_t severity, int64_t for_us, char *id, char *says, size_t size)
{
	return test_alert_open(
	    ((struct coordinator *)ctx)->test_alert, who, severity, for_us, id, says, size);
}

static void
show_baseline(void *ctx, struct printer *p)
{
	baseline_keeper_show(((struct coordinator *)ctx)->incidents, p);
}

static bool
reset_baseline(void *ctx, const char *who, const char *why, char *says, size_t size)
{
	struct coordinator *d = ctx;

	own_watch_accept(d->own_watch);
	return baseline_keeper_reset(d->records, d->incidents, who, why, steady_us(d), says, size);
}

static void
show_rpki_sources(void *ctx, struct printer *p)
{
	rpki_sources_show(((struct coordinator *)ctx)->rpki, p);
}

static const struct vrp_set *
vrps_in_force(void *ctx)
{
	return rpki_sources_vrps(((struct coordinator *)ctx)->rpki);
}

static enum rpki_state
rpki_state(void *ctx)
{
	return rpki_sources_state(((struct coordinator *)ctx)->rpki);
}

static const struct aspa_set *
aspas_in_force(void *ctx)
{
	return rpki_sources_aspas(((struct coordinator *)ctx)->rpki);
}

static void
never_came(void *ctx, control_absent_router each, void *each_ctx)
{
	expected_routers_never_came(((const struct coordinator *)ctx)->expected, each, each_ctx);
}

static void
known_gaps(void *ctx, struct sav_gaps *g)
{
	sav_watch_gaps(((const struct coordinator *)ctx)->alarms, g);
}

static const struct detect *
rules_in_force(void *ctx)
{
	return ((struct coordinator *)ctx)->rules.detect;
}

static void
figures(void *ctx, struct control_figures *out)
{
	struct coordinator *d = ctx;
	const struct vrp_set *vrps = rpki_sources_vrps(d->rpki);
	struct records_stats records;

	records_stats(d->records, &records);
	out->collector = records_collector(d->records);
	out->sessions = sessions_count(d->sessions);
	out->sessions_refused = sessions_refused(d->sessions);
	out->journal_seq = records.seq;
	out->journal = records.journal;
	out->kafka = records.kafka;
	out->disk = records.disk;
	out->opening = records.opening;
	out->finding = d->finding_latency;
	out->vrps_v4 = vrp_set_count(vrps, IP_V4);
	out->vrps_v6 = vrp_set_count(vrps, IP_V6);
	out->rpki_state = rpki_sources_state(d->rpki);
	out->rpki_sources = rpki_sources_count(d->rpki);
	out->started_us = d->started_us;
	incidents_stats(d->incidents, &out->incidents);
}

static void
incident_counts(void *ctx, void (*each)(void *, const struct incident_count *), void *each_ctx)
{
	const struct coordinator *d = ctx;

	incidents_count(d->incidents, each, each_ctx);
	alarms_count(d->alarms, each, each_ctx);
}

/* --- the norms of routing security */

static void
norm_rows(void *ctx, const char *day, control_norm_row each, void *each_ctx)
{
	norm_keeper_rows(((struct coordinator *)ctx)->norms, day, each, each_ctx);
}

static bool
evidence_gone(void *ctx, const char *id)
{
	return norm_keeper_evidence(((const struct coordinator *)ctx)->norms, id) == EVIDENCE_GONE;
}

/* What a neighbour is called; session: its router and address. */
static void
who(void *ctx, uint32_t asn, const char *session, char *name, char *contact)
{
	const struct coordinator *d = ctx;
	struct record r = { .kind = RECORD_INCIDENT, .incident.peer_as = asn };

	norm_session_address(session, r.incident.peer, sizeof(r.incident.peer));
	incident_notes_apply(d->notes, &r);
	text_copy(name, RECORD_NAME_MAX, r.incident.neighbor_name);
	text_copy(contact, RECORD_NAME_MAX, r.incident.neighbor_contact);
}

static void
own_roas(void *ctx, void (*each)(void *, const struct own_roa *), void *each_ctx)
{
	const struct coordinator *d = ctx;

	own_watch_roas(d->own_watch, rpki_sources_vrps(d->rpki), each, each_ctx);
}

static void
sav_lists(void *ctx, void (*each)(void *, const struct control_sav_list *), void *each_ctx)
{
	sav_watch_each(((const struct coordinator *)ctx)->sav_watch, each, each_ctx);
}

static void
lists(void *ctx, void (*each)(void *, const struct control_list *), void *each_ctx)
{
	list_keeper_each(((const struct coordinator *)ctx)->lists, each, each_ctx);
}

static void
contacts(void *ctx, void (*each)(void *, const struct contact_seen *), void *each_ctx)
{
	contact_watch_each(
	    ((struct coordinator *)ctx)->contact_watch, clock_wall_us(), each, each_ctx);
}

static void
contact_of_us(void *ctx, struct contact_of_us *out)
{
	incident_notes_us(((struct coordinator *)ctx)->notes, out);
}

const struct control_ops control_answers = {
	.ask_worker = ask_worker,
	.next_incident = control_next_incident,
	.incident_why = incident_why,
	.incident_routes = incident_routes,
	.rpki_sources = show_rpki_sources,
	.vrps = vrps_in_force,
	.rpki_state = rpki_state,
	.aspas = aspas_in_force,
	.detect = rules_in_force,
	.gaps = known_gaps,
	.never_came = never_came,
	.figures = figures,
	.incident_counts = incident_counts,
	.mute = mute,
	.mutes = show_mutes,
	.test_alert = test_alert,
	.baseline = show_baseline,
	.baseline_reset = reset_baseline,
	.norm_rows = norm_rows,
	.evidence_gone = evidence_gone,
	.who = who,
	.own_roas = own_roas,
	.sav_lists = sav_lists,
	.lists = lists,
	.contacts = contacts,
	.contact_of_us = contact_of_us,
};
