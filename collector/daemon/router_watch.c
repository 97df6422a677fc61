#include "collector/daemon/router_watch.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/pure/text.h"

enum {
	/* without a refusal: the limit is reached no longer */
	REFUSED_OVER_S = 300,
	/* after a start, for what was so before to be so again */
	AGAIN_WITHIN_S = 300,
};
static const char refused_over[] = "no BMP session has been refused for five minutes";

/* An alarm that is on. */
struct held {
	char kind[RECORD_NAME_MAX], about[RECORD_NAME_MAX];
	bool found; /* to be so since the start, not only before */
	struct held *next;
};

struct router_watch {
	struct records *records;
	struct alarms *alarms;
	struct held *held;
	int64_t started_us, refused_us; /* refused_us: the last refusal; 0: none that is told */
	bool settled, stopping;
};

/* --- alarms that are on, kept across restarts */

static const char room[] = "router-alarm";

static void
key_of(const char *kind, const char *about, char key[2 * RECORD_NAME_MAX])
{
	snprintf(key, 2 * (size_t)RECORD_NAME_MAX, "%s %s", kind, about);
}

static struct held **
find(struct router_watch *w, const char *kind, const char *about)
{
	struct held **at = &w->held;

	while (*at != NULL && (strcmp((*at)->kind, kind) != 0 || strcmp((*at)->about, about) != 0))
		at = &(*at)->next;
	return at;
}

/* It is on from now on; nothing when it is already. */
static void
hold(struct router_watch *w, const char *kind, const char *about)
{
	struct held **at = find(w, kind, about), *h = *at;
	char key[2 * RECORD_NAME_MAX];

	if (h == NULL && (h = calloc(1, sizeof(*h))) != NULL) {
		text_copy(h->kind, sizeof(h->kind), kind);
		text_copy(h->about, sizeof(h->about), about);
		*at = h;
		key_of(kind, about, key);
		records_state_put(w->records, room, key, "", 0);
	}
	if (h != NULL)
		h->found = true;
}

static void
let_go(struct router_watch *w, struct held **at)
{
	struct held *h = *at;
	char key[2 * RECORD_NAME_MAX];

	key_of(h->kind, h->about, key);
	records_state_put(w->records, room, key, NULL, 0);
	*at = h->next;
	free(h);
}

/* It is off; text says how. */
static void
release(struct router_watch *w, const char *kind, const char *about, const char *text)
{
	struct held **at = find(w, kind, about);

	if (*at == NULL || w->stopping)
		return;
	let_go(w, at);
	alarm_off(w->alarms, kind, about, "%s", text);
}

static bool
restore(void *ctx, const char *key, const void *value, size_t len)
{
	struct router_watch *w = ctx;
	const char *space = strchr(key, ' ');
	struct held *h = space != NULL ? calloc(1, sizeof(*h)) : NULL;

	(void)value;
	(void)len;
	if (h == NULL)
		return true;
	snprintf(h->kind, sizeof(h->kind), "%.*s", (int)(space - key), key);
	text_copy(h->about, sizeof(h->about), space + 1);
	h->next = w->held;
	w->held = h;
	return true;
}

/* --- sessions */

static void
session_refused(void *ctx, const char *limit)
{
	struct router_watch *w = ctx;

	w->refused_us = clock_mono_us();
	hold(w, "limit.sessions", limit);
	alarm_on(w->alarms, "limit.sessions", limit, SEVERITY_MAJOR,
	    "%s is reached: BMP sessions are refused", limit);
}

static void
same_name(void *ctx, const struct identity *who, const struct identity *owner, enum same_name what)
{
	static const char kind[] = "router.same-name";
	struct router_watch *w = ctx;
	char text[2 * RECORD_TEXT_MAX];

	if (what == SAME_NAME_OVER) {
		release(w, kind, who->name, "its BMP session has ended");
		return;
	}
	snprintf(text, sizeof(text),
	    "%s calls itself %.64s, which is the name of the router at %s: it is taken for another "
	    "one, called %s",
	    who->address, who->sys_name, owner->address, who->name);
	if (what == SAME_NAME_BEGINS) {
		records_event(w->records, kind, SEVERITY_WARNING, who->name, "", 0, "%s", text);
		return;
	}
	hold(w, kind, who->name);
	alarm_on(w->alarms, kind, who->name, SEVERITY_WARNING, "%s", text);
}

