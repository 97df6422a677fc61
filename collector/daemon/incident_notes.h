/*
 * incident_notes: what is added to the record of an incident on its way out, and changes nothing
 * about it: whom to call at the neighbour (contact_keeper), and which leak it is (as_rel_keeper).
 * The coordinator's thread only.
 */
#pragma once

#include <uv.h>

#include "collector/control/control.h"
#include "collector/daemon/contact_keeper.h"
#include "collector/daemon/coordinator.h"

struct incident_notes;

/* NULL when out of memory. */
struct incident_notes *incident_notes_new(uv_loop_t *, const struct coordinator_config *);
/* alarms: borrowed, and told from now on. */
void incident_notes_tell(struct incident_notes *, struct alarms *);
/* Another configuration. false when out of memory: then all is as before. */
bool incident_notes_set(struct incident_notes *, const struct coordinator_config *);
/* It is in force: it is borrowed until another one is. */
void incident_notes_keep(struct incident_notes *, const struct coordinator_config *);
/* Borrowed until it is freed: whom to call anywhere, and at ours. */
const struct contact_keeper *incident_notes_contacts(const struct incident_notes *);
void incident_notes_us(const struct incident_notes *, struct contact_of_us *out);
/* Fills in what is known. */
void incident_notes_apply(const struct incident_notes *, struct record *);
/* Before the loop's end: lets go of its handles. NULL is fine. */
void incident_notes_stop(struct incident_notes *);
/* The loop has ended, or was never begun. NULL is fine. */
void incident_notes_free(struct incident_notes *);
