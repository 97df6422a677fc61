/* How much a neighbour sends, against what it sent before and against its limit. */
#include "collector/daemon/neighbor_watch_private.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/pure/text.h"

static const int64_t SECOND_US = 1000000;
enum {
	UNSETTLED_S = 300,
	/* for what is told of the routes themselves, which tells more */
	SURGE_WAITS_S = 5,
};

static const char *const families[WATCH_FAMILIES] = { "IPv4", "IPv6", "labelled IPv4",
	"labelled IPv6" };

const char *
watched_text(const struct watched *n, char out[WATCHED_TEXT_MAX])
{
	snprintf(out, WATCHED_TEXT_MAX, "%s AS%u%s%s%s%s%s of %s", n->address, n->as,
	    n->relation != NEIGHBOR_UNKNOWN ? " (" : "",
	    n->relation != NEIGHBOR_UNKNOWN ? relation_name(n->relation) : "",
	    n->relation != NEIGHBOR_UNKNOWN ? ")" : "",
	    n->distinguisher[0] != '\0' ? " in VRF " : "", n->distinguisher, n->router);
	return out;
}

void
watched_volume_event(struct watched *n, const struct engine_event *ev, int64_t now_us)
{
	unsigned k = source_family(ev->family.afi == AFI_IPV6, ev->family.safi == SAFI_LABELLED);

	volume_says(&n->volumes[k], ev->volume.routes, ev->volume.settled, ev->volume.anew, now_us);
}

void
watched_volume_lost(struct watched *n)
{
	for (unsigned k = 0; k < WATCH_FAMILIES; k++)
		volume_lost(&n->volumes[k]);
}

void
watched_volume_begins(struct watched *n)
{
	for (unsigned k = 0; k < WATCH_FAMILIES; k++)
		volume_begins(&n->volumes[k]);
}

/* --- its limit */

void
watched_find_limits(const struct neighbor_watch *w, struct watched *n)
{
	const struct max_prefix *found = NULL;
	struct ip_addr address;

	memset(n->limits, 0, sizeof(n->limits));
	if (w->limits_n == 0 || !ip_addr_parse(n->address, &address))
		return;
	for (size_t i = 0; i < w->limits_n; i++) {
		const struct max_prefix *m = &w->limits[i];

		if (m->has_address && ip_addr_equal(&m->address, &address)) {
			found = m;
			break;
		}
		if (!m->has_address && m->has_asn && m->asn == n->as)
			found = m;
	}
	if (found != NULL)
		memcpy(n->limits, found->max, sizeof(found->max));
}

/* 1: near it, 2: over it. Who was near it is so until he is a bit below. */
static uint8_t
nearness(const struct neighbor_watch *w, uint32_t routes, uint32_t limit, uint8_t before)
{
	uint64_t near = (uint64_t)limit * w->config.max_prefix_percent / 100;

	if (limit == 0)
		return 0;
	if (before > 0)
		near -= near / 20;
	return routes >= limit ? 2 : routes >= near;
}

static void
look_at_limits(const struct neighbor_watch *w, struct watched *n)
{
	for (unsigned k = 0; k < WATCH_FAMILIES; k++) {
		uint32_t limit = n->limits[k];
		uint8_t near = n->near[k];

		if (limit == 0)
			n->near[k] = 0;
		else if (n->volumes[k].settled)
			n->near[k] = nearness(w, n->volumes[k].routes, limit, near);
		if (n->near[k] == near)
			continue;
		n->changed = true;
		n->told[k] = 0; /* with the number that made it so */
	}
}

/* --- what is said */

static uint8_t
nearest(const struct watched *n)
{
	uint8_t near = 0;

	for (unsigned k = 0; k < WATCH_FAMILIES; k++)
		near = n->near[k] > near ? n->near[k] : near;
	return near;
}

/* When the first of what is a surge now began; 0: there is none. */
static int64_t
surge_since_us(const struct watched *n)
{
	int64_t since_us = 0;

	for (unsigned k = 0; k < WATCH_FAMILIES; k++)
		if (n->volumes[k].state == VOLUME_SURGE &&
		    (since_us == 0 || n->volumes[k].since_us < since_us))
			since_us = n->volumes[k].since_us;
	return since_us;
}

static bool
has(const struct watched *n, enum volume_state state)
{
	for (unsigned k = 0; k < WATCH_FAMILIES; k++)
		if (n->volumes[k].state == state)
			return true;
	return false;
}

