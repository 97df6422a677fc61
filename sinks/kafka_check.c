/*
 * Is a configuration good? What librdkafka says of it, with the place in the file, and what it does
 * not say: properties with which records would be lost in silence, or that Bellman cannot use.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sinks/kafka_properties.h"

enum {
	TIMEOUT_MIN_MS = 60000, /* shorter than an election and a retry may take */
	RECORD_MIN = 16384,	/* octets; records in JSON are smaller than that */
};

/* --- what endangers delivery */

static bool
is_zero(const char *value)
{
	return strcmp(value, "0") == 0;
}

static bool
is_one(const char *value)
{
	return strcmp(value, "1") == 0;
}

static bool
is_true(const char *value)
{
	return strcmp(value, "true") == 0 || strcmp(value, "t") == 0 || strcmp(value, "1") == 0;
}

static bool
is_any(const char *value)
{
	return value[0] != '\0';
}

static bool
is_not_zero(const char *value)
{
	return !is_zero(value);
}

static bool
is_short(const char *value)
{
	long ms = strtol(value, NULL, 10);

	return ms > 0 && ms < TIMEOUT_MIN_MS;
}

static bool
is_small(const char *value)
{
	return strtol(value, NULL, 10) < RECORD_MIN;
}

static const struct danger {
	const char *name, *alias;
	bool (*holds)(const char *value);
	bool refused; /* else it is only told */
	const char *text;
} dangers[] = {
	{ "acks", "request.required.acks", is_zero, true,
	    "with 0 no broker says whether it has a record, and what is lost is not sent again; "
	    "right would be all" },
	{ "acks", "request.required.acks", is_one, false,
	    "with 1 a broker that fails takes records with it that it had acknowledged; right "
	    "would be all" },
	{ "message.timeout.ms", "delivery.timeout.ms", is_short, false,
	    "what is not delivered by then is sent again by a new client, and may arrive twice; "
	    "right would be 0, which waits, or at least 60000" },
	{ "message.max.bytes", NULL, is_small, false,
	    "records that are larger do not go to Kafka (event kafka.set-aside); right would be at "
	    "least 16384" },
	{ "message.send.max.retries", "retries", is_zero, false,
	    "with 0 every passing error makes a new client; right would be to leave it out" },
	{ "delivery.report.only.error", NULL, is_true, true,
	    "then nobody hears that a record is delivered; right would be to leave it out" },
	{ "transactional.id", NULL, is_any, true,
	    "records are sent without transactions; right would be to leave it out" },
	{ "enabled_events", NULL, is_not_zero, true,
	    "events are not asked for; right would be to leave it out" },
};

static bool
concerns(const struct danger *d, const struct kafka_property *p)
{
	return (strcmp(p->name, d->name) == 0 ||
		   (d->alias != NULL && strcmp(p->name, d->alias) == 0)) &&
	       d->holds(p->value);
}

/* false: one is refused. */
static bool
look_for_dangers(
    const struct kafka_config *c, kafka_warn *warn, void *ctx, char *error, size_t size)
{
	const size_t n = sizeof(dangers) / sizeof(dangers[0]);
	char text[384];

	for (size_t i = 0; i < c->properties_n; i++) {
		const struct kafka_property *p = &c->properties[i];

		for (const struct danger *d = dangers; d < dangers + n; d++) {
			if (!concerns(d, p))
				continue;
			snprintf(text, sizeof(text), "kafka.properties: %s: %s", p->name, d->text);
			if (d->refused) {
				snprintf(error, size, "%u:%u: %s", p->line, p->column, text);
				return false;
			}
			if (warn != NULL)
				warn(ctx, p->line, p->column, text);
		}
	}
	return true;
}

/* --- what librdkafka says */

