/* What `show stats` counts, in the words that every command has for it. */
#pragma once

#include <jansson.h>
#include <stddef.h>

enum { STATS_SAID_MAX = 96 };

/* "9 (3 unknown, 2 critical)": incidents that are there. Into buf; returns buf. */
const char *stats_incidents(const json_t *stats, char *buf, size_t size);
/* "RPKI data whole", or "no RPKI source". Into buf; returns buf. */
const char *stats_rpki(const json_t *stats, char *buf, size_t size);
/* "Kafka 17 behind", or "Kafka not configured". Into buf; returns buf. */
const char *stats_kafka(const json_t *stats, char *buf, size_t size);
