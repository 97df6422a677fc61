#include "collector/daemon/identities.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/ptrmap.h"
#include "base/pure/text.h"

enum {
	/* that are away, of one address; looked at after so many new ones */
	AWAY_MAX = 1024,
	TRIM_EVERY = 64,
	VALUE_MAX = 2 * ENGINE_NAME_MAX + BMP_TEXT_MAX + 64,
	/* a router that is back may find its former connection open now and then; two that
	 * replace each other do so without end */
	REPLACED_MAX = 4,
	REPLACED_WITHIN_S = 600,
};

struct identities {
	const struct identities_ops *ops;
	void *ctx;
	struct identity *all;
	struct ptrmap by_name, by_address;
	struct ptrmap by_claim;		 /* address and sysName */
	struct router_identity *routers; /* owned, and the names */
	size_t routers_n;
	uint32_t forget_s;
	uint32_t added;
	int64_t now_us;
};

static uint32_t
hash_text(const char *text)
{
	return (uint32_t)hash_bytes(hash_seed(), text, strlen(text));
}

/* --- the table */

static struct identity *
named(const struct identities *t, const char *name)
{
	struct identity *i;

	for (uint32_t at = 0; (i = ptrmap_next(&t->by_name, hash_text(name), &at)) != NULL;)
		if (strcmp(i->name, name) == 0)
			return i;
	return NULL;
}

static uint32_t
hash_claim(const char *address, const char *sys_name)
{
	return (uint32_t)hash_bytes(hash_text(address), sys_name, strlen(sys_name));
}

/* Of those at an address: with that sysName, and live or not. */
static struct identity *
at_address(const struct identities *t, const char *address, const char *sys_name, bool live)
{
	struct identity *i;
	uint32_t hash = hash_claim(address, sys_name);

	for (uint32_t at = 0; (i = ptrmap_next(&t->by_claim, hash, &at)) != NULL;)
		if ((i->session != NULL) == live && strcmp(i->sys_name, sys_name) == 0 &&
		    strcmp(i->address, address) == 0)
			return i;
	return NULL;
}

/* The only one at an address; NULL when there is none, or several. */
static struct identity *
alone_at(const struct identities *t, const char *address)
{
	struct identity *i, *found = NULL;
	uint32_t hash = hash_text(address);

	for (uint32_t at = 0; (i = ptrmap_next(&t->by_address, hash, &at)) != NULL;) {
		if (strcmp(i->address, address) != 0)
			continue;
		if (found != NULL)
			return NULL;
		found = i;
	}
	return found;
}

/* Out of the maps, while something of it changes. */
static void
unlist(struct identities *t, struct identity *i)
{
	ptrmap_remove(&t->by_name, hash_text(i->name), i);
	ptrmap_remove(&t->by_address, hash_text(i->address), i);
	ptrmap_remove(&t->by_claim, hash_claim(i->address, i->sys_name), i);
}

/* false when out of memory, which cannot be for one that has just been taken out. */
static bool
list(struct identities *t, struct identity *i)
{
	if (!ptrmap_add(&t->by_name, hash_text(i->name), i))
		return false;
	if (!ptrmap_add(&t->by_address, hash_text(i->address), i)) {
		ptrmap_remove(&t->by_name, hash_text(i->name), i);
		return false;
	}
	if (ptrmap_add(&t->by_claim, hash_claim(i->address, i->sys_name), i))
		return true;
	ptrmap_remove(&t->by_name, hash_text(i->name), i);
	ptrmap_remove(&t->by_address, hash_text(i->address), i);
	return false;
}

static void
forget(struct identities *t, struct identity *i)
{
	if (i->tells)
		t->ops->keep(t->ctx, i->name, NULL, 0);
	unlist(t, i);
	*i->prev = i->next;
	if (i->next != NULL)
		i->next->prev = i->prev;
	free(i);
}

/* Names cost an address nothing. Of those that are away and alike in that, only so many are known:
 * who was seen last before all others goes. */
static void
trim(struct identities *t, const char *address)
{
	uint32_t hash = hash_text(address);
	struct identity *i, *oldest;
	unsigned away;

	do {
		oldest = NULL;
		away = 0;
		for (uint32_t at = 0; (i = ptrmap_next(&t->by_address, hash, &at)) != NULL;) {
			if (i->session != NULL || strcmp(i->address, address) != 0)
				continue;
			away++;
			if (oldest == NULL || i->seen_us < oldest->seen_us)
				oldest = i;
		}
		if (away > AWAY_MAX)
			forget(t, oldest);
	} while (away > AWAY_MAX);
}

