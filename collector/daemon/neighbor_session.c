/* Sessions that come and go, and that are down, with the cause and with what it costs. */
#include "collector/daemon/neighbor_watch_private.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/pure/text.h"
#include "parsers/bgp/notification.h"
#include "parsers/bmp/bmp.h"

static const int64_t SECOND_US = 1000000;
enum {
	TOGETHER_S = 60, /* what goes down so near to another is perhaps one event */
	GROUP_AT = 8,
	GONE_S = 7 * 86400, /* down for so long: it will not come back */
};

/* --- why it is down */

/* An operator, on either side, took it down (RFC 4486, RFC 4271 8.1.2). */
static bool
is_meant(const struct engine_event *ev)
{
	enum { MANUAL_STOP = 2 };

	if (ev->notify_code == NOTIFY_CEASE)
		return ev->notify_subcode == CEASE_SHUTDOWN ||
		       ev->notify_subcode == CEASE_DECONFIGURED;
	return ev->down_reason == BMP_DOWN_LOCAL && ev->fsm_event == MANUAL_STOP;
}

static bool
is_for_limit(const struct engine_event *ev)
{
	return ev->notify_code == NOTIFY_CEASE && ev->notify_subcode == CEASE_MAX_PREFIXES;
}

/* What of the incidents of routes rested on it, and how much it sent. */
static void
note_cost(struct neighbor_watch *w, struct watched *n, const struct engine_event *ev)
{
	uint32_t most = 0;

	n->lost_routes = ev->volume.routes;
	n->lost_incidents = 0;
	n->lost_id[0] = '\0';
	if (!n->here) /* nobody knows its number */
		return;
	for (unsigned k = 0; k < WATCH_FAMILIES; k++) {
		struct incidents_share share;

		incidents_of_neighbor(
		    w->incidents, n->feed, n->peer, (enum source_family)k, &share);
		n->lost_incidents += share.incidents;
		if (share.routes <= most)
			continue;
		most = share.routes;
		text_copy(n->lost_id, sizeof(n->lost_id), share.id);
	}
}

static void
goes_down(
    struct neighbor_watch *w, struct watched *n, const struct engine_event *ev, int64_t now_us)
{
	if (n->session_told != SESSION_FLAPPING)
		text_copy(n->why, sizeof(n->why), ev->text);
	n->meant = is_meant(ev);
	note_cost(w, n, ev);
	flaps_down(&n->flaps, now_us);
	watched_volume_begins(n);
	n->changed = true;
	if (is_for_limit(ev)) {
		text_copy(n->why, sizeof(n->why), ev->text);
		watched_cut_off(w, n, now_us);
	}
}

void
watched_session_event(
    struct neighbor_watch *w, struct watched *n, const struct engine_event *ev, int64_t now_us)
{
	if (ev->type != EVENT_PEER_DOWN) {
		flaps_up(&n->flaps, now_us);
		if (ev->type == EVENT_PEER_UP)
			watched_volume_begins(n);
	} else if (ev->down_reason == BMP_DOWN_DECONFIGURED) {
		watched_session_over(w, n, "is no longer configured");
		watched_volume_over(w, n, "is no longer configured");
	} else {
		goes_down(w, n, ev, now_us);
	}
	watched_session_tick(w, n, now_us);
}

/* --- what is said */

static void
put_cost(struct txt *t, const struct watched *n)
{
	if (n->lost_routes > 0)
		txt_putf(t, "; the %u route%s that it sent %s gone", n->lost_routes,
		    n->lost_routes == 1 ? "" : "s", n->lost_routes == 1 ? "is" : "are");
	if (n->lost_incidents > 0)
		txt_putf(t, "; %u open incident%s about routes of it", n->lost_incidents,
		    n->lost_incidents == 1 ? " was" : "s were");
}

static void
tell(struct neighbor_watch *w, const struct watched *n, enum watch kind, const char *text)
{
	const struct alarm_place place = { .router = n->router,
		.peer = n->address,
		.peer_as = n->as,
		.related = n->lost_id[0] != '\0' ? n->lost_id : NULL };

	alarm_on_at(w->alarms, watch_names[kind], n->about, &place,
	    n->meant && kind == WATCH_DOWN ? SEVERITY_NOTICE : SEVERITY_WARNING, "%s", text);
}

