/*
 * What is said of the properties of Kafka before anything is connected: the place in the file, the
 * property, what is wrong, and never a value that may be a secret.
 */
#include "sinks/kafka.h"

#include "tests/unit/support/harness.h"

enum { GIVEN_MAX = 3 };

static char error[512], told[1024];

static void
on_warning(void *ctx, unsigned line, unsigned column, const char *text)
{
	size_t n = strlen(told);

	(void)ctx;
	snprintf(told + n, sizeof(told) - n, "%u:%u: %s\n", line, column, text);
}

static bool
is_good(const struct kafka_property *properties, size_t n)
{
	struct kafka_config c = { .journal_path = "unused",
		.reader = "kafka",
		.topic_alerts = "a",
		.topic_events = "e",
		.properties = properties,
		.properties_n = n,
		.line = 8,
		.column = 3 };

	error[0] = told[0] = '\0';
	return kafka_check(&c, on_warning, NULL, error, sizeof(error));
}

static const struct {
	struct kafka_property given[GIVEN_MAX]; /* behind bootstrap.servers */
	const char *error;			/* how it begins; NULL: fine */
	const char *warning;			/* how it begins; NULL: none */
} rows[] = {
	{ { { "compression.codec", "zstd", NULL, 31, 5 } }, NULL, NULL },
	{ { { "linger.ms", "often", NULL, 32, 5 } }, "32:5: kafka.properties: linger.ms: ", NULL },
	{ { { "no.such.thing.at.all", "1", NULL, 33, 5 } },
	    "33:5: kafka.properties: no.such.thing.at.all: No such configuration property: "
	    "\"no.such.thing.at.all\"",
	    NULL },
	{ { { "bootstrap.server", "a:1", NULL, 33, 5 } },
	    "33:5: kafka.properties: bootstrap.server: No such configuration property: "
	    "\"bootstrap.server\"; did you mean \"bootstrap.servers\"?",
	    NULL },
	{ { { "sasl.passwort", "hunter2", NULL, 39, 5 } },
	    "39:5: kafka.properties: sasl.passwort: No such configuration property: "
	    "\"sasl.passwort\"; did you mean \"sasl.password\"?",
	    NULL },
	{ { { "sasl.password", "hunter2", NULL, 38, 5 } }, NULL, NULL },
	{ { { "ssl.ca.location", "/no/such/file", NULL, 36, 5 } }, NULL, NULL }, /* no TLS */
	{ { { "security.protocol", "ssl", NULL, 41, 5 },
	      { "ssl.ca.location", "/no/such/file", NULL, 42, 7 } },
	    "42:7: ", NULL },
	{ { { "security.protocol", "sasl_sll", NULL, 37, 5 } },
	    "37:5: kafka.properties: security.protocol: ", NULL },
	/* what librdkafka says without the name that was given, or without any that was */
	{ { { "acks", "1", NULL, 34, 5 } }, "34:5: kafka.properties: ", NULL },
	{ { { "linger.ms", "500", NULL, 40, 5 }, { "delivery.timeout.ms", "100", NULL, 41, 5 } },
	    "41:5: kafka.properties: `message.timeout.ms` must be greater", NULL },
	{ { { "security.protocol", "sasl_ssl", NULL, 40, 5 },
	      { "sasl.mechanism", "PLAIN", NULL, 41, 5 } },
	    "41:5: kafka.properties: sasl.username and sasl.password must be set", NULL },
	/* what it takes, and loses records with */
	{ { { "enable.idempotence", "false", NULL, 50, 5 }, { "acks", "0", NULL, 51, 5 } },
	    "51:5: kafka.properties: acks: with 0 ", NULL },
	{ { { "enable.idempotence", "false", NULL, 50, 5 },
	      { "request.required.acks", "0", NULL, 51, 5 } },
	    "51:5: kafka.properties: request.required.acks: with 0 ", NULL },
	{ { { "delivery.report.only.error", "true", NULL, 52, 5 } },
	    "52:5: kafka.properties: delivery.report.only.error: ", NULL },
	{ { { "transactional.id", "x", NULL, 53, 5 } },
	    "53:5: kafka.properties: transactional.id: ", NULL },
	{ { { "enabled_events", "1", NULL, 54, 5 } },
	    "54:5: kafka.properties: enabled_events: ", NULL },
	/* what endangers them */
	{ { { "enable.idempotence", "false", NULL, 50, 5 }, { "acks", "1", NULL, 51, 5 } }, NULL,
	    "51:5: kafka.properties: acks: with 1 " },
	{ { { "enable.idempotence", "false", NULL, 50, 5 }, { "acks", "all", NULL, 51, 5 } }, NULL,
	    NULL },
	{ { { "message.timeout.ms", "5000", NULL, 60, 5 } }, NULL,
	    "60:5: kafka.properties: message.timeout.ms: " },
	{ { { "delivery.timeout.ms", "5000", NULL, 60, 5 } }, NULL,
	    "60:5: kafka.properties: delivery.timeout.ms: " },
	{ { { "message.timeout.ms", "0", NULL, 60, 5 } }, NULL, NULL },
	{ { { "message.timeout.ms", "300000", NULL, 60, 5 } }, NULL, NULL },
	{ { { "message.max.bytes", "1150", NULL, 61, 5 } }, NULL,
	    "61:5: kafka.properties: message.max.bytes: " },
};

