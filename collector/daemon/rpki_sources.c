#include "collector/daemon/rpki_sources.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/jw.h"
#include "base/pure/text.h"
#include "collector/daemon/rpki_memory.h"
#include "collector/daemon/rtr_client.h"
#include "collector/daemon/vrp_file.h"

enum { SETTLE_MS = 200, TICK_MS = 500, REMEMBER_US = 10 * 1000000 };

/* The owner of one source. */
struct rpki_owner {
	struct rpki_sources *all;
	struct rpki_owner *next;
	struct rpki_source *source;
	bool wanted; /* by the configuration that is being applied */
	bool reported_synced;
	enum rpki_source_kind kind;
	/* of a cache, with name, host and keys its identity */
	uint16_t port;
	uint8_t version, preference;
	struct rtr_client cache;
	struct vrp_file file;
};

struct rpki_sources {
	uv_loop_t *loop;
	struct workers *workers;
	struct records *records;
	struct alarms *alarms;
	const struct rpki_sources_ops *ops;
	void *ctx;
	struct rpki_owner *owners;
	struct rpki_data *data;
	struct rpki_memory *memory;
	uv_timer_t settle, tick;
	/* VRPs that are tried out: what workers have counted so far, and how many have not yet */
	struct vrp_trial *trial;
	unsigned trials_out;
	int64_t remembered_us;
	size_t remembered_held; /* VRPs that were held back then */
	bool due, stopping;
};

/* --- what the data concludes */

/* Give the workers the new snapshot and what it changes. */
static void
distribute(
    struct rpki_sources *r, struct vrp_set *set, const struct vrp_delta *delta, bool by_config)
{
	for (unsigned w = 0; w < workers_count(r->workers); w++) {
		struct cmd_rpki cmd = {
			.type = CMD_RPKI,
			.set = vrp_set_ref(set),
			.cover = vrp_cover_of(delta, set),
			.cause = by_config ? REASON_CONFIG : REASON_RPKI,
		};

		if (cmd.cover == NULL) {
			vrp_set_unref(cmd.set);
			log_error("rpki", "out of memory: worker=%u keeps the former data", w);
			continue;
		}
		workers_command(r->workers, w, &cmd, sizeof(cmd));
	}
}

static void
on_in_force(void *ctx, struct vrp_set *set, const struct vrp_delta *delta, bool by_config)
{
	struct rpki_sources *r = ctx;
	size_t n = vrp_set_count(set, IP_V4) + vrp_set_count(set, IP_V6);

	log_info("rpki", "generation=%llu vrps=%zu added=%zu removed=%zu",
	    (unsigned long long)vrp_set_generation(set), n, delta->added.n, delta->removed.n);
	records_event(r->records, "rpki.updated", SEVERITY_INFO, "", "", 0,
	    "RPKI data changed: %zu VRP%s, %zu added, %zu removed", n, n == 1 ? "" : "s",
	    delta->added.n, delta->removed.n);
	distribute(r, set, delta, by_config);
}

static void
on_aspas(void *ctx, struct aspa_set *set, size_t changed)
{
	struct rpki_sources *r = ctx;

	log_info("rpki", "aspa_generation=%llu aspas=%zu changed=%zu",
	    (unsigned long long)aspa_set_generation(set), aspa_set_count(set), changed);
	records_event(r->records, "rpki.updated", SEVERITY_INFO, "", "", 0,
	    "RPKI data changed: %zu ASPAs, %zu of them new, gone or with other providers",
	    aspa_set_count(set), changed);
	for (unsigned w = 0; w < workers_count(r->workers); w++) {
		struct cmd_aspas cmd = { .type = CMD_ASPAS, .set = aspa_set_ref(set) };

		workers_command(r->workers, w, &cmd, sizeof(cmd));
	}
}

static bool
on_try_out(void *ctx, struct vrp_set *set, const struct vrp_delta *delta)
{
	struct rpki_sources *r = ctx;
	unsigned n = workers_count(r->workers);

	r->trials_out = 0;
	for (unsigned w = 0; w < n; w++) {
		struct message_trial cmd = { .type = CMD_TRY_RPKI,
			.trial = vrp_trial_new(set, delta) };

		if (cmd.trial == NULL) {
			log_error("rpki", "out of memory: worker=%u does not try out new data", w);
			continue;
		}
		r->trials_out++;
		workers_command(r->workers, w, &cmd, sizeof(cmd));
	}
	return r->trials_out > 0;
}

