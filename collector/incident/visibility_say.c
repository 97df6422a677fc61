/* Losses in words: how many, where, by whom, and what remains. */
#include "collector/incident/visibility_private.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/pure/text.h"

enum { NAME_MAX_OCTETS = 240, NAMED = 2, LISTS = 5 };

/* Sessions or routers, each once: the first of them by name, and how many. */
struct names {
	char v[NAMED][NAME_MAX_OCTETS];
	unsigned n;
	bool *seen; /* by the number of the point or of the router */
};

/* What a loss is now. */
struct vis_tally {
	const struct vis_prefix *last; /* that was counted */
	unsigned prefixes;
	unsigned out;		 /* of these, not out where they belong */
	unsigned none;		 /* of these, to nobody, by this loss */
	unsigned maybe;		 /* of these, to nobody of whom it is known */
	unsigned loc;		 /* in a Loc-RIB no more */
	unsigned nowhere;	 /* in none of a border router */
	unsigned places, unsure; /* that it took; those of which nobody knows now */
	unsigned class;
	struct ip_prefix examples[RECORD_EXAMPLES_MAX];
	unsigned examples_n;
	struct names from, left, unknown, routers, others; /* LISTS */
	const struct vis_loss *related[RECORD_RELATED_MAX];
	unsigned related_n;
	bool seen[]; /* of these lists */
};

/* Nothing yet; NULL when out of memory. */
static struct vis_tally *
tally_new(const struct visibility *v)
{
	size_t n = v->points_n > v->routers_n ? v->points_n : v->routers_n;
	struct vis_tally *t = calloc(1, sizeof(*t) + LISTS * n * sizeof(t->seen[0]));

	if (t == NULL)
		return NULL;
	t->from.seen = t->seen;
	t->left.seen = t->seen + n;
	t->unknown.seen = t->seen + 2 * n;
	t->routers.seen = t->seen + 3 * n;
	t->others.seen = t->seen + 4 * n;
	return t;
}

/* Is it counted for the first time? */
static bool
is_new(struct names *all, uint32_t number)
{
	bool was = all->seen[number];

	all->seen[number] = true;
	all->n += !was;
	return !was;
}

/* One that is counted; kept when it is among the first. */
static void
keep_name(struct names *all, const char *name)
{
	unsigned have = all->n - 1 < NAMED ? all->n - 1 : NAMED, at = have;

	while (at > 0 && strcmp(all->v[at - 1], name) > 0) {
		if (at < NAMED)
			memcpy(all->v[at], all->v[at - 1], sizeof(all->v[at]));
		at--;
	}
	if (at < NAMED)
		text_copy(all->v[at], sizeof(all->v[at]), name);
}

/* "a, b and 3 more" */
static void
put_names(struct txt *t, const struct names *all)
{
	for (unsigned i = 0; i < all->n && i < NAMED; i++)
		txt_putf(t, "%s%s", i == 0 ? "" : ", ", all->v[i]);
	if (all->n > NAMED)
		txt_putf(t, " and %u more", all->n - NAMED);
}

static void
add_session(const struct visibility *v, const struct vis_point *p, struct names *to)
{
	char name[NAME_MAX_OCTETS];

	if (!is_new(to, (uint32_t)(p - v->points)))
		return;
	snprintf(name, sizeof(name), "%s AS%" PRIu32 "%s%s of %s", p->peer, p->peer_as,
	    p->distinguisher[0] != '\0' ? " in VRF " : "", p->distinguisher,
	    vis_router_of(v, p)->name);
	keep_name(to, name);
}

static void
add_router(const struct visibility *v, const struct vis_point *p, struct names *to)
{
	if (is_new(to, p->router))
		keep_name(to, vis_router_of(v, p)->name);
}

/* --- counting */

/* The loss that left nothing of it: the last one. */
static const struct vis_loss *
last_loss(const struct visibility *v, const struct vis_prefix *x)
{
	const struct vis_at *last = NULL;

	for (unsigned i = 0; i < x->n; i++) {
		const struct vis_at *a = &x->v[i];

		if (a->loss == NULL || v->points[a->point].loc)
			continue;
		if (last == NULL || a->since_us > last->since_us ||
		    (a->since_us == last->since_us &&
			strcmp(a->loss->about, last->loss->about) > 0))
			last = a;
	}
	return last != NULL ? last->loss : NULL;
}

static void
relate(struct vis_tally *t, const struct vis_loss *other)
{
	for (unsigned i = 0; i < t->related_n; i++)
		if (t->related[i] == other)
			return;
	if (t->related_n < RECORD_RELATED_MAX)
		t->related[t->related_n++] = other;
}

