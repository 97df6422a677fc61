#include "collector/daemon/neighbor_watch_private.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/ptrmap.h"
#include "base/pure/text.h"

static const char room[] = "neighbor-watch", limit_kind[] = "limit.neighbors";
static const int64_t SECOND_US = 1000000;
/* After it is not waited for any longer, it is remembered how much it sent. */
enum { REMEMBERED_S = 7 * 86400 };

/* --- who there is */

static uint32_t
hash_about(const char *about)
{
	return (uint32_t)hash_bytes(0, about, strlen(about));
}

static struct watched *
find(const struct neighbor_watch *w, const char *about)
{
	struct watched *n;

	for (uint32_t at = 0; (n = ptrmap_next(&w->by_about, hash_about(about), &at)) != NULL;)
		if (strcmp(n->about, about) == 0)
			return n;
	return NULL;
}

static void
name(struct watched *n)
{
	snprintf(n->about, sizeof(n->about), "%s %s%s%s", n->router, n->address,
	    n->distinguisher[0] != '\0' ? " " : "", n->distinguisher);
}

/* Put it in; frees it when out of memory. */
static struct watched *
add(struct neighbor_watch *w, struct watched *n)
{
	if (!ptrmap_add(&w->by_about, hash_about(n->about), n)) {
		free(n);
		return NULL;
	}
	n->next = w->list;
	w->list = n;
	w->n++;
	return n;
}

/* They are too many. */
static void
refuse(struct neighbor_watch *w)
{
	alarm_on(w->alarms, limit_kind, "neighbors", SEVERITY_MAJOR,
	    "the sessions of %d neighbours are watched, and no more: of the others peer.down, "
	    "peer.surge and the like are not told",
	    WATCHED_MAX);
}

/* The neighbour of an event; NULL when out of memory, or when there are too many. */
static struct watched *
watched_of(struct neighbor_watch *w, uint32_t feed, const struct engine_event *ev)
{
	struct watched made = { .here = true, .as = ev->peer_as }, *n;

	text_copy(made.router, sizeof(made.router), ev->router_name);
	text_copy(made.address, sizeof(made.address), ev->address);
	text_copy(made.distinguisher, sizeof(made.distinguisher), ev->distinguisher);
	name(&made);
	n = find(w, made.about);
	if (n == NULL && w->n >= WATCHED_MAX) {
		refuse(w);
		return NULL;
	}
	if (n == NULL) {
		n = malloc(sizeof(*n));
		if (n == NULL)
			return NULL;
		*n = made;
		watched_find_limits(w, n);
		n = add(w, n);
	}
	if (n != NULL) {
		if (n->as != ev->peer_as) {
			n->as = ev->peer_as;
			watched_find_limits(w, n);
		}
		n->relation = ev->relation;
		n->feed = feed;
		n->peer = ev->peer;
		n->here = n->named = true;
	}
	return n;
}

/* --- what is kept */

/* Its session is up, or down and waited for. That is kept, so that it is missed when it is not
 * there after a restart. */
static bool
is_expected(const struct watched *n)
{
	return n->up || n->flaps.state != SESSION_FINE || n->flaps.down_us != 0;
}

/* The most that it ever sent is, so that what comes back after a restart is no surge. */
static bool
is_worth_keeping(const struct watched *n)
{
	bool worth = is_expected(n) || n->session_told != SESSION_FINE || n->grouped != 0 ||
		     n->cut_off || n->too_much != TOO_MUCH_NOT || n->loss_told;

	for (unsigned k = 0; k < WATCH_FAMILIES; k++)
		worth |= n->volumes[k].state != VOLUME_USUAL || n->near[k] != 0 ||
			 n->volumes[k].most > 0;
	return worth;
}

static int64_t
last_down_us(const struct watched *n)
{
	return n->flaps.downs > 0 ? n->flaps.downs_us[(n->flaps.downs - 1) % FLAPS_MAX] : 0;
}

