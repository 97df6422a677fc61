/*
 * mute_keeper: what operators have muted (collector/incident/mutes.h), kept across restarts (room
 * "mute" of the journal's state) and told: each mute and ack is an event when it is set (mute.set,
 * ack.set), when one that was planned begins (mute.begun), and when it is over (mute.ended,
 * ack.ended), with who, why and until when. Everything here happens on the coordinator's thread.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "base/printer.h"
#include "collector/daemon/records.h"
#include "collector/incident/mutes.h"

struct mute_keeper;

/* With what was muted before a restart. records: borrowed. NULL when out of memory. */
struct mute_keeper *mute_keeper_new(struct records *records);
void mute_keeper_free(struct mute_keeper *);
/* Call about once a second: what is planned begins, what is over ends. next: gives the open
 * incidents, as next_incident of collector/control/control.h. */
void mute_keeper_tick(
    struct mute_keeper *, bool (*next)(void *ctx, uint64_t *cursor, struct record *), void *ctx);

/* A record that is to be told: whether it is muted goes into it. */
void mute_keeper_apply(struct mute_keeper *, struct record *);
/* A record that is only shown, likewise. */
void mute_keeper_mark(const struct mute_keeper *, struct record *);

/* Do what an operator says. next: as above. says: what was done, in words; when false, why it was
 * refused. */
bool mute_keeper_request(struct mute_keeper *, const struct mute_request *,
    bool (*next)(void *ctx, uint64_t *cursor, struct record *), void *ctx, char *says, size_t size);
/* A row for each. */
void mute_keeper_show(const struct mute_keeper *, struct printer *);
