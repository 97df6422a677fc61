/* What there is now: each worker answers for its routers, the rest is answered here. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "collector/control/control_private.h"

/* Queries that are out at once: a worker answers them between what it reads. */
enum { QUERIES_MAX = 4, INCIDENTS_US = 1000 };

/* --- answered by the workers, one after the other, a piece at a time */

static void
print_sums(struct client *c)
{
	struct control *control = c->control;
	struct sbuf out = sbuf_of(PIECE_MAX);
	struct control_figures figures = { 0 };
	struct printer p;

	control->ops->figures(control->ctx, &figures);
	printer_init(&p, &out, c->format);
	statistics_print(control, &p, &figures, &c->query.sum);
	client_put_buffer(c, &out);
}

static void
put_absent(void *ctx, const char *name, const char *address, int64_t since_us)
{
	struct printer *p = ctx;

	printer_row(p, show_verbs[SHOW_ROUTERS].columns, PRINTER_RED);
	printer_string(p, "router", name);
	printer_string(p, "state", "never-seen");
	printer_bool(p, "synced", false);
	printer_time(p, "since", since_us);
	printer_string(p, "down_reason", "");
	printer_string(p, "address", address);
	printer_uint(p, "sessions", 0);
	printer_uint(p, "peers", 0);
	printer_uint(p, "peers_up", 0);
	printer_uint(p, "routes", 0);
	printer_uint(p, "stale", 0);
	printer_end(p);
}

/* What no worker knows: routers that are configured and never came. */
static void
print_absent(struct client *c)
{
	const struct control *control = c->control;
	struct sbuf out = sbuf_of(PIECE_MAX);
	struct printer p;

	printer_init(&p, &out, c->format);
	control->ops->never_came(control->ctx, put_absent, &p);
	client_put_buffer(c, &out);
}

/* Ask for the next piece; when too much is asked for already, later. */
static void
ask_on(struct client *c)
{
	struct control *control = c->control;

	if (control->queries_n >= QUERIES_MAX) {
		queue_put(&control->askers, c);
		return;
	}
	if (++control->next_query == 0)
		control->next_query++;
	if (control->ops->ask_worker(
		control->ctx, c->query.worker, control->next_query, &c->query.asked)) {
		control->queries_n++;
		c->query.id = control->next_query;
		return;
	}
	if (c->query.asked.what == SHOW_SAV) {
		c->query.worker = 0;
		sav_goes_on(c);
		return;
	}
	if (c->query.asked.what == SHOW_STATS)
		print_sums(c);
	else if (c->query.asked.what == SHOW_ROUTERS)
		print_absent(c);
	client_done(c);
}

static void
ask_workers(struct client *c, const struct show_verb *verb)
{
	struct sbuf head = sbuf_of(4096);
	struct printer p;

	client_begin(c);
	printer_init(&p, &head, c->format);
	if (verb->columns != NULL)
		printer_heading(&p, verb->columns);
	client_put_buffer(c, &head);
	c->more = ask_on;
	client_turn(c);
}

static struct client *
client_of(struct control *control, uint32_t id)
{
	for (struct client *c = control->clients; c != NULL; c = c->next)
		if (c->query.id == id)
			return c;
	return NULL;
}

void
control_reply(struct control *control, uint32_t id, const void *data, uint32_t len)
{
	struct client *c = client_of(control, id);
	struct engine_stats one;

	if (c == NULL)
		return;
	if (c->query.asked.what == SHOW_STATS) {
		memcpy(&one, data, sizeof(one));
		show_stats_add(&c->query.sum, &one);
	} else if (c->query.asked.what == SHOW_SAV) {
		sav_told(c, data, len);
	} else {
		client_put(c, data, len);
	}
}

void
control_reply_end(struct control *control, uint32_t id, const struct engine_place *next)
{
	struct client *c = client_of(control, id), *asker;

	control->queries_n--;
	if ((asker = queue_take(&control->askers)) != NULL)
		client_turn(asker);
	if (c == NULL)
		return;
	c->query.id = 0;
	c->query.asked.at = next != NULL ? *next : (struct engine_place){ 0 };
	c->query.worker += next == NULL;
	if (c->query.asked.what == SHOW_SAV)
		sav_piece_told(c);
	else
		client_turn(c);
}

/* --- answered here */

static void
more_incidents(struct client *c)
{
	const struct control *control = c->control;
	int64_t end_us = clock_mono_us() + INCIDENTS_US;
	struct sbuf out = sbuf_of(PIECE_MAX);
	bool more = true;
	struct record_look look = { .colour = c->format == PRINTER_COLOUR,
		.now_us = clock_wall_us() };
	struct record r;

	while (out.len < PIECE && clock_mono_us() < end_us &&
	       (more = control->ops->next_incident(control->ctx, &c->incident, &r)))
		if (record_filter_match(c->filter, &r)) {
			record_line(c->format, &r, &look, &out);
			if (c->query.asked.what == SHOW_INCIDENT && c->format != PRINTER_JSON)
				record_details_to_text(&r, &out);
		}
	client_put_buffer(c, &out);
	if (more)
		client_turn(c);
	else
		client_done(c);
}

