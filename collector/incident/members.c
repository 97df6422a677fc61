/* The member routes: each is in one incident, whose counts follow. */
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/pure/text.h"
#include "collector/incident/incident_private.h"
#include "parsers/bgp/dissect.h"

enum { MEMBERS_MAX = 4000000 };

/* What makes a route, without padding. */
struct key {
	uint32_t source, path_id;
	struct ip_prefix prefix;
	uint8_t view, zero;
};

static uint32_t
member_hash(uint32_t source, uint32_t path_id, const struct ip_prefix *prefix, uint8_t view)
{
	struct key k;

	memset(&k, 0, sizeof(k));
	k.source = source;
	k.path_id = path_id;
	k.prefix = *prefix;
	k.view = view;
	return (uint32_t)hash_bytes(hash_seed(), &k, sizeof(k));
}

uint64_t
prefix_key(const struct ip_prefix *p)
{
	return hash_bytes(hash_seed(), p, sizeof(*p));
}

struct member *
member_find(const struct incidents *t, const struct finding *f, uint32_t source)
{
	uint32_t hash = member_hash(source, f->path_id, &f->prefix, f->view), at = 0;
	struct member *m;

	while ((m = ptrmap_next(&t->members_by_key, hash, &at)) != NULL)
		if (m->source == source && m->path_id == f->path_id && m->view == f->view &&
		    ip_prefix_cmp(&m->prefix, &f->prefix) == 0)
			return m;
	return NULL;
}

/* --- what the rules saw */

static struct seen *
seen_of(const struct finding *f)
{
	struct seen *s = calloc(1, sizeof(*s) + f->path_len);

	if (s == NULL)
		return NULL;
	s->size = (uint32_t)(sizeof(*s) + f->path_len);
	s->origin = f->origin;
	s->otc = f->otc;
	s->provider_free_as = f->provider_free_as;
	s->via_as = f->via_as;
	s->leaker_as = f->leaker_as;
	s->leaked_from_as = f->leaked_from_as;
	s->leaked_to_as = f->leaked_to_as;
	s->direct_from_as = f->direct_from_as;
	s->direct_to_as = f->direct_to_as;
	s->aspa_customer = f->aspa_customer;
	s->aspa_other = f->aspa_other;
	s->aspa_providers_n = f->aspa_providers_n;
	memcpy(s->aspa_providers, f->aspa_providers, sizeof(s->aspa_providers));
	s->own = f->own;
	s->next_hop = f->next_hop;
	s->has_origin = f->has_origin;
	s->has_otc = f->has_otc;
	s->own_origin = f->own_origin;
	s->by_us = f->by_us;
	s->benign = f->benign;
	memcpy(s->registry, f->registry, sizeof(s->registry));
	s->registry_day = f->registry_day;
	s->left_as = f->left_as;
	s->inferred = f->inferred;
	s->inferred_as = f->inferred_as;
	s->inferred_relation = f->inferred_relation;
	s->of_customers = f->of_customers;
	s->vrps_n = f->vrps_n;
	for (unsigned k = 0; k < f->vrps_n; k++) {
		s->vrps[k].prefix = f->vrps[k].prefix; /* by member: padding stays zero */
		s->vrps[k].max_len = f->vrps[k].max_len;
		s->vrps[k].asn = f->vrps[k].asn;
	}
	s->communities_n = f->communities_n;
	memcpy(s->communities, f->communities, sizeof(s->communities));
	s->path_len = f->path_len;
	memcpy(s->path, f->path, f->path_len);
	s->hash = (uint32_t)hash_bytes(hash_seed(), s, s->size);
	return s;
}

static bool
seen_equal(const struct seen *a, const struct seen *b)
{
	const size_t from = offsetof(struct seen, size);

	return a->size == b->size &&
	       memcmp((const uint8_t *)a + from, (const uint8_t *)b + from, a->size - from) == 0;
}

/* The one that is kept of equal ones, with a reference; NULL when out of memory. */
static struct seen *
seen_intern(struct incidents *t, const struct finding *f)
{
	struct seen *s = seen_of(f), *known;

	if (s == NULL)
		return NULL;
	for (uint32_t at = 0; (known = ptrmap_next(&t->seen_by_hash, s->hash, &at)) != NULL;) {
		if (seen_equal(known, s)) {
			free(s);
			known->refs++;
			return known;
		}
	}
	if (!ptrmap_add(&t->seen_by_hash, s->hash, s)) {
		free(s);
		return NULL;
	}
	s->refs = 1;
	return s;
}

