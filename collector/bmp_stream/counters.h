/* What is counted of a BMP stream. */
#pragma once

#include <stdint.h>

#include "collector/bmp_stream/quirks.h"
#include "parsers/bgp/family.h"
#include "parsers/bmp/bmp.h"
#include "parsers/wire/fault.h"

enum { BMP_FAMILY_COUNTS = 64 };

struct bmp_family_count {
	struct bgp_family family;
	uint64_t announced, withdrawn, end_of_rib;
};

struct bmp_counters {
	uint64_t bytes;
	uint64_t messages[BMP_TYPES + 1]; /* by enum bmp_type, last: unknown types */
	uint64_t faults[FAULT_CODES];
	uint64_t quirks[BMP_QUIRKS];
	uint64_t skipped; /* messages not used: DROP_MESSAGE faults */
	uint64_t v4;	  /* messages of version 4 */
	unsigned families_n;
	struct bmp_family_count families[BMP_FAMILY_COUNTS];
};

/* The row of a family, made when there is none. NULL when BMP_FAMILY_COUNTS families have one. */
struct bmp_family_count *bmp_counters_family(struct bmp_counters *, struct bgp_family);
/* Count what is wrong with one message. */
void bmp_counters_add_faults(struct bmp_counters *, const struct faults *);
/* Add the second to the first. Families that find no row are left out. */
void bmp_counters_add(struct bmp_counters *to, const struct bmp_counters *);
