/*
 * as_rel: what networks are to each other, as CAIDA infers it from public routes: a line for each
 * pair, "provider|customer|-1" or "peer|peer|0" (serial-1), in serial-2 with its source behind. The
 * edge by which somebody leaks is just the one that public routes seldom show, so it says of a leak
 * what it is, and how sure that is, and never that it is one.
 *
 * Immutable once read. 8 octets a pair in a sorted array, and one for what they are.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "proto/record.h"

struct as_rel;

/* text: the whole file, a NUL behind it. give_up: set by another thread to end it; NULL: nobody
 * does. NULL with the reason in error, where there is one: what line, what was read. */
struct as_rel *as_rel_parse(
    const char *text, size_t len, const _Atomic bool *give_up, char *error, size_t size);
void as_rel_free(struct as_rel *); /* NULL is fine */

/* What `other` is to `asn`: NEIGHBOR_PROVIDER, NEIGHBOR_CUSTOMER, NEIGHBOR_PEER, or
 * NEIGHBOR_UNKNOWN when the file does not have them. */
enum relation as_rel_of(const struct as_rel *, uint32_t asn, uint32_t other);
size_t as_rel_pairs(const struct as_rel *);
/* The day that it is of, by its comments, in days since 1970 UTC; 0: they do not say it. */
uint32_t as_rel_day(const struct as_rel *);
/* Each pair of provider and customer. */
void as_rel_each_provider(const struct as_rel *,
    void (*each)(void *ctx, uint32_t provider, uint32_t customer), void *ctx);
/* The first date YYYYMMDD in a text, as days since 1970 UTC; 0: there is none. */
uint32_t as_rel_date_in(const char *text, size_t len);
