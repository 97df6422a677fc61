/*
 * The baseline: what third parties did wrong already when we began to look. An entry is a prefix
 * and whose doing it is, in one part (origin validation; leaks and bogon prefixes), with how far it
 * got and whose prefix it is. A route that is as one of them is no news; a new prefix, another
 * victim, or a route that gets further than any of it did, is. What is ours or of our customers
 * never is in it.
 *
 * What it knows is kept in shards, a text line for each entry, so that a change writes little.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/pure/text.h"
#include "collector/incident/incident_private.h"

enum {
	BUCKETS = 16384,
	SHARD_BUCKETS = BUCKETS / BASELINE_SHARDS,
	KNOWN_MAX = 1000000,
	ROUTERS_MAX = 10000,
	LINE_MAX_OCTETS = 512,
	SHARD_MAX = 16 << 20, /* octets */
	REACH_ACCEPTED = 2,   /* reach_of */
	FLUSH_US = 10 * SECOND_US,
	SWEEP_US = 60 * SECOND_US,
};
static const int64_t forget_us = (int64_t)7 * 86400 * SECOND_US;

/* --- which routes */

static bool
part_of(uint32_t rules, enum baseline_part *part)
{
	unsigned primary = 1U << rules_primary(rules);

	*part = primary & RULES_ROV ? PART_ROV : PART_LEAK;
	return primary & (RULES_ROV | RULES_LEAK | 1U << RULE_BOGON_PREFIX);
}

bool
baseline_may_have(const struct incidents *t, const struct member *m, enum baseline_part *part)
{
	const struct seen *s = m->seen;

	return baseline_is_on(t) && part_of(m->rules, part) && !s->own_origin && !s->by_us &&
	       s->own.family == IP_NONE && !s->of_customers;
}

static uint32_t
doer_of(const struct member *m)
{
	if (rule_info[rules_primary(m->rules)].doer == DOER_LEAKER)
		return m->seen->leaker_as;
	return m->seen->has_origin ? m->seen->origin : 0;
}

/* How far a route got: received, accepted, in use, told to customers, told to others. What nobody
 * sees behind our filter may be accepted. */
static uint8_t
reach_of(const struct incidents *t, const struct member *m)
{
	const struct source *s = &t->sources[m->source];
	uint8_t relation = s->relation;

	switch (m->view) {
	case VIEW_IN_PRE:
	case VIEW_IN_POST:
		if (relation == NEIGHBOR_INTERNAL)
			return 3;
		return m->view == VIEW_IN_PRE && s->views_monitored >> VIEW_IN_POST & 1 ? 1 : 2;
	case VIEW_OUT_POST:
		if (relation_is_customer(relation))
			return 4;
		return relation == NEIGHBOR_INTERNAL || relation == NEIGHBOR_COLLECTOR ? 3 : 5;
	default:
		return 3;
	}
}

/* Has it got further in a way that is news: a filter lets it through now, or it goes to others?
 * Which of the routes that are accepted is in use, and so told to customers, depends on all other
 * routes, and changes from minute to minute. */
static bool
is_further(uint8_t reach, uint8_t than)
{
	return reach > than && (than < 2 || reach == 5);
}

/* --- the entries */

static unsigned
bucket_of(const struct ip_prefix *prefix, uint32_t doer, enum baseline_part part)
{
	struct {
		struct ip_prefix prefix;
		uint8_t part, zero;
		uint32_t doer;
	} key;

	memset(&key, 0, sizeof(key));
	key.prefix = *prefix;
	key.part = (uint8_t)part;
	key.doer = doer;
	return (unsigned)(hash_bytes(3, &key, sizeof(key)) % BUCKETS);
}

static void
touch(struct baseline *b, unsigned bucket)
{
	b->dirty[bucket / SHARD_BUCKETS] = b->any_dirty = true;
}

static struct known *
find(const struct baseline *b, const struct ip_prefix *prefix, uint32_t doer,
    enum baseline_part part, unsigned *bucket)
{
	struct known *k = NULL;

	*bucket = bucket_of(prefix, doer, part);
	if (b->buckets == NULL)
		return NULL;
	for (k = b->buckets[*bucket]; k != NULL; k = k->next)
		if (k->part == part && k->doer == doer && ip_prefix_cmp(&k->prefix, prefix) == 0)
			break;
	return k;
}

