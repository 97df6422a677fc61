/*
 * Where VRPs come from: caches and files. When one changes, the union is made, the net difference
 * to what was in force goes to the workers, and each judges again just what it touches. A short
 * settling time turns several changes into one.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "collector/daemon/coordinator_private.h"

enum { SETTLE_MS = 200 };

struct coordinator_source {
	struct coordinator *coordinator;
	bool is_file, reported_synced;
	union {
		struct rtr_client cache;
		struct vrp_file file;
	};
};

/* Give the workers the new snapshot and what it changes. */
static void
distribute(struct coordinator *d, struct vrp_set *set, const struct vrp_delta *delta)
{
	for (unsigned w = 0; w < d->workers_n; w++) {
		struct cmd_rpki cmd = {
			.type = CMD_RPKI, .set = vrp_set_ref(set), .cover = vrp_cover_new(delta)
		};

		if (cmd.cover == NULL) {
			vrp_set_unref(cmd.set);
			log_error("rpki", "out of memory: worker=%u keeps the former data", w);
			continue;
		}
		coordinator_command(d, w, &cmd, sizeof(cmd));
	}
}

static const struct vrp_list *
source_data(const struct coordinator_source *s)
{
	if (s->is_file)
		return s->file.has_data ? &s->file.data : NULL;
	return s->cache.session.has_data ? &s->cache.session.data : NULL;
}

static void
merge(uv_timer_t *timer)
{
	struct coordinator *d = timer->data;
	const struct vrp_list **lists = calloc(d->sources_n + 1, sizeof(*lists));
	struct vrp_delta delta;
	struct vrp_set *set;
	size_t n = 0;

	d->vrp_due = false;
	if (lists == NULL)
		return;
	for (size_t i = 0; i < d->sources_n; i++)
		if (source_data(&d->sources[i]) != NULL)
			lists[n++] = source_data(&d->sources[i]);
	set = vrp_union(lists, n, d->vrp_generation + 1);
	free(lists);
	if (set == NULL || !vrp_delta_between(d->vrps, set, &delta)) {
		log_error("rpki", "out of memory: the former data stays in force");
		vrp_set_unref(set);
		return;
	}
	if (delta.added.n + delta.removed.n == 0) {
		vrp_set_unref(set);
		vrp_delta_free(&delta);
		return;
	}
	d->vrp_generation++;
	log_info("rpki", "generation=%llu vrps=%zu added=%zu removed=%zu",
	    (unsigned long long)d->vrp_generation,
	    vrp_set_count(set, IP_V4) + vrp_set_count(set, IP_V6), delta.added.n, delta.removed.n);
	coordinator_event(d, "rpki.updated", SEVERITY_INFO, "", "", 0,
	    "RPKI data changed: %zu VRPs, %zu added, %zu removed",
	    vrp_set_count(set, IP_V4) + vrp_set_count(set, IP_V6), delta.added.n, delta.removed.n);
	distribute(d, set, &delta);
	vrp_delta_free(&delta);
	vrp_set_unref(d->vrps);
	d->vrps = set;
}

static void
due(struct coordinator *d)
{
	if (d->vrp_due || d->stopping)
		return;
	d->vrp_due = true;
	uv_timer_start(&d->vrp_settle, merge, SETTLE_MS, 0);
}

static void
on_cache(void *ctx, struct rtr_client *c)
{
	struct coordinator_source *s = ctx;
	struct rtr_session *session = &c->session;

	if (session->changed) {
		session->changed = false;
		due(s->coordinator);
	}
	if (session->state == RTR_SYNCED && !s->reported_synced) {
		s->reported_synced = true;
		coordinator_event(s->coordinator, "rpki.synced", SEVERITY_INFO, "", "", 0,
		    "RPKI cache %s is in step: serial %u, %zu VRPs", session->name, session->serial,
		    session->data.n);
	} else if (session->state == RTR_IDLE && s->reported_synced) {
		s->reported_synced = false;
		coordinator_event(s->coordinator, "rpki.lost", SEVERITY_WARNING, "", "", 0,
		    "RPKI cache %s is lost: %s", session->name, session->last_error);
	}
}

static void
on_file(void *ctx, struct vrp_file *f)
{
	struct coordinator_source *s = ctx;

	f->changed = false;
	due(s->coordinator);
}

