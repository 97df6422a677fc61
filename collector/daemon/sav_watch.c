#include "collector/daemon/sav_watch.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/pure/text.h"
#include "collector/control/control.h"
#include "collector/control/sav_work.h"
#include "collector/daemon/messages.h"
#include "collector/daemon/sav_kept.h"

/* Queries of the control socket count up from one; ours have this bit. */
static const uint32_t OUR_QUERY = 0x80000000U;
/* What has been so for so long is usual. */
static const int64_t USUAL_US = 86400LL * 1000000;

enum { NAME_MAX_AS = 16, FACTS_MAX = 256 * 1024 * 1024 };

struct watched {
	uint32_t asn;
	struct sav_kept kept;
	/* of the last list that was made */
	uint8_t state; /* enum control_sav_state */
	bool missing;  /* what ROAs name the customer for */
	char gap[SAV_GAP_TEXT];
	int64_t made_us; /* clock_wall_us(); 0: none yet */
};

struct sav_watch {
	struct records *records;
	struct alarms *alarms;
	struct watched *v;
	size_t n;
	uint8_t method;
	uint32_t every_s, shrink_percent;
	bool no_invalid;
	int64_t next_us; /* when the round begins that is next */
	/* the list that is being made: of v[at] */
	size_t at;
	struct sav *sav;
	struct sav_work *work; /* the list is its, until then */
	bool told_all;	       /* of a walk, which is over */
	bool taken_in;	       /* a walk is, and it goes on with the next tick */
	struct sbuf facts;     /* of the piece that is being told */
	struct workers *workers;
	uv_loop_t *loop;
	uint32_t id; /* of the query that is out */
	unsigned worker;
	struct show_query query;
};

struct sav_watch *
sav_watch_new(uv_loop_t *loop, struct records *records, struct alarms *alarms)
{
	struct sav_watch *w = calloc(1, sizeof(*w));

	if (w == NULL)
		return NULL;
	w->loop = loop;
	w->facts = sbuf_of(FACTS_MAX);
	w->records = records;
	w->alarms = alarms;
	return w;
}

static void
free_watched(struct watched *v, size_t n)
{
	for (size_t i = 0; i < n; i++)
		sav_kept_free(&v[i].kept);
	free(v);
}

/* The list that is being made is not wanted any more. */
static void
give_up(struct sav_watch *w)
{
	if (w->work != NULL)
		sav_work_drop(w->work);
	else
		sav_free(w->sav);
	w->sav = NULL;
	w->work = NULL;
	w->taken_in = w->told_all = false;
	sbuf_clear(&w->facts);
}

void
sav_watch_free(struct sav_watch *w)
{
	if (w == NULL)
		return;
	give_up(w);
	sbuf_free(&w->facts);
	free_watched(w->v, w->n);
	free(w);
}

void
sav_watch_stop(struct sav_watch *w)
{
	if (w != NULL)
		give_up(w);
}

static const char *
name_of(uint32_t asn, char buf[NAME_MAX_AS])
{
	snprintf(buf, NAME_MAX_AS, "AS%u", asn);
	return buf;
}

/* Alarms of who is watched no longer are over. */
static void
keep_alarms(struct sav_watch *w)
{
	char(*names)[NAME_MAX_AS] = calloc(w->n + 1, sizeof(*names));
	const char **abouts = calloc(w->n + 1, sizeof(*abouts));

	for (size_t i = 0; names != NULL && abouts != NULL && i < w->n; i++)
		abouts[i] = name_of(w->v[i].asn, names[i]);
	if (names != NULL && abouts != NULL)
		alarms_keep_only(
		    w->alarms, "sav.", abouts, w->n, "its list is not watched any more");
	free(names);
	free(abouts);
}

/* What is known of a customer: from now on, else from before the start. */
static struct watched
known_of(struct sav_watch *w, uint32_t asn, uint8_t method)
{
	struct watched x = { .asn = asn };

	for (size_t k = 0; k < w->n && w->method == method; k++)
		if (w->v[k].asn == asn) {
			x = w->v[k];
			w->v[k] = (struct watched){ .asn = 0 };
			return x;
		}
	(void)sav_kept_get(w->records, asn, method, &x.kept);
	return x;
}

bool
sav_watch_configure(struct sav_watch *w, const struct sav_watch_config *c)
{
	struct watched *v = calloc(c->asns_n + 1, sizeof(*v));

	if (v == NULL)
		return false;
	for (size_t i = 0; i < c->asns_n; i++)
		v[i] = known_of(w, c->asns[i], c->method);
	free_watched(w->v, w->n);
	w->v = v;
	w->n = c->asns_n;
	w->method = c->method;
	w->every_s = c->every_s;
	w->shrink_percent = c->shrink_percent;
	w->no_invalid = c->exclude_invalid != 0;
	w->at = 0;
	give_up(w);
	w->next_us = 0;
	sav_kept_only(w->records, c->asns, c->asns_n);
	keep_alarms(w);
	return true;
}

