/* Who has done it: the session by which a prefix was taken away. */
#include "collector/incident/visibility_private.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/pure/text.h"

/* What happens that long before is the cause, and that long after, as routers tell it. */
static const int64_t BEFORE_US = 120 * (int64_t)VIS_SECOND_US, AFTER_US = 10 * VIS_SECOND_US;

/* How well it explains that the prefix is gone, that this neighbour brings it no more: 0 not. */
static unsigned
weight(const struct visibility *v, const struct vis_at *brought, const struct vis_at *gone)
{
	const struct vis_point *p = &v->points[brought->point], *at = &v->points[gone->point];

	if (brought->in_us == 0 || brought->in_us < gone->since_us - BEFORE_US ||
	    brought->in_us > gone->since_us + AFTER_US)
		return 0;
	return 1 + (p->up ? 0U : 4U) + (p->router == at->router ? 2U : 0U) + (p->outside ? 1U : 0U);
}

/* Who brought it to us and no longer does; NULL when nobody did. */
static const struct vis_point *
bringer(const struct visibility *v, const struct vis_prefix *x, const struct vis_at *gone)
{
	const struct vis_at *best = NULL;
	unsigned most = 0;

	for (unsigned i = 0; i < x->n; i++) {
		unsigned w = weight(v, &x->v[i], gone);

		if (w > most || (w > 0 && w == most && x->v[i].in_us > best->in_us)) {
			most = w;
			best = &x->v[i];
		}
	}
	return best != NULL ? &v->points[best->point] : NULL;
}

struct vis_cause
vis_cause_of(const struct visibility *v, const struct vis_prefix *x, const struct vis_at *gone)
{
	const struct vis_point *p = &v->points[gone->point], *by;
	const struct vis_at *loc;

	if (!p->loc && !p->up)
		return (struct vis_cause){ WHY_DOWN, p };
	loc = p->loc ? NULL : vis_loc_of(v, x, p->router, p->distinguisher);
	if (loc != NULL && vis_is_there(v, loc))
		return (struct vis_cause){ WHY_POLICY, p };
	by = bringer(v, x, gone);
	if (by != NULL)
		return (struct vis_cause){ by->up ? WHY_NEIGHBOR : WHY_DOWN, by };
	return (struct vis_cause){ p->loc || loc != NULL ? WHY_ORIGIN : WHY_POLICY, p };
}

/* --- in words */

/* "192.0.2.9 AS64510", with the VRF where it is of one. */
static void
put_peer(const struct vis_point *p, char *out, size_t size)
{
	snprintf(out, size, "%s AS%" PRIu32 "%s%s", p->peer, p->peer_as,
	    p->distinguisher[0] != '\0' ? " in VRF " : "", p->distinguisher);
}

static void
put_about(const struct vis_cause *c, const char *router, const char *word, struct vis_loss *out)
{
	snprintf(out->about, sizeof(out->about), "%s %s %s%s%s", word, router, c->who->peer,
	    c->who->distinguisher[0] != '\0' ? " " : "", c->who->distinguisher);
}

void
vis_cause_text(const struct visibility *v, const struct vis_cause *c, const struct vis_prefix *x,
    enum vis_scope scope, struct vis_loss *out)
{
	const char *router = vis_router_of(v, c->who)->name;
	char peer[RECORD_NAME_MAX + RECORD_RD_MAX + 32];

	*out = (struct vis_loss){ .type = (uint8_t)c->why, .peer_as = c->who->peer_as };
	put_peer(c->who, peer, sizeof(peer));
	text_copy(out->router, sizeof(out->router), router);
	if (!c->who->loc)
		text_copy(out->peer, sizeof(out->peer), c->who->peer);
	ip_prefix_format(&x->prefix, out->about);
	switch (c->why) {
	case WHY_DOWN:
		put_about(c, router, "session", out);
		snprintf(out->why, sizeof(out->why), "session of %s with %s went down%s%.100s",
		    router, peer, c->who->down[0] != '\0' ? ", " : "", c->who->down);
		break;
	case WHY_POLICY:
		if (scope == SCOPE_SESSION)
			put_about(c, router, "session", out);
		snprintf(out->why, sizeof(out->why), "%s has withdrawn it from %s%s", router, peer,
		    scope == SCOPE_SESSION ? "" : " and others");
		break;
	case WHY_NEIGHBOR:
		if (scope == SCOPE_SESSION)
			put_about(c, router, "from", out);
		snprintf(out->why, sizeof(out->why), "withdrawn by %s, which brought it to %s",
		    peer, router);
		break;
	case WHY_ORIGIN:
		snprintf(
		    out->why, sizeof(out->why), "withdrawn, and it came by no monitored session");
		out->peer[0] = '\0';
		break;
	case WHY_NEVER:
		put_about(c, router, "router", out);
		snprintf(out->why, sizeof(out->why), "all other border routers have it");
		break;
	}
	if (scope == SCOPE_ALL)
		text_copy(out->about, sizeof(out->about), "own prefixes");
}
