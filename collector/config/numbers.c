/* Options that are one number: a row each, with what is allowed and what it is otherwise. */
#include <stdio.h>
#include <string.h>

#include "collector/config/yaml.h"

enum number_size { U32, U64 };

static const struct number {
	const char *section, *name;
	size_t offset;
	enum number_size size;
	uint64_t min, max, otherwise;
} numbers[] = {
#define N(section, name, member, size, min, max, otherwise)                                        \
	{                                                                                          \
		section, name, offsetof(struct config, member), size, min, max, otherwise          \
	}
	N("", "workers", workers, U32, 0, 64, 0),
	N("limits", "routers", limits.routers, U32, 1, 100000, 2000),
	N("limits", "peers_per_router", limits.peers_per_router, U32, 1, 1000000, 10000),
	N("limits", "message_bytes", limits.message_bytes, U32, 65583, 16777216, 1048576),
	N("limits", "routes", limits.routes, U64, 1000, 1000000000, 100000000),
	N("limits", "initiation_s", limits.initiation_s, U32, 0, 86400, 60),
	N("limits", "idle_s", limits.idle_s, U32, 0, 31536000, 0),
	N("limits", "keepalive_s", limits.keepalive_s, U32, 0, 86400, 60),
	N("limits", "stale_s", limits.stale_s, U32, 1, 31536000, 300),
	N("incidents", "hold_ms", incidents.hold_ms, U32, 0, 600000, 2000),
	N("incidents", "update_s", incidents.update_s, U32, 1, 86400, 300),
	N("incidents", "feed_grace_s", incidents.feed_grace_s, U32, 0, 86400, 30),
	N("incidents", "forget_s", incidents.forget_s, U32, 60, 31536000, 604800),
	N("incidents", "settle_s", incidents.settle_s, U32, 1, 86400, 120),
	N("journal", "retain_days", journal.retain_days, U32, 0, 36500, 30),
	N("journal", "max_mb", journal.max_mb, U32, 0, 10000000, 1024),
#undef N
};
enum { NUMBERS = sizeof(numbers) / sizeof(numbers[0]) };

static void
set_number(struct config *c, const struct number *n, uint64_t v)
{
	char *at = (char *)c + n->offset;
	uint32_t v32 = (uint32_t)v;

	if (n->size == U32)
		memcpy(at, &v32, sizeof(v32));
	else
		memcpy(at, &v, sizeof(v));
}

static uint64_t
get_number(const struct config *c, const struct number *n)
{
	const char *at = (const char *)c + n->offset;
	uint64_t v;
	uint32_t v32;

	if (n->size == U64) {
		memcpy(&v, at, sizeof(v));
		return v;
	}
	memcpy(&v32, at, sizeof(v32));
	return v32;
}

void
config_number_read(struct loader *l, const char *section, const char *name, yaml_node_t *v)
{
	char what[64];
	uint64_t value;

	for (int i = 0; i < NUMBERS; i++) {
		if (strcmp(numbers[i].section, section) != 0 || strcmp(numbers[i].name, name) != 0)
			continue;
		snprintf(
		    what, sizeof(what), "%s%s%s", section, section[0] != '\0' ? "." : "", name);
		if (loader_uint(l, v, what, numbers[i].min, numbers[i].max, &value))
			set_number(l->config, &numbers[i], value);
	}
}

void
config_numbers_default(struct config *c)
{
	for (int i = 0; i < NUMBERS; i++)
		set_number(c, &numbers[i], numbers[i].otherwise);
}

void
config_numbers_dump(const struct config *c, const char *section, struct sbuf *out)
{
	for (int i = 0; i < NUMBERS; i++)
		if (strcmp(numbers[i].section, section) == 0)
			sbuf_printf(out, "%s%s: %llu\n", section[0] != '\0' ? "  " : "",
			    numbers[i].name, (unsigned long long)get_number(c, &numbers[i]));
}

void
config_numbers_differ(const struct config *a, const struct config *b, struct sbuf *names)
{
	for (int i = 0; i < NUMBERS; i++) {
		bool fixed = strcmp(numbers[i].section, "limits") == 0 &&
			     strcmp(numbers[i].name, "routers") != 0;

		if ((fixed || strcmp(numbers[i].section, "journal") == 0) &&
		    get_number(a, &numbers[i]) != get_number(b, &numbers[i]))
			sbuf_printf(names, "%s.%s\n", numbers[i].section, numbers[i].name);
	}
}