void
sav_watch_gaps(const struct alarms *alarms, struct sav_gaps *g)
{
	struct record r;

	for (uint32_t i = 0; alarms_get(alarms, i, &r); i++)
		if (strcmp(r.incident.kind, "router.missing") == 0 ||
		    strncmp(r.incident.kind, "limit.", 6) == 0)
			sav_gap(g, "%s: %s", r.incident.kind, r.incident.summary);
}

/* --- what a list is like beside the last one */

static void
put_named(struct txt *t, char sign, const struct ip_prefix *v, size_t n)
{
	char text[IP_PREFIX_TEXT_MAX];

	for (size_t i = 0; i < n && i < SAV_NAMED; i++)
		txt_putf(t, " %c%s", sign, ip_prefix_format(&v[i], text));
	if (n > SAV_NAMED)
		txt_puts(t, " ...");
}

static void
tell_change(struct sav_watch *w, uint32_t asn, const struct sav_difference *d, size_t n)
{
	char text[RECORD_TEXT_MAX];
	struct txt t = txt_of(text, sizeof(text));

	txt_putf(&t,
	    "permit list of AS%u (%s) changed: %zu prefixes now, %zu removed, %zu added:", asn,
	    sav_method_name(w->method), n, d->gone, d->come);
	put_named(&t, '-', d->gone_first, d->gone);
	put_named(&t, '+', d->come_first, d->come);
	records_event(w->records, "sav.changed", SEVERITY_INFO, "", "", asn, "%s", text);
}

/* It shrank: is it what it was again, or has it been so for long? Returns whether something else is
 * to be kept. */
static bool
judge_shrunken(struct sav_watch *w, struct watched *x, const struct ip_prefix *v, size_t n)
{
	struct sav_kept *k = &x->kept;
	const struct sav_list *from = k->before.any ? &k->before : &k->list;
	int64_t now_us = clock_wall_us();
	struct sav_difference d;
	char name[NAME_MAX_AS], text[IP_PREFIX_TEXT_MAX];
	bool shrunk, had = k->before.any;

	sav_compare(from->v, from->n, v, n, &d);
	shrunk = d.lost * 100 > w->shrink_percent;
	name_of(x->asn, name);
	if (shrunk && !had) {
		if (!sav_list_copy(&k->before, k->list.v, k->list.n))
			return false;
		k->shrunk_us = now_us;
	}
	if (k->shrunk_us > now_us) /* the clock was set back */
		k->shrunk_us = now_us;
	if (shrunk && now_us - k->shrunk_us < USUAL_US) {
		x->state = CONTROL_SAV_SHRUNKEN;
		alarm_on(w->alarms, "sav.shrunken", name, SEVERITY_WARNING,
		    "permit list of %s lost %.0f %% of its addresses: %zu prefixes, %s among "
		    "them; see bellman sav %s --explain PREFIX before it is loaded",
		    name, d.lost * 100, d.gone, ip_prefix_format(&d.gone_first[0], text), name);
		return !had;
	}
	alarm_off(w->alarms, "sav.shrunken", name, "%s",
	    shrunk ? "it has been so for a day" : "the list has these addresses again");
	free(k->before.v);
	k->before = (struct sav_list){ .v = NULL };
	return had;
}

/* What the customer may originate by ROAs, and could send from. */
static void
judge_missing(struct sav_watch *w, struct watched *x, const struct sav_sources *from)
{
	char name[NAME_MAX_AS], text[IP_PREFIX_TEXT_MAX];
	struct ip_prefix first;
	size_t n = sav_lacking(w->sav, &first);

	if (from->rpki != RPKI_WHOLE)
		return;
	name_of(x->asn, name);
	x->missing = n > 0;
	if (n == 0)
		alarm_off(w->alarms, "sav.missing", name, "nothing is missing in its list");
	else
		alarm_on(w->alarms, "sav.missing", name, SEVERITY_WARNING,
		    "permit list of %s by %s lacks %zu of its own prefixes, which ROAs name it "
		    "for, %s among them",
		    name, sav_method_name(w->method), n, ip_prefix_format(&first, text));
}

