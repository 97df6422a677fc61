#include "collector/daemon/roa_watch.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/pure/text.h"
#include "collector/rpki/vrp_expiry.h"

enum {
	MISSING_S = 60, /* so long a prefix has had no ROA before it is told */
	COVERING_MAX = 32,
	NAMED_MAX = 3,
	EXPIRY_LOOK_S = 10,
	KEY_MAX = IP_PREFIX_TEXT_MAX,
};
static const char room[] = "roa", expiring_room[] = "roa-expiring", all_of_them[] = "own prefixes";

/* A prefix of ours. */
struct own {
	struct ip_prefix prefix;
	const uint32_t *origins; /* of ours or our siblings; those of the entry, when it has any */
	size_t origins_n;
	uint8_t announced_len; /* the longest that we announce */
	char had[64];	       /* the ROA that names us, as text; "" never one */
	bool missing, loose_told, derived;
	int64_t told_s; /* when its last one expires, as was told; 0: it was not */
};

struct roa_watch {
	struct records *records;
	struct alarms *alarms;
	struct own *v;
	size_t n;
	uint32_t *asns; /* ours and our siblings */
	size_t asns_n;
	uint64_t generation;		    /* of the VRPs judged last */
	bool judged;			    /* they were, by this configuration */
	int64_t missing_us;		    /* since when some have none */
	const struct rpki_sources *sources; /* NULL: nobody knows when VRPs expire */
	int64_t expiry_us;		    /* when that is looked at next */
	size_t expired, gone, renewed;	    /* of those that were told, since that began */
	int64_t until_s;		    /* the first of the renewed; 0: more than is kept */
};

struct roa_watch *
roa_watch_new(struct records *records, struct alarms *alarms)
{
	struct roa_watch *w = calloc(1, sizeof(*w));

	if (w == NULL)
		return NULL;
	w->records = records;
	w->alarms = alarms;
	return w;
}

static void
forget(struct own *v, size_t n)
{
	for (size_t i = 0; i < n; i++)
		free((void *)(uintptr_t)v[i].origins);
	free(v);
}

void
roa_watch_free(struct roa_watch *w)
{
	if (w == NULL)
		return;
	forget(w->v, w->n);
	free(w->asns);
	free(w);
}

/* --- which prefixes */

static int
cmp_own(const void *x, const void *y)
{
	return ip_prefix_cmp(&((const struct own *)x)->prefix, &((const struct own *)y)->prefix);
}

static struct own *
find(struct own *v, size_t n, const struct ip_prefix *p)
{
	const struct own key = { .prefix = *p };

	return n > 0 ? bsearch(&key, v, n, sizeof(*v), cmp_own) : NULL;
}

/* What is known of it from before: in memory, or over a restart. */
static void
recall(struct roa_watch *w, struct own *o)
{
	const struct own *before = find(w->v, w->n, &o->prefix);
	char key[KEY_MAX];
	struct sbuf value = sbuf_of(sizeof(o->had));

	if (before != NULL) {
		memcpy(o->had, before->had, sizeof(o->had));
		o->loose_told = before->loose_told;
		o->told_s = before->told_s;
		sbuf_free(&value);
		return;
	}
	if (journal_state_get(records_history(w->records), expiring_room,
		ip_prefix_format(&o->prefix, key), &value))
		o->told_s = strtoll(sbuf_text(&value), NULL, 10);
	sbuf_clear(&value);
	if (journal_state_get(
		records_history(w->records), room, ip_prefix_format(&o->prefix, key), &value)) {
		o->loose_told = value.len > 0 && value.data[0] == '!';
		text_copy(o->had, sizeof(o->had), sbuf_text(&value) + o->loose_told);
	}
	sbuf_free(&value);
}

static void
keep(struct roa_watch *w, const struct own *o)
{
	char key[KEY_MAX], value[1 + sizeof(o->had)];
	int n = snprintf(value, sizeof(value), "%s%s", o->loose_told ? "!" : "", o->had);

	records_state_put(
	    w->records, room, ip_prefix_format(&o->prefix, key), n > 0 ? value : NULL, (size_t)n);
}

