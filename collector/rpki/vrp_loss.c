#include "collector/rpki/vrp_loss.h"

#include <stdio.h>
#include <string.h>

#include "base/pure/text.h"

enum { FEW = 5, SLOTS = VRP_TAS_MAX + 1 };

/* Per trust anchor of the former list; slot 0: not told. */
struct tally {
	size_t before[SLOTS], gone[SLOTS], after[SLOTS];
	size_t gone_n;
};

/* What is gone altogether, whatever the trust anchor is called now. */
static void
count_gone(const struct vrp_list *before, const struct vrp_list *after, struct tally *t)
{
	size_t k = 0;

	for (size_t i = 0; i < before->n; i++) {
		const struct vrp *v = &before->v[i];

		t->before[v->ta]++;
		while (k < after->n && vrp_cmp(&after->v[k], v) < 0)
			k++;
		if (k == after->n || vrp_cmp(&after->v[k], v) != 0) {
			t->gone[v->ta]++;
			t->gone_n++;
		}
	}
}

/* By name: a source may have numbered them in another order. */
static void
count_after(const struct vrp_list *after, const struct vrp_tas *after_tas,
    const struct vrp_tas *before_tas, struct tally *t)
{
	uint8_t slot_of[SLOTS];

	memset(slot_of, UINT8_MAX, sizeof(slot_of));
	slot_of[0] = 0;
	for (unsigned a = 0; a < after_tas->n; a++)
		for (unsigned b = 0; b < before_tas->n; b++)
			if (strcmp(after_tas->name[a], before_tas->name[b]) == 0)
				slot_of[a + 1] = (uint8_t)(b + 1);
	for (size_t i = 0; i < after->n; i++)
		if (slot_of[after->v[i].ta] != UINT8_MAX)
			t->after[slot_of[after->v[i].ta]]++;
}

/* Fewer than before, and really gone: the smaller of the two. */
static size_t
lost_of(size_t before, size_t after, size_t gone)
{
	size_t fewer = before > after ? before - after : 0;

	return fewer < gone ? fewer : gone;
}

static bool
is_share(size_t lost, size_t before, const struct vrp_loss_limits *l)
{
	return lost >= l->least && lost * 100 > before * l->percent;
}

struct vrp_loss
vrp_loss_between(const struct vrp_list *before, const struct vrp_tas *before_tas,
    const struct vrp_list *after, const struct vrp_tas *after_tas,
    const struct vrp_loss_limits *limits)
{
	struct vrp_loss loss = { .before = before->n, .after = after->n };
	struct tally t = { .gone_n = 0 };

	if (after->n == 0) {
		loss.kind = before->n > 0 ? VRP_LOSS_ALL : VRP_LOSS_ORDINARY;
		return loss;
	}
	count_gone(before, after, &t);
	count_after(after, after_tas, before_tas, &t);
	for (unsigned a = 1; a <= before_tas->n && loss.kind == VRP_LOSS_ORDINARY; a++) {
		size_t lost = lost_of(t.before[a], t.after[a], t.gone[a]);

		if (t.after[a] == 0 && lost > FEW && lost * 2 > t.before[a])
			loss.kind = VRP_LOSS_ANCHOR;
		else if (is_share(lost, t.before[a], limits))
			loss.kind = VRP_LOSS_SHARE;
		else
			continue;
		loss.before = t.before[a];
		loss.after = t.after[a];
		snprintf(loss.ta, sizeof(loss.ta), "%s", before_tas->name[a - 1]);
	}
	if (loss.kind == VRP_LOSS_ORDINARY &&
	    is_share(lost_of(before->n, after->n, t.gone_n), before->n, limits))
		loss.kind = VRP_LOSS_SHARE;
	return loss;
}

struct vrp_loss
vrp_loss_of_count(size_t before, size_t after, const struct vrp_loss_limits *limits)
{
	struct vrp_loss loss = { .before = before, .after = after };

	if (after == 0 && before > 0)
		loss.kind = VRP_LOSS_ALL;
	else if (before > after && is_share(before - after, before, limits))
		loss.kind = VRP_LOSS_SHARE;
	return loss;
}

void
vrp_counts_of(struct vrp_counts *c, const struct vrp_list *l, const struct vrp_tas *tas)
{
	*c = (struct vrp_counts){ .all = l->n, .tas = *tas };
	for (size_t i = 0; i < l->n; i++)
		if (l->v[i].ta > 0)
			c->of[l->v[i].ta - 1]++;
}

static size_t
count_of(const struct vrp_counts *c, const char *ta)
{
	for (unsigned a = 0; a < c->tas.n; a++)
		if (strcmp(c->tas.name[a], ta) == 0)
			return c->of[a];
	return 0;
}

/* Who tells of no trust anchor any more has not lost them. */
struct vrp_loss
vrp_loss_of_counts(const struct vrp_counts *before, const struct vrp_counts *after,
    const struct vrp_loss_limits *limits)
{
	struct vrp_loss loss = vrp_loss_of_count(before->all, after->all, limits);

	for (unsigned a = 0; a < before->tas.n && after->tas.n > 0; a++) {
		size_t was = before->of[a], is = count_of(after, before->tas.name[a]);

		if (loss.kind != VRP_LOSS_ORDINARY)
			break;
		if (is == 0 && was > FEW)
			loss.kind = VRP_LOSS_ANCHOR;
		else if (was > is && is_share(was - is, was, limits))
			loss.kind = VRP_LOSS_SHARE;
		else
			continue;
		loss.before = was;
		loss.after = is;
		text_copy(loss.ta, sizeof(loss.ta), before->tas.name[a]);
	}
	return loss;
}

const char *
vrp_loss_text(const struct vrp_loss *loss, char *buf, size_t size)
{
	const char *of = loss->ta[0] != '\0' ? " of the trust anchor " : "";

	if (loss->after == 0)
		snprintf(buf, size, "of %zu VRPs%s%s none is left", loss->before, of, loss->ta);
	else
		snprintf(buf, size, "of %zu VRPs%s%s %zu are left", loss->before, of, loss->ta,
		    loss->after);
	return buf;
}
