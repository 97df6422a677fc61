#include "collector/daemon/feed_events.h"

#include <stdio.h>

#include "base/clock.h"
#include "base/pure/text.h"

enum { VRF_TEXT_MAX = 128 };

/* An event about a peer, in its table. */
static void
event_of_peer(const struct feed_events *d, const struct engine_event *ev, const char *type,
    uint8_t severity, const char *summary)
{
	struct record r = { .kind = RECORD_EVENT, .at_us = clock_wall_us() };
	struct record_event *e = &r.event;

	text_copy(e->type, sizeof(e->type), type);
	e->severity = severity;
	text_copy(e->router, sizeof(e->router), ev->router_name);
	text_copy(e->peer, sizeof(e->peer), ev->address);
	e->peer_as = ev->peer_as;
	text_copy(e->table, sizeof(e->table), ev->table);
	text_copy(e->distinguisher, sizeof(e->distinguisher), ev->distinguisher);
	text_copy(e->summary, sizeof(e->summary), summary);
	records_emit(d->records, &r);
}

/* " in VRF red (64500:1)", or nothing for the global table. */
static const char *
vrf_text(const struct engine_event *ev, char *buf, size_t size)
{
	buf[0] = '\0';
	if (ev->distinguisher[0] != '\0' && ev->table[0] != '\0')
		snprintf(buf, size, " in VRF %s (%s)", ev->table, ev->distinguisher);
	else if (ev->distinguisher[0] != '\0')
		snprintf(buf, size, " in VRF %s", ev->distinguisher);
	return buf;
}

/* A route of a family that has no rules and no table of its own to look it up in. */
static void
route_event(const struct feed_events *d, const struct engine_event *ev)
{
	bool announced = ev->type == EVENT_ROUTE_ANNOUNCED;
	char family[32], vrf[VRF_TEXT_MAX], text[RECORD_TEXT_MAX], tail[ENGINE_DIGEST_MAX];
	int n = snprintf(text, sizeof(text), "%s %s by %s AS%u%s (%s): %s",
	    bgp_family_name(ev->family, family, sizeof(family)),
	    announced ? "announced" : "withdrawn", ev->address, ev->peer_as,
	    vrf_text(ev, vrf, sizeof(vrf)), bmp_view_name(ev->view), ev->text);

	engine_digest_text(tail, ev->digest);
	if (n >= (int)sizeof(text))
		text_end_with(text, sizeof(text), tail);
	event_of_peer(
	    d, ev, announced ? "route.announced" : "route.withdrawn", SEVERITY_INFO, text);
}

static void
is_there(const struct feed_events *d, const struct engine_event *ev)
{
	if (d->expected != NULL)
		expected_routers_is_there(d->expected, ev->router_name);
}

static void
router_event(const struct feed_events *d, unsigned worker, const struct engine_event *ev,
    enum feed_state state, const char *type, uint8_t severity)
{
	struct feed *feed = feeds_of(d->names->feeds, worker, ev->router);

	feed->state = state;
	feed->views = ev->views_monitored;
	text_copy(feed->name, sizeof(feed->name), ev->router_name);
	neighbor_keeper_router(d->neighbors, ev->router_name, state);
	neighbor_watch_router(d->neighbor_watch, ev->router_name, state, d->now_us);
	contact_watch_router(d->contact_watch, ev->router_name, state, d->now_us);
	spread_counts_router(d->spread, ev->router_name, state);
	incidents_feed(
	    d->incidents, feed->number, ev->router_name, state, ev->views_monitored, d->now_us);
	if (state == FEED_UP)
		records_event(d->records, type, severity, ev->router_name, "", 0,
		    "BMP session of %s from %s is up", ev->router_name, ev->address);
	else if (state == FEED_DOWN)
		records_event(d->records, type, severity, ev->router_name, "", 0,
		    "BMP session of %s is lost: %s", ev->router_name, ev->text);
	else
		records_event(d->records, type, severity, ev->router_name, "", 0,
		    "initial table of %s received", ev->router_name);
	if (state == FEED_DOWN && d->expected != NULL)
		expected_routers_is_away(d->expected, ev->router_name, ev->text);
	if (state == FEED_SYNCED) {
		incidents_full_table(d->incidents, feed->number, ev->full);
		is_there(d, ev);
		router_watch_synced(d->router_watch, ev->router_name);
	}
}

