#include "collector/rpki/rpki_data.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/pure/text.h"
#include "collector/rpki/rpki_data_private.h"

/* --- life */

struct rpki_data *
rpki_data_new(const struct rpki_data_ops *ops, void *ctx)
{
	struct rpki_data *d = calloc(1, sizeof(*d));

	if (d == NULL)
		return NULL;
	d->ops = ops;
	d->ctx = ctx;
	return d;
}

static void
source_free(struct rpki_source *s)
{
	vrp_list_free(&s->vrps);
	vrp_list_free(&s->held);
	aspa_list_free(&s->aspas);
	aspa_list_free(&s->held_aspas);
	slurm_free(&s->slurm);
	free(s);
}

void
rpki_data_free(struct rpki_data *d)
{
	struct rpki_source *s;

	if (d == NULL)
		return;
	while ((s = d->sources) != NULL) {
		d->sources = s->next;
		source_free(s);
	}
	rpki_give_up_trial(d);
	vrp_aside_free(&d->aside);
	vrp_set_unref(d->set);
	aspa_set_unref(d->aspas);
	free(d);
}

struct rpki_source *
rpki_data_add(struct rpki_data *d, enum rpki_source_kind kind, const char *name, int64_t now_us)
{
	struct rpki_source *s = calloc(1, sizeof(*s)), **end = &d->sources;

	if (s == NULL)
		return NULL;
	s->data_of = d;
	s->kind = kind;
	s->added_us = now_us;
	s->in_use = s->aspas_in_use = kind != RPKI_CACHE;
	text_copy(s->name, sizeof(s->name), name);
	while (*end != NULL)
		end = &(*end)->next;
	*end = s;
	d->added = d->stirred = true;
	return s;
}

void
rpki_source_remember(struct rpki_source *s, size_t vrps)
{
	s->remembered.all = vrps;
}

void
rpki_source_remember_anchor(struct rpki_source *s, const char *ta, size_t vrps)
{
	struct vrp_tas *tas = &s->remembered.tas;

	if (tas->n == VRP_TAS_MAX)
		return;
	text_copy(tas->name[tas->n], sizeof(tas->name[0]), ta);
	s->remembered.of[tas->n++] = vrps;
}

void
rpki_data_remove(struct rpki_data *d, struct rpki_source *s)
{
	for (int a = 0; a < RPKI_ALARMS; a++)
		d->ops->alarm(d->ctx, (enum rpki_alarm)a, s->name, false, false,
		    "it is no longer configured");
	s->leaving = true;
	d->stirred = true;
}

void
rpki_data_configured(struct rpki_data *d, const struct rpki_limits *limits, int64_t now_us)
{
	d->limits = *limits;
	if (d->added || d->settle_until_us == 0)
		d->settle_until_us = now_us + rpki_seconds(limits->settle_s);
	for (struct rpki_source *s = d->sources; s != NULL; s = s->next)
		s->replaced |= s->leaving && d->added;
	d->added = false;
	d->stirred = d->dirty = true;
}

/* --- what sources say */

static void
accept(struct rpki_source *s, struct vrp_list *vrps, const struct vrp_tas *tas)
{
	vrp_list_free(&s->vrps);
	s->vrps = *vrps;
	s->tas = *tas;
	vrp_counts_of(&s->counts, &s->vrps, tas);
	*vrps = (struct vrp_list){ 0 };
	vrp_list_free(&s->held);
	s->has_held = s->redundant = s->expired = false;
	s->answered = s->data_of->stirred = true;
	s->data_of->dirty |= rpki_counts(s);
}

/* The first that it says after a restart, and what follows until it is as much as before. */
static void
doubt(struct rpki_source *s, int64_t now_us)
{
	struct vrp_loss loss =
	    vrp_loss_of_counts(&s->remembered, &s->counts, &s->data_of->limits.loss);

	if (loss.kind != VRP_LOSS_ORDINARY && !s->doubtful)
		s->held_us = now_us;
	s->doubtful = loss.kind != VRP_LOSS_ORDINARY;
	s->loss = loss;
}

/* What was lost, and was believed to be lost, is back: that is no news of ROAs. */
static void
recover(struct rpki_source *s, bool was_doubtful)
{
	const struct vrp_loss_limits *l = &s->data_of->limits.loss;
	bool back = s->let_go > 0 &&
		    vrp_loss_of_count(s->let_go, s->vrps.n, l).kind == VRP_LOSS_ORDINARY;

	s->data_of->meant |= s->in_use && (back || (was_doubtful && !s->doubtful));
	if (back)
		s->let_go = 0;
}

