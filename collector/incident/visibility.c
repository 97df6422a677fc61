#include "collector/incident/visibility_private.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/pure/text.h"

enum {
	IN_VIEWS = 1 << VIEW_IN_PRE | 1 << VIEW_IN_POST,
	LABELLED = 8, /* shift of the bits of labelled routes */
	KEY_MAX = IP_PREFIX_TEXT_MAX + VIS_ABOUT,
	VALUE_MAX = VIS_ABOUT + VIS_TEXT + 2 * RECORD_NAME_MAX + 64,
};
static const char loc_rib[] = "loc-rib";

struct visibility *
visibility_new(const struct visibility_ops *ops, void *ctx)
{
	struct visibility *v = calloc(1, sizeof(*v));

	if (v == NULL)
		return NULL;
	v->ops = ops;
	v->ctx = ctx;
	v->changed = v->unsure = true;
	return v;
}

void
visibility_free(struct visibility *v)
{
	if (v == NULL)
		return;
	for (size_t i = 0; i < v->n; i++)
		free(v->v[i].v);
	while (v->losses != NULL) {
		struct vis_loss *l = v->losses;

		v->losses = l->next;
		free(l);
	}
	free(v->v);
	free(v->points);
	free(v->routers);
	free(v);
}

/* --- tables */

/* Room for one more; false when out of memory. */
static bool
grow(void **v, uint32_t n, uint32_t *max, size_t size)
{
	uint32_t more = *max != 0 ? 2 * *max : 16;
	void *grown;

	if (n < *max)
		return true;
	grown = realloc(*v, more * size);
	if (grown == NULL)
		return false;
	*v = grown;
	*max = more;
	return true;
}

/* Its number, or UINT32_MAX. */
static uint32_t
find_router(const struct visibility *v, const char *name)
{
	for (uint32_t i = 0; i < v->routers_n; i++)
		if (strcmp(v->routers[i].name, name) == 0)
			return i;
	return UINT32_MAX;
}

static uint32_t
router_named(struct visibility *v, const char *name)
{
	uint32_t i = find_router(v, name);

	if (i != UINT32_MAX ||
	    !grow((void **)&v->routers, v->routers_n, &v->routers_max, sizeof(*v->routers)))
		return i;
	v->routers[v->routers_n] = (struct vis_router){ .border = false };
	text_copy(v->routers[v->routers_n].name, RECORD_NAME_MAX, name);
	return v->routers_n++;
}

static uint32_t
find_point(const struct visibility *v, uint32_t router, const char *peer, const char *distinguisher)
{
	for (uint32_t i = 0; i < v->points_n; i++) {
		const struct vis_point *p = &v->points[i];

		if (p->used && p->router == router && strcmp(p->peer, peer) == 0 &&
		    strcmp(p->distinguisher, distinguisher) == 0)
			return i;
	}
	return UINT32_MAX;
}

static bool
is_of(const struct visibility *v, const struct vis_point *p, const struct visibility_source *s)
{
	return p->used && strcmp(p->peer, s->peer) == 0 &&
	       strcmp(p->distinguisher, s->distinguisher) == 0 &&
	       strcmp(v->routers[p->router].name, s->router) == 0;
}

/* The number of the source's point, made when missing; UINT32_MAX when out of memory. */
static uint32_t
point_of(struct visibility *v, const struct visibility_source *s)
{
	uint32_t router, i;
	struct vis_point *p;

	/* what a table has is told in one go */
	if (v->last < v->points_n && is_of(v, &v->points[v->last], s))
		return v->last;
	router = router_named(v, s->router);
	if (router == UINT32_MAX)
		return router;
	i = find_point(v, router, s->peer, s->distinguisher);
	if (i != UINT32_MAX)
		return v->last = i;
	for (i = 0; i < v->points_n && v->points[i].used; i++)
		;
	if (i == v->points_n) {
		if (!grow((void **)&v->points, v->points_n, &v->points_max, sizeof(*v->points)))
			return UINT32_MAX;
		v->points_n++;
	}
	p = &v->points[i];
	*p = (struct vis_point){ .router = router, .used = true };
	text_copy(p->peer, sizeof(p->peer), s->peer);
	text_copy(p->distinguisher, sizeof(p->distinguisher), s->distinguisher);
	p->loc = strcmp(s->peer, loc_rib) == 0;
	return i;
}

