/* What the rules look at: the facts of one route, as much of them as can be found out only once. */
#include "collector/engine/engine_private.h"

/* What the cache of a net holds: a validation result in three bits. */
enum { ROV_CACHED_NOT_FOUND, ROV_CACHED_VALID, ROV_CACHED_ASN, ROV_CACHED_LENGTH };

struct rov_result
engine_rov(
    struct engine *e, uint32_t net, const struct ip_prefix *ip, bool has_origin, uint32_t origin)
{
	static const struct rov_result results[] = {
		[ROV_CACHED_NOT_FOUND] = { ROV_NOT_FOUND, ROV_REASON_NONE },
		[ROV_CACHED_VALID] = { ROV_VALID, ROV_REASON_NONE },
		[ROV_CACHED_ASN] = { ROV_INVALID, ROV_REASON_ASN },
		[ROV_CACHED_LENGTH] = { ROV_INVALID, ROV_REASON_LENGTH },
	};
	uint32_t key = has_origin ? origin : 0; /* AS 0 matches nothing either */
	unsigned value = net_cache_get(&e->rib.nets, net, key);
	struct rov_result r;

	if (value < NET_CACHE_NONE)
		return results[value];
	r = vrp_validate(e->vrps, ip, has_origin, origin);
	for (value = 0; results[value].state != r.state || results[value].reason != r.reason;)
		value++;
	net_cache_put(&e->rib.nets, net, key, value);
	return r;
}

bool
engine_origin(const struct engine *e, const struct table *t, uint32_t block, uint32_t *origin)
{
	uint32_t path = attrs_path(&e->rib.attrs, block);
	struct cursor value;

	if (path != 0 && path_origin(&e->rib.attrs, path, origin))
		return true;
	*origin = t->peer->local_as;
	if (path == 0)
		return *origin != 0;
	value = path_value(&e->rib.attrs, path);
	return cur_left(&value) == 0 && *origin != 0;
}

uint16_t
engine_path_bits(struct engine *e, uint32_t path)
{
	uint16_t generation = detect_generation(e->detect), bits;

	if (path == 0)
		return PATH_EMPTY;
	if (path_verdict(&e->rib.attrs, path, generation, &bits))
		return bits;
	bits = detect_path(e->detect, path_value(&e->rib.attrs, path));
	path_verdict_set(&e->rib.attrs, path, generation, bits);
	return bits;
}

void
engine_facts(struct engine *e, const struct table *t, uint32_t net, const struct ip_prefix *ip,
    uint32_t block, struct route_facts *f)
{
	const struct peer *p = t->peer;
	uint32_t path = attrs_path(&e->rib.attrs, block);
	const struct leak *leak;

	f->prefix = ip;
	f->has_origin = engine_origin(e, t, block, &f->origin);
	f->path = engine_path_bits(e, path);
	/* an empty path of an unknown AS has no origin to validate */
	f->rov = f->path & PATH_EMPTY && !f->has_origin
		     ? (struct rov_result){ ROV_NOT_FOUND, ROV_REASON_NONE }
		     : engine_rov(e, net, ip, f->has_origin, f->origin);
	f->has_otc = attrs_otc(&e->rib.attrs, block, &f->otc);
	f->view = t->view;
	f->relation = p->relation;
	f->local_as = p->local_as;
	f->remote_as = p->as;
	f->inherited = 0;
	if (e->leaks_n > 0 && (leak = leak_of(e, t, net, path)) != NULL)
		f->inherited = leak_rules(leak);
}
