#include "collector/config/wire.h"

#include <stdio.h>
#include <string.h>
#include <sys/random.h>
#include <unistd.h>

#include "base/clock.h"

enum { INCIDENTS_MAX = 20000, RING_OCTETS = 8 * 1024 * 1024 };

static const char *
in_state_dir(struct config *c, const char *name)
{
	size_t size = strlen(c->state_dir) + 1 + strlen(name) + 1;
	char *path = arena_take(&c->memory, size);

	snprintf(path, size, "%s/%s", c->state_dir, name);
	return path;
}

static void
wire_journal(struct config *c)
{
	const char *path = in_state_dir(c, "journal.sqlite");

	c->coordinator.records.journal_path = path;
	c->coordinator.records.kafka.journal_path = path;
	c->coordinator.records.kafka.reader = "kafka";
}

static void
wire_workers(struct config *c)
{
	struct worker_config *w = &c->coordinator.worker;
	uint64_t account_octets = w->engine.rib.account_octets;
	long cores = sysconf(_SC_NPROCESSORS_ONLN);

	c->coordinator.workers = c->workers != 0 ? c->workers : cores > 0 ? (unsigned)cores : 1;
	w->ring_octets = RING_OCTETS;
	w->engine.rib = rib_limits_default(w->engine.rib.routes);
	w->engine.rib.account_octets = account_octets;
	w->engine.settle_s = c->coordinator.incident.settle_s;
	if (getrandom(&w->engine.seed, sizeof(w->engine.seed), 0) < 0)
		w->engine.seed = (uint64_t)clock_mono_us();
}

/* Nobody may have the name of a router on which an incident still rests. */
static void
wire_sessions(struct config *c)
{
	const struct coordinator_config *d = &c->coordinator;
	uint64_t rests = (uint64_t)d->incident.forget_s + d->incident.feed_grace_s +
			 d->incident.settle_s + d->worker.engine.stale_s;

	c->coordinator.router_forget_s =
	    d->worker.engine.forget_s > rests ? d->worker.engine.forget_s : (uint32_t)rests;
	c->coordinator.worker.initiation_s = d->sessions.initiation_s;
	c->coordinator.sessions.message_max = d->worker.engine.message_max;
	c->coordinator.worker.engine.lost_max = d->sessions.sessions_max;
}

static uint32_t
bits(const uint8_t *rules, size_t n)
{
	uint32_t v = 0;

	for (size_t i = 0; i < n; i++)
		if (rules[i] < RULES)
			v |= 1U << rules[i];
	return v;
}

/* Behind the rules are the kinds of alarms that can be turned off. */
static uint32_t
watch_bits(const uint8_t *kinds, size_t n)
{
	uint32_t v = 0;

	for (size_t i = 0; i < n; i++)
		if (kinds[i] >= RULES)
			v |= 1U << (kinds[i] - RULES);
	return v;
}

/* What is said of one rule goes before what is said of all. */
static void
wire_severity(struct config *c)
{
	uint8_t(*to)[FURTHESTS] = c->coordinator.incident.severity_by_view;

	for (int of_one = 0; of_one < 2; of_one++)
		for (size_t i = 0; i < c->severity_by_view_n; i++) {
			const struct severity_by_view *s = &c->severity_by_view[i];

			for (unsigned r = 0; r < RULES; r++)
				if (s->has_rule == of_one && (!s->has_rule || s->rule == r))
					to[r][s->view] = s->severity;
		}
}

void
config_wire(struct config *c)
{
	c->coordinator.incident.collector = c->coordinator.records.collector;
	c->coordinator.incident.max = INCIDENTS_MAX;
	c->coordinator.rpki.limits.settle_s =
	    c->rpki_settle_s != 0 ? c->rpki_settle_s : c->coordinator.incident.settle_s;
	c->coordinator.rpki.memory_path = in_state_dir(c, "rpki-sources");
	c->coordinator.incident.off = bits(c->coordinator.detect.off, c->coordinator.detect.off_n);
	c->coordinator.incident.dry_run =
	    bits(c->coordinator.detect.dry_run, c->coordinator.detect.dry_run_n);
	c->coordinator.watch.off =
	    watch_bits(c->coordinator.detect.off, c->coordinator.detect.off_n);
	c->coordinator.watch.dry_run =
	    watch_bits(c->coordinator.detect.dry_run, c->coordinator.detect.dry_run_n);
	c->coordinator.watch.group_at = c->coordinator.incident.group_at;
	c->coordinator.visibility.away_s = c->coordinator.incident.settle_s;
	c->coordinator.visibility.group_at = c->coordinator.incident.group_at;
	c->coordinator.http.control_path = c->coordinator.control_path;
	wire_severity(c);
	wire_journal(c);
	wire_workers(c);
	wire_sessions(c);
}
