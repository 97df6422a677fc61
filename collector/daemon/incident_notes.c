#include "collector/daemon/incident_notes.h"

#include <stdlib.h>

#include "collector/daemon/as_rel_keeper.h"

struct incident_notes {
	struct contact_keeper *contacts;
	struct as_rel_keeper *as_rel;
	struct contact_of_us us; /* of the configuration that is in force */
};

struct incident_notes *
incident_notes_new(uv_loop_t *loop, const struct coordinator_config *c)
{
	struct incident_notes *n = calloc(1, sizeof(*n));

	if (n == NULL)
		return NULL;
	n->contacts = contact_keeper_new(loop);
	n->as_rel = as_rel_keeper_new(loop);
	if (n->contacts == NULL || n->as_rel == NULL || !incident_notes_set(n, c)) {
		incident_notes_stop(n);
		return NULL; /* a handle of the loop is in it, and the process is at its end */
	}
	incident_notes_keep(n, c);
	return n;
}

void
incident_notes_tell(struct incident_notes *n, struct alarms *alarms)
{
	contact_keeper_tells(n->contacts, alarms);
	as_rel_keeper_tells(n->as_rel, alarms);
}

bool
incident_notes_set(struct incident_notes *n, const struct coordinator_config *c)
{
	return contact_keeper_set(n->contacts, &c->detect, c->neighbors_file, &c->contacts);
}

void
incident_notes_keep(struct incident_notes *n, const struct coordinator_config *c)
{
	as_rel_keeper_set(n->as_rel, &c->detect, c->as_rel);
	n->us = (struct contact_of_us){ c->contacts.name, c->contacts.email, c->contacts.phone };
}

const struct contact_keeper *
incident_notes_contacts(const struct incident_notes *n)
{
	return n->contacts;
}

void
incident_notes_us(const struct incident_notes *n, struct contact_of_us *out)
{
	*out = n->us;
}

void
incident_notes_apply(const struct incident_notes *n, struct record *r)
{
	contact_keeper_apply(n->contacts, r);
	as_rel_keeper_apply(n->as_rel, r);
}

void
incident_notes_stop(struct incident_notes *n)
{
	if (n == NULL)
		return;
	if (n->contacts != NULL)
		contact_keeper_stop(n->contacts);
	if (n->as_rel != NULL)
		as_rel_keeper_stop(n->as_rel);
}

void
incident_notes_free(struct incident_notes *n)
{
	if (n == NULL)
		return;
	contact_keeper_free(n->contacts);
	as_rel_keeper_free(n->as_rel);
	free(n);
}