static void
show_incidents(struct client *c, const char *filter)
{
	char error[256];

	c->filter = record_filter_new(filter, error, sizeof(error));
	if (c->filter == NULL) {
		client_refuse(c, error);
		return;
	}
	client_begin(c);
	c->more = more_incidents;
	client_turn(c);
}

static void
answer_incidents(struct client *c, const struct control_request *r, const struct ip_prefix *prefix)
{
	(void)prefix;
	show_incidents(c, control_request_value(r, "filter", ""));
}

/* An id, or so much of it that it is one of few. */
static void
answer_incident(struct client *c, const struct control_request *r, const struct ip_prefix *prefix)
{
	enum { LEAST = 4 };
	const char *id = control_request_value(r, "id", "");
	size_t n = strspn(id, "0123456789abcdef");
	char filter[RECORD_ID_MAX + 16];

	(void)prefix;
	if (id[n] != '\0' || n < LEAST || n >= RECORD_ID_MAX) {
		client_refuse(c,
		    "not an id; right would be 32 digits of 0 to 9 and a to f, as "
		    "`bellman show incidents -o json` has them, or some of them in a row");
		return;
	}
	snprintf(filter, sizeof(filter), "id ~ %s", id);
	show_incidents(c, filter);
}

/* The VRPs that cover the prefix: below the line of text, or in the object. */
static void
print_vrps(struct printer *p, const struct vrp_set *vrps, const struct ip_prefix *prefix)
{
	enum { VRPS_SHOWN = 256 };
	struct vrp v[VRPS_SHOWN];
	size_t n = vrp_covering(vrps, prefix, v, VRPS_SHOWN);
	struct sbuf *out = printer_text(p);
	struct jw *j = printer_json(p);
	char text[IP_PREFIX_TEXT_MAX];

	if (j != NULL)
		jw_array(j, "vrps");
	for (size_t i = 0; i < n && i < VRPS_SHOWN; i++) {
		ip_prefix_format(&v[i].prefix, text);
		if (j == NULL) {
			sbuf_printf(out, "\n  %s max %u AS%u", text, v[i].max_len, v[i].asn);
			continue;
		}
		jw_object(j, NULL);
		jw_string(j, "prefix", text);
		jw_uint(j, "max_length", v[i].max_len);
		jw_uint(j, "asn", v[i].asn);
		jw_end_object(j);
	}
	if (j != NULL)
		jw_end_array(j);
}

/* Whether this origin may announce the prefix, by which VRPs (RFC 6811 2), and what they are worth:
 * without data "not-found" says nothing of the ROAs. */
static void
print_validation(struct printer *p, const struct vrp_set *vrps, enum rpki_state worth,
    const struct ip_prefix *prefix, uint32_t asn)
{
	struct rov_result r = vrp_validate(vrps, prefix, true, asn);
	char text[IP_PREFIX_TEXT_MAX];
	struct sbuf *out;

	printer_row(p, NULL, NULL);
	if ((out = printer_text(p)) != NULL)
		sbuf_printf(out, "%s AS%u %s%s%s%s%s", ip_prefix_format(prefix, text), asn,
		    rov_state_name(r.state), r.reason ? " " : "", rov_reason_name(r.reason),
		    worth != RPKI_WHOLE ? ", RPKI data: " : "",
		    worth != RPKI_WHOLE ? rpki_state_name(worth) : "");
	printer_string(p, "prefix", ip_prefix_format(prefix, text));
	printer_uint(p, "origin", asn);
	printer_string(p, "state", rov_state_name(r.state));
	if (r.state == ROV_INVALID)
		printer_string(p, "reason", rov_reason_name(r.reason));
	printer_string(p, "rpki_state", rpki_state_name(worth));
	print_vrps(p, vrps, prefix);
	printer_end(p);
}

/* Of no origin: the VRPs that cover it. */
static void
print_covering(struct printer *p, const struct vrp_set *vrps, enum rpki_state worth,
    const struct ip_prefix *prefix)
{
	char text[IP_PREFIX_TEXT_MAX];
	struct sbuf *out;

	printer_row(p, NULL, NULL);
	if ((out = printer_text(p)) != NULL)
		sbuf_puts(out, ip_prefix_format(prefix, text));
	printer_string(p, "prefix", ip_prefix_format(prefix, text));
	printer_string(p, "rpki_state", rpki_state_name(worth));
	print_vrps(p, vrps, prefix);
	printer_end(p);
}

