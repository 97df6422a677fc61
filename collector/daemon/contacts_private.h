/* What the readers of contacts share: one of JSON, one of RPSL, one of delegated files. */
#pragma once

#include "collector/daemon/contacts.h"

enum { CONTACTS_MAX = 500000 };

struct contacts_room {
	struct contacts *out;
	size_t cap, ranges_cap;
};

/* Room for more than cap, up to max: what to ask for; 0: there is none. */
static inline size_t
contacts_more(size_t cap, size_t max)
{
	size_t more = cap == 0 ? 64 : 2 * cap;

	if (cap >= max)
		return 0;
	return more < max ? more : max;
}

/* --- contacts_room.c */

/* A new one at the end; NULL when out of memory, or there are too many. */
struct contact *contacts_add(struct contacts_room *, uint32_t asn);
/* false when it is empty, or does not fit: then nothing is written. NULL is fine. */
bool contacts_set(char out[RECORD_NAME_MAX], const char *whom);
/* Of "2026-11-27...", in days since 1970 UTC; 0: it is no date. NULL is fine. */
uint32_t contacts_day(const char *date);

/* --- contacts_rpsl.c, contacts_delegated.c */

/* As contacts_parse; what is added need not be sorted. */
bool contacts_parse_rpsl(const char *text, size_t len, const _Atomic bool *give_up,
    struct contacts_room *, char *error, size_t size);
bool contacts_parse_delegated(const char *text, size_t len, const _Atomic bool *give_up,
    struct contacts_room *, char *error, size_t size);