static uint32_t *
copy(const uint32_t *v, size_t n)
{
	uint32_t *to = malloc(n * sizeof(*to) + 1);

	if (to != NULL && n > 0)
		memcpy(to, v, n * sizeof(*to));
	return to;
}

static bool
copy_asns(struct roa_watch *w, const struct detect_config *c)
{
	size_t n = c->own_asns_n + c->own_siblings_n;
	uint32_t *v = malloc(n * sizeof(*v) + 1);

	if (v == NULL)
		return false;
	if (c->own_asns_n > 0)
		memcpy(v, c->own_asns, c->own_asns_n * sizeof(*v));
	if (c->own_siblings_n > 0)
		memcpy(v + c->own_asns_n, c->own_siblings, c->own_siblings_n * sizeof(*v));
	free(w->asns);
	w->asns = v;
	w->asns_n = n;
	return true;
}

/* What is no longer ours is nobody's alarm, also when it was ours before a restart. */
static void
let_go(const struct roa_watch *w)
{
	char(*texts)[KEY_MAX] = calloc(w->n + 1, sizeof(*texts));
	const char **abouts = calloc(w->n + 1, sizeof(*abouts));

	if (texts != NULL && abouts != NULL) {
		for (size_t i = 0; i < w->n; i++)
			abouts[i] = ip_prefix_format(&w->v[i].prefix, texts[i]);
		abouts[w->n] = all_of_them;
		alarms_keep_only(
		    w->alarms, "roa.", abouts, w->n + 1, "the prefix is no longer one of ours");
	}
	free(abouts);
	free(texts);
}

/* Several entries for one prefix are one: what any of them allows is allowed. */
static size_t
join(struct own *v, size_t n)
{
	size_t to = 0;

	for (size_t i = 0; i < n; i++) {
		struct own *last = to > 0 ? &v[to - 1] : NULL;
		uint32_t *origins;

		if (last == NULL || cmp_own(last, &v[i]) != 0) {
			v[to++] = v[i];
			continue;
		}
		if (v[i].announced_len > last->announced_len)
			last->announced_len = v[i].announced_len;
		origins = realloc((void *)(uintptr_t)last->origins,
		    (last->origins_n + v[i].origins_n) * sizeof(*origins) + 1);
		if (origins != NULL) {
			if (v[i].origins_n > 0)
				memcpy(origins + last->origins_n, v[i].origins,
				    v[i].origins_n * sizeof(*origins));
			last->origins = origins;
			last->origins_n += v[i].origins_n;
		}
		free((void *)(uintptr_t)v[i].origins);
	}
	return to;
}

/* The longest that we announce of it; of one that nobody has listed nobody says it. */
static uint8_t
longest_of(const struct detect_own *own)
{
	if (own->derived)
		return (uint8_t)ip_bits(own->prefix.family);
	return own->has_max_length ? own->max_length : own->prefix.len;
}

void
roa_watch_configure(struct roa_watch *w, const struct detect_config *c)
{
	struct own *v = calloc(c->own_n + 1, sizeof(*v));
	size_t n = 0;

	if (v == NULL || !copy_asns(w, c)) {
		free(v);
		return;
	}
	for (size_t i = 0; i < c->own_n; i++) {
		const struct detect_own *from = &c->own[i];
		struct own o = { .prefix = from->prefix,
			.origins = copy(from->origins, from->origins_n),
			.origins_n = from->origins_n,
			.announced_len = longest_of(from),
			.derived = from->derived };

		if (o.origins == NULL)
			continue;
		recall(w, &o);
		v[n++] = o;
	}
	qsort(v, n, sizeof(*v), cmp_own);
	n = join(v, n);
	forget(w->v, w->n);
	w->v = v;
	w->n = n;
	let_go(w);
	w->judged = false;
}

/* --- what is said of one */