static struct identity *
add(struct identities *t, const char *name, const char *address, const char *sys_name)
{
	struct identity *i = calloc(1, sizeof(*i));

	if (i == NULL)
		return NULL;
	text_copy(i->name, sizeof(i->name), name);
	text_copy(i->address, sizeof(i->address), address);
	text_copy(i->sys_name, sizeof(i->sys_name), sys_name);
	i->place = hash_bytes(7, name, strlen(name));
	if (!list(t, i)) {
		free(i);
		return NULL;
	}
	i->next = t->all;
	i->prev = &t->all;
	if (i->next != NULL)
		i->next->prev = &i->next;
	t->all = i;
	return i;
}

/* --- names */

static bool
is_configured(const struct identities *t, const char *name)
{
	for (size_t k = 0; k < t->routers_n; k++)
		if (strcmp(t->routers[k].name, name) == 0)
			return true;
	return false;
}

static bool
is_free(const struct identities *t, const char *name)
{
	return named(t, name) == NULL && !is_configured(t, name);
}

/* What fits of the base, and the whole tail. */
static void
join(char name[ENGINE_NAME_MAX], const char *base, const char *tail)
{
	size_t room = ENGINE_NAME_MAX - strlen(tail);
	char cut[ENGINE_NAME_MAX];

	text_copy(cut, room, base);
	text_copy(name, ENGINE_NAME_MAX, cut);
	text_copy(name + strlen(cut), ENGINE_NAME_MAX - strlen(cut), tail);
}

/* A name that is nobody's: what it calls itself; with its address, when somebody elsewhere is
 * called so; with a number. */
static void
choose_name(const struct identities *t, const char *wish, const char *address, bool recorded,
    char name[ENGINE_NAME_MAX])
{
	char base[ENGINE_NAME_MAX], tail[ENGINE_NAME_MAX];
	const struct identity *owner;

	text_copy(base, sizeof(base), wish);
	text_copy(name, ENGINE_NAME_MAX, base);
	if (is_free(t, name))
		return;
	owner = named(t, base);
	if (!recorded && (is_configured(t, base) || strcmp(owner->address, address) != 0)) {
		snprintf(tail, sizeof(tail), "@%.*s", IP_ADDR_TEXT_MAX, address);
		join(name, wish, tail);
		if (is_free(t, name))
			return;
		text_copy(base, sizeof(base), name);
	}
	for (unsigned n = 2; !is_free(t, name); n++) {
		snprintf(tail, sizeof(tail), "#%u", n);
		join(name, base, tail);
	}
}

const char *
identities_configured(const struct identities *t, const struct ip_addr *a)
{
	for (size_t k = 0; k < t->routers_n; k++)
		if (ip_addr_equal(&t->routers[k].address, a))
			return t->routers[k].name;
	return "";
}

/* --- whose is it? */

/* Another sysName is another router while the first is there: two behind one address. */
static bool
contradicts(const struct identity *i, const char *sys_name)
{
	return i->session != NULL && sys_name[0] != '\0' && i->sys_name[0] != '\0' &&
	       strcmp(i->sys_name, sys_name) != 0;
}

/* Two that replaced each other until it was clear that both are alive. */
static bool
two_live(const struct identities *t, const struct identity *i)
{
	return i->session != NULL && i->replaced_n >= REPLACED_MAX &&
	       t->now_us - i->replaced_us <= (int64_t)REPLACED_WITHIN_S * 1000000;
}

static void
set_claim(struct identities *t, struct identity *i, const char *address, const char *sys_name)
{
	unlist(t, i);
	text_copy(i->address, sizeof(i->address), address);
	if (sys_name[0] != '\0')
		text_copy(i->sys_name, sizeof(i->sys_name), sys_name);
	(void)list(t, i);
}

/* The configuration proves the name, from each of the addresses that have it. */
static struct identity *
of_configured(struct identities *t, const struct identity_claim *c)
{
	struct identity *i = named(t, c->configured);

	if (i == NULL)
		return add(t, c->configured, c->address, c->sys_name);
	if (contradicts(i, c->sys_name) || two_live(t, i))
		return NULL;
	set_claim(t, i, c->address, c->sys_name);
	return i;
}

