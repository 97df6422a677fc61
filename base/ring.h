/*
 * ring: a bounded queue of byte records between one producer thread and one consumer thread.
 * Records are copied in and out whole; no pointer crosses. Lock-free: two atomic positions.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct ring;

/* octets: capacity, rounded up to a power of two. NULL when out of memory. */
struct ring *ring_new(size_t octets);
void ring_free(struct ring *);
/* Producer: append one record of len octets; false when there is no room now.
 * len <= capacity / 2 - 8. */
bool ring_put(struct ring *, const void *data, size_t len);
/* Consumer: the oldest record, valid until ring_done; NULL when there is none. */
const void *ring_peek(struct ring *, size_t *len);
/* Consumer: give back the record that ring_peek showed. */
void ring_done(struct ring *);
/* Octets waiting; from either side, a snapshot. */
size_t ring_used(const struct ring *);
size_t ring_capacity(const struct ring *);