static size_t
place_of(const struct visibility *v, const struct ip_prefix *p)
{
	size_t lo = 0, hi = v->n;

	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;

		if (ip_prefix_cmp(&v->v[mid].prefix, p) < 0)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo;
}

struct vis_prefix *
vis_find(const struct visibility *v, const struct ip_prefix *p)
{
	size_t at = place_of(v, p);

	return at < v->n && ip_prefix_cmp(&v->v[at].prefix, p) == 0 ? &v->v[at] : NULL;
}

/* NULL when out of memory. */
static struct vis_prefix *
prefix_of(struct visibility *v, const struct ip_prefix *p)
{
	size_t at = place_of(v, p);

	if (at < v->n && ip_prefix_cmp(&v->v[at].prefix, p) == 0)
		return &v->v[at];
	if (v->n == v->max) {
		size_t max = v->max != 0 ? 2 * v->max : 64;
		struct vis_prefix *grown = realloc(v->v, max * sizeof(*grown));

		if (grown == NULL)
			return NULL;
		v->v = grown;
		v->max = max;
	}
	memmove(&v->v[at + 1], &v->v[at], (v->n - at) * sizeof(*v->v));
	v->n++;
	v->v[at] = (struct vis_prefix){ .prefix = *p };
	v->generation = 0; /* whether it is ours is to be found out */
	return &v->v[at];
}

static struct vis_at *
find_at(const struct vis_prefix *x, uint32_t point)
{
	for (unsigned i = 0; i < x->n; i++)
		if (x->v[i].point == point)
			return &x->v[i];
	return NULL;
}

static struct vis_at *
at_of(struct vis_prefix *x, uint32_t point)
{
	struct vis_at *a = find_at(x, point);

	if (a != NULL || !grow((void **)&x->v, x->n, &x->max, sizeof(*x->v)))
		return a;
	x->v[x->n] = (struct vis_at){ .point = point };
	return &x->v[x->n++];
}

const struct vis_router *
vis_router_of(const struct visibility *v, const struct vis_point *p)
{
	return &v->routers[p->router];
}

struct vis_at *
vis_loc_of(const struct visibility *v, const struct vis_prefix *x, uint32_t router,
    const char *distinguisher)
{
	uint32_t point = find_point(v, router, loc_rib, distinguisher);

	return point != UINT32_MAX ? find_at(x, point) : NULL;
}

struct vis_loss *
vis_loss_about(struct visibility *v, const char *about)
{
	struct vis_loss **at = &v->losses;

	while (*at != NULL && strcmp((*at)->about, about) != 0)
		at = &(*at)->next;
	if (*at == NULL && (*at = calloc(1, sizeof(**at))) != NULL)
		text_copy((*at)->about, sizeof((*at)->about), about);
	return *at;
}

/* --- views */

static uint16_t
judged_views(const struct vis_point *p)
{
	unsigned view = p->loc ? VIEW_LOC_RIB : p->post ? VIEW_OUT_POST : VIEW_OUT_PRE;

	return (uint16_t)(1U << view | 1U << (view + LABELLED));
}

bool
vis_is_there(const struct visibility *v, const struct vis_at *a)
{
	return a->has & judged_views(&v->points[a->point]);
}

static bool
is_brought(const struct vis_at *a)
{
	return a->has & (IN_VIEWS | IN_VIEWS << LABELLED);
}

/* It is gone there, for all that is certain. */
static void
set_gone(struct visibility *v, struct vis_prefix *x, struct vis_at *a, uint8_t cause, int64_t us)
{
	a->has &= (uint16_t)~judged_views(&v->points[a->point]);
	x->settled = false;
	if (a->loss != NULL) /* it was gone already */
		return;
	a->cause = cause;
	a->since_us = us;
}

/* --- over a restart */