/* Its address, and what it calls itself there. Of several that are alike one that is away. */
static struct identity *
of_address(const struct identities *t, const struct identity_claim *c)
{
	struct identity *i = at_address(t, c->address, c->sys_name, false);

	if (i == NULL && !c->recorded)
		i = at_address(t, c->address, c->sys_name, true);
	if (i != NULL)
		return two_live(t, i) ? NULL : i;
	if (c->sys_name[0] == '\0') { /* it does not say: who has been there? */
		i = alone_at(t, c->address);
		return i != NULL && i->session == NULL ? i : NULL;
	}
	i = at_address(t, c->address, "", false); /* it did not say before */
	return i != NULL && i->tells ? i : NULL;
}

struct identity *
identities_of(struct identities *t, const struct identity_claim *c, int64_t now_us)
{
	bool by_file = c->recorded && c->configured[0] != '\0';
	const char *wish = by_file		      ? c->configured
			   : c->sys_name[0] != '\0'   ? c->sys_name
			   : c->configured[0] != '\0' ? c->configured
						      : c->address;
	char name[ENGINE_NAME_MAX], address[ENGINE_NAME_MAX];
	struct identity_claim claim = *c;
	struct identity *i = NULL;

	t->now_us = now_us;
	if (c->recorded) {
		snprintf(address, sizeof(address), "file %.*s", ENGINE_NAME_MAX - 6, c->address);
		claim.address = address;
	}
	if (c->configured[0] != '\0' && !c->recorded)
		i = of_configured(t, &claim);
	if (i == NULL)
		i = of_address(t, &claim);
	if (i == NULL) {
		if (++t->added % TRIM_EVERY == 0)
			trim(t, claim.address);
		choose_name(t, wish, c->address, c->recorded, name);
		i = add(t, name, claim.address, claim.sys_name);
	}
	if (i == NULL)
		return NULL;
	if (i->sys_name[0] == '\0' && c->sys_name[0] != '\0')
		set_claim(t, i, claim.address, c->sys_name);
	i->seen_us = now_us;
	return i;
}

bool
identities_replaced(struct identity *i, int64_t now_us)
{
	if (now_us - i->replaced_us > (int64_t)REPLACED_WITHIN_S * 1000000)
		i->replaced_n = 0;
	if (i->replaced_n == 0)
		i->replaced_us = now_us;
	return ++i->replaced_n < REPLACED_MAX;
}

void
identities_lives(struct identity *i, int64_t now_us)
{
	i->replaced_n = REPLACED_MAX;
	i->replaced_us = now_us;
}

const struct identity *
identities_owner(const struct identities *t, const struct identity *i)
{
	char wish[ENGINE_NAME_MAX];
	const struct identity *owner;

	text_copy(wish, sizeof(wish), i->sys_name);
	owner = wish[0] != '\0' ? named(t, wish) : NULL;
	return owner != i ? owner : NULL;
}

/* --- across restarts */

/* address, sysName, former name, microseconds: none of them holds a control character. */
void
identities_keep(struct identities *t, struct identity *i, int64_t now_us)
{
	char value[VALUE_MAX];
	int n;

	i->seen_us = now_us;
	if (!i->tells)
		return;
	n = snprintf(value, sizeof(value), "%s\n%s\n%s\n%" PRId64, i->address, i->sys_name,
	    i->former, now_us);
	t->ops->keep(t->ctx, i->name, value, (size_t)n);
}

/* The next line of a text; false when there is none. */
static bool
next_line(char **at, char **line)
{
	char *end;

	if (*at == NULL)
		return false;
	*line = *at;
	end = strchr(*at, '\n');
	if (end != NULL)
		*end++ = '\0';
	*at = end;
	return true;
}

bool
identities_restore(struct identities *t, const char *key, const void *value, size_t len)
{
	char text[VALUE_MAX], *at = text, *address, *sys_name, *former, *seen;
	struct identity *i;

	if (len >= sizeof(text) || key[0] == '\0' || strlen(key) >= ENGINE_NAME_MAX)
		return false;
	memcpy(text, value, len);
	text[len] = '\0';
	if (!next_line(&at, &address) || !next_line(&at, &sys_name) || !next_line(&at, &former) ||
	    !next_line(&at, &seen) || named(t, key) != NULL ||
	    (i = add(t, key, address, sys_name)) == NULL)
		return false;
	text_copy(i->former, sizeof(i->former), former);
	i->seen_us = strtoll(seen, NULL, 10);
	i->tells = true;
	return true;
}

const char *
identities_name_now(const struct identities *t, const char *name)
{
	if (name[0] == '\0' || named(t, name) != NULL)
		return name;
	for (const struct identity *i = t->all; i != NULL; i = i->next)
		if (strcmp(i->former, name) == 0)
			return i->name;
	return name;
}

