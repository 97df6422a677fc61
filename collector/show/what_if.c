/* What other VRPs would make of the routes there are, and what we originate, as JSON. */
#include "collector/show/show_private.h"

enum { LISTED_MAX = 1000 }; /* of one worker; the rest is counted */

struct asking {
	struct engine_place *at;
	struct printer *printer;
	/* of those that are not listed */
	uint64_t rows, routes, ours_invalid, customers_invalid, invalid;
};

static void
put_state(struct jw *j, const char *key, struct rov_result r)
{
	jw_string(
	    j, key, r.state == ROV_INVALID ? rov_reason_name(r.reason) : rov_state_name(r.state));
}

static void
put_states(struct jw *j, const struct engine_flip *x)
{
	if (!x->aspa) {
		put_state(j, "from", x->before);
		put_state(j, "to", x->after);
		return;
	}
	jw_string(j, "from", x->aspa_invalid ? "aspa-ok" : "aspa-invalid");
	jw_string(j, "to", x->aspa_invalid ? "aspa-invalid" : "aspa-ok");
}

static void
count(struct asking *a, const struct engine_flip *x)
{
	bool invalid = x->aspa ? x->aspa_invalid : x->after.state == ROV_INVALID;

	a->rows++;
	a->routes += x->routes;
	a->invalid += invalid;
	a->ours_invalid += invalid && x->ours;
	a->customers_invalid += invalid && x->of_customer && !x->ours;
}

static bool
each_flip(void *ctx, const struct engine_flip *x)
{
	struct asking *a = ctx;
	struct printer *p = a->printer;
	char text[IP_PREFIX_TEXT_MAX];
	struct jw *j;

	if (a->at->listed >= LISTED_MAX) {
		count(a, x);
		return true;
	}
	a->at->listed++;
	printer_row(p, NULL, NULL);
	printer_string(p, "prefix", ip_prefix_format(&x->prefix, text));
	j = printer_json(p);
	if (x->has_origin)
		jw_uint(j, "origin", x->origin);
	else
		jw_null(j, "origin");
	put_states(j, x);
	jw_bool(j, "ours", x->ours);
	jw_bool(j, "customer", x->of_customer);
	jw_uint(j, "routes", x->routes);
	jw_uint(j, "router_count", x->routers_n);
	jw_array(j, "routers");
	for (unsigned i = 0; i < x->routers_n && i < ENGINE_FLIP_ROUTERS_MAX; i++)
		jw_string(j, NULL, x->routers[i]);
	jw_end_array(j);
	printer_end(p);
	return p->out->len < SHOW_PIECE;
}

bool
show_what_if_rows(struct engine *e, struct show_query *q, struct printer *p)
{
	struct asking a = { .at = &q->at, .printer = p };
	bool more = q->edits.n > 0 ? engine_what_if(e, &q->edits, &q->at, each_flip, &a)
				   : engine_what_if_aspa(e, &q->aspas, &q->at, each_flip, &a);

	if (a.rows == 0)
		return more;
	printer_row(p, NULL, NULL);
	printer_uint(p, "not_listed", a.rows);
	printer_uint(p, "routes", a.routes);
	printer_uint(p, "invalid", a.invalid);
	printer_uint(p, "ours_invalid", a.ours_invalid);
	printer_uint(p, "customers_invalid", a.customers_invalid);
	printer_end(p);
	return more;
}

static bool
each_originated(void *ctx, const struct engine_originated *o)
{
	struct printer *p = ctx;
	char text[IP_PREFIX_TEXT_MAX];
	struct jw *j;

	printer_row(p, NULL, NULL);
	printer_string(p, "prefix", ip_prefix_format(&o->prefix, text));
	printer_uint(p, "origin", o->origin);
	printer_bool(p, "passed_on", o->passed_on);
	printer_bool(p, "own", o->own);
	j = printer_json(p);
	put_state(j, "rov", o->rov);
	jw_array(j, "vrps");
	for (size_t i = 0; i < o->vrps_n && i < ENGINE_ORIGINATED_VRPS_MAX; i++) {
		jw_object(j, NULL);
		jw_string(j, "prefix", ip_prefix_format(&o->vrps[i].prefix, text));
		jw_uint(j, "max_length", o->vrps[i].max_len);
		jw_uint(j, "asn", o->vrps[i].asn);
		jw_end_object(j);
	}
	jw_end_array(j);
	printer_end(p);
	return p->out->len < SHOW_PIECE;
}

bool
show_originated_rows(struct engine *e, struct show_query *q, struct printer *p)
{
	return engine_originated(e, &q->at, each_originated, p);
}

static bool
each_neighbor_origin(void *ctx, const struct engine_neighbor_origin *o)
{
	struct printer *p = ctx;
	char text[IP_PREFIX_TEXT_MAX];

	printer_row(p, NULL, NULL);
	printer_string(p, "prefix", ip_prefix_format(&o->prefix, text));
	printer_uint(p, "asn", o->asn);
	put_state(printer_json(p), "rov", o->rov);
	printer_end(p);
	return p->out->len < SHOW_PIECE;
}

bool
show_neighbor_origin_rows(struct engine *e, struct show_query *q, struct printer *p)
{
	return engine_neighbor_origins(e, &q->at, each_neighbor_origin, p);
}
