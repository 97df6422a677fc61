#include "sinks/kafka_properties.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"

/* Ours, before what the configuration says (ecosystem habits: idempotent, ordered, Java's
 * partitioner). */
static const struct {
	const char *name, *value;
} defaults[] = {
	{ "enable.idempotence", "true" }, { "compression.codec", "lz4" }, { "linger.ms", "5" },
	{ "message.timeout.ms",
	    "0" }, /* no timeout: what was not delivered waits, and stays in order */
	{ "enable.gapless.guarantee", "true" }, { "partitioner", "murmur2_random" },
	{ "socket.keepalive.enable", "true" }, { "queue.buffering.max.messages", "100000" },
	{ "log.connection.close", "false" }, { "client.id", "bellman" },
	{ "statistics.interval.ms", "1000" },
	{ "topic.metadata.propagation.max.ms", "10000" }, /* then a topic is missing, and told */
};

static bool
names_brokers(const char *name)
{
	return strcmp(name, "bootstrap.servers") == 0 || strcmp(name, "metadata.broker.list") == 0;
}

static bool
is_off(const rd_kafka_conf_t *conf, const char *name)
{
	char value[16] = "";
	size_t size = sizeof(value);

	return rd_kafka_conf_get(conf, name, value, &size) == RD_KAFKA_CONF_OK &&
	       strcmp(value, "false") == 0;
}

static void
on_log(const rd_kafka_t *rk, int level, const char *fac, const char *buf)
{
	(void)rk;
	(void)level;
	log_debug("kafka", "%s %s", fac, buf);
}

rd_kafka_conf_t *
kafka_conf_new(
    const struct kafka_property *properties, size_t n, bool connect, char *error, size_t size)
{
	rd_kafka_conf_t *conf = rd_kafka_conf_new();
	bool in_flight_given = false;
	char why[384];

	rd_kafka_conf_set_log_cb(conf, on_log);
	for (size_t i = 0; i < sizeof(defaults) / sizeof(defaults[0]); i++)
		rd_kafka_conf_set(conf, defaults[i].name, defaults[i].value, why, sizeof(why));
	for (size_t i = 0; i < n; i++) {
		if (!connect && names_brokers(properties[i].name))
			continue;
		in_flight_given |= strncmp(properties[i].name, "max.in.flight", 13) == 0;
		if (rd_kafka_conf_set(conf, properties[i].name, properties[i].value, why,
			sizeof(why)) != RD_KAFKA_CONF_OK) {
			snprintf(error, size, "%u: kafka.properties: %s: %s", properties[i].line,
			    properties[i].name, why);
			rd_kafka_conf_destroy(conf);
			return NULL;
		}
	}
	if (is_off(conf, "enable.idempotence")) {
		rd_kafka_conf_set(conf, "enable.gapless.guarantee", "false", why, sizeof(why));
		/* there is order only when one request is out at a time */
		if (!in_flight_given)
			rd_kafka_conf_set(conf, "max.in.flight", "1", why, sizeof(why));
	}
	return conf;
}

static void
set(rd_kafka_conf_t *conf, const char *name, const char *value)
{
	char why[128];

	rd_kafka_conf_set(conf, name, value, why, sizeof(why));
}

void
kafka_conf_pace(rd_kafka_conf_t *conf, bool one_by_one, uint32_t batch_octets)
{
	char given[16] = "", value[16];
	size_t size = sizeof(given);

	if (one_by_one) {
		set(conf, "linger.ms", "0");
		set(conf, "enable.gapless.guarantee", "false");
	} else if (batch_octets > 0) {
		rd_kafka_conf_get(conf, "batch.size", given, &size);
		snprintf(value, sizeof(value), "%u", batch_octets);
		if (strtoul(given, NULL, 10) > batch_octets)
			set(conf, "batch.size", value);
	}
}

bool
kafka_conf_keeps_order(const rd_kafka_conf_t *conf)
{
	return !is_off(conf, "enable.idempotence") && !is_off(conf, "enable.gapless.guarantee");
}

/* Some mistakes show only when a client is made: files that are not there, options that exclude
 * each other. This one has no brokers to connect to. */
static bool
try_conf(const struct kafka_config *c, rd_kafka_conf_t *conf, char *error, size_t size)
{
	unsigned line = 0;
	char why[384];
	rd_kafka_t *rk;

	rk = rd_kafka_new(RD_KAFKA_PRODUCER, conf, why, sizeof(why));
	if (rk != NULL) {
		rd_kafka_destroy(rk);
		return true;
	}
	rd_kafka_conf_destroy(conf);
	for (size_t i = 0; i < c->properties_n && line == 0; i++)
		if (strstr(why, c->properties[i].name) != NULL)
			line = c->properties[i].line;
	snprintf(error, size, "%u: kafka.properties: %s", line, why);
	return false;
}

bool
kafka_check(const struct kafka_config *c, char *error, size_t size)
{
	rd_kafka_conf_t *conf = kafka_conf_new(c->properties, c->properties_n, false, error, size);
	bool has = false;

	if (conf == NULL || !try_conf(c, conf, error, size))
		return false;
	for (size_t i = 0; i < c->properties_n; i++)
		has |= names_brokers(c->properties[i].name) ||
		       strcmp(c->properties[i].name, "test.mock.num.brokers") == 0;
	if (!has)
		snprintf(error, size,
		    "0: kafka.properties: bootstrap.servers is missing; right would be "
		    "\"broker1:9092,broker2:9092\"");
	return has;
}
