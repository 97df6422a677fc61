/*
 * Caches in groups by preference (RFC 8210 section 10): those of one number are a group, and their
 * union is used; the group of the lowest number that works is the one in use. All are connected all
 * the time, so that the next one is at hand.
 *
 * A group works while one of its caches is in step and what it says is not held back or in doubt.
 *
 *   none in use --sources have answered, or had their time--> the best that works
 *   in use --it has not worked for switch_s--> the best that works
 *   in use --a preferred one has worked for switch_s without a break--> that one; each time it is
 *            left again soon, twice as long
 *
 * Until then what the group in use said stays in force, to its time and beyond it, as does what one
 * source alone said (rpki_data.h): a lost group makes no verdict another. So does it while the
 * other group says much less, for hold_s: it has not validated everything yet, more likely than
 * not.
 */
#include <stdio.h>

#include "collector/rpki/rpki_data_private.h"

enum { FALLS_MAX = 6 };

static bool
is_member(const struct rpki_source *s, uint32_t group)
{
	return s->kind == RPKI_CACHE && !s->leaving && s->preference == group;
}

static bool
has_members(const struct rpki_data *d, uint32_t group)
{
	for (const struct rpki_source *s = d->sources; s != NULL; s = s->next)
		if (is_member(s, group))
			return true;
	return false;
}

static bool
works(const struct rpki_source *s)
{
	return s->kind == RPKI_CACHE && rpki_is_fresh(s) && !s->broken && !s->doubtful;
}

static bool
group_works(const struct rpki_data *d, uint32_t group)
{
	for (const struct rpki_source *s = d->sources; s != NULL; s = s->next)
		if (is_member(s, group) && works(s))
			return true;
	return false;
}

/* The best group with a cache that is so; false: none is. */
static bool
best_of(const struct rpki_data *d, bool (*is)(const struct rpki_source *), uint32_t *best)
{
	bool any = false;

	for (const struct rpki_source *s = d->sources; s != NULL; s = s->next) {
		if (s->kind != RPKI_CACHE || s->leaving || !is(s) ||
		    (any && s->preference >= *best))
			continue;
		*best = s->preference;
		any = true;
	}
	return any;
}

static bool
is_sound(const struct rpki_source *s)
{
	return s->answered && !s->has_held && !s->doubtful;
}

static bool
is_unsound(const struct rpki_source *s)
{
	return !is_sound(s);
}

bool
rpki_all_answered(const struct rpki_data *d)
{
	uint32_t sound = 0, unsound = 0, best;
	bool any_sound = best_of(d, is_sound, &sound),
	     any_unsound = best_of(d, is_unsound, &unsound);

	/* the caches that are preferred to the first trouble are a group that is whole */
	best = any_sound && (!any_unsound || sound < unsound) ? sound : UINT32_MAX;
	for (const struct rpki_source *s = d->sources; s != NULL; s = s->next)
		if (!s->leaving && !s->answered && (s->kind != RPKI_CACHE || s->preference <= best))
			return false;
	return true;
}

void
rpki_source_prefer(struct rpki_source *s, uint32_t preference)
{
	struct rpki_data *d = s->data_of;

	if (s->preference == preference)
		return;
	s->preference = preference;
	d->groups.rearranged |= s->joined;
	d->stirred = true;
}

/* --- another one */

static void
use_caches_of(struct rpki_data *d, uint32_t group)
{
	for (struct rpki_source *s = d->sources; s != NULL; s = s->next)
		if (s->kind == RPKI_CACHE && !s->leaving && s->joined)
			s->in_use = s->preference == group;
}

static bool
is_used(const struct rpki_data *d, uint32_t group)
{
	for (const struct rpki_source *s = d->sources; s != NULL; s = s->next)
		if (s->kind == RPKI_CACHE && !s->leaving && s->joined &&
		    s->in_use != (s->preference == group))
			return false;
	return true;
}

/* What would be lost by it. */
static struct vrp_loss
loss_by(struct rpki_data *d, uint32_t group)
{
	struct vrp_loss loss = { .kind = VRP_LOSS_ALL };
	struct vrp_list before, after = { 0 };
	bool ok = rpki_union(d, true, &before);

	for (struct rpki_source *s = d->sources; s != NULL; s = s->next)
		s->was_in_use = s->in_use;
	use_caches_of(d, group);
	ok = ok && rpki_union(d, true, &after);
	for (struct rpki_source *s = d->sources; s != NULL; s = s->next)
		s->in_use = s->was_in_use;
	if (ok)
		loss = rpki_loss_between(d, &before, &after);
	vrp_list_free(&before);
	vrp_list_free(&after);
	return loss;
}

