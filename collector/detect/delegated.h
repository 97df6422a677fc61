/*
 * delegated: address space and AS numbers that no registry has handed out, by the files that the
 * registries publish each day (delegated-RIR-extended-latest, or the NRO's of all): lines with the
 * status "available" or "reserved". What no file speaks of is not judged, and what IANA keeps
 * neither: the special blocks are known (bogons.h).
 *
 * Immutable, with counted references: sorted ranges, and for IPv4 a bit per first 16 bits.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/pure/ip.h"

/* A registry in a file. */
struct delegated_source {
	char registry[12]; /* "ripencc" */
	uint32_t day;	   /* that the file is of, in days since 1970 UTC */
	bool stale;	   /* that is too long ago to believe something new */
};

struct delegated;

/* text: the whole file, a NUL behind it. give_up: set by another thread to end it; NULL: nobody
 * does. NULL with the reason in error: what line, what was read, what would be right; a file that
 * has fewer lines than it says is cut. */
struct delegated *delegated_parse(
    const char *text, size_t len, const _Atomic bool *give_up, char *error, size_t size);
/* All files together; stale: of each. A reference; NULL when out of memory. */
struct delegated *delegated_join(const struct delegated *const *parts, const bool *stale, size_t n);
struct delegated *delegated_ref(struct delegated *); /* NULL is fine */
void delegated_unref(struct delegated *);	     /* NULL is fine; from any thread */

/* The day by its first line, 0 when it does not say it; and to give it one. */
uint32_t delegated_day(const struct delegated *);
void delegated_set_day(struct delegated *, uint32_t day);

/* Who has not handed it out: all of the prefix, or the number; NULL when nobody says so. */
const struct delegated_source *delegated_prefix(const struct delegated *, const struct ip_prefix *);
const struct delegated_source *delegated_asn(const struct delegated *, uint32_t asn);

/* How much there is, to see whether it can be: addresses of IPv4, blocks of /32 of IPv6, numbers.
 */
struct delegated_sums {
	uint64_t handed_out[3], left[3]; /* IPv4, IPv6, AS numbers */
	uint64_t records;		 /* lines of what is handed out */
};
const struct delegated_sums *delegated_sums(const struct delegated *);
/* Does a registry speak in both? */
bool delegated_is_like(const struct delegated *, const struct delegated *);
/* Is it more likely a mistake than what happened since `before`, which may be NULL? Then what, into
 * why. */
bool delegated_doubt(
    const struct delegated *before, const struct delegated *now, char *why, size_t size);
