/* A configuration in words: whole, as YAML, and what of it needs a restart. */
#include <string.h>

#include "collector/config/yaml.h"

static bool
is_secret(const char *name)
{
	return strstr(name, "password") != NULL || strstr(name, "secret") != NULL ||
	       strstr(name, "key.pem") != NULL || strstr(name, "sasl.oauthbearer.config") != NULL;
}

static void
dump_asns(struct sbuf *out, const uint32_t *v, size_t n)
{
	sbuf_putc(out, '[');
	for (size_t i = 0; i < n; i++)
		sbuf_printf(out, "%s%u", i > 0 ? ", " : "", v[i]);
	sbuf_putc(out, ']');
}

static void
dump_lists(const struct config *c, struct sbuf *out)
{
	char text[IP_PREFIX_TEXT_MAX];

	for (size_t i = 0; i < c->files_n; i++)
		sbuf_printf(out, "%s  - {path: \"%s\", name: \"%s\"}\n", i == 0 ? "files:\n" : "",
		    c->files[i].path, c->files[i].name);
	for (size_t i = 0; i < c->routers_n; i++)
		sbuf_printf(out, "%s  - {name: \"%s\", address: \"%s\"}\n",
		    i == 0 ? "routers:\n" : "", c->routers[i].name,
		    ip_addr_format(&c->routers[i].address, text));
	for (size_t i = 0; i < c->neighbors_n; i++) {
		sbuf_puts(out, i == 0 ? "neighbors:\n  - {" : "  - {");
		if (c->neighbors[i].has_address)
			sbuf_printf(out, "address: \"%s\", ",
			    ip_addr_format(&c->neighbors[i].address, text));
		if (c->neighbors[i].has_asn)
			sbuf_printf(out, "asn: %u, ", c->neighbors[i].asn);
		sbuf_printf(out, "relation: %s}\n", config_relation_name(c->neighbors[i].relation));
	}
	sbuf_puts(out, "own:\n  asns: ");
	dump_asns(out, c->own.asns, c->own.asns_n);
	sbuf_putc(out, '\n');
	for (size_t i = 0; i < c->own.prefixes_n; i++) {
		sbuf_printf(out, "%s    - {prefix: \"%s\", max_length: %u, origins: ",
		    i == 0 ? "  prefixes:\n" : "",
		    ip_prefix_format(&c->own.prefixes[i].prefix, text),
		    c->own.prefixes[i].max_length);
		dump_asns(out, c->own.prefixes[i].origins, c->own.prefixes[i].origins_n);
		sbuf_puts(out, "}\n");
	}
}

static void
dump_kafka(const struct config *c, struct sbuf *out)
{
	if (!c->kafka.enabled)
		return;
	sbuf_printf(out, "kafka:\n  format: %s\n  topics: {alerts: \"%s\", events: \"%s\"}\n",
	    c->kafka.json ? "json" : "protobuf", c->kafka.topic_alerts, c->kafka.topic_events);
	for (size_t i = 0; i < c->kafka.properties_n; i++)
		sbuf_printf(out, "%s    %s: \"%s\"\n", i == 0 ? "  properties:\n" : "",
		    c->kafka.properties[i].name,
		    is_secret(c->kafka.properties[i].name) ? "********"
							   : c->kafka.properties[i].value);
}

void
config_dump(const struct config *c, struct sbuf *out)
{
	char text[IP_PREFIX_TEXT_MAX];

	sbuf_printf(out, "collector: \"%s\"\nstate_dir: \"%s\"\ncontrol: \"%s\"\nlisten:\n",
	    c->collector, c->state_dir, c->control);
	for (size_t i = 0; i < c->listen_n; i++)
		sbuf_printf(out, "  - {address: \"%s\", port: %u}\n",
		    ip_addr_format(&c->listen[i].address, text), c->listen[i].port);
	config_numbers_dump(c, "", out);
	sbuf_printf(out, "log: {level: %s, format: %s}\n", log_level_name(c->log.level),
	    c->log.format == LOG_JSON ? "json" : "text");
	for (size_t i = 0; i < c->access.allow_n; i++)
		sbuf_printf(out, "%s    - \"%s\"\n", i == 0 ? "access:\n  allow:\n" : "",
		    ip_prefix_format(&c->access.allow[i], text));
	sbuf_puts(out, "limits:\n");
	config_numbers_dump(c, "limits", out);
	dump_lists(c, out);
	if (c->rpki.files_n + c->rpki.caches_n > 0)
		sbuf_puts(out, "rpki:\n");
	for (size_t i = 0; i < c->rpki.files_n; i++)
		sbuf_printf(out, "%s    - \"%s\"\n", i == 0 ? "  files:\n" : "", c->rpki.files[i]);
	for (size_t i = 0; i < c->rpki.caches_n; i++)
		sbuf_printf(out, "%s    - {name: \"%s\", host: \"%s\", port: %u, version: %u}\n",
		    i == 0 ? "  caches:\n" : "", c->rpki.caches[i].name, c->rpki.caches[i].host,
		    c->rpki.caches[i].port, c->rpki.caches[i].version);
	sbuf_puts(out, "rules:\n  clique: ");
	dump_asns(out, c->rules.provider_free, c->rules.provider_free_n);
	sbuf_puts(out, "\nincidents:\n");
	config_numbers_dump(c, "incidents", out);
	sbuf_puts(out, "journal:\n");
	config_numbers_dump(c, "journal", out);
	dump_kafka(c, out);
}

static bool
files_differ(const struct config *a, const struct config *b)
{
	if (a->files_n != b->files_n)
		return true;
	for (size_t i = 0; i < a->files_n; i++)
		if (strcmp(a->files[i].path, b->files[i].path) != 0 ||
		    strcmp(a->files[i].name, b->files[i].name) != 0)
			return true;
	return false;
}

void
config_needs_restart(const struct config *a, const struct config *b, struct sbuf *names)
{
	bool listen = a->listen_n != b->listen_n;

	for (size_t i = 0; i < a->listen_n && !listen; i++)
		listen = !ip_addr_equal(&a->listen[i].address, &b->listen[i].address) ||
			 a->listen[i].port != b->listen[i].port;
	if (listen)
		sbuf_puts(names, "listen\n");
	if (a->workers != b->workers)
		sbuf_puts(names, "workers\n");
	if (strcmp(a->state_dir, b->state_dir) != 0)
		sbuf_puts(names, "state_dir\n");
	if (strcmp(a->control, b->control) != 0)
		sbuf_puts(names, "control\n");
	if (strcmp(a->collector, b->collector) != 0)
		sbuf_puts(names, "collector\n");
	if (files_differ(a, b))
		sbuf_puts(names, "files\n");
	config_numbers_differ(a, b, names);
}