static void
begins(const char *text, const char *want)
{
	ck_assert_msg(want == NULL ? text[0] == '\0' : strncmp(text, want, strlen(want)) == 0,
	    "\"%s\" does not begin with \"%s\"", text, want != NULL ? want : "");
}

START_TEST(check)
{
	struct kafka_property p[GIVEN_MAX + 1] = { { "bootstrap.servers", "127.0.0.1:9", NULL, 9,
	    5 } };
	size_t n = 1;

	for (; n <= GIVEN_MAX && rows[_i].given[n - 1].name != NULL; n++)
		p[n] = rows[_i].given[n - 1];
	ck_assert_msg(is_good(p, n) == (rows[_i].error == NULL), "%s", error);
	begins(error, rows[_i].error);
	begins(told, rows[_i].warning);
	ck_assert_ptr_null(strstr(error, "hunter2"));
}
END_TEST

START_TEST(no_brokers)
{
	static const struct kafka_property p[] = { { "linger.ms", "5", NULL, 9, 5 } };

	ck_assert(!is_good(p, 1));
	begins(error, "8:3: kafka.properties: bootstrap.servers is missing; right would be ");
	ck_assert(!is_good(NULL, 0));
	begins(error, "8:3: kafka.properties: bootstrap.servers is missing; right would be ");
}
END_TEST

/* The sink itself does not start with what is not good, nor without a journal. */
START_TEST(start)
{
	struct kafka_property p[] = { { "bootstrap.servers", "127.0.0.1:9", NULL, 9, 5 } };
	struct kafka_config c = { .journal_path = "/no/such/dir/journal.db",
		.reader = "kafka",
		.topic_alerts = "a",
		.topic_events = "",
		.properties = p };

	ck_assert_ptr_null(kafka_start(&c, error, sizeof(error)));
	ck_assert_ptr_nonnull(strstr(error, "bootstrap.servers"));
	c.properties_n = 1;
	ck_assert_ptr_null(kafka_start(&c, error, sizeof(error)));
	ck_assert_ptr_nonnull(strstr(error, "/no/such/dir"));
}
END_TEST

HARNESS_MAIN("kafka_check")
{
#if defined(__SANITIZE_THREAD__)
	puts("SKIPPED: librdkafka cannot run under ThreadSanitizer");
	return;
#endif
	ROWS(check, rows);
	TEST(no_brokers);
	TEST(start);
}
