#include "collector/config/options.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/un.h>

#include "base/clock.h"
#include "base/pure/mail.h"
#include "collector/config/caches.h"
#include "collector/config/config.h"
#include "collector/config/http_rows.h"
#include "collector/config/networks.h"
#include "collector/config/option_rows.h"
#include "proto/record.h"

/* --- words of the choices */

static const char *
log_level_word(uint64_t value)
{
	return log_level_name((enum log_level)value);
}

static const char *
log_format_word(uint64_t value)
{
	return value == LOG_JSON ? "json" : "text";
}

static const char *
relation_word(uint64_t value)
{
	return relation_name((uint8_t)value);
}

static const char *
sav_method_word(uint64_t value)
{
	return sav_method_name((uint8_t)value);
}

static const char *
rtr_version_word(uint64_t value)
{
	static const char *const words[] = { "0", "1", "2", "auto" };

	return words[value];
}

static const char *
tls_verify_word(uint64_t value)
{
	return value == TLS_BY_ADDRESS ? "address" : "name";
}

static const char *
rule_word(uint64_t value)
{
	return rule_info[value].name;
}

/* Rules, and behind them what else can be turned off. */
static const char *
kind_word(uint64_t value)
{
	return value < RULES ? rule_word(value) : watch_names[value - RULES];
}

static const char *
severity_word(uint64_t value)
{
	return severity_name((uint8_t)value);
}

static const char *
whose_word(uint64_t value)
{
	return whose_name((uint8_t)value);
}

static const char *
switch_word(uint64_t value)
{
	return value != 0 ? "on" : "off";
}

static const char *
infer_word(uint64_t value)
{
	return infer_name((uint8_t)value);
}

static const char *
furthest_word(uint64_t value)
{
	return furthest_name((uint8_t)value);
}

static const char *
kafka_format_word(uint64_t value)
{
	return value == KAFKA_JSON ? "json" : "protobuf";
}

/* --- what one row cannot say */

static void
finish_own_prefix(struct loader *l, yaml_node_t *node, void *filled)
{
	struct detect_own *own = filled;
	const yaml_node_t *written = loader_value(l, node, "max_length");
	unsigned longest = ip_bits(own->prefix.family);
	char prefix[IP_PREFIX_TEXT_MAX];

	if (written == NULL || l->failed)
		return;
	if (own->max_length < own->prefix.len || own->max_length > longest)
		loader_error(l, written,
		    "own.prefixes.max_length: %u is no length inside %s; right would be %u to %u",
		    own->max_length, ip_prefix_format(&own->prefix, prefix), own->prefix.len,
		    longest);
}

static void
finish_own(struct loader *l, yaml_node_t *node, void *filled)
{
	const struct config *c = filled;
	const struct detect_config *d = &c->coordinator.detect;

	if (!l->failed && d->confederation_n > 0 && d->own_asns_n == 0)
		loader_error(l, node,
		    "own.confederation: own.asns is missing; right would be the AS of the "
		    "confederation as others see it, asns: [64500]");
}

static void
finish_exception(struct loader *l, yaml_node_t *node, void *filled)
{
	const int64_t day_us = (int64_t)86400 * 1000000;
	const struct detect_exception *x = filled;
	char day[DATE_TEXT_MAX];

	if (!l->failed && x->has_until && x->until < clock_wall_us() / day_us)
		loader_note(l, node,
		    "rules.exceptions: this one ended with %s, and is ignored (%s)",
		    date_format(x->until, day), x->why);
}

static unsigned
line_of(const yaml_node_t *node)
{
	return (unsigned)node->start_mark.line + 1;
}

/* Element i of the list under that key of the map, to point at it. */
static const yaml_node_t *
element(struct loader *l, const yaml_node_t *map, const char *key, size_t i)
{
	const yaml_node_t *list = loader_value(l, map, key);

	return list != NULL && list->type == YAML_SEQUENCE_NODE
		   ? loader_node(l, list->data.sequence.items.start[i])
		   : map;
}

static const char neighbor_lacking[] = "\"relation\" (or \"name\", \"contact\", \"max_prefix\", "
				       "\"lists\") "
				       "and one of \"asn\", \"address\" are needed; right "
				       "would be {asn: 64501, relation: customer}";

static void
finish_neighbor(struct loader *l, yaml_node_t *node, void *filled)
{
	const struct detect_neighbor *n = filled;

	if (!l->failed && !n->has_relation && !n->has_max_prefix && !n->has_max_prefix_ipv6 &&
	    n->name[0] == '\0' && n->contact[0] == '\0' && n->lists_n == 0)
		loader_error(l, node, "neighbors: %s", neighbor_lacking);
	if (!l->failed && n->lists_n > 0 && !n->has_asn)
		loader_error(l, node,
		    "neighbors: \"lists\" are of an AS; right would be {asn: 64501, lists: "
		    "[as64501.json]}");
}