static bool
names_us(const struct roa_watch *w, const struct own *o, uint32_t asn)
{
	for (size_t i = 0; i < o->origins_n; i++)
		if (o->origins[i] == asn)
			return true;
	for (size_t i = 0; i < w->asns_n; i++)
		if (w->asns[i] == asn)
			return true;
	return false;
}

static void
roa_text(const struct vrp *v, char *out, size_t size)
{
	char prefix[IP_PREFIX_TEXT_MAX];

	snprintf(out, size, "%s max %u AS%" PRIu32, ip_prefix_format(&v->prefix, prefix),
	    v->max_len, v->asn);
}

/* A ROA that allows longer ones than we announce lets whoever forges our AS at the end of his path
 * announce them as valid (RFC 9319). */
static void
say_loose(struct roa_watch *w, struct own *o, const struct vrp *roa)
{
	char prefix[IP_PREFIX_TEXT_MAX], text[64];

	if (o->loose_told || roa->max_len <= o->announced_len)
		return;
	o->loose_told = true;
	keep(w, o);
	roa_text(roa, text, sizeof(text));
	records_event(w->records, "roa.loose-maxlength", SEVERITY_INFO, "", "", 0,
	    "ROA %s allows longer prefixes than our %s, of which nothing says that we announce "
	    "them",
	    text, ip_prefix_format(&o->prefix, prefix));
}

/* A VRP of AS 0 says that nobody is to announce it; one this short is nobody's allocation. */
static bool
is_doubtful(const struct vrp *v)
{
	return v->asn == 0 || v->prefix.len < (v->prefix.family == IP_V4 ? 8 : 12);
}

static void
judge(struct roa_watch *w, struct own *o, const struct vrp_set *vrps)
{
	struct vrp all[COVERING_MAX];
	size_t n = vrp_covering(vrps, &o->prefix, all, COVERING_MAX);
	const struct vrp *ours = NULL, *doubtful = NULL;
	char about[KEY_MAX], text[64];

	ip_prefix_format(&o->prefix, about);
	for (size_t i = 0; i < n && i < COVERING_MAX; i++) {
		if (ours == NULL && names_us(w, o, all[i].asn))
			ours = &all[i];
		if (is_doubtful(&all[i]) && !names_us(w, o, all[i].asn))
			doubtful = &all[i];
	}
	o->missing = n == 0 && o->had[0] == '\0';
	if (ours != NULL) {
		roa_text(ours, text, sizeof(text));
		if (strcmp(o->had, text) != 0) {
			text_copy(o->had, sizeof(o->had), text);
			keep(w, o);
		}
		alarm_off(w->alarms, "roa.gone", about, "ROA %s is there for our %s", text, about);
		say_loose(w, o, ours);
	} else if (n > 0) {
		alarm_off(w->alarms, "roa.gone", about,
		    "ROAs of others cover our %s, and none names us", about);
	} else if (o->had[0] != '\0') {
		alarm_on(w->alarms, "roa.gone", about, SEVERITY_WARNING,
		    "our %s has no ROA any more: %s is gone, nobody can tell our route from "
		    "another's",
		    about, o->had);
	}
	if (doubtful != NULL) {
		roa_text(doubtful, text, sizeof(text));
		alarm_on(w->alarms, "roa.doubtful", about, SEVERITY_WARNING,
		    "ROA %s covers our %s%s", text, about,
		    ours != NULL ? "" : ", which is invalid by it: no ROA names us");
	} else {
		alarm_off(w->alarms, "roa.doubtful", about, "no doubtful ROA covers our %s", about);
	}
}

void
roa_watch_sources(struct roa_watch *w, const struct rpki_sources *sources)
{
	w->sources = sources;
}

/* When the last of those that name us and allow the prefix expires; 0: nobody says it of one, or
 * not soon. */
struct lasts {
	int64_t at_s;
	bool any, later; /* there is one; of one it is said that it is not soon */
};

