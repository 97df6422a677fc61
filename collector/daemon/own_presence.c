#include "collector/daemon/own_presence.h"

#include <stdlib.h>
#include <string.h>

#include "collector/daemon/messages.h"

/* A route that is announced anew elsewhere is not gone. */
enum { GONE_US = 1000000 };
static const char room[] = "own-gone";

static size_t
place_of(const struct own_presence *o, const struct ip_prefix *p)
{
	size_t lo = 0, hi = o->n;

	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;

		if (ip_prefix_cmp(&o->v[mid].prefix, p) < 0)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo;
}

/* NULL when out of memory. */
static struct own_prefix_seen *
seen_of(struct own_presence *o, const struct ip_prefix *p)
{
	size_t at = place_of(o, p);

	if (at < o->n && ip_prefix_cmp(&o->v[at].prefix, p) == 0)
		return &o->v[at];
	if (o->n == o->max) {
		size_t max = o->max != 0 ? 2 * o->max : 16;
		struct own_prefix_seen *v = realloc(o->v, max * sizeof(*v));

		if (v == NULL)
			return NULL;
		o->v = v;
		o->max = max;
	}
	memmove(&o->v[at + 1], &o->v[at], (o->n - at) * sizeof(*o->v));
	o->v[at] = (struct own_prefix_seen){ .prefix = *p };
	o->n++;
	return &o->v[at];
}

static bool
restore_one(void *ctx, const char *key, const void *value, size_t len)
{
	struct own_prefix_seen *one;
	struct ip_prefix p;

	(void)value;
	(void)len;
	if (ip_prefix_parse(key, true, &p) && (one = seen_of(ctx, &p)) != NULL)
		one->gone = true;
	return true;
}

static void
keep(struct own_presence *o, const struct own_prefix_seen *one)
{
	char key[IP_PREFIX_TEXT_MAX];

	records_state_put(o->records, room, ip_prefix_format(&one->prefix, key),
	    one->gone ? "1" : NULL, one->gone);
}

void
own_presence_init(struct own_presence *o, struct records *records)
{
	*o = (struct own_presence){ .records = records };
	journal_state_each(records_history(records), room, restore_one, o);
}

void
own_presence_fini(struct own_presence *o)
{
	free(o->v);
}

void
own_presence_saw(struct own_presence *o, const struct engine_event *ev, int64_t now_us)
{
	struct own_prefix_seen *one = seen_of(o, &ev->prefix);

	if (one == NULL)
		return;
	if (ev->type == EVENT_OWN_THERE)
		one->workers++;
	else if (one->workers > 0)
		one->workers--;
	one->left_us = one->workers == 0 ? now_us : 0;
	if (one->workers > 0 && one->gone) {
		one->gone = false;
		o->news = true;
		keep(o, one);
	}
	/* what is not announced any more, and lies in an own prefix, is nobody's concern */
	if (one->workers == 0 && !ev->own_prefix)
		memmove(one, one + 1, (size_t)(&o->v[o->n--] - (one + 1)) * sizeof(*one));
}

static void
push(struct own_presence *o, struct workers *workers)
{
	struct cmd_own_gone cmd = { .type = CMD_OWN_GONE, .anew = true };
	size_t at = 0;

	do {
		for (cmd.n = 0; cmd.n < OWN_GONE_PIECE && at < o->n; at++)
			if (o->v[at].gone)
				cmd.prefixes[cmd.n++] = o->v[at].prefix;
		cmd.more = at < o->n;
		workers_command_all(workers, &cmd,
		    offsetof(struct cmd_own_gone, prefixes) + cmd.n * sizeof(*cmd.prefixes));
		cmd.anew = false;
	} while (cmd.more);
	o->news = false;
}

void
own_presence_tick(struct own_presence *o, struct workers *workers, bool anew, int64_t now_us)
{
	for (size_t i = 0; i < o->n; i++) {
		struct own_prefix_seen *one = &o->v[i];

		if (one->gone || one->left_us == 0 || now_us - one->left_us < GONE_US)
			continue;
		one->gone = o->news = true;
		keep(o, one);
	}
	if (o->news || (anew && o->n > 0))
		push(o, workers);
}
