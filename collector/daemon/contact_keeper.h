/*
 * contact_keeper: fills in what the neighbour of an incident is called and whom to call there: from
 * the configuration (neighbors: name, contact; by address before AS number), else from a file
 * (contacts.h), which is read again when it changes. A file that is gone or wrong leaves what was
 * read before, and is an alarm, collector.contacts.
 */
#pragma once

#include <uv.h>

#include "collector/daemon/alarms.h"
#include "collector/detect/detect.h"
#include "proto/record.h"

struct contact_keeper;

/* NULL when out of memory. */
struct contact_keeper *contact_keeper_new(uv_loop_t *);
/* alarms: borrowed, and told from now on. */
void contact_keeper_tells(struct contact_keeper *, struct alarms *);
/* From now on; copied. path: "" for no file. false when out of memory: then all is as before. */
bool contact_keeper_set(
    struct contact_keeper *, const struct detect_neighbor *neighbors, size_t n, const char *path);
/* An incident's record: the fields are written when something is known. */
void contact_keeper_apply(const struct contact_keeper *, struct record *);
/* Before the loop's end: lets go of its handles. */
void contact_keeper_stop(struct contact_keeper *);
/* The loop has ended, or was never begun. NULL is fine. */
void contact_keeper_free(struct contact_keeper *);
