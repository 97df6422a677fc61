#include "sinks/kafka_client.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/pure/text.h"
#include "sinks/kafka_properties.h"

enum { DRAIN_POLL_MS = 20 };

struct kafka_client {
	rd_kafka_t *rk;
	rd_kafka_topic_t *topic; /* held, so that the client knows it before the first record */
	char name[KAFKA_TOPIC_MAX];
	bool keeps_order;
	struct kafka_client_ops ops;
	void *ctx;
};

enum kafka_blame
kafka_blame(rd_kafka_resp_err_t err)
{
	switch ((int)err) {
	case RD_KAFKA_RESP_ERR_UNKNOWN:
	case RD_KAFKA_RESP_ERR_INVALID_MSG:
	case RD_KAFKA_RESP_ERR_INVALID_MSG_SIZE:
	case RD_KAFKA_RESP_ERR_MSG_SIZE_TOO_LARGE:
	case RD_KAFKA_RESP_ERR_RECORD_LIST_TOO_LARGE:
	case RD_KAFKA_RESP_ERR_INVALID_TIMESTAMP:
	case RD_KAFKA_RESP_ERR_INVALID_RECORD:
		return KAFKA_BLAME_RECORD;
	case RD_KAFKA_RESP_ERR__TRANSPORT:
	case RD_KAFKA_RESP_ERR__ALL_BROKERS_DOWN:
	case RD_KAFKA_RESP_ERR__RESOLVE:
	case RD_KAFKA_RESP_ERR__SSL:
	case RD_KAFKA_RESP_ERR__AUTHENTICATION:
	case RD_KAFKA_RESP_ERR__TIMED_OUT:
	case RD_KAFKA_RESP_ERR__MSG_TIMED_OUT:
	case RD_KAFKA_RESP_ERR_REQUEST_TIMED_OUT:
	case RD_KAFKA_RESP_ERR_SASL_AUTHENTICATION_FAILED:
	case RD_KAFKA_RESP_ERR_CLUSTER_AUTHORIZATION_FAILED:
		return KAFKA_BLAME_BROKERS;
	case RD_KAFKA_RESP_ERR__PURGE_QUEUE:
	case RD_KAFKA_RESP_ERR__PURGE_INFLIGHT:
	case RD_KAFKA_RESP_ERR__FATAL:
	case RD_KAFKA_RESP_ERR__GAPLESS_GUARANTEE:
	case RD_KAFKA_RESP_ERR__STATE:
	case RD_KAFKA_RESP_ERR__INCONSISTENT:
	case RD_KAFKA_RESP_ERR__FENCED:
	case RD_KAFKA_RESP_ERR_OUT_OF_ORDER_SEQUENCE_NUMBER:
	case RD_KAFKA_RESP_ERR_DUPLICATE_SEQUENCE_NUMBER:
	case RD_KAFKA_RESP_ERR_INVALID_PRODUCER_EPOCH:
	case RD_KAFKA_RESP_ERR_PRODUCER_FENCED:
	case RD_KAFKA_RESP_ERR_UNKNOWN_PRODUCER_ID:
		return KAFKA_BLAME_CLIENT;
	default:
		return KAFKA_BLAME_TOPIC;
	}
}

/* --- callbacks, from rd_kafka_poll */

static void
on_delivery(rd_kafka_t *rk, const rd_kafka_message_t *m, void *opaque)
{
	struct kafka_client *c = opaque;

	(void)rk;
	c->ops.report(c->ctx, (uint64_t)(uintptr_t)m->_private, m->err);
}

static void
on_error(rd_kafka_t *rk, int err, const char *reason, void *opaque)
{
	struct kafka_client *c = opaque;
	bool fatal = err == RD_KAFKA_RESP_ERR__FATAL;
	rd_kafka_resp_err_t cause = (rd_kafka_resp_err_t)err;
	char text[512];

	if (fatal)
		cause = rd_kafka_fatal_error(rk, text, sizeof(text));
	c->ops.error(c->ctx, cause, fatal, fatal ? text : reason);
}

/* The client's own figures, once a second: is a broker up? They say so nowhere else. */
static int
on_stats(rd_kafka_t *rk, char *json, size_t len, void *opaque)
{
	struct kafka_client *c = opaque;

	(void)rk;
	if (memmem(json, len, "\"state\":\"UP\"", 12) != NULL)
		c->ops.up(c->ctx);
	return 0; /* json stays librdkafka's */
}