/* By who it is: the address where there is one, else the AS. */
static int
compare_neighbors(const struct detect_neighbor *a, const struct detect_neighbor *b)
{
	if (a->has_address != b->has_address)
		return a->has_address - b->has_address;
	if (a->has_address)
		return memcmp(&a->address, &b->address, sizeof(a->address));
	return (a->asn > b->asn) - (a->asn < b->asn);
}

/* Indexes, in order of what they stand for, and as they are written. */
static int
by_neighbor(const void *a, const void *b, void *ctx)
{
	const struct detect_config *d = ctx;
	size_t i = *(const size_t *)a, k = *(const size_t *)b;
	int order = compare_neighbors(&d->neighbors[i], &d->neighbors[k]);

	return order != 0 ? order : (i > k) - (i < k);
}

static int
by_own(const void *a, const void *b, void *ctx)
{
	const struct detect_config *d = ctx;
	size_t i = *(const size_t *)a, k = *(const size_t *)b;
	int order = ip_prefix_cmp(&d->own[i].prefix, &d->own[k].prefix);

	return order != 0 ? order : (i > k) - (i < k);
}

/* NULL when there is nothing to order. */
static size_t *
ordered(size_t n, int (*compare)(const void *, const void *, void *), const struct detect_config *d)
{
	size_t *v = n > 1 ? malloc(n * sizeof(*v)) : NULL;

	if (v == NULL)
		return NULL;
	for (size_t i = 0; i < n; i++)
		v[i] = i;
	qsort_r(v, n, sizeof(*v), compare, (void *)(uintptr_t)d);
	return v;
}

static void
neighbor_twice(
    struct loader *l, yaml_node_t *node, const struct detect_neighbor *n, size_t i, size_t before)
{
	char text[IP_ADDR_TEXT_MAX];

	snprintf(text, sizeof(text), "AS%u", n->asn);
	if (n->has_address)
		ip_addr_format(&n->address, text);
	loader_error(l, element(l, node, "neighbors", i),
	    "neighbors: %s is there already, in line %u", text,
	    line_of(element(l, node, "neighbors", before)));
}

/* What is written twice: a neighbour is one thing to us, and of a prefix all that is said holds. */
static void
find_twice(struct loader *l, yaml_node_t *node, const struct detect_config *d)
{
	const yaml_node_t *own = loader_value(l, node, "own");
	size_t *v = ordered(d->neighbors_n, by_neighbor, d);
	char text[IP_PREFIX_TEXT_MAX];

	for (size_t i = 1; v != NULL && i < d->neighbors_n; i++)
		if (compare_neighbors(&d->neighbors[v[i - 1]], &d->neighbors[v[i]]) == 0)
			neighbor_twice(l, node, &d->neighbors[v[i]], v[i], v[i - 1]);
	free(v);
	v = ordered(d->own_n, by_own, d);
	for (size_t i = 1; v != NULL && i < d->own_n; i++)
		if (ip_prefix_cmp(&d->own[v[i - 1]].prefix, &d->own[v[i]].prefix) == 0)
			loader_note(l, element(l, own != NULL ? own : node, "prefixes", v[i]),
			    "own.prefixes: %s is there already, in line %u; what either "
			    "allows is allowed",
			    ip_prefix_format(&d->own[v[i]].prefix, text),
			    line_of(element(l, own != NULL ? own : node, "prefixes", v[i - 1])));
	free(v);
}

/* A rule that is off is no dry-run. */
static void
find_off(struct loader *l, yaml_node_t *node, const struct detect_config *d)
{
	for (size_t i = 0; i < d->dry_run_n; i++)
		for (size_t k = 0; k < d->off_n; k++)
			if (d->dry_run[i] == d->off[k])
				loader_error(l, element(l, node, "dry_run", i),
				    "rules.dry_run: %s is in rules.off, too; right would be one of "
				    "them",
				    kind_word(d->off[k]));
}

static bool
is_same_view(const struct severity_by_view *a, const struct severity_by_view *b)
{
	return a->view == b->view && a->has_rule == b->has_rule && a->rule == b->rule;
}

