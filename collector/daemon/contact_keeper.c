#include "collector/daemon/contact_keeper.h"

#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/pure/text.h"
#include "collector/daemon/contacts.h"
#include "collector/daemon/kept_file.h"

/* Of the configuration. */
struct named {
	bool has_address;
	struct ip_addr address;
	uint32_t asn;
	char name[RECORD_NAME_MAX], contact[RECORD_NAME_MAX];
};

struct contact_keeper {
	struct kept_file *file;
	struct named *named;
	size_t named_n;
	struct contacts *contacts; /* NULL: none */
};

/* --- the file */

static void
drop(void *parsed)
{
	contacts_free(parsed);
	free(parsed);
}

static void *
parse(const char *text, size_t len, const _Atomic bool *give_up, char *error, size_t size)
{
	struct contacts *c = calloc(1, sizeof(*c));

	if (c != NULL && contacts_parse(text, len, give_up, c, error, size))
		return c;
	free(c);
	return NULL;
}

static void
take(void *ctx, void *parsed, const char *path, uint32_t day)
{
	struct contact_keeper *k = ctx;

	(void)day;
	if (k->contacts != NULL)
		drop(k->contacts);
	k->contacts = parsed;
	if (k->contacts != NULL)
		log_info("coordinator", "file=%s names and contacts of %zu networks", path,
		    k->contacts->n);
}

struct contact_keeper *
contact_keeper_new(uv_loop_t *loop)
{
	static const struct kept_file_ops ops = { .parse = parse, .drop = drop, .take = take };
	struct contact_keeper *k = calloc(1, sizeof(*k));

	if (k == NULL)
		return NULL;
	k->file = kept_file_new(loop, &ops, k, "collector.contacts", "neighbors_file");
	if (k->file == NULL) {
		free(k);
		return NULL;
	}
	return k;
}

void
contact_keeper_tells(struct contact_keeper *k, struct alarms *alarms)
{
	kept_file_tells(k->file, alarms);
}

bool
contact_keeper_set(
    struct contact_keeper *k, const struct detect_neighbor *neighbors, size_t n, const char *path)
{
	struct named *v = calloc(n + 1, sizeof(*v));
	size_t used = 0;

	if (v == NULL)
		return false;
	for (size_t i = 0; i < n; i++) {
		const struct detect_neighbor *c = &neighbors[i];

		if (c->name[0] == '\0' && c->contact[0] == '\0')
			continue;
		v[used] = (struct named){
			.has_address = c->has_address, .address = c->address, .asn = c->asn
		};
		text_copy(v[used].name, sizeof(v[used].name), c->name);
		text_copy(v[used].contact, sizeof(v[used].contact), c->contact);
		used++;
	}
	free(k->named);
	k->named = v;
	k->named_n = used;
	kept_file_set(k->file, path);
	return true;
}

/* What the configuration says of it, by address or by AS number, where nothing is said yet. */
static void
fill_in(
    const struct contact_keeper *k, const struct ip_addr *address, uint32_t asn, struct contact *c)
{
	for (const struct named *n = k->named; n < k->named + k->named_n; n++) {
		if (address != NULL ? !n->has_address || !ip_addr_equal(&n->address, address)
				    : n->has_address || n->asn != asn)
			continue;
		if (c->name[0] == '\0')
			memcpy(c->name, n->name, sizeof(c->name));
		if (c->contact[0] == '\0')
			memcpy(c->contact, n->contact, sizeof(c->contact));
	}
}

void
contact_keeper_apply(const struct contact_keeper *k, struct record *r)
{
	struct record_incident *i = &r->incident;
	const struct contact *c;
	struct contact known = { .asn = i->peer_as };
	struct ip_addr address;

	if (r->kind != RECORD_INCIDENT || (i->peer_as == 0 && i->peer[0] == '\0'))
		return;
	if (ip_addr_parse(i->peer, &address))
		fill_in(k, &address, 0, &known);
	if (i->peer_as != 0)
		fill_in(k, NULL, i->peer_as, &known);
	c = i->peer_as != 0 && k->contacts != NULL ? contacts_find(k->contacts, i->peer_as) : NULL;
	if (c != NULL && known.name[0] == '\0')
		memcpy(known.name, c->name, sizeof(known.name));
	if (c != NULL && known.contact[0] == '\0')
		memcpy(known.contact, c->contact, sizeof(known.contact));
	if (known.name[0] != '\0')
		memcpy(i->neighbor_name, known.name, sizeof(known.name));
	if (known.contact[0] != '\0')
		memcpy(i->neighbor_contact, known.contact, sizeof(known.contact));
}

void
contact_keeper_stop(struct contact_keeper *k)
{
	kept_file_stop(k->file);
}

void
contact_keeper_free(struct contact_keeper *k)
{
	if (k == NULL)
		return;
	kept_file_free(k->file);
	if (k->contacts != NULL)
		drop(k->contacts);
	free(k->named);
	free(k);
}