static void
tell_down(struct neighbor_watch *w, const struct watched *n)
{
	char text[RECORD_TEXT_MAX], who[WATCHED_TEXT_MAX];
	struct txt t = txt_of(text, sizeof(text));

	txt_putf(&t, "BGP session with %s is down and stays so: %s", watched_text(n, who), n->why);
	if (n->meant)
		txt_puts(&t, " (shut down by an operator, here or there)");
	put_cost(&t, n);
	tell(w, n, WATCH_DOWN, text);
}

static bool
is_long_down(const struct neighbor_watch *w, const struct watched *n, int64_t now_us)
{
	return n->flaps.down_us != 0 &&
	       now_us - n->flaps.down_us >= (int64_t)w->config.flaps.down_s * SECOND_US;
}

static void
tell_flapping(struct neighbor_watch *w, const struct watched *n, int64_t now_us)
{
	char text[RECORD_TEXT_MAX], who[WATCHED_TEXT_MAX];
	struct txt t = txt_of(text, sizeof(text));

	txt_putf(&t, "BGP session with %s flaps, down %u times within %u s: %s",
	    watched_text(n, who), w->config.flaps.flaps, w->config.flaps.window_s, n->why);
	if (is_long_down(w, n, now_us)) {
		txt_puts(&t, "; it is down now");
		put_cost(&t, n);
	}
	tell(w, n, WATCH_FLAPPING, text);
}

static void
end(struct neighbor_watch *w, struct watched *n, const char *how)
{
	static const enum watch kinds[] = {
		[SESSION_FLAPPING] = WATCH_FLAPPING, [SESSION_AWAY] = WATCH_DOWN
	};
	char who[WATCHED_TEXT_MAX];

	if (n->session_told == SESSION_FLAPPING)
		alarm_off(w->alarms, watch_names[WATCH_FLAPPING], n->about,
		    "BGP session with %s %s; it went down %u times", watched_text(n, who), how,
		    n->flaps.downs - n->flaps.downs_before);
	else if (n->session_told != SESSION_FINE)
		alarm_off(w->alarms, watch_names[kinds[n->session_told]], n->about,
		    "BGP session with %s %s", watched_text(n, who), how);
	n->session_told = SESSION_FINE;
	n->changed = true;
}

/* --- many at once */

static bool
is_together(const struct watched *a, const struct watched *b)
{
	int64_t apart = a->flaps.down_us - b->flaps.down_us;

	return strcmp(a->router, b->router) == 0 && a->flaps.down_us != 0 &&
	       b->flaps.down_us != 0 && !b->away && apart <= (int64_t)TOGETHER_S * SECOND_US &&
	       apart >= -(int64_t)TOGETHER_S * SECOND_US;
}

static uint32_t
group_limit(const struct neighbor_watch *w)
{
	return w->config.group_at != 0 ? w->config.group_at : GROUP_AT;
}

/* Those that went down with it are told with it, when they are many. */
static void
find_group(struct neighbor_watch *w, struct watched *n)
{
	uint32_t together = 0;

	for (const struct watched *o = w->list; o != NULL; o = o->next)
		together += is_together(n, o);
	for (struct watched *o = w->list; o != NULL && together > group_limit(w); o = o->next)
		if (is_together(n, o) && o->session_told == SESSION_FINE) {
			o->grouped |= GROUP_DOWN;
			o->changed = true;
		}
}

/* Does it flap, or will when it goes down once more? One by one they are known to. */
static bool
may_flap(const struct neighbor_watch *w, const struct watched *n, int64_t now_us)
{
	const struct flap_limits *l = &w->config.flaps;
	uint32_t times = flaps_within(&n->flaps, l->window_s, now_us);

	return !n->away && times > 0 && times + 1 >= l->flaps;
}

