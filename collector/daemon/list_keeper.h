/*
 * list_keeper: the files of what neighbours may announce (neighbors.lists, customer_file.h): each
 * is kept (kept_file.h) and read again when it changes; together they go to the rules
 * (customer_lists.h). A file that is gone or wrong leaves what was read before, and is an alarm; so
 * does a configuration that names another one, until all of the neighbour's have been read. When
 * they never were he has no list, for half of one would call wrong what is right. A list that has
 * lost more than half waits until it is named anew, also over a restart: that is what a registry
 * looks like that is away. One that is old says nothing new. The coordinator's thread only.
 */
#pragma once

#include <uv.h>

#include "collector/control/control.h"
#include "collector/daemon/alarms.h"
#include "collector/daemon/rules_keeper.h"

struct list_keeper;

/* records: borrowed; they keep how much was let in. NULL when out of memory. */
struct list_keeper *list_keeper_new(uv_loop_t *, struct records *);
/* alarms: borrowed, and told from now on. */
void list_keeper_tells(struct list_keeper *, struct alarms *);
/* The lists of these neighbours from now on; one that is named anew is let in whatever is in it.
 * max_age_days: of a file that says something new; 0: any. false when out of memory. */
bool list_keeper_set(
    struct list_keeper *, const struct detect_neighbor *, size_t n, uint32_t max_age_days);
/* About once a second: what is new goes to the rules, when they are not busy. */
void list_keeper_tick(struct list_keeper *, struct rules_keeper *, struct workers *);
/* Is every route evaluated by all of the lists, and is none of them too old? */
bool list_keeper_is_whole(const struct list_keeper *, const struct rules_keeper *);
/* How each is. */
void list_keeper_each(
    const struct list_keeper *, void (*each)(void *ctx, const struct control_list *), void *ctx);
/* Before the loop's end: lets go of its handles. NULL is fine. */
void list_keeper_stop(struct list_keeper *);
/* The loop has ended, or was never begun. NULL is fine. */
void list_keeper_free(struct list_keeper *);
