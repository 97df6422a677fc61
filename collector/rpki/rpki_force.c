/*
 * What of all that sources say is in force: their union, without what local exceptions filter and
 * without what is set aside, with what local exceptions add. Before it is, it is tried out.
 *
 *   IDLE --what counts has changed--> a candidate --nothing is to be tried--> in force
 *   candidate --trial--> TRYING --too much would turn invalid--> set aside, and another candidate
 *   TRYING --else--> in force
 *   IDLE --something is set aside without a trial--> TRYING, for its numbers only
 */
#include <stdio.h>
#include <stdlib.h>

#include "collector/rpki/rpki_data_private.h"
#include "collector/rpki/vrp_union.h"

enum { ROUNDS_MAX = 16 };

bool
rpki_union(const struct rpki_data *d, bool with_leaving, struct vrp_list *out)
{
	const struct vrp_list **lists;
	size_t n = 0;
	bool ok;

	for (const struct rpki_source *s = d->sources; s != NULL; s = s->next)
		n++;
	lists = calloc(n + 1, sizeof(*lists));
	if (lists == NULL)
		return false;
	n = 0;
	for (const struct rpki_source *s = d->sources; s != NULL; s = s->next)
		if (rpki_counts(s) && (with_leaving || !s->leaving))
			lists[n++] = &s->vrps;
	ok = vrp_union(lists, n, out);
	free(lists);
	return ok;
}

/* --- a candidate */

/* Files that contradict each other are not used at all (RFC 8416 section 4.2). */
static bool
slurm_is_usable(struct rpki_data *d)
{
	d->slurm_conflict[0] = '\0';
	for (const struct rpki_source *a = d->sources; a != NULL; a = a->next)
		for (const struct rpki_source *b = a->next; b != NULL; b = b->next) {
			char why[128];

			if (a->kind != RPKI_SLURM || b->kind != RPKI_SLURM || !a->joined ||
			    !b->joined || !slurm_overlap(&a->slurm, &b->slurm, why, sizeof(why)))
				continue;
			snprintf(d->slurm_conflict, sizeof(d->slurm_conflict), "%.80s, %.80s",
			    b->name, why);
			return false;
		}
	return true;
}

static bool
add_assertions(struct vrp_list *l, const struct vrp_list *assertions)
{
	const struct vrp_list *both[] = { l, assertions };
	struct vrp_list sum;

	if (assertions->n == 0)
		return true;
	if (!vrp_union(both, 2, &sum))
		return false;
	vrp_list_free(l);
	*l = sum;
	return true;
}

/* All that counts, as it is to be in force. */
static bool
compose(struct rpki_data *d, struct vrp_list *out, int64_t now_us)
{
	const struct vrp_aside_with with = {
		.in_force = d->set,
		.growth = !d->joining,
		.disputed = rpki_any_diverging(d) ? rpki_is_disputed : NULL,
		.ctx = d,
		.hold_us = rpki_seconds(d->limits.hold_s),
		.now_us = now_us,
	};
	bool slurm = slurm_is_usable(d), ok;

	if (!rpki_union(d, true, out))
		return false;
	for (struct rpki_source *s = d->sources; s != NULL && slurm; s = s->next)
		if (s->kind == RPKI_SLURM && s->joined)
			slurm_filter(&s->slurm, out);
	ok = vrp_aside_apply(&d->aside, out, &with);
	for (struct rpki_source *s = d->sources; s != NULL && slurm; s = s->next)
		if (s->kind == RPKI_SLURM && s->joined)
			ok = ok && add_assertions(out, &s->slurm.assertions);
	if (!ok)
		vrp_list_free(out);
	return ok;
}

/* --- in force */

static enum rpki_state
conclude(const struct rpki_data *d, const struct vrp_set *set, int64_t now_us)
{
	bool any = false, partial = false, doubtful = false;

	if (set == NULL || vrp_set_count(set, IP_V4) + vrp_set_count(set, IP_V6) == 0)
		return RPKI_NONE;
	for (const struct rpki_source *s = d->sources; s != NULL; s = s->next) {
		any |= s->joined;
		if (rpki_counts(s) && s->expired)
			return RPKI_STALE;
		if (s->leaving || !rpki_is_of_group(s))
			continue;
		partial |= !s->answered;
		doubtful |= s->doubtful;
	}
	if (!any)
		return RPKI_NONE;
	if (doubtful)
		return RPKI_PARTIAL;
	/* while there is still time to answer, what was so before is so still */
	if (partial && now_us < d->settle_until_us)
		return d->state == RPKI_NONE || d->state == RPKI_STALE ? RPKI_WHOLE : d->state;
	return partial ? RPKI_PARTIAL : RPKI_WHOLE;
}

static void
tell_state(struct rpki_data *d, enum rpki_state state)
{
	if (state == d->state)
		return;
	rpki_note(d, "state=%s before=%s", rpki_state_name(state), rpki_state_name(d->state));
	d->state = state;
	d->ops->state(d->ctx, state);
}

/* Judgement stops before data that is worth less comes in, and goes on after the better is there.
 */
static void
put_in_force(struct rpki_data *d, struct vrp_set *set, const struct vrp_delta *delta,
    bool by_config, int64_t now_us)
{
	enum rpki_state state = conclude(d, set, now_us);
	struct vrp_set *before = d->set;

	d->generation = vrp_set_generation(set);
	d->set = set;
	d->rounds = 0;
	if (state == RPKI_NONE || state == RPKI_STALE)
		tell_state(d, state);
	d->ops->in_force(d->ctx, set, delta, by_config);
	tell_state(d, state);
	vrp_set_unref(before);
}

