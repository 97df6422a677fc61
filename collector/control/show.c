/* What there is now: each worker answers for its routers, the rest is answered here. */
#include <stdlib.h>
#include <string.h>

#include "collector/control/control_private.h"

static const char no_prefix[] = "not a prefix; right would be 192.0.2.0/24 or 2001:db8::/32";

static void
put_ok(struct client *c)
{
	client_put(c, CONTROL_OK, strlen(CONTROL_OK));
}

/* --- answered by the workers */

static void
ask_workers(struct client *c, enum show_what what, const struct ip_prefix *prefix)
{
	struct control *control = c->control;
	struct show_query q = { .what = (uint8_t)what, .json = c->json, .colour = c->colour };
	struct sbuf head = sbuf_of(4096);

	if (prefix != NULL)
		q.prefix = *prefix;
	if (++control->next_query == 0)
		control->next_query++;
	c->query.id = control->next_query;
	c->query.what = q.what;
	c->query.waiting = control->ops->ask_workers(control->ctx, c->query.id, &q);
	put_ok(c);
	show_header(&q, &head);
	client_put(c, head.data, head.len);
	sbuf_free(&head);
}

static void
answer_routes(struct client *c, const struct control_request *r)
{
	struct ip_prefix prefix;

	if (ip_prefix_parse(control_request_value(r, "prefix", ""), false, &prefix))
		ask_workers(c, SHOW_ROUTES, &prefix);
	else
		client_refuse(c, no_prefix);
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

	if (c == NULL || --c->query.waiting > 0)
		return;
	c->query.id = 0;
	if (c->query.what == SHOW_STATS) {
		control->ops->figures(control->ctx, &figures);
		statistics_put(&figures, &c->query.sum, c->json, &out);
	}
	client_finish(c, &out);
}

/* --- answered here */

static void
answer_incidents(struct client *c, const struct control_request *r)
{
	const struct control *control = c->control;
	struct sbuf out = sbuf_of(ANSWER_MAX);
	char error[256];
	struct record rec;

	c->filter = record_filter_new(control_request_value(r, "filter", ""), error, sizeof(error));
	if (c->filter == NULL) {
		client_refuse(c, error);
		return;
	}
	put_ok(c);
	for (uint32_t i = 0; control->ops->incident(control->ctx, i, &rec); i++)
		if (record_filter_match(c->filter, &rec))
			record_line(c, &rec, &out);
	client_finish(c, &out);
}

/* Whether this origin may announce the prefix, and by which VRPs (RFC 6811 2). */
static void
validate(const struct client *c, const struct ip_prefix *p, uint32_t asn, struct sbuf *out)
{
	const struct vrp_set *vrps = c->control->ops->vrps(c->control->ctx);
	struct rov_result r = vrp_validate(vrps, p, true, asn);
	struct vrp v[64];
	size_t n = vrp_covering(vrps, p, v, 64);
	char text[IP_PREFIX_TEXT_MAX];
	struct jw j = jw_to(out);

	if (!c->json) {
		sbuf_printf(out, "%s AS%u %s%s%s\n", ip_prefix_format(p, text), asn,
		    rov_state_name(r.state), r.reason ? " " : "", rov_reason_name(r.reason));
		for (size_t i = 0; i < n && i < 64; i++)
			sbuf_printf(out, "  %s max %u AS%u\n", ip_prefix_format(&v[i].prefix, text),
			    v[i].max_len, v[i].asn);
		return;
	}
	jw_object(&j, NULL);
	jw_string(&j, "prefix", ip_prefix_format(p, text));
	jw_uint(&j, "origin", asn);
	jw_string(&j, "state", rov_state_name(r.state));
	if (r.state == ROV_INVALID)
		jw_string(&j, "reason", rov_reason_name(r.reason));
	jw_array(&j, "vrps");
	for (size_t i = 0; i < n && i < 64; i++) {
		jw_object(&j, NULL);
		jw_string(&j, "prefix", ip_prefix_format(&v[i].prefix, text));
		jw_uint(&j, "max_length", v[i].max_len);
		jw_uint(&j, "asn", v[i].asn);
		jw_end_object(&j);
	}
	jw_end_array(&j);
	jw_end_object(&j);
	sbuf_putc(out, '\n');
}

static void
answer_rpki(struct client *c, const struct control_request *r)
{
	const struct control *control = c->control;
	const char *prefix = control_request_value(r, "prefix", NULL);
	const char *asn = control_request_value(r, "asn", "0");
	struct sbuf out = sbuf_of(ANSWER_MAX);
	struct ip_prefix p;

	if (prefix != NULL && !ip_prefix_parse(prefix, false, &p)) {
		client_refuse(c, no_prefix);
		return;
	}
	put_ok(c);
	if (prefix == NULL)
		control->ops->rpki_sources(control->ctx, c->json, &out);
	else
		validate(c, &p,
		    (uint32_t)strtoul(strncmp(asn, "AS", 2) == 0 ? asn + 2 : asn, NULL, 10), &out);
	client_finish(c, &out);
}

void
show_request(struct client *c, const struct control_request *r)
{
	if (control_request_is(r, "what", "incidents"))
		answer_incidents(c, r);
	else if (control_request_is(r, "what", "rpki"))
		answer_rpki(c, r);
	else if (control_request_is(r, "what", "routers"))
		ask_workers(c, SHOW_ROUTERS, NULL);
	else if (control_request_is(r, "what", "peers"))
		ask_workers(c, SHOW_PEERS, NULL);
	else if (control_request_is(r, "what", "routes"))
		answer_routes(c, r);
	else if (control_request_is(r, "what", "stats"))
		ask_workers(c, SHOW_STATS, NULL);
	else
		client_refuse(c,
		    "show what? routers, peers, incidents, routes PREFIX, rpki [PREFIX ASN], "
		    "stats");
}
