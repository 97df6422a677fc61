/*
 * ASPAs of the sources, and their union, which is in force. They are kept beside the VRPs: what a
 * source says of both comes at once, but each is judged by itself. ASPAs are few and of many
 * holders; nothing is tried out. What a source loses of them is held back as VRPs are.
 */
#include <stdlib.h>

#include "collector/rpki/rpki_data_private.h"

enum { FEW = 20 }; /* of so few, all may go on one day */

static void
accept(struct rpki_source *s, struct aspa_list *aspas)
{
	aspa_list_free(&s->aspas);
	s->aspas = *aspas;
	*aspas = (struct aspa_list){ 0 };
	aspa_list_free(&s->held_aspas);
	s->has_held_aspas = false;
	s->data_of->aspas_dirty = true;
}

void
rpki_source_said_aspas(struct rpki_source *s, struct aspa_list *aspas, int64_t now_us)
{
	size_t before = aspa_list_customers(&s->aspas), after = aspa_list_customers(aspas);
	struct vrp_loss loss = vrp_loss_of_count(before, after, &s->data_of->limits.loss);

	if (loss.kind == VRP_LOSS_ORDINARY || before < FEW || s->data_of->limits.hold_s == 0) {
		accept(s, aspas);
		return;
	}
	if (!s->has_held_aspas) {
		s->aspas_held_us = now_us;
		rpki_note(s->data_of, "source=%s held back for %u s: of %zu ASPAs %zu are left",
		    s->name, s->data_of->limits.hold_s, before, after);
	}
	aspa_list_free(&s->held_aspas);
	s->held_aspas = *aspas;
	*aspas = (struct aspa_list){ 0 };
	s->has_held_aspas = true;
}

/* What is held back for so long is what the source means. */
void
rpki_let_in_aspas(struct rpki_data *d, int64_t now_us)
{
	for (struct rpki_source *s = d->sources; s != NULL; s = s->next) {
		if (!s->has_held_aspas ||
		    now_us - s->aspas_held_us < rpki_seconds(d->limits.hold_s) ||
		    (!s->in_step && d->limits.hold_s > 0))
			continue;
		rpki_note(d, "source=%s taken over after being held back for %u s: %zu ASPAs",
		    s->name, d->limits.hold_s, aspa_list_customers(&s->held_aspas));
		accept(s, &s->held_aspas);
	}
}

/* Much fewer, and it is not yet known that they are meant: those that counted count still. A cache
 * that speaks a version without ASPAs says nothing of them. */
static bool
would_lose(const struct rpki_data *d)
{
	struct aspa_list now = { 0 }, next = { 0 };
	bool ok = true, loses;

	for (const struct rpki_source *s = d->sources; s != NULL; s = s->next) {
		if (!rpki_could_count(s))
			continue;
		ok = ok && (!s->aspas_in_use || aspa_list_join(&now, &s->aspas));
		ok = ok && (!s->in_use || aspa_list_join(&next, &s->aspas));
	}
	loses = !ok || vrp_loss_of_count(
			   aspa_list_customers(&now), aspa_list_customers(&next), &d->limits.loss)
			       .kind != VRP_LOSS_ORDINARY;
	aspa_list_free(&now);
	aspa_list_free(&next);
	return loses;
}

void
rpki_follow_group(struct rpki_data *d, int64_t now_us)
{
	bool same = true, over = now_us - d->groups.switched_us >= rpki_seconds(d->limits.hold_s);

	for (const struct rpki_source *s = d->sources; s != NULL; s = s->next)
		same &= s->in_use == s->aspas_in_use;
	if (same || (!over && (!(d->stirred || d->dirty || d->aspas_dirty) || would_lose(d))))
		return;
	for (struct rpki_source *s = d->sources; s != NULL; s = s->next)
		s->aspas_in_use = s->in_use;
	d->aspas_dirty = true;
}

/* All that counts, with local exceptions. *out is the caller's; false: out of memory. */
static bool
compose(const struct rpki_data *d, struct aspa_list *out)
{
	bool slurm = d->slurm_conflict[0] == '\0', ok = true;

	*out = (struct aspa_list){ 0 };
	for (const struct rpki_source *s = d->sources; s != NULL; s = s->next)
		if (s->aspas_in_use && rpki_could_count(s))
			ok = ok && aspa_list_join(out, &s->aspas);
	for (const struct rpki_source *s = d->sources; s != NULL && slurm; s = s->next)
		if (s->kind == RPKI_SLURM && s->joined)
			slurm_filter_aspas(&s->slurm, out);
	for (const struct rpki_source *s = d->sources; s != NULL && slurm; s = s->next)
		if (s->kind == RPKI_SLURM && s->joined)
			ok = ok && aspa_list_join(out, &s->slurm.aspas);
	if (!ok)
		aspa_list_free(out);
	return ok;
}

void
rpki_use_aspas(struct rpki_data *d)
{
	struct aspa_set *next = NULL, *before = d->aspas;
	struct aspa_list all;
	uint32_t *changed = NULL;
	size_t n = 0;

	d->aspas_dirty = false;
	if (!compose(d, &all)) {
		rpki_note(d, "out of memory: the former ASPAs stay in force");
		return;
	}
	next = aspa_set_new(&all, aspa_set_generation(before) + 1);
	aspa_list_free(&all);
	if (next == NULL || !aspa_changed(before, next, &changed, &n)) {
		rpki_note(d, "out of memory: the former ASPAs stay in force");
		aspa_set_unref(next);
		return;
	}
	free(changed);
	if (n == 0) {
		aspa_set_unref(next);
		return;
	}
	d->aspas = next;
	if (d->ops->aspas != NULL)
		d->ops->aspas(d->ctx, next, n);
	aspa_set_unref(before);
}

struct aspa_set *
rpki_data_aspas(const struct rpki_data *d)
{
	return d->aspas;
}

size_t
rpki_source_aspas(const struct rpki_source *s)
{
	return aspa_list_customers(s->kind == RPKI_SLURM ? &s->slurm.aspas : &s->aspas);
}
