#include "collector/config/config.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/pure/text.h"
#include "collector/config/yaml.h"

/* Networks that buy transit from nobody (NLNOG filter guide); peerlock's default. */
static const uint32_t provider_free_default[] = { 174, 701, 1299, 2914, 3257, 3320, 3356, 3491,
	4134, 5511, 6453, 6461, 6762, 6830, 7018 };

static const char *const relations[] = { "none", "customer", "peer", "provider", "rs",
	"rs-client" };

const char *
config_relation_name(uint8_t relation)
{
	return relation <= RELATION_RS_CLIENT ? relations[relation] : relations[0];
}

#define SECTION_OF_NUMBERS(section)                                                                \
	static void read_##section##_number(                                                       \
	    struct loader *l, const char *name, yaml_node_t *v, void *at)                          \
	{                                                                                          \
		(void)at;                                                                          \
		config_number_read(l, #section, name, v);                                          \
	}
SECTION_OF_NUMBERS(limits)
SECTION_OF_NUMBERS(incidents)
SECTION_OF_NUMBERS(journal)
/* --- text */

static void
read_collector(struct loader *l, const char *name, yaml_node_t *v, void *at)
{
	(void)at;
	loader_text(l, v, name, l->config->collector, sizeof(l->config->collector));
}

static void
read_state_dir(struct loader *l, const char *name, yaml_node_t *v, void *at)
{
	(void)at;
	loader_text(l, v, name, l->config->state_dir, sizeof(l->config->state_dir));
}

static void
read_control(struct loader *l, const char *name, yaml_node_t *v, void *at)
{
	(void)at;
	loader_text(l, v, name, l->config->control, sizeof(((struct sockaddr_un *)0)->sun_path));
}

static void
read_workers(struct loader *l, const char *name, yaml_node_t *v, void *at)
{
	(void)at;
	config_number_read(l, "", name, v);
}

static void
read_log(struct loader *l, const char *name, yaml_node_t *v, void *at)
{
	const char *text = loader_scalar(l, v, name);

	(void)at;
	if (text == NULL)
		return;
	if (strcmp(name, "level") == 0) {
		if (!log_level_parse(text, &l->config->log.level))
			loader_error(l, v,
			    "log.level: \"%s\" is none of error, warning, notice, info, debug",
			    text);
	} else if (strcmp(text, "json") == 0 || strcmp(text, "text") == 0) {
		l->config->log.format = text[0] == 'j' ? LOG_JSON : LOG_TEXT;
	} else {
		loader_error(l, v, "log.format: \"%s\" is none of text, json", text);
	}
}

/* --- lists */

static void
read_listen_key(struct loader *l, const char *name, yaml_node_t *v, void *at)
{
	struct config_listen *listen = at;
	uint64_t port;

	if (strcmp(name, "address") == 0)
		loader_address(l, v, "listen.address", &listen->address);
	else if (loader_uint(l, v, "listen.port", 1, 65535, &port))
		listen->port = (uint16_t)port;
}

static void
read_listen_item(struct loader *l, const char *what, yaml_node_t *v, void *at)
{
	static const struct key keys[] = { { "address", read_listen_key },
		{ "port", read_listen_key } };
	struct config *c = l->config;
	struct config_listen *listen;

	(void)at;
	c->listen = loader_grow(c->listen, &c->listen_n, sizeof(*c->listen));
	listen = &c->listen[c->listen_n - 1];
	listen->port = 11019;
	if (loader_mapping(l, v, what, keys, 2, listen) && listen->address.family == IP_NONE &&
	    !l->failed)
		loader_error(l, v,
		    "listen: \"address\" is missing; right would be {address: 0.0.0.0, port: "
		    "11019}");
}

static void
read_router_key(struct loader *l, const char *name, yaml_node_t *v, void *at)
{
	struct config_router *r = at;

	if (strcmp(name, "name") == 0)
		loader_text(l, v, "routers.name", r->name, sizeof(r->name));
	else
		loader_address(l, v, "routers.address", &r->address);
}

static void
read_router_item(struct loader *l, const char *what, yaml_node_t *v, void *at)
{
	static const struct key keys[] = { { "name", read_router_key },
		{ "address", read_router_key } };
	struct config *c = l->config;
	struct config_router *r;

	(void)at;
	c->routers = loader_grow(c->routers, &c->routers_n, sizeof(*c->routers));
	r = &c->routers[c->routers_n - 1];
	if (loader_mapping(l, v, what, keys, 2, r) &&
	    (r->name[0] == '\0' || r->address.family == IP_NONE) && !l->failed)
		loader_error(l, v,
		    "routers: both \"name\" and \"address\" are needed; right would be {name: "
		    "ams1, address: 192.0.2.1}");
}

static void
read_feed_key(struct loader *l, const char *name, yaml_node_t *v, void *at)
{
	struct config_file *f = at;

	if (strcmp(name, "path") == 0)
		loader_text(l, v, "files.path", f->path, sizeof(f->path));
	else
		loader_text(l, v, "files.name", f->name, sizeof(f->name));
}

static void
read_feed_item(struct loader *l, const char *what, yaml_node_t *v, void *at)
{
	static const struct key keys[] = { { "path", read_feed_key }, { "name", read_feed_key } };
	struct config *c = l->config;
	struct config_file *f;

	(void)at;
	c->files = loader_grow(c->files, &c->files_n, sizeof(*c->files));
	f = &c->files[c->files_n - 1];
	if (loader_mapping(l, v, what, keys, 2, f) && f->path[0] == '\0' && !l->failed)
		loader_error(l, v,
		    "files: \"path\" is missing; right would be {path: updates.mrt.gz, name: "
		    "rrc00}");
}

static void
read_neighbor_key(struct loader *l, const char *name, yaml_node_t *v, void *at)
{
	struct config_neighbor *n = at;
	const char *text;

	if (strcmp(name, "asn") == 0) {
		n->has_asn = loader_asn(l, v, "neighbors.asn", &n->asn);
	} else if (strcmp(name, "address") == 0) {
		n->has_address = loader_address(l, v, "neighbors.address", &n->address);
	} else if ((text = loader_scalar(l, v, "neighbors.relation")) != NULL) {
		for (uint8_t r = RELATION_CUSTOMER; r <= RELATION_RS_CLIENT; r++)
			if (strcmp(text, relations[r]) == 0)
				n->relation = r;
		if (n->relation == RELATION_NONE)
			loader_error(l, v,
			    "neighbors.relation: \"%s\" is none of customer, peer, provider, rs, "
			    "rs-client (what the neighbour is to us)",
			    text);
	}
}

static void
read_neighbor_item(struct loader *l, const char *what, yaml_node_t *v, void *at)
{
	static const struct key keys[] = { { "asn", read_neighbor_key },
		{ "address", read_neighbor_key }, { "relation", read_neighbor_key } };
	struct config *c = l->config;
	struct config_neighbor *n;

	(void)at;
	c->neighbors = loader_grow(c->neighbors, &c->neighbors_n, sizeof(*c->neighbors));
	n = &c->neighbors[c->neighbors_n - 1];
	if (loader_mapping(l, v, what, keys, 3, n) && !l->failed &&
	    ((!n->has_asn && !n->has_address) || n->relation == RELATION_NONE))
		loader_error(l, v,
		    "neighbors: \"relation\" and one of \"asn\", \"address\" are needed; right "
		    "would be {asn: 64501, relation: customer}");
}

static void
read_allow_item(struct loader *l, const char *what, yaml_node_t *v, void *at)
{
	struct config *c = l->config;
	struct ip_prefix p;

	(void)at;
	if (!loader_prefix(l, v, what, &p))
		return;
	c->access.allow = loader_grow(c->access.allow, &c->access.allow_n, sizeof(p));
	c->access.allow[c->access.allow_n - 1] = p;
}

static void
read_allow(struct loader *l, const char *name, yaml_node_t *v, void *at)
{
	(void)name;
	loader_sequence(l, v, "access.allow", read_allow_item, at);
}

/* A list of AS numbers. */
struct asns {
	uint32_t **v;
	size_t *n;
};

static void
read_asn_item(struct loader *l, const char *what, yaml_node_t *v, void *at)
{
	struct asns *list = at;
	uint32_t asn;

	if (!loader_asn(l, v, what, &asn))
		return;
	*list->v = loader_grow(*list->v, list->n, sizeof(asn));
	(*list->v)[*list->n - 1] = asn;
}

static void
read_own_key(struct loader *l, const char *name, yaml_node_t *v, void *at)
{
	struct config_own *o = at;
	struct asns list = { &o->origins, &o->origins_n };
	uint64_t len;

	if (strcmp(name, "prefix") == 0)
		loader_prefix(l, v, "own.prefixes.prefix", &o->prefix);
	else if (strcmp(name, "origins") == 0)
		loader_sequence(l, v, "own.prefixes.origins", read_asn_item, &list);
	else if (loader_uint(l, v, "own.prefixes.max_length", 0, 128, &len))
		o->max_length = (uint8_t)len;
}

static void
read_own_item(struct loader *l, const char *what, yaml_node_t *v, void *at)
{
	static const struct key keys[] = { { "prefix", read_own_key }, { "origins", read_own_key },
		{ "max_length", read_own_key } };
	struct config *c = l->config;
	struct config_own *o;

	(void)at;
	c->own.prefixes =
	    loader_grow(c->own.prefixes, &c->own.prefixes_n, sizeof(*c->own.prefixes));
	o = &c->own.prefixes[c->own.prefixes_n - 1];
	if (!loader_mapping(l, v, what, keys, 3, o))
		return;
	if (o->prefix.family == IP_NONE && !l->failed)
		loader_error(l, v,
		    "own.prefixes: \"prefix\" is missing; right would be {prefix: 203.0.113.0/24}");
	if (o->max_length < o->prefix.len)
		o->max_length = o->prefix.len;
}

static void
read_own(struct loader *l, const char *name, yaml_node_t *v, void *at)
{
	struct asns list = { &l->config->own.asns, &l->config->own.asns_n };

	if (strcmp(name, "asns") == 0)
		loader_sequence(l, v, "own.asns", read_asn_item, &list);
	else
		loader_sequence(l, v, "own.prefixes", read_own_item, at);
}

static void
take_provider_free(struct loader *l, const char *name, yaml_node_t *v, void *at)
{
	struct asns list = { &l->config->rules.provider_free, &l->config->rules.provider_free_n };

	(void)name;
	(void)at;
	free(l->config->rules.provider_free); /* the default */
	l->config->rules.provider_free = NULL;
	l->config->rules.provider_free_n = 0;
	loader_sequence(l, v, "rules.clique", read_asn_item, &list);
}

/* --- RPKI */

static void
read_file_item(struct loader *l, const char *what, yaml_node_t *v, void *at)
{
	struct config *c = l->config;

	(void)at;
	c->rpki.files = loader_grow(c->rpki.files, &c->rpki.files_n, sizeof(*c->rpki.files));
	loader_text(l, v, what, c->rpki.files[c->rpki.files_n - 1], CONFIG_PATH_MAX);
}

static void
read_cache_key(struct loader *l, const char *name, yaml_node_t *v, void *at)
{
	struct config_cache *c = at;
	uint64_t n;

	if (strcmp(name, "name") == 0)
		loader_text(l, v, "rpki.caches.name", c->name, sizeof(c->name));
	else if (strcmp(name, "host") == 0)
		loader_text(l, v, "rpki.caches.host", c->host, sizeof(c->host));
	else if (strcmp(name, "port") == 0 && loader_uint(l, v, "rpki.caches.port", 1, 65535, &n))
		c->port = (uint16_t)n;
	else if (strcmp(name, "version") == 0 && loader_uint(l, v, "rpki.caches.version", 0, 1, &n))
		c->version = (uint8_t)n;
}

static void
read_cache_item(struct loader *l, const char *what, yaml_node_t *v, void *at)
{
	static const struct key keys[] = { { "name", read_cache_key }, { "host", read_cache_key },
		{ "port", read_cache_key }, { "version", read_cache_key } };
	struct config *c = l->config;
	struct config_cache *cache;

	(void)at;
	c->rpki.caches = loader_grow(c->rpki.caches, &c->rpki.caches_n, sizeof(*c->rpki.caches));
	cache = &c->rpki.caches[c->rpki.caches_n - 1];
	cache->port = 323;
	cache->version = 1;
	if (!loader_mapping(l, v, what, keys, 4, cache))
		return;
	if (cache->host[0] == '\0' && !l->failed)
		loader_error(l, v,
		    "rpki.caches: \"host\" is missing; right would be {host: 127.0.0.1, port: "
		    "3323}");
	if (cache->name[0] == '\0')
		text_copy(cache->name, sizeof(cache->name), cache->host);
}

static void
read_rpki(struct loader *l, const char *name, yaml_node_t *v, void *at)
{
	if (strcmp(name, "files") == 0)
		loader_sequence(l, v, "rpki.files", read_file_item, at);
	else
		loader_sequence(l, v, "rpki.caches", read_cache_item, at);
}

/* --- Kafka */

static void
read_topic(struct loader *l, const char *name, yaml_node_t *v, void *at)
{
	(void)at;
	if (strcmp(name, "alerts") == 0)
		loader_text(l, v, "kafka.topics.alerts", l->config->kafka.topic_alerts,
		    sizeof(l->config->kafka.topic_alerts));
	else
		loader_text(l, v, "kafka.topics.events", l->config->kafka.topic_events,
		    sizeof(l->config->kafka.topic_events));
}

/* Any key: librdkafka knows them. */
static void
read_properties(struct loader *l, yaml_node_t *v)
{
	struct config *c = l->config;

	if (v->type != YAML_MAPPING_NODE) {
		loader_error(
		    l, v, "kafka.properties should be a map (librdkafka's property: value)");
		return;
	}
	for (yaml_node_pair_t *p = v->data.mapping.pairs.start; p < v->data.mapping.pairs.top;
	     p++) {
		yaml_node_t *key = loader_node(l, p->key), *value = loader_node(l, p->value);
		struct config_property *out;

		c->kafka.properties =
		    loader_grow(c->kafka.properties, &c->kafka.properties_n, sizeof(*out));
		out = &c->kafka.properties[c->kafka.properties_n - 1];
		out->line = (unsigned)key->start_mark.line + 1;
		loader_text(l, key, "a property", out->name, sizeof(out->name));
		loader_text(l, value, out->name, out->value, sizeof(out->value));
	}
}

static void
read_kafka_key(struct loader *l, const char *name, yaml_node_t *v, void *at)
{
	static const struct key topics[] = { { "alerts", read_topic }, { "events", read_topic } };
	const char *text;

	if (strcmp(name, "topics") == 0) {
		loader_mapping(l, v, "kafka.topics", topics, 2, at);
	} else if (strcmp(name, "properties") == 0) {
		read_properties(l, v);
	} else if ((text = loader_scalar(l, v, "kafka.format")) != NULL) {
		l->config->kafka.json = strcmp(text, "json") == 0;
		if (!l->config->kafka.json && strcmp(text, "protobuf") != 0)
			loader_error(l, v, "kafka.format: \"%s\" is none of protobuf, json", text);
	}
}

/* --- the top */

static void
read_section(struct loader *l, const char *name, yaml_node_t *v, void *at)
{
	static const struct key log_keys[] = { { "level", read_log }, { "format", read_log } };
	static const struct key access_keys[] = { { "allow", read_allow } };
	static const struct key limits_keys[] = { { "routers", read_limits_number },
		{ "peers_per_router", read_limits_number }, { "message_bytes", read_limits_number },
		{ "routes", read_limits_number }, { "initiation_s", read_limits_number },
		{ "idle_s", read_limits_number }, { "keepalive_s", read_limits_number },
		{ "stale_s", read_limits_number } };
	static const struct key own_keys[] = { { "asns", read_own }, { "prefixes", read_own } };
	static const struct key rpki_keys[] = { { "files", read_rpki }, { "caches", read_rpki } };
	static const struct key rules_keys[] = { { "clique", take_provider_free } };
	static const struct key incidents_keys[] = { { "hold_ms", read_incidents_number },
		{ "update_s", read_incidents_number }, { "feed_grace_s", read_incidents_number },
		{ "forget_s", read_incidents_number }, { "settle_s", read_incidents_number } };
	static const struct key journal_keys[] = { { "retain_days", read_journal_number },
		{ "max_mb", read_journal_number } };
	static const struct key kafka_keys[] = { { "format", read_kafka_key },
		{ "topics", read_kafka_key }, { "properties", read_kafka_key } };
	static const struct {
		const char *name;
		const struct key *keys;
		size_t n;
	} sections[] = {
#define S(name) { #name, name##_keys, sizeof(name##_keys) / sizeof(name##_keys[0]) }
		S(log), S(access), S(limits), S(own), S(rpki), S(rules), S(incidents), S(journal),
		S(kafka)
#undef S
	};

	if (strcmp(name, "kafka") == 0)
		l->config->kafka.enabled = true;
	for (size_t i = 0; i < sizeof(sections) / sizeof(sections[0]); i++)
		if (strcmp(sections[i].name, name) == 0)
			loader_mapping(l, v, name, sections[i].keys, sections[i].n, at);
}

static void
read_list(struct loader *l, const char *name, yaml_node_t *v, void *at)
{
	loader_sequence(l, v, name,
	    name[0] == 'l'   ? read_listen_item
	    : name[0] == 'r' ? read_router_item
	    : name[0] == 'f' ? read_feed_item
			     : read_neighbor_item,
	    at);
}

static const struct key top_keys[] = { { "collector", read_collector }, { "listen", read_list },
	{ "workers", read_workers }, { "state_dir", read_state_dir }, { "control", read_control },
	{ "log", read_section }, { "access", read_section }, { "limits", read_section },
	{ "routers", read_list }, { "files", read_list }, { "neighbors", read_list },
	{ "own", read_section }, { "rpki", read_section }, { "rules", read_section },
	{ "incidents", read_section }, { "journal", read_section }, { "kafka", read_section } };

static void
set_defaults(struct config *c, const char *name)
{
	text_copy(c->path, sizeof(c->path), name);
	if (gethostname(c->collector, sizeof(c->collector) - 1) != 0)
		text_copy(c->collector, sizeof(c->collector), "bellman");
	text_copy(c->state_dir, sizeof(c->state_dir), "/var/lib/bellman");
	text_copy(c->control, sizeof(c->control), "/run/bellman/control.sock");
	text_copy(c->kafka.topic_alerts, sizeof(c->kafka.topic_alerts), "bmp.alerts.v1");
	text_copy(c->kafka.topic_events, sizeof(c->kafka.topic_events), "bmp.events.v1");
	c->log.level = LOG_INFO;
	config_numbers_default(c);
	for (size_t i = 0; i < sizeof(provider_free_default) / sizeof(provider_free_default[0]);
	     i++) {
		c->rules.provider_free = loader_grow(
		    c->rules.provider_free, &c->rules.provider_free_n, sizeof(uint32_t));
		c->rules.provider_free[i] = provider_free_default[i];
	}
}

/* What can only be said when everything has been read. */
static void
finish(struct loader *l, yaml_node_t *root)
{
	struct config *c = l->config;

	if (c->listen_n == 0) {
		static const char *const any[] = { "0.0.0.0", "::" };

		for (int i = 0; i < 2; i++) {
			c->listen = loader_grow(c->listen, &c->listen_n, sizeof(*c->listen));
			ip_addr_parse(any[i], &c->listen[i].address);
			c->listen[i].port = 11019;
		}
	}
	if (c->collector[0] == '\0')
		loader_error(l, root, "collector: the name is empty");
	for (size_t i = 0; i < c->own.prefixes_n; i++)
		if (c->own.prefixes[i].origins_n == 0 && c->own.asns_n == 0)
			loader_error(l, root,
			    "own.prefixes: neither \"origins\" nor own.asns says who may originate "
			    "them");
}

static void
load_document(struct loader *l, yaml_parser_t *parser)
{
	yaml_node_t *root;

	if (!yaml_parser_load(parser, &l->doc)) {
		l->failed = true;
		sbuf_printf(l->errors, "%s:%zu:%zu: %s%s%s\n", l->name,
		    parser->problem_mark.line + 1, parser->problem_mark.column + 1,
		    parser->context != NULL ? parser->context : "",
		    parser->context != NULL ? ", " : "",
		    parser->problem != NULL ? parser->problem : "cannot be read");
		return;
	}
	root = yaml_document_get_root_node(&l->doc);
	if (root != NULL)
		loader_mapping(l, root, "the configuration", top_keys,
		    sizeof(top_keys) / sizeof(top_keys[0]), NULL);
	finish(l, root);
	yaml_document_delete(&l->doc);
}

struct config *
config_parse(const char *name, const char *text, size_t len, struct sbuf *errors)
{
	struct loader l = {
		.name = name, .errors = errors, .config = calloc(1, sizeof(struct config))
	};
	yaml_parser_t parser;

	if (l.config == NULL || !yaml_parser_initialize(&parser)) {
		free(l.config);
		sbuf_puts(errors, "out of memory\n");
		return NULL;
	}
	set_defaults(l.config, name);
	yaml_parser_set_input_string(&parser, (const unsigned char *)text, len);
	load_document(&l, &parser);
	yaml_parser_delete(&parser);
	if (!l.failed)
		return l.config;
	config_free(l.config);
	return NULL;
}

struct config *
config_load(const char *path, struct sbuf *errors)
{
	struct sbuf text = sbuf_of(16 * 1024 * 1024);
	FILE *f = fopen(path, "r");
	struct config *c = NULL;
	char chunk[8192];
	size_t n;

	if (f == NULL) {
		sbuf_printf(errors, "%s: %s\n", path, strerror(errno));
		return NULL;
	}
	while ((n = fread(chunk, 1, sizeof(chunk), f)) > 0)
		sbuf_add(&text, chunk, n);
	if (ferror(f) || text.failed)
		sbuf_printf(
		    errors, "%s: %s\n", path, text.failed ? "larger than 16 MiB" : strerror(errno));
	else
		c = config_parse(path, sbuf_text(&text), text.len, errors);
	fclose(f);
	sbuf_free(&text);
	return c;
}

void
config_free(struct config *c)
{
	if (c == NULL)
		return;
	free(c->listen);
	free(c->access.allow);
	free(c->routers);
	free(c->files);
	free(c->neighbors);
	free(c->own.asns);
	for (size_t i = 0; i < c->own.prefixes_n; i++)
		free(c->own.prefixes[i].origins);
	free(c->own.prefixes);
	free(c->rpki.files);
	free(c->rpki.caches);
	free(c->rules.provider_free);
	free(c->kafka.properties);
	free(c);
}