/* The other name of a property, which it uses in messages. */
static const char *
other_name(const char *name)
{
	static const char *const names[][2] = {
		{ "delivery.timeout.ms", "message.timeout.ms" },
		{ "queue.buffering.max.ms", "linger.ms" },
		{ "request.required.acks", "acks" },
		{ "max.in.flight", "max.in.flight.requests.per.connection" },
		{ "sasl.mechanism", "sasl.mechanisms" },
		{ "retries", "message.send.max.retries" },
		{ "compression.type", "compression.codec" },
		{ "metadata.broker.list", "bootstrap.servers" },
	};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		for (size_t k = 0; k < 2; k++)
			if (strcmp(name, names[i][k]) == 0)
				return names[i][1 - k];
	return name;
}

static bool
is_part_of_name(char c)
{
	return (c >= 'a' && c <= 'z') || c == '.' || c == '_';
}

/* Where the text names a property, as a whole; NULL: nowhere. */
static const char *
find_name(const char *text, const char *name)
{
	size_t n = strlen(name);

	for (const char *at = strstr(text, name); at != NULL; at = strstr(at + 1, name))
		if ((at == text || !is_part_of_name(at[-1])) && !is_part_of_name(at[n]))
			return at;
	return NULL;
}

/* The property that a message is about: the first one that it names, else one of the same family
 * ("sasl."), else NULL. */
static const struct kafka_property *
find_subject(const struct kafka_config *c, const char *why)
{
	const struct kafka_property *subject = NULL, *relative = NULL;
	const char *first = NULL;

	for (size_t i = 0; i < c->properties_n; i++) {
		const struct kafka_property *p = &c->properties[i];
		const char *at = find_name(why, p->name);
		char family[64];

		if (at == NULL)
			at = find_name(why, other_name(p->name));
		if (at != NULL && (first == NULL || at < first)) {
			first = at;
			subject = p;
		}
		snprintf(family, sizeof(family), "%.*s.", (int)strcspn(p->name, "."), p->name);
		if (relative == NULL && strstr(why, family) != NULL)
			relative = p;
	}
	return subject != NULL ? subject : relative;
}

/* Some mistakes show only when a client is made: files that are not there, options that exclude
 * each other. This one has no brokers to connect to. */
static bool
try_conf(const struct kafka_config *c, rd_kafka_conf_t *conf, char *error, size_t size)
{
	const struct kafka_property *subject;
	char why[384];
	rd_kafka_t *rk;

#ifdef __SANITIZE_THREAD__ /* it does not know the C11 threads of librdkafka, and falls */
	rd_kafka_conf_destroy(conf);
	return true;
#endif
	rk = rd_kafka_new(RD_KAFKA_PRODUCER, conf, why, sizeof(why));
	if (rk != NULL) {
		rd_kafka_destroy(rk);
		return true;
	}
	rd_kafka_conf_destroy(conf);
	kafka_hide_secrets(c->properties, c->properties_n, why);
	subject = find_subject(c, why);
	snprintf(error, size, "%u:%u: kafka.properties: %s",
	    subject != NULL ? subject->line : c->line,
	    subject != NULL ? subject->column : c->column, why);
	return false;
}

static bool
has_brokers(const struct kafka_config *c)
{
	for (size_t i = 0; i < c->properties_n; i++)
		if (kafka_names_brokers(c->properties[i].name) ||
		    strcmp(c->properties[i].name, "test.mock.num.brokers") == 0)
			return true;
	return false;
}

bool
kafka_check(const struct kafka_config *c, kafka_warn *warn, void *ctx, char *error, size_t size)
{
	rd_kafka_conf_t *conf = kafka_conf_new(c->properties, c->properties_n, false, error, size);

	if (conf == NULL)
		return false;
	if (!look_for_dangers(c, NULL, NULL, error, size)) {
		rd_kafka_conf_destroy(conf);
		return false;
	}
	if (!try_conf(c, conf, error, size))
		return false;
	if (!has_brokers(c)) {
		snprintf(error, size,
		    "%u:%u: kafka.properties: bootstrap.servers is missing; right would be "
		    "\"broker1:9092,broker2:9092\"",
		    c->line, c->column);
		return false;
	}
	look_for_dangers(c, warn, ctx, error, size);
	return true;
}
