/*
 * as_rel_keeper: says of each incident that is a leak which of RFC 7908 it is, by what we know of
 * our neighbours and by a file of relations of networks (as_rel.h, relations.as_rel), and what the
 * file says of it: that it is a leak, that it is none, or too little. It never is the reason of an
 * incident. Where the lists of the configuration and the file contradict each other, that is said,
 * and that the file is old. The coordinator's thread only.
 */
#pragma once

#include "collector/daemon/kept_file.h"
#include "collector/detect/detect.h"
#include "proto/record.h"

struct as_rel_keeper;

/* NULL when out of memory. */
struct as_rel_keeper *as_rel_keeper_new(uv_loop_t *);
/* alarms: borrowed, and told from now on. */
void as_rel_keeper_tells(struct as_rel_keeper *, struct alarms *);
/* From now on; rules: borrowed until others are set. path: "" for no file. */
void as_rel_keeper_set(struct as_rel_keeper *, const struct detect_config *rules, const char *path);
/* An incident's record: leak_type and as_rel_* are written when something is known. */
void as_rel_keeper_apply(const struct as_rel_keeper *, struct record *);
/* Before the loop's end: lets go of its handles. */
void as_rel_keeper_stop(struct as_rel_keeper *);
/* The loop has ended, or was never begun. NULL is fine. */
void as_rel_keeper_free(struct as_rel_keeper *);
