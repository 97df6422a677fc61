#include "collector/daemon/contact_keeper.h"

#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/pure/text.h"
#include "collector/daemon/contacts.h"
#include "collector/daemon/kept_file.h"

enum { FILES_MAX = 9 }; /* neighbors_file, and those of contacts.files */

/* Of the configuration. */
struct named {
	bool has_address;
	struct ip_addr address;
	uint32_t asn;
	char name[RECORD_NAME_MAX], contact[RECORD_NAME_MAX];
};

struct named_file {
	struct kept_file *file;
	struct contacts *contacts; /* NULL: none */
	uint32_t day;		   /* that it was written */
};

struct contact_keeper {
	struct named_file files[FILES_MAX];
	struct named *named;
	size_t named_n;
	uint32_t *ours; /* own AS numbers and those of siblings */
	size_t ours_n;
	uint32_t max_age_days;
};

/* --- the files */

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
	struct named_file *f = ctx;

	if (f->contacts != NULL)
		drop(f->contacts);
	f->contacts = parsed;
	f->day = day;
	if (f->contacts == NULL)
		return;
	if (f->contacts->ranges_n > 0)
		log_info("coordinator", "file=%s %zu ranges of AS numbers, by registry", path,
		    f->contacts->ranges_n);
	else
		log_info("coordinator", "file=%s names and contacts of %zu networks", path,
		    f->contacts->n);
}

struct contact_keeper *
contact_keeper_new(uv_loop_t *loop)
{
	static const struct kept_file_ops ops = { .parse = parse, .drop = drop, .take = take };
	static const char *const abouts[FILES_MAX] = { "neighbors_file", "contacts.files 1",
		"contacts.files 2", "contacts.files 3", "contacts.files 4", "contacts.files 5",
		"contacts.files 6", "contacts.files 7", "contacts.files 8" };
	struct contact_keeper *k = calloc(1, sizeof(*k));
	bool ok = k != NULL;

	for (size_t i = 0; ok && i < FILES_MAX; i++) {
		k->files[i].file =
		    kept_file_new(loop, &ops, &k->files[i], "collector.contacts", abouts[i]);
		ok = k->files[i].file != NULL;
	}
	return ok ? k : NULL; /* else the process is at its end */
}

void
contact_keeper_tells(struct contact_keeper *k, struct alarms *alarms)
{
	for (size_t i = 0; i < FILES_MAX; i++)
		kept_file_tells(k->files[i].file, alarms);
}

/* --- the configuration */

static bool
copy_ours(struct contact_keeper *k, const struct detect_config *c)
{
	size_t n = c->own_asns_n + c->own_siblings_n + c->confederation_n, used = 0;
	uint32_t *v = malloc(n * sizeof(*v) + 1);

	if (v == NULL)
		return false;
	for (size_t i = 0; i < c->own_asns_n; i++)
		v[used++] = c->own_asns[i];
	for (size_t i = 0; i < c->own_siblings_n; i++)
		v[used++] = c->own_siblings[i];
	for (size_t i = 0; i < c->confederation_n; i++)
		v[used++] = c->confederation[i];
	free(k->ours);
	k->ours = v;
	k->ours_n = used;
	return true;
}

bool
contact_keeper_set(struct contact_keeper *k, const struct detect_config *detect,
    const char *neighbors_file, const struct contacts_config *c)
{
	struct named *v = calloc(detect->neighbors_n + 1, sizeof(*v));
	size_t used = 0;

	if (v == NULL || !copy_ours(k, detect)) {
		free(v);
		return false;
	}
	for (size_t i = 0; i < detect->neighbors_n; i++) {
		const struct detect_neighbor *n = &detect->neighbors[i];

		if (n->name[0] == '\0' && n->contact[0] == '\0')
			continue;
		v[used] = (struct named){
			.has_address = n->has_address, .address = n->address, .asn = n->asn
		};
		text_copy(v[used].name, sizeof(v[used].name), n->name);
		text_copy(v[used].contact, sizeof(v[used].contact), n->contact);
		used++;
	}
	free(k->named);
	k->named = v;
	k->named_n = used;
	k->max_age_days = c->max_age_days;
	kept_file_set(k->files[0].file, neighbors_file);
	for (size_t i = 1; i < FILES_MAX; i++)
		kept_file_set(k->files[i].file, i <= c->files_n ? c->files[i - 1] : "");
	return true;
}

/* --- what is known of one */

/* What the configuration says of it, by address or by AS number, where nothing is said yet. */
static void
by_configuration(const struct contact_keeper *k, const struct ip_addr *address, uint32_t asn,
    struct contact_known *c)
{
	for (const struct named *n = k->named; n < k->named + k->named_n; n++) {
		if (address != NULL ? !n->has_address || !ip_addr_equal(&n->address, address)
				    : n->has_address || n->asn != asn)
			continue;
		if (c->name[0] == '\0')
			memcpy(c->name, n->name, sizeof(c->name));
		if (c->contact[0] == '\0' && n->contact[0] != '\0') {
			memcpy(c->contact, n->contact, sizeof(c->contact));
			c->from = "configuration";
		}
	}
}

