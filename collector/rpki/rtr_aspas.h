/*
 * rtr_aspas: ASPAs that a cache has sent since its Cache Response, in that order, until End of Data
 * puts them into force at once (draft-ietf-sidrops-8210bis 5.12). An announcement replaces what the
 * customer had; a withdrawal is of all that it has.
 */
#pragma once

#include "base/pure/cursor.h"
#include "collector/rpki/aspa.h"

struct rtr_aspa {
	uint32_t customer;
	uint32_t at;	   /* its number in the order of arrival, from 0 */
	uint32_t first, n; /* of its providers; n 0: a withdrawal */
	bool of_family;	   /* for IPv4 or IPv6 only, as old drafts have it */
};

struct rtr_aspas {
	struct rtr_aspa *v;
	size_t n, cap;
	uint32_t *providers;
	size_t providers_n, providers_cap;
	bool of_family; /* some are: of a customer all are taken together, and only a full answer
			 * has all */
};

/* providers: 4 octets each; none: a withdrawal. false: out of memory, or more than max providers in
 * all. */
bool rtr_aspas_add(
    struct rtr_aspas *, uint32_t customer, struct cursor providers, bool of_family, size_t max);
/*
 * Applies what was sent to `base` (sorted, unique; NULL: empty). The result is `next`: sorted,
 * unique, yours. *misfits: withdrawals of what was not there, the first of them of *customer; they
 * change nothing. false: out of memory; then *next is empty.
 */
bool rtr_aspas_apply(struct rtr_aspas *, const struct aspa_list *base, struct aspa_list *next,
    size_t *misfits, uint32_t *customer);
void rtr_aspas_free(struct rtr_aspas *);