/* Does anybody know how it is now with what was told? */
static bool
is_known(const struct watched *n)
{
	for (unsigned k = 0; k < WATCH_FAMILIES; k++) {
		const struct volume *v = &n->volumes[k];

		if ((v->state != VOLUME_USUAL && !v->warm) || (n->near[k] != 0 && !v->settled))
			return false;
	}
	return !n->away;
}

/* The number that is said: it follows when it is twice as bad. */
static uint32_t
said_number(struct watched *n, unsigned k)
{
	uint32_t routes = n->volumes[k].routes, *told = &n->told[k];

	bool worse = n->volumes[k].state == VOLUME_LOSS ? routes <= *told / 2 && routes != *told
							: routes / 2 >= *told && routes > 0;

	if (*told == 0 || worse) {
		*told = routes;
		n->changed = true;
	}
	return *told;
}

static void
put_surges(struct watched *n, struct txt *t)
{
	for (unsigned k = 0; k < WATCH_FAMILIES; k++) {
		const struct volume *v = &n->volumes[k];
		uint32_t limit = n->limits[k];

		if (v->state != VOLUME_SURGE && n->near[k] == 0)
			continue;
		txt_putf(t, " sends %u %s routes", said_number(n, k), families[k]);
		if (v->state == VOLUME_SURGE)
			txt_putf(t, ", and never more than %u before", v->usual);
		if (n->near[k] == 2)
			txt_putf(t, ", over its limit of %u", limit);
		else if (n->near[k] == 1)
			txt_putf(t, ", near its limit of %u", limit);
		txt_puts(t, ";");
	}
	if (n->cut_off)
		txt_putf(t, " the router has ended its session: %s;", n->why);
	if (n->related[0] != '\0')
		txt_puts(t, " most of them are routes of the incident that is named as related;");
}

static void
tell(struct neighbor_watch *w, const struct watched *n, const char *kind, uint8_t severity,
    const char *text)
{
	const struct alarm_place place = { .router = n->router,
		.peer = n->address,
		.peer_as = n->as,
		.related = n->related[0] != '\0' ? n->related : NULL };
	size_t len = strlen(text);

	if (len > 0 && text[len - 1] == ';')
		len--;
	alarm_on_at(w->alarms, kind, n->about, &place, severity, "%.*s", (int)len, text);
}

static const char *
kind_of(uint8_t too_much)
{
	return watch_names[too_much == TOO_MUCH_SURGE ? WATCH_SURGE : WATCH_MAX_PREFIX];
}

/* --- too much */

/* Does most of what is new belong to one incident about routes? */
static void
find_related(const struct neighbor_watch *w, struct watched *n)
{
	char before[RECORD_ID_MAX];

	text_copy(before, sizeof(before), n->related);
	n->related[0] = '\0';
	for (unsigned k = 0; k < WATCH_FAMILIES; k++) {
		const struct volume *v = &n->volumes[k];
		struct incidents_share share;

		if (v->state != VOLUME_SURGE)
			continue;
		incidents_of_neighbor(
		    w->incidents, n->feed, n->peer, (enum source_family)k, &share);
		if (v->routes > v->usual && share.routes >= (v->routes - v->usual) / 2)
			text_copy(n->related, sizeof(n->related), share.id);
	}
	n->changed |= strcmp(before, n->related) != 0;
}

static void
tell_too_much(struct neighbor_watch *w, struct watched *n)
{
	uint8_t near = nearest(n), severity = SEVERITY_WARNING;
	char text[RECORD_TEXT_MAX], who[WATCHED_TEXT_MAX];
	struct txt t = txt_of(text, sizeof(text));

	if (near == 2 || n->cut_off)
		severity = SEVERITY_MAJOR;
	else if (n->related[0] != '\0')
		severity = SEVERITY_NOTICE;
	txt_puts(&t, watched_text(n, who));
	put_surges(n, &t);
	tell(w, n, kind_of(n->too_much), severity, text);
}

static void
end_too_much(struct neighbor_watch *w, struct watched *n, const char *how)
{
	char who[WATCHED_TEXT_MAX];

	alarm_off(w->alarms, kind_of(n->too_much), n->about, "%s %s", watched_text(n, who), how);
	n->too_much = TOO_MUCH_NOT;
	n->related[0] = '\0';
	n->changed = true;
}