static void
finish_rules(struct loader *l, yaml_node_t *node, void *filled)
{
	const struct config *c = filled;
	const struct severity_by_view *v = c->severity_by_view;

	if (l->failed)
		return;
	find_off(l, node, &c->coordinator.detect);
	for (size_t i = 1; i < c->severity_by_view_n; i++)
		for (size_t k = 0; k < i; k++)
			if (is_same_view(&v[i], &v[k])) {
				loader_error(l, element(l, node, "severity_by_view", i),
				    "rules.severity_by_view: %s of %s is there already, in line %u",
				    furthest_name(v[i].view),
				    v[i].has_rule ? rule_info[v[i].rule].name : "every rule",
				    line_of(element(l, node, "severity_by_view", k)));
				break;
			}
}

static void
finish_file(struct loader *l, yaml_node_t *node, void *filled)
{
	const struct config *c = filled;
	const struct detect_config *d = &c->coordinator.detect;

	if (c->coordinator.records.collector[0] == '\0')
		loader_error(l, node, "collector: the name is empty");
	for (size_t i = 0; i < d->own_n; i++)
		if (d->own[i].origins_n == 0 && d->own_asns_n == 0)
			loader_error(l, node,
			    "own.prefixes: neither \"origins\" nor own.asns says who may originate "
			    "them");
	if (!l->failed)
		find_twice(l, node, d);
	if (!l->failed)
		networks_compare(l, node, d, d->provider_free == provider_free_default);
}

enum {
	NAME_MAX_OCTETS = 63,
	PATH_MAX_OCTETS = 255,
	TOPIC_MAX = 127,
	WHY_MAX_OCTETS = 255,
	HOST_MAX_OCTETS = 253
};

/* --- elements of lists */

static const struct option asn_row = { .type = OPTION_ASN };
static const struct option prefix_row = { .type = OPTION_PREFIX };
static const struct option community_row = { .type = OPTION_COMMUNITY };
static const struct option name_row = { .type = OPTION_TEXT, .max = NAME_MAX_OCTETS };
static const struct option path_row = { .type = OPTION_TEXT, .max = PATH_MAX_OCTETS };

static const struct option listen_rows[] = {
	{ ADDRESS("address", struct listen_address, address), NEEDED },
	{ NUMBER("port", struct listen_address, port, 1, 65535, 11019) },
};
static const struct option listen_row = { ROWS(listen_rows),
	.lacking = "\"address\" is missing; right would be {address: 0.0.0.0, port: 11019}" };
static const struct listen_address listen_default[] = { { { .family = IP_V4 }, 11019 },
	{ { .family = IP_V6 }, 11019 } };

/* Recorded BMP of any kind; the name is the router's, and "" stands for what the file says. */
static const struct option recording_rows[] = {
	{ TEXT("path", struct recording_file, path, PATH_MAX_OCTETS, ""), NEEDED },
	{ TEXT("name", struct recording_file, name, NAME_MAX_OCTETS, "") },
};
static const struct option recording_row = { ROWS(recording_rows),
	.lacking = "\"path\" is missing; right would be {path: updates.mrt.gz, name: rrc00}" };

static const struct option router_rows[] = {
	{ TEXT("name", struct router_identity, name, NAME_MAX_OCTETS, ""), NEEDED },
	{ ADDRESS("address", struct router_identity, address), NEEDED },
};
static const struct option router_row = { ROWS(router_rows),
	.lacking = "both \"name\" and \"address\" are needed; right would be {name: ams1, address: "
		   "192.0.2.1}" };

static const struct option neighbor_rows[] = {
	{ ADDRESS("address", struct detect_neighbor, address), ONE_NEEDED,
	    GIVEN(struct detect_neighbor, has_address) },
	{ ASN("asn", struct detect_neighbor, asn), ONE_NEEDED,
	    GIVEN(struct detect_neighbor, has_asn) },
	{ CHOICE("relation", struct detect_neighbor, relation, relation_word, NEIGHBOR_CUSTOMER,
	      RELATIONS - 1, NEIGHBOR_UNKNOWN),
	    GIVEN(struct detect_neighbor, has_relation), .note = " (what the neighbour is to us)" },
	{ TEXT("name", struct detect_neighbor, name, NAME_MAX_OCTETS, ""),
	    GIVEN(struct detect_neighbor, has_name) },
	{ TEXT("contact", struct detect_neighbor, contact, NAME_MAX_OCTETS, ""),
	    GIVEN(struct detect_neighbor, has_contact) },
	{ NUMBER("max_prefix", struct detect_neighbor, max_prefix, 0, 100000000, 0),
	    GIVEN(struct detect_neighbor, has_max_prefix) },
	{ NUMBER("max_prefix_ipv6", struct detect_neighbor, max_prefix_ipv6, 0, 100000000, 0),
	    GIVEN(struct detect_neighbor, has_max_prefix_ipv6) },
	{ LIST("lists", struct detect_neighbor, lists, char *const, path_row),
	    GIVEN(struct detect_neighbor, has_lists) },
};
static const struct option neighbor_row = { ROWS(neighbor_rows), .finish = finish_neighbor,
	.lacking = neighbor_lacking };