/* Who still has it, for the words. */
static void
add_others(const struct visibility *v, const struct vis_prefix *x, struct vis_tally *t,
    const struct vis_left *left, int64_t now_us)
{
	for (unsigned i = 0; i < x->n; i++) {
		const struct vis_at *a = &x->v[i];
		const struct vis_point *p = &v->points[a->point];
		bool unknown;

		if (!vis_is_there(v, a))
			continue;
		unknown = vis_is_unknown(v, a, now_us);
		if (p->loc && vis_router_of(v, p)->border && !unknown)
			add_router(v, p, &t->others);
		if (!p->loc &&
		    vis_class(v, p) >= (left->class < CLASS_UNKNOWN ? CLASS_PEER : CLASS_UNKNOWN))
			add_session(v, p, unknown ? &t->unknown : &t->left);
	}
}

/* Of a prefix what one loss took. */
static void
count_prefix(struct visibility *v, const struct vis_prefix *x, const struct vis_loss *l,
    const struct vis_left *left, int64_t now_us)
{
	struct vis_tally *t = l->tally;
	bool out = false, loc = false;

	for (unsigned i = 0; i < x->n; i++) {
		const struct vis_point *p = &v->points[x->v[i].point];

		if (x->v[i].loss == NULL)
			continue;
		if (x->v[i].loss != l) {
			relate(t, x->v[i].loss);
			continue;
		}
		t->places++;
		t->unsure += vis_is_unknown(v, &x->v[i], now_us);
		out |= !p->loc;
		loc |= p->loc;
		if (p->loc)
			add_router(v, p, &t->routers);
		else
			add_session(v, p, &t->from);
	}
	if (t->examples_n < RECORD_EXAMPLES_MAX)
		t->examples[t->examples_n++] = x->prefix;
	t->prefixes++;
	t->out += out;
	t->loc += loc;
	t->class = out && left->class > t->class ? left->class : t->class;
	if (out && left->there + left->pending == 0 && last_loss(v, x) == l) {
		t->none += left->unknown == 0;
		t->maybe += left->unknown > 0;
	}
	add_others(v, x, t, left, now_us);
}

static void
count(struct visibility *v, int64_t now_us)
{
	for (size_t i = 0; i < v->n; i++) {
		struct vis_prefix *x = &v->v[i];
		struct vis_left left = { .class = CLASS_NONE };
		bool counted = false;

		for (unsigned k = 0; k < x->n; k++) {
			const struct vis_loss *l = x->v[k].loss;

			if (l == NULL || l->tally == NULL || l->tally->last == x)
				continue;
			l->tally->last = x;
			if (!counted)
				left = vis_left_of(v, x, now_us);
			counted = true;
			count_prefix(v, x, l, &left, now_us);
		}
	}
}

/* --- words */

static void
put_subject(struct txt *t, const struct vis_tally *c)
{
	char prefix[IP_PREFIX_TEXT_MAX];

	ip_prefix_format(&c->examples[0], prefix);
	if (c->prefixes == 1)
		txt_putf(t, "own %s", prefix);
	else
		txt_putf(t, "%u own prefixes (%s ...)", c->prefixes, prefix);
}

static void
put_out(struct txt *t, const struct vis_tally *c)
{
	const char *s = c->prefixes == 1 ? "es" : "",
		   *whom = c->class == CLASS_PROVIDER ? "transit" : "other network";

	if (c->none + c->maybe == c->prefixes) {
		txt_putf(t, " go%s out to no %s%s", s, whom,
		    c->maybe > 0 ? " that is seen" : " any more");
		return;
	}
	/* which session that is the cause says */
	txt_putf(t, " go%s out to %u %s%s less", s, c->from.n,
	    c->class == CLASS_PROVIDER ? "transit session" : "session", c->from.n == 1 ? "" : "s");
	if (c->none + c->maybe > 0)
		txt_putf(t, ", %u of them to no %s at all", c->none + c->maybe, whom);
}

static void
put_loc(struct txt *t, const struct vis_tally *c)
{
	txt_putf(t, " %s not in Loc-RIB of border router%s ", c->prefixes == 1 ? "is" : "are",
	    c->routers.n > 1 ? "s" : "");
	put_names(t, &c->routers);
}

static void
put_rest(struct txt *t, const struct vis_tally *c)
{
	if (c->out > 0 && c->unknown.n > 0) {
		txt_putf(t, "; not known whether still to ");
		put_names(t, &c->unknown);
	}
	if (c->out > 0 && c->left.n > 0) {
		txt_putf(t, "; still to ");
		put_names(t, &c->left);
	}
	if (c->out == 0 && c->others.n > 0) {
		txt_putf(t, "; still in that of ");
		put_names(t, &c->others);
	}
	if (c->out > 0 && c->loc > 0) {
		txt_putf(t, "; gone from Loc-RIB of ");
		put_names(t, &c->routers);
	}
}

static void
put_words(const struct vis_loss *l, char out[RECORD_TEXT_MAX])
{
	const struct vis_tally *c = l->tally;
	char text[2048];
	struct txt t = txt_of(text, sizeof(text));

	put_subject(&t, c);
	if (c->out > 0)
		put_out(&t, c);
	else
		put_loc(&t, c);
	txt_putf(&t, ": %s", l->why);
	put_rest(&t, c);
	if (strlen(text) >= RECORD_TEXT_MAX)
		text_end_with(text, RECORD_TEXT_MAX, "…");
	text_copy(out, RECORD_TEXT_MAX, text);
}

