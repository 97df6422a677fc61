/*
 * contact_keeper: what networks are called and whom to call there: from the configuration
 * (neighbors: name, contact; by address before AS number), else from files (contacts.h), the first
 * of them that knows it; each is read again when it changes. A file that is gone or wrong leaves
 * what was read before, and is an alarm, collector.contacts.
 *
 * An incident is told with whom to call in this order: the neighbour, who did it, whose prefixes
 * they are. We are none of them.
 */
#pragma once

#include <uv.h>

#include "collector/daemon/alarms.h"
#include "collector/detect/detect.h"
#include "proto/record.h"

struct contacts_config {
	const char *const *files;
	size_t files_n;
	uint32_t max_age_days; /* a contact that nobody has touched for longer is stale; 0: never */
	const char *name, *email, *phone; /* whom others call at ours; "" not said */
};

struct contact_keeper;

/* NULL when out of memory. */
struct contact_keeper *contact_keeper_new(uv_loop_t *);
/* alarms: borrowed, and told from now on. */
void contact_keeper_tells(struct contact_keeper *, struct alarms *);
/* From now on; copied. neighbors_file: "" for none. false when out of memory: then all is as
 * before. */
bool contact_keeper_set(struct contact_keeper *, const struct detect_config *,
    const char *neighbors_file, const struct contacts_config *);
/* An incident's record: the fields are written when something is known. */
void contact_keeper_apply(const struct contact_keeper *, struct record *);

/* What is known of a network. */
struct contact_known {
	char name[RECORD_NAME_MAX], contact[RECORD_NAME_MAX]; /* "" not known */
	char registry[RECORD_REGISTRY_MAX];
	const char *from; /* "configuration", or a path, borrowed for the moment; "" from nowhere */
	uint32_t day;	  /* of the contact, in days since 1970 UTC; 0: it does not grow old */
	bool stale;
};
/* address: of a session with it; NULL: none. today: in days since 1970 UTC. */
void contact_keeper_find(const struct contact_keeper *, const struct ip_addr *address, uint32_t asn,
    uint32_t today, struct contact_known *out);
/* Has anybody said whom to call anywhere? */
bool contact_keeper_is_used(const struct contact_keeper *);
/* Does any file say it? */
bool contact_keeper_has_files(const struct contact_keeper *);
/* Before the loop's end: lets go of its handles. */
void contact_keeper_stop(struct contact_keeper *);
/* The loop has ended, or was never begun. NULL is fine. */
void contact_keeper_free(struct contact_keeper *);