static void
two_sessions(void *ctx, const struct identity *who)
{
	struct router_watch *w = ctx;

	records_event(w->records, "router.two-sessions", SEVERITY_WARNING, who->name, "", 0,
	    "two BMP sessions from %s are both of %s and alive: the second one is called otherwise",
	    who->address, who->name);
}

const struct sessions_ops router_watch_sessions = { session_refused, same_name, two_sessions };

/* --- limits of a router */

static const struct {
	const char *option, *kind;
	const char *more; /* that there may be besides */
} limits[] = {
	{ "limits.peers_per_router", "limit.peers", "" },
	{ "limits.attributes_mb", "limit.attributes", "" },
	{ "limits.routes", "limit.routes", ", or more routes of one prefix than are kept" },
};

void
router_watch_limit(struct router_watch *w, const struct engine_event *ev)
{
	const char *kind = NULL, *more = "";

	for (size_t i = 0; i < sizeof(limits) / sizeof(limits[0]); i++)
		if (strcmp(ev->text, limits[i].option) == 0) {
			kind = limits[i].kind;
			more = limits[i].more;
		}
	if (kind == NULL)
		return;
	if (ev->type == EVENT_LIMIT_OVER) {
		release(w, kind, ev->router_name, "nothing is left out any longer");
		return;
	}
	hold(w, kind, ev->router_name);
	alarm_on(w->alarms, kind, ev->router_name, SEVERITY_MAJOR,
	    "%s has more than %s allows%s: what is over is left out", ev->router_name, ev->text,
	    more);
}

/* --- feeds */

/* over: in words; NULL: no verdict depends on it, so it is an event, and nothing that is open. */
static const struct {
	const char *kind;
	uint8_t severity;
	const char *over;
} troubles[ENGINE_TROUBLES] = {
	[TROUBLE_NO_PEERS] = { "feed.no-peers", SEVERITY_WARNING, "it tells of its peers" },
	[TROUBLE_INCOMPLETE] = { "feed.incomplete", SEVERITY_WARNING,
	    "all of its tables are whole" },
	[TROUBLE_NO_END_OF_RIB] = { "feed.no-end-of-rib", SEVERITY_NOTICE, "it sends End-of-RIB" },
	[TROUBLE_DOUBTFUL] = { "peer.doubtful", SEVERITY_WARNING,
	    "what its peers send is read without doubt" },
	[TROUBLE_DIFFERS] = { "feed.differs", SEVERITY_WARNING,
	    "what it counts is what it has told" },
	[TROUBLE_ROV] = { "router.rov-mismatch", SEVERITY_WARNING,
	    "it takes for invalid what is so by our VRPs" },
	[TROUBLE_ROV_STRICTER] = { "router.rov-stricter", SEVERITY_NOTICE,
	    "it takes nothing for invalid that is not so by our VRPs" },
	[TROUBLE_SENDS_INVALID] = { "router.sends-invalid", SEVERITY_WARNING,
	    "by its own count it sends nothing to other networks that it takes for invalid" },
	[TROUBLE_ROV_STATE] = { "router.rov-state", SEVERITY_NOTICE,
	    "it no longer tells other networks what it makes of origins" },
	[TROUBLE_CLOCK] = { "router.clock", SEVERITY_NOTICE, NULL },
};

void
router_watch_trouble(struct router_watch *w, const struct engine_event *ev)
{
	const struct alarm_place place = { .router = ev->router_name, .peer = "" };
	const char *kind, *over;
	uint8_t severity;

	if (ev->trouble >= ENGINE_TROUBLES)
		return;
	kind = troubles[ev->trouble].kind;
	severity = ev->mild ? SEVERITY_NOTICE : troubles[ev->trouble].severity;
	over = troubles[ev->trouble].over;
	if (ev->type == EVENT_TROUBLE && over == NULL)
		records_event(w->records, kind, severity, ev->router_name, "", 0, "router %s: %s",
		    ev->router_name, ev->text);
	else if (ev->type == EVENT_TROUBLE)
		alarm_on_at(w->alarms, kind, ev->router_name, &place, severity, "router %s: %s",
		    ev->router_name, ev->text);
	else if (over != NULL)
		alarm_off(w->alarms, kind, ev->router_name, "router %s: %s", ev->router_name,
		    ev->text[0] != '\0' ? ev->text : over);
}