static void
tell(struct rpki_data *d, uint32_t group)
{
	const struct rpki_groups *g = &d->groups;
	char text[RPKI_TEXT_MAX];

	if (!g->chosen) {
		rpki_note(d, "group=%u of caches is in use", group);
		return;
	}
	if (group > g->now)
		snprintf(text, sizeof(text),
		    "RPKI caches of preference %u are in use: none of preference %u works", group,
		    g->now);
	else
		snprintf(text, sizeof(text),
		    "RPKI caches of preference %u are in use: %s, and %u is the next in order",
		    group, group < g->now ? "they work" : "so it is configured", g->now);
	rpki_note(d, "%s", text);
	if (d->ops->group != NULL && group != g->now)
		d->ops->group(d->ctx, text);
}

static uint32_t
return_s(const struct rpki_data *d)
{
	unsigned falls = d->groups.falls;

	return d->limits.switch_s << (falls == 0 ? 0 : falls > FALLS_MAX ? FALLS_MAX : falls - 1);
}

static void
enter(struct rpki_data *d, uint32_t group, int64_t now_us)
{
	struct rpki_groups *g = &d->groups;

	tell(d, group);
	if (g->chosen && group > g->now) {
		/* what fell long after it had come back falls for the first time */
		if (now_us - g->switched_us > rpki_seconds(d->limits.switch_s << FALLS_MAX))
			g->falls = 0;
		g->falls += g->falls <= FALLS_MAX;
	}
	use_caches_of(d, group);
	g->now = group;
	g->chosen = true;
	g->switched_us = now_us;
	g->down_us = 0;
	g->has_better = g->has_next = g->wait = false;
	d->dirty = d->stirred = true;
}

/* --- which one */

static bool
is_joined(const struct rpki_source *s)
{
	return s->joined;
}

/* The first one, or the first after the one in use has left the configuration. */
static void
begin(struct rpki_data *d, int64_t now_us)
{
	uint32_t group = 0;

	if (!best_of(d, works, &group) && !best_of(d, is_joined, &group))
		return;
	enter(d, group, now_us);
	for (struct rpki_source *s = d->sources; s != NULL; s = s->next)
		s->aspas_in_use |= s->in_use;
	d->joining = d->aspas_dirty = true;
}

/* The one that is to be used, by what works for how long. */
static uint32_t
wanted(struct rpki_data *d, int64_t now_us)
{
	struct rpki_groups *g = &d->groups;
	bool up = group_works(d, g->now);
	uint32_t best = 0;

	if (up)
		g->down_us = 0;
	else if (g->down_us == 0)
		g->down_us = now_us;
	if (!best_of(d, works, &best) || best == g->now) {
		g->has_better = false;
		return g->now;
	}
	if (best < g->now && (!g->has_better || g->better != best))
		g->better_us = now_us;
	g->has_better = best < g->now;
	g->better = best;
	if (!up && now_us - g->down_us >= rpki_seconds(d->limits.switch_s))
		return best;
	if (g->has_better && now_us - g->better_us >= rpki_seconds(return_s(d)))
		return best;
	return g->now;
}

/* Would less be in force by it, and may that still be a cache that has not all yet? */
static bool
must_wait(struct rpki_data *d, uint32_t group, int64_t now_us)
{
	struct rpki_groups *g = &d->groups;

	if (!g->has_next || g->next != group) {
		g->has_next = true;
		g->next = group;
		g->next_us = now_us;
		g->loss = loss_by(d, group);
	} else if (d->stirred) {
		g->loss = loss_by(d, group);
	}
	return g->loss.kind != VRP_LOSS_ORDINARY &&
	       now_us - g->next_us < rpki_seconds(d->limits.hold_s);
}

/* Preferences are others: the group in use is that of the caches in use, until another is. Where
 * those are apart now the best of them is. */
static void
rearrange(struct rpki_data *d)
{
	struct rpki_groups *g = &d->groups;
	bool any = false;

	for (const struct rpki_source *s = d->sources; s != NULL; s = s->next) {
		if (s->kind != RPKI_CACHE || s->leaving || !s->in_use ||
		    (any && s->preference >= g->now))
			continue;
		g->now = s->preference;
		any = true;
	}
	g->rearranged = false;
}

void
rpki_choose_group(struct rpki_data *d, int64_t now_us)
{
	struct rpki_groups *g = &d->groups;
	bool hurry = g->rearranged && g->chosen;
	uint32_t group, best = 0;

	if (hurry)
		rearrange(d);
	if (!g->chosen || !has_members(d, g->now)) {
		begin(d, now_us);
		return;
	}
	group = wanted(d, now_us);
	if (hurry && best_of(d, works, &best))
		group = best;
	if (is_used(d, group)) {
		g->has_next = g->wait = false;
		return;
	}
	g->wait = must_wait(d, group, now_us);
	if (!g->wait)
		enter(d, group, now_us);
}