/* A new entry; NULL when there is no room. */
static struct known *
add(struct baseline *b, const struct known *what, unsigned bucket)
{
	struct known *k;

	if (b->n == KNOWN_MAX)
		return NULL;
	if (b->buckets == NULL && (b->buckets = calloc(BUCKETS, sizeof(*b->buckets))) == NULL)
		return NULL;
	if ((k = malloc(sizeof(*k))) == NULL)
		return NULL;
	*k = *what;
	k->next = b->buckets[bucket];
	b->buckets[bucket] = k;
	b->n++;
	return k;
}

static bool
has_asn(const uint32_t *v, unsigned n, uint32_t asn)
{
	for (unsigned k = 0; k < n; k++)
		if (v[k] == asn)
			return true;
	return false;
}

/* Returns whether it is new there. */
static bool
add_asn(uint32_t *v, uint8_t *n, uint32_t asn)
{
	if (*n == KNOWN_ASNS_MAX || has_asn(v, *n, asn))
		return false;
	v[(*n)++] = asn;
	return true;
}

/* Was one of those whose prefix it is there before? */
static bool
same_victim(const struct known *k, const struct seen *s)
{
	if (k->victims_n == 0 || s->vrps_n == 0)
		return true;
	for (unsigned v = 0; v < s->vrps_n; v++)
		if (has_asn(k->victims, k->victims_n, s->vrps[v].asn))
			return true;
	return k->victims_n == KNOWN_ASNS_MAX; /* there may have been more */
}

bool
baseline_has(struct incidents *t, const struct member *m)
{
	struct baseline *b = &t->baseline;
	const struct feed *f = feed_of(t, t->sources[m->source].router);
	enum baseline_part part;
	struct known *k;
	unsigned bucket;
	uint8_t reach;

	if (b->n == 0 || !baseline_may_have(t, m, &part))
		return false;
	k = find(b, &m->prefix, doer_of(m), part, &bucket);
	if (k == NULL || !same_victim(k, m->seen))
		return false;
	reach = reach_of(t, m);
	if (reach > k->reach) {
		if (is_further(reach, k->reach) && f != NULL && f->parts >> part & 1)
			return false;
		k->reach = reach; /* of another router's first table */
		touch(b, bucket);
	}
	if (add_asn(k->vias, &k->vias_n, m->seen->via_as))
		touch(b, bucket);
	return true;
}

void
baseline_learn(struct incidents *t, const struct member *m, int64_t wall_us)
{
	struct baseline *b = &t->baseline;
	enum baseline_part part;
	struct known *k, new = { 0 };
	unsigned bucket;
	uint8_t reach;

	if (!baseline_may_have(t, m, &part))
		return;
	new.part = (uint8_t)part;
	new.rule = (uint8_t)rules_primary(m->rules);
	new.prefix = m->prefix;
	new.doer = doer_of(m);
	new.since_us = wall_us;
	k = find(b, &new.prefix, new.doer, part, &bucket);
	if (k == NULL && (k = add(b, &new, bucket)) == NULL)
		return;
	reach = reach_of(t, m);
	if (reach > k->reach)
		k->reach = reach;
	add_asn(k->vias, &k->vias_n, m->seen->via_as);
	for (unsigned v = 0; v < m->seen->vrps_n; v++)
		add_asn(k->victims, &k->victims_n, m->seen->vrps[v].asn);
	k->gone_us = 0;
	touch(b, bucket);
}

/* Go through all entries: those for which keep says no are forgotten. */
static void
filter(struct baseline *b, bool (*keep)(void *ctx, struct known *, bool *changed), void *ctx)
{
	for (unsigned bucket = 0; b->buckets != NULL && bucket < BUCKETS; bucket++) {
		for (struct known **at = &b->buckets[bucket], *k; (k = *at) != NULL;) {
			bool changed = false;

			if (keep(ctx, k, &changed)) {
				at = &k->next;
			} else {
				*at = k->next;
				free(k);
				b->n--;
				changed = true;
			}
			if (changed)
				touch(b, bucket);
		}
	}
}

struct sweep {
	const struct incident *present;
	int64_t wall_us;
	bool absent_is_gone;
};

static bool
is_present(const struct sweep *s, const struct known *k)
{
	return s->present != NULL && tally_has(&s->present->prefixes, prefix_key(&k->prefix));
}

