/*
 * Records that are refused. Where a record was to blame, or the batch that it was in, the client
 * sends one by one: then it is known which one is not taken. It is set aside when others are; where
 * none is, it may be no record's fault, and all of them wait.
 */
#include <stdio.h>
#include <string.h>

#include "base/pure/text.h"
#include "sinks/kafka_aside.h"
#include "sinks/kafka_topic_private.h"

enum { REFUSALS_MAX = 3 }; /* of a record for a reason that may pass */

static const char *
reason_text(int err)
{
	if (err == KAFKA_OWN_LIMIT)
		return "it is larger than the client's message.max.bytes";
	return rd_kafka_err2str((rd_kafka_resp_err_t)err);
}

static bool
describe(void *ctx, const struct record *r)
{
	struct kafka_set_aside *s = ctx;
	char key[RECORD_NAME_MAX], id[RECORD_NAME_MAX * 2];
	bool incident = r->kind == RECORD_INCIDENT;

	if (r->seq != s->seq)
		return false;
	text_copy(s->id, sizeof(s->id), record_uid(r, id, sizeof(id)));
	text_copy(s->key, sizeof(s->key), record_key(r, key, sizeof(key)));
	text_copy(s->type, sizeof(s->type), incident ? r->incident.kind : r->event.type);
	s->occurrence = incident ? r->incident.occurrence : 0;
	s->revision = incident ? r->incident.revision : 0;
	return false;
}

/* false: not now; what was set aside before has to be taken first. */
static bool
set_aside(struct kafka_topic *t, uint64_t number)
{
	const struct flight *f = window_flight(&t->window, number);
	struct kafka_set_aside s = { .seq = f->seq };
	bool room;

	text_copy(s.topic, sizeof(s.topic), t->config.topic);
	text_copy(s.reason, sizeof(s.reason), reason_text(f->err));
	journal_read(t->journal, f->seq - 1, 1, describe, &s);
	pthread_mutex_lock(&t->lock);
	room = t->untold_n < KAFKA_UNTOLD_MAX;
	pthread_mutex_unlock(&t->lock);
	if (!room || !kafka_aside_keep(t->journal, &s))
		return false;
	pthread_mutex_lock(&t->lock);
	t->untold[t->untold_n++] = s;
	t->stats.set_aside++;
	pthread_mutex_unlock(&t->lock);
	log_error(
	    "kafka", "topic=%s: record %s of %s is set aside: %s", s.topic, s.id, s.key, s.reason);
	window_set_aside(&t->window, number);
	t->set_aside = true;
	return true;
}

void
kafka_judge_refused(struct kafka_topic *t)
{
	uint64_t number;

	while (window_find_refused(&t->window, true, &number))
		if (!set_aside(t, number))
			return;
	if (t->proven && window_find_refused(&t->window, false, &number) && set_aside(t, number))
		t->proven = false;
}

bool
kafka_take_refusal(struct kafka_topic *t)
{
	struct flight *f = window_flight(&t->window, t->refused);
	int err = t->refused_err;
	bool may_pass = err == RD_KAFKA_RESP_ERR_UNKNOWN || err == RD_KAFKA_RESP_ERR_INVALID_MSG;

	t->refused_err = 0;
	kafka_note_error(t, reason_text(err));
	if (err == RD_KAFKA_RESP_ERR_INVALID_TIMESTAMP && !f->restamp) {
		f->restamp = true;
		window_rewind(&t->window);
		return false;
	}
	if (may_pass && ++f->tries < REFUSALS_MAX) {
		window_rewind(&t->window);
		return true;
	}
	window_refuse(&t->window, t->refused, err, false);
	return false;
}

bool
kafka_tell_refused(struct kafka_topic *t)
{
	uint64_t number;
	char reason[KAFKA_REASON_MAX];

	if (!window_find_refused(&t->window, false, &number))
		return false;
	snprintf(reason, sizeof(reason), "no record is taken: %s",
	    reason_text(window_flight(&t->window, number)->err));
	kafka_publish_health(t, health_topic_fails(&t->health, reason));
	return true;
}
