/*
 * rtr_pending: what a cache has sent since its Cache Response, in that order, until End of Data
 * puts it into force at once (RFC 8210 sections 5.3, 5.6, 5.8). The order matters: a record
 * may go and come back within one answer; what is wrong is announcing what is there and withdrawing
 * what is not.
 */
#pragma once

#include "collector/rpki/vrp.h"

struct rtr_entry {
	struct vrp vrp;
	uint32_t at; /* its number in the order of arrival, from 0 */
	bool announce;
};

struct rtr_pending {
	struct rtr_entry *v;
	size_t n, cap;
};

/* The records that do not fit: announced though there, withdrawn though not there. */
struct rtr_misfits {
	size_t n;
	struct vrp first;
	bool first_announced;
};

/* false: out of memory. */
bool rtr_pending_add(struct rtr_pending *, const struct vrp *, bool announce);
/*
 * Applies what was sent to `base` (sorted, unique; NULL: empty). The result is `next`: sorted,
 * unique, yours. A record that does not fit leaves things as they are and is counted: what it wants
 * is already so. false: out of memory; then *next is empty.
 */
bool rtr_pending_apply(
    struct rtr_pending *, const struct vrp_list *base, struct vrp_list *next, struct rtr_misfits *);
void rtr_pending_free(struct rtr_pending *);