static void
answer_rpki(struct client *c, const struct control_request *r, const struct ip_prefix *prefix)
{
	const struct control *control = c->control;
	const char *asn = control_request_value(r, "asn", NULL);
	struct sbuf out = sbuf_of(PIECE_MAX);
	struct printer p;

	client_begin(c);
	printer_init(&p, &out, c->format);
	if (prefix == NULL)
		control->ops->rpki_sources(control->ctx, &p);
	else if (asn == NULL)
		print_covering(&p, control->ops->vrps(control->ctx),
		    control->ops->rpki_state(control->ctx), prefix);
	else
		print_validation(&p, control->ops->vrps(control->ctx),
		    control->ops->rpki_state(control->ctx), prefix,
		    (uint32_t)strtoul(strncmp(asn, "AS", 2) == 0 ? asn + 2 : asn, NULL, 10));
	client_put_buffer(c, &out);
	client_done(c);
}

static void
answer_mutes(struct client *c, const struct control_request *r, const struct ip_prefix *prefix)
{
	struct sbuf out = sbuf_of(PIECE_MAX);
	struct printer p;

	(void)r;
	(void)prefix;
	client_begin(c);
	printer_init(&p, &out, c->format);
	printer_heading(&p, show_verbs[SHOW_MUTES].columns);
	c->control->ops->mutes(c->control->ctx, &p);
	client_put_buffer(c, &out);
	client_done(c);
}

static void
answer_case(struct client *c, const struct control_request *r, const struct ip_prefix *prefix)
{
	(void)prefix;
	cases_request(c, r);
}

static void
answer_norms(struct client *c, const struct control_request *r, const struct ip_prefix *prefix)
{
	(void)prefix;
	norms_request(c, r);
}

static void
answer_contacts(struct client *c, const struct control_request *r, const struct ip_prefix *prefix)
{
	(void)r;
	(void)prefix;
	contacts_request(c);
}

static void
answer_own(struct client *c, const struct control_request *r, const struct ip_prefix *prefix)
{
	(void)prefix;
	own_request(c, r);
}

/* --- by name */

static void (*const answers[SHOW_VERBS])(
    struct client *, const struct control_request *, const struct ip_prefix *) = {
	[SHOW_INCIDENTS] = answer_incidents,
	[SHOW_INCIDENT] = answer_incident,
	[SHOW_CASE] = answer_case,
	[SHOW_OWN] = answer_own,
	[SHOW_NORMS] = answer_norms,
	[SHOW_CONTACTS] = answer_contacts,
	[SHOW_RPKI] = answer_rpki,
	[SHOW_MUTES] = answer_mutes,
};

/* NULL when the verb takes no prefix, or can do without one and got none. */
static const char *
prefix_word(const struct show_verb *verb, const struct control_request *r)
{
	for (unsigned i = 0; i < SHOW_KEYS_MAX && verb->keys[i] != NULL; i++)
		if (strcmp(verb->keys[i], "prefix") == 0)
			return control_request_value(
			    r, "prefix", verb->takes == SHOW_TAKES_ALL ? "" : NULL);
	return NULL;
}

void
show_request(struct client *c, const struct control_request *r)
{
	const struct show_verb *verb = show_verb_find(control_request_value(r, "what", ""));
	char names[128], text[320];
	struct show_query *q = &c->query.asked;
	struct ip_prefix prefix;
	const char *word;

	if (verb == NULL) {
		snprintf(
		    text, sizeof(text), "show what? %s", show_verb_names(names, sizeof(names)));
		client_refuse(c, text);
		return;
	}
	if (!wanted_read(r, q, text, sizeof(text))) {
		client_refuse(c, text);
		return;
	}
	word = q->walk ? NULL : prefix_word(verb, r);
	if (word != NULL && !ip_prefix_parse(word, false, &prefix)) {
		client_refuse(c, "not a prefix; right would be 192.0.2.0/24 or 2001:db8::/32");
		return;
	}
	q->what = (uint8_t)(verb - show_verbs);
	q->format = (uint8_t)c->format;
	q->octets = control_request_is(r, "octets", "1");
	if (word != NULL)
		q->prefix = prefix;
	if (q->what == SHOW_WHAT_IF && !edits_read(r, q, text, sizeof(text))) {
		client_refuse(c, text);
		return;
	}
	if (q->what == SHOW_SAV && !sav_begin(c, r, text, sizeof(text))) {
		client_refuse(c, text);
		return;
	}
	if (verb->by_workers)
		ask_workers(c, verb);
	else if (answers[q->what] != NULL)
		answers[q->what](c, r, word != NULL ? &prefix : NULL);
	else
		client_refuse(c, "this verb is not answered here; this is a defect");
}