static void
seen_release(struct incidents *t, struct seen *s)
{
	if (--s->refs > 0)
		return;
	ptrmap_remove(&t->seen_by_hash, s->hash, s);
	free(s);
}

void
member_path(const struct member *m, char *out, size_t size)
{
	struct txt t = txt_of(out, size);
	char *at = t.end - 3;

	bgp_as_path_text(&t, cur_of(m->seen->path, m->seen->path_len), 4);
	if (!t.cut)
		return;
	while (at > out && at[-1] != ' ' && at[-1] != ',')
		at--;
	memcpy(at, "...", 4);
}

/* --- coming and going */

struct member *
member_make(struct incidents *t, const struct finding *f, uint32_t source)
{
	uint32_t max = t->config.members_max != 0 ? t->config.members_max : MEMBERS_MAX;
	struct member *m;

	if (t->members >= max || (m = calloc(1, sizeof(*m))) == NULL)
		return NULL;
	m->source = source;
	m->path_id = f->path_id;
	m->prefix = f->prefix;
	m->view = f->view;
	m->dry_run = t->dry_run == NULL;
	m->behind = f->behind;
	m->order = ++t->orders;
	m->since_us = f->at_us;
	m->cause = f->cause != REASON_NONE ? f->cause : REASON_ANNOUNCED;
	m->seen = seen_intern(t, f);
	if (m->seen == NULL || !ptrmap_add(&t->members_by_key,
				   member_hash(source, m->path_id, &m->prefix, m->view), m)) {
		if (m->seen != NULL)
			seen_release(t, m->seen);
		free(m);
		return NULL;
	}
	m->rules = f->rules;
	m->router_us = f->router_us;
	t->members++;
	return m;
}

bool
member_is_as(const struct member *m, const struct finding *f)
{
	struct seen *s = seen_of(f);
	bool same = s != NULL && m->rules == f->rules && seen_equal(s, m->seen);

	free(s);
	return same;
}

bool
member_update(struct incidents *t, struct member *m, const struct finding *f)
{
	struct seen *s = seen_intern(t, f);

	if (s == NULL)
		return false;
	seen_release(t, m->seen);
	m->seen = s;
	m->rules = f->rules;
	return true;
}

void
member_free(struct incidents *t, struct member *m)
{
	ptrmap_remove(
	    &t->members_by_key, member_hash(m->source, m->path_id, &m->prefix, m->view), m);
	seen_release(t, m->seen);
	free(m);
	t->members--;
}

void
member_refuse(struct incidents *t, struct member *m)
{
	t->refused++;
	t->owed = true;
	if (m != NULL)
		member_free(t, m);
}

/* --- in an incident */

static struct holding *
holding_of(struct incident *i, uint32_t source, bool make)
{
	struct holding *v;

	for (uint32_t k = 0; k < i->holdings_n; k++)
		if (i->holdings[k].source == source)
			return &i->holdings[k];
	if (!make)
		return NULL;
	if (i->holdings_n == i->holdings_max) {
		uint32_t max = i->holdings_max == 0 ? 2 : i->holdings_max * 2;

		v = realloc(i->holdings, max * sizeof(*v));
		if (v == NULL)
			return NULL;
		i->holdings = v;
		i->holdings_max = max;
	}
	i->holdings[i->holdings_n] = (struct holding){ .source = source };
	return &i->holdings[i->holdings_n++];
}

uint64_t
victim_key(const struct member *m, uint32_t *asn)
{
	const struct seen *s = m->seen;

	*asn = 0;
	if (m->rules & RULES_HIJACK && s->own.family != IP_NONE)
		return prefix_key(&s->own);
	if (m->rules & RULES_ROV && s->vrps_n > 0) {
		*asn = s->vrps[0].asn;
		return (uint64_t)s->vrps[0].asn << 1 | 1;
	}
	return 0;
}

static uint64_t
doer_key(const struct member *m, uint32_t *asn)
{
	const struct seen *s = m->seen;

	*asn = m->rules & RULES_OF_SENDERS && rule_info[rules_primary(m->rules)].doer == DOER_LEAKER
		   ? s->leaker_as
	       : s->has_origin ? s->origin
			       : 0;
	return (uint64_t)*asn << 1 | 1;
}