void
vis_keep(const struct visibility *v, const struct vis_prefix *x, const struct vis_at *a)
{
	const struct vis_point *p = &v->points[a->point];
	const struct vis_loss *l = a->loss;
	char key[KEY_MAX], value[VALUE_MAX], prefix[IP_PREFIX_TEXT_MAX];
	int n;

	snprintf(key, sizeof(key), "%s\t%s\t%s\t%s", ip_prefix_format(&x->prefix, prefix),
	    vis_router_of(v, p)->name, p->peer, p->distinguisher);
	if (!a->established) {
		v->ops->keep(v->ctx, key, NULL, 0);
		return;
	}
	n = snprintf(value, sizeof(value), "%" PRIu32 " %u %u %u %u", p->peer_as, p->told_relation,
	    p->outside, p->post, a->cause);
	if (l != NULL)
		n += snprintf(value + n, sizeof(value) - (size_t)n,
		    "\t%" PRId64 "\t%u\t%s\t%s\t%s\t%" PRIu32 "\t%s", a->since_us, l->type,
		    l->about, l->router, l->peer, l->peer_as, l->why);
	v->ops->keep(v->ctx, key, value, (size_t)n);
}

/* The text up to the next tab; *at moves behind it. */
static const char *
field(char **at)
{
	char *begin = *at, *end = strchr(begin, '\t');

	*at = end != NULL ? end + 1 : begin + strlen(begin);
	if (end != NULL)
		*end = '\0';
	return begin;
}

static struct vis_loss *
restore_loss(struct visibility *v, char *rest)
{
	unsigned type = (unsigned)strtoul(field(&rest), NULL, 10);
	struct vis_loss *l = vis_loss_about(v, field(&rest));

	if (l == NULL)
		return NULL;
	l->type = type <= WHY_NEVER ? (uint8_t)type : WHY_ORIGIN;
	text_copy(l->router, sizeof(l->router), field(&rest));
	text_copy(l->peer, sizeof(l->peer), field(&rest));
	l->peer_as = (uint32_t)strtoul(field(&rest), NULL, 10);
	text_copy(l->why, sizeof(l->why), field(&rest));
	return l;
}

void
visibility_restore(
    struct visibility *v, const char *key, const void *value, size_t len, int64_t now_us)
{
	char names[KEY_MAX], text[VALUE_MAX], *at = names, *rest = text;
	struct visibility_source s = { .router = "" };
	unsigned relation, outside, post, cause;
	struct vis_prefix *x;
	struct ip_prefix prefix;
	struct vis_point *p;
	struct vis_at *a;
	uint32_t point;

	text_copy(names, sizeof(names), key);
	snprintf(
	    text, sizeof(text), "%.*s", (int)(len < sizeof(text) ? len : 0), (const char *)value);
	if (!ip_prefix_parse(field(&at), true, &prefix))
		return;
	s.router = field(&at);
	s.peer = field(&at);
	s.distinguisher = field(&at);
	if (s.peer[0] == '\0' || sscanf(field(&rest), "%" SCNu32 " %u %u %u %u", &s.peer_as,
				     &relation, &outside, &post, &cause) != 5)
		return;
	if ((point = point_of(v, &s)) == UINT32_MAX || (x = prefix_of(v, &prefix)) == NULL ||
	    (a = at_of(x, point)) == NULL)
		return;
	p = &v->points[point];
	p->peer_as = s.peer_as;
	p->relation = p->told_relation = relation < RELATIONS ? (uint8_t)relation : 0;
	p->outside = outside != 0;
	p->post = post != 0;
	v->routers[p->router].kept = true;
	v->routers[p->router].border |= p->loc || p->outside;
	a->established = a->unheard = true;
	a->cause = (uint8_t)cause;
	a->since_us = now_us;
	if (rest[0] != '\0') {
		a->since_us = strtoll(field(&rest), NULL, 10);
		a->loss = restore_loss(v, rest);
	} else {
		a->has = judged_views(p) & ((1U << LABELLED) - 1);
	}
	v->started_us = now_us;
}

/* --- what is said */

/* The feed is away for too long, or shows the view no longer: what was there is of before. What it
 * has when it has told all again decides, as after a restart. */