/* One that is gone for long is news when it comes back. */
static bool
sweep_one(void *ctx, struct known *k, bool *changed)
{
	const struct sweep *s = ctx;

	if (is_present(s, k)) {
		*changed = k->gone_us != 0;
		k->gone_us = 0;
	} else if (k->gone_us == 0 && s->absent_is_gone) {
		*changed = true;
		k->gone_us = s->wall_us;
	}
	return k->gone_us == 0 || s->wall_us - k->gone_us < forget_us;
}

/* What is not there any more is forgotten, of what is there how far it got is found out anew. */
static bool
renew_one(void *ctx, struct known *k, bool *changed)
{
	const struct sweep *s = ctx;

	if (!is_present(s, k))
		return !s->absent_is_gone;
	*changed = true;
	k->reach = k->vias_n = k->victims_n = 0;
	return true;
}

void
baseline_sweep(
    struct incidents *t, const struct incident *present, bool absent_is_gone, int64_t now_us)
{
	struct sweep s = { present, now_us + t->wall_us, absent_is_gone };

	if (now_us - t->baseline.swept_us < SWEEP_US)
		return;
	t->baseline.swept_us = now_us;
	filter(&t->baseline, sweep_one, &s);
}

void
baseline_renew(
    struct incidents *t, const struct incident *present, bool absent_is_gone, int64_t now_us)
{
	struct sweep s = { present, now_us + t->wall_us, absent_is_gone };

	filter(&t->baseline, renew_one, &s);
	for (const struct member *m = present != NULL ? present->members : NULL; m != NULL;
	     m = m->next)
		baseline_learn(t, m, s.wall_us);
}

/* --- routers whose first table was taken in */

uint8_t
baseline_router(const struct incidents *t, const char *name)
{
	const struct baseline *b = &t->baseline;

	for (uint32_t k = 0; k < b->routers_n; k++)
		if (strcmp(b->routers[k].name, name) == 0)
			return b->routers[k].parts;
	return 0;
}

static void
keep(const struct incidents *t, const char *key, const char *value)
{
	if (t->ops->keep_baseline != NULL)
		t->ops->keep_baseline(t->ctx, key, value, value != NULL ? strlen(value) : 0);
}

/* Whoever may connect makes up names: one that no router has now gives way. */
static bool
make_room(struct incidents *t)
{
	struct baseline *b = &t->baseline;
	char key[RECORD_NAME_MAX + 8];

	if (b->routers_n < ROUTERS_MAX)
		return true;
	for (uint32_t tries = 0; tries < b->routers_n; tries++) {
		struct baseline_router *r = &b->routers[b->routers_at++ % b->routers_n];

		if (feed_named(t, r->name) != NULL)
			continue;
		snprintf(key, sizeof(key), "router/%s", r->name);
		keep(t, key, NULL);
		*r = b->routers[--b->routers_n];
		return true;
	}
	return false;
}

/* NULL when there is no room. */
static struct baseline_router *
router_of(struct incidents *t, const char *name)
{
	struct baseline *b = &t->baseline;
	struct baseline_router *v;

	for (uint32_t k = 0; k < b->routers_n; k++)
		if (strcmp(b->routers[k].name, name) == 0)
			return &b->routers[k];
	if (!make_room(t))
		return NULL;
	v = realloc(b->routers, (b->routers_n + 1) * sizeof(*v));
	if (v == NULL)
		return NULL;
	b->routers = v;
	v = &b->routers[b->routers_n++];
	text_copy(v->name, sizeof(v->name), name);
	v->parts = 0;
	return v;
}

void
baseline_router_add(struct incidents *t, const char *name, uint8_t parts)
{
	struct baseline_router *r = router_of(t, name);
	char key[RECORD_NAME_MAX + 8], value[8];

	if (r == NULL || (r->parts | parts) == r->parts)
		return;
	r->parts |= parts;
	snprintf(key, sizeof(key), "router/%s", name);
	snprintf(value, sizeof(value), "%u", r->parts);
	keep(t, key, value);
}

/* --- kept */

void
baseline_keep_state(struct incidents *t)
{
	char value[64];

	t->baseline.has_state = true;
	snprintf(value, sizeof(value), "%" PRId64 " %" PRId64, t->baseline.taken_us[PART_ROV],
	    t->baseline.taken_us[PART_LEAK]);
	keep(t, "state", value);
}

static void
put_asns(struct sbuf *out, const uint32_t *v, unsigned n)
{
	sbuf_puts(out, n == 0 ? " -" : " ");
	for (unsigned k = 0; k < n; k++)
		sbuf_printf(out, "%s%" PRIu32, k > 0 ? "," : "", v[k]);
}