static const struct option own_rows[] = {
	{ PREFIX("prefix", struct detect_own, prefix), NEEDED },
	{ NUMBER("max_length", struct detect_own, max_length, 0, 128, 0),
	    GIVEN(struct detect_own, has_max_length) },
	{ LIST("origins", struct detect_own, origins, uint32_t, asn_row), .flow = true },
	{ LIST("scrubbers", struct detect_own, scrubbers, uint32_t, asn_row), .flow = true },
};
static const struct option own_row = { ROWS(own_rows), .finish = finish_own_prefix,
	.lacking = "\"prefix\" is missing; right would be {prefix: 203.0.113.0/24}" };

static const struct option tls_rows[] = {
	{ TEXT("ca", struct rtr_cache, tls.ca, PATH_MAX_OCTETS, ""), NEEDED },
	{ CHOICE("verify", struct rtr_cache, tls.verify, tls_verify_word, TLS_BY_NAME,
	    TLS_BY_ADDRESS, TLS_BY_NAME) },
	{ TEXT("name", struct rtr_cache, tls.name, HOST_MAX_OCTETS, "") },
	{ TEXT("certificate", struct rtr_cache, tls.certificate, PATH_MAX_OCTETS, "") },
	{ TEXT("key", struct rtr_cache, tls.key, PATH_MAX_OCTETS, "") },
};
static const struct option cache_rows[] = {
	{ TEXT("name", struct rtr_cache, name, NAME_MAX_OCTETS, "") },
	{ TEXT("host", struct rtr_cache, host, NAME_MAX_OCTETS, ""), NEEDED },
	{ NUMBER("port", struct rtr_cache, port, 1, 65535, 323) },
	{ CHOICE("version", struct rtr_cache, version, rtr_version_word, 0, RTR_VERSION_AUTO,
	    RTR_VERSION_AUTO) },
	{ NUMBER("preference", struct rtr_cache, preference, 0, 255, 0),
	    GIVEN(struct rtr_cache, has_preference) },
	{ SECTION("tls", tls_rows), GIVEN(struct rtr_cache, has_tls),
	    .lacking = cache_tls_lacking },
};
static const struct option cache_row = { ROWS(cache_rows), .finish = cache_finish,
	.lacking = "\"host\" is missing; right would be {host: 127.0.0.1, port: 3323}" };

/* --- sections */

static const struct option log_rows[] = {
	{ CHOICE(
	    "level", struct config, log.level, log_level_word, LOG_ERROR, LOG_DEBUG, LOG_INFO) },
	{ CHOICE(
	    "format", struct config, log.format, log_format_word, LOG_TEXT, LOG_JSON, LOG_TEXT) },
};

static const struct option access_rows[] = {
	{ LIST("allow", struct config, coordinator.access.allow, struct ip_prefix, prefix_row),
	    GIVEN(struct config, coordinator.access.allow_given) },
};

static const struct option limits_rows[] = {
	{ NUMBER("routers", struct config, coordinator.sessions.sessions_max, 1, 100000, 2000) },
	{ NUMBER("per_address", struct config, coordinator.sessions.per_address, 0, 100000, 0) },
	{ NUMBER("peers_per_router", struct config, coordinator.worker.engine.peers_per_router, 1,
	      1000000, 10000),
	    RESTART },
	{ NUMBER("message_bytes", struct config, coordinator.worker.engine.message_max, 65583,
	      16777216, 1048576),
	    RESTART },
	{ NUMBER("routes", struct config, coordinator.worker.engine.rib.routes, 1000, 1000000000,
	      100000000),
	    RESTART },
	{ NUMBER("attributes_mb", struct config, coordinator.worker.engine.rib.account_octets, 0,
	      10000000, 1024),
	    .unit = 1024 * 1024, RESTART },
	{ NUMBER("initiation_s", struct config, coordinator.sessions.initiation_s, 0, 86400, 60),
	    RESTART },
	{ NUMBER("idle_s", struct config, coordinator.worker.idle_s, 0, 31536000, 0), RESTART },
	{ NUMBER("keepalive_s", struct config, coordinator.worker.keepalive_s, 0, 86400, 60),
	    RESTART },
	{ NUMBER("stale_s", struct config, coordinator.worker.engine.stale_s, 1, 31536000, 300),
	    RESTART },
	{ NUMBER(
	      "forget_s", struct config, coordinator.worker.engine.forget_s, 1, 31536000, 604800),
	    RESTART },
	{ NUMBER("behind_s", struct config, coordinator.behind_s, 1, 86400, 60) },
};