static void
feed_lost(struct visibility *v, uint32_t point, const struct ip_prefix *prefix, uint16_t bit)
{
	struct vis_prefix *x = vis_find(v, prefix);
	struct vis_at *a = x != NULL ? find_at(x, point) : NULL;
	struct vis_point *p = &v->points[point];
	const struct vis_router *r = vis_router_of(v, p);

	if (r->away_us != 0 && !r->telling && p->up && !p->loc) {
		p->up = false; /* unless it is named again */
		text_copy(p->down, sizeof(p->down), "the router no longer reports it");
	}
	if (a != NULL && bit & judged_views(p) && vis_is_there(v, a))
		a->unheard = true;
}

void
visibility_at(struct visibility *v, const struct visibility_source *s,
    const struct ip_prefix *prefix, uint8_t view, bool labelled, bool there, uint8_t cause,
    int64_t now_us)
{
	uint16_t bit = (uint16_t)(1U << (view + (labelled ? LABELLED : 0U)));
	uint32_t point = point_of(v, s);
	struct vis_prefix *x;
	struct vis_point *p;
	struct vis_at *a;
	bool was, brought;

	if (point == UINT32_MAX || (!there && cause == REASON_PEER_DOWN && s->unmonitored))
		return;
	if (cause == REASON_FEED_LOST) {
		if (!there) /* else it is only another path */
			feed_lost(v, point, prefix, bit);
		return;
	}
	p = &v->points[point];
	p->peer_as = s->peer_as;
	p->told_relation = p->relation = s->relation;
	p->outside = s->outside;
	p->post |= view == VIEW_OUT_POST;
	p->up |= there;
	v->routers[p->router].border |= s->outside;
	x = there ? prefix_of(v, prefix) : vis_find(v, prefix);
	a = x == NULL ? NULL : there ? at_of(x, point) : find_at(x, point);
	if (a == NULL)
		return;
	was = vis_is_there(v, a);
	brought = is_brought(a);
	if (a->unheard && bit & judged_views(p)) {
		a->unheard = false;
		a->has &= (uint16_t)~judged_views(p);
	}
	a->has = (uint16_t)(there ? a->has | bit : a->has & ~(unsigned)bit);
	x->settled = false;
	if (vis_is_there(v, a) != was) {
		a->cause = cause;
		a->since_us = now_us;
	}
	if (brought != is_brought(a))
		a->in_us = brought ? now_us : 0;
	if (there || (cause != REASON_CONFIG && cause != REASON_ROLES) || !a->established)
		return;
	a->established = false; /* it is not ours any more */
	vis_keep(v, x, a);
}

void
visibility_router(struct visibility *v, const char *router, enum feed_state state, int64_t now_us)
{
	uint32_t number = router_named(v, router);

	if (number == UINT32_MAX)
		return;
	v->routers[number].telling = state == FEED_UP;
	if (state == FEED_DOWN)
		v->routers[number].away_us = now_us;
	if (state != FEED_SYNCED)
		return;
	v->routers[number].away_us = 0;
	v->routers[number].heard = true;
	v->changed = true;
	/* it has told all: sessions that it has not named are not up */
	for (size_t i = 0; i < v->n; i++)
		for (unsigned k = 0; k < v->v[i].n; k++) {
			struct vis_at *a = &v->v[i].v[k];
			const struct vis_point *p = &v->points[a->point];

			if (p->router != number)
				continue;
			v->v[i].settled = false;
			if (a->unheard && !p->up && !p->loc) {
				a->unheard = false;
				set_gone(v, &v->v[i], a, REASON_PEER_DOWN, now_us);
			}
		}
}

/* Nothing of the prefix is known at the point any more. */
static void
take_out(struct visibility *v, struct vis_prefix *x, struct vis_at *a)
{
	bool was = a->established;

	a->established = false;
	if (was)
		vis_keep(v, x, a);
	*a = x->v[--x->n];
}

void
visibility_router_gone(struct visibility *v, const char *router)
{
	uint32_t number = find_router(v, router);

	if (number == UINT32_MAX)
		return;
	for (size_t i = 0; i < v->n; i++)
		for (unsigned k = v->v[i].n; k-- > 0;)
			if (v->points[v->v[i].v[k].point].router == number)
				take_out(v, &v->v[i], &v->v[i].v[k]);
	for (uint32_t i = 0; i < v->points_n; i++)
		v->points[i].used &= v->points[i].router != number;
	v->routers[number].border = v->routers[number].kept = false;
	v->changed = true;
}

