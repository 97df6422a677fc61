#include "collector/daemon/rpki_sources.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/jw.h"
#include "collector/daemon/rtr_client.h"
#include "collector/daemon/vrp_file.h"
#include "collector/rpki/vrp_union.h"

enum { SETTLE_MS = 200 };

struct rpki_source {
	struct rpki_sources *all;
	bool is_file, reported_synced;
	union {
		struct rtr_client cache;
		struct vrp_file file;
	};
};

struct rpki_sources {
	uv_loop_t *loop;
	struct workers *workers;
	struct records *records;
	struct rpki_source *sources;
	size_t sources_n;
	struct vrp_set *vrps;
	uint64_t generation;
	uv_timer_t settle;
	bool due, stopping;
};

/* Give the workers the new snapshot and what it changes. */
static void
distribute(struct rpki_sources *r, struct vrp_set *set, const struct vrp_delta *delta)
{
	for (unsigned w = 0; w < workers_count(r->workers); w++) {
		struct cmd_rpki cmd = {
			.type = CMD_RPKI, .set = vrp_set_ref(set), .cover = vrp_cover_new(delta)
		};

		if (cmd.cover == NULL) {
			vrp_set_unref(cmd.set);
			log_error("rpki", "out of memory: worker=%u keeps the former data", w);
			continue;
		}
		workers_command(r->workers, w, &cmd, sizeof(cmd));
	}
}

static const struct vrp_list *
source_data(const struct rpki_source *s)
{
	if (s->is_file)
		return s->file.has_data ? &s->file.data : NULL;
	return s->cache.session.has_data ? &s->cache.session.data : NULL;
}

static void
merge(uv_timer_t *timer)
{
	struct rpki_sources *r = timer->data;
	const struct vrp_list **lists = calloc(r->sources_n + 1, sizeof(*lists));
	struct vrp_delta delta;
	struct vrp_set *set;
	size_t n = 0;

	r->due = false;
	if (lists == NULL)
		return;
	for (size_t i = 0; i < r->sources_n; i++)
		if (source_data(&r->sources[i]) != NULL)
			lists[n++] = source_data(&r->sources[i]);
	set = vrp_union(lists, n, r->generation + 1);
	free(lists);
	if (set == NULL || !vrp_delta_between(r->vrps, set, &delta)) {
		log_error("rpki", "out of memory: the former data stays in force");
		vrp_set_unref(set);
		return;
	}
	if (delta.added.n + delta.removed.n == 0) {
		vrp_set_unref(set);
		vrp_delta_free(&delta);
		return;
	}
	r->generation++;
	log_info("rpki", "generation=%llu vrps=%zu added=%zu removed=%zu",
	    (unsigned long long)r->generation,
	    vrp_set_count(set, IP_V4) + vrp_set_count(set, IP_V6), delta.added.n, delta.removed.n);
	records_event(r->records, "rpki.updated", SEVERITY_INFO, "", "", 0,
	    "RPKI data changed: %zu VRPs, %zu added, %zu removed",
	    vrp_set_count(set, IP_V4) + vrp_set_count(set, IP_V6), delta.added.n, delta.removed.n);
	distribute(r, set, &delta);
	vrp_delta_free(&delta);
	vrp_set_unref(r->vrps);
	r->vrps = set;
}

static void
due(struct rpki_sources *r)
{
	if (r->due || r->stopping)
		return;
	r->due = true;
	uv_timer_start(&r->settle, merge, SETTLE_MS, 0);
}

static void
on_cache(void *ctx, struct rtr_client *c)
{
	struct rpki_source *s = ctx;
	struct rtr_session *session = &c->session;

	if (session->changed) {
		session->changed = false;
		due(s->all);
	}
	if (session->state == RTR_SYNCED && !s->reported_synced) {
		s->reported_synced = true;
		records_event(s->all->records, "rpki.synced", SEVERITY_INFO, "", "", 0,
		    "RPKI cache %s is synchronised: serial %u, %zu VRPs", session->name,
		    session->serial, session->data.n);
	} else if (session->state == RTR_IDLE && s->reported_synced) {
		s->reported_synced = false;
		records_event(s->all->records, "rpki.lost", SEVERITY_WARNING, "", "", 0,
		    "RPKI cache %s is lost: %s", session->name, session->last_error);
	}
}

static void
on_file(void *ctx, struct vrp_file *f)
{
	struct rpki_source *s = ctx;

	f->changed = false;
	due(s->all);
}

static void
start_one(struct rpki_source *s, const struct rpki_config *c, size_t i)
{
	if (i < c->files_n) {
		s->is_file = true;
		vrp_file_start(&s->file, s->all->loop, c->files[i], on_file, s);
	} else {
		const struct rtr_cache *cache = &c->caches[i - c->files_n];

		rtr_client_start(&s->cache, s->all->loop, cache->name, cache->host, cache->port,
		    cache->version, on_cache, s);
	}
}

/* Sources are stopped as a set; the memory goes with the last of them. */
struct leaving {
	struct rpki_source *sources;
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

static void
leave(struct rpki_sources *r)
{
	struct leaving *l = calloc(1, sizeof(*l));

	if (l == NULL || r->sources_n == 0) {
		free(l);
		free(r->sources);
	} else {
		l->sources = r->sources;
		l->left = r->sources_n;
		for (size_t i = 0; i < r->sources_n; i++) {
			struct rpki_source *s = &r->sources[i];

			if (s->is_file) {
				s->file.ctx = l;
				vrp_file_stop(&s->file, file_stopped);
			} else {
				s->cache.ctx = l;
				rtr_client_stop(&s->cache, cache_stopped);
			}
		}
	}
	r->sources = NULL;
	r->sources_n = 0;
}

bool
rpki_sources_set(struct rpki_sources *r, const struct rpki_config *c)
{
	size_t n = c->files_n + c->caches_n;

	leave(r);
	r->sources = calloc(n + 1, sizeof(*r->sources));
	if (r->sources == NULL)
		return false;
	r->sources_n = n;
	for (size_t i = 0; i < n; i++) {
		r->sources[i].all = r;
		start_one(&r->sources[i], c, i);
	}
	return true;
}

struct rpki_sources *
rpki_sources_new(uv_loop_t *loop, struct workers *workers, struct records *records)
{
	struct rpki_sources *r = calloc(1, sizeof(*r));

	if (r == NULL)
		return NULL;
	r->loop = loop;
	r->workers = workers;
	r->records = records;
	uv_timer_init(loop, &r->settle);
	r->settle.data = r;
	return r;
}

void
rpki_sources_stop(struct rpki_sources *r)
{
	if (r->stopping)
		return;
	r->stopping = true;
	leave(r);
	uv_close((uv_handle_t *)&r->settle, NULL);
}

void
rpki_sources_free(struct rpki_sources *r)
{
	if (r == NULL)
		return;
	vrp_set_unref(r->vrps);
	free(r);
}

const struct vrp_set *
rpki_sources_vrps(const struct rpki_sources *r)
{
	return r->vrps;
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
rpki_sources_show(const struct rpki_sources *r, struct printer *p)
{
	for (size_t i = 0; i < r->sources_n; i++) {
		if (r->sources[i].is_file)
			show_file(&r->sources[i].file, p);
		else
			show_cache(&r->sources[i].cache.session, p);
	}
}
