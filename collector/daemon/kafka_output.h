/*
 * kafka_output: the life of the Kafka sink in the daemon. A sink that is to be replaced may need
 * seconds to come to its end, and the next one begins where it ended: so a change is taken at once
 * and happens behind it, step by step, at the tick.
 *
 * Everything but the wake-up happens on the coordinator's thread.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "sinks/kafka.h"

struct kafka_output;

/* Without a sink. NULL when out of memory. */
struct kafka_output *kafka_output_new(void);
/* Stop what runs: it may deliver for some seconds more, as long as something moves. NULL is
 * fine. */
void kafka_output_free(struct kafka_output *);
/* Another configuration, or none: NULL. The same one again touches nothing. Never waits. false with
 * the reason in error: then all is as before. */
bool kafka_output_set(struct kafka_output *, const struct kafka_config *, char *error, size_t size);
/* There is something new in the journal. From any thread, never blocks. */
void kafka_output_wake(struct kafka_output *);
/* Call every now and then: a sink that has stopped makes room for the next. Never waits. */
void kafka_output_tick(struct kafka_output *);
/* No sink runs, and none is to. */
bool kafka_output_is_idle(const struct kafka_output *);
/* The figures of the sink that runs, or is to; zero without one. */
void kafka_output_stats(struct kafka_output *, struct kafka_stats *);
/* As kafka_take_set_aside. */
bool kafka_output_take_set_aside(struct kafka_output *, struct kafka_set_aside *);
