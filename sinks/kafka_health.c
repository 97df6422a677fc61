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
health_delivered(struct health *h, int64_t now_us)
{
	forget_suspicion(h);
	if (h->waiting_us != 0)
		h->waiting_us = now_us;
	return state(h, KAFKA_FINE, "");
}

bool
health_topic_fails(struct health *h, const char *reason)
{
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
	if (h->trouble != KAFKA_UNREACHABLE)
		forget_suspicion(h);
}

bool
health_look(struct health *h, bool waiting, int64_t now_us)
{
	if (!waiting) {
		h->waiting_us = 0;
		return false;
	}
	if (h->waiting_us == 0)
		h->waiting_us = now_us;
	if (h->suspect_us != 0 && now_us - h->suspect_us >= KAFKA_GRACE_US)
		return state(h, KAFKA_UNREACHABLE, h->suspicion);
	if (h->trouble == KAFKA_FINE && now_us - h->waiting_us >= KAFKA_STALL_US)
		return state(h, KAFKA_UNREACHABLE,
		    h->suspicion[0] != '\0' ? h->suspicion : "the brokers do not answer");
	return false;
}
