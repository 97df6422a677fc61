/* bellman decode --records: what an MRT file or OpenBMP's messages hold, record by record. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

/* problems: only records with a fault. max: how many at most of all files, 0: all. Adds those it
 * has shown to *shown. Returns the exit code of the command. */
int decode_records(const char *path, bool json, bool problems, uint64_t max, uint64_t *shown);
