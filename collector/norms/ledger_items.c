/* What a ledger has rows of, by name. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "collector/norms/ledger_private.h"

static uint32_t
hash_of(const struct ledger_name *name)
{
	return (uint32_t)hash_bytes(hash_seed(), name, sizeof(*name));
}

static struct ledger_item *
find(const struct ledger *l, const struct ledger_name *name)
{
	struct ledger_item *i;

	for (uint32_t at = 0; (i = ptrmap_next(&l->by_name, hash_of(name), &at)) != NULL;)
		if (memcmp(&i->name, name, sizeof(*name)) == 0)
			return i;
	return NULL;
}

struct ledger_item *
ledger_item(struct ledger *l, const struct ledger_name *name)
{
	struct ledger_item *i = find(l, name);

	if (i != NULL)
		return i;
	if (l->items_n >= LEDGER_ITEMS_MAX || (i = calloc(1, sizeof(*i))) == NULL) {
		l->missing++;
		return NULL;
	}
	i->name = *name;
	if (!ptrmap_add(&l->by_name, hash_of(name), i)) {
		free(i);
		return NULL;
	}
	i->next = l->items;
	l->items = i;
	l->items_n++;
	return i;
}

struct ledger_name
ledger_name(char kind, uint32_t asn, bool ipv6, uint8_t rule, const char *text)
{
	struct ledger_name name;

	memset(&name, 0, sizeof(name)); /* it is hashed and compared as octets */
	name.kind = kind;
	name.asn = asn;
	name.ipv6 = ipv6;
	name.rule = rule;
	snprintf(name.text, sizeof(name.text), "%s", text);
	return name;
}

void
ledger_take_out(struct ledger *l, struct ledger_item **at)
{
	struct ledger_item *i = *at;

	*at = i->next;
	ptrmap_remove(&l->by_name, hash_of(&i->name), i);
	l->items_n--;
	free(i);
}