/* The same of those that flap at the same time. */
static void
find_flapping(struct neighbor_watch *w, const struct watched *n, int64_t now_us)
{
	uint32_t together = 0;

	for (const struct watched *o = w->list; o != NULL; o = o->next)
		together += strcmp(o->router, n->router) == 0 && may_flap(w, o, now_us);
	for (struct watched *o = w->list; o != NULL && together > group_limit(w); o = o->next)
		if (strcmp(o->router, n->router) == 0 && may_flap(w, o, now_us) &&
		    o->session_told == SESSION_FINE) {
			o->grouped |= GROUP_FLAPS;
			o->changed = true;
		}
}

static struct peers_down **
group_of(struct neighbor_watch *w, const char *router)
{
	struct peers_down **at = &w->groups;

	while (*at != NULL && strcmp((*at)->router, router) != 0)
		at = &(*at)->next;
	return at;
}

/* Those of the router that are so now. */
struct group_sum {
	uint32_t n;
	uint64_t routes; /* that they sent */
	const struct watched *first;
};

static struct group_sum
sum_up(const struct neighbor_watch *w, const char *router, enum group group)
{
	struct group_sum s = { 0 };

	for (const struct watched *o = w->list; o != NULL; o = o->next) {
		if (!(o->grouped & group) || strcmp(o->router, router) != 0 ||
		    (group == GROUP_FLAPS && o->flaps.state != SESSION_FLAPPING))
			continue;
		s.n++;
		s.routes += o->lost_routes;
		if (s.first == NULL ||
		    (group == GROUP_FLAPS ? o->flaps.since_us < s.first->flaps.since_us
					  : o->flaps.down_us < s.first->flaps.down_us))
			s.first = o;
	}
	return s;
}

/* Is the number worth a word? */
static bool
is_news(uint32_t n, uint32_t told)
{
	return n > told || n <= told / 2;
}

static void
tell_group(struct neighbor_watch *w, struct peers_down *g)
{
	const struct alarm_place place = { .router = g->router, .peer = "" };
	const struct group_sum s = sum_up(w, g->router, GROUP_DOWN);
	char who[WATCHED_TEXT_MAX];

	if (s.n == 0 && g->left[0] != '\0') {
		alarm_off(w->alarms, watch_names[WATCH_PEERS_DOWN], g->router,
		    "the BGP sessions of %s that went down together are up, or not waited for: %s",
		    g->router, g->left);
		g->down_n = 0;
	} else if (s.n == 0) {
		alarm_off(w->alarms, watch_names[WATCH_PEERS_DOWN], g->router,
		    "the BGP sessions of %s that went down together are up", g->router);
		g->down_n = 0;
	} else if (is_news(s.n, g->down_n)) {
		g->down_n = s.n;
		alarm_on_at(w->alarms, watch_names[WATCH_PEERS_DOWN], g->router, &place,
		    SEVERITY_MAJOR,
		    "%u BGP sessions of %s went down together and are down, first with %s: %s; the "
		    "%llu route%s that they sent %s gone",
		    s.n, g->router, watched_text(s.first, who), s.first->why,
		    (unsigned long long)s.routes, s.routes == 1 ? "" : "s",
		    s.routes == 1 ? "is" : "are");
	}
}

static void
tell_flapping_group(struct neighbor_watch *w, struct peers_down *g)
{
	const struct alarm_place place = { .router = g->router, .peer = "" };
	const struct group_sum s = sum_up(w, g->router, GROUP_FLAPS);
	char who[WATCHED_TEXT_MAX];

	if (s.n == 0) {
		alarm_off(w->alarms, watch_names[WATCH_PEERS_FLAPPING], g->router,
		    "the BGP sessions of %s that flapped together do so no longer", g->router);
		g->flapping_n = 0;
	} else if (is_news(s.n, g->flapping_n)) {
		g->flapping_n = s.n;
		alarm_on_at(w->alarms, watch_names[WATCH_PEERS_FLAPPING], g->router, &place,
		    SEVERITY_MAJOR,
		    "%u BGP sessions of %s flap at the same time, down %u times within %u s each, "
		    "first with %s: %s",
		    s.n, g->router, w->config.flaps.flaps, w->config.flaps.window_s,
		    watched_text(s.first, who), s.first->why);
	}
}

