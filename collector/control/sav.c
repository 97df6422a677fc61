/*
 * Permit lists, as JSON for `bellman sav`: one walk over all workers after the other, as the list
 * wants them (collector/sav), then what has come out, a piece at a time:
 *
 *   {"asn": ..., "method": ..., "gaps": [...], "interfaces": [...], "ases": n, "prefixes": n}
 *   {"member": asn, "why": ..., "provider": asn}       when asked about a prefix: who it is about
 *   {"entry": prefix, "asn": ..., "source": ...}       and what puts it in
 *   {"witness": prefix, "router": ..., ...}            and who has it
 *   {"prefix": ...}                                    the list
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/pure/text.h"
#include "collector/control/control_private.h"
#include "collector/control/sav_work.h"

enum { CHAIN_MAX = 64 };

struct sav_answer {
	bool explain;
	struct ip_prefix prefix;
	size_t at; /* of the list */
};

/* "AS64501", "64501", "192.0.2.1" */
static bool
read_target(const char *word, struct sav_target *t)
{
	const char *digits = strncasecmp(word, "as", 2) == 0 ? word + 2 : word;
	unsigned long long asn;
	char *end;

	*t = (struct sav_target){ .asn = 0 };
	if (ip_addr_parse(word, &t->neighbor))
		return true;
	t->neighbor = (struct ip_addr){ .family = IP_NONE };
	if (*digits < '0' || *digits > '9')
		return false;
	asn = strtoull(digits, &end, 10);
	t->asn = (uint32_t)asn;
	return *end == '\0' && asn > 0 && asn <= UINT32_MAX;
}

void
control_sav_never(struct sav *s, const struct detect *d)
{
	const uint32_t *own;
	size_t n = detect_own_asns(d, &own), at = 0;
	uint32_t asn;

	for (size_t i = 0; i < n; i++)
		sav_never(s, own[i]);
	while ((asn = detect_next_provider_free(d, &at)) != 0)
		sav_never(s, asn);
}

bool
sav_begin(struct client *c, const struct control_request *r, char *wrong, size_t size)
{
	const struct control *control = c->control;
	const char *explain = control_request_value(r, "explain", "");
	struct sav_target target;
	uint8_t method;

	if (!read_target(control_request_value(r, "target", ""), &target)) {
		text_copy(wrong, size, "whose list? AS64501, or the address of a neighbour");
		return false;
	}
	if (!sav_method_parse(control_request_value(r, "method", "bar"), &method)) {
		text_copy(wrong, size, "method is bar, efp-a or efp-b");
		return false;
	}
	c->query.answer = calloc(1, sizeof(*c->query.answer));
	c->query.sav = sav_new((enum sav_method)method, &target);
	c->gone = sav_end;
	if (c->query.answer == NULL || c->query.sav == NULL) {
		text_copy(wrong, size, "out of memory");
		return false;
	}
	c->query.answer->explain = *explain != '\0';
	if (*explain != '\0' && !ip_prefix_parse(explain, false, &c->query.answer->prefix)) {
		text_copy(wrong, size, "not a prefix; right would be 192.0.2.0/24");
		return false;
	}
	if (*explain != '\0')
		sav_explain(c->query.sav, &c->query.answer->prefix);
	if (control_request_is(r, "invalid", "exclude"))
		sav_no_invalid(c->query.sav);
	control_sav_never(c->query.sav, control->ops->detect(control->ctx));
	sav_asks(c->query.sav, &c->query.asked.sav);
	return true;
}

void
sav_end(struct client *c)
{
	if (c->query.work != NULL)
		sav_work_drop(c->query.work);
	else
		sav_free(c->query.sav);
	sbuf_free(&c->query.facts);
	free(c->query.answer);
	c->query.sav = NULL;
	c->query.work = NULL;
	c->query.answer = NULL;
}

/* --- what is said of a list */