static struct lasts
expires(const struct roa_watch *w, const struct own *o, const struct vrp *all, size_t n)
{
	struct lasts l = { .at_s = 0 };
	bool later, unsaid = false;
	int64_t at_s;

	for (size_t k = 0; w->sources != NULL && k < n && k < COVERING_MAX; k++) {
		if (!names_us(w, o, all[k].asn) || all[k].max_len < o->prefix.len)
			continue;
		at_s = rpki_sources_expires(w->sources, &all[k], &later);
		l.any = true;
		l.later |= later;
		unsaid |= at_s == 0;
		l.at_s = at_s > l.at_s ? at_s : l.at_s;
	}
	l.at_s = unsaid ? 0 : l.at_s;
	return l;
}

void
roa_watch_each(const struct roa_watch *w, const struct vrp_set *vrps,
    void (*each)(void *ctx, const struct own_roa *), void *ctx)
{
	for (size_t i = 0; i < w->n; i++) {
		struct own_roa o = { .prefix = w->v[i].prefix, .derived = w->v[i].derived };
		struct vrp all[COVERING_MAX];
		size_t n = vrps != NULL ? vrp_covering(vrps, &o.prefix, all, COVERING_MAX) : 0;

		o.state = vrps == NULL ? OWN_ROA_UNKNOWN : n > 0 ? OWN_ROA_OTHERS : OWN_ROA_NONE;
		if (n > 0)
			roa_text(&all[0], o.roa, sizeof(o.roa));
		for (size_t k = 0; k < n && k < COVERING_MAX; k++) {
			if (!names_us(w, &w->v[i], all[k].asn) || all[k].max_len < o.prefix.len)
				continue;
			if (o.state == OWN_ROA_LOOSE)
				break;
			o.state = all[k].max_len > w->v[i].announced_len ? OWN_ROA_LOOSE
									 : OWN_ROA_COVERED;
			roa_text(&all[k], o.roa, sizeof(o.roa));
		}
		o.expires_s = expires(w, &w->v[i], all, n).at_s;
		each(ctx, &o);
	}
}

/* --- all of them */

static void
say_missing(struct roa_watch *w, int64_t now_us)
{
	char text[RECORD_TEXT_MAX], prefix[IP_PREFIX_TEXT_MAX];
	size_t n = 0, used = 0;

	text[0] = '\0';
	for (size_t i = 0; i < w->n; i++) {
		if (!w->v[i].missing)
			continue;
		if (++n <= NAMED_MAX)
			used += (size_t)snprintf(text + used, sizeof(text) - used, "%s%s",
			    n > 1 ? ", " : "", ip_prefix_format(&w->v[i].prefix, prefix));
	}
	if (n == 0) {
		w->missing_us = 0;
		alarm_off(w->alarms, "roa.missing", all_of_them, "each own prefix has a ROA");
		return;
	}
	if (w->missing_us == 0)
		w->missing_us = now_us;
	if (now_us - w->missing_us < (int64_t)MISSING_S * 1000000)
		return;
	alarm_on(w->alarms, "roa.missing", all_of_them, SEVERITY_NOTICE,
	    "%zu own prefix%s without a ROA: %s%s", n, n > 1 ? "es are" : " is", text,
	    n > NAMED_MAX ? ", ..." : "");
}

/* What expires, and nobody has renewed: from then on there is no ROA. */
struct expiring {
	char text[RECORD_TEXT_MAX];
	size_t n;
	int64_t now_s, first_s;
};

static void
set_told(struct roa_watch *w, struct own *o, int64_t at_s)
{
	char key[KEY_MAX], value[24];
	int n = snprintf(value, sizeof(value), "%" PRId64, at_s);

	if (o->told_s == at_s)
		return;
	o->told_s = at_s;
	records_state_put(w->records, expiring_room, ip_prefix_format(&o->prefix, key),
	    at_s != 0 ? value : NULL, (size_t)n);
}

