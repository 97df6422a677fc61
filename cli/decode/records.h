/* bellman decode --records: what an MRT file or OpenBMP's messages hold, record by record. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

/* max: records at most over all files, 0 all; *shown: so far, is added to. Returns the command's
 * exit code. */
int decode_records(const char *path, bool json, uint64_t max, uint64_t *shown);
