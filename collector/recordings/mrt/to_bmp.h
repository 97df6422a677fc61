/*
 * mrt_to_bmp: MRT records as the BMP stream that a router with those sessions would have sent (RFC
 * 7854), so that whoever comes afterwards has to read BMP only.
 *
 *   first record              Initiation, sysName as given
 *   a peer's first route      Peer Up; the OPENs as recorded, or made up of what is known
 *   UPDATE, RIB entry         Route Monitoring: Adj-RIB-In pre-policy, or, when the recorder sent
 *                             it (_LOCAL), Adj-RIB-Out post-policy; A flag with 2-octet AS numbers
 *   NOTIFICATION, a state     Peer Down
 *   end of a RIB dump         End-of-RIB for each of its peers and families
 *
 * The time in the per-peer header is that of the record; of a RIB entry it is its originated time,
 * which is what RFC 7854 4.2 means. Peers of one address that differ in their AS, or BGP ID in an
 * index table, become peers of type 2 (Local Instance) with a number as distinguisher. Knows no
 * file.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "parsers/mrt/mrt.h"

/* sysDescr of such a stream. */
#define MRT_TO_BMP_DESCR "made of MRT records"

struct mrt_to_bmp;

/* Called with whole messages; at_us: time of the records they come from. false: enough. */
typedef bool mrt_to_bmp_emit(void *ctx, const uint8_t *messages, size_t n, int64_t at_us);

struct mrt_to_bmp_counts {
	uint64_t messages;  /* BGP messages and entries that became Route Monitoring */
	uint64_t other;	    /* records of no BGP, or not known; BGP that BMP has no place for */
	uint64_t malformed; /* records, entries or messages left out */
	uint64_t unknown_family; /* RIB records of families not known here */
	uint64_t without_peer;	 /* entries of a peer index that no table gave */
	struct fault first;	 /* what the first malformed one had */
};

/* sys_name: copied. NULL when out of memory. */
struct mrt_to_bmp *mrt_to_bmp_new(const char *sys_name, mrt_to_bmp_emit *, void *ctx);
void mrt_to_bmp_free(struct mrt_to_bmp *);
/* One whole record. false when emit said so, or memory is short. */
bool mrt_to_bmp_record(struct mrt_to_bmp *, const uint8_t *record, size_t n);
/* Nothing more comes: End-of-RIB of a dump, and what is still held. */
bool mrt_to_bmp_end(struct mrt_to_bmp *);
const struct mrt_to_bmp_counts *mrt_to_bmp_counts(const struct mrt_to_bmp *);
/* What was wrong with the last record, and is not seen in the BMP that was made of it. Offsets
 * count from the record. */
const struct faults *mrt_to_bmp_faults(const struct mrt_to_bmp *);
/* Give out what is held. */
void mrt_to_bmp_flush(struct mrt_to_bmp *);