bool
coordinator_sources_start(struct coordinator *d, const struct coordinator_config *c)
{
	size_t n = c->vrp_files_n + c->caches_n;

	d->sources = calloc(n + 1, sizeof(*d->sources));
	if (d->sources == NULL)
		return false;
	for (size_t i = 0; i < n; i++) {
		struct coordinator_source *s = &d->sources[i];

		s->coordinator = d;
		s->is_file = i < c->vrp_files_n;
		if (s->is_file) {
			vrp_file_start(&s->file, &d->loop, c->vrp_files[i], on_file, s);
		} else {
			const struct coordinator_cache *cache = &c->caches[i - c->vrp_files_n];

			rtr_client_start(&s->cache, &d->loop, cache->name, cache->host, cache->port,
			    cache->version, on_cache, s);
		}
	}
	d->sources_n = n;
	return true;
}

/* Sources are stopped as a set; the memory goes with the last of them. */
struct leaving {
	struct coordinator_source *sources;
	size_t left;
};

static void
one_left(struct leaving *l)
{
	if (--l->left == 0) {
		free(l->sources);
		free(l);
	}
}

static void
cache_stopped(void *ctx, struct rtr_client *c)
{
	(void)c;
	one_left(ctx);
}

static void
file_stopped(void *ctx, struct vrp_file *f)
{
	(void)f;
	one_left(ctx);
}

void
coordinator_sources_stop(struct coordinator *d)
{
	struct leaving *l = calloc(1, sizeof(*l));

	if (l == NULL || d->sources_n == 0) {
		free(l);
		free(d->sources);
	} else {
		l->sources = d->sources;
		l->left = d->sources_n;
		for (size_t i = 0; i < d->sources_n; i++) {
			struct coordinator_source *s = &d->sources[i];

			if (s->is_file) {
				s->file.ctx = l;
				vrp_file_stop(&s->file, file_stopped);
			} else {
				s->cache.ctx = l;
				rtr_client_stop(&s->cache, cache_stopped);
			}
		}
	}
	d->sources = NULL;
	d->sources_n = 0;
}

/* --- to be looked at */

static void
show_cache(const struct rtr_session *s, struct printer *p)
{
	int64_t age_s = s->synced_us != 0 ? (clock_mono_us() - s->synced_us) / 1000000 : -1;
	struct sbuf *text;
	struct jw *j;

	printer_row(p, NULL, NULL);
	if ((text = printer_text(p)) != NULL)
		sbuf_printf(text,
		    "cache %-24.24s %-10s version %u serial %-10u vrps %-9zu age %llds %s", s->name,
		    rtr_state_name(s->state), s->version, s->serial, s->data.n, (long long)age_s,
		    s->last_error);
	if ((j = printer_json(p)) != NULL) {
		jw_string(j, "source", "cache");
		jw_string(j, "name", s->name);
		jw_string(j, "state", rtr_state_name(s->state));
		jw_uint(j, "version", s->version);
		jw_uint(j, "serial", s->serial);
		jw_uint(j, "vrps", s->data.n);
		jw_int(j, "age_seconds", age_s);
		jw_uint(j, "errors_sent", s->counters.errors_sent);
		jw_uint(j, "errors_received", s->counters.errors_received);
		jw_string(j, "last_error", s->last_error);
	}
	printer_end(p);
}

static void
show_file(const struct vrp_file *f, struct printer *p)
{
	struct sbuf *text;
	struct jw *j;

	printer_row(p, NULL, NULL);
	if ((text = printer_text(p)) != NULL)
		sbuf_printf(text, "file  %-48.48s vrps %-9zu rejected %-6zu %s", f->path, f->data.n,
		    f->stats.rejected, f->error);
	if ((j = printer_json(p)) != NULL) {
		jw_string(j, "source", "file");
		jw_string(j, "name", f->path);
		jw_uint(j, "vrps", f->data.n);
		jw_uint(j, "rejected", f->stats.rejected);
		jw_time_us(j, "loaded", f->loaded_us);
		jw_string(j, "last_error", f->error);
	}
	printer_end(p);
}

void
coordinator_sources_show(const struct coordinator *d, struct printer *p)
{
	for (size_t i = 0; i < d->sources_n; i++) {
		if (d->sources[i].is_file)
			show_file(&d->sources[i].file, p);
		else
			show_cache(&d->sources[i].cache.session, p);
	}
}
