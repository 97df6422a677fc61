/*
 * contacts: what a neighbour is called and whom to call there, by AS number, from a file as
 * PeeringDB gives it out: https://www.peeringdb.com/api/net?depth=2, whole or a part.
 *
 *   {"data": [{"asn": 64510, "name": "Example Transit",
 *              "poc_set": [{"role": "NOC", "email": "noc@example.net", "phone": "+1 ..."}]}]}
 *
 * Of the points of contact NOC goes before Technical, and that before any other; e-mail goes before
 * the phone. "contact" beside "name" goes before all of them. Other members are ignored; the array
 * alone is accepted, too.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "proto/record.h"

struct contact {
	uint32_t asn;
	char name[RECORD_NAME_MAX], contact[RECORD_NAME_MAX]; /* "" not known */
};

struct contacts {
	struct contact *v; /* sorted by asn */
	size_t n;
};

/* give_up: set by another thread to end it early; NULL: nobody does. false with the reason in
 * error, which says the line; then out is empty. */
bool contacts_parse(const char *text, size_t len, const _Atomic bool *give_up, struct contacts *out,
    char *error, size_t size);
/* NULL when there is none. */
const struct contact *contacts_find(const struct contacts *, uint32_t asn);
void contacts_free(struct contacts *);
