/*
 * What a topic's client says, on the topic's thread: what it delivered, what it did not, and why.
 */
#include "base/clock.h"
#include "base/pure/text.h"
#include "sinks/kafka_topic_private.h"

/* --- what is told */

void
kafka_note_error(struct kafka_topic *t, const char *text)
{
	pthread_mutex_lock(&t->lock);
	text_copy(t->stats.last_error, sizeof(t->stats.last_error), text);
	pthread_mutex_unlock(&t->lock);
}

bool
kafka_first_time(struct kafka_topic *t, int err)
{
	for (size_t i = 0; i < t->logged_n; i++)
		if (t->logged[i] == err)
			return false;
	if (t->logged_n == KAFKA_LOGGED_MAX)
		return false;
	t->logged[t->logged_n++] = err;
	return true;
}

void
kafka_publish_health(struct kafka_topic *t, bool news)
{
	if (!news)
		return;
	pthread_mutex_lock(&t->lock);
	t->stats.trouble = t->health.trouble;
	text_copy(t->stats.reason, sizeof(t->stats.reason), t->health.reason);
	pthread_mutex_unlock(&t->lock);
}

/* Brokers come and go: one line each time, and a figure. */
static void
set_connected(struct kafka_topic *t, enum connection now, const char *reason)
{
	if (t->connected == now)
		return;
	if (now == CONNECTED)
		log_info("kafka", "topic=%s: connected", t->config.topic);
	else
		log_warning("kafka",
		    "topic=%s: no broker can be reached; records wait in the journal: %s",
		    t->config.topic, reason);
	t->connected = now;
	t->lost_us = clock_mono_us();
	pthread_mutex_lock(&t->lock);
	t->stats.connected = now == CONNECTED;
	pthread_mutex_unlock(&t->lock);
}

/* --- what the client says */

static void
delivered(struct kafka_topic *t, uint64_t number)
{
	window_blame_refused(&t->window);
	window_acknowledge(&t->window, number);
	if (window_position(&t->window) >= t->failed_seq)
		t->backoff_ms = KAFKA_BACKOFF_MIN_MS;
	t->proven = true;
	t->delivered_us = clock_mono_us();
	t->logged_n = 0;
	kafka_publish_health(t, health_delivered(&t->health));
	pthread_mutex_lock(&t->lock);
	t->stats.delivered++;
	pthread_mutex_unlock(&t->lock);
	set_connected(t, CONNECTED, "");
}

void
kafka_undelivered(struct kafka_topic *t, uint64_t number, rd_kafka_resp_err_t err)
{
	const struct flight *f = window_flight(&t->window, number);
	enum kafka_blame blame = kafka_blame(err);
	const char *reason = rd_kafka_err2str(err);

	if (blame == KAFKA_BLAME_RECORD && t->pace == KAFKA_ONE_BY_ONE) {
		t->refused = number;
		t->refused_err = err;
		return;
	}
	t->failed = true;
	if (blame == KAFKA_BLAME_RECORD) {
		if (f->seq > t->careful_seq)
			t->careful_seq = f->seq;
		t->batch_octets += f->octets;
	} else if (blame == KAFKA_BLAME_TOPIC) {
		kafka_publish_health(t, health_topic_fails(&t->health, reason));
	} else if (blame == KAFKA_BLAME_BROKERS) {
		health_suspect(&t->health, false, reason, clock_mono_us());
	}
	if (blame == KAFKA_BLAME_CLIENT)
		return;
	kafka_note_error(t, reason);
	if (kafka_first_time(t, err))
		log_warning("kafka",
		    "topic=%s: not delivered, sending what was not acknowledged again: %s",
		    t->config.topic, reason);
}

void
kafka_count_failed(struct kafka_topic *t)
{
	pthread_mutex_lock(&t->lock);
	t->stats.failed++;
	pthread_mutex_unlock(&t->lock);
}

static void
on_report(void *ctx, uint64_t number, rd_kafka_resp_err_t err)
{
	struct kafka_topic *t = ctx;

	if (!window_has(&t->window, number))
		return;
	if (err == RD_KAFKA_RESP_ERR_NO_ERROR) {
		delivered(t, number);
		return;
	}
	window_return(&t->window, number);
	kafka_undelivered(t, number, err);
	kafka_count_failed(t);
}

/* The client is at its end: the next one may do better, unless it is for good. */
static void
on_fatal(struct kafka_topic *t, rd_kafka_resp_err_t err, const char *reason)
{
	bool refused = kafka_blame(err) == KAFKA_BLAME_BROKERS;

	if (!t->failed) /* else a report has told why */
		log_info("kafka", "topic=%s: the client gives up: %s", t->config.topic, reason);
	if (err != RD_KAFKA_RESP_ERR__GAPLESS_GUARANTEE) /* by a record, whose report tells why */
		health_suspect(&t->health, refused, reason, clock_mono_us());
	t->failed = true;
}

static void
on_error(void *ctx, rd_kafka_resp_err_t err, bool fatal, const char *reason)
{
	struct kafka_topic *t = ctx;
	bool final = err == RD_KAFKA_RESP_ERR__AUTHENTICATION || err == RD_KAFKA_RESP_ERR__SSL ||
		     err == RD_KAFKA_RESP_ERR_CLUSTER_AUTHORIZATION_FAILED;

	kafka_note_error(t, reason);
	if (fatal) {
		on_fatal(t, err, reason);
		return;
	}
	if (kafka_blame(err) == KAFKA_BLAME_BROKERS)
		health_suspect(&t->health, final, reason, clock_mono_us());
	if (err == RD_KAFKA_RESP_ERR__ALL_BROKERS_DOWN)
		set_connected(t, DISCONNECTED, reason);
	else if (err != RD_KAFKA_RESP_ERR__TRANSPORT && kafka_first_time(t, err))
		log_warning(
		    "kafka", "topic=%s: %s: %s", t->config.topic, rd_kafka_err2name(err), reason);
}

static void
on_up(void *ctx)
{
	struct kafka_topic *t = ctx;

	health_connected(&t->health);
	set_connected(t, CONNECTED, "");
}

const struct kafka_client_ops kafka_reports = {
	.report = on_report,
	.error = on_error,
	.up = on_up,
};
