/* Where the configuration contradicts what the lists of networks say: it goes before them, and who
 * has written it may want to know. */
#include "base/clock.h"
#include "collector/config/config.h"
#include "collector/config/options.h"

/* What day the built-in lists are of, in days since 1970 UTC, and how long that is not worth a
 * word.
 */
enum { NETWORKS_DAY = 20758, NETWORKS_GOOD_DAYS = 550 };

static bool
has(const uint32_t *v, size_t n, uint32_t asn)
{
	for (size_t i = 0; i < n; i++)
		if (v[i] == asn)
			return true;
	return false;
}

static void
compare_neighbor(struct loader *l, const yaml_node_t *at, const struct detect_config *d,
    const struct detect_neighbor *n)
{
	if (n->relation == NEIGHBOR_CUSTOMER && has(d->provider_free, d->provider_free_n, n->asn))
		loader_note(l, at,
		    "neighbors: AS%u is a customer, but rules.provider_free says that it buys from "
		    "nobody; the rules take it for one that buys",
		    n->asn);
	if (n->relation == NEIGHBOR_PROVIDER && has(d->no_transit, d->no_transit_n, n->asn))
		loader_note(l, at,
		    "neighbors: AS%u is a provider, but rules.no_transit says that it gives "
		    "transit to nobody; the rules take it for one that gives",
		    n->asn);
}

static void
note_age(struct loader *l, const yaml_node_t *at)
{
	const int64_t day_us = (int64_t)86400 * 1000000;

	if (clock_wall_us() / day_us > NETWORKS_DAY + NETWORKS_GOOD_DAYS)
		loader_note(l, at,
		    "rules.provider_free: the built-in lists of networks are of November 2026, "
		    "which is long ago; relations.as_rel would say where they are wrong");
}

void
networks_compare(
    struct loader *l, const yaml_node_t *file, const struct detect_config *d, bool builtin)
{
	const yaml_node_t *neighbors = loader_value(l, file, "neighbors"),
			  *own = loader_value(l, file, "own"),
			  *rules = loader_value(l, file, "rules");

	for (size_t i = 0; i < d->neighbors_n; i++) {
		const yaml_node_t *at =
		    neighbors != NULL && neighbors->type == YAML_SEQUENCE_NODE
			? loader_node(l, neighbors->data.sequence.items.start[i])
			: file;

		if (d->neighbors[i].has_asn)
			compare_neighbor(l, at, d, &d->neighbors[i]);
	}
	for (size_t i = 0; i < d->own_asns_n; i++)
		if (has(d->provider_free, d->provider_free_n, d->own_asns[i]))
			loader_note(l, own != NULL ? own : file,
			    "own.asns: AS%u is in rules.provider_free, too; no path is judged by "
			    "what is ours",
			    d->own_asns[i]);
	for (size_t i = 0; i < d->no_transit_n; i++)
		if (has(d->provider_free, d->provider_free_n, d->no_transit[i]))
			loader_note(l, rules != NULL ? rules : file,
			    "rules.no_transit: AS%u is in rules.provider_free, too, whose members "
			    "sell transit; right would be one of them",
			    d->no_transit[i]);
	if (builtin)
		note_age(l, rules != NULL ? rules : file);
}