/* Each worker has counted what its routers have. */
void
rpki_sources_tried(struct rpki_sources *r, struct vrp_trial *trial)
{
	if (r->trial == NULL) {
		r->trial = trial;
	} else {
		vrp_trial_join(r->trial, trial);
		vrp_trial_free(trial);
	}
	if (--r->trials_out > 0)
		return;
	trial = r->trial;
	r->trial = NULL;
	if (!r->stopping)
		rpki_data_tried(r->data, trial, clock_mono_us());
	vrp_trial_free(trial);
}

static void
on_state(void *ctx, enum rpki_state state)
{
	struct rpki_sources *r = ctx;

	r->ops->state(r->ctx, state);
}

static const struct {
	const char *kind;
	uint8_t severity, grave;
} alarm_rows[RPKI_ALARMS] = {
	[RPKI_ALARM_MISSING] = { "rpki.missing", SEVERITY_WARNING, SEVERITY_MAJOR },
	[RPKI_ALARM_LOST] = { "rpki.lost", SEVERITY_WARNING, SEVERITY_WARNING },
	[RPKI_ALARM_BROKEN] = { "rpki.broken", SEVERITY_WARNING, SEVERITY_MAJOR },
	[RPKI_ALARM_REJECTED] = { "rpki.rejected", SEVERITY_NOTICE, SEVERITY_NOTICE },
	[RPKI_ALARM_STALE] = { "rpki.stale", SEVERITY_WARNING, SEVERITY_MAJOR },
	[RPKI_ALARM_SHRUNKEN] = { "rpki.shrunken", SEVERITY_MAJOR, SEVERITY_MAJOR },
	[RPKI_ALARM_MASS_CHANGE] = { "rpki.mass-change", SEVERITY_MAJOR, SEVERITY_CRITICAL },
	[RPKI_ALARM_DEFAULT_VRP] = { "rpki.default-vrp", SEVERITY_MAJOR, SEVERITY_CRITICAL },
	[RPKI_ALARM_DIVERGING] = { "rpki.diverging", SEVERITY_WARNING, SEVERITY_CRITICAL },
};

static void
on_alarm(void *ctx, enum rpki_alarm a, const char *about, bool holds, bool grave, const char *text)
{
	struct rpki_sources *r = ctx;

	if (holds)
		alarm_on(r->alarms, alarm_rows[a].kind, about,
		    grave ? alarm_rows[a].grave : alarm_rows[a].severity, "%s", text);
	else
		alarm_off(r->alarms, alarm_rows[a].kind, about, "%s", text);
}

static void
on_group(void *ctx, const char *text)
{
	struct rpki_sources *r = ctx;

	records_event(r->records, "rpki.group", SEVERITY_NOTICE, "", "", 0, "%s", text);
}

static void
on_note(void *ctx, const char *text)
{
	(void)ctx;
	log_notice("rpki", "%s", text);
}

static const struct rpki_data_ops data_ops = {
	.in_force = on_in_force,
	.aspas = on_aspas,
	.state = on_state,
	.try_out = on_try_out,
	.alarm = on_alarm,
	.group = on_group,
	.note = on_note,
};

static void
on_settled(uv_timer_t *timer)
{
	struct rpki_sources *r = timer->data;

	r->due = false;
	rpki_data_tick(r->data, clock_mono_us());
}

static const char *
name_of(const struct rpki_owner *o)
{
	return o->kind == RPKI_CACHE ? o->cache.session.name : o->file.path;
}

static void
remember_source(struct rpki_memory *m, const struct rpki_owner *o)
{
	struct vrp_counts counts = rpki_source_to_remember(o->source);

	rpki_memory_put(m, name_of(o), counts.all);
	for (unsigned a = 0; a < counts.tas.n; a++)
		rpki_memory_put_part(m, name_of(o), counts.tas.name[a], counts.of[a]);
}

static void
recall_anchor(void *ctx, const char *ta, size_t vrps)
{
	rpki_source_remember_anchor(ctx, ta, vrps);
}