static const struct option own_section_rows[] = {
	{ LIST("asns", struct config, coordinator.detect.own_asns, uint32_t, asn_row),
	    .flow = true },
	{ LIST("confederation", struct config, coordinator.detect.confederation, uint32_t, asn_row),
	    .flow = true },
	{ LIST("siblings", struct config, coordinator.detect.own_siblings, uint32_t, asn_row),
	    .flow = true },
	{ LIST("upstreams", struct config, coordinator.detect.upstreams, uint32_t, asn_row),
	    .flow = true },
	{ LIST("blackhole_communities", struct config, coordinator.detect.blackholes,
	      struct detect_community, community_row),
	    .flow = true },
	{ CHOICE("derive", struct config, coordinator.detect.derive, switch_word, 0, 1, 1) },
	{ LIST("prefixes", struct config, coordinator.detect.own, struct detect_own, own_row) },
};

static const struct option bogons_rows[] = {
	{ LIST("delegated", struct config, coordinator.delegated.files, char *const, path_row) },
	{ NUMBER("max_age_days", struct config, coordinator.delegated.max_age_days, 0, 36500, 7) },
};

static const struct option lists_rows[] = {
	{ NUMBER("max_age_days", struct config, coordinator.lists_max_age_days, 0, 36500, 14) },
};

static const struct option relations_rows[] = {
	{ CHOICE("infer", struct config, coordinator.detect.infer.mode, infer_word, 0, INFERS - 1,
	    INFER_ON) },
	{ NUMBER(
	    "infer_after_s", struct config, coordinator.detect.infer.after_s, 0, 31536000, 600) },
	{ NUMBER("infer_table", struct config, coordinator.detect.infer.table_at, 10, 100000000,
	    50000) },
	{ TEXT("as_rel", struct config, coordinator.as_rel, PATH_MAX_OCTETS, ""),
	    GIVEN(struct config, coordinator.has_as_rel) },
};

static const struct option rpki_rows[] = {
	{ LIST("files", struct config, coordinator.rpki.files, char *const, path_row) },
	{ LIST("caches", struct config, coordinator.rpki.caches, struct rtr_cache, cache_row) },
	{ LIST("slurm", struct config, coordinator.rpki.slurm, char *const, path_row) },
	{ NUMBER("settle_s", struct config, rpki_settle_s, 0, 86400, 0) },
	{ NUMBER("switch_s", struct config, coordinator.rpki.limits.switch_s, 0, 86400, 30) },
	{ NUMBER("max_age_s", struct config, coordinator.rpki.max_age_s, 0, 31536000, 86400) },
	{ NUMBER(
	    "max_loss_percent", struct config, coordinator.rpki.limits.loss.percent, 1, 100, 10) },
	{ NUMBER("max_loss", struct config, coordinator.rpki.limits.loss.least, 1, 100000000, 50) },
	{ NUMBER("max_invalid", struct config, coordinator.rpki.limits.max_invalid, 0, 100000000,
	    1000) },
	{ NUMBER("hold_s", struct config, coordinator.rpki.limits.hold_s, 0, 31536000, 3600) },
};

static const struct option peerlock_rows[] = {
	{ ASN("asn", struct detect_peerlock, asn), NEEDED },
	{ LIST("via", struct detect_peerlock, via, uint32_t, asn_row), .flow = true },
};
static const struct option peerlock_row = { ROWS(peerlock_rows),
	.lacking = "\"asn\" is needed; right would be {asn: 15169, via: [64510]}" };

static const struct option siblings_row = { LIST(
    NULL, struct detect_siblings, asns, uint32_t, asn_row) };

static const struct option kind_row = { .type = OPTION_CHOICE,
	.size = sizeof(uint8_t),
	.word = kind_word,
	.max = (int)RULES + (int)WATCHES - 1 };

static const struct option exception_rows[] = {
	{ CHOICE("rule", struct detect_exception, rule, rule_word, 0, RULES - 1, 0),
	    GIVEN(struct detect_exception, has_rule) },
	{ PREFIX("prefix", struct detect_exception, prefix), ONE_NEEDED,
	    GIVEN(struct detect_exception, has_prefix) },
	{ ASN("origin", struct detect_exception, origin), ONE_NEEDED,
	    GIVEN(struct detect_exception, has_origin) },
	{ ASN("neighbor", struct detect_exception, neighbor), ONE_NEEDED,
	    GIVEN(struct detect_exception, has_neighbor) },
	{ DATE("until", struct detect_exception, until),
	    GIVEN(struct detect_exception, has_until) },
	{ TEXT("why", struct detect_exception, why, WHY_MAX_OCTETS, ""), NEEDED },
};
static const struct option exception_row = { ROWS(exception_rows), .finish = finish_exception,
	.lacking = "\"why\" and one of \"prefix\", \"origin\", \"neighbor\" are needed; right "
		   "would be {rule: rov.invalid.length, prefix: 203.0.113.0/24, until: 2036-12-31, "
		   "why: \"ROA is being changed\"}" };