static const char roles[] = "peer.roles";

enum { NEIGHBOR_MAX = 3 * ENGINE_NAME_MAX };

static void
put_neighbor(const struct engine_event *ev, char out[NEIGHBOR_MAX])
{
	snprintf(out, NEIGHBOR_MAX, "%s %s%s%s", ev->router_name, ev->address,
	    ev->distinguisher[0] != '\0' ? " " : "", ev->distinguisher);
}

void
router_watch_roles(struct router_watch *w, const struct engine_event *ev)
{
	const struct alarm_place place = {
		.router = ev->router_name, .peer = ev->address, .peer_as = ev->peer_as
	};
	char about[NEIGHBOR_MAX];

	put_neighbor(ev, about);
	if (ev->type == EVENT_ROLES_MISFIT)
		alarm_on_at(w->alarms, roles, about, &place, SEVERITY_WARNING,
		    "roles of router %s and its neighbour %s AS%u do not fit: %s; see bgp role on "
		    "both sides, and neighbors",
		    ev->router_name, ev->address, ev->peer_as, ev->text);
	else
		alarm_off(w->alarms, roles, about,
		    "the roles of router %s and its neighbour %s AS%u fit, or their session is "
		    "over",
		    ev->router_name, ev->address, ev->peer_as);
}

void
router_watch_aspa(struct router_watch *w, const struct engine_event *ev)
{
	const struct alarm_place place = {
		.router = ev->router_name, .peer = ev->address, .peer_as = ev->peer_as
	};
	char about[NEIGHBOR_MAX];

	put_neighbor(ev, about);
	if (ev->type == EVENT_ASPA_MISFIT)
		alarm_on_at(w->alarms, "peer.aspa", about, &place, SEVERITY_NOTICE,
		    "our ASPA and neighbour %s AS%u of router %s do not fit: %s", ev->address,
		    ev->peer_as, ev->router_name, ev->text);
	else
		alarm_off(w->alarms, "peer.aspa", about,
		    "our ASPA and neighbour %s AS%u of router %s fit, or it is no longer known",
		    ev->address, ev->peer_as, ev->router_name);
}

void
router_watch_synced(struct router_watch *w, const char *router)
{
	alarms_off_router(w->alarms, roles, router, true, "it has not been so since the start");
}

void
router_watch_gone(struct router_watch *w, const char *router)
{
	alarms_off_router(w->alarms, NULL, router, false, "the router is no longer known");
}

/* --- time */

/* What was on at the start and has not been found to be so since is over. */
static void
settle(struct router_watch *w)
{
	struct held *next;

	for (struct held *h = w->held; h != NULL; h = next) {
		char kind[RECORD_NAME_MAX], about[RECORD_NAME_MAX];

		next = h->next;
		if (h->found)
			continue;
		memcpy(kind, h->kind, sizeof(kind));
		memcpy(about, h->about, sizeof(about));
		release(w, kind, about, "it has not been so since the start");
	}
	w->settled = true;
}

void
router_watch_tick(struct router_watch *w)
{
	int64_t now_us = clock_mono_us();

	if (!w->settled && now_us - w->started_us > (int64_t)AGAIN_WITHIN_S * 1000000)
		settle(w);
	if (w->refused_us == 0 || now_us - w->refused_us < (int64_t)REFUSED_OVER_S * 1000000)
		return;
	w->refused_us = 0;
	release(w, "limit.sessions", "limits.routers", refused_over);
	release(w, "limit.sessions", "limits.per_address", refused_over);
}

void
router_watch_stop(struct router_watch *w)
{
	w->stopping = true;
}

struct router_watch *
router_watch_new(struct records *records, struct alarms *alarms)
{
	struct router_watch *w = calloc(1, sizeof(*w));

	if (w == NULL)
		return NULL;
	w->records = records;
	w->alarms = alarms;
	w->started_us = clock_mono_us();
	journal_state_each(records_history(records), room, restore, w);
	return w;
}

void
router_watch_free(struct router_watch *w)
{
	if (w == NULL)
		return;
	while (w->held != NULL) {
		struct held *h = w->held;

		w->held = h->next;
		free(h);
	}
	free(w);
}