static void
remember(struct rpki_sources *r)
{
	rpki_memory_begin(r->memory);
	for (const struct rpki_owner *o = r->owners; o != NULL; o = o->next)
		remember_source(r->memory, o);
	rpki_data_remember(r->data, clock_mono_us(), clock_wall_us(), rpki_memory_lines(r->memory));
	rpki_memory_keep(r->memory);
	r->remembered_us = clock_mono_us();
	r->remembered_held = rpki_data_held(r->data);
}

static void
on_tick(uv_timer_t *timer)
{
	struct rpki_sources *r = timer->data;

	if (!r->due)
		rpki_data_tick(r->data, clock_mono_us());
	if (clock_mono_us() - r->remembered_us >= REMEMBER_US ||
	    rpki_data_held(r->data) != r->remembered_held)
		remember(r);
}

static void
due(struct rpki_sources *r)
{
	if (r->due || r->stopping)
		return;
	r->due = true;
	uv_timer_start(&r->settle, on_settled, SETTLE_MS, 0);
}

/* --- what the sources say */

/* The session goes on from its own data: what it says is given away as a copy. */
static void
take_cache_data(struct rpki_owner *o)
{
	struct rtr_session *session = &o->cache.session;
	struct aspa_list aspas;
	struct vrp_list copy;

	if (!session->changed)
		return;
	if (!vrp_list_copy(&copy, &session->data) || !aspa_list_copy(&aspas, &session->aspas)) {
		vrp_list_free(&copy);
		log_error("rpki", "out of memory: cache=%s keeps its former data", session->name);
		return;
	}
	session->changed = false;
	rpki_source_said(o->source, &copy, NULL, clock_mono_us());
	rpki_source_said_aspas(o->source, &aspas, clock_mono_us());
	due(o->all);
}

/* What would be wrong with the next connection, and is known before. */
static void
tell_keys(struct rpki_owner *o, const struct rtr_client *c)
{
	const struct tls_validity *v = &c->validity;
	struct alarms *alarms = o->all->alarms;
	const char *name = c->session.name;
	char until[CLOCK_TEXT_MAX];

	if (c->reload_error[0] != '\0')
		alarm_on(alarms, "rpki.keys", name, SEVERITY_WARNING,
		    "RPKI cache %s goes on with the keys it had: %s", name, c->reload_error);
	else if (v->until_s != 0 && clock_wall_us() / 1000000 >= v->renew_s)
		alarm_on(alarms, "rpki.keys", name, SEVERITY_NOTICE,
		    "the certificate %s RPKI cache %s expires at %s; right would be a renewed one",
		    v->ours ? "that we show" : "of", name,
		    clock_format_us(v->until_s * 1000000, 0, until));
	else if (c->keys != NULL || !c->has_tls)
		alarm_off(
		    alarms, "rpki.keys", name, "the keys for RPKI cache %s can be used", name);
}

static void
on_cache(void *ctx, struct rtr_client *c)
{
	struct rpki_owner *o = ctx;
	struct rtr_session *session = &c->session;
	struct rpki_source_report report = {
		.in_step = session->in_step,
		.broken = session->broken,
		.expired = session->expired,
		.rejected = session->rejected,
		.why = session->last_error,
		.first_rejected = session->first_rejected,
	};

	take_cache_data(o);
	tell_keys(o, c);
	rpki_source_report(o->source, &report, clock_mono_us());
	if (session->state == RTR_SYNCED && !o->reported_synced) {
		o->reported_synced = true;
		records_event(o->all->records, "rpki.synced", SEVERITY_INFO, "", "", 0,
		    "RPKI cache %s is synchronised: serial %u, %zu VRP%s", session->name,
		    session->serial, session->data.n, session->data.n == 1 ? "" : "s");
	} else if (session->state == RTR_IDLE) {
		o->reported_synced = false;
	}
}

static void
on_file(void *ctx, struct vrp_file *f)
{
	struct rpki_owner *o = ctx;
	struct rpki_source_report report = {
		.in_step = f->there && !f->broken,
		.broken = f->broken,
		.expired = f->expired,
		.rejected = f->stats.rejected,
		.why = f->error,
		.first_rejected = f->stats.first_rejected,
	};

	if (f->has_new && f->is_slurm)
		rpki_source_said_slurm(o->source, &f->slurm);
	else if (f->has_new)
		rpki_source_said(o->source, &f->vrps, &f->stats.tas, clock_mono_us());
	if (f->has_new && !f->is_slurm)
		rpki_source_said_aspas(o->source, &f->aspas, clock_mono_us());
	if (f->has_new)
		due(o->all);
	f->has_new = false;
	rpki_source_report(o->source, &report, clock_mono_us());
}