void
peers_down_tick(struct neighbor_watch *w)
{
	for (const struct watched *n = w->list; n != NULL; n = n->next) {
		struct peers_down **at = n->grouped != 0 ? group_of(w, n->router) : NULL;

		if (at != NULL && *at == NULL && (*at = calloc(1, sizeof(**at))) != NULL)
			text_copy((*at)->router, sizeof((*at)->router), n->router);
	}
	for (struct peers_down **at = &w->groups; *at != NULL;) {
		struct peers_down *g = *at;

		tell_group(w, g);
		tell_flapping_group(w, g);
		if (g->down_n + g->flapping_n > 0) {
			at = &g->next;
			continue;
		}
		*at = g->next;
		free(g);
	}
}

void
peers_down_free(struct neighbor_watch *w)
{
	while (w->groups != NULL) {
		struct peers_down *g = w->groups;

		w->groups = g->next;
		free(g);
	}
}

/* --- one of them */

static bool
is_gone(const struct watched *n, int64_t now_us)
{
	return n->flaps.down_us != 0 && now_us - n->flaps.down_us >= (int64_t)GONE_S * SECOND_US;
}

static void
is_away(struct neighbor_watch *w, struct watched *n)
{
	if (n->session_told == SESSION_FINE && !(n->grouped & GROUP_DOWN))
		find_group(w, n);
	if (n->grouped & GROUP_DOWN || n->cut_off)
		return;
	n->changed |= n->session_told != SESSION_AWAY;
	n->session_told = SESSION_AWAY;
	tell_down(w, n);
}

static void
leave_groups(struct neighbor_watch *w, struct watched *n, int64_t now_us)
{
	uint8_t before = n->grouped;

	if (n->flaps.state != SESSION_AWAY && n->flaps.down_us == 0)
		n->grouped &= (uint8_t)~GROUP_DOWN;
	if (n->flaps.state != SESSION_FLAPPING && !may_flap(w, n, now_us))
		n->grouped &= (uint8_t)~GROUP_FLAPS;
	n->changed |= n->grouped != before;
}

static void
flaps(struct neighbor_watch *w, struct watched *n, int64_t now_us)
{
	if (n->session_told == SESSION_AWAY)
		end(w, n, "is back, and flaps");
	if (n->session_told == SESSION_FINE && !(n->grouped & GROUP_FLAPS))
		find_flapping(w, n, now_us);
	if (n->grouped & GROUP_FLAPS)
		return;
	n->changed |= n->session_told != SESSION_FLAPPING;
	n->session_told = SESSION_FLAPPING;
	if (!n->cut_off)
		tell_flapping(w, n, now_us);
}

void
watched_session_tick(struct neighbor_watch *w, struct watched *n, int64_t now_us)
{
	if (n->away)
		return;
	n->changed |= flaps_judge(&n->flaps, &w->config.flaps, now_us);
	leave_groups(w, n, now_us);
	if (n->flaps.state != SESSION_FINE && is_gone(n, now_us)) {
		watched_session_over(w, n, "has been down for a week, and is not waited for");
		n->gone_us = now_us;
		return;
	}
	switch (n->flaps.state) {
	case SESSION_FLAPPING:
		flaps(w, n, now_us);
		break;
	case SESSION_AWAY:
		is_away(w, n);
		break;
	default:
		if (n->session_told != SESSION_FINE)
			end(w, n, "is up");
	}
}

void
watched_session_over(struct neighbor_watch *w, struct watched *n, const char *how)
{
	struct peers_down *g = n->grouped & GROUP_DOWN ? *group_of(w, n->router) : NULL;

	if (g != NULL)
		snprintf(g->left, sizeof(g->left), "that with %s AS%u %s", n->address, n->as, how);
	if (n->session_told != SESSION_FINE)
		end(w, n, how);
	n->grouped = 0;
	n->changed = true;
	n->flaps = (struct flaps){ .state = SESSION_FINE };
}
