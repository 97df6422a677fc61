/* Routes that would be another thing to origin validation, as all workers have them together. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/printer.h"
#include "cli/cli.h"
#include "cli/control_rows.h"
#include "cli/what_if/what_if_private.h"
#include "proto/control_request.h"

enum { LISTED_MAX = 1000, ROWS_MAX = 1000000, TEXT_MAX = 1 << 28, ROUTERS_SHOWN = 4 };

struct flip {
	struct ip_prefix prefix;
	const json_t *row;
	unsigned long long routes, routers_n;
	bool ours, customer, invalid;
	const char *routers[ROUTERS_SHOWN];
	unsigned shown;
};

struct flips {
	struct flip *v;
	size_t n;
	/* of those that no worker has listed */
	unsigned long long more, more_routes, more_invalid, more_ours, more_customers;
};

static int
ask(const struct what_if *w, const char *key, const char *words, json_t *rows)
{
	struct sbuf request = sbuf_of(65536);
	bool more;
	int rc;

	control_request_begin(&request, "show");
	control_request_word(&request, "what", "what-if");
	control_request_word(&request, key, words);
	rc = control_rows(w->control.path, &request, rows, ROWS_MAX, &more);
	sbuf_free(&request);
	return rc;
}

static int
ask_roas(const struct what_if *w, json_t *rows)
{
	struct sbuf words = sbuf_of(8192);
	char prefix[IP_PREFIX_TEXT_MAX];
	int rc;

	for (unsigned i = 0; i < w->edits.n; i++)
		sbuf_printf(&words, "%s%c%s-%u:%u", i > 0 ? " " : "",
		    w->edits.v[i].gone ? '-' : '+',
		    ip_prefix_format(&w->edits.v[i].vrp.prefix, prefix), w->edits.v[i].vrp.max_len,
		    w->edits.v[i].vrp.asn);
	rc = ask(w, "vrps", sbuf_text(&words), rows);
	sbuf_free(&words);
	return rc;
}

static int
ask_aspas(const struct what_if *w, json_t *rows)
{
	struct sbuf words = sbuf_of(8192);
	int rc;

	for (unsigned i = 0; i < w->aspas.n; i++) {
		sbuf_printf(&words, "%s%u:", i > 0 ? " " : "", w->aspas.v[i].customer);
		for (unsigned k = 0; k < w->aspas.v[i].providers_n; k++)
			sbuf_printf(&words, "%s%u", k > 0 ? "," : "", w->aspas.v[i].providers[k]);
	}
	rc = ask(w, "aspas", sbuf_text(&words), rows);
	sbuf_free(&words);
	return rc;
}

/* --- together */

static unsigned
weight(const struct flip *f)
{
	return f->invalid && f->ours ? 0 : f->invalid && f->customer ? 1 : f->invalid ? 2 : 3;
}

static int
cmp_key(const struct flip *a, const struct flip *b)
{
	static const char *const keys[] = { "from", "to" };
	long long x = json_integer_value(json_object_get(a->row, "origin")),
		  y = json_integer_value(json_object_get(b->row, "origin"));
	int d = ip_prefix_cmp(&a->prefix, &b->prefix);

	if (d == 0)
		d = (x > y) - (x < y);
	for (size_t i = 0; d == 0 && i < 2; i++)
		d = strcmp(row_text(a->row, keys[i]), row_text(b->row, keys[i]));
	return d;
}

static int
cmp_same(const void *a, const void *b)
{
	return cmp_key(a, b);
}

/* What matters most first. */
static int
cmp_flip(const void *x, const void *y)
{
	const struct flip *a = x, *b = y;

	return weight(a) != weight(b) ? (int)weight(a) - (int)weight(b) : cmp_key(a, b);
}

static void
add(struct flip *to, const struct flip *f)
{
	to->routes += f->routes;
	to->routers_n += f->routers_n;
	to->ours |= f->ours;
	to->customer |= f->customer;
	for (unsigned i = 0; i < f->shown && to->shown < ROUTERS_SHOWN; i++)
		to->routers[to->shown++] = f->routers[i];
}

static struct flip
flip_of(const json_t *row)
{
	const json_t *routers = json_object_get(row, "routers");
	struct flip f = { .row = row,
		.routes = row_number(row, "routes"),
		.routers_n = row_number(row, "router_count"),
		.ours = row_true(row, "ours"),
		.customer = row_true(row, "customer"),
		.invalid = strstr(row_text(row, "to"), "invalid") != NULL };

	ip_prefix_parse(row_text(row, "prefix"), false, &f.prefix);
	for (; f.shown < json_array_size(routers) && f.shown < ROUTERS_SHOWN; f.shown++)
		f.routers[f.shown] = json_string_value(json_array_get(routers, f.shown));
	return f;
}

static bool
collect(const json_t *rows, struct flips *all)
{
	size_t i, n = 0;
	const json_t *row;

	all->v = calloc(json_array_size(rows) + 1, sizeof(*all->v));
	if (all->v == NULL)
		return false;
	json_array_foreach(rows, i, row) {
		if (json_object_get(row, "not_listed") == NULL) {
			all->v[all->n++] = flip_of(row);
			continue;
		}
		all->more += row_number(row, "not_listed");
		all->more_routes += row_number(row, "routes");
		all->more_invalid += row_number(row, "invalid");
		all->more_ours += row_number(row, "ours_invalid");
		all->more_customers += row_number(row, "customers_invalid");
	}
	qsort(all->v, all->n, sizeof(*all->v), cmp_same);
	for (i = 0; i < all->n; i++) {
		if (n > 0 && cmp_key(&all->v[n - 1], &all->v[i]) == 0)
			add(&all->v[n - 1], &all->v[i]);
		else
			all->v[n++] = all->v[i];
	}
	all->n = n;
	qsort(all->v, all->n, sizeof(*all->v), cmp_flip);
	return true;
}