static void
list_expiring(struct expiring *e, const struct own *o)
{
	char prefix[IP_PREFIX_TEXT_MAX];
	size_t used = strlen(e->text);

	if (e->first_s == 0 || o->told_s < e->first_s)
		e->first_s = o->told_s;
	if (++e->n <= NAMED_MAX)
		snprintf(e->text + used, sizeof(e->text) - used, "%s%s", used > 0 ? ", " : "",
		    ip_prefix_format(&o->prefix, prefix));
}

/* That nobody says a time any more is no renewal: it is as was told, until that time is over. */
static void
look_at_expiry(struct roa_watch *w, struct own *o, const struct vrp_set *vrps, struct expiring *e)
{
	struct vrp all[COVERING_MAX];
	struct lasts l = expires(w, o, all, vrp_covering(vrps, &o->prefix, all, COVERING_MAX));
	bool soon = l.at_s != 0 && l.at_s - e->now_s <= VRP_EXPIRY_SOON_S;

	if (soon && l.at_s > e->now_s) {
		set_told(w, o, l.at_s);
	} else if (o->told_s == 0) {
		return;
	} else if (l.later || (!soon && l.at_s > o->told_s)) {
		w->until_s = w->renewed++ == 0 || l.at_s < w->until_s ? l.at_s : w->until_s;
		set_told(w, o, 0);
	} else if (e->now_s >= o->told_s) {
		w->expired++;
		set_told(w, o, 0);
	} else if (!l.any) {
		w->gone++;
		set_told(w, o, 0);
	}
	if (o->told_s != 0)
		list_expiring(e, o);
}

static void
say_how_it_ended(struct roa_watch *w)
{
	char text[RECORD_TEXT_MAX] = "", time[40];

	if (w->expired > 0)
		snprintf(text, sizeof(text), "the ROAs of %zu own prefix%s have expired",
		    w->expired, w->expired > 1 ? "es" : "");
	else if (w->gone > 0)
		snprintf(text, sizeof(text), "the ROAs of %zu own prefix%s are gone", w->gone,
		    w->gone > 1 ? "es" : "");
	else if (w->renewed > 0 && w->until_s != 0)
		snprintf(text, sizeof(text), "renewed until %s",
		    clock_format_us(w->until_s * 1000000, 0, time));
	else if (w->renewed > 0)
		snprintf(
		    text, sizeof(text), "renewed for more than %d hours", VRP_EXPIRY_KEPT_S / 3600);
	else
		snprintf(text, sizeof(text), "none that it was told of is ours now");
	alarm_off(w->alarms, "roa.expiring", all_of_them, "%s", text);
	w->expired = w->gone = w->renewed = 0;
	w->until_s = 0;
}

static void
say_expiring(struct roa_watch *w, const struct vrp_set *vrps, int64_t now_us)
{
	struct expiring e = { .now_s = clock_wall_us() / 1000000 };
	char time[40];

	if (now_us < w->expiry_us)
		return;
	w->expiry_us = now_us + (int64_t)EXPIRY_LOOK_S * 1000000;
	for (size_t i = 0; i < w->n; i++)
		look_at_expiry(w, &w->v[i], vrps, &e);
	if (e.n == 0)
		say_how_it_ended(w);
	else
		alarm_on(w->alarms, "roa.expiring", all_of_them, SEVERITY_WARNING,
		    "ROAs of %zu own prefix%s expire, the first at %s: %s%s", e.n,
		    e.n > 1 ? "es" : "", clock_format_us(e.first_s * 1000000, 0, time), e.text,
		    e.n > NAMED_MAX ? ", ..." : "");
}

void
roa_watch_tick(
    struct roa_watch *w, const struct vrp_set *vrps, enum rpki_state state, int64_t now_us)
{
	if (vrps == NULL || state != RPKI_WHOLE)
		return;
	if (!w->judged || w->generation != vrp_set_generation(vrps)) {
		for (size_t i = 0; i < w->n; i++)
			judge(w, &w->v[i], vrps);
		w->generation = vrp_set_generation(vrps);
		w->judged = true;
	}
	say_missing(w, now_us);
	say_expiring(w, vrps, now_us);
}
