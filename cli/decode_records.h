/* bellman decode --records: what an MRT file or OpenBMP's messages hold, record by record. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

/* max: records at most, 0 all. Returns the command's exit code. */
int decode_records(const char *path, bool json, uint64_t max);