/* What was set aside was never used, and nothing is lost when it is taken back. */
static struct vrp_loss
loss_to(const struct rpki_source *s, const struct vrp_list *vrps, const struct vrp_tas *tas)
{
	const struct rpki_data *d = s->data_of;
	struct vrp_loss loss = vrp_loss_between(&s->vrps, &s->tas, vrps, tas, &d->limits.loss);
	struct vrp_list used;
	size_t n = 0;

	if (loss.kind == VRP_LOSS_ORDINARY || d->aside.n == 0 || !vrp_list_copy(&used, &s->vrps))
		return loss;
	for (size_t i = 0; i < used.n; i++)
		if (!vrp_aside_is_out(&d->aside, &used.v[i]))
			used.v[n++] = used.v[i];
	used.n = n;
	loss = vrp_loss_between(&used, &s->tas, vrps, tas, &d->limits.loss);
	vrp_list_free(&used);
	return loss;
}

void
rpki_source_said(
    struct rpki_source *s, struct vrp_list *vrps, const struct vrp_tas *tas, int64_t now_us)
{
	static const struct vrp_tas untold = { .n = 0 };
	bool first = !s->answered, was_doubtful = s->doubtful;
	struct vrp_loss loss;

	if (tas == NULL)
		tas = &untold;
	loss = loss_to(s, vrps, tas);
	if (!s->answered && s->kind == RPKI_CACHE && vrps->n == 0)
		loss.kind = VRP_LOSS_ALL; /* it has not validated yet, more likely than not */
	if (loss.kind == VRP_LOSS_ORDINARY) {
		accept(s, vrps, tas);
		if (first || s->doubtful)
			doubt(s, now_us);
		recover(s, was_doubtful);
		return;
	}
	if (!s->has_held)
		s->held_us = now_us;
	vrp_list_free(&s->held);
	s->held = *vrps;
	s->held_tas = *tas;
	s->loss = loss;
	s->has_held = s->data_of->stirred = true;
	*vrps = (struct vrp_list){ 0 };
}

void
rpki_source_said_slurm(struct rpki_source *s, struct slurm *slurm)
{
	slurm_free(&s->slurm);
	s->slurm = *slurm;
	*slurm = (struct slurm){ .keys = 0 };
	s->answered = s->data_of->stirred = true;
	s->data_of->dirty |= s->joined;
	s->data_of->meant |= s->joined; /* by the operator */
}

void
rpki_source_report(struct rpki_source *s, const struct rpki_source_report *r, int64_t now_us)
{
	if (s->in_step && !r->in_step)
		s->left_step_us = now_us;
	if (s->in_step != r->in_step || s->broken != r->broken || s->expired != r->expired)
		s->data_of->stirred = true;
	if (!r->expired && s->redundant) { /* it has the same to say as before */
		s->redundant = false;
		s->data_of->dirty = true;
	}
	s->in_step = r->in_step;
	s->broken = r->broken;
	s->expired = r->expired;
	s->rejected = r->rejected;
	text_copy(s->why, sizeof(s->why), r->why);
	text_copy(s->first_rejected, sizeof(s->first_rejected), r->first_rejected);
}

/* --- conclusions: each source */

/* What is held back for so long is what the source means. */
static void
let_in_held(struct rpki_data *d, int64_t now_us)
{
	char text[128];

	for (struct rpki_source *s = d->sources; s != NULL; s = s->next) {
		s->doubtful &= now_us - s->held_us < rpki_seconds(d->limits.hold_s);
		if (!s->has_held || now_us - s->held_us < rpki_seconds(d->limits.hold_s) ||
		    (!s->in_step && d->limits.hold_s > 0))
			continue;
		rpki_note(d, "source=%s taken over after being held back for %u s: %s", s->name,
		    d->limits.hold_s, vrp_loss_text(&s->loss, text, sizeof(text)));
		s->let_go = s->vrps.n;
		accept(s, &s->held, &s->held_tas);
		d->meant |= s->in_use;
	}
}

/* A source past its time counts no longer where living ones say the same. */
static void
find_redundant(struct rpki_data *d)
{
	for (struct rpki_source *s = d->sources; s != NULL; s = s->next) {
		if (!rpki_counts(s) || !s->expired || s->leaving || s->vrps.n == 0 ||
		    !rpki_is_said_by_others(d, s))
			continue;
		s->redundant = d->dirty = true;
		rpki_note(d, "source=%s is past its time and counts no longer: others say the same",
		    s->name);
	}
}

/* --- conclusions: which sources count */

/* What would be lost if those that left the configuration went. */
static struct vrp_loss
loss_by_leaving(const struct rpki_data *d)
{
	struct vrp_loss loss = { .kind = VRP_LOSS_ALL };
	struct vrp_list with, without;

	if (!rpki_union(d, true, &with))
		return loss;
	if (rpki_union(d, false, &without)) {
		loss = rpki_loss_between(d, &with, &without);
		vrp_list_free(&without);
	}
	vrp_list_free(&with);
	return loss;
}