#define SEVERITY_MAX(kind, rule)                                                                   \
	CHOICE(kind, struct config, coordinator.incident.severity_max[rule], severity_word,        \
	    SEVERITY_INFO, SEVERITY_CRITICAL, SEVERITY_CRITICAL)

#define SEVERITY_MAX_ROW(rule, name, group, doer, action, norm) { SEVERITY_MAX(name, RULE_##rule) },
static const struct option severity_max_rows[] = { EACH_RULE(SEVERITY_MAX_ROW) };

static const struct option severity_by_view_rows[] = {
	{ CHOICE("view", struct severity_by_view, view, furthest_word, 0, FURTHESTS - 1, 0),
	    NEEDED },
	{ CHOICE("rule", struct severity_by_view, rule, rule_word, 0, RULES - 1, 0),
	    GIVEN(struct severity_by_view, has_rule) },
	{ CHOICE("severity", struct severity_by_view, severity, severity_word, SEVERITY_INFO,
	      SEVERITY_CRITICAL, SEVERITY_INFO),
	    NEEDED },
};
static const struct option severity_by_view_row = { ROWS(severity_by_view_rows),
	.lacking = "both \"view\" and \"severity\" are needed; right would be {view: filtered, "
		   "severity: info, rule: hijack.exact}" };

#define FOR(kind, of)                                                                              \
	CHOICE(kind, struct config, coordinator.detect.whose[of], whose_word, WHOSE_ALL,           \
	    WHOSES - 1, WHOSE_ALL)

#define FOR_ROW(rule, name, group, doer, action, norm) { FOR(name, RULE_##rule) },
static const struct option for_rows[] = { EACH_RULE(FOR_ROW) };

static const struct option rules_rows[] = {
	{ LIST("off", struct config, coordinator.detect.off, uint8_t, kind_row), .flow = true },
	{ LIST("dry_run", struct config, coordinator.detect.dry_run, uint8_t, kind_row),
	    .flow = true },
	{ NUMBER("burst_at", struct config, coordinator.detect.burst_at, 0, 65535, 64) },
	{ LIST("exceptions", struct config, coordinator.detect.exceptions, struct detect_exception,
	    exception_row) },
	{ SECTION("for", for_rows), .flow = true },
	{ SECTION("severity_max", severity_max_rows), .flow = true },
	{ LIST("severity_by_view", struct config, severity_by_view, struct severity_by_view,
	    severity_by_view_row) },
	{ LIST("provider_free", struct config, coordinator.detect.provider_free, uint32_t, asn_row),
	    .alias = "clique", .flow = true, DEFAULT_LIST(provider_free_default) },
	{ LIST("no_transit", struct config, coordinator.detect.no_transit, uint32_t, asn_row),
	    .flow = true, DEFAULT_LIST(no_transit_default) },
	{ LIST("carriers", struct config, coordinator.detect.carriers, uint32_t, asn_row),
	    .flow = true, DEFAULT_LIST(carriers_default) },
	{ LIST("peerlock", struct config, coordinator.detect.peerlock, struct detect_peerlock,
	    peerlock_row) },
	{ LIST("siblings", struct config, coordinator.detect.siblings, struct detect_siblings,
	      siblings_row),
	    .flow = true, DEFAULT_LIST(siblings_default) },
	{ LIST("bogons_allowed", struct config, coordinator.detect.bogons_allowed, struct ip_prefix,
	      prefix_row),
	    .flow = true },
	{ LIST("bogon_asns_allowed", struct config, coordinator.detect.bogon_asns_allowed, uint32_t,
	      asn_row),
	    .flow = true },
	{ LIST("vrfs", struct config, coordinator.detect.vrfs, char *const, name_row),
	    .flow = true },
};

static const struct option sav_rows[] = {
	{ LIST("watch", struct config, coordinator.sav.asns, uint32_t, asn_row), .flow = true },
	{ CHOICE("method", struct config, coordinator.sav.method, sav_method_word, 0,
	    SAV_METHODS - 1, SAV_BAR) },
	{ NUMBER("every_s", struct config, coordinator.sav.every_s, 1, 86400, 300) },
	{ NUMBER("shrink_percent", struct config, coordinator.sav.shrink_percent, 0, 100, 5) },
	{ CHOICE("exclude_invalid", struct config, coordinator.sav.exclude_invalid, switch_word, 0,
	    1, 0) },
};

