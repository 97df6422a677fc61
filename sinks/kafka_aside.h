/*
 * kafka_aside: records that were set aside and of which nobody was told yet are kept in the
 * journal, so that telling them outlives the process, and nothing is sent again for it. For the
 * files of the Kafka sink; kafka_untold is in kafka.h.
 */
#pragma once

#include <stdbool.h>

#include "sinks/journal.h"
#include "sinks/kafka.h"

/* false on failure, with the reason in journal_error. */
bool kafka_aside_keep(struct journal *, const struct kafka_set_aside *);