/* --- configuration */

static void
cache_stopped(void *ctx, struct rtr_client *c)
{
	(void)c;
	free(ctx);
}

static void
file_stopped(void *ctx, struct vrp_file *f)
{
	(void)f;
	free(ctx);
}

/* Its memory goes when nothing of libuv refers to it any more. */
static void
stop_owner(struct rpki_owner *o)
{
	if (o->kind == RPKI_CACHE)
		rtr_client_stop(&o->cache, cache_stopped);
	else
		vrp_file_stop(&o->file, file_stopped);
}

static bool
is_owner_of(const struct rpki_owner *o, enum rpki_source_kind kind, const char *name,
    const struct rtr_cache *cache)
{
	if (o->kind != kind)
		return false;
	if (kind != RPKI_CACHE)
		return strcmp(o->file.path, name) == 0;
	return strcmp(o->cache.session.name, name) == 0 &&
	       strcmp(o->cache.host, cache->host) == 0 && o->port == cache->port &&
	       o->version == cache->version && o->cache.has_tls == cache->has_tls &&
	       (!cache->has_tls || tls_config_same(&o->cache.tls_config, &cache->tls));
}

/* false when out of memory: nothing is started. */
static bool
start_owner(struct rpki_owner *o, const char *name, const struct rtr_cache *cache)
{
	if (o->kind != RPKI_CACHE) {
		vrp_file_start(&o->file, o->all->loop, name, o->kind == RPKI_SLURM, on_file, o);
		return true;
	}
	o->port = cache->port;
	o->version = cache->version;
	return rtr_client_start(&o->cache, o->all->loop, cache, on_cache, o);
}

static struct rpki_owner *
new_owner(struct rpki_sources *r, enum rpki_source_kind kind, const char *name,
    const struct rtr_cache *cache)
{
	struct rpki_owner *o = calloc(1, sizeof(*o));

	if (o == NULL)
		return NULL;
	o->all = r;
	o->kind = kind;
	o->wanted = true;
	o->source = rpki_data_add(r->data, kind, name, clock_mono_us());
	if (o->source == NULL || !start_owner(o, name, cache)) {
		if (o->source != NULL)
			rpki_data_remove(r->data, o->source);
		free(o);
		return NULL;
	}
	rpki_source_remember(o->source, rpki_memory_of(r->memory, name));
	rpki_memory_parts(r->memory, name, recall_anchor, o->source);
	return o;
}

/* The owner of this source: the one there is, or a new one. NULL when out of memory. */
static struct rpki_owner *
want(struct rpki_sources *r, enum rpki_source_kind kind, const char *name,
    const struct rtr_cache *cache)
{
	struct rpki_owner *o, **end = &r->owners;

	for (; (o = *end) != NULL; end = &o->next)
		if (!o->wanted && is_owner_of(o, kind, name, cache)) {
			o->wanted = true;
			if (kind == RPKI_CACHE)
				rtr_client_reload(&o->cache);
			return o;
		}
	return *end = new_owner(r, kind, name, cache);
}

static void
drop_unwanted(struct rpki_sources *r)
{
	struct rpki_owner **at = &r->owners, *o;

	while ((o = *at) != NULL) {
		if (o->wanted) {
			at = &o->next;
			continue;
		}
		*at = o->next;
		rpki_data_remove(r->data, o->source);
		stop_owner(o);
	}
}

/* What was open before the restart of sources that are no longer configured is over. */
static void
keep_alarms_of_sources(struct rpki_sources *r)
{
	const char **names;
	size_t n = 0;

	for (const struct rpki_owner *o = r->owners; o != NULL; o = o->next)
		n++;
	names = calloc(n + 1, sizeof(*names));
	if (names == NULL)
		return;
	n = 0;
	for (const struct rpki_owner *o = r->owners; o != NULL; o = o->next)
		names[n++] = name_of(o);
	if (n > 0)
		names[n++] = "rpki"; /* what is about all of them */
	alarms_keep_only(r->alarms, "rpki.", names, n, "it is no longer configured");
	free(names);
}

