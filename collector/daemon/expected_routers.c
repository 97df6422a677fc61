#include "collector/daemon/expected_routers.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/hash.h"
#include "base/ptrmap.h"
#include "base/pure/text.h"

/* Away for so long, it is no restart of the router any more. */
static const int64_t GRAVE_US = (int64_t)900 * 1000000;
static const char kind[] = "router.missing";

struct expected {
	char name[ENGINE_NAME_MAX], address[IP_ADDR_TEXT_MAX];
	bool wanted, is_there, came; /* came: since the start */
	int64_t since_us, since_wall_us;
	char why[ENGINE_TEXT_MAX]; /* it is away */
	struct expected *next;
};

struct expected_routers {
	struct alarms *alarms;
	struct expected *list;
	struct ptrmap by_name;
	int64_t grace_us;
};

struct expected_routers *
expected_routers_new(struct alarms *alarms)
{
	struct expected_routers *e = calloc(1, sizeof(*e));

	if (e != NULL)
		e->alarms = alarms;
	return e;
}

static uint32_t
hash_of(const char *name)
{
	return (uint32_t)hash_bytes(0, name, strlen(name));
}

static struct expected *
named(const struct expected_routers *e, const char *name)
{
	struct expected *x;

	for (uint32_t at = 0; (x = ptrmap_next(&e->by_name, hash_of(name), &at)) != NULL;)
		if (strcmp(x->name, name) == 0)
			return x;
	return NULL;
}

static void
begin_to_wait(struct expected *x)
{
	x->is_there = false;
	x->since_us = clock_mono_us();
	x->since_wall_us = clock_wall_us();
}

static bool
want(struct expected_routers *e, const struct router_identity *r)
{
	struct expected *x = named(e, r->name);

	if (x != NULL) {
		x->wanted = true;
		return true;
	}
	x = calloc(1, sizeof(*x));
	if (x == NULL || !ptrmap_add(&e->by_name, hash_of(r->name), x)) {
		free(x);
		return false;
	}
	text_copy(x->name, sizeof(x->name), r->name);
	ip_addr_format(&r->address, x->address);
	x->wanted = true;
	begin_to_wait(x);
	x->next = e->list;
	e->list = x;
	return true;
}

static void
drop_unwanted(struct expected_routers *e)
{
	struct expected **at = &e->list, *x;

	while ((x = *at) != NULL) {
		if (x->wanted) {
			at = &x->next;
			continue;
		}
		*at = x->next;
		ptrmap_remove(&e->by_name, hash_of(x->name), x);
		free(x);
	}
}

bool
expected_routers_set(
    struct expected_routers *e, const struct router_identity *routers, size_t n, uint32_t grace_s)
{
	const char **names = calloc(n + 1, sizeof(*names));
	bool ok = names != NULL;

	e->grace_us = (int64_t)grace_s * 1000000;
	for (struct expected *x = e->list; x != NULL; x = x->next)
		x->wanted = false;
	for (size_t i = 0; i < n; i++)
		ok &= want(e, &routers[i]);
	drop_unwanted(e);
	for (size_t i = 0; i < n && names != NULL; i++)
		names[i] = routers[i].name;
	if (names != NULL)
		alarms_keep_only(e->alarms, kind, names, n, "it is no longer configured");
	free(names);
	return ok;
}

void
expected_routers_free(struct expected_routers *e)
{
	if (e == NULL)
		return;
	for (struct expected *x = e->list; x != NULL; x = x->next)
		x->wanted = false;
	drop_unwanted(e);
	ptrmap_free(&e->by_name);
	free(e);
}

void
expected_routers_is_there(struct expected_routers *e, const char *name)
{
	struct expected *x = named(e, name);

	if (x == NULL || x->is_there)
		return;
	x->is_there = x->came = true;
	alarm_off(e->alarms, kind, name, "router %s is there and monitored", name);
}

void
expected_routers_is_away(struct expected_routers *e, const char *name, const char *why)
{
	struct expected *x = named(e, name);

	if (x == NULL)
		return;
	if (x->is_there)
		begin_to_wait(x);
	text_copy(x->why, sizeof(x->why), why);
}

static void
tell(struct expected_routers *e, const struct expected *x)
{
	const struct alarm_place place = { .router = x->name, .peer = "" };
	int64_t away_us = clock_mono_us() - x->since_us;
	uint8_t severity = away_us >= GRAVE_US ? SEVERITY_MAJOR : SEVERITY_WARNING;
	char since[CLOCK_TEXT_MAX];

	clock_format_us(x->since_wall_us, 0, since);
	if (!x->came)
		alarm_on_at(e->alarms, kind, x->name, &place, severity,
		    "router %s (%s) is configured and nothing of it is monitored, not once since "
		    "%s: what it hears is not judged",
		    x->name, x->address, since);
	else
		alarm_on_at(e->alarms, kind, x->name, &place, severity,
		    "router %s (%s) has been away since %s, %.80s: what it hears is not judged",
		    x->name, x->address, since, x->why);
}

void
expected_routers_never_came(const struct expected_routers *e,
    void (*each)(void *ctx, const char *name, const char *address, int64_t since_us), void *ctx)
{
	for (const struct expected *x = e->list; x != NULL; x = x->next)
		if (x->wanted && !x->came && !x->is_there)
			each(ctx, x->name, x->address, x->since_wall_us);
}

void
expected_routers_tick(struct expected_routers *e)
{
	int64_t now = clock_mono_us();

	for (const struct expected *x = e->list; x != NULL; x = x->next)
		if (!x->is_there && now - x->since_us > e->grace_us)
			tell(e, x);
}
