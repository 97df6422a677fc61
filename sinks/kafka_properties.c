#include "sinks/kafka_properties.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/pure/text.h"

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
	{ "batch.num.messages", "100" }, /* of which one may be refused: then each is sent alone */
	{ "topic.metadata.propagation.max.ms", "10000" }, /* then a topic is missing, and told */
};

bool
kafka_names_brokers(const char *name)
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

/* The property that somebody may have meant, of all that librdkafka describes, a line each; "" when
 * none is near. */
static void
find_near(const char *name, char *near, size_t size)
{
	char *text = NULL, *line, *rest;
	unsigned best = 4;
	size_t len;
	FILE *lines = open_memstream(&text, &len);

	near[0] = '\0';
	if (lines == NULL)
		return;
	rd_kafka_conf_properties_show(lines);
	fclose(lines);
	rest = text;
	while (rest != NULL && (line = strsep(&rest, "\n")) != NULL) {
		unsigned d;

		line[strcspn(line, " |")] = '\0';
		d = text_distance(name, line);
		if (d < best) {
			best = d;
			text_copy(near, size, line);
		}
	}
	free(text);
}

bool
kafka_is_secret(const struct kafka_property *p)
{
	static const char *const words[] = { "password", "secret", "key.pem",
		"sasl.oauthbearer.config" };

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (strstr(p->name, words[i]) != NULL)
			return true;
	return p->written != NULL;
}

/* Octets that two texts have in common at the front. */
static size_t
in_common(const char *a, const char *b)
{
	size_t n = 0;

	while (a[n] != '\0' && a[n] == b[n])
		n++;
	return n;
}

/* Cut a secret out of a message, which may have been cut off within it: the first 8 octets show it.
 */
static void
hide(char *why, const char *secret)
{
	size_t n = strlen(secret), known = n < 8 ? n : 8;

	for (char *at = why; known > 0 && *at != '\0'; at++) {
		size_t m = in_common(at, secret);

		if (m < known)
			continue;
		memset(at, '*', known);
		memmove(at + known, at + m, strlen(at + m) + 1);
		at += known - 1;
	}
}

void
kafka_hide_secrets(const struct kafka_property *properties, size_t n, char *why)
{
	for (size_t i = 0; i < n; i++)
		if (kafka_is_secret(&properties[i]))
			hide(why, properties[i].value);
}

/* Why a property is not taken. */
static void
tell(char *error, size_t size, const struct kafka_property *p, char *why)
{
	char near[64] = "";

	kafka_hide_secrets(p, 1, why);
	if (strncmp(why, "No such", 7) == 0)
		find_near(p->name, near, sizeof(near));
	snprintf(error, size, "%u:%u: kafka.properties: %s: %s", p->line, p->column, p->name, why);
	if (near[0] != '\0')
		snprintf(
		    error + strlen(error), size - strlen(error), "; did you mean \"%s\"?", near);
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
		if (!connect && kafka_names_brokers(properties[i].name))
			continue;
		in_flight_given |= strncmp(properties[i].name, "max.in.flight", 13) == 0;
		if (rd_kafka_conf_set(conf, properties[i].name, properties[i].value, why,
			sizeof(why)) != RD_KAFKA_CONF_OK) {
			tell(error, size, &properties[i], why);
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