static void
put_head(struct printer *p, const struct sav *s, const struct sav_gaps *g, size_t prefixes)
{
	char text[IP_ADDR_TEXT_MAX];
	size_t n, members;
	const struct sav_session *v = sav_sessions(s, &n);
	struct jw *j;

	(void)sav_members(s, &members);
	printer_row(p, NULL, NULL);
	printer_uint(p, "asn", sav_asn(s));
	printer_string(p, "method", sav_method_name((uint8_t)sav_method_of(s)));
	printer_bool(p, "complete", g->n == 0);
	if (sav_is_without_invalid(s))
		printer_string(p, "invalid", "exclude");
	j = printer_json(p);
	jw_array(j, "gaps");
	for (unsigned i = 0; i < g->n; i++)
		jw_string(j, NULL, g->text[i]);
	jw_end_array(j);
	jw_uint(j, "more_gaps", g->more);
	jw_array(j, "interfaces");
	for (size_t i = 0; i < n; i++) {
		jw_object(j, NULL);
		jw_string(j, "router", v[i].router);
		jw_string(j, "neighbor", ip_addr_format(&v[i].neighbor, text));
		jw_uint(j, "asn", v[i].asn);
		jw_bool(j, "up", v[i].up && v[i].router_up);
		jw_end_object(j);
	}
	jw_end_array(j);
	jw_uint(j, "ases", members);
	jw_uint(j, "prefixes", prefixes);
	printer_end(p);
}

static bool
is_near(const struct ip_prefix *a, const struct ip_prefix *b)
{
	return ip_prefix_covers(a, b) || ip_prefix_covers(b, a);
}

/* How the AS is behind the customer, from it up. */
static void
put_chain(struct jw *j, const struct sav *s, uint32_t asn)
{
	static const char *const whys[] = { "target", "aspa", "path", "origin" };
	const struct sav_member *m = sav_member(s, asn);

	jw_array(j, "behind");
	for (unsigned i = 0; m != NULL && i < CHAIN_MAX; i++) {
		jw_object(j, NULL);
		jw_uint(j, "asn", m->asn);
		jw_string(j, "why", whys[m->why]);
		if (m->provider != 0)
			jw_uint(j, "provider", m->provider);
		jw_end_object(j);
		m = m->provider != 0 ? sav_member(s, m->provider) : NULL;
	}
	jw_end_array(j);
}

static void
put_entries(struct printer *p, const struct sav *s, const struct ip_prefix *about)
{
	char text[IP_PREFIX_TEXT_MAX];
	size_t n;
	const struct sav_entry *v = sav_entries(s, &n);

	for (size_t i = 0; i < n && p->out->len < PIECE; i++) {
		if (!is_near(&v[i].prefix, about))
			continue;
		printer_row(p, NULL, NULL);
		printer_string(p, "entry", ip_prefix_format(&v[i].prefix, text));
		printer_uint(p, "asn", v[i].asn);
		printer_string(p, "source", v[i].source == SAV_FROM_VRP ? "vrp" : "route");
		printer_bool(p, "from_customer", (v[i].seen & SAV_ON_CUSTOMER) != 0);
		printer_bool(p, "from_target", (v[i].seen & SAV_ON_TARGET) != 0);
		put_chain(printer_json(p), s, v[i].asn);
		printer_end(p);
	}
}

static void
put_witnesses(struct printer *p, const struct sav *s)
{
	char text[IP_PREFIX_TEXT_MAX];
	size_t n;
	const struct sav_witness *v = sav_witnesses(s, &n);

	for (size_t i = 0; i < n && p->out->len < 2 * (size_t)PIECE; i++) {
		printer_row(p, NULL, NULL);
		printer_string(p, "witness", ip_prefix_format(&v[i].prefix, text));
		printer_string(p, "router", v[i].router);
		printer_string(p, "neighbor", ip_addr_format(&v[i].neighbor, text));
		printer_uint(p, "asn", v[i].asn);
		printer_uint(p, "origin", v[i].origin);
		printer_bool(p, "customer", v[i].customer);
		printer_bool(p, "target", v[i].target);
		printer_bool(p, "left_out", v[i].left_out);
		if (v[i].invalid)
			printer_bool(p, "invalid", true);
		printer_bool(p, "counts", v[i].origin != 0 && sav_member(s, v[i].origin) != NULL);
		jw_array(printer_json(p), "path");
		for (unsigned k = 0; k < v[i].path_n; k++)
			jw_uint(printer_json(p), NULL, v[i].path[k]);
		jw_end_array(printer_json(p));
		printer_end(p);
	}
}