/* Numbers in one line, then texts, a line each. */
static void
keep(struct neighbor_watch *w, struct watched *n)
{
	char value[2048];
	struct txt t = txt_of(value, sizeof(value));

	txt_putf(&t, "1 %u %u %u %" PRId64 " %" PRId64 " %" PRId64 " %u %u %u %u %u %u %u %u",
	    n->as, n->relation, n->flaps.state, n->flaps.since_us, n->flaps.down_us,
	    last_down_us(n), n->flaps.downs - n->flaps.downs_before, n->session_told, n->grouped,
	    n->meant, n->cut_off, n->too_much, n->loss_told, n->lost_routes);
	txt_putf(&t, " %u", n->lost_incidents);
	for (unsigned k = 0; k < WATCH_FAMILIES; k++) {
		const struct volume *v = &n->volumes[k];

		txt_putf(&t, " %u %u %u %u %" PRId64 " %u", v->state, v->usual, n->told[k],
		    n->near[k], v->since_us, v->most);
		n->kept_most[k] = v->most;
	}
	txt_putf(&t, "\n%s\n%s\n%s\n%s\n%s\n%s\n%s", n->router, n->address, n->distinguisher,
	    n->lost_id, n->related, n->why, n->up ? "up" : "");
	if (n->gone_us != 0)
		txt_putf(&t, "gone %" PRId64, n->gone_us);
	records_state_put(w->records, room, n->about, value, strlen(value));
}

/* The next number; false when there is none. */
static bool
next_number(const char **at, int64_t *out)
{
	char *end;

	*out = strtoll(*at, &end, 10);
	if (end == *at)
		return false;
	*at = end;
	return true;
}

static void
next_line(const char **at, char *out, size_t size)
{
	size_t len = strcspn(*at, "\n");

	snprintf(out, size, "%.*s", (int)len, *at);
	*at += len + ((*at)[len] == '\n');
}

enum { KEPT_NUMBERS = 16, KEPT_PER_FAMILY = 6 };

static void
take_session(struct watched *n, const int64_t v[KEPT_NUMBERS])
{
	n->as = (uint32_t)v[1];
	n->relation = v[2] < RELATIONS ? (uint8_t)v[2] : NEIGHBOR_UNKNOWN;
	n->flaps.state = v[3] <= SESSION_AWAY ? (uint8_t)v[3] : SESSION_FINE;
	n->flaps.since_us = v[4];
	n->flaps.down_us = v[5];
	n->flaps.downs = v[7] > 0 ? (uint32_t)v[7] : v[6] != 0;
	if (n->flaps.downs > 0)
		n->flaps.downs_us[(n->flaps.downs - 1) % FLAPS_MAX] = v[6];
	n->session_told = v[8] <= SESSION_AWAY ? (uint8_t)v[8] : SESSION_FINE;
	n->grouped = (uint8_t)(v[9] & (GROUP_DOWN | GROUP_FLAPS));
	n->meant = v[10] != 0;
	n->cut_off = v[11] != 0;
	n->too_much = v[12] <= TOO_MUCH_LIMIT ? (uint8_t)v[12] : TOO_MUCH_NOT;
	n->loss_told = v[13] != 0;
	n->lost_routes = (uint32_t)v[14];
	n->lost_incidents = (uint32_t)v[15];
}

static void
take_volume(struct watched *n, unsigned k, const int64_t v[KEPT_PER_FAMILY])
{
	n->volumes[k].state = v[0] <= VOLUME_LOSS ? (uint8_t)v[0] : VOLUME_USUAL;
	n->volumes[k].usual = (uint32_t)v[1];
	n->told[k] = (uint32_t)v[2];
	n->near[k] = v[3] <= 2 ? (uint8_t)v[3] : 0;
	n->volumes[k].since_us = v[4];
	n->volumes[k].most = n->kept_most[k] = (uint32_t)v[5];
}

static bool
restore(void *ctx, const char *key, const void *value, size_t len)
{
	struct neighbor_watch *w = ctx;
	char text[2049];
	const char *at = text;
	int64_t v[KEPT_NUMBERS], of[KEPT_PER_FAMILY];
	struct watched *n = calloc(1, sizeof(*n));
	bool good = n != NULL && len < sizeof(text);

	snprintf(text, sizeof(text), "%.*s", (int)len, (const char *)value);
	for (unsigned i = 0; good && i < KEPT_NUMBERS; i++)
		good = next_number(&at, &v[i]) && v[i] >= 0;
	if (good)
		take_session(n, v);
	for (unsigned k = 0; good && k < WATCH_FAMILIES; k++) {
		for (unsigned i = 0; good && i < KEPT_PER_FAMILY; i++)
			good = next_number(&at, &of[i]) && of[i] >= 0;
		if (good)
			take_volume(n, k, of);
	}
	if (!good || *at++ != '\n') {
		free(n);
		return true;
	}
	next_line(&at, n->router, sizeof(n->router));
	next_line(&at, n->address, sizeof(n->address));
	next_line(&at, n->distinguisher, sizeof(n->distinguisher));
	next_line(&at, n->lost_id, sizeof(n->lost_id));
	next_line(&at, n->related, sizeof(n->related));
	next_line(&at, n->why, sizeof(n->why));
	n->up = strcmp(at, "up") == 0;
	n->gone_us = strncmp(at, "gone ", 5) == 0 ? strtoll(at + 5, NULL, 10) : 0;
	name(n);
	n->away = true; /* until its router is back */
	if (strcmp(n->about, key) != 0 || find(w, n->about) != NULL)
		free(n);
	else
		(void)add(w, n);
	return true;
}

