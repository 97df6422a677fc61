/* Counters: those of a router, and the sums over all. */
#include <stdio.h>

#include "collector/show/show_private.h"

static void
json_family_counts(struct jw *j, const struct bmp_counters *c, const char *key, unsigned which)
{
	jw_object(j, key);
	for (unsigned i = 0; i < c->families_n; i++) {
		const struct bmp_family_count *f = &c->families[i];
		uint64_t n = which == 0 ? f->announced : which == 1 ? f->withdrawn : f->end_of_rib;
		char name[24];

		snprintf(name, sizeof(name), "%u/%u", f->family.afi, f->family.safi);
		if (n > 0)
			jw_uint(j, name, n);
	}
	jw_end_object(j);
}

/* The keys are those of `bellman decode --summary`. */
void
show_counters_json(struct jw *j, const struct bmp_counters *c)
{
	jw_uint(j, "bytes", c->bytes);
	jw_object(j, "messages");
	for (unsigned i = 0; i <= BMP_TYPES; i++)
		jw_uint(j, bmp_type_name(i), c->messages[i]);
	jw_end_object(j);
	json_family_counts(j, c, "announced", 0);
	json_family_counts(j, c, "withdrawn", 1);
	json_family_counts(j, c, "end_of_rib", 2);
	jw_object(j, "faults");
	for (int i = 0; i < FAULT_CODES; i++)
		if (c->faults[i] > 0)
			jw_uint(j, fault_name((enum fault_code)i), c->faults[i]);
	jw_end_object(j);
	jw_object(j, "quirks");
	for (int i = 0; i < BMP_QUIRKS; i++)
		if (c->quirks[i] > 0)
			jw_uint(j, bmp_quirk_name((enum bmp_quirk)i), c->quirks[i]);
	jw_end_object(j);
	jw_uint(j, "skipped", c->skipped);
}

void
show_stats_add(struct engine_stats *to, const struct engine_stats *s)
{
	to->routers += s->routers;
	to->routers_up += s->routers_up;
	to->peers_up += s->peers_up;
	to->peers_refused += s->peers_refused;
	to->routes += s->routes;
	to->prefixes += s->prefixes;
	to->blocks += s->blocks;
	to->paths += s->paths;
	to->findings_on += s->findings_on;
	to->findings_off += s->findings_off;
	to->rules_broken += s->rules_broken;
	to->treated_as_withdraw += s->treated_as_withdraw;
	to->refused += s->refused;
	to->bytes += s->bytes;
	to->bytes_nets += s->bytes_nets;
	to->bytes_attrs += s->bytes_attrs;
	to->bytes_routes += s->bytes_routes;
	to->queued += s->queued;
	if (s->leaks > to->leaks) /* every worker knows those of the others */
		to->leaks = s->leaks;
	to->leaks_refused += s->leaks_refused;
	to->survey.moas += s->survey.moas;
	to->survey.prepended += s->survey.prepended;
	to->survey.long_paths += s->survey.long_paths;
	to->survey.many_communities += s->survey.many_communities;
	if (s->rpki_generation > to->rpki_generation)
		to->rpki_generation = s->rpki_generation;
	bmp_counters_add(&to->counters, &s->counters);
}

void
show_stats(const struct engine_stats *s, struct printer *p)
{
	const struct {
		const char *name;
		uint64_t value;
	} rows[] = {
		{ "routers", s->routers },
		{ "routers_up", s->routers_up },
		{ "peers_up", s->peers_up },
		{ "refused_peer_messages", s->peers_refused },
		{ "routes", s->routes },
		{ "prefixes", s->prefixes },
		{ "attribute_blocks", s->blocks },
		{ "as_paths", s->paths },
		{ "table_bytes", s->bytes },
		{ "findings_on", s->findings_on },
		{ "findings_off", s->findings_off },
		{ "routes_marked", s->rules_broken },
		{ "treated_as_withdraw", s->treated_as_withdraw },
		{ "refused_by_limit", s->refused },
		{ "tables_queued", s->queued },
		{ "leaked_routes", s->leaks },
		{ "leaked_routes_refused", s->leaks_refused },
		{ "moas_prefixes", s->survey.moas },
		{ "prepended_routes", s->survey.prepended },
		{ "long_paths", s->survey.long_paths },
		{ "many_communities", s->survey.many_communities },
		{ "rpki_generation", s->rpki_generation },
	};

	struct jw *j = printer_json(p);
	char name[64];

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		printer_figure(p, rows[i].name, rows[i].value);
	if (j != NULL) {
		jw_object(j, "memory");
		jw_uint(j, "nets", s->bytes_nets);
		jw_uint(j, "attributes", s->bytes_attrs);
		jw_uint(j, "routes", s->bytes_routes);
		jw_end_object(j);
		show_counters_json(j, &s->counters);
		return;
	}
	for (unsigned i = 0; i <= BMP_TYPES; i++) {
		snprintf(name, sizeof(name), "messages.%s", bmp_type_name(i));
		printer_figure(p, name, s->counters.messages[i]);
	}
}
