#include "collector/incident/mutes.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/pure/text.h"

struct entry {
	struct mute mute;
	struct record_filter *filter;
	struct mute_member *members; /* in order of ids */
	unsigned n, room;
};

struct mutes {
	const struct mutes_ops *ops;
	void *ctx;
	struct entry *entries[MUTES_MAX];
	unsigned n;
	uint32_t last; /* number given */
};

struct mutes *
mutes_new(const struct mutes_ops *ops, void *ctx)
{
	struct mutes *t = calloc(1, sizeof(*t));

	if (t == NULL)
		return NULL;
	t->ops = ops;
	t->ctx = ctx;
	return t;
}

static void
entry_free(struct entry *e)
{
	record_filter_free(e->filter);
	free(e->members);
	free(e);
}

void
mutes_free(struct mutes *t)
{
	if (t == NULL)
		return;
	for (unsigned i = 0; i < t->n; i++)
		entry_free(t->entries[i]);
	free(t);
}

bool
mute_is_id(const char *target)
{
	return strlen(target) == RECORD_ID_MAX - 1 &&
	       strspn(target, "0123456789abcdef") == RECORD_ID_MAX - 1;
}

/* --- members */

/* Where the incident is, or would be. */
static unsigned
place_of(const struct entry *e, const char *id)
{
	unsigned low = 0, high = e->n;

	while (low < high) {
		unsigned mid = (low + high) / 2;

		if (strcmp(e->members[mid].id, id) < 0)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

static struct mute_member *
member_of(const struct entry *e, const char *id)
{
	unsigned at = place_of(e, id);

	return at < e->n && strcmp(e->members[at].id, id) == 0 ? &e->members[at] : NULL;
}

/* NULL when there is no room, or no memory. */
static struct mute_member *
add_member(struct entry *e, const struct mute_member *m)
{
	unsigned at = place_of(e, m->id);

	if (e->n == MUTE_MEMBERS_MAX)
		return NULL;
	if (e->n == e->room) {
		unsigned room = e->room > 0 ? e->room * 2 : 4;
		struct mute_member *more = realloc(e->members, room * sizeof(*more));

		if (more == NULL)
			return NULL;
		e->members = more;
		e->room = room;
	}
	memmove(&e->members[at + 1], &e->members[at], (e->n - at) * sizeof(*e->members));
	e->n++;
	e->members[at] = *m;
	return &e->members[at];
}

static struct mute_member *
cover(struct mutes *t, struct entry *e, const struct record_incident *i)
{
	struct mute_member m = { .severity = i->severity,
		.prefixes = i->prefixes_n,
		.own = i->own_n },
			   *added;

	text_copy(m.id, sizeof(m.id), i->id);
	added = add_member(e, &m);
	if (added != NULL)
		t->ops->covers(t->ctx, &e->mute, added);
	return added;
}

/* --- setting and ending */

static void
take_out(struct mutes *t, unsigned at)
{
	struct entry *e = t->entries[at];

	t->n--;
	memmove(&t->entries[at], &t->entries[at + 1], (t->n - at) * sizeof(t->entries[0]));
	entry_free(e);
}

static void
end(struct mutes *t, unsigned at, const char *why)
{
	struct entry *e = t->entries[at];

	for (unsigned i = 0; i < e->n; i++)
		t->ops->forgets(t->ctx, &e->mute, &e->members[i]);
	t->ops->ended(t->ctx, &e->mute, why);
	take_out(t, at);
}

static struct record_filter *
compile(const char *target, char *error, size_t size)
{
	struct record_filter *f;
	char text[64];

	if (!mute_is_id(target)) {
		f = record_filter_new(target, error, size);
		if (f == NULL || !record_filter_asks(f, "muted"))
			return f;
		record_filter_free(f);
		snprintf(error, size,
		    "what is muted cannot be said by what is muted; right would be a filter "
		    "without that field");
		return NULL;
	}
	snprintf(text, sizeof(text), "id = %.32s", target); /* RECORD_ID_MAX and its NUL */
	return record_filter_new(text, error, size);
}

/* A mute of now takes the place of the one that holds, a planned one of that of the same time; of
 * others both hold. */
static bool
is_former(const struct mute *former, const struct mute *m)
{
	return former->ack == m->ack && former->pending == m->pending &&
	       (!m->pending || former->from_us == m->from_us) &&
	       strcmp(former->target, m->target) == 0;
}

static void
end_former(struct mutes *t, const struct mute *m)
{
	for (unsigned i = t->n; i-- > 0;)
		if (is_former(&t->entries[i]->mute, m))
			end(t, i, "another takes its place");
}

const struct mute *
mutes_set(struct mutes *t, const struct mute *m, char *error, size_t size)
{
	struct entry *e = calloc(1, sizeof(*e));
	unsigned at;

	snprintf(error, size, "out of memory");
	if (e == NULL)
		return NULL;
	e->filter = compile(m->target, error, size);
	if (e->filter != NULL && m->number == 0)
		end_former(t, m);
	if (e->filter == NULL || t->n == MUTES_MAX) {
		if (e->filter != NULL)
			snprintf(error, size, "%u mutes hold already; unmute some first", t->n);
		entry_free(e);
		return NULL;
	}
	e->mute = *m;
	if (m->number == 0)
		e->mute.number = ++t->last;
	else if (m->number > t->last)
		t->last = m->number;
	for (at = t->n; at > 0 && t->entries[at - 1]->mute.number > e->mute.number; at--)
		t->entries[at] = t->entries[at - 1];
	t->entries[at] = e;
	t->n++;
	return &e->mute;
}

void
mutes_restore(struct mutes *t, uint32_t number, const struct mute_member *m)
{
	for (unsigned i = 0; i < t->n; i++)
		if (t->entries[i]->mute.number == number && member_of(t->entries[i], m->id) == NULL)
			add_member(t->entries[i], m);
}

unsigned
mutes_end(struct mutes *t, const char *target, const char *why)
{
	unsigned ended = 0;
	char number[16];

	for (unsigned i = t->n; i-- > 0;) {
		const struct mute *m = &t->entries[i]->mute;

		snprintf(number, sizeof(number), "%" PRIu32, m->number);
		if (strcmp(target, "all") != 0 && strcmp(target, m->target) != 0 &&
		    strcmp(target, number) != 0)
			continue;
		end(t, i, why);
		ended++;
	}
	return ended;
}

static bool
is_over(const struct mute *m, int64_t now_us)
{
	return m->until_us != 0 && m->until_us <= now_us;
}

void
mutes_tick(struct mutes *t, int64_t now_us)
{
	for (unsigned i = t->n; i-- > 0;) {
		struct mute *m = &t->entries[i]->mute;

		if (is_over(m, now_us)) {
			end(t, i, "its time is over");
		} else if (m->pending && m->from_us <= now_us) {
			m->pending = false;
			t->ops->begins(t->ctx, m);
		}
	}
}

/* --- records */

static bool
is_worse(const struct mute_member *m, const struct record_incident *i)
{
	uint64_t prefixes = m->prefixes > 0 ? m->prefixes : 1;

	return i->severity > m->severity || i->own_n > m->own ||
	       (i->prefixes_n / MUTE_TENFOLD >= prefixes && i->prefixes_n >= MUTE_MANY);
}

static void
say_worse(const struct mute_member *m, const struct record_incident *i, char *text, size_t size)
{
	if (i->severity > m->severity)
		snprintf(text, size, "it got worse: %s, was %s", severity_name(i->severity),
		    severity_name(m->severity));
	else if (i->own_n > m->own)
		snprintf(text, size, "it got worse: %" PRIu32 " prefixes of ours, were %" PRIu32,
		    i->own_n, m->own);
	else
		snprintf(text, size, "it got worse: %" PRIu64 " prefixes, were %" PRIu64,
		    i->prefixes_n, m->prefixes);
}

/* It got worse than it was. Returns whether that was the end of the mute as a whole. */
static bool
speak(struct mutes *t, unsigned at, struct mute_member *m, const struct record_incident *i)
{
	struct entry *e = t->entries[at];
	char why[128];

	say_worse(m, i, why, sizeof(why));
	if (mute_is_id(e->mute.target)) {
		end(t, at, why);
		return true;
	}
	m->speaks = true;
	t->ops->covers(t->ctx, &e->mute, m);
	t->ops->speaks(t->ctx, &e->mute, m, why);
	return false;
}

/* Whether this mute holds for the record. May take the mute out: go through them backwards. */
static bool
apply_one(struct mutes *t, unsigned at, const struct record *r)
{
	struct entry *e = t->entries[at];
	struct mute_member *m = member_of(e, r->incident.id);
	bool matches;

	if (e->mute.pending)
		return false;
	if (m != NULL && !m->speaks && is_worse(m, &r->incident)) {
		if (speak(t, at, m, &r->incident))
			return false;
		m = member_of(e, r->incident.id);
	}
	matches = record_filter_match(e->filter, r);
	if (matches && m == NULL)
		m = cover(t, e, &r->incident);
	if (e->mute.ack && matches && r->incident.transition == TRANSITION_CLOSED) {
		end(t, at, "it is closed");
		return true;
	}
	return matches && m != NULL && !m->speaks;
}

void
mutes_apply(struct mutes *t, struct record *r, int64_t now_us)
{
	bool muted = false;

	if (r->kind != RECORD_INCIDENT || r->incident.dry_run)
		return;
	mutes_tick(t, now_us);
	for (unsigned i = t->n; i-- > 0;)
		muted |= apply_one(t, i, r);
	r->incident.muted = muted;
}

void
mutes_mark(const struct mutes *t, struct record *r, int64_t now_us)
{
	if (r->kind != RECORD_INCIDENT || r->incident.dry_run)
		return;
	r->incident.muted = false;
	for (unsigned i = 0; i < t->n; i++) {
		const struct entry *e = t->entries[i];
		const struct mute_member *m = member_of(e, r->incident.id);

		if (m != NULL && !m->speaks && !e->mute.pending && !is_over(&e->mute, now_us) &&
		    !is_worse(m, &r->incident) && record_filter_match(e->filter, r))
			r->incident.muted = true;
	}
}

const struct mute *
mutes_get(const struct mutes *t, unsigned index, unsigned *covered)
{
	if (index >= t->n)
		return NULL;
	*covered = t->entries[index]->n;
	return &t->entries[index]->mute;
}