static void
drop_leaving(struct rpki_data *d)
{
	struct rpki_source **at = &d->sources, *s;

	while ((s = *at) != NULL) {
		if (!s->leaving) {
			at = &s->next;
			continue;
		}
		*at = s->next;
		d->dirty |= s->joined;
		d->left |= s->joined;
		vrp_aside_let_go(&d->aside);
		d->stirred = true;
		source_free(s);
	}
}

/* Those that were taken out go when the others have answered, or have had their time. Where others
 * came in their place these have to say about as much. */
static void
let_leave(struct rpki_data *d, int64_t now_us)
{
	bool any = false, replaced = false, over = true;

	for (struct rpki_source *s = d->sources; s != NULL; s = s->next) {
		if (!s->leaving)
			continue;
		if (s->leaving_us == 0) {
			s->leaving_us = now_us;
			d->stirred = true;
		}
		any = true;
		replaced |= s->replaced;
		over &= now_us - s->leaving_us >= rpki_seconds(d->limits.hold_s);
	}
	if (d->stirred && replaced)
		d->leaving_loss = loss_by_leaving(d);
	d->leaving_held = any && replaced && !over && d->leaving_loss.kind != VRP_LOSS_ORDINARY;
	if (any && !d->leaving_held)
		drop_leaving(d);
}

static void
let_join(struct rpki_data *d, int64_t now_us)
{
	if (!rpki_all_answered(d) && now_us < d->settle_until_us)
		return;
	for (struct rpki_source *s = d->sources; s != NULL; s = s->next) {
		s->never = !s->answered && now_us >= d->settle_until_us;
		if (s->leaving || !s->answered || s->joined)
			continue;
		s->joined = d->stirred = true;
		if (s->kind == RPKI_CACHE)
			s->in_use = s->aspas_in_use = d->groups.chosen && rpki_is_of_group(s);
		d->joining |= s->in_use;
		d->dirty |= s->in_use;
	}
	rpki_choose_group(d, now_us);
	let_leave(d, now_us);
}

/* --- */

void
rpki_data_tick(struct rpki_data *d, int64_t now_us)
{
	bool aspas;

	if (d->settle_until_us == 0)
		return;
	let_in_held(d, now_us);
	rpki_let_in_aspas(d, now_us);
	let_join(d, now_us);
	rpki_follow_group(d, now_us);
	if (d->stirred) {
		find_redundant(d);
		rpki_find_diverging(d, now_us);
		d->stirred = false;
	}
	aspas = d->dirty || d->aspas_dirty;
	rpki_use(d, now_us);
	if (aspas)
		rpki_use_aspas(d);
	rpki_tell_alarms(d, now_us);
}

void
rpki_data_tried(struct rpki_data *d, struct vrp_trial *trial, int64_t now_us)
{
	if (!d->trying)
		return;
	rpki_take_trial(d, trial, now_us);
	rpki_data_tick(d, now_us);
}

void
rpki_data_remember(const struct rpki_data *d, int64_t now_us, int64_t wall_us, struct sbuf *out)
{
	vrp_aside_write(&d->aside, now_us, wall_us, out);
}

void
rpki_data_recall(struct rpki_data *d, const char *text, int64_t now_us, int64_t wall_us)
{
	vrp_aside_read(&d->aside, text, now_us, wall_us);
}

size_t
rpki_data_held(const struct rpki_data *d)
{
	return d->aside.n;
}

enum rpki_state
rpki_data_state(const struct rpki_data *d)
{
	return d->state;
}

struct vrp_set *
rpki_data_set(const struct rpki_data *d)
{
	return d->set;
}

enum rpki_source_state
rpki_source_state(const struct rpki_source *s)
{
	if (s->answered && s->expired)
		return RPKI_SOURCE_EXPIRED;
	if (s->broken)
		return RPKI_SOURCE_BROKEN;
	if (s->answered)
		return s->in_step ? RPKI_SOURCE_IN_STEP : RPKI_SOURCE_LOST;
	return s->never ? RPKI_SOURCE_NEVER : RPKI_SOURCE_WAITING;
}

size_t
rpki_source_count(const struct rpki_source *s)
{
	return s->kind == RPKI_SLURM ? s->slurm.assertions.n : s->vrps.n;
}

bool
rpki_source_has(const struct rpki_source *s, const struct vrp *v)
{
	return vrp_list_find(&s->vrps, v) != NULL;
}

struct vrp_counts
rpki_source_to_remember(const struct rpki_source *s)
{
	return s->answered && !s->doubtful ? s->counts : s->remembered;
}

bool
rpki_source_is_held(const struct rpki_source *s)
{
	return s->has_held;
}

bool
rpki_source_in_use(const struct rpki_source *s)
{
	return s->in_use;
}

const char *
rpki_source_state_name(enum rpki_source_state state)
{
	static const char *const names[] = { "waiting", "never", "in-step", "lost", "broken",
		"expired" };

	return (unsigned)state < sizeof(names) / sizeof(names[0]) ? names[state] : "unknown";
}