static const struct option contacts_rows[] = {
	{ LIST("files", struct config, coordinator.contacts.files, char *const, path_row) },
	{ NUMBER("max_age_days", struct config, coordinator.contacts.max_age_days, 0, 36500, 730) },
	{ TEXT("name", struct config, coordinator.contacts.name, NAME_MAX_OCTETS, ""),
	    GIVEN(struct config, has_contacts_name) },
	{ TEXT("email", struct config, coordinator.contacts.email, NAME_MAX_OCTETS, ""),
	    GIVEN(struct config, has_contacts_email) },
	{ TEXT("phone", struct config, coordinator.contacts.phone, NAME_MAX_OCTETS, ""),
	    GIVEN(struct config, has_contacts_phone) },
};

/* It goes into the header of mail. */
static void
finish_contacts(struct loader *l, yaml_node_t *node, void *filled)
{
	const struct config *c = filled;
	const yaml_node_t *written = loader_value(l, node, "email");

	if (written != NULL && !l->failed && !mail_address_ok(c->coordinator.contacts.email))
		loader_error(l, written,
		    "contacts.email: \"%s\" is no address; right would be noc@example.net",
		    c->coordinator.contacts.email);
}

#define WATCH(key, member, least, most, otherwise)                                                 \
	{                                                                                          \
		NUMBER(key, struct config, coordinator.watch.member, least, most, otherwise)       \
	}

/* of the workers */
#define WATCH_ROUTES(key, member, least, most, otherwise)                                          \
	{                                                                                          \
		NUMBER(                                                                            \
		    key, struct config, coordinator.worker.engine.member, least, most, otherwise), \
		    RESTART                                                                        \
	}

static const struct option watch_rows[] = {
	WATCH("warm_up_s", volume.warm_up_s, 1, 86400, 300),
	WATCH("within_s", volume.within_s, 1, 86400, 300),
	WATCH("surge_at", volume.surge_least, 1, 100000000, 1000),
	WATCH("surge_percent", volume.surge_percent, 0, 10000, 20),
	WATCH("loss_at", volume.loss_least, 1, 100000000, 100),
	WATCH("loss_percent", volume.loss_percent, 1, 100, 50),
	WATCH("loss_hold_s", volume.hold_s, 0, 86400, 60),
	WATCH("max_prefix_percent", max_prefix_percent, 1, 100, 80),
	WATCH("flaps", flaps.flaps, 1, FLAPS_MAX, 3),
	WATCH("flaps_within_s", flaps.window_s, 1, 86400, 600),
	WATCH("flaps_quiet_s", flaps.quiet_s, 1, 86400, 600),
	WATCH("down_s", flaps.down_s, 0, 86400, 120),
	{ NUMBER("visibility_hold_s", struct config, coordinator.visibility.hold_s, 1, 86400, 90) },
	WATCH_ROUTES("differ_at", differ_least, 1, 100000000, 100),
	WATCH_ROUTES("differ_percent", differ_percent, 0, 100, 5),
	WATCH_ROUTES("differ_s", differ_s, 1, 86400, 1800),
	WATCH_ROUTES("rov_mismatch_at", rov_mismatch_least, 1, 100000000, 10),
	WATCH_ROUTES("rov_mismatch_s", rov_mismatch_s, 1, 86400, 3600),
};

static const struct option incidents_rows[] = {
	{ NUMBER("hold_ms", struct config, coordinator.incident.hold_ms, 0, 600000, 2000) },
	{ NUMBER("update_s", struct config, coordinator.incident.update_s, 1, 86400, 300) },
	{ NUMBER("feed_grace_s", struct config, coordinator.incident.feed_grace_s, 0, 86400, 30) },
	{ NUMBER("forget_s", struct config, coordinator.incident.forget_s, 60, 31536000, 604800) },
	{ NUMBER("settle_s", struct config, coordinator.incident.settle_s, 1, 86400, 120) },
	{ NUMBER("group_at", struct config, coordinator.incident.group_at, 1, 1000000, 8) },
	{ NUMBER("large_at", struct config, coordinator.incident.large_at, 2, 100000000, 1000) },
	{ CHOICE("baseline", struct config, coordinator.incident.baseline, switch_word, 0, 1, 1) },
};

static const struct option journal_rows[] = {
	{ NUMBER("retain_days", struct config, coordinator.records.retain_days, 0, 36500, 30),
	    RESTART },
	{ NUMBER("max_mb", struct config, coordinator.records.retain_octets, 0, 10000000, 1024),
	    .unit = 1024 * 1024, RESTART },
};

