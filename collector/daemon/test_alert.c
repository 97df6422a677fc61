#include "collector/daemon/test_alert.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/pure/text.h"

struct test_alert {
	struct alarms *alarms;
	char about[32];	  /* "" : none is open */
	int64_t until_us; /* monotonic */
};

static const char over[] = "the test is over: this incident was made up, nothing was wrong";

struct test_alert *
test_alert_new(struct alarms *alarms)
{
	struct test_alert *t = calloc(1, sizeof(*t));

	if (t == NULL)
		return NULL;
	t->alarms = alarms;
	alarms_keep_only(alarms, RECORD_KIND_TEST, NULL, 0, over);
	return t;
}

void
test_alert_free(struct test_alert *t)
{
	free(t);
}

/* Of the open ones. */
static bool
find_id(const struct test_alert *t, char *id)
{
	struct record r;

	for (uint32_t i = 0; alarms_get(t->alarms, i, &r); i++)
		if (record_is_test(&r.incident)) {
			text_copy(id, RECORD_ID_MAX, r.incident.id);
			return true;
		}
	return false;
}

bool
test_alert_open(struct test_alert *t, const char *who, uint8_t severity, int64_t for_us, char *id,
    char *says, size_t size)
{
	if (t->about[0] != '\0' && find_id(t, id)) {
		snprintf(says, size, "a test is open already: incident %.8s", id);
		return false;
	}
	snprintf(t->about, sizeof(t->about), "test %lld", (long long)clock_wall_us());
	t->until_us = clock_mono_us() + for_us;
	alarm_on(t->alarms, RECORD_KIND_TEST, t->about, severity,
	    "TEST by %.80s: this incident is made up, nothing is wrong", who);
	if (!find_id(t, id)) {
		snprintf(says, size, "there is no room for another incident of the collector");
		t->about[0] = '\0';
		return false;
	}
	snprintf(says, size, "test incident %.8s is open, and closes in %lld s", id,
	    (long long)(for_us / 1000000));
	return true;
}

void
test_alert_tick(struct test_alert *t)
{
	if (t->about[0] == '\0' || clock_mono_us() < t->until_us)
		return;
	alarm_off(t->alarms, RECORD_KIND_TEST, t->about, "%s", over);
	t->about[0] = '\0';
}
