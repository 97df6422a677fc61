/*
 * aspa_edit: ASPAs that nobody has published: those in force, with those of some customers another.
 */
#pragma once

#include "base/pure/cursor.h"
#include "collector/rpki/aspa.h"

enum { ASPA_EDITS_MAX = 4, ASPA_EDIT_PROVIDERS_MAX = 24 };

struct aspa_edits {
	unsigned n;
	struct {
		uint32_t customer;
		unsigned providers_n; /* its only ones; 0: it has no ASPA */
		uint32_t providers[ASPA_EDIT_PROVIDERS_MAX];
	} v[ASPA_EDITS_MAX];
};

/* Is it a customer of one of them? */
bool aspa_edits_touch(const struct aspa_edits *, uint32_t asn);
/* A snapshot with the edits, of generation 0; set NULL: there are none. NULL when out of memory. */
struct aspa_set *aspa_set_edited(const struct aspa_set *set, const struct aspa_edits *);
