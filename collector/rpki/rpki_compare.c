/* What sources say, held against each other. */
#include <string.h>

#include "collector/rpki/rpki_data_private.h"

enum { REDUNDANT_PART = 200 /* all but one in so many */ };

struct vrp_loss
rpki_loss_between(const struct rpki_data *d, struct vrp_list *before, struct vrp_list *after)
{
	static const struct vrp_tas untold = { .n = 0 };

	for (size_t i = 0; i < before->n; i++)
		before->v[i].ta = 0;
	for (size_t i = 0; i < after->n; i++)
		after->v[i].ta = 0;
	return vrp_loss_between(before, &untold, after, &untold, &d->limits.loss);
}

/* Do living sources say all but a small part of what this one said? */
bool
rpki_is_said_by_others(const struct rpki_data *d, const struct rpki_source *s)
{
	size_t alone = 0;

	for (size_t i = 0; i < s->vrps.n && alone * REDUNDANT_PART <= s->vrps.n; i++) {
		const struct rpki_source *o = d->sources;

		while (o != NULL && (!rpki_counts(o) || !rpki_is_fresh(o) ||
					vrp_list_find(&o->vrps, &s->vrps.v[i]) == NULL))
			o = o->next;
		alone += o == NULL;
	}
	return alone * REDUNDANT_PART <= s->vrps.n;
}

static size_t
differences(const struct vrp_list *a, const struct vrp_list *b)
{
	size_t i = 0, k = 0, n = 0;

	while (i < a->n || k < b->n) {
		int c = i == a->n ? 1 : k == b->n ? -1 : vrp_cmp(&a->v[i], &b->v[k]);

		n += c != 0;
		i += c <= 0;
		k += c >= 0;
	}
	return n;
}

/* Two that should say the same: caches, or sources of like size, of which most is the same. A
 * small file of one's own is no copy of the RPKI. */
static bool
are_alike(const struct rpki_source *a, const struct rpki_source *b, size_t differ)
{
	size_t less = a->vrps.n < b->vrps.n ? a->vrps.n : b->vrps.n,
	       more = a->vrps.n + b->vrps.n - less, both = (a->vrps.n + b->vrps.n - differ) / 2;

	return less * 4 >= more && both * 2 >= less;
}

static bool
disagree(const struct rpki_source *s, const struct rpki_source *o, size_t *differ)
{
	const struct vrp_loss_limits *l = &s->data_of->limits.loss;

	*differ = differences(&s->vrps, &o->vrps);
	return *differ >= l->least && *differ * 100 > o->vrps.n * l->percent &&
	       are_alike(s, o, *differ);
}

/* They disagreed, and one of them is not there to say anything else. */
static bool
is_undecided(const struct rpki_source *s, const struct rpki_source *other)
{
	const struct rpki_source *o = s->data_of->sources;

	while (o != NULL && o != other)
		o = o->next;
	return o != NULL && rpki_could_count(s) && rpki_could_count(o) && !s->leaving &&
	       !o->leaving && !(rpki_is_fresh(s) && rpki_is_fresh(o));
}

/* The one that has less is the one that is told of. */
void
rpki_find_diverging(struct rpki_data *d, int64_t now_us)
{
	for (struct rpki_source *s = d->sources; s != NULL; s = s->next) {
		const struct rpki_source *before = s->other;

		if (before == NULL)
			s->diverging_us = now_us;
		s->other = NULL;
		for (const struct rpki_source *o = d->sources; o != NULL && rpki_is_fresh(s);
		     o = o->next) {
			size_t differ;

			if (o == s || !rpki_is_fresh(o) || o->vrps.n < s->vrps.n ||
			    (o->vrps.n == s->vrps.n && strcmp(o->name, s->name) > 0) ||
			    !disagree(s, o, &differ))
				continue;
			s->other = o;
			s->differences = differ;
		}
		if (s->other == NULL && before != NULL && is_undecided(s, before))
			s->other = before;
		d->dirty |= before != NULL && s->other == NULL;
	}
}

/* It disagrees with another, and both count: one that does not says nothing of what is in force. */
static bool
is_in_dispute(const struct rpki_source *s)
{
	return s->other != NULL && s->in_use && s->other->in_use;
}

bool
rpki_any_diverging(const struct rpki_data *d)
{
	for (const struct rpki_source *s = d->sources; s != NULL; s = s->next)
		if (is_in_dispute(s))
			return true;
	return false;
}

static bool
says(const struct rpki_source *s, const struct vrp *v)
{
	return rpki_counts(s) && vrp_list_find(&s->vrps, v) != NULL;
}

bool
rpki_is_disputed(const void *ctx, const struct vrp *v)
{
	const struct rpki_data *d = ctx;
	size_t who = 0;
	bool one = false;

	for (const struct rpki_source *s = d->sources; s != NULL; s = s->next)
		who += says(s, v);
	for (const struct rpki_source *s = d->sources; s != NULL; s = s->next)
		one |= is_in_dispute(s) && says(s, v) != says(s->other, v);
	return who == 1 && one;
}