/* --- what comes in */

static void
note_last(struct watched *n, const struct engine_event *ev)
{
	unsigned k = source_family(ev->family.afi == AFI_IPV6, ev->family.safi == SAFI_LABELLED);

	if (ev->type == EVENT_VOLUME) {
		n->last[k] = ev->volume;
		n->families |= (uint8_t)(1U << k);
		return;
	}
	n->changed |= n->up != (ev->type != EVENT_PEER_DOWN);
	n->up = ev->type != EVENT_PEER_DOWN;
	if (n->up)
		n->gone_us = 0;
	if (!n->up && ev->down_reason == BMP_DOWN_DECONFIGURED)
		n->families = 0;
}

void
neighbor_watch_event(
    struct neighbor_watch *w, uint32_t feed, const struct engine_event *ev, int64_t now_us)
{
	struct watched *n;

	if (strcmp(ev->address, "loc-rib") == 0 || ev->relation == NEIGHBOR_COLLECTOR)
		return;
	n = watched_of(w, feed, ev);
	if (n == NULL)
		return;
	if (ev->type == EVENT_VOLUME)
		watched_volume_event(n, ev, now_us);
	else
		watched_session_event(w, n, ev, now_us);
	note_last(n, ev);
}

void
neighbor_watch_each(const struct neighbor_watch *w,
    void (*each)(void *ctx, const struct neighbor_seen *), void *ctx)
{
	for (const struct watched *n = w->list; n != NULL; n = n->next)
		for (unsigned k = 0; k < WATCH_FAMILIES; k++) {
			struct neighbor_seen s = { n->router, n->address, n->distinguisher, n->as,
				n->relation, (enum source_family)k, n->away, n->up, &n->last[k],
				n->limits[k] };

			if (n->families >> k & 1)
				each(ctx, &s);
		}
}

/* Its router has shown all it has, and not a word of it. */
static void
is_missing(struct neighbor_watch *w, struct watched *n, int64_t now_us)
{
	struct engine_event ev = { .type = EVENT_PEER_DOWN,
		.text = "the router no longer reports it" };

	for (unsigned k = 0; k < WATCH_FAMILIES; k++)
		ev.volume.routes += n->families >> k & 1 ? n->last[k].routes : 0;
	watched_session_event(w, n, &ev, now_us);
	note_last(n, &ev);
}

/* What was told of it is of a session before. */
static void
is_away(struct watched *n)
{
	n->away = true;
	n->named = false;
	for (unsigned k = 0; k < WATCH_FAMILIES; k++)
		n->last[k].settled = false;
	watched_volume_lost(n);
}

void
neighbor_watch_router(
    struct neighbor_watch *w, const char *router, enum feed_state state, int64_t now_us)
{
	/* who is over that limit is left out, and not missing */
	bool all_named = !alarm_holds(w->alarms, "limit.peers", router);

	for (struct watched *n = w->list; n != NULL; n = n->next) {
		if (strcmp(n->router, router) != 0)
			continue;
		if (state != FEED_SYNCED) {
			is_away(n);
		} else if (n->away) {
			n->away = false;
			flaps_resume(&n->flaps, now_us);
			if (n->named || !all_named)
				continue;
			if (n->up) {
				is_missing(w, n, now_us);
			} else if (!is_expected(n) && n->gone_us == 0) {
				n->gone_us = now_us;
				n->changed = true;
			}
		}
	}
}

static void
forget_kept(struct neighbor_watch *w, const struct watched *n)
{
	records_state_put(w->records, room, n->about, NULL, 0);
}