/* An entry is as old as it says itself, else as its file. */
static void
by_file(const struct named_file *f, uint32_t asn, struct contact_known *c)
{
	const struct contact *x;

	if (f->contacts == NULL)
		return;
	if (c->registry[0] == '\0')
		text_copy(c->registry, sizeof(c->registry), contacts_registry(f->contacts, asn));
	x = contacts_find(f->contacts, asn);
	if (x == NULL)
		return;
	if (c->name[0] == '\0')
		memcpy(c->name, x->name, sizeof(c->name));
	if (c->contact[0] == '\0' && x->contact[0] != '\0') {
		memcpy(c->contact, x->contact, sizeof(c->contact));
		c->from = kept_file_path(f->file);
		c->day = x->day != 0 ? x->day : f->day;
	}
}

void
contact_keeper_find(const struct contact_keeper *k, const struct ip_addr *address, uint32_t asn,
    uint32_t today, struct contact_known *out)
{
	*out = (struct contact_known){ .from = "" };
	if (address != NULL)
		by_configuration(k, address, 0, out);
	if (asn != 0)
		by_configuration(k, NULL, asn, out);
	for (size_t i = 0; asn != 0 && i < FILES_MAX; i++)
		by_file(&k->files[i], asn, out);
	out->stale = out->day != 0 && k->max_age_days != 0 && today > out->day + k->max_age_days;
}

bool
contact_keeper_has_files(const struct contact_keeper *k)
{
	for (size_t i = 0; i < FILES_MAX; i++)
		if (kept_file_path(k->files[i].file)[0] != '\0')
			return true;
	return false;
}

bool
contact_keeper_is_used(const struct contact_keeper *k)
{
	for (size_t i = 0; i < k->named_n; i++)
		if (k->named[i].contact[0] != '\0')
			return true;
	return contact_keeper_has_files(k);
}

/* --- whom to call */

static bool
is_ours(const struct contact_keeper *k, uint32_t asn)
{
	for (size_t i = 0; i < k->ours_n; i++)
		if (k->ours[i] == asn)
			return true;
	return false;
}

static void
add_call(const struct contact_keeper *k, struct record_incident *i, uint8_t role,
    const struct ip_addr *address, uint32_t asn)
{
	struct contact_known known;
	struct record_call *c;

	if (asn == 0 || is_ours(k, asn))
		return;
	for (unsigned n = 0; n < i->calls_n; n++)
		if (i->calls[n].asn == asn) {
			i->calls[n].roles |= role;
			return;
		}
	if (i->calls_n == RECORD_CALLS_MAX)
		return;
	contact_keeper_find(k, address, asn, 0, &known);
	c = &i->calls[i->calls_n++];
	*c = (struct record_call){ .asn = asn, .roles = role };
	memcpy(c->name, known.name, sizeof(c->name));
	memcpy(c->contact, known.contact, sizeof(c->contact));
	memcpy(c->registry, known.registry, sizeof(c->registry));
}

/* Who did it, when that is another network than the neighbour: of a leak who leaks, else the origin
 * of what is wrong. The origin of what is leaked is whose traffic goes astray. */
static void
add_calls(const struct contact_keeper *k, struct record_incident *i, const struct ip_addr *address)
{
	bool leak = strncmp(i->kind, "leak.", 5) == 0 || strncmp(i->kind, "aspa.", 5) == 0;
	uint32_t origin = i->has_origin ? i->origin : 0, doer = i->facts.offender_as;

	if (i->facts.relation != NEIGHBOR_INTERNAL)
		add_call(k, i, CALL_NEIGHBOR, address, i->peer_as);
	add_call(k, i, CALL_ORIGIN, NULL, doer != 0 || leak ? doer : origin);
	for (unsigned n = 0; n < i->victims_n && n < RECORD_VICTIMS_MAX; n++)
		add_call(k, i, CALL_VICTIM, NULL, i->victims[n]);
	if (leak && origin != doer)
		add_call(k, i, CALL_VICTIM, NULL, origin);
}

void
contact_keeper_apply(const struct contact_keeper *k, struct record *r)
{
	struct record_incident *i = &r->incident;
	struct contact_known known;
	struct ip_addr address;
	bool has_address;

	if (r->kind != RECORD_INCIDENT)
		return;
	i->calls_n = 0;
	has_address = ip_addr_parse(i->peer, &address);
	add_calls(k, i, has_address ? &address : NULL);
	if (i->peer_as == 0 && i->peer[0] == '\0')
		return;
	contact_keeper_find(k, has_address ? &address : NULL, i->peer_as, 0, &known);
	if (known.name[0] != '\0')
		memcpy(i->neighbor_name, known.name, sizeof(known.name));
	if (known.contact[0] != '\0')
		memcpy(i->neighbor_contact, known.contact, sizeof(known.contact));
}

void
contact_keeper_stop(struct contact_keeper *k)
{
	for (size_t i = 0; i < FILES_MAX; i++)
		if (k->files[i].file != NULL)
			kept_file_stop(k->files[i].file);
}

void
contact_keeper_free(struct contact_keeper *k)
{
	if (k == NULL)
		return;
	for (size_t i = 0; i < FILES_MAX; i++) {
		kept_file_free(k->files[i].file);
		if (k->files[i].contacts != NULL)
			drop(k->files[i].contacts);
	}
	free(k->named);
	free(k->ours);
	free(k);
}