/* In a hijack, but not of ours: its origin does that, too. */
static bool
is_companion(const struct incident *i, const struct member *m)
{
	return 1U << i->rule & RULES_HIJACK && !(m->rules & RULES_HIJACK);
}

static uint64_t
victim_in(const struct incident *i, const struct member *m, uint32_t *asn)
{
	*asn = 0;
	return is_companion(i, m) ? 0 : victim_key(m, asn);
}

/* Count a member's prefix, doer and victim; all or nothing. */
static bool
count_in(struct incident *i, const struct member *m)
{
	uint64_t prefix = prefix_key(&m->prefix), doer, victim;
	uint32_t doer_as, victim_as;
	bool new_prefix, ignored;

	doer = doer_key(m, &doer_as);
	victim = victim_in(i, m, &victim_as);
	if (!tally_add(&i->prefixes, prefix, 0, &new_prefix))
		return false;
	if (!tally_add(&i->doers, doer, doer_as, &ignored)) {
		tally_remove(&i->prefixes, prefix);
		return false;
	}
	if (victim != 0 && !tally_add(&i->victims, victim, victim_as, &ignored)) {
		tally_remove(&i->prefixes, prefix);
		tally_remove(&i->doers, doer);
		return false;
	}
	if (is_companion(i, m)) /* for words only */
		tally_add(&i->others, prefix, 0, &ignored);
	i->added += new_prefix;
	i->prefix_set ^= new_prefix ? prefix : 0;
	return true;
}

bool
member_attach(struct incidents *t, struct incident *i, struct member *m)
{
	struct holding *h = holding_of(i, m->source, true);

	if (h == NULL || !count_in(i, m))
		return false;
	way_add(t, i, m);
	i->holders_news |= h->n[m->view] == 0;
	if (h->routes == 0 || m->since_us < h->since_us)
		h->since_us = m->since_us;
	h->routes++;
	h->n[m->view]++;
	for (unsigned r = 0; r < RULES; r++)
		i->rules_n[r] += m->rules >> r & 1;
	i->view_counts[m->view]++;
	i->seen_views |= (uint8_t)(1U << m->view);
	i->routes++;
	i->benign += m->seen->benign != BENIGN_NONE;
	i->inferred += m->seen->inferred;
	i->ours += m->seen->own.family != IP_NONE;
	if (i->prefixes.used > i->rec.prefixes_peak)
		i->rec.prefixes_peak = i->prefixes.used;
	m->incident = i;
	m->prev = NULL;
	m->next = i->members;
	if (m->next != NULL)
		m->next->prev = m;
	i->members = m;
	return true;
}

void
member_detach(struct member *m)
{
	struct incident *i = m->incident;
	struct holding *h = holding_of(i, m->source, false);
	uint32_t asn;
	uint64_t victim = victim_in(i, m, &asn);

	way_remove(i, m);
	h->routes--;
	h->n[m->view]--;
	if (h->routes == 0)
		*h = i->holdings[--i->holdings_n];
	for (unsigned r = 0; r < RULES; r++)
		i->rules_n[r] -= m->rules >> r & 1;
	i->view_counts[m->view]--;
	i->routes--;
	i->benign -= m->seen->benign != BENIGN_NONE;
	i->inferred -= m->seen->inferred;
	i->ours -= m->seen->own.family != IP_NONE;
	if (tally_remove(&i->prefixes, prefix_key(&m->prefix))) {
		i->removed++;
		i->prefix_set ^= prefix_key(&m->prefix);
	}
	if (is_companion(i, m))
		tally_remove(&i->others, prefix_key(&m->prefix));
	tally_remove(&i->doers, doer_key(m, &asn));
	if (victim != 0)
		tally_remove(&i->victims, victim);
	if (m->prev != NULL)
		m->prev->next = m->next;
	else
		i->members = m->next;
	if (m->next != NULL)
		m->next->prev = m->prev;
	m->incident = NULL;
	m->prev = m->next = NULL;
}

/* When everything is freed. */
void
incident_free_members(struct incident *i)
{
	while (i->members != NULL) {
		struct member *m = i->members;

		i->members = m->next;
		if (--m->seen->refs == 0)
			free(m->seen);
		free(m);
	}
	ways_free(i);
	free(i->holdings);
	tally_free(&i->prefixes);
	tally_free(&i->doers);
	tally_free(&i->victims);
	tally_free(&i->others);
}