/* --- trials */

static bool
try_out(struct rpki_data *d, struct vrp_set *set, const struct vrp_delta *delta)
{
	return d->ops->try_out != NULL && d->ops->try_out(d->ctx, set, delta);
}

/* What was never judged by is no measure, and what the operator did, or what has been held back
 * for its time, is meant so. */
static bool
is_to_be_tried(const struct rpki_data *d, bool meant)
{
	return !meant && d->set != NULL && d->limits.max_invalid > 0 && d->limits.hold_s > 0 &&
	       vrp_set_count(d->set, IP_V4) + vrp_set_count(d->set, IP_V6) > 0;
}

static void
use(struct rpki_data *d, struct vrp_set *set, struct vrp_delta *delta, bool by_config, bool meant,
    int64_t now_us)
{
	if (d->set != NULL && delta->added.n + delta->removed.n == 0) {
		d->rounds = 0;
		vrp_set_unref(set);
	} else if (is_to_be_tried(d, meant) && try_out(d, set, delta)) {
		d->trying = true;
		d->candidate = set;
		d->difference = *delta;
		return;
	} else {
		put_in_force(d, set, delta, by_config, now_us);
	}
	vrp_delta_free(delta);
}

static void
merge(struct rpki_data *d, int64_t now_us)
{
	bool any = d->set != NULL, by_config, meant;
	struct vrp_delta delta;
	struct vrp_list all;
	struct vrp_set *set;

	for (const struct rpki_source *s = d->sources; s != NULL; s = s->next)
		any |= s->joined;
	if (!any)
		return;
	if (!compose(d, &all, now_us)) {
		rpki_note(d, "out of memory: the former data stays in force");
		return;
	}
	set = vrp_set_new(&all, d->generation + 1);
	vrp_list_free(&all);
	if (set == NULL || !vrp_delta_between(d->set, set, &delta)) {
		rpki_note(d, "out of memory: the former data stays in force");
		vrp_set_unref(set);
		return;
	}
	by_config = d->left;
	meant = d->left || d->joining || d->meant;
	d->dirty = d->joining = d->left = d->meant = false;
	use(d, set, &delta, by_config, meant, now_us);
}

/* What is in force, and what is set aside without numbers: for these. */
static void
try_what_is_aside(struct rpki_data *d)
{
	struct vrp_delta all, delta = { .generation = d->generation };
	struct vrp_list next = { 0 };
	struct vrp_set *set = NULL;
	bool ok = vrp_delta_between(NULL, d->set, &all);

	for (size_t i = 0; i < all.added.n && ok; i++)
		ok = vrp_aside_is_going(&d->aside, &all.added.v[i]) ||
		     vrp_list_add(&next, &all.added.v[i]);
	for (size_t i = 0; i < d->aside.n && ok; i++)
		if (!d->aside.v[i].tried && !d->aside.v[i].over && !d->aside.v[i].gone)
			ok = vrp_list_add(&next, &d->aside.v[i].vrp);
	vrp_list_sort_unique(&next);
	if (ok && (set = vrp_set_new(&next, d->generation)) != NULL &&
	    vrp_delta_between(d->set, set, &delta) && delta.added.n + delta.removed.n > 0)
		d->trying = try_out(d, set, &delta);
	if (!d->trying)
		vrp_aside_give_up(&d->aside);
	vrp_delta_free(&all);
	vrp_delta_free(&delta);
	vrp_list_free(&next);
	vrp_set_unref(set);
}

void
rpki_give_up_trial(struct rpki_data *d)
{
	vrp_set_unref(d->candidate);
	d->candidate = NULL;
	vrp_delta_free(&d->difference);
	d->trying = false;
}

void
rpki_take_trial(struct rpki_data *d, struct vrp_trial *trial, int64_t now_us)
{
	struct vrp_set *set = d->candidate;
	uint32_t most = set != NULL && d->limits.hold_s > 0 ? d->limits.max_invalid : 0;
	size_t held;

	held = vrp_aside_tried(&d->aside, trial, most, now_us);
	if (set == NULL)
		vrp_aside_give_up(&d->aside);
	d->trying = false;
	d->candidate = NULL;
	if (held > 0 && ++d->rounds < ROUNDS_MAX) {
		rpki_note(
		    d, "held=%zu VRPs: with them %u routes would turn invalid", held, trial->all);
		d->dirty = true;
		vrp_set_unref(set);
	} else if (set != NULL) {
		if (held > 0)
			rpki_note(d, "rounds=%u and still too much: the rest is used as it is",
			    (unsigned)ROUNDS_MAX);
		put_in_force(d, set, &d->difference, false, now_us);
	}
	vrp_delta_free(&d->difference);
}

void
rpki_use(struct rpki_data *d, int64_t now_us)
{
	int64_t due = vrp_aside_due(&d->aside, rpki_seconds(d->limits.hold_s));
	enum rpki_state state;

	if (!d->trying && (d->dirty || (due != 0 && now_us >= due)))
		merge(d, now_us);
	if (!d->trying && d->set != NULL && vrp_aside_untried(&d->aside))
		try_what_is_aside(d);
	state = conclude(d, d->set, now_us);
	/* while what the sources say now is tried out, what is in force is worth no more */
	if (d->candidate == NULL || state == RPKI_NONE || state == RPKI_STALE)
		tell_state(d, state);
}
