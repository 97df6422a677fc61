/* What the files of the coordinator share: coordinator, control_answers. */
#pragma once

#include <uv.h>

#include "base/clock.h"
#include "collector/control/control.h"
#include "collector/daemon/alarms.h"
#include "collector/daemon/expected_routers.h"
#include "collector/daemon/feed_events.h"
#include "collector/daemon/baseline_keeper.h"
#include "collector/daemon/contact_watch.h"
#include "collector/daemon/coordinator.h"
#include "collector/daemon/incident_store.h"
#include "collector/daemon/incident_notes.h"
#include "collector/daemon/journal_watch.h"
#include "collector/daemon/kafka_watch.h"
#include "collector/daemon/list_keeper.h"
#include "collector/daemon/load_watch.h"
#include "collector/daemon/mute_keeper.h"
#include "collector/daemon/norm_keeper.h"
#include "collector/daemon/own_watch.h"
#include "collector/daemon/router_names.h"
#include "collector/daemon/router_watch.h"
#include "collector/daemon/rules_keeper.h"
#include "collector/daemon/sav_watch.h"
#include "collector/daemon/sessions.h"
#include "collector/daemon/test_alert.h"
#include "collector/daemon/verdict_watch.h"
#include "collector/daemon/workers.h"

struct coordinator {
	uv_loop_t loop;
	uv_async_t wake;
	uv_signal_t sig_term, sig_int;
	struct reloader *reloader;
	uv_timer_t tick;
	struct workers *workers;
	struct router_names names;
	struct sessions *sessions;
	struct acceptor *acceptor;
	struct records *records;
	struct incident_notes *notes;
	struct delegated_keeper *delegated;
	struct list_keeper *lists;
	struct mute_keeper *mutes;
	struct neighbor_keeper *neighbors;
	struct relation_keeper *relations;
	struct alarms *alarms;
	struct test_alert *test_alert;
	struct router_watch *router_watch;
	struct neighbor_watch *neighbor_watch;
	struct norm_keeper *norms;
	struct contact_watch *contact_watch;
	struct spread_counts *spread;
	struct expected_routers *expected;
	struct kafka_watch *kafka_watch;
	struct journal_watch *journal_watch;
	struct load_watch *load_watch;
	struct incidents *incidents;
	struct rpki_sources *rpki;
	struct own_watch *own_watch;
	struct sav_watch *sav_watch;
	struct verdict_watch *verdict_watch;
	enum verdicts verdicts;
	bool rpki_configured, rov_frozen;
	struct recording_feeds *recordings;
	struct control *control;
	struct http *http;
	struct latency finding_latency;
	struct rules_keeper rules;
	bool stopping;
	int64_t started_us;
	int64_t look_us; /* the next one */
	int64_t steady_base_us;
};

/* A clock that is never set, in microseconds: wall time as it was at the start, and what has passed
 * since. */
static inline int64_t
steady_us(const struct coordinator *d)
{
	return d->steady_base_us + clock_mono_us();
}

/* What the control socket is answered. */
extern const struct control_ops control_answers;
/* Incidents, and then what is wrong with the collector itself: control_ops.next_incident. */
bool control_next_incident(void *ctx, uint64_t *cursor, struct record *out);
