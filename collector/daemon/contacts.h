/*
 * contacts: what networks are called and whom to call there, by AS number, from a file of one of
 * three forms, which its first character tells apart (docs/MANRS.md, "Whom to call"):
 *
 *   PeeringDB   https://www.peeringdb.com/api/net?depth=2, whole or a part:
 *               {"data": [{"asn": 64510, "name": "Example Transit", "updated": "2026-05-01T...",
 *                          "poc_set": [{"role": "NOC", "email": "noc@example.net",
 *                                       "phone": "+1 ..."}]}]}
 *               Of the points of contact NOC goes before Technical, and that before any other;
 *               e-mail goes before the phone. "contact" beside "name" goes before all of them.
 *               Other members are ignored; the array alone is accepted, too.
 *
 *   RPSL        objects of a registry (RFC 2622), as `whois -B` answers or a dump has them:
 * aut-num, organisation, role and person, which refer to each other by their handles and are to be
 * in one file. contacts_rpsl.c says which address is taken.
 *
 *   delegated   delegated-RIR-latest, or -extended-: which registry handed out which AS numbers.
 *               Of whom nothing else is known, the registry can be asked.
 *
 * What does not fit is left out, not cut: half an address is another one.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "proto/record.h"

struct contact {
	uint32_t asn;
	uint32_t day; /* that it was changed, in days since 1970 UTC; 0: not said */
	char name[RECORD_NAME_MAX], contact[RECORD_NAME_MAX]; /* "" not known */
};

/* AS numbers that a registry has handed out. */
struct contact_range {
	uint32_t first, last;
	char registry[RECORD_REGISTRY_MAX];
};

struct contacts {
	struct contact *v; /* sorted by asn */
	size_t n;
	struct contact_range *ranges; /* sorted */
	size_t ranges_n;
};

/* give_up: set by another thread to end it early; NULL: nobody does. false with the reason in
 * error, which says the line; then out is empty. */
bool contacts_parse(const char *text, size_t len, const _Atomic bool *give_up, struct contacts *out,
    char *error, size_t size);
/* NULL when there is none. */
const struct contact *contacts_find(const struct contacts *, uint32_t asn);
/* "ripencc"; "" when no registry says so. */
const char *contacts_registry(const struct contacts *, uint32_t asn);
void contacts_free(struct contacts *);
