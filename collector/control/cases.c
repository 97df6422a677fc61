/* Open incidents with the reasons for their severity, as JSON, for `bellman explain` and `bellman
 * what-if`. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/pure/text.h"
#include "collector/control/control_private.h"

enum { PREFIXES_MAX = 10000, ROUTES_MAX = 1000, CASES_US = 1000 };

static void
put_rules(struct jw *j, uint32_t rules)
{
	jw_array(j, "rules");
	for (int i = 0; i < RULES; i++)
		if (rules >> i & 1)
			jw_string(j, NULL, rule_info[i].name);
	jw_end_array(j);
}

static void
put_why(struct jw *j, const struct incident_why *why)
{
	char text[IP_ADDR_TEXT_MAX];

	jw_object(j, "why");
	jw_string(j, "furthest", furthest_name(why->furthest));
	if (why->has_holder) {
		jw_string(j, "router", why->router);
		jw_string(j, "peer",
		    why->peer.family == IP_NONE ? "loc-rib" : ip_addr_format(&why->peer, text));
		jw_uint(j, "peer_as", why->peer_as);
		jw_string(j, "relation", relation_name(why->relation));
	}
	put_rules(j, why->rules);
	jw_array(j, "because");
	for (unsigned i = 0; i < why->because_n; i++)
		jw_string(j, NULL, why->because[i]);
	jw_end_array(j);
	jw_end_object(j);
}

static void
put_prefixes(struct jw *j, const struct ip_prefix *prefixes, unsigned n)
{
	char text[IP_PREFIX_TEXT_MAX];

	jw_array(j, "prefixes");
	for (unsigned i = 0; i < n; i++)
		jw_string(j, NULL, ip_prefix_format(&prefixes[i], text));
	jw_end_array(j);
}

static void
put_route(void *ctx, const struct incident_route *r)
{
	char text[IP_PREFIX_TEXT_MAX];
	struct jw *j = ctx;

	jw_object(j, NULL);
	jw_string(j, "prefix", ip_prefix_format(&r->prefix, text));
	jw_string(j, "router", r->router);
	jw_string(
	    j, "peer", r->peer.family == IP_NONE ? "loc-rib" : ip_addr_format(&r->peer, text));
	jw_uint(j, "peer_as", r->peer_as);
	jw_string(j, "view", record_view_name(r->view));
	jw_uint(j, "path_id", r->path_id);
	jw_time_us(j, "since", r->since_us);
	jw_string(j, "as_path", r->as_path);
	jw_end_object(j);
}

static void
put_routes(struct jw *j, const struct client *c, const char *id)
{
	if (c->cases.routes == 0)
		return;
	jw_array(j, "routes");
	c->control->ops->incident_routes(c->control->ctx, id, c->cases.routes, put_route, j);
	jw_end_array(j);
}

/* {"incident": ..., "why": ..., "prefixes": [...], "routes": [...]} of one that is asked for. */
static void
put_case(const struct client *c, const struct record *r, struct ip_prefix *room, struct sbuf *out)
{
	const struct control *control = c->control;
	unsigned n = room != NULL ? c->cases.prefixes : 0;
	struct incident_why why;
	bool of_routes = control->ops->incident_why(control->ctx, r->incident.id, &why, room, &n);
	struct jw j;

	if (c->cases.rules != 0 && (!of_routes || !(why.rules & c->cases.rules)))
		return;
	sbuf_puts(out, "{\"incident\":");
	record_to_json(r, out);
	sbuf_puts(out, ",\"more\":");
	j = jw_to(out);
	jw_object(&j, NULL);
	if (of_routes) {
		put_why(&j, &why);
		put_prefixes(&j, room, n);
		put_routes(&j, c, r->incident.id);
	}
	jw_end_object(&j);
	sbuf_puts(out, "}\n");
}

static void
more_cases(struct client *c)
{
	const struct control *control = c->control;
	int64_t end_us = clock_mono_us() + CASES_US;
	struct sbuf out = sbuf_of(PIECE_MAX);
	struct ip_prefix *room = calloc(c->cases.prefixes + 1, sizeof(*room));
	size_t n = strlen(c->cases.id);
	bool more = true;
	struct record r;

	while (out.len < PIECE && clock_mono_us() < end_us &&
	       (more = control->ops->next_incident(control->ctx, &c->incident, &r)))
		if (strncmp(r.incident.id, c->cases.id, n) == 0)
			put_case(c, &r, room, &out);
	free(room);
	client_put_buffer(c, &out);
	if (more)
		client_turn(c);
	else
		client_done(c);
}

/* Bits of the rules of these names, with commas between them. false: one is none; it is named. */
static bool
rules_of(const char *names, uint32_t *rules, char *wrong, size_t size)
{
	*rules = 0;
	while (*names != '\0') {
		size_t n = strcspn(names, ",");
		int i = 0;

		while (i < RULES && (strlen(rule_info[i].name) != n ||
					strncmp(rule_info[i].name, names, n) != 0))
			i++;
		if (i == RULES) {
			snprintf(wrong, size, "%.*s", n < size ? (int)n : (int)size - 1, names);
			return false;
		}
		*rules |= 1U << i;
		names += n;
		names += *names == ',';
	}
	return true;
}

static void
refuse_rule(struct client *c, const char *wrong)
{
	char text[1024];
	struct txt t = txt_of(text, sizeof(text));

	txt_puts(&t, "there is no rule \"");
	txt_puts(&t, wrong);
	txt_puts(&t, "\"; right would be ");
	for (int i = 0; i < RULES; i++) {
		txt_puts(&t, i > 0 ? ", " : "");
		txt_puts(&t, rule_info[i].name);
	}
	client_refuse(c, text);
}

void
cases_request(struct client *c, const struct control_request *r)
{
	const char *id = control_request_value(r, "id", "");
	size_t n = strspn(id, "0123456789abcdef");
	unsigned long prefixes = strtoul(control_request_value(r, "prefixes", "0"), NULL, 10);
	unsigned long routes = strtoul(control_request_value(r, "routes", "0"), NULL, 10);
	char wrong[64];

	if (id[n] != '\0' || n >= RECORD_ID_MAX) {
		client_refuse(c, "not an id; right would be 32 digits of 0 to 9 and a to f, or so "
				 "many from the front that it is one");
		return;
	}
	if (!rules_of(
		control_request_value(r, "rule", ""), &c->cases.rules, wrong, sizeof(wrong))) {
		refuse_rule(c, wrong);
		return;
	}
	snprintf(c->cases.id, sizeof(c->cases.id), "%s", id);
	c->cases.prefixes = prefixes < PREFIXES_MAX ? (unsigned)prefixes : PREFIXES_MAX;
	c->cases.routes = routes < ROUTES_MAX ? (unsigned)routes : ROUTES_MAX;
	client_begin(c);
	c->more = more_cases;
	client_turn(c);
}