/* By what remains. */
static uint8_t
severity_of(const struct vis_loss *l)
{
	const struct vis_tally *c = l->tally;

	if (c->none > 0)
		return c->class == CLASS_PROVIDER ? SEVERITY_CRITICAL : SEVERITY_MAJOR;
	if (c->maybe > 0)
		return SEVERITY_MAJOR;
	if (c->out > 0)
		return c->class == CLASS_PROVIDER ? SEVERITY_WARNING : SEVERITY_NOTICE;
	if (l->type == WHY_NEVER)
		return SEVERITY_NOTICE;
	return c->others.n > 0 ? SEVERITY_WARNING : SEVERITY_MAJOR;
}

/* --- telling */

static void
end(struct visibility *v, struct vis_loss *l)
{
	char text[RECORD_TEXT_MAX];

	if (l->tally->prefixes > 0)
		snprintf(text, sizeof(text), "it is told otherwise from now on");
	else if (l->back > 0)
		snprintf(text, sizeof(text),
		    "what was gone is where it was, or is stood for (%.100s)", l->why);
	else
		snprintf(text, sizeof(text), "nothing is expected there any more");
	v->ops->clear(v->ctx, l->told, l->about, text);
	l->told = NULL;
}

static uint8_t
reason_of(const struct vis_loss *l)
{
	switch (l->type) {
	case WHY_DOWN:
		return REASON_PEER_DOWN;
	case WHY_NEVER:
		return REASON_NONE;
	default:
		return REASON_WITHDRAWN;
	}
}

static void
tell(struct visibility *v, struct vis_loss *l, const char *kind)
{
	static const uint8_t relations[] = { [CLASS_NONE] = NEIGHBOR_UNKNOWN,
		[CLASS_PEER] = NEIGHBOR_PEER,
		[CLASS_UNKNOWN] = NEIGHBOR_UNKNOWN,
		[CLASS_PROVIDER] = NEIGHBOR_PROVIDER };
	const struct vis_tally *c = l->tally;
	char text[RECORD_TEXT_MAX];
	struct condition_prefixes prefixes = { .n = c->prefixes,
		.examples = c->examples,
		.examples_n = c->examples_n,
		.cause = reason_of(l),
		.relation = relations[c->class] };
	const struct condition_said said = { .kind = kind,
		.about = l->about,
		.severity = severity_of(l),
		.text = text,
		.router = l->router,
		.peer = l->peer,
		.peer_as = l->peer_as,
		.prefixes = &prefixes };

	for (unsigned i = 0; i < c->related_n; i++)
		if (c->related[i]->told != NULL) {
			prefixes.related_kinds[prefixes.related_n] = c->related[i]->told;
			prefixes.related_abouts[prefixes.related_n++] = c->related[i]->about;
		}
	put_words(l, text);
	v->ops->set(v->ctx, &said);
	l->told = kind;
}

static void
say(struct visibility *v, struct vis_loss *l)
{
	const struct vis_tally *c = l->tally;
	const char *kind = c->prefixes == 0 ? NULL : c->out > 0 ? vis_out_kind : vis_loc_kind;

	if (l->told != NULL && kind != l->told)
		end(v, l);
	if (kind != NULL && c->unsure == c->places) {
		v->ops->unknown(v->ctx, kind, l->about);
		l->told = kind;
	} else if (kind != NULL) {
		tell(v, l, kind);
	}
}

void
vis_say(struct visibility *v, int64_t now_us)
{
	struct vis_loss **at = &v->losses;

	if (v->losses == NULL)
		return;
	for (struct vis_loss *l = v->losses; l != NULL; l = l->next)
		l->tally = tally_new(v);
	count(v, now_us);
	for (struct vis_loss *l = v->losses; l != NULL; l = l->next)
		if (l->tally != NULL)
			say(v, l);
	while (*at != NULL) {
		struct vis_loss *l = *at;
		bool over = l->tally != NULL && l->tally->prefixes == 0;

		free(l->tally);
		l->tally = NULL;
		if (over) {
			*at = l->next;
			free(l);
		} else {
			at = &l->next;
		}
	}
}

void
vis_end_others(struct visibility *v)
{
	const char **abouts;
	size_t n = 0;

	for (const struct vis_loss *l = v->losses; l != NULL; l = l->next)
		n++;
	abouts = calloc(n + 1, sizeof(*abouts));
	if (abouts == NULL)
		return;
	n = 0;
	for (const struct vis_loss *l = v->losses; l != NULL; l = l->next)
		if (l->told != NULL)
			abouts[n++] = l->about;
	v->ops->keep_only(v->ctx, abouts, n);
	v->unsure = false;
	free(abouts);
}