/* --- the configuration */

/* The same router, called otherwise. */
static void
rename_to(struct identities *t, struct identity *i, const char *name)
{
	if (i->tells)
		t->ops->keep(t->ctx, i->name, NULL, 0);
	unlist(t, i);
	text_copy(i->former, sizeof(i->former), i->name);
	text_copy(i->name, sizeof(i->name), name);
	(void)list(t, i);
	identities_keep(t, i, i->seen_us);
	t->ops->renamed(t->ctx, i->former, i->name);
}

/* Does the configuration give this name to this address? */
static bool
is_at(const struct identities *t, const char *name, const char *address)
{
	char text[IP_ADDR_TEXT_MAX];

	for (size_t k = 0; k < t->routers_n; k++) {
		ip_addr_format(&t->routers[k].address, text);
		if (strcmp(t->routers[k].name, name) == 0 && strcmp(text, address) == 0)
			return true;
	}
	return false;
}

/* Who has a name that the configuration gives to another address. NULL when the name is free now.
 */
static struct identity *
yield_name(struct identities *t, struct identity *i, bool wanted)
{
	char name[ENGINE_NAME_MAX];

	if (i->session == NULL) { /* away: it may be the same router, which has moved */
		if (wanted)
			forget(t, i);
		return wanted ? NULL : i;
	}
	choose_name(t, i->name, i->address, false, name);
	rename_to(t, i, name);
	i->former[0] = '\0'; /* what was known by it is the configured one's */
	return NULL;
}

static void
apply_names(struct identities *t)
{
	char address[IP_ADDR_TEXT_MAX];

	for (size_t k = 0; k < t->routers_n; k++) {
		const char *name = t->routers[k].name;
		struct identity *i = named(t, name), *there;

		ip_addr_format(&t->routers[k].address, address);
		there = alone_at(t, address);
		if (i != NULL && !is_at(t, name, i->address))
			i = yield_name(t, i, there != NULL);
		if (i == NULL && there != NULL && !is_configured(t, there->name))
			rename_to(t, there, name);
	}
}

static void
routers_free(struct router_identity *v, size_t n)
{
	for (size_t k = 0; k < n; k++)
		free((void *)(uintptr_t)v[k].name);
	free(v);
}

bool
identities_configure(struct identities *t, const struct identities_config *c)
{
	struct router_identity *v = calloc(c->routers_n + 1, sizeof(*v));
	size_t n = 0;

	for (; v != NULL && n < c->routers_n; n++) {
		v[n].address = c->routers[n].address;
		if ((v[n].name = strdup(c->routers[n].name)) == NULL)
			break;
	}
	if (v == NULL || n < c->routers_n) {
		routers_free(v, v != NULL ? n : 0);
		return false;
	}
	routers_free(t->routers, t->routers_n);
	t->routers = v;
	t->routers_n = n;
	t->forget_s = c->forget_s;
	apply_names(t);
	return true;
}

/* --- forgetting, life */

void
identities_gone(struct identities *t, const char *name)
{
	struct identity *i = named(t, name);

	if (i != NULL && i->session == NULL && !i->tells)
		forget(t, i);
}

void
identities_tick(struct identities *t, int64_t now_us)
{
	struct identity *next;

	for (struct identity *i = t->all; i != NULL; i = next) {
		int64_t unseen = now_us - i->seen_us;

		next = i->next;
		if (i->session == NULL && unseen > (int64_t)t->forget_s * 1000000)
			forget(t, i);
		else if (i->session != NULL && unseen > (int64_t)t->forget_s * 250000)
			identities_keep(t, i, now_us);
	}
}

size_t
identities_count(const struct identities *t)
{
	return t->by_name.n;
}

struct identities *
identities_new(const struct identities_ops *ops, void *ctx)
{
	struct identities *t = calloc(1, sizeof(*t));

	if (t == NULL)
		return NULL;
	t->ops = ops;
	t->ctx = ctx;
	t->forget_s = UINT32_MAX;
	return t;
}

void
identities_free(struct identities *t)
{
	if (t == NULL)
		return;
	while (t->all != NULL) {
		struct identity *i = t->all;

		t->all = i->next;
		free(i);
	}
	ptrmap_free(&t->by_name);
	ptrmap_free(&t->by_address);
	ptrmap_free(&t->by_claim);
	routers_free(t->routers, t->routers_n);
	free(t);
}