void
visibility_rename(struct visibility *v, const char *from, const char *to)
{
	uint32_t number = find_router(v, from);

	if (number == UINT32_MAX)
		return;
	for (int again = 0; again < 2; again++) {
		for (size_t i = 0; i < v->n; i++)
			for (unsigned k = 0; k < v->v[i].n; k++) {
				struct vis_at *a = &v->v[i].v[k];
				bool was = a->established;

				if (!was || v->points[a->point].router != number)
					continue;
				a->established = again;
				a->loss = NULL; /* it is told of the new name */
				v->v[i].settled = false;
				vis_keep(v, &v->v[i], a);
				a->established = true;
			}
		text_copy(v->routers[number].name, RECORD_NAME_MAX, to);
	}
	v->changed = true;
}

/* What is known of it is of before. */
static void
make_unheard(struct visibility *v, uint32_t point)
{
	for (size_t i = 0; i < v->n; i++) {
		struct vis_at *a = find_at(&v->v[i], point);

		if (a != NULL)
			a->unheard = true;
	}
}

/* All that it had, and brought, is gone with its session. */
static void
take_all(struct visibility *v, uint32_t point, int64_t now_us)
{
	for (size_t i = 0; i < v->n; i++) {
		struct vis_at *a = find_at(&v->v[i], point);

		if (a == NULL)
			continue;
		if (is_brought(a))
			a->in_us = now_us;
		if (vis_is_there(v, a))
			set_gone(v, &v->v[i], a, REASON_PEER_DOWN, now_us);
		a->has = 0;
		a->unheard = false;
		v->v[i].settled = false;
	}
}

void
visibility_peer(struct visibility *v, const struct visibility_source *s, bool up, const char *text,
    int64_t now_us)
{
	uint32_t router = router_named(v, s->router),
		 point = router == UINT32_MAX ? router
					      : find_point(v, router, s->peer, s->distinguisher);
	struct vis_point *p;

	if (router == UINT32_MAX)
		return;
	v->routers[router].border |= s->outside;
	if (point == UINT32_MAX)
		return;
	p = &v->points[point];
	v->changed = true;
	p->told_relation = p->relation = s->relation;
	p->peer_as = s->peer_as;
	v->generation = 0;
	p->unmonitored = !up && s->unmonitored;
	if (p->unmonitored) {
		make_unheard(v, point);
		return;
	}
	p->up = up;
	if (up)
		return;
	text_copy(p->down, sizeof(p->down), text);
	take_all(v, point, now_us);
}

void
visibility_complete(
    struct visibility *v, const struct visibility_source *s, uint8_t views, bool v6, int64_t now_us)
{
	uint32_t router = find_router(v, s->router);
	uint32_t point = router == UINT32_MAX ? router
					      : find_point(v, router, s->peer, s->distinguisher);
	struct vis_point *p;

	if (point == UINT32_MAX || s->unmonitored)
		return;
	p = &v->points[point];
	if (!(judged_views(p) & views))
		return;
	if (p->loc && p->complete_us[v6] == 0) {
		p->complete_us[v6] = now_us;
		v->generation = 0; /* look at all again */
	}
	for (size_t i = 0; i < v->n; i++) {
		struct vis_prefix *x = &v->v[i];
		struct vis_at *a = (x->prefix.family == IP_V6) == v6 ? find_at(x, point) : NULL;

		if (a == NULL || !a->unheard)
			continue;
		a->unheard = false;
		set_gone(v, x, a, p->up ? REASON_WITHDRAWN : REASON_PEER_DOWN, now_us);
	}
}

void
visibility_accept(struct visibility *v)
{
	for (size_t i = 0; i < v->n; i++)
		for (unsigned k = 0; k < v->v[i].n; k++) {
			struct vis_at *a = &v->v[i].v[k];

			if (!a->established || vis_is_there(v, a))
				continue;
			a->established = false;
			a->loss = NULL;
			vis_keep(v, &v->v[i], a);
		}
	v->changed = true;
}

void
visibility_configure(struct visibility *v, const struct visibility_config *c)
{
	v->config = *c;
	v->changed = true;
	v->generation = 0;
}