static void
judge(struct sav_watch *w, struct watched *x, const struct sav_sources *from)
{
	struct sav_gaps gaps = { 0 };
	struct sav_difference d = { 0 };
	bool is_new = !x->kept.list.any;
	size_t n;
	const struct ip_prefix *v = sav_prefixes(w->sav, &n);

	sav_gaps(w->sav, from->rpki, &gaps);
	sav_watch_gaps(w->alarms, &gaps);
	x->state = gaps.n > 0 ? CONTROL_SAV_INCOMPLETE : CONTROL_SAV_WHOLE;
	if (gaps.n > 0) {
		text_copy(x->gap, sizeof(x->gap), gaps.text[0]);
		return;
	}
	x->made_us = clock_wall_us();
	if (!is_new) {
		sav_compare(x->kept.list.v, x->kept.list.n, v, n, &d);
		if (d.gone + d.come > 0)
			tell_change(w, x->asn, &d, n);
		is_new = judge_shrunken(w, x, v, n) || d.gone + d.come > 0;
	}
	judge_missing(w, x, from);
	if (is_new && sav_list_copy(&x->kept.list, v, n))
		sav_kept_put(w->records, x->asn, w->method, &x->kept);
}

void
sav_watch_each(
    const struct sav_watch *w, void (*each)(void *, const struct control_sav_list *), void *ctx)
{
	for (size_t i = 0; i < w->n; i++) {
		const struct watched *x = &w->v[i];
		struct control_sav_list seen = { .asn = x->asn,
			.state = x->state,
			.prefixes = x->kept.list.n,
			.made_us = x->made_us,
			.gap = x->state == CONTROL_SAV_INCOMPLETE ? x->gap : "" };

		if (seen.state == CONTROL_SAV_WHOLE && x->missing)
			seen.state = CONTROL_SAV_MISSING;
		each(ctx, &seen);
	}
}

/* --- making one */

static void
ask(struct sav_watch *w)
{
	struct cmd_query cmd = { .type = CMD_QUERY, .query = w->query };

	w->id = OUR_QUERY | (w->id + 1);
	cmd.id = w->id;
	workers_command(w->workers, w->worker, &cmd, sizeof(cmd));
}

static void
ask_all(struct sav_watch *w, const struct sav_sources *from)
{
	w->worker = 0;
	w->query = (struct show_query){ .what = SHOW_SAV };
	sav_asks(w->sav, &w->query.sav);
	w->workers = from->workers;
	ask(w);
}

/* When it is time for the next list. */
static void
begin(struct sav_watch *w, const struct sav_sources *from)
{
	struct sav_target target = { .neighbor = { .family = IP_NONE } };

	if (w->sav != NULL || w->n == 0 || from->now_us < w->next_us)
		return;
	target.asn = w->v[w->at].asn;
	w->sav = sav_new((enum sav_method)w->method, &target);
	if (w->sav == NULL)
		return;
	if (w->no_invalid)
		sav_no_invalid(w->sav);
	control_sav_never(w->sav, from->detect);
	ask_all(w, from);
}

bool
sav_watch_reply(struct sav_watch *w, uint32_t id, const void *data, uint32_t len)
{
	if ((id & OUR_QUERY) == 0)
		return false;
	if (w->sav != NULL && w->work == NULL && !w->taken_in && id == w->id)
		sbuf_add(&w->facts, data, len);
	return true;
}

/* The walk has been taken in. */
static void
on_taken_in(void *ctx)
{
	struct sav_watch *w = ctx;

	w->work = NULL;
	w->taken_in = true;
}

static void
walked(struct sav_watch *w, const struct sav_sources *from)
{
	w->work = sav_work_start(w->loop, w->sav, from->vrps, from->aspas, on_taken_in, w);
	if (w->work == NULL)
		give_up(w);
}

void
sav_watch_tick(struct sav_watch *w, const struct sav_sources *from)
{
	if (w->told_all) {
		w->told_all = false;
		walked(w, from);
		return;
	}
	if (!w->taken_in) {
		begin(w, from);
		return;
	}
	w->taken_in = false;
	if (sav_wants(w->sav) != SAV_WALK_NONE) {
		ask_all(w, from);
		return;
	}
	judge(w, &w->v[w->at], from);
	give_up(w);
	if (++w->at == w->n) {
		w->at = 0;
		w->next_us = from->now_us + (int64_t)w->every_s * 1000000;
	}
}

/* The piece has been: the next one, or, when all workers have told all, what that makes. */
static void
on_piece_taken_in(void *ctx)
{
	struct sav_watch *w = ctx;

	w->work = NULL;
	if (w->worker < workers_count(w->workers))
		ask(w);
	else
		w->told_all = true;
}

bool
sav_watch_reply_end(struct sav_watch *w, uint32_t id, const struct engine_place *next)
{
	if ((id & OUR_QUERY) == 0)
		return false;
	if (w->sav == NULL || w->work != NULL || w->taken_in || id != w->id)
		return true;
	w->query.at = next != NULL ? *next : (struct engine_place){ 0 };
	w->worker += next == NULL;
	if (!w->facts.failed)
		w->work = sav_work_take(w->loop, w->sav, &w->facts, on_piece_taken_in, w);
	if (w->work == NULL)
		give_up(w);
	return true;
}