/* Take it out. */
static void
forget(struct neighbor_watch *w, struct watched **at)
{
	struct watched *n = *at;

	forget_kept(w, n);
	*at = n->next;
	w->n--;
	ptrmap_remove(&w->by_about, hash_about(n->about), n);
	free(n);
}

void
neighbor_watch_rename(struct neighbor_watch *w, const char *from, const char *to)
{
	neighbor_watch_gone(w, to);
	for (struct watched *n = w->list; n != NULL; n = n->next) {
		if (strcmp(n->router, from) != 0)
			continue;
		forget_kept(w, n);
		ptrmap_remove(&w->by_about, hash_about(n->about), n);
		text_copy(n->router, sizeof(n->router), to);
		name(n);
		n->changed = true;
		if (!ptrmap_add(&w->by_about, hash_about(n->about), n))
			abort();
	}
}

void
neighbor_watch_gone(struct neighbor_watch *w, const char *router)
{
	for (struct watched **at = &w->list; *at != NULL;) {
		struct watched *n = *at;

		if (strcmp(n->router, router) != 0) {
			at = &n->next;
			continue;
		}
		forget(w, at);
	}
}

/* Is it no longer configured, or was it last heard of so long ago that it is somebody else who
 * comes from there? Dynamic neighbours have another address each time. */
static bool
is_over(struct neighbor_watch *w, struct watched *n, int64_t now_us)
{
	if (n->away || is_expected(n))
		return false;
	if (n->gone_us != 0 && now_us - n->gone_us >= REMEMBERED_S * SECOND_US)
		watched_volume_over(w, n, "has been gone for a week, and is forgotten");
	return !is_worth_keeping(n);
}

void
neighbor_watch_tick(struct neighbor_watch *w, int64_t now_us)
{
	for (struct watched **at = &w->list, *n; (n = *at) != NULL;) {
		watched_volume_tick(w, n, now_us);
		watched_session_tick(w, n, now_us);
		if (is_over(w, n, now_us)) {
			forget(w, at);
			continue;
		}
		at = &n->next;
		if (!n->changed)
			continue;
		n->changed = false;
		if (is_worth_keeping(n))
			keep(w, n);
		else
			records_state_put(w->records, room, n->about, NULL, 0);
	}
	peers_down_tick(w);
	if (w->n < WATCHED_MAX - WATCHED_MAX / 16)
		alarm_off(w->alarms, limit_kind, "neighbors", "all neighbours are watched");
}

/* --- life */

struct neighbor_watch *
neighbor_watch_new(struct records *records, struct alarms *alarms, struct incidents *incidents)
{
	struct neighbor_watch *w = calloc(1, sizeof(*w));

	if (w == NULL)
		return NULL;
	w->records = records;
	w->alarms = alarms;
	w->incidents = incidents;
	journal_state_each(records_history(records), room, restore, w);
	return w;
}

void
neighbor_watch_free(struct neighbor_watch *w)
{
	if (w == NULL)
		return;
	while (w->list != NULL) {
		struct watched *n = w->list;

		w->list = n->next;
		free(n);
	}
	peers_down_free(w);
	ptrmap_free(&w->by_about);
	free(w->limits);
	free(w);
}

bool
neighbor_watch_configure(
    struct neighbor_watch *w, const struct neighbor_watch_config *c, const struct detect_config *d)
{
	struct max_prefix *limits = calloc(d->neighbors_n + 1, sizeof(*limits));
	size_t n = 0;

	if (limits == NULL)
		return false;
	for (size_t i = 0; i < d->neighbors_n; i++) {
		const struct detect_neighbor *of = &d->neighbors[i];

		if (!of->has_max_prefix && !of->has_max_prefix_ipv6)
			continue;
		limits[n++] = (struct max_prefix){ .has_asn = of->has_asn,
			.has_address = of->has_address,
			.asn = of->asn,
			.address = of->address,
			.max = { of->max_prefix,
			    of->has_max_prefix_ipv6 ? of->max_prefix_ipv6 : of->max_prefix } };
	}
	free(w->limits);
	w->limits = limits;
	w->limits_n = n;
	for (struct watched *one = w->list; one != NULL; one = one->next)
		watched_find_limits(w, one);
	w->config = *c;
	alarms_configure(w->alarms, c->off, c->dry_run);
	return true;
}