/* --- shown */

static const struct column columns[] = {
	{ "prefix", "PREFIX", -18, 0 },
	{ "origin", "ORIGIN", -10, 0 },
	{ "from", "NOW", -10, 0 },
	{ "to", "THEN", -10, 0 },
	{ "whose", "WHOSE", -8, 0 },
	{ "routes", "ROUTES", 6, 0 },
	{ "on", "ROUTERS", 0, COLUMN_APART },
	{ NULL, NULL, 0, 0 },
};

/* In the width of a column. */
static const char *
short_state(const char *state)
{
	return strcmp(state, "invalid-asn") == 0      ? "invalid-AS"
	       : strcmp(state, "invalid-length") == 0 ? "too-long"
	       : strcmp(state, "aspa-invalid") == 0   ? "aspa-inv."
						      : state;
}

static void
put_flip(struct printer *p, const struct flip *f)
{
	const json_t *origin = json_object_get(f->row, "origin");
	struct sbuf on = sbuf_of(4096);
	struct jw *j;

	printer_row(p, columns, f->invalid && (f->ours || f->customer) ? PRINTER_RED : NULL);
	printer_string(p, "prefix", row_text(f->row, "prefix"));
	if (json_is_integer(origin)) {
		printer_uint(p, "origin", row_number(f->row, "origin"));
		printer_cell(p, "origin", "AS%llu", row_number(f->row, "origin"));
	} else {
		printer_cell(p, "origin", "none");
	}
	printer_string(p, "from", row_text(f->row, "from"));
	printer_string(p, "to", row_text(f->row, "to"));
	printer_cell(p, "from", "%s", short_state(row_text(f->row, "from")));
	printer_cell(p, "to", "%s", short_state(row_text(f->row, "to")));
	printer_string(p, "whose", f->ours ? "ours" : f->customer ? "customer" : "others");
	printer_uint(p, "routes", f->routes);
	for (unsigned i = 0; i < f->shown; i++)
		sbuf_printf(&on, "%s%s", i > 0 ? ", " : "", f->routers[i]);
	if (f->routers_n > f->shown)
		sbuf_printf(&on, " and %llu more", f->routers_n - f->shown);
	printer_cell(p, "on", "%s", sbuf_text(&on));
	if ((j = printer_json(p)) != NULL) {
		jw_uint(j, "router_count", f->routers_n);
		jw_array(j, "routers");
		for (unsigned i = 0; i < f->shown; i++)
			jw_string(j, NULL, f->routers[i]);
		jw_end_array(j);
	}
	printer_end(p);
	sbuf_free(&on);
}

struct sums {
	unsigned long long flips, routes, invalid, ours, customers;
};

static struct sums
sums_of(const struct flips *all)
{
	struct sums s = { all->more, all->more_routes, all->more_invalid, all->more_ours,
		all->more_customers };

	for (size_t i = 0; i < all->n; i++) {
		const struct flip *f = &all->v[i];

		s.flips++;
		s.routes += f->routes;
		s.invalid += f->invalid;
		s.ours += f->invalid && f->ours;
		s.customers += f->invalid && f->customer && !f->ours;
	}
	return s;
}

static void
put_sums(const struct what_if *w, const struct sums *s, struct sbuf *out)
{
	struct printer p;

	if (!w->json) {
		sbuf_printf(out,
		    "%llu prefix%s would flip, in %llu route%s.\nInvalid then: %llu (%llu of ours, "
		    "%llu of customers, %llu of others)\n",
		    s->flips, s->flips == 1 ? "" : "es", s->routes, s->routes == 1 ? "" : "s",
		    s->invalid, s->ours, s->customers, s->invalid - s->ours - s->customers);
		return;
	}
	printer_init(&p, out, PRINTER_JSON);
	printer_row(&p, NULL, NULL);
	printer_uint(&p, "flips", s->flips);
	printer_uint(&p, "routes", s->routes);
	printer_uint(&p, "invalid", s->invalid);
	printer_uint(&p, "ours_invalid", s->ours);
	printer_uint(&p, "customers_invalid", s->customers);
	printer_end(&p);
}

static void
print(const struct what_if *w, const struct flips *all, const struct sums *s)
{
	size_t n = all->n < LISTED_MAX ? all->n : LISTED_MAX;
	struct sbuf out = sbuf_of(TEXT_MAX);
	struct printer p;

	put_sums(w, s, &out);
	printer_init(&p, &out, w->json ? PRINTER_JSON : w->colour ? PRINTER_COLOUR : PRINTER_TEXT);
	if (n > 0 && !w->json) {
		sbuf_putc(&out, '\n');
		printer_heading(&p, columns);
	}
	for (size_t i = 0; i < n; i++)
		put_flip(&p, &all->v[i]);
	if (s->flips > n && !w->json)
		sbuf_printf(&out, "and %llu more\n", s->flips - n);
	fwrite(sbuf_text(&out), 1, out.len, stdout);
	sbuf_free(&out);
}

int
what_if_flips(const struct what_if *w, bool *ours)
{
	json_t *rows = json_array();
	struct flips all = { .n = 0 };
	int rc = CLI_OK;
	struct sums s;

	if (w->edits.n > 0)
		rc = ask_roas(w, rows);
	if (rc == CLI_OK && w->aspas.n > 0)
		rc = ask_aspas(w, rows);
	if (rc == CLI_OK && collect(rows, &all)) {
		s = sums_of(&all);
		*ours |= s.ours > 0;
		print(w, &all, &s);
	}
	free(all.v);
	json_decref(rows);
	return rc;
}