/* --- life */

struct kafka_client *
kafka_client_new(const struct kafka_client_config *config, const struct kafka_client_ops *ops,
    void *ctx, char *error, size_t size)
{
	struct kafka_client *c;
	rd_kafka_conf_t *conf;

	conf = kafka_conf_new(config->properties, config->properties_n, true, error, size);
	if (conf == NULL)
		return NULL;
	kafka_conf_pace(conf, config->pace == KAFKA_ONE_BY_ONE, config->batch_octets);
	c = calloc(1, sizeof(*c));
	if (c == NULL)
		abort(); /* without memory for it the collector cannot go on */
	c->ops = *ops;
	c->ctx = ctx;
	text_copy(c->name, sizeof(c->name), config->topic);
	c->keeps_order = config->pace == KAFKA_ONE_BY_ONE || kafka_conf_keeps_order(conf);
	rd_kafka_conf_set_opaque(conf, c);
	rd_kafka_conf_set_dr_msg_cb(conf, on_delivery);
	rd_kafka_conf_set_error_cb(conf, on_error);
	rd_kafka_conf_set_stats_cb(conf, on_stats);
	c->rk = rd_kafka_new(RD_KAFKA_PRODUCER, conf, error, size);
	if (c->rk == NULL) {
		rd_kafka_conf_destroy(conf);
		free(c);
		return NULL;
	}
	/* the first record to a topic that the client does not know can wait for a second
	 * (librdkafka before 2.10.1) */
	c->topic = rd_kafka_topic_new(c->rk, c->name, NULL);
	return c;
}

void
kafka_client_free(struct kafka_client *c)
{
	if (c == NULL)
		return;
	rd_kafka_purge(c->rk, RD_KAFKA_PURGE_F_QUEUE | RD_KAFKA_PURGE_F_INFLIGHT);
	while (rd_kafka_poll(c->rk, 0) > 0) {
	}
	if (c->topic != NULL)
		rd_kafka_topic_destroy(c->topic);
	rd_kafka_destroy(c->rk);
	free(c);
}

bool
kafka_client_keeps_order(const struct kafka_client *c)
{
	return c->keeps_order;
}

/* --- sending */

rd_kafka_resp_err_t
kafka_client_send(struct kafka_client *c, const struct kafka_message *m, uint64_t number)
{
#if defined(__clang__) /* librdkafka's macros check types by a GNU extension */
#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Wgnu-statement-expression"
#endif
	return rd_kafka_producev(c->rk, RD_KAFKA_V_TOPIC(c->name),
	    RD_KAFKA_V_KEY((void *)(uintptr_t)m->key, strlen(m->key)),
	    RD_KAFKA_V_VALUE((void *)(uintptr_t)m->payload, m->len),
	    RD_KAFKA_V_MSGFLAGS(RD_KAFKA_MSG_F_COPY), RD_KAFKA_V_TIMESTAMP(m->at_ms),
	    RD_KAFKA_V_HEADER("id", m->id, (ssize_t)strlen(m->id)),
	    RD_KAFKA_V_HEADER("content-type", m->content_type, (ssize_t)strlen(m->content_type)),
	    RD_KAFKA_V_HEADER("schema", m->schema, (ssize_t)strlen(m->schema)),
	    RD_KAFKA_V_OPAQUE((void *)(uintptr_t)number), RD_KAFKA_V_END);
#if defined(__clang__)
#pragma clang diagnostic pop
#endif
}

void
kafka_client_poll(struct kafka_client *c, int ms)
{
	rd_kafka_poll(c->rk, ms);
	while (rd_kafka_poll(c->rk, 0) > 0) {
	}
}

void
kafka_client_drain(struct kafka_client *c, int ms)
{
	int64_t end = clock_mono_us() + (int64_t)ms * 1000;

	do { /* what is answered with an error may be queued again */
		rd_kafka_purge(c->rk, RD_KAFKA_PURGE_F_QUEUE);
		kafka_client_poll(c, DRAIN_POLL_MS);
	} while (rd_kafka_outq_len(c->rk) > 0 && clock_mono_us() < end);
}
