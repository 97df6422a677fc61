/* What there is now: each worker answers for its routers, the rest is answered here. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "collector/control/control_private.h"

/* --- answered by the workers */

static void
ask_workers(struct client *c, const struct show_verb *verb, const struct ip_prefix *prefix)
{
	struct control *control = c->control;
	struct show_query q = { .what = c->query.what, .format = (uint8_t)c->format };
	struct sbuf head = sbuf_of(4096);
	struct printer p;

	if (prefix != NULL)
		q.prefix = *prefix;
	if (++control->next_query == 0)
		control->next_query++;
	c->query.id = control->next_query;
	c->query.waiting = control->ops->ask_workers(control->ctx, c->query.id, &q);
	sbuf_puts(&head, CONTROL_OK);
	printer_init(&p, &head, c->format);
	if (verb->columns != NULL)
		printer_heading(&p, verb->columns);
	client_put(c, head.data, head.len);
	sbuf_free(&head);
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
	if (c->query.what == SHOW_STATS) {
		memcpy(&one, data, sizeof(one));
		show_stats_add(&c->query.sum, &one);
	} else {
		client_put(c, data, len);
	}
}

void
control_reply_end(struct control *control, uint32_t id)
{
	struct client *c = client_of(control, id);
	struct sbuf out = sbuf_of(ANSWER_MAX);
	struct control_figures figures = { 0 };
	struct printer p;

	if (c == NULL || --c->query.waiting > 0)
		return;
	c->query.id = 0;
	if (c->query.what == SHOW_STATS) {
		control->ops->figures(control->ctx, &figures);
		printer_init(&p, &out, c->format);
		statistics_print(&p, &figures, &c->query.sum);
	}
	client_finish(c, &out);
}

/* --- answered here */

static void
answer_incidents(struct client *c, const struct control_request *r, const struct ip_prefix *prefix)
{
	const struct control *control = c->control;
	struct sbuf out = sbuf_of(ANSWER_MAX);
	char error[256];
	struct record rec;

	(void)prefix;
	c->filter = record_filter_new(control_request_value(r, "filter", ""), error, sizeof(error));
	if (c->filter == NULL) {
		client_refuse(c, error);
		return;
	}
	sbuf_puts(&out, CONTROL_OK);
	for (uint32_t i = 0; control->ops->incident(control->ctx, i, &rec); i++)
		if (record_filter_match(c->filter, &rec))
			record_line(c, &rec, &out);
	client_finish(c, &out);
}

/* Whether this origin may announce the prefix, and by which VRPs (RFC 6811 2). */
static void
print_validation(
    struct printer *p, const struct vrp_set *vrps, const struct ip_prefix *prefix, uint32_t asn)
{
	struct rov_result r = vrp_validate(vrps, prefix, true, asn);
	struct vrp v[64];
	size_t n = vrp_covering(vrps, prefix, v, 64);
	char text[IP_PREFIX_TEXT_MAX];
	struct sbuf *out;
	struct jw *j;

	printer_row(p, NULL, NULL);
	if ((out = printer_text(p)) != NULL)
		sbuf_printf(out, "%s AS%u %s%s%s", ip_prefix_format(prefix, text), asn,
		    rov_state_name(r.state), r.reason ? " " : "", rov_reason_name(r.reason));
	printer_string(p, "prefix", ip_prefix_format(prefix, text));
	printer_uint(p, "origin", asn);
	printer_string(p, "state", rov_state_name(r.state));
	if (r.state == ROV_INVALID)
		printer_string(p, "reason", rov_reason_name(r.reason));
	if ((j = printer_json(p)) != NULL)
		jw_array(j, "vrps");
	for (size_t i = 0; i < n && i < 64; i++) {
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
	printer_end(p);
}

static void
answer_rpki(struct client *c, const struct control_request *r, const struct ip_prefix *prefix)
{
	const struct control *control = c->control;
	const char *asn = control_request_value(r, "asn", "0");
	struct sbuf out = sbuf_of(ANSWER_MAX);
	struct printer p;

	sbuf_puts(&out, CONTROL_OK);
	printer_init(&p, &out, c->format);
	if (prefix == NULL)
		control->ops->rpki_sources(control->ctx, &p);
	else
		print_validation(&p, control->ops->vrps(control->ctx), prefix,
		    (uint32_t)strtoul(strncmp(asn, "AS", 2) == 0 ? asn + 2 : asn, NULL, 10));
	client_finish(c, &out);
}

/* --- by name */

static void (*const answers[SHOW_VERBS])(
    struct client *, const struct control_request *, const struct ip_prefix *) = {
	[SHOW_INCIDENTS] = answer_incidents,
	[SHOW_RPKI] = answer_rpki,
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
	char names[128], text[160];
	struct ip_prefix prefix;
	const char *word;

	if (verb == NULL) {
		snprintf(
		    text, sizeof(text), "show what? %s", show_verb_names(names, sizeof(names)));
		client_refuse(c, text);
		return;
	}
	word = prefix_word(verb, r);
	if (word != NULL && !ip_prefix_parse(word, false, &prefix)) {
		client_refuse(c, "not a prefix; right would be 192.0.2.0/24 or 2001:db8::/32");
		return;
	}
	c->query.what = (uint8_t)(verb - show_verbs);
	if (verb->by_workers)
		ask_workers(c, verb, word != NULL ? &prefix : NULL);
	else if (answers[c->query.what] != NULL)
		answers[c->query.what](c, r, word != NULL ? &prefix : NULL);
	else
		client_refuse(c, "this verb is not answered here; this is a defect");
}