/* VRPs that cover the prefix, and whose they are. */
static void
put_vrps(struct printer *p, const struct control *control, const struct sav *s,
    const struct ip_prefix *about)
{
	enum { VRPS = 64 };
	struct vrp v[VRPS];
	size_t n = vrp_covering(control->ops->vrps(control->ctx), about, v, VRPS);
	char text[IP_PREFIX_TEXT_MAX];

	for (size_t i = 0; i < n && i < VRPS; i++) {
		printer_row(p, NULL, NULL);
		printer_string(p, "vrp", ip_prefix_format(&v[i].prefix, text));
		printer_uint(p, "asn", v[i].asn);
		printer_bool(p, "counts", sav_method_of(s) == SAV_BAR && sav_member(s, v[i].asn));
		printer_end(p);
	}
}

static void
put_explanation(struct printer *p, const struct control *control, const struct sav *s,
    const struct ip_prefix *about)
{
	char text[IP_PREFIX_TEXT_MAX];
	size_t n;
	const struct ip_prefix *list = sav_prefixes(s, &n);

	printer_row(p, NULL, NULL);
	printer_string(p, "about", ip_prefix_format(about, text));
	printer_bool(p, "permitted", sav_permits(list, n, about));
	printer_end(p);
	put_entries(p, s, about);
	put_vrps(p, control, s, about);
	put_witnesses(p, s);
}

/* --- the answer */

static void
more_prefixes(struct client *c)
{
	struct sav_answer *a = c->query.answer;
	struct sbuf out = sbuf_of(PIECE_MAX);
	char text[IP_PREFIX_TEXT_MAX];
	struct printer p;
	size_t n;
	const struct ip_prefix *list = sav_prefixes(c->query.sav, &n);

	printer_init(&p, &out, PRINTER_JSON);
	for (; a->at < n && !a->explain && out.len < PIECE; a->at++) {
		printer_row(&p, NULL, NULL);
		printer_string(&p, "prefix", ip_prefix_format(&list[a->at], text));
		printer_end(&p);
	}
	client_put_buffer(c, &out);
	if (a->at < n && !a->explain)
		client_turn(c);
	else
		client_done(c);
}

/* A walk was taken in. */
static void
taken_in(void *ctx)
{
	struct client *c = ctx;
	const struct control *control = c->control;
	struct sav *s = c->query.sav;
	struct sbuf out = sbuf_of(PIECE_MAX);
	struct sav_gaps gaps = { 0 };
	struct printer p;
	size_t n;

	c->query.work = NULL;
	if (sav_wants(s) != SAV_WALK_NONE) {
		sav_asks(s, &c->query.asked.sav);
		client_turn(c);
		return;
	}
	sav_gaps(s, control->ops->rpki_state(control->ctx), &gaps);
	control->ops->gaps(control->ctx, &gaps);
	(void)sav_prefixes(s, &n);
	printer_init(&p, &out, PRINTER_JSON);
	put_head(&p, s, &gaps, n);
	if (c->query.answer->explain)
		put_explanation(&p, control, s, &c->query.answer->prefix);
	client_put_buffer(c, &out);
	c->more = more_prefixes;
	client_turn(c);
}

static void
piece_taken_in(void *ctx)
{
	struct client *c = ctx;

	c->query.work = NULL;
	client_turn(c);
}

void
sav_told(struct client *c, const void *data, uint32_t len)
{
	if (c->query.facts.max == 0)
		c->query.facts = sbuf_of(PIECE_MAX);
	sbuf_add(&c->query.facts, data, len);
}

void
sav_piece_told(struct client *c)
{
	if (c->query.facts.len == 0 && !c->query.facts.failed) {
		client_turn(c);
		return;
	}
	if (!c->query.facts.failed)
		c->query.work = sav_work_take(
		    c->control->pipe.loop, c->query.sav, &c->query.facts, piece_taken_in, c);
	if (c->query.work == NULL)
		client_done(c); /* as below */
}

void
sav_goes_on(struct client *c)
{
	const struct control *control = c->control;

	c->query.work = sav_work_start(control->pipe.loop, c->query.sav,
	    control->ops->vrps(control->ctx), control->ops->aspas(control->ctx), taken_in, c);
	if (c->query.work == NULL)
		client_done(
		    c); /* out of memory: the answer is not whole, and whoever asked sees it */
}