static void
peer_event(
    const struct feed_events *d, const struct engine_event *ev, const char *type, uint8_t severity)
{
	char vrf[VRF_TEXT_MAX], text[RECORD_TEXT_MAX];
	bool up = ev->type == EVENT_PEER_UP;
	int n;

	vrf_text(ev, vrf, sizeof(vrf));
	if (strcmp(ev->address, "loc-rib") == 0) /* a table of the router (RFC 9069), no session */
		n = snprintf(text, sizeof(text), "Loc-RIB of AS%u%s is %s: %s", ev->peer_as, vrf,
		    up ? "monitored" : "no longer monitored", ev->text);
	else
		n = snprintf(text, sizeof(text), "BGP session of %s with AS%u%s is %s: %s",
		    ev->address, ev->peer_as, vrf, up ? "up" : "down", ev->text);

	if (n >= (int)sizeof(text))
		text_end_with(text, sizeof(text), "…");
	event_of_peer(d, ev, type, severity, text);
}

/* Of its session, or of how much it sends. */
static void
watch_neighbor(const struct feed_events *d, unsigned worker, const struct engine_event *ev)
{
	if (ev->type == EVENT_PEER_UP || ev->type == EVENT_PEER_STILL_UP ||
	    ev->type == EVENT_PEER_DOWN || ev->type == EVENT_VOLUME)
		neighbor_watch_event(d->neighbor_watch,
		    feeds_of(d->names->feeds, worker, ev->router)->number, ev, d->now_us);
}

/* Views of a peer are monitored by now, or have told all. */
static void
views_event(const struct feed_events *d, unsigned worker, const struct engine_event *ev)
{
	uint32_t router = feeds_of(d->names->feeds, worker, ev->router)->number;
	enum source_family family =
	    source_family(ev->family.afi == AFI_IPV6, ev->family.safi == SAFI_LABELLED);

	if (ev->type == EVENT_PEER_COMPLETE) {
		incidents_complete(d->incidents, router, &ev->neighbor, ev->distinguisher, family,
		    ev->views_monitored, d->now_us);
		return;
	}
	is_there(d, ev);
	incidents_monitored(d->incidents, router, ev->peer, family, ev->views_monitored, d->now_us);
}

void
feed_events_take(const struct feed_events *d, unsigned worker, const struct engine_event *ev)
{
	own_watch_event(d->own_watch, ev, d->now_us);
	switch (ev->type) {
	case EVENT_ROUTER_UP:
		router_event(d, worker, ev, FEED_UP, "session.up", SEVERITY_INFO);
		break;
	case EVENT_ROUTER_DOWN:
		router_event(d, worker, ev, FEED_DOWN, "session.down", SEVERITY_WARNING);
		break;
	case EVENT_ROUTER_SYNCED:
		router_event(d, worker, ev, FEED_SYNCED, "session.synced", SEVERITY_INFO);
		break;
	case EVENT_LIMIT_REACHED:
	case EVENT_LIMIT_OVER:
		router_watch_limit(d->router_watch, ev);
		break;
	case EVENT_TROUBLE:
	case EVENT_TROUBLE_OVER:
		router_watch_trouble(d->router_watch, ev);
		break;
	case EVENT_ROLES_MISFIT:
	case EVENT_ROLES_FIT:
		router_watch_roles(d->router_watch, ev);
		break;
	case EVENT_ASPA_MISFIT:
	case EVENT_ASPA_FITS:
		router_watch_aspa(d->router_watch, ev);
		break;
	case EVENT_ROUTER_FORGOTTEN:
		router_watch_gone(d->router_watch, ev->router_name);
		neighbor_watch_gone(d->neighbor_watch, ev->router_name);
		contact_watch_router(d->contact_watch, ev->router_name, FEED_SYNCED, d->now_us);
		spread_counts_gone(d->spread, ev->router_name);
		router_names_forget(d->names, worker, ev);
		break;
	case EVENT_PEER_UP:
		peer_event(d, ev, "peer.up", SEVERITY_INFO);
		break;
	case EVENT_PEER_DOWN:
		peer_event(d, ev, "peer.down", SEVERITY_NOTICE);
		break;
	case EVENT_PEER_MONITORED:
	case EVENT_PEER_COMPLETE:
		views_event(d, worker, ev);
		break;
	case EVENT_NEIGHBOR:
		neighbor_keeper_saw(d->neighbors, ev->peer_as);
		break;
	case EVENT_SPREAD:
		spread_counts_event(d->spread, ev);
		break;
	case EVENT_INFERRED:
		relation_keeper_saw(d->relations, ev);
		break;
	case EVENT_OWN_THERE:
	case EVENT_OWN_GONE:
		neighbor_keeper_own(d->neighbors, ev);
		incidents_own(d->incidents, &ev->prefix, ev->type == EVENT_OWN_THERE);
		break;
	case EVENT_DETOUR:
	case EVENT_DETOUR_OVER:
		neighbor_keeper_detour(d->neighbors, ev);
		break;
	case EVENT_ROUTE_ANNOUNCED:
	case EVENT_ROUTE_WITHDRAWN:
		route_event(d, ev);
		break;
	default:
		break;
	}
	watch_neighbor(d, worker, ev);
}