bool
rpki_sources_set(struct rpki_sources *r, const struct rpki_config *c)
{
	struct rpki_owner *o;
	bool ok = true;

	for (o = r->owners; o != NULL; o = o->next)
		o->wanted = false;
	for (size_t i = 0; i < c->files_n; i++)
		if ((o = want(r, RPKI_FILE, c->files[i], NULL)) != NULL)
			o->file.max_age_s = c->max_age_s;
		else
			ok = false;
	for (size_t i = 0; i < c->slurm_n; i++)
		ok &= want(r, RPKI_SLURM, c->slurm[i], NULL) != NULL;
	for (size_t i = 0; i < c->caches_n; i++)
		if ((o = want(r, RPKI_CACHE, c->caches[i].name, &c->caches[i])) != NULL) {
			rpki_source_prefer(o->source, c->caches[i].preference);
			o->preference = c->caches[i].preference;
		} else {
			ok = false;
		}
	drop_unwanted(r);
	keep_alarms_of_sources(r);
	rpki_data_configured(r->data, &c->limits, clock_mono_us());
	due(r);
	return ok;
}

/* --- life */

struct rpki_sources *
rpki_sources_new(uv_loop_t *loop, struct workers *workers, struct records *records,
    struct alarms *alarms, const char *memory_path, const struct rpki_sources_ops *ops, void *ctx)
{
	struct rpki_sources *r = calloc(1, sizeof(*r));

	if (r == NULL || (r->data = rpki_data_new(&data_ops, r)) == NULL ||
	    (r->memory = rpki_memory_load(memory_path)) == NULL) {
		if (r != NULL)
			rpki_data_free(r->data);
		free(r);
		return NULL;
	}
	rpki_data_recall(r->data, rpki_memory_text(r->memory), clock_mono_us(), clock_wall_us());
	r->loop = loop;
	r->workers = workers;
	r->records = records;
	r->alarms = alarms;
	r->ops = ops;
	r->ctx = ctx;
	uv_timer_init(loop, &r->settle);
	uv_timer_init(loop, &r->tick);
	r->settle.data = r->tick.data = r;
	uv_timer_start(&r->tick, on_tick, TICK_MS, TICK_MS);
	return r;
}

void
rpki_sources_stop(struct rpki_sources *r)
{
	struct rpki_owner *o;

	if (r->stopping)
		return;
	r->stopping = true;
	remember(r);
	while ((o = r->owners) != NULL) {
		r->owners = o->next;
		stop_owner(o);
	}
	uv_close((uv_handle_t *)&r->settle, NULL);
	uv_close((uv_handle_t *)&r->tick, NULL);
}

void
rpki_sources_free(struct rpki_sources *r)
{
	if (r == NULL)
		return;
	vrp_trial_free(r->trial);
	rpki_data_free(r->data);
	rpki_memory_free(r->memory);
	free(r);
}

const struct vrp_set *
rpki_sources_vrps(const struct rpki_sources *r)
{
	return rpki_data_set(r->data);
}

const struct aspa_set *
rpki_sources_aspas(const struct rpki_sources *r)
{
	return rpki_data_aspas(r->data);
}

int64_t
rpki_sources_expires(const struct rpki_sources *r, const struct vrp *v, bool *later)
{
	int64_t last = 0;

	*later = false;

	for (const struct rpki_owner *o = r->owners; o != NULL; o = o->next) {
		int64_t at_s = o->kind == RPKI_FILE ? vrp_expiries_find(&o->file.expiring, v) : 0;

		*later |= at_s == 0 && o->kind == RPKI_FILE && o->file.expiring.untimed == 0 &&
			  rpki_source_has(o->source, v);
		last = at_s > last ? at_s : last;
	}
	return *later ? 0 : last;
}

enum rpki_state
rpki_sources_state(const struct rpki_sources *r)
{
	return rpki_data_state(r->data);
}

uint32_t
rpki_sources_count(const struct rpki_sources *r)
{
	uint32_t n = 0;

	for (const struct rpki_owner *o = r->owners; o != NULL; o = o->next)
		n += o->wanted && o->kind != RPKI_SLURM;
	return n;
}

/* --- to be looked at */