static const struct option topics_rows[] = {
	{ TEXT("alerts", struct config, coordinator.records.kafka.topic_alerts, TOPIC_MAX,
	    "bmp.alerts.v1") },
	{ TEXT("events", struct config, coordinator.records.kafka.topic_events, TOPIC_MAX,
	    "bmp.events.v1") },
};

/* Kafka's own rules for names of topics. */
static bool
is_topic(const char *name)
{
	static const char letters[] =
	    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-";

	return name[strspn(name, letters)] == '\0' && strcmp(name, ".") != 0 &&
	       strcmp(name, "..") != 0;
}

static void
finish_kafka(struct loader *l, yaml_node_t *node, void *filled)
{
	struct kafka_config *c = &((struct config *)filled)->coordinator.records.kafka;
	const char *const topics[] = { c->topic_alerts, c->topic_events };
	const yaml_node_t *place = node;

	for (size_t i = 0; i < sizeof(topics) / sizeof(topics[0]); i++)
		if (!is_topic(topics[i]))
			loader_error(l, node,
			    "kafka.topics: \"%s\" is no name of a topic; right would be letters, "
			    "digits, \".\", \"_\" and \"-\"",
			    topics[i]);
	for (const yaml_node_pair_t *p = node->data.mapping.pairs.start;
	     p < node->data.mapping.pairs.top; p++) {
		const yaml_node_t *key = loader_node(l, p->key);

		if (key->type == YAML_SCALAR_NODE &&
		    strcmp((const char *)key->data.scalar.value, "properties") == 0)
			place = key;
	}
	c->line = (unsigned)place->start_mark.line + 1;
	c->column = (unsigned)place->start_mark.column + 1;
}

static const struct option kafka_rows[] = {
	{ CHOICE("format", struct config, coordinator.records.kafka.format, kafka_format_word,
	    KAFKA_PROTOBUF, KAFKA_JSON, KAFKA_PROTOBUF) },
	{ SECTION("topics", topics_rows), .flow = true },
	{ .name = "properties",
	    .type = OPTION_PROPERTIES,
	    COUNTED(struct config, coordinator.records.kafka.properties, struct kafka_property) },
};

/* --- the file */

static const struct option file_rows[] = {
	{ TEXT("collector", struct config, coordinator.records.collector, NAME_MAX_OCTETS, NULL),
	    RESTART },
	{ TEXT("state_dir", struct config, state_dir, PATH_MAX_OCTETS, "/var/lib/bellman"),
	    RESTART },
	{ TEXT("control", struct config, coordinator.control_path,
	      sizeof(((struct sockaddr_un *)0)->sun_path) - 1, "/run/bellman/control.sock"),
	    RESTART },
	{ LIST("listen", struct config, coordinator.listen, struct listen_address, listen_row),
	    DEFAULT_LIST(listen_default), .filled = true, RESTART },
	{ NUMBER("workers", struct config, workers, 0, 64, 0), RESTART },
	{ SECTION("http", http_rows), .finish = http_finish },
	{ SECTION("log", log_rows), .flow = true },
	{ SECTION("access", access_rows) },
	{ SECTION("limits", limits_rows) },
	{ LIST("files", struct config, coordinator.files, struct recording_file, recording_row),
	    RESTART },
	{ LIST("routers", struct config, coordinator.access.routers, struct router_identity,
	    router_row) },
	{ LIST("neighbors", struct config, coordinator.detect.neighbors, struct detect_neighbor,
	    neighbor_row) },
	{ TEXT("neighbors_file", struct config, coordinator.neighbors_file, PATH_MAX_OCTETS, ""),
	    GIVEN(struct config, coordinator.has_neighbors_file) },
	{ SECTION("neighbor_lists", lists_rows) },
	{ SECTION("own", own_section_rows), .finish = finish_own },
	{ SECTION("rpki", rpki_rows) },
	{ SECTION("relations", relations_rows) },
	{ SECTION("bogons", bogons_rows) },
	{ SECTION("rules", rules_rows), .finish = finish_rules },
	{ SECTION("watch", watch_rows) },
	{ SECTION("incidents", incidents_rows) },
	{ SECTION("sav", sav_rows) },
	{ SECTION("contacts", contacts_rows), .finish = finish_contacts },
	{ SECTION("journal", journal_rows) },
	{ SECTION("kafka", kafka_rows), .finish = finish_kafka,
	    GIVEN(struct config, coordinator.records.kafka_enabled) },
};

const struct option config_options = { ROWS(file_rows), .finish = finish_file };
