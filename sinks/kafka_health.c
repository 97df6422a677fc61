#include "sinks/kafka_health.h"

#include <string.h>

#include "base/pure/text.h"

static bool
state(struct health *h, enum kafka_trouble trouble, const char *reason)
{
	if (h->trouble == trouble && strcmp(h->reason, reason) == 0)
		return false;
	h->trouble = trouble;
	text_copy(h->reason, sizeof(h->reason), reason);
	return true;
}

static void
forget_suspicion(struct health *h)
{
	h->suspect_us = 0;
	h->suspect_final = false;
	h->suspicion[0] = '\0';
}

bool
health_delivered(struct health *h)
{
	forget_suspicion(h);
	return !h->stalled && state(h, KAFKA_FINE, "");
}

bool
health_topic_fails(struct health *h, const char *reason)
{
	h->stalled = false;
	return state(h, KAFKA_TOPIC_FAILS, reason);
}

void
health_suspect(struct health *h, bool final, const char *reason, int64_t now_us)
{
	if (h->suspect_us == 0)
		h->suspect_us = now_us;
	if (h->suspicion[0] != '\0' && (h->suspect_final || !final))
		return;
	h->suspect_final = final;
	text_copy(h->suspicion, sizeof(h->suspicion), reason);
}

void
health_connected(struct health *h)
{
	if (h->trouble != KAFKA_UNREACHABLE && !h->suspect_final)
		forget_suspicion(h);
}

/* Nothing waits any longer that waited before. */
static bool
moved(struct health *h, int64_t waiting_us)
{
	bool was = h->stalled;

	h->waiting_us = waiting_us;
	h->stalled = false;
	return was && state(h, KAFKA_FINE, "");
}

bool
health_look(struct health *h, bool waiting, uint64_t oldest, int64_t now_us)
{
	if (!waiting)
		return moved(h, 0);
	if (h->waiting_us == 0 || oldest != h->oldest) {
		h->oldest = oldest;
		return moved(h, now_us);
	}
	if (h->suspect_us != 0 && now_us - h->suspect_us >= KAFKA_GRACE_US &&
	    now_us - h->waiting_us >= KAFKA_GRACE_US) {
		h->stalled = false;
		return state(h, KAFKA_UNREACHABLE, h->suspicion);
	}
	if (h->trouble == KAFKA_FINE && now_us - h->waiting_us >= KAFKA_STALL_US) {
		h->stalled = true;
		return state(h, KAFKA_UNREACHABLE,
		    h->suspicion[0] != '\0' ? h->suspicion : "records are not acknowledged");
	}
	return false;
}