/* What every source has: its state, and that of the whole. */
static void
show_state(const struct rpki_owner *o, struct jw *j)
{
	jw_string(j, "status", rpki_source_state_name(rpki_source_state(o->source)));
	jw_uint(j, "vrps_in_use", rpki_source_count(o->source));
	jw_uint(j, "aspas", rpki_source_aspas(o->source));
	jw_bool(j, "held_back", rpki_source_is_held(o->source));
	jw_string(j, "rpki_state", rpki_state_name(rpki_data_state(o->all->data)));
	jw_uint(j, "vrps_held_back", rpki_data_held(o->all->data));
}

static void
show_cache(const struct rpki_owner *o, struct printer *p)
{
	const struct rtr_session *s = &o->cache.session;
	int64_t age_s = s->synced_us != 0 ? (clock_mono_us() - s->synced_us) / 1000000 : -1;
	struct sbuf *text;
	struct jw *j;

	printer_row(p, NULL, NULL);
	if ((text = printer_text(p)) != NULL)
		sbuf_printf(text,
		    "cache %-24.24s %-8s data %-8s %-10s %s preference %u %-7s version %u serial "
		    "%-10u vrps %-9zu aspas %-5zu age %llds%s %s",
		    s->name, rpki_source_state_name(rpki_source_state(o->source)),
		    rpki_state_name(rpki_data_state(o->all->data)), rtr_state_name(s->state),
		    o->cache.has_tls ? "tls" : "tcp", o->preference,
		    rpki_source_in_use(o->source) ? "in use" : "standby", s->version, s->serial,
		    s->data.n, rpki_source_aspas(o->source), (long long)age_s,
		    rpki_source_is_held(o->source) ? " held back" : "", s->last_error);
	if ((j = printer_json(p)) != NULL) {
		jw_string(j, "source", "cache");
		jw_string(j, "name", s->name);
		jw_string(j, "state", rtr_state_name(s->state));
		jw_uint(j, "preference", o->preference);
		jw_bool(j, "in_use", rpki_source_in_use(o->source));
		jw_string(j, "transport", o->cache.has_tls ? "tls" : "tcp");
		if (o->cache.tls != NULL)
			jw_string(j, "tls_version", tls_version(o->cache.tls));
		jw_uint(j, "version", s->version);
		jw_uint(j, "serial", s->serial);
		jw_uint(j, "vrps", s->data.n);
		jw_int(j, "age_seconds", age_s);
		jw_uint(j, "errors_sent", s->counters.errors_sent);
		jw_uint(j, "errors_received", s->counters.errors_received);
		jw_uint(j, "rejected", s->rejected);
		jw_string(j, "last_error", s->last_error);
		show_state(o, j);
	}
	printer_end(p);
}

static void
show_file(const struct rpki_owner *o, struct printer *p)
{
	const struct vrp_file *f = &o->file;
	struct sbuf *text;
	struct jw *j;

	printer_row(p, NULL, NULL);
	if ((text = printer_text(p)) != NULL)
		sbuf_printf(text,
		    "%s %-48.48s %-8s data %-8s vrps %-9zu aspas %-5zu rejected %-6zu%s "
		    "%s",
		    f->is_slurm ? "slurm" : "file ", f->path,
		    rpki_source_state_name(rpki_source_state(o->source)),
		    rpki_state_name(rpki_data_state(o->all->data)), f->vrps_n,
		    rpki_source_aspas(o->source), f->stats.rejected,
		    rpki_source_is_held(o->source) ? " held back" : "", f->error);
	if ((j = printer_json(p)) != NULL) {
		jw_string(j, "source", f->is_slurm ? "slurm" : "file");
		jw_string(j, "name", f->path);
		jw_uint(j, "vrps", f->vrps_n);
		jw_uint(j, "rejected", f->stats.rejected);
		jw_time_us(j, "loaded", f->loaded_us);
		jw_time_us(j, "built", f->stats.built_s * 1000000);
		jw_string(j, "last_error", f->error);
		show_state(o, j);
	}
	printer_end(p);
}

void
rpki_sources_show(const struct rpki_sources *r, struct printer *p)
{
	for (const struct rpki_owner *o = r->owners; o != NULL; o = o->next)
		if (o->kind == RPKI_CACHE)
			show_cache(o, p);
		else
			show_file(o, p);
}
