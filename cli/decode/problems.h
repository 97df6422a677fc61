/* What is wrong with a message, or with a record of a file. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/sbuf.h"
#include "collector/recordings/recordings.h"
#include "parsers/wire/dissect.h"
#include "parsers/wire/fault.h"

struct problems {
	const uint8_t *at; /* the octets that offsets count from */
	size_t n;
	const struct faults *faults;
	uint64_t quirks;    /* bit per enum bmp_quirk */
	uint64_t explained; /* quirks whose names are enough */
};

/* Lines of text. */
void problems_put(const struct problems *, bool colour, struct sbuf *out);
/* A block of lines, or a line of JSON, for a record of a file. */
void problems_put_record(const struct recording_fault *, bool json, bool colour, struct sbuf *out);
/* "faults" with their action, and "quirks". */
void problems_dissect(struct field_sink *, const struct faults *, uint64_t quirks);
