/*
 * What the files about Action 4 (validation) share:
 *
 *   gather        asks the daemon for what we and our neighbours originate, and judges it
 *   proposal      which ROAs and ASPAs would be right
 *   proposal_out  the same as a list to enter at the registry, and as local exceptions
 *   pending       what a file of VRPs, or of local exceptions, would make of our routes
 *   validation    its part of the page
 */
#pragma once

#include "cli/control_client.h"
#include "cli/manrs/manrs_private.h"
#include "collector/rpki/vrp.h"

/* --- gather.c */

/*
 * Adds to the answer, and judges Action 4 by it:
 *
 *   announced      [{prefix, origin, rov, passed_on, own, vrps}]: ours that others see, or may
 *   left_out       how many routes of ours are not among them: long ones, as of blackholes
 *   providers      [{asn, provider, relation_from}]: who sells to which of our AS numbers
 *   own_vrps       [{prefix, max_length, asn}]: that name one of us
 *   coverage       [{asn, prefixes, valid, not_found, invalid}]: what neighbours originate
 *
 * Returns an exit code.
 */
int manrs_gather_validation(const struct control_options *, json_t *answer);

/* --- proposal.c */

/* {"roas": [{prefix, max_length, asn, why}], "withdraw": [{prefix, max_length, asn, why}], "kept":
 * [{prefix, max_length, asn}], "aspas": [{customer, providers, why}], "notes": [...]}: of an
 * answer that is gathered. kept: what stays though the filter of one that is withdrawn would take
 * it. Yours to json_decref. */
json_t *manrs_proposal(const json_t *answer);

/* --- proposal_out.c */

/* RFC 8416, with ASPAs as draft-ietf-sidrops-aspa-slurm has them (version 2). Yours to
 * json_decref. */
json_t *manrs_slurm(const json_t *proposal);
void manrs_proposal_text(const json_t *answer, const json_t *proposal, struct sbuf *out);

/* --- pending.c */

/* Adds "pending" to the answer: {file, kind, changes: [{prefix, origin, now, then}], dropped,
 * aspas: [{customer, missing}]}. false with a message: the file cannot be read. */
bool manrs_pending(const char *path, json_t *answer);

/* --- validation.c */

void manrs_say_of_validation(struct page *, const json_t *action);
void manrs_put_validation(struct page *, const json_t *answer);