static void
put_known(struct sbuf *out, const struct known *k)
{
	char prefix[IP_PREFIX_TEXT_MAX];

	sbuf_printf(out, "%s %s %" PRIu32 " %u %" PRId64 " %" PRId64, rule_info[k->rule].name,
	    ip_prefix_format(&k->prefix, prefix), k->doer, k->reach, k->since_us, k->gone_us);
	put_asns(out, k->vias, k->vias_n);
	put_asns(out, k->victims, k->victims_n);
	sbuf_putc(out, '\n');
}

static void
flush_shard(const struct incidents *t, unsigned shard)
{
	const struct baseline *b = &t->baseline;
	struct sbuf value = sbuf_of(SHARD_MAX);
	char key[16];

	for (unsigned k = 0; b->buckets != NULL && k < SHARD_BUCKETS; k++)
		for (const struct known *e = b->buckets[shard * SHARD_BUCKETS + k]; e != NULL;
		     e = e->next)
			put_known(&value, e);
	snprintf(key, sizeof(key), "known/%02x", shard);
	if (!value.failed)
		keep(t, key, value.len > 0 ? sbuf_text(&value) : NULL);
	sbuf_free(&value);
}

void
baseline_flush(struct incidents *t, bool at_once, int64_t now_us)
{
	struct baseline *b = &t->baseline;

	if (!b->any_dirty || (!at_once && now_us - b->flushed_us < FLUSH_US))
		return;
	for (unsigned shard = 0; shard < BASELINE_SHARDS; shard++)
		if (b->dirty[shard])
			flush_shard(t, shard);
	memset(b->dirty, 0, sizeof(b->dirty));
	b->any_dirty = false;
	b->flushed_us = now_us;
}

static void
read_asns(const char *text, uint32_t *v, uint8_t *n)
{
	char *end;

	while (*text >= '0' && *text <= '9') {
		add_asn(v, n, (uint32_t)strtoul(text, &end, 10));
		text = *end == ',' ? end + 1 : end;
	}
}

static void
restore_known(struct baseline *b, const char *line)
{
	char rule[32], prefix[IP_PREFIX_TEXT_MAX], vias[64], victims[64];
	struct known k = { 0 };
	enum baseline_part part;
	unsigned bucket, reach;

	if (sscanf(line, "%31s %49s %" SCNu32 " %u %" SCNd64 " %" SCNd64 " %63s %63s", rule, prefix,
		&k.doer, &reach, &k.since_us, &k.gone_us, vias, victims) != 8 ||
	    !ip_prefix_parse(prefix, true, &k.prefix))
		return;
	while (k.rule < RULES && strcmp(rule_info[k.rule].name, rule) != 0)
		k.rule++;
	if (k.rule == RULES || !part_of(1U << k.rule, &part))
		return;
	k.part = (uint8_t)part;
	k.reach = (uint8_t)reach;
	read_asns(vias, k.vias, &k.vias_n);
	read_asns(victims, k.victims, &k.victims_n);
	if (find(b, &k.prefix, k.doer, part, &bucket) == NULL)
		add(b, &k, bucket);
}

void
incidents_baseline_restore(struct incidents *t, const char *key, const char *value, size_t len)
{
	struct baseline *b = &t->baseline;
	const char *end = value + len, *next;
	char line[LINE_MAX_OCTETS];
	struct baseline_router *r;

	for (const char *at = value; at < end; at = next + 1) {
		next = memchr(at, '\n', (size_t)(end - at));
		if (next == NULL)
			next = end;
		if ((size_t)(next - at) >= sizeof(line))
			continue;
		memcpy(line, at, (size_t)(next - at));
		line[next - at] = '\0';
		if (strncmp(key, "known/", 6) == 0)
			restore_known(b, line);
		else if (strncmp(key, "router/", 7) == 0 && (r = router_of(t, key + 7)) != NULL)
			r->parts = (uint8_t)strtoul(line, NULL, 10);
		else if (strcmp(key, "state") == 0)
			b->has_state = sscanf(line, "%" SCNd64 " %" SCNd64, &b->taken_us[PART_ROV],
					   &b->taken_us[PART_LEAK]) == 2;
	}
}

/* --- to be looked at */