static void
look_at_too_much(struct neighbor_watch *w, struct watched *n, int64_t now_us)
{
	bool waits = now_us - surge_since_us(n) < (int64_t)SURGE_WAITS_S * SECOND_US;
	bool surge = has(n, VOLUME_SURGE), limit = nearest(n) > 0 || n->cut_off;

	if (surge && is_known(n))
		find_related(w, n);
	if (n->too_much == TOO_MUCH_NOT) {
		/* what is told of its routes tells this, too */
		if (limit)
			n->too_much = TOO_MUCH_LIMIT;
		else if (surge && !waits && n->related[0] == '\0')
			n->too_much = TOO_MUCH_SURGE;
		n->changed |= n->too_much != TOO_MUCH_NOT;
	}
	if (n->too_much == TOO_MUCH_NOT)
		return;
	if (!surge && !limit)
		end_too_much(w, n, "sends no more than usual, and no more than its limit allows");
	else if (is_known(n) || n->cut_off)
		tell_too_much(w, n);
}

/* --- too little */

static void
look_at_loss(struct neighbor_watch *w, struct watched *n)
{
	char text[RECORD_TEXT_MAX], who[WATCHED_TEXT_MAX];
	struct txt t = txt_of(text, sizeof(text));

	if (!has(n, VOLUME_LOSS)) {
		if (n->loss_told)
			alarm_off(w->alarms, watch_names[WATCH_LOSS], n->about,
			    "%s sends as many routes as is usual", watched_text(n, who));
		n->changed |= n->loss_told;
		n->loss_told = false;
		return;
	}
	if (!is_known(n))
		return;
	txt_puts(&t, watched_text(n, who));
	for (unsigned k = 0; k < WATCH_FAMILIES; k++)
		if (n->volumes[k].state == VOLUME_LOSS)
			txt_putf(&t,
			    " sends %u %s routes, and sent %u before, while its session is up;",
			    said_number(n, k), families[k], n->volumes[k].usual);
	n->changed |= !n->loss_told;
	n->loss_told = true;
	tell(w, n, watch_names[WATCH_LOSS], SEVERITY_WARNING, text);
}

/* --- both */

/* Nobody has known for a while whether it is still so. */
static void
look_at_silence(struct neighbor_watch *w, struct watched *n, int64_t now_us)
{
	if ((n->too_much == TOO_MUCH_NOT && !n->loss_told) || is_known(n)) {
		n->unsettled_us = 0;
		return;
	}
	if (n->unsettled_us == 0)
		n->unsettled_us = now_us;
	if (now_us - n->unsettled_us <
	    ((int64_t)UNSETTLED_S + w->config.volume.warm_up_s) * SECOND_US)
		return;
	if (n->too_much != TOO_MUCH_NOT && !n->cut_off)
		alarm_unknown(w->alarms, kind_of(n->too_much), n->about);
	if (n->loss_told)
		alarm_unknown(w->alarms, watch_names[WATCH_LOSS], n->about);
}

void
watched_cut_off(struct neighbor_watch *w, struct watched *n, int64_t now_us)
{
	n->cut_off = n->changed = true;
	look_at_too_much(w, n, now_us);
}

void
watched_volume_tick(struct neighbor_watch *w, struct watched *n, int64_t now_us)
{
	for (unsigned k = 0; k < WATCH_FAMILIES; k++) {
		if (volume_judge(&n->volumes[k], &w->config.volume, now_us)) {
			n->told[k] = 0;
			n->changed = true;
		}
		/* what is a bit more is kept with the next thing that is */
		n->changed |= n->volumes[k].most > n->kept_most[k] + n->kept_most[k] / 16;
	}
	look_at_limits(w, n);
	if (n->cut_off && n->flaps.up_us != 0 && !n->away &&
	    now_us - n->flaps.up_us >= (int64_t)w->config.volume.warm_up_s * SECOND_US) {
		n->cut_off = false;
		n->changed = true;
	}
	look_at_too_much(w, n, now_us);
	look_at_loss(w, n);
	look_at_silence(w, n, now_us);
}

void
watched_volume_over(struct neighbor_watch *w, struct watched *n, const char *how)
{
	char who[WATCHED_TEXT_MAX];

	if (n->too_much != TOO_MUCH_NOT)
		end_too_much(w, n, how);
	if (n->loss_told)
		alarm_off(w->alarms, watch_names[WATCH_LOSS], n->about, "%s %s",
		    watched_text(n, who), how);
	n->loss_told = n->cut_off = false;
	memset(n->volumes, 0, sizeof(n->volumes));
	memset(n->near, 0, sizeof(n->near));
}
