/*
 * test_alert: an incident that an operator has made up, to see that incidents arrive. It goes the
 * way of every other one, journal and sinks, and closes by itself; whoever reads records knows it
 * by its kind, and by `test`. Each is an incident of its own, one at a time: one that came back
 * would be damped, as a flapping one is.
 */
#pragma once

#include "collector/daemon/alarms.h"

struct test_alert;

/* alarms: borrowed, with all that is restored. A test that was open at the end of a former run is
 * over. NULL when out of memory. */
struct test_alert *test_alert_new(struct alarms *);
void test_alert_free(struct test_alert *);
/* Open one. says: what was done, or, when false, why not. id: RECORD_ID_MAX octets, its id. */
bool test_alert_open(struct test_alert *, const char *who, uint8_t severity, int64_t for_us,
    char *id, char *says, size_t size);
/* Call about once a second. */
void test_alert_tick(struct test_alert *);