static unsigned
top(const struct tally *from, struct incidents_top *to)
{
	struct tally_slot slots[BASELINE_TOP];
	unsigned n = tally_top(from, slots, BASELINE_TOP);

	for (unsigned k = 0; k < n; k++)
		to[k] = (struct incidents_top){ slots[k].value, slots[k].n };
	return n;
}

void
incidents_baseline(const struct incidents *t, struct incidents_baseline *out)
{
	const struct baseline *b = &t->baseline;
	struct tally doers = { 0 }, vias = { 0 };
	bool is_new;

	memset(out, 0, sizeof(*out));
	out->on = baseline_is_on(t);
	out->since_us = b->taken_us[PART_ROV] != 0 ? b->taken_us[PART_ROV] : b->taken_us[PART_LEAK];
	out->taken = b->taken_us[PART_ROV] != 0 && b->taken_us[PART_LEAK] != 0;
	out->known = b->n;
	out->routers = b->routers_n;
	for (unsigned bucket = 0; b->buckets != NULL && bucket < BUCKETS; bucket++) {
		for (const struct known *k = b->buckets[bucket]; k != NULL; k = k->next) {
			out->rules[k->rule]++;
			out->gone += k->gone_us != 0;
			out->invalid += k->part == PART_ROV;
			out->invalid_accepted += k->part == PART_ROV && k->reach >= REACH_ACCEPTED;
			tally_add(&doers, (uint64_t)k->doer << 1 | 1, k->doer, &is_new);
			for (unsigned v = 0; v < k->vias_n; v++)
				tally_add(
				    &vias, (uint64_t)k->vias[v] << 1 | 1, k->vias[v], &is_new);
			if (out->examples_n < RECORD_EXAMPLES_MAX)
				out->examples[out->examples_n++] = k->prefix;
		}
	}
	out->networks = doers.used;
	out->neighbors = vias.used;
	out->doers_n = top(&doers, out->doers);
	out->vias_n = top(&vias, out->vias);
	tally_free(&doers);
	tally_free(&vias);
}

static void
put_top(struct txt *to, const char *what, const struct incidents_top *v, unsigned n, unsigned of)
{
	enum { SAID = 3 };

	for (unsigned k = 0; k < n && k < SAID; k++)
		txt_putf(to, "%s AS%" PRIu32 " %" PRIu32, k == 0 ? what : ",", v[k].asn, v[k].n);
	if (of > SAID)
		txt_puts(to, ", ...");
}

/* Of the RPKI-invalid ones: does the network enforce it? */
static void
put_enforced(struct txt *to, const struct incidents_baseline *b)
{
	if (b->invalid == 0)
		return;
	if (b->invalid_accepted == 0)
		txt_puts(to, "; RPKI-invalid ones dropped");
	else
		txt_putf(to, "; %" PRIu32 " RPKI-invalid ones accepted", b->invalid_accepted);
}

static void
put_words(struct txt *to, const struct incidents_baseline *b, bool doers)
{
	const char *sep = "";

	txt_putf(to,
	    "%" PRIu32 " prefixes by %" PRIu32 " networks were wrong already before we looked (",
	    b->known, b->networks);
	for (unsigned r = 0; r < RULES; r++) {
		if (b->rules[r] == 0)
			continue;
		txt_putf(to, "%s%s %" PRIu32, sep, rule_info[r].name, b->rules[r]);
		sep = ", ";
	}
	put_enforced(to, b);
	put_top(to, "; from", b->vias, b->vias_n, b->neighbors);
	if (doers)
		put_top(to, "; by", b->doers, b->doers_n, b->networks);
	txt_puts(to, "); what is new is told");
}

void
baseline_words(const struct incidents *t, char *out, size_t size)
{
	struct incidents_baseline b;
	char text[2 * RECORD_TEXT_MAX];
	struct txt whole = txt_of(text, sizeof(text)), to = txt_of(out, size);

	incidents_baseline(t, &b);
	put_words(&whole, &b, true);
	if (strlen(text) < size)
		txt_puts(&to, text);
	else
		put_words(&to, &b, false);
}

void
baseline_free(struct incidents *t)
{
	struct baseline *b = &t->baseline;

	for (unsigned bucket = 0; b->buckets != NULL && bucket < BUCKETS; bucket++) {
		while (b->buckets[bucket] != NULL) {
			struct known *k = b->buckets[bucket];

			b->buckets[bucket] = k->next;
			free(k);
		}
	}
	free(b->buckets);
	free(b->routers);
}
